/* The ends of children and servers, each with a running and a queued job: the running one gets
 * its verdict in time or finishes, the queued one is done by whoever comes next, nothing aborts
 * and nothing is left running.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <apr_strings.h>
#include "module/harness.h"

TestSuite(faults_end, .timeout = 120);

#define REPOSITORIES "runs test:milestones,gate=go,source,pages=2\nwaits test:ok"
#define ONE          "DocGenMaxRunning 1\n"
#define STOPPING     "The server is stopping; press Regenerate when it is back."
#define DIED         "The server process that ran this job ended unexpectedly; press Regenerate."

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One job stands at its gate, another waits for its turn. */
static void occupy(harness *h, harness_server *s)
{
    cr_assert_eq(harness_generate(s, "runs")->status, 202);
    harness_await_sql(h, 10,
                      "select progress = 80 from generated_docs where repository_id = 'runs'");
    cr_assert_eq(harness_generate(s, "waits")->status, 202);
    cr_assert_str_eq(harness_sql(h, "select status || (claim is null) from generated_docs where "
                                    "repository_id = 'waits'"),
                     "generatingtrue");
}

static pid_t owner_of(harness *h, const char *id)
{
    return (pid_t)harness_sql_number(h,
                                     "select pid from docgen_owners o join generated_docs g on "
                                     "g.owner = o.owner where g.repository_id = '%s'",
                                     id);
}

static void expect_state(harness *h, const char *id, const char *status, const char *message)
{
    const char *is = harness_sql(h,
                                 "select status || '|' || coalesce(error_message, '') from "
                                 "generated_docs where repository_id = '%s'",
                                 id);
    const char *expected = apr_pstrcat(h->pool, status, "|", message, NULL);

    cr_expect_str_eq(is, expected, "%s: %s", id, is);
}

static void await_state(harness *h, int seconds, const char *id, const char *status)
{
    harness_await_sql(h, seconds,
                      "select status = '%s' from generated_docs where repository_id = '%s'", status,
                      id);
}

/* Waits until this httpd's process is gone (or a zombie of nobody's). */
static void await_gone(harness *h, pid_t pid, int seconds)
{
    const char *path = apr_psprintf(h->pool, "/proc/%d", (int)pid);
    double until = now() + seconds;

    while (access(path, F_OK) == 0 && now() < until) {
        usleep(10000);
    }
    cr_expect(access(path, F_OK) != 0, "process %d still runs", (int)pid);
}

Test(faults_end, stop)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    double from;

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    from = now();
    harness_httpd(s, "stop");
    cr_expect_lt(now() - from, 3.0, "stopping took %.1f s", now() - from);
    expect_state(h, "runs", "failed", STOPPING);
    expect_state(h, "waits", "generating", "");
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_owners"), 0, "all signed off");
    harness_httpd(s, "start");
    await_state(h, 10, "waits", "completed");
    cr_expect_eq(harness_starts(h, "waits"), 1);
    harness_close(h);
}

Test(faults_end, stop_with_a_deaf_generator)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = "runs test:milestones,orphan,deaf,hang\nwaits test:ok", .conf = ONE);
    double from;

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    from = now();
    harness_httpd(s, "stop");
    cr_expect_lt(now() - from, 4.0, "stopping took %.1f s", now() - from);
    expect_state(h, "runs", "failed", STOPPING);
    harness_close(h);
}

Test(faults_end, an_idle_server_stops_at_once)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "a test:ok");
    double from;

    harness_generate(s, "a");
    harness_await_status(s, "a", "completed", 10);
    from = now();
    harness_httpd(s, "stop");
    cr_expect_lt(now() - from, 2.0, "stopping took %.1f s", now() - from);
    harness_close(h);
}

Test(faults_end, restart)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "restart");
    expect_state(h, "runs", "failed", STOPPING);
    await_state(h, 10, "waits", "completed");
    cr_expect_eq(harness_generate(s, "runs")->status, 202);
    harness_await_sql(h, 10,
                      "select progress = 80 from generated_docs where repository_id = 'runs'");
    harness_open_gate(h, "go");
    await_state(h, 10, "runs", "completed");
    harness_close(h);
}

Test(faults_end, graceful)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    pid_t old;

    occupy(h, s);
    old = owner_of(h, "runs");
    harness_httpd(s, "graceful");
    harness_await_sql(h, 10, "select true"); /* the old child drains, a new generation serves */
    sleep(2);
    cr_expect_eq(harness_get(s, "/docgen/api/status/runs")->status, 200);
    expect_state(h, "runs", "generating", "");
    cr_expect_eq(owner_of(h, "runs"), old, "the old child goes on with its job");
    harness_open_gate(h, "go");
    await_state(h, 10, "runs", "completed");
    await_state(h, 10, "waits", "completed");
    await_gone(h, old, 10);
    cr_expect_eq(harness_starts(h, NULL), 2);
    harness_close(h);
}

Test(faults_end, graceful_twice_then_stop)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    double from;

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "graceful");
    sleep(2);
    harness_httpd(s, "graceful");
    sleep(2);
    expect_state(h, "runs", "generating", "");
    from = now();
    harness_httpd(s, "stop");
    cr_expect_lt(now() - from, 4.0, "stopping took %.1f s", now() - from);
    expect_state(h, "runs", "failed", STOPPING);
    expect_state(h, "waits", "generating", "");
    harness_close(h);
}

Test(faults_end, graceful_drains_only_so_long)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = REPOSITORIES, .conf = ONE "DocGenDrainTimeout 2\n");

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "graceful");
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", STOPPING);
    await_state(h, 10, "waits", "completed");
    harness_close(h);
}

Test(faults_end, graceful_stop)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);

    occupy(h, s);
    harness_httpd(s, "graceful-stop");
    sleep(2);
    expect_state(h, "runs", "generating", "");
    harness_open_gate(h, "go");
    await_state(h, 10, "runs", "completed");
    harness_await_end(s, 15);
    expect_state(h, "waits", "generating", "");
    harness_httpd(s, "start");
    await_state(h, 10, "waits", "completed");
    harness_close(h);
}

/* What systemd does with Debian's unit: graceful-stop, then TERM to the parent. */
Test(faults_end, graceful_stop_then_term)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    pid_t parent = (pid_t)atoi(harness_httpd(s, "pid"));
    double from;

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "graceful-stop");
    usleep(300000);
    from = now();
    kill(parent, SIGTERM);
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", STOPPING);
    harness_await_end(s, 15);
    cr_expect_lt(now() - from, 9.0, "it took %.1f s", now() - from);
    harness_close(h);
}

/* The seed's "back-end crash": the child dies without a word. */
Test(faults_end, child_killed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = "runs test:milestones,deaf,orphan,hang\nwaits test:ok", .conf = ONE);
    double from;

    harness_expect_log(h, "docgen:warn.*ended with 1 running job");
    harness_expect_log(h, "exit signal Killed");
    occupy(h, s);
    from = now();
    kill(owner_of(h, "runs"), SIGKILL);
    await_state(h, 8, "runs", "failed");
    cr_expect_lt(now() - from, 2.0, "seen after %.1f s", now() - from);
    expect_state(h, "runs", "failed", DIED);
    await_state(h, 8, "waits", "completed");
    harness_close(h);
}

/* SIGKILL to all. The pid file goes too: where nobody reaps the dead parent, httpd takes it for
 * a running one. */
static void kill_all(harness *h, harness_server *s)
{
    harness_httpd(s, "kill");
    unlink(apr_pstrcat(h->pool, harness_dir(s), "/httpd.pid", NULL));
}

/* The only child: nobody is there to see it, its successor must. */
Test(faults_end, only_child_killed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = REPOSITORIES,
        .conf = ONE "StartServers 1\nServerLimit 1\n"
                    "<IfModule !prefork.c>\nMinSpareThreads 1\nMaxRequestWorkers 16\n</IfModule>\n"
                    "<IfModule prefork.c>\nMaxRequestWorkers 1\n</IfModule>\n");

    harness_expect_log(h, "docgen:warn.*ended with 1 running job");
    harness_expect_log(h, "exit signal Killed");
    harness_expect_log(h, "AH00161: server reached MaxRequestWorkers"); /* prefork has one */
    occupy(h, s);
    kill(owner_of(h, "runs"), SIGKILL);
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", DIED);
    await_state(h, 8, "waits", "completed");
    harness_close(h);
}

Test(faults_end, everything_killed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);

    /* a child may outlive the parent for a moment and say so */
    harness_expect_log(h, "docgen:warn.*(ended with 1 running job|the parent process is gone)");
    occupy(h, s);
    kill_all(h, s);
    expect_state(h, "runs", "generating", "");
    harness_httpd(s, "start");
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", DIED);
    await_state(h, 8, "waits", "completed");
    harness_close(h);
}

/* Two httpds share the database: one dies with its host's whole set of processes, the other
 * notices at once. */
Test(faults_end, the_other_httpd_notices)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    harness_server *other;

    harness_expect_log(h, "docgen:warn.*ended with 1 running job");
    occupy(h, s);
    other = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    harness_httpd(s, "kill");
    await_state(h, 4, "runs", "failed");
    expect_state(h, "runs", "failed", DIED);
    await_state(h, 4, "waits", "completed");
    cr_expect_eq(harness_get(other, "/docgen/api/status/waits")->status, 200);
    harness_close(h);
}

/* A killed parent: the children go on, finish what they run and take nothing more. */
Test(faults_end, parent_killed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    pid_t parent = (pid_t)atoi(harness_httpd(s, "pid"));
    pid_t child;

    harness_expect_log(h, "docgen:warn.*the parent process is gone");
    occupy(h, s);
    child = owner_of(h, "runs");
    kill(parent, SIGKILL);
    sleep(3);
    harness_open_gate(h, "go");
    await_state(h, 10, "runs", "completed");
    sleep(2);
    expect_state(h, "waits", "generating", "");
    cr_expect_eq(kill(child, 0), 0, "it still serves");
    kill_all(h, s);
    harness_httpd(s, "start");
    await_state(h, 10, "waits", "completed");
    harness_close(h);
}

/* Children that end because they served enough connections, and idle ones that are trimmed, lose
 * no job. */
Test(faults_end, used_up_children)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = REPOSITORIES,
        .conf = ONE "MaxConnectionsPerChild 20\nStartServers 3\n"
                    "<IfModule !prefork.c>\nMinSpareThreads 1\nMaxSpareThreads 17\n</IfModule>\n");

    occupy(h, s);
    for (int i = 0; i < 200; i++) {
        harness_get(s, "/docgen/api/status/runs");
    }
    expect_state(h, "runs", "generating", "");
    harness_open_gate(h, "go");
    await_state(h, 15, "runs", "completed");
    await_state(h, 15, "waits", "completed");
    cr_expect_eq(harness_starts(h, NULL), 2);
    harness_close(h);
}

/* Stopping while jobs come and go, again and again: no verdict is missing, none is double,
 * nothing aborts. */
Test(faults_end, restarts_under_load)
{
    harness *h = harness_open();
    const char *repositories = "r0 test:ok";
    harness_server *s;

    for (int i = 1; i < 12; i++) {
        repositories = apr_psprintf(h->pool, "%s\nr%d test:milestones,sleep=%d,source,pages=3",
                                    repositories, i, i * 20);
    }
    harness_expect_log(h, "docgen:warn.*DG0107");
    s = harness_serve(h, .repositories = repositories,
                      .conf = "DocGenMaxRunning 4\nDocGenThreads 2\n");
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 12; i++) {
            harness_generate(s, apr_psprintf(h->pool, "r%d", i));
        }
        harness_httpd(s, round % 2 ? "restart" : "graceful");
        usleep(200000);
    }
    harness_await_sql(h, 40,
                      "select not exists (select from generated_docs where status = 'generating')");
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generated_docs where status = 'failed' and "
                              "error_message <> '" STOPPING "'"),
        0);
    harness_close(h);
}
