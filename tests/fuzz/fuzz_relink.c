/* The rewriter of links in Markdown, and the resolver of relative paths.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/sections/site.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const char *out = docgen_markdown_relink(pool, text, docgen_fuzz_links());
    const char *path = docgen_path_join(pool, "docs/guide", text);

    docgen_fuzz_expect(out != NULL, "there is a result", text);
    docgen_fuzz_expect(strlen(out) <= length * 2 + 2, "the output is bounded", text);
    docgen_fuzz_expect(
        !path || (strncmp(path, "../", 3) != 0 && strcmp(path, "..") != 0 && !strstr(path, "/../")),
        "a path stays below the top", text);
    path = docgen_site_target(pool, "guide/start", text);
    docgen_fuzz_expect(!path || strncmp(path, "../", 3) != 0, "a page is one of the site", text);
}
