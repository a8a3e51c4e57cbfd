/* reStructuredText to Markdown: the blocks. Whatever is not understood becomes plain text; no directive survives.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/rst.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "generator/documents/html.h"

docgen_lines docgen_rst_lines(apr_pool_t *pool, const char *text)
{
    apr_array_header_t *lines = apr_array_make(pool, 256, sizeof(char *));
    docgen_lines result;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        char *line = apr_palloc(pool, length * 8 + 1);
        apr_size_t end = 0;

        for (apr_size_t i = 0; i < length; i++) {
            if (text[i] == '\t') {
                do
                    line[end++] = ' ';
                while (end % 8);
            } else if (text[i] != '\r' && text[i] != '\f' && text[i] != '\v') {
                line[end++] = text[i];
            }
        }
        while (end > 0 && line[end - 1] == ' ')
            end--;
        line[end] = '\0';
        APR_ARRAY_PUSH(lines, char *) = line;
        text += length + (text[length] == '\n');
    }
    result.line = (const char *const *)lines->elts;
    result.count = lines->nelts;
    return result;
}

int docgen_rst_indent(const char *line)
{
    int indent = (int)strspn(line, " ");

    return line[indent] ? indent : 1000;
}

docgen_lines docgen_rst_dedent(apr_pool_t *pool, docgen_lines lines, int from, int to)
{
    const char **cut;
    docgen_lines result = {NULL, 0};
    int least = 1000;

    while (from < to && !*lines.line[from])
        from++;
    while (to > from && !*lines.line[to - 1])
        to--;
    for (int i = from; i < to; i++) {
        int indent = docgen_rst_indent(lines.line[i]);

        least = indent < least ? indent : least;
    }
    cut = apr_palloc(pool, sizeof(*cut) * (apr_size_t)(to - from + 1));
    for (int i = from; i < to; i++)
        cut[i - from] = *lines.line[i] ? lines.line[i] + least : "";
    result.line = cut;
    result.count = to - from;
    return result;
}

const char *docgen_rst_join(apr_pool_t *pool, docgen_lines lines)
{
    apr_size_t length = 1;
    char *text;
    char *end;

    for (int i = 0; i < lines.count; i++)
        length += strlen(lines.line[i]) + 1;
    end = text = apr_palloc(pool, length);
    for (int i = 0; i < lines.count; i++) {
        if (i > 0)
            *end++ = '\n';
        end = stpcpy(end, lines.line[i]);
    }
    *end = '\0';
    return text;
}

void docgen_rst_line(docgen_rst *rst, const char *prefix, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    if (vasprintf(&text, format, args) >= 0) {
        docgen_buffer_printf(rst->out, "%s%s\n", *text ? prefix : "", text);
        free(text);
    }
    va_end(args);
}

/* Text of several lines, each with the prefix. */
static void text_write(docgen_rst *rst, const char *text, const char *prefix)
{
    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        apr_size_t from = strspn(text, " ");

        from = from < length ? from : length;
        docgen_buffer_puts(rst->out, prefix);
        docgen_buffer_append(rst->out, text + from, length - from);
        docgen_buffer_puts(rst->out, "\n");
        text += length + (text[length] == '\n');
    }
}

void docgen_rst_code(docgen_rst *rst, docgen_lines lines, const char *language, const char *prefix)
{
    int longest = 2;
    char fence[64];

    for (int i = 0; i < lines.count; i++) {
        int run = (int)strspn(lines.line[i] + strspn(lines.line[i], " "), "`");

        longest = run > longest ? run : longest;
    }
    longest = longest > 60 ? 60 : longest;
    memset(fence, '`', sizeof(fence));
    fence[longest + 1] = '\0';
    docgen_buffer_printf(rst->out, "\n%s%s%s\n", prefix, fence, language ? language : "");
    for (int i = 0; i < lines.count; i++)
        docgen_buffer_printf(rst->out, "%s%s\n", prefix, lines.line[i]);
    docgen_buffer_printf(rst->out, "%s%s\n\n", prefix, fence);
}

/* The character of a line of one repeated punctuation mark, 0 when it is none. */
static char adornment(const char *line)
{
    apr_size_t length = strlen(line);

    if (length < 2 || !ispunct((unsigned char)*line) ||
        strspn(line, (const char[]){*line, '\0'}) != length)
        return 0;
    return *line;
}

static int columns(const char *text)
{
    int count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void title_write(docgen_rst *rst, char mark, int over, const char *text, const char *prefix)
{
    int level = 0;

    while (level < rst->style_count &&
           !(rst->styles[level].mark == mark && rst->styles[level].over == over))
        level++;
    if (level == rst->style_count && level < DOCGEN_RST_STYLES) {
        rst->styles[level].mark = mark;
        rst->styles[level].over = over;
        rst->style_count++;
    }
    level = level + 1 > 6 ? 6 : level + 1;
    docgen_buffer_printf(rst->out, "\n%s%.*s %s\n\n", prefix, level, "######",
                         docgen_rst_cell(rst, text + strspn(text, " ")));
}

/* "Title" with a line below, or below and above. @return lines taken */
static int title_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    const char *line = l.line[i];
    char mark = adornment(line);

    if (mark && i + 2 < l.count && *l.line[i + 1] && adornment(l.line[i + 2]) == mark &&
        !adornment(l.line[i + 1]) && strlen(line) >= 3) {
        title_write(rst, mark, 1, l.line[i + 1], prefix);
        return 3;
    }
    if (mark || i + 1 >= l.count || *line == ' ')
        return 0;
    mark = adornment(l.line[i + 1]);
    if (!mark || ((int)strlen(l.line[i + 1]) < columns(line) && strlen(l.line[i + 1]) < 4))
        return 0;
    title_write(rst, mark, 0, line, prefix);
    return 2;
}

/* The first line at or after `i` that is neither blank nor indented by at least `indent`. */
static int block_end(docgen_lines l, int i, int indent)
{
    while (i < l.count && docgen_rst_indent(l.line[i]) >= indent)
        i++;
    return i;
}

static const char *deeper(docgen_rst *rst, const char *prefix, int by)
{
    return apr_psprintf(rst->pool, "%s%*s", prefix, by, "");
}

/* The length of a list item's mark with its space; `ordered` says which kind. 0 = no item */
static int item_mark(const char *line, int *ordered)
{
    apr_size_t length;

    *ordered = 0;
    if (strchr("-*+", *line) && *line && line[1] == ' ')
        return 2 + (int)strspn(line + 2, " ");
    if (strchr("-*+", *line) && *line && !line[1])
        return 2;
    if (!strncmp(line, "•", 3) && line[3] == ' ')
        return 4;
    *ordered = 1;
    length = *line == '(';
    if (line[length] == '#')
        length++;
    else if (isdigit((unsigned char)line[length]))
        length += strspn(line + length, "0123456789");
    else if (isalpha((unsigned char)line[length]) && strchr(".)", line[length + 1]) &&
             line[length + 1])
        length++;
    else
        return 0;
    if (length > 6 || (line[length] != '.' && line[length] != ')') || line[length + 1] != ' ')
        return 0;
    return (int)length + 2;
}

/* A list: all items of the same kind that follow each other. @return lines taken */
static int list_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    int ordered;
    int first = i;
    int number = 0;
    int mark = item_mark(l.line[i], &ordered);

    if (!mark)
        return 0;
    /* "1. text" that goes on at the margin is a paragraph. */
    if (i + 1 < l.count && *l.line[i + 1] && docgen_rst_indent(l.line[i + 1]) == 0) {
        int next;

        if (!item_mark(l.line[i + 1], &next) || next != ordered)
            return 0;
    }
    docgen_buffer_puts(rst->out, "\n");
    number = ordered && isdigit((unsigned char)*l.line[i]) ? atoi(l.line[i]) - 1 : 0;
    while (i < l.count) {
        int kind;
        int width = item_mark(l.line[i], &kind);
        int end;
        docgen_lines item;
        const char **copy;
        const char *label;

        if (!width || kind != ordered)
            break;
        end = block_end(l, i + 1, width > 2 && !ordered ? 2 : (width < 2 ? width : 2));
        copy = apr_palloc(rst->pool, sizeof(*copy) * (apr_size_t)(end - i));
        for (int n = i; n < end; n++) {
            int cut = (int)strspn(l.line[n], " ");

            copy[n - i] = n == i ? ((int)strlen(l.line[n]) > width ? l.line[n] + width : "")
                                 : l.line[n] + (cut < width ? cut : width);
        }
        item.line = copy;
        item.count = end - i;
        label = ordered ? apr_psprintf(rst->pool, "%d. ", ++number) : "- ";
        docgen_buffer_printf(rst->out, "%s%s", prefix, label);
        {
            apr_size_t at = rst->out->length;
            const char *inner = deeper(rst, prefix, (int)strlen(label));
            apr_size_t skip = strlen(inner);
            const char *body;

            docgen_rst_blocks(rst, item, inner);
            /* The item's text begins on the line of its mark. */
            body = apr_pstrmemdup(rst->pool, rst->out->data + at, rst->out->length - at);
            while (*body == '\n')
                body++;
            if (!strncmp(body, inner, skip))
                body += skip;
            rst->out->length = at;
            skip = strlen(body);
            while (skip > 0 && body[skip - 1] == '\n')
                skip--;
            docgen_buffer_append(rst->out, body, skip);
            docgen_buffer_puts(rst->out, "\n");
        }
        i = end;
    }
    docgen_buffer_puts(rst->out, "\n");
    return i - first;
}

/* ":name: text" @return lines taken */
static int field_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    const char *line = l.line[i];
    const char *close = *line == ':' ? strchr(line + 1, ':') : NULL;
    int end;
    docgen_lines body;
    const char *name;
    const char *text;

    if (!close || close == line + 1 || (close[1] && close[1] != ' ') || line[1] == ' ')
        return 0;
    end = block_end(l, i + 1, 1);
    while (end > i + 1 && !*l.line[end - 1])
        end--;
    body = docgen_rst_dedent(rst->pool, l, i + 1, end);
    name = apr_pstrndup(rst->pool, line + 1, (apr_size_t)(close - line - 1));
    text = docgen_rst_join(rst->pool, body);
    text =
        apr_pstrcat(rst->pool, close + 1 + strspn(close + 1, " "), *text ? "\n" : "", text, NULL);
    /* "orphan", "tocdepth" and the like speak to Sphinx. */
    if (strcmp(name, "orphan") && strcmp(name, "tocdepth") && strcmp(name, "nocomments") &&
        strcmp(name, "nosearch") && strcmp(name, "hide-toc"))
        docgen_rst_line(rst, prefix, "- **%s**: %s", docgen_markdown_escape(rst->pool, name),
                        docgen_rst_cell(rst, text));
    return end - i;
}

/* Options ("-a, --all  text") and definitions (a term above indented text). @return lines taken */
static int definition_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    const char *line = l.line[i];
    const char *gap = *line == '-' && (isalnum((unsigned char)line[1]) || line[1] == '-')
                          ? strstr(line, "  ")
                          : NULL;
    int end = block_end(l, i + 1, 1);
    const char *term = line;
    const char **copy;
    docgen_lines body;
    const char *colon;

    if (!gap && (i + 1 >= l.count || !*l.line[i + 1] || *l.line[i + 1] != ' '))
        return 0;
    copy = apr_palloc(rst->pool, sizeof(*copy) * (apr_size_t)(end - i + 1));
    body = docgen_rst_dedent(rst->pool, l, i + 1, end);
    if (gap) {
        docgen_lines with = {copy, body.count + 1};

        term = apr_pstrndup(rst->pool, line, (apr_size_t)(gap - line));
        copy[0] = gap + strspn(gap, " ");
        if (body.count)
            memcpy(copy + 1, body.line, sizeof(*copy) * (apr_size_t)body.count);
        body = with;
    }
    colon = gap ? NULL : strstr(term, " : "); /* "name : type" */
    docgen_buffer_printf(rst->out, "\n%s<dl><dt>\n\n", prefix);
    if (gap)
        docgen_rst_line(rst, prefix, "`%s`", term);
    else if (colon)
        docgen_rst_line(
            rst, prefix, "%s: *%s*",
            docgen_rst_cell(rst, apr_pstrndup(rst->pool, term, (apr_size_t)(colon - term))),
            docgen_markdown_escape(rst->pool, colon + 3));
    else
        docgen_rst_line(rst, prefix, "%s", docgen_rst_cell(rst, term));
    docgen_buffer_printf(rst->out, "\n%s</dt><dd>\n\n", prefix);
    docgen_rst_blocks(rst, body, prefix);
    docgen_buffer_printf(rst->out, "\n%s</dd></dl>\n\n", prefix);
    return end - i;
}

/* "| line" keeps its breaks. @return lines taken */
static int line_block_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    int first = i;

    if (*l.line[i] != '|' || (l.line[i][1] && l.line[i][1] != ' '))
        return 0;
    for (; i < l.count && *l.line[i] == '|'; i++)
        docgen_rst_line(rst, prefix, "%s\\",
                        docgen_rst_cell(rst, l.line[i] + 1 + strspn(l.line[i] + 1, " ")));
    /* The last line needs no break. */
    rst->out->length -= 2;
    docgen_buffer_puts(rst->out, "\n\n");
    return i - first;
}

static int doctest_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    int end = i;
    docgen_lines code;

    if (strncmp(l.line[i], ">>>", 3))
        return 0;
    while (end < l.count && *l.line[end])
        end++;
    code.line = l.line + i;
    code.count = end - i;
    docgen_rst_code(rst, code, "python", prefix);
    return end - i;
}

/* The literal block below a paragraph that ends in "::". @return the line after it */
static int literal_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    int start = i;
    int end;
    char quote;

    while (start < l.count && !*l.line[start])
        start++;
    if (start == l.count)
        return i;
    quote = *l.line[start];
    if (quote == ' ') {
        end = block_end(l, start, 1);
    } else if (ispunct((unsigned char)quote)) {
        for (end = start; end < l.count && *l.line[end] == quote; end++) {
        }
    } else {
        return i;
    }
    docgen_rst_code(rst, docgen_rst_dedent(rst->pool, l, start, end), rst->language, prefix);
    return end;
}

/* Text up to a blank line. @return the line after it */
static int paragraph_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    docgen_lines text = {l.line + i, 0};
    char *joined;
    apr_size_t length;

    while (i < l.count && *l.line[i] && (text.count == 0 || docgen_rst_indent(l.line[i]) == 0)) {
        text.count++;
        i++;
    }
    joined = apr_pstrdup(rst->pool, docgen_rst_join(rst->pool, text));
    length = strlen(joined);
    if (length >= 2 && !strcmp(joined + length - 2, "::")) {
        joined[length -
               (length > 2 && joined[length - 3] != ' ' && joined[length - 3] != '\n' ? 1 : 2)] =
            '\0';
        text_write(rst, docgen_rst_inline(rst, joined), prefix);
        return literal_read(rst, l, i, prefix);
    }
    text_write(rst, docgen_rst_inline(rst, joined), prefix);
    docgen_buffer_puts(rst->out, "\n");
    return i;
}

/* ".. [1] text" @return whether it was one */
static int note_write(docgen_rst *rst, const char *mark, docgen_lines body)
{
    const char *close = strchr(mark, ']');
    const char *name;

    if (*mark != '[' || !close || close == mark + 1)
        return 0;
    name = apr_pstrndup(rst->pool, mark + 1, (apr_size_t)(close - mark - 1));
    if (!strcmp(name, "#") || !strcmp(name, "*"))
        name = apr_psprintf(rst->pool, "auto-%d", ++rst->notes);
    else if (*name == '#')
        name++;
    docgen_buffer_printf(
        rst->out, "\n[^%s]: %s\n\n", docgen_slug(rst->pool, name),
        docgen_rst_cell(rst, apr_pstrcat(rst->pool, close + 1 + strspn(close + 1, " "), "\n",
                                         docgen_rst_join(rst->pool, body), NULL)));
    return 1;
}

/* ".. _name:" is a place that others link to. */
static void target_write(docgen_rst *rst, const char *mark, const char *prefix)
{
    const char *colon = strrchr(mark, ':');

    if (!colon || colon == mark + 1 || colon[1])
        return;
    docgen_rst_line(
        rst, prefix, "<a id=\"%s\"></a>\n",
        docgen_slug(rst->pool, apr_pstrndup(rst->pool, mark + 1, (apr_size_t)(colon - mark - 1))));
}

/* The end of "name::" at the beginning of a mark, or NULL. */
static const char *directive_end(const char *mark)
{
    apr_size_t length = 0;

    while (isalnum((unsigned char)mark[length]) || (mark[length] && strchr("-_+.", mark[length])) ||
           (mark[length] == ':' && isalpha((unsigned char)mark[length + 1])))
        length++;
    return length > 0 && !strncmp(mark + length, "::", 2) ? mark + length : NULL;
}

/* ".. something" and what is indented below it. @return lines taken */
static int explicit_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    const char *mark = l.line[i] + 2 + strspn(l.line[i] + 2, " ");
    int end = block_end(l, i + 1, 1);
    docgen_lines body = docgen_rst_dedent(rst->pool, l, i + 1, end);
    const char *close;

    close = directive_end(mark);
    if (close) {
        const char *name = apr_pstrndup(rst->pool, mark, (apr_size_t)(close - mark));
        const char *argument = close + 2 + strspn(close + 2, " ");

        if (docgen_rst_is_object(name)) {
            int more = i + 1;

            for (; more < end && *l.line[more] && l.line[more][strspn(l.line[more], " ")] != ':';
                 more++)
                argument = apr_pstrcat(rst->pool, argument, *argument ? "\n" : "",
                                       l.line[more] + strspn(l.line[more], " "), NULL);
            body = docgen_rst_dedent(rst->pool, l, more, end);
        }
        docgen_rst_directive(rst, name, argument, body, prefix);
        return end - i;
    }
    if (*mark == '_')
        target_write(rst, mark, prefix);
    else if (*mark != '|')
        note_write(rst, mark, body);
    return end - i;
}

static int block_read(docgen_rst *rst, docgen_lines l, int i, const char *prefix)
{
    const char *line = l.line[i];
    docgen_lines rest = {l.line + i, l.count - i};
    int taken;

    if (*line == ' ') {
        int end = block_end(l, i, 1);

        docgen_buffer_printf(rst->out, "\n%s<blockquote>\n\n", prefix);
        docgen_rst_blocks(rst, docgen_rst_dedent(rst->pool, l, i, end), prefix);
        docgen_buffer_printf(rst->out, "\n%s</blockquote>\n\n", prefix);
        return end;
    }
    if (!strncmp(line, ".. ", 3) || !strcmp(line, ".."))
        return i + explicit_read(rst, l, i, prefix);
    if (!strncmp(line, "__ ", 3))
        return i + 1;
    taken = docgen_rst_table(rst, rest, prefix);
    if (!taken)
        taken = title_read(rst, l, i, prefix);
    if (!taken && adornment(line) && strlen(line) >= 4) {
        docgen_buffer_puts(rst->out, "\n---\n\n");
        taken = 1;
    }
    if (!taken)
        taken = list_read(rst, l, i, prefix);
    if (!taken)
        taken = field_read(rst, l, i, prefix);
    if (!taken)
        taken = line_block_read(rst, l, i, prefix);
    if (!taken)
        taken = doctest_read(rst, l, i, prefix);
    if (!taken)
        taken = definition_read(rst, l, i, prefix);
    return taken ? i + taken : paragraph_read(rst, l, i, prefix);
}

void docgen_rst_blocks(docgen_rst *rst, docgen_lines lines, const char *prefix)
{
    if (rst->depth >= DOCGEN_RST_DEPTH) {
        docgen_rst_code(rst, lines, "", prefix);
        return;
    }
    rst->depth++;
    for (int i = 0; i < lines.count;) {
        if (!*lines.line[i]) {
            docgen_buffer_puts(rst->out, "\n");
            i++;
        } else {
            i = block_read(rst, lines, i, prefix);
        }
    }
    rst->depth--;
}
