/* An upgrade under load: the database goes to the next schema while two servers with this module work and a server with
 * the next module waits for it. The old ones go on without one refused request, the new one begins by itself.
 * $NEXT_BUILD has the module that needs the next version; $NEXT_SQL the migrations (tests/faults/next-schema).
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "faults/clients.h"
#include "faults/kit.h"
#include "module/harness_state.h"

TestSuite(upgrade, .timeout = 300);

#define REPOSITORIES 8
#define LOAD_MS      2500 /* of the clients before and after */

static const char *repositories(harness *h)
{
    const char *lines = CLIENTS_CONTROL " test:ok\n";

    for (int i = 0; i < REPOSITORIES; i++) {
        lines = apr_psprintf(
            h->pool, "%sr%d test:milestones,source,pages=3,sleep=%d,symbols=3,progress=95\n", lines,
            i, 30 * i);
    }
    return lines;
}

static void migrate(harness *h, int version)
{
    const char *out =
        harness_run(h, NULL, NULL,
                    (const char *[]){apr_pstrcat(h->pool, getenv("NEXT_SQL"), "/migrate", NULL),
                                     h->owner, NULL});

    cr_assert(strstr(out, apr_psprintf(h->pool, "schema version %d", version)),
              "the migration says: %s", out);
}

static void expect_job(harness *h, harness_server *s, const char *id)
{
    const char *job = kit_request(s, id);

    harness_await_sql(
        h, 20,
        "select count(*) = 1 from generation_events where job_id = '%s' and kind = 'completed'",
        job);
}

static harness_server *serve_next(harness *h, const char *lines)
{
    const char *build = getenv("BUILD");
    harness_server *s;

    setenv("BUILD", getenv("NEXT_BUILD"), 1);
    s = harness_serve(h, .repositories = lines);
    setenv("BUILD", build ? build : "build", 1);
    return s;
}

Test(upgrade, under_load)
{
    harness *h = harness_open();
    const char *lines = repositories(h);
    harness_server *old[2] = {harness_serve(h, .repositories = lines),
                              harness_serve(h, .repositories = lines)};
    static clients c = {.servers = 2, .repositories = REPOSITORIES, .seed = 7};
    harness_server *next;
    int version = (int)harness_sql_number(h, "select docgen_schema_version()");
    char text[4096];
    long broken;

    harness_expect_log(h, apr_psprintf(h->pool, "DG0014: .*it has version %d, this module needs %d",
                                       version, version + 1));
    expect_job(h, old[0], CLIENTS_CONTROL);
    harness_script(h, CLIENTS_CONTROL, "milestones,pages=1,exit=3");
    harness_expect_log(h, "DG0102");
    next = serve_next(h, lines);
    cr_expect_eq(harness_get(next, "/docgen/api/status/r0")->status, 503,
                 "it works on a schema that is too old");
    for (int i = 0; i < 2; i++) {
        kit_await_ready(old[i], 2);
        c.ports[i] = harness_port(old[i]);
    }
    c.is_posting = 1;
    clients_start(&c);
    usleep(LOAD_MS * 1000);
    migrate(h, version + 1);
    migrate(h, version + 1); /* again is harmless */
    usleep(LOAD_MS * 1000);
    kit_await_ready(next, 2);
    c.ports[2] = harness_port(next);
    c.servers = 3; /* both versions work on one database */
    usleep(LOAD_MS * 1000);
    c.is_posting = 0;
    harness_await_sql(h, 30, "select count(*) = 0 from generated_docs where status = 'generating'");
    clients_stop(&c);
    broken = clients_complaints(&c, text, sizeof(text));
    cr_expect_eq(broken, 0, "%ld answers broke a promise:\n%s", broken, text);
    cr_expect_geq(c.accepted, 10);
    expect_job(h, old[0], "r0");
    expect_job(h, old[1], "r1");
    expect_job(h, next, "r2");
    cr_expect_eq(
        harness_sql_number(
            h, "select count(*) from generation_events where kind in ('failed', 'expired') and "
               "repository_id <> '" CLIENTS_CONTROL "'"),
        0);
    fprintf(stderr, "%ld jobs accepted, %ld states read, %ld times compared during the upgrade\n",
            c.accepted, c.reads, c.compared);
    harness_close(h);
}
