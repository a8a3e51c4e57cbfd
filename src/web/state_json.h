/* The status object, as every route of the API shows it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_STATE_JSON_H
#define DOCGEN_WEB_STATE_JSON_H

#include "core/json.h"
#include "web/context.h"

/** The status object of a state. The caller owns it; NULL only when memory is out. */
json_t *docgen_state_json(const docgen_context *context, const docgen_state *state);

/** The validator of a state, W/"jobId.revision.rowVersion.place": the row's version sees what was
 * changed by hand, and the place in the queue moves without a change of the row. From the request's
 * pool. */
const char *docgen_state_etag(const docgen_context *context, const docgen_state *state);

/** A JSON string of a time, or null. The caller owns it. */
json_t *docgen_time_json(const docgen_context *context, apr_time_t when);

/** Whole seconds until the state's lock ends, at least 1. */
int docgen_state_lock_seconds(const docgen_state *state);

#endif
