/* Every statement of the state machine is crossed by a crash, a hang and a lost reply, before it is sent and after it has
 * committed. After each: the switch was really thrown, the job has its one verdict, every invariant holds, and the next
 * job completes. Needs the test build (-DDOCGEN_FAULTS). ONLY=docgen_take walks one.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "faults/kit.h"
#include "module/harness_state.h"

TestSuite(switches, .timeout = 1800);

static const char *const transitions[] = {
#define DOCGEN_TRANSITION(name) #name,
#include "store/transitions.def"
#undef DOCGEN_TRANSITION
};
#define TRANSITIONS ((int)(sizeof(transitions) / sizeof(transitions[0])))

#define HANG_MS 2600 /* src/store/fault.c's, and a little */

static const char conf[] =
    "DocGenLease 1s\nDocGenTick 200ms\nDocGenJobTimeout 8s\nDocGenLockTimeout 9s\n"
    "DocGenMaxRunning 4\nDocGenDrainTimeout 3s\n";

typedef struct walk {
    harness *h;
    harness_server *server;
    const char *file; /* the switch */
    const char *name, *when, *action;
    int passed, failed;
} walk;

static void throw(walk * w)
{
    const char *draft = apr_pstrcat(w->h->pool, w->file, ".new", NULL);
    FILE *file = fopen(draft, "w");

    cr_assert(file && fprintf(file, "%s %s %s\n", w->name, w->when, w->action) > 0 &&
              fclose(file) == 0 && chmod(draft, 0666) == 0 && rename(draft, w->file) == 0);
}

static int is(walk *w, const char *name)
{
    return strcmp(w->name, name) == 0;
}

/* A job whose owner is another host's and silent: the sweep must expire it. */
static void plant_abandoned(walk *w)
{
    harness_sql(
        w->h,
        "select docgen_request('other', gen_random_uuid(), 'test:ok', null, null, '300 s', '1 h', "
        "'1 s');"
        "select docgen_take(gen_random_uuid(), 9, gen_random_uuid(), gen_random_uuid(), '{other}', "
        "'300 ms', '200 s', '300 s')");
}

/* Makes the statement happen, in whatever way that takes. */
static void provoke(walk *w)
{
    const char *script =
        "milestones,source,pages=3,asset,symbols=3,stderr=a line for the log,sleep=400,progress=95";

    if (is(w, "docgen_fail")) {
        script = "milestones,source,exit=3";
    } else if (is(w, "docgen_up_to_date")) {
        script = "progress=10,unchanged";
    } else if (is(w, "docgen_renew")) { /* lives for more than one renewal, and than one lease */
        script = "milestones,source,pages=3,sleep=2000,progress=95";
    }
    harness_script(w->h, "demo", script);
    if (is(w, "docgen_owner_start")) { /* said once in a child's life: new children */
        harness_httpd(w->server, "restart");
        kit_await_ready(w->server, 2);
    }
    throw(w);
    if (is(w, "docgen_expire")) {
        plant_abandoned(w);
    }
    if (is(w, "docgen_list")) {
        harness_get(w->server, "/docgen/api/repositories");
    }
    harness_generate(w->server, "demo"); /* its answer may be what is lost */
    if (is(w, "docgen_status")) {
        harness_get(w->server, "/docgen/api/status/demo");
    }
    if (is(w, "docgen_fail_owner") || is(w, "docgen_owner_end")) { /* said for the dead */
        pid_t child = 0;

        for (double end = kit_now() + 5000; !child && kit_now() < end; kit_pause()) {
            child = kit_owner(w->h, "demo");
        }
        cr_assert(child > 0, "no child took the job");
        kill(child, SIGKILL);
    }
}

static int await(walk *w, double milliseconds, const char *what, const char *sql)
{
    for (double end = kit_now() + milliseconds; kit_now() < end; usleep(10000)) {
        const char *value = sql ? harness_sql(w->h, "%s", sql) : access(w->file, F_OK) ? "t" : "f";

        if (value && *value == 't') {
            return 1;
        }
    }
    fprintf(stderr, "    %s\n", what);
    return 0;
}

static int judge(walk *w)
{
    const char *broken, *status;
    int good = await(w, 15000, "the switch was never thrown", NULL);

    unlink(w->file);
    if (strcmp(w->action, "hang") == 0) {
        usleep(HANG_MS *
               1000); /* the thread that hangs must be back before the next switch is thrown */
    }
    good &= await(w, 20000, "a job is still generating after 20 s",
                  "select count(*) = 0 from generated_docs where status = 'generating'");
    broken = harness_sql(w->h, "select string_agg(rule || ': ' || what, '; ') from docgen_check()");
    if (broken) {
        fprintf(stderr, "    docgen_check(): %s\n", broken);
        good = 0;
    }
    status = harness_sql(w->h, "select status from generated_docs where repository_id = 'demo'");
    if (strcmp(w->action, "lose") == 0 && !is(w, "docgen_fail") && !is(w, "docgen_fail_owner") &&
        !is(w, "docgen_owner_end") && (!status || strcmp(status, "completed") != 0)) {
        fprintf(stderr, "    a lost reply changed how the job ends: %s\n",
                status ? status : "no row");
        good = 0;
    }
    kit_await_ready(w->server, 2);
    harness_script(w->h, "demo", "ok");
    kit_request(w->server, "demo");
    return good &
           await(w, 15000, "the next job does not complete",
                 "select status = 'completed' from generated_docs where repository_id = 'demo'");
}

static void cross(walk *w)
{
    double begun = kit_now();
    int good;

    provoke(w);
    good = judge(w);
    w->passed += good;
    w->failed += !good;
    fprintf(stderr, "%-7s %-21s %-6s %-5s %5.1f s\n", good ? "ok" : "not ok", w->name, w->when,
            w->action, (kit_now() - begun) / 1000);
}

Test(switches, every_transition)
{
    static const char *const points[] = {"before", "after"};
    static const char *const actions[] = {"crash", "hang", "lose"};
    const char *only = getenv("ONLY");
    walk w = {.h = harness_open()};

    w.file = apr_pstrcat(w.h->pool, w.h->control, "/fault", NULL);
    setenv("HTTPD_ENVIRONMENT", apr_pstrcat(w.h->pool, "DOCGEN_FAULT_FILE=", w.file, NULL), 1);
    harness_expect_log(w.h, "exit signal Killed|process [0-9]+ ended with|DG01[0-9][0-9]: "
                            "|DG0012|DG0013|DG0040|dbd:error");
    w.server = harness_serve(w.h, .conf = conf, .repositories = "demo test:ok\nother test:ok");
    kit_await_ready(w.server, 2);
    kit_request(w.server, "demo");
    harness_await_status(w.server, "demo", "completed", 20);
    for (int i = 0; i < TRANSITIONS; i++) {
        for (int j = 0; j < 6 && (!only || !*only || strcmp(only, transitions[i]) == 0); j++) {
            w.name = transitions[i];
            w.when = points[j / 3];
            w.action = actions[j % 3];
            cross(&w);
        }
    }
    harness_close(w.h);
    printf("%d passed, %d failed\n", w.passed, w.failed);
    fflush(stdout);
    cr_expect_eq(w.failed, 0);
}

/* A statement that is added to the store must be added to the list. */
Test(switches, the_list_is_complete)
{
    FILE *names = popen("sed -n 's/.*\\.name = \"\\(docgen_[a-z_]*\\)\".*/\\1/p' src/store/state.c "
                        "src/store/work.c "
                        "src/store/maintenance.c",
                        "r");
    char line[128];
    int found, count = 0;

    while (fgets(line, sizeof(line), names)) {
        line[strcspn(line, "\n")] = '\0';
        found = strcmp(line, "docgen_repository") ==
                0; /* a plain read of where a repository comes from */
        for (int i = 0; i < TRANSITIONS; i++) {
            found |= strcmp(line, transitions[i]) == 0;
        }
        cr_expect(found, "%s is missing in src/store/transitions.def", line);
        count++;
    }
    cr_expect_geq(count, TRANSITIONS);
    pclose(names);
}
