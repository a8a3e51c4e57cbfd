/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/job_artifacts.h"

#include <stdarg.h>
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "core/time.h"
#include "jobs/clock.h"

#define PROGRESS_EVERY  apr_time_from_msec(250) /* for changes of nothing but the percentage */
#define RETRY_AFTER     apr_time_from_msec(250)
#define PAGES_A_BATCH   50
#define SYMBOLS_A_BATCH 2000

apr_status_t docgen_job_fail(docgen_running_job *job, docgen_error error, const char *format, ...)
{
    va_list args;

    if (job->state == JOB_RUNS) {
        job->state = JOB_FAILED;
        job->error = error;
        va_start(args, format);
        job->message = apr_pvsprintf(job->pool, format, args);
        va_end(args);
    }
    return APR_EGENERAL;
}

static apr_status_t job_refused(docgen_running_job *job, const docgen_reason *reason)
{
    return docgen_job_fail(job, DOCGEN_E_STORE_FAILED, "%s; %s, then press Regenerate.",
                           reason->what, reason->todo);
}

/* A whole lease without a write: for the reason that the last call told, or without any answer. */
static apr_status_t job_unheard(docgen_running_job *job)
{
    apr_status_t rv = job->lease.failure;
    const docgen_reason *reason = docgen_store_reason(rv);

    if (reason && rv != DOCGEN_STORE_EDOWN && rv != DOCGEN_STORE_ESTOPPING) {
        return job_refused(job, reason);
    }
    return docgen_job_fail(job, DOCGEN_E_STORE_FAILED,
                           "The database did not answer for %s; press Regenerate when it does.",
                           docgen_duration_format(job->pool, job->child->config->lease));
}

apr_status_t docgen_job_check(docgen_running_job *job)
{
    apr_time_t now = docgen_clock_now();

    if (job->state != JOB_RUNS) {
        return APR_EGENERAL;
    }
    if (job->lease.is_lost && !job->is_finishing) {
        job->state = JOB_LOST;
        return APR_EGENERAL;
    }
    if (docgen_child_is_stopping(job->child, 0)) {
        return docgen_job_fail(job, DOCGEN_E_SERVER_STOPPING,
                               "The server is stopping; press Regenerate when it is back.");
    }
    if (now >= job->deadline) {
        return docgen_job_fail(
            job, DOCGEN_E_JOB_TIMEOUT,
            "The job ran past its time limit of %s; raise DocGenJobTimeout (with "
            "DocGenLockTimeout), or find out from the log what takes so long.",
            docgen_duration_format(job->pool, job->child->config->job_timeout));
    }
    if (now - job->lease.renewed_at > job->child->config->lease) {
        return job_unheard(job);
    }
    return APR_SUCCESS;
}

apr_status_t docgen_job_store(docgen_running_job *job, docgen_job_call *call, const void *data)
{
    const docgen_reason *reason;
    apr_status_t rv;
    int mine;

    while ((rv = docgen_job_check(job)) == APR_SUCCESS) {
        mine = 0;
        apr_pool_clear(job->scratch);
        rv = call(job, data, &mine);
        job->lease.failure = rv;
        if (rv == APR_SUCCESS && !mine) {
            job->state = JOB_LOST;
            return APR_EGENERAL;
        }
        if (rv == APR_SUCCESS) {
            return rv;
        }
        reason = docgen_store_reason(rv);
        if (reason && reason->is_lasting) {
            return job_refused(job, reason);
        }
        apr_sleep(RETRY_AFTER);
    }
    return rv;
}

typedef struct job_progress {
    int percent;
    const char *step;
} job_progress;

static apr_status_t call_progress(docgen_running_job *job, const void *data, int *mine)
{
    const job_progress *progress = data;
    apr_time_t before = docgen_clock_now();
    apr_status_t rv = docgen_store_progress(
        job->database->store, job->scratch, job->taken->repository_id, &job->lease.id,
        progress->percent, progress->step, job->child->config->lease, mine);

    if (rv == APR_SUCCESS && *mine) {
        job->lease.renewed_at = before;
    }
    return rv;
}

static apr_status_t call_source(docgen_running_job *job, const void *data, int *mine)
{
    const docgen_event *event = data;

    return docgen_store_source(job->database->store, job->scratch, job->taken->repository_id,
                               &job->lease.id, event->commit, event->branch, event->committed_at,
                               mine);
}

static apr_status_t call_pages(docgen_running_job *job, const void *data, int *mine)
{
    return docgen_store_pages(job->database->store, job->scratch, job->taken->repository_id,
                              &job->lease.id, data, mine);
}

static apr_status_t call_assets(docgen_running_job *job, const void *data, int *mine)
{
    return docgen_store_assets(job->database->store, job->scratch, job->taken->repository_id,
                               &job->lease.id, data, mine);
}

static apr_status_t call_symbols(docgen_running_job *job, const void *data, int *mine)
{
    return docgen_store_symbols(job->database->store, job->scratch, job->taken->repository_id,
                                &job->lease.id, data, mine);
}

static apr_status_t call_facts(docgen_running_job *job, const void *data, int *mine)
{
    return docgen_store_facts(job->database->store, job->scratch, job->taken->repository_id,
                              &job->lease.id, data, mine);
}

static apr_status_t call_log(docgen_running_job *job, const void *data, int *mine)
{
    return docgen_store_log(job->database->store, job->scratch, job->taken->repository_id,
                            &job->lease.id, data, mine);
}

static apr_status_t store_pages(void *baton, const char *json, int count)
{
    (void)count;
    return docgen_job_store(baton, call_pages, json);
}

static apr_status_t store_assets(void *baton, const char *json, int count)
{
    (void)count;
    return docgen_job_store(baton, call_assets, json);
}

static apr_status_t store_symbols(void *baton, const char *json, int count)
{
    (void)count;
    return docgen_job_store(baton, call_symbols, json);
}

static apr_status_t job_store_progress(docgen_running_job *job, int percent, const char *step)
{
    job_progress progress = {percent, step};
    apr_status_t rv = docgen_job_store(job, call_progress, &progress);

    if (rv == APR_SUCCESS) {
        if (strcmp(step, job->step) != 0) {
            job->step = apr_pstrdup(job->pool, step);
        }
        job->percent = job->next_percent = percent;
        job->progress_at = docgen_clock_now();
    }
    return rv;
}

/* A new step or milestone is stored at once, a mere percentage only now and then. */
static apr_status_t job_progress_came(docgen_running_job *job, const docgen_event *event)
{
    if (strcmp(event->step, job->step) != 0 ||
        docgen_milestone_name(event->percent) != docgen_milestone_name(job->percent)) {
        return job_store_progress(job, event->percent, event->step);
    }
    job->next_percent = event->percent;
    return APR_SUCCESS;
}

apr_status_t docgen_job_catch_up(docgen_running_job *job, int now)
{
    if (job->next_percent > job->percent &&
        (now || docgen_clock_now() - job->progress_at >= PROGRESS_EVERY)) {
        return job_store_progress(job, job->next_percent, job->step);
    }
    return APR_SUCCESS;
}

static apr_status_t job_event(void *baton, apr_pool_t *scratch, const docgen_event *event)
{
    docgen_running_job *job = baton;

    switch (event->type) {
    case DOCGEN_EVENT_PROGRESS:
        return job_progress_came(job, event);
    case DOCGEN_EVENT_SOURCE:
        return docgen_job_store(job, call_source, event);
    case DOCGEN_EVENT_PAGE:
        return docgen_batch_add(job->pages, event->artifact);
    case DOCGEN_EVENT_ASSET:
        return docgen_batch_add(job->assets, event->artifact);
    case DOCGEN_EVENT_SYMBOL:
        return docgen_batch_add(job->symbols, event->artifact);
    case DOCGEN_EVENT_FACTS:
        return docgen_job_store(job, call_facts, docgen_json_dump(scratch, event->artifact));
    case DOCGEN_EVENT_ERROR:
        job->reported_error = apr_pstrdup(job->pool, event->message);
        return APR_SUCCESS;
    case DOCGEN_EVENT_UNCHANGED:
        job->is_unchanged = 1;
        return docgen_job_store(job, call_source, event);
    }
    return APR_EINVAL;
}

void docgen_job_artifacts_begin(docgen_running_job *job)
{
    job->step = "Starting";
    job->events =
        docgen_events_create(job->pool, job->taken->previous_commit != NULL, job_event, job);
    job->pages = docgen_batch_create(job->pool, PAGES_A_BATCH, store_pages, job);
    job->assets = docgen_batch_create(job->pool, PAGES_A_BATCH, store_assets, job);
    job->symbols = docgen_batch_create(job->pool, SYMBOLS_A_BATCH, store_symbols, job);
}

apr_status_t docgen_job_artifacts_finish(docgen_running_job *job, const char *log)
{
    apr_status_t rv;

    if ((rv = docgen_job_catch_up(job, 1)) || (rv = docgen_batch_flush(job->pages)) ||
        (rv = docgen_batch_flush(job->assets)) || (rv = docgen_batch_flush(job->symbols))) {
        return rv;
    }
    return *log ? docgen_job_store(job, call_log, log) : APR_SUCCESS;
}
