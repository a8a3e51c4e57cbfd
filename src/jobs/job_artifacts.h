/* A running job, and storing what its generator says. Only for job.c and job_artifacts.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_JOB_ARTIFACTS_H
#define DOCGEN_JOBS_JOB_ARTIFACTS_H

#include "core/error.h"
#include "jobs/batch.h"
#include "jobs/child.h"
#include "jobs/events.h"

typedef enum {
    JOB_RUNS,
    JOB_FAILED,
    JOB_LOST,
    JOB_DONE
} job_state;

typedef struct docgen_running_job {
    apr_pool_t *pool;
    apr_pool_t *scratch; /* one call of the store */
    docgen_child *child;
    docgen_database *database;
    docgen_lease lease;
    docgen_taken *taken;
    apr_time_t deadline;
    docgen_generator *generator;
    docgen_events *events;
    docgen_batch *pages;
    docgen_batch *assets;
    docgen_batch *symbols;
    apr_array_header_t *secrets;
    const char *directory;
    /* progress */
    const char *step; /* stored */
    int percent;      /* stored */
    int next_percent; /* came, but was too soon to store */
    apr_time_t progress_at;
    /* how it ends */
    job_state state;
    docgen_error error;
    const char *message;        /* why it failed: anybody may read it, so no path of this host */
    const char *detail;         /* what the error log alone says of it, or NULL */
    const char *reported_error; /* the generator's own error */
    int is_unchanged;
    int is_finishing; /* complete decides now; a renewal that misses the lease says nothing */
    int is_settled;   /* the row has its verdict, or is not ours */
} docgen_running_job;

/** Notes why the job failed; the first reason counts. @return APR_EGENERAL, to be returned. */
apr_status_t docgen_job_fail(docgen_running_job *job, docgen_error error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Must it end, whatever the generator does: lost, out of time, without a lease, the server
 * stopping? @return APR_SUCCESS when it may go on; else the job's state says why. */
apr_status_t docgen_job_check(docgen_running_job *job);

/** One call of the store; may be repeated. `*mine` is the fence's answer. */
typedef apr_status_t docgen_job_call(docgen_running_job *job, const void *data, int *mine);

/** Calls the store until it answers. An outage shorter than the lease costs the job only time: the
 * generator waits, its pipe being full. @return APR_SUCCESS, else the job's state says why. */
apr_status_t docgen_job_store(docgen_running_job *job, docgen_job_call *call, const void *data);

/** Makes the reader of the generator's lines, whose events are stored from then on. */
void docgen_job_artifacts_begin(docgen_running_job *job);

/** Stores a percentage that came too soon after another; `now` = however soon. */
apr_status_t docgen_job_catch_up(docgen_running_job *job, int now);

/** Stores all that is still collected, and the log. */
apr_status_t docgen_job_artifacts_finish(docgen_running_job *job, const char *log);

#endif
