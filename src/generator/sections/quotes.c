/* Passages of the project's own documents, quoted with their source where a section needs them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    QUOTED_MAX = 8,
    QUOTED_BYTES = 16 * 1024
};

int docgen_speaks_of_tests(const char *title)
{
    for (const char *at = title; (at = strcasestr(at, "test")) != NULL; at += 4) {
        if (at == title || !isalpha((unsigned char)at[-1])) /* not "latest" */
            return 1;
    }
    return 0;
}

int docgen_passages_quote(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                          const docgen_file *file, int (*wanted)(const char *title))
{
    const char *markdown = docgen_site_document(site, pool, file);
    apr_array_header_t *passages = markdown ? docgen_passages(pool, markdown) : NULL;
    int quoted = 0;

    for (int i = 0; passages && i < passages->nelts && quoted < QUOTED_MAX; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
        docgen_buffer *text;
        int last = passage->last;
        int shift = 2 - passage->level;

        /* The project's own title is not a passage about what is wanted ("Compiler"). */
        if (passage->level == 0 ||
            (passage->level == 1 && i <= 1 && (wanted || passages->nelts > 2)) ||
            (wanted && !wanted(passage->title)))
            continue;
        text = docgen_buffer_create(pool);
        docgen_buffer_printf(text, "%.*s %s\n%s", passage->level, "######", passage->title,
                             passage->body);
        while (i + 1 < passages->nelts &&
               APR_ARRAY_IDX(passages, i + 1, docgen_passage).level > passage->level &&
               text->length < QUOTED_BYTES) {
            const docgen_passage *below = &APR_ARRAY_IDX(passages, ++i, docgen_passage);

            docgen_buffer_printf(text, "\n%.*s %s\n%s", below->level, "######", below->title,
                                 below->body);
            last = below->last;
        }
        docgen_draft_quote_plain(draft, file, text->data, shift);
        docgen_draft_printf(draft, "\n\nFrom %s\n\n",
                            docgen_passage_source(site, pool, file, passage, last));
        quoted++;
    }
    if (!wanted && quoted == 0 && passages && passages->nelts == 1 &&
        strlen(APR_ARRAY_IDX(passages, 0, docgen_passage).body) < QUOTED_BYTES) {
        docgen_draft_quote_plain(draft, file, markdown, 0);
        docgen_draft_printf(draft, "\n\nFrom %s\n\n", docgen_site_source(site, pool, file, 0, 0));
        quoted++;
    }
    return quoted;
}
