/* The navigation of a published documentation: pages nested by their paths.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_DOCS_NAV_H
#define DOCGEN_WEB_DOCS_NAV_H

#include <apr_tables.h>
#include "core/buffer.h"

/** Appends the navigation as nested lists. Only the branch of the current page is open, and of long lists only the
 * part around it, so that a page stays small whatever the number of pages.
 * @param entries array of docgen_page_entry in navigation order
 * @param current path of the page, which links are relative to */
void docgen_docs_nav(apr_pool_t *pool, docgen_buffer *page, const apr_array_header_t *entries,
                     const char *current);

/** Appends text that is escaped already. A name in it may break where a reader expects it: behind its separators, and
 * before the words that capitals begin; nowhere else. */
void docgen_docs_breakable(docgen_buffer *page, const char *html);

/** Appends a page's title, escaped and breakable as above.
 * @param title or NULL for none */
void docgen_docs_title(docgen_buffer *page, const char *title);

/** The relative URL from page `from` to page `to` ("./" for the index page seen from the top). From `pool`. */
const char *docgen_docs_href(apr_pool_t *pool, const char *from, const char *to);

#endif
