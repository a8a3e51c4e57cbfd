/* One file's text under analysis: lines, the comments that stand beside code, signatures as written.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_SOURCE_H
#define DOCGEN_GENERATOR_ANALYSIS_SOURCE_H

#include "generator/analysis/model.h"

/** A text and its lines. Made once per file; all offsets are bytes from its start. */
typedef struct docgen_source {
    apr_pool_t *pool;    /**< results */
    apr_pool_t *scratch; /**< destroyed when the file is done */
    const docgen_file *file;
    const char *text; /**< NUL-terminated; NULs inside are harmless */
    apr_size_t length;
    const apr_uint32_t *starts; /**< offset of each line */
    int lines;
} docgen_source;

/** Prepares a text. One thread. `text` must outlive the source; at most 4 GiB.
 * @param pool for results that stay, @param scratch for the rest */
docgen_source *docgen_source_make(apr_pool_t *pool, apr_pool_t *scratch, const docgen_file *file,
                                  const char *text, apr_size_t length);

/** The line (from 1) that holds an offset. */
int docgen_source_line(const docgen_source *source, apr_size_t offset);

/** First byte of a line and, in `end`, the offset of its newline (or the text's end). Lines outside give "". */
const char *docgen_source_at(const docgen_source *source, int line, apr_size_t *end);

/** The comment that ends directly above a line (no blank line between), its markers removed.
 * @param first receives the comment's first line; may be NULL
 * @return from scratch; NULL when there is none */
const char *docgen_source_comment_above(const docgen_source *source, int line, int *first);

/** The comment that follows code on the same line: `int a; // why`. A block may run over
 * further lines. @return from scratch, or NULL */
const char *docgen_source_comment_beside(const docgen_source *source, int line);

/** The file's own description: the first comment that is not a licence or an editor's mode line,
 * and that does not belong to the declaration below it. @return from scratch, or NULL */
const char *docgen_source_header(const docgen_source *source);

/** Comment markers (slashes, stars, the common indentation) removed, from `pool`. */
const char *docgen_comment_strip(apr_pool_t *pool, const char *comment, apr_size_t length);

/** Does this comment state a licence or copyright, rather than describe the code? */
int docgen_comment_is_licence(const char *comment);

/** Is it a label over a group of declarations ("Prototypes", "Public functions:"), which is not about the first of them? */
int docgen_comment_is_label(const char *text);

/** The text between two offsets without comments and with white space as single blanks, from the result
 * pool; at most `max` bytes, then cut with "…". */
const char *docgen_source_squeeze(const docgen_source *source, apr_size_t start, apr_size_t end,
                                  apr_size_t max);

/** The same text with its own line breaks when it is longer than a line: comments kept out, the common
 * indentation removed. From the result pool. */
const char *docgen_source_signature(const docgen_source *source, apr_size_t start, apr_size_t end);

#endif
