/* Answers: bodies with validators, redirects, and errors as problem+json (RFC 9457) or a page.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_REPLY_H
#define DOCGEN_WEB_REPLY_H

#include "core/error.h"
#include "core/json.h"
#include "core/text.h"
#include "web/context.h"

/** What is sent. Members left NULL or 0 are not said. */
typedef struct docgen_reply {
    int status;       /**< 0 = 200 */
    const char *type; /**< Content-Type */
    const char *body; /**< from the request's pool, or constant */
    apr_size_t length;
    const char *etag;  /**< with quotes; a caller that has it gets 304 */
    const char *cache; /**< Cache-Control; NULL = "private, no-cache" */
    int constant;      /**< `body` outlives every request */
} docgen_reply;

/** Sends an answer: status, headers, body (none for HEAD and 304). @return what the handler returns. */
int docgen_send(docgen_context *context, const docgen_reply *reply);

/** Sends a JSON value (borrowed). */
int docgen_send_json(docgen_context *context, int status, json_t *value, const char *etag,
                     const char *cache);

/** Sends a status without a body. */
int docgen_empty(docgen_context *context, int status);

/** Sends a redirect. @param query append the request's own query string */
int docgen_redirect(docgen_context *context, int status, const char *location, int query);

/** Sends an error with one sentence that says what to do. */
int docgen_problem(docgen_context *context, docgen_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The same with members of its own. @param extra owned by the caller; NULL = none */
int docgen_problem_with(docgen_context *context, docgen_error error, json_t *extra,
                        const char *detail);

/** Says why a store's call failed with `rv`: 503 with Retry-After. */
int docgen_problem_store(docgen_context *context, apr_status_t rv);

/** The same with members of its own. @param extra owned by the caller; NULL = none */
int docgen_problem_store_with(docgen_context *context, apr_status_t rv, json_t *extra);

/** Says that no such repository is known, in the same bytes whether it is absent or hidden. */
int docgen_problem_unknown(docgen_context *context);

/** How much a request wants a media type, 0…1000; `exact` counts only when the header names the type itself. */
int docgen_accept(const request_rec *r, const char *type, int exact);

/** Does the caller ask for HTML by name and for nothing of JSON more? */
int docgen_wants_html(const request_rec *r);

#endif
