/* Why the database fails, in the words of answers, api/health, the error log and a job's message: each of them names
 * the reason, and the log tells it once, however many children and requests meet it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <string.h>
#include "module/harness.h"

TestSuite(reasons, .timeout = 400);

#define SESSIONS_END                                                                               \
    "select count(pg_terminate_backend(pid)) from pg_stat_activity "                               \
    "where datname = current_database() and pid <> pg_backend_pid()"

/* How many lines of the error log hold this text. */
static int lines_with(harness_server *s, const char *text)
{
    int count = 0;

    for (const char *p = strstr(harness_log(s), text); p; p = strstr(p, text)) {
        count++;
        p += strcspn(p, "\n");
    }
    return count;
}

static void expect_reason(harness *h, const harness_reply *r, const char *code, const char *words)
{
    const char *is = harness_member(h, r, "code"), *detail = harness_member(h, r, "detail");

    cr_expect_eq(r->status, 503, "%d %s", r->status, r->body);
    cr_expect(is && !strcmp(is, code), "%s: %s", code, r->body);
    cr_expect(detail && strstr(detail, words), "%s: %s", words, r->body);
    cr_expect(detail && !strstr(detail, "DocGenConnections"), "%s", r->body);
    cr_expect(harness_header(h, r, "Retry-After") != NULL, "%s", r->headers);
}

static void await_health(harness *h, harness_server *s)
{
    for (int i = 0; i < 300 && harness_get(s, "/docgen/api/health")->status != 200; i++) {
        harness_sql(h, "select pg_sleep(0.1)");
    }
    cr_expect_eq(harness_get(s, "/docgen/api/health")->status, 200, "%s",
                 harness_get(s, "/docgen/api/health")->body);
}

Test(reasons, a_read_only_database)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:ok\nother test:ok");

    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 15);
    harness_expect_log(h, "DG0041");
    harness_sql(h, "alter database %s set default_transaction_read_only = on", h->database);
    harness_sql(h, SESSIONS_END);
    for (int i = 0; i < 5; i++) {
        expect_reason(h, harness_generate(s, "demo"), "DG0041", "read-only");
        expect_reason(h, harness_get(s, "/docgen/api/health"), "DG0041", "read-only");
    }
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/")->status, 200, "reading goes on");
    cr_expect_eq(harness_get(s, "/docgen/api/status/demo")->status, 200);
    cr_expect_eq(lines_with(s, "DG0041"), 1, "%s", harness_log(s));
    cr_expect_eq(lines_with(s, "DG0012"), 0);
    harness_sql(h, "set default_transaction_read_only = off");
    harness_sql(h, "set transaction_read_only = off");
    harness_sql(h, "alter database %s reset default_transaction_read_only", h->database);
    await_health(h, s);
    cr_expect_eq(harness_generate(s, "demo")->status, 202);
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

/* Somebody's open transaction holds the row: one request on an idle server waits for it, not for a connection. */
Test(reasons, a_lock_that_another_session_holds)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 15);
    harness_expect_log(h, "DG0040");
    harness_sql(h, "begin");
    harness_sql(h, "select 1 from generated_docs where repository_id::text = 'demo' for update");
    expect_reason(h, harness_generate(s, "demo"), "DG0040", "lock");
    expect_reason(h, harness_generate(s, "demo"), "DG0040", "lock");
    cr_expect_eq(harness_get(s, "/docgen/api/status/demo")->status, 200, "reading goes on");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/")->status, 200);
    cr_expect_eq(lines_with(s, "DG0040"), 1, "%s", harness_log(s));
    cr_expect_eq(lines_with(s, "DG0013"), 0, "%s", harness_log(s));
    harness_sql(h, "lock table generated_docs in access exclusive mode");
    expect_reason(h, harness_get(s, "/docgen/api/status/demo"), "DG0040", "lock");
    expect_reason(h, harness_get(s, "/docgen/api/health"), "DG0040", "lock");
    harness_sql(h, "rollback");
    cr_expect_eq(harness_generate(s, "demo")->status, 202);
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

static void let_writes_fail(harness *h, const char *state)
{
    harness_sql(h,
                "create or replace function test_full() returns trigger language plpgsql as $$ "
                "begin raise exception 'told by the test' using errcode = '%s'; end $$",
                state);
    harness_sql(h, "create trigger test_full before update on generated_docs for each row execute "
                   "function test_full()");
}

/* The disk fills up while a job runs, and for longer than its lease. Whoever gets at the row first when there is space
 * again (its job's thread, the sweep, a reader of the status): the message is the job's. */
Test(reasons, a_disk_that_fills_up_during_a_job)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = "demo test:milestones,gate=go,source,pages=3",
                      .conf = "DocGenLease 3\nDocGenTick 500ms\n");
    const harness_reply *r;

    harness_expect_log(h, "DG0042|DG0110|could not be stored");
    harness_generate(s, "demo");
    harness_await_sql(h, 10, "select progress = 80 from generated_docs");
    let_writes_fail(h, "53100");
    harness_open_gate(h, "go");
    harness_await_sql(h, 30,
                      "select lease_until < clock_timestamp() - 2.5 * lease from generated_docs");
    expect_reason(h, harness_get(s, "/docgen/api/status/demo"), "DG0042", "disk");
    expect_reason(h, harness_generate(s, "demo"), "DG0042", "disk");
    harness_sql(h, "drop trigger test_full on generated_docs");
    harness_get(s, "/docgen/api/status/demo"); /* it may not be the last word on the job */
    r = harness_await_status(s, "demo", "failed", 20);
    cr_expect(strstr(harness_member(h, r, "errorMessage"), "disk of the database is full"), "%s",
              r->body);
    cr_expect_eq(lines_with(s, "DG0042"), 1, "%s", harness_log(s));
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events where kind in "
                                       "('failed', 'expired')"),
                 1);
    await_health(h, s);
    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

/* A refusal that would only be repeated ends the job at once, in the words of the table. */
Test(reasons, a_part_that_the_database_cannot_hold)
{
    static const struct {
        const char *state, *words;
    } cases[] = {
        {"22P05", "encoding cannot hold"},
        {"2201B", "setting of the database"},
        {"42501", "lacks a right"},
        {"22012", "refused the statement"},
    };
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    harness_expect_log(h, "DG0110|DG0015|DG004[678]");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const harness_reply *r;

        harness_sql(h,
                    "create or replace function test_full() returns trigger language plpgsql as "
                    "$$ begin raise exception 'told by the test' using errcode = '%s'; end $$",
                    cases[i].state);
        harness_sql(h, "create or replace trigger test_full before insert on docgen_pages for each "
                       "row execute function test_full()");
        cr_assert_eq(harness_generate(s, "demo")->status, 202);
        r = harness_await_status(s, "demo", "failed", 15);
        cr_expect(strstr(harness_member(h, r, "errorMessage"), cases[i].words), "%s: %s",
                  cases[i].state, r->body);
    }
    harness_sql(h, "drop trigger test_full on docgen_pages");
    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}
