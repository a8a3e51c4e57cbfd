/* The worker: one job from fetching to the last page, below the guard.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_WORKER_H
#define DOCGEN_GENERATOR_WORKER_H

#include "generator/guard.h"
#include "generator/job.h"
#include "generator/output.h"

/** Carries out a job.
 * @param note the run's own directory is written there, for the guard
 * @return exit status: 0, or 1 after an error line */
int docgen_worker_run(apr_pool_t *pool, const docgen_job *job, docgen_output *output,
                      docgen_guard_note *note);

#endif
