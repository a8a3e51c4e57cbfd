/* SPDX-License-Identifier: Apache-2.0 */
#include "store/report.h"

#include <string.h>

#include "docgen_private.h"

#define BUSY_LOG_EVERY    apr_time_from_sec(60)
#define REFUSED_LOG_EVERY apr_time_from_sec(1)

/* Is it time to log again? One caller in each period hears yes. */
static int is_due(atomic_llong *last, apr_interval_time_t every)
{
    apr_time_t now = apr_time_now();
    long long seen = atomic_load(last);

    return now - seen >= every && atomic_compare_exchange_strong(last, &seen, now);
}

static void log_begin(const docgen_store *store, apr_status_t status, const char *reason)
{
    const char *text = "DG0012: the database does not answer";

    if (status == DOCGEN_STORE_ESCHEMA) {
        int version = atomic_load(&store->schema);

        ap_log_error(APLOG_MARK, APLOG_ERR, 0, store->server,
                     "DG0014: the database schema has version %d, this module needs %d%s: run "
                     "`make migrate DATABASE=...`, and let the user of DBDParams be a member of "
                     "docgen_module",
                     version, DOCGEN_SCHEMA_VERSION,
                     version ? "" : " (it was not found in the search_path)");
        return;
    }
    if (status == DOCGEN_STORE_ECONFIG) {
        text = "DG0016: mod_dbd is not loaded";
    }
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, store->server, "%s%s%s; requests are answered with 503",
                 text, reason ? ": " : "", reason ? reason : "");
}

void docgen_report_outage(docgen_store *store, apr_status_t status, const char *reason)
{
    int before;

    if (status == DOCGEN_STORE_EBUSY) {
        if (is_due(&store->busy_logged, BUSY_LOG_EVERY)) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, store->server,
                         "DG0013: no database connection became free in time; raise "
                         "DocGenConnections and DBDMax, or see why the database is slow "
                         "(said at most once a minute)");
        }
        return;
    }
    if (atomic_load(&store->outage) == status) {
        return;
    }
    before = atomic_exchange(&store->outage, status);
    if (before == status) {
        return;
    }
    if (status != APR_SUCCESS) {
        log_begin(store, status, reason);
    } else {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, store->server, "the database answers again");
    }
}

void docgen_report_refused(docgen_store *store, const docgen_statement *statement,
                           const PGresult *result, int busy)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *advice = "";

    if (!is_due(&store->refused_logged, REFUSED_LOG_EVERY)) {
        return;
    }
    if (state && !strcmp(state, "42501")) {
        advice = " (make the user of DBDParams a member of docgen_module)";
    }
    ap_log_error(APLOG_MARK, busy ? APLOG_WARNING : APLOG_ERR, 0, store->server,
                 "%s: %s: %s [SQLSTATE %s]%s", busy ? "DG0013" : "DG0015", statement->name,
                 message ? message : "no message", state ? state : "none", advice);
}

void docgen_report_settings(docgen_store *store, int timeout, const char *isolation)
{
    if (timeout > 0 && !strcmp(isolation, "read committed")) {
        return;
    }
    if (atomic_exchange(&store->settings_warned, 1)) {
        return;
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
