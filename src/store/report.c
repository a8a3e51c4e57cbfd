/* SPDX-License-Identifier: Apache-2.0 */
#include "store/report.h"

#include <string.h>
#include <apr_strings.h>

#include "docgen_private.h"

/* What the database said of it: "docgen_fail: could not extend file [SQLSTATE 53100]". */
static void describe(char *text, apr_size_t size, const docgen_statement *statement,
                     const PGresult *result, const char *detail)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *name = statement ? statement->name : "";
    const char *colon = statement ? ": " : "";

    *text = '\0';
    if (detail) {
        apr_snprintf(text, size, "%s%s%s", name, colon, detail);
    } else if (result) {
        apr_snprintf(text, size, "%s%s%s [SQLSTATE %s]", name, colon,
                     message ? message : "no message", state ? state : "none");
    }
}

void docgen_report_failure(docgen_store *store, apr_status_t rv, const docgen_statement *statement,
                           const PGresult *result, const char *detail)
{
    const docgen_reason *reason = docgen_store_reason(rv);
    char text[600];

    if (!reason || !docgen_incident_begin(store->incidents, rv, statement,
                                          PQresultErrorField(result, PG_DIAG_SQLSTATE))) {
        return;
    }
    describe(text, sizeof(text), statement, result, detail);
    if (rv == DOCGEN_STORE_EQUERY && *text) { /* the words of the table point at this line */
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, store->server, "%s: %s",
                     docgen_error_code(reason->error), text);
        return;
    }
    ap_log_error(APLOG_MARK, docgen_reason_rule_of(docgen_reason_index(rv))->level, 0,
                 store->server, "%s: %s; %s%s%s%s", docgen_error_code(reason->error), reason->what,
                 reason->todo, *text ? " (" : "", text, *text ? ")" : "");
}

void docgen_report_success(docgen_store *store, const docgen_statement *statement)
{
    unsigned ended = docgen_incident_end(store->incidents, statement);

    for (int i = 0; ended >> i; i++) {
        if (ended >> i & 1) {
            const docgen_reason *reason = docgen_store_reason(docgen_reason_status(i));

            ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, store->server,
                         "%s: over, the database answers again (it was: %s)",
                         docgen_error_code(reason->error), reason->what);
        }
    }
}

void docgen_report_settings(docgen_store *store, int timeout, const char *isolation,
                            const char *encoding)
{
    if (timeout > 0 && !strcmp(isolation, "read committed") && !strcmp(encoding, "UTF8")) {
        return;
    }
    if (atomic_exchange(&store->settings_warned, 1)) {
        return;
    }
    if (strcmp(encoding, "UTF8")) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, store->server,
                     "DG0046: the database's encoding is %s, so text of other scripts cannot be "
                     "stored or found; move DocGen to a database made with ENCODING 'UTF8'",
                     encoding);
    }
    if (timeout <= 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, store->server,
                     "DG0016: the database user has no statement_timeout; say ALTER ROLE ... IN "
                     "DATABASE ... SET statement_timeout = '2s'");
    }
    if (strcmp(isolation, "read committed")) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, store->server,
                     "DG0016: the database user's transactions are \"%s\"; say ALTER ROLE ... IN "
                     "DATABASE ... SET default_transaction_isolation = 'read committed'",
                     isolation);
    }
}
