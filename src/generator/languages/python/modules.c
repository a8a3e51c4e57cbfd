/* Python: a module for each file, named from its package's root; what `__init__` passes on.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/python/python.h"

#define CHAIN_MAX 16 /* re-exports followed from module to module */

static int has_init(docgen_builder *b, const char *directory)
{
    return docgen_tree_find(b->model->tree,
                            apr_pstrcat(b->scratch, directory, "/__init__.py", NULL)) != NULL;
}

/* The directory that holds the top package of a file: above the highest directory with an __init__.py.
 * Directories below it without one are namespace packages of the same package. */
static const char *root_of(docgen_builder *b, const char *path)
{
    const char *directory = docgen_path_directory(b->scratch, path), *root = directory;

    for (const char *at = directory; *at; at = docgen_path_directory(b->scratch, at)) {
        if (has_init(b, at)) {
            root = docgen_path_directory(b->scratch, at);
        }
    }
    return root;
}

/* "src/flask/json/tag.py" below "src" → "flask.json.tag"; a package's __init__ has the package's name. */
static const char *module_name(docgen_builder *b, const docgen_file *file)
{
    const char *root = root_of(b, file->path);
    char *name = apr_pstrdup(b->scratch, file->path + strlen(root) + (*root ? 1 : 0));
    apr_size_t length = strlen(name);
    const char *dot = strrchr(name, '.');

    if (dot) {
        length = (apr_size_t)(dot - name);
        name[length] = '\0';
    }
    if (length >= 9 && !strcmp(name + length - 9, "/__init__")) {
        name[length - 9] = '\0';
    }
    for (char *p = name; *p; p++) {
        *p = *p == '/' ? '.' : *p;
    }
    return name;
}

static int is_package(const docgen_unit *unit)
{
    const char *base = strrchr(unit->file->path, '/');

    return !strcmp(base ? base + 1 : unit->file->path, "__init__.py");
}

/* Neither at the top nor in the folder where single-file modules are kept. */
static int is_deep(const char *path)
{
    return strchr(path, '/') && strncmp(path, "src/", 4) && strncmp(path, "lib/", 4);
}

/* Is Python here only for scripts: nothing makes a package of it, and most of the code is of other languages? */
static int has_scripts_only(const docgen_builder *b)
{
    static const char *const manifests[] = {"pyproject.toml", "setup.py", "setup.cfg"};
    int own = 0, all = 0;

    for (int i = 0; i < b->units->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(b->units, i, docgen_unit *)->file;

        if (!(file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_VENDORED))) {
            own += file->lang == DOCGEN_LANG_PYTHON;
            all++;
        }
    }
    for (int i = 0; i < b->model->tree->files->nelts && 2 * own <= all; i++) {
        const char *path = APR_ARRAY_IDX(b->model->tree->files, i, docgen_file *)->path;
        const char *slash = strrchr(path, '/');

        for (unsigned n = 0; n < sizeof(manifests) / sizeof(*manifests); n++) {
            if (!strcmp(slash ? slash + 1 : path, manifests[n])) {
                return 0;
            }
        }
    }
    return 2 * own <= all;
}

static docgen_visibility visibility(const docgen_unit *unit, const char *name, int scripts_only)
{
    static const char *const tools[] = {"setup",   "conftest", "noxfile",   "tasks",
                                        "fabfile", "conf",     "conanfile", "versioneer"};

    if (unit->file->flags & DOCGEN_FILE_EXAMPLE ||
        strstr(unit->file->path, "docs/") == unit->file->path) {
        return DOCGEN_VISIBLE_PRIVATE;
    }
    for (unsigned i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
        if (!strcmp(name, tools[i])) {
            return DOCGEN_VISIBLE_PRIVATE;
        }
    }
    if (*name == '_' || strstr(name, "._")) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    /* A script outside of any package is run, not imported. */
    if (!strchr(name, '.') && !is_package(unit) &&
        (scripts_only || unit->entry_point || strchr(name, '-') || is_deep(unit->file->path))) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    return DOCGEN_VISIBLE_PUBLIC;
}

/* Names that `__all__` lists are public whatever they look like, all others are not. */
static void apply_all(docgen_unit *unit)
{
    for (int i = 0; unit->all && i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);
        int listed = 0;

        for (int n = 0; n < unit->all->nelts && !listed; n++) {
            listed = !strcmp(APR_ARRAY_IDX(unit->all, n, const char *), symbol->name);
        }
        if (listed) {
            symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
            symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
        } else if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
            symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
        }
    }
}

/* One entry for overloads and for definitions repeated under conditions. */
static void fold(docgen_builder *b, apr_array_header_t *symbols, int depth)
{
    int kept = 0;

    for (int i = 0; symbols && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *), *first = NULL;

        for (int n = kept - 1; n >= 0 && n >= kept - 40 && !first; n--) {
            docgen_symbol *other = APR_ARRAY_IDX(symbols, n, docgen_symbol *);

            first = !strcmp(other->name, symbol->name) ? other : NULL;
        }
        if (!first) {
            APR_ARRAY_IDX(symbols, kept++, docgen_symbol *) = symbol;
            if (depth < 8) {
                fold(b, symbol->members, depth + 1);
            }
            continue;
        }
        if (first->traits & DOCGEN_SYMBOL_OVERLOAD) {
            if (!first->overloads) {
                first->overloads = apr_array_make(b->pool, 2, sizeof(docgen_symbol *));
            }
            APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = symbol;
        }
        first->doc = first->doc ? first->doc : symbol->doc;
    }
    if (symbols) {
        symbols->nelts = kept;
    }
}

/* The absolute name of what an import names: one dot is the file's own package, each further one goes up. */
static const char *absolute(docgen_builder *b, const docgen_module *module, const docgen_unit *unit,
                            const char *from)
{
    apr_size_t dots = strspn(from, ".");
    char *base;

    if (dots == 0) {
        return from;
    }
    base = apr_pstrdup(b->scratch, module->name);
    for (apr_size_t up = is_package(unit) ? 1 : 0; up < dots; up++) {
        char *dot = strrchr(base, '.');

        *(dot ? dot : base) = '\0';
    }
    from += dots;
    return *from ? apr_pstrcat(b->scratch, base, *base ? "." : "", from, NULL) : base;
}

/* What a name stands for in a module: its own symbol, a re-export, a submodule. */
static void resolve(docgen_builder *b, docgen_module *module, const char *name,
                    docgen_symbol **symbol, docgen_module **target, int depth)
{
    docgen_unit *unit = apr_hash_get(
        b->unit_of, APR_ARRAY_IDX(module->files, 0, docgen_file *)->path, APR_HASH_KEY_STRING);

    *symbol = docgen_module_symbol(module, name);
    *target = NULL;
    if (*symbol || depth > CHAIN_MAX) {
        return;
    }
    for (int i = 0; unit && i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        const char *local = import->as ? import->as : import->name;
        docgen_module *from;

        if (!import->name || (strcmp(import->name, "*") && strcmp(local, name))) {
            continue;
        }
        from = docgen_module_find(b, DOCGEN_LANG_PYTHON, absolute(b, module, unit, import->from));
        if (from && from != module) {
            resolve(b, from, strcmp(import->name, "*") ? import->name : name, symbol, target,
                    depth + 1);
        }
        if (*symbol || *target) {
            return;
        }
    }
    *target = docgen_module_find(b, DOCGEN_LANG_PYTHON,
                                 apr_pstrcat(b->scratch, module->name, ".", name, NULL));
}

static int listed(const docgen_unit *unit, const char *name)
{
    for (int i = 0; unit->all && i < unit->all->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(unit->all, i, const char *), name)) {
            return 1;
        }
    }
    return 0;
}

static void export_one(docgen_builder *b, docgen_module *module, const char *name,
                       const char *origin)
{
    docgen_symbol *symbol;
    docgen_module *target;

    resolve(b, module, name, &symbol, &target, 0);
    if (symbol && symbol->module != module) {
        docgen_module_export(b, module, name, symbol, NULL, origin);
    } else if (target && target != module) {
        docgen_module_export(b, module, name, NULL, target, origin);
    }
}

/* Names passed on: by __all__, or in a package's __init__ all public names taken from the package itself. */
static void find_exports(docgen_builder *b, docgen_module *module, docgen_unit *unit)
{
    const char *top = apr_pstrmemdup(b->scratch, module->name, strcspn(module->name, "."));

    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        const char *local = import->as ? import->as : import->name;
        const char *from = absolute(b, module, unit, import->from);
        docgen_module *source = docgen_module_find(b, DOCGEN_LANG_PYTHON, from);
        int own = !strncmp(from, top, strlen(top)) && strchr(".", from[strlen(top)]);

        if (!import->name || !source || import->flags & DOCGEN_IMPORT_NESTED) {
            continue;
        }
        if (!strcmp(import->name, "*")) {
            for (int n = 0; is_package(unit) && n < source->symbols->nelts; n++) {
                docgen_symbol *symbol = APR_ARRAY_IDX(source->symbols, n, docgen_symbol *);

                if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC &&
                    (!unit->all || listed(unit, symbol->name))) {
                    docgen_module_export(b, module, symbol->name, symbol, NULL, import->from);
                }
            }
        } else if (unit->all
                       ? listed(unit, local)
                       : (is_package(unit) && own && *local != '_') ||
                             (import->as && !strcmp(import->as, import->name) && *local != '_')) {
            export_one(b, module, local, import->from);
        }
    }
}

static void find_uses(docgen_builder *b, docgen_module *module, docgen_unit *unit)
{
    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);
        const char *from = absolute(b, module, unit, import->from);
        docgen_module *other = NULL;

        if (import->name && strcmp(import->name, "*")) {
            other = docgen_module_find(b, DOCGEN_LANG_PYTHON,
                                       apr_pstrcat(b->scratch, from, ".", import->name, NULL));
        }
        other = other ? other : docgen_module_find(b, DOCGEN_LANG_PYTHON, from);
        if (other) {
            docgen_module_use(b, module, other);
        } else if (*import->from != '.') {
            docgen_module_external(b, module, apr_pstrmemdup(b->scratch, from, strcspn(from, ".")));
        }
    }
}

/* Does a public module offer the symbol under its own name? */
static int is_offered(const apr_array_header_t *modules, const docgen_symbol *symbol)
{
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);
        const docgen_export *own = module->visibility == DOCGEN_VISIBLE_PUBLIC
                                       ? docgen_module_exported(module, symbol->name)
                                       : NULL;

        if (own && own->symbol == symbol) {
            return 1;
        }
    }
    return 0;
}

/* An entry stands where users import it from: what an internal module defines, or one that does not list it, and a
 * public one exports moves, under the name that it has there. */
static void move_homes(docgen_builder *b, docgen_module *module, const apr_array_header_t *modules)
{
    for (int i = 0; i < module->exports->nelts; i++) {
        docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        if (export->symbol && export->symbol->module &&
            module->visibility == DOCGEN_VISIBLE_PUBLIC &&
            (export->symbol->module->visibility != DOCGEN_VISIBLE_PUBLIC ||
             export->symbol->visibility != DOCGEN_VISIBLE_PUBLIC)) {
            export->symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
            docgen_symbol_move(b, export->symbol, module);
            if (strcmp(export->name, export->symbol->name) && !export->symbol->parent &&
                !is_offered(modules, export->symbol)) {
                docgen_symbol_rename(b->pool, export->symbol, export->name);
            }
        }
    }
}

void docgen_modules_python(docgen_builder *b)
{
    apr_array_header_t *modules = apr_array_make(b->scratch, 64, sizeof(docgen_module *));
    apr_array_header_t *units = apr_array_make(b->scratch, 64, sizeof(docgen_unit *));
    int scripts_only = has_scripts_only(b);

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        const char *name;
        docgen_module *module;

        if (unit->file->lang != DOCGEN_LANG_PYTHON) {
            continue;
        }
        name = module_name(b, unit->file);
        if (docgen_module_find(b, DOCGEN_LANG_PYTHON, name)) {
            name = unit->file->path; /* two roots with the same name */
        }
        module = docgen_module_add(b, DOCGEN_LANG_PYTHON, name,
                                   docgen_path_directory(b->scratch, unit->file->path));
        apply_all(unit);
        fold(b, unit->symbols, 0);
        docgen_module_take(b, module, unit);
        module->visibility = visibility(unit, name, scripts_only);
        module->entry_point |= strlen(name) > 9 && !strcmp(name + strlen(name) - 9, ".__main__");
        APR_ARRAY_PUSH(modules, docgen_module *) = module;
        APR_ARRAY_PUSH(units, docgen_unit *) = unit;
    }
    for (int i = 0; i < modules->nelts; i++) {
        find_uses(b, APR_ARRAY_IDX(modules, i, docgen_module *),
                  APR_ARRAY_IDX(units, i, docgen_unit *));
        find_exports(b, APR_ARRAY_IDX(modules, i, docgen_module *),
                     APR_ARRAY_IDX(units, i, docgen_unit *));
    }
    for (int i = 0; i < modules->nelts; i++) {
        move_homes(b, APR_ARRAY_IDX(modules, i, docgen_module *), modules);
    }
}
