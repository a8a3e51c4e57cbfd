/* Rust: documentation that stands in a file of its own, taken in by #[doc = include_str!("…")].
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc.h"
#include "generator/languages/rust/rust.h"

#define DEPTH_MAX   16
#define INCLUDE_MAX 200000 /* bytes of one file */

/* The comment with the file's text behind its own; without the mark in any case. */
static const docgen_doc *take_in(docgen_builder *b, const docgen_file *file, const docgen_doc *doc)
{
    const docgen_doc_field *mark = docgen_doc_find(doc, DOCGEN_DOC_INCLUDE);
    const char *path, *text;
    docgen_doc *whole;
    apr_size_t length = 0;
    int kept = 0;

    if (!mark) {
        return doc;
    }
    path = docgen_repository_path(b->scratch, docgen_path_directory(b->scratch, file->path),
                                  mark->text);
    text = path ? docgen_builder_text(b, path, &length) : NULL;
    if (text && length < INCLUDE_MAX) {
        const docgen_doc *taken =
            docgen_doc_parse(b->pool,
                             apr_pstrcat(b->pool, doc->summary, "\n\n", doc->body, "\n\n",
                                         apr_pstrmemdup(b->scratch, text, length), NULL),
                             DOCGEN_DOC_RUST);

        whole = apr_pmemdup(b->pool, taken ? taken : doc, sizeof(*whole));
        whole->fields = taken ? apr_array_append(b->pool, taken->fields, doc->fields)
                              : apr_array_copy(b->pool, doc->fields);
    } else {
        whole = apr_pmemdup(b->pool, doc, sizeof(*whole));
        whole->fields = apr_array_copy(b->pool, doc->fields);
    }
    for (int i = 0; i < whole->fields->nelts; i++) {
        const docgen_doc_field field = APR_ARRAY_IDX(whole->fields, i, docgen_doc_field);

        if (strcmp(field.kind, DOCGEN_DOC_INCLUDE)) {
            APR_ARRAY_IDX(whole->fields, kept++, docgen_doc_field) = field;
        }
    }
    whole->fields->nelts = kept;
    return kept || *whole->summary ? whole : NULL;
}

static void symbols(docgen_builder *b, const apr_array_header_t *list, int depth)
{
    for (int i = 0; list && depth < DEPTH_MAX && i < list->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(list, i, docgen_symbol *);

        symbol->doc = take_in(b, symbol->file, symbol->doc);
        symbols(b, symbol->members, depth + 1);
    }
}

void docgen_rust_includes(docgen_builder *b, docgen_unit *unit)
{
    unit->doc = take_in(b, unit->file, unit->doc);
    symbols(b, unit->symbols, 0);
    for (int i = 0; i < unit->impls->nelts; i++) {
        symbols(b, APR_ARRAY_IDX(unit->impls, i, docgen_impl).members, 0);
    }
    for (int i = 0; i < unit->templates->nelts; i++) {
        symbols(b, APR_ARRAY_IDX(unit->templates, i, docgen_template).body->symbols, 0);
    }
}
