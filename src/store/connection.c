/* SPDX-License-Identifier: Apache-2.0 */
#include "store/connection.h"
#include "store/explain.h"
#include "store/report.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <libpq-events.h>
#include <apr_strings.h>

#define EXPLAIN_QUICK                                                                              \
    apr_time_from_msec(200) /* a refusal comes in this time; later it was silence */
#define EXPLAIN_LIMIT apr_time_from_msec(500)
#define LOCK_SHADOW                                                                                \
    apr_time_from_sec(4) /* two statement timeouts: so long a lock keeps connections in use */

/* libpq tells when a session ends: what was prepared in it is gone (PQreset keeps the PGconn, not the session). */
static int session_event(PGEventId event, void *info, void *baton)
{
    docgen_session *session = NULL;

    (void)baton;
    switch (event) {
    case PGEVT_CONNRESET:
        session = PQinstanceData(((PGEventConnReset *)info)->conn, session_event);
        if (session) {
            *session = (docgen_session){0};
        }
        break;
    case PGEVT_CONNDESTROY:
        free(PQinstanceData(((PGEventConnDestroy *)info)->conn, session_event));
        break;
    case PGEVT_REGISTER:
    case PGEVT_RESULTCREATE:
    case PGEVT_RESULTCOPY:
    case PGEVT_RESULTDESTROY:
        break;
    }
    return 1;
}

static docgen_session *session_of(PGconn *pg)
{
    docgen_session *session = PQinstanceData(pg, session_event);

    if (!session) {
        session = calloc(1, sizeof(*session));
        if (!session || !PQregisterEventProc(pg, session_event, "docgen", NULL)) {
            free(session);
            return NULL;
        }
        PQsetInstanceData(pg, session_event, session);
    }
    return session;
}

static int is_readable(int socket)
{
    struct pollfd look = {.fd = socket, .events = POLLIN};
    int ready;

    do {
        ready = poll(&look, 1, 0);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* An idle connection has nothing to say: whatever can be read is the end of the session, or a notice. PQstatus alone
 * would call a connection good whose server restarted an hour ago. */
static int is_alive(PGconn *pg)
{
    for (int i = 0; i < 8 && PQstatus(pg) == CONNECTION_OK && is_readable(PQsocket(pg)); i++) {
        if (!PQconsumeInput(pg)) {
            return 0;
        }
    }
    return PQstatus(pg) == CONNECTION_OK;
}

/* Tells why no session could be opened. One that failed slowly met silence: asking again would wait as long again. */
static apr_status_t explain(docgen_store *store, apr_time_t since)
{
    apr_status_t rv = DOCGEN_STORE_EDOWN;
    char text[300] = "no answer when a session was opened";

    if (apr_time_now() - since < EXPLAIN_QUICK) {
        rv = docgen_explain(store->params, EXPLAIN_LIMIT, text, sizeof(text));
        if (rv == APR_SUCCESS) {
            rv = DOCGEN_STORE_EDOWN;
            apr_cpystrn(text, "a session could be opened a moment later", sizeof(text));
        }
    }
    atomic_store(&store->shut_by, rv);
    docgen_report_failure(store, rv, NULL, NULL, *text ? text : NULL);
    return rv;
}

/* Where one connection fell silent, those that lay idle then are half-open too, and nothing on their sockets shows it.
 * Each of them would cost somebody a whole statement timeout: it is ended instead. */
static void cut_half_open(docgen_store *store, PGconn *pg)
{
    docgen_session *session = PQinstanceData(pg, session_event);

    if (session && session->silences != atomic_load(&store->silences)) {
        shutdown(PQsocket(pg), SHUT_RDWR);
    }
}

/* Opens, looks, and makes a new session when the old one ended. In the connection limiter's right to open: PQreset may wait for
 * connect_timeout. */
static apr_status_t open_alive(docgen_store *store, apr_pool_t *pool, docgen_connection *connection)
{
    apr_time_t since = apr_time_now();
    ap_dbd_t *dbd = store->open(pool, store->server);
    PGconn *pg;

    if (!dbd) {
        return explain(store, since);
    }
    pg = apr_dbd_native_handle(dbd->driver, dbd->handle);
    cut_half_open(store, pg);
    if (!is_alive(pg) &&
        (apr_dbd_check_conn(dbd->driver, pool, dbd->handle) != APR_SUCCESS || !is_alive(pg))) {
        store->close(store->server, dbd);
        return explain(store, since);
    }
    connection->dbd = dbd;
    connection->pg = pg;
    return APR_SUCCESS;
}

/* The limiter sent this caller away. Behind statements that wait for a lock, the number of connections is not the matter;
 * in the pause after a failure, its reason still stands. */
static apr_status_t sent_away(docgen_store *store, apr_status_t rv)
{
    int shut_by = atomic_load(&store->shut_by);

    if (rv == DOCGEN_STORE_EDOWN) {
        return shut_by ? shut_by : rv;
    }
    if (docgen_incident_is_fresh(store->incidents, DOCGEN_STORE_ELOCKED, LOCK_SHADOW)) {
        return DOCGEN_STORE_ELOCKED;
    }
    docgen_report_failure(store, rv, NULL, NULL, NULL);
    return rv;
}

apr_status_t docgen_connection_open(docgen_store *store, apr_pool_t *pool, docgen_store_use use,
                                    docgen_connection *connection)
{
    apr_status_t rv;

    if (!store->open || !store->close) {
        docgen_report_failure(store, DOCGEN_STORE_ECONFIG, NULL, NULL, "mod_dbd is not loaded");
        return DOCGEN_STORE_ECONFIG;
    }
    *connection = (docgen_connection){.store = store, .use = use};
    rv = docgen_limiter_enter(store->limiter, use);
    if (rv != APR_SUCCESS) {
        return sent_away(store, rv);
    }
    rv = open_alive(store, pool, connection);
    docgen_limiter_opened(store->limiter, use, rv == APR_SUCCESS);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    connection->session = session_of(connection->pg);
    if (!connection->session) {
        docgen_connection_close(connection);
        return DOCGEN_STORE_EDOWN;
    }
    connection->session->silences = atomic_load(&store->silences);
    /* Another module may have left a transaction open; nothing here may become part of it. */
    if (PQtransactionStatus(connection->pg) != PQTRANS_IDLE) {
        PQclear(docgen_connection_run(connection, NULL, "rollback", 0, NULL));
    }
    return APR_SUCCESS;
}

void docgen_connection_cut(docgen_connection *connection)
{
    PGconn *pg = connection->pg;

    /* mod_dbd has no call for "this one is broken": it sees a session whose socket reached its end. */
    if (PQsocket(pg) >= 0) {
        shutdown(PQsocket(pg), SHUT_RDWR);
    }
    while (PQstatus(pg) == CONNECTION_OK && PQconsumeInput(pg)) {
    }
}

void docgen_connection_close(docgen_connection *connection)
{
    PGconn *pg = connection->pg;
    docgen_store *store = connection->store;

    if (PQstatus(pg) == CONNECTION_OK && PQtransactionStatus(pg) != PQTRANS_IDLE) {
        PQclear(docgen_connection_run(connection, NULL, "rollback", 0, NULL));
        if (PQtransactionStatus(pg) != PQTRANS_IDLE) {
            docgen_connection_cut(connection);
        }
    }
    store->close(store->server, connection->dbd);
    docgen_limiter_leave(store->limiter, connection->use, !connection->silent);
}

static apr_int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until libpq has a result, sending what is left to send. @return 0 when the deadline passed */
static int wait_for_result(PGconn *pg, apr_int64_t deadline)
{
    int flush = PQflush(pg);

    while (PQstatus(pg) == CONNECTION_OK && (flush == 1 || PQisBusy(pg))) {
        apr_int64_t left = deadline - now_ms();
        struct pollfd look = {.fd = PQsocket(pg), .events = POLLIN | (flush == 1 ? POLLOUT : 0)};
        int ready = left > 0 ? poll(&look, 1, (int)left) : 0;

        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return 0;
        }
        if ((look.revents & ~POLLOUT) && !PQconsumeInput(pg)) {
            break;
        }
        if (flush == 1) {
            flush = PQflush(pg);
        }
    }
    return 1;
}

/* Collects the answer of what was sent: the first result, or the first error. */
static PGresult *collect(docgen_connection *connection)
{
    PGconn *pg = connection->pg;
    apr_int64_t deadline = now_ms() + atomic_load(&connection->store->deadline_ms);
    PGresult *answer = NULL;

    for (;;) {
        PGresult *next;

        if (!wait_for_result(pg, deadline)) {
            connection->silent = 1;
            atomic_fetch_add(&connection->store->silences, 1);
            docgen_connection_cut(connection);
            PQclear(answer);
            answer = NULL;
        }
        next = PQgetResult(pg);
        if (!next) {
            break;
        }
        if (answer || connection->silent) {
            PQclear(next);
        } else {
            answer = next;
        }
    }
    return answer;
}

static PGresult *finish(docgen_connection *connection, int sent)
{
    PGresult *answer = sent ? collect(connection) : NULL;

    PQsetnonblocking(connection->pg, 0);
    return answer;
}

PGresult *docgen_connection_run(docgen_connection *connection, const char *name, const char *sql,
                                int count, const char *const *parameters)
{
    PGconn *pg = connection->pg;
    int sent;

    PQsetnonblocking(pg, 1);
    if (name) {
        sent = PQsendQueryPrepared(pg, name, count, parameters, NULL, NULL, 0);
    } else {
        sent = PQsendQueryParams(pg, sql, count, NULL, parameters, NULL, NULL, 0);
    }
    return finish(connection, sent);
}

PGresult *docgen_connection_prepare(docgen_connection *connection, const char *name,
                                    const char *sql)
{
    PQsetnonblocking(connection->pg, 1);
    return finish(connection, PQsendPrepare(connection->pg, name, sql, 0, NULL));
}
