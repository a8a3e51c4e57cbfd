/* Lua: what is read of a file, and what of it is offered.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_LUA_LUA_H
#define DOCGEN_GENERATOR_LANGUAGES_LUA_LUA_H

#include "generator/analysis/builder.h"
#include "generator/analysis/token.h"

#define DOCGEN_LUA_RETURNED "return" /**< the table behind `return`: no name is spelled so */

typedef enum docgen_lua_kind {
    DOCGEN_LUA_FUNCTION,
    DOCGEN_LUA_TABLE,
    DOCGEN_LUA_LITERAL,
    DOCGEN_LUA_NAME, /**< another name of something */
    DOCGEN_LUA_OTHER
} docgen_lua_kind;

/** What a name holds that the file gives at its top. */
typedef struct docgen_lua_entry {
    const char *path; /**< as written: "M.sub.name", "M:name", "name" */
    docgen_lua_kind kind;
    int first, stop; /**< the tokens that are shown */
    int end;         /**< behind all of it */
    int among;       /**< of one assignment among several: the token of its value; else 0 */
    int is_local;
    const char *value; /**< of a NAME: the path that it is another name of */
    const char *base;  /**< of a TABLE: the class that it extends, or NULL */
} docgen_lua_entry;

/** A table known by a name. */
typedef struct docgen_lua_table {
    const char *shown; /**< "" = the module itself, "Foo" = a part of it, NULL = not offered */
    int is_local;
    int is_class; /**< it is the `__index` of other tables, or a library makes it a class */
} docgen_lua_table;

/** A file that was read. */
typedef struct docgen_lua {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
    int *match;                  /**< of tokens that open a block: the one that ends it */
    apr_array_header_t *entries; /**< docgen_lua_entry, in source order */
    apr_hash_t *by_path;         /**< path → the index of its first entry, from 1 */
    apr_hash_t *tables;          /**< name → docgen_lua_table * */
    apr_array_header_t *names;   /**< const char *: the names of `tables`, in source order */
    apr_array_header_t
        *joins; /**< const char * in pairs: a path, the table that it also has the fields of */
    apr_hash_t *made;     /**< offered path → docgen_symbol * */
    const char *returned; /**< the name of what the file returns, "" when it has none */
    int returns;          /**< it returns something */
    int is_script;        /**< it does something of its own */
    int is_module;        /**< module(…): its globals are the module's */
    int inside; /**< behind the conditions that were entered; what is returned before it may not be */
} docgen_lua;

/** Is token `i` exactly this? Out of range is no. */
int docgen_lua_is(const docgen_lua *lua, int i, const char *text);

/** Is token `i` a name or keyword? */
int docgen_lua_is_word(const docgen_lua *lua, int i);

int docgen_lua_is_keyword(const docgen_lua *lua, int i);

/** A token's text. From scratch. */
const char *docgen_lua_text(const docgen_lua *lua, int i);

/** Does Luau's `if a then b else c` stand at token `i`, which no `end` closes? */
int docgen_lua_is_value_if(const docgen_lua *lua, int i);

/** Finds the end of each block; what has none ends with the file. Linear. */
void docgen_lua_blocks(docgen_lua *lua);

/** Does a value go on with token `i`? */
int docgen_lua_goes_on(const docgen_lua *lua, int i);

/** "a.b:c" or "a['b']" at token `*i`; moves behind it. NULL when no name stands there. From scratch. */
const char *docgen_lua_path(const docgen_lua *lua, int *i);

/** Behind the parameters of the function whose word is token `i`, and what Luau says of its result. */
int docgen_lua_function_stop(const docgen_lua *lua, int i);

/** Notes that a path holds something. The entry lives until the next one is added. */
docgen_lua_entry *docgen_lua_entry_add(docgen_lua *lua, const char *path, docgen_lua_kind kind,
                                       int first, int stop, int is_local);

/** Reads one name and its value, which begins with token `value`; `depth` counts the tables around.
 * @return behind what is surely its value */
int docgen_lua_value(docgen_lua *lua, const char *path, int first, int value, int is_local,
                     int depth);

/** Reads the fields of the constructor at token `open`, each below `path`. */
void docgen_lua_fields(docgen_lua *lua, const char *path, int open, int is_local, int depth);

/** Reads `setmetatable(first, { __index = other })`, `open` being its bracket: `path` has the fields of `other`, too. */
void docgen_lua_metatable(docgen_lua *lua, const char *path, int open);

/** Reads `for key, value in pairs(other) do … path[key] = … end` at token `i`: the same. */
void docgen_lua_copies(docgen_lua *lua, int i);

/** Reads `for _, name in ipairs(list) do … path[name] = function … end` at token `i`, where the list holds strings:
 * a function for each. */
void docgen_lua_listed(docgen_lua *lua, int i);

/** The table of a name, made when absent. NULL when there are too many. */
docgen_lua_table *docgen_lua_table_of(docgen_lua *lua, const char *name);

/** The first entry of a path, or NULL. */
const docgen_lua_entry *docgen_lua_entry_of(const docgen_lua *lua, const char *path);

/** Behind token `i` and all that it opens. */
int docgen_lua_behind(const docgen_lua *lua, int i);

/** Makes the symbols of what the file offers. */
void docgen_lua_offer(docgen_lua *lua);

/** Makes a symbol and its members the project's own business. */
void docgen_lua_hide(docgen_symbol *symbol, int depth);

/** Lets modules that extend another one offer its names, too. */
void docgen_lua_finish(void *builder);

/** The name that users require a file by. */
const char *docgen_lua_module(void *builder, const docgen_unit *unit);

/** Says which files are no modules of the project. */
void docgen_lua_settle(void *builder);

#endif
