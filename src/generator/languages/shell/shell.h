/* Shell: a file in reading, and which files are libraries.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_SHELL_SHELL_H
#define DOCGEN_GENERATOR_LANGUAGES_SHELL_SHELL_H

#include "generator/analysis/builder.h"

#define DOCGEN_SHELL_HEREDOCS 8   /**< of a line */
#define DOCGEN_SHELL_NESTING  200 /**< braces in braces */
#define DOCGEN_SHELL_QUOTES   12  /**< quotes in expansions in quotes */

/** A brace that is open. */
typedef struct docgen_shell_brace {
    docgen_symbol *function; /**< whose body it is, or NULL */
    int is_function;
    int line;
    int at_margin; /**< its line is not indented */
} docgen_shell_brace;

/** One file in reading. */
typedef struct docgen_shell {
    const docgen_source *source;
    docgen_unit *unit;
    apr_hash_t *seen;
    const char *p, *end;
    int command;  /**< a command may begin here */
    int commands; /**< commands outside of functions that do something */
    docgen_shell_brace open[DOCGEN_SHELL_NESTING];
    int depth;
    int inside;        /**< functions around */
    int is_for_prompt; /**< it adds to the shell that sources it: keys, widgets, completions */
    struct {
        const char *mark;
        apr_size_t length;
    } heredocs[DOCGEN_SHELL_HEREDOCS];
    int pending;
    int failures;
} docgen_shell;

/** The end of the line that `p` stands in. */
const char *docgen_shell_line_end(const docgen_shell *shell, const char *p);

/** Notes a here-document's mark at `p`, behind `<<`; it begins with the next line. @return behind the mark */
const char *docgen_shell_heredoc(docgen_shell *shell, const char *p);

/** Behind the here-documents that begin at `p`, the beginning of a line. One without an end is none. */
const char *docgen_shell_heredocs(docgen_shell *shell, const char *p);

/** Behind `$(…)`, `${…}` or `(…)`, whose content begins at `p`. Nesting is bounded by `depth`. */
const char *docgen_shell_nested(docgen_shell *shell, const char *p, char open, char close,
                                int in_quotes, int depth);

/** Behind the quoted text that begins at `p`. */
const char *docgen_shell_quotes(docgen_shell *shell, const char *p, int depth);

/** Behind the text of `$'…'` that begins at `p`: a backslash escapes the quote. */
const char *docgen_shell_escaped(const docgen_shell *shell, const char *p);

/** Behind `((…))` at `p`, or behind its first bracket when it is none. */
const char *docgen_shell_arithmetic(docgen_shell *shell, const char *p);

/** The name that users source a file by: its path. */
const char *docgen_shell_module(void *builder, const docgen_unit *unit);

/** Leaves out what only builds or checks a project; the functions of programs are their own. */
void docgen_shell_settle(void *builder);

#endif
