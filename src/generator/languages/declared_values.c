/* Functions, values and members of the declaration scanner.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/declared_parts.h"

#define NAMES_MAX 64 /* of one declaration: "let a, b: Int" */
#define VALUE_MAX 40 /* bytes of a constant's value that is shown */

/** Where a function's head ends, from behind its parameters: at its body, `=`, `=>`, `;` or the line's end. */
static int call_head_end(docgen_declared *r, int i, int limit)
{
    int start = i;

    if (r->grammar->typed && docgen_token_is(&r->t, i, ":") && r->grammar->separator != '\\') {
        return i; /* a constructor calls another one */
    }
    while (i < limit && !docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i, ";") &&
           !docgen_token_is(&r->t, i, "}") &&
           (!docgen_token_is(&r->t, i, "=") || docgen_token_is_joined(&r->t, i, "==") ||
            docgen_token_is_joined(&r->t, i - 1, "=="))) {
        int after;

        if (i >= start && docgen_declared_line_ends(r, i)) {
            return i;
        }
        after = docgen_declared_angles(r, i);
        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i < limit ? i : limit;
}

/** Where a declaration ends whose head ends at `stop`. */
static int body_end(docgen_declared *r, int stop, int limit)
{
    if (stop >= limit) {
        return limit;
    }
    if (docgen_token_is(&r->t, stop, "{")) {
        int end = docgen_token_skip(&r->t, stop);

        return end < limit ? end : limit;
    }
    if (docgen_token_is(&r->t, stop, ";")) {
        return stop + 1;
    }
    if (r->grammar->joins && !docgen_token_is(&r->t, stop, "=") &&
        !docgen_token_is(&r->t, stop, ":")) {
        return stop;
    }
    if (r->grammar->joins) {
        int i = stop + 1;

        while (i < limit && !docgen_token_is(&r->t, i, ";") && !docgen_declared_line_ends(r, i)) {
            i = docgen_token_skip(&r->t, i);
        }
        return i < limit ? i : limit;
    }
    while (stop < limit && !docgen_token_is(&r->t, stop, ";")) { /* `=> expression;` */
        if (docgen_token_is(&r->t, stop, "{") && !docgen_token_is_joined(&r->t, stop - 2, "=>") &&
            docgen_token_is(&r->t, stop - 1, ")")) {
            return docgen_token_skip(&r->t, stop); /* a constructor that calls another one */
        }
        stop = docgen_token_skip(&r->t, stop);
    }
    return stop < limit ? stop + 1 : limit;
}

static const char *callable_kind(const docgen_scope *scope)
{
    return scope->owner ? "method" : "function";
}

/** The chain "Receiver<T>.name" at `i`: the token of the name, and in `next` the one behind it. -1 = none */
static int chain(docgen_declared *r, int i, int limit, int *next)
{
    int name = -1;

    i = docgen_declared_angles(r, i);
    while (i < limit) {
        const docgen_token *token = &r->t.items[i];
        int after;

        if (token->kind == DOCGEN_TOKEN_WORD) {
            if (name >= 0 && r->t.items[i - 1].kind == DOCGEN_TOKEN_WORD) {
                break;
            }
            name = i++;
        } else if (token->ch == '(' && name < 0) {
            i = docgen_token_skip(&r->t, i);
        } else if (token->ch == '.' || token->ch == '?' || token->ch == '&' || token->ch == '@') {
            i++;
        } else if ((after = docgen_declared_angles(r, i)) > i) {
            i = after;
        } else {
            break;
        }
    }
    *next = i;
    return name;
}

/** A function named by marks: "==", "+". @return the token behind its name, `i` = it is none */
static int operator_name(const docgen_declared *r, int i, int limit, const char **name)
{
    int start = i;

    while (i < limit && r->t.items[i].kind == DOCGEN_TOKEN_PUNCT && r->t.items[i].ch != '(' &&
           r->t.items[i].ch != '{' && r->t.items[i].ch != '[' &&
           (i == start || r->t.items[i].start == r->t.items[i - 1].end)) {
        i++;
    }
    if (i > start) {
        *name = apr_pstrmemdup(r->source->pool, r->source->text + r->t.items[start].start,
                               r->t.items[i - 1].end - r->t.items[start].start);
    }
    return i;
}

static int call(docgen_declared *r, docgen_scope *scope, docgen_head *head, const docgen_word *word,
                int i, int limit)
{
    int at = i, next = i, stop, name = -1;
    const char *text = NULL;

    if (word->flags & DOCGEN_WORD_NAMELESS) {
        at = i - 1;
        text = docgen_declared_name(r, at);
        next = i + (docgen_token_is(&r->t, i, "?") || docgen_token_is(&r->t, i, "!"));
    } else if (r->t.items[i].kind == DOCGEN_TOKEN_PUNCT && r->t.items[i].ch != '(' &&
               r->t.items[i].ch != '<' && r->t.items[i].ch != '&' && r->t.items[i].ch != '@') {
        next = operator_name(r, i, limit, &text);
    } else {
        name = chain(r, i, limit, &next);
        if (name < 0 && r->t.items[i].ch != '(') { /* Swift: func < */
            next = operator_name(r, i, limit, &text);
        } else if (name >= 0) {
            at = name;
            text = docgen_declared_name(r, name);
            if (text[strlen(text) - 1] == '_' && next < limit &&
                r->t.items[next].kind == DOCGEN_TOKEN_PUNCT && next == name + 1 &&
                r->t.items[next].start == r->t.items[name].end) { /* Scala: unary_!, value_= */
                const char *marks = "";

                next = operator_name(r, next, limit, &marks);
                text = apr_pstrcat(r->source->pool, text, marks, NULL);
            }
        }
    }
    next = docgen_declared_angles(r, next);
    if (!text || (!docgen_token_is(&r->t, next, "(") && !docgen_token_is(&r->t, next, "["))) {
        if (!text || r->grammar->separator != '.' || !r->grammar->joins) {
            return docgen_declared_skip(r, next > i ? next - 1 : i, limit);
        }
        stop = call_head_end(r, next, limit); /* Scala: without parameters */
    } else {
        stop = call_head_end(r, docgen_token_skip(&r->t, next), limit);
    }
    docgen_declared_add(r, scope, head, callable_kind(scope), text, at, stop,
                        body_end(r, stop, limit));
    if (r->grammar->promotes && scope->owner && docgen_token_is(&r->t, next, "(") &&
        !strcmp(text, r->grammar->promotes)) {
        docgen_declared_primary(r, scope, next, 0);
    }
    return body_end(r, stop, limit);
}

const char *docgen_declared_accessors(const docgen_declared *r, int open)
{
    const char *list = "";
    int close = r->t.items[open].match, hidden = 0;

    for (int i = open + 1; i < close && i < r->t.count; i = docgen_token_skip(&r->t, i)) {
        if (docgen_declared_in(r, i, "private internal fileprivate")) {
            hidden = 1;
        } else if (docgen_declared_in(r, i, "get set init add remove")) {
            const char *name = docgen_declared_name(r, i);
            int known = docgen_token_is(&r->t, i - 1, "=") || docgen_token_is(&r->t, i - 1, ">");

            if (!hidden && !known && !strstr(list, name) && strcmp(name, "add") &&
                strcmp(name, "remove")) {
                list = apr_pstrcat(r->source->scratch, list, " ", name,
                                   r->grammar->joins ? "" : ";", NULL);
            }
            hidden = 0;
            if (docgen_token_is_joined(&r->t, i + 1, "=>")) {
                while (i < close && !docgen_token_is(&r->t, i, ";")) {
                    i = docgen_token_skip(&r->t, i);
                }
            }
        }
    }
    return *list ? apr_pstrcat(r->source->scratch, " {", list, " }", NULL) : "";
}

/** Where a value's declaration is cut: a short literal stays, any other initial value goes. */
static int value_stop(const docgen_declared *r, const docgen_head *head, int equals, int limit)
{
    int last = equals + 1 + docgen_token_is(&r->t, equals + 1, "-");
    const docgen_token *token = &r->t.items[last];

    if (!head->is_constant || last >= limit ||
        !(token->kind == DOCGEN_TOKEN_NUMBER || token->kind == DOCGEN_TOKEN_STRING ||
          docgen_declared_in(r, last, "true false null nil")) ||
        token->end - r->t.items[equals].start > VALUE_MAX) {
        return equals;
    }
    while (token[1].kind != DOCGEN_TOKEN_END &&
           (token[1].ch == '.' || token[1].kind == DOCGEN_TOKEN_NUMBER) &&
           token[1].start == token->end) { /* 1.5 */
        token++;
        last++;
    }
    return docgen_token_is(&r->t, last + 1, ";") || docgen_token_is(&r->t, last + 1, ",") ||
                   docgen_token_is(&r->t, last + 1, "}") || last + 1 >= limit ||
                   docgen_declared_line_ends(r, last + 1)
               ? last + 1
               : equals;
}

/** `val (a, b) = …` with its bracket at `i`: each name that no call and no type is. */
static int pattern(docgen_declared *r, docgen_scope *scope, docgen_head *head, const char *kind,
                   int i, int limit)
{
    int close = r->t.items[i].match, end = docgen_declared_skip(r, i, limit);

    for (int n = i + 1; n < close; n++) {
        if (r->t.items[n].kind == DOCGEN_TOKEN_WORD && !docgen_token_is(&r->t, n, "_") &&
            (docgen_token_is(&r->t, n - 1, "(") || docgen_token_is(&r->t, n - 1, ",")) &&
            (docgen_token_is(&r->t, n + 1, ",") || docgen_token_is(&r->t, n + 1, ")") ||
             docgen_token_is(&r->t, n + 1, ":"))) {
            docgen_declared_add(r, scope, head, kind, docgen_declared_name(r, n), i, close + 1,
                                end);
        }
    }
    return end;
}

/** `val`, `var`, `let`: a name, a type, accessors. */
static int value(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                 const docgen_word *word, int i, int limit)
{
    int next, name = chain(r, i, limit, &next), stop, end, names = 0;
    const char *accessors = "", *kind = scope->owner && r->grammar->joins ? "property" : word->kind;
    docgen_symbol *symbol;

    if (name < 0 && docgen_token_is(&r->t, i, "(") && r->grammar->joins) {
        return pattern(r, scope, head, kind, i, limit);
    }
    if (name < 0) {
        return docgen_declared_skip(r, i, limit);
    }
    if (!r->grammar->joins &&
        r->t.items[next].kind == DOCGEN_TOKEN_WORD) { /* PHP: after its type */
        name = next++;
    }
    for (stop = next; stop < limit && !docgen_token_is(&r->t, stop, "=") &&
                      !docgen_token_is(&r->t, stop, "{") && !docgen_token_is(&r->t, stop, ";") &&
                      !docgen_token_is(&r->t, stop, "}") && !docgen_token_is(&r->t, stop, ",") &&
                      !docgen_token_is(&r->t, stop, "by") && !docgen_token_is(&r->t, stop, "get") &&
                      !(stop > next && docgen_declared_line_ends(r, stop)) &&
                      !(stop == next && docgen_declared_line_ends(r, stop));) {
        int after = docgen_declared_angles(r, stop);

        stop = after > stop ? after : docgen_token_skip(&r->t, stop);
    }
    end = stop;
    if (docgen_token_is(&r->t, stop, ",") && r->grammar->joins) { /* let a, b: T says it for both */
        names = stop;
        stop = docgen_declared_skip(r, stop, limit);
    }
    if (docgen_token_is(&r->t, stop, "{")) {
        accessors = docgen_declared_accessors(r, stop);
        end = docgen_token_skip(&r->t, stop);
    } else if (names) {
        end = stop;
    } else if (stop < limit && !docgen_declared_line_ends(r, stop)) {
        for (end = stop; end < limit && !docgen_token_is(&r->t, end, ";") &&
                         !(end > stop && docgen_declared_line_ends(r, end));) {
            end = docgen_token_skip(&r->t, end);
        }
    }
    if (docgen_token_is(&r->t, stop, "=")) {
        head->is_constant |= word->flags & DOCGEN_WORD_VALUE && !strcmp(word->kind, "constant");
        stop = value_stop(r, head, stop, limit);
    }
    symbol = docgen_declared_add(r, scope, head, kind, docgen_declared_name(r, name), name, stop,
                                 end > name ? end : name + 1);
    for (int more = names, n = 0;
         names && more < end && docgen_token_is(&r->t, more, ",") && n < NAMES_MAX; n++) {
        int first = more + 1;

        if (r->t.items[first].kind != DOCGEN_TOKEN_WORD) {
            break;
        }
        for (more = first; more < end && !docgen_token_is(&r->t, more, ",");) { /* let a: A, b: B */
            int after = docgen_declared_angles(r, more);

            more = after > more ? after : docgen_token_skip(&r->t, more);
        }
        docgen_declared_add(r, scope, head, kind, docgen_declared_name(r, first), first, end, end);
    }
    for (int more = stop; !r->grammar->joins && more < end; more = docgen_token_skip(&r->t, more)) {
        if (docgen_token_is(&r->t, more, ",") && docgen_token_is(&r->t, more + 2, "=")) {
            head->start = more + 1; /* PHP: const A = 1, B = 2 */
            docgen_declared_add(r, scope, head, kind, docgen_declared_name(r, more + 1), more + 1,
                                value_stop(r, head, more + 2, limit), more + 3);
        }
    }
    if (*accessors && symbol->signature && strstr(accessors, "get") &&
        (scope->is_protocol || strstr(accessors, "set"))) {
        symbol->signature = apr_pstrcat(r->source->pool, symbol->signature, accessors, NULL);
    }
    return end > i ? end : i + 1;
}

/** Values of an enum behind `case`. */
static int cases(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i, int limit)
{
    while (i < limit && r->t.items[i].kind == DOCGEN_TOKEN_WORD) {
        docgen_head one = *head;
        int stop = i + 1, end;

        one.start = i;
        if (scope->owner) {
            one.visibility = scope->owner->visibility;
        }
        while (stop < limit && !docgen_token_is(&r->t, stop, ",") &&
               !docgen_token_is(&r->t, stop, ";") && !docgen_token_is(&r->t, stop, "}") &&
               !docgen_declared_line_ends(r, stop)) {
            stop = docgen_token_skip(&r->t, stop);
        }
        end = stop;
        docgen_declared_add(r, scope, &one, "member", docgen_declared_name(r, i), i, stop, end);
        if (!docgen_token_is(&r->t, stop, ",")) {
            return stop + docgen_token_is(&r->t, stop, ";");
        }
        i = stop + 1;
        head->first = i;
    }
    return i;
}

static int alias(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                 const docgen_word *word, int i, int limit)
{
    int end = docgen_declared_skip(r, i, limit);
    int stop = docgen_token_is(&r->t, end - 1, ";") ? end - 1 : end;

    if (r->t.items[i].kind != DOCGEN_TOKEN_WORD) {
        return end;
    }
    docgen_declared_add(r, scope, head, word->kind, docgen_declared_name(r, i), i, stop, end);
    return end;
}

/** `use A, B;` inside a PHP type. */
static int traits(docgen_declared *r, docgen_scope *scope, int i, int limit)
{
    int end = docgen_declared_skip(r, i, limit);

    while (scope->owner && i < end) {
        int next;
        const char *name = docgen_declared_path(r, i, end, &next);

        if (*name && scope->owner->bases) {
            APR_ARRAY_PUSH(scope->owner->bases, const char *) = apr_pstrdup(r->source->pool, name);
        }
        if (!docgen_token_is(&r->t, next, ",")) {
            break;
        }
        i = next + 1;
    }
    return end;
}

int docgen_declared_word(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                         const docgen_word *word, int i, int limit)
{
    unsigned flags = word->flags;

    if (flags & DOCGEN_WORD_TRAIT && scope->owner) {
        return traits(r, scope, i, limit);
    }
    if (flags & DOCGEN_WORD_PACKAGE) {
        return docgen_declared_package(r, scope, head, i, limit);
    }
    if (flags & DOCGEN_WORD_IMPORT) {
        return docgen_declared_import(r, scope, i, limit);
    }
    if (flags & DOCGEN_WORD_COMPANION) {
        return docgen_declared_companion(r, scope, head, i, limit);
    }
    if (flags & DOCGEN_WORD_TYPE) {
        return docgen_declared_type(r, scope, head, word, i, limit);
    }
    if (flags & DOCGEN_WORD_CALL) {
        return call(r, scope, head, word, i, limit);
    }
    if (flags & DOCGEN_WORD_CASE) {
        return scope->is_enum ? cases(r, scope, head, i, limit) : docgen_declared_skip(r, i, limit);
    }
    if (flags & DOCGEN_WORD_ALIAS) {
        return alias(r, scope, head, word, i, limit);
    }
    if (flags & DOCGEN_WORD_TYPED) {
        head->kind = word->kind;
        return docgen_declared_typed(r, scope, head, i, limit);
    }
    if (flags & DOCGEN_WORD_VALUE) {
        return value(r, scope, head, word, i, limit);
    }
    if (flags & DOCGEN_WORD_THROUGH) {
        int open = i;

        while (r->grammar->joins &&
               (docgen_token_is(&r->t, open, "(") || docgen_token_is(&r->t, open, "["))) {
            open = docgen_token_skip(&r->t, open);
        }
        if (r->grammar->joins && !docgen_token_is(&r->t, open, "{")) {
            return open; /* Scala: extension (x: T) def … */
        }
        while (open < limit && !docgen_token_is(&r->t, open, "{") &&
               !docgen_token_is(&r->t, open, ";")) {
            open = docgen_token_skip(&r->t, open);
        }
        if (docgen_token_is(&r->t, open, "{")) {
            docgen_declared_block(r, scope, open + 1, r->t.items[open].match);
            return docgen_token_skip(&r->t, open);
        }
        return open;
    }
    return docgen_declared_skip(r, i, limit);
}
