/* reStructuredText and AsciiDoc, through Markdown to the page.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include <apr_strings.h>

/* A document may include itself. */
static const char *include(void *baton, apr_pool_t *pool, const char *path)
{
    return strchr(path, 'x') ? NULL : apr_pstrdup(pool, baton);
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const char *markdown;

    (void)length;
    if (text[0] == '=')
        markdown = docgen_asciidoc_markdown(pool, text);
    else
        markdown = docgen_rst_markdown(pool, text, include, (void *)text);
    docgen_fuzz_expect(markdown != NULL, "there is a result", text);
    docgen_fuzz_expect_safe(docgen_markdown_html(pool, markdown, 0, docgen_fuzz_links(), NULL));
}
