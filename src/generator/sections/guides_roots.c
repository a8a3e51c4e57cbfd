/* Folders whose documents are written for readers: those that are named so, and those that a documentation site's own
 * configuration shows.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"

/* Folders whose documents are written for readers. */
static const char *const doc_roots[] = {"docs",          "doc",
                                        "documentation", "guide",
                                        "guides",        "manual",
                                        "website/docs",  "website/content",
                                        "site/docs",     "site/content",
                                        "docs-src",      "book/src",
                                        "book",          NULL};

const char *docgen_doc_root(apr_pool_t *pool, const char *path)
{
    const char *catalog = strstr(path, ".docc/");

    if (catalog) /* Swift's documentation stands beside its sources */
        return apr_pstrndup(pool, path, (apr_size_t)(catalog + 5 - path));
    for (int i = 0; doc_roots[i]; i++) {
        apr_size_t length = strlen(doc_roots[i]);

        if (!strncasecmp(path, doc_roots[i], length) && path[length] == '/')
            return apr_pstrndup(pool, path, length);
    }
    return NULL;
}

/* The folder whose documents a site's configuration shows; NULL when the file is none. From `pool`. */
static const char *root_shown(apr_pool_t *pool, const char *path)
{
    static const char *const inside[] = {"/.vitepress/", "/.vuepress/"};
    const char *name = docgen_basename(path), *folder = docgen_dirname(pool, path), *at;

    for (apr_size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
        at = strstr(path, inside[i]);
        if (at && !strncmp(at + strlen(inside[i]), "config", 6))
            return apr_pstrndup(pool, path, (apr_size_t)(at - path));
    }
    if (!strcmp(name, "_sidebar.md"))
        return folder;
    if (!strcmp(name, "book.toml"))
        return *folder ? apr_pstrcat(pool, folder, "/src", NULL) : "src";
    if (!strncmp(name, "docusaurus.config.", 18))
        return *folder ? apr_pstrcat(pool, folder, "/docs", NULL) : "docs";
    if (!strncmp(name, "astro.config.", 13))
        return *folder ? apr_pstrcat(pool, folder, "/src/content/docs", NULL) : "src/content/docs";
    return NULL;
}

static const apr_array_header_t *doc_roots_shown(docgen_site *site)
{
    const apr_array_header_t *files = site->model->tree->files;

    if (site->doc_roots)
        return site->doc_roots;
    site->doc_roots = apr_array_make(site->pool, 4, sizeof(const char *));
    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *root = file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST |
                                          DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_LINK)
                               ? NULL
                               : root_shown(site->pool, file->path);
        const char *name = docgen_basename(file->path);

        /* Sphinx: conf.py beside an index */
        if (!root && !strcmp(name, "conf.py")) {
            const char *folder = docgen_dirname(site->pool, file->path);

            if (docgen_tree_find(site->model->tree,
                                 apr_pstrcat(site->pool, folder, "/index.rst", NULL)) ||
                docgen_tree_find(site->model->tree,
                                 apr_pstrcat(site->pool, folder, "/index.md", NULL)))
                root = folder;
        }
        if (root && *root)
            APR_ARRAY_PUSH(site->doc_roots, const char *) = root;
    }
    return site->doc_roots;
}

const char *docgen_site_doc_root(docgen_site *site, apr_pool_t *pool, const char *path)
{
    const apr_array_header_t *roots = doc_roots_shown(site);
    const char *best = NULL;

    for (int i = 0; i < roots->nelts; i++) {
        const char *root = APR_ARRAY_IDX(roots, i, const char *);
        apr_size_t length = strlen(root);

        if (!strncmp(path, root, length) && path[length] == '/' && (!best || length < strlen(best)))
            best = root;
    }
    return docgen_doc_root(pool, path) ? docgen_doc_root(pool, path) : best;
}
