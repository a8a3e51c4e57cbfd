/* Where public symbols are used: one pass over all texts with an index of their names.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_USAGE_H
#define DOCGEN_GENERATOR_ANALYSIS_USAGE_H

#include "generator/analysis/model.h"

/** Fills `usages` of the public symbols: examples first, then documents, tests, callers; never the definition.
 * @return the error of reading the repository */
apr_status_t docgen_usage_collect(docgen_model *model);

#endif
