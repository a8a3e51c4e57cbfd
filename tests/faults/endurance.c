/* A thousand jobs in a row: what the server's children hold in memory and descriptors, and what the database keeps, is
 * the same at the end as after the first few.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "faults/kit.h"
#include "module/harness_state.h"

TestSuite(endurance, .timeout = 3600);

#define REPOSITORIES 4
#define WARM_UP      500 /* jobs until caches, pools and what waits for its removal have their size */

/* Jobs follow each other here a hundred times faster than real ones: what autovacuum does once a minute is said by hand. */
#define VACUUM_EACH 25

typedef struct figures {
    long memory; /* KiB, of all children */
    int descriptors;
    long long rows; /* live rows of everything but the history */
    long long size; /* bytes of the same, after a vacuum */
    long long history;
} figures;

static long memory_of(pid_t pid)
{
    char path[64], line[256];
    long anonymous = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    file = fopen(path, "r");
    cr_assert(file != NULL, "the child %d is gone", (int)pid);
    while (fgets(line, sizeof(line), file)) {
        sscanf(line, "RssAnon: %ld", &anonymous);
    }
    fclose(file);
    return anonymous;
}

static int descriptors_of(pid_t pid)
{
    char path[64];
    int n = 0;
    DIR *dir;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    dir = opendir(path);
    while (dir && readdir(dir)) {
        n++;
    }
    if (dir) {
        closedir(dir);
    }
    return n;
}

static long long of_tables(harness *h, const char *what)
{
    return harness_sql_number(
        h,
        "select sum(%s)::bigint from pg_class c where c.relkind = 'r' and (c.relname like "
        "'docgen\\_%%' or c.relname = 'generated_docs')",
        what);
}

static figures measure(harness *h, const pid_t *pids, int jobs)
{
    figures f = {0};

    /* what a finished job left behind is removed in small steps */
    harness_await_sql(h, 60, "select count(*) = 0 from docgen_garbage");
    harness_sql(h, "vacuum analyze");
    for (int i = 1; pids[i]; i++) {
        f.memory += memory_of(pids[i]);
        f.descriptors += descriptors_of(pids[i]);
    }
    f.rows = of_tables(h, "c.reltuples");
    f.size = of_tables(h, "pg_total_relation_size(c.oid)");
    f.history = harness_sql_number(h, "select count(*) from generation_events");
    fprintf(stderr,
            "%5d jobs: memory %ld KiB, %d descriptors, %lld rows in %lld KiB, %lld events\n", jobs,
            f.memory, f.descriptors, f.rows, f.size / 1024, f.history);
    return f;
}

/* One after the other in each repository; every run publishes something else. */
static void run_job(harness *h, harness_server *s, int number)
{
    const char *id = apr_psprintf(h->pool, "e%d", number % REPOSITORIES);

    harness_script(h, id,
                   apr_psprintf(h->pool,
                                "milestones,source=%040d,pages=4,page=run-%d,asset,symbols=20,"
                                "stderr=line,progress=95:Finalizing output",
                                number, number));
    kit_request(s, id);
}

Test(endurance, jobs_in_a_row)
{
    harness *h = harness_open();
    int jobs = kit_setting("JOBS_IN_A_ROW", 1000);
    harness_server *s =
        harness_serve(h, .conf = "DocGenMaxRunning 4\nDocGenThreads 4\n",
                      .repositories = "e0 test:ok\ne1 test:ok\ne2 test:ok\ne3 test:ok");
    const pid_t *pids;
    figures begin = {0}, end;

    kit_await_ready(s, 2);
    pids = kit_everyone(s);
    for (int i = 0; i < jobs; i++) {
        if (i == WARM_UP) {
            harness_await_sql(
                h, 60, "select count(*) = 0 from generated_docs where status = 'generating'");
            begin = measure(h, pids, i);
        }
        if (i % VACUUM_EACH == 0) {
            harness_sql(h, "vacuum");
        }
        run_job(h, s, i);
    }
    harness_await_sql(h, 60, "select count(*) = 0 from generated_docs where status = 'generating'");
    end = measure(h, pids, jobs);
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generation_events where kind = 'completed'"),
        jobs);
    cr_expect_eq(harness_starts(h, NULL), jobs);
    cr_expect(end.memory <= begin.memory + begin.memory / 10 + 2048,
              "memory grew from %ld to %ld KiB", begin.memory, end.memory);
    cr_expect(end.descriptors <= begin.descriptors + 4, "descriptors grew from %d to %d",
              begin.descriptors, end.descriptors);
    cr_expect_eq(end.rows, begin.rows, "rows grew from %lld to %lld", begin.rows, end.rows);
    cr_expect(end.size <= begin.size + begin.size / 4, "tables grew from %lld to %lld bytes",
              begin.size, end.size);
    harness_close(h);
}
