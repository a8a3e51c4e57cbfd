/* Manuals in HTML and httpd's XML, through Markdown to the page.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <apr_strings.h>
#include "generator/documents/manual.h"

static const char *page(void *baton, apr_pool_t *pool, const char *folder, const char *name)
{
    (void)baton;
    return *name == 'm' ? apr_pstrcat(pool, "../", folder, "/", name, ".xml", NULL) : NULL;
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const docgen_manual_context context = {page, NULL};
    const char *markdown = docgen_manual_markdown(pool, text, &context);
    const apr_array_header_t *directives = docgen_manual_directives(pool, text);

    (void)length;
    for (int i = 0; i < directives->nelts; i++) {
        const docgen_manual_directive *d = &APR_ARRAY_IDX(directives, i, docgen_manual_directive);

        docgen_fuzz_expect(d->name && *d->name && d->syntax && d->description && d->contexts,
                           "a directive has its texts", text);
    }
    if (markdown) {
        docgen_fuzz_expect_safe(docgen_markdown_html(pool, markdown, 0, docgen_fuzz_links(), NULL));
    }
}
