/* What a request starts, with a generator that the test holds at will, and the storms that a check-then-update
 * implementation loses. The original system's checklist is in tests/browser/checklist.test.mjs.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "module/harness.h"

TestSuite(requests, .timeout = 400);

#define JSON "Content-Type: application/json"
/* More clients than httpd has workers is the purpose of a storm. */
#define FULL "reached MaxRequestWorkers"

/* Exactly one terminal event for each requested job. */
static void expect_one_verdict_each(harness *h)
{
    cr_expect_eq(
        harness_sql_number(
            h, "select count(*) from (select job_id from generation_events group by job_id having "
               "count(*) filter (where kind in ('completed', 'failed', 'superseded', 'expired', "
               "'forgotten')) <> 1) bad"),
        0);
}

/* The last started generator's pid, and its parent: the httpd child that supervises it. */
static pid_t generator_pid(harness *h)
{
    FILE *file = fopen(apr_pstrcat(h->pool, h->control, "/starts", NULL), "r");
    char id[200];
    int pid = 0;

    cr_assert(file, "no generator was started");
    while (fscanf(file, "%199s %d %*s", id, &pid) == 2) {
    }
    fclose(file);
    return pid;
}

static pid_t parent_of(harness *h, pid_t pid)
{
    FILE *file = fopen(apr_psprintf(h->pool, "/proc/%d/stat", (int)pid), "r");
    int parent = 0;

    cr_assert(file && fscanf(file, "%*d (%*[^)]) %*c %d", &parent) == 1, "no process %d", (int)pid);
    fclose(file);
    return parent;
}

static int is_gone(void *pid)
{
    FILE *file = fopen(pid, "r");
    char state = 'Z';

    if (file) {
        if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1) {
            state = 'Z';
        }
        fclose(file);
    }
    return state == 'Z';
}

Test(requests, a_killed_child_fails_its_job_and_its_generator_ends)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    pid_t generator, child;
    const harness_reply *r;

    harness_expect_log(h, "exit signal Killed|process [0-9]+ ended with 1 running job");
    harness_script(h, "demo", "progress=10,gate=never,ok");
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    harness_await_sql(
        h, 15, "select progress = 10 from generated_docs where repository_id::text = 'demo'");
    generator = generator_pid(h);
    child = parent_of(h, generator);
    cr_assert(strstr(harness_httpd(s, "children"), apr_itoa(h->pool, child)) != NULL,
              "%d is no child of httpd", child);
    kill(child, SIGKILL);
    r = harness_await_status(s, "demo", "failed", 5);
    cr_expect(strlen(harness_member(h, r, "errorMessage")) > 10, "%s", r->body);
    harness_await(h, 3, "the generator's end", is_gone,
                  apr_psprintf(h->pool, "/proc/%d/stat", (int)generator));
    harness_script(h, "demo", "ok");
    cr_expect_eq(harness_generate(s, "demo")->status, 202);
    harness_await_status(s, "demo", "completed", 15);
    expect_one_verdict_each(h);
    harness_close(h);
}

Test(requests, a_second_request_gets_the_running_job)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *first, *again;
    int seconds;

    harness_script(h, "demo", "progress=10,gate=go,ok");
    first = harness_generate(s, "demo");
    cr_assert_eq(first->status, 202);
    harness_await_sql(
        h, 15, "select progress = 10 from generated_docs where repository_id::text = 'demo'");
    again = harness_generate(s, "demo");
    cr_assert_eq(again->status, 409);
    cr_expect_str_eq(harness_member(h, again, "code"), "DG0001");
    cr_expect_str_eq(harness_member(h, again, "job.jobId"), harness_member(h, first, "jobId"));
    cr_expect_str_eq(harness_member(h, again, "job.status"), "generating");
    cr_expect_eq(harness_number(h, again, "job.progress"), 10);
    cr_expect_str_eq(harness_header(h, again, "Location"), "/docgen/api/status/demo");
    seconds = atoi(harness_header(h, again, "Retry-After"));
    cr_expect(seconds > 280 && seconds <= 300, "Retry-After: %d", seconds);
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    cr_expect_eq(harness_starts(h, "demo"), 1);
    expect_one_verdict_each(h);
    harness_close(h);
}

Test(requests, a_job_that_was_taken_over_writes_no_more)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *first, *second, *r;

    harness_expect_log(h, "DG0109");
    harness_script(h, "demo", "progress=10,gate=old,deaf,progress=90,source,page=index,page=old");
    first = harness_generate(s, "demo");
    cr_assert_eq(first->status, 202);
    harness_await_sql(
        h, 15, "select progress = 10 from generated_docs where repository_id::text = 'demo'");
    /* five minutes pass */
    harness_sql(h, "update generated_docs set generation_started_at = generation_started_at - "
                   "interval '301 s' where repository_id = 'demo'");
    harness_script(h, "demo", "progress=20,gate=new,source,page=index,page=new");
    second = harness_generate(s, "demo");
    cr_assert_eq(second->status, 202, "%s", second->body);
    cr_expect_str_neq(harness_member(h, second, "jobId"), harness_member(h, first, "jobId"));
    cr_expect_str_eq(
        harness_sql(h, "select outcome from docgen_runs('demo', 9) where job_id::text = '%s'",
                    harness_member(h, first, "jobId")),
        "superseded");
    /* the old job says that it goes on: nobody listens */
    harness_open_gate(h, "old");
    harness_await_sql(
        h, 15, "select progress = 20 from generated_docs where repository_id::text = 'demo'");
    harness_open_gate(h, "new");
    r = harness_await_status(s, "demo", "completed", 15);
    cr_expect_str_eq(harness_member(h, r, "jobId"), harness_member(h, second, "jobId"));
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/new")->status, 200);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/old")->status, 404);
    cr_expect_eq(
        harness_sql_number(
            h,
            "select count(*) from generation_events where kind = 'progress' and percent >= 90 and "
            "job_id::text = '%s'",
            harness_member(h, first, "jobId")),
        0);
    expect_one_verdict_each(h);
    harness_close(h);
}

Test(requests, progress_is_seen_at_each_milestone_and_never_falls)
{
    static const struct {
        int percent;
        const char *step;
    } milestones[] = {{10, "Fetching repository"},
                      {30, "Fetching repository metadata"},
                      {40, "Fetching GitHub authentication"},
                      {50, "Analyzing codebase structure"},
                      {60, "Generating documentation sections"},
                      {75, "Generating documentation sections (1 of 2: Overview)"},
                      {90, "Generating documentation sections (2 of 2: API)"},
                      {95, "Finalizing output"}};
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const char *script = "";
    const harness_reply *r;
    long long revision = 0;

    for (int i = 0; i < 8; i++) {
        script = apr_psprintf(h->pool, "%sprogress=%d:%s,gate=m%d,", script, milestones[i].percent,
                              milestones[i].step, i);
    }
    harness_script(h, "demo", apr_pstrcat(h->pool, script, "source,pages=1", NULL));
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    for (int i = 0; i < 8; i++) {
        harness_await_sql(
            h, 15, "select progress = %d from generated_docs where repository_id::text = 'demo'",
            milestones[i].percent);
        r = harness_get(s, "/docgen/api/status/demo");
        cr_expect_eq(harness_number(h, r, "progress"), milestones[i].percent);
        cr_expect_str_eq(harness_member(h, r, "step"), milestones[i].step);
        cr_expect_str_eq(harness_member(h, r, "status"), "generating");
        cr_expect(harness_number(h, r, "revision") > revision);
        revision = harness_number(h, r, "revision");
        harness_open_gate(h, apr_psprintf(h->pool, "m%d", i));
    }
    r = harness_await_status(s, "demo", "completed", 15);
    cr_expect_eq(harness_number(h, r, "progress"), 100);
    cr_expect_str_eq(
        harness_sql(
            h,
            "select string_agg(percent::text, ' ' order by id) from generation_events where kind = "
            "'progress'"),
        "10 30 40 50 60 75 90 95");
    harness_close(h);
}

/* A generator that goes back is a broken one; what was shown stays true until the failure is. */
Test(requests, a_falling_progress_is_never_shown)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    harness_expect_log(h, "DG0104");
    harness_script(h, "demo", "progress=50,gate=go,progress=20,gate=never");
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    harness_await_sql(
        h, 15, "select progress = 50 from generated_docs where repository_id::text = 'demo'");
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "failed", 15);
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events where percent = 20"),
                 0);
    harness_close(h);
}

/* A request wakes an idle thread itself: the tick is far too slow to be the reason. */
Test(requests, a_request_is_taken_without_waiting_for_a_tick)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "first test:ok\ndemo test:ok",
                                      .conf = "DocGenTick 15\nDocGenLease 60\n");
    long long before, after;

    /* Children look for work when they start: that must not be what is measured. */
    cr_assert_eq(harness_generate(s, "first")->status, 202);
    harness_await_status(s, "first", "completed", 20);
    harness_script(h, "demo", "progress=10,gate=go,ok");
    before = harness_sql_number(h, "select (extract(epoch from clock_timestamp()) * 1000)::bigint");
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    harness_await_sql(
        h, 12, "select progress = 10 from generated_docs where repository_id::text = 'demo'");
    after = harness_sql_number(
        h, "select (extract(epoch from at) * 1000)::bigint from generation_events where "
           "percent = 10 and repository_id::text = 'demo'");
    cr_expect(after - before < 3000, "%lld ms from the request to 10 %%", after - before);
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

/* ---- storms ---- */

static const char *body_of(harness *h, const char *id)
{
    return apr_pstrcat(h->pool, "{\"repositoryId\":\"", id, "\"}", NULL);
}

static int count(const int *statuses, int n, int status)
{
    int found = 0;

    for (int i = 0; i < n; i++) {
        found += statuses[i] == status;
    }
    return found;
}

/* "202: 1, 409: 199", for a failed assertion. */
static const char *all_of(harness *h, const int *statuses, int n)
{
    const char *text = "";

    for (int status = 0; status < 600; status++) {
        int found = count(statuses, n, status);

        if (found) {
            text = apr_psprintf(h->pool, "%s%s%d: %d", text, *text ? ", " : "", status, found);
        }
    }
    return text;
}

/* On a slow machine the bounded wait for a connection may end: such a client asks again, as it is
 * told. They must be few. */
static void ask_again(harness_server *const *servers, int servers_n,
                      const harness_request *requests, int n, int *statuses)
{
    int busy = count(statuses, n, 503);

    cr_expect(busy <= n / 10, "%d of %d found no connection", busy, n);
    for (int i = 0; i < n; i++) {
        for (int again = 0; statuses[i] == 503 && again < 20; again++) {
            statuses[i] = harness_ask_with(servers[i % servers_n], requests[i])->status;
        }
    }
}

Test(requests, of_200_simultaneous_requests_one_wins)
{
    enum {
        REQUESTS = 200
    };
    harness *h = harness_open();
    harness_server *servers[2] = {harness_serve(h), harness_serve(h)};
    harness_request requests[REQUESTS];
    int statuses[REQUESTS];

    harness_expect_log(h, "DG0013|DG0040");
    harness_script(h, "demo", "progress=10,gate=go,ok");
    for (int i = 0; i < REQUESTS; i++) {
        requests[i] = (harness_request){
            .path = "/docgen/api/generate-docs", .headers = JSON, .body = body_of(h, "demo")};
    }
    harness_expect_log(h, FULL);
    harness_burst(h, servers, 2, requests, REQUESTS, REQUESTS, statuses);
    ask_again(servers, 2, requests, REQUESTS, statuses);
    cr_expect_eq(count(statuses, REQUESTS, 202), 1, "%s", all_of(h, statuses, REQUESTS));
    cr_expect_eq(count(statuses, REQUESTS, 409), REQUESTS - 1, "%s", all_of(h, statuses, REQUESTS));
    harness_await_sql(
        h, 15, "select progress = 10 from generated_docs where repository_id::text = 'demo'");
    harness_open_gate(h, "go");
    harness_await_status(servers[0], "demo", "completed", 15);
    cr_expect_eq(harness_starts(h, NULL), 1);
    cr_expect_eq(harness_sql_number(h, "select count(distinct job_id) from generation_events"), 1);
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generation_events where kind = 'taken'"), 1);
    expect_one_verdict_each(h);
    harness_close(h);
}

Test(requests, of_64_clients_over_200_repositories_one_wins_each)
{
    enum {
        REPOSITORIES = 200,
        CLIENTS = 64,
        REQUESTS = REPOSITORIES * CLIENTS
    };
    harness *h = harness_open();
    const char *repositories = "", *conf = "DocGenThreads 4\nDocGenMaxRunning 6\n";
    harness_server *servers[2];
    harness_request *requests = apr_pcalloc(h->pool, sizeof(*requests) * REQUESTS);
    int *statuses = apr_pcalloc(h->pool, sizeof(*statuses) * REQUESTS);

    for (int i = 0; i < REPOSITORIES; i++) {
        repositories = apr_psprintf(h->pool, "%sr%d test:gate=go,progress=10,source,pages=1\n",
                                    repositories, i);
    }
    for (int i = 0; i < 2; i++) {
        servers[i] = harness_serve(h, .repositories = repositories, .conf = conf);
    }
    /* Neighbours in the list are 64 clients that ask for the same repository. */
    for (int i = 0; i < REQUESTS; i++) {
        requests[i] =
            (harness_request){.path = "/docgen/api/generate-docs",
                              .headers = JSON,
                              .body = body_of(h, apr_psprintf(h->pool, "r%d", i / CLIENTS))};
    }
    harness_expect_log(h, "DG0013|DG0040");
    harness_expect_log(h, FULL);
    harness_burst(h, servers, 2, requests, REQUESTS, CLIENTS, statuses);
    ask_again(servers, 2, requests, REQUESTS, statuses);
    cr_expect_eq(count(statuses, REQUESTS, 202), REPOSITORIES, "%s", all_of(h, statuses, REQUESTS));
    cr_expect_eq(count(statuses, REQUESTS, 409), REQUESTS - REPOSITORIES, "%s",
                 all_of(h, statuses, REQUESTS));
    for (int i = 0; i < REPOSITORIES; i++) {
        cr_expect_eq(count(statuses + i * CLIENTS, CLIENTS, 202), 1, "r%d", i);
    }
    cr_expect_leq(
        harness_sql_number(h, "select count(*) from generated_docs where claim is not null"), 6);
    harness_open_gate(h, "go");
    harness_await_sql(h, 80, "select count(*) = %d from generated_docs where status = 'completed'",
                      REPOSITORIES);
    cr_expect_eq(harness_starts(h, NULL), REPOSITORIES);
    for (int i = 0; i < REPOSITORIES; i++) {
        cr_expect_eq(harness_starts(h, apr_psprintf(h->pool, "r%d", i)), 1, "r%d", i);
    }
    cr_expect_eq(harness_sql_number(h, "select count(distinct job_id) from generation_events"),
                 REPOSITORIES);
    expect_one_verdict_each(h);
    harness_close(h);
}
