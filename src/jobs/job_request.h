/* What a generator is told: the one JSON object on its stdin, and which of it is secret.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_JOB_REQUEST_H
#define DOCGEN_JOBS_JOB_REQUEST_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include "config/config.h"
#include "jobs/child.h"

/** The job object as one line with its newline, from `pool`.
 * @param remaining the time that the generator has
 * @param secrets set to what must never be stored or logged: array of const char *, from `pool` */
const char *docgen_job_request_create(apr_pool_t *pool, const docgen_child *child,
                                      const docgen_database *database, const docgen_taken *taken,
                                      apr_interval_time_t remaining, apr_array_header_t **secrets);

/** May a server of this database fetch the URL (DocGenAllowURL)? */
int docgen_job_request_allows(const docgen_database *database, const char *url);

#endif
