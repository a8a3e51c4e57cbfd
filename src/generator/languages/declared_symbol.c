/* Making the symbols of the declaration scanner: name, comment, signature, visibility, overloads.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/declared_parts.h"

#define MEMBERS_MAX 20000

const char *docgen_declared_name(const docgen_declared *r, int i)
{
    const docgen_token *token = &r->t.items[i];
    const char *text = r->source->text + token->start;
    apr_size_t length = token->end - token->start;

    if (length > 2 && *text == '`') {
        text++;
        length -= 2;
    }
    return apr_pstrmemdup(r->source->pool, text, length);
}

const char *docgen_declared_variable(const docgen_declared *r, const char *name)
{
    return name + (*name == '$' && r->grammar->separator == '\\');
}

/** One comment of the gap before a declaration. */
typedef struct comment {
    const char *start, *end;
} comment;

/** Reads the comments between two bytes. @param last receives the last doc comment, or {NULL}; lines of `///` are one */
static void comments_read(const char *p, const char *end, int same_line, comment *last)
{
    *last = (comment){NULL, NULL};
    while (p < end) {
        if (isspace((unsigned char)*p) || (unsigned char)*p & 0x80) { /* wide white space, too */
            same_line &= *p != '\n';
            p++;
        } else if (end - p > 3 && !memcmp(p, "/*", 2)) {
            const char *close = memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2);
            const char *stop = close ? close + 2 : end;

            if (p[2] == '*' && p[3] != '/' && p[3] != '*') {
                *last = (comment){p, stop};
            }
            /* A comment that ends a line of code tells of that line. */
            if (same_line && memchr(stop, '\n', (apr_size_t)(end - stop))) {
                *last = (comment){NULL, NULL};
            }
            p = stop;
        } else if (end - p > 1 && !memcmp(p, "//", 2)) {
            const char *newline = memchr(p, '\n', (apr_size_t)(end - p));
            const char *stop = newline ? newline : end;

            if (!same_line && end - p > 2 && p[2] == '/' && (end - p < 4 || p[3] != '/')) {
                int goes_on = last->start && !memcmp(last->start, "//", 2);

                *last = (comment){goes_on ? last->start : p, stop};
            }
            same_line = 0;
            p = stop;
        } else { /* a directive stands between, or code that is not read */
            const char *newline = memchr(p, '\n', (apr_size_t)(end - p));

            *last = *p == '#' ? *last : (comment){NULL, NULL};
            p = newline ? newline : end;
        }
    }
}

const docgen_doc *docgen_declared_doc(const docgen_declared *r, int i)
{
    apr_uint32_t from = i > 0 ? r->t.items[i - 1].end : 0, to = r->t.items[i].start;
    const char *text;
    comment last;

    if (to - from < 4) {
        return NULL;
    }
    comments_read(r->source->text + from, r->source->text + to,
                  i > 0 && !(r->t.items[i - 1].ch == '{' && r->t.items[i - 1].match > i), &last);
    if (!last.start) {
        return NULL;
    }
    text =
        docgen_comment_strip(r->source->scratch, last.start, (apr_size_t)(last.end - last.start));
    if (r->unit->symbols->nelts == 0 && docgen_comment_is_licence(text)) {
        return NULL;
    }
    return docgen_doc_parse(r->source->pool, text, r->grammar->doc);
}

/** A doc comment on the same line behind an enum's value or a field. */
static const docgen_doc *doc_beside(const docgen_declared *r, int end)
{
    const docgen_token *last = &r->t.items[end - 1];
    const char *p = r->source->text + last->end, *stop = r->source->text + r->source->length;
    const char *close;

    p += strspn(p, " \t,;");
    if (stop - p < 4 || memcmp(p, "/**", 3) || p[3] == '/') {
        return NULL;
    }
    close = memmem(p + 3, (apr_size_t)(stop - p) - 3, "*/", 2);
    if (!close || close[2 + strspn(close + 2, " \t\r")] != '\n') {
        return NULL;
    }
    return docgen_doc_parse(
        r->source->pool, docgen_comment_strip(r->source->scratch, p, (apr_size_t)(close + 2 - p)),
        r->grammar->doc);
}

/** A wrapped signature without the comments between its parameters. */
static const char *without_comments(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text), *o = copy, *line = copy;

    for (const char *p = text; *p;) {
        const char *close = p[0] == '/' && p[1] == '*' ? strstr(p, "*/") : NULL;

        if (close) {
            p = close + 2;
            continue;
        }
        *o++ = *p;
        if (*p++ == '\n') {
            char *first = line;

            while (*first == ' ' || *first == '\t') {
                first++;
            }
            if (*first == '\n') {
                o = line; /* a comment stood alone on its line */
            }
            line = o;
        }
    }
    *o = '\0';
    return copy;
}

static const char *signature(const docgen_declared *r, const docgen_head *head, int stop)
{
    const char *text =
        docgen_source_signature(r->source, r->t.items[head->start].start, r->t.items[stop - 1].end);

    if (strstr(text, "/*")) {
        text = without_comments(r->source->pool, text);
    }
    return *head->shown ? apr_pstrcat(r->source->pool, head->shown, text, NULL) : text;
}

/** What an annotation says of a deprecation, when the comment does not. */
static const docgen_doc *with_deprecation(const docgen_declared *r, const docgen_doc *doc,
                                          const char *why)
{
    docgen_doc *copy = apr_pcalloc(r->source->pool, sizeof(*copy));
    docgen_doc_field *field;

    if (doc) {
        *copy = *doc;
        copy->fields = apr_array_copy(r->source->pool, doc->fields);
    } else {
        copy->summary = copy->body = "";
        copy->fields = apr_array_make(r->source->pool, 1, sizeof(docgen_doc_field));
    }
    field = apr_array_push(copy->fields);
    *field = (docgen_doc_field){"deprecated", NULL, NULL, apr_pstrdup(r->source->pool, why)};
    return copy;
}

/** A further declaration of a name goes with the first when both are functions. @return 0 = the name is new */
static int place_overload(docgen_declared *r, docgen_scope *scope, docgen_symbol *symbol)
{
    docgen_symbol *first;

    if (!scope->names) {
        scope->names = apr_hash_make(r->source->scratch);
    }
    first = apr_hash_get(scope->names, symbol->name, APR_HASH_KEY_STRING);
    if (!first || strcmp(first->kind, symbol->kind) || first->visibility != symbol->visibility) {
        if (!first) {
            apr_hash_set(scope->names, symbol->name, APR_HASH_KEY_STRING, symbol);
        }
        return 0;
    }
    if (!first->overloads) {
        first->overloads = apr_array_make(r->source->pool, 2, sizeof(docgen_symbol *));
    }
    APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = symbol;
    symbol->traits |= DOCGEN_SYMBOL_OVERLOAD;
    return 1;
}

docgen_symbol *docgen_declared_add(docgen_declared *r, docgen_scope *scope, const docgen_head *head,
                                   const char *kind, const char *name, int at, int stop, int end)
{
    const docgen_token *last = &r->t.items[end > at ? end - 1 : at];
    int callable = !strcmp(kind, "method") || !strcmp(kind, "function");
    docgen_symbol *symbol = docgen_symbol_add(
        r->source, NULL, scope->owner, kind, name, r->t.items[at].line,
        docgen_source_line(r->source, last->end > last->start ? last->end - 1 : last->start));

    symbol->visibility = head->visibility;
    if (scope->owner && scope->owner->visibility > symbol->visibility) {
        symbol->visibility = scope->owner->visibility;
    }
    if (*name == '_' && r->grammar->underscore > symbol->visibility) {
        symbol->visibility = r->grammar->underscore;
    }
    symbol->traits = head->traits;
    if (stop > head->start) {
        symbol->signature = signature(r, head, stop);
    }
    symbol->doc = docgen_declared_doc(r, head->first);
    if (!symbol->doc && !callable && end > at) {
        symbol->doc = doc_beside(r, end);
    }
    if (head->deprecation && !docgen_doc_find(symbol->doc, "deprecated")) {
        symbol->doc = with_deprecation(r, symbol->doc, head->deprecation);
    }
    symbol->deprecated = head->deprecated || docgen_doc_find(symbol->doc, "deprecated") != NULL;
    if (head->hidden || docgen_doc_find(symbol->doc, "internal")) {
        symbol->traits |= DOCGEN_SYMBOL_HIDDEN;
        if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
            symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
        }
    }
    if (scope->into->nelts < MEMBERS_MAX && !(callable && place_overload(r, scope, symbol))) {
        APR_ARRAY_PUSH(scope->into, docgen_symbol *) = symbol;
    }
    return symbol;
}
