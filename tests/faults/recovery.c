/* How long a job takes from a fault to its terminal state, measured: each fault struck RUNS times, held to its promise.
 *
 * Every test here is one row of the table in the README: it writes the row to $RECOVERY_ROWS and fails when a run was
 * slower than promised. What strikes is real: signals to real processes, a real PostgreSQL, a real second host as far
 * as the module can see. The time runs from the fault to the moment at which the row in the database shows the end.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "faults/kit.h"
#include "module/harness_state.h"

TestSuite(recovery, .timeout = 1800);

#define RUNS_MAX       1000
#define LEASE          4000 /* ms, with the conf below */
#define TICK           500
#define SHORT_LEASE    "DocGenLease 4s\nDocGenTick 500ms\n"
#define LEASE_AND_TICK (LEASE + TICK + 1000)

typedef struct world {
    harness *h;
    harness_server *server; /* runs the job */
    harness_server *other;  /* on another host, NULL = none */
    kit_proxy *proxy;
    int run;
    int children;
    const char *gate;
    const char *job;
} world;

/* One row of the table. */
typedef struct measurement {
    int order;
    const char *fault;
    const char *promise;
    int max_ms;
    int median_ms; /* 0 = nothing is said about it */
    const char
        *prefork; /* what is promised on prefork, where httpd needs longer; NULL = the same */
    int prefork_ms;
    const char *outcome; /* what status must say */
    const char *kind;    /* and the event, NULL = the same */
    const char *script;  /* what the generator does; %s is the run's gate */
    const char *conf;
    const char *expected; /* log lines */
    int children;
    int own_postgres, proxy, two_hosts;
    double (*strike)(world *w); /* when it struck, by kit_now() */
    void (*recover)(world *w);  /* makes the world whole again */
    void (*before)(world *w);   /* before the job is asked for */
} measurement;

/* ---- measuring ---- */

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static const char *as_seconds(world *w, double ms)
{
    return apr_psprintf(w->h->pool, "%.2f s", ms / 1000);
}

/* The measurement with what is promised on this run's MPM. */
static measurement on_this_mpm(const measurement *m)
{
    const char *mpm = getenv("HARNESS_MPM");
    measurement here = *m;

    if (m->prefork && mpm && strcmp(mpm, "prefork") == 0) {
        here.promise = m->prefork;
        here.max_ms = m->prefork_ms;
        here.median_ms = 0;
    }
    return here;
}

static void write_row(world *w, const measurement *m, const double *times, int runs)
{
    const char *rows = getenv("RECOVERY_ROWS");
    double median = runs % 2 ? times[runs / 2] : (times[runs / 2 - 1] + times[runs / 2]) / 2;
    const char *row = apr_psprintf(w->h->pool, "| %s | %s | %s | %s |\n", m->fault, m->promise,
                                   as_seconds(w, median), as_seconds(w, times[runs - 1]));

    fputs(row, stderr);
    if (rows) {
        FILE *file = fopen(apr_psprintf(w->h->pool, "%s/%03d", rows, m->order), "w");

        cr_assert(file && fputs(row, file) >= 0 && fclose(file) == 0, "cannot write below %s",
                  rows);
    }
    cr_expect(times[runs - 1] <= m->max_ms, "%s: %.0f ms at most, but %d ms are promised", m->fault,
              times[runs - 1], m->max_ms);
    cr_expect(!m->median_ms || median <= m->median_ms,
              "%s: %.0f ms at the median, but %d ms are promised", m->fault, median, m->median_ms);
}

static int is_over(void *data)
{
    world *w = data;

    return kit_verdict(w->h, w->job) != NULL;
}

static void await_verdict(world *w, const measurement *m)
{
    double end = kit_now() + m->max_ms + 30000;

    while (!is_over(w)) {
        if (kit_now() > end) {
            harness_fail(w->h, "%s: the job has no verdict after %d s", m->fault,
                         m->max_ms / 1000 + 30);
        }
        kit_pause();
    }
}

static double run_once(world *w, const measurement *m)
{
    const char *status, *kind = m->kind ? m->kind : m->outcome;
    double struck, ended;

    w->gate = apr_psprintf(w->h->pool, "gate%d", w->run);
    harness_script(w->h, "demo", apr_psprintf(w->h->pool, m->script, w->gate));
    if (m->before) {
        m->before(w);
    }
    struck = kit_now();
    w->job = kit_request(w->server, "demo");
    if (m->strike) {
        harness_await_sql(w->h, 15, "select progress >= 60 from generated_docs where job_id = '%s'",
                          w->job);
        struck = m->strike(w);
    }
    await_verdict(w, m);
    ended = kit_now();
    status = harness_sql(w->h, "select status from generated_docs where job_id = '%s'", w->job);
    cr_expect(status && strcmp(status, m->outcome) == 0, "%s, run %d: %s, not %s", m->fault, w->run,
              status ? status : "no row", m->outcome);
    cr_expect(strcmp(kit_verdict(w->h, w->job), kind) == 0, "%s, run %d: the event is %s, not %s",
              m->fault, w->run, kit_verdict(w->h, w->job), kind);
    harness_open_gate(w->h, w->gate);
    if (m->recover) {
        m->recover(w);
    }
    return ended - struck;
}

static void start_servers(world *w, const measurement *m)
{
    harness *h = w->h;

    w->children = m->children ? m->children : 2;
    w->server = harness_serve(h, .conf = m->conf, .database = w->proxy ? w->proxy->database : NULL);
    if (m->two_hosts) { /* it may sweep, but not run the job */
        kit_start_elsewhere(h, 1);
        w->other = harness_serve(h, .conf = m->conf, .repositories = "other test:ok");
        kit_start_elsewhere(h, 0);
        kit_await_ready(w->other, w->children);
    }
    kit_await_ready(w->server, w->children);
}

static void measure(const measurement *m)
{
    static double times[RUNS_MAX];
    int runs = kit_setting("RUNS", 3);
    world w = {0};

    if (m->two_hosts && system("unshare -m true 2> /dev/null") != 0) {
        cr_skip_test("%s: a second host needs root and unshare -m", m->fault);
    }
    runs = runs > RUNS_MAX ? RUNS_MAX : runs;
    w.h = harness_open();
    if (m->own_postgres) {
        harness_own_postgres(w.h);
    }
    w.proxy = m->proxy ? kit_proxy_start(w.h) : NULL;
    harness_expect_log(w.h, "DG01[0-9][0-9]: "); /* a job's own failure */
    if (m->expected) {
        harness_expect_log(w.h, m->expected);
    }
    start_servers(&w, m);
    for (w.run = 0; w.run < runs; w.run++) {
        times[w.run] = run_once(&w, m);
    }
    qsort(times, (size_t)runs, sizeof(*times), by_time);
    write_row(&w, m, times, runs);
    harness_close(w.h);
}

#define MEASURE(name, ...)                                                                         \
    Test(recovery, name)                                                                           \
    {                                                                                              \
        measurement here = on_this_mpm(&(measurement){__VA_ARGS__});                               \
                                                                                                   \
        measure(&here);                                                                            \
    }

#define PARTS "milestones,source,pages=3,gate=%s"
#define AWAY  "DG0012|DG0013|DG004[03]|dbd:error"
/* prefork's only child is all that it may have, and prefork says so */
#define DIED "exit signal|process [0-9]+ ended with [0-9]+ running|AH00161"

/* ---- the generator ---- */

static double open_the_gate(world *w)
{
    double now = kit_now();

    harness_open_gate(w->h, w->gate);
    return now;
}

static double kill_generator(world *w)
{
    double now = kit_now();

    kill(kit_generator(w->h, "demo"), SIGKILL);
    return now;
}

MEASURE(generator_error, .order = 10, .fault = "The generator ends with an error",
        .promise = "failed within 1 s", .max_ms = 1000, .outcome = "failed",
        .script = PARTS ",exit=3", .strike = open_the_gate)

MEASURE(generator_killed, .order = 11,
        .fault = "The generator is killed (`SIGKILL`, out of memory)",
        .promise = "failed within 1 s", .max_ms = 1000, .outcome = "failed", .script = PARTS,
        .strike = kill_generator)

MEASURE(generator_hangs, .order = 12, .fault = "The generator hangs (`DocGenJobTimeout 3s` here)",
        .promise = "failed within the time limit + 1 s", .max_ms = 4000, .outcome = "failed",
        .script = PARTS ",hang", .conf = "DocGenJobTimeout 3s\n")

/* ---- a child ---- */

static double strike_child(world *w, int signal)
{
    pid_t child = kit_owner(w->h, "demo");
    double now = kit_now();

    cr_assert(child > 0, "no child runs the job");
    kill(child, signal);
    return now;
}

static double kill_child(world *w)
{
    return strike_child(w, SIGKILL);
}

static double segv_child(world *w)
{
    return strike_child(w, SIGSEGV);
}

static double abort_child(world *w)
{
    return strike_child(w, SIGABRT);
}

static void await_children(world *w)
{
    kit_await_ready(w->server, w->children);
}

#define CHILD_PROMISE "failed within 1 s (median), 2 s (most)"
#define CHILD(signal)                                                                              \
    .promise = CHILD_PROMISE, .max_ms = 2000, .median_ms = 1000, .outcome = "failed",              \
    .script = PARTS, .strike = signal, .recover = await_children, .expected = DIED

MEASURE(child_killed, .order = 20, .fault = "A server child is killed (`SIGKILL`)",
        CHILD(kill_child))
/* prefork reaps its dead child after up to a second, and looks a second later whether it has too few */
MEASURE(only_child_killed, .order = 21,
        .fault = "The only server child is killed; httpd makes a new one", CHILD(kill_child),
        .prefork = "failed within 3 s: prefork needs up to 2 s for a new child", .prefork_ms = 3000,
        .children = 1,
        .conf = "StartServers 1\nServerLimit 1\n<IfModule !prefork.c>\nMaxRequestWorkers 16\n"
                "MinSpareThreads 1\nMaxSpareThreads 16\n</IfModule>\n<IfModule prefork.c>\n"
                "MaxRequestWorkers 1\n</IfModule>\n")
MEASURE(child_segv, .order = 22, .fault = "A server child crashes (`SIGSEGV`)", CHILD(segv_child))
MEASURE(child_abort, .order = 23, .fault = "A server child aborts (`SIGABRT`)", CHILD(abort_child))

/* Stopped for longer than the lease, then let go: what it says late must change nothing. */
static pid_t stopped_child;

static double stop_child(world *w)
{
    stopped_child = kit_owner(w->h, "demo");
    return strike_child(w, SIGSTOP);
}

static void continue_child(world *w)
{
    const char *revision = "select revision from generated_docs where repository_id = 'demo'";
    long long before = harness_sql_number(w->h, "%s", revision);

    kill(stopped_child, SIGCONT);
    harness_await_sql(
        w->h, 15,
        "select count(*) = 0 from docgen_owners o join generated_docs g on g.owner = o.owner");
    kit_await_ready(w->server, w->children);
    usleep(300000); /* time for a late word: the gate is open, the generator has ended */
    cr_expect_eq(harness_sql_number(w->h, "%s", revision), before,
                 "a job that was over was written to");
}

MEASURE(child_stopped, .order = 24,
        .fault = "A server child is frozen for longer than the lease, then goes on",
        .promise = "failed within lease + tick + 1 s; what it writes later is refused",
        .max_ms = LEASE_AND_TICK, .outcome = "failed", .kind = "expired",
        .script = PARTS ",page=late", .conf = SHORT_LEASE, .strike = stop_child,
        .recover = continue_child, .expected = AWAY) /* a frozen connect runs out of time */

/* ---- a whole server ---- */

static double strike_parent(world *w, int signal)
{
    double now = kit_now();

    kill(kit_everyone(w->server)[0], signal);
    return now;
}

static double stop_server(world *w)
{
    return strike_parent(w, SIGTERM);
}

static void start_again(world *w)
{
    harness_await_end(w->server, 15);
    harness_httpd(w->server, "start");
    await_children(w);
}

MEASURE(server_stopped, .order = 30, .fault = "`apachectl stop`",
        .promise = "failed before httpd has ended, within 3 s", .max_ms = 3000, .outcome = "failed",
        .script = PARTS, .strike = stop_server, .recover = start_again)

static double restart_server(world *w)
{
    return strike_parent(w, SIGHUP);
}

MEASURE(server_restarted, .order = 31, .fault = "`apachectl restart`",
        .promise = "failed within 3 s", .max_ms = 3000, .outcome = "failed", .script = PARTS,
        .strike = restart_server, .recover = await_children)

static double graceful_server(world *w)
{
    strike_parent(w, SIGUSR1);
    return open_the_gate(w);
}

MEASURE(server_graceful, .order = 32, .fault = "`apachectl graceful`",
        .promise = "the job goes on and completes", .max_ms = 2000, .outcome = "completed",
        .script = PARTS, .strike = graceful_server, .recover = await_children)

static double kill_parent(world *w)
{
    strike_parent(w, SIGKILL);
    return open_the_gate(w);
}

static void replace_server(world *w)
{
    harness_httpd(w->server, "kill");
    harness_httpd(w->server, "start");
    await_children(w);
}

MEASURE(parent_killed, .order = 33, .fault = "httpd's parent process is killed (`SIGKILL`)",
        .promise = "the job goes on and completes", .max_ms = 2000, .outcome = "completed",
        .script = PARTS, .strike = kill_parent, .recover = replace_server,
        .expected = "the parent process is gone|apr_socket_accept|AH00060|AH00549")

static double kill_server(world *w)
{
    double now = kit_now();

    harness_httpd(w->server, "kill");
    harness_httpd(w->server, "start");
    return now;
}

MEASURE(server_killed, .order = 34, .fault = "All of httpd is killed (`SIGKILL`), then started",
        .promise = "failed within lease + tick + 1 s", .max_ms = LEASE_AND_TICK,
        .outcome = "failed", .script = PARTS, .conf = SHORT_LEASE, .strike = kill_server,
        .recover = await_children, .expected = DIED "|the parent process is gone|apr_socket_accept")

/* ---- a host ---- */

static pid_t frozen[600];

static void signal_frozen(int signal)
{
    for (int i = 0; frozen[i]; i++) {
        kill(frozen[i], signal);
    }
}

static double freeze_host(world *w)
{
    const pid_t *pids = kit_everyone(w->server);
    int n = 0;
    double now;

    frozen[n++] = kit_generator(w->h, "demo");
    for (int i = 0; pids[i]; i++) {
        frozen[n++] = pids[i];
    }
    frozen[n] = 0;
    now = kit_now();
    signal_frozen(SIGSTOP);
    return now;
}

static void thaw_host(world *w)
{
    const char *revision = "select revision from generated_docs where repository_id = 'demo'";
    long long before = harness_sql_number(w->h, "%s", revision);

    signal_frozen(SIGCONT);
    await_children(w);
    usleep(300000);
    cr_expect_eq(harness_sql_number(w->h, "%s", revision), before,
                 "a job that was over was written to");
}

MEASURE(host_lost, .order = 40,
        .fault = "A whole host is lost (everything on it frozen; another host sweeps)",
        .promise = "failed within lease + tick + 1 s", .max_ms = LEASE_AND_TICK,
        .outcome = "failed", .kind = "expired", .script = PARTS ",page=late", .conf = SHORT_LEASE,
        .two_hosts = 1, .strike = freeze_host, .recover = thaw_host, .expected = AWAY)

/* ---- the database ---- */

static double restart_postgres(world *w)
{
    double now = kit_now();

    harness_postgres(w->h, "restart");
    harness_open_gate(w->h, w->gate);
    return now;
}

MEASURE(postgres_restarted, .order = 50, .fault = "PostgreSQL restarts",
        .promise = "the job goes on and completes", .max_ms = 5000, .outcome = "completed",
        .script = PARTS ",progress=95:Finalizing output", .own_postgres = 1,
        .strike = restart_postgres, .expected = AWAY)

static double crash_postgres(world *w)
{
    double now = kit_now();

    harness_postgres(w->h, "kill");
    harness_postgres(w->h, "start");
    harness_open_gate(w->h, w->gate);
    return now;
}

MEASURE(postgres_crashed, .order = 51, .fault = "PostgreSQL crashes (`SIGKILL`) and starts again",
        .promise = "the job goes on and completes", .max_ms = 10000, .outcome = "completed",
        .script = PARTS ",progress=95:Finalizing output", .own_postgres = 1,
        .strike = crash_postgres, .expected = AWAY)

static double lose_postgres(world *w)
{
    harness_postgres(w->h, "stop");
    usleep((LEASE + 1500) * 1000);
    harness_postgres(w->h, "start");
    return kit_now();
}

MEASURE(postgres_gone, .order = 52, .fault = "PostgreSQL is away for longer than the lease",
        .promise = "failed within lease + tick + 1 s of its return", .max_ms = LEASE_AND_TICK,
        .outcome = "failed", .script = PARTS, .conf = SHORT_LEASE, .own_postgres = 1,
        .strike = lose_postgres, .recover = await_children, .expected = AWAY)

/* A reply that never arrives although its statement committed: each statement of a job in turn. */
static const char *const words[] = {"docgen_request", "docgen_take",        "docgen_progress",
                                    "docgen_source",  "docgen_store_pages", "docgen_complete"};

static void lose_next_reply(world *w)
{
    const char *word = words[w->run % (int)(sizeof(words) / sizeof(words[0]))];

    kit_proxy_say(w->proxy, "pass");
    kit_proxy_say(w->proxy, apr_pstrcat(w->h->pool, "lose ", word, " 1", NULL));
}

MEASURE(reply_lost, .order = 53,
        .fault = "The reply to a statement is lost after its commit (each statement in turn)",
        .promise = "the job goes on and completes within one renewal (a quarter of the lease)",
        .max_ms = 5000, .outcome = "completed", .script = "ok", .proxy = 1,
        .before = lose_next_reply, .expected = AWAY)
