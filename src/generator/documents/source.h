/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_SOURCE_H
#define DOCGEN_GENERATOR_DOCUMENTS_SOURCE_H

#include <apr_pools.h>

/** Markdown without its HTML comments and, of MDX, without imports, exports and comments in braces. Code stays as it is,
 * and so do the numbers of lines.
 * @param comments how many HTML comments there were; @param first the line of the first
 * @return from `pool`, or `markdown` itself */
const char *docgen_markdown_source(apr_pool_t *pool, const char *markdown, int is_mdx,
                                   int *comments, int *first);

#endif
