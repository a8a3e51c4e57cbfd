/* The pool of job threads. A task of the pool means "look for work", it never is the work: losing
 * one loses nothing. What looking is, the child's `look` says: the pool does not know the jobs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_THREAD_POOL_H
#define DOCGEN_JOBS_THREAD_POOL_H

#include "jobs/child.h"

/** Makes the empty pool of threads. In child_init. */
apr_status_t docgen_thread_pool_create(docgen_child *child);

/** Lets an idle thread look for work. @return 0 when no thread is idle or nothing may be taken.
 * Never waits for the database. Any thread. */
int docgen_thread_pool_look(docgen_child *child);

/** Lets an idle thread of this child look, or of another child when there is none here. Any
 * thread. */
void docgen_thread_pool_spread(docgen_child *child);

/** Is a thread idle? Any thread. */
int docgen_thread_pool_are_idle(docgen_child *child);

/** Joins the threads, which must have no more work. In the pre_cleanup. */
void docgen_thread_pool_destroy(docgen_child *child);

#endif
