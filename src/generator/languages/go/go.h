/* Go.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_GO_GO_H
#define DOCGEN_GENERATOR_LANGUAGES_GO_GO_H

#include "generator/analysis/builder.h"

/** Reads one file. Never fails; linear time, bounded recursion. One thread per source. */
docgen_unit *docgen_scan_go(const docgen_source *source);

/** Makes a module of each folder with Go files, by its import path. */
void docgen_modules_go(docgen_builder *builder);

#endif
