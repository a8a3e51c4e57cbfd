/* Answers: see reply.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/reply.h"

#include <stdlib.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <util_filter.h>
#include "web/frame.h"

/* Does the caller have this body? mod_deflate and mod_brotli put their name into the validator.
 * @return the validator that the caller has, or NULL */
static const char *known_etag(const request_rec *r, const char *etag)
{
    static const char *const suffixes[] = {"", "-gzip", "-br"};
    const char *have = apr_table_get(r->headers_in, "If-None-Match");
    apr_size_t length = strlen(etag);

    if (!have || r->method_number != M_GET)
        return NULL;
    if (!strcmp(have, "*"))
        return etag;
    for (int i = 0; i < 3; i++) {
        const char *with = apr_psprintf(r->pool, "%.*s%s\"", (int)length - 1, etag, suffixes[i]);
        if (ap_find_etag_weak(r->pool, have, with))
            return with;
    }
    return NULL;
}

#ifdef __clang__ /* APR's ring macros subtract from a null pointer on purpose */
#pragma clang diagnostic ignored "-Wnull-pointer-subtraction"
#endif
static void append(apr_bucket_brigade *brigade, apr_bucket *bucket)
{
    APR_BRIGADE_INSERT_TAIL(brigade, bucket);
}

int docgen_send(docgen_context *context, const docgen_reply *reply)
{
    request_rec *r = context->r;
    apr_bucket_brigade *brigade;
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;

    r->status = reply->status ? reply->status : HTTP_OK;
    apr_table_setn(r->headers_out, "Cache-Control",
                   reply->cache ? reply->cache : "private, no-cache");
    if (reply->etag) {
        const char *known = r->status == HTTP_OK ? known_etag(r, reply->etag) : NULL;

        apr_table_setn(r->headers_out, "ETag", known ? known : reply->etag);
        if (known) {
            r->status = HTTP_NOT_MODIFIED;
            return OK;
        }
    }
    ap_set_content_type(r, reply->type);
    ap_set_content_length(r, (apr_off_t)reply->length);
    if (r->header_only)
        return OK;
    brigade = apr_brigade_create(r->pool, alloc);
    if (reply->length)
        append(brigade, reply->constant
                            ? apr_bucket_immortal_create(reply->body, reply->length, alloc)
                            : apr_bucket_pool_create(reply->body, reply->length, r->pool, alloc));
    append(brigade, apr_bucket_eos_create(alloc));
    /* A caller that went away is not our error; httpd notes it with the connection. */
    (void)ap_pass_brigade(r->output_filters, brigade);
    return OK;
}

int docgen_send_json(docgen_context *context, int status, json_t *value, const char *etag,
                     const char *cache)
{
    docgen_reply reply = {.status = status,
                          .type = "application/json",
                          .body = docgen_json_dump(context->r->pool, value),
                          .etag = etag,
                          .cache = cache};

    if (!reply.body)
        return docgen_problem(context, DOCGEN_E_INTERNAL,
                              "The answer could not be written as JSON; see the error log.");
    reply.length = strlen(reply.body);
    return docgen_send(context, &reply);
}

int docgen_empty(docgen_context *context, int status)
{
    context->r->status = status;
    ap_set_content_type(context->r, NULL);
    apr_table_setn(context->r->headers_out, "Cache-Control", "no-cache");
    ap_set_content_length(context->r, 0);
    return OK;
}

int docgen_redirect(docgen_context *context, int status, const char *location, int query)
{
    request_rec *r = context->r;

    location = ap_os_escape_path(r->pool, location, 1);
    if (query && r->args)
        location = apr_pstrcat(r->pool, location, "?", r->args, NULL);
    apr_table_setn(r->headers_out, "Location", location);
    return docgen_empty(context, status);
}

/* Seconds until a page that cannot be shown now is worth another look, as the answer's Retry-After says; NULL = never.
 * A form that was sent is not sent again. */
static const char *seconds_to_reload(const request_rec *r, docgen_error error)
{
    return docgen_error_http(error) == HTTP_SERVICE_UNAVAILABLE && r->method_number == M_GET
               ? apr_table_get(r->headers_out, "Retry-After")
               : NULL;
}

static int send_problem_page(docgen_context *context, docgen_error error, const char *detail)
{
    docgen_frame frame = {.title = docgen_error_title(error),
                          .kind = "error",
                          .script = "site.js",
                          .refresh = seconds_to_reload(context->r, error)};
    docgen_buffer *page = docgen_frame_open(context, &frame);

    docgen_buffer_puts(page, "<div class=\"notice-page\"><p class=\"code\">");
    docgen_buffer_printf(page, "%d · %s", docgen_error_http(error), docgen_error_code(error));
    docgen_buffer_puts(page, "</p><h1>");
    docgen_buffer_html(page, docgen_error_title(error));
    docgen_buffer_puts(page, "</h1><p>");
    docgen_buffer_html(page, detail);
    if (frame.refresh)
        docgen_buffer_printf(page, "</p><p>This page tries again by itself every %s second%s.",
                             frame.refresh, strcmp(frame.refresh, "1") ? "s" : "");
    docgen_buffer_printf(page, "</p><p><a class=\"button\" href=\"%s\">All projects</a></p></div>",
                         context->root);
    return docgen_frame_send(context, page, docgen_error_http(error), NULL, "no-store");
}

int docgen_problem_with(docgen_context *context, docgen_error error, json_t *extra,
                        const char *detail)
{
    request_rec *r = context->r;
    int status = docgen_error_http(error);
    docgen_reply reply = {
        .status = status, .type = "application/problem+json", .cache = "no-store"};
    json_t *problem;

    if (context->page) {
        apr_table_mergen(r->headers_out, "Vary", "Accept");
        if (docgen_wants_html(r))
            return send_problem_page(context, error, detail);
    }
    problem =
        docgen_json_own(r->pool, json_pack("{ss+ss si ss ss}", "type",
                                           "urn:docgen:error:", docgen_error_code(error), "title",
                                           docgen_error_title(error), "status", status, "detail",
                                           detail, "code", docgen_error_code(error)));
    if (problem && extra)
        json_object_update_missing(problem, extra);
    reply.body = problem ? docgen_json_dump(r->pool, problem) : NULL;
    if (!reply.body)
        reply.body = "{}";
    reply.length = strlen(reply.body);
    return docgen_send(context, &reply);
}

int docgen_problem(docgen_context *context, docgen_error error, const char *format, ...)
{
    va_list ap;
    const char *detail;

    va_start(ap, format);
    detail = apr_pvsprintf(context->r->pool, format, ap);
    va_end(ap);
    return docgen_problem_with(context, error, NULL, detail);
}

int docgen_problem_unknown(docgen_context *context)
{
    return docgen_problem(context, DOCGEN_E_UNKNOWN_REPOSITORY,
                          "No repository of this name is known here, or you may not see it; "
                          "%s/api/repositories lists those that you may see.",
                          context->mount);
}

int docgen_problem_store_with(docgen_context *context, apr_status_t rv, json_t *extra)
{
    request_rec *r = context->r;
    const docgen_reason *reason = docgen_store_reason(rv);

    if (!reason) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, r, "DG0021: a store call failed unexpectedly");
        return docgen_problem(
            context, DOCGEN_E_INTERNAL,
            "Something unexpected happened; the server's error log names the reason.");
    }
    apr_table_setn(r->headers_out, "Retry-After", apr_itoa(r->pool, reason->retry));
    return docgen_problem_with(
        context, reason->error, extra,
        apr_pstrcat(r->pool, reason->what, "; ", reason->todo, ", then try again.", NULL));
}

int docgen_problem_store(docgen_context *context, apr_status_t rv)
{
    return docgen_problem_store_with(context, rv, NULL);
}

/* The quality of one Accept entry in thousandths: 1000 without a q parameter. */
static int quality(const char *entry)
{
    const char *q = strchr(entry, ';');

    while (q) {
        q++;
        while (*q == ' ' || *q == '\t')
            q++;
        if ((*q == 'q' || *q == 'Q') && q[1] == '=') {
            double value = strtod(q + 2, NULL);
            return value < 0 || value > 1 ? 0 : (int)(value * 1000 + 0.5);
        }
        q = strchr(q, ';');
    }
    return 1000;
}

int docgen_accept(const request_rec *r, const char *type, int exact)
{
    const char *header = apr_table_get(r->headers_in, "Accept");
    apr_size_t length = strlen(type), major = (apr_size_t)(strchr(type, '/') - type) + 1;
    int best = 0, rank = -1;
    char *list, *state = NULL;

    if (!header)
        return exact ? 0 : 1000;
    list = apr_pstrdup(r->pool, header);
    for (char *entry = apr_strtok(list, ",", &state); entry;
         entry = apr_strtok(NULL, ",", &state)) {
        apr_size_t size;
        int this_rank = -1;

        entry += strspn(entry, " \t");
        size = strcspn(entry, "; \t");
        if (size == length && !strncasecmp(entry, type, length))
            this_rank = 2;
        else if (!exact && size == major + 1 && !strncasecmp(entry, type, major) &&
                 entry[major] == '*')
            this_rank = 1;
        else if (!exact && size == 3 && !strncmp(entry, "*/*", 3))
            this_rank = 0;
        if (this_rank > rank) {
            rank = this_rank;
            best = quality(entry);
        }
    }
    return best;
}

int docgen_wants_html(const request_rec *r)
{
    int html = docgen_accept(r, "text/html", 1);
    int json = docgen_accept(r, "application/json", 1);
    int problem = docgen_accept(r, "application/problem+json", 1);

    return html && html >= json && html >= problem;
}
