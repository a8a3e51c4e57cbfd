/* The comments of languages whose comments are lines: which belongs to a declaration, and what it says.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_COMMENTS_H
#define DOCGEN_GENERATOR_LANGUAGES_COMMENTS_H

#include "generator/analysis/source.h"

/** How a language's comments look. */
typedef struct docgen_comment_marks {
    const char *line;       /**< "#", "--" */
    int brackets;           /**< behind it `[[` or `[==[` opens a block, as in Lua */
    const char *directives; /**< beginnings of lines that are for tools, each after a newline */
} docgen_comment_marks;

/** The comment that ends directly above a line, its marks removed. Linear in the comment.
 * @return from scratch; NULL when there is none, or only a licence */
const char *docgen_comment_attached(const docgen_source *source, int line,
                                    const docgen_comment_marks *marks);

/** The file's own description: its first comment that is no licence and belongs to none of the file's symbols.
 * @return from scratch, or NULL */
const char *docgen_comment_of_file(const docgen_source *source, const docgen_comment_marks *marks,
                                   const apr_array_header_t *symbols);

#endif
