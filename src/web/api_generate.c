/* POST api/generate-docs: the one request that changes state.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "jobs/jobs.h"
#include "web/access.h"
#include "web/inbound.h"
#include "web/reply.h"
#include "web/state_json.h"
#include "web/context.h"

static const char *refusal(const docgen_config *config, apr_pool_t *pool, const char *url,
                           docgen_error *error)
{
    if (!docgen_config_allows(config, url)) {
        *error = DOCGEN_E_URL_NOT_ALLOWED;
        return "DocGenAllowURL does not name the address of this repository; ask the administrator "
               "to allow it.";
    }
    return docgen_config_refusal(config, pool, url, error);
}

/* Asks the store for a generation of a repository that the caller may see. `*verdict` is UNKNOWN also for hidden
 * ones. `*refused` is the sentence, and `*error` its code, when the configuration does not let this repository be
 * generated. */
static apr_status_t request(docgen_context *context, const char *id, docgen_request_result *verdict,
                            docgen_state **state, const char **refused, docgen_error *error)
{
    const docgen_config *config = context->config;
    const docgen_repository *configured = docgen_config_repository(config, id);
    apr_pool_t *pool = context->r->pool;
    docgen_origin origin = {0};
    const char *url = configured ? configured->url : NULL;
    docgen_uuid job;
    apr_status_t rv;

    *verdict = DOCGEN_REQUEST_UNKNOWN;
    if (!docgen_access_may(context, id))
        return APR_SUCCESS;
    rv = docgen_access_store(context);
    if (rv == APR_SUCCESS && !configured) {
        rv = docgen_store_repository(context->store, pool, id, &origin);
        if (rv == APR_SUCCESS && !origin.registered)
            return APR_SUCCESS;
        url = origin.url;
    }
    if (rv == APR_SUCCESS)
        *refused = refusal(config, pool, url, error);
    if (*refused)
        return APR_SUCCESS;
    if (rv == APR_SUCCESS)
        rv = docgen_uuid_create(&job);
    if (rv != APR_SUCCESS)
        return rv;
    return docgen_store_request(context->store, pool, id, &job, configured ? configured->url : NULL,
                                configured ? configured->branch : NULL,
                                configured ? configured->title : NULL, config->lock_timeout,
                                config->queue_timeout, config->lease, verdict, state);
}

static int answer_in_progress(docgen_context *context, const docgen_state *state)
{
    apr_pool_t *pool = context->r->pool;
    int seconds = docgen_state_lock_seconds(state);
    json_t *extra = docgen_json_own(pool, json_object());

    json_object_set_new(extra, "job", docgen_state_json(context, state));
    apr_table_setn(context->r->headers_out, "Retry-After", apr_itoa(pool, seconds));
    apr_table_setn(context->r->headers_out, "Location",
                   apr_pstrcat(pool, context->mount, "/api/status/", state->repository_id, NULL));
    return docgen_problem_with(
        context, DOCGEN_E_IN_PROGRESS, extra,
        apr_psprintf(pool,
                     "Documentation of %s is being generated already; follow that job's status, or "
                     "ask again in %d second%s.",
                     state->repository_id, seconds, seconds == 1 ? "" : "s"));
}

static int answer_accepted(docgen_context *context, const docgen_state *state)
{
    apr_pool_t *pool = context->r->pool;
    json_t *json = docgen_json_own(pool, docgen_state_json(context, state));

    apr_table_setn(context->r->headers_out, "Retry-After", "5");
    apr_table_setn(context->r->headers_out, "Location",
                   apr_pstrcat(pool, context->mount, "/api/status/", state->repository_id, NULL));
    return docgen_send_json(context, HTTP_ACCEPTED, json, NULL, "no-store");
}

/* Refusals that need neither body nor database. @return OK, or the problem was sent: `*refused` is set */
static int refuse_early(docgen_context *context, int *refused)
{
    docgen_jobs_figures figures;

    *refused = 1;
    docgen_jobs_figures_get(&figures);
    if (figures.draining) {
        apr_table_setn(context->r->headers_out, "Retry-After", "2");
        context->r->connection->keepalive = AP_CONN_CLOSE;
        return docgen_problem(context, DOCGEN_E_DRAINING,
                              "This server process is stopping and takes no more work; try again "
                              "in a few seconds.");
    }
    if (context->config->no_generation) {
        apr_table_setn(context->r->headers_out, "Retry-After", "60");
        return docgen_problem(context, DOCGEN_E_GENERATION_OFF, "%s",
                              context->config->no_generation);
    }
    *refused = 0;
    return OK;
}

int docgen_api_generate(docgen_context *context)
{
    request_rec *r = context->r;
    docgen_request_result verdict;
    docgen_state *state = NULL;
    const char *id, *sentence = NULL;
    docgen_error error;
    int refused, rc = refuse_early(context, &refused);
    apr_status_t rv;

    if (refused)
        return rc;
    rc = docgen_inbound_repository(context, &id);
    if (!id)
        return rc;
    rv = request(context, id, &verdict, &state, &sentence, &error);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (sentence) {
        if (docgen_error_http(error) == HTTP_SERVICE_UNAVAILABLE)
            apr_table_setn(r->headers_out, "Retry-After", "60");
        return docgen_problem(context, error, "%s", sentence);
    }
    if (verdict == DOCGEN_REQUEST_UNKNOWN || !state)
        return docgen_problem_unknown(context);
    if (verdict == DOCGEN_REQUEST_ACCEPTED)
        docgen_jobs_announce(r->server);
    apr_table_mergen(r->headers_out, "Vary", "Accept");
    if (docgen_wants_html(r))
        return docgen_redirect(context, HTTP_SEE_OTHER,
                               apr_pstrcat(r->pool, context->mount, "/projects/", id, NULL), 0);
    return verdict == DOCGEN_REQUEST_ACCEPTED ? answer_accepted(context, state)
                                              : answer_in_progress(context, state);
}
