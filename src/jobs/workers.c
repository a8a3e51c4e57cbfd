/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/workers.h"

#include <pthread.h>
#include "docgen_private.h"
#include "jobs/job.h"

/* Looks in every database until none has a job for this host. */
void *APR_THREAD_FUNC docgen_workers_look(apr_thread_t *thread, void *data)
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
    docgen_child_wake(child); /* the wakeup may have rung while no thread was idle */
    return NULL;
}
