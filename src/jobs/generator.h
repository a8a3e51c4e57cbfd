/* One running generator program: started in a process group of its own with clean signals, no
 * stray descriptors and an environment of known names; its output polled, its log's end kept;
 * ended by TERM, then KILL of the group, and always reaped. Untrusted content lives there, never
 * in httpd.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_GENERATOR_H
#define DOCGEN_JOBS_GENERATOR_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>

#define DOCGEN_GENERATOR_LOG_MAX  (64 * 1024)             /**< bytes kept of its stderr */
#define DOCGEN_GENERATOR_PATIENCE apr_time_from_msec(500) /**< between TERM and KILL */

typedef struct docgen_generator docgen_generator;

/** What to start. */
typedef struct docgen_generator_command {
    const char *const *argv; /**< NULL-ended; argv[0] is searched in PATH */
    const char *const *env;  /**< NULL-ended "NAME=value" */
    const char *directory;   /**< its working directory */
    /** what it reads first; stdin then stays open: its end means that we are gone */
    const char *input;
    apr_size_t input_length;
} docgen_generator_command;

/** Starts a generator. It is ended with `pool` at the latest. Call with all signals blocked, from
 * the thread that will supervise it to its end (its parent-death signal follows that thread).
 * @param spawn must stay as it is while the generator runs
 * @return the error of starting it; nothing runs then. */
apr_status_t docgen_generator_start(docgen_generator **generator, apr_pool_t *pool,
                                    const docgen_generator_command *spawn);

/** Its pid, which is also its process group's number. */
pid_t docgen_generator_pid(const docgen_generator *generator);

/** Reads what it wrote to stdout, and keeps its stdin and stderr moving meanwhile.
 * @return APR_TIMEUP when nothing came in time; APR_EOF when nothing will come any more: it
 * closed stdout, or it ended and the pipe is empty (children that keep the pipe open are killed,
 * not awaited). */
apr_status_t docgen_generator_read(docgen_generator *generator, apr_interval_time_t timeout,
                                   char *data, apr_size_t size, apr_size_t *length);

/** Waits for its end, keeping its log; then kills what it left in its group, reaps it, and
 * kills who still holds one of its pipes.
 * @return APR_SUCCESS when it ended, APR_TIMEUP. */
apr_status_t docgen_generator_wait(docgen_generator *generator, apr_interval_time_t timeout);

/** Sends a signal to its group. Any thread; nothing happens after its end. */
void docgen_generator_signal(docgen_generator *generator, int signal);

/** Ends it now: TERM, half a second, KILL, reap. Nothing of its group is left when this returns. */
void docgen_generator_end(docgen_generator *generator);

/** After its end: its exit code (-1 when a signal killed it) and that signal (or 0). */
int docgen_generator_exit_code(const docgen_generator *generator);
int docgen_generator_exit_signal(const docgen_generator *generator);

/** After its end: did it leave processes that could still have written to its stdout? Nobody can tell then whether
 * everything was sent. They are killed. */
int docgen_generator_left_output_open(const docgen_generator *generator);

/** When it last wrote anything, by docgen_clock_now(). */
apr_time_t docgen_generator_heard_at(const docgen_generator *generator);

/** The last of what it wrote to stderr, from `pool`, as it came (neither repaired nor redacted). */
const char *docgen_generator_log(const docgen_generator *generator, apr_pool_t *pool,
                                 apr_size_t *length);

/** The environment for a generator: the names that it may see of ours, and a home that is its own
 * directory. */
const char *const *docgen_generator_environment(apr_pool_t *pool, const char *directory);

#endif
