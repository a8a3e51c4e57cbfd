/* Go: a module for each package directory, named by go.mod.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/go/go.h"

/* "module NAME" of the nearest go.mod at or above a directory; `*root` receives that directory. */
static const char *module_path(docgen_builder *b, const char *directory, const char **root)
{
    for (;;) {
        const char *path =
            *directory ? apr_pstrcat(b->scratch, directory, "/go.mod", NULL) : "go.mod";
        const char *text = docgen_builder_text(b, path, NULL);

        for (const char *p = text; p && *p;) {
            if (!strncmp(p, "module", 6) && strchr(" \t", p[6])) {
                p += 6 + strspn(p + 6, " \t\"");
                *root = directory;
                return apr_pstrmemdup(b->scratch, p, strcspn(p, " \t\r\n\""));
            }
            p += strcspn(p, "\n");
            p += *p == '\n';
        }
        if (!*directory) {
            *root = "";
            return NULL;
        }
        directory = docgen_path_directory(b->scratch, directory);
    }
}

static const char *import_path(docgen_builder *b, apr_hash_t *known, const char *directory)
{
    const char *cached = apr_hash_get(known, directory, APR_HASH_KEY_STRING), *root, *base;

    if (cached) {
        return cached;
    }
    base = module_path(b, directory, &root);
    if (!base) {
        cached = *directory ? directory : "main";
    } else if (!strcmp(root, directory)) {
        cached = base;
    } else {
        cached =
            apr_pstrcat(b->scratch, base, "/", directory + strlen(root) + (*root ? 1 : 0), NULL);
    }
    apr_hash_set(known, directory, APR_HASH_KEY_STRING, cached);
    return cached;
}

static docgen_visibility visibility(const docgen_unit *unit, const char *name)
{
    if (unit->file->flags & DOCGEN_FILE_EXAMPLE || strstr(name, "/testdata") ||
        strstr(name, "/_")) {
        return DOCGEN_VISIBLE_PRIVATE;
    }
    if (!strncmp(name, "internal/", 9) || strstr(name, "/internal/") ||
        (strlen(name) > 9 && !strcmp(name + strlen(name) - 9, "/internal")) ||
        (unit->package && !strcmp(unit->package, "main"))) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    return DOCGEN_VISIBLE_PUBLIC;
}

/* Build tags define a name once for each system: the documented or first one stands. */
static void drop_doubles(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *seen = apr_hash_make(b->scratch);
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);
        docgen_symbol *other = apr_hash_get(seen, symbol->name, APR_HASH_KEY_STRING);

        if (other && strcmp(symbol->name, "_")) {
            other->doc = other->doc ? other->doc : symbol->doc;
            continue;
        }
        apr_hash_set(seen, symbol->name, APR_HASH_KEY_STRING, symbol);
        APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
    }
    module->symbols->nelts = kept;
}

static void attach(docgen_builder *b, docgen_module *module, const docgen_unit *unit)
{
    for (int i = 0; i < unit->impls->nelts; i++) {
        const docgen_impl *impl = &APR_ARRAY_IDX(unit->impls, i, docgen_impl);
        docgen_symbol *type = docgen_module_symbol(module, impl->type);

        if (type) {
            docgen_impl_attach(b, type, impl);
        }
    }
}

static void link_imports(docgen_builder *b, docgen_module *module, const docgen_unit *unit)
{
    for (int i = 0; i < unit->imports->nelts; i++) {
        const char *from = APR_ARRAY_IDX(unit->imports, i, docgen_import).from;
        docgen_module *other = docgen_module_find(b, DOCGEN_LANG_GO, from);

        if (other) {
            docgen_module_use(b, module, other);
        } else {
            docgen_module_external(b, module, from);
        }
    }
}

static int is_go(const docgen_unit *unit)
{
    apr_size_t length = strlen(unit->file->path);

    return unit->file->lang == DOCGEN_LANG_GO &&
           !(length > 8 && !strcmp(unit->file->path + length - 8, "_test.go"));
}

static int is_package_doc(const docgen_unit *unit)
{
    return unit->doc && !strncmp(unit->doc->summary, "Package ", 8);
}

void docgen_modules_go(docgen_builder *b)
{
    apr_hash_t *known = apr_hash_make(b->scratch);

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        const char *directory = docgen_path_directory(b->scratch, unit->file->path), *name;
        docgen_module *module;

        if (!is_go(unit)) {
            continue;
        }
        name = import_path(b, known, directory);
        if (unit->package && !strcmp(unit->package, "documentation")) {
            continue;
        }
        module = docgen_module_find(b, DOCGEN_LANG_GO, name);
        if (!module) {
            module = docgen_module_add(b, DOCGEN_LANG_GO, name, directory);
            module->visibility = visibility(unit, name);
        }
        docgen_module_take(b, module, unit);
        if (is_package_doc(unit)) {
            module->doc = unit->doc;
            module->summary = unit->doc->summary;
        }
    }
    for (int i = 0; i < b->model->modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(b->model->modules, i, docgen_module *);

        if (module->lang != DOCGEN_LANG_GO) {
            continue;
        }
        drop_doubles(b, module);
        for (int n = 0; n < module->files->nelts; n++) {
            docgen_unit *unit =
                apr_hash_get(b->unit_of, APR_ARRAY_IDX(module->files, n, docgen_file *)->path,
                             APR_HASH_KEY_STRING);

            attach(b, module, unit);
            link_imports(b, module, unit);
        }
    }
}
