/* A repository's state: reading it and asking for a generation.
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"
#include "store/row.h"

#include <stdlib.h>
#include <string.h>

#define STATE_COLUMNS                                                                              \
    "repository_id, status, progress, step, queue_position, job_id, generation, revision, "        \
    "requested_ms, started_ms, updated_ms, finished_ms, locked_until_ms, server_ms, "              \
    "error_message, published_job_id, published_commit, published_branch, published_ms, "          \
    "published_pages, title, registered, committed_ms, checked_ms, percents, row_version"

/* Which steps ran: those that a percentage was reported of. */
static unsigned read_milestones(const apr_array_header_t *percents)
{
    unsigned milestones = 0;

    for (int i = 0; i < percents->nelts; i++) {
        int at = docgen_milestone_at(atoi(APR_ARRAY_IDX(percents, i, const char *)));

        milestones |= at >= 0 ? 1u << at : 0;
    }
    return milestones;
}

/* The columns above, from `first` on. */
static apr_status_t read_state(apr_pool_t *pool, const PGresult *result, int row, int first,
                               docgen_state **state)
{
    docgen_state *made = apr_pcalloc(pool, sizeof(*made));
    int at = first;

    made->repository_id = docgen_row_text(pool, result, row, at++);
    if (docgen_status_parse(PQgetvalue(result, row, at++), &made->status) != APR_SUCCESS) {
        return DOCGEN_STORE_EQUERY;
    }
    made->progress = (int)docgen_row_number(result, row, at++);
    made->step = docgen_row_text(pool, result, row, at++);
    made->queue_position = (int)docgen_row_number(result, row, at++);
    made->job_id = docgen_row_text(pool, result, row, at++);
    made->generation = docgen_row_number(result, row, at++);
    made->revision = docgen_row_number(result, row, at++);
    made->requested_at = docgen_row_time(result, row, at++);
    made->generation_started_at = docgen_row_time(result, row, at++);
    made->updated_at = docgen_row_time(result, row, at++);
    made->finished_at = docgen_row_time(result, row, at++);
    made->locked_until = docgen_row_time(result, row, at++);
    made->server_time = docgen_row_time(result, row, at++);
    made->error_message = docgen_row_text(pool, result, row, at++);
    made->published_job_id = docgen_row_text(pool, result, row, at++);
    made->published_commit = docgen_row_text(pool, result, row, at++);
    made->published_branch = docgen_row_text(pool, result, row, at++);
    made->published_at = docgen_row_time(result, row, at++);
    made->published_pages = (int)docgen_row_number(result, row, at++);
    made->title = docgen_row_text(pool, result, row, at++);
    made->registered = docgen_row_bool(result, row, at++);
    made->published_committed_at = docgen_row_time(result, row, at++);
    made->checked_at = docgen_row_time(result, row, at++);
    made->milestones = read_milestones(docgen_row_texts(pool, result, row, at++));
    made->row_version = docgen_row_number(result, row, at);
    *state = made;
    return APR_SUCCESS;
}

apr_status_t docgen_store_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 docgen_state **state)
{
    static const docgen_statement statement = {
        .name = "docgen_status",
        .sql = "select " STATE_COLUMNS " from docgen_status($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
        .slot = 1,
    };
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, &repository_id, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) == 0) {
        *state = NULL;
    } else {
        rv = read_state(pool, result, 0, 0, state);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_list(docgen_store *store, apr_pool_t *pool, const apr_array_header_t *ids,
                               apr_array_header_t **states)
{
    static const docgen_statement statement = {
        .name = "docgen_list",
        .sql = "select " STATE_COLUMNS " from docgen_list($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {docgen_parameter_texts(pool, ids)};
    apr_array_header_t *made;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    made = apr_array_make(pool, PQntuples(result), sizeof(docgen_state *));
    for (int i = 0; i < PQntuples(result) && rv == APR_SUCCESS; i++) {
        rv = read_state(pool, result, i, 0, &APR_ARRAY_PUSH(made, docgen_state *));
    }
    PQclear(result);
    if (rv == APR_SUCCESS) {
        *states = made;
    }
    return rv;
}

static apr_status_t parse_request_result(const char *word, docgen_request_result *request_result)
{
    if (!strcmp(word, "accepted")) {
        *request_result = DOCGEN_REQUEST_ACCEPTED;
    } else if (!strcmp(word, "in_progress")) {
        *request_result = DOCGEN_REQUEST_IN_PROGRESS;
    } else if (!strcmp(word, "unknown")) {
        *request_result = DOCGEN_REQUEST_UNKNOWN;
    } else {
        return DOCGEN_STORE_EQUERY;
    }
    return APR_SUCCESS;
}

apr_status_t docgen_store_request(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  const docgen_uuid *job, const char *url, const char *branch,
                                  const char *title, apr_interval_time_t lock,
                                  apr_interval_time_t queue_limit, apr_interval_time_t lease,
                                  docgen_request_result *request_result, docgen_state **state)
{
    static const docgen_statement statement = {
        .name = "docgen_request",
        .sql =
            "select verdict, " STATE_COLUMNS " from docgen_request($1, $2, $3, $4, $5, $6, $7, $8)",
        .parameters = 8,
        .use = DOCGEN_FOR_READER,
        .is_write = 1,
    };
    const char *parameters[] = {
        repository_id,
        job->text,
        url,
        branch,
        title,
        docgen_parameter_interval(pool, lock),
        docgen_parameter_interval(pool, queue_limit),
        docgen_parameter_interval(pool, lease),
    };
    docgen_request_result answer = DOCGEN_REQUEST_UNKNOWN;
    docgen_state *found = NULL;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        rv = parse_request_result(PQgetvalue(result, 0, 0), &answer);
    }
    if (rv == APR_SUCCESS && answer != DOCGEN_REQUEST_UNKNOWN) {
        rv = read_state(pool, result, 0, 1, &found);
    }
    PQclear(result);
    if (rv == APR_SUCCESS) {
        *request_result = answer;
        *state = found;
    }
    return rv;
}

apr_status_t docgen_store_repository(docgen_store *store, apr_pool_t *pool,
                                     const char *repository_id, docgen_origin *origin)
{
    static const docgen_statement statement = {
        .name = "docgen_repository",
        .sql = "select url, branch, title, registered from docgen_repository($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
        .slot = 2,
    };
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, &repository_id, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *origin = (docgen_origin){0};
    if (PQntuples(result) > 0) {
        origin->url = docgen_row_text(pool, result, 0, 0);
        origin->branch = docgen_row_text(pool, result, 0, 1);
        origin->title = docgen_row_text(pool, result, 0, 2);
        origin->registered = docgen_row_bool(result, 0, 3);
    }
    PQclear(result);
    return rv;
}
