/* What the store does when the database restarts, stops, falls silent, refuses or lacks the schema.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <libpq-fe.h>
#include <apr_strings.h>

#include "docgen_private.h"
#include "store/call.h"
#include "store/connection.h"
#include "store/world.h"

TestSuite(failures, .init = world_open, .fini = world_close, .timeout = 60);

static double since(apr_time_t start)
{
    return (apr_time_now() - start) / 1e6;
}

/* tests/tools/pg VERB DIR [OPTIONS] */
static void pg(const char *verb, const char *options)
{
    const char *command = apr_psprintf(pool, "%s/tests/tools/pg %s %s %s > /dev/null 2>&1",
                                       getenv("STORE_TOP"), verb, getenv("STORE_DIR"), options);

    cr_assert_eq(system(command), 0, "%s", command);
}

static apr_status_t ask(void)
{
    docgen_state *state;

    return docgen_store_status(store, pool, "ask", &state);
}

static const docgen_statement sleep_statement = {
    .name = "sleep", .sql = "select pg_sleep($1::float8)", .parameters = 1};

static apr_status_t sleep_in_database(const char *seconds)
{
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &sleep_statement, &seconds, &result);

    if (rv == APR_SUCCESS) {
        PQclear(result);
    }
    return rv;
}

static void *sleeper(void *seconds)
{
    return (void *)(long)sleep_in_database(seconds);
}

/* Fills the pool with idle connections by using several at once. */
static void fill_pool(int count)
{
    pthread_t threads[16];

    for (int i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, sleeper, "0.3");
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_assert_geq(pool_idle(), count);
}

Test(failures, the_first_request_after_a_restart_succeeds)
{
    static const char *const ways[] = {"-m fast", "-m immediate"};

    for (int i = 0; i < 2; i++) {
        fill_pool(4);
        cr_assert_eq(ask(), APR_SUCCESS);
        pg("restart", ways[i]);
        for (int j = 0; j < 8; j++) {
            cr_assert_eq(ask(), APR_SUCCESS, "request %d after %s", j + 1, ways[i]);
        }
    }
    cr_assert_eq(pool_logged(APLOG_ERR, ""), 0);
    cr_assert_eq(atomic_load(&store->prepare_failures), 0, "what a new session lacks is known");
}

Test(failures, a_connection_that_is_opened_was_looked_at)
{
    docgen_connection connections[4];

    fill_pool(4);
    pg("restart", "-m immediate");
    /* No retry helps here: each of the four stale sessions must be noticed before it is used. */
    for (int i = 0; i < 4; i++) {
        PGresult *result;

        cr_assert_eq(docgen_connection_open(store, pool, DOCGEN_FOR_JOB, &connections[i]),
                     APR_SUCCESS);
        result = docgen_connection_run(&connections[i], NULL, "select 1", 0, NULL);
        cr_expect_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s",
                     PQerrorMessage(connections[i].pg));
        PQclear(result);
    }
    for (int i = 0; i < 4; i++) {
        docgen_connection_close(&connections[i]);
    }
}

Test(failures, a_session_ended_in_the_middle_is_opened_again_once)
{
    pthread_t thread;
    void *rv;

    cr_assert_eq(ask(), APR_SUCCESS);
    pthread_create(&thread, NULL, sleeper, "0.5");
    usleep(200000);
    admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'web' and state "
          "= 'active'");
    pthread_join(thread, &rv);
    cr_assert_eq((long)rv, APR_SUCCESS);
}

Test(failures, a_stopped_database_costs_little_and_is_logged_once)
{
    apr_time_t start;

    cr_assert_eq(ask(), APR_SUCCESS);
    pg("stop", "");
    start = apr_time_now();
    cr_assert_eq(ask(), DOCGEN_STORE_EDOWN);
    cr_assert(since(start) < 2.5, "the first took %.2f s", since(start));
    start = apr_time_now();
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(ask(), DOCGEN_STORE_EDOWN);
    }
    cr_assert(since(start) < 0.5, "a hundred in the pause took %.2f s", since(start));
    usleep(1100000);
    cr_assert_eq(ask(), DOCGEN_STORE_EDOWN);
    cr_assert_eq(pool_logged(APLOG_ERR, "DG0012"), 1);
    cr_assert_eq(pool_logged(APLOG_ERR, "failed: "), 1, "libpq's own words are in it");
    cr_assert_eq(pool_logged(-1, "secret"), 0);
    pg("start", "");
    usleep(1100000);
    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_eq(pool_logged(APLOG_ERR, ""), 1, "the outage is logged once");
    cr_assert_eq(pool_logged(APLOG_NOTICE, "answers again"), 1);
}

Test(failures, a_frozen_database_costs_the_deadline)
{
    apr_time_t start;
    pid_t backend;
    docgen_state *state;

    cr_assert_eq(ask(), APR_SUCCESS);
    backend = PQbackendPID(pool_next());
    kill(backend, SIGSTOP);
    start = apr_time_now();
    cr_expect_eq(docgen_store_status(store, pool, "ask", &state), DOCGEN_STORE_EDOWN);
    cr_expect(since(start) > 2.5 && since(start) < 3.8, "waited %.2f s", since(start));
    cr_expect_eq(ask(), DOCGEN_STORE_EDOWN, "the pause");
    kill(backend, SIGCONT);
    usleep(1100000);
    cr_expect_eq(ask(), APR_SUCCESS, "on a new session");
    cr_expect_neq(PQbackendPID(pool_next()), backend);
}

Test(failures, a_silent_address_costs_connect_timeout)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    apr_time_t start;

    cr_assert_eq(bind(listener, (struct sockaddr *)&address, length), 0);
    cr_assert_eq(listen(listener, 8), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    store = pool_store(
        apr_psprintf(
            pool,
            "host=127.0.0.1 port=%d user=web connect_timeout=2 sslmode=disable gssencmode=disable",
            ntohs(address.sin_port)),
        6);
    start = apr_time_now();
    cr_expect_eq(ask(), DOCGEN_STORE_EDOWN);
    cr_expect(since(start) > 1.5 && since(start) < 3.0, "waited %.2f s", since(start));
    start = apr_time_now();
    cr_expect_eq(ask(), DOCGEN_STORE_EDOWN);
    cr_expect(since(start) < 0.1);
    close(listener);
}

Test(failures, a_missing_schema_is_named_and_migrating_heals_it)
{
    docgen_database_health health;

    store = pool_store(world_login("bare"), 6);
    cr_assert_eq(ask(), DOCGEN_STORE_ESCHEMA);
    cr_assert_eq(ask(), DOCGEN_STORE_ESCHEMA);
    cr_assert_eq(docgen_store_health(store, pool, &health), DOCGEN_STORE_ESCHEMA);
    cr_assert_eq(pool_logged(APLOG_ERR, "make migrate"), 1);
    cr_assert_eq(pool_logged(APLOG_ERR, ""), 1);
    cr_assert_eq(system(apr_psprintf(pool, "%s/sql/migrate '%s' > /dev/null", getenv("STORE_TOP"),
                                     apr_pstrcat(pool, getenv("STORE_HOST"), " dbname=bare",
                                                 strstr(getenv("STORE_ADMIN"), " user="), NULL))),
                 0);
    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_eq(pool_logged(APLOG_NOTICE, "answers again"), 1);
}

Test(failures, an_older_schema_is_refused_but_health_answers)
{
    docgen_database_health health = {0};

    admin("create or replace function docgen_schema_version() returns integer language sql "
          "immutable parallel safe as 'select 0'");
    cr_expect_eq(ask(), DOCGEN_STORE_ESCHEMA);
    cr_expect_eq(docgen_store_health(store, pool, &health), APR_SUCCESS);
    cr_expect_eq(health.schema_version, 0);
    admin(apr_psprintf(pool,
                       "create or replace function docgen_schema_version() returns integer "
                       "language sql immutable parallel safe as 'select %d'",
                       DOCGEN_SCHEMA_VERSION));
    cr_expect_eq(ask(), APR_SUCCESS);
}

Test(failures, a_read_only_server_is_left)
{
    docgen_database_health health = {0};
    apr_array_header_t *runs;
    docgen_uuid job = uuid();
    docgen_request_result request_result;
    docgen_state *state;

    admin("alter role web set default_transaction_read_only = on");
    cr_expect_eq(docgen_store_request(store, pool, "readonly", &job, "https://example.org/a", NULL,
                                      NULL, SEC, SEC, SEC, &request_result, &state),
                 DOCGEN_STORE_EREADONLY);
    cr_expect_eq(pool_logged(APLOG_ERR, "DG0041: The database is read-only"), 1);
    cr_expect_eq(docgen_store_runs(store, pool, "readonly", 5, &runs), APR_SUCCESS,
                 "reading works");
    cr_expect_eq(docgen_store_health(store, pool, &health), DOCGEN_STORE_EREADONLY);
    cr_expect_eq(pool_logged(APLOG_NOTICE, "over"), 0, "reading proves nothing");
    cr_expect_eq(docgen_store_unwritten(store), DOCGEN_STORE_EREADONLY);
    admin("alter role web reset default_transaction_read_only");
    cr_expect_eq(docgen_store_health(store, pool, &health), APR_SUCCESS);
    cr_expect_eq(docgen_store_request(store, pool, "readonly", &job, "https://example.org/a", NULL,
                                      NULL, SEC, SEC, SEC, &request_result, &state),
                 APR_SUCCESS);
    cr_expect_eq(docgen_store_unwritten(store), APR_SUCCESS, "any write proves that they work");
}

Test(failures, conflicts_are_tried_again)
{
    static const docgen_statement flaky = {.name = "flaky", .sql = "select test_flaky()"};
    static const docgen_statement hopeless = {.name = "hopeless", .sql = "select test_hopeless()"};
    PGresult *result;

    admin("create sequence if not exists test_tries");
    admin("create or replace function test_flaky() returns bigint language plpgsql security "
          "definer as $$ declare n bigint; "
          "begin n := nextval('test_tries'); if n % 4 <> 0 then raise exception 'again' using "
          "errcode = '40001'; end if; return n; end $$");
    admin("create or replace function test_hopeless() returns bigint language plpgsql as $$ begin "
          "raise exception 'again' using errcode = '40P01'; end $$");
    cr_assert_eq(docgen_call(store, pool, &flaky, NULL, &result), APR_SUCCESS);
    PQclear(result);
    cr_assert_eq(docgen_call(store, pool, &hopeless, NULL, &result), DOCGEN_STORE_ELOCKED);
    admin("drop function test_flaky(); drop function test_hopeless(); drop sequence test_tries");
}

Test(failures, a_refused_statement_is_logged_without_its_parameters)
{
    static const docgen_statement bad = {
        .name = "docgen_bad", .sql = "select 1 / ($1::text is null)::int", .parameters = 1};
    const char *secret = "s3cret";
    PGresult *result;

    cr_assert_eq(docgen_call(store, pool, &bad, &secret, &result), DOCGEN_STORE_EQUERY);
    cr_assert_eq(pool_logged(APLOG_ERR, "DG0015: docgen_bad: division by zero [SQLSTATE 22012]"),
                 1);
    cr_assert_eq(pool_logged(-1, "s3cret"), 0);
    cr_assert_eq(ask(), APR_SUCCESS);
}

Test(failures, a_slow_statement_waited_and_the_database_is_not_down)
{
    cr_assert_eq(sleep_in_database("5"), DOCGEN_STORE_ELOCKED);
    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_eq(pool_logged(-1, "DocGenConnections"), 0);
}

/* Each row of reason.def that a SQLSTATE tells, from a real server: the status, and one line with code and reason. */
Test(failures, each_sqlstate_has_its_reason)
{
    static const struct {
        const char *state;
        apr_status_t rv;
        const char *line;
    } cases[] = {
        {"57014", DOCGEN_STORE_ELOCKED, "DG0040: A statement waited too long"},
        {"55P03", DOCGEN_STORE_ELOCKED, "DG0040: A statement waited too long"},
        {"40P01", DOCGEN_STORE_ELOCKED, "DG0040: A statement waited too long"},
        {"25006", DOCGEN_STORE_EREADONLY, "DG0041: The database is read-only"},
        {"53100", DOCGEN_STORE_EDISKFULL, "DG0042: The disk of the database is full"},
        {"53300", DOCGEN_STORE_ETOOMANY, "DG0043: PostgreSQL has no connection left"},
        {"53200", DOCGEN_STORE_EMEMORY, "DG0044: The database is out of memory"},
        {"22P05", DOCGEN_STORE_EENCODING, "DG0046: The database's encoding"},
        {"22021", DOCGEN_STORE_EENCODING, "DG0046: The database's encoding"},
        {"2201B", DOCGEN_STORE_ESETTING, "DG0047: A setting of the database"},
        {"42501", DOCGEN_STORE_EPRIVILEGE, "DG0048: The database user lacks a right"},
        {"57P01", DOCGEN_STORE_ESTOPPING, "DG0012: PostgreSQL is starting, stopping"},
        {"08006", DOCGEN_STORE_EDOWN, "DG0012: PostgreSQL cannot be reached"},
        {"28P01", DOCGEN_STORE_ELOGIN, "DG0049: PostgreSQL refused the login"},
        {"22012", DOCGEN_STORE_EQUERY, "DG0015: raising: told [SQLSTATE 22012]"},
        {"58030", DOCGEN_STORE_EQUERY, "DG0015: raising: told [SQLSTATE 58030]"},
    };
    static const docgen_statement raising = {
        .name = "raising", .sql = "select test_raise($1)", .parameters = 1};
    PGresult *result;

    admin("create or replace function test_raise(p text) returns int language plpgsql as $$ begin "
          "raise exception 'told' using errcode = p; end $$");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].rv == DOCGEN_STORE_EQUERY) {
            usleep(1100000); /* other refusals are told once a second */
        }
        for (int j = 0; j < 3; j++) {
            cr_expect_eq(docgen_call(store, pool, &raising, &cases[i].state, &result), cases[i].rv,
                         "%s", cases[i].state);
        }
        cr_expect_eq(pool_logged(-1, cases[i].line), 1, "%s", cases[i].line);
    }
    admin("drop function test_raise(text)");
}

Test(failures, a_refused_login_is_named)
{
    cr_assert_eq(ask(), APR_SUCCESS);
    admin("alter role web password 'other'");
    admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'web'");
    for (int i = 0; i < 20; i++) {
        cr_expect_eq(ask(), DOCGEN_STORE_ELOGIN);
    }
    cr_expect_eq(pool_logged(APLOG_ERR, "DG0049"), 1);
    cr_expect_eq(pool_logged(-1, "secret"), 0);
    admin("alter role web password 'secret'");
    for (int i = 0; i < 40 && ask() != APR_SUCCESS; i++) {
        usleep(100000);
    }
    cr_expect_eq(ask(), APR_SUCCESS);
}

Test(failures, a_server_without_a_free_connection_is_named)
{
    cr_assert_eq(ask(), APR_SUCCESS);
    admin("alter role web connection limit 0");
    admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'web'");
    for (int i = 0; i < 20; i++) {
        cr_expect_eq(ask(), DOCGEN_STORE_ETOOMANY);
    }
    cr_expect_eq(pool_logged(APLOG_ERR, "DG0043"), 1);
    cr_expect_eq(pool_logged(-1, "DocGenConnections"), 0);
    admin("alter role web connection limit -1");
    for (int i = 0; i < 40 && ask() != APR_SUCCESS; i++) {
        usleep(100000);
    }
    cr_expect_eq(ask(), APR_SUCCESS);
}

/* The schema is there, but the search_path does not lead to it: migrating again would change nothing. */
Test(failures, a_wrong_search_path_is_named)
{
    admin("create schema if not exists elsewhere; grant usage on schema elsewhere to web");
    admin("alter role web set search_path = elsewhere");
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(ask(), DOCGEN_STORE_ESEARCHPATH);
    }
    cr_expect_eq(pool_logged(APLOG_ERR, "DG0045"), 1);
    cr_expect_eq(pool_logged(APLOG_ERR, "the schema is public, the search_path elsewhere"), 1);
    cr_expect_eq(pool_logged(-1, "make migrate DATABASE"), 0);
    admin("alter role web reset search_path; drop schema elsewhere");
    PQclear(PQexec(pool_next(), "reset search_path; set search_path = public"));
    cr_expect_eq(ask(), APR_SUCCESS);
    cr_expect_eq(pool_logged(APLOG_NOTICE, "DG0045: over"), 1);
}

static void *asker(void *unused)
{
    apr_pool_t *own;
    docgen_state *state;
    apr_status_t rv;

    (void)unused;
    apr_pool_create(&own, NULL);
    rv = docgen_store_status(store, own, "ask", &state);
    apr_pool_destroy(own);
    return (void *)(long)rv;
}

/* Statements that wait for a lock keep all connections in use; more connections would wait as well. */
Test(failures, a_crowd_behind_a_lock_hears_of_the_lock)
{
    PGconn *holder = PQconnectdb(apr_pstrcat(pool, getenv("STORE_HOST"), " dbname=store",
                                             strstr(getenv("STORE_ADMIN"), " user="), NULL));
    pthread_t threads[16];

    cr_assert_eq(ask(), APR_SUCCESS);
    PQclear(PQexec(holder, "begin; lock table generated_docs in access exclusive mode"));
    for (int i = 0; i < 16; i++) {
        pthread_create(&threads[i], NULL, asker, NULL);
        usleep(20000);
    }
    for (int i = 0; i < 16; i++) {
        void *rv;

        pthread_join(threads[i], &rv);
        cr_expect_eq((long)rv, DOCGEN_STORE_ELOCKED, "caller %d: %ld", i,
                     (long)rv - APR_OS_START_USERERR);
    }
    PQfinish(holder);
    cr_expect_eq(ask(), APR_SUCCESS);
    cr_expect_eq(pool_logged(APLOG_WARNING, "DG0040"), 1);
    cr_expect_eq(pool_logged(-1, "DG0013"), 0);
}

Test(failures, a_transaction_left_open_by_another_module_is_not_joined)
{
    docgen_uuid job = uuid();
    docgen_state *state;

    cr_assert_eq(ask(), APR_SUCCESS);
    PQclear(PQexec(pool_next(), "begin"));
    cr_assert_eq(request("joined", &job, &state), DOCGEN_REQUEST_ACCEPTED);
    cr_assert_eq(PQtransactionStatus(pool_next()), PQTRANS_IDLE);
    cr_assert_str_eq(admin("select status from generated_docs where repository_id = 'joined'"),
                     "generating");
}

Test(failures, a_transaction_that_a_statement_opened_is_ended)
{
    static const docgen_statement begin = {.name = "begin", .sql = "begin"};
    PGresult *result;

    cr_assert_eq(docgen_call(store, pool, &begin, NULL, &result), APR_SUCCESS);
    PQclear(result);
    cr_assert_eq(PQtransactionStatus(pool_next()), PQTRANS_IDLE);
}

Test(failures, lost_prepared_statements_are_survived)
{
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(ask(), APR_SUCCESS);
        PQclear(PQexec(pool_next(), "deallocate all"));
    }
    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_geq(atomic_load(&store->prepare_failures), 3, "and given up in the end");
    cr_assert_eq(pool_logged(APLOG_ERR, ""), 0);
}

Test(failures, prepared_statements_are_really_used)
{
    PGresult *result;

    cr_assert_eq(ask(), APR_SUCCESS);
    cr_assert_eq(ask(), APR_SUCCESS);
    result = PQexec(pool_next(),
                    "select count(*) from pg_prepared_statements where name = 'docgen_status'");
    cr_assert_str_eq(PQgetvalue(result, 0, 0), "1");
    PQclear(result);
}

Test(failures, missing_settings_are_warned_of_once)
{
    admin("alter role web reset statement_timeout; alter role web set "
          "default_transaction_isolation = 'serializable'");
    cr_expect_eq(ask(), APR_SUCCESS);
    fill_pool(2);
    admin("alter role web set statement_timeout = '2s'; alter role web reset "
          "default_transaction_isolation");
    cr_expect_eq(pool_logged(APLOG_WARNING, "statement_timeout"), 1);
    cr_expect_eq(pool_logged(APLOG_WARNING, "serializable"), 1);
}

static volatile sig_atomic_t out_at_signal = -1;

static void on_term(int signal)
{
    (void)signal;
    out_at_signal = pool_out();
}

Test(failures, prefork_hears_of_its_end_only_between_statements)
{
    struct sigaction action = {.sa_handler = on_term};
    pid_t killer;

    store->block_signals = 1;
    sigaction(SIGTERM, &action, NULL);
    cr_assert_eq(ask(), APR_SUCCESS);
    killer = fork();
    if (!killer) {
        usleep(200000);
        kill(getppid(), SIGTERM);
        _exit(0);
    }
    cr_assert_eq(sleep_in_database("0.5"), APR_SUCCESS);
    cr_assert_eq(out_at_signal, 0, "the handler ran with %d connections out", (int)out_at_signal);
}

static atomic_int stop_crowd;
static atomic_int crowd_answers, crowd_failures;

static void *crowd(void *data)
{
    apr_pool_t *own;

    (void)data;
    apr_pool_create(&own, NULL);
    while (!atomic_load(&stop_crowd)) {
        docgen_state *state;
        apr_status_t rv = docgen_store_status(store, own, "ask", &state);

        atomic_fetch_add(rv == APR_SUCCESS ? &crowd_answers : &crowd_failures, 1);
        if (rv != APR_SUCCESS) {
            usleep(1000);
        }
        apr_pool_clear(own);
    }
    apr_pool_destroy(own);
    return NULL;
}

Test(failures, a_crowd_survives_a_restart)
{
    pthread_t threads[16];
    int before;

    for (int i = 0; i < 16; i++) {
        pthread_create(&threads[i], NULL, crowd, NULL);
    }
    usleep(500000);
    pg("restart", "-m immediate");
    usleep(1500000);
    before = atomic_load(&crowd_answers);
    usleep(500000);
    cr_expect_gt(atomic_load(&crowd_answers), before, "the crowd is answered again");
    atomic_store(&stop_crowd, 1);
    for (int i = 0; i < 16; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_expect_leq(pool_idle(), 6, "no more connections than permits");
}
