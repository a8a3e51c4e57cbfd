/* The clock that leases and deadlines of this host are measured with: it only rises, also over a
 * suspended machine.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_CLOCK_H
#define DOCGEN_JOBS_CLOCK_H

#include <time.h>
#include <apr_time.h>

/** Microseconds since the machine started. Any thread, also a signal handler. */
static inline apr_time_t docgen_clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (apr_time_t)now.tv_sec * APR_USEC_PER_SEC + now.tv_nsec / 1000;
}

#endif
