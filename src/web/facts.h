/* What a repository is, as its published documentation says: for the list and the project page.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_FACTS_H
#define DOCGEN_WEB_FACTS_H

#include <apr_hash.h>
#include "core/buffer.h"
#include "web/context.h"

/** Asks for the facts of repositories that the caller may see.
 * @param states array of docgen_state *
 * @param facts repository id → facts, for docgen_facts_append; from the request's pool */
apr_status_t docgen_facts_find(docgen_context *context, const apr_array_header_t *states,
                               apr_hash_t **facts);

/** Appends the description of a repository as a paragraph; nothing when it has none. */
void docgen_facts_description(docgen_context *context, docgen_buffer *page, apr_hash_t *facts,
                              const char *id);

/** Appends one line: languages with their share, licence, homepage, owners. */
void docgen_facts_line(docgen_context *context, docgen_buffer *page, apr_hash_t *facts,
                       const char *id);

#endif
