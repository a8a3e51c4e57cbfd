/* What docgen_modules_declared does with the types of a module.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_MODULES_TYPES_H
#define DOCGEN_GENERATOR_LANGUAGES_MODULES_TYPES_H

#include "generator/analysis/builder.h"

/** C#, Ruby and others: the parts of partial types become one. */
void docgen_partials_join(docgen_builder *b, docgen_module *module);

/** Extensions: what they add stands with the type when the module declares it, else with the name of the type. */
void docgen_extensions_join(docgen_builder *b, docgen_module *module);

/** Kotlin: what a platform does for a name that is expected of all of them is said once. */
void docgen_actuals_drop(docgen_builder *b, docgen_module *module);

/** Notes types and their members' types by language and name, for docgen_docs_inherit. Keys from `pool`. */
void docgen_types_index(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
                        apr_pool_t *pool, int depth);

/** Members without a comment get the one of the nearest base's member of that name. */
void docgen_docs_inherit(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
                         apr_pool_t *pool, int depth);

#endif
