/* Questions that only the user of httpd's children can answer: what root can reach says nothing about them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_AS_CHILD_H
#define DOCGEN_CONFIG_AS_CHILD_H

#include <apr_errno.h>
#include <apr_pools.h>

/** A question. Runs in a process of its own, as the children's user with its groups, in their root directory: what it
 * changes in memory is lost, and it must not write to httpd's logs.
 * @return the answer, from `pool` or constant; at most 64 KiB count */
typedef const char *docgen_question(apr_pool_t *pool, const void *data);

/** Asks. Without root's rights the question runs as the calling user, who will be the children's. Takes at most 15 s.
 * The parent's main thread, while it reads its configuration.
 * @param answer from `pool`; on an error a sentence that says why the question could not be asked */
apr_status_t docgen_as_child_ask(apr_pool_t *pool, docgen_question *question, const void *data,
                                 const char **answer);

/** Runs a program of PATH in a question; its standard output (at most 4 KiB) in `*output` unless that is NULL.
 * @return did it start and exit with 0? */
int docgen_as_child_runs(apr_pool_t *pool, const char *const *argv, const char **output);

#endif
