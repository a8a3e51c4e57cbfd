/* What the tests of the store share: a real database, a store on it, and the first step of a job.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_WORLD_H
#define TESTS_STORE_WORLD_H

#include <apr_pools.h>

#include "store/pool.h"
#include "store/store.h"

#define SEC apr_time_from_sec(1)

/** The test's own; a test may put another store in the place of the one that world_open made. */
extern apr_pool_t *pool;
extern docgen_store *store;

/** For TestSuite: a store on the database "store"; afterwards no connection may be out, whatever a test did. */
void world_open(void);
void world_close(void);

/** The conninfo of the module's role. */
const char *world_login(const char *database);

/** Says a statement as the database's owner, on another connection; its first value, or NULL. */
const char *admin(const char *sql);

/** A new one; the test fails when there is none. */
docgen_uuid uuid(void);

/** Asks for a generation of `id` with the defaults of the directives. */
docgen_request_result request(const char *id, const docgen_uuid *job, docgen_state **state);

#endif
