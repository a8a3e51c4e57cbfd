/* JavaScript and TypeScript: a package's entries are its public modules, whatever file holds the code.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "generator/analysis/builder.h"

#define DEPTH_MAX   16  /* re-exports followed from file to file */
#define ENTRIES_MAX 200 /* entries of one package.json */

typedef struct context {
    docgen_builder *b;
    apr_hash_t *packages; /* name → its main entry's docgen_module * */
    int entries;          /* entries found in any package */
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

/* The file that "./x" means: as written, with a suffix, its TypeScript source, a folder's index. */
static docgen_unit *find_file(const context *c, const char *path)
{
    static const char *const suffixes[] = {
        "",           ".ts",       ".tsx",       ".mts",       ".cts",       ".js",
        ".mjs",       ".cjs",      ".jsx",       ".d.ts",      "/index.ts",  "/index.tsx",
        "/index.mts", "/index.js", "/index.mjs", "/index.cjs", "/index.d.ts"};
    static const char *const cut[] = {".d.mts", ".d.cts", ".d.ts", ".mjs", ".cjs", ".js", ".jsx"};
    apr_pool_t *pool = c->b->scratch;

    for (unsigned i = 0; path && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        docgen_unit *unit = unit_at(c, apr_pstrcat(pool, path, suffixes[i], NULL));

        if (unit) {
            return unit;
        }
    }
    for (unsigned i = 0; path && i < sizeof(cut) / sizeof(*cut); i++) {
        apr_size_t length = strlen(path), n = strlen(cut[i]);

        if (length > n && !strcmp(path + length - n, cut[i])) {
            const char *base = apr_pstrmemdup(pool, path, length - n);

            for (unsigned s = 1; s < 10; s++) {
                docgen_unit *unit = unit_at(c, apr_pstrcat(pool, base, suffixes[s], NULL));

                if (unit) {
                    return unit;
                }
            }
        }
    }
    return NULL;
}

static docgen_module *resolve(const context *c, const docgen_unit *unit, const char *specifier)
{
    docgen_unit *target;

    if (*specifier != '.') {
        return apr_hash_get(c->packages, specifier, APR_HASH_KEY_STRING);
    }
    target = find_file(
        c, docgen_repository_path(
               c->b->scratch, docgen_path_directory(c->b->scratch, unit->file->path), specifier));
    return target ? apr_hash_get(c->b->module_of, target->file->path, APR_HASH_KEY_STRING) : NULL;
}

/* The source of a built file: "dist/node/index.js" comes from "src/node/index.ts". */
static docgen_unit *source_of(const context *c, const char *directory, const char *target)
{
    static const char *const built[] = {"dist", "lib", "build", "out",   "es",
                                        "esm",  "cjs", "types", "output"};
    static const char *const guesses[] = {"src/index", "source/index",   "index",
                                          "src/main",  "src/node/index", "lib/index"};
    apr_pool_t *pool = c->b->scratch;
    const char *path = docgen_repository_path(pool, directory, target);
    docgen_unit *unit = find_file(c, path);
    const char *rest = target;

    rest += !strncmp(rest, "./", 2) ? 2 : 0;
    for (int depth = 0; !unit && depth < 3; depth++) {
        apr_size_t length = strcspn(rest, "/");
        int known = 0;

        for (unsigned i = 0; i < sizeof(built) / sizeof(*built); i++) {
            known |= strlen(built[i]) == length && !strncmp(built[i], rest, length);
        }
        if (!known || !rest[length]) {
            break;
        }
        rest += length + 1;
        unit = find_file(
            c, docgen_repository_path(pool, directory, apr_pstrcat(pool, "src/", rest, NULL)));
        unit = unit ? unit : find_file(c, docgen_repository_path(pool, directory, rest));
    }
    for (unsigned i = 0; !unit && i < sizeof(guesses) / sizeof(*guesses) && strstr(target, "index");
         i++) {
        unit = find_file(c, docgen_repository_path(pool, directory, guesses[i]));
    }
    return unit;
}

/* The first file that the conditions of an exports entry name. */
static const char *first_target(const json_t *value, int depth)
{
    static const char *const order[] = {"source", "types",   "typings", "import", "module",
                                        "node",   "require", "default", "browser"};

    if (json_is_string(value)) {
        return json_string_value(value);
    }
    if (json_is_array(value) && json_array_size(value) > 0) {
        return depth < 8 ? first_target(json_array_get(value, 0), depth + 1) : NULL;
    }
    for (unsigned i = 0; json_is_object(value) && depth < 8 && i < sizeof(order) / sizeof(*order);
         i++) {
        const char *found = first_target(json_object_get(value, order[i]), depth + 1);

        if (found) {
            return found;
        }
    }
    return NULL;
}

static void rename_module(context *c, docgen_module *module, const char *name)
{
    docgen_module_rename(c->b, module, name);
    apr_hash_set(c->packages, module->name, APR_HASH_KEY_STRING, module);
}

static void add_entry(context *c, const char *directory, const char *name, const char *target,
                      int private)
{
    docgen_unit *unit = target && !strchr(target, '*') ? source_of(c, directory, target) : NULL;
    docgen_module *module =
        unit ? apr_hash_get(c->b->module_of, unit->file->path, APR_HASH_KEY_STRING) : NULL;

    if (!module || apr_hash_get(c->packages, name, APR_HASH_KEY_STRING)) {
        return;
    }
    if (module->visibility == DOCGEN_VISIBLE_PUBLIC) { /* two subpaths of one file */
        apr_hash_set(c->packages, apr_pstrdup(c->b->pool, name), APR_HASH_KEY_STRING, module);
        return;
    }
    if (!private) {
        module->visibility = DOCGEN_VISIBLE_PUBLIC;
        c->entries++;
    }
    rename_module(c, module, name);
}

static void read_exports(context *c, const char *directory, const char *name, const json_t *exports,
                         int private)
{
    const char *key;
    json_t *value;
    int count = 0;

    if (!json_is_object(exports) ||
        (json_object_size(exports) &&
         *json_object_iter_key(json_object_iter((json_t *)exports)) != '.')) {
        add_entry(c, directory, name, first_target(exports, 0), private);
        return;
    }
    json_object_foreach((json_t *)exports, key, value)
    {
        if (strstr(key, "package.json") || ++count > ENTRIES_MAX) {
            continue;
        }
        add_entry(c, directory,
                  strcmp(key, ".") ? apr_pstrcat(c->b->scratch, name, key + 1, NULL) : name,
                  first_target(value, 0), private);
    }
}

static void read_bin(context *c, const char *directory, const json_t *bin)
{
    const char *key;
    json_t *value;

    if (json_is_string(bin)) {
        docgen_unit *unit = source_of(c, directory, json_string_value(bin));
        docgen_module *module =
            unit ? apr_hash_get(c->b->module_of, unit->file->path, APR_HASH_KEY_STRING) : NULL;

        if (module) {
            module->entry_point = 1;
        }
    }
    json_object_foreach((json_t *)bin, key, value)
    {
        if (json_is_string(value)) {
            read_bin(c, directory, value);
        }
    }
}

static void read_package(context *c, const docgen_file *file)
{
    apr_size_t length;
    const char *text = docgen_builder_text(c->b, file->path, &length), *name;
    const char *directory = docgen_path_directory(c->b->scratch, file->path);
    json_t *root;
    int private;

    if (!text || docgen_json_parse(c->b->scratch, text, length, &root, NULL) != APR_SUCCESS) {
        return;
    }
    name = docgen_json_string(root, "name");
    private = json_is_true(json_object_get(root, "private"));
    if (!name || !*name) {
        return;
    }
    if (json_object_get(root, "exports")) {
        read_exports(c, directory, name, json_object_get(root, "exports"), private);
    }
    add_entry(c, directory, name, docgen_json_string(root, "types"), private);
    add_entry(c, directory, name, docgen_json_string(root, "module"), private);
    add_entry(c, directory, name, docgen_json_string(root, "main"), private);
    if (!json_object_get(root, "bin") || json_object_get(root, "main")) {
        add_entry(c, directory, name, "index", private);
    }
    read_bin(c, directory, json_object_get(root, "bin"));
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
        from = resolve(c, unit, import->from);
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
        from = resolve(c, unit, import->from);
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

static void export_import(context *c, docgen_module *into, docgen_module *module,
                          const docgen_import *import, int depth)
{
    docgen_unit *unit = unit_of(c, module);
    const char *name = import->as ? import->as : import->name;
    docgen_module *from = *import->from ? resolve(c, unit, import->from) : NULL, *whole = NULL;
    docgen_symbol *symbol;

    if (import->flags & DOCGEN_IMPORT_LOCAL) {
        symbol = local_symbol(c, module, import->name, &whole, 0);
        if (symbol && *import->scope && symbol->members) { /* exports.json = bodyParser.json */
            for (int i = 0; i < symbol->members->nelts; i++) {
                docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

                symbol = !strcmp(member->name, import->scope) ? member : symbol;
            }
        }
        docgen_module_export(c->b, into, name, *import->scope ? NULL : symbol, whole,
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
            export_all(c, into, from, import->from, depth + 1); /* module.exports = require(…) */
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
                symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
                symbol->traits |=
                    import->as && !strcmp(import->as, "default") ? DOCGEN_SYMBOL_DEFAULT : 0u;
                if (import->as && strcmp(import->as, "default") &&
                    strcmp(import->as, import->name) && !symbol->members) {
                    symbol->name = symbol->qualified = import->as;
                }
            }
        }
    }
    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (!(symbol->traits & DOCGEN_SYMBOL_EXPORTED)) {
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
        docgen_module *other = *import->from ? resolve(c, unit, import->from) : NULL;

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

/* What a package's entry passes on is documented on the entry's page. */
static void move_homes(context *c, docgen_module *module)
{
    for (int i = 0; i < module->exports->nelts; i++) {
        docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        if (export->symbol && export->symbol->module &&
            export->symbol->module->visibility != DOCGEN_VISIBLE_PUBLIC) {
            export->symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
            docgen_symbol_move(c->b, export->symbol, module);
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

static void move_public(context *c, docgen_module *module)
{
    if (module->visibility == DOCGEN_VISIBLE_PUBLIC) {
        move_homes(c, module);
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
    context c = {b, apr_hash_make(b->scratch), 0};
    apr_array_header_t *modules = apr_array_make(b->scratch, 64, sizeof(docgen_module *));
    const docgen_tree *tree = b->model->tree;

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
    for (int i = 0; modules->nelts && i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const char *slash = strrchr(file->path, '/');

        if (!strcmp(slash ? slash + 1 : file->path, "package.json") &&
            !(file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE |
                             DOCGEN_FILE_SKIPPED))) {
            read_package(&c, file);
        }
    }
    each(&c, modules, mark_exported);
    each(&c, modules, attach_impls);
    if (!c.entries) {
        each(&c, modules, publish);
    }
    each(&c, modules, own_exports);
    each(&c, modules, move_public);
    each(&c, modules, link_imports);
}
