/* Prose read for routing: headings, items and rows, whole blocks, the definitions of links. Whatever is found lies within
 * the text it was found in.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/sections/routing.h"

static void items(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const apr_array_header_t *items = docgen_routed_items(pool, text);
    apr_size_t last = 0;

    for (int i = 0; i < items->nelts; i++) {
        const docgen_routed_item *item = &APR_ARRAY_IDX(items, i, docgen_routed_item);

        docgen_fuzz_expect(item->start >= last && item->start <= item->end && item->end <= length,
                           "items follow one another", text);
        docgen_fuzz_expect(item->names->nelts > 0, "an item begins with a name", text);
        for (int n = 0; n < item->names->nelts; n++) {
            docgen_fuzz_expect(strlen(APR_ARRAY_IDX(item->names, n, const char *)) <= length + 2,
                               "a name is a part of it", text);
        }
        last = item->end;
    }
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    apr_size_t keep;

    length = strlen(text);
    keep = docgen_blocks_fit(text, length, 40);
    docgen_fuzz_expect(keep <= length && keep <= 80, "what is kept fits", text);
    items(pool, text, length);
    docgen_heading_names(pool, text);
    docgen_definitions_used(pool, docgen_definitions(pool, text), text);
}
