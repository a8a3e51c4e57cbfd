/* What comes in with a request: what its body and its query string name.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_INBOUND_H
#define DOCGEN_WEB_INBOUND_H

#include "web/context.h"

/** Reads the body, JSON or a form, and takes `repositoryId` from it.
 * @param id set to a valid repository id
 * @return OK with `*id` set; otherwise the problem was sent already and `*id` is NULL: return the value */
int docgen_inbound_repository(docgen_context *context, const char **id);

/** A parameter of the query string, decoded; NULL when it is absent or not valid UTF-8. From the request's pool. */
const char *docgen_inbound_query(const docgen_context *context, const char *name);

/** Can a parameter of the query string be read: is it absent, or percent-encoded UTF-8 without NUL? */
int docgen_inbound_query_is_readable(const docgen_context *context, const char *name);

#endif
