/* The change logs that the packages of a monorepo keep, each on a page of its own below the Changelog.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    ORDER = 3501,
    PACKAGES_MAX = 60,
    DEPTH_MAX = 3,
    LOG_MAX = 400 * 1024 /* a longer one is not read on one page */
};

static int is_package_log(const docgen_file *file)
{
    static const char *const names[] = {"changelog.md", "changes.md", "history.md", "changelog.rst",
                                        "changes.rst"};
    const char *name = docgen_basename(file->path);
    int depth = 0;

    if (file->size == 0 || file->size > LOG_MAX || *file->path == '.' ||
        (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE |
                        DOCGEN_FILE_LINK | DOCGEN_FILE_BINARY)))
        return 0;
    for (const char *p = file->path; *p; p++)
        depth += *p == '/';
    for (apr_size_t i = 0; depth > 0 && depth <= DEPTH_MAX && i < sizeof(names) / sizeof(*names);
         i++) {
        if (!strcasecmp(name, names[i]))
            return 1;
    }
    return 0;
}

void docgen_package_logs_plan(docgen_site *site, const docgen_file *own)
{
    const apr_array_header_t *files = site->model->tree->files;

    for (int i = 0, found = 0; i < files->nelts && found < PACKAGES_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *folder;
        docgen_guide log = {.file = file, .order = ORDER + found};

        if (file == own || !is_package_log(file) || docgen_is_change_log(site, file) ||
            docgen_site_doc_root(site, site->pool, file->path)) /* a document of the site */
            continue;
        folder = docgen_dirname(site->pool, file->path);
        log.page = apr_pstrcat(site->pool, "changelog/", docgen_slug(site->pool, folder), NULL);
        log.title = apr_pstrcat(site->pool, "Changelog of ", folder, NULL);
        if (!docgen_site_reserve(site, log.page, log.title))
            continue;
        found++;
        APR_ARRAY_PUSH(site->guides, docgen_guide) = log;
        docgen_site_document_plan(site, log.page, log.title, file);
    }
}

static int is_package_page(const docgen_guide *guide)
{
    return !strncmp(guide->page, "changelog/", 10) && strncmp(guide->page + 10, "older-", 6);
}

void docgen_package_logs_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    int listed = 0;

    for (int i = 0; i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (!is_package_page(guide))
            continue;
        if (listed++ == 0)
            docgen_draft_text(draft, "\n## Change logs of packages\n\n");
        docgen_draft_printf(draft, "- [%s](%s)\n",
                            docgen_markdown_escape(pool, docgen_dirname(pool, guide->file->path)),
                            docgen_site_href(pool, "changelog", guide->page, NULL));
    }
    docgen_draft_text(draft, listed ? "\n" : "");
}

apr_status_t docgen_package_logs_write(docgen_site *site)
{
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; rv == APR_SUCCESS && i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (is_package_page(guide))
            rv = docgen_site_document_page(site, guide->page, guide->title, guide->order,
                                           guide->file);
    }
    return rv;
}
