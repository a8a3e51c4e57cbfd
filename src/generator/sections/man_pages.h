/* Manual pages in roff: which files are some, what they say as Markdown, and the options that they describe.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_MAN_PAGES_H
#define DOCGEN_GENERATOR_SECTIONS_MAN_PAGES_H

#include "generator/sections/sections.h"

/** An option as a manual page describes it. */
typedef struct docgen_man_option {
    const char *name; /**< its spellings: "-w, --warmup NUM" */
    const char *text; /**< plain text, "" when there is none */
    int line;         /**< in the source, from 1; 0 when it was not found */
} docgen_man_option;

/** Is a file named like a manual page: "x.1", "x.3ssl", "x.8.in"? What it holds decides: docgen_man_markdown. */
int docgen_man_is_named(const char *path);

/** Is it named like the page of a program: section 1, 6 or 8? */
int docgen_man_is_program(const char *path);

/** A manual page as Markdown that begins with its title, "x(1)". Runs mandoc, at most 10 s. From `pool`; NULL when the
 * text is no manual page, leads to another one, or mandoc is missing or fails (logged). */
const char *docgen_man_markdown(apr_pool_t *pool, const char *path, const char *text);

/** The options that a manual page describes, array of docgen_man_option from `pool`; empty for any other text. */
apr_array_header_t *docgen_man_options(apr_pool_t *pool, const char *path, const char *text);

#endif
