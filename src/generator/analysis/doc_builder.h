/* Collecting a doc comment's parts: the prose, then one field after the other.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_DOC_BUILDER_H
#define DOCGEN_GENERATOR_ANALYSIS_DOC_BUILDER_H

#include "core/buffer.h"
#include "generator/analysis/doc.h"

/** A doc comment in the making. Everything is in `pool`; texts are gathered in `text`. */
typedef struct docgen_doc_builder {
    apr_pool_t *pool;
    docgen_doc *doc;
    docgen_buffer *text;     /**< of the open part */
    docgen_buffer *prose;    /**< the finished prose */
    docgen_doc_field *field; /**< the open field, or NULL while prose is read */
    int dropped;             /**< the open part is thrown away */
} docgen_doc_builder;

/** Begins with prose open. */
void docgen_doc_begin(docgen_doc_builder *builder, apr_pool_t *pool);

/** Closes the open part and opens a field. `name` and `type` may be NULL; they are copied. */
docgen_doc_field *docgen_doc_open(docgen_doc_builder *builder, const char *kind, const char *name,
                                  const char *type);

/** Closes the open part and goes on with prose. */
void docgen_doc_prose(docgen_doc_builder *builder);

/** Appends a line to the open part. */
void docgen_doc_line(docgen_doc_builder *builder, const char *line, apr_size_t length);

/** Closes everything, splits the prose into summary and body. @return NULL when nothing was said */
const docgen_doc *docgen_doc_end(docgen_doc_builder *builder);

/** Reads a comment with @tags or \\tags (doc_tags.c). Ends the builder's work but for docgen_doc_end. */
void docgen_doc_tags(docgen_doc_builder *builder, const char *text);

/** Reads a docstring: Google, NumPy and Sphinx fields. Ends the builder's work but for docgen_doc_end. */
void docgen_doc_python(docgen_doc_builder *builder, const char *text);

/** reStructuredText's inline marks as Markdown's: roles, double backquotes, links. From `pool`. */
const char *docgen_doc_inline_rst(apr_pool_t *pool, const char *text);

#endif
