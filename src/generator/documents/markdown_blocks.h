/* Inside the Markdown reader: the blocks that documentation tools add to Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_BLOCKS_H
#define DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_BLOCKS_H

#include <apr_tables.h>

/** A document whose blocks md4c knows: those it does not know are elements around Markdown. */
typedef struct docgen_markdown_blocks {
    const char *text;
    apr_size_t length;
    const apr_array_header_t *starts; /**< apr_size_t: where in `text` what a line became begins */
    const apr_array_header_t *lines;  /**< int: that line's number in the source */
} docgen_markdown_blocks;

/** Reads the blocks of a document: front matter, alerts, `:::` containers, "!!!" admonitions, tabs, footnotes, tables
 * that stand right below text or have short delimiters, MDX's imports. From `pool`. */
const docgen_markdown_blocks *docgen_markdown_blocks_read(apr_pool_t *pool, const char *markdown);

/** The source's line of a place in the blocks' text; 0 when it is not within it. */
int docgen_markdown_line(const docgen_markdown_blocks *blocks, const char *at);

#endif
