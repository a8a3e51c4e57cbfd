/* What the store says in the error log: an outage once when it begins and once when it ends, not once per request.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_REPORT_H
#define DOCGEN_STORE_REPORT_H

#include <libpq-fe.h>
#include "store/call.h"

/** Tells how the store fares now.
 * @param status APR_SUCCESS ends an outage; a DOCGEN_STORE_E… code begins one, unless it is known already
 * @param reason the end of the sentence, or NULL. Any thread. */
void docgen_report_outage(docgen_store *store, apr_status_t status, const char *reason);

/** Logs a statement that the database refused: its name, SQLSTATE and message, never its parameters.
 * At most once a second per store.
 * @param busy it was cancelled for taking too long, or lost too many conflicts */
void docgen_report_refused(docgen_store *store, const docgen_statement *statement,
                           const PGresult *result, int busy);

/** Warns once when the connection's settings are not those that DocGen needs.
 * @param timeout statement_timeout in ms, 0 = none
 * @param isolation the default transaction isolation */
void docgen_report_settings(docgen_store *store, int timeout, const char *isolation);

#endif
