/* C++: what ctags' tags do not tell: specialisations, deduction guides, deleted functions, concepts, hidden regions.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_C_RULES_H
#define DOCGEN_GENERATOR_LANGUAGES_C_RULES_H

#include "generator/languages/c/ctags.h"

/** An operator's name as C++ writes it: "operator==", "operator bool"; any other name as it is. From `pool`. */
const char *docgen_cpp_name(apr_pool_t *pool, const char *name);

/** Does a declaration end in "= delete"? */
int docgen_cpp_is_deleted(const char *declaration);

/** Does a declaration give a template's name with arguments ("struct Box<int>", "void f<int>(int)")? */
int docgen_cpp_is_specialisation(const char *declaration, const char *name);

/** Is it a deduction guide ("Box(T) -> Box<T>") of a type called `name`? */
int docgen_cpp_is_guide(const char *declaration, const char *name);

/** Has a scope a part that says by convention that what is in it is not for users ("fmt::detail")? NULL is none. */
int docgen_c_is_internal_scope(const char *scope);

/** Adds the concepts of a file, each in the innermost of the namespaces among `tags`. */
void docgen_cpp_concepts(const docgen_source *source, const apr_array_header_t *tags,
                         docgen_unit *unit);

/** Hides what stands between "\cond" and "\endcond" (or with "@"), in C too. */
void docgen_c_hide_regions(const docgen_source *source, apr_array_header_t *symbols);

/** Does a comment say that what it describes is not for users ("For internal use only.")? */
int docgen_c_says_internal(const docgen_doc *doc);

#endif
