/* Reading the navigation that a repository keeps for its documentation site.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_GUIDES_ORDER_H
#define DOCGEN_GENERATOR_SECTIONS_GUIDES_ORDER_H

#include "generator/sections/guides.h"

/** One navigation while it is read. */
typedef struct docgen_ordering {
    docgen_site *site;
    apr_pool_t *pool;
    apr_hash_t *places; /**< path → docgen_place */
    apr_hash_t *ids; /**< folder/id, where the front matter gives one → path; NULL until asked */
    int next;
} docgen_ordering;

/** Gives the document that `target` names in `directory`, with or without its ending, its place when it has none.
 * `title` and `group` may be NULL. @return 1 when there is such a document */
int docgen_order_add(docgen_ordering *o, const char *directory, const char *target,
                     const char *title, const char *group);

/** Sidebars that are JavaScript or JSON: Docusaurus, VitePress, VuePress, Starlight. */
void docgen_order_sidebar(docgen_ordering *o, const char *file);

#endif
