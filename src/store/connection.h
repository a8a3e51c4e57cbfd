/* One pooled connection of mod_dbd, held for one statement: opened through the connection limiter, looked at before use, given back
 * in a state that the next user can rely on.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_CONNECTION_H
#define DOCGEN_STORE_CONNECTION_H

#include <libpq-fe.h>
#include "store/internal.h"

/** What this module knows of a PGconn; libpq keeps it and forgets it with the connection's session. */
typedef struct docgen_session {
    int verified;      /**< schema and settings were looked at in this session */
    unsigned prepared; /**< bit per prepared statement */
    int silences;      /**< the store's when this session was last given out */
} docgen_session;

typedef struct docgen_connection {
    docgen_store *store;
    docgen_store_use use;
    ap_dbd_t *dbd;
    PGconn *pg;
    docgen_session *session; /**< never NULL */
    int silent;              /**< a statement was not answered in time; the session was cut */
} docgen_connection;

/** Gets a connection that was alive a moment ago. The calling thread must give it back before anything else.
 * @return APR_SUCCESS, or a DOCGEN_STORE_E… code that was reported; then there is nothing to give back */
apr_status_t docgen_connection_open(docgen_store *store, apr_pool_t *pool, docgen_store_use use,
                                    docgen_connection *connection);

/** Gives the connection back: outside of a transaction, or cut so that mod_dbd makes a new session of it. */
void docgen_connection_close(docgen_connection *connection);

/** Ends the session at once; the connection must still be given back. */
void docgen_connection_cut(docgen_connection *connection);

/** Sends one statement with text parameters and waits for its answer until the store's deadline.
 * @param name a prepared statement's name, or NULL to send `sql` itself
 * @return the answer, which the caller clears; NULL when the connection was lost or, with `silent` set, the deadline
 * passed */
PGresult *docgen_connection_run(docgen_connection *connection, const char *name, const char *sql,
                                int count, const char *const *parameters);

/** Prepares a statement in this session. @return as docgen_connection_run */
PGresult *docgen_connection_prepare(docgen_connection *connection, const char *name,
                                    const char *sql);

#endif
