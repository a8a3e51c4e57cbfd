/* Inside the reader of manuals: blocks.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_MANUAL_BLOCKS_H
#define DOCGEN_GENERATOR_DOCUMENTS_MANUAL_BLOCKS_H

#include "generator/documents/manual.h"

/** Appends the blocks below a node; the headings of its sections have that level. */
void docgen_manual_blocks(docgen_manual *manual, docgen_buffer *out, const xmlNode *node,
                          int level);

/** The names in a <contextlist>, from the pool. */
const char *docgen_manual_contexts(const docgen_manual *manual, const xmlNode *node);

#endif
