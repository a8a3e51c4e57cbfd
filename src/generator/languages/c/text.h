/* What the source text says around a C or C++ declaration that ctags found. All results are in the source's pools.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_C_TEXT_H
#define DOCGEN_GENERATOR_LANGUAGES_C_TEXT_H

#include "generator/languages/c/ctags.h"

/** A line's first byte and, in `last`, its last byte that are not white space; `last` is NUL for a blank line. */
const char *docgen_c_line(const docgen_source *source, int line, char *last);

/** The line where the declaration that names something on `line` starts: return types, templates and attributes may
 * stand above it. */
int docgen_c_first_line(const docgen_source *source, int line);

/** The same in C, where one declaration may go over several lines for several names ("int a(void),"). */
int docgen_c_list_line(const docgen_source *source, int line);

/** The declaration of one name of a list: "int b(char)" of "int a(void), b(char)"; the text itself when it has one
 * name only. From `pool` or the text. */
const char *docgen_c_declarator(apr_pool_t *pool, const char *declaration, const char *name);

/** Reads a comment's text; NULL for none. */
const docgen_doc *docgen_c_doc(const docgen_source *source, const char *text);

/** The comment above a declaration; conditions such as "#ifndef NAME" may stand between. Or NULL. */
const docgen_doc *docgen_c_doc_above(const docgen_source *source, int line);

/** The comment beside or above a member or enum value, or NULL. */
const docgen_doc *docgen_c_doc_of_member(const docgen_source *source, int line);

/** The declaration that starts on a line, up to its `;` or body. */
const char *docgen_c_declaration(const docgen_source *source, int first);

/** "#define NAME(args) value", the value only when it is short. */
const char *docgen_c_macro(const docgen_source *source, const docgen_ctag *tag);

/** "#ifndef X / #define X" and nothing behind it: an include guard says nothing to a reader. */
int docgen_c_is_guard(const docgen_source *source, const docgen_ctag *tag);

#endif
