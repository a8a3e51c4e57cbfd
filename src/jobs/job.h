/* One job's life: take, start the generator, store what it says, complete or fail.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_JOB_H
#define DOCGEN_JOBS_JOB_H

#include "jobs/child.h"

/** Takes the next job of a database, when there is one for this host, and supervises it to its
 * end, on the calling thread, with all signals blocked. However it ends, the row says so:
 * completed, failed, or it was another's already.
 * @return 1 when there was a job. */
int docgen_job_run_next(docgen_child *child, docgen_database *database);

#endif
