/* SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "docgen_private.h"
#include "store/connection.h"
#include "store/fault.h"
#include "store/report.h"

#define MAX_CONFLICTS        5 /* repetitions after a serialisation failure or a deadlock */
#define MAX_PREPARE_FAILURES 3 /* then a pooler between us and the server is assumed */
#define DEADLINE_MARGIN_MS   1000

/* What is to be done after a statement; why it failed is said by its SQLSTATE: see reason.def. */
typedef enum {
    CALL_DONE,
    CALL_LOST,       /* the session ended or is of no use: reopen and ask again */
    CALL_SILENT,     /* no answer in time */
    CALL_CONFLICT,   /* ask again on this connection */
    CALL_UNPREPARED, /* the prepared statement is not there or no longer fits */
    CALL_REFUSED
} call_result;

static call_result call_result_of(const docgen_connection *connection, const PGresult *result)
{
    static const struct {
        const char *prefix;
        call_result outcome;
    } states[] = {
        {"57P0", CALL_LOST},        /* shutdown, crash, starting up */
        {"08", CALL_LOST},          /* connection exceptions, a pooler's too */
        {"25006", CALL_LOST},       /* read-only: another session may reach the primary */
        {"40001", CALL_CONFLICT},   /* serialisation failure */
        {"40P01", CALL_CONFLICT},   /* deadlock */
        {"26000", CALL_UNPREPARED}, /* no such prepared statement */
        {"42P05", CALL_UNPREPARED}, /* it exists already: prepared through a pooler */
        {"0A000", CALL_UNPREPARED}, /* cached plan must not change result type */
        {NULL, CALL_REFUSED},
    };
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    int i = 0;

    if (connection->silent) {
        return CALL_SILENT;
    }
    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK) {
        return CALL_DONE;
    }
    if (!result || !state || PQstatus(connection->pg) != CONNECTION_OK) {
        return CALL_LOST;
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

/* Prepares a statement in this session if that is worth trying. @param refusal the answer when it failed
 * @return DONE also when it is sent unprepared */
static call_result prepare(docgen_connection *connection, const docgen_statement *statement,
                           PGresult **refusal)
{
    PGresult *result;
    call_result end;

    if (!statement->slot || is_prepared(connection, statement) ||
        atomic_load(&connection->store->prepare_failures) >= MAX_PREPARE_FAILURES) {
        return CALL_DONE;
    }
    result = docgen_connection_prepare(connection, statement->name, statement->sql);
    end = call_result_of(connection, result);
    if (end == CALL_DONE) {
        connection->session->prepared |= 1u << statement->slot;
    } else if (end == CALL_UNPREPARED) {
        atomic_fetch_add(&connection->store->prepare_failures, 1);
        end = CALL_DONE;
    } else {
        *refusal = result;
        return end;
    }
    PQclear(result);
    return end;
}

static call_result send_once(docgen_connection *connection, const docgen_statement *statement,
                             const char *const *parameters, PGresult **result)
{
    call_result end = prepare(connection, statement, result);

    if (end == CALL_DONE) {
        const char *name = NULL;

        if (statement->slot && is_prepared(connection, statement) &&
            atomic_load(&connection->store->prepare_failures) < MAX_PREPARE_FAILURES) {
            name = statement->name;
        }
        *result = docgen_connection_run(connection, name, statement->sql, statement->parameters,
                                        parameters);
        end = call_result_of(connection, *result);
        if (end == CALL_UNPREPARED && name) {
            connection->session->prepared = 0;
            atomic_fetch_add(&connection->store->prepare_failures, 1);
            PQclear(*result);
            *result = docgen_connection_run(connection, NULL, statement->sql, statement->parameters,
                                            parameters);
            end = call_result_of(connection, *result);
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

static call_result send_patiently(docgen_connection *connection, const docgen_statement *statement,
                                  const char *const *parameters, PGresult **result)
{
    call_result end = CALL_CONFLICT;

    for (int i = 0; i <= MAX_CONFLICTS && end == CALL_CONFLICT; i++) {
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
           "current_setting('transaction_isolation'), current_setting('server_encoding')",
};

/* Where the schema is, when the search_path does not lead to it. */
static const docgen_statement where_statement = {
    .name = "docgen_where",
    .sql = "select n.nspname, pg_catalog.has_schema_privilege(n.oid, 'usage'), "
           "n.nspname = any (pg_catalog.current_schemas(true)), "
           "pg_catalog.current_setting('search_path') "
           "from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace "
           "where p.proname = 'docgen_schema_version' order by 3 desc, 2 desc limit 1",
};

/* Says why a function or table was not found: nobody migrated, it is elsewhere, or it may not be seen. */
static apr_status_t report_missing(docgen_connection *connection, const docgen_statement *statement,
                                   const PGresult *refusal)
{
    PGresult *where = docgen_connection_run(connection, NULL, where_statement.sql, 0, NULL);
    docgen_store *store = connection->store;
    char detail[400];
    apr_status_t rv = DOCGEN_STORE_ESCHEMA;

    if (PQresultStatus(where) != PGRES_TUPLES_OK || PQntuples(where) == 0) {
        docgen_report_failure(store, rv, NULL, NULL,
                              "this database has no docgen_schema_version()");
    } else if (*PQgetvalue(where, 0, 1) != 't') {
        rv = DOCGEN_STORE_EPRIVILEGE;
        apr_snprintf(detail, sizeof(detail), "no USAGE on schema %s", PQgetvalue(where, 0, 0));
        docgen_report_failure(store, rv, statement, NULL, detail);
    } else if (*PQgetvalue(where, 0, 2) != 't') {
        rv = DOCGEN_STORE_ESEARCHPATH;
        apr_snprintf(detail, sizeof(detail), "the schema is %s, the search_path %s",
                     PQgetvalue(where, 0, 0), PQgetvalue(where, 0, 3));
        docgen_report_failure(store, rv, NULL, NULL, detail);
    } else {
        docgen_report_failure(store, rv, statement, refusal, NULL);
    }
    PQclear(where);
    return rv;
}

/* Keeps what the session said. @return APR_SUCCESS, _ESCHEMA, or _EREADONLY for a standby */
static apr_status_t check_session(docgen_connection *connection, const PGresult *result)
{
    docgen_store *store = connection->store;
    int version = atoi(PQgetvalue(result, 0, 0));
    int timeout = atoi(PQgetvalue(result, 0, 2));
    const char *isolation = PQgetvalue(result, 0, 3);
    char detail[80];

    atomic_store(&store->schema, version);
    if (*PQgetvalue(result, 0, 1) == 't') {
        docgen_connection_cut(connection);
        docgen_report_failure(store, DOCGEN_STORE_EREADONLY, NULL, NULL,
                              "it is a standby: target_session_attrs=read-write finds the primary "
                              "among several hosts");
        return DOCGEN_STORE_EREADONLY;
    }
    if (timeout > 0) {
        atomic_store(&store->deadline_ms, timeout + DEADLINE_MARGIN_MS);
    }
    docgen_report_settings(store, timeout, isolation, PQgetvalue(result, 0, 4));
    if (version < DOCGEN_SCHEMA_VERSION) {
        apr_snprintf(detail, sizeof(detail), "it has version %d, this module needs %d", version,
                     DOCGEN_SCHEMA_VERSION);
        docgen_report_failure(store, DOCGEN_STORE_ESCHEMA, NULL, NULL, detail);
        return DOCGEN_STORE_ESCHEMA;
    }
    return APR_SUCCESS;
}

/* The store's answer for what became of a statement. */
static apr_status_t status_of(docgen_connection *connection, const docgen_statement *statement,
                              call_result end, const PGresult *result)
{
    docgen_store *store = connection->store;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    apr_status_t rv = DOCGEN_STORE_EDOWN;

    switch (end) {
    case CALL_DONE:
        return APR_SUCCESS;
    case CALL_SILENT:
        atomic_store(&store->shut_by, rv);
        docgen_report_failure(store, rv, NULL, NULL, "it did not answer a statement in time");
        return rv;
    case CALL_LOST: /* reported when it is lost again */
        return state ? docgen_reason_of_state(state) : rv;
    case CALL_CONFLICT:
    case CALL_UNPREPARED:
    case CALL_REFUSED:
        break;
    }
    rv = docgen_reason_of_state(state);
    if (rv == DOCGEN_STORE_ESCHEMA) {
        connection->session->verified = 0;
        return report_missing(connection, statement, result);
    }
    docgen_report_failure(store, rv, statement, result, NULL);
    return rv;
}

static call_result verify(docgen_connection *connection, apr_status_t *rv)
{
    PGresult *result = NULL;
    call_result end;

    *rv = APR_SUCCESS;
    if (connection->session->verified) {
        return CALL_DONE;
    }
    end = send_patiently(connection, &verify_statement, NULL, &result);
    *rv = end == CALL_DONE ? check_session(connection, result)
                           : status_of(connection, &verify_statement, end, result);
    connection->session->verified = *rv == APR_SUCCESS;
    PQclear(result);
    return end;
}

/* libpq is told of both settings when the session begins and whenever they change. */
static int is_read_only(PGconn *pg)
{
    const char *standby = PQparameterStatus(pg, "in_hot_standby");
    const char *setting = PQparameterStatus(pg, "default_transaction_read_only");

    return (standby && !strcmp(standby, "on")) || (setting && !strcmp(setting, "on"));
}

/* A statement's part of try_once: verified, sent, judged. */
static call_result run(docgen_connection *connection, const docgen_statement *statement,
                       const char *const *parameters, PGresult **answer, apr_status_t *rv)
{
    call_result end = verify(connection, rv);

    if (end != CALL_DONE ||
        (*rv != APR_SUCCESS && (*rv != DOCGEN_STORE_ESCHEMA || !statement->any_schema))) {
        return end;
    }
    if (statement->on_primary && is_read_only(connection->pg)) {
        *rv = DOCGEN_STORE_EREADONLY;
        return CALL_LOST;
    }
    end = docgen_fault(statement->name, "before")
              ? CALL_LOST
              : send_patiently(connection, statement, parameters, answer);
    if (end == CALL_DONE && docgen_fault(statement->name, "after")) {
        end = CALL_LOST;
    }
    *rv = status_of(connection, statement, end, *answer);
    return end;
}

/* Opens, verifies, runs, gives back. @param last nobody asks again, so a loss is reported
 * @return with `*lost` set when the session ended and another may do better */
static apr_status_t try_once(docgen_store *store, apr_pool_t *pool,
                             const docgen_statement *statement, const char *const *parameters,
                             PGresult **result, int last, int *lost)
{
    docgen_connection connection;
    PGresult *answer = NULL;
    apr_status_t rv = docgen_connection_open(store, pool, statement->use, &connection);
    int verified;

    *lost = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (run(&connection, statement, parameters, &answer, &rv) == CALL_LOST) {
        *lost = 1;
        docgen_connection_cut(&connection);
        if (last) {
            docgen_report_failure(store, rv, rv == DOCGEN_STORE_EREADONLY ? statement : NULL,
                                  answer, answer ? NULL : "the session ended twice");
        }
    }
    verified = connection.session->verified;
    docgen_connection_close(&connection);
    if (rv == APR_SUCCESS) {
        if (verified) { /* else the schema is another, and health alone asks it */
            docgen_report_success(store, statement);
        }
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
    rv = try_once(store, pool, statement, parameters, result, 0, &lost);
    if (lost) {
        rv = try_once(store, pool, statement, parameters, result, 1, &lost);
    }
    if (store->block_signals) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return rv;
}
