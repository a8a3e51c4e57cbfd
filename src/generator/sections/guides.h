/* How the repository itself orders its documents.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_GUIDES_H
#define DOCGEN_GENERATOR_SECTIONS_GUIDES_H

#include "generator/sections/sections.h"

enum {
    DOCGEN_GUIDES_MAX = 600 /**< documents that become pages */
};

/** The folder of documents that a path is in, also one that a documentation site's own configuration shows: the folder of
 * .vitepress, conf.py, book.toml's src, a _sidebar, Docusaurus' docs. From `pool` or the site's; NULL when in none. */
const char *docgen_site_doc_root(docgen_site *site, apr_pool_t *pool, const char *path);

/** The folder of documents a path is in ("docs", "website/docs" …), from `pool`; NULL when in none. */
const char *docgen_doc_root(apr_pool_t *pool, const char *path);

/** Where the repository's own navigation puts a document. */
typedef struct docgen_place {
    int rank;          /**< from 0 */
    const char *title; /**< as the navigation calls it, or NULL */
    const char *group; /**< the part of the navigation that it stands in, or NULL */
    const char *root;  /**< the folder that the navigation's targets are relative to */
} docgen_place;

/** The navigation that the repository keeps for its documentation (mkdocs.yml, SUMMARY.md, _sidebar.md, sidebars of
 * Docusaurus, VitePress, VuePress and Starlight, toctrees, DocC's topics).
 * @return path → docgen_place, from `pool`; never NULL, empty when it has none */
apr_hash_t *docgen_guide_places(docgen_site *site, apr_pool_t *pool);

#endif
