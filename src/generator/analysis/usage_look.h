/* Is a name used at a place: called, constructed, passed as a value?
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_USAGE_LOOK_H
#define DOCGEN_GENERATOR_ANALYSIS_USAGE_LOOK_H

#include "generator/analysis/source.h"

/** A text of the repository while uses are looked for in it. */
typedef struct docgen_used_text {
    const docgen_source *source;
    docgen_lang
        lang; /**< of the code; of a document's example the one that its fence names, or NONE */
    const char *
        code; /**< the text with comments and the contents of strings blanked; of a document, the text itself */
    int importing; /**< inside a list of imported names that goes on over lines */
} docgen_used_text;

/** The text with comments and the contents of strings blanked, all offsets unchanged. From `pool`. */
const char *docgen_used_code(apr_pool_t *pool, docgen_lang lang, const char *text,
                             apr_size_t length);

/** To be called with each line, in order: notes whether it begins or ends a list of imported names.
 * @return 1 when the line only imports */
int docgen_used_import(docgen_used_text *text, const char *line, const char *end);

/** Is the word at `at` a use of that symbol? @return a rank, lower is better; negative: it is none */
int docgen_used_look(const docgen_used_text *text, const docgen_symbol *symbol, const char *at,
                     apr_size_t length, const char *line, const char *line_end);

#endif
