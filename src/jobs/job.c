/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/job.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include <http_log.h>
#include "docgen_private.h"
#include "core/error.h"
#include "core/text.h"
#include "core/time.h"
#include "jobs/clock.h"
#include "jobs/job_request.h"
#include "jobs/job_artifacts.h"
#include "jobs/workdir.h"
#include "jobs/thread_pool.h"

#define POLL_EVERY                                                                                 \
    apr_time_from_msec(100) /* how long a change of the child's phase can stay unseen */
#define RETRY_AFTER apr_time_from_msec(250)
#define SILENCE_MAX apr_time_from_sec(120)
#define DEADLINE_MARGIN                                                                            \
    apr_time_from_sec(2) /* our own verdict, with the log, comes before the reaper's */
#define MESSAGE_MAX    2000
#define ANNOUNCE_EVERY apr_time_from_sec(24 * 60 * 60)

static void job_log(const docgen_running_job *job, int level, docgen_error error, const char *text)
{
    ap_log_error(APLOG_MARK, level, 0, job->database->server, "%s: job %s of %s: %s",
                 docgen_error_code(error), job->taken->job_id, job->taken->repository_id, text);
}

/* ---- the generator ---- */

static apr_status_t job_start_failed(docgen_running_job *job, const char *program, apr_status_t rv)
{
    char reason[120];

    job->detail = program;
    return docgen_job_fail(
        job, DOCGEN_E_GENERATOR_START,
        "The generator could not be started: %s; the administrator checks DocGenGenerator and that "
        "the server's user may run the program, which the server's error log names.",
        apr_strerror(rv, reason, sizeof(reason)));
}

static apr_status_t job_without_directory(docgen_running_job *job, apr_status_t rv)
{
    const char *lack = docgen_config_work_dir_lack(job->child->config);
    char reason[120];

    job->detail =
        apr_psprintf(job->pool, "%s: %s", job->directory, apr_strerror(rv, reason, sizeof(reason)));
    if (lack) {
        return docgen_job_fail(job, DOCGEN_E_GENERATOR_START, "%s", lack);
    }
    return docgen_job_fail(job, DOCGEN_E_GENERATOR_START,
                           "No directory could be made in the work directory (DocGenWorkDir): %s; "
                           "the administrator makes room there or corrects its rights.",
                           reason);
}

static apr_status_t job_start(docgen_running_job *job)
{
    const docgen_child *child = job->child;
    const apr_array_header_t *words = child->config->generator;
    apr_array_header_t *argv = apr_array_copy(job->pool, words);
    docgen_generator_command *spawn = apr_pcalloc(job->pool, sizeof(*spawn));
    const char *refusal;
    docgen_error error;
    apr_status_t rv;

    if (!job->taken->url || !docgen_job_request_allows(job->database, job->taken->url)) {
        return docgen_job_fail(
            job, DOCGEN_E_URL_NOT_ALLOWED,
            "The URL of this repository is not allowed here; add its beginning to "
            "DocGenAllowURL or correct the URL.");
    }
    refusal = docgen_config_refusal(child->config, job->pool, job->taken->url, &error);
    if (refusal) { /* queued before its credentials could no longer be read */
        return docgen_job_fail(job, error, "%s", refusal);
    }
    rv = docgen_workdir_create(&job->directory, job->pool, child->config->work_dir, &child->self,
                               &job->lease.id);
    if (rv != APR_SUCCESS) {
        return job_without_directory(job, rv);
    }
    APR_ARRAY_PUSH(argv, const char *) = NULL;
    spawn->argv = (const char *const *)argv->elts;
    spawn->env = docgen_generator_environment(job->pool, job->directory);
    spawn->directory = job->directory;
    spawn->input = docgen_job_request_create(job->pool, child, job->database, job->taken,
                                             job->deadline - docgen_clock_now(), &job->secrets);
    spawn->input_length = strlen(spawn->input);
    APR_ARRAY_PUSH(job->secrets, const char *) =
        job->directory; /* it may stand in a tool's words */
    rv = docgen_generator_start(&job->generator, job->pool, spawn);
    if (rv != APR_SUCCESS) {
        return job_start_failed(job, spawn->argv[0], rv);
    }
    docgen_child_set_generator(job->child, &job->lease, job->generator);
    return APR_SUCCESS;
}

static apr_status_t job_listen(docgen_running_job *job)
{
    apr_interval_time_t quiet = docgen_clock_now() - docgen_generator_heard_at(job->generator);
    apr_interval_time_t limit = job->child->config->job_timeout / 3 * 2;

    limit = limit < SILENCE_MAX ? limit : SILENCE_MAX;
    if (quiet > limit) {
        return docgen_job_fail(
            job, DOCGEN_E_GENERATOR_SILENT,
            "The generator sent nothing for %s and was stopped; its log may show where "
            "it hangs.",
            docgen_duration_format(job->pool, limit));
    }
    return docgen_job_check(job);
}

static apr_status_t job_breach(docgen_running_job *job)
{
    const char *why = docgen_events_why(job->events);

    if (!why) {
        return APR_EGENERAL; /* the store's or the child's reason stands already */
    }
    return docgen_job_fail(
        job, DOCGEN_E_GENERATOR_PROTOCOL,
        "The generator broke the protocol: %s; DocGenGenerator must name a program "
        "that speaks version 1 or 2 of it.",
        why);
}

/* Reads until the generator is done. APR_SUCCESS: it ended by itself and everything that it said
 * was good. */
static apr_status_t job_supervise(docgen_running_job *job)
{
    char chunk[65536];
    apr_size_t length;
    apr_status_t rv;

    do {
        rv = docgen_generator_read(job->generator, POLL_EVERY, chunk, sizeof(chunk), &length);
        if (rv == APR_SUCCESS && docgen_events_feed(job->events, chunk, length) != APR_SUCCESS) {
            return job_breach(job);
        }
        if (job_listen(job) != APR_SUCCESS || docgen_job_catch_up(job, 0) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    } while (rv != APR_EOF);
    while (docgen_generator_wait(job->generator, POLL_EVERY) == APR_TIMEUP) {
        if (job_listen(job) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

/* It ended by itself: well? */
static apr_status_t job_check_result(docgen_running_job *job)
{
    int signal = docgen_generator_exit_signal(job->generator);
    int code = docgen_generator_exit_code(job->generator);

    if (job->reported_error) {
        return docgen_job_fail(job, DOCGEN_E_GENERATOR_EXIT, "%s", job->reported_error);
    }
    if (signal || (code > 128 && code < 128 + NSIG)) { /* a guard passes its worker's signal on */
        signal = signal ? signal : code - 128;
        return docgen_job_fail(
            job, DOCGEN_E_GENERATOR_SIGNAL,
            "The generator was killed by signal %d (%s); if the machine is short of "
            "memory, lower DocGenMaxRunning.",
            signal, strsignal(signal));
    }
    if (code != 0) {
        return docgen_job_fail(
            job, DOCGEN_E_GENERATOR_EXIT,
            "The generator ended with exit code %d and gave no reason; its log may "
            "have it.",
            code);
    }
    if (docgen_generator_left_output_open(job->generator)) {
        return docgen_job_fail(
            job, DOCGEN_E_GENERATOR_PROTOCOL,
            "The generator ended but left processes that kept its output open; they were killed, "
            "and nobody can tell whether everything was sent: it must wait for its children.");
    }
    if (docgen_events_end(job->events) != APR_SUCCESS) {
        return job_breach(job);
    }
    if (!job->is_unchanged && docgen_events_pages(job->events) == 0) {
        return docgen_job_fail(job, DOCGEN_E_NO_PAGES,
                               "The generator ended without sending a page; its log may say why.");
    }
    return APR_SUCCESS;
}

/* ---- the end ---- */

static const char *job_clean_text(docgen_running_job *job, const char *text, apr_size_t length)
{
    return docgen_text_redact(job->pool, docgen_utf8_repair(job->pool, text, length), job->secrets);
}

static const char *job_log_tail(docgen_running_job *job)
{
    apr_size_t length;
    const char *log;

    if (!job->generator) {
        return "";
    }
    log = docgen_generator_log(job->generator, job->pool, &length);
    log = job_clean_text(job, log, length);
    length = strlen(log);
    return length > DOCGEN_GENERATOR_LOG_MAX /* repairing makes it longer */
               ? docgen_utf8_repair(job->pool, log + length - DOCGEN_GENERATOR_LOG_MAX,
                                    DOCGEN_GENERATOR_LOG_MAX)
               : log;
}

static apr_status_t call_complete(docgen_running_job *job, const void *data, int *mine)
{
    docgen_complete_result complete_result;
    apr_status_t rv;

    (void)data;
    if (job->is_unchanged) {
        rv = docgen_store_up_to_date(job->database->store, job->scratch, job->taken->repository_id,
                                     job->taken->job_id, &job->lease.id, &complete_result);
    } else {
        rv = docgen_store_complete(job->database->store, job->scratch, job->taken->repository_id,
                                   job->taken->job_id, &job->lease.id,
                                   docgen_events_pages(job->events), &complete_result);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    switch (complete_result) {
    case DOCGEN_COMPLETE_DONE:
        *mine = 1;
        job->state = JOB_DONE;
        break;
    case DOCGEN_COMPLETE_LOST:
        break;
    case DOCGEN_COMPLETE_INCOMPLETE:
        *mine = 1;
        docgen_job_fail(
            job, DOCGEN_E_STORE_FAILED, "%s",
            job->is_unchanged
                ? "The generator says that nothing changed, but what is published is of "
                  "another commit; press Regenerate."
                : "The database does not hold all pages of this job; press Regenerate.");
        break;
    }
    return APR_SUCCESS;
}

/* Everything that came is stored, then published in one statement. */
static apr_status_t job_finish(docgen_running_job *job)
{
    const char *log = job_log_tail(job);
    apr_status_t rv;

    if ((rv = docgen_job_artifacts_finish(job, log)) != APR_SUCCESS) {
        return rv;
    }
    job->is_finishing = 1;
    return docgen_job_store(job, call_complete, NULL);
}

/* Writes the failure. Called again from the pool's cleanup when this did not settle it. */
static apr_status_t job_write_failure(docgen_running_job *job, apr_pool_t *pool, const char *log)
{
    int mine = 0;
    apr_status_t rv = docgen_store_fail(job->database->store, pool, job->taken->repository_id,
                                        &job->lease.id, job->message, log, &mine);

    if (rv == APR_SUCCESS) {
        job->is_settled = 1;
        if (!mine) {
            job->state = JOB_LOST;
        }
    }
    return rv;
}

/* An outage keeps it from saying how the job ended; no other job could be taken meanwhile, so it
 * waits for the database rather than leave the row to the reaper. */
static int job_may_retry(const docgen_running_job *job)
{
    if (docgen_child_is_stopping(job->child, 0)) {
        return !docgen_child_is_stopping(job->child, DOCGEN_STOP_FAIL);
    }
    return docgen_clock_now() < job->deadline + job->child->config->lease;
}

static int is_lasting(apr_status_t rv)
{
    const docgen_reason *reason = docgen_store_reason(rv);

    return !reason || reason->is_lasting;
}

static void job_settle_failure(docgen_running_job *job)
{
    const char *log = job_log_tail(job);
    apr_status_t rv;

    job->message = docgen_text_shorten(
        job->pool, job_clean_text(job, job->message, strlen(job->message)), MESSAGE_MAX);
    for (;;) {
        apr_pool_clear(job->scratch);
        rv = job_write_failure(job, job->scratch, log);
        if (rv == APR_SUCCESS || is_lasting(rv) || !job_may_retry(job)) {
            break;
        }
        apr_sleep(RETRY_AFTER);
    }
    if (!job->is_settled) {
        job_log(job, APLOG_WARNING, DOCGEN_E_STORE_FAILED,
                "its failure could not be stored; the reaper will fail it");
    }
}

static apr_status_t job_cleanup(void *data)
{
    docgen_running_job *job = data;

    if (!job->is_settled && job->taken) {
        if (!job->message) {
            job->message = "The job ended without a verdict; press Regenerate.";
        }
        job_write_failure(job, job->pool, NULL);
    }
    return APR_SUCCESS;
}

static void job_end(docgen_running_job *job)
{
    switch (job->state) {
    case JOB_DONE:
        job->is_settled = 1;
        job_log(job, APLOG_INFO, DOCGEN_E_JOB_EVENT, "completed");
        break;
    case JOB_LOST:
        job->is_settled = 1;
        job_log(job, APLOG_NOTICE, DOCGEN_E_JOB_LOST,
                "a newer request took over, or the lease ended; what the job made is discarded");
        break;
    case JOB_RUNS:
    case JOB_FAILED:
        job_settle_failure(job);
        job_log(job, APLOG_WARNING, job->error,
                job->detail ? apr_psprintf(job->pool, "%s (%s)", job->message, job->detail)
                            : job->message);
        break;
    }
}

static void job_run(docgen_running_job *job)
{
    docgen_job_artifacts_begin(job);
    job_log(job, APLOG_INFO, DOCGEN_E_JOB_EVENT, "taken");
    if (job_start(job) == APR_SUCCESS && job_supervise(job) == APR_SUCCESS &&
        job_check_result(job) == APR_SUCCESS) {
        job_finish(job);
    }
    if (job->generator) {
        docgen_generator_end(job->generator);
        docgen_child_set_generator(job->child, &job->lease, NULL);
    }
    if (job->state == JOB_RUNS) { /* a call failed and gave no reason */
        docgen_job_fail(
            job, DOCGEN_E_STORE_FAILED,
            "An artifact of this job could not be stored; the server's error log says why.");
    }
    job_end(job);
    if (job->directory && docgen_workdir_remove(job->directory) != APR_SUCCESS) {
        job_log(job, APLOG_INFO, DOCGEN_E_JOB_EVENT,
                "its work directory could not be removed wholly");
    }
}

/* ---- taking ---- */

/* Again after a while: the rows of owners that were not heard of for days are removed. */
static apr_status_t announce_owner(docgen_child *child, docgen_database *database, apr_pool_t *pool)
{
    apr_time_t now = docgen_clock_now();
    apr_status_t rv = APR_SUCCESS;

    if (!database->is_owner || now - database->announced_at > ANNOUNCE_EVERY) {
        rv = docgen_store_owner_start(database->store, pool, child->self.id.text,
                                      child->self.host.text, (int)child->self.pid,
                                      child->self.started);
        if (rv == APR_SUCCESS) {
            database->announced_at = now;
            database->is_owner = 1;
        }
    }
    return rv;
}

/* A take whose answer was lost may have got a job: asking with the same lease gets the same one. */
static apr_status_t choose_lease(docgen_running_job *job)
{
    docgen_child *child = job->child;
    docgen_uuid *unsettled = &job->database->unsettled;

    apr_thread_mutex_lock(child->lock);
    job->lease.id = *unsettled;
    unsettled->text[0] = '\0';
    apr_thread_mutex_unlock(child->lock);
    return job->lease.id.text[0] ? APR_SUCCESS : docgen_uuid_create(&job->lease.id);
}

static void keep_lease(docgen_running_job *job)
{
    apr_thread_mutex_lock(job->child->lock);
    job->database->unsettled = job->lease.id;
    apr_thread_mutex_unlock(job->child->lock);
}

static apr_status_t job_take(docgen_running_job *job)
{
    docgen_child *child = job->child;
    const docgen_config *config = child->config;
    apr_time_t before = docgen_clock_now();
    apr_interval_time_t margin;
    apr_status_t rv;

    job->lease.renewed_at = before;
    rv = docgen_store_take(job->database->store, job->pool, child->self.host.text,
                           config->max_running, child->self.id.text, &job->lease.id,
                           job->database->ids, config->lease, config->job_timeout,
                           config->lock_timeout, &job->taken);
    if (rv != APR_SUCCESS) {
        job->taken = NULL;
        if (rv != DOCGEN_STORE_EBUSY && rv != DOCGEN_STORE_ELOCKED) {
            keep_lease(job);
        }
        return rv;
    }
    if (job->taken) {
        job->lease.is_held = 1;
        margin = job->taken->remaining / 5;
        margin = margin < DEADLINE_MARGIN ? margin : DEADLINE_MARGIN;
        job->deadline = before + job->taken->remaining - margin;
    }
    return APR_SUCCESS;
}

/* A job's memory is its own: touched by one thread, given back whole. */
static apr_pool_t *job_pool_create(void)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;

    if (apr_allocator_create(&allocator) != APR_SUCCESS) {
        return NULL;
    }
    if (apr_pool_create_unmanaged_ex(&pool, NULL, allocator) != APR_SUCCESS) {
        apr_allocator_destroy(allocator);
        return NULL;
    }
    apr_allocator_owner_set(allocator, pool);
    apr_pool_tag(pool, "docgen_running_job");
    return pool;
}

int docgen_job_run_next(docgen_child *child, docgen_database *database)
{
    apr_pool_t *pool = job_pool_create();
    docgen_running_job *job;
    int found = 0;

    if (!pool) {
        return 0;
    }
    job = apr_pcalloc(pool, sizeof(*job));
    job->pool = pool;
    job->child = child;
    job->database = database;
    job->lease.database = database;
    job->secrets = apr_array_make(pool, 1, sizeof(const char *));
    apr_pool_create(&job->scratch, pool);
    apr_pool_pre_cleanup_register(pool, job, job_cleanup);
    if (announce_owner(child, database, pool) == APR_SUCCESS && choose_lease(job) == APR_SUCCESS) {
        docgen_child_add_lease(child, &job->lease);
        if (job_take(job) == APR_SUCCESS && job->taken) {
            found = 1;
            atomic_fetch_add(&child->busy, 1);
            docgen_thread_pool_spread(child); /* where one job waited there may be another */
            job_run(job);
        }
        docgen_child_remove_lease(child, &job->lease);
    }
    apr_pool_destroy(pool); /* writes the failure when nothing else could */
    if (found) {
        atomic_fetch_sub(&child->busy, 1);
    }
    return found;
}
