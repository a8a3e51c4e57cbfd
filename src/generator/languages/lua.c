/* Lua: what the table offers that a file returns or, without one, what the file makes global.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/lua.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/grammars.h"

#define DEPTH_MAX  6   /* tables in tables that are followed */
#define TABLES_MAX 500 /* local tables of a file */
#define NAMES_MAX  16  /* of one assignment */
#define ROUNDS_MAX 3   /* aliases of aliases */
#define DATA_MAX   160 /* bytes of a table of data that are shown */
/* --- tokens ------------------------------------------------------------------------------------------------ */

static int is(const docgen_lua *r, int i, const char *text)
{
    return docgen_token_is(&r->t, i, text);
}

static int is_word(const docgen_lua *r, int i)
{
    return i >= 0 && i < r->t.count && r->t.items[i].kind == DOCGEN_TOKEN_WORD;
}

static const char *text_of(const docgen_lua *r, int i)
{
    return apr_pstrmemdup(r->source->scratch, r->source->text + r->t.items[i].start,
                          r->t.items[i].end - r->t.items[i].start);
}

static int is_one_of(const docgen_lua *r, int i, const char *const *words)
{
    for (; *words; words++) {
        if (is_word(r, i) && is(r, i, *words)) {
            return 1;
        }
    }
    return 0;
}

static int is_keyword(const docgen_lua *r, int i)
{
    static const char *const words[] = {
        "and", "break", "do",  "else", "elseif", "end",    "for",  "function", "goto",  "if",
        "in",  "local", "not", "or",   "repeat", "return", "then", "until",    "while", NULL};

    return is_one_of(r, i, words);
}

/** Luau writes `if a then b else c` where a value may stand. */
static int is_value_if(const docgen_lua *r, int i)
{
    return i > 0 && is(r, i, "if") &&
           ((r->t.items[i - 1].kind == DOCGEN_TOKEN_PUNCT &&
             strchr("=(,{[+-*/%<>.#~", r->t.items[i - 1].ch)) ||
            is(r, i - 1, "return") || is(r, i - 1, "and") || is(r, i - 1, "or") ||
            is(r, i - 1, "not"));
}

/** Finds the end of each block; what has none ends with the file. */
static void blocks_match(docgen_lua *r)
{
    int *open = apr_palloc(r->source->scratch, ((apr_size_t)r->t.count + 1) * sizeof(int));
    int opened = 0;

    r->match = apr_palloc(r->source->scratch, ((apr_size_t)r->t.count + 1) * sizeof(int));
    for (int i = 0; i < r->t.count; i++) {
        static const char *const openers[] = {"function", "do", "repeat", "if", NULL};

        r->match[i] = r->t.count - 1;
        if (is(r, i - 1, ".") && !is(r, i - 2, ".")) {
            continue;
        }
        if (is_one_of(r, i, openers) && !is_value_if(r, i)) {
            open[opened++] = i;
        } else if (opened && is_word(r, i) && (is(r, i, "end") || is(r, i, "until"))) {
            r->match[open[--opened]] = i;
        }
    }
}

/** Behind token `i` and all that it opens. */
int docgen_lua_behind(const docgen_lua *r, int i)
{
    return is_word(r, i) && is(r, i, "function") ? r->match[i] + 1 : docgen_token_skip(&r->t, i);
}

/** Does a value go on with token `i`? */
static int goes_on(const docgen_lua *r, int i)
{
    if (i >= r->t.count) {
        return 0;
    }
    if (r->t.items[i].kind == DOCGEN_TOKEN_PUNCT) {
        return !strchr(",;)}]", r->t.items[i].ch);
    }
    return is(r, i, "and") || is(r, i, "or") || r->t.items[i].kind == DOCGEN_TOKEN_STRING;
}

/** "a.b:c" or "a['b']" at token `*i`; moves behind it. NULL when no name stands there. From scratch. */
static const char *path_at(const docgen_lua *r, int *i)
{
    const char *path;
    int depth = 0;

    if (!is_word(r, *i) || is_keyword(r, *i)) {
        return NULL;
    }
    for (path = text_of(r, (*i)++); depth < 2 * DEPTH_MAX; depth++) {
        if ((is(r, *i, ".") || is(r, *i, ":")) && is_word(r, *i + 1) && !is(r, *i + 1, "=")) {
            path = apr_pstrcat(r->source->scratch, path, text_of(r, *i), text_of(r, *i + 1), NULL);
            *i += 2;
        } else if (is(r, *i, "[") && *i + 2 < r->t.count && is(r, *i + 2, "]") &&
                   r->t.items[*i + 1].kind == DOCGEN_TOKEN_STRING) {
            const char *name = docgen_token_string(&r->t, *i + 1);

            if (!*name || strpbrk(name, ".: \t\n-/")) {
                return NULL;
            }
            path = apr_pstrcat(r->source->scratch, path, ".", name, NULL);
            *i += 3;
        } else {
            break;
        }
    }
    return path;
}

/** Behind the parameters of the function whose word is token `i`, and what Luau says of its result. */
static int function_stop(const docgen_lua *r, int i)
{
    int end = r->match[i];

    while (i < end && !is(r, i, "(")) {
        i++;
    }
    i = docgen_token_skip(&r->t, i);
    if (is(r, i, ":") && i < end) {
        int line = r->t.items[i].line;

        for (i++; i < end && r->t.items[i].line == line && !is_keyword(r, i);) {
            i = docgen_token_skip(&r->t, i);
        }
    }
    return i;
}

/* --- reading ----------------------------------------------------------------------------------------------- */

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

static docgen_lua_entry *entry_add(docgen_lua *r, const char *path, docgen_lua_kind kind, int first,
                                   int stop, int is_local)
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
    const char *path = path_at(r, &at), *last;

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
        (!is(r, at, "(") && r->t.items[at].kind != DOCGEN_TOKEN_STRING)) {
        return NULL;
    }
    *is_class = 1;
    open = at;
    for (int i = open + 1; is(r, open, "(") && i < r->t.items[open].match;
         i = docgen_lua_behind(r, i)) {
        if (is_word(r, i) && !is_keyword(r, i) && !is(r, i, "nil")) {
            return path_at(r, &i);
        }
    }
    return NULL;
}

/** Behind the calls of the path that begins with token `i`: `class "Foo" (Base)`. */
static int call_end(const docgen_lua *r, int i)
{
    path_at(r, &i);
    while (i < r->t.count && (is(r, i, "(") || r->t.items[i].kind == DOCGEN_TOKEN_STRING)) {
        i = docgen_token_skip(&r->t, i);
    }
    return i;
}

static int is_literal(const docgen_lua *r, int i)
{
    return i < r->t.count &&
           (r->t.items[i].kind == DOCGEN_TOKEN_NUMBER ||
            r->t.items[i].kind == DOCGEN_TOKEN_STRING || is(r, i, "true") || is(r, i, "false") ||
            (is(r, i, "-") && i + 1 < r->t.count && r->t.items[i + 1].kind == DOCGEN_TOKEN_NUMBER));
}

static void fields_read(docgen_lua *r, const char *path, int open, int is_local, int depth);

/** One name and its value, which begins with token `value`. @return behind what is surely its value */
static int value_read(docgen_lua *r, const char *path, int first, int value, int is_local,
                      int depth)
{
    int at = value,
        open = is(r, value, "setmetatable") && is(r, value + 1, "(") ? value + 2 : value;
    int is_class;
    const char *base, *other;

    if (is_word(r, value) && is(r, value, "function")) {
        docgen_lua_entry *e =
            entry_add(r, path, DOCGEN_LUA_FUNCTION, first, function_stop(r, value), is_local);

        e->end = r->match[value] + 1;
        return e->end;
    }
    base = class_base(r, value, &is_class);
    if (is(r, open, "{") || is_class) {
        docgen_lua_entry *e = entry_add(r, path, DOCGEN_LUA_TABLE, first, value, is_local);

        e->base = base;
        e->end = is_class ? call_end(r, value) : docgen_token_skip(&r->t, value + (open > value));
        if (is_class && docgen_lua_table_of(r, path)) {
            docgen_lua_table_of(r, path)->is_class = 1;
        }
        if (is(r, open, "{") && depth < DEPTH_MAX) {
            fields_read(r, path, open, is_local, depth + 1);
        }
        return is_class ? e->end : docgen_token_skip(&r->t, open);
    }
    if (is_literal(r, value) && !goes_on(r, value + 1 + is(r, value, "-"))) {
        at = value + 1 + is(r, value, "-");
        entry_add(r, path, DOCGEN_LUA_LITERAL, first, at, is_local);
        return at;
    }
    other = path_at(r, &at);
    if (other && !goes_on(r, at) && strcmp(other, "nil")) {
        entry_add(r, path, DOCGEN_LUA_NAME, first, at, is_local)->value = other;
        return at;
    }
    if (!is(r, value, "nil")) {
        entry_add(r, path, DOCGEN_LUA_OTHER, first, value, is_local);
    }
    return value;
}

/** The fields of the constructor at token `open`, each below `path`. */
static void fields_read(docgen_lua *r, const char *path, int open, int is_local, int depth)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close && i < r->t.count;) {
        const char *name = NULL;
        int value = 0;

        if (is_word(r, i) && is(r, i + 1, "=") && !is(r, i + 2, "=")) {
            name = text_of(r, i);
            value = i + 2;
        } else if (is(r, i, "[") && is(r, i + 2, "]") && is(r, i + 3, "=") &&
                   r->t.items[i + 1].kind == DOCGEN_TOKEN_STRING) {
            name = docgen_token_string(&r->t, i + 1);
            name = *name && !strpbrk(name, ".: \t\n-/") ? name : NULL;
            value = i + 4;
        }
        if (name && value < close) {
            value_read(r, apr_pstrcat(r->source->scratch, path, ".", name, NULL), i, value,
                       is_local, depth);
        }
        for (i = value ? value : i; i < close && !is(r, i, ",") && !is(r, i, ";");
             i = docgen_lua_behind(r, i)) {
        }
        i++;
    }
}

/** `a, b.c = x, y` with or without `local`; `i` is the first name. @return where to go on, 0 when it is none */
static int assignment(docgen_lua *r, int first, int i, int is_local)
{
    const char *names[NAMES_MAX];
    int starts[NAMES_MAX], count = 0, next;

    for (int at = i; count < NAMES_MAX; at++) {
        starts[count] = at;
        names[count] = path_at(r, &at);
        if (!names[count]) {
            return 0;
        }
        count++;
        if (is(r, at, "<") && is(r, at + 2, ">")) {
            at += 3;                             /* local x <const> */
        } else if (is_local && is(r, at, ":")) { /* Luau: local x: type */
            while (at < r->t.count && !is(r, at, "=") && !is(r, at, ",") &&
                   r->t.items[at].line == r->t.items[starts[count - 1]].line) {
                at = docgen_token_skip(&r->t, at);
            }
        }
        i = at;
        if (!is(r, at, ",")) {
            break;
        }
    }
    for (int n = 0; is_local && n < count; n++) {
        docgen_lua_table *known = docgen_lua_table_of(r, names[n]);

        if (known) {
            known->is_local = 1;
        }
    }
    if (!is(r, i, "=") || is(r, i + 1, "=")) {
        return is_local ? i : 0;
    }
    next = i = i + 1;
    for (int n = 0; n < count && i < r->t.count; n++) {
        int before = r->entries->nelts;

        next = value_read(r, names[n], count == 1 ? first : starts[n], i, is_local, 0);
        if (count > 1 && r->entries->nelts > before) {
            APR_ARRAY_IDX(r->entries, before, docgen_lua_entry).among = i;
        }
        for (i = next; n + 1 < count && i < r->t.count && !is(r, i, ",") && !is(r, i, ";") &&
                       !is_keyword(r, i);
             i = docgen_lua_behind(r, i)) {
        }
        if (!is(r, i, ",")) {
            break;
        }
        i++;
    }
    return next;
}

/** `return M`, `return setmetatable(M, …)`, `return { … }`. */
static void returned_read(docgen_lua *r, int i)
{
    r->returns = 1;
    r->returned = "";
    if (is(r, i, "setmetatable") && is(r, i + 1, "(")) {
        i += 2;
    }
    if (is(r, i, "{")) {
        r->returned = DOCGEN_LUA_RETURNED;
        fields_read(r, DOCGEN_LUA_RETURNED, i, 0, 0);
    } else if (is_word(r, i) && !is_keyword(r, i) && !is(r, i + 1, ".") && !is(r, i + 1, "(") &&
               !is(r, i + 1, ":")) {
        r->returned = text_of(r, i);
    }
}

static int function_read(docgen_lua *r, int first, int i, int is_local)
{
    int at = i + 1;
    const char *path = path_at(r, &at);

    if (path) {
        entry_add(r, path, DOCGEN_LUA_FUNCTION, first, function_stop(r, i), is_local)->end =
            r->match[i] + 1;
    }
    return r->match[i] + 1;
}

static void import_read(docgen_lua *r, int i)
{
    int string = i + 1 + is(r, i + 1, "(");

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
    static const char *const openers[] = {"do", "repeat", "then", NULL};
    int is_local = is(r, i, "local"), next;

    if (!is_word(r, i)) {
        return docgen_token_skip(&r->t, i);
    }
    if (is(r, i, "function")) {
        return function_read(r, i, i, 0);
    }
    if (is_local && is(r, i + 1, "function")) {
        return function_read(r, i, i + 1, 1);
    }
    if (is_value_if(r, i)) {
        while (i + 1 < r->t.count && !is(r, i, "then")) {
            i++;
        }
        return i + 1;
    }
    if (is(r, i, "if") || is(r, i, "elseif") || is(r, i, "for") || is(r, i, "while")) {
        int loops = is(r, i, "for") || is(r, i, "while");

        for (i++; i < r->t.count && !is(r, i, loops ? "do" : "then") && !is(r, i, "end");
             i = docgen_lua_behind(r, i)) {
        }
        return loops && is(r, i, "do") ? r->match[i] + 1 : i; /* what a loop makes has no name */
    }
    if (is(r, i, "return")) {
        if (r->depth == 0) {
            returned_read(r, i + 1);
        }
        return i + 1;
    }
    r->depth += is_one_of(r, i, openers);
    r->depth -= r->depth > 0 && (is(r, i, "end") || is(r, i, "until") || is(r, i, "elseif"));
    if (is(r, i - 1, ".") || is(r, i - 1, ":") || (!is_local && is_keyword(r, i))) {
        return i + 1;
    }
    if ((next = assignment(r, i, i + is_local, is_local)) > 0) {
        return next;
    }
    if (is(r, i, "module") &&
        (is(r, i + 1, "(") || r->t.items[i + 1].kind == DOCGEN_TOKEN_STRING)) {
        r->is_module = 1;
    } else if (!is(r, i, "require") && is(r, i + 1, "(") && r->depth == 0 && i > 0 &&
               r->t.items[i].line > r->t.items[i - 1].line) {
        r->is_script = 1;
    }
    return i + 1;
}

/** Which tables are the `__index` of others: `mt.__index = Foo`, `{ __index = Foo }`. And what the file requires. */
static void words_look(docgen_lua *r)
{
    for (int i = 0; i + 2 < r->t.count; i++) {
        if (is_word(r, i) && is(r, i, "require")) {
            import_read(r, i);
        } else if (is_word(r, i) && is(r, i, "__index") && is(r, i + 1, "=")) {
            int at = i + 2;
            const char *path = path_at(r, &at);

            if (path && !is(r, at, "(") && docgen_lua_table_of(r, path)) {
                docgen_lua_table_of(r, path)->is_class = 1;
            }
        }
    }
}

static docgen_unit *scan(const docgen_source *source)
{
    docgen_lua r = {.source = source,
                    .unit = docgen_unit_make(source),
                    .entries = apr_array_make(source->scratch, 64, sizeof(docgen_lua_entry)),
                    .names = apr_array_make(source->scratch, 32, sizeof(const char *)),
                    .by_path = apr_hash_make(source->scratch),
                    .tables = apr_hash_make(source->scratch),
                    .made = apr_hash_make(source->scratch),
                    .returned = ""};

    docgen_tokens_read(&r.t, source, DOCGEN_LANG_LUA);
    blocks_match(&r);
    words_look(&r);
    for (int i = 0, next; i<r.t.count; i = next> i ? next : i + 1) {
        next = statement(&r, i);
    }
    docgen_lua_offer(&r);
    return r.unit;
}

const docgen_grammar docgen_grammar_lua = {
    .lexical = {DOCGEN_LEXICAL_DASHES | DOCGEN_LEXICAL_SINGLE, NULL},
    .scan = scan,
    .separator = '.',
    .doc = DOCGEN_DOC_LDOC,
    .settle = docgen_lua_settle,
    .module = docgen_lua_module,
};
