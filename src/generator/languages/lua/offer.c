/* Lua: which of a file's names users reach, and as what.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/languages/comments.h"
#include "generator/languages/language.h"
#include "generator/languages/lua/lua.h"

#define DEPTH_MAX  8   /* tables in tables */
#define ROUNDS_MAX 3   /* names of names */
#define SHOWN_MAX  160 /* bytes of a value that are shown */

static const docgen_comment_marks marks = {
    .line = "--",
    .brackets = 1,
    .directives = "luacheck:\nluacheck \nstylua:\nselene:\n@diagnostic\n@nodiscard\n@async\n"
                  "@meta\n@cast\n@format\n!strict\n!nonstrict\n!native\n!optimize\n",
};

static int line_of(const docgen_lua *r, int token)
{
    return r->t.items[token].line;
}

/** Does a name begin with `_`? Two of them are for the language itself. */
static int is_internal(const char *path)
{
    for (const char *p = path; *p; p++) {
        if (*p == '_' && (p == path || strchr(".:", p[-1]))) {
            return 1;
        }
    }
    return 0;
}

static int is_metamethod(const char *path)
{
    const char *last = path + strlen(path);

    while (last > path && !strchr(".:", last[-1])) {
        last--;
    }
    return !strncmp(last, "__", 2);
}

/** The tokens from `first` to before `stop` with single blanks, comments left out. */
static void text_add(const docgen_lua *r, docgen_buffer *out, int first, int stop)
{
    for (int i = first; i < stop && i < r->t.count; i++) {
        if (i > first && r->t.items[i].start > r->t.items[i - 1].end) {
            docgen_buffer_puts(out, " ");
        }
        docgen_buffer_append(out, r->source->text + r->t.items[i].start,
                             r->t.items[i].end - r->t.items[i].start);
    }
}

/** What is shown of an entry: a function's head, a short value whole, else its beginning. */
static const char *signature(const docgen_lua *r, const docgen_lua_entry *e)
{
    docgen_buffer *out = docgen_buffer_create(r->source->scratch);
    int end = e->stop;
    const char *text;

    if (e->among > 0) {
        docgen_buffer_puts(out, apr_pstrcat(r->source->scratch, e->path, " = ", NULL));
    }
    text_add(r, out,
             e->among > 0 ? e->among : e->first + (e->kind == DOCGEN_LUA_FUNCTION && e->is_local),
             e->stop);
    if (e->kind == DOCGEN_LUA_TABLE || e->kind == DOCGEN_LUA_OTHER) {
        int line = line_of(r, e->stop < r->t.count ? e->stop : e->first);

        while (end < r->t.count && line_of(r, end) == line && !strchr(",;", r->t.items[end].ch) &&
               !(r->t.items[end].kind == DOCGEN_TOKEN_PUNCT && strchr(")}]", r->t.items[end].ch))) {
            end = docgen_lua_behind(r, end);
        }
        if (e->kind == DOCGEN_LUA_TABLE && e->end > e->stop) {
            end = e->end;
        }
        if (end > e->stop && end <= r->t.count &&
            r->t.items[end - 1].end - r->t.items[e->stop].start <= SHOWN_MAX &&
            (e->kind == DOCGEN_LUA_TABLE || line_of(r, end - 1) == line)) {
            docgen_buffer_puts(out, " ");
            text_add(r, out, e->stop, end);
        } else {
            docgen_buffer_puts(out, docgen_token_is(&r->t, e->stop, "{") ? " {…}" : " …");
        }
    }
    text = apr_pstrmemdup(r->source->pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return text;
}

/** The longest beginning of a path that is a table which is offered: "M.sub" of "M.sub.name". NULL = none is. */
static const docgen_lua_table *offered_table(const docgen_lua *r, const char *path,
                                             apr_size_t *length)
{
    for (*length = strlen(path); *length > 0; (*length)--) {
        const docgen_lua_table *known;

        if (path[*length] && !strchr(".:", path[*length])) {
            continue;
        }
        known = apr_hash_get(r->tables, path, (apr_ssize_t)*length);
        if (known && known->shown) {
            return known;
        }
    }
    return NULL;
}

/** What a path's first table is offered as; `rest` receives the rest of the path. NULL = it is not offered. */
static const char *offered_as(const docgen_lua *r, const docgen_lua_entry *e, const char **rest)
{
    apr_size_t length;
    const docgen_lua_table *known = offered_table(r, e->path, &length);
    const char *root;

    *rest = e->path + length;
    if (known) {
        return known->shown;
    }
    length = strcspn(e->path, ".:");
    *rest = e->path + length;
    root = apr_pstrmemdup(r->source->scratch, e->path, length);
    known = apr_hash_get(r->tables, root, APR_HASH_KEY_STRING);
    if (!strcmp(root, DOCGEN_LUA_RETURNED)) {
        return "";
    }
    if ((r->returns && !r->is_module) || e->is_local || (known && known->is_local)) {
        return NULL;
    }
    if (e->kind != DOCGEN_LUA_FUNCTION && e->kind != DOCGEN_LUA_TABLE && !**rest && !r->is_module) {
        return NULL; /* a variable of the whole program */
    }
    return root;
}

/** The whole path that an entry is offered under, or NULL. From scratch. */
static const char *offered_path(const docgen_lua *r, const docgen_lua_entry *e)
{
    const char *rest, *shown = offered_as(r, e, &rest);

    if (!shown) {
        return NULL;
    }
    if (!*shown) {
        return rest + (*rest != '\0');
    }
    return apr_pstrcat(r->source->scratch, shown, rest, NULL);
}

static docgen_symbol *container_of(docgen_lua *r, const char *path, apr_size_t length,
                                   const docgen_lua_entry *e, int depth);

static docgen_symbol *symbol_add(docgen_lua *r, const char *path, const char *kind,
                                 const docgen_lua_entry *e, int depth)
{
    const char *last = path + strlen(path);
    docgen_symbol *parent = NULL, *s;

    while (last > path && !strchr(".:", last[-1])) {
        last--;
    }
    if (last > path) {
        parent = container_of(r, path, (apr_size_t)(last - path) - 1, e, depth + 1);
        if (!parent) {
            return NULL;
        }
    }
    s = docgen_symbol_add(
        r->source, parent ? docgen_symbol_members(r->source, parent) : r->unit->symbols, parent,
        kind, last, line_of(r, e->first), line_of(r, e->end > e->first ? e->end - 1 : e->first));
    if (is_internal(path)) {
        s->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    if (parent && parent->visibility > s->visibility) {
        s->visibility = parent->visibility;
    }
    apr_hash_set(r->made, apr_pstrdup(r->source->scratch, path), APR_HASH_KEY_STRING, s);
    return s;
}

/** The symbol that holds the members of a path; made when nothing else made it. */
static docgen_symbol *container_of(docgen_lua *r, const char *path, apr_size_t length,
                                   const docgen_lua_entry *e, int depth)
{
    const char *name = apr_pstrmemdup(r->source->scratch, path, length);
    docgen_symbol *s = apr_hash_get(r->made, name, APR_HASH_KEY_STRING);

    if (!s && depth < DEPTH_MAX) {
        s = symbol_add(r, name, "table", e, depth);
        if (s) {
            s->signature = apr_pstrdup(r->source->pool, name);
            s->end_line = s->line;
            if (!r->returns && !r->is_module) {
                s->visibility = DOCGEN_VISIBLE_INTERNAL; /* another file's table */
            }
        }
    }
    return s;
}

static const char *kind_of(const docgen_lua *r, const docgen_lua_entry *e, const char *path)
{
    const docgen_lua_table *known = apr_hash_get(r->tables, e->path, APR_HASH_KEY_STRING);
    const char *p = path;

    switch (e->kind) {
    case DOCGEN_LUA_FUNCTION:
        return strchr(e->path, ':') ? "method" : "function";
    case DOCGEN_LUA_TABLE:
        return known && known->is_class ? "class" : "table";
    case DOCGEN_LUA_LITERAL:
        while (*p && !islower((unsigned char)*p)) {
            p++;
        }
        return *p ? "property" : "constant";
    case DOCGEN_LUA_NAME:
    case DOCGEN_LUA_OTHER:
        break;
    }
    return "property";
}

/** What the comment above says of a symbol. */
static void comment_read(docgen_lua *r, docgen_symbol *s, int line)
{
    s->doc = docgen_doc_parse(r->source->pool, docgen_comment_attached(r->source, line, &marks),
                              DOCGEN_DOC_LDOC);
    s->deprecated = docgen_doc_find(s->doc, "deprecated") != NULL;
    if (docgen_doc_find(s->doc, "internal")) {
        s->visibility = DOCGEN_VISIBLE_INTERNAL;
        s->traits |= DOCGEN_SYMBOL_HIDDEN;
    }
}

static void base_add(docgen_lua *r, docgen_symbol *s, const char *base)
{
    if (base) {
        s->bases = apr_array_make(r->source->pool, 1, sizeof(const char *));
        APR_ARRAY_PUSH(s->bases, const char *) = apr_pstrdup(r->source->pool, base);
    }
}

static void symbol_make(docgen_lua *r, const docgen_lua_entry *e)
{
    const char *path = offered_path(r, e);
    const docgen_lua_entry *shown = e;
    docgen_symbol *s;

    if (!path || !*path || is_metamethod(path)) {
        return;
    }
    if (e->kind == DOCGEN_LUA_NAME) {
        const docgen_lua_entry *known = docgen_lua_entry_of(r, e->value);

        if (known && known->kind == DOCGEN_LUA_TABLE) {
            const char *other = offered_path(r, known);

            if (other && !strcmp(other, path)) {
                return; /* its own entry says more */
            }
        }
        shown = known && known->kind == DOCGEN_LUA_FUNCTION ? known : e;
    }
    if (apr_hash_get(r->made, path, APR_HASH_KEY_STRING)) {
        return;
    }
    s = symbol_add(r, path, kind_of(r, shown, path), shown, 0);
    if (!s) {
        return;
    }
    s->signature = signature(r, shown);
    comment_read(r, s, s->line);
    if (shown != e && !s->doc) {
        comment_read(r, s, line_of(r, e->first));
    }
    if (e->kind == DOCGEN_LUA_TABLE) {
        base_add(r, s, e->base);
    }
    if (s->parent && !strcmp(s->kind, "method") && !strcmp(s->parent->kind, "table")) {
        s->parent->kind = "class";
    }
}

static const char *shown_of(const docgen_lua *r, const char *path)
{
    docgen_lua_entry e = {.path = path, .kind = DOCGEN_LUA_TABLE};

    return offered_path(r, &e);
}

/** Lets the table `name` be offered as `path`, unless it is already. */
static void offer_as(docgen_lua *r, const char *name, const char *path)
{
    docgen_lua_table *known;

    if (!path || is_internal(path) || shown_of(r, name)) {
        return;
    }
    known = docgen_lua_table_of(r, name);
    if (known) {
        known->shown = path;
    }
}

/** Tables that are offered under another name or as a part of another table: `M.Foo = Foo`, `local A = B`,
 * `setmetatable(M, { __index = B })`. */
static void names_follow(docgen_lua *r)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        for (int i = 0; i < r->entries->nelts; i++) {
            const docgen_lua_entry *e = &APR_ARRAY_IDX(r->entries, i, docgen_lua_entry);

            if (e->kind != DOCGEN_LUA_NAME) {
                continue;
            }
            offer_as(r, e->value, shown_of(r, e->path));
            if (e->is_local && !strpbrk(e->path, ".:")) { /* two names of one table */
                offer_as(r, e->path, shown_of(r, e->value));
            }
        }
        for (int i = 0; i + 1 < r->joins->nelts; i += 2) {
            offer_as(r, APR_ARRAY_IDX(r->joins, i + 1, const char *),
                     shown_of(r, APR_ARRAY_IDX(r->joins, i, const char *)));
        }
    }
}

/** Does the comment above a line begin as those that are meant for users: `---`, `--[[--`? */
static int is_described(const docgen_lua *r, int line)
{
    while (line > 1) {
        apr_size_t stop;
        const char *p = docgen_source_at(r->source, line - 1, &stop), *end = r->source->text + stop;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }
        if (end - p < 2 || memcmp(p, "--", 2)) {
            return 0;
        }
        if (end - p > 3 && p[2] == '-' && p[3] != '-') {
            return 1;
        }
        line--;
    }
    return 0;
}

/** Classes whose objects users get although they can't name the class: those that are described. */
static void classes_offer(docgen_lua *r)
{
    for (int i = 0; r->returns && i < r->entries->nelts; i++) {
        const docgen_lua_entry *e = &APR_ARRAY_IDX(r->entries, i, docgen_lua_entry);
        apr_size_t length = strcspn(e->path, ".:");
        docgen_lua_table *known;
        const char *name;

        if (e->kind != DOCGEN_LUA_FUNCTION || !e->path[length] || is_internal(e->path)) {
            continue;
        }
        name = apr_pstrmemdup(r->source->scratch, e->path, length);
        known = apr_hash_get(r->tables, name, APR_HASH_KEY_STRING);
        if (known && known->is_class && known->is_local && !known->shown &&
            is_described(r, line_of(r, e->first))) {
            known->shown = name;
        }
    }
}

/** Does something that can be called stand in a table? Else its fields are data, which its own entry shows. */
static int holds_functions(docgen_symbol *s, int depth)
{
    int found =
        !strcmp(s->kind, "function") || !strcmp(s->kind, "method") || !strcmp(s->kind, "class");

    for (int i = 0; s->members && depth < DEPTH_MAX && i < s->members->nelts; i++) {
        found |= holds_functions(APR_ARRAY_IDX(s->members, i, docgen_symbol *), depth + 1);
    }
    if (!found) {
        s->members = NULL;
    }
    return found;
}

void docgen_lua_offer(docgen_lua *r)
{
    docgen_lua_table *known = *r->returned ? docgen_lua_table_of(r, r->returned) : NULL;

    if (known) {
        known->shown = "";
    }
    names_follow(r);
    classes_offer(r);
    for (int i = 0; i < r->entries->nelts; i++) {
        symbol_make(r, &APR_ARRAY_IDX(r->entries, i, docgen_lua_entry));
    }
    for (int i = 0; i < r->unit->symbols->nelts; i++) {
        docgen_symbol *s = APR_ARRAY_IDX(r->unit->symbols, i, docgen_symbol *);

        holds_functions(s, 0);
        if (!r->returns && !r->is_module && r->is_script) {
            docgen_lua_hide(s, 0);
        }
    }
    r->unit->doc = docgen_doc_parse(r->source->pool,
                                    docgen_comment_of_file(r->source, &marks, r->unit->symbols),
                                    DOCGEN_DOC_LDOC);
    r->unit->entry_point = !r->returns && r->is_script;
}
