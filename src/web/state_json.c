/* The status object: see state_json.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/state_json.h"

#include <apr_strings.h>
#include "core/time.h"

json_t *docgen_time_json(const docgen_context *context, apr_time_t when)
{
    return docgen_json_text(docgen_time_format(context->r->pool, when));
}

static json_t *docs_json(const docgen_context *context, const docgen_state *state)
{
    json_t *docs;

    if (!state->published_job_id)
        return json_null();
    docs = json_object();
    json_object_set_new(docs, "url",
                        json_string(apr_pstrcat(context->r->pool, context->mount, "/docs/",
                                                state->repository_id, "/", NULL)));
    json_object_set_new(docs, "commit", docgen_json_text(state->published_commit));
    json_object_set_new(docs, "branch", docgen_json_text(state->published_branch));
    json_object_set_new(docs, "committedAt",
                        docgen_time_json(context, state->published_committed_at));
    json_object_set_new(docs, "publishedAt", docgen_time_json(context, state->published_at));
    json_object_set_new(docs, "checkedAt", docgen_time_json(context, state->checked_at));
    return docs;
}

/* The percentages of the milestones that the running job reached. */
static json_t *milestones_json(const docgen_state *state)
{
    json_t *list = json_array();

    for (int i = 0; docgen_milestones[i].name; i++)
        if (state->milestones & 1u << i)
            json_array_append_new(list, json_integer(docgen_milestones[i].percent));
    return list;
}

json_t *docgen_state_json(const docgen_context *context, const docgen_state *state)
{
    json_t *json = json_object();

    json_object_set_new(json, "repositoryId", docgen_json_text(state->repository_id));
    json_object_set_new(json, "status", json_string(docgen_status_name(state->status)));
    json_object_set_new(json, "progress", json_integer(state->progress));
    json_object_set_new(json, "step", docgen_json_text(state->step));
    json_object_set_new(json, "milestones", milestones_json(state));
    json_object_set_new(json, "queuePosition",
                        state->queue_position > 0 ? json_integer(state->queue_position)
                                                  : json_null());
    json_object_set_new(json, "jobId", docgen_json_text(state->job_id));
    json_object_set_new(json, "generation", json_integer(state->generation));
    json_object_set_new(json, "revision", json_integer(state->revision));
    json_object_set_new(json, "requestedAt", docgen_time_json(context, state->requested_at));
    json_object_set_new(json, "generationStartedAt",
                        docgen_time_json(context, state->generation_started_at));
    json_object_set_new(json, "updatedAt", docgen_time_json(context, state->updated_at));
    json_object_set_new(json, "finishedAt", docgen_time_json(context, state->finished_at));
    json_object_set_new(json, "lockedUntil", docgen_time_json(context, state->locked_until));
    json_object_set_new(json, "serverTime", docgen_time_json(context, state->server_time));
    json_object_set_new(json, "errorMessage", docgen_json_text(state->error_message));
    json_object_set_new(json, "docs", docs_json(context, state));
    return json;
}

const char *docgen_state_etag(const docgen_context *context, const docgen_state *state)
{
    const char *job = state->job_id ? state->job_id : "none";

    return apr_psprintf(context->r->pool, "W/\"%s.%" APR_INT64_T_FMT ".%" APR_INT64_T_FMT ".%d\"",
                        job, state->revision, state->row_version, state->queue_position);
}

int docgen_state_lock_seconds(const docgen_state *state)
{
    apr_interval_time_t left = state->locked_until - state->server_time;

    if (!state->locked_until || left <= 0)
        return 1;
    return (int)((left + APR_USEC_PER_SEC - 1) / APR_USEC_PER_SEC);
}
