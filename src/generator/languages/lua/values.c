/* Lua: what a name is given: functions, tables with their fields, classes, other names.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/lua/lua.h"

#include <ctype.h>
#include <strings.h>
#include <string.h>
#include <apr_strings.h>

#define DEPTH_MAX  6   /* tables in tables that are followed */
#define TABLES_MAX 500 /* tables of a file */
#define BASES_MAX  16  /* tables that one function looks names up in */

docgen_lua_table *docgen_lua_table_of(docgen_lua *r, const char *name)
{
    docgen_lua_table *known = apr_hash_get(r->tables, name, APR_HASH_KEY_STRING);

    if (!known && apr_hash_count(r->tables) < TABLES_MAX) {
        known = apr_pcalloc(r->source->scratch, sizeof(*known));
        APR_ARRAY_PUSH(r->names, const char *) = name;
        apr_hash_set(r->tables, name, APR_HASH_KEY_STRING, known);
    }
    return known;
}

docgen_lua_entry *docgen_lua_entry_add(docgen_lua *r, const char *path, docgen_lua_kind kind,
                                       int first, int stop, int is_local)
{
    docgen_lua_entry *e = apr_array_push(r->entries);

    *e = (docgen_lua_entry){.path = path,
                            .kind = kind,
                            .first = first,
                            .stop = stop,
                            .end = stop,
                            .is_local = is_local};
    if (!apr_hash_get(r->by_path, path, APR_HASH_KEY_STRING)) {
        int *index = apr_palloc(r->source->scratch, sizeof(*index));

        *index = r->entries->nelts;
        apr_hash_set(r->by_path, path, APR_HASH_KEY_STRING, index);
    }
    return e;
}

const docgen_lua_entry *docgen_lua_entry_of(const docgen_lua *r, const char *path)
{
    const int *index = apr_hash_get(r->by_path, path, APR_HASH_KEY_STRING);

    return index ? &APR_ARRAY_IDX(r->entries, *index - 1, docgen_lua_entry) : NULL;
}

/** The base that a call names which makes a class: `class("Foo", Base)`, `Base:extend()`. NULL = it makes none. */
static const char *class_base(const docgen_lua *r, int value, int *is_class)
{
    int at = value, open;
    const char *path = docgen_lua_path(r, &at), *last;

    *is_class = 0;
    if (!path) {
        return NULL;
    }
    last = path + strlen(path);
    while (last > path && !strchr(".:", last[-1])) {
        last--;
    }
    if (!strcmp(last, "extend") || !strcmp(last, "subclass") || !strcmp(last, "derive")) {
        *is_class = last > path;
        return last > path ? apr_pstrmemdup(r->source->pool, path, (apr_size_t)(last - path) - 1)
                           : NULL;
    }
    if (strcasecmp(last, "class") ||
        (!docgen_lua_is(r, at, "(") && r->t.items[at].kind != DOCGEN_TOKEN_STRING)) {
        return NULL;
    }
    *is_class = 1;
    open = at;
    for (int i = open + 1; docgen_lua_is(r, open, "(") && i < r->t.items[open].match;
         i = docgen_lua_behind(r, i)) {
        if (docgen_lua_is_word(r, i) && !docgen_lua_is_keyword(r, i) &&
            !docgen_lua_is(r, i, "nil")) {
            return docgen_lua_path(r, &i);
        }
    }
    return NULL;
}

/** Behind the calls of the path that begins with token `i`: `class "Foo" (Base)`. */
static int call_end(const docgen_lua *r, int i)
{
    docgen_lua_path(r, &i);
    while (i < r->t.count &&
           (docgen_lua_is(r, i, "(") || r->t.items[i].kind == DOCGEN_TOKEN_STRING)) {
        i = docgen_token_skip(&r->t, i);
    }
    return i;
}

static int is_literal(const docgen_lua *r, int i)
{
    return i < r->t.count && (r->t.items[i].kind == DOCGEN_TOKEN_NUMBER ||
                              r->t.items[i].kind == DOCGEN_TOKEN_STRING ||
                              docgen_lua_is(r, i, "true") || docgen_lua_is(r, i, "false") ||
                              (docgen_lua_is(r, i, "-") && i + 1 < r->t.count &&
                               r->t.items[i + 1].kind == DOCGEN_TOKEN_NUMBER));
}

static void join_add(docgen_lua *r, const char *path, const char *other)
{
    APR_ARRAY_PUSH(r->joins, const char *) = path;
    APR_ARRAY_PUSH(r->joins, const char *) = other;
}

/** `__index = other`, `__index = function(t, key) return other[key] end` at token `i`, behind the sign. */
static void index_read(docgen_lua *r, const char *path, int i)
{
    int end = docgen_lua_is(r, i, "function") ? r->match[i] : i;

    if (end == i && docgen_lua_is_word(r, i) && !docgen_lua_is_keyword(r, i) &&
        !docgen_lua_is(r, i + 1, ".") && !docgen_lua_is(r, i + 1, "(")) {
        join_add(r, path, docgen_lua_text(r, i));
    }
    while (i < end && !docgen_lua_is(r, i, "return")) {
        i++;
    }
    for (int n = 0; i < end && n < BASES_MAX; i++) {
        if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i + 1, "[") &&
            !docgen_lua_is(r, i - 1, ".")) {
            join_add(r, path, docgen_lua_text(r, i));
            n++;
        }
    }
}

/** `setmetatable(first, { __index = other })`, `open` being its bracket: `path` has the fields of `other`, too. */
void docgen_lua_metatable(docgen_lua *r, const char *path, int open)
{
    int close = r->t.items[open].match, i = docgen_lua_behind(r, open + 1);

    if (!docgen_lua_is(r, i, ",") || !docgen_lua_is(r, i + 1, "{")) {
        return;
    }
    for (i += 2; i < close && i + 2 < r->t.count; i = docgen_lua_behind(r, i)) {
        if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i, "__index") &&
            docgen_lua_is(r, i + 1, "=")) {
            index_read(r, path, i + 2);
        }
    }
}

/** `for key, value in pairs(other) do … path[key] = … end` at token `i`: `path` has the fields of `other`, too. */
void docgen_lua_copies(docgen_lua *r, int i)
{
    int at = i + 2 + 2 * docgen_lua_is(r, i + 2, ","), end;
    const char *key, *other;

    if (!docgen_lua_is_word(r, i + 1) || !docgen_lua_is(r, at, "in") ||
        !docgen_lua_is(r, at + 1, "pairs") || !docgen_lua_is(r, at + 2, "(") ||
        !docgen_lua_is_word(r, at + 3) || !docgen_lua_is(r, at + 4, ")") ||
        !docgen_lua_is(r, at + 5, "do")) {
        return;
    }
    key = docgen_lua_text(r, i + 1);
    other = docgen_lua_text(r, at + 3);
    end = r->match[at + 5];
    for (int n = at + 6; n + 4 < end; n++) {
        if (docgen_lua_is_word(r, n) && docgen_lua_is(r, n + 1, "[") &&
            docgen_lua_is(r, n + 2, key) && docgen_lua_is(r, n + 3, "]") &&
            docgen_lua_is(r, n + 4, "=") && !docgen_lua_is(r, n + 5, "=")) {
            join_add(r, docgen_lua_text(r, n), other);
            return;
        }
    }
}

/** The list that a loop at token `i` goes through by position, and the name of its element: `for _, name in ipairs(list)`,
 * `for i = 1, #list do local name = list[i]`. @return the brace of the list, -1 = it is no list of the file */
static int loop_list(const docgen_lua *r, int i, const char **name, int *body)
{
    int at = i + 2 + 2 * docgen_lua_is(r, i + 2, ",");
    const docgen_lua_entry *list;
    const char *path;

    if (docgen_lua_is(r, at, "in") && docgen_lua_is(r, at + 1, "ipairs") && at == i + 4) {
        int open = at + 2 + docgen_lua_is(r, at + 2, "(");

        *name = docgen_lua_text(r, i + 3);
        *body = open;
        if (docgen_lua_is(r, open, "{")) {
            return open;
        }
        path = docgen_lua_path(r, &open);
    } else if (docgen_lua_is(r, i + 2, "=") && docgen_lua_is(r, i + 3, "1") &&
               docgen_lua_is(r, i + 4, ",") && docgen_lua_is(r, i + 5, "#") &&
               docgen_lua_is(r, i + 7, "do") && docgen_lua_is(r, i + 8, "local") &&
               docgen_lua_is(r, i + 10, "=") && docgen_lua_is_word(r, i + 9)) {
        path = docgen_lua_text(r, i + 6);
        *name = docgen_lua_text(r, i + 9);
        *body = i + 11;
    } else {
        return -1;
    }
    list = path ? docgen_lua_entry_of(r, path) : NULL;
    return list && list->kind == DOCGEN_LUA_TABLE && docgen_lua_is(r, list->stop, "{") ? list->stop
                                                                                       : -1;
}

static int is_plain(const char *name)
{
    apr_size_t n = 0;

    while (isalnum((unsigned char)name[n]) || name[n] == '_') {
        n++;
    }
    return n > 0 && !name[n] && !isdigit((unsigned char)*name);
}

void docgen_lua_listed(docgen_lua *r, int i)
{
    const char *name = "";
    int body = i, open = loop_list(r, i, &name, &body), value = 0, end;
    const char *path = NULL;

    for (end = i; end < r->t.count && !docgen_lua_is(r, end, "do"); end++) {
    }
    end = open >= 0 && end < r->t.count ? r->match[end] : 0;
    for (int n = body; n + 5 < end && !path; n++) {
        if (docgen_lua_is_word(r, n) && docgen_lua_is(r, n + 1, "[") &&
            docgen_lua_is(r, n + 2, name) && docgen_lua_is(r, n + 3, "]") &&
            docgen_lua_is(r, n + 4, "=") && docgen_lua_is(r, n + 5, "function")) {
            path = docgen_lua_text(r, n);
            value = n + 5;
        }
    }
    for (int n = open + 1; path && n < r->t.items[open].match && n < r->t.count; n++) {
        const char *text =
            r->t.items[n].kind == DOCGEN_TOKEN_STRING ? docgen_token_string(&r->t, n) : "";

        if (is_plain(text) && !docgen_lua_is(r, n - 1, "=")) {
            docgen_lua_entry *e =
                docgen_lua_entry_add(r, apr_pstrcat(r->source->scratch, path, ".", text, NULL),
                                     DOCGEN_LUA_FUNCTION, n, docgen_lua_function_stop(r, value), 0);

            e->among = value;
            e->end = n + 1;
        }
    }
}

/** One name and its value, which begins with token `value`. @return behind what is surely its value */
int docgen_lua_value(docgen_lua *r, const char *path, int first, int value, int is_local, int depth)
{
    int at = value,
        open = docgen_lua_is(r, value, "setmetatable") && docgen_lua_is(r, value + 1, "(")
                   ? value + 2
                   : value;
    int is_class;
    const char *base, *other;

    if (open > value) {
        docgen_lua_metatable(r, path, value + 1);
    }
    if (docgen_lua_is_word(r, value) && docgen_lua_is(r, value, "function")) {
        docgen_lua_entry *e = docgen_lua_entry_add(r, path, DOCGEN_LUA_FUNCTION, first,
                                                   docgen_lua_function_stop(r, value), is_local);

        e->end = r->match[value] + 1;
        return e->end;
    }
    base = class_base(r, value, &is_class);
    if (docgen_lua_is(r, open, "{") || is_class) {
        docgen_lua_entry *e =
            docgen_lua_entry_add(r, path, DOCGEN_LUA_TABLE, first, value, is_local);

        e->base = base;
        e->end = is_class ? call_end(r, value) : docgen_token_skip(&r->t, value + (open > value));
        if (is_class && docgen_lua_table_of(r, path)) {
            docgen_lua_table_of(r, path)->is_class = 1;
        }
        if (docgen_lua_is(r, open, "{") && depth < DEPTH_MAX) {
            docgen_lua_fields(r, path, open, is_local, depth + 1);
        }
        return is_class ? e->end : docgen_token_skip(&r->t, open);
    }
    if (is_literal(r, value) && !docgen_lua_goes_on(r, value + 1 + docgen_lua_is(r, value, "-"))) {
        at = value + 1 + docgen_lua_is(r, value, "-");
        docgen_lua_entry_add(r, path, DOCGEN_LUA_LITERAL, first, at, is_local);
        return at;
    }
    other = docgen_lua_path(r, &at);
    if (other && !docgen_lua_goes_on(r, at) && strcmp(other, "nil")) {
        docgen_lua_entry_add(r, path, DOCGEN_LUA_NAME, first, at, is_local)->value = other;
        return at;
    }
    if (!docgen_lua_is(r, value, "nil")) {
        docgen_lua_entry_add(r, path, DOCGEN_LUA_OTHER, first, value, is_local);
    }
    return value;
}

/** The fields of the constructor at token `open`, each below `path`. */
void docgen_lua_fields(docgen_lua *r, const char *path, int open, int is_local, int depth)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close && i < r->t.count;) {
        const char *name = NULL;
        int value = 0;

        if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i + 1, "=") &&
            !docgen_lua_is(r, i + 2, "=")) {
            name = docgen_lua_text(r, i);
            value = i + 2;
        } else if (docgen_lua_is(r, i, "[") && docgen_lua_is(r, i + 2, "]") &&
                   docgen_lua_is(r, i + 3, "=") && r->t.items[i + 1].kind == DOCGEN_TOKEN_STRING) {
            name = docgen_token_string(&r->t, i + 1);
            name = *name && !strpbrk(name, ".: \t\n-/") ? name : NULL;
            value = i + 4;
        }
        if (name && value < close) {
            docgen_lua_value(r, apr_pstrcat(r->source->scratch, path, ".", name, NULL), i, value,
                             is_local, depth);
        }
        for (i = value ? value : i;
             i < close && !docgen_lua_is(r, i, ",") && !docgen_lua_is(r, i, ";");
             i = docgen_lua_behind(r, i)) {
        }
        i++;
    }
}
