/* What users write into their own manifest to depend on a module.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_ARTIFACT_H
#define DOCGEN_GENERATOR_SECTIONS_ARTIFACT_H

#include "generator/sections/sections.h"

/** The artifacts that hold a public module, as Markdown: "`org.x:y` (Maven)", comma-separated, taken from the nearest
 * manifest above each of its files. From `pool`; NULL when no manifest names one. */
const char *docgen_artifacts(docgen_site *site, apr_pool_t *pool, const docgen_module *module);

#endif
