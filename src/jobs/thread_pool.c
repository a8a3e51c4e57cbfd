/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/thread_pool.h"

#include <http_log.h>
#include "docgen_private.h"

apr_status_t docgen_thread_pool_create(docgen_child *child)
{
    apr_status_t rv =
        apr_thread_pool_create(&child->threads, 0, child->config->threads, child->pool);

    if (rv == APR_SUCCESS) {
        apr_thread_pool_threshold_set(child->threads,
                                      0); /* else tasks wait while threads may be made */
    }
    return rv;
}

int docgen_thread_pool_are_idle(docgen_child *child)
{
    int idle;

    apr_thread_mutex_lock(child->lock);
    idle = child->working < child->config->threads;
    apr_thread_mutex_unlock(child->lock);
    return idle;
}

int docgen_thread_pool_look(docgen_child *child)
{
    apr_status_t rv = APR_EBUSY;
    sigset_t before;

    docgen_signals_block(&before); /* a thread inherits the mask of its maker */
    apr_thread_mutex_lock(child->lock);
    if (docgen_child_may_take(child) && child->working < child->config->threads) {
        child->working++;
        rv = apr_thread_pool_push(child->threads, child->look, child,
                                  APR_THREAD_TASK_PRIORITY_NORMAL, child);
        if (rv != APR_SUCCESS && apr_thread_pool_tasks_count(child->threads) == 0) {
            child->working--;
        }
    }
    apr_thread_mutex_unlock(child->lock);
    docgen_signals_restore(&before);
    if (rv != APR_SUCCESS && rv != APR_EBUSY) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, child->main,
                     "DG0207: a job thread cannot be started; the job waits for another one");
    }
    return rv == APR_SUCCESS;
}

void docgen_thread_pool_spread(docgen_child *child)
{
    if (!docgen_thread_pool_look(child)) {
        docgen_scoreboard_wake(child->scoreboard);
    }
}

void docgen_thread_pool_destroy(docgen_child *child)
{
    apr_thread_pool_destroy(child->threads);
}
