/* SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>

#include "docgen_private.h"
#include "store/connection.h"
#include "store/fault.h"
#include "store/report.h"

#define MAX_CONFLICTS        5 /* repetitions after a serialisation failure or a deadlock */
#define MAX_PREPARE_FAILURES 3 /* then a pooler between us and the server is assumed */
#define DEADLINE_MARGIN_MS   1000

/* What became of a statement, by its SQLSTATE. */
typedef enum {
    OUTCOME_DONE,
    OUTCOME_LOST,       /* the session ended: reopen and ask again */
    OUTCOME_SILENT,     /* no answer in time */
    OUTCOME_CONFLICT,   /* ask again on this connection */
    OUTCOME_UNPREPARED, /* the prepared statement is not there or no longer fits */
    OUTCOME_SCHEMA,
    OUTCOME_SLOW, /* cancelled by statement_timeout or lock_timeout */
    OUTCOME_REFUSED
} outcome;

static outcome outcome_of(const docgen_connection *connection, const PGresult *result)
{
    static const struct {
        const char *prefix;
        outcome outcome;
    } states[] = {
        {"57P0", OUTCOME_LOST},        /* shutdown, crash, starting up */
        {"08", OUTCOME_LOST},          /* connection exceptions, a pooler's too */
        {"25006", OUTCOME_LOST},       /* read-only: this server is no longer the primary */
        {"40001", OUTCOME_CONFLICT},   /* serialisation failure */
        {"40P01", OUTCOME_CONFLICT},   /* deadlock */
        {"26000", OUTCOME_UNPREPARED}, /* no such prepared statement */
        {"42P05", OUTCOME_UNPREPARED}, /* it exists already: prepared through a pooler */
        {"0A000", OUTCOME_UNPREPARED}, /* cached plan must not change result type */
        {"42883", OUTCOME_SCHEMA},     /* undefined function */
        {"42P01", OUTCOME_SCHEMA},     /* undefined table */
        {"42703", OUTCOME_SCHEMA},     /* undefined column */
        {"3F000", OUTCOME_SCHEMA},     /* undefined schema */
        {"57014", OUTCOME_SLOW},       {"55P03", OUTCOME_SLOW}, {NULL, OUTCOME_REFUSED},
    };
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    int i = 0;

    if (connection->silent) {
        return OUTCOME_SILENT;
    }
    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK) {
        return OUTCOME_DONE;
    }
    if (!result || !state || PQstatus(connection->pg) != CONNECTION_OK) {
        return OUTCOME_LOST;
    }
    while (states[i].prefix && strncmp(state, states[i].prefix, strlen(states[i].prefix))) {
        i++;
    }
    return states[i].outcome;
}

static int is_prepared(const docgen_connection *connection, const docgen_statement *statement)
{
    return connection->session->prepared & (1u << statement->slot);
}

/* Prepares a statement in this session if that is worth trying. @return DONE also when it is sent unprepared */
static outcome prepare(docgen_connection *connection, const docgen_statement *statement)
{
    PGresult *result;
    outcome end;

    if (!statement->slot || is_prepared(connection, statement) ||
        atomic_load(&connection->store->prepare_failures) >= MAX_PREPARE_FAILURES) {
        return OUTCOME_DONE;
    }
    result = docgen_connection_prepare(connection, statement->name, statement->sql);
    end = outcome_of(connection, result);
    PQclear(result);
    if (end == OUTCOME_DONE) {
        connection->session->prepared |= 1u << statement->slot;
    } else if (end == OUTCOME_UNPREPARED) {
        atomic_fetch_add(&connection->store->prepare_failures, 1);
        end = OUTCOME_DONE;
    }
    return end;
}

static outcome send_once(docgen_connection *connection, const docgen_statement *statement,
                         const char *const *parameters, PGresult **result)
{
    outcome end = prepare(connection, statement);

    if (end == OUTCOME_DONE) {
        const char *name = NULL;

        if (statement->slot && is_prepared(connection, statement) &&
            atomic_load(&connection->store->prepare_failures) < MAX_PREPARE_FAILURES) {
            name = statement->name;
        }
        *result = docgen_connection_run(connection, name, statement->sql, statement->parameters,
                                        parameters);
        end = outcome_of(connection, *result);
        if (end == OUTCOME_UNPREPARED && name) {
            connection->session->prepared = 0;
            atomic_fetch_add(&connection->store->prepare_failures, 1);
            PQclear(*result);
            *result = docgen_connection_run(connection, NULL, statement->sql, statement->parameters,
                                            parameters);
            end = outcome_of(connection, *result);
        }
    }
    return end;
}

static void pause_briefly(int attempt)
{
    unsigned char random = 0;

    apr_generate_random_bytes(&random, sizeof(random));
    apr_sleep(apr_time_from_msec(2 + (random % 16) * (attempt + 1)));
}

static outcome send_patiently(docgen_connection *connection, const docgen_statement *statement,
                              const char *const *parameters, PGresult **result)
{
    outcome end = OUTCOME_CONFLICT;

    for (int i = 0; i <= MAX_CONFLICTS && end == OUTCOME_CONFLICT; i++) {
        if (i) {
            PQclear(*result);
            *result = NULL;
            pause_briefly(i);
        }
        end = send_once(connection, statement, parameters, result);
    }
    return end;
}

/* The first thing said in every session: is this the schema we know, is this the primary, how long may a statement
 * take? Rewritten sessions (PQreset) ask again. */
static const docgen_statement verify_statement = {
    .name = "docgen_verify",
    .sql = "select docgen_schema_version(), pg_is_in_recovery(), "
           "(extract(epoch from current_setting('statement_timeout')::interval) * 1000)::int, "
           "current_setting('transaction_isolation')",
};

/* Keeps what the session said. @return APR_SUCCESS, _ESCHEMA, or _EDOWN for a standby */
static apr_status_t judge_session(docgen_connection *connection, const PGresult *result)
{
    docgen_store *store = connection->store;
    int version = atoi(PQgetvalue(result, 0, 0));
    int timeout = atoi(PQgetvalue(result, 0, 2));
    const char *isolation = PQgetvalue(result, 0, 3);

    atomic_store(&store->schema, version);
    if (*PQgetvalue(result, 0, 1) == 't') {
        docgen_connection_cut(connection);
        docgen_report_outage(store, DOCGEN_STORE_EDOWN,
                             "it is a read-only standby; name the primary in DBDParams "
                             "(target_session_attrs=read-write)");
        return DOCGEN_STORE_EDOWN;
    }
    if (timeout > 0) {
        atomic_store(&store->deadline_ms, timeout + DEADLINE_MARGIN_MS);
    }
    docgen_report_settings(store, timeout, isolation);
    return version < DOCGEN_SCHEMA_VERSION ? DOCGEN_STORE_ESCHEMA : APR_SUCCESS;
}

static outcome verify(docgen_connection *connection, apr_status_t *rv)
{
    PGresult *result = NULL;
    outcome end;

    *rv = APR_SUCCESS;
    if (connection->session->verified) {
        return OUTCOME_DONE;
    }
    end = send_patiently(connection, &verify_statement, NULL, &result);
    if (end == OUTCOME_DONE) {
        *rv = judge_session(connection, result);
        connection->session->verified = *rv == APR_SUCCESS;
    } else if (end == OUTCOME_SCHEMA) {
        *rv = DOCGEN_STORE_ESCHEMA;
        end = OUTCOME_DONE;
    } else if (end == OUTCOME_REFUSED || end == OUTCOME_SLOW) {
        docgen_report_refused(connection->store, &verify_statement, result, end == OUTCOME_SLOW);
        *rv = end == OUTCOME_SLOW ? DOCGEN_STORE_EBUSY : DOCGEN_STORE_EQUERY;
        end = OUTCOME_DONE;
    }
    PQclear(result);
    return end;
}

/* The store's answer for what became of a statement. */
static apr_status_t status_of(docgen_connection *connection, const docgen_statement *statement,
                              outcome end, const PGresult *result)
{
    docgen_store *store = connection->store;

    switch (end) {
    case OUTCOME_DONE:
        docgen_report_outage(store, APR_SUCCESS, NULL);
        return APR_SUCCESS;
    case OUTCOME_LOST:
        return DOCGEN_STORE_EDOWN;
    case OUTCOME_SILENT:
        docgen_report_outage(store, DOCGEN_STORE_EDOWN, "it did not answer a statement in time");
        return DOCGEN_STORE_EDOWN;
    case OUTCOME_SCHEMA:
        connection->session->verified = 0;
        return DOCGEN_STORE_ESCHEMA;
    case OUTCOME_CONFLICT:
    case OUTCOME_SLOW:
        docgen_report_refused(store, statement, result, 1);
        return DOCGEN_STORE_EBUSY;
    case OUTCOME_UNPREPARED:
    case OUTCOME_REFUSED:
        break;
    }
    docgen_report_refused(store, statement, result, 0);
    return DOCGEN_STORE_EQUERY;
}

/* Opens, verifies, runs, gives back. @return with `*lost` set when the session ended and another may do better */
static apr_status_t try_once(docgen_store *store, apr_pool_t *pool,
                             const docgen_statement *statement, const char *const *parameters,
                             PGresult **result, int *lost)
{
    docgen_connection connection;
    PGresult *answer = NULL;
    apr_status_t rv = docgen_connection_open(store, pool, statement->use, &connection);
    outcome end;

    *lost = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    end = verify(&connection, &rv);
    if (end == OUTCOME_DONE &&
        (rv == APR_SUCCESS || (rv == DOCGEN_STORE_ESCHEMA && statement->any_schema))) {
        end = docgen_fault(statement->name, "before")
                  ? OUTCOME_LOST
                  : send_patiently(&connection, statement, parameters, &answer);
        if (end == OUTCOME_DONE && docgen_fault(statement->name, "after")) {
            end = OUTCOME_LOST;
        }
        rv = status_of(&connection, statement, end, answer);
    } else if (end != OUTCOME_DONE) {
        rv = status_of(&connection, statement, end, NULL);
    }
    if (end == OUTCOME_LOST) {
        *lost = 1;
        docgen_connection_cut(&connection);
    }
    docgen_connection_close(&connection);
    if (rv == APR_SUCCESS) {
        *result = answer;
    } else {
        PQclear(answer);
    }
    return rv;
}

/* Prefork ends a child inside its SIGTERM handler; a connection that is out at that moment makes mod_dbd abort. */
static void hold_signals(const docgen_store *store, sigset_t *before)
{
    sigset_t ends;

    if (store->block_signals) {
        sigemptyset(&ends);
        sigaddset(&ends, SIGTERM);
        sigaddset(&ends, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &ends, before);
    }
}

apr_status_t docgen_call(docgen_store *store, apr_pool_t *pool, const docgen_statement *statement,
                         const char *const *parameters, PGresult **result)
{
    sigset_t before;
    apr_status_t rv;
    int lost;

    hold_signals(store, &before);
    rv = try_once(store, pool, statement, parameters, result, &lost);
    if (lost) {
        rv = try_once(store, pool, statement, parameters, result, &lost);
    }
    if (store->block_signals) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (rv != APR_SUCCESS && rv != DOCGEN_STORE_EQUERY) {
        docgen_report_outage(store, rv, NULL);
    }
    return rv;
}
