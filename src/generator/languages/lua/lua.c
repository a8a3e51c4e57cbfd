/* Lua: what the table offers that a file returns or, without one, what the file makes global.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/lua/lua.h"

#include <string.h>
#include <apr_strings.h>
#include "generator/languages/grammars.h"

#define NAMES_MAX 16 /* of one assignment */

/** `a, b.c = x, y` with or without `local`; `i` is the first name. @return where to go on, 0 when it is none */
static int assignment(docgen_lua *r, int first, int i, int is_local)
{
    const char *names[NAMES_MAX];
    int starts[NAMES_MAX], count = 0, next;

    for (int at = i; count < NAMES_MAX; at++) {
        starts[count] = at;
        names[count] = docgen_lua_path(r, &at);
        if (!names[count]) {
            return 0;
        }
        count++;
        if (docgen_lua_is(r, at, "<") && docgen_lua_is(r, at + 2, ">")) {
            at += 3;                                        /* local x <const> */
        } else if (is_local && docgen_lua_is(r, at, ":")) { /* Luau: local x: type */
            while (at < r->t.count && !docgen_lua_is(r, at, "=") && !docgen_lua_is(r, at, ",") &&
                   r->t.items[at].line == r->t.items[starts[count - 1]].line) {
                at = docgen_token_skip(&r->t, at);
            }
        }
        i = at;
        if (!docgen_lua_is(r, at, ",")) {
            break;
        }
    }
    for (int n = 0; is_local && n < count; n++) {
        docgen_lua_table *known = docgen_lua_table_of(r, names[n]);

        if (known) {
            known->is_local = 1;
        }
    }
    if (!docgen_lua_is(r, i, "=") || docgen_lua_is(r, i + 1, "=")) {
        return is_local ? i : 0;
    }
    next = i = i + 1;
    for (int n = 0; n < count && i < r->t.count; n++) {
        int before = r->entries->nelts;

        next = docgen_lua_value(r, names[n], count == 1 ? first : starts[n], i, is_local, 0);
        if (count > 1 && r->entries->nelts > before) {
            APR_ARRAY_IDX(r->entries, before, docgen_lua_entry).among = i;
        }
        for (i = next; n + 1 < count && i < r->t.count && !docgen_lua_is(r, i, ",") &&
                       !docgen_lua_is(r, i, ";") && !docgen_lua_is_keyword(r, i);
             i = docgen_lua_behind(r, i)) {
        }
        if (!docgen_lua_is(r, i, ",")) {
            break;
        }
        i++;
    }
    return next;
}

static int statement(docgen_lua *r, int i);

/** The file returns what `require` at token `i` gives. */
static void exported_read(docgen_lua *r, int i)
{
    int string = i + 1 + docgen_lua_is(r, i + 1, "(");

    if (string < r->t.count && r->t.items[string].kind == DOCGEN_TOKEN_STRING) {
        docgen_import_add(r->source, r->unit, docgen_token_string(&r->t, string), "*", NULL,
                          r->t.items[i].line, DOCGEN_IMPORT_EXPORTED);
    }
}

/** `return M`, `return setmetatable(M, …)`, `return { … }`. */
static void returned_read(docgen_lua *r, int i)
{
    r->returns = 1;
    r->returned = "";
    if (docgen_lua_is(r, i, "setmetatable") && docgen_lua_is(r, i + 1, "(")) {
        i += 2;
        docgen_lua_metatable(r,
                             docgen_lua_is(r, i, "{")   ? DOCGEN_LUA_RETURNED
                             : docgen_lua_is_word(r, i) ? docgen_lua_text(r, i)
                                                        : "",
                             i - 1);
    }
    if (docgen_lua_is(r, i, "(") && docgen_lua_is(r, i + 1, "function") &&
        docgen_lua_is(r, r->t.items[i].match + 1, "(")) {
        int end = r->match[i + 1];

        for (int next, at = docgen_lua_function_stop(r, i + 1);
             at<end; at = next> at ? next : at + 1) {
            next = statement(r, at); /* a function that is called at once: its body is the file's */
        }
    } else if (docgen_lua_is(r, i, "require") && !docgen_lua_is(r, i + 1, "=")) {
        exported_read(r, i);
    } else if (docgen_lua_is(r, i, "{")) {
        r->returned = DOCGEN_LUA_RETURNED;
        docgen_lua_fields(r, DOCGEN_LUA_RETURNED, i, 0, 0);
    } else if (docgen_lua_is_word(r, i) && !docgen_lua_is_keyword(r, i) &&
               !docgen_lua_is(r, i + 1, ".") && !docgen_lua_is(r, i + 1, "(") &&
               !docgen_lua_is(r, i + 1, ":")) {
        r->returned = docgen_lua_text(r, i);
    }
}

static int function_read(docgen_lua *r, int first, int i, int is_local)
{
    int at = i + 1;
    const char *path = docgen_lua_path(r, &at);

    if (path) {
        docgen_lua_entry_add(r, path, DOCGEN_LUA_FUNCTION, first, docgen_lua_function_stop(r, i),
                             is_local)
            ->end = r->match[i] + 1;
    }
    return r->match[i] + 1;
}

static void import_read(docgen_lua *r, int i)
{
    int string = i + 1 + docgen_lua_is(r, i + 1, "(");

    if (string < r->t.count && r->t.items[string].kind == DOCGEN_TOKEN_STRING) {
        const char *from = docgen_token_string(&r->t, string);

        if (*from && !strpbrk(from, " \n")) {
            docgen_import_add(r->source, r->unit, from, NULL, NULL, r->t.items[i].line, 0);
        }
    }
}

/** One statement, or one token of none. @return where to go on */
static int statement(docgen_lua *r, int i)
{
    int is_local = docgen_lua_is(r, i, "local"), next;

    if (!docgen_lua_is_word(r, i)) {
        return docgen_token_skip(&r->t, i);
    }
    if (docgen_lua_is(r, i, "function")) {
        return function_read(r, i, i, 0);
    }
    if (is_local && docgen_lua_is(r, i + 1, "function")) {
        return function_read(r, i, i + 1, 1);
    }
    if (docgen_lua_is_value_if(r, i)) {
        while (i + 1 < r->t.count && !docgen_lua_is(r, i, "then")) {
            i++;
        }
        return i + 1;
    }
    if (docgen_lua_is(r, i, "if") || docgen_lua_is(r, i, "elseif") || docgen_lua_is(r, i, "for") ||
        docgen_lua_is(r, i, "while")) {
        int loops = docgen_lua_is(r, i, "for") || docgen_lua_is(r, i, "while");

        if (docgen_lua_is(r, i, "if") && r->match[i] > r->inside) {
            r->inside = r->match[i];
        }
        if (docgen_lua_is(r, i, "for")) {
            docgen_lua_copies(r, i);
            docgen_lua_listed(r, i);
        }
        for (i++; i < r->t.count && !docgen_lua_is(r, i, loops ? "do" : "then") &&
                  !docgen_lua_is(r, i, "end");
             i = docgen_lua_behind(r, i)) {
        }
        return loops && docgen_lua_is(r, i, "do") ? r->match[i] + 1
                                                  : i; /* what a loop makes has no name */
    }
    if (docgen_lua_is(r, i, "return")) {
        if (i > r->inside) {
            returned_read(r, i + 1);
        }
        return i + 1;
    }
    if (docgen_lua_is(r, i, "repeat") && r->match[i] > r->inside) {
        r->inside = r->match[i];
    }
    if (docgen_lua_is(r, i - 1, ".") || docgen_lua_is(r, i - 1, ":") ||
        (!is_local && docgen_lua_is_keyword(r, i))) {
        return i + 1;
    }
    if ((next = assignment(r, i, i + is_local, is_local)) > 0) {
        return next;
    }
    if (docgen_lua_is(r, i, "module") &&
        (docgen_lua_is(r, i + 1, "(") || r->t.items[i + 1].kind == DOCGEN_TOKEN_STRING)) {
        r->is_module = 1;
    } else if (docgen_lua_is(r, i, "setmetatable") && docgen_lua_is(r, i + 1, "(") &&
               docgen_lua_is_word(r, i + 2)) {
        docgen_lua_metatable(r, docgen_lua_text(r, i + 2), i + 1);
    } else if (!docgen_lua_is(r, i, "require") && docgen_lua_is(r, i + 1, "(") && i > r->inside &&
               i > 0 && r->t.items[i].line > r->t.items[i - 1].line) {
        r->is_script = 1;
    }
    return i + 1;
}

/** Which tables are the `__index` of others: `mt.__index = Foo`, `{ __index = Foo }`. And what the file requires. */
static void words_look(docgen_lua *r)
{
    for (int i = 0; i + 2 < r->t.count; i++) {
        if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i, "require")) {
            import_read(r, i);
        } else if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i, "__index") &&
                   docgen_lua_is(r, i + 1, "=")) {
            int at = i + 2;
            const char *path = docgen_lua_path(r, &at);

            if (path && !docgen_lua_is(r, at, "(") && docgen_lua_table_of(r, path)) {
                docgen_lua_table_of(r, path)->is_class = 1;
            }
        }
    }
}

/** What the file returns may be another module that it adds to. */
static void extended_read(docgen_lua *r)
{
    const docgen_lua_entry *root = *r->returned ? docgen_lua_entry_of(r, r->returned) : NULL;

    if (root && root->kind == DOCGEN_LUA_OTHER && docgen_lua_is(r, root->stop, "require")) {
        exported_read(r, root->stop);
    }
}

static docgen_unit *scan(const docgen_source *source)
{
    docgen_lua r = {.source = source,
                    .unit = docgen_unit_make(source),
                    .entries = apr_array_make(source->scratch, 64, sizeof(docgen_lua_entry)),
                    .names = apr_array_make(source->scratch, 32, sizeof(const char *)),
                    .joins = apr_array_make(source->scratch, 8, sizeof(const char *)),
                    .inside = -1,
                    .by_path = apr_hash_make(source->scratch),
                    .tables = apr_hash_make(source->scratch),
                    .made = apr_hash_make(source->scratch),
                    .returned = ""};

    docgen_tokens_read(&r.t, source, DOCGEN_LANG_LUA);
    docgen_lua_blocks(&r);
    words_look(&r);
    for (int i = 0, next; i<r.t.count; i = next> i ? next : i + 1) {
        next = statement(&r, i);
    }
    extended_read(&r);
    docgen_lua_offer(&r);
    return r.unit;
}

const docgen_grammar docgen_grammar_lua = {
    .lexical = {DOCGEN_LEXICAL_DASHES | DOCGEN_LEXICAL_SINGLE, NULL},
    .traits = {.marks = DOCGEN_MARK_DASH | DOCGEN_MARK_SINGLE},
    .scan = scan,
    .separator = '.',
    .doc = DOCGEN_DOC_LDOC,
    .settle = docgen_lua_settle,
    .finish = docgen_lua_finish,
    .module = docgen_lua_module,
};
