/* What the store says in the error log: each reason once when it begins and once when it ends, not once per request.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_REPORT_H
#define DOCGEN_STORE_REPORT_H

#include <libpq-fe.h>
#include "store/call.h"

/** Tells of a call that failed for a reason that the database or its address told, unless it is known already.
 * @param statement what failed; NULL = the connection
 * @param result the database's answer, for its SQLSTATE and message, never its parameters; NULL = none
 * @param detail more about it in a few words, instead of `result`'s; NULL = none. Any thread. */
void docgen_report_failure(docgen_store *store, apr_status_t rv, const docgen_statement *statement,
                           const PGresult *result, const char *detail);

/** Tells which reasons this statement's success ended. Any thread. */
void docgen_report_success(docgen_store *store, const docgen_statement *statement);

/** Warns once when the connection's settings are not those that DocGen needs.
 * @param timeout statement_timeout in ms, 0 = none
 * @param isolation the default transaction isolation
 * @param encoding of the database */
void docgen_report_settings(docgen_store *store, int timeout, const char *isolation,
                            const char *encoding);

#endif
