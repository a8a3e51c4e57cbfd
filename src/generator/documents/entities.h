/* Characters by their names and numbers in HTML.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_ENTITIES_H
#define DOCGEN_GENERATOR_DOCUMENTS_ENTITIES_H

#include "core/buffer.h"

/** Writes the character of "&name;", "&#38;" or "&#x26;", escaped for HTML, or for a URL in an attribute; a name that
 * is not known stays as it is. */
void docgen_entity_html(docgen_buffer *out, const char *entity, apr_size_t length, int url);

/** Writes a URL for an attribute in HTML: what no URL may hold is percent-encoded. */
void docgen_url_html(docgen_buffer *out, const char *text, apr_size_t length);

#endif
