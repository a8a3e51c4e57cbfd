/* The guard: the process that the supervisor starts, and whose end is the end of everything below
 * it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_GUARD_H
#define DOCGEN_GENERATOR_GUARD_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>

/** What the guard watches. */
typedef struct docgen_guard {
    /** the supervisor, 0 = not known. Another parent at the start: it is gone already */
    pid_t parent;
    int watch_stdin; /**< the end of stdin ends the run */
    /** the worker has the lowest priority (nice 19, idle I/O class), leaves a processor free, and is
     * first in line for the OOM killer */
    int background;
} docgen_guard;

/** Memory that worker and guard share: the run's own directory, which the guard removes when the
 * worker could not. */
typedef struct docgen_guard_note {
    char directory[4096];
} docgen_guard_note;

/** Reads the supervisor's line from stdin, up to `max` bytes, without its newline; stdin stays
 * open.
 * @return APR_SUCCESS, APR_EOF (closed before a whole line), APR_ENOSPC, APR_EINTR (asked to end)
 * */
apr_status_t docgen_guard_line(apr_pool_t *pool, apr_size_t max, char **line, apr_size_t *length);

/** Blocks the signals that end a run and ties this process to its parent. First call of the
 * program.
 * @return APR_SUCCESS, or APR_EGENERAL when the supervisor is gone already */
apr_status_t docgen_guard_enter(const docgen_guard *guard);

/** Forks `worker` and watches it; kills every descendant on SIGTERM, SIGINT, SIGHUP, the end of
 * stdin, and after
 * the worker's own end. Never blocks on stdout.
 * @return the exit status for this process: the worker's, 128 + n for a signal's death, 143 when
 * told to end */
int docgen_guard_run(const docgen_guard *guard, int (*worker)(void *baton, docgen_guard_note *note),
                     void *baton);

#endif
