/* A stored page's HTML as readers get it: headings become places to link to, and a table of contents.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_DOCS_HTML_H
#define DOCGEN_WEB_DOCS_HTML_H

#include <apr_tables.h>
#include "core/buffer.h"

/** A heading of a page, h2 or h3. */
typedef struct docgen_contents {
    int level;
    const char *id;   /**< escaped for HTML already */
    const char *text; /**< without tags, escaped for HTML already */
} docgen_contents;

/** Copies sanitised, well-formed HTML to `page`, adds a link to each heading that has an id, and collects the
 * headings of level 2 and 3. @return array of docgen_contents from `pool` */
apr_array_header_t *docgen_docs_html(apr_pool_t *pool, docgen_buffer *page, const char *html);

/** Does the HTML begin with its own h1? Then the frame adds none. */
int docgen_docs_has_title(const char *html);

#endif
