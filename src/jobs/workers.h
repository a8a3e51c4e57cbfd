/* What a job thread does: it takes jobs and runs them until none is left.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_WORKERS_H
#define DOCGEN_JOBS_WORKERS_H

#include "jobs/child.h"

/** The task of the thread pool: looks in every database until none has a job for this host.
 * @param data the docgen_child */
void *APR_THREAD_FUNC docgen_workers_look(apr_thread_t *thread, void *data);

#endif
