/* Rust: items with their visibility, impl blocks, and the `mod` and `use` declarations that shape a crate.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"
#include "generator/languages/rust/macros.h"
#include "generator/languages/rust/rust.h"

#define DEPTH_MAX  24
#define EXPAND_MAX 16 /* macros that call macros */

/* What stands before an item: attributes and visibility. */
typedef struct prefix {
    int start; /* first token, attributes included */
    int item;  /* first token behind attributes */
    int public, restricted, test, hidden, macro_export, deprecated;
    int derive;               /* the token of the name that #[proc_macro_derive(NAME)] gives */
    const char *macro_form;   /* of a procedural macro: how it is called, with "%s" for its name */
    const char *doc;          /* what #[doc = "…"] says, or NULL */
    const char *include;      /* the file that #[doc = include_str!("…")] takes in, or NULL */
    const char *since, *note; /* of #[deprecated(…)] */
} prefix;

typedef struct reader {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
    prefix inner;  /* what the file's own attributes (#![…]) say of it */
    int inner_end; /* the token behind them */
    docgen_rust_macros *macros;
    int expanded; /* this text is what a macro made; so many macros deep */
} reader;

/* Where items go: the file, an inline module, or a trait or impl. */
typedef struct place {
    apr_array_header_t *into;
    docgen_symbol *parent;
    const char *scope; /* inline modules, "a::b" */
    int all_public;    /* members of traits and enums have no `pub` of their own */
    int depth;
    const char *kind; /* of functions here */
} place;

static void items(reader *r, int i, int end, const place *where);

static int contains_word(const reader *r, int from, int to, const char *word)
{
    for (int i = from; i < to; i++) {
        if (docgen_token_is(&r->t, i, word)) {
            return 1;
        }
    }
    return 0;
}

/* Procedural macros are functions in the text and macros to users. */
static void read_macro_attribute(const reader *r, int open, prefix *p)
{
    if (docgen_token_is(&r->t, open + 1, "proc_macro_derive")) {
        p->derive = open + 3;
        p->macro_form = "#[derive(%s)]";
    } else if (docgen_token_is(&r->t, open + 1, "proc_macro_attribute")) {
        p->macro_form = "#[%s]";
    } else if (docgen_token_is(&r->t, open + 1, "proc_macro")) {
        p->macro_form = "%s!(…)";
    }
}

/* What concat!("…", stringify!(…)) at `i` says. */
static const char *concatenated(const reader *r, int i)
{
    int close = r->t.items[i + 2].match;
    const char *text = "";

    for (int n = i + 3; n < close; n = docgen_token_skip(&r->t, n)) {
        if (r->t.items[n].kind == DOCGEN_TOKEN_STRING) {
            text = apr_pstrcat(r->source->pool, text, docgen_token_string(&r->t, n), NULL);
        } else if (docgen_token_is(&r->t, n, "stringify") && docgen_token_is(&r->t, n + 1, "!") &&
                   docgen_token_is(&r->t, n + 2, "(") && r->t.items[n + 2].match > n + 3) {
            text =
                apr_pstrcat(r->source->pool, text,
                            docgen_source_squeeze(r->source, r->t.items[n + 3].start,
                                                  r->t.items[r->t.items[n + 2].match].start, 200),
                            NULL);
        }
    }
    return text;
}

/* The string behind "WORD =" between two tokens, or NULL. */
static const char *string_of(const reader *r, int from, int to, const char *word)
{
    for (int i = from; i + 2 < to; i++) {
        if (!docgen_token_is(&r->t, i, word) || !docgen_token_is(&r->t, i + 1, "=")) {
            continue;
        }
        if (r->t.items[i + 2].kind == DOCGEN_TOKEN_STRING) {
            return docgen_token_string(&r->t, i + 2);
        }
        if (docgen_token_is(&r->t, i + 2, "concat") && docgen_token_is(&r->t, i + 3, "!") &&
            docgen_token_is(&r->t, i + 4, "(")) {
            return concatenated(r, i + 2);
        }
    }
    return NULL;
}

/* #[doc = "…"] is a line of documentation; #[deprecated(since = "…", note = "…")] says since when and what instead. */
static void read_text_attribute(const reader *r, int open, int close, prefix *p)
{
    if (docgen_token_is(&r->t, open + 1, "doc")) {
        const char *line = string_of(r, open + 1, close, "doc");

        if (docgen_token_is(&r->t, open + 3, "include_str") &&
            docgen_token_is(&r->t, open + 5, "(") && open + 6 < close &&
            r->t.items[open + 6].kind == DOCGEN_TOKEN_STRING) {
            p->include = docgen_token_string(&r->t, open + 6);
        }

        if (line) {
            p->doc = p->doc ? apr_pstrcat(r->source->pool, p->doc, "\n", line, NULL) : line;
        }
    } else if (docgen_token_is(&r->t, open + 1, "deprecated")) {
        p->deprecated = 1;
        p->since = string_of(r, open + 1, close, "since");
        p->note = string_of(r, open + 1, close, "note");
        p->note = p->note ? p->note : string_of(r, open + 1, close, "deprecated");
    }
}

/* #[cfg(not(doc))]: another definition stands for it where documentation is made. */
static int is_not_documented(const reader *r, int open)
{
    return docgen_token_is(&r->t, open + 1, "cfg") && docgen_token_is(&r->t, open + 3, "not") &&
           docgen_token_is(&r->t, open + 5, "doc") && docgen_token_is(&r->t, open + 6, ")");
}

static int read_attributes(reader *r, int i, prefix *p)
{
    while (docgen_token_is(&r->t, i, "#")) {
        int open = i + 1 + docgen_token_is(&r->t, i + 1, "!"), close;

        if (!docgen_token_is(&r->t, open, "[")) {
            break;
        }
        close = r->t.items[open].match;
        if (open == i + 2) { /* #![…] is about what it stands in */
            if (i == r->inner_end) {
                read_text_attribute(r, open, close, &r->inner);
                r->inner_end = close + 1;
            }
            i = close + 1;
            continue;
        }
        if (docgen_token_is(&r->t, open + 1, "cfg") && contains_word(r, open, close, "test") &&
            !contains_word(r, open, close, "not") && !contains_word(r, open, close, "any")) {
            p->test = 1;
        }
        p->test |= is_not_documented(r, open);
        p->test |=
            docgen_token_is(&r->t, open + 1, "test") || docgen_token_is(&r->t, open + 1, "bench");
        p->hidden |=
            docgen_token_is(&r->t, open + 1, "doc") && contains_word(r, open, close, "hidden");
        p->macro_export |= docgen_token_is(&r->t, open + 1, "macro_export");
        read_text_attribute(r, open, close, p);
        read_macro_attribute(r, open, p);
        i = close + 1;
    }
    return i;
}

static int read_visibility(reader *r, int i, prefix *p)
{
    if (docgen_token_is(&r->t, i, "pub")) {
        i++;
        if (docgen_token_is(&r->t, i, "(") &&
            (docgen_token_is(&r->t, i + 1, "crate") || docgen_token_is(&r->t, i + 1, "super") ||
             docgen_token_is(&r->t, i + 1, "self") || docgen_token_is(&r->t, i + 1, "in"))) {
            p->restricted = 1;
            return docgen_token_skip(&r->t, i);
        }
        p->public = 1;
    }
    return i;
}

/* A line's text without its indentation. */
static const char *line_text(const reader *r, int line)
{
    apr_size_t stop;
    const char *raw = docgen_source_at(r->source, line, &stop);

    return raw + strspn(raw, " \t");
}

/* The doc comment above a line, or NULL: a plain comment is not documentation in Rust, and "//!" lines directly above
 * are the file's. */
static const char *comment_of(const reader *r, int line)
{
    int first;
    const char *text = docgen_source_comment_above(r->source, line, &first), *raw;
    apr_size_t start, stop;

    if (!text || line < 2) {
        return NULL;
    }
    raw = line_text(r, line - 1);
    if (!strncmp(raw, "//", 2) && (strncmp(raw, "///", 3) || !strncmp(raw, "////", 4))) {
        return NULL;
    }
    if (strncmp(line_text(r, first), "//!", 3)) {
        return text;
    }
    while (first < line && !strncmp(line_text(r, first), "//!", 3)) {
        first++;
    }
    raw = docgen_source_at(r->source, first, &stop);
    start = (apr_size_t)(raw - r->source->text);
    docgen_source_at(r->source, line - 1, &stop);
    return stop > start ? docgen_comment_strip(r->source->scratch, raw, stop - start) : NULL;
}

/* A copy of a doc comment (NULL is an empty one) with one more field. */
static const docgen_doc *with_field(apr_pool_t *pool, const docgen_doc *doc, const char *kind,
                                    const char *text)
{
    docgen_doc *whole = apr_pcalloc(pool, sizeof(*whole));

    whole->summary = doc ? doc->summary : "";
    whole->body = doc ? doc->body : "";
    whole->fields =
        doc ? apr_array_copy(pool, doc->fields) : apr_array_make(pool, 1, sizeof(docgen_doc_field));
    APR_ARRAY_PUSH(whole->fields, docgen_doc_field) = (docgen_doc_field){kind, NULL, NULL, text};
    return whole;
}

/* What attributes say beside the text: the file that is taken in, the deprecation. */
static const docgen_doc *with_attributes(const reader *r, const docgen_doc *doc, const prefix *p)
{
    apr_pool_t *pool = r->source->pool;

    if (p->include) {
        doc = with_field(pool, doc, DOCGEN_DOC_INCLUDE, p->include);
    }
    return p->since || p->note
               ? with_field(pool, doc, "deprecated",
                            apr_pstrcat(pool, p->since ? "since " : "", p->since ? p->since : "",
                                        p->since && p->note ? ": " : "", p->note ? p->note : "",
                                        NULL))
               : doc;
}

/* Doc lines above the attributes or between them and the item, then what #[doc = "…"] says. */
static const docgen_doc *doc_of(const reader *r, const prefix *p)
{
    const char *text = comment_of(r, r->t.items[p->start].line);

    if (!text && p->item != p->start) {
        text = comment_of(r, r->t.items[p->item].line);
    }
    if (p->doc) {
        text = text ? apr_pstrcat(r->source->pool, text, "\n", p->doc, NULL) : p->doc;
    }
    return with_attributes(r, docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_RUST), p);
}

/* "//!" or its block form at the head of a file or inline module. */
static const docgen_doc *inner_doc(const reader *r, int first_line)
{
    int line = first_line, last;
    apr_size_t stop;
    const char *p;

    for (;; line++) {
        p = docgen_source_at(r->source, line, &stop);
        p += strspn(p, " \t");
        if (!strncmp(p, "//!", 3) || !strncmp(p, "/*!", 3)) {
            break;
        }
        if (line > r->source->lines || line > first_line + 60 ||
            (strncmp(p, "//", 2) && *p != '\n' && *p != '#' && *p != '\r')) {
            return NULL;
        }
    }
    if (p[1] == '*') {
        const char *close = strstr(p, "*/");

        return close ? docgen_doc_parse(
                           r->source->pool,
                           docgen_comment_strip(r->source->scratch, p, (apr_size_t)(close - p) + 2),
                           DOCGEN_DOC_RUST)
                     : NULL;
    }
    for (last = line; last <= r->source->lines; last++) {
        const char *q = docgen_source_at(r->source, last, &stop);

        if (strncmp(q + strspn(q, " \t"), "//!", 3)) {
            break;
        }
    }
    docgen_source_at(r->source, last - 1, &stop);
    return docgen_doc_parse(
        r->source->pool,
        docgen_comment_strip(r->source->scratch, p, (apr_size_t)(r->source->text + stop - p)),
        DOCGEN_DOC_RUST);
}

static docgen_symbol *add(reader *r, const place *where, const prefix *p, const char *kind,
                          int name, int stop, int end)
{
    const docgen_token *last = &r->t.items[end > name ? end - 1 : name];
    int raw = docgen_token_is(&r->t, name, "r") && docgen_token_is(&r->t, name + 1, "#") &&
              name + 2 < r->t.count; /* r#match is the name match */
    docgen_symbol *symbol =
        docgen_symbol_add(r->source, where->into, where->parent, kind,
                          docgen_token_text(&r->t, raw ? name + 2 : name), r->t.items[name].line,
                          docgen_source_line(r->source, last->end - 1));

    if (where->parent) {
        symbol->qualified =
            apr_pstrcat(r->source->pool, where->parent->qualified, "::", symbol->name, NULL);
    }
    symbol->visibility = p->public || where->all_public ? DOCGEN_VISIBLE_PUBLIC
                         : p->restricted                ? DOCGEN_VISIBLE_INTERNAL
                                                        : DOCGEN_VISIBLE_PRIVATE;
    symbol->traits |= symbol->visibility == DOCGEN_VISIBLE_PUBLIC ? DOCGEN_SYMBOL_EXPORTED : 0;
    symbol->traits |= p->hidden ? DOCGEN_SYMBOL_HIDDEN : 0;
    symbol->deprecated = p->deprecated;
    symbol->doc = doc_of(r, p);
    if (stop > p->item) {
        symbol->signature =
            docgen_source_signature(r->source, r->t.items[p->item].start, r->t.items[stop - 1].end);
    }
    return symbol;
}

/* The next `{` or `;` outside brackets: where an item's head ends. */
static int head_end(const reader *r, int i, int end)
{
    while (i < end && !docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i, ";")) {
        i = docgen_token_skip(&r->t, i);
    }
    return i < end ? i : end;
}

/* Named fields of a struct, or an enum's variants. */
static void fields(reader *r, docgen_symbol *owner, int open, int variants)
{
    int close = r->t.items[open].match;
    place where = {docgen_symbol_members(r->source, owner), owner, "", variants, 0, "member"};

    for (int i = open + 1; i < close;) {
        prefix p = {.start = i};
        int name, stop;

        i = read_attributes(r, i, &p);
        p.item = i;
        name = i = read_visibility(r, i, &p);
        for (stop = i; stop < close && !docgen_token_is(&r->t, stop, ",");) {
            int after = docgen_token_skip_angles(&r->t, stop);

            stop = after > stop ? after : docgen_token_skip(&r->t, stop);
        }
        stop = stop > close ? close : stop;
        if (name < close && r->t.items[name].kind == DOCGEN_TOKEN_WORD &&
            (variants || docgen_token_is(&r->t, name + 1, ":")) && !p.test) {
            docgen_symbol *member = add(r, &where, &p, "member", name, stop, stop);

            if (owner->visibility > member->visibility) {
                member->visibility = owner->visibility;
            }
        }
        i = stop > i ? stop + 1 : i + 1;
    }
}

/* "#[derive(%s)]" with the name in it. */
static const char *replace_name(apr_pool_t *pool, const char *form, const char *name)
{
    const char *at = strstr(form, "%s");

    return apr_pstrcat(pool, apr_pstrmemdup(pool, form, (apr_size_t)(at - form)), name, at + 2,
                       NULL);
}

static int function(reader *r, int i, int end, const place *where, const prefix *p)
{
    int name, stop, after;

    while (!docgen_token_is(&r->t, i, "fn")) {
        i++;
    }
    name = i + 1;
    stop = head_end(r, name, end);
    after = docgen_token_skip(&r->t, stop);
    if (!p->test && p->macro_form) {
        docgen_symbol *symbol = add(r, where, p, "macro", p->derive ? p->derive : name, stop,
                                    after > end ? end : after);

        symbol->signature = replace_name(r->source->pool, p->macro_form, symbol->name);
    } else if (!p->test && r->t.items[name].kind == DOCGEN_TOKEN_WORD) {
        docgen_symbol *symbol =
            add(r, where, p, where->kind, name, stop, after > end ? end : after);

        symbol->traits |= contains_word(r, p->item, name, "async") ? DOCGEN_SYMBOL_ASYNC : 0;
        if (!where->parent && !*where->scope && !strcmp(symbol->name, "main")) {
            r->unit->entry_point = 1;
        }
        if (!strcmp(where->kind, "method") && !contains_word(r, name, stop, "self")) {
            symbol->traits |= DOCGEN_SYMBOL_STATIC;
        }
    }
    return after;
}

static int type_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    const char *kind = docgen_token_is(&r->t, i, "enum")    ? "enum"
                       : docgen_token_is(&r->t, i, "trait") ? "trait"
                       : docgen_token_is(&r->t, i, "union") ? "union"
                                                            : "struct";
    int name = i + 1, stop = head_end(r, docgen_token_skip_angles(&r->t, name + 1), end),
        after = docgen_token_skip(&r->t, stop);
    docgen_symbol *symbol;

    if (p->test || name >= end || r->t.items[name].kind != DOCGEN_TOKEN_WORD) {
        return after;
    }
    symbol = add(r, where, p, kind, name, stop, after > end ? end : after);
    if (!docgen_token_is(&r->t, stop, "{")) {
        return after;
    }
    if (*kind == 't') {
        place inner = {docgen_symbol_members(r->source, symbol),    symbol,           where->scope,
                       symbol->visibility == DOCGEN_VISIBLE_PUBLIC, where->depth + 1, "method"};

        for (int n = docgen_token_skip_angles(&r->t, name + 1); n < stop; n++) { /* supertraits */
            if (docgen_token_is(&r->t, n, ":") && !docgen_token_is(&r->t, n + 1, ":")) {
                symbol->bases = apr_array_make(r->source->pool, 1, sizeof(const char *));
                APR_ARRAY_PUSH(symbol->bases, const char *) = docgen_source_squeeze(
                    r->source, r->t.items[n + 1].start, r->t.items[stop - 1].end, 200);
                break;
            }
        }
        items(r, stop + 1, r->t.items[stop].match, &inner);
    } else {
        fields(r, symbol, stop, *kind == 'e');
    }
    return after;
}

/* type X = …; const X: T = …; static X: T = …; */
static int value_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    const char *kind = docgen_token_is(&r->t, i, "type")    ? "type"
                       : docgen_token_is(&r->t, i, "const") ? "constant"
                                                            : "variable";
    int name = i + 1, stop, after;

    /* `static ref` is how macros for lazy values write it. */
    name += docgen_token_is(&r->t, name, "mut") ||
            (docgen_token_is(&r->t, name, "ref") && r->t.items[name + 1].kind == DOCGEN_TOKEN_WORD);
    stop = name;

    while (stop < end && !docgen_token_is(&r->t, stop, ";")) {
        stop = docgen_token_skip(&r->t, stop);
    }
    after = stop < end ? stop + 1 : end;
    if (!p->test && name < end && r->t.items[name].kind == DOCGEN_TOKEN_WORD &&
        !docgen_token_is(&r->t, name, "_")) {
        docgen_symbol *symbol = add(r, where, p, kind, name, stop, stop);

        if (strlen(symbol->signature) > 300) {
            symbol->signature = docgen_source_squeeze(r->source, r->t.items[p->item].start,
                                                      r->t.items[stop - 1].end, 300);
        }
    }
    return after;
}

/* The last plain name of a path from `i` to `end`, generics aside: "fmt::Display<T>" → "Display". */
static const char *path_name(const reader *r, int i, int end)
{
    const char *name = NULL;

    while (i < end) {
        int after = docgen_token_skip_angles(&r->t, i);

        if (after > i) {
            i = after;
            continue;
        }
        if (docgen_token_is(&r->t, i, "where")) {
            break;
        }
        if (r->t.items[i].kind == DOCGEN_TOKEN_WORD && !docgen_token_is(&r->t, i, "dyn") &&
            !docgen_token_is(&r->t, i, "mut")) {
            name = docgen_token_text(&r->t, i);
        }
        i = docgen_token_skip(&r->t, i);
    }
    return name;
}

static int impl_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    int start = docgen_token_skip_angles(&r->t, i + 1), stop = head_end(r, start, end), split = -1,
        n;
    docgen_impl *impl;
    place inner;

    for (n = start; n < stop;) {
        int after = docgen_token_skip_angles(&r->t, n);

        if (docgen_token_is(&r->t, n, "for") && split < 0 && !docgen_token_is(&r->t, n + 1, "<")) {
            split = n;
        }
        if (docgen_token_is(&r->t, n, "where")) {
            break;
        }
        n = after > n ? after : docgen_token_skip(&r->t, n);
    }
    if (!p->test && docgen_token_is(&r->t, stop, "{") &&
        path_name(r, split >= 0 ? split + 1 : start, n)) {
        impl = apr_array_push(r->unit->impls);
        *impl = (docgen_impl){path_name(r, split >= 0 ? split + 1 : start, n),
                              split >= 0 ? path_name(r, start, split) : NULL, where->scope,
                              apr_array_make(r->source->pool, 4, sizeof(docgen_symbol *))};
        if (split < 0) {
            inner = (place){impl->members, NULL, where->scope, 0, where->depth + 1, "method"};
            items(r, stop + 1, r->t.items[stop].match, &inner);
        }
    }
    return docgen_token_skip(&r->t, stop);
}

static int module_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    int name = i + 1, open = i + 2;
    const char *text = name < end ? docgen_token_text(&r->t, name) : "";
    const char *scope =
        apr_pstrcat(r->source->pool, where->scope, *where->scope ? "::" : "", text, NULL);

    if (docgen_token_is(&r->t, open, ";")) {
        if (!p->test) {
            APR_ARRAY_PUSH(r->unit->children, const char *) = apr_pstrcat(
                r->source->pool, p->public ? "pub " : "", p->hidden ? "hidden " : "", scope, NULL);
        }
        return open + 1;
    }
    if (docgen_token_is(&r->t, open, "{") && !p->test && where->depth < DEPTH_MAX) {
        docgen_symbol *symbol =
            add(r, where, p, "module", name, open, docgen_token_skip(&r->t, open));
        place inner = {
            docgen_symbol_members(r->source, symbol), NULL, scope, 0, where->depth + 1, "function"};

        if (!symbol->doc) {
            symbol->doc = inner_doc(r, r->t.items[open].line + 1);
        }
        items(r, open + 1, r->t.items[open].match, &inner);
    }
    return docgen_token_skip(&r->t, open);
}

/* use a::{b as c, d::*}; each leaf becomes one import. Recursion is bounded by `depth`. */
static void use_tree(reader *r, int i, int end, const char *base, const place *where,
                     unsigned flags, int depth)
{
    const char *path = base, *last = NULL;
    int line = i < r->t.count ? r->t.items[i].line : 0;

    while (i < end) {
        if (docgen_token_is(&r->t, i, "{")) {
            int close = r->t.items[i].match, part = i + 1;

            for (int n = i + 1; n <= close && depth < DEPTH_MAX;
                 n = n < close ? docgen_token_skip(&r->t, n) : n + 1) {
                if (n == close || docgen_token_is(&r->t, n, ",")) {
                    if (n > part) {
                        use_tree(r, part, n, path, where, flags, depth + 1);
                    }
                    part = n + 1;
                }
            }
            return;
        }
        if (docgen_token_is(&r->t, i, "*") || r->t.items[i].kind == DOCGEN_TOKEN_WORD) {
            const char *word = docgen_token_text(&r->t, i);
            const char *as = docgen_token_is(&r->t, i + 1, "as") && i + 2 < end
                                 ? docgen_token_text(&r->t, i + 2)
                                 : NULL;

            if (i + 1 >= end || as) {
                docgen_import *import =
                    docgen_import_add(r->source, r->unit, path, word, as, line, flags);

                if (!strcmp(word, "self") && *path) { /* use a::b::{self} */
                    for (const char *p = path; *p; p++) {
                        last = p[0] == ':' && p[1] == ':' ? p : last;
                    }
                    import->name = last ? last + 2 : path;
                    import->from =
                        last ? apr_pstrmemdup(r->source->pool, path, (apr_size_t)(last - path))
                             : "";
                }
                import->scope = where->scope;
                return;
            }
            path = apr_pstrcat(r->source->pool, path, *path ? "::" : "", word, NULL);
        }
        i++;
    }
}

static int use_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    int stop = head_end(r, i + 1, end);

    while (stop < end && docgen_token_is(&r->t, stop, "{")) {
        stop = head_end(r, docgen_token_skip(&r->t, stop), end);
    }
    if (!p->test) {
        use_tree(
            r, i + 1, stop, "", where,
            (p->public ? DOCGEN_IMPORT_EXPORTED : 0u) | (p->hidden ? DOCGEN_IMPORT_NESTED : 0u), 0);
    }
    return stop + 1;
}

/* A macro whose first arm takes nothing stands for its items wherever it is called: `() => { mod a; }`. */
static void macro_template(reader *r, const char *name, int open)
{
    int arm = open + 1, body = arm + 4; /* ( ) = > { */
    docgen_unit *outside = r->unit;
    docgen_template *template;
    place top = {NULL, NULL, "", 0, 1, "function"};

    if (!docgen_token_is(&r->t, arm, "(") || !docgen_token_is(&r->t, arm + 1, ")") ||
        !docgen_token_is_joined(&r->t, arm + 2, "=>") || !docgen_token_is(&r->t, body, "{")) {
        return;
    }
    r->unit = docgen_unit_make(r->source);
    top.into = r->unit->symbols;
    items(r, body + 1, r->t.items[body].match, &top);
    template = apr_array_push(outside->templates);
    *template = (docgen_template){name, r->unit};
    r->unit = outside;
}

static int macro_item(reader *r, int i, int end, const place *where, const prefix *p)
{
    int name = i + 2, open = i + 3, after = docgen_token_skip(&r->t, open);

    if (!p->test && name < end && r->t.items[name].kind == DOCGEN_TOKEN_WORD) {
        prefix own = *p;
        docgen_symbol *symbol;

        own.public = p->macro_export;
        symbol = add(r, where, &own, "macro", name, name + 1, after > end ? end : after);
        symbol->signature = apr_pstrcat(r->source->pool, symbol->name, "! { … }", NULL);
        if (where->depth == 0 && docgen_token_is(&r->t, open, "{")) {
            macro_template(r, symbol->name, open);
        }
        if (!r->expanded && open < end && after > open + 1) {
            docgen_rust_macro_define(r->macros, r->source, symbol->name, r->t.items[open].end,
                                     r->t.items[after - 1].start);
        }
    }
    return after + docgen_token_is(&r->t, after, ";");
}

/* Everything that a macro made is where it was called. */
static void set_lines(apr_array_header_t *symbols, int first, const docgen_symbol *at, int depth)
{
    for (int i = first; symbols && depth < DEPTH_MAX && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        symbol->line = at->line;
        symbol->end_line = at->end_line;
        symbol->traits |= DOCGEN_SYMBOL_PASTED;
        set_lines(symbol->members, 0, at, depth + 1);
    }
}

static int has_symbol(const apr_array_header_t *symbols, const char *name)
{
    for (int i = symbols->nelts - 1; i >= 0 && i > symbols->nelts - 400; i--) {
        if (!strcmp(APR_ARRAY_IDX(symbols, i, docgen_symbol *)->name, name)) {
            return 1;
        }
    }
    return 0;
}

/* What the file's own macro makes of the arguments between the brackets at `open`; what is written out in them is read
 * there. */
static void expand(reader *r, const char *name, int open, int last, const place *where)
{
    const docgen_token *first = &r->t.items[open];
    const docgen_symbol at = {.line = first->line,
                              .end_line = docgen_source_line(r->source, r->t.items[last].start)};
    apr_size_t length = r->t.items[last].start - first->end;
    const char *text = r->expanded < EXPAND_MAX
                           ? docgen_rust_macro_expand(r->macros, r->source, name,
                                                      r->source->text + first->end, length)
                           : NULL;
    reader inner = {.unit = r->unit, .macros = r->macros, .expanded = r->expanded + 1};
    apr_array_header_t *made = apr_array_make(r->source->scratch, 4, sizeof(docgen_symbol *));
    place there = *where;
    int impls = r->unit->impls->nelts;

    if (!text) {
        return;
    }
    inner.source = docgen_source_make(r->source->pool, r->source->scratch, r->source->file, text,
                                      strlen(text));
    docgen_tokens_read(&inner.t, inner.source, DOCGEN_LANG_RUST);
    there.into = made;
    there.depth++;
    items(&inner, 0, inner.t.count, &there);
    set_lines(made, 0, &at, 0);
    for (int i = impls; i < r->unit->impls->nelts; i++) {
        set_lines(APR_ARRAY_IDX(r->unit->impls, i, docgen_impl).members, 0, &at, 0);
    }
    for (int i = 0; i < made->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(made, i, docgen_symbol *);

        if (!has_symbol(where->into, symbol->name)) {
            APR_ARRAY_PUSH(where->into, docgen_symbol *) = symbol;
        }
    }
}

/* name! { … } where an item may stand: what is public in it is made by the macro, mostly as written. 0 when it is none. */
static int macro_call(reader *r, int i, int end, const place *where, const prefix *p)
{
    place inner = *where;
    int open = i + 1, name = i, after;

    while (docgen_token_is_joined(&r->t, open, "::") && open + 3 < end) { /* bitflags::bitflags! */
        name = open + 2;
        open += 3;
    }
    if (!docgen_token_is(&r->t, open, "!")) {
        return 0;
    }
    open++;
    after = docgen_token_skip(&r->t, open);
    if (after <= open + 1 || after > end || !strchr("{([", r->t.items[open].ch)) {
        return 0;
    }
    inner.depth++;
    if (!p->test && (contains_word(r, open + 1, after - 1, "pub") ||
                     contains_word(r, open + 1, after - 1, "macro_export"))) {
        items(r, open + 1, after - 1, &inner);
    }
    if (!p->test) {
        expand(r, docgen_token_text(&r->t, name), open, after - 1, where);
    }
    return after + docgen_token_is(&r->t, after, ";");
}

/* One item at `i`, whose attributes and visibility are read. Returns the index behind it. */
static int item(reader *r, int i, int end, const place *where, const prefix *p)
{
    int n = i;

    if (docgen_token_is(&r->t, n, "extern") && docgen_token_is(&r->t, n + 1, "crate")) {
        return use_item(r, n + 1, end, where, p);
    }
    while (docgen_token_is(&r->t, n, "default") || docgen_token_is(&r->t, n, "unsafe") ||
           docgen_token_is(&r->t, n, "async") || docgen_token_is(&r->t, n, "extern") ||
           docgen_token_is(&r->t, n, "auto") ||
           (docgen_token_is(&r->t, n, "const") && !docgen_token_is(&r->t, n + 2, ":")) ||
           (n > i && r->t.items[n].kind == DOCGEN_TOKEN_STRING)) {
        n++;
    }
    if (docgen_token_is(&r->t, n, "fn")) {
        return function(r, i, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "struct") || docgen_token_is(&r->t, n, "enum") ||
        docgen_token_is(&r->t, n, "trait") ||
        (docgen_token_is(&r->t, n, "union") && r->t.items[n + 1].kind == DOCGEN_TOKEN_WORD)) {
        return type_item(r, n, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "impl")) {
        return impl_item(r, n, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "type") || docgen_token_is(&r->t, n, "const") ||
        docgen_token_is(&r->t, n, "static")) {
        return value_item(r, n, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "mod")) {
        return module_item(r, n, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "use")) {
        return use_item(r, n, end, where, p);
    }
    if (docgen_token_is(&r->t, n, "macro_rules") && docgen_token_is(&r->t, n + 1, "!")) {
        return macro_item(r, n, end, where, p);
    }
    if (r->t.items[n].kind == DOCGEN_TOKEN_WORD && docgen_token_is(&r->t, n + 1, "!") &&
        docgen_token_is(&r->t, n + 2, "(") && docgen_token_is(&r->t, n + 3, ")") &&
        where->depth == 0 && !p->test) {
        APR_ARRAY_PUSH(r->unit->invocations, const char *) = docgen_token_text(&r->t, n);
        return n + 4;
    }
    if (n == i && r->t.items[n].kind == DOCGEN_TOKEN_WORD) {
        int after = macro_call(r, n, end, where, p);

        if (after) {
            return after;
        }
    }
    if (n > i && docgen_token_is(&r->t, n, "{")) { /* extern "C" { … } */
        items(r, n + 1, r->t.items[n].match, where);
    }
    return docgen_token_skip(&r->t, n);
}

static void items(reader *r, int i, int end, const place *where)
{
    end = end > r->t.count ? r->t.count : end;
    if (where->depth > DEPTH_MAX) {
        return;
    }
    while (i < end) {
        prefix p = {.start = i};
        int next;

        i = read_attributes(r, i, &p);
        p.item = i;
        next = read_visibility(r, i, &p);
        next = item(r, next, end, where, &p);
        i = next > i ? next : i + 1;
    }
}

docgen_unit *docgen_scan_rust(const docgen_source *source)
{
    reader r = {.source = source, .unit = docgen_unit_make(source)};
    place top = {r.unit->symbols, NULL, "", 0, 0, "function"};

    r.macros = docgen_rust_macros_make(source);
    docgen_tokens_read(&r.t, source, DOCGEN_LANG_RUST);
    r.unit->doc = inner_doc(&r, 1);
    items(&r, 0, r.t.count, &top);
    if (r.inner.doc && !r.unit->doc) {
        r.unit->doc = docgen_doc_parse(source->pool, r.inner.doc, DOCGEN_DOC_RUST);
    }
    r.unit->doc = with_attributes(&r, r.unit->doc, &r.inner);
    return r.unit;
}
