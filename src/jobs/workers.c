/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/workers.h"

#include <pthread.h>
#include <http_log.h>
#include "docgen_private.h"
#include "jobs/job.h"

/* Looks in every database until none has a job for this host. */
static void *APR_THREAD_FUNC workers_task(apr_thread_t *thread, void *data)
{
    docgen_child *child = data;
    int found = 1;

    (void)thread;
    docgen_signals_block(NULL);
    pthread_setname_np(pthread_self(), "docgen-job");
    while (found && docgen_child_may_take(child)) {
        found = 0;
        for (int i = 0; i < child->databases->nelts && docgen_child_may_take(child); i++) {
            found |=
                docgen_job_run_next(child, APR_ARRAY_IDX(child->databases, i, docgen_database *));
        }
    }
    apr_thread_mutex_lock(child->lock);
    child->working--;
    apr_thread_mutex_unlock(child->lock);
    docgen_child_wake(child); /* the bell may have rung while no thread was idle */
    return NULL;
}

apr_status_t docgen_workers_create(docgen_child *child)
{
    apr_status_t rv =
        apr_thread_pool_create(&child->threads, 0, child->config->threads, child->pool);

    if (rv == APR_SUCCESS) {
        apr_thread_pool_threshold_set(child->threads,
                                      0); /* else tasks wait while threads may be made */
    }
    return rv;
}

int docgen_workers_are_idle(docgen_child *child)
{
    int idle;

    apr_thread_mutex_lock(child->lock);
    idle = child->working < child->config->threads;
    apr_thread_mutex_unlock(child->lock);
    return idle;
}

int docgen_workers_look(docgen_child *child)
{
    apr_status_t rv = APR_EBUSY;
    sigset_t before;

    docgen_signals_block(&before); /* a thread inherits the mask of its maker */
    apr_thread_mutex_lock(child->lock);
    if (docgen_child_may_take(child) && child->working < child->config->threads) {
        child->working++;
        rv = apr_thread_pool_push(child->threads, workers_task, child,
                                  APR_THREAD_TASK_PRIORITY_NORMAL, child);
        if (rv != APR_SUCCESS && apr_thread_pool_tasks_count(child->threads) == 0) {
            child->working--;
        }
    }
    apr_thread_mutex_unlock(child->lock);
    docgen_signals_restore(&before);
    if (rv != APR_SUCCESS && rv != APR_EBUSY) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, child->main,
                     "DocGen cannot start a job thread; the job waits for another one");
    }
    return rv == APR_SUCCESS;
}

void docgen_workers_spread(docgen_child *child)
{
    if (!docgen_workers_look(child)) {
        docgen_board_ring(child->board);
    }
}

void docgen_workers_destroy(docgen_child *child)
{
    apr_thread_pool_destroy(child->threads);
}
