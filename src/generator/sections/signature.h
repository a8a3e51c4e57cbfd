/* Signatures as readers want them: a parameter a line where one line is too long, and types that lead to their entries.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_SIGNATURE_H
#define DOCGEN_GENERATOR_SECTIONS_SIGNATURE_H

#include "generator/sections/code_sections.h"

/** A symbol's signature, its own name for one that has none; a long one with a line for each parameter. From `pool`. */
const char *docgen_signature_text(apr_pool_t *pool, const docgen_symbol *symbol);

/** Writes a block of signatures (lines of them) of a symbol: code in Markdown, with links in HTML. */
void docgen_signature_write(docgen_code_page *page, const docgen_symbol *symbol, const char *text);

#endif
