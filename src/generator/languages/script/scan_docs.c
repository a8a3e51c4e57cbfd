/* Doc comments of JavaScript and TypeScript, and the types that only a comment declares (@typedef, @callback).
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/script/script.h"

/* The last doc comment between a token and the one before it on the same line, or NULL. */
static const char *comment_between(const docgen_script *r, int i)
{
    const char *from = r->source->text + r->t.items[i - 1].end;
    const char *to = r->source->text + r->t.items[i].start;

    while (to - from >= 5 && to[-1] != '/') { /* blanks */
        to--;
    }
    for (const char *p = to - 3; p >= from && to - from >= 5 && to[-2] == '*'; p--) {
        if (p[0] == '/' && p[1] == '*') {
            return p[2] == '*' ? docgen_comment_strip(r->source->scratch, p, (apr_size_t)(to - p))
                               : NULL;
        }
    }
    return NULL;
}

/* The doc comment in the lines above, or NULL; plain comments are none. */
static const char *comment_above(const docgen_script *r, int line)
{
    int first;
    const char *text = docgen_source_comment_above(r->source, line, &first), *raw;
    apr_size_t stop;

    if (!text && line > 2) { /* some projects leave a blank line below the comment */
        raw = docgen_source_at(r->source, line - 1, &stop);
        if (raw + strspn(raw, " \t\r") >= r->source->text + stop) {
            text = docgen_source_comment_above(r->source, line - 1, &first);
        }
    }
    if (!text || !first) {
        return NULL;
    }
    raw = docgen_source_at(r->source, first, &stop);
    raw += strspn(raw, " \t");
    return strncmp(raw, "/**", 3) ? NULL : text;
}

/* The tag at the beginning of a line that declares a type, or NULL. */
static const char *find_declaration(const char *text)
{
    while (text && *text) {
        const char *word = text + strspn(text, " \t");

        if (!strncmp(word, "@typedef", 8) || !strncmp(word, "@callback", 9)) {
            return word;
        }
        text = strchr(text, '\n');
        text = text ? text + 1 : NULL;
    }
    return NULL;
}

const docgen_doc *docgen_script_doc(const docgen_script *r, int token)
{
    int line = r->t.items[token].line;
    const char *text;

    if (token > 0 && docgen_source_line(r->source, r->t.items[token - 1].end - 1) == line) {
        text = comment_between(r, token);
    } else {
        text = comment_above(r, line);
        text = text || token == 0 ? text : comment_between(r, token);
    }
    return find_declaration(text) ? NULL : docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_TAGS);
}

/* Adds the type that "@typedef {TYPE} NAME" or "@callback NAME" at `tag` declares; `doc` is its whole text. */
static void declare(docgen_script *r, const char *tag, const char *doc, int line, int end_line)
{
    apr_pool_t *pool = r->source->pool;
    const char *p = tag + 1 + strspn(tag + 1, "abcdefghijklmnopqrstuvwxyz"), *name, *stop = p;
    docgen_symbol *symbol;
    int depth = 0;

    p += strspn(p, " \t");
    if (*p == '{') {
        for (stop = p; *stop; stop++) {
            depth += (*stop == '{') - (*stop == '}');
            if (depth == 0) {
                break;
            }
        }
        p = *stop ? stop + 1 : stop;
    }
    p += strspn(p, " \t\n");
    name = apr_pstrmemdup(pool, p, strcspn(p, " \t\r\n<=;{}[]()*-"));
    if (!*name || *name == '@') {
        return;
    }
    symbol = docgen_symbol_add(r->source, r->unit->symbols, NULL, "type", name, line, end_line);
    symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
    symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
    symbol->signature = apr_pstrmemdup(pool, tag, (apr_size_t)(p - tag) + strlen(name));
    symbol->doc = docgen_doc_parse(pool, doc, DOCGEN_DOC_TAGS);
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
    symbol->traits |= docgen_doc_find(symbol->doc, "internal") ? DOCGEN_SYMBOL_HIDDEN : 0u;
}

/* One comment may declare several types, each from its tag to the next one. */
static void read_comment(docgen_script *r, const char *comment, apr_size_t length)
{
    const char *text = docgen_comment_strip(r->source->scratch, comment, length), *at = text;
    const char *tag = find_declaration(text), *next;
    int line = docgen_source_line(r->source, (apr_size_t)(comment - r->source->text));
    int end_line = docgen_source_line(r->source, (apr_size_t)(comment - r->source->text) + length);

    for (; tag; tag = next, at = next) {
        next = find_declaration(tag + 1);
        declare(r, tag,
                apr_pstrmemdup(r->source->scratch, at, next ? (apr_size_t)(next - at) : strlen(at)),
                line, end_line);
    }
}

void docgen_script_typedefs(docgen_script *r)
{
    const char *text = r->source->text;

    for (int i = 0; i <= r->t.count; i++) {
        const char *p = text + (i > 0 ? r->t.items[i - 1].end : 0);
        const char *end = text + (i < r->t.count ? r->t.items[i].start : r->source->length);

        while (end - p > 8 && (p = memmem(p, (apr_size_t)(end - p), "/**", 3)) != NULL) {
            const char *stop = memmem(p + 3, (apr_size_t)(end - p) - 3, "*/", 2);

            stop = stop ? stop + 2 : end;
            if (memmem(p, (apr_size_t)(stop - p), "@typedef", 8) ||
                memmem(p, (apr_size_t)(stop - p), "@callback", 9)) {
                read_comment(r, p, (apr_size_t)(stop - p));
            }
            p = stop;
        }
    }
}
