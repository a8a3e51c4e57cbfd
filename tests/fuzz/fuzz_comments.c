/* Comments: their markers, their place beside code, and every dialect.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include "generator/analysis/doc.h"
#include "generator/analysis/source.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_file *file = apr_pcalloc(pool, sizeof(*file));
    const docgen_source *source;
    const char *texts[3];

    file->path = file->raw_path = "f.c";
    file->lang = DOCGEN_LANG_C;
    source = docgen_source_make(pool, pool, file, text, length);
    for (int line = 0; line <= source->lines + 1; line++) {
        int first;

        docgen_source_comment_above(source, line, &first);
        docgen_source_comment_beside(source, line);
    }
    docgen_source_header(source);
    docgen_source_squeeze(source, 0, length, 200);
    docgen_source_signature(source, 0, length);

    texts[0] = text;
    texts[1] = docgen_comment_strip(pool, text, length);
    texts[2] = docgen_docstring_clean(pool, text, length);
    for (int t = 0; t < 3; t++) {
        docgen_comment_is_licence(texts[t]);
        for (int s = DOCGEN_DOC_TAGS; s <= DOCGEN_DOC_YARD; s++) {
            const docgen_doc *doc = docgen_doc_parse(pool, texts[t], (docgen_doc_style)s);

            docgen_fuzz_expect(!doc || (doc->summary && doc->body && doc->fields),
                               "a comment that says something is complete", text);
            docgen_doc_find(doc, "since");
        }
    }
}
