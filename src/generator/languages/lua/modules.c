/* Lua: the names that users require files by, and which files are the project's own business.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/lua/lua.h"

#define SPECS_MAX 16 /* rockspecs of a project that are looked into */

/** The name that a rockspec's `build.modules` gives a file: `["a.b"] = "src/a/b.lua"`. NULL = none. From scratch. */
static const char *rock_name(docgen_builder *b, const char *specs, const char *path)
{
    apr_size_t length = strlen(path);

    for (const char *p = specs; (p = strstr(p, path)); p += length) {
        const char *q = p, *end;

        if (p > specs + 2 && !strncmp(p - 2, "./", 2)) {
            q = p - 2;
        }
        if (q == specs || (p[length] != '"' && p[length] != '\'') || q[-1] != p[length]) {
            continue;
        }
        for (q--; q > specs && (isspace((unsigned char)q[-1]) || q[-1] == '='); q--) {
        }
        end = q;
        while (q > specs && (isalnum((unsigned char)q[-1]) || strchr("_.-[]\"'", q[-1]))) {
            q--;
        }
        while (q < end && strchr("[\"'", *q)) {
            q++;
        }
        while (end > q && strchr("]\"'", end[-1])) {
            end--;
        }
        if (end > q && p - end < 40) {
            return apr_pstrmemdup(b->scratch, q, (apr_size_t)(end - q));
        }
    }
    return NULL;
}

/** All rockspecs, one behind the other; "" when there is none. */
static const char *rockspecs_read(docgen_builder *b)
{
    const apr_array_header_t *files = b->model->tree->files;
    const char *specs = "";

    for (int i = 0, n = 0; i < files->nelts && n < SPECS_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *dot = strrchr(file->path, '.'), *text;

        if (dot && !strcmp(dot, ".rockspec") && !(file->flags & DOCGEN_FILE_TEST) &&
            (text = docgen_builder_text(b, file->path, NULL))) {
            specs = apr_pstrcat(b->scratch, specs, text, "\n", NULL);
            n++;
        }
    }
    return specs;
}

/** Behind the folder that Lua looks for modules in: "src/", "lib/", "lua/", also further down. */
static const char *behind_root(const char *path)
{
    static const char *const roots[] = {"lua/", "src/", "lib/"};

    for (unsigned i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
        const char *inside;

        if (!strncmp(path, roots[i], 4) && path[4]) {
            return path + 4;
        }
        inside = strstr(path, "/lua/");
        if (inside) {
            return inside + 5;
        }
    }
    return path;
}

const char *docgen_lua_module(void *builder, const docgen_unit *unit)
{
    docgen_builder *b = builder;
    const char *path = unit->file->path, *name = unit->package;
    char *copy;
    apr_size_t length;

    if (name && *name) { /* what the rockspec calls it */
        return name;
    }
    copy = apr_pstrdup(b->scratch, behind_root(path));
    if (strrchr(copy, '.')) {
        *strrchr(copy, '.') = '\0';
    }
    length = strlen(copy);
    if (length > 5 && !strcmp(copy + length - 5, "/init")) {
        copy[length - 5] = '\0';
    }
    for (char *p = copy; *p; p++) {
        *p = *p == '/' ? '.' : *p;
    }
    return copy;
}

/** Folders whose files are run by an editor, a build or a developer, not required. */
static int is_outside(const char *path, int has_root)
{
    static const char *const folders[] = {
        "scripts",  "script",   "tools",   "tool",     "build", "ci",     "bin",    "doc",
        "docs",     "plugin",   "plugins", "ftplugin", "after", "colors", "syntax", "indent",
        "ftdetect", "autoload", "etc",     "contrib",  "dev",   "utils",  "util",   "config"};

    for (unsigned i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        apr_size_t length = strlen(folders[i]);

        if (!strncmp(path, folders[i], length) && path[length] == '/') {
            return 1;
        }
    }
    return *path == '.' || (has_root && !strstr(path, "lua/"));
}

/** Is a segment of a module's name the project's own, by a leading underscore? */
static int is_internal_name(const char *path)
{
    return *path == '_' || strstr(path, "/_") != NULL;
}

void docgen_lua_hide(docgen_symbol *s, int depth)
{
    s->visibility =
        s->visibility > DOCGEN_VISIBLE_INTERNAL ? s->visibility : DOCGEN_VISIBLE_INTERNAL;
    for (int i = 0; s->members && depth < 16 && i < s->members->nelts; i++) {
        docgen_lua_hide(APR_ARRAY_IDX(s->members, i, docgen_symbol *), depth + 1);
    }
}

/** What is no Lua file by its name: a rockspec, a tool's settings. */
static int is_settings(const char *path)
{
    const char *dot = strrchr(path, '.');

    return !dot || (strcmp(dot, ".lua") && strcmp(dot, ".luau"));
}

void docgen_lua_settle(void *builder)
{
    docgen_builder *b = builder;
    const char *specs = NULL;
    int has_modules = 0, has_root = 0; /* an editor looks for modules in `lua/` only */

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < b->units->nelts; i++) {
            docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
            const char *path = unit->file->path;

            if (unit->file->lang != DOCGEN_LANG_LUA) {
                continue;
            }
            specs = specs ? specs : rockspecs_read(b);
            if (round == 0) {
                unit->package = *specs ? rock_name(b, specs, path) : NULL;
                has_modules |= unit->package != NULL;
                has_root |= !strncmp(path, "lua/", 4);
            } else if (is_settings(path)) {
                unit->symbols->nelts = unit->imports->nelts = 0;
                unit->doc = NULL;
            } else if ((has_modules ? !unit->package : is_outside(path, has_root)) ||
                       is_internal_name(path)) {
                for (int n = 0; n < unit->symbols->nelts; n++) {
                    docgen_lua_hide(APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *), 0);
                }
            }
        }
    }
}

/** Offers the public names of `from` in `module`, and what `from` itself has of others. */
static void names_export(docgen_builder *b, docgen_module *module, const docgen_module *from)
{
    for (int i = 0; i < from->symbols->nelts; i++) {
        docgen_symbol *s = APR_ARRAY_IDX(from->symbols, i, docgen_symbol *);

        if (s->visibility == DOCGEN_VISIBLE_PUBLIC && !docgen_module_symbol(module, s->name)) {
            docgen_module_export(b, module, s->name, s, NULL, from->name);
        }
    }
}

void docgen_lua_finish(void *builder)
{
    docgen_builder *b = builder;

    for (int i = 0; i < b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        docgen_module *module = apr_hash_get(b->module_of, unit->file->path, APR_HASH_KEY_STRING);

        for (int n = 0; unit->file->lang == DOCGEN_LANG_LUA && module && n < unit->imports->nelts;
             n++) {
            const docgen_import *import = &APR_ARRAY_IDX(unit->imports, n, docgen_import);
            const docgen_module *from = import->flags & DOCGEN_IMPORT_EXPORTED
                                            ? docgen_module_find(b, DOCGEN_LANG_LUA, import->from)
                                            : NULL;

            if (from && from != module) {
                names_export(b, module, from);
            }
        }
    }
}
