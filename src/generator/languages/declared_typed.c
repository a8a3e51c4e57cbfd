/* Declarations that begin with their type instead of a word: methods, fields, properties and constructors of Java, C#,
 * Dart and PHP.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/declared_parts.h"

#define NAMES_MAX 64 /* of one declaration: "int a, b, c" */

/** The part of a declaration before its parameters, value or end. */
typedef struct start {
    int name;         /* the token of the name, or -1 */
    int words;        /* words of type and name */
    const char *text; /* a composed name ("operator +", "this[]"), or NULL */
    int next;         /* what follows the name */
} start;

/** C#, Dart: `operator +`, `operator []`, `implicit operator Name`. @return 0 = none */
static int read_operator(docgen_declared *r, start *s, int i, int limit)
{
    int stop = i + 1;

    if (!docgen_token_is(&r->t, i, "operator")) {
        return 0;
    }
    if (r->t.items[stop].kind == DOCGEN_TOKEN_WORD &&
        !docgen_declared_in(r, stop, "true false checked")) {
        while (stop < limit && !docgen_token_is(&r->t, stop, "(")) { /* a conversion */
            int after = docgen_declared_angles(r, stop);

            stop = after > stop ? after : docgen_token_skip(&r->t, stop);
        }
    } else {
        while (stop < limit && !docgen_token_is(&r->t, stop, "(")) {
            stop++;
        }
    }
    if (stop >= limit || stop == i + 1) {
        return 0;
    }
    s->text = docgen_source_squeeze(r->source, r->t.items[i].start, r->t.items[stop - 1].end, 80);
    s->name = i;
    s->words += 2;
    s->next = stop;
    return 1;
}

/** Is the `(` behind the word at `name` part of a type (Dart: "void Function(int) name")? */
static int is_function_type(const docgen_declared *r, int name, int open)
{
    int after = docgen_token_skip(&r->t, open);

    return docgen_token_is(&r->t, name, "Function") &&
           (r->t.items[after].kind == DOCGEN_TOKEN_WORD || docgen_token_is(&r->t, after, "?"));
}

static start read_start(docgen_declared *r, int i, int limit)
{
    start s = {-1, 0, NULL, limit};

    while (i < limit) {
        const docgen_token *token = &r->t.items[i];
        int after;

        if (token->kind == DOCGEN_TOKEN_WORD) {
            if (read_operator(r, &s, i, limit)) {
                return s;
            }
            if (docgen_token_is(&r->t, i, "this") && docgen_token_is(&r->t, i + 1, "[")) {
                s.name = i;
                s.words++;
                s.text = "this[]";
                s.next = docgen_token_skip(&r->t, i + 1);
                return s;
            }
            if (s.words > 1 && r->grammar->accessors && docgen_declared_in(r, i, "async sync") &&
                (docgen_token_is(&r->t, i + 1, "{") || docgen_token_is(&r->t, i + 1, "*") ||
                 docgen_token_is_joined(&r->t, i + 1, "=>"))) {
                i += 1 + docgen_token_is(&r->t, i + 1, "*"); /* Dart: how the body runs */
                break;
            }
            s.name = i;
            s.words++;
            i++;
        } else if (token->ch == '<' && (after = docgen_declared_angles(r, i)) > i) {
            i = after;
        } else if (token->ch == '[') {
            i = docgen_token_skip(&r->t, i);
        } else if (token->ch == '(' && (s.name < 0 || is_function_type(r, s.name, i))) {
            s.words += s.name < 0; /* a tuple */
            i = docgen_token_skip(&r->t, i);
        } else if (token->kind == DOCGEN_TOKEN_PUNCT && token->ch &&
                   strchr(".?*&|\\@", token->ch)) {
            i++;
        } else {
            break;
        }
    }
    s.next = i;
    return s;
}

/** Past what follows a method's parameters. @param stop receives where the signature ends */
static int method_end(docgen_declared *r, int i, int limit, int *stop)
{
    int is_default = 0;

    if (docgen_token_is(&r->t, i, ":") && r->grammar->separator != '\\') {
        *stop = i; /* a constructor that calls another one */
        while (i < limit && !docgen_token_is(&r->t, i, ";") &&
               !(docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i - 1, "="))) {
            i = docgen_token_skip(&r->t, i);
        }
        return i < limit ? docgen_token_skip(&r->t, i) : limit;
    }
    while (i < limit && !docgen_token_is(&r->t, i, ";") && !docgen_token_is(&r->t, i, "}") &&
           !docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i, "=")) {
        int after;

        if (docgen_token_is(&r->t, i, "default")) { /* Java: of an annotation's element */
            is_default = 1;
            break;
        }
        after = docgen_declared_angles(r, i);
        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    *stop = i < limit ? i : limit;
    if (is_default) {
        while (i < limit && !docgen_token_is(&r->t, i, ";")) {
            i = docgen_token_skip(&r->t, i);
        }
        *stop = i < limit ? i : limit;
    }
    if (docgen_token_is(&r->t, i, "{")) {
        return docgen_token_skip(&r->t, i);
    }
    while (i < limit && !docgen_token_is(&r->t, i, ";") && !docgen_token_is(&r->t, i, "}")) {
        i = docgen_token_skip(&r->t, i);
    }
    return i < limit ? i + docgen_token_is(&r->t, i, ";") : limit;
}

static int method(docgen_declared *r, docgen_scope *scope, docgen_head *head, const start *s,
                  int limit)
{
    int params = docgen_declared_angles(r, s->next), stop, end;
    const char *text = s->text ? s->text : docgen_declared_name(r, s->name);
    const char *type = scope->owner ? scope->owner->name : NULL;

    if (s->words == 1 && !(head->traits & DOCGEN_SYMBOL_STATIC) && type && strcmp(text, type) &&
        !r->grammar->accessors) {
        return docgen_declared_skip(r, s->next, limit); /* not a constructor: no declaration */
    }
    if (s->words < 2 && !scope->owner && !r->grammar->accessors) {
        return docgen_declared_skip(r, s->next, limit);
    }
    end = method_end(r, docgen_token_skip(&r->t, params), limit, &stop);
    if (r->grammar->accessors && docgen_token_is(&r->t, s->name - 1, "set") && scope->owner) {
        head->kind = "property"; /* Dart; beside its getter it says nothing new */
        for (int i = 0; i < scope->into->nelts; i++) {
            const docgen_symbol *known = APR_ARRAY_IDX(scope->into, i, docgen_symbol *);

            if (!strcmp(known->name, text) && !strcmp(known->kind, "property")) {
                return end;
            }
        }
    }
    docgen_declared_add(r, scope, head,
                        head->kind     ? head->kind
                        : scope->owner ? "method"
                                       : "function",
                        text, s->name, stop, end);
    return end;
}

/** C#: a property with its accessors, or with `=> value`. */
static int property(docgen_declared *r, docgen_scope *scope, docgen_head *head, const start *s,
                    int limit)
{
    int open = s->next, end;
    const char *text = s->text ? s->text : docgen_declared_name(r, s->name);
    const char *accessors = " { get; }";
    docgen_symbol *symbol;

    if (docgen_token_is(&r->t, open, "{")) {
        accessors = head->kind ? "" : docgen_declared_accessors(r, open);
        end = docgen_token_skip(&r->t, open);
        if (docgen_token_is(&r->t, end, "=")) { /* an initial value */
            end = docgen_declared_skip(r, end, limit);
        }
    } else {
        end = docgen_declared_skip(r, open, limit);
    }
    symbol = docgen_declared_add(r, scope, head, head->kind ? head->kind : "property", text,
                                 s->name, open, end);
    symbol->traits |= DOCGEN_SYMBOL_PROPERTY;
    if (docgen_token_is(&r->t, s->name - 1, "get")) {
        return end; /* Dart: the word says it */
    }
    symbol->signature = apr_pstrcat(r->source->pool, symbol->signature, accessors, NULL);
    return end;
}

/** The end of a field's value: the `,` before a further name, or `;`. */
static int field_end(docgen_declared *r, int i, int limit)
{
    while (i < limit && !docgen_token_is(&r->t, i, ",") && !docgen_token_is(&r->t, i, ";") &&
           !docgen_token_is(&r->t, i, "}")) {
        int after = docgen_declared_angles(r, i);

        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i < limit ? i : limit;
}

/** Is the initial value one literal that says what a constant is? @return behind it, or 0 */
static int literal_end(const docgen_declared *r, const docgen_head *head, int equals, int end)
{
    int i = equals + 1;
    apr_uint32_t from = r->t.items[equals].start;

    if (!head->is_constant) {
        return 0;
    }
    i += docgen_token_is(&r->t, i, "-");
    while (i < end && (r->t.items[i].kind == DOCGEN_TOKEN_NUMBER ||
                       r->t.items[i].kind == DOCGEN_TOKEN_STRING || r->t.items[i].ch == '.' ||
                       docgen_declared_in(r, i, "true false null"))) {
        i++;
    }
    return i == end && r->t.items[end - 1].end - from <= 48 ? end : 0;
}

static int field(docgen_declared *r, docgen_scope *scope, docgen_head *head, const start *s,
                 int limit)
{
    int name = s->name, stop = s->next, end, first = 1, names = 0;
    const char *kind = head->kind ? head->kind
                       : head->is_constant && (head->traits & DOCGEN_SYMBOL_STATIC ||
                                               docgen_declared_in(r, head->start, "const"))
                           ? "constant"
                       : scope->owner ? "member"
                                      : "variable";

    if (scope->is_protocol && !r->grammar->accessors && r->grammar->separator == '.') {
        kind = "constant"; /* Java: a field of an interface */
        head->is_constant = 1;
    }
    for (;;) {
        const char *text = docgen_declared_name(r, name);
        docgen_symbol *symbol;
        int literal = 0;

        end = field_end(r, stop, limit);
        if (docgen_token_is(&r->t, stop, "=")) {
            literal = literal_end(r, head, stop, end);
        }
        symbol = docgen_declared_add(r, scope, head, kind, docgen_declared_variable(r, text), name,
                                     first ? (literal ? literal : stop) : head->start, end);
        if (!first) { /* "int a, b": each with the type of the first */
            symbol->signature =
                apr_pstrcat(r->source->pool,
                            docgen_source_squeeze(r->source, r->t.items[head->start].start,
                                                  r->t.items[s->name].start, 400),
                            " ", text, NULL);
        }
        if (++names == NAMES_MAX || !docgen_token_is(&r->t, end, ",") ||
            r->t.items[end + 1].kind != DOCGEN_TOKEN_WORD) {
            break;
        }
        name = end + 1;
        stop = end + 2;
        while (docgen_token_is(&r->t, stop, "[")) {
            stop = docgen_token_skip(&r->t, stop);
        }
        first = 0;
    }
    return docgen_token_is(&r->t, end, ";") ? end + 1 : end > s->next ? end : s->next + 1;
}

int docgen_declared_typed(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                          int limit)
{
    start s = read_start(r, i, limit);
    int next = s.next, is_value;

    if (s.name < 0 || next >= limit) {
        return docgen_declared_skip(r, i, limit);
    }
    if (r->grammar->separator == '\\' &&
        (r->source->text[r->t.items[s.name].start] != '$' || !scope->owner)) {
        return docgen_declared_skip(r, i, limit); /* PHP: a statement */
    }
    if (docgen_token_is(&r->t, next, "(") || docgen_token_is(&r->t, next, "<")) {
        return docgen_token_is(&r->t, docgen_declared_angles(r, next), "(")
                   ? method(r, scope, head, &s, limit)
                   : docgen_declared_skip(r, i, limit);
    }
    is_value = s.words > 1 || (s.words == 1 && r->grammar->separator == '\\') ||
               (s.words == 1 && head->is_constant && r->grammar->accessors);
    if (!is_value) {
        return docgen_declared_skip(r, next > i ? next : i, limit);
    }
    if ((docgen_token_is(&r->t, next, "{") || docgen_token_is_joined(&r->t, next, "=>")) &&
        r->grammar->accessors) {
        return property(r, scope, head, &s, limit);
    }
    if (docgen_token_is(&r->t, next, "{") && r->grammar->separator == '\\') {
        int end = docgen_token_skip(&r->t, next); /* PHP: hooks */
        const char *text = docgen_declared_name(r, s.name);

        docgen_declared_add(r, scope, head, "member", text + 1, s.name, next, end);
        return end;
    }
    if (docgen_token_is(&r->t, next, "=") || docgen_token_is(&r->t, next, ";") ||
        docgen_token_is(&r->t, next, ",")) {
        return field(r, scope, head, &s, limit);
    }
    return docgen_declared_skip(r, next, limit);
}
