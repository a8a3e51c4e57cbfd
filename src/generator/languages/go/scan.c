/* Go: the package clause, imports, and the declarations at the top of a file.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"
#include "generator/languages/go/go.h"

typedef struct reader {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
} reader;

static docgen_visibility visibility(const char *name)
{
    /* Capitals outside ASCII exist but are rare; UTF-8 letters count as lower case here. */
    return isupper((unsigned char)*name) ? DOCGEN_VISIBLE_PUBLIC : DOCGEN_VISIBLE_PRIVATE;
}

static const docgen_doc *doc_above(const reader *r, int line)
{
    return docgen_doc_parse(r->source->pool, docgen_source_comment_above(r->source, line, NULL),
                            DOCGEN_DOC_GO);
}

static const docgen_doc *doc_of(const reader *r, int line)
{
    const docgen_doc *doc = doc_above(r, line);

    return doc ? doc
               : docgen_doc_parse(r->source->pool, docgen_source_comment_beside(r->source, line),
                                  DOCGEN_DOC_GO);
}

/* The end of a statement: the next token on a later line that does not continue it. */
static int statement_end(const reader *r, int i)
{
    while (i < r->t.count) {
        int next = docgen_token_skip(&r->t, i);
        const docgen_token *last = &r->t.items[next - 1], *after = &r->t.items[next];

        if (docgen_token_is(&r->t, next, ";") || docgen_token_is(&r->t, next, ")") ||
            docgen_token_is(&r->t, next, "}") || next >= r->t.count) {
            return next;
        }
        if (after->line > last->line &&
            !(last->kind == DOCGEN_TOKEN_PUNCT && strchr(",.+-*/|&=<:", last->ch))) {
            return next;
        }
        i = next;
    }
    return i;
}

static docgen_symbol *add(reader *r, apr_array_header_t *into, docgen_symbol *parent,
                          const char *kind, int name, int start, int end)
{
    const docgen_token *last = &r->t.items[end > start ? end - 1 : start];
    docgen_symbol *symbol =
        docgen_symbol_add(r->source, into, parent, kind, docgen_token_text(&r->t, name),
                          r->t.items[name].line, docgen_source_line(r->source, last->end - 1));

    symbol->visibility = visibility(symbol->name);
    if (parent && parent->visibility != DOCGEN_VISIBLE_PUBLIC) {
        symbol->visibility = DOCGEN_VISIBLE_PRIVATE;
    }
    symbol->traits |= symbol->visibility == DOCGEN_VISIBLE_PUBLIC ? DOCGEN_SYMBOL_EXPORTED : 0;
    symbol->signature =
        docgen_source_signature(r->source, r->t.items[start].start, r->t.items[end - 1].end);
    return symbol;
}

static void note_deprecation(docgen_symbol *symbol)
{
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
}

/* Fields of a struct and methods of an interface. */
static void members(reader *r, docgen_symbol *owner, int brace, int is_interface)
{
    int close = r->t.items[brace].match;
    apr_array_header_t *into = docgen_symbol_members(r->source, owner);

    for (int i = brace + 1; i < close;) {
        int end = statement_end(r, i), name = i;
        docgen_symbol *member;

        end = end > close ? close : end;
        if (r->t.items[i].kind == DOCGEN_TOKEN_WORD || docgen_token_is(&r->t, i, "*")) {
            const docgen_doc *doc = doc_of(r, r->t.items[i].line);
            int method = is_interface && docgen_token_is(&r->t, i + 1, "(");
            int embedded = !method && (end == i + 1 || docgen_token_is(&r->t, i, "*") ||
                                       docgen_token_is(&r->t, i + 1, ".") ||
                                       docgen_token_is(&r->t, i + 1, "|") ||
                                       r->t.items[i + 1].kind == DOCGEN_TOKEN_STRING);

            if (embedded) {
                const char *text = docgen_source_squeeze(r->source, r->t.items[i].start,
                                                         r->t.items[end - 1].end, 200);

                if (!owner->bases) {
                    owner->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
                }
                APR_ARRAY_PUSH(owner->bases, const char *) =
                    is_interface ? text
                                 : apr_pstrmemdup(r->source->pool, text, strcspn(text, " `\""));
            }
            while (!embedded && name < end && r->t.items[name].kind == DOCGEN_TOKEN_WORD) {
                member = add(r, into, owner, method ? "method" : "member", name, i, end);
                member->doc = doc;
                note_deprecation(member);
                if (!docgen_token_is(&r->t, name + 1, ",")) {
                    break;
                }
                name += 2;
            }
        }
        if (is_interface && docgen_token_is(&r->t, i, "~") && end > i) { /* ~int | ~float64 */
            if (!owner->bases) {
                owner->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
            }
            APR_ARRAY_PUSH(owner->bases, const char *) =
                docgen_source_squeeze(r->source, r->t.items[i].start, r->t.items[end - 1].end, 200);
        }
        i = end > i ? end : i + 1;
        i += docgen_token_is(&r->t, i, ";");
    }
}

static void type_spec(reader *r, int start, int i, int end, const docgen_doc *doc)
{
    const char *kind = "type";
    int body = -1, n = i + 1;
    docgen_symbol *symbol;

    if (r->t.items[i].kind != DOCGEN_TOKEN_WORD) {
        return;
    }
    if (docgen_token_is(&r->t, n, "[") && r->t.items[n].match > n + 1 &&
        !docgen_token_is(&r->t, r->t.items[n].match + 1, "]")) {
        n = docgen_token_skip(&r->t, n); /* type parameters; of an array type it is the length */
    }
    n += docgen_token_is(&r->t, n, "=");
    if (docgen_token_is(&r->t, n, "struct") || docgen_token_is(&r->t, n, "interface")) {
        kind = docgen_token_is(&r->t, n, "struct") ? "struct" : "interface";
        body = docgen_token_is(&r->t, n + 1, "{") ? n + 1 : -1;
    }
    symbol = add(r, r->unit->symbols, NULL, kind, i, start, end);
    symbol->doc = doc ? doc : doc_of(r, r->t.items[i].line);
    note_deprecation(symbol);
    if (body >= 0) {
        members(r, symbol, body, *kind == 'i');
        symbol->signature =
            docgen_source_signature(r->source, r->t.items[start].start, r->t.items[body].start);
        if (start == i) {
            symbol->signature = apr_pstrcat(r->source->pool, "type ", symbol->signature, NULL);
        }
        symbol->signature = apr_pstrcat(r->source->pool, symbol->signature, " { … }", NULL);
    }
}

/* const and var: names before the type or '='. */
static void value_spec(reader *r, const char *kind, int start, int i, int end,
                       const docgen_doc *doc)
{
    for (; i < end && r->t.items[i].kind == DOCGEN_TOKEN_WORD; i += 2) {
        docgen_symbol *symbol = add(r, r->unit->symbols, NULL, kind, i, start, end);

        symbol->doc = doc ? doc : doc_of(r, r->t.items[i].line);
        if (strlen(symbol->signature) > 200) {
            symbol->signature = docgen_source_squeeze(r->source, r->t.items[start].start,
                                                      r->t.items[end - 1].end, 200);
        }
        note_deprecation(symbol);
        if (!docgen_token_is(&r->t, i + 1, ",")) {
            break;
        }
    }
}

static void import_spec(reader *r, int i, int end)
{
    for (int n = i; n < end; n++) {
        if (r->t.items[n].kind == DOCGEN_TOKEN_STRING) {
            const char *as = n > i ? docgen_token_text(&r->t, n - 1) : NULL;

            docgen_import_add(r->source, r->unit, docgen_token_string(&r->t, n), NULL, as,
                              r->t.items[n].line, 0);
            return;
        }
    }
}

/* type, const, var, import: one specification or a group in parentheses. */
static int group(reader *r, int i)
{
    int keyword = i, end;
    const docgen_doc *doc = doc_above(r, r->t.items[i].line);
    int type = docgen_token_is(&r->t, i, "type"), import = docgen_token_is(&r->t, i, "import");
    const char *kind = docgen_token_is(&r->t, i, "const") ? "constant" : "variable";

    i++;
    if (docgen_token_is(&r->t, i, "(")) {
        int close = r->t.items[i].match;

        for (i++; i < close; i = end + (docgen_token_is(&r->t, end, ";") ? 1 : 0)) {
            end = statement_end(r, i);
            end = end > close ? close : end;
            if (end <= i) {
                end = i + 1;
            }
            if (import) {
                import_spec(r, i, end);
            } else if (type) {
                type_spec(r, i, i, end, NULL);
            } else {
                const docgen_doc *own = doc_of(r, r->t.items[i].line);

                value_spec(r, kind, i, i, end, own ? own : close - i < 60 ? doc : NULL);
            }
        }
        return close + 1;
    }
    end = statement_end(r, i);
    if (import) {
        import_spec(r, i, end);
    } else if (type) {
        type_spec(r, keyword, i, end, doc);
    } else {
        value_spec(r, kind, keyword, i, end, doc);
    }
    return end > i ? end : i + 1;
}

/* The receiver's type name: the last word of "(c *Context[T])" outside brackets. */
static const char *receiver(const reader *r, int open)
{
    const char *name = NULL;

    for (int i = open + 1; i < r->t.items[open].match; i = docgen_token_skip(&r->t, i)) {
        if (r->t.items[i].kind == DOCGEN_TOKEN_WORD) {
            name = docgen_token_text(&r->t, i);
        }
    }
    return name;
}

static docgen_impl *impl_of(reader *r, const char *type)
{
    docgen_impl *impl;

    for (int i = 0; i < r->unit->impls->nelts; i++) {
        impl = &APR_ARRAY_IDX(r->unit->impls, i, docgen_impl);
        if (!strcmp(impl->type, type)) {
            return impl;
        }
    }
    impl = apr_array_push(r->unit->impls);
    *impl =
        (docgen_impl){type, NULL, "", apr_array_make(r->source->pool, 4, sizeof(docgen_symbol *))};
    return impl;
}

static int function(reader *r, int i)
{
    int start = i++, name, n, end;
    const char *type = NULL;
    docgen_symbol *symbol;

    if (docgen_token_is(&r->t, i, "(")) {
        type = receiver(r, i);
        i = docgen_token_skip(&r->t, i);
    }
    name = i;
    if (name >= r->t.count || r->t.items[name].kind != DOCGEN_TOKEN_WORD) {
        return i + 1;
    }
    for (n = docgen_token_skip(&r->t, i); n < r->t.count; n = docgen_token_skip(&r->t, n)) {
        int previous = n - 1;

        if (docgen_token_is(&r->t, n, "{") && !docgen_token_is(&r->t, previous, "interface") &&
            !docgen_token_is(&r->t, previous, "struct")) {
            break;
        }
        if (r->t.items[n].line > docgen_source_line(r->source, r->t.items[previous].end - 1) &&
            !docgen_token_is(&r->t, previous, ",")) {
            break; /* a declaration without a body */
        }
    }
    end = docgen_token_is(&r->t, n, "{") ? docgen_token_skip(&r->t, n) : n;
    symbol = add(r, type ? impl_of(r, type)->members : r->unit->symbols, NULL,
                 type ? "method" : "function", name, start, end);
    symbol->signature =
        docgen_source_signature(r->source, r->t.items[start].start, r->t.items[n - 1].end);
    symbol->doc = doc_above(r, r->t.items[start].line);
    note_deprecation(symbol);
    if (!type && !strcmp(symbol->name, "main") && r->unit->package &&
        !strcmp(r->unit->package, "main")) {
        r->unit->entry_point = 1;
    }
    return end;
}

docgen_unit *docgen_scan_go(const docgen_source *source)
{
    reader r = {.source = source, .unit = docgen_unit_make(source)};

    docgen_tokens_read(&r.t, source, DOCGEN_LANG_GO);
    for (int i = 0; i < r.t.count;) {
        if (docgen_token_is(&r.t, i, "package") && !r.unit->package && i + 1 < r.t.count) {
            r.unit->package = docgen_token_text(&r.t, i + 1);
            r.unit->doc = doc_above(&r, r.t.items[i].line);
            if (r.unit->doc && docgen_comment_is_licence(r.unit->doc->summary)) {
                r.unit->doc = NULL;
            }
            i += 2;
        } else if (docgen_token_is(&r.t, i, "func")) {
            int next = function(&r, i);

            i = next > i ? next : i + 1;
        } else if (docgen_token_is(&r.t, i, "type") || docgen_token_is(&r.t, i, "const") ||
                   docgen_token_is(&r.t, i, "var") || docgen_token_is(&r.t, i, "import")) {
            int next = group(&r, i);

            i = next > i ? next : i + 1;
        } else {
            i = docgen_token_skip(&r.t, i);
        }
    }
    return r.unit;
}
