/* Reading blobs through one open `git cat-file --batch`.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_BLOBS_H
#define DOCGEN_GENERATOR_REPO_BLOBS_H

#include <apr_errno.h>
#include <apr_pools.h>

typedef struct docgen_blobs docgen_blobs;

/** Starts the reader; it ends with `pool`. */
apr_status_t docgen_blobs_open(docgen_blobs **blobs, apr_pool_t *pool, const char *git_dir);

/** Asks for a blob; answers come in the order of asking. At most DOCGEN_BLOBS_AHEAD may be
 * outstanding. */
apr_status_t docgen_blobs_ask(docgen_blobs *blobs, const char *oid);

/** Takes the next answer, from `pool`, NUL-terminated; a blob over `max` bytes is read away and
 * APR_ENOSPC.
 * @return APR_ENOENT when the repository lacks it; the reader stays usable after both */
apr_status_t docgen_blobs_take(docgen_blobs *blobs, apr_pool_t *pool, apr_size_t max,
                               const char **data, apr_size_t *length);

/** How many questions may be ahead of the answers: they must fit into the pipe together. */
#define DOCGEN_BLOBS_AHEAD 256

/** The git command that reads this repository and nothing else: no hooks, no replacement objects,
 * no lazy fetch. */
const char *const *docgen_git_argv(apr_pool_t *pool, const char *git_dir, const char *const *args);

/** The environment for reading git commands: no system or user configuration. From `pool`. */
const char *const *docgen_git_environment(apr_pool_t *pool);

#endif
