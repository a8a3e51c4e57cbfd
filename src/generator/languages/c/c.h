/* C and C++.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_C_C_H
#define DOCGEN_GENERATOR_LANGUAGES_C_C_H

#include "generator/analysis/builder.h"

/** Makes modules of all C and C++ units: one for each header with its sources. */
void docgen_modules_c(docgen_builder *builder);

#endif
