/* Reads a request's body.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_BODY_H
#define DOCGEN_WEB_BODY_H

#include "web/context.h"

#define DOCGEN_BODY_MAX 16384 /**< bytes of a request body */

/** Reads the whole body, at most DOCGEN_BODY_MAX bytes. The request's thread, once, before anything is sent.
 * @param body ended by a NUL that `length` does not count; from the request's pool; NULL on a refusal
 * @return OK with `*body` set; otherwise what the handler returns: the problem was sent already */
int docgen_body_read(docgen_context *context, char **body, apr_size_t *length);

/** Registers the filter that docgen_body_read uses. */
void docgen_body_register_filter(void);

#endif
