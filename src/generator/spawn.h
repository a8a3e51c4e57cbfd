/* Starting one child process with everything that keeps it in bounds.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SPAWN_H
#define DOCGEN_GENERATOR_SPAWN_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>

/** What to start. */
typedef struct docgen_spawn {
    const char *const *argv; /**< NULL-ended; argv[0] without '/' is searched in PATH */
    const char *const *env;  /**< NULL-ended, or NULL for docgen_spawn_environment */
    const char *directory;   /**< working directory, or NULL */
    int input;               /**< becomes its stdin */
    int output;              /**< becomes its stdout */
    int errors;              /**< becomes its stderr */
    int pass_fd;             /**< kept open at the same number; 0 = none. All others are closed */
    apr_size_t max_memory;   /**< RLIMIT_AS in bytes, 0 = none */
    apr_size_t max_data;     /**< RLIMIT_DATA in bytes, 0 = none */
    apr_size_t max_file;     /**< RLIMIT_FSIZE in bytes, 0 = none */
    int cpu_seconds;         /**< RLIMIT_CPU, 0 = none */
} docgen_spawn;

/** Starts a program in a process group of its own, with default signals, no core dumps, and the
 * kernel's order
 * to kill it when this process dies. Only the main thread may call it: that order is tied to the
 * calling thread.
 * @param pid set on success
 * @return APR_SUCCESS, or why it could not be started (APR_ENOENT: not installed) */
apr_status_t docgen_spawn_program(apr_pool_t *pool, const docgen_spawn *spawn, pid_t *pid);

/** The environment that helpers get: PATH, a C.UTF-8 locale, HOME and TMPDIR below the run's own
 * directory. From `pool`. */
const char *const *docgen_spawn_environment(apr_pool_t *pool);

/** Where `name` is: itself when it holds a '/', else the first executable in PATH; NULL when there
 * is none. */
const char *docgen_spawn_which(apr_pool_t *pool, const char *name);

/** Kills a process group with SIGKILL and waits for its leader. @return the leader's wait status */
int docgen_spawn_kill(pid_t pid);

/** A time that only counts forwards, for deadlines: a corrected wall clock must not end or prolong a
 * run. */
apr_time_t docgen_monotonic_now(void);

#endif
