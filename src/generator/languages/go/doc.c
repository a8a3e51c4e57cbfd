/* Go's doc comments (go.dev/doc/comment) as Markdown: paragraphs, headings, lists, code, links by name.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

#define LINK_MAX 200 /* bytes of a link's text */

typedef struct reader {
    docgen_doc_builder *b;
    apr_hash_t *links;   /* the text of "[text]: URL" lines → URL */
    docgen_buffer *line; /* of prose in the making */
    int blank;           /* the line before was blank, or there is none */
} reader;

typedef struct line {
    const char *text;
    apr_size_t length, indent;
} line;

static line line_at(const char *text)
{
    line l = {text, strcspn(text, "\n"), 0};

    l.indent = strspn(text, " \t");
    l.indent = l.indent > l.length ? l.length : l.indent;
    return l;
}

static const char *next_line(const line *l)
{
    return l->text + l->length + (l->text[l->length] == '\n');
}

static int is_blank(const line *l)
{
    return l->indent == l->length;
}

/* "[text]: URL" on a line of its own; `*url` receives where the URL begins. */
static int is_definition(const line *l, const char **url)
{
    const char *close = l->length > 5 && *l->text == '['
                            ? memchr(l->text, ']', l->length > LINK_MAX ? LINK_MAX : l->length)
                            : NULL;
    const char *end = l->text + l->length;

    if (!close || end - close < 4 || close[1] != ':' || close[2] != ' ') {
        return 0;
    }
    *url = close + 2 + strspn(close + 2, " ");
    return memmem(*url, (apr_size_t)(end - *url), "://", 3) != NULL;
}

static void find_links(reader *r, const char *text)
{
    while (*text) {
        line l = line_at(text);
        const char *url;

        if (is_definition(&l, &url)) {
            const char *close = memchr(l.text, ']', l.length);

            apr_hash_set(r->links,
                         apr_pstrmemdup(r->b->pool, l.text + 1, (apr_size_t)(close - l.text) - 1),
                         APR_HASH_KEY_STRING,
                         apr_pstrmemdup(r->b->pool, url, (apr_size_t)(l.text + l.length - url)));
        }
        text = next_line(&l);
    }
}

/* "Name", "*Name.Method", "pkg.Name", "path/pkg.Name": what a link by name may say. */
static int is_name(const char *p, const char *end)
{
    int capital = 0;

    p += p < end && *p == '*';
    if (p >= end || !(isalpha((unsigned char)*p) || *p == '_')) {
        return 0;
    }
    for (const char *q = p; q < end; q++) {
        if (!isalnum((unsigned char)*q) && !strchr("_./-", *q)) {
            return 0;
        }
        capital |= isupper((unsigned char)*q) && (q == p || q[-1] == '.');
    }
    return capital || memchr(p, '/', (apr_size_t)(end - p)) != NULL;
}

static int is_apart(char c)
{
    return !c || isspace((unsigned char)c) || ispunct((unsigned char)c);
}

/* A link at `p` ("["). @return behind it, or NULL when it is plain text */
static const char *link_at(reader *r, const char *start, const char *p, const char *end)
{
    apr_size_t most = (apr_size_t)(end - p) > LINK_MAX ? LINK_MAX : (apr_size_t)(end - p);
    const char *close = memchr(p, ']', most), *url;

    if (!close || close == p + 1 || (p > start && !is_apart(p[-1])) ||
        (close + 1 < end && !is_apart(close[1]))) {
        return NULL;
    }
    url = apr_hash_get(r->links, p + 1, close - p - 1);
    if (url) {
        docgen_buffer_printf(r->line, "[%.*s](%s)", (int)(close - p - 1), p + 1, url);
        return close + 1;
    }
    if (!is_name(p + 1, close)) {
        return NULL;
    }
    p += p[1] == '*';
    docgen_buffer_printf(r->line, "`%.*s`", (int)(close - p - 1), p + 1);
    return close + 1;
}

/* Prose has no inline marks but links; code in backquotes is what many write all the same. */
static const char *prose(reader *r, const char *p, apr_size_t length)
{
    const char *start = p, *end = p + length;
    int code = 0;

    docgen_buffer_clear(r->line);
    while (p < end) {
        const char *after = !code && *p == '[' ? link_at(r, start, p, end) : NULL;

        if (after) {
            p = after;
            continue;
        }
        if (*p == '`') {
            code = code ? 0 : memchr(p + 1, '`', (apr_size_t)(end - p) - 1) != NULL;
        } else if (!code && (*p == '*' || *p == '[' ||
                             (*p == '_' && (p == start || !isalnum((unsigned char)p[-1]))))) {
            docgen_buffer_puts(r->line, p == start && *p == '*' && p[1] == ' ' ? "" : "\\");
        }
        docgen_buffer_append(r->line, p++, 1);
    }
    return r->line->length ? r->line->data : "";
}

static void prose_line(reader *r, const char *before, const char *p, apr_size_t length)
{
    const char *text = apr_pstrcat(r->b->pool, before, prose(r, p, length), NULL);

    docgen_doc_line(r->b, text, strlen(text));
}

/* A list's mark: "- ", "* ", "+ ", "• ", "1. ", "1) ". @return bytes of it with the blanks behind it, or 0 */
static apr_size_t list_mark(const char *p, const char *end)
{
    const char *q = p;

    if (p < end && strchr("-*+", *p)) {
        q = p + 1;
    } else if (end - p > 3 && !strncmp(p, "\xe2\x80\xa2", 3)) {
        q = p + 3;
    } else {
        while (q < end && isdigit((unsigned char)*q) && q - p < 9) {
            q++;
        }
        if (q == p || q >= end || (*q != '.' && *q != ')')) {
            return 0;
        }
        q++;
    }
    if (q >= end || (*q != ' ' && *q != '\t')) {
        return 0;
    }
    while (q < end && (*q == ' ' || *q == '\t')) {
        q++;
    }
    return (apr_size_t)(q - p);
}

/* The items of a list: its indented lines up to `end`. */
static void list(reader *r, const char *text, const char *end)
{
    const char *pad = "";

    while (text < end) {
        line l = line_at(text);
        const char *p = l.text + l.indent;
        apr_size_t mark = list_mark(p, l.text + l.length);

        if (is_blank(&l)) {
            docgen_doc_line(r->b, "", 0);
        } else if (mark) {
            const char *number = apr_pstrmemdup(r->b->pool, p, strspn(p, "0123456789"));

            pad = *number ? "    " : "  ";
            prose_line(r, *number ? apr_pstrcat(r->b->pool, number, ". ", NULL) : "- ", p + mark,
                       l.length - l.indent - mark);
        } else {
            prose_line(r, pad, p, l.length - l.indent);
        }
        text = next_line(&l);
    }
    docgen_doc_line(r->b, "", 0);
}

/* Bytes of white space that all lines up to `end` begin with. */
static apr_size_t common_prefix(const char *text, const char *end)
{
    const char *first = text;
    apr_size_t common = (apr_size_t)-1;

    while (text < end) {
        line l = line_at(text);

        if (!is_blank(&l)) {
            apr_size_t n = 0;

            while (n < l.indent && n < common && l.text[n] == first[n]) {
                n++;
            }
            common = n;
        }
        text = next_line(&l);
    }
    return common;
}

static void code(reader *r, const char *text, const char *end)
{
    apr_size_t common = common_prefix(text, end);

    docgen_doc_line(r->b, "```go", 5);
    while (text < end) {
        line l = line_at(text);

        docgen_doc_line(r->b, is_blank(&l) ? "" : l.text + common,
                        is_blank(&l) ? 0 : l.length - common);
        text = next_line(&l);
    }
    docgen_doc_line(r->b, "```", 3);
    docgen_doc_line(r->b, "", 0);
}

/* The indented lines that begin at `text`, blank ones between them included: a list or code. @return behind them */
static const char *indented(reader *r, const char *text)
{
    line first = line_at(text);
    const char *end = text, *at = text;

    while (*at) {
        line l = line_at(at);

        if (!is_blank(&l) && !l.indent) {
            break;
        }
        at = next_line(&l);
        end = is_blank(&l) ? end : at;
    }
    if (!r->blank) {
        docgen_doc_line(r->b, "", 0);
    }
    if (list_mark(first.text + first.indent, first.text + first.length)) {
        list(r, text, end);
    } else {
        code(r, text, end);
    }
    return end;
}

/* "go:generate …", "nolint:errcheck", "export Name": lines for tools. */
static int is_directive(const line *l)
{
    const char *p = l->text, *end = l->text + l->length;

    if (l->length > 7 && !strncmp(p, "export ", 7)) {
        for (p += 7; p < end && (isalnum((unsigned char)*p) || *p == '_'); p++) {
        }
        return p == end;
    }
    while (p < end && (islower((unsigned char)*p) || isdigit((unsigned char)*p))) {
        p++;
    }
    return p > l->text && p + 1 < end && *p == ':' &&
           (islower((unsigned char)p[1]) || isdigit((unsigned char)p[1]));
}

static void plain_line(reader *r, const line *l)
{
    const char *url;

    if (r->blank && l->length > 11 && !strncmp(l->text, "Deprecated:", 11)) {
        docgen_doc_open(r->b, "deprecated", NULL, NULL);
        prose_line(r, "", l->text + 11 + strspn(l->text + 11, " "),
                   l->length - 11 - strspn(l->text + 11, " "));
    } else if (r->blank && l->length > 2 && !strncmp(l->text, "# ", 2)) {
        prose_line(r, "# ", l->text + 2, l->length - 2);
    } else if (!is_definition(l, &url) && !is_directive(l)) {
        prose_line(r, "", l->text, l->length);
    }
}

/* "//nolint:x" has no blank behind its mark, so that the other lines kept theirs: one of each. */
static const char *without_margin(apr_pool_t *pool, const char *text)
{
    int directives = 0, others = 0;
    char *copy, *out;

    for (const char *p = text; *p;) {
        line l = line_at(p);

        directives += !l.indent && is_directive(&l);
        others += !l.indent && !is_blank(&l) && !is_directive(&l);
        p = next_line(&l);
    }
    if (!directives || others) {
        return text;
    }
    copy = out = apr_palloc(pool, strlen(text) + 1);
    for (const char *p = text; *p;) {
        line l = line_at(p);
        const char *after = next_line(&l);
        apr_size_t skip = l.indent && *l.text == ' ';

        memcpy(out, l.text + skip, (apr_size_t)(after - l.text) - skip);
        out += (apr_size_t)(after - l.text) - skip;
        p = after;
    }
    *out = '\0';
    return copy;
}

void docgen_doc_go(docgen_doc_builder *builder, const char *text)
{
    reader r = {.b = builder, .links = apr_hash_make(builder->pool), .blank = 1};

    r.line = docgen_buffer_create(builder->pool);
    text = without_margin(builder->pool, text);
    find_links(&r, text);
    while (*text) {
        line l = line_at(text);

        if (is_blank(&l)) {
            if (builder->field) {
                docgen_doc_prose(builder);
            }
            docgen_doc_line(builder, "", 0);
            r.blank = 1;
            text = next_line(&l);
        } else if (l.indent) {
            text = indented(&r, text);
            r.blank = 1;
        } else {
            plain_line(&r, &l);
            r.blank = 0;
            text = next_line(&l);
        }
    }
    docgen_buffer_free(r.line);
}
