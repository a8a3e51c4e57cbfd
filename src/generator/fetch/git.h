/* git as a tool of fetching: its environment, its credentials, and what its failures mean.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_FETCH_GIT_H
#define DOCGEN_GENERATOR_FETCH_GIT_H

#include "generator/job.h"
#include "generator/run.h"

/** What all git commands of one run share. */
typedef struct docgen_git {
    apr_pool_t *pool;
    const docgen_job *job;
    const char *directory; /**< the run's own: configuration, keys, HOME */
    const char *program;   /**< this program, git's GIT_ASKPASS */
    const char *url;       /**< what is fetched: the job's URL, or where its host redirects to */
    apr_time_t deadline;
    const char *const *env;
    void (*on_progress)(void *baton, const char *data, apr_size_t length);
    void *baton;
    int stop; /**< set by on_progress: git is to be killed */
} docgen_git;

/** Writes git's configuration (and a key that came with the job) into `directory` and builds the
 * environment.
 * @param program absolute path of this program
 * @return APR_SUCCESS, or the error of writing there */
apr_status_t docgen_git_create(docgen_git **git, apr_pool_t *pool, const docgen_job *job,
                               const char *directory, const char *program, apr_time_t deadline);

/** Runs `git [--git-dir=DIR] ARGS…` within the run's deadline, with credentials when `network`.
 * @param timeout upper bound beside the deadline; 0 = only the deadline
 * @return as docgen_run_program */
apr_status_t docgen_git_run(docgen_git *git, apr_pool_t *pool, const char *git_dir,
                            const char *const *args, int network, apr_interval_time_t timeout,
                            docgen_run_result *result);

/** One sentence for a person: what git's failure means and what to do. Never NULL; from `pool`.
 * @param rv what docgen_git_run returned */
const char *docgen_git_explain(apr_pool_t *pool, const docgen_git *git, apr_status_t rv,
                               const docgen_run_result *result);

/** One sentence for a person: why the work directory cannot be written. From `pool`.
 * @param rv the error of writing there */
const char *docgen_work_dir_explain(apr_pool_t *pool, const docgen_job *job, apr_status_t rv);

/** Is a failure the remote's or the network's, so that a fresh cache would not help? */
int docgen_git_is_remote_failure(apr_status_t rv, const docgen_run_result *result);

/** What stands before "fetch" where a filter leaves out trees and files: its objects are not checked for what git calls
 * errors. git (2.39.5 and 2.47.3) forgets `fetch.fsck.*` there, so that one old commit with a malformed time zone would cost the
 * whole history. index-pack still computes every object's id, and of what comes only commits and tags are ever read, by
 * git itself: the checks of paths in trees and of .gitmodules protect work trees, and there is none. */
#define DOCGEN_GIT_UNCHECKED "-c", "transfer.fsckObjects=false"

/** `git init` for a bare repository whose object ids are as long as `commit`: 40 digits (SHA-1) or 64 (SHA-256).
 * @return as docgen_git_run */
apr_status_t docgen_git_init(docgen_git *git, apr_pool_t *pool, const char *git_dir,
                             const char *commit, docgen_run_result *result);

/** Did the server refuse a partial clone or a shallow one? */
int docgen_git_is_filter_refused(const docgen_run_result *result);

/** The process that git starts to ask for user name and password: answers from the inherited pipe
 * whose number is in
 * DOCGEN_ASKPASS_FD, and only for the origin (scheme, host, port) that came through it.
 * @return the process's exit status */
int docgen_askpass_main(const char *prompt);

/** Is this process meant to be askpass? */
int docgen_askpass_is_wanted(void);

/** A pipe filled with the answers for `url`, inheritable by number; the caller closes it.
 * @return -1 when there is no token or no pipe */
int docgen_askpass_pipe(apr_pool_t *pool, const char *url, const char *token);

#endif
