/* C and C++: a module is a header with the source files of its name; what it offers is what its headers declare.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/c/install.h"
#include "generator/languages/c/c.h"

enum {
    OFFERED_USERS = 3 /* files of other folders that a header needs to be an interface */
};

typedef struct context {
    docgen_builder *b;
    docgen_c_install *install;
    int is_listed; /* the build installs headers of an include folder: others there are not for users */
    int has_public;       /* some header is installed or stands in an include folder */
    apr_hash_t *offered;  /* paths of headers that a program offers to its plug-ins; empty = none */
    apr_hash_t *declared; /* name → docgen_symbol * declared in a header */
    apr_hash_t *by_base;  /* base name of a header → docgen_unit * (NULL value when not unique) */
} context;

static int is_c(const docgen_unit *unit)
{
    return unit->file->lang == DOCGEN_LANG_C || unit->file->lang == DOCGEN_LANG_CPP;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int is_header(const char *path)
{
    const char *dot = strrchr(base_name(path), '.');

    return dot && (!strcmp(dot, ".h") || !strcmp(dot, ".hpp") || !strcmp(dot, ".hh") ||
                   !strcmp(dot, ".hxx") || !strcmp(dot, ".inl") || !strcmp(dot, ".ipp"));
}

static int in_include(const char *path)
{
    return !strncmp(path, "include/", 8) || strstr(path, "/include/") || !strncmp(path, "inc/", 4);
}

/* A folder of what users include only through the headers beside it. */
static int in_internal_folder(const char *path)
{
    static const char *const folders[] = {"internal", "details", "detail",   "impl",
                                          "private",  "arch",    "internals"};

    for (unsigned i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        apr_size_t length = strlen(folders[i]);

        for (const char *p = strstr(path, folders[i]); p; p = strstr(p + 1, folders[i])) {
            if (p > path && p[-1] == '/' && p[length] == '/') {
                return 1;
            }
        }
    }
    return 0;
}

static int marked_internal(const char *path)
{
    const char *base = base_name(path);

    return strstr(path, "internal") || strstr(path, "private") || strstr(base, "_priv.") ||
           strstr(base, "-priv.") || strstr(base, "_impl.") || strstr(base, "_int.") ||
           strstr(base, "_detail.") || strstr(base, "-impl.") || in_internal_folder(path);
}

static docgen_visibility header_visibility(const context *c, const docgen_file *file)
{
    docgen_c_installed installed = docgen_c_install_has(c->install, file->path);

    if (file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE)) {
        return DOCGEN_VISIBLE_PRIVATE;
    }
    if (in_internal_folder(file->path)) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    if (installed == DOCGEN_C_INSTALLED_NAME) {
        return DOCGEN_VISIBLE_PUBLIC;
    }
    if (marked_internal(file->path)) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    if (installed == DOCGEN_C_INSTALLED_FOLDER) {
        return DOCGEN_VISIBLE_PUBLIC;
    }
    if (apr_hash_count(c->offered) > 0) {
        return apr_hash_get(c->offered, file->path, APR_HASH_KEY_STRING) ? DOCGEN_VISIBLE_PUBLIC
                                                                         : DOCGEN_VISIBLE_INTERNAL;
    }
    return !c->has_public || (in_include(file->path) && !c->is_listed) ? DOCGEN_VISIBLE_PUBLIC
                                                                       : DOCGEN_VISIBLE_INTERNAL;
}

static int defines_main(const docgen_unit *unit)
{
    for (int i = 0; i < unit->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (!strcmp(symbol->name, "main") && !strcmp(symbol->kind, "function")) {
            return 1;
        }
    }
    return 0;
}

/* Directories of the project's own files that define main. */
static apr_hash_t *program_directories(const context *c)
{
    apr_pool_t *pool = c->b->scratch;
    apr_hash_t *found = apr_hash_make(pool);

    for (int i = 0; i < c->b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(c->b->units, i, docgen_unit *);

        if (is_c(unit) && !(unit->file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE)) &&
            defines_main(unit)) {
            apr_hash_set(found, docgen_path_directory(pool, unit->file->path), APR_HASH_KEY_STRING,
                         unit);
        }
    }
    return found;
}

/* Does a header stand by itself: without any other header of the repository? */
static int stands_alone(const docgen_unit *unit, apr_hash_t *headers)
{
    for (int i = 0; i < unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(unit->imports, i, docgen_import);

        if (!(import->flags & DOCGEN_IMPORT_SYSTEM) &&
            apr_hash_get(headers, base_name(import->from), APR_HASH_KEY_STRING)) {
            return 0;
        }
    }
    return 1;
}

/* A program that installs no header offers those that stand alone beside its main file and are all that files of other
 * folders, its plug-ins and their tests, include of it. */
static void find_offered(context *c)
{
    apr_pool_t *pool = c->b->scratch;
    apr_hash_t *programs = program_directories(c);
    apr_hash_t *headers = apr_hash_make(pool); /* base name → docgen_unit *, beside a main file */
    apr_hash_t *counts = apr_hash_make(pool);  /* path → int * of users in other folders */

    for (int i = 0; i < c->b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(c->b->units, i, docgen_unit *);

        if (is_c(unit) && is_header(unit->file->path) &&
            apr_hash_get(programs, docgen_path_directory(pool, unit->file->path),
                         APR_HASH_KEY_STRING)) {
            apr_hash_set(headers, base_name(unit->file->path), APR_HASH_KEY_STRING, unit);
        }
    }
    for (int i = 0; i < c->b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(c->b->units, i, docgen_unit *), *only = NULL;
        int taken = 0;

        for (int n = 0; is_c(unit) && n < unit->imports->nelts; n++) {
            const docgen_import *import = &APR_ARRAY_IDX(unit->imports, n, docgen_import);
            const docgen_unit *header =
                import->flags & DOCGEN_IMPORT_SYSTEM
                    ? NULL
                    : apr_hash_get(headers, base_name(import->from), APR_HASH_KEY_STRING);

            taken += header && header != only;
            only = header ? header : only;
        }
        if (taken == 1 && stands_alone(only, headers) &&
            strcmp(docgen_path_directory(pool, only->file->path),
                   docgen_path_directory(pool, unit->file->path)) != 0) {
            int *count = apr_hash_get(counts, only->file->path, APR_HASH_KEY_STRING);

            if (!count) {
                count = apr_pcalloc(pool, sizeof(*count));
                apr_hash_set(counts, only->file->path, APR_HASH_KEY_STRING, count);
            }
            if (++*count == OFFERED_USERS) {
                apr_hash_set(c->offered, only->file->path, APR_HASH_KEY_STRING, only);
            }
        }
    }
}

/* "include/x/foo.h" is written "x/foo.h"; the others by their path without a leading "src/". */
static const char *module_name(const context *c, const char *path)
{
    const char *include = strstr(path, "include/"),
               *installed = docgen_c_install_name(c->install, path);

    if (installed && is_header(path)) {
        return installed;
    }

    if (include && (include == path || include[-1] == '/')) {
        return include + 8;
    }
    return !strncmp(path, "src/", 4) && !strchr(path + 4, '/') ? path + 4 : path;
}

/* Path without its suffix: files that share it are one family. */
static const char *stem(apr_pool_t *pool, const char *path)
{
    const char *dot = strrchr(base_name(path), '.');

    return dot ? apr_pstrmemdup(pool, path, (apr_size_t)(dot - path)) : path;
}

static void worsen(docgen_symbol *symbol, docgen_visibility visibility, int depth)
{
    if (visibility > symbol->visibility) {
        symbol->visibility = visibility;
    }
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        worsen(APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), visibility, depth + 1);
    }
}

static void take_headers(context *c)
{
    docgen_builder *b = c->b;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        docgen_module *module;
        const char *base;

        if (!is_c(unit) || !is_header(unit->file->path)) {
            continue;
        }
        base = base_name(unit->file->path);
        module = docgen_module_add(b, unit->file->lang, module_name(c, unit->file->path),
                                   docgen_path_directory(b->scratch, unit->file->path));
        module->visibility = header_visibility(c, unit->file);
        docgen_module_take(b, module, unit);
        for (int n = 0; n < unit->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *);
            docgen_symbol *other =
                apr_hash_get(c->declared, symbol->qualified, APR_HASH_KEY_STRING);

            worsen(symbol, module->visibility, 0);
            if (!other || other->visibility > symbol->visibility) {
                apr_hash_set(c->declared, symbol->qualified, APR_HASH_KEY_STRING, symbol);
            }
        }
        apr_hash_set(c->by_base, base, APR_HASH_KEY_STRING,
                     apr_hash_get(c->by_base, base, APR_HASH_KEY_STRING) ? (void *)c
                                                                         : (void *)unit);
    }
}

/* The header that a source file belongs to: same stem beside it, or the only header of its base name. */
static docgen_module *family(context *c, const docgen_unit *unit)
{
    docgen_builder *b = c->b;
    const char *base = stem(b->scratch, unit->file->path);
    const char *const suffixes[] = {".h", ".hpp", ".hh", ".hxx"};

    for (unsigned i = 0; i < 4; i++) {
        docgen_module *module = apr_hash_get(
            b->module_of, apr_pstrcat(b->scratch, base, suffixes[i], NULL), APR_HASH_KEY_STRING);
        void *only =
            apr_hash_get(c->by_base, apr_pstrcat(b->scratch, base_name(base), suffixes[i], NULL),
                         APR_HASH_KEY_STRING);

        if (module) {
            return module;
        }
        if (only && only != c) {
            return apr_hash_get(b->module_of, ((docgen_unit *)only)->file->path,
                                APR_HASH_KEY_STRING);
        }
    }
    return NULL;
}

/* A definition of something a header declares completes that entry; returns 0 when it stands for itself. */
static int complete(context *c, docgen_symbol *symbol)
{
    docgen_symbol *declared = apr_hash_get(c->declared, symbol->qualified, APR_HASH_KEY_STRING);

    if (!declared || symbol->traits & DOCGEN_SYMBOL_STATIC || declared == symbol ||
        strcmp(declared->kind, symbol->kind)) {
        return 0;
    }
    if (!declared->definition) {
        declared->definition = symbol->file;
        declared->definition_line = symbol->line;
        declared->definition_end = symbol->end_line;
    }
    if (!declared->doc) {
        declared->doc = symbol->doc;
    }
    return 1;
}

/* C++ methods defined outside their class: "INIReader::Get". */
static int complete_method(context *c, docgen_symbol *symbol)
{
    const char *cut = NULL;
    docgen_symbol *type;

    for (const char *p = strstr(symbol->qualified, "::"); p; p = strstr(p + 2, "::")) {
        cut = p;
    }
    if (!cut) {
        return 0;
    }
    type = apr_hash_get(
        c->declared,
        apr_pstrmemdup(c->b->scratch, symbol->qualified, (apr_size_t)(cut - symbol->qualified)),
        APR_HASH_KEY_STRING);
    for (int i = 0; type && type->members && i < type->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(type->members, i, docgen_symbol *);

        if (!strcmp(member->name, symbol->name) && !member->definition) {
            member->definition = symbol->file;
            member->definition_line = symbol->line;
            member->definition_end = symbol->end_line;
            member->doc = member->doc ? member->doc : symbol->doc;
            return 1;
        }
    }
    return type != NULL;
}

static void take_sources(context *c)
{
    docgen_builder *b = c->b;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        docgen_module *module;
        int kept = 0;

        if (!is_c(unit) || is_header(unit->file->path)) {
            continue;
        }
        module = family(c, unit);
        for (int n = 0; n < unit->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, n, docgen_symbol *);

            if (symbol->traits & DOCGEN_SYMBOL_DECLARATION || complete(c, symbol) ||
                complete_method(c, symbol)) {
                continue;
            }
            worsen(symbol,
                   symbol->traits & DOCGEN_SYMBOL_STATIC || strcmp(symbol->kind, "function")
                       ? DOCGEN_VISIBLE_PRIVATE
                       : DOCGEN_VISIBLE_INTERNAL,
                   0);
            APR_ARRAY_IDX(unit->symbols, kept++, docgen_symbol *) = symbol;
        }
        unit->symbols->nelts = kept;
        if (!module) {
            module = docgen_module_add(b, unit->file->lang, module_name(c, unit->file->path),
                                       docgen_path_directory(b->scratch, unit->file->path));
            module->visibility = unit->file->flags & DOCGEN_FILE_EXAMPLE ? DOCGEN_VISIBLE_PRIVATE
                                                                         : DOCGEN_VISIBLE_INTERNAL;
        }
        docgen_module_take(b, module, unit);
    }
}

/* The header an #include means: beside the file, from the top, in an include folder, or the only one of that name. */
static docgen_module *included(context *c, const docgen_unit *unit, const char *name)
{
    docgen_builder *b = c->b;
    const char *directory = docgen_path_directory(b->scratch, unit->file->path);
    const char *const roots[] = {directory, "", "include", "src", "lib"};
    docgen_module *module = docgen_module_find(b, DOCGEN_LANG_C, name);
    void *only;

    for (unsigned i = 0; i < 5; i++) {
        const char *path = docgen_repository_path(b->scratch, roots[i], name);
        docgen_module *found = path ? apr_hash_get(b->module_of, path, APR_HASH_KEY_STRING) : NULL;

        if (found) {
            return found;
        }
    }
    only = apr_hash_get(c->by_base, base_name(name), APR_HASH_KEY_STRING);
    if (!module && only && only != c) {
        module = apr_hash_get(b->module_of, ((docgen_unit *)only)->file->path, APR_HASH_KEY_STRING);
    }
    return module;
}

static void link_includes(context *c)
{
    docgen_builder *b = c->b;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        docgen_module *module = apr_hash_get(b->module_of, unit->file->path, APR_HASH_KEY_STRING);

        for (int n = 0; is_c(unit) && module && n < unit->imports->nelts; n++) {
            const docgen_import *import = &APR_ARRAY_IDX(unit->imports, n, docgen_import);
            docgen_module *other = import->flags & DOCGEN_IMPORT_SYSTEM &&
                                           !strchr(import->from, '/') &&
                                           !docgen_module_find(b, DOCGEN_LANG_C, import->from)
                                       ? NULL
                                       : included(c, unit, import->from);

            if (other) {
                docgen_module_use(b, module, other);
            } else {
                docgen_module_external(b, module, import->from);
            }
        }
    }
}

void docgen_modules_c(docgen_builder *b)
{
    context c = {b,
                 docgen_c_install_read(b->model->tree, b->scratch),
                 0,
                 0,
                 apr_hash_make(b->scratch),
                 apr_hash_make(b->scratch),
                 apr_hash_make(b->scratch)};

    for (int i = 0; i < b->units->nelts; i++) {
        const docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);
        const char *path = unit->file->path;
        docgen_c_installed installed;

        if (!is_c(unit) || !is_header(path) ||
            unit->file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE)) {
            continue;
        }
        installed = docgen_c_install_has(c.install, path);
        c.is_listed |= in_include(path) && installed != DOCGEN_C_NOT_INSTALLED;
        c.has_public |= in_include(path) || installed != DOCGEN_C_NOT_INSTALLED;
    }
    if (!c.has_public) {
        find_offered(&c);
    }
    take_headers(&c);
    take_sources(&c);
    link_includes(&c);
}
