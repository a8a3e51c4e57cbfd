/* What one elected child of a host does for a database: fail the jobs of the dead, end what
 * expired, clear away what is old, and wake somebody for what waits. Every step is one statement
 * and may run twice.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_REAPER_H
#define DOCGEN_JOBS_REAPER_H

#include "jobs/child.h"

/** Reaps all databases once; those that are one installation under several names only once. On
 * the maintenance thread.
 * @return the first error; the other databases were reaped all the same. */
apr_status_t docgen_reaper_run(docgen_child *child, apr_pool_t *pool);

/** Renews the leases of all jobs of this child and tells those that lost theirs. On the maintenance * thread. */
apr_status_t docgen_reaper_renew(docgen_child *child, apr_pool_t *pool);

/** Fails whatever this child still owns, and signs it off. On the maintenance thread, once. */
void docgen_reaper_end(docgen_child *child, apr_pool_t *pool);

#endif
