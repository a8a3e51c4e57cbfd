/* Types of the declaration scanner: their bases, their members, an enum's constants, packages and imports.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/declared_parts.h"

/** The dotted name at `i` as written, without spaces. @param next receives the token behind it */
const char *docgen_declared_path(const docgen_declared *r, int i, int limit, int *next)
{
    const char *path = "";

    for (; i < limit; i++) {
        const docgen_token *token = &r->t.items[i];
        int word = token->kind == DOCGEN_TOKEN_WORD;

        if (!word && token->ch != '.' && token->ch != '\\' && token->ch != '*') {
            break;
        }
        if (*path && token->start != r->t.items[i - 1].end) {
            break;
        }
        path = apr_pstrcat(r->source->scratch, path, docgen_declared_name(r, i), NULL);
    }
    *next = i;
    return path;
}

/** A second package of the file gets a symbol that holds what it declares. */
static void package_enter(docgen_declared *r, docgen_scope *scope, const char *name, int at)
{
    if (!r->unit->package && r->unit->symbols->nelts == 0) {
        r->unit->package = apr_pstrdup(r->source->pool, name);
        return;
    }
    if (r->unit->package && !strcmp(r->unit->package, name)) {
        scope->into = r->unit->symbols;
        return;
    }
    r->space = docgen_symbol_add(r->source, r->unit->symbols, NULL, "namespace", name,
                                 r->t.items[at].line, r->t.items[at].line);
    scope->into = docgen_symbol_members(r->source, r->space);
    scope->names = NULL;
}

/** The name of a package below those around it. From scratch. */
static const char *package_below(const docgen_declared *r, const char *name)
{
    return r->enclosing && *name ? apr_psprintf(r->source->scratch, "%s%c%s", r->enclosing,
                                                r->grammar->separator, name)
                                 : name;
}

/** A package's block, whose brace is token `open`. @return behind it */
static int package_block(docgen_declared *r, const docgen_scope *scope, const char *name, int at,
                         int open)
{
    docgen_scope inner = *scope;
    int close = r->t.items[open].match;

    package_enter(r, &inner, name, at);
    if (close > open) {
        const char *outer = r->enclosing;

        r->enclosing = name;
        docgen_declared_block(r, &inner, open + 1, close);
        r->enclosing = outer;
    }
    return docgen_token_skip(&r->t, open);
}

/** Scala's `package object name extends … {`: its members are the package's. */
static int package_object(docgen_declared *r, docgen_scope *scope, const char *name, int at,
                          int open, int limit)
{
    while (open < limit && !docgen_token_is(&r->t, open, "{") &&
           !docgen_declared_line_ends(r, open)) {
        open = docgen_token_skip(&r->t, open);
    }
    if (!docgen_token_is(&r->t, open, "{")) {
        return open;
    }
    name = package_below(r, name);
    if (r->unit->symbols->nelts == 0) {
        r->unit->package = apr_pstrdup(r->source->pool, name);
    }
    return package_block(r, scope, name, at, open);
}

int docgen_declared_package(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                            int limit)
{
    int next;
    const char *name = docgen_declared_path(r, i, limit, &next);

    if (scope->owner || (!*name && !docgen_token_is(&r->t, next, "{"))) {
        return docgen_declared_skip(r, i, limit);
    }
    if (!r->unit->doc) {
        r->unit->doc = docgen_declared_doc(r, head->first);
    }
    if (docgen_token_is(&r->t, i - 1, "object")) {
        return package_object(r, scope, name, i, next, limit);
    }
    if (docgen_token_is(&r->t, next, "{")) {
        return package_block(r, scope, package_below(r, name), i, next);
    }
    if (r->grammar->nests && r->grammar->joins &&
        r->enclosing) { /* Scala: one clause below another */
        name = package_below(r, name);
        if (r->unit->symbols->nelts == 0) {
            r->unit->package = apr_pstrdup(r->source->pool, name);
        }
    }
    package_enter(r, scope, name, i);
    r->enclosing = r->grammar->nests ? name : NULL;
    return next;
}

int docgen_declared_import(docgen_declared *r, docgen_scope *scope, int i, int limit)
{
    int next, line = r->t.items[i - 1].line;
    const char *path;

    (void)scope;
    while (docgen_declared_in(
        r, i, "static global function const struct class func enum protocol var let typealias")) {
        i++;
    }
    if (r->t.items[i].kind == DOCGEN_TOKEN_STRING && i < limit) {
        path = docgen_token_string(&r->t, i);
        next = i + 1;
    } else {
        path = docgen_declared_path(r, i, limit, &next);
        if (docgen_token_is(&r->t, next, "=")) { /* C#: an alias */
            path = docgen_declared_path(r, next + 1, limit, &next);
        }
    }
    if (docgen_declared_in(r, i - 1,
                           "export part")) { /* Dart: with what is shown or hidden of it */
        int stop = next;

        while (stop < limit && !docgen_token_is(&r->t, stop, ";")) {
            stop++;
        }
        docgen_import_add(r->source, r->unit, path,
                          stop > next ? docgen_source_squeeze(r->source, r->t.items[next].start,
                                                              r->t.items[stop - 1].end, 2000)
                                      : NULL,
                          NULL, line, DOCGEN_IMPORT_EXPORTED);
    } else if (*path && *path != '.') {
        docgen_import_add(r->source, r->unit, path + (*path == '\\'), NULL, NULL, line, 0);
    }
    if (r->grammar->joins) { /* a line, whatever stands at its end: "import a.*" */
        while (next < limit && r->t.items[next].line == line) {
            next = docgen_token_skip(&r->t, next);
        }
        return next > i ? next : i + 1;
    }
    return docgen_declared_skip(r, next > i ? next - 1 : i, limit);
}

/** Takes the base between two tokens without what constructs it. */
static void base_add(docgen_declared *r, docgen_symbol *owner, int from, int to)
{
    int stop = from;

    while (docgen_token_is(&r->t, from, "@") &&
           from + 1 < to) { /* annotated: @unchecked Sendable */
        from += 2;
        stop = from;
    }
    while (stop < to && !docgen_token_is(&r->t, stop, "(") && !docgen_token_is(&r->t, stop, "{") &&
           !docgen_token_is(&r->t, stop, "by")) {
        int after = docgen_declared_angles(r, stop);

        stop = after > stop ? after : docgen_token_skip(&r->t, stop);
    }
    if (stop > from) {
        APR_ARRAY_PUSH(owner->bases, const char *) =
            docgen_source_squeeze(r->source, r->t.items[from].start, r->t.items[stop - 1].end, 200);
    }
}

void docgen_declared_bases(docgen_declared *r, docgen_symbol *owner, int i, int open)
{
    const docgen_grammar *g = r->grammar;
    int from = -1;

    owner->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
    while (i < open) {
        int after = docgen_declared_angles(r, i);

        after = after > i ? after : docgen_token_skip(&r->t, i);
        if (docgen_declared_in(r, i, g->no_bases)) {
            break;
        }
        if (docgen_declared_in(r, i, g->bases)) {
            if (from >= 0) {
                base_add(r, owner, from, i);
            }
            from = i + 1;
        } else if (docgen_token_is(&r->t, i, ",") && from >= 0) {
            base_add(r, owner, from, i);
            from = i + 1;
        }
        i = after;
    }
    if (from >= 0) {
        base_add(r, owner, from, i < open ? i : open);
    }
}

int docgen_declared_constants(docgen_declared *r, docgen_scope *scope, int i, int limit)
{
    while (i < limit && !docgen_token_is(&r->t, i, ";")) {
        docgen_head head = {.first = i, .start = -1, .visibility = scope->fallback, .shown = ""};
        int at = docgen_declared_modifiers(r, &head, i, limit), stop, end;

        if (at >= limit || r->t.items[at].kind != DOCGEN_TOKEN_WORD) {
            i = docgen_token_is(&r->t, i, ",") ? i + 1 : docgen_token_skip(&r->t, i);
            continue;
        }
        head.start = at;
        for (stop = at + 1;
             stop < limit && !docgen_token_is(&r->t, stop, ",") &&
             !docgen_token_is(&r->t, stop, ";") && !docgen_token_is(&r->t, stop, "{");
             stop = docgen_token_skip(&r->t, stop)) {
        }
        for (end = stop;
             end < limit && !docgen_token_is(&r->t, end, ",") && !docgen_token_is(&r->t, end, ";");
             end = docgen_token_skip(&r->t, end)) {
        }
        if (docgen_token_is(&r->t, at + 1, "(")) {
            stop = at + 1; /* what constructs it is nobody's who uses it */
        }
        docgen_declared_add(r, scope, &head, "member", docgen_declared_name(r, at), at, stop, end);
        i = end + docgen_token_is(&r->t, end, ",");
    }
    return i;
}

void docgen_declared_primary(docgen_declared *r, docgen_scope *scope, int open, int all)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close && i < r->t.count;) {
        docgen_head head = {.first = i, .start = -1, .visibility = scope->fallback, .shown = ""};
        int at = docgen_declared_modifiers(r, &head, i, close), stop, name = -1, colon = 0;
        int marked = docgen_declared_in(r, at, "val var");
        int worded = marked || head.accesses || head.start >= 0;

        head.start = head.start < 0 ? at : head.start;
        for (stop = at; stop < close && !docgen_token_is(&r->t, stop, ",");) {
            int after = docgen_declared_angles(r, stop);

            if (docgen_token_is(&r->t, stop, "=")) {
                break;
            }
            colon |= docgen_token_is(&r->t, stop, ":");
            if (r->t.items[stop].kind == DOCGEN_TOKEN_WORD && !colon) {
                name = stop;
            }
            stop = after > stop ? after : docgen_token_skip(&r->t, stop);
        }
        if (name >= 0 && (all || (r->grammar->typed ? worded : marked))) {
            const char *text = docgen_declared_name(r, name);

            docgen_declared_add(r, scope, &head, "member", docgen_declared_variable(r, text), name,
                                stop, stop);
        }
        while (stop < close && !docgen_token_is(&r->t, stop, ",")) {
            int after = docgen_declared_angles(r, stop);

            stop = after > stop ? after : docgen_token_skip(&r->t, stop);
        }
        i = stop + 1;
    }
}

/** Does a line of annotations and modifiers go on with the primary constructor? @return its parameters, or 0 */
static int constructor_below(const docgen_declared *r, int i, int limit)
{
    const char *word = r->grammar->promotes;

    if (!word) {
        return 0;
    }
    for (int n = 0; n < 40 && i < limit; n++) {
        if (docgen_token_is(&r->t, i, word)) {
            return i + 1;
        }
        if (docgen_token_is(&r->t, i, "@")) {
            for (i += 2; docgen_token_is(&r->t, i, "."); i += 2) {
            }
            i = docgen_token_is(&r->t, i, "(") ? docgen_token_skip(&r->t, i) : i;
        } else if (docgen_declared_in(r, i, "private internal protected public")) {
            i++;
        } else {
            return 0;
        }
    }
    return 0;
}

/** What `{`, a `;` or a line's end closes the head of a type that begins behind its name at `i`. */
static int type_head_end(docgen_declared *r, int i, int limit)
{
    int column = r->grammar->by_column;

    while (i < limit && !docgen_token_is(&r->t, i, "{") && !docgen_token_is(&r->t, i, ";") &&
           !docgen_token_is(&r->t, i, "}")) {
        int after;

        if (column && docgen_token_is(&r->t, i, ":") && i + 1 < limit &&
            r->t.items[i + 1].line > r->t.items[i].line) {
            return i;
        }
        if (docgen_declared_line_ends(r, i)) {
            after = constructor_below(r, i, limit);
            if (!after) {
                return i;
            }
            i = after;
            continue;
        }
        after = docgen_declared_angles(r, i);
        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i < limit ? i : limit;
}

/** The parameters behind a type's name: `(` before its bases, or 0. */
static int primary_open(docgen_declared *r, int i, int open)
{
    while (i < open && !docgen_declared_in(r, i, r->grammar->bases)) {
        int after = docgen_declared_angles(r, i);

        if (docgen_token_is(&r->t, i, "(") && !docgen_token_is(&r->t, i - 2, "@")) {
            return i;
        }
        after = after > i ? after : docgen_token_skip(&r->t, i);
        i = after;
    }
    return 0;
}

/** The name of a type that may be composed ("Outer.Inner" of an extension). */
static const char *type_name(docgen_declared *r, const docgen_word *word, int i, int limit,
                             int *next)
{
    const char *name;

    if (!(word->flags & DOCGEN_WORD_EXTENSION)) {
        *next = i + 1;
        return docgen_declared_name(r, i);
    }
    name = docgen_declared_path(r, i, limit, next);
    return name;
}

/** The members in a type's braces. */
static void members(docgen_declared *r, docgen_scope *around, docgen_symbol *type,
                    const docgen_word *word, const docgen_head *head, int primary, int open,
                    int close)
{
    docgen_scope scope = {.owner = type,
                          .into = docgen_symbol_members(r->source, type),
                          .fallback = r->grammar->fallback.member};
    int i = open + 1;

    (void)around;
    if (word->flags & DOCGEN_WORD_INTERFACE) {
        scope.fallback = type->visibility;
    }
    if (word->flags & DOCGEN_WORD_EXTENSION && head->accesses) {
        scope.fallback = head->visibility;
    }
    if (primary) {
        docgen_scope properties = scope;

        if (word->flags & DOCGEN_WORD_PRIMARY) {
            properties.fallback = type->visibility;
        }
        docgen_declared_primary(r, &properties, primary, word->flags & DOCGEN_WORD_PRIMARY ? 1 : 0);
    }
    if (open >= close) {
        return;
    }
    if (word->flags & DOCGEN_WORD_CONSTANTS) {
        docgen_scope constants = scope;

        constants.fallback = type->visibility;
        i = docgen_declared_constants(r, &constants, i, close);
    }
    scope.is_enum = !strcmp(word->kind, "enum");
    scope.is_protocol = word->flags & DOCGEN_WORD_INTERFACE ? 1 : 0;
    docgen_declared_block(r, &scope, i, close);
}

int docgen_declared_type(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                         const docgen_word *word, int i, int limit)
{
    int next, open, close, end, primary;
    const char *name;
    docgen_symbol *type;
    docgen_scope place = *scope;

    if (i >= limit || r->t.items[i].kind != DOCGEN_TOKEN_WORD) {
        return docgen_declared_skip(r, i, limit); /* an anonymous one */
    }
    name = type_name(r, word, i, limit, &next);
    open = type_head_end(r, next, limit);
    close = docgen_token_is(&r->t, open, "{") ? r->t.items[open].match : open;
    close = close > limit ? limit : close;
    end = close > open ? (close < limit ? close + 1 : limit) : open;
    if (docgen_token_is(&r->t, open, ":")) { /* Scala: what stands further right is the body */
        for (close = open + 1; close < limit && !(docgen_declared_line_ends(r, close));) {
            close = docgen_token_skip(&r->t, close);
        }
        close = end = close < limit ? close : limit;
    }
    if (word->flags &
        DOCGEN_WORD_EXTENSION) { /* collected apart: it may belong to any file's type */
        place.owner = NULL;
        place.into = apr_array_make(r->source->scratch, 1, sizeof(docgen_symbol *));
        head->visibility = head->accesses ? head->visibility : DOCGEN_VISIBLE_PUBLIC;
    }
    type = docgen_declared_add(r, &place, head, word->kind, name, i, open, end);
    primary = primary_open(r, next, open);
    docgen_declared_bases(r, type, next, open);
    members(r, scope, type, word, head, primary, open, close);
    if (word->flags & DOCGEN_WORD_EXTENSION) {
        APR_ARRAY_PUSH(r->unit->symbols, docgen_symbol *) = type;
    }
    return end;
}

int docgen_declared_companion(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                              int limit)
{
    docgen_scope inner = *scope;
    int open = type_head_end(r, i, limit), close;

    if (!docgen_token_is(&r->t, open, "{")) {
        return open > i ? open : docgen_declared_skip(r, i, limit);
    }
    close = r->t.items[open].match;
    inner.is_static = 1;
    inner.fallback = head->accesses ? head->visibility : r->grammar->fallback.member;
    if (head->accesses && head->visibility == DOCGEN_VISIBLE_PRIVATE) {
        return docgen_token_skip(&r->t, open);
    }
    docgen_declared_block(r, &inner, open + 1, close);
    scope->names = inner.names;
    return docgen_token_skip(&r->t, open);
}
