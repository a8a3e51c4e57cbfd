/* One generation as it was ordered: the JSON object on stdin, or the command line.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_JOB_H
#define DOCGEN_GENERATOR_JOB_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

#define DOCGEN_JOB_MAX (1024 * 1024) /**< bytes of the JSON line */

typedef struct docgen_limits {
    apr_interval_time_t timeout; /**< for the whole run */
    apr_uint64_t max_file;       /**< bytes; larger files are skipped */
    apr_uint64_t max_repository; /**< bytes on disk; a larger one ends the run */
    apr_uint64_t max_memory;     /**< bytes of the analysis process */
    int max_files;               /**< entries of the tree; more ends the run */
} docgen_limits;

typedef struct docgen_job {
    int protocol; /**< 1 or 2: what the supervisor reads */
    const char *repository_id;
    const char *url;
    const char *branch; /**< NULL = the remote's HEAD */
    const char *title;  /**< NULL = from the URL */
    const char *work_dir;
    const char *output_dir;      /**< a static site goes here; NULL = JSON lines on stdout */
    const char *token;           /**< for https, "TOKEN" or "USER:SECRET"; NULL = none */
    const char *ssh_key;         /**< path */
    const char *ssh_known_hosts; /**< path */
    const char *ssh_key_data;    /**< the key itself, when this process may not read its file */
    const char *ssh_known_hosts_data;
    /** base URL for the URL's host; NULL = api.github.com for github.com, else none */
    const char *github_api;
    const char *previous_commit;
    int accept_unchanged; /**< the supervisor understands "unchanged" */
    /** prefixes (const char *); NULL = the configuration has checked it */
    apr_array_header_t *allow_url;
    docgen_limits limits;
} docgen_job;

/** A job with default limits and nothing else. From `pool`. */
docgen_job *docgen_job_create(apr_pool_t *pool);

/** Reads the JSON object of the protocol; unknown members are ignored.
 * @param error a sentence from `pool` on failure
 * @return APR_SUCCESS or APR_EINVAL */
apr_status_t docgen_job_parse(apr_pool_t *pool, const char *data, apr_size_t length,
                              docgen_job **job, const char **error);

/** Checks what parsing and the command line have in common: URL, branch, credentials, that the
 * prefix is allowed.
 * Gives a local path its absolute form. @return as docgen_job_parse */
apr_status_t docgen_job_check(apr_pool_t *pool, docgen_job *job, const char **error);

/** How git reaches a URL. */
typedef enum {
    DOCGEN_SCHEME_HTTPS,
    DOCGEN_SCHEME_HTTP,
    DOCGEN_SCHEME_SSH,
    DOCGEN_SCHEME_FILE, /**< file:// or a path */
    DOCGEN_SCHEME_NONE  /**< anything else: refused */
} docgen_scheme;

/** The scheme of a repository URL; "ext::", "git://" and the like are DOCGEN_SCHEME_NONE. */
docgen_scheme docgen_scheme_of(const char *url);

/** The URL as people may see it: without user and secret. From `pool`. */
const char *docgen_url_public(apr_pool_t *pool, const char *url);

/** Every secret of the job, for redaction: array of const char *, from `pool`. */
apr_array_header_t *docgen_job_secrets(apr_pool_t *pool, const docgen_job *job);

#endif
