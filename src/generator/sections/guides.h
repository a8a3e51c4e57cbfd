/* How the repository itself orders its documents.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_GUIDES_H
#define DOCGEN_GENERATOR_SECTIONS_GUIDES_H

#include "generator/sections/sections.h"

enum {
    DOCGEN_GUIDES_MAX = 600 /**< documents that become pages */
};

/** The folder of documents a path is in ("docs", "website/docs" …), from `pool`; NULL when in none. */
const char *docgen_doc_root(apr_pool_t *pool, const char *path);

/** Where the repository's own navigation (mkdocs.yml, SUMMARY.md, _sidebar.md, VitePress, toctree) puts its
 * documents. @return path → int, from `pool`; never NULL, empty when it has none */
apr_hash_t *docgen_guide_ranks(docgen_site *site, apr_pool_t *pool);

#endif
