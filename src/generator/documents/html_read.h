/* HTML as a tree of nodes; see html_read.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_HTML_READ_H
#define DOCGEN_GENERATOR_DOCUMENTS_HTML_READ_H

#include "generator/documents/node.h"

/** Carries a block's line in the source from the Markdown reader to the tree. */
#define DOCGEN_LINE_ATTRIBUTE "docgen-line"

enum {
    DOCGEN_NODES_MAX = 400 * 1000 /**< of one document; a larger one is shown as plain text */
};

/** Reads an HTML fragment: allowed elements become nodes, of others the text stays, of scripts and the like nothing.
 * What nobody can see is left out.
 * @return the document, from `pool`; NULL when it has more than DOCGEN_NODES_MAX nodes. One thread. */
docgen_node *docgen_html_read(apr_pool_t *pool, const char *html);

#endif
