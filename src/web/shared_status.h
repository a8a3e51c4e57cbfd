/* Many tabs watch one project: requests of a child that ask for the same state at the same time share a statement.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_SHARED_STATUS_H
#define DOCGEN_WEB_SHARED_STATUS_H

#include "store/store.h"

/** Makes what the threads of a child share. Once in child_init, before the child has a second thread. */
void docgen_shared_status_init(apr_pool_t *child);

/** As docgen_store_status, and as fresh: the answer comes from a statement that was sent after this call began.
 * A call waits for at most one statement of another call before its own. Any thread; `pool` is the caller's. */
apr_status_t docgen_shared_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  docgen_state **state);

#endif
