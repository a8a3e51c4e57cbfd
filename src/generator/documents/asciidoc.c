/* AsciiDoc as Markdown that reads well: headings, lists, code, links, admonitions, tables. What it does not know stays
 * text.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_hash.h>
#include "core/buffer.h"
#include "generator/documents/html.h"

typedef struct asciidoc {
    apr_pool_t *pool;
    docgen_buffer *out;
    apr_hash_t *attributes;
    const char *language; /* of the next code block */
    const char *block;    /* the fence that ends the open block, NULL = none */
    int is_code;
    const char *title; /* of the next block */
    const char *admonition;
    int in_table;
    int cells; /* of the table's first row, 0 = not known */
    int row_cells;
    docgen_buffer *row;
} asciidoc;

static int starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* "link:x[Text]", "https://x[Text]", "xref:x[Text]", "image::x[Alt]": @return the position after it, or NULL */
static const char *macro_read(asciidoc *a, const char *at, docgen_buffer *out)
{
    static const char *const names[] = {
        "link:", "xref:", "image::", "image:", "https://", "http://", NULL};
    const char *open;
    const char *close;
    const char *text;
    const char *target = at;
    int image = 0;

    for (int i = 0;; i++) {
        if (!names[i])
            return NULL;
        if (!starts(at, names[i]))
            continue;
        image = starts(names[i], "image");
        if (i < 4)
            target = at + strlen(names[i]);
        break;
    }
    open = target + strcspn(target, "[ \t<>");
    if (*open != '[' || open == target || !(close = strchr(open, ']')))
        return NULL;
    text = apr_pstrndup(a->pool, open + 1, strcspn(open + 1, image ? ",]" : "^]"));
    target = apr_pstrndup(a->pool, target, (apr_size_t)(open - target));
    if (!*text)
        text = target;
    docgen_buffer_printf(out, "%s[%s](<%s>)", image ? "!" : "",
                         docgen_markdown_escape(a->pool, text), target);
    return close + 1;
}

/* "<<id,text>>" */
static const char *reference_read(asciidoc *a, const char *at, docgen_buffer *out)
{
    const char *end = strstr(at, ">>");
    const char *comma;
    const char *id;
    const char *text;

    if (!end || end - at > 200)
        return NULL;
    id = apr_pstrndup(a->pool, at + 2, (apr_size_t)(end - at - 2));
    comma = strchr(id, ',');
    text = comma ? comma + 1 + strspn(comma + 1, " ") : id;
    if (comma)
        id = apr_pstrndup(a->pool, id, (apr_size_t)(comma - id));
    docgen_buffer_printf(out, "[%s](<#%s>)", docgen_markdown_escape(a->pool, text), id);
    return end + 2;
}

static const char *attribute_read(asciidoc *a, const char *at, docgen_buffer *out)
{
    const char *end = strchr(at, '}');
    const char *value = end ? apr_hash_get(a->attributes, at + 1, end - at - 1) : NULL;

    if (!value)
        return NULL;
    docgen_buffer_puts(out, value);
    return end + 1;
}

static const char *inline_text(asciidoc *a, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(a->pool);
    const char *result;
    int code = 0;

    for (const char *at = text; *at;) {
        const char *next = NULL;

        if (*at == '`' || *at == '+')
            code = *at == '`' ? !code : code;
        if (!code) {
            next = macro_read(a, at, out);
            if (!next && at[0] == '<' && at[1] == '<')
                next = reference_read(a, at, out);
            if (!next && *at == '{')
                next = attribute_read(a, at, out);
            if (!next && *at == '*' && at[1] != '*' && at[1] && !isspace((unsigned char)at[1]) &&
                (at == text || !isalnum((unsigned char)at[-1]))) {
                const char *end = strchr(at + 1, '*');

                if (end && !isspace((unsigned char)end[-1])) {
                    docgen_buffer_printf(out, "**%.*s**", (int)(end - at - 1), at + 1);
                    next = end + 1;
                }
            }
            if (!next && *at == '<') {
                docgen_buffer_puts(out, "\\<");
                next = at + 1;
            }
        }
        if (!next) {
            docgen_buffer_append(out, at, 1);
            next = at + 1;
        }
        at = next;
    }
    result = apr_pstrmemdup(a->pool, out->data, out->length);
    docgen_buffer_free(out);
    return result;
}

static void row_flush(asciidoc *a)
{
    if (a->row_cells == 0)
        return;
    docgen_buffer_printf(a->out, "|%s\n", a->row->data);
    if (a->cells == 0) {
        a->cells = a->row_cells;
        docgen_buffer_puts(a->out, "|");
        for (int i = 0; i < a->cells; i++)
            docgen_buffer_puts(a->out, "---|");
        docgen_buffer_puts(a->out, "\n");
    }
    docgen_buffer_clear(a->row);
    a->row_cells = 0;
}

static void table_line(asciidoc *a, const char *line)
{
    if (starts(line, "|===")) {
        row_flush(a);
        docgen_buffer_puts(a->out, "\n");
        a->in_table = !a->in_table;
        a->cells = 0;
        return;
    }
    if (!*line) {
        row_flush(a);
        return;
    }
    if (*line != '|' && !strchr(line, '|')) {
        if (a->row_cells) /* a cell goes on */
            docgen_buffer_printf(a->row, "%s", "");
        return;
    }
    while ((line = strchr(line, '|'))) {
        const char *end = strchr(++line, '|');
        apr_size_t length = end ? (apr_size_t)(end - line) : strlen(line);

        docgen_buffer_printf(
            a->row, " %s |",
            inline_text(
                a, apr_pstrndup(a->pool, line + strspn(line, " "),
                                length >= strspn(line, " ") ? length - strspn(line, " ") : 0)));
        a->row_cells++;
        if (a->cells && a->row_cells == a->cells)
            row_flush(a);
    }
}

/* "[source,ruby]", "[NOTE]", "[[id]]", "[cols=…]": what the next block is. */
static void attribute_line(asciidoc *a, const char *line)
{
    static const char *const alerts[] = {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"};

    if (starts(line, "[source")) {
        const char *comma = strchr(line, ',');

        a->language = comma ? apr_pstrndup(a->pool, comma + 1 + strspn(comma + 1, " "),
                                           strcspn(comma + 1 + strspn(comma + 1, " "), ",] "))
                            : "";
    }
    if (starts(line, "[[")) {
        docgen_buffer_printf(
            a->out, "\n<a id=\"%s\"></a>\n\n",
            docgen_slug(a->pool, apr_pstrndup(a->pool, line + 2, strcspn(line + 2, "],"))));
    }
    for (int i = 0; i < 5; i++) {
        if (starts(line + 1, alerts[i]) && line[1 + strlen(alerts[i])] == ']')
            a->admonition = alerts[i];
    }
}

static void title_write(asciidoc *a)
{
    if (a->title)
        docgen_buffer_printf(a->out, "\n**%s**\n\n", docgen_markdown_escape(a->pool, a->title));
    a->title = NULL;
}

/* A line that opens or closes a block. @return whether it was one */
static int fence_line(asciidoc *a, const char *line)
{
    static const char *const fences[] = {"----", "....", "====", "****", "____",
                                         "```",  "--",   "++++", "////", NULL};

    for (int i = 0; fences[i]; i++) {
        apr_size_t length = strlen(line);

        if (!starts(line, fences[i]) || length < strlen(fences[i]) ||
            (i < 5 && strspn(line, (const char[]){*line, '\0'}) != length) ||
            (i == 6 && length != 2))
            continue;
        a->is_code = i == 0 || i == 1 || i == 5;
        a->block = apr_pstrdup(a->pool, i == 5 ? "```" : line);
        title_write(a);
        if (a->is_code) {
            docgen_buffer_printf(a->out, "\n~~~~~~%s\n",
                                 i == 5        ? line + 3
                                 : a->language ? a->language
                                               : "");
        } else if (i == 7 || i == 8) {
            a->is_code = 2; /* passed over */
        } else {
            if (a->admonition)
                docgen_buffer_printf(a->out, "\n::::: %s\n\n", a->admonition);
            a->is_code = 0;
        }
        a->language = NULL;
        return 1;
    }
    return 0;
}

static void fence_end(asciidoc *a)
{
    if (a->is_code == 1)
        docgen_buffer_puts(a->out, "~~~~~~\n\n");
    else if (a->admonition) {
        docgen_buffer_puts(a->out, "\n:::::\n\n");
        a->admonition = NULL;
    }
    a->block = NULL;
    a->is_code = 0;
}

static void list_line(asciidoc *a, const char *line, apr_size_t marks)
{
    docgen_buffer_printf(a->out, "%*s%s %s\n", (int)(marks > 8 ? 24 : (marks - 1) * 3), "",
                         *line == '.' ? "1." : "-",
                         inline_text(a, line + marks + strspn(line + marks, " ")));
}

static void text_line(asciidoc *a, const char *line)
{
    static const char *const alerts[] = {
        "NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "};
    apr_size_t marks = strspn(line, "=");
    const char *term;

    if (marks > 0 && marks <= 6 && line[marks] == ' ') {
        docgen_buffer_printf(a->out, "\n%.*s %s\n\n", (int)marks, "######",
                             inline_text(a, line + marks + 1));
        return;
    }
    marks = *line == '*' || *line == '.' ? strspn(line, (const char[]){*line, '\0'}) : *line == '-';
    if (marks > 0 && line[marks] == ' ') {
        list_line(a, line, marks);
        return;
    }
    for (int i = 0; i < 5; i++) {
        if (starts(line, alerts[i])) {
            docgen_buffer_printf(a->out, "\n> [!%.*s]\n> %s\n", (int)strlen(alerts[i]) - 2,
                                 alerts[i], inline_text(a, line + strlen(alerts[i])));
            return;
        }
    }
    term = strstr(line, "::");
    if (term && term > line && (!term[2] || term[2] == ' ')) {
        docgen_buffer_printf(a->out, "\n**%s**\n\n%s\n",
                             inline_text(a, apr_pstrndup(a->pool, line, (apr_size_t)(term - line))),
                             inline_text(a, term + 2 + strspn(term + 2, " ")));
        return;
    }
    docgen_buffer_printf(a->out, "%s\n", inline_text(a, line + strspn(line, " ")));
}

static void line_read(asciidoc *a, const char *line)
{
    if (a->block) {
        if (!strcmp(line, a->block) || (starts(a->block, "```") && !strcmp(line, "```")))
            fence_end(a);
        else if (a->is_code == 1)
            docgen_buffer_printf(a->out, "%s\n", line);
        else if (a->is_code == 0)
            text_line(a, line);
    } else if (a->in_table || starts(line, "|===")) {
        title_write(a);
        table_line(a, line);
    } else if (*line == ':' && strchr(line + 1, ':') && line[1] != ':') {
        const char *close = strchr(line + 1, ':');

        apr_hash_set(a->attributes, apr_pstrndup(a->pool, line + 1, (apr_size_t)(close - line - 1)),
                     close - line - 1,
                     docgen_markdown_escape(a->pool, close + 1 + strspn(close + 1, " ")));
    } else if (starts(line, "//") && !starts(line, "////")) {
        return;
    } else if (*line == '[' && line[strlen(line) - 1] == ']') {
        attribute_line(a, line);
    } else if (*line == '.' && line[1] && line[1] != '.' && line[1] != ' ') {
        a->title = line + 1;
    } else if (!strcmp(line, "+") || starts(line, "include::") || starts(line, "toc::") ||
               starts(line, "ifdef::") || starts(line, "endif::") || starts(line, "ifndef::")) {
        docgen_buffer_puts(a->out, "\n");
    } else if (!fence_line(a, line)) {
        text_line(a, line);
    }
}

const char *docgen_asciidoc_markdown(apr_pool_t *pool, const char *text)
{
    apr_pool_t *scratch;
    asciidoc a;
    const char *result;

    apr_pool_create(&scratch, pool);
    memset(&a, 0, sizeof(a));
    a.pool = scratch;
    a.out = docgen_buffer_create(scratch);
    a.row = docgen_buffer_create(scratch);
    a.attributes = apr_hash_make(scratch);
    if (strlen(text) > DOCGEN_RENDER_MAX)
        text = apr_pstrndup(scratch, text, DOCGEN_RENDER_MAX);
    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        apr_size_t end = length;

        while (end > 0 && isspace((unsigned char)text[end - 1]))
            end--;
        line_read(&a, apr_pstrndup(scratch, text, end));
        text += length + (text[length] == '\n');
    }
    row_flush(&a);
    if (a.block)
        fence_end(&a);
    result = apr_pstrmemdup(pool, a.out->data, a.out->length);
    apr_pool_destroy(scratch);
    return result;
}
