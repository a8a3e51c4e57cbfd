/* The API's readings: status, repositories, runs.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "web/access.h"
#include "web/reply.h"
#include "web/state_json.h"
#include "web/context.h"

#define RUNS_MAX 20

int docgen_api_status(docgen_context *context)
{
    request_rec *r = context->r;
    docgen_state *state;
    apr_status_t rv = docgen_access_state(context, context->id, &state);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!state)
        return docgen_problem_unknown(context);
    /* mod_deflate would change the validator and so end all 304s. */
    apr_table_setn(r->subprocess_env, "no-gzip", "1");
    apr_table_setn(r->subprocess_env, "no-brotli", "1");
    return docgen_send_json(context, HTTP_OK,
                            docgen_json_own(r->pool, docgen_state_json(context, state)),
                            docgen_state_etag(context, state), "no-cache");
}

int docgen_api_repositories(docgen_context *context)
{
    apr_array_header_t *states;
    json_t *root, *list;
    apr_status_t rv = docgen_access_list(context, &states);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    root = docgen_json_own(context->r->pool, json_object());
    list = json_array();
    json_object_set_new(root, "repositories", list);
    for (int i = 0; i < states->nelts; i++) {
        const docgen_state *state = APR_ARRAY_IDX(states, i, docgen_state *);
        json_t *item = docgen_state_json(context, state);
        json_object_set_new(item, "title", docgen_json_text(state->title));
        json_array_append_new(list, item);
    }
    return docgen_send_json(context, HTTP_OK, root, NULL, NULL);
}

static json_t *run_json(const docgen_context *context, const docgen_run_record *run)
{
    json_t *json = json_object();

    json_object_set_new(json, "jobId", docgen_json_text(run->job_id));
    json_object_set_new(json, "generation", json_integer(run->generation));
    json_object_set_new(json, "outcome", docgen_json_text(run->outcome));
    json_object_set_new(json, "requestedAt", docgen_time_json(context, run->requested_at));
    json_object_set_new(json, "startedAt", docgen_time_json(context, run->taken_at));
    json_object_set_new(json, "finishedAt", docgen_time_json(context, run->finished_at));
    json_object_set_new(json, "commit", docgen_json_text(run->commit));
    json_object_set_new(json, "message", docgen_json_text(run->message));
    json_object_set_new(json, "logTail", docgen_json_text(run->log_tail));
    return json;
}

int docgen_api_runs(docgen_context *context)
{
    apr_array_header_t *runs = NULL;
    json_t *root, *list;
    int known;
    apr_status_t rv = docgen_access_find(context, context->id, &known, NULL);

    if (rv == APR_SUCCESS && !known)
        return docgen_problem_unknown(context);
    if (rv == APR_SUCCESS)
        rv = docgen_access_store(context);
    if (rv == APR_SUCCESS)
        rv = docgen_store_runs(context->store, context->r->pool, context->id, RUNS_MAX, &runs);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    root = docgen_json_own(context->r->pool, json_object());
    json_object_set_new(root, "repositoryId", json_string(context->id));
    list = json_array();
    json_object_set_new(root, "runs", list);
    for (int i = 0; i < runs->nelts; i++)
        json_array_append_new(list, run_json(context, &APR_ARRAY_IDX(runs, i, docgen_run_record)));
    return docgen_send_json(context, HTTP_OK, root, NULL, NULL);
}
