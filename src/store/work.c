/* What a child's jobs say: who they are, taking a job, and its fenced writes up to the end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"
#include "store/row.h"

#include <string.h>

/* Runs a statement whose one value, when it has one, is a boolean. */
static apr_status_t ask(docgen_store *store, apr_pool_t *pool, const docgen_statement *statement,
                        const char *const *parameters, int *yes)
{
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, statement, parameters, &result);

    if (rv == APR_SUCCESS) {
        if (yes) {
            *yes = PQntuples(result) > 0 && docgen_row_bool(result, 0, 0);
        }
        PQclear(result);
    }
    return rv;
}

apr_status_t docgen_store_owner_start(docgen_store *store, apr_pool_t *pool, const char *owner,
                                      const char *host, int pid, apr_int64_t started)
{
    static const docgen_statement statement = {
        .name = "docgen_owner_start",
        .sql = "select docgen_owner_start($1, $2, $3, $4)",
        .parameters = 4,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {owner, host, docgen_parameter_number(pool, pid),
                                docgen_parameter_number(pool, started)};

    return ask(store, pool, &statement, parameters, NULL);
}

apr_status_t docgen_store_owner_end(docgen_store *store, apr_pool_t *pool, const char *owner)
{
    static const docgen_statement statement = {
        .name = "docgen_owner_end",
        .sql = "select docgen_owner_end($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
    };

    return ask(store, pool, &statement, &owner, NULL);
}

apr_status_t docgen_store_owners(docgen_store *store, apr_pool_t *pool, const char *host,
                                 apr_array_header_t **owners)
{
    static const docgen_statement statement = {
        .name = "docgen_owners",
        .sql = "select owner, pid, started, jobs from docgen_owners($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
    };
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, &host, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *owners = apr_array_make(pool, PQntuples(result), sizeof(docgen_worker_record));
    for (int i = 0; i < PQntuples(result); i++) {
        docgen_worker_record *owner = &APR_ARRAY_PUSH(*owners, docgen_worker_record);

        owner->id = docgen_row_text(pool, result, i, 0);
        owner->pid = (int)docgen_row_number(result, i, 1);
        owner->started = docgen_row_number(result, i, 2);
        owner->jobs = (int)docgen_row_number(result, i, 3);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_take(docgen_store *store, apr_pool_t *pool, const char *host,
                               int max_running, const char *owner, const docgen_uuid *lease_token,
                               const apr_array_header_t *ids, apr_interval_time_t lease,
                               apr_interval_time_t limit, apr_interval_time_t lock,
                               docgen_taken **taken)
{
    static const docgen_statement statement = {
        .name = "docgen_take",
        .sql = "select repository_id, job_id, url, branch, title, previous_commit, remaining_ms "
               "from docgen_take($1, $2, $3, $4, $5, $6, $7, $8)",
        .parameters = 8,
        .use = DOCGEN_FOR_JOB,
    };
    const char *parameters[] = {
        host,
        docgen_parameter_number(pool, max_running),
        owner,
        lease_token->text,
        docgen_parameter_texts(pool, ids),
        docgen_parameter_interval(pool, lease),
        docgen_parameter_interval(pool, limit),
        docgen_parameter_interval(pool, lock),
    };
    docgen_taken *job = NULL;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        job = apr_pcalloc(pool, sizeof(*job));
        job->repository_id = docgen_row_text(pool, result, 0, 0);
        job->job_id = docgen_row_text(pool, result, 0, 1);
        job->url = docgen_row_text(pool, result, 0, 2);
        job->branch = docgen_row_text(pool, result, 0, 3);
        job->title = docgen_row_text(pool, result, 0, 4);
        job->previous_commit = docgen_row_text(pool, result, 0, 5);
        job->remaining = apr_time_from_msec(docgen_row_number(result, 0, 6));
    }
    PQclear(result);
    *taken = job;
    return rv;
}

apr_status_t docgen_store_progress(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                   const docgen_uuid *lease_token, int percent, const char *step,
                                   apr_interval_time_t lease, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_progress",
        .sql = "select docgen_progress($1, $2, $3, $4, $5)",
        .parameters = 5,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text,
                                docgen_parameter_number(pool, percent), step,
                                docgen_parameter_interval(pool, lease)};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_source(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const docgen_uuid *lease_token, const char *commit,
                                 const char *branch, const char *committed_at, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_source",
        .sql = "select docgen_source($1, $2, $3, $4, $5)",
        .parameters = 5,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, commit, branch, committed_at};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_pages(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const docgen_uuid *lease_token, const char *json, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_store_pages",
        .sql = "select docgen_store_pages($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, json};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_assets(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const docgen_uuid *lease_token, const char *json, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_store_assets",
        .sql = "select docgen_store_assets($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, json};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_symbols(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  const docgen_uuid *lease_token, const char *json, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_store_symbols",
        .sql = "select docgen_store_symbols($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, json};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_facts(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const docgen_uuid *lease_token, const char *json, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_store_facts",
        .sql = "select docgen_store_facts($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, json};

    return ask(store, pool, &statement, parameters, mine);
}

apr_status_t docgen_store_log(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                              const docgen_uuid *lease_token, const char *log, int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_log",
        .sql = "select docgen_log($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, log};

    return ask(store, pool, &statement, parameters, mine);
}

/* Runs one of the two statements that end a job well. */
static apr_status_t end_job(docgen_store *store, apr_pool_t *pool,
                            const docgen_statement *statement, const char *const *parameters,
                            docgen_complete_result *complete_result)
{
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, statement, parameters, &result);
    const char *word;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    word = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
    if (!strcmp(word, "done")) {
        *complete_result = DOCGEN_COMPLETE_DONE;
    } else if (!strcmp(word, "lost")) {
        *complete_result = DOCGEN_COMPLETE_LOST;
    } else if (!strcmp(word, "incomplete")) {
        *complete_result = DOCGEN_COMPLETE_INCOMPLETE;
    } else {
        rv = DOCGEN_STORE_EQUERY;
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_complete(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                   const char *job_id, const docgen_uuid *lease_token, int pages,
                                   docgen_complete_result *complete_result)
{
    static const docgen_statement statement = {
        .name = "docgen_complete",
        .sql = "select docgen_complete($1, $2, $3, $4)",
        .parameters = 4,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, job_id, lease_token->text,
                                docgen_parameter_number(pool, pages)};

    return end_job(store, pool, &statement, parameters, complete_result);
}

apr_status_t docgen_store_up_to_date(docgen_store *store, apr_pool_t *pool,
                                     const char *repository_id, const char *job_id,
                                     const docgen_uuid *lease_token,
                                     docgen_complete_result *complete_result)
{
    static const docgen_statement statement = {
        .name = "docgen_up_to_date",
        .sql = "select docgen_up_to_date($1, $2, $3)",
        .parameters = 3,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, job_id, lease_token->text};

    return end_job(store, pool, &statement, parameters, complete_result);
}

apr_status_t docgen_store_fail(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               const docgen_uuid *lease_token, const char *message, const char *log,
                               int *mine)
{
    static const docgen_statement statement = {
        .name = "docgen_fail",
        .sql = "select docgen_fail($1, $2, $3, $4)",
        .parameters = 4,
        .use = DOCGEN_FOR_JOB,
        .is_write = 1,
    };
    const char *parameters[] = {repository_id, lease_token->text, message, log};

    return ask(store, pool, &statement, parameters, mine);
}
