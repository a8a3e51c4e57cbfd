/* Which dialect of doc comments is read by whom.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "generator/analysis/doc_builder.h"
#include "generator/languages/dialects.h"

const docgen_doc *docgen_doc_parse(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    docgen_doc_builder builder;

    if (!text || !*text) {
        return NULL;
    }
    docgen_doc_begin(&builder, pool);
    switch (style) {
    case DOCGEN_DOC_TAGS:
        docgen_doc_tags(&builder, text);
        break;
    case DOCGEN_DOC_GO:
        docgen_doc_go(&builder, text);
        break;
    case DOCGEN_DOC_RUST:
        docgen_doc_rust(&builder, text);
        break;
    case DOCGEN_DOC_PYTHON:
        docgen_doc_python(&builder, text);
        break;
    case DOCGEN_DOC_MARKDOWN:
        docgen_doc_line(&builder, text, strlen(text));
        break;
    case DOCGEN_DOC_XML:
        docgen_doc_xml(&builder, text);
        break;
    case DOCGEN_DOC_SWIFT:
        docgen_doc_swift(&builder, text);
        break;
    case DOCGEN_DOC_LDOC:
    case DOCGEN_DOC_SHDOC:
        docgen_doc_fields(&builder, text, style);
        break;
    case DOCGEN_DOC_JAVADOC:
    case DOCGEN_DOC_PHPDOC:
    case DOCGEN_DOC_KDOC:
    case DOCGEN_DOC_DART:
    case DOCGEN_DOC_SCALA:
    case DOCGEN_DOC_YARD:
        docgen_doc_blocks(&builder, text, style);
        break;
    }
    return docgen_doc_end(&builder);
}
