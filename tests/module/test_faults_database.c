/* Jobs while the database restarts, is gone, hangs or loses replies; and what several children
 * and httpds owe each other through it: the cap of a host, one run for each request, no waiting
 * for a tick.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "faults/kit.h"
#include "module/harness.h"

TestSuite(faults_database, .timeout = 400);

#define GATED "a test:milestones,gate=go,source,pages=120\nb test:ok"
#define OUTAGE                                                                                     \
    "AH0062|AH0063|AH0265|DG001[235]|docgen:(warn|error).*(database|statement|connection)"

static void await_gate(harness *h, const char *id)
{
    harness_await_sql(h, 10, "select progress = 80 from generated_docs where repository_id = '%s'",
                      id);
}

static const char *message_of(harness *h, const char *id)
{
    return harness_sql(
        h, "select coalesce(error_message, '') from generated_docs where repository_id = '%s'", id);
}

static void await_state(harness *h, int seconds, const char *id, const char *status)
{
    harness_await_sql(h, seconds,
                      "select status = '%s' from generated_docs where repository_id = '%s'", status,
                      id);
}

/* An outage shorter than the lease costs a running job nothing. */
Test(faults_database, restarted)
{
    harness *h = harness_open();
    harness_server *s;

    harness_own_postgres(h);
    harness_expect_log(h, OUTAGE);
    s = harness_serve(h, .repositories = GATED, .conf = "DocGenMaxRunning 1\n");
    harness_generate(s, "a");
    await_gate(h, "a");
    harness_generate(s, "b");
    harness_postgres(h, "restart");
    if (!getenv("UNDER_TSAN")) { /* there a connection takes longer than the gate waits for one */
        cr_assert_eq(harness_get(s, "/docgen/api/status/a")->status, 200,
                     "the first request after the restart succeeds by itself");
    }
    harness_await_status(s, "a", "generating", 5);
    harness_open_gate(h, "go");
    await_state(h, 20, "a", "completed");
    await_state(h, 20, "b", "completed");
    cr_expect_eq(harness_starts(h, NULL), 2);
    harness_close(h);
}

/* Gone while pages are to be stored: they wait, and all arrive. */
Test(faults_database, gone_for_a_while)
{
    harness *h = harness_open();
    harness_server *s;

    harness_own_postgres(h);
    harness_expect_log(h, OUTAGE);
    s = harness_serve(h, .repositories = GATED);
    harness_generate(s, "a");
    await_gate(h, "a");
    harness_postgres(h, "stop");
    harness_open_gate(h, "go");
    sleep(3);
    harness_postgres(h, "start");
    await_state(h, 20, "a", "completed");
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_pages"), 120);
    harness_close(h);
}

/* Gone for longer than a lease: nobody may work on, for the job could be another's by now. */
Test(faults_database, gone_for_longer_than_a_lease)
{
    harness *h = harness_open();
    harness_server *s;
    double end;
    pid_t generator;

    harness_own_postgres(h);
    harness_expect_log(h, OUTAGE);
    harness_expect_log(h, "docgen:warn.*(DG0110|could not be stored)");
    s = harness_serve(h, .repositories = GATED,
                      .conf = "DocGenMaxRunning 1\nDocGenLease 3\nDocGenTick 500ms\n");
    harness_generate(s, "a");
    await_gate(h, "a");
    harness_generate(s, "b");
    generator = kit_generator(h, "a");
    harness_postgres(h, "stop");  /* not killed: without fsync that would forget the last request */
    for (end = kit_now() + 60000; /* the job's own limit would end it after minutes */
         access(apr_psprintf(h->pool, "/proc/%d", generator), F_OK) == 0 && kit_now() < end;) {
        kit_pause();
    }
    cr_expect_neq(access(apr_psprintf(h->pool, "/proc/%d", generator), F_OK), 0,
                  "the generator works on without a lease");
    harness_postgres(h, "start");
    await_state(h, 20, "a", "failed");
    await_state(h, 20, "b", "completed");
    cr_expect(strstr(message_of(h, "a"), "stopped answering") ||
                  strstr(message_of(h, "a"), "did not answer"),
              "%s", message_of(h, "a"));
    harness_open_gate(h, "go");
    cr_expect_eq(harness_generate(s, "a")->status, 202);
    await_state(h, 20, "a", "completed");
    harness_close(h);
}

Test(faults_database, down_at_the_start)
{
    harness *h = harness_open();
    harness_server *s;

    harness_own_postgres(h);
    harness_expect_log(h, OUTAGE);
    harness_postgres(h, "stop");
    s = harness_serve(h, .repositories = "b test:ok");
    cr_expect_eq(harness_generate(s, "b")->status, 503);
    harness_postgres(h, "start");
    kit_request(s, "b");
    await_state(h, 20, "b", "completed");
    harness_close(h);
}

/* The statement was done, its reply never came: asked again, it answers as before. */
static void lose(const char *statement)
{
    harness *h = harness_open();
    kit_proxy *proxy = kit_proxy_start(h);
    harness_server *s;
    const char *job;

    harness_expect_log(h, OUTAGE);
    s = harness_serve(h, .repositories = GATED, .database = proxy->database);
    kit_await_ready(s, 1);
    kit_proxy_say(proxy, apr_psprintf(h->pool, "lose %s 1", statement));
    harness_open_gate(h, "go");
    job = kit_request(s, "a");
    await_state(h, 30, "a", "completed");
    cr_expect_str_eq(harness_sql(h, "select published_job_id::text from generated_docs where "
                                    "repository_id = 'a'"),
                     job, "%s", statement);
    cr_expect_eq(harness_starts(h, "a"), 1, "%s", statement);
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generation_events where kind = 'taken'"), 1);
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_pages"), 120);
    kit_proxy_say(proxy, "pass");
    harness_close(h);
}

Test(faults_database, reply_to_take_lost)
{
    lose("docgen_take");
}

Test(faults_database, reply_to_progress_lost)
{
    lose("docgen_progress");
}

Test(faults_database, reply_to_pages_lost)
{
    lose("docgen_store_pages");
}

Test(faults_database, reply_to_complete_lost)
{
    lose("docgen_complete");
}

/* With the database hung, stopping waits for the statements, never aborts, and is over before
 * httpd gives up, which its log would say (AH00047). */
Test(faults_database, stop_while_it_hangs)
{
    harness *h = harness_open();
    kit_proxy *proxy = kit_proxy_start(h);
    harness_server *s;

    harness_expect_log(h, OUTAGE);
    harness_expect_log(h, "docgen:warn.*(DG0107|could not be stored)");
    harness_expect_log(h, "AH00046|keeps this child from ending");
    /* who ends the job depends on when the statement gives up: this child, or the next sweep */
    harness_expect_log(h, "docgen:warn.*process [0-9]+ ended with 1 running job");
    s = harness_serve(h, .repositories = GATED, .database = proxy->database);
    kit_await_ready(s, 1);
    kit_request(s, "a");
    await_gate(h, "a");
    kit_proxy_say(proxy, "pause");
    harness_httpd(s, "stop");
    cr_expect_null(strstr(harness_log(s), "exit signal Abort"));
    cr_expect_null(strstr(harness_log(s), "Assertion"));
    kit_proxy_say(proxy, "pass");
    harness_httpd(s, "start");
    await_state(h, 30, "a", "failed");
    harness_open_gate(h, "go");
    kit_request(s, "a");
    await_state(h, 20, "a", "completed");
    harness_close(h);
}

/* A newer request after the lock: the old job's generator is stopped and can store nothing. */
Test(faults_database, superseded)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = GATED, .conf = "DocGenLease 4\nDocGenMaxRunning 2\n");
    const char *first, *second;
    double end;
    pid_t old;

    first = kit_request(s, "a");
    await_gate(h, "a");
    old = kit_generator(h, "a");
    cr_expect_eq(harness_generate(s, "a")->status, 409);
    /* the lock's time goes by */
    harness_sql(h, "update generated_docs set generation_started_at = generation_started_at - "
                   "locked_for");
    second = kit_request(s, "a");
    cr_expect_str_neq(first, second);
    for (end = kit_now() + 60000;
         access(apr_psprintf(h->pool, "/proc/%d", old), F_OK) == 0 && kit_now() < end;) {
        kit_pause();
    }
    cr_expect_neq(access(apr_psprintf(h->pool, "/proc/%d", old), F_OK), 0, "the old one works on");
    harness_open_gate(h, "go");
    await_state(h, 20, "a", "completed");
    cr_expect_str_eq(kit_verdict(h, first), "superseded");
    cr_expect_str_eq(kit_verdict(h, second), "completed");
    harness_close(h);
}

/* Two httpds, many children, one host: never more jobs than allowed, and all are done once. */
Test(faults_database, cap_of_a_host)
{
    enum {
        N = 24
    };
    harness *h = harness_open();
    const char *repositories = "", *conf = "DocGenMaxRunning 3\nDocGenThreads 4\nStartServers 3\n";
    harness_server *servers[2];
    long long most = 0, running, left = N;

    for (int i = 0; i < N; i++) {
        repositories = apr_psprintf(h->pool, "%sr%d test:milestones,sleep=60,source,pages=2\n",
                                    repositories, i);
    }
    servers[0] = harness_serve(h, .repositories = repositories, .conf = conf);
    servers[1] = harness_serve(h, .repositories = repositories, .conf = conf);
    for (int i = 0; i < N; i++) {
        kit_request(servers[i % 2], apr_psprintf(h->pool, "r%d", i));
    }
    for (double end = kit_now() + 200000; left && kit_now() < end;) {
        running =
            harness_sql_number(h, "select count(*) from generated_docs where claim is not null");
        left = harness_sql_number(
            h, "select count(*) from generated_docs where status = 'generating'");
        most = running > most ? running : most;
    }
    cr_expect_eq(left, 0);
    cr_expect_eq(most, 3, "at most %lld ran at once", most);
    cr_expect_eq(harness_starts(h, NULL), N);
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generated_docs where status = 'completed'"), N);
    harness_close(h);
}

/* Nobody waits for a tick: not the child that was asked, nor another one when that is busy. */
Test(faults_database, no_waiting_for_a_tick)
{
    harness *h = harness_open();
    const char *repositories = "";
    harness_server *s;
    double longest = 0;

    for (int i = 0; i < 8; i++) {
        repositories =
            apr_psprintf(h->pool, "%sr%d test:progress=10:Fetching,gate=go,ok\n", repositories, i);
    }
    /* with ticks of 60 s, only a wake-up can be quicker than half of one; one thread in each of four children */
    s = harness_serve(h, .repositories = repositories,
                      .conf =
                          "DocGenTick 60\nDocGenLease 180\nDocGenThreads 1\nDocGenMaxRunning 4\n"
                          "StartServers 4\n<IfModule !prefork.c>\nServerLimit 8\nMaxSpareThreads "
                          "128\nMaxRequestWorkers 128\n</IfModule>\n");
    kit_await_ready(s, 4);
    for (int i = 0; i < 4; i++) {
        const char *id = apr_psprintf(h->pool, "r%d", i);
        double from = kit_now();

        kit_request(s, id);
        harness_await_sql(
            h, 15, "select progress >= 10 from generated_docs where repository_id = '%s'", id);
        longest = kit_now() - from > longest ? kit_now() - from : longest;
    }
    cr_expect_lt(longest, 30000, "%.0f ms from POST to 10 %%", longest);
    for (int i = 4; i < 8; i++) { /* the cap is reached: these follow as soon as one ends */
        kit_request(s, apr_psprintf(h->pool, "r%d", i));
    }
    harness_open_gate(h, "go");
    harness_await_sql(h, 10, "select count(*) = 8 from generated_docs where status = 'completed'");
    harness_close(h);
}

/* A repository that the database knows and the configuration does not. */
Test(faults_database, registered)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    harness_sql(h, "select docgen_register('extra', 'test:ok')");
    harness_sql(h, "select docgen_register('foreign', 'ssh://git@example.org/x.git')");
    harness_expect_log(h, "docgen:warn.*DG0020");
    kit_request(s, "extra");
    await_state(h, 10, "extra", "completed");
    if (harness_generate(s, "foreign")->status == 202) {
        await_state(h, 10, "foreign", "failed");
        cr_expect(strstr(message_of(h, "foreign"), "DocGenAllowURL"), "%s",
                  message_of(h, "foreign"));
    }
    cr_expect_eq(harness_starts(h, "foreign"), 0);
    harness_close(h);
}
