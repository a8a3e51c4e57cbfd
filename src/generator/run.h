/* Running a helper program (git, ctags, dot): no shell, a deadline, capped output, nothing left
 * behind.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_RUN_H
#define DOCGEN_GENERATOR_RUN_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>

/** What to run and within which limits. Zeroed members mean: no input, no limit given here (a
 * default applies). */
typedef struct docgen_run {
    const char *const *argv; /**< NULL-ended; argv[0] is searched in PATH */
    const char *const
        *env; /**< NULL-ended "NAME=value"; NULL = the generator's own minimal environment */
    const char *directory; /**< working directory, or NULL */
    const char *input;     /**< bytes for its stdin, or NULL for /dev/null */
    apr_size_t input_length;
    apr_interval_time_t timeout; /**< wall time; then its process group is killed. 0 = 60 s */
    apr_size_t max_output;       /**< bytes of stdout; more kills it. 0 = 64 MiB */
    int pass_fd; /**< an extra descriptor the program inherits at the same number; 0 = none */
    apr_size_t max_memory; /**< RLIMIT_AS in bytes, 0 = none */
    apr_size_t max_file;   /**< RLIMIT_FSIZE in bytes: no file it writes gets larger; 0 = none */
    int cpu_seconds;       /**< RLIMIT_CPU, 0 = none */
    /** Called with each piece of stderr as it comes (for git's progress); NULL logs stderr at the
     * end. */
    void (*on_stderr)(void *baton, const char *data, apr_size_t length);
    void *baton;
    const int *stop; /**< when not 0 any more (set by on_stderr) the program is killed */
} docgen_run;

typedef struct docgen_run_result {
    const char *output; /**< stdout, NUL-terminated, from the pool */
    apr_size_t length;
    const char *errors; /**< stderr, its last 16 KiB, repaired UTF-8, from the pool */
    int exit_code;      /**< -1 when it died by a signal */
    int signal;         /**< the signal, or 0 */
    int timed_out;
    int overflowed;
} docgen_run_result;

/** Runs a program to its end.
 * @return APR_SUCCESS when it exited 0; APR_TIMEUP, APR_ENOSPC (output too long), APR_EGENERAL
 * (other
 * exit code or signal) with `result` filled; or the error of starting it (APR_ENOENT: not
 * installed). */
apr_status_t docgen_run_program(apr_pool_t *pool, const docgen_run *run, docgen_run_result *result);

/** A program that stays open for requests and answers (git cat-file --batch, ctags --_interactive).
 * */
typedef struct docgen_pipe docgen_pipe;

/** Starts it; killed with `pool` at the latest. Only argv, env, directory and limits of `run` are
 * used. */
apr_status_t docgen_pipe_open(docgen_pipe **pipe, apr_pool_t *pool, const docgen_run *run);

/** Writes everything; a broken pipe is an error, never a signal. */
apr_status_t docgen_pipe_write(docgen_pipe *pipe, const void *data, apr_size_t length);

/** Reads one line without its newline into `*line` (valid until the next read). @return APR_EOF,
 * APR_TIMEUP
 * after `timeout`, APR_ENOSPC for a line over `max` bytes. */
apr_status_t docgen_pipe_read_line(docgen_pipe *pipe, apr_interval_time_t timeout, apr_size_t max,
                                   const char **line, apr_size_t *length);

/** Reads exactly `length` bytes. */
apr_status_t docgen_pipe_read(docgen_pipe *pipe, apr_interval_time_t timeout, void *data,
                              apr_size_t length);

/** After the end of its output: waits for its own end. @return APR_SUCCESS when it exited 0, APR_EGENERAL when not or when
 * it did not end within `timeout` */
apr_status_t docgen_pipe_end(docgen_pipe *pipe, apr_interval_time_t timeout);

/** Ends it (closing its input, then killing its group) and reaps it. Safe to call twice. */
void docgen_pipe_close(docgen_pipe *pipe);

#endif
