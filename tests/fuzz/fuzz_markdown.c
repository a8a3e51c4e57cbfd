/* Markdown to HTML and to Markdown: safe, and not much larger than what came in.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/documents/html.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    apr_array_header_t *headings = apr_array_make(pool, 4, sizeof(docgen_heading));
    const char *html = docgen_markdown_html(pool, text, 1, docgen_fuzz_links(), headings);
    const char *markdown;

    docgen_fuzz_expect_safe(html);
    docgen_fuzz_expect(strlen(html) < 10000 + length * 200, "the output is bounded", text);
    for (int i = 0; i < headings->nelts; i++) {
        const docgen_heading *h = &APR_ARRAY_IDX(headings, i, docgen_heading);

        docgen_fuzz_expect(h->level >= 1 && h->level <= 6 && h->id && *h->id && h->text,
                           "a heading is complete", text);
    }
    markdown =
        docgen_markdown_write(pool, docgen_markdown_read(pool, text), 0, docgen_fuzz_links());
    docgen_fuzz_expect_safe(docgen_markdown_html(pool, markdown, 0, NULL, NULL));
    docgen_fuzz_expect(strlen(markdown) < 10000 + length * 200, "the Markdown is bounded", text);
    docgen_markdown_escape(pool, text);
    docgen_slug(pool, text);
}
