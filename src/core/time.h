/* Times as the API shows them: RFC 3339, UTC, milliseconds.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_TIME_H
#define DOCGEN_CORE_TIME_H

#include <apr_pools.h>
#include <apr_time.h>

#define DOCGEN_TIME_LEN 24 /**< "2026-01-02T03:04:05.678Z" */

/** Formats a time as RFC 3339 in UTC with milliseconds, from `pool`; NULL for 0 (no time). */
const char *docgen_time_format(apr_pool_t *pool, apr_time_t when);

/** A duration for people: "42 s", "3 min 20 s", "2 h 5 min". From `pool`. */
const char *docgen_duration_format(apr_pool_t *pool, apr_interval_time_t duration);

/** How long ago, for people: "just now", "3 minutes ago", "2 days ago". From `pool`. */
const char *docgen_time_ago(apr_pool_t *pool, apr_interval_time_t age);

#endif
