/* The entries of npm packages, and the source behind those that only a build makes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/script/packages.h"

#include <string.h>
#include <apr_strings.h>
#include "core/json.h"

#define ENTRIES_MAX    200 /* entries of one package.json */
#define TARGETS_MAX    12  /* files that the conditions of one entry may name */
#define CONDITIONS_MAX 8   /* conditions within conditions */
#define STEPS_MAX      4   /* folders of a built path that have no counterpart in the source */

typedef docgen_script_packages packages_t;

docgen_script_packages docgen_script_packages_make(docgen_builder *builder)
{
    return (packages_t){builder,
                        apr_hash_make(builder->scratch),
                        apr_hash_make(builder->scratch),
                        apr_hash_make(builder->scratch),
                        0,
                        apr_hash_make(builder->scratch)};
}

static docgen_unit *unit_at(const packages_t *c, const char *path)
{
    return path ? apr_hash_get(c->b->unit_of, path, APR_HASH_KEY_STRING) : NULL;
}

static docgen_module *module_of(const packages_t *c, const docgen_unit *unit)
{
    return unit ? apr_hash_get(c->b->module_of, unit->file->path, APR_HASH_KEY_STRING) : NULL;
}

/* Bytes of the name that are its suffix: ".d.mts" of "a.d.mts", 0 when it is none of a script. */
static apr_size_t suffix_length(const char *path)
{
    static const char *const suffixes[] = {".d.mts", ".d.cts", ".d.ts", ".mts", ".cts", ".tsx",
                                           ".ts",    ".mjs",   ".cjs",  ".jsx", ".js"};
    apr_size_t length = strlen(path);

    for (unsigned i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        apr_size_t n = strlen(suffixes[i]);

        if (length > n && !strcmp(path + length - n, suffixes[i])) {
            return n;
        }
    }
    return 0;
}

/* The file that "./x" means: as written, with a suffix, its TypeScript source, a folder's index. */
static docgen_unit *find_file(const packages_t *c, const char *path)
{
    static const char *const suffixes[] = {
        "",           ".ts",       ".tsx",       ".mts",       ".cts",       ".js",
        ".mjs",       ".cjs",      ".jsx",       ".d.ts",      "/index.ts",  "/index.tsx",
        "/index.mts", "/index.js", "/index.mjs", "/index.cjs", "/index.d.ts"};
    char whole[1024];
    apr_size_t cut;

    if (!path || strlen(path) > sizeof(whole) - 16) {
        return NULL;
    }
    cut = suffix_length(path);
    for (unsigned i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        docgen_unit *unit;

        apr_snprintf(whole, sizeof(whole), "%s%s", path, suffixes[i]);
        unit = unit_at(c, whole);
        if (unit) {
            return unit;
        }
    }
    for (unsigned i = 1; cut && i < 10; i++) {
        docgen_unit *unit;

        apr_snprintf(whole, sizeof(whole), "%.*s%s", (int)(strlen(path) - cut), path, suffixes[i]);
        unit = unit_at(c, whole);
        if (unit) {
            return unit;
        }
    }
    return NULL;
}

static docgen_unit *file_in(const packages_t *c, const char *directory, const char *folder,
                            const char *path)
{
    return find_file(c, docgen_repository_path(c->b->scratch, directory,
                                               apr_pstrcat(c->b->scratch, folder, path, NULL)));
}

/* The source in `base` whose path ends like the built file's there: "dist/node/x.js" is "src/node/x.ts", "src/x.ts" or
 * "x.ts". */
static docgen_unit *source_below(const packages_t *c, const char *base, const char *target)
{
    static const char *const folders[] = {"src/", "source/", "lib/", ""};
    const char *rest = strchr(target, '/');

    for (int step = 0; rest && step < STEPS_MAX; step++, rest = strchr(rest, '/')) {
        rest++;
        for (unsigned i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
            docgen_unit *unit = file_in(c, base, folders[i], rest);

            if (unit) {
                return unit;
            }
        }
    }
    return NULL;
}

/* The source of a built file. A folder of the package that has its own build keeps its place: "store/dist/x.js" is
 * "store/src/x.ts" before "src/x.ts". */
static docgen_unit *source_by_path(const packages_t *c, const char *directory, const char *target)
{
    const char *ends[STEPS_MAX];
    int count = 0;

    for (const char *slash = strchr(target, '/'); slash && count < STEPS_MAX;
         slash = strchr(slash + 1, '/')) {
        ends[count++] = slash;
    }
    for (int i = count - 2; i >= 0; i--) { /* the file's own folder is the build's */
        const char *folder = docgen_repository_path(
            c->b->scratch, directory,
            apr_pstrmemdup(c->b->scratch, target, (apr_size_t)(ends[i] - target)));
        docgen_unit *unit = folder ? source_below(c, folder, ends[i] + 1) : NULL;

        if (unit) {
            return unit;
        }
    }
    return source_below(c, directory, target);
}

/* The source with the built file's plain name: "dist/core.esm-bundler.js" is "src/core.ts". */
static docgen_unit *source_by_name(const packages_t *c, const char *directory, const char *target)
{
    const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;
    const char *stem = apr_pstrmemdup(c->b->scratch, base, strcspn(base, "."));

    return *stem && strcmp(stem, base) ? file_in(c, directory, "src/", stem) : NULL;
}

/* The source where a package keeps what it offers as `subpath` ("" is the package itself, else "/x"). */
static docgen_unit *source_by_subpath(const packages_t *c, const char *directory,
                                      const char *subpath)
{
    static const char *const main_of[] = {"src/index", "source/index",   "src/main",
                                          "index",     "src/node/index", "lib/index"};

    if (*subpath) {
        docgen_unit *unit = file_in(c, directory, "src", subpath);

        return unit ? unit : file_in(c, directory, "", subpath + 1);
    }
    for (unsigned i = 0; i < sizeof(main_of) / sizeof(*main_of); i++) {
        docgen_unit *unit = file_in(c, directory, main_of[i], "");

        if (unit) {
            return unit;
        }
    }
    return NULL;
}

/* The file that a manifest names, or its source when only a build makes it. @param subpath NULL when it is no entry */
static docgen_unit *source_of(const packages_t *c, const char *directory, const char *target,
                              const char *subpath)
{
    const char *path = docgen_repository_path(c->b->scratch, directory, target);
    docgen_unit *unit = find_file(c, path), *built = NULL;

    if (unit && !(unit->file->flags & (DOCGEN_FILE_GENERATED | DOCGEN_FILE_VENDORED))) {
        return unit;
    }
    built = unit;
    target += !strncmp(target, "./", 2) ? 2 : 0;
    unit = source_by_path(c, directory, target);
    unit = unit ? unit : source_by_name(c, directory, target);
    unit = unit || !subpath ? unit : source_by_subpath(c, directory, subpath);
    return unit ? unit : built;
}

/* The package whose folder a file is in: its directory, or NULL. */
static const char *package_above(const packages_t *c, const char *path)
{
    const char *directory = path;

    do {
        directory = docgen_path_directory(c->b->scratch, directory);
        if (apr_hash_get(c->names, directory, APR_HASH_KEY_STRING)) {
            return directory;
        }
    } while (*directory);
    return NULL;
}

/* "./dist/x.js" required by a package's own file: the source behind it. */
static docgen_unit *find_built(const packages_t *c, const docgen_unit *unit, const char *path)
{
    const char *directory = package_above(c, unit->file->path);
    apr_size_t length = directory ? strlen(directory) : 0;
    const char *inside;

    if (!path || !directory || strncmp(path, directory, length)) {
        return NULL;
    }
    inside = path + length + (length > 0);
    /* Only what leaves the folder of the asking file for a folder without any file read can be a build's. */
    return strchr(inside, '/') ? source_of(c, directory, inside, "") : NULL;
}

/* "PACKAGE/src/x": a file of a package of the workspace. */
static docgen_unit *find_deep(const packages_t *c, const char *specifier)
{
    const char *slash = strchr(specifier, '/');

    slash = slash && *specifier == '@' ? strchr(slash + 1, '/') : slash;
    if (slash) {
        const char *name =
            apr_pstrmemdup(c->b->scratch, specifier, (apr_size_t)(slash - specifier));
        const char *directory = apr_hash_get(c->directories, name, APR_HASH_KEY_STRING);

        return directory ? file_in(c, directory, "", slash + 1) : NULL;
    }
    return NULL;
}

static docgen_module *resolve(const packages_t *c, const docgen_unit *unit, const char *specifier)
{
    docgen_module *module;
    docgen_unit *target;
    const char *path;

    if (*specifier != '.') {
        module = apr_hash_get(c->modules, specifier, APR_HASH_KEY_STRING);
        return module ? module : module_of(c, find_deep(c, specifier));
    }
    path = docgen_repository_path(
        c->b->scratch, docgen_path_directory(c->b->scratch, unit->file->path), specifier);
    target = find_file(c, path);
    return module_of(c, target ? target : find_built(c, unit, path));
}

docgen_module *docgen_script_resolve(const docgen_script_packages *c, const docgen_unit *unit,
                                     const char *specifier)
{
    const char *slash = *specifier == '.' ? strrchr(unit->file->path, '/') : NULL;
    int directory = slash ? (int)(slash - unit->file->path) : 0;
    char key[1024];
    int length = apr_snprintf(key, sizeof(key), "%.*s\n%s", directory, unit->file->path, specifier);
    docgen_script_answer *answer;

    if (length >= (int)sizeof(key) - 1) {
        return resolve(c, unit, specifier);
    }
    answer = apr_hash_get(c->resolved, key, length);
    if (!answer) { /* each name of an import asks again */
        answer = apr_palloc(c->b->scratch, sizeof(*answer));
        answer->module = resolve(c, unit, specifier);
        apr_hash_set(c->resolved, apr_pmemdup(c->b->scratch, key, (apr_size_t)length), length,
                     answer);
    }
    return answer->module;
}

/* Every file that the conditions of an exports entry name, the one that says most first. */
static void targets_of(const json_t *value, const char **into, int *count, int depth)
{
    static const char *const order[] = {"source", "types",   "typings", "import", "module",
                                        "node",   "require", "default", "browser"};
    const char *key;
    json_t *inner;

    if (json_is_string(value)) {
        if (*count < TARGETS_MAX) {
            into[(*count)++] = json_string_value(value);
        }
        return;
    }
    if (depth >= CONDITIONS_MAX) {
        return;
    }
    if (json_is_array(value)) {
        targets_of(json_array_get(value, 0), into, count, depth + 1);
        return;
    }
    for (unsigned i = 0; json_is_object(value) && i < sizeof(order) / sizeof(*order); i++) {
        targets_of(json_object_get(value, order[i]), into, count, depth + 1);
    }
    if (*count == 0) { /* conditions of other tools */
        json_object_foreach((json_t *)value, key, inner)
        {
            targets_of(inner, into, count, depth + 1);
        }
    }
}

static void add_module(packages_t *c, docgen_module *module, const char *name, int private)
{
    if (module->visibility == DOCGEN_VISIBLE_PUBLIC) { /* two subpaths of one file */
        apr_hash_set(c->modules, apr_pstrdup(c->b->pool, name), APR_HASH_KEY_STRING, module);
        return;
    }
    if (!private) {
        module->visibility = DOCGEN_VISIBLE_PUBLIC;
        c->entries++;
    }
    docgen_module_rename(c->b, module, name);
    apr_hash_set(c->modules, module->name, APR_HASH_KEY_STRING, module);
}

/* @param subpath "" for the package itself, else "/x" */
static void add_entry(packages_t *c, const char *directory, const char *package,
                      const char *subpath, const char *target, int private)
{
    const char *name = apr_pstrcat(c->b->scratch, package, subpath, NULL);
    docgen_module *module;

    if (!target || strchr(target, '*') || apr_hash_get(c->modules, name, APR_HASH_KEY_STRING)) {
        return;
    }
    module = module_of(c, source_of(c, directory, target, subpath));
    if (module) {
        add_module(c, module, name, private);
    }
}

/* What the star of a target stands for when a file of the package is the source of such a target, or NULL.
 * @param fixed what the pattern says before its star ("utils/"): when the target says it, too, so does the source */
static const char *star_of(const packages_t *c, const char *directory, const char *target,
                           const char *fixed, const docgen_unit *unit)
{
    apr_pool_t *pool = c->b->scratch;
    const char *rest = unit->file->path + strlen(directory) + (*directory != '\0');
    const char *star = strchr(target, '*'), *stem;
    const char *before = apr_pstrmemdup(pool, target, (apr_size_t)(star - target));
    apr_size_t least = strlen(fixed), said = strlen(before);

    least = said >= least && !strcmp(before + said - least, fixed) ? least : 0;
    rest += !strncmp(rest, "src/", 4) ? 4 : 0;
    stem = apr_pstrmemdup(pool, rest, strlen(rest) - suffix_length(rest));
    for (const char *folder = before; folder && strlen(folder) >= least;
         folder = *folder ? (strchr(folder, '/') ? strchr(folder, '/') + 1 : "") : NULL) {
        apr_size_t skip = strlen(folder);

        if (strncmp(stem, folder, skip)) {
            continue;
        }
        for (int whole = 0; whole < 2; whole++) { /* "x" for src/x/index.ts, then for src/x.ts */
            const char *tail = stem + skip;
            apr_size_t length = strlen(tail);
            int is_index = length > 6 && !strcmp(tail + length - 6, "/index");
            const char *name = whole ? tail : apr_pstrmemdup(pool, tail, is_index ? length - 6 : 0);

            if (*name && source_of(c, directory, apr_pstrcat(pool, before, name, star + 1, NULL),
                                   NULL) == unit) {
                return name;
            }
        }
    }
    return NULL;
}

/* A pattern offers every file of the source; one whose target begins as it does only lets raw files through. */
static void read_pattern(packages_t *c, const char *directory, const char *package,
                         const char *pattern, const char *target, int private)
{
    const char *star = strchr(pattern, '*'), *at = strchr(target, '*');
    const char *folder = target + (strncmp(target, "./", 2) ? 0 : 2);
    const char *fixed;
    apr_size_t length = strlen(directory);
    int count = 0;

    if (!star || !at || strchr(star + 1, '*') || strchr(at + 1, '*') || folder == at ||
        !strncmp(pattern + 1, folder, (apr_size_t)(at - folder))) {
        return;
    }
    fixed = apr_pstrmemdup(c->b->scratch, pattern + 1, (apr_size_t)(star - pattern) - 1);
    for (int i = 0; i < c->b->units->nelts && count < ENTRIES_MAX; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(c->b->units, i, docgen_unit *);
        const docgen_module *module = module_of(c, unit);
        const char *home = NULL, *name;

        if (module && module->visibility == DOCGEN_VISIBLE_INTERNAL &&
            !strncmp(unit->file->path, directory, length) &&
            (home = package_above(c, unit->file->path)) != NULL && !strcmp(home, directory) &&
            !(unit->file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE)) &&
            (name = star_of(c, directory, target, fixed, unit)) != NULL) {
            add_module(
                c, module_of(c, unit),
                apr_pstrcat(c->b->scratch, package,
                            apr_pstrmemdup(c->b->scratch, pattern, (apr_size_t)(star - pattern)),
                            name, star + 1, NULL),
                private);
            count++;
        }
    }
}

static void read_entry(packages_t *c, const char *directory, const char *package,
                       const char *subpath, const json_t *value, int private)
{
    const char *targets[TARGETS_MAX];
    int count = 0;

    targets_of(value, targets, &count, 0);
    for (int i = 0; i < count; i++) {
        if (strchr(subpath, '*')) {
            read_pattern(c, directory, package, subpath, targets[i], private);
        } else {
            add_entry(c, directory, package, subpath, targets[i], private);
        }
    }
}

static void read_exports(packages_t *c, const char *directory, const char *package,
                         const json_t *exports, int private)
{
    const char *key;
    json_t *value;
    int count = 0;

    if (!json_is_object(exports) ||
        (json_object_size(exports) &&
         *json_object_iter_key(json_object_iter((json_t *)exports)) != '.')) {
        read_entry(c, directory, package, "", exports, private);
        return;
    }
    json_object_foreach((json_t *)exports, key, value)
    {
        if (*key == '.' && !strstr(key, "package.json") && ++count <= ENTRIES_MAX) {
            read_entry(c, directory, package, key + 1, value, private);
        }
    }
}

static void read_bin(packages_t *c, const char *directory, const json_t *bin)
{
    const char *key;
    json_t *value;

    if (json_is_string(bin)) {
        docgen_module *module = module_of(c, source_of(c, directory, json_string_value(bin), NULL));

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

static json_t *read_manifest(packages_t *c, const docgen_file *file, const char **name)
{
    apr_size_t length;
    const char *text = docgen_builder_text(c->b, file->path, &length);
    json_t *root = NULL;

    if (!text || docgen_json_parse(c->b->scratch, text, length, &root, NULL) != APR_SUCCESS) {
        return NULL;
    }
    *name = docgen_json_string(root, "name");
    return *name && **name ? root : NULL;
}

static void read_package(packages_t *c, const char *directory, const char *name, json_t *root,
                         int private)
{
    static const char *const fields[] = {"source", "types", "typings", "module", "main"};

    if (json_object_get(root, "exports")) {
        read_exports(c, directory, name, json_object_get(root, "exports"), private);
    }
    for (unsigned i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        add_entry(c, directory, name, "", docgen_json_string(root, fields[i]), private);
    }
    if (!json_object_get(root, "bin") || json_object_get(root, "main")) {
        add_entry(c, directory, name, "", "index", private);
    }
    read_bin(c, directory, json_object_get(root, "bin"));
}

typedef struct manifest {
    const char *directory, *name;
    json_t *root;
} manifest;

void docgen_script_packages_read(docgen_script_packages *c)
{
    const docgen_tree *tree = c->b->model->tree;
    apr_pool_t *pool = c->b->scratch;
    apr_array_header_t *manifests = apr_array_make(pool, 8, sizeof(manifest));

    for (int i = 0; i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const char *slash = strrchr(file->path, '/'), *name;
        json_t *root;

        if (!strcmp(slash ? slash + 1 : file->path, "package.json") &&
            !(file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE |
                             DOCGEN_FILE_SKIPPED)) &&
            (root = read_manifest(c, file, &name)) != NULL) {
            const char *directory = docgen_path_directory(pool, file->path);

            APR_ARRAY_PUSH(manifests, manifest) = (manifest){directory, name, root};
            apr_hash_set(c->names, directory, APR_HASH_KEY_STRING, name);
            if (!apr_hash_get(c->directories, name, APR_HASH_KEY_STRING)) {
                apr_hash_set(c->directories, name, APR_HASH_KEY_STRING, directory);
            }
        }
    }
    for (int i = 0; i < manifests->nelts; i++) {
        const manifest *m = &APR_ARRAY_IDX(manifests, i, manifest);

        read_package(c, m->directory, m->name, m->root,
                     json_is_true(json_object_get(m->root, "private")));
    }
    /* A build publishes the package when all that the repository has is marked private and yet names exports. */
    for (int i = 0, found = c->entries; i < manifests->nelts && !found; i++) {
        const manifest *m = &APR_ARRAY_IDX(manifests, i, manifest);

        if (json_object_get(m->root, "exports")) {
            apr_hash_clear(c->modules);
            read_package(c, m->directory, m->name, m->root, 0);
        }
    }
}
