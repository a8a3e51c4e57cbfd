/* JavaScript and TypeScript: a package's entries are its public modules, whatever file holds the code.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/script/packages.h"
#include "generator/languages/script/script.h"

#define DEPTH_MAX 16 /* re-exports followed from file to file */

typedef struct context {
    docgen_builder *b;
    docgen_script_packages packages;
    apr_hash_t *renamed; /* docgen_symbol * → the only name that its file exports it by */
} context;

static int is_script(const docgen_unit *unit)
{
    return unit->file->lang == DOCGEN_LANG_JAVASCRIPT || unit->file->lang == DOCGEN_LANG_TYPESCRIPT;
}

/* Code that is no part of what the packages do: sites, templates, playgrounds, tool settings. */
static int is_aside(const docgen_file *file)
{
    const char *slash = strrchr(file->path, '/'), *base = slash ? slash + 1 : file->path;

    return file->flags & DOCGEN_FILE_EXAMPLE || !strncmp(file->path, "docs/", 5) ||
           !strncmp(file->path, "website/", 8) || strstr(file->path, "/template-") ||
           strstr(file->path, "/templates/") || strstr(file->path, "playground/") ||
           strstr(base, ".config.") || *base == '.';
}

static docgen_unit *unit_at(const context *c, const char *path)
{
    return path ? apr_hash_get(c->b->unit_of, path, APR_HASH_KEY_STRING) : NULL;
}

static docgen_symbol *default_of(const docgen_module *module)
{
    docgen_export *export = docgen_module_exported(module, "default");

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (symbol->traits & DOCGEN_SYMBOL_DEFAULT) {
            return symbol;
        }
    }
    return export ? export->symbol : NULL;
}

static docgen_unit *unit_of(const context *c, const docgen_module *module)
{
    return unit_at(c, APR_ARRAY_IDX(module->files, 0, docgen_file *)->path);
}

static docgen_symbol *exported_symbol(context *c, docgen_module *module, const char *name,
                                      int depth);

/* What a local name of a file stands for: its own symbol or an imported one. */
static docgen_symbol *local_symbol(context *c, docgen_module *module, const char *name,
                                   docgen_module **whole, int depth)
{
    docgen_unit *unit = unit_of(c, module);
    docgen_symbol *own = NULL;

    *whole = NULL;
    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        own = !own && !strcmp(symbol->name, name) ? symbol : own;
    }
    for (int i = 0; depth < DEPTH_MAX && i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        docgen_module *from;

        if (!import->name || import->flags & DOCGEN_IMPORT_EXPORTED ||
            strcmp(import->as ? import->as : import->name, name)) {
            continue;
        }
        from = docgen_script_resolve(&c->packages, unit, import->from);
        if (!from || from == module) {
            return own && !strcmp(own->kind, "function") ? own : NULL; /* from outside */
        }
        if (!strcmp(import->name, "*")) {
            *whole = from;
            return NULL;
        }
        return exported_symbol(c, from, import->name, depth + 1);
    }
    return own;
}

/* What a module offers under a name. */
static docgen_symbol *exported_symbol(context *c, docgen_module *module, const char *name,
                                      int depth)
{
    docgen_unit *unit = unit_of(c, module);
    docgen_module *whole;

    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (symbol->traits & DOCGEN_SYMBOL_EXPORTED &&
            (!strcmp(name, "default") ? symbol->traits & DOCGEN_SYMBOL_DEFAULT
                                      : !strcmp(symbol->name, name))) {
            return symbol;
        }
    }
    for (int i = 0; depth < DEPTH_MAX && i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        docgen_module *from;
        docgen_symbol *found = NULL;

        if (!(import->flags & DOCGEN_IMPORT_EXPORTED)) {
            continue;
        }
        if (import->flags & DOCGEN_IMPORT_LOCAL) {
            if (!strcmp(import->as ? import->as : import->name, name)) {
                return local_symbol(c, module, import->name, &whole, depth + 1);
            }
            continue;
        }
        from = docgen_script_resolve(&c->packages, unit, import->from);
        if (!from || from == module) {
            continue;
        }
        if (!strcmp(import->name, "*") && !import->as && strcmp(name, "default")) {
            found = exported_symbol(c, from, name, depth + 1);
        } else if (!strcmp(import->as ? import->as : import->name, name)) {
            found = exported_symbol(c, from, import->name, depth + 1);
        }
        if (found) {
            return found;
        }
    }
    return NULL;
}

static void export_all(context *c, docgen_module *into, docgen_module *from, const char *origin,
                       int depth);

/* The module that a local name of a file stands for: const x = require("./y"), import * as x. */
static docgen_module *imported_module(context *c, const docgen_unit *unit, const char *name)
{
    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);

        if (import->name && !(import->flags & DOCGEN_IMPORT_EXPORTED) && *import->from &&
            (!strcmp(import->name, "default") || !strcmp(import->name, "*")) &&
            !strcmp(import->as ? import->as : import->name, name)) {
            return docgen_script_resolve(&c->packages, unit, import->from);
        }
    }
    return NULL;
}

static void export_import(context *c, docgen_module *into, docgen_module *module,
                          const docgen_import *import, int depth)
{
    docgen_unit *unit = unit_of(c, module);
    const char *name = import->as ? import->as : import->name;
    docgen_module *from = *import->from ? docgen_script_resolve(&c->packages, unit, import->from)
                                        : NULL,
                  *whole = NULL;
    docgen_symbol *symbol;

    if (import->flags & DOCGEN_IMPORT_LOCAL) {
        symbol = local_symbol(c, module, import->name, &whole, 0);
        if (*import->scope) { /* exports.json = bodyParser.json */
            whole = imported_module(c, unit, import->name);
            symbol = whole ? exported_symbol(c, whole, import->scope, 0) : NULL;
            whole = NULL;
        }
        docgen_module_export(c->b, into, name, symbol, whole,
                             apr_pstrcat(c->b->scratch, import->name, *import->scope ? "." : "",
                                         import->scope, NULL));
    } else if (!from) {
        if (strcmp(name, "*")) {
            docgen_module_export(c->b, into, name, NULL, NULL, import->from);
        }
    } else if (!strcmp(import->name, "*") && import->as) {
        docgen_module_export(c->b, into, name, NULL, from, import->from);
    } else if (!strcmp(import->name, "*")) {
        export_all(c, into, from, import->from, depth + 1);
    } else {
        symbol = exported_symbol(c, from, import->name, 0);
        if (!strcmp(import->name, "default") && !strcmp(name, "default")) {
            int before = into->exports->nelts;

            export_all(c, into, from, import->from, depth + 1); /* module.exports = require(…) */
            if (!symbol && into->exports->nelts > before) {
                return;
            }
        }
        docgen_module_export(c->b, into, name, symbol, symbol ? NULL : from, import->from);
    }
}

/* Everything `from` offers becomes an export of `into`. */
static void export_all(context *c, docgen_module *into, docgen_module *from, const char *origin,
                       int depth)
{
    docgen_unit *unit = unit_of(c, from);

    if (depth > DEPTH_MAX) {
        return;
    }
    for (int i = 0; from != into && i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (symbol->traits & DOCGEN_SYMBOL_EXPORTED && !(symbol->traits & DOCGEN_SYMBOL_DEFAULT)) {
            docgen_module_export(c->b, into, symbol->name, symbol, NULL, origin);
        }
    }
    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);

        if (import->flags & DOCGEN_IMPORT_EXPORTED &&
            (from == into || !(import->as && !strcmp(import->as, "default")))) {
            export_import(c, into, from, import, depth);
        }
    }
}

/* Is this local name one that the file took from elsewhere? */
static int is_imported(const docgen_unit *unit, const char *name)
{
    for (int i = 0; name && i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);

        if (import->name && !(import->flags & DOCGEN_IMPORT_EXPORTED) &&
            !strcmp(import->as ? import->as : import->name, name)) {
            return 1;
        }
    }
    return 0;
}

static const char *renamed_to(const context *c, docgen_symbol *symbol)
{
    return apr_hash_get(c->renamed, &symbol, sizeof(symbol));
}

static void rename_later(const context *c, docgen_symbol *symbol, const char *name)
{
    if (!renamed_to(c, symbol)) {
        docgen_symbol **key = apr_pmemdup(c->b->scratch, &symbol, sizeof(symbol));

        apr_hash_set(c->renamed, key, sizeof(symbol), name);
    }
}

/* The file exports a symbol of its own as `as`; NULL is the symbol's own name. */
static void mark(const context *c, docgen_symbol *symbol, const char *as)
{
    if (as && !strcmp(as, "default")) {
        symbol->traits |= DOCGEN_SYMBOL_EXPORTED | DOCGEN_SYMBOL_DEFAULT;
    } else if (!as || !strcmp(as, symbol->name)) {
        symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
        apr_hash_set(c->renamed, &symbol, sizeof(symbol), NULL);
    } else if (!(symbol->traits & DOCGEN_SYMBOL_EXPORTED)) {
        rename_later(c, symbol, as);
    }
}

/* Names a file exports from itself, also through `export { a, b as c }` and module.exports. */
static void mark_exported(context *c, docgen_module *module)
{
    docgen_unit *unit = unit_of(c, module);
    docgen_module *whole;

    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        docgen_symbol *symbol;

        if (import->flags & DOCGEN_IMPORT_LOCAL && !*import->scope &&
            !is_imported(unit, import->name)) {
            symbol = local_symbol(c, module, import->name, &whole, DEPTH_MAX);
            if (symbol && symbol->file == unit->file) {
                mark(c, symbol, import->as);
            }
        }
    }
    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (!(symbol->traits & DOCGEN_SYMBOL_EXPORTED) && !renamed_to(c, symbol)) {
            symbol->visibility = DOCGEN_VISIBLE_PRIVATE;
        }
    }
}

static void attach_impls(context *c, docgen_module *module)
{
    docgen_unit *unit = unit_of(c, module);

    for (int i = 0; i < unit->impls->nelts; i++) {
        const docgen_impl *impl = &APR_ARRAY_IDX(unit->impls, i, docgen_impl);
        docgen_symbol *type = docgen_module_symbol(module, impl->type);

        if (type) {
            docgen_impl_attach(c->b, type, impl);
        }
    }
}

static void link_imports(context *c, docgen_module *module)
{
    docgen_unit *unit = unit_of(c, module);

    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        docgen_module *other =
            *import->from ? docgen_script_resolve(&c->packages, unit, import->from) : NULL;

        if (other) {
            docgen_module_use(c->b, module, other);
        } else if (*import->from && *import->from != '.') {
            const char *slash = strchr(import->from, '/');

            slash = slash && *import->from == '@' ? strchr(slash + 1, '/') : slash;
            docgen_module_external(c->b, module,
                                   slash ? apr_pstrmemdup(c->b->scratch, import->from,
                                                          (apr_size_t)(slash - import->from))
                                         : import->from);
        }
    }
}

/* A name may stand for a value and for a type: what else `home` exports by it goes along. */
static void move_others(context *c, docgen_module *home, const char *name, docgen_module *to)
{
    for (int i = home->symbols->nelts - 1; i >= 0; i--) {
        docgen_symbol *other = APR_ARRAY_IDX(home->symbols, i, docgen_symbol *);

        if (!strcmp(other->name, name) && other->traits & DOCGEN_SYMBOL_EXPORTED &&
            !(other->traits & DOCGEN_SYMBOL_DEFAULT)) {
            other->visibility = DOCGEN_VISIBLE_PUBLIC;
            docgen_symbol_move(c->b, other, to);
        }
    }
}

/* What a package's entry passes on is documented on the entry's page. */
static void move_homes(context *c, docgen_module *module)
{
    for (int i = 0; i < module->exports->nelts; i++) {
        docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        if (export->symbol && export->symbol->module &&
            export->symbol->module->visibility != DOCGEN_VISIBLE_PUBLIC) {
            docgen_module *home = export->symbol->module;

            export->symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
            docgen_symbol_move(c->b, export->symbol, module);
            move_others(c, home, export->symbol->name, module);
        }
    }
}

static void each(context *c, apr_array_header_t *modules, void (*work)(context *, docgen_module *))
{
    for (int i = 0; i < modules->nelts; i++) {
        work(c, APR_ARRAY_IDX(modules, i, docgen_module *));
    }
}

static void own_exports(context *c, docgen_module *module)
{
    if (module->visibility == DOCGEN_VISIBLE_PUBLIC) {
        docgen_symbol *symbol;

        export_all(c, module, module, "", 0);
        symbol = default_of(module);
        if (symbol && symbol->module != module) {
            symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
        }
    }
}

/* A package goes before its subpaths: what both offer is looked for there. */
static int by_length(const void *left, const void *right)
{
    const docgen_module *a = *(docgen_module *const *)left, *b = *(docgen_module *const *)right;
    apr_size_t one = strlen(a->name), other = strlen(b->name);

    return one != other ? (one < other ? -1 : 1) : strcmp(a->name, b->name);
}

static void move_public(context *c, docgen_module *module)
{
    if (module->visibility == DOCGEN_VISIBLE_PUBLIC) {
        move_homes(c, module);
    }
}

/* Does a public module offer the symbol under the name that its file gives it? */
static int is_offered(const docgen_symbol *symbol)
{
    const docgen_module *home = symbol->module;
    const docgen_export *own = docgen_module_exported(home, symbol->name);

    return home->visibility != DOCGEN_VISIBLE_PUBLIC || (own && own->symbol == symbol) ||
           (symbol->traits & DOCGEN_SYMBOL_EXPORTED &&
            APR_ARRAY_IDX(home->files, 0, docgen_file *) == symbol->file);
}

/* What users can name by another name only has its entry under that one. */
static void find_renamed(context *c, docgen_module *module)
{
    for (int i = 0; module->visibility == DOCGEN_VISIBLE_PUBLIC && i < module->exports->nelts;
         i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        if (export->symbol && export->symbol->module == module && !export->symbol->parent &&
            strcmp(export->name, "default") && !is_offered(export->symbol)) {
            rename_later(c, export->symbol, export->name);
        }
    }
}

static void rename_exported(context *c, docgen_module *module)
{
    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);
        const char *name = renamed_to(c, symbol);
        const docgen_symbol *other = name ? docgen_module_symbol(module, name) : NULL;

        if (name && (!other || other->visibility == DOCGEN_VISIBLE_PRIVATE)) {
            for (int n = 0; symbol->overloads && n < symbol->overloads->nelts; n++) {
                docgen_symbol_rename(c->b->pool,
                                     APR_ARRAY_IDX(symbol->overloads, n, docgen_symbol *), name);
            }
            docgen_symbol_rename(c->b->pool, symbol, name);
        }
    }
}

/* Without any package each file with exports is what its users import. */
static void publish(context *c, docgen_module *module)
{
    docgen_unit *unit = unit_of(c, module);

    if (!(unit->file->flags & DOCGEN_FILE_EXAMPLE) &&
        module->visibility == DOCGEN_VISIBLE_INTERNAL) {
        module->visibility = DOCGEN_VISIBLE_PUBLIC;
    }
}

void docgen_modules_script(docgen_builder *b)
{
    context c = {b, docgen_script_packages_make(b), apr_hash_make(b->scratch)};
    apr_array_header_t *modules = apr_array_make(b->scratch, 64, sizeof(docgen_module *));

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (is_script(unit)) {
            docgen_module *module =
                docgen_module_add(b, unit->file->lang, unit->file->path,
                                  docgen_path_directory(b->scratch, unit->file->path));

            module->visibility =
                is_aside(unit->file) ? DOCGEN_VISIBLE_PRIVATE : DOCGEN_VISIBLE_INTERNAL;
            docgen_module_take(b, module, unit);
            APR_ARRAY_PUSH(modules, docgen_module *) = module;
        }
    }
    if (modules->nelts) {
        docgen_script_packages_read(&c.packages);
    }
    each(&c, modules, mark_exported);
    each(&c, modules, attach_impls);
    if (!c.packages.entries) {
        each(&c, modules, publish);
    }
    each(&c, modules, own_exports);
    qsort(modules->elts, (apr_size_t)modules->nelts, sizeof(docgen_module *), by_length);
    each(&c, modules, move_public);
    each(&c, modules, find_renamed);
    each(&c, modules, rename_exported);
    each(&c, modules, link_imports);
}
