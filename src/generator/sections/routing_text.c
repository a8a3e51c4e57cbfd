/* Reading prose for routing: names in headings, items and rows that begin with a name, whole blocks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/routing.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>

enum {
    NAMES_MAX = 12,
    ITEMS_MAX = 400,
    ITEM_BYTES = 2000,
    TITLE_BYTES = 400,
    DEFINITIONS_MAX = 300
};

static const char *line_end(const char *line)
{
    return line + strcspn(line, "\n");
}

static int is_blank_line(const char *line)
{
    return line[strspn(line, " \t\r")] == '\n' || line[strspn(line, " \t\r")] == '\0';
}

/* The fence a line opens or closes: its character, or 0. */
static int fence_of(const char *line)
{
    line += strspn(line, " \t>");
    return !strncmp(line, "```", 3) || !strncmp(line, "~~~", 3) ? *line : 0;
}

apr_size_t docgen_blocks_fit(const char *text, apr_size_t length, apr_size_t max)
{
    const char *end = text + length;
    apr_size_t kept = 0;
    int fence = 0;
    int blank = 1;

    for (const char *line = text; line < end;) {
        const char *next = line_end(line);
        int mark = fence_of(line);

        if (!fence && !blank && is_blank_line(line)) {
            apr_size_t here = (apr_size_t)(line - text);

            if (here > max)
                return kept ? kept : here <= 2 * max ? here : 0;
            kept = here;
        }
        blank = is_blank_line(line);
        fence = fence ? (mark == fence ? 0 : fence) : mark;
        line = next < end ? next + 1 : end;
    }
    if (length <= max || (!kept && length <= 2 * max))
        return length;
    return kept;
}

apr_array_header_t *docgen_definitions(apr_pool_t *pool, const char *document)
{
    apr_array_header_t *lines = apr_array_make(pool, 8, sizeof(const char *));

    for (const char *line = document; *line && lines->nelts < DEFINITIONS_MAX;) {
        const char *end = line_end(line);
        const char *close =
            *line == '[' && line[1] != '^' ? memchr(line, ']', (size_t)(end - line)) : NULL;

        if (close && close[1] == ':' && close - line < 200 && end - line < 1000)
            APR_ARRAY_PUSH(lines, const char *) =
                apr_pstrndup(pool, line, (apr_size_t)(end - line));
        line = *end ? end + 1 : end;
    }
    return lines;
}

const char *docgen_definitions_used(apr_pool_t *pool, const apr_array_header_t *definitions,
                                    const char *passage)
{
    const char *used = "";

    for (int i = 0; strchr(passage, '[') && i < definitions->nelts; i++) {
        const char *line = APR_ARRAY_IDX(definitions, i, const char *);
        apr_size_t label = strcspn(line, "]") + 1;

        if (strstr(passage, apr_pstrndup(pool, line, label)))
            used = apr_pstrcat(pool, used, *used ? "" : "\n\n", line, "\n", NULL);
    }
    return used;
}

static int is_word(const char *at, apr_size_t length, const char *const *words)
{
    for (int i = 0; words[i]; i++) {
        if (strlen(words[i]) == length && !strncasecmp(at, words[i], length))
            return 1;
    }
    return 0;
}

/* Words between names. */
static apr_size_t joint_length(const char *at)
{
    static const char *const words[] = {"and", "or", "und", NULL};
    apr_size_t word = strspn(at, "abcdefghijklmnopqrstuvwxyz");

    if (*at == ',' || *at == '&' || *at == '+' || *at == ';' || *at == '/')
        return 1;
    return word && is_word(at, word, words) && isspace((unsigned char)at[word]) ? word : 0;
}

/* "[text](target)" without its target, "**text**" and "__text__" without their marks; code spans stay. */
static const char *unlinked(apr_pool_t *pool, const char *text)
{
    char *copy = apr_palloc(pool, strlen(text) + 1);
    char *out = copy;
    int code = 0;

    for (const char *p = text; *p; p++) {
        if (*p == '`')
            code = !code;
        if (code || !strchr("[]*", *p)) {
            if (!code && (!strncmp(p, "__", 2)) &&
                (p == text || !isalnum((unsigned char)p[-1]) || !isalnum((unsigned char)p[2])) &&
                strncmp(p, "__init__", 8) && (p - text < 6 || strncmp(p - 6, "__init__", 8))) {
                p++;
                continue;
            }
            *out++ = *p;
        } else if (*p == ']' && p[1] == '(') {
            const char *close = strpbrk(p, ")\n");

            if (close && *close == ')')
                p = close;
        }
    }
    *out = '\0';
    return copy;
}

/* A code span at `at` with its backquotes, or NULL. */
static const char *span_end(const char *at)
{
    const char *close = *at == '`' && at[1] != '`' ? strpbrk(at + 1, "`\n") : NULL;

    return close && *close == '`' ? close + 1 : NULL;
}

static const char *heading_trim(apr_pool_t *pool, const char *title)
{
    const char *text = unlinked(pool, title);
    const char *number = text;
    apr_size_t length;

    number += strspn(number, "0123456789.)");
    if (number > text && *number == ' ')
        text = number;
    text += strspn(text, " \t");
    length = strcspn(text, "\n");
    if (strstr(text, " {#"))
        length = (apr_size_t)(strstr(text, " {#") - text);
    while (length > 0 && strchr(" \t:", text[length - 1]))
        length--;
    return apr_pstrndup(pool, text, length);
}

/* "name(arguments)" and nothing else: "name()" */
static const char *call_of(apr_pool_t *pool, const char *text)
{
    apr_size_t name = 0;
    apr_size_t length = strlen(text);

    while (isalnum((unsigned char)text[name]) || (text[name] && strchr("_.:$", text[name])))
        name++;
    if (name == 0 || text[name] != '(' || text[length - 1] != ')')
        return NULL;
    return apr_pstrcat(pool, apr_pstrndup(pool, text, name), "()", NULL);
}

apr_array_header_t *docgen_heading_names(apr_pool_t *pool, const char *title)
{
    static const char *const noise[] = {
        "the",     "a",       "file",   "files",     "module", "modules",   "package",
        "header",  "crate",   "crates", "library",   "folder", "directory", "function",
        "class",   "struct",  "type",   "method",    "macro",  "functions", "packages",
        "headers", "classes", "types",  "functions", "macros", "interface", NULL};
    apr_array_header_t *names = apr_array_make(pool, 4, sizeof(const char *));
    const char *text = strlen(title) < TITLE_BYTES ? heading_trim(pool, title) : "";
    const char *call = *text ? call_of(pool, text) : NULL;

    if (call)
        APR_ARRAY_PUSH(names, const char *) = call;
    for (const char *at = call ? "" : text; *at;) {
        const char *end = span_end(at);
        apr_size_t length = end ? (apr_size_t)(end - at) : strcspn(at, " \t,;&");

        if (isspace((unsigned char)*at)) {
            at++;
        } else if (joint_length(at)) {
            at += joint_length(at);
        } else if (!end && is_word(at, length, noise)) {
            at += length;
        } else if (length == 0 || (*at == '`' && !end) || names->nelts == NAMES_MAX) {
            return NULL;
        } else {
            APR_ARRAY_PUSH(names, const char *) = apr_pstrndup(pool, at, length);
            at += length;
        }
    }
    return names->nelts ? names : NULL;
}

/* A bare word that can only be a path: "src/x.c", "x.c". */
static apr_size_t path_length(const char *at)
{
    apr_size_t length = 0;
    int mark = 0;

    while (isalnum((unsigned char)at[length]) || (at[length] && strchr("_-./+", at[length]))) {
        mark |= at[length] == '/' || (at[length] == '.' && isalpha((unsigned char)at[length + 1]));
        length++;
    }
    while (length > 0 && at[length - 1] == '.')
        length--;
    return mark && length > 3 ? length : 0;
}

/* The names an item begins with; @return what follows them */
static const char *names_read(apr_pool_t *pool, const char *text, apr_array_header_t *names)
{
    const char *at = text;

    for (;;) {
        const char *end;
        apr_size_t length;

        at += strspn(at, " \t\n");
        end = span_end(at);
        length = end ? (apr_size_t)(end - at) : path_length(at);
        if (length == 0 || names->nelts == NAMES_MAX)
            return at;
        APR_ARRAY_PUSH(names, const char *) = apr_pstrndup(pool, at, length);
        at += length;
        end = at + strspn(at, " \t\n");
        if (!joint_length(end))
            return at;
        while (joint_length(end)) { /* ", and" */
            end += joint_length(end);
            end += strspn(end, " \t\n");
        }
        if (!span_end(end) && !path_length(end))
            return at;
        at = end;
    }
}

/* The width of a list marker with its spaces, or 0. */
static apr_size_t marker_length(const char *line, apr_size_t *indent)
{
    apr_size_t at = strspn(line, " ");
    apr_size_t digits = strspn(line + at, "0123456789");
    apr_size_t mark = 0;

    *indent = at;
    if (at > 12)
        return 0;
    if (digits > 0 && digits < 4 && (line[at + digits] == '.' || line[at + digits] == ')'))
        mark = digits + 1;
    else if (*(line + at) && strchr("-*+", line[at]))
        mark = 1;
    if (!mark || line[at + mark] != ' ')
        return 0;
    return at + mark + strspn(line + at + mark, " ");
}

static void item_add(apr_pool_t *pool, apr_array_header_t *items, const char *body,
                     const char *start, const char *end, const char *text, const char *head)
{
    apr_array_header_t *names;
    const char *rest;
    docgen_routed_item *item;

    if (strlen(text) > ITEM_BYTES || items->nelts == ITEMS_MAX)
        return;
    names = apr_array_make(pool, 2, sizeof(const char *));
    rest = names_read(pool, unlinked(pool, text), names);
    if (names->nelts == 0)
        return;
    item = apr_array_push(items);
    item->names = names;
    item->rest = rest;
    item->text = head ? head : text;
    item->start = (apr_size_t)(start - body);
    item->end = (apr_size_t)(end - body);
    item->row = head != NULL;
}

/* An item's paragraph: up to a blank line, the next item or a fence. @return where it ends */
static const char *item_read(apr_pool_t *pool, apr_array_header_t *items, const char *body,
                             const char *line, apr_size_t width)
{
    docgen_buffer *text = docgen_buffer_create(pool);
    const char *end = line_end(line);
    const char *next = *end ? end + 1 : end;
    apr_size_t indent;

    docgen_buffer_append(text, line + width, (apr_size_t)(end - line - (long)width));
    while (*next && !is_blank_line(next) && !marker_length(next, &indent) && !fence_of(next) &&
           *next != '|' && *next != '#') {
        const char *from = next + strspn(next, " \t");

        end = line_end(next);
        docgen_buffer_puts(text, "\n");
        docgen_buffer_append(text, from, (apr_size_t)(end - from));
        next = *end ? end + 1 : end;
    }
    item_add(pool, items, body, line, end, apr_pstrdup(pool, text->data), NULL);
    docgen_buffer_free(text);
    return next;
}

/* "|---|:-:|" */
static int is_delimiter(const char *line)
{
    const char *end = line_end(line);

    return line < end && memchr(line, '-', (size_t)(end - line)) &&
           (apr_size_t)(end - line) == strspn(line, "|-: \t");
}

/* The rows of a table, whose head stands at `line`. @return the line behind it */
static const char *table_read(apr_pool_t *pool, apr_array_header_t *items, const char *body,
                              const char *line)
{
    const char *end = line_end(line_end(line) + 1);
    const char *head = apr_pstrndup(pool, line, (apr_size_t)(end - line));
    const char *next = *end ? end + 1 : end;

    while (*next && !is_blank_line(next) &&
           strchr(apr_pstrndup(pool, next, strcspn(next, "\n")), '|')) {
        const char *row = apr_pstrndup(pool, next, strcspn(next, "\n"));
        const char *cell = row + strspn(row, " \t|");
        const char *rest = strchr(cell, '|');

        if (rest && rest > cell) {
            const char *first = apr_pstrndup(pool, cell, (apr_size_t)(rest - cell));

            item_add(pool, items, body, next, line_end(next),
                     apr_pstrcat(pool, first, ": ", rest + 1, NULL),
                     apr_pstrcat(pool, head, "\n", row, NULL));
        }
        end = line_end(next);
        next = *end ? end + 1 : end;
    }
    return next;
}

apr_array_header_t *docgen_routed_items(apr_pool_t *pool, const char *body)
{
    apr_array_header_t *items = apr_array_make(pool, 8, sizeof(docgen_routed_item));
    int fence = 0;

    for (const char *line = body; *line;) {
        const char *end = line_end(line);
        int mark = fence_of(line);
        apr_size_t indent;
        apr_size_t width = fence ? 0 : marker_length(line, &indent);

        if (width && !mark) {
            line = item_read(pool, items, body, line, width);
            continue;
        }
        if (!fence && !mark && *end && is_delimiter(end + 1) &&
            memchr(line, '|', (size_t)(end - line)) &&
            memchr(end + 1, '|', strcspn(end + 1, "\n"))) {
            line = table_read(pool, items, body, line);
            continue;
        }
        fence = fence ? (mark == fence ? 0 : fence) : mark;
        line = *end ? end + 1 : end;
    }
    return items;
}
