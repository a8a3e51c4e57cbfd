/* What one elected child of a host does for a database: fail the jobs of the dead, end what
 * expired, clear away what is old, and wake somebody for what waits. Every step is one statement
 * and may run twice.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_SWEEP_H
#define DOCGEN_JOBS_SWEEP_H

#include "jobs/child.h"

/** Sweeps all databases once; those that are one installation under several names only once. On
 * the tick's thread.
 * @return the first error; the other databases were swept all the same. */
apr_status_t docgen_sweep(docgen_child *child, apr_pool_t *pool);

/** Renews the leases of all jobs of this child and tells those that lost theirs. On the tick's
 * thread. */
apr_status_t docgen_sweep_renew(docgen_child *child, apr_pool_t *pool);

/** Fails whatever this child still owns, and signs it off. On the tick's thread, once. */
void docgen_sweep_end(docgen_child *child, apr_pool_t *pool);

#endif
