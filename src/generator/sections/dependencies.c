/* What the project needs, as its manifests say it, each line with its source.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/manifest.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    ROWS_MAX = 300 /* of one manifest */
};

/* What a person wants to see first. */
static int group_rank(const char *group)
{
    static const char *const order[] = {"runtime",  "required", "pkg-config",  "library",
                                        "function", "peer",     "workspace",   "optional",
                                        "build",    "program",  "development", "indirect"};

    for (int i = 0; group && i < (int)(sizeof(order) / sizeof(*order)); i++) {
        if (!strncmp(group, order[i], strlen(order[i])))
            return i;
    }
    return 100;
}

static int entry_compare(const void *a, const void *b)
{
    const docgen_entry *left = a;
    const docgen_entry *right = b;
    int ranks = group_rank(left->group) - group_rank(right->group);

    if (ranks)
        return ranks;
    if (left->group && right->group && strcmp(left->group, right->group))
        return strcmp(left->group, right->group);
    ranks = strcmp(left->name, right->name);
    return ranks ? ranks : left->line - right->line;
}

static void rows_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                       const docgen_manifest *m)
{
    if (m->dependencies->nelts == 0)
        return;
    qsort(m->dependencies->elts, (size_t)m->dependencies->nelts, sizeof(docgen_entry),
          entry_compare);
    docgen_draft_text(draft, "| Name | Version | For | Source |\n|---|---|---|---|\n");
    for (int i = 0; i < m->dependencies->nelts && i < ROWS_MAX; i++) {
        const docgen_entry *e = &APR_ARRAY_IDX(m->dependencies, i, docgen_entry);

        docgen_draft_printf(
            draft, "| %s | %s | %s | %s |\n",
            docgen_table_cell(pool, docgen_markdown_code(pool, e->name)),
            *e->value ? docgen_table_cell(pool, docgen_markdown_code(pool, e->value)) : "",
            e->group ? docgen_markdown_escape(pool, e->group) : "",
            docgen_site_source(site, pool, m->file, e->line, e->line));
    }
    if (m->dependencies->nelts > ROWS_MAX)
        docgen_draft_printf(draft, "\n%d of %d are listed.\n", ROWS_MAX, m->dependencies->nelts);
}

static void features_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                           const docgen_manifest *m)
{
    int has_default = 0;

    if (m->features->nelts == 0)
        return;
    docgen_draft_printf(draft,
                        "\n### Features of %s\n\nWhat a user of the package may turn on.\n\n"
                        "| Feature | Turns on | What for | Source |\n|---|---|---|---|\n",
                        docgen_markdown_escape(pool, m->name ? m->name : m->file->path));
    for (int i = 0; i < m->features->nelts && i < ROWS_MAX; i++) {
        const docgen_entry *e = &APR_ARRAY_IDX(m->features, i, docgen_entry);

        has_default |= !strcmp(e->name, "default");
        docgen_draft_printf(
            draft, "| %s | %s | %s | %s |\n",
            docgen_table_cell(pool, docgen_markdown_code(pool, e->name)),
            *e->value ? docgen_table_cell(pool, docgen_markdown_code(pool, e->value)) : "",
            e->group ? docgen_table_cell(pool, docgen_markdown_escape(pool, e->group)) : "",
            docgen_site_source(site, pool, m->file, e->line, e->line));
    }
    if (has_default)
        docgen_draft_text(draft, "\nWhat `default` turns on is on unless the dependency is "
                                 "declared with `default-features = false`, as with every Cargo "
                                 "package.\n");
}

static void manifest_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                           const docgen_manifest *m)
{
    docgen_draft_printf(draft, "\n## %s%s\n\n", docgen_markdown_escape(pool, m->file->path),
                        apr_psprintf(pool, " (%s)", m->ecosystem));
    if (m->name)
        docgen_draft_printf(draft, "Package %s%s%s. ", docgen_markdown_code(pool, m->name),
                            m->version && *m->version ? ", version " : "",
                            m->version ? docgen_markdown_escape(pool, m->version) : "");
    if (m->description)
        docgen_draft_printf(draft, "%s", docgen_markdown_escape(pool, m->description));
    docgen_draft_text(draft, "\n\n");
    for (int i = 0; i < m->requires->nelts; i++) {
        const docgen_entry *e = &APR_ARRAY_IDX(m->requires, i, docgen_entry);

        docgen_draft_printf(draft, "- Needs %s %s (%s)\n", docgen_markdown_escape(pool, e->name),
                            docgen_markdown_code(pool, e->value),
                            docgen_site_source(site, pool, m->file, e->line, e->line));
    }
    docgen_draft_text(draft, "\n");
    rows_write(site, pool, draft, m);
    features_write(site, pool, draft, m);
}

/* Other people's code that is kept in the repository. */
static int vendored_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *folders = apr_array_make(pool, 8, sizeof(docgen_entry));
    const char *last = "";

    for (int i = 0; i < files->nelts && folders->nelts < 100; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *slash;
        const char *folder;

        if (!(file->flags & DOCGEN_FILE_VENDORED) || !(slash = strchr(file->path, '/')))
            continue;
        if (strchr(slash + 1, '/'))
            slash = strchr(slash + 1, '/');
        folder = apr_pstrndup(pool, file->path, (apr_size_t)(slash - file->path));
        if (strcmp(folder, last)) {
            docgen_entry_add(folders, folder, "", NULL, 0);
            last = folder;
        }
    }
    if (folders->nelts == 0)
        return 0;
    docgen_draft_text(draft, "\n## Kept in the repository\n\nSomebody else's code that is built "
                             "with the project; it is not documented here.\n\n");
    for (int i = 0; i < folders->nelts; i++)
        docgen_draft_printf(
            draft, "- %s\n",
            docgen_markdown_code(pool, APR_ARRAY_IDX(folders, i, docgen_entry).name));
    return 1;
}

static int has_content(const apr_array_header_t *manifests)
{
    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (m->dependencies->nelts || m->requires->nelts || m->name)
            return 1;
    }
    return 0;
}

static apr_status_t dependencies_plan(docgen_site *site)
{
    if (has_content(docgen_site_manifests(site)))
        docgen_site_reserve(site, "dependencies", "Dependencies");
    return APR_SUCCESS;
}

static apr_status_t dependencies_write(docgen_site *site)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);
    apr_pool_t *pool;
    docgen_draft *draft;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "dependencies", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "dependencies", "Dependencies", 3100);
    docgen_draft_text(draft, "# Dependencies\n\nWhat the project's manifests declare.\n");
    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (m->dependencies->nelts || m->requires->nelts || m->name)
            manifest_write(site, pool, draft, m);
    }
    vendored_write(site, pool, draft);
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    return rv;
}

const docgen_section docgen_section_dependencies = {
    .name = "Dependencies",
    .plan = dependencies_plan,
    .write = dependencies_write,
    .looked_for = "`package.json`, `pyproject.toml`, `setup.cfg`, `requirements*.txt`, "
                  "`Cargo.toml`, `go.mod`, `configure.ac`, `CMakeLists.txt`, `meson.build`, "
                  "`composer.json`",
};
