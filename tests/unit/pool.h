/* A pool for each test of a suite.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_POOL_H
#define DOCGEN_TESTS_UNIT_POOL_H

#include <apr_general.h>
#include <apr_pools.h>

static apr_pool_t *pool;

static inline void pool_setup(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

static inline void pool_teardown(void)
{
    apr_pool_destroy(pool);
    apr_terminate();
}

#endif
