/* The site's inner parts, shared by the files that write pages and resolve links.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_SITE_H
#define DOCGEN_GENERATOR_SECTIONS_SITE_H

#include "generator/sections/sections.h"

/** A place in a reStructuredText document that others refer to by name. */
typedef struct docgen_label {
    const docgen_file *file;
    const char *title; /**< of the heading it stands before, or NULL */
} docgen_label;

/** Collects the labels of all reStructuredText documents, before any of them is rendered. */
void docgen_labels_read(docgen_site *site);

/** Makes the tables of a site that are still NULL. */
void docgen_site_complete(docgen_site *site);

/** Puts two '/'-separated paths together and resolves "." and "..". From `pool`; NULL when it leaves the top. */
const char *docgen_path_join(apr_pool_t *pool, const char *directory, const char *path);

/** The page or asset path that a relative URL on page `from` leads to ("./" is "index"); NULL when it leaves the
 * documentation. The path need not exist. From `pool`. */
const char *docgen_site_target(apr_pool_t *pool, const char *from, const char *href);

/** The page that a document of the repository became, or NULL. */
const docgen_guide *docgen_guide_of(const docgen_site *site, const docgen_file *file);

/** Links for Markdown that a section wrote for `page`: relative URLs between pages hold or are dropped. */
docgen_links *docgen_site_own_links(docgen_site *site, apr_pool_t *pool, const char *page);

/** As docgen_site_links, without images and without what only shows logos, badges and sponsors. */
docgen_links *docgen_site_plain_links(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                      const char *page);

#endif
