/* The analysis phase: a process of its own that reads the fetched commit and writes the
 * documentation.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSE_H
#define DOCGEN_GENERATOR_ANALYSE_H

#include "generator/job.h"
#include "generator/output.h"
#include "generator/repo/facts.h"
#include "generator/sandbox.h"

/** Exit status of the analysis when the repository could not be read: the cache may be broken. */
#define DOCGEN_EXIT_UNREADABLE 3

/** The process's life: one JSON order on stdin, results on stdout or in the site's folder.
 * @return its exit status: 0, 1 (an error line was written) or DOCGEN_EXIT_UNREADABLE */
int docgen_analyse_main(apr_pool_t *pool);

/** Runs the analysis in the sandbox and waits for it.
 * @param sandbox its `read_only` is the git directory
 * @param status its exit status; 128 + n when signal n ended it
 * @return APR_SUCCESS when it ran; APR_TIMEUP after `deadline`; or why it could not be started */
apr_status_t docgen_analyse_run(apr_pool_t *pool, const docgen_job *job, const docgen_facts *facts,
                                const docgen_sandbox *sandbox, apr_time_t deadline, int *status);

#endif
