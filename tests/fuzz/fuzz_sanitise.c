/* The sanitiser: whatever comes in, what comes out is safe.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    (void)length;
    docgen_fuzz_expect_safe(docgen_html_sanitise(pool, text, docgen_fuzz_links()));
}
