/* One git process answers for all blobs; questions go ahead of answers, so that neither side waits.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/blobs.h"

#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "core/log.h"
#include "generator/run.h"
#include "generator/spawn.h"

#define ANSWER_TIMEOUT apr_time_from_sec(60)
#define HEADER_MAX     512

struct docgen_blobs {
    docgen_pipe *pipe;
    int broken; /* after a failure answers no longer match questions */
};

const char *const *docgen_git_environment(apr_pool_t *pool)
{
    static const char *const ours[] = {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
                                       "GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1",
                                       "GIT_OPTIONAL_LOCKS=0",  "GIT_ALLOW_PROTOCOL=none",
                                       "GIT_NO_LAZY_FETCH=1"};
    const char *const *base = docgen_spawn_environment(pool);
    apr_array_header_t *env = apr_array_make(pool, 16, sizeof(const char *));

    for (; *base; base++) {
        APR_ARRAY_PUSH(env, const char *) = *base;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        APR_ARRAY_PUSH(env, const char *) = ours[i];
    }
    APR_ARRAY_PUSH(env, const char *) = NULL;
    return (const char *const *)env->elts;
}

const char *const *docgen_git_argv(apr_pool_t *pool, const char *git_dir, const char *const *args)
{
    apr_array_header_t *argv = apr_array_make(pool, 16, sizeof(const char *));

    APR_ARRAY_PUSH(argv, const char *) = "git";
    APR_ARRAY_PUSH(argv, const char *) = apr_pstrcat(pool, "--git-dir=", git_dir, NULL);
    APR_ARRAY_PUSH(argv, const char *) = "-c";
    APR_ARRAY_PUSH(argv, const char *) = "core.hooksPath=/dev/null";
    APR_ARRAY_PUSH(argv, const char *) = "-c";
    APR_ARRAY_PUSH(argv, const char *) = "core.fsmonitor=false";
    for (; *args; args++) {
        APR_ARRAY_PUSH(argv, const char *) = *args;
    }
    APR_ARRAY_PUSH(argv, const char *) = NULL;
    return (const char *const *)argv->elts;
}

apr_status_t docgen_blobs_open(docgen_blobs **result, apr_pool_t *pool, const char *git_dir)
{
    static const char *const args[] = {"cat-file", "--batch", NULL};
    docgen_blobs *blobs = apr_pcalloc(pool, sizeof(*blobs));
    docgen_run run = {0};
    apr_status_t rv;

    run.argv = docgen_git_argv(pool, git_dir, args);
    run.env = docgen_git_environment(pool);
    rv = docgen_pipe_open(&blobs->pipe, pool, &run);
    if (rv == APR_SUCCESS) {
        *result = blobs;
    }
    return rv;
}

apr_status_t docgen_blobs_ask(docgen_blobs *blobs, const char *oid)
{
    char line[80];
    apr_status_t rv;

    if (blobs->broken) {
        return APR_EGENERAL;
    }
    apr_snprintf(line, sizeof(line), "%s\n", oid);
    rv = docgen_pipe_write(blobs->pipe, line, strlen(line));
    blobs->broken = rv != APR_SUCCESS;
    return rv;
}

static apr_status_t bytes_skip(docgen_blobs *blobs, apr_uint64_t length)
{
    char piece[65536];

    while (length) {
        apr_size_t n = length < sizeof(piece) ? (apr_size_t)length : sizeof(piece);
        apr_status_t rv = docgen_pipe_read(blobs->pipe, ANSWER_TIMEOUT, piece, n);

        if (rv != APR_SUCCESS) {
            return rv;
        }
        length -= n;
    }
    return APR_SUCCESS;
}

/** The size in an answer's header "OID TYPE SIZE"; APR_ENOENT for "OID missing". */
static apr_status_t header_read(docgen_blobs *blobs, apr_uint64_t *size)
{
    const char *line, *space;
    apr_size_t length;
    apr_status_t rv =
        docgen_pipe_read_line(blobs->pipe, ANSWER_TIMEOUT, HEADER_MAX, &line, &length);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    space = strrchr(line, ' ');
    if (!space) {
        return APR_EGENERAL;
    }
    if (!apr_isdigit(space[1])) {
        return APR_ENOENT;
    }
    *size = (apr_uint64_t)apr_strtoi64(space + 1, NULL, 10);
    return APR_SUCCESS;
}

apr_status_t docgen_blobs_take(docgen_blobs *blobs, apr_pool_t *pool, apr_size_t max,
                               const char **data, apr_size_t *length)
{
    apr_uint64_t size = 0;
    char *bytes = NULL;
    char newline;
    apr_status_t rv;

    if (blobs->broken) {
        return APR_EGENERAL;
    }
    rv = header_read(blobs, &size);
    if (rv == APR_ENOENT) {
        return rv;
    }
    if (rv == APR_SUCCESS && size > max) {
        rv = bytes_skip(blobs, size);
    } else if (rv == APR_SUCCESS) {
        bytes = apr_palloc(pool, (apr_size_t)size + 1);
        bytes[size] = '\0';
        rv = docgen_pipe_read(blobs->pipe, ANSWER_TIMEOUT, bytes, (apr_size_t)size);
    }
    if (rv == APR_SUCCESS) {
        rv = docgen_pipe_read(blobs->pipe, ANSWER_TIMEOUT, &newline, 1);
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "git cat-file stopped answering");
        blobs->broken = 1;
        return APR_EGENERAL;
    }
    if (!bytes) {
        return APR_ENOSPC;
    }
    *data = bytes;
    *length = (apr_size_t)size;
    return APR_SUCCESS;
}
