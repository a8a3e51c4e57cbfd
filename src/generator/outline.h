/* What a finished page says, without its markup: its headings, and the text below each.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_OUTLINE_H
#define DOCGEN_GENERATOR_OUTLINE_H

#include <apr_pools.h>
#include <apr_tables.h>

#define DOCGEN_OUTLINE_HEADINGS 2000 /**< a page's further headings count as text */

typedef struct docgen_outline_heading {
    int level;        /**< 1…6 */
    const char *id;   /**< the anchor */
    const char *text; /**< plain, on one line */
} docgen_outline_heading;

typedef struct docgen_outline {
    apr_array_header_t *headings; /**< docgen_outline_heading, in their order */
    /** const char *, one more than headings: [0] precedes the first heading, [n] follows heading n. Plain, white space
     * folded; what stands in different blocks or cells is apart. */
    apr_array_header_t *texts;
} docgen_outline;

/** Reads the outline of a fragment that the sanitiser made: elements are well formed, and of entities there are only the
 * five of XML. In one pass; any thread with its own pool.
 * @return from `pool`; never NULL */
docgen_outline *docgen_outline_read(apr_pool_t *pool, const char *html);

#endif
