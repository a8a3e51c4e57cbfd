/* Code read line by line, in languages where what is indented belongs to what stands above.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_LINES_H
#define DOCGEN_GENERATOR_LANGUAGES_LINES_H

#include "generator/analysis/source.h"

/** May the character stand in a name? */
int docgen_line_is_word(char c);

/** Does the word stand at `p`, as a whole? @return behind it and the blanks after it, or NULL */
const char *docgen_line_word(const char *p, const char *end, const char *word);

/** A line without its indentation.
 * @param column receives that
 * @param end receives the line's end without the blanks before it */
const char *docgen_line_of(const docgen_source *source, int line, int *column, const char **end);

/** The last line of what begins at `line` in that column: its `end`, or the line before something else there. */
int docgen_line_block_end(const docgen_source *source, int line, int column);

#endif
