/* Classes, interfaces, object types and enums of JavaScript and TypeScript.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/script/script.h"

#define MEMBERS_MAX    5000
#define NAME_MAX_SHOWN 80 /* bytes of an index signature or computed name */

docgen_symbol *docgen_script_add(docgen_script *r, apr_array_header_t *into, docgen_symbol *parent,
                                 const char *kind, int name, int start, int stop, int end)
{
    const docgen_token *last = &r->t.items[end > name ? end - 1 : name];
    const char *text = r->t.items[name].kind == DOCGEN_TOKEN_STRING
                           ? docgen_token_string(&r->t, name)
                           : docgen_token_text(&r->t, name);
    docgen_symbol *symbol =
        docgen_symbol_add(r->source, into, parent, kind, text, r->t.items[name].line,
                          docgen_source_line(r->source, last->end - 1));

    symbol->visibility = *text == '_' ? DOCGEN_VISIBLE_PRIVATE : DOCGEN_VISIBLE_PUBLIC;
    if (stop > start) {
        symbol->signature =
            docgen_source_signature(r->source, r->t.items[start].start, r->t.items[stop - 1].end);
    }
    symbol->doc = docgen_script_doc(r, start);
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
    if (docgen_doc_find(symbol->doc, "internal")) {
        symbol->traits |= DOCGEN_SYMBOL_HIDDEN;
    }
    return symbol;
}

/* Does the token before a `{` leave a type open, so that the brace belongs to the type? */
static int type_goes_on(const docgen_script *r, int i)
{
    return docgen_token_is(&r->t, i, ":") || docgen_token_is(&r->t, i, "|") ||
           docgen_token_is(&r->t, i, "&") || docgen_token_is(&r->t, i, ",") ||
           docgen_token_is(&r->t, i, "<") || docgen_token_is(&r->t, i, "?") ||
           docgen_token_is(&r->t, i, "is") || docgen_token_is(&r->t, i, "extends") ||
           docgen_token_is(&r->t, i, "keyof") || docgen_token_is(&r->t, i, "readonly") ||
           docgen_token_is_joined(&r->t, i - 1, "=>");
}

int docgen_script_head(const docgen_script *r, int i)
{
    i = docgen_token_skip_angles(&r->t, i);
    i = docgen_token_skip(&r->t, i); /* the parameters */
    while (i < r->t.count) {
        int after = docgen_token_skip_angles(&r->t, i);

        if (docgen_token_is(&r->t, i, "{") && !type_goes_on(r, i - 1)) {
            return i;
        }
        if (docgen_token_is(&r->t, i, ";") || docgen_token_is(&r->t, i, "}") ||
            docgen_token_is(&r->t, i, ",") || docgen_token_is(&r->t, i, ")")) {
            return i;
        }
        if (r->t.items[i].line > docgen_source_line(r->source, r->t.items[i - 1].end - 1) &&
            !type_goes_on(r, i - 1) && !docgen_token_is(&r->t, i, "|") &&
            !docgen_token_is(&r->t, i, "&") && !docgen_token_is(&r->t, i, ":") &&
            !docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i, "?") &&
            !docgen_token_is_joined(&r->t, i, "=>")) {
            return i;
        }
        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i;
}

static int is_operator(const docgen_script *r, int i)
{
    const docgen_token *token = &r->t.items[i];

    return token->kind == DOCGEN_TOKEN_PUNCT && strchr("|&=:?+-*/%<>.,^!~", token->ch) && token->ch;
}

int docgen_script_expression(const docgen_script *r, int i, int limit)
{
    int start = i;

    while (i < limit && i < r->t.count) {
        const docgen_token *token = &r->t.items[i];
        int after;

        if (token->kind == DOCGEN_TOKEN_PUNCT && strchr(";,)]}", token->ch)) {
            return i;
        }
        if (i > start && token->line > docgen_source_line(r->source, r->t.items[i - 1].end - 1) &&
            !is_operator(r, i) && !docgen_token_is(&r->t, i, "(") &&
            !docgen_token_is(&r->t, i, "extends") && !docgen_token_is(&r->t, i, "[") &&
            (!is_operator(r, i - 1) ||
             (docgen_token_is(&r->t, i - 1, ">") && !docgen_token_is_joined(&r->t, i - 2, "=>")))) {
            return i;
        }
        after = docgen_token_skip_angles(&r->t, i);
        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i < limit ? i : limit;
}

void docgen_script_bases(docgen_script *r, docgen_symbol *owner, int i, int open)
{
    owner->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
    while (i < open) {
        if (docgen_token_is(&r->t, i, "extends") || docgen_token_is(&r->t, i, "implements")) {
            int start = i + 1, n = start;

            while (n < open && !docgen_token_is(&r->t, n, "implements")) {
                int after = docgen_token_skip_angles(&r->t, n);

                after = after > n ? after : docgen_token_skip(&r->t, n);
                if (docgen_token_is(&r->t, after, ",") || after >= open ||
                    docgen_token_is(&r->t, after, "implements")) {
                    APR_ARRAY_PUSH(owner->bases, const char *) = docgen_source_squeeze(
                        r->source, r->t.items[start].start, r->t.items[after - 1].end, 200);
                    start = after + 1;
                    after += docgen_token_is(&r->t, after, ",");
                }
                n = after;
            }
            i = n;
        } else {
            int after = docgen_token_skip_angles(&r->t, i);

            i = after > i ? after : docgen_token_skip(&r->t, i);
        }
    }
}

typedef struct modifiers {
    int is_private, is_protected, is_static, is_abstract, is_async, accessor;
} modifiers;

/* Skips modifiers and decorators; a modifier's word may itself be the name ("static()", "get: string"). */
static int read_modifiers(const docgen_script *r, int i, int close, modifiers *m)
{
    static const char *const words[] = {"public",   "private",  "protected", "static",
                                        "readonly", "abstract", "async",     "override",
                                        "declare",  "get",      "set",       "accessor"};

    while (i < close) {
        int found = -1;

        if (docgen_token_is(&r->t, i, "@")) {
            for (i += 2; docgen_token_is(&r->t, i, "."); i += 2) {
            }
            i = docgen_token_is(&r->t, i, "(") ? docgen_token_skip(&r->t, i) : i;
            continue;
        }
        for (int w = 0; w < (int)(sizeof(words) / sizeof(*words)); w++) {
            found = docgen_token_is(&r->t, i, words[w]) ? w : found;
        }
        if (found < 0 || (r->t.items[i + 1].kind == DOCGEN_TOKEN_PUNCT &&
                          !strchr("[#*", r->t.items[i + 1].ch))) {
            return i;
        }
        m->is_private |= found == 1;
        m->is_protected |= found == 2;
        m->is_static |= found == 3;
        m->is_abstract |= found == 5;
        m->is_async |= found == 6;
        m->accessor |= found == 9 || found == 10 ? 1 : 0;
        i++;
    }
    return i;
}

static docgen_symbol *member_named(const docgen_symbol *owner, const char *name)
{
    for (int i = owner->members ? owner->members->nelts - 1 : -1; i >= 0; i--) {
        docgen_symbol *member = APR_ARRAY_IDX(owner->members, i, docgen_symbol *);

        if (!strcmp(member->name, name)) {
            return member;
        }
    }
    return NULL;
}

/* A second declaration of a method is an overload, a setter beside its getter nothing new. */
static void place(docgen_script *r, docgen_symbol *owner, docgen_symbol *member)
{
    docgen_symbol *first = member_named(owner, member->name);

    if (!first) {
        APR_ARRAY_PUSH(docgen_symbol_members(r->source, owner), docgen_symbol *) = member;
        return;
    }
    first->doc = first->doc ? first->doc : member->doc;
    if (member->traits & DOCGEN_SYMBOL_PROPERTY || first->traits & DOCGEN_SYMBOL_PROPERTY) {
        return;
    }
    if (!first->overloads) {
        first->overloads = apr_array_make(r->source->pool, 2, sizeof(docgen_symbol *));
    }
    APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = member;
}

/* Constructor parameters with a modifier are properties. */
static void parameter_properties(docgen_script *r, docgen_symbol *owner, int open)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        modifiers m = {0};
        int name = read_modifiers(r, i, close, &m), stop;

        stop = docgen_script_expression(r, name, close);
        if (name > i && r->t.items[name].kind == DOCGEN_TOKEN_WORD &&
            !docgen_token_is(&r->t, i, "@")) {
            docgen_symbol *member =
                docgen_script_add(r, NULL, owner, "member", name, i, stop, stop);

            member->visibility = m.is_private     ? DOCGEN_VISIBLE_PRIVATE
                                 : m.is_protected ? DOCGEN_VISIBLE_INTERNAL
                                                  : owner->visibility;
            place(r, owner, member);
        }
        while (stop < close && !docgen_token_is(&r->t, stop, ",")) {
            stop = docgen_token_skip(&r->t, stop);
        }
        i = stop + 1;
    }
}

/* What has no plain name: call and construct signatures "()" and "new ()", index signatures and computed names
 * "[key: string]", "[Symbol.iterator]". @param name the token behind the modifiers */
static int unnamed_member(docgen_script *r, docgen_symbol *owner, int start, int name, int close,
                          int is_class)
{
    int is_new = docgen_token_is(&r->t, name, "new");
    int bracket = docgen_token_is(&r->t, name, "[");
    int n = bracket ? docgen_token_skip(&r->t, name) : name + is_new, stop, end;
    docgen_symbol *symbol;
    int method;

    n += bracket && docgen_token_is(&r->t, n, "?");
    method = docgen_token_is(&r->t, n, "(") || docgen_token_is(&r->t, n, "<");
    stop = method ? docgen_script_head(r, n) : docgen_script_expression(r, n, close);
    stop = stop > close ? close : stop;
    end = docgen_token_is(&r->t, stop, "{") ? docgen_token_skip(&r->t, stop) : stop;
    if (end <= start || (!bracket && (is_class || !method)) ||
        (bracket && docgen_token_is(&r->t, name + 2, "in"))) { /* a mapped type has no member */
        return end > start ? end : start + 1;
    }
    symbol =
        docgen_script_add(r, NULL, owner, method ? "method" : "member", name, start, stop, end);
    symbol->name =
        !bracket ? (is_new ? "new ()" : "()")
                 : docgen_source_squeeze(r->source, r->t.items[name].start,
                                         r->t.items[r->t.items[name].match].end, NAME_MAX_SHOWN);
    symbol->qualified =
        apr_pstrcat(r->source->pool, owner->qualified, bracket ? "" : " ", symbol->name, NULL);
    symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
    place(r, owner, symbol);
    return end;
}

/* One member at `i`; returns the index behind it. */
static int member(docgen_script *r, docgen_symbol *owner, int i, int close, int is_class)
{
    modifiers m = {0};
    int start = i, name, n, end, method, stop, hash;
    docgen_symbol *symbol;

    name = read_modifiers(r, i, close, &m);
    name += docgen_token_is(&r->t, name, "*");
    if (docgen_token_is(&r->t, name, "{")) {
        return docgen_token_skip(&r->t, name); /* a static block */
    }
    m.is_private |= docgen_token_is(&r->t, name, "#");
    name += docgen_token_is(&r->t, name, "#");
    if (name >= close || (r->t.items[name].kind != DOCGEN_TOKEN_WORD &&
                          r->t.items[name].kind != DOCGEN_TOKEN_STRING)) {
        return unnamed_member(r, owner, start, name, close, is_class);
    }
    if (!is_class && docgen_token_is(&r->t, name, "new") &&
        (docgen_token_is(&r->t, name + 1, "(") || docgen_token_is(&r->t, name + 1, "<"))) {
        return unnamed_member(r, owner, start, name, close, is_class);
    }
    hash = name > start && docgen_token_is(&r->t, name - 1, "#");
    n = name + 1;
    n += docgen_token_is(&r->t, n, "?") || docgen_token_is(&r->t, n, "!");
    method = docgen_token_is(&r->t, n, "(") || docgen_token_is(&r->t, n, "<");
    if (method) {
        stop = docgen_script_head(r, n);
        stop = stop > close ? close : stop;
        end = docgen_token_is(&r->t, stop, "{") ? docgen_token_skip(&r->t, stop) : stop;
    } else {
        end = stop = docgen_script_expression(r, n, close);
    }
    symbol = docgen_script_add(r, NULL, owner,
                               method && !m.accessor ? "method"
                               : m.accessor          ? "property"
                                                     : "member",
                               name, start, stop, end);
    symbol->traits |=
        (m.is_static ? DOCGEN_SYMBOL_STATIC : 0u) | (m.is_async ? DOCGEN_SYMBOL_ASYNC : 0u) |
        (m.is_abstract ? DOCGEN_SYMBOL_ABSTRACT : 0u) | (m.accessor ? DOCGEN_SYMBOL_PROPERTY : 0u);
    if (hash) { /* "#x" and "x" are two members */
        symbol->name = apr_pstrcat(r->source->pool, "#", symbol->name, NULL);
    }
    if (m.is_private || (is_class && *symbol->name == '_')) {
        symbol->visibility = DOCGEN_VISIBLE_PRIVATE;
    } else if (m.is_protected) {
        symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    place(r, owner, symbol);
    if (method && is_class && !strcmp(symbol->name, "constructor")) {
        parameter_properties(r, owner, docgen_token_skip_angles(&r->t, n));
    }
    return end > start ? end : start + 1;
}

void docgen_script_members(docgen_script *r, docgen_symbol *owner, int open, int is_class)
{
    int close = r->t.items[open].match;

    docgen_symbol_members(r->source, owner);
    for (int i = open + 1; i < close && owner->members->nelts < MEMBERS_MAX;) {
        if (docgen_token_is(&r->t, i, ";") || docgen_token_is(&r->t, i, ",")) {
            i++;
        } else {
            i = member(r, owner, i, close, is_class);
        }
    }
}

void docgen_script_enum(docgen_script *r, docgen_symbol *owner, int open)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        int stop = docgen_script_expression(r, i, close);

        if (stop > i && (r->t.items[i].kind == DOCGEN_TOKEN_WORD ||
                         r->t.items[i].kind == DOCGEN_TOKEN_STRING)) {
            docgen_symbol *value = docgen_script_add(r, docgen_symbol_members(r->source, owner),
                                                     owner, "member", i, i, stop, stop);

            if (!value->doc) {
                value->doc = docgen_doc_parse(
                    r->source->pool, docgen_source_comment_beside(r->source, r->t.items[i].line),
                    DOCGEN_DOC_TAGS);
            }
        }
        i = stop > i ? stop : i + 1;
        i += docgen_token_is(&r->t, i, ",");
    }
}
