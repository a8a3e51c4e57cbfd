/* The dialects of doc comments that only some languages have.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_DIALECTS_H
#define DOCGEN_GENERATOR_LANGUAGES_DIALECTS_H

#include "generator/analysis/doc_builder.h"

/** Each reads a comment whose markers are removed and ends the builder's work but for docgen_doc_end. Linear time. */
void docgen_doc_go(docgen_doc_builder *builder, const char *text);
void docgen_doc_rust(docgen_doc_builder *builder, const char *text);
void docgen_doc_xml(docgen_doc_builder *builder, const char *text);
void docgen_doc_swift(docgen_doc_builder *builder, const char *text);
/** Dialects with @block tags: Javadoc, PHPDoc, KDoc, Dartdoc, Scaladoc, YARD. */
void docgen_doc_blocks(docgen_doc_builder *builder, const char *text, docgen_doc_style style);
/** Tags of Lua's LDoc and EmmyLua, and of shdoc. */
void docgen_doc_fields(docgen_doc_builder *builder, const char *text, docgen_doc_style style);

/** HTML, {@inline} tags and entities of Javadoc and PHPDoc as Markdown; lines keep their beginnings, so that block tags are
 * still found. From `pool`. */
const char *docgen_doc_inline_html(apr_pool_t *pool, const char *text, docgen_doc_style style);

/** Links by name in brackets, wiki marks and code blocks of KDoc, Dartdoc, Scaladoc and YARD as Markdown. From `pool`. */
const char *docgen_doc_inline_names(apr_pool_t *pool, const char *text, docgen_doc_style style);

/** Appends text as a code span that its own backquotes don't end; white space as single blanks. */
void docgen_doc_code_span(docgen_buffer *out, const char *text, apr_size_t length);

/** "pkg.Class#member(int)" as people say it: "Class.member(int)". Appended as a code span. */
void docgen_doc_reference(docgen_buffer *out, const char *text, apr_size_t length);

/** Appends text with the five entities of XML, numbers and &nbsp; as what they stand for. */
void docgen_doc_entities(docgen_buffer *out, const char *text, apr_size_t length);

/** Appends a fenced block. The text's common indentation goes. */
void docgen_doc_fence(docgen_buffer *out, const char *text, apr_size_t length,
                      const char *language);

#endif
