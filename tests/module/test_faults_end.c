/* The ends of children and servers, each with a running and a queued job: the running one gets
 * its verdict or finishes, the queued one is done by whoever comes next, nothing aborts and nothing
 * is left running. How long each takes is measured by `make recovery`, not here: a stop that is so
 * slow that httpd kills a child shows as a line of its log that no test here expects.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apr_strings.h>
#include "faults/kit.h"
#include "module/harness.h"
#include "module/harness_state.h"

TestSuite(faults_end, .timeout = 400);

#define REPOSITORIES "runs test:milestones,gate=go,source,pages=2\nwaits test:ok"
#define ONE          "DocGenMaxRunning 1\n"
#define STOPPING     "The server is stopping; press Regenerate when it is back."
#define DIED         "The server process that ran this job ended unexpectedly; press Regenerate."

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
    long long until = harness_deadline(seconds);

    while (access(path, F_OK) == 0 && harness_now() < until) {
        harness_pause();
    }
    cr_expect(access(path, F_OK) != 0, "process %d still runs", (int)pid);
}

Test(faults_end, stop)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "stop");
    expect_state(h, "runs", "failed", STOPPING);
    expect_state(h, "waits", "generating", "");
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_owners where not ended"), 0,
                 "all signed off");
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

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "stop");
    expect_state(h, "runs", "failed", STOPPING);
    harness_close(h);
}

Test(faults_end, an_idle_server_stops)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "a test:ok");

    harness_generate(s, "a");
    harness_await_status(s, "a", "completed", 10);
    harness_httpd(s, "stop");
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

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "graceful");
    sleep(2);
    harness_httpd(s, "graceful");
    sleep(2);
    expect_state(h, "runs", "generating", "");
    harness_httpd(s, "stop");
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

typedef struct stopping {
    harness *h;
    pid_t parent;
} stopping;

/* httpd forgets a TERM that comes before it has begun to wait for its children: it is said again. */
static int ends_by_term(void *data)
{
    const stopping *stopping = data;

    kill(stopping->parent, SIGTERM);
    usleep(300000);
    return harness_sql_number(stopping->h, "select count(*) from generated_docs where "
                                           "repository_id = 'runs' and status = 'failed'") == 1;
}

/* What systemd does with Debian's unit: graceful-stop, then TERM to the parent. */
Test(faults_end, graceful_stop_then_term)
{
    harness *h;
    harness_server *s;
    stopping stopping;

    if (getenv("UNDER_TSAN")) {
        cr_skip_test("httpd's parent waits in calls after which TSan hands no signal on");
    }
    h = harness_open();
    s = harness_serve(h, .repositories = REPOSITORIES, .conf = ONE);
    stopping.h = h;
    stopping.parent = (pid_t)atoi(harness_httpd(s, "pid"));
    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    harness_httpd(s, "graceful-stop");
    harness_await(h, 10, "the running job's failure", ends_by_term, &stopping);
    expect_state(h, "runs", "failed", STOPPING);
    harness_await_end(s, 15);
    harness_close(h);
}

/* The seed's "back-end crash": the child dies without a word. What the others say of it is not what
 * they say when a lease has run out: they saw it die. */
static void lose_child(int number, const char *logged)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = "runs test:milestones,deaf,orphan,hang\nwaits test:ok", .conf = ONE);

    harness_expect_log(h, "docgen:warn.*ended with 1 running job");
    harness_expect_log(h, logged);
    occupy(h, s);
    kill(owner_of(h, "runs"), number);
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", DIED);
    await_state(h, 8, "waits", "completed");
    cr_expect_eq(harness_starts(h, NULL), 2);
    harness_close(h);
}

Test(faults_end, child_killed)
{
    lose_child(SIGKILL, "exit signal Killed");
}

Test(faults_end, child_segfaults)
{
    lose_child(SIGSEGV, "exit signal Segmentation fault");
}

Test(faults_end, child_aborts)
{
    lose_child(SIGABRT, "exit signal Abort");
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

    harness_expect_log(h, "docgen:warn.*ended with 1 running job");
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

/* httpd -X: one process without a parent, whose TERM is always a hard stop. */
Test(faults_end, single_process)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = REPOSITORIES "\nfirst test:ok", .conf = ONE, .single = 1);
    pid_t only = (pid_t)atoi(harness_httpd(s, "pid"));

    harness_expect_log(h, "docgen:warn.*DG0107");
    cr_expect_str_eq(harness_httpd(s, "children"), "", "it is one process");
    cr_expect_eq(harness_generate(s, "first")->status, 202);
    await_state(h, 10, "first", "completed");
    occupy(h, s);
    cr_expect_eq(owner_of(h, "runs"), only);
    harness_httpd(s, "stop");
    expect_state(h, "runs", "failed", STOPPING);
    expect_state(h, "waits", "generating", "");
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_owners where not ended"), 0,
                 "it signed off");
    harness_httpd(s, "start");
    await_state(h, 10, "waits", "completed");
    harness_close(h);
}

/* ---- a killed parent ---- */

static int try_connect(harness_server *s)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)harness_port(s)),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int is_port_free(void *data)
{
    int fd = try_connect(data);

    close(fd);
    return fd < 0;
}

/* SIGKILL to the parent alone. The port must be free within a second, whatever DocGenTick says. */
static void kill_parent(harness *h, harness_server *s)
{
    harness_expect_log(h, "docgen:warn.*the parent process is gone");
    harness_expect_log(h, "core:e.*apr_socket_accept"); /* how httpd's listeners learn of it */
    kill((pid_t)atoi(harness_httpd(s, "pid")), SIGKILL);
    unlink(apr_pstrcat(h->pool, harness_dir(s), "/httpd.pid", NULL));
    harness_await(h, 1, "the port to be free", is_port_free, s);
}

#define SLOW_TICK "DocGenTick 20s\nDocGenLease 60s\n"

/* The children free the port, finish what they run, take nothing more and end; a new httpd serves meanwhile. */
static void finish_without_parent(const char *mpm)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .mpm = mpm, .repositories = REPOSITORIES, .conf = ONE);
    const pid_t *old = kit_everyone(s) + 1;
    pid_t child;

    occupy(h, s);
    child = owner_of(h, "runs");
    kill_parent(h, s);
    harness_httpd(s, "start");
    cr_expect_eq(harness_get(s, "/docgen/api/status/runs")->status, 200, "the new httpd serves");
    cr_expect_eq(kill(child, 0), 0, "the old child goes on with its job");
    expect_state(h, "runs", "generating", "");
    cr_expect_eq(owner_of(h, "runs"), child);
    harness_open_gate(h, "go");
    await_state(h, 10, "runs", "completed");
    for (; *old; old++) {
        await_gone(h, *old, 10);
    }
    await_state(h, 10, "waits", "completed");
    cr_expect_eq(harness_starts(h, NULL), 2);
    harness_close(h);
}

Test(faults_end, parent_killed)
{
    finish_without_parent(NULL);
}

Test(faults_end, parent_killed_worker)
{
    finish_without_parent("worker");
}

Test(faults_end, parent_killed_prefork)
{
    finish_without_parent("prefork");
}

/* Orphans that have nothing to do end at once; a tick is far away. */
Test(faults_end, parent_of_an_idle_server_killed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "a test:ok", .conf = SLOW_TICK);

    harness_generate(s, "a");
    harness_await_status(s, "a", "completed", 10);
    kill_parent(h, s);
    harness_await_end(s, 5);
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_owners where not ended"), 0,
                 "all signed off");
    harness_close(h);
}

/* What an orphan runs may go on only so long. */
Test(faults_end, parent_killed_and_drained)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = REPOSITORIES, .conf = ONE "DocGenDrainTimeout 2\n");

    harness_expect_log(h, "docgen:warn.*DG0107");
    occupy(h, s);
    kill_parent(h, s);
    await_state(h, 8, "runs", "failed");
    expect_state(h, "runs", "failed", STOPPING);
    expect_state(h, "waits", "generating", "");
    harness_await_end(s, 5);
    harness_close(h);
}

/* Another request of its own is busy too: the one that asks. */
static int is_being_read(void *data)
{
    return strstr(harness_get(data, "/server-status?auto")->body, "BusyWorkers: 2") != NULL;
}

/* A request that was accepted before is answered, by a child that then ends. */
Test(faults_end, parent_killed_during_a_request)
{
    static const char begin[] = "GET /docgen/api/status/a HTTP/1.1\r\nHost: localhost\r\n";
    static const char end[] = "Connection: close\r\n\r\n";
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "a test:ok");
    char answer[4096] = "";
    size_t length = 0;
    ssize_t n;
    int fd = try_connect(s);

    cr_assert(fd >= 0 && write(fd, begin, sizeof(begin) - 1) == sizeof(begin) - 1);
    harness_await(h, 10, "a child reading the request", is_being_read, s);
    kill_parent(h, s);
    cr_assert_eq(write(fd, end, sizeof(end) - 1), sizeof(end) - 1);
    while (length < sizeof(answer) - 1 &&
           (n = read(fd, answer + length, sizeof(answer) - 1 - length)) > 0) {
        length += (size_t)n;
    }
    close(fd);
    cr_expect(strncmp(answer, "HTTP/1.1 200 ", 13) == 0, "%.100s", answer);
    harness_await_end(s, 5);
    harness_close(h);
}

/* Children that end because they served enough connections lose no job. */
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

static int slow_client(harness_server *s)
{
    int fd = try_connect(s);

    cr_assert(fd >= 0 && write(fd, "GET /", 5) == 5);
    return fd;
}

typedef struct crowd {
    harness_server *server;
    int children;
} crowd;

static int has_grown(void *data)
{
    const crowd *crowd = data;

    return kit_children(crowd->server) >= crowd->children;
}

static int has_shrunk(void *data)
{
    const crowd *crowd = data;

    return kit_children(crowd->server) < crowd->children;
}

/* A crowd of slow clients makes httpd start more children; when it has gone, httpd trims them, and
 * with them some that run a job. Those finish it first. */
Test(faults_end, trimmed_children)
{
    enum {
        JOBS = 4,
        CLIENTS = 52
    };
    harness *h = harness_open();
    const char *mpm = getenv("HARNESS_MPM"), *repositories = "";
    int is_prefork = mpm && strcmp(mpm, "prefork") == 0, clients = is_prefork ? 6 : CLIENTS;
    int fds[CLIENTS], gone = 0;
    pid_t owners[JOBS];
    harness_server *s;
    crowd crowd;

    for (int i = 0; i < JOBS; i++) {
        repositories = apr_psprintf(h->pool, "%sr%d test:milestones,gate=go,source,pages=2\n",
                                    repositories, i);
    }
    s = harness_serve(h, .repositories = repositories,
                      .conf = "DocGenThreads 1\nDocGenMaxRunning 4\nStartServers 1\n"
                              "RequestReadTimeout header=300\n"
                              "<IfModule !prefork.c>\nMinSpareThreads 8\nMaxSpareThreads 24\n"
                              "</IfModule>\n<IfModule prefork.c>\nMinSpareServers 1\n"
                              "MaxSpareServers 2\n</IfModule>\n");
    crowd = (struct crowd){s, JOBS};
    for (int i = 0; i < clients; i++) {
        fds[i] = slow_client(s);
    }
    harness_await(h, 20, "httpd starting more children", has_grown, &crowd);
    for (int i = 0; i < JOBS; i++) {
        kit_request(s, apr_psprintf(h->pool, "r%d", i));
    }
    harness_await_sql(h, 20, "select count(*) = 4 from generated_docs where progress = 80");
    for (int i = 0; i < JOBS; i++) {
        owners[i] = owner_of(h, apr_psprintf(h->pool, "r%d", i));
    }
    for (int i = 0; i < clients; i++) {
        close(fds[i]);
    }
    sleep(4); /* httpd trims one child a second; those that run a job now drain */
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generated_docs where status = 'generating'"),
        JOBS);
    harness_open_gate(h, "go");
    harness_await_sql(h, 20, "select count(*) = 4 from generated_docs where status = 'completed'");
    harness_await(h, 30, "httpd trimming its children", has_shrunk, &crowd);
    for (int i = 0; i < JOBS; i++) {
        gone += kill(owners[i], 0) != 0;
    }
    cr_expect_gt(gone, 0, "none of those that were trimmed had run a job");
    cr_expect_eq(harness_starts(h, NULL), JOBS);
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
    /* httpd's own accounts after a graceful restart that another one overtakes */
    harness_expect_log(h, "AH00[0-9]+: long lost child came home");
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
