/* The parts of the declaration scanner that its dispatch calls.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_DECLARED_PARTS_H
#define DOCGEN_GENERATOR_LANGUAGES_DECLARED_PARTS_H

#include "generator/languages/declared.h"

/** The dotted name at `i` as written, from scratch. @param next receives the token behind it */
const char *docgen_declared_path(const docgen_declared *r, int i, int limit, int *next);

/** The doc comment before token `i`, or NULL. */
const docgen_doc *docgen_declared_doc(const docgen_declared *r, int i);

/** Each reads one declaration whose name is at `i`. @return the token behind it */
int docgen_declared_package(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                            int limit);
int docgen_declared_import(docgen_declared *r, docgen_scope *scope, int i, int limit);
int docgen_declared_type(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                         const docgen_word *word, int i, int limit);
int docgen_declared_companion(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                              int limit);

/** The constants at the beginning of an enum's braces. @return the token behind the last */
int docgen_declared_constants(docgen_declared *r, docgen_scope *scope, int i, int limit);

/** The bases between a type's name and its braces. */
void docgen_declared_bases(docgen_declared *r, docgen_symbol *owner, int i, int open);

#endif
