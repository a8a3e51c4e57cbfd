/* A seeded, bounded storm. After each class of faults, when all is quiet again: every invariant holds, no row
 * generates, no run happened twice, the control repository's documentation never changed, no process is left over,
 * the error log holds nothing that the class does not explain, and both servers complete a job again.
 *
 * Environment: STORM_SECONDS (of faults, in all), SEED, ONLY (a part of a class's name).
 * SPDX-License-Identifier: Apache-2.0 */
#include "faults/storm.h"

#include <apr_strings.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STRIKES_MAX 4000
#define QUIET_S                                                                                    \
    40 /* by then every job has come to its end: job limit, lease, tick, and a slow machine */

/* Small times, so that a short storm crosses all of them. */
static const char conf[] =
    "DocGenLease 2s\nDocGenTick 250ms\nDocGenJobTimeout 5s\nDocGenLockTimeout 6s\n"
    "DocGenQueueTimeout 30s\nDocGenMaxRunning 3\nDocGenDrainTimeout 5s\n";
static const char few_connections[] = "DocGenConnections 3\nDBDMax 3\n";

/* A statement whose bytes were lost keeps its caller for statement_timeout and the store's margin. */
#define SILENCE_MS       3200
#define SERVICE_QUIET_MS 1200 /* the gate's pause after a failure, and some */

/* What a job says of itself when it ends badly, which r8, r9 and the control repository always do. */
#define OWN_FAILURE "DG01[0-9][0-9]: |DG01[0-9][0-9] "

int storm_random(storm *s, int n)
{
    return (int)(rand_r(&s->random) % (unsigned)n);
}

void storm_rest(storm *s, int most)
{
    usleep((useconds_t)storm_random(s, most + 1) * 1000);
}

/* ---- judging ---- */

static int is_good;

static void fault(storm *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Said at once, and once more at the end, where a reader of a long record looks. */
static void fault(storm *s, const char *format, ...)
{
    const char *text;
    va_list args;

    is_good = 0;
    va_start(args, format);
    text = apr_pvsprintf(s->h->pool, format, args);
    va_end(args);
    fprintf(stderr, "    %s\n", text);
    s->faults = apr_psprintf(s->h->pool, "%s%s: %s\n", s->faults, s->class, text);
}

/* Until no client was refused or cut off for a while: longer than a child asks nothing of a database that failed it. */
static void await_service(storm *s, double end)
{
    long before = -1, now;

    while ((now = s->clients.refused + s->clients.dropped) != before) {
        if (kit_now() > end) {
            fault(s, "the clients are still refused after %d s", QUIET_S);
            return;
        }
        before = now;
        usleep(SERVICE_QUIET_MS * 1000);
    }
}

/* httpd looks for ended children once in a second, and says of each then how it ended: in this
 * class, not in the next one's log. */
static void await_reaped(storm *s)
{
    double end = kit_now() + QUIET_S * 1000;

    for (int i = 0; i < STORM_STRUCK; i++) {
        while (s->struck[i] && kill(s->struck[i], 0) == 0 && kit_now() < end) {
            usleep(20000);
        }
        s->struck[i] = 0;
    }
}

static void await_quiet(storm *s)
{
    double end = kit_now() + QUIET_S * 1000;

    for (int i = 0; i < 2; i++) {
        kit_await_ready(s->servers[i], 1);
    }
    await_service(s, end);
    while (harness_sql_number(s->h,
                              "select count(*) from generated_docs where status = 'generating'")) {
        if (kit_now() > end) {
            fault(s, "still generating after %d s: %s", QUIET_S,
                  harness_sql(s->h, "select string_agg(repository_id || ' ' || step, ', ') from "
                                    "generated_docs where "
                                    "status = 'generating'"));
            return;
        }
        usleep(20000);
    }
}

static void judge_invariants(storm *s)
{
    const char *broken =
        harness_sql(s->h, "select string_agg(rule || ': ' || what, '; ') from docgen_check()");

    if (broken) {
        fault(s, "docgen_check(): %s", broken);
    }
}

/* Each start of a generator has a directory of its own, named after its claim: twice the same is a double run. */
static void judge_runs(storm *s)
{
    const char *file = apr_pstrcat(s->h->pool, s->h->control, "/starts", NULL);
    const char *twice = harness_run(
        s->h, NULL, NULL,
        (const char *[]){"/bin/bash", "-c", "sort -k 4,4 \"$0\" | uniq -d -f 3", file, NULL});
    long long taken =
        harness_sql_number(s->h, "select count(*) from generation_events where kind = 'taken'");
    int started = harness_starts(s->h, NULL);

    if (*twice) {
        fault(s, "run twice: %s", twice);
    }
    if (started > taken) {
        fault(s, "%d generators were started for %lld jobs that were taken", started, taken);
    }
}

static void judge_log(storm *s, int i, const char *explained)
{
    static const char script[] = "tail -c +$(($2 + 1)) \"$0/error.log\" > \"$0/new.log\"; wc -c < "
                                 "\"$0/new.log\"; cp \"$0/new.log\" \"$0/judged.log\"\n"
                                 "\"$1/httpd\" check-log-file \"$0/judged.log\" \"$3\" || true";
    const char *dir = s->servers[i]->dir;
    char *rest;
    const char *out =
        harness_run(s->h, NULL, NULL,
                    (const char *[]){"/bin/bash", "-c", script, dir, s->h->state->tools,
                                     apr_ltoa(s->h->pool, s->log_read[i]),
                                     apr_pstrcat(s->h->pool, OWN_FAILURE, explained ? "|" : "",
                                                 explained ? explained : "", NULL),
                                     NULL});

    s->log_read[i] += strtol(out, &rest, 10);
    rest += strspn(rest, "\n");
    if (*rest) {
        fault(s, "unexpected in the error log of httpd %d:\n%.3000s", i + 1, rest);
    }
}

static void judge_processes(storm *s, int i)
{
    const char *argv[] = {apr_pstrcat(s->h->pool, s->h->state->tools, "/httpd", NULL), "stragglers",
                          s->servers[i]->dir, NULL};
    const char *left = "";

    for (double end = kit_now() + 3000; kit_now() < end; usleep(50000)) {
        left = harness_run(s->h, NULL, NULL, argv);
        if (!*left) {
            return;
        }
    }
    fault(s, "generators of httpd %d outlived their jobs: %s", i + 1, left);
}

static void judge_clients(storm *s)
{
    char text[4096];
    long broken = clients_complaints(&s->clients, text, sizeof(text));

    if (broken) {
        fault(s, "%ld answers broke a promise:\n%s", broken, text);
    }
}

/* Both servers work as before. */
static void judge_service(storm *s)
{
    for (int i = 0; i < 2; i++) {
        const char *id = i ? "r1" : "r0";
        const char *job = kit_request(s->servers[i], id);
        double end = kit_now() + 15000;

        while (!kit_verdict(s->h, job) && kit_now() < end) {
            usleep(10000);
        }
        if (!kit_verdict(s->h, job) || strcmp(kit_verdict(s->h, job), "completed") != 0) {
            fault(s, "afterwards a job asked of httpd %d did not complete: %s", i + 1,
                  harness_sql(
                      s->h,
                      "select status || ' ' || step || ' ' || coalesce(error_message, '') from "
                      "generated_docs where repository_id = '%s'",
                      id));
        }
    }
}

/* ---- one class ---- */

static double epoch_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + now.tv_nsec / 1e9;
}

/* Of the jobs that ran at a strike and failed after it: how many, and how long it took at most. */
static const char *recovery_of(storm *s, const double *strikes, int count)
{
    const char *list = "";

    for (int i = 0; i < count && i < 300; i++) {
        list = apr_psprintf(s->h->pool, "%s%s(%.3f)", list, i ? "," : "", strikes[i]);
    }
    return harness_sql(s->h,
                       "select count(*) || ' jobs failed' || coalesce(', the last ' || "
                       "round(max(after)::numeric, 2) "
                       "|| ' s after the fault', '') from (select v.job_id, min(extract(epoch from "
                       "v.at) - k.at) as "
                       "after from (values %s) k(at) join generation_events t on t.kind = 'taken' "
                       "and extract(epoch "
                       "from t.at) < k.at join generation_events v on v.job_id = t.job_id and "
                       "v.kind in ('failed', "
                       "'expired') and extract(epoch from v.at) > k.at where t.repository_id ~ "
                       "'^r[0-%d]$' group by 1) x",
                       list, STORM_GOOD - 1);
}

static int strike_for(storm *s, const storm_class *class, double milliseconds, double *strikes)
{
    double end = kit_now() + milliseconds;
    int n = 0;

    do {
        strikes[n] = epoch_now();
        n += n < STRIKES_MAX - 1;
        class->strike(s);
        storm_rest(s, 400);
    } while (kit_now() < end);
    return n;
}

static void judge(storm *s, const storm_class *class)
{
    if (class->may_silence) {
        usleep(SILENCE_MS * 1000);
    }
    await_reaped(s);
    await_quiet(s);
    s->clients.may_drop = s->clients.may_refuse = 0;
    judge_invariants(s);
    judge_runs(s);
    judge_service(s);
    for (int i = 0; i < STORM_SERVERS && s->servers[i]; i++) {
        judge_processes(s, i);
        judge_log(s, i, class->log);
    }
    judge_clients(s);
}

/* A strike is to find jobs at work. Where a class cannot be asked for any, it does not wait for them. */
static void await_jobs(storm *s, long accepted)
{
    double end = kit_now() + 2000;

    while (s->clients.accepted < accepted + 3 && kit_now() < end) {
        usleep(5000);
    }
}

static void run_class(storm *s, const storm_class *class, double milliseconds)
{
    static double strikes[STRIKES_MAX];
    long accepted = s->clients.accepted;
    double begun = kit_now();
    int count;

    is_good = 1;
    s->class = class->name;
    s->clients.may_refuse = class->may_refuse;
    s->clients.may_drop = class->may_drop;
    if (class->begin && !class->begin(s)) {
        fprintf(stderr, "skipped %-32s %s\n", class->name, class->why);
        return;
    }
    s->clients.is_posting = 1;
    await_jobs(s, accepted);
    count = strike_for(s, class, milliseconds, strikes);
    if (class->heal) {
        class->heal(s);
    }
    s->clients.is_posting = 0;
    judge(s, class);
    s->passed += is_good;
    s->failed += !is_good;
    fprintf(stderr, "%-7s %-32s %3d strikes, %4ld jobs, %s; %.0f s\n", is_good ? "ok" : "not ok",
            class->name, count, s->clients.accepted - accepted, recovery_of(s, strikes, count),
            (kit_now() - begun) / 1000);
}

/* ---- all of it ---- */

static const char *repositories(storm *s)
{
    const char *lines = CLIENTS_CONTROL " test:ok\n";

    for (int i = 0; i < STORM_REPOSITORIES; i++) {
        lines = apr_psprintf(
            s->h->pool,
            "%sr%d test:milestones,source,pages=%d,sleep=%d,symbols=3,progress=95:Finalizing%s\n",
            lines, i, 2 + i % 3, 20 + 40 * i,
            i < STORM_GOOD ? ""
            : i % 2        ? ",signal=9"
                           : ",exit=3");
    }
    return lines;
}

static void publish_control(storm *s)
{
    kit_request(s->servers[0], CLIENTS_CONTROL);
    harness_await_status(s->servers[0], CLIENTS_CONTROL, "completed", 20);
    harness_script(s->h, CLIENTS_CONTROL,
                   "milestones,source=1111111111111111111111111111111111111111,pages=2,page=late,"
                   "asset,symbols=9,sleep=100,exit=5");
}

static void open_storm(storm *s)
{
    s->h = harness_open();
    s->faults = "";
    s->random = (unsigned)kit_setting("SEED", 1);
    harness_own_postgres(s->h);
    s->proxy = kit_proxy_start(s->h);
    harness_expect_log(s->h, "."); /* each class judges its own lines, with a narrower eye */
    setenv("STORM_REPOSITORIES", repositories(s), 1);
    s->servers[0] = harness_serve(s->h, .conf = conf, .database = s->proxy->database,
                                  .repositories = repositories(s));
    s->servers[1] =
        harness_serve(s->h, .conf = apr_pstrcat(s->h->pool, conf, few_connections, NULL),
                      .database = s->proxy->database, .repositories = repositories(s));
    for (int i = 0; i < 2; i++) {
        kit_await_ready(s->servers[i], 2);
        s->clients.ports[i] = harness_port(s->servers[i]);
    }
    s->clients.servers = 2;
    s->clients.repositories = STORM_REPOSITORIES;
    s->clients.seed = s->random;
    publish_control(s);
    clients_start(&s->clients);
}

Test(storm, storm, .timeout = 7200)
{
    static storm s;
    const char *only = getenv("ONLY");
    double slot = kit_setting("STORM_SECONDS", 40) * 1000.0 / (storm_class_count + 3);

    open_storm(&s);
    fprintf(stderr, "seed %u\n", s.random);
    for (int i = 0; i < storm_class_count; i++) {
        if (!only || !*only || strstr(storm_classes[i].name, only)) {
            run_class(&s, &storm_classes[i], i == storm_class_count - 1 ? 4 * slot : slot);
        }
    }
    clients_stop(&s.clients);
    fprintf(stderr,
            "clients: %ld accepted, %ld told to wait, %ld states read, %ld times compared, %ld "
            "answered 503, %ld cut off\n",
            s.clients.accepted, s.clients.locked, s.clients.reads, s.clients.compared,
            s.clients.refused, s.clients.dropped);
    kit_proxy_stop(s.proxy);
    fputs(s.faults, stderr);
    harness_close(s.h);
    printf("%d passed, %d failed\n", s.passed, s.failed);
    fflush(stdout);
    cr_expect_eq(s.failed, 0);
}
