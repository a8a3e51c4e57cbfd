/* The sections of the documentation: each one reads the model and writes its pages.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_SECTIONS_H
#define DOCGEN_GENERATOR_SECTIONS_SECTIONS_H

#include "generator/analysis/model.h"
#include "generator/output.h"
#include "generator/render/markdown.h"

/** The repository's own documents that became pages (docs/, README of folders, CHANGELOG …): who has which page. */
typedef struct docgen_guide {
    const docgen_file *file;
    const char *page;      /**< page path */
    const char *title;
    int order;
} docgen_guide;

typedef struct docgen_site {
    apr_pool_t *pool;
    docgen_model *model;
    docgen_output *output;
    apr_array_header_t *guides;  /**< docgen_guide */
    apr_hash_t *pages;           /**< page paths that exist or are planned → title */
    apr_hash_t *assets;          /**< repository path → asset path already sent */
} docgen_site;

/** One section: how it is named in the progress line, whether it has content, and how it writes its pages. */
typedef struct docgen_section {
    const char *name;
    /** Plans: reserves page paths and sets the pages and anchors of symbols. Before any section writes. */
    apr_status_t (*plan)(docgen_site *site);
    /** Writes the section's pages. May send none (then it leaves the navigation). */
    apr_status_t (*write)(docgen_site *site);
} docgen_section;

/** All sections in their fixed order, ended by an entry whose name is NULL. */
extern const docgen_section docgen_sections[];

/** Plans and writes every section with progress 60…90, "Generating documentation sections (n of m: NAME)". */
apr_status_t docgen_sections_write(docgen_site *site);

/** Renders a page's Markdown (its first line "# Title") and sends both forms. Links in `markdown` are page-relative
 * URLs made by docgen_site_href or absolute ones. */
apr_status_t docgen_site_page(docgen_site *site, const char *path, const char *title, int order,
                              const char *markdown);

/** The relative URL from page `from` to page `to` (+ "#anchor" when given): works below docs/ID/ under any mount and in --output. */
const char *docgen_site_href(apr_pool_t *pool, const char *from, const char *to, const char *anchor);

/** Resolver for documents of the repository: `file` is the document, `page` its page. For docgen_links. */
docgen_links *docgen_site_links(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                const char *page);

#endif
