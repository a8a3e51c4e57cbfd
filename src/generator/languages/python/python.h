/* Python.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_PYTHON_PYTHON_H
#define DOCGEN_GENERATOR_LANGUAGES_PYTHON_PYTHON_H

#include "generator/analysis/builder.h"

/** Reads one file. Never fails; linear time, bounded recursion. One thread per source. */
docgen_unit *docgen_scan_python(const docgen_source *source);

/** Makes a module of each Python file, by its package's name. */
void docgen_modules_python(docgen_builder *builder);

#endif
