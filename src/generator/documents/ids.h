/* How the sanitiser gives out ids; see docgen_ids in html.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_IDS_H
#define DOCGEN_GENERATOR_DOCUMENTS_IDS_H

#include "core/buffer.h"
#include "generator/documents/html.h"

/** Takes an id for a heading: docgen_slug of `wish` when given, else of `text`; "-1", "-2" … when taken. */
const char *docgen_ids_heading(docgen_ids *ids, const char *text, const char *wish);

/** Takes "u-…" for an element's own id; NULL when the page has it already. */
const char *docgen_ids_anchor(docgen_ids *ids, const char *id);

/** Writes where a link's href to `fragment` (without '#') will be filled in. */
void docgen_ids_mark(docgen_buffer *out, const char *fragment);

#endif
