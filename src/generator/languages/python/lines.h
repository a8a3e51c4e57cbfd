/* Python as lines of code: what a statement is, and where things stand within one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_PYTHON_LINES_H
#define DOCGEN_GENERATOR_LANGUAGES_PYTHON_LINES_H

/** Where reading stands. */
typedef struct docgen_python_lines {
    const char *p, *end;
    int line; /**< from 1 */
} docgen_python_lines;

/** A statement as the language sees it: brackets and backslashes join physical lines. */
typedef struct docgen_python_statement {
    const char *start, *end; /**< without indentation, newline and trailing comment */
    int indent;
    int line, last_line;
} docgen_python_statement;

/** Reads the next statement. @return 0 at the end */
int docgen_python_next(docgen_python_lines *lines, docgen_python_statement *statement);

/** Does this word stand at `p`, as a whole? */
int docgen_python_word(const char *p, const char *end, const char *word);

/** Past the name at `p`; `p` itself when there is none. */
const char *docgen_python_identifier(const char *p, const char *end);

/** Past white space and the backslashes that join lines. */
const char *docgen_python_blanks(const char *p, const char *end);

/** The next byte of `wanted` outside brackets, strings and comments, or NULL. */
const char *docgen_python_outside(const char *p, const char *end, const char *wanted);

#endif
