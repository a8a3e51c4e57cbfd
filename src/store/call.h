/* One call of an SQL function: text parameters in, a result out; connection, retries, schema and logging in one place.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_CALL_H
#define DOCGEN_STORE_CALL_H

#include <libpq-fe.h>
#include "store/internal.h"

/** A statement. All are constants; each is safe to send twice, because a lost reply is asked for again. */
typedef struct docgen_statement {
    const char *name; /**< for the log, and of the prepared statement */
    const char *sql;
    int parameters;
    docgen_store_use use;
    int slot;       /**< 1…31: prepare it once per session; 0 = send it as it is */
    int any_schema; /**< run it whatever the schema's version */
    int is_write;   /**< its success proves that the database takes writes */
    int on_primary; /**< a session that is read-only is as good as none */
} docgen_statement;

/** Runs a statement on a connection of its own.
 * @param parameters as many texts as the statement has, NULL for null
 * @param result the rows; the caller clears it. Untouched on error
 * @return APR_SUCCESS or a DOCGEN_STORE_E… code, already logged. Any thread. */
apr_status_t docgen_call(docgen_store *store, apr_pool_t *pool, const docgen_statement *statement,
                         const char *const *parameters, PGresult **result);

#endif
