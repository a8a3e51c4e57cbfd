/* Reads a request's body: see body.h.
 *
 * httpd's input filter answers a malformed chunk, or more bytes than LimitRequestBody, by itself: it passes an error
 * bucket to the output filters. The answer of this module would follow that one, as a second body. So an output filter
 * takes the error bucket out while a body is read, and one answer names the reason.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/body.h"

#include <http_core.h>
#include <http_protocol.h>
#include <util_filter.h>
#include "web/reply.h"

#define FILTER_NAME "DOCGEN_BODY_ERROR"

#ifdef __clang__ /* APR's ring macros subtract from a null pointer on purpose */
#pragma clang diagnostic ignored "-Wnull-pointer-subtraction"
#endif

/* Keeps the status of an error bucket in its context; nothing else is sent while a body is read. */
static apr_status_t take_error(ap_filter_t *filter, apr_bucket_brigade *brigade)
{
    int *status = filter->ctx;

    for (apr_bucket *b = APR_BRIGADE_FIRST(brigade); b != APR_BRIGADE_SENTINEL(brigade);
         b = APR_BUCKET_NEXT(b)) {
        if (AP_BUCKET_IS_ERROR(b)) {
            *status = ((ap_bucket_error *)b->data)->status;
            apr_brigade_cleanup(brigade);
            return AP_FILTER_ERROR;
        }
    }
    return ap_pass_brigade(filter->next, brigade);
}

static int refuse_large(docgen_context *context)
{
    apr_off_t limit = ap_get_limit_req_body(context->r);

    context->r->connection->keepalive = AP_CONN_CLOSE;
    if (limit > 0 && limit < DOCGEN_BODY_MAX)
        return docgen_problem(context, DOCGEN_E_BODY_TOO_LARGE,
                              "LimitRequestBody allows %" APR_OFF_T_FMT " bytes of body here; send "
                              "only repositoryId, or raise LimitRequestBody.",
                              limit);
    return docgen_problem(context, DOCGEN_E_BODY_TOO_LARGE,
                          "The body may have at most %d bytes; send only repositoryId.",
                          DOCGEN_BODY_MAX);
}

static int refuse(docgen_context *context, int status)
{
    if (status == HTTP_REQUEST_ENTITY_TOO_LARGE)
        return refuse_large(context);
    context->r->connection->keepalive = AP_CONN_CLOSE;
    if (status != HTTP_BAD_REQUEST) /* another module's filter: its refusal stands */
        return status;
    return docgen_problem(context, DOCGEN_E_BAD_BODY,
                          "The body ended before it was complete, or its chunks are malformed; "
                          "send the request again.");
}

/* Appends what a brigade holds. @param ended set at the body's end
 * @return APR_SUCCESS; APR_ENOSPC beyond DOCGEN_BODY_MAX; or what reading a bucket said */
static apr_status_t append(apr_bucket_brigade *brigade, char *data, apr_size_t *have, int *ended)
{
    for (apr_bucket *b = APR_BRIGADE_FIRST(brigade); b != APR_BRIGADE_SENTINEL(brigade);
         b = APR_BUCKET_NEXT(b)) {
        const char *part;
        apr_size_t length;
        apr_status_t rv;

        if (APR_BUCKET_IS_EOS(b)) {
            *ended = 1;
            break;
        }
        if (APR_BUCKET_IS_METADATA(b))
            continue;
        rv = apr_bucket_read(b, &part, &length, APR_BLOCK_READ);
        if (rv != APR_SUCCESS)
            return rv;
        if (length > DOCGEN_BODY_MAX - *have)
            return APR_ENOSPC;
        memcpy(data + *have, part, length);
        *have += length;
    }
    return APR_SUCCESS;
}

/* Reads to the end. @return OK, or the HTTP status of what went wrong */
static int read_all(request_rec *r, char *data, apr_size_t *have)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv = APR_SUCCESS;
    int status = OK, ended = 0;
    ap_filter_t *filter = ap_add_output_filter(FILTER_NAME, &status, r, r->connection);

    while (rv == APR_SUCCESS && !ended) {
        rv = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ,
                            HUGE_STRING_LEN);
        if (rv == APR_SUCCESS)
            rv = append(brigade, data, have, &ended);
        apr_brigade_cleanup(brigade);
    }
    ap_remove_output_filter(filter);
    if (status != OK || rv == APR_SUCCESS)
        return status;
    return ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
}

int docgen_body_read(docgen_context *context, char **body, apr_size_t *length)
{
    request_rec *r = context->r;
    char *data = apr_palloc(r->pool, DOCGEN_BODY_MAX + 1);
    apr_size_t have = 0;
    int status = ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK);

    *body = NULL;
    if (status == OK && r->remaining > DOCGEN_BODY_MAX)
        return refuse_large(context);
    if (status != OK && status != HTTP_REQUEST_ENTITY_TOO_LARGE)
        return docgen_problem(context, DOCGEN_E_BAD_BODY,
                              "The body's transfer coding is unknown; send it plain or chunked.");
    if (status == OK)
        status = read_all(r, data, &have);
    if (status != OK)
        return refuse(context, status);
    data[have] = '\0';
    *body = data;
    *length = have;
    return OK;
}

void docgen_body_register_filter(void)
{
    ap_register_output_filter(FILTER_NAME, take_error, NULL, AP_FTYPE_RESOURCE);
}
