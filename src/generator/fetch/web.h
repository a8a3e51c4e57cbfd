/* A small HTTP client on libcurl: bounded in time and size, one request at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_FETCH_WEB_H
#define DOCGEN_GENERATOR_FETCH_WEB_H

#include <apr_errno.h>
#include <apr_pools.h>

typedef struct docgen_web_answer {
    long status;      /**< HTTP status; 0 when there was no answer */
    const char *body; /**< at most 1 MiB, NUL-terminated, from the pool */
    apr_size_t length;
    const char *location; /**< where a redirect points (absolute), or NULL */
    const char *type;     /**< Content-Type, or NULL */
    const char *problem;  /**< curl's words when there was no answer */
} docgen_web_answer;

/** GET a URL; redirects are not followed.
 * @param bearer a token for the Authorization header, or NULL
 * @param only_head whether the body is of no interest: the transfer ends at its first byte
 * @return APR_SUCCESS for any HTTP status; APR_EGENERAL when there was no answer */
apr_status_t docgen_web_get(apr_pool_t *pool, const char *url, const char *bearer, int only_head,
                            docgen_web_answer *answer);

#endif
