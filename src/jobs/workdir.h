/* The directories that generators work in: one for each job below DocGenWorkDir, named after its
 * owner, so that what a killed child left behind is recognised and removed.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_WORKDIR_H
#define DOCGEN_JOBS_WORKDIR_H

#include <apr_errno.h>
#include <apr_pools.h>
#include "core/id.h"
#include "jobs/worker_process.h"

/** Makes an empty directory for a job, for this user only.
 * @param path set to it, from `pool`, also on failure (for the message). */
apr_status_t docgen_workdir_create(const char **path, apr_pool_t *pool, const char *work_dir,
                                   const docgen_worker_process *self, const docgen_uuid *lease);

/** Removes a directory with all that is in it, without following links. */
apr_status_t docgen_workdir_remove(const char *path);

/** Removes the directories of owners that are gone. @return how many. Any thread; `pool` for
 * scratch. */
int docgen_workdir_clean(apr_pool_t *pool, const char *work_dir, const docgen_worker_process *self);

#endif
