/* Finding the manifests and handing each to its reader.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/manifest.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

enum {
    MANIFESTS_MAX = 200,
    ENTRIES_MAX = 2000
};

typedef struct kind {
    const char *name; /* of the file; a leading '*' stands for anything */
    const char *ecosystem;
    void (*read)(docgen_manifest *manifest, apr_pool_t *pool, const char *text);
} kind;

static const kind kinds[] = {
    {"package.json", "npm", docgen_manifest_npm},
    {"pyproject.toml", "Python", docgen_manifest_pyproject},
    {"setup.cfg", "Python", docgen_manifest_setup_cfg},
    {"requirements*.txt", "Python", docgen_manifest_requirements},
    {"Cargo.toml", "Rust", docgen_manifest_cargo},
    {"go.mod", "Go", docgen_manifest_go},
    {"configure.ac", "C and C++", docgen_manifest_configure},
    {"configure.in", "C and C++", docgen_manifest_configure},
    {"CMakeLists.txt", "C and C++", docgen_manifest_cmake},
    {"meson.build", "C and C++", docgen_manifest_meson},
    {"composer.json", "PHP", docgen_manifest_composer},
    {"*.gemspec", "Ruby", docgen_manifest_gemspec},
};

void docgen_entry_add(apr_array_header_t *entries, const char *name, const char *value,
                      const char *group, int line)
{
    docgen_entry *entry;

    if (!name || !*name || entries->nelts >= ENTRIES_MAX)
        return;
    entry = apr_array_push(entries);
    entry->name = apr_pstrdup(entries->pool, name);
    entry->value = apr_pstrdup(entries->pool, value ? value : "");
    entry->group = group ? apr_pstrdup(entries->pool, group) : NULL;
    entry->line = line;
}

static const kind *kind_of(const char *path)
{
    const char *name = docgen_basename(path);

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *star = strchr(kinds[i].name, '*');

        if (!star && !strcmp(name, kinds[i].name))
            return &kinds[i];
        if (star && !strncmp(name, kinds[i].name, (apr_size_t)(star - kinds[i].name)) &&
            strlen(name) >= strlen(kinds[i].name) - 1 &&
            !strcmp(name + strlen(name) - strlen(star + 1), star + 1))
            return &kinds[i];
    }
    return NULL;
}

static int depth_of(const char *path)
{
    int depth = 0;

    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

static int manifest_compare(const void *a, const void *b)
{
    const docgen_manifest *left = a;
    const docgen_manifest *right = b;
    int depths = depth_of(left->file->path) - depth_of(right->file->path);

    return depths ? depths : strcmp(left->file->path, right->file->path);
}

/* Did the reader find anything that a person would look for? */
static int has_content(const docgen_manifest *manifest)
{
    return manifest->name || manifest->version || manifest->dependencies->nelts ||
           manifest->scripts->nelts || manifest->requires->nelts;
}

/* What a project generator copies, and playgrounds of the project's own developers, say nothing about the project. */
static int is_aside(const char *path)
{
    return strstr(path, "/template") || !strncmp(path, "template", 8) ||
           strstr(path, "playground/") || strstr(path, "/fixtures/") ||
           strstr(path, "/__fixtures__/");
}

/* Who installs an npm package: the manifest says it, else the lock file beside it or above. */
static const char *manager_of(const docgen_site *site, apr_pool_t *pool,
                              const docgen_manifest *manifest)
{
    static const char *const locks[][2] = {
        {"package-lock.json", "npm"}, {"npm-shrinkwrap.json", "npm"},
        {"pnpm-lock.yaml", "pnpm"},   {"yarn.lock", "yarn"},
        {"bun.lock", "bun"},          {"bun.lockb", "bun"}};
    static const char *const known[] = {"npm", "pnpm", "yarn", "bun"};
    const char *directory = docgen_dirname(pool, manifest->file->path);

    for (apr_size_t i = 0; manifest->manager && i < sizeof(known) / sizeof(*known); i++) {
        if (!strcmp(manifest->manager, known[i]))
            return known[i];
    }
    for (;; directory = docgen_dirname(pool, directory)) {
        for (apr_size_t i = 0; i < sizeof(locks) / sizeof(*locks); i++) {
            const char *path =
                apr_pstrcat(pool, directory, *directory ? "/" : "", locks[i][0], NULL);

            if (docgen_tree_find(site->model->tree, path))
                return locks[i][1];
        }
        if (!*directory)
            return "npm";
    }
}

/* The packages of a workspace use the manager that the manifest at its top declares. */
static void managers_settle(const docgen_site *site, apr_pool_t *pool,
                            apr_array_header_t *manifests)
{
    const char *top = NULL;

    for (int i = 0; i < manifests->nelts; i++) {
        docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (strcmp(m->ecosystem, "npm"))
            continue;
        if (!strchr(m->file->path, '/'))
            top = m->manager;
        else if (!m->manager)
            m->manager = top;
        m->manager = manager_of(site, pool, m);
    }
}

const char *docgen_script_command(apr_pool_t *pool, const docgen_manifest *manifest,
                                  const docgen_entry *script)
{
    const char *directory = docgen_dirname(pool, manifest->file->path);
    const char *run = script->name;

    if (!strcmp(manifest->ecosystem, "npm"))
        run = apr_pstrcat(pool, manifest->manager,
                          strcmp(manifest->manager, "yarn") ? " run " : " ", script->name, NULL);
    else if (!strcmp(manifest->ecosystem, "PHP"))
        run = apr_pstrcat(pool, "composer run ", script->name, NULL);
    else
        return run;
    return *directory ? apr_pstrcat(pool, "cd ", directory, " && ", run, NULL) : run;
}

apr_array_header_t *docgen_manifests(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *manifests = apr_array_make(pool, 8, sizeof(docgen_manifest));

    for (int i = 0; i < files->nelts && manifests->nelts < MANIFESTS_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const kind *k = kind_of(file->path);
        docgen_manifest manifest = {0};
        apr_pool_t *scratch;
        const char *text;

        if (!k || is_aside(file->path) ||
            (file->flags &
             (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_LINK)))
            continue;
        manifest.file = file;
        manifest.ecosystem = k->ecosystem;
        manifest.requires = apr_array_make(pool, 2, sizeof(docgen_entry));
        manifest.dependencies = apr_array_make(pool, 16, sizeof(docgen_entry));
        manifest.scripts = apr_array_make(pool, 8, sizeof(docgen_entry));
        manifest.features = apr_array_make(pool, 4, sizeof(docgen_entry));
        apr_pool_create(&scratch, pool);
        text = docgen_file_text(site, scratch, file->path);
        if (text) {
            k->read(&manifest, scratch, text);
            manifest.name = manifest.name ? apr_pstrdup(pool, manifest.name) : NULL;
            manifest.version = manifest.version ? apr_pstrdup(pool, manifest.version) : NULL;
            manifest.description =
                manifest.description ? apr_pstrdup(pool, manifest.description) : NULL;
            manifest.licence = manifest.licence ? apr_pstrdup(pool, manifest.licence) : NULL;
            manifest.manager = manifest.manager ? apr_pstrdup(pool, manifest.manager) : NULL;
            if (has_content(&manifest))
                APR_ARRAY_PUSH(manifests, docgen_manifest) = manifest;
        }
        apr_pool_destroy(scratch);
    }
    qsort(manifests->elts, (size_t)manifests->nelts, sizeof(docgen_manifest), manifest_compare);
    managers_settle(site, pool, manifests);
    return manifests;
}

apr_array_header_t *docgen_site_manifests(docgen_site *site)
{
    if (!site->manifests)
        site->manifests = docgen_manifests(site, site->pool);
    return site->manifests;
}
