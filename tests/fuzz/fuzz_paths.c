/* The resolver of relative paths.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/sections/site.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const char *path = docgen_path_join(pool, "docs/guide", text);

    (void)length;
    docgen_fuzz_expect(
        !path || (strncmp(path, "../", 3) != 0 && strcmp(path, "..") != 0 && !strstr(path, "/../")),
        "a path stays below the top", text);
    path = docgen_site_target(pool, "guide/start", text);
    docgen_fuzz_expect(!path || strncmp(path, "../", 3) != 0, "a page is one of the site", text);
}
