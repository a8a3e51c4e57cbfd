/* The blocks that documentation tools add to Markdown and md4c does not know: front matter goes,
 * GitHub alerts, `:::` containers and "!!!" admonitions become alerts, footnotes become links and a list.
 * Code is never touched.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_hash.h>
#include "core/buffer.h"
#include "generator/documents/html.h"
#include "generator/documents/markdown_blocks.h"
#include "generator/documents/tables.h"

enum {
    BLOCKS_MAX = 16, /* open containers */
    FOOTNOTES_MAX = 500
};

typedef struct block {
    int colons;      /* of a ":::" container; 0 = an indented one ("!!! note") */
    int indent;      /* of its content, for indented ones */
    int base;        /* indentation of its first line */
    const char *end; /* what closes it */
} block;

typedef struct footnote {
    const char *name;
    docgen_buffer *text;
    int number; /* in order of the first reference; 0 = never referred to */
} footnote;

typedef struct preparer {
    apr_pool_t *pool;
    docgen_buffer *out;
    block blocks[BLOCKS_MAX];
    int depth;
    int fence_length; /* > 0 inside a fenced code block */
    char fence_char;
    apr_hash_t *footnotes;       /* name → footnote */
    apr_array_header_t *ordered; /* footnote *, as referred to */
    int ticks;                   /* an open code span's length, across lines of a paragraph */
    int in_table;                /* 1: its delimiter row comes next, 2: its rows */
    int after_text;              /* the line before is one of a paragraph */
    apr_array_header_t *starts;  /* see docgen_markdown_blocks */
    apr_array_header_t *numbers;
} preparer;

static int indent_of(const char *line)
{
    int indent = 0;

    while (line[indent] == ' ')
        indent++;
    return indent;
}

/* The kind of alert a container's or admonition's name stands for; NULL = none known. */
static const char *alert_kind(const char *name, apr_size_t length)
{
    static const char *const kinds[][2] = {
        {"note", "note"},         {"info", "note"},           {"abstract", "note"},
        {"summary", "note"},      {"tldr", "note"},           {"todo", "note"},
        {"seealso", "note"},      {"question", "note"},       {"example", "note"},
        {"quote", "note"},        {"default", "note"},        {"tip", "tip"},
        {"hint", "tip"},          {"success", "tip"},         {"check", "tip"},
        {"done", "tip"},          {"important", "important"}, {"warning", "warning"},
        {"attention", "warning"}, {"caution", "caution"},     {"danger", "caution"},
        {"error", "caution"},     {"failure", "caution"},     {"fail", "caution"},
        {"bug", "caution"},       {"deprecated", "warning"},  {"versionadded", "note"},
    };

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (strlen(kinds[i][0]) == length && !strncasecmp(kinds[i][0], name, length))
            return kinds[i][1];
    }
    return NULL;
}

static void spaces_write(preparer *p, int count)
{
    docgen_buffer_printf(p->out, "%*s", count, "");
}

/* Opens an alert as a <div> whose content stays Markdown. */
static void alert_write(preparer *p, int indent, const char *kind, const char *title)
{
    char *name = apr_pstrdup(p->pool, kind);

    name[0] = (char)toupper((unsigned char)name[0]);
    docgen_buffer_puts(p->out, "\n");
    spaces_write(p, indent);
    docgen_buffer_printf(p->out, "<div class=\"markdown-alert markdown-alert-%s\">", kind);
    docgen_buffer_puts(p->out, "<p class=\"markdown-alert-title\">");
    docgen_buffer_html(p->out, *title ? title : name);
    docgen_buffer_puts(p->out, "</p>\n\n");
}

static const char *trimmed(apr_pool_t *pool, const char *text)
{
    apr_size_t length;

    while (*text == ' ' || *text == '\t')
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return apr_pstrndup(pool, text, length);
}

/* Text of a container's first line without quotation marks and {attributes}. */
static const char *title_read(apr_pool_t *pool, const char *text)
{
    char *title = (char *)trimmed(pool, text);
    char *brace = strchr(title, '{');
    apr_size_t length;

    if (brace)
        *brace = '\0';
    title = (char *)trimmed(pool, title);
    length = strlen(title);
    if (length >= 2 && ((title[0] == '"' && title[length - 1] == '"') ||
                        (title[0] == '[' && title[length - 1] == ']'))) {
        title[length - 1] = '\0';
        title++;
    }
    return title;
}

static void block_push(preparer *p, int colons, int base, int indent, const char *end)
{
    block *b = &p->blocks[p->depth++];

    b->colons = colons;
    b->base = base;
    b->indent = indent;
    b->end = end;
}

static void block_pop(preparer *p)
{
    const block *b = &p->blocks[--p->depth];

    docgen_buffer_puts(p->out, "\n");
    if (*b->end) {
        spaces_write(p, b->base);
        docgen_buffer_printf(p->out, "%s\n", b->end);
    }
    docgen_buffer_puts(p->out, "\n");
}

/* ":::tip Title", "::: details", ":::": @return whether the line was one. */
static int container_line(preparer *p, const char *line, int indent)
{
    const char *at = line + indent;
    int colons = (int)strspn(at, ":");
    const char *name;
    apr_size_t length;
    const char *kind;

    if (colons < 3)
        return 0;
    name = trimmed(p->pool, at + colons);
    if (*name == '{') /* ":::{note}" */
        name++;
    for (length = 0; isalnum((unsigned char)name[length]) || strchr("-_", name[length]); length++) {
        if (!name[length])
            break;
    }
    if (length == 0) {
        if (*name)
            return 0;
        for (int i = p->depth; i > 0; i--) {
            if (p->blocks[i - 1].colons > 0 && p->blocks[i - 1].colons <= colons) {
                while (p->depth >= i)
                    block_pop(p);
                break;
            }
        }
        return 1;
    }
    if (p->depth == BLOCKS_MAX)
        return 1;
    kind = alert_kind(name, length);
    if (kind) {
        const char *title = title_read(p->pool, name + length + (name[length] == '}'));

        alert_write(p, indent, kind, title);
        block_push(p, colons, indent, 0, "</div>");
    } else if (length == 7 && !strncasecmp(name, "details", 7)) {
        const char *title = title_read(p->pool, name + 7);

        docgen_buffer_puts(p->out, "\n");
        spaces_write(p, indent);
        docgen_buffer_puts(p->out, "<details><summary>");
        docgen_buffer_html(p->out, *title ? title : "Details");
        docgen_buffer_puts(p->out, "</summary>\n\n");
        block_push(p, colons, indent, 0, "</details>");
    } else {
        /* code-group, tabs, v-pre …: the content stands for itself. */
        docgen_buffer_puts(p->out, "\n");
        block_push(p, colons, indent, 0, "");
    }
    return 1;
}

/* "!!! note "Title"", "??? tip", "=== "Tab"": content is what is indented by four below. */
static int admonition_line(preparer *p, const char *line, int indent)
{
    const char *at = line + indent;
    const char *name;
    apr_size_t length = 0;
    const char *kind;
    const char *title;

    if (strncmp(at, "!!! ", 4) && strncmp(at, "??? ", 4) && strncmp(at, "???+ ", 5) &&
        strncmp(at, "=== \"", 5))
        return 0;
    if (p->depth == BLOCKS_MAX)
        return 0;
    name = trimmed(p->pool, at + (at[3] == '+' ? 5 : 4));
    if (*at == '=') {
        docgen_buffer_puts(p->out, "\n");
        spaces_write(p, indent);
        docgen_buffer_printf(p->out, "**%s**\n\n",
                             docgen_markdown_escape(p->pool, title_read(p->pool, name)));
        block_push(p, 0, indent, indent + 4, "");
        return 1;
    }
    while (isalnum((unsigned char)name[length]) || name[length] == '-')
        length++;
    kind = alert_kind(name, length);
    title = strchr(name, '"') ? title_read(p->pool, strchr(name, '"'))
                              : apr_pstrndup(p->pool, name, length);
    if (length && !strchr(name, '"'))
        ((char *)title)[0] = (char)toupper((unsigned char)title[0]);
    if (*at == '?') {
        docgen_buffer_puts(p->out, "\n");
        spaces_write(p, indent);
        docgen_buffer_puts(p->out, "<details><summary>");
        docgen_buffer_html(p->out, title);
        docgen_buffer_puts(p->out, "</summary>\n\n");
        block_push(p, 0, indent, indent + 4, "</details>");
    } else {
        alert_write(p, indent, kind ? kind : "note", title);
        block_push(p, 0, indent, indent + 4, "</div>");
    }
    return 1;
}

/* "> [!NOTE]" becomes the title that tells the sanitiser to make an alert of the quotation. */
static int alert_line(preparer *p, const char *line, int indent)
{
    const char *at = line + indent;
    const char *end;
    const char *kind;
    char *lower;

    if (*at != '>')
        return 0;
    while (*at == '>' || *at == ' ')
        at++;
    if (strncmp(at, "[!", 2) || !(end = strchr(at, ']')))
        return 0;
    kind = alert_kind(at + 2, (apr_size_t)(end - at - 2));
    if (!kind)
        return 0;
    lower = apr_pstrndup(p->pool, at + 2, (apr_size_t)(end - at - 2));
    for (char *c = lower; *c; c++)
        *c = (char)(c == lower ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
    end = trimmed(p->pool, end + 1);
    docgen_buffer_append(p->out, line, (apr_size_t)(at - line));
    docgen_buffer_printf(p->out, "<p class=\"docgen-alert-%s\">", kind);
    docgen_buffer_html(p->out, *end ? end : lower);
    docgen_buffer_puts(p->out, "</p>\n");
    docgen_buffer_append(p->out, line, (apr_size_t)(at - line));
    docgen_buffer_puts(p->out, "\n");
    return 1;
}

/* Opens or closes a code fence. @return whether the line is one. */
static int fence_line(preparer *p, const char *line)
{
    const char *at = line;
    int length;

    while (*at == ' ' || *at == '\t' || *at == '>' || *at == '*' || *at == '-' ||
           (isdigit((unsigned char)*at) && !p->fence_length) || (*at == '.' && !p->fence_length))
        at++;
    if (*at != '`' && *at != '~')
        return 0;
    length = (int)strspn(at, (const char[]){*at, '\0'});
    if (length < 3)
        return 0;
    if (p->fence_length) {
        if (*at == p->fence_char && length >= p->fence_length && !*trimmed(p->pool, at + length))
            p->fence_length = 0;
        return 1;
    }
    if (*at == '`' && strchr(at + length, '`'))
        return 0;
    p->fence_char = *at;
    p->fence_length = length;
    return 1;
}

/* A footnote's first reference gives it its number. */
static int footnote_number(preparer *p, const char *name, apr_size_t length)
{
    footnote *note = apr_hash_get(p->footnotes, name, (apr_ssize_t)length);

    if (!note)
        return 0;
    if (!note->number) {
        APR_ARRAY_PUSH(p->ordered, footnote *) = note;
        note->number = p->ordered->nelts;
    }
    return note->number;
}

/* A line of text: footnote references outside code spans become links. */
static void text_line(preparer *p, const char *line, docgen_buffer *out)
{
    const char *from = line;
    const char *at = line;

    if (!*trimmed(p->pool, line))
        p->ticks = 0;
    while (*at && apr_hash_count(p->footnotes) > 0) {
        if (*at == '`') {
            int run = (int)strspn(at, "`");

            p->ticks = p->ticks == run ? 0 : (p->ticks ? p->ticks : run);
            at += run;
            continue;
        }
        if (!p->ticks && at[0] == '[' && at[1] == '^') {
            const char *end = strchr(at, ']');
            int number =
                end && end[1] != ':' ? footnote_number(p, at + 2, (apr_size_t)(end - at - 2)) : 0;

            if (number) {
                docgen_buffer_append(out, from, (apr_size_t)(at - from));
                docgen_buffer_printf(out, "<sup><a id=\"fnref-%d\" href=\"#u-fn-%d\">%d</a></sup>",
                                     number, number, number);
                at = from = end + 1;
                continue;
            }
        }
        at++;
    }
    docgen_buffer_puts(out, from);
}

/* Lines that are only for other tools. */
static int tool_line(preparer *p, const char *line)
{
    const char *at = trimmed(p->pool, line);
    apr_size_t length = strlen(at);

    if (!strcasecmp(at, "[[toc]]") || !strcasecmp(at, "[toc]"))
        return 1;
    if (!strncmp(at, "{:", 2) && at[length - 1] == '}')
        return 1;
    if (!strncmp(at, "{%", 2) && length > 3 && !strcmp(at + length - 2, "%}"))
        return 1;
    if (!strncmp(at, "<<< ", 4))
        return 1;
    return 0;
}

/* "## Title {#my__id}": marks of emphasis in the id are no emphasis. @return whether the line was one */
static int heading_line(preparer *p, const char *line, int indent)
{
    const char *open = line[indent] == '#' ? strstr(line, "{#") : NULL;

    if (!open || !strchr(open, '}'))
        return 0;
    docgen_buffer_append(p->out, line, (apr_size_t)(open - line));
    for (; *open; open++) {
        if (*open == '_' || *open == '*')
            docgen_buffer_puts(p->out, "\\");
        docgen_buffer_append(p->out, open, 1);
    }
    docgen_buffer_puts(p->out, "\n");
    return 1;
}

/* May a line be part of a paragraph, which md4c lets no table interrupt? */
static int is_paragraph(const char *text)
{
    text += strspn(text, "> ");
    return *text && !strchr("#<|", *text);
}

static void row_write(preparer *p, const char *line)
{
    text_line(p, line, p->out);
    docgen_buffer_puts(p->out, "\n");
}

/* @return whether the line belongs to a table, then it is written */
static int table_line(preparer *p, const char *line, const char *next)
{
    int columns;

    if (p->in_table == 2 && docgen_table_ends(line))
        p->in_table = 0;
    if (p->in_table == 1)
        docgen_table_delimiters(p->out, line);
    else if (p->in_table == 2)
        row_write(p, line);
    if (p->in_table) {
        p->in_table = 2;
        return 1;
    }
    columns = docgen_table_begins(line, next);
    if (columns <= 0)
        return 0;
    if (p->after_text) { /* a table may interrupt a paragraph */
        docgen_buffer_append(p->out, line, strspn(line, " >"));
        docgen_buffer_puts(p->out, "\n");
    }
    row_write(p, line);
    p->in_table = 1;
    return 1;
}

/* Is a row of dashes and bars below a line that has another number of cells: text for GitHub, a table for md4c? */
static int false_delimiters(preparer *p, const char *line, const char *before)
{
    if (!before || docgen_table_begins(before, line) >= 0)
        return 0;
    docgen_buffer_append(p->out, line, strspn(line, " >"));
    docgen_buffer_printf(p->out, "\\%s\n", line + strspn(line, " >"));
    return 1;
}

static void line_write(preparer *p, const char *line, const char *before, const char *next)
{
    int inside = p->fence_length > 0;
    int indent;

    /* What is indented less than an open "!!!" block ends it. */
    while (p->depth > 0 && p->blocks[p->depth - 1].colons == 0 && *trimmed(p->pool, line) &&
           indent_of(line) < p->blocks[p->depth - 1].indent)
        block_pop(p);
    for (int i = 0; i < p->depth; i++) {
        for (int cut = p->blocks[i].indent - p->blocks[i].base; cut > 0 && *line == ' '; cut--)
            line++;
    }
    if (fence_line(p, line) || inside) {
        docgen_buffer_printf(p->out, "%s\n", line);
        p->in_table = p->after_text = 0;
        return;
    }
    indent = indent_of(line);
    if (table_line(p, line, next) || false_delimiters(p, line, before)) {
        p->after_text = 0;
        return;
    }
    p->after_text = is_paragraph(line + indent);
    if (container_line(p, line, indent) || admonition_line(p, line, indent) ||
        alert_line(p, line, indent) || tool_line(p, line) || heading_line(p, line, indent))
        return;
    text_line(p, line, p->out);
    docgen_buffer_puts(p->out, "\n");
}

/* The line after a front matter at the beginning ("---" … "---", "+++" … "+++"), or the first line. */
static int front_matter_end(char *const *lines, int count)
{
    const char *fence;

    if (count == 0 || (strcmp(lines[0], "---") && strcmp(lines[0], "+++")))
        return 0;
    fence = lines[0];
    for (int i = 1; i < count && i < 400; i++) {
        if (!strcmp(lines[i], fence))
            return i + 1;
        /* A rule followed by prose is not a front matter. */
        if (i == 1 && *lines[i] && !strpbrk(lines[i], ":=#"))
            return 0;
    }
    return 0;
}

/* Takes "[^name]: text" and the indented lines below it out of the document. @return lines taken */
static int footnote_take(preparer *p, char **lines, int count)
{
    const char *end = lines[0][0] == '[' && lines[0][1] == '^' ? strstr(lines[0], "]:") : NULL;
    footnote *note;
    int taken = 1;

    if (!end || end == lines[0] + 2 || end - lines[0] > 100 ||
        apr_hash_count(p->footnotes) >= FOOTNOTES_MAX)
        return 0;
    note = apr_pcalloc(p->pool, sizeof(*note));
    note->name = apr_pstrndup(p->pool, lines[0] + 2, (apr_size_t)(end - lines[0] - 2));
    note->text = docgen_buffer_create(p->pool);
    docgen_buffer_puts(note->text, trimmed(p->pool, end + 2));
    while (taken < count) {
        const char *line = lines[taken];

        if (!*trimmed(p->pool, line)) {
            if (taken + 1 >= count || indent_of(lines[taken + 1]) < 2)
                break;
        } else if (indent_of(line) < 2) {
            break;
        }
        docgen_buffer_printf(note->text, " %s", trimmed(p->pool, line));
        taken++;
    }
    if (!apr_hash_get(p->footnotes, note->name, APR_HASH_KEY_STRING))
        apr_hash_set(p->footnotes, note->name, APR_HASH_KEY_STRING, note);
    return taken;
}

static void footnotes_write(preparer *p)
{
    if (p->ordered->nelts == 0)
        return;
    docgen_buffer_puts(p->out, "\n<section class=\"footnotes\"><ol>\n");
    /* A note's own references may add further ones while the list is written. */
    for (int i = 0; i < p->ordered->nelts; i++) {
        const footnote *note = APR_ARRAY_IDX(p->ordered, i, footnote *);

        docgen_buffer_printf(p->out, "<li id=\"fn-%d\">\n\n", i + 1);
        p->ticks = 0;
        text_line(p, note->text->data, p->out);
        docgen_buffer_printf(p->out, " <a href=\"#u-fnref-%d\">↩</a>\n\n</li>\n", i + 1);
    }
    docgen_buffer_puts(p->out, "</ol></section>\n");
}

static char **lines_split(apr_pool_t *pool, const char *text, int *count)
{
    apr_array_header_t *lines = apr_array_make(pool, 256, sizeof(char *));

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        apr_size_t end = length;

        while (end > 0 && text[end - 1] == '\r')
            end--;
        APR_ARRAY_PUSH(lines, char *) = apr_pstrndup(pool, text, end);
        text += length + (text[length] == '\n');
    }
    *count = lines->nelts;
    return (char **)lines->elts;
}

static void line_begin(preparer *p, int number)
{
    APR_ARRAY_PUSH(p->starts, apr_size_t) = p->out->length;
    APR_ARRAY_PUSH(p->numbers, int) = number;
}

int docgen_markdown_line(const docgen_markdown_blocks *blocks, const char *at)
{
    int low = 0;
    int high = blocks->starts->nelts - 1;
    apr_size_t offset;

    if (!at || at < blocks->text || at > blocks->text + blocks->length || high < 0)
        return 0;
    offset = (apr_size_t)(at - blocks->text);
    while (low < high) {
        int middle = (low + high + 1) / 2;

        if (APR_ARRAY_IDX(blocks->starts, middle, apr_size_t) <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return APR_ARRAY_IDX(blocks->lines, low, int);
}

static void unclosed_write(preparer *p)
{
    if (p->fence_length) {
        for (int i = 0; i < p->fence_length && i < 60; i++)
            docgen_buffer_append(p->out, &p->fence_char, 1);
        docgen_buffer_puts(p->out, "\n");
    }
    while (p->depth > 0)
        block_pop(p);
}

const docgen_markdown_blocks *docgen_markdown_blocks_read(apr_pool_t *pool, const char *markdown)
{
    docgen_markdown_blocks *blocks = apr_pcalloc(pool, sizeof(*blocks));
    preparer p;
    apr_array_header_t *kept = apr_array_make(pool, 256, sizeof(int));
    int count;
    char **lines = lines_split(pool, markdown, &count);

    memset(&p, 0, sizeof(p));
    p.pool = pool;
    p.out = docgen_buffer_create(pool);
    p.footnotes = apr_hash_make(pool);
    p.ordered = apr_array_make(pool, 8, sizeof(footnote *));
    p.starts = apr_array_make(pool, count + 1, sizeof(apr_size_t));
    p.numbers = apr_array_make(pool, count + 1, sizeof(int));
    for (int i = front_matter_end(lines, count); i < count;) {
        int inside = p.fence_length > 0;
        int taken =
            fence_line(&p, lines[i]) || inside ? 0 : footnote_take(&p, lines + i, count - i);

        if (!taken)
            APR_ARRAY_PUSH(kept, int) = i++;
        else
            i += taken;
    }
    p.fence_length = 0;
    for (int i = 0; i < kept->nelts; i++) {
        int at = APR_ARRAY_IDX(kept, i, int);

        line_begin(&p, at + 1);
        line_write(&p, lines[at], i ? lines[APR_ARRAY_IDX(kept, i - 1, int)] : NULL,
                   i + 1 < kept->nelts ? lines[APR_ARRAY_IDX(kept, i + 1, int)] : "");
    }
    unclosed_write(&p);
    footnotes_write(&p);
    blocks->text = p.out->length ? p.out->data : "";
    blocks->length = p.out->length;
    blocks->starts = p.starts;
    blocks->lines = p.numbers;
    return blocks;
}
