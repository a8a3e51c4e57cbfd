/* Generators that fail in every way a program can: each is a failed job with a sentence that
 * says what happened, and nothing of it is left running.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>
#include "module/harness.h"

TestSuite(faults_generator, .timeout = 400);

#define MANY "DocGenThreads 8\nDocGenMaxRunning 8\n"

static const struct {
    const char *id;
    const char *script;
    const char *message;
} bad[] = {
    {"exits", "milestones,source,pages=2,exit=3", "ended with exit code 3"},
    {"crashes", "milestones,pages=2,signal=11", "was killed by signal 11"},
    {"guarded", "milestones,exit=137", "was killed by signal 9"},
    {"says-why", "progress=10:Fetching,error=The branch v9 does not exist; correct it.,exit=1",
     "The branch v9 does not exist; correct it."},
    {"says-why-and-exits-0", "pages=1,error=It did not work.", "It did not work."},
    {"floods", "flood", "line 2 is longer than 4 MiB"},
    {"long-line", "milestones,long=5242880", "is longer than 4 MiB"},
    {"long-page", "big=5000", "is longer than 4 MiB"},
    {"junk", "milestones,junk", "is not JSON"},
    {"climbs", "pages=1,badpath", "has a path that no page may have: ../etc/passwd"},
    {"overshoots", "progress=150", "\"percent\" that is not a whole number from 0 to 99"},
    {"falls-back", "progress=50,progress=49", "lets the percentage fall from 50 to 49"},
    {"half-a-line", "pages=1,partial", "has no end"},
    {"empty", "milestones,progress=95", "without sending a page"},
    {"twice", "page=a,page=a", "sends the path a for the second time"},
    {"chatters", "lines=20001", "more than a job may send"},
    {"uninvited", "unchanged", "\"unchanged\" where that is not allowed"},
    {"unknown-type", "raw={\"type\":\"launch\"}", "has an unknown type: launch"},
    {"parents", "orphan,milestones,exit=4", "ended with exit code 4"},
    {"parents-junk", "orphan,junk", "is not JSON"},
    {"leaves-children", "orphan,ok", "left processes that kept its output open"},
    {"leaves-emigrants", "daemon,ok", "left processes that kept its output open"},
    {"emigrants", "daemon,milestones,exit=5", "ended with exit code 5"},
};

#define COUNT (int)(sizeof(bad) / sizeof(bad[0]))

static int member_is(harness *h, const harness_reply *r, const char *path, const char *value)
{
    const char *is = harness_member(h, r, path);

    return is && strcmp(is, value) == 0;
}

Test(faults_generator, each_has_its_sentence)
{
    harness *h = harness_open();
    const char *repositories = "good test:ok";
    harness_server *s;

    for (int i = 0; i < COUNT; i++) {
        repositories = apr_pstrcat(h->pool, repositories, "\n", bad[i].id, " test:ok", NULL);
        harness_script(h, bad[i].id, bad[i].script);
    }
    s = harness_serve(h, .repositories = repositories, .conf = MANY);
    harness_expect_log(h, "docgen:warn.*DG01");
    for (int i = 0; i < COUNT; i++) {
        cr_expect_eq(harness_generate(s, bad[i].id)->status, 202, "%s", bad[i].id);
    }
    cr_expect_eq(harness_generate(s, "good")->status, 202);
    for (int i = 0; i < COUNT; i++) {
        const harness_reply *r = harness_await_status(s, bad[i].id, "failed", 60);
        const char *message = harness_member(h, r, "errorMessage");

        cr_expect(message && strstr(message, bad[i].message), "%s: %s", bad[i].id, r->body);
        cr_expect(member_is(h, r, "progress", "0"), "%s: %s", bad[i].id, r->body);
        cr_expect(member_is(h, r, "docs", "null"), "%s: %s", bad[i].id, r->body);
        cr_expect_eq(harness_starts(h, bad[i].id), 1, "%s", bad[i].id);
    }
    harness_await_status(s, "good", "completed", 30);
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_pages p where p.job_id not in "
                                       "(select published_job_id from generated_docs where "
                                       "published_job_id is not null) and p.job_id not in (select "
                                       "job_id from docgen_garbage)"),
                 0, "parts of failed jobs are on their way out");
    harness_close(h);
}

/* Silent, or busy for ever: the job's clock ends it, deaf or not. */
Test(faults_generator, clock)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h,
        .repositories =
            "silent test:milestones,silent\n"
            "deaf test:milestones,deaf,orphan,hang\n"
            "slow test:milestones,stderr=a,sleep=900,stderr=b,sleep=900,stderr=c,sleep=900,"
            "stderr=d,sleep=900,stderr=e,sleep=900,stderr=f,sleep=900,stderr=g,sleep=900",
        .conf = MANY "DocGenLockTimeout 5\nDocGenJobTimeout 4\nDocGenLease 3\n");
    const char *message;

    harness_expect_log(h, "docgen:warn.*DG010[56]");
    harness_generate(s, "silent");
    harness_generate(s, "deaf");
    harness_generate(s, "slow");
    message = harness_member(h, harness_await_status(s, "silent", "failed", 20), "errorMessage");
    cr_expect(strstr(message, "The generator sent nothing for "), "%s", message);
    message = harness_member(h, harness_await_status(s, "deaf", "failed", 20), "errorMessage");
    cr_expect(strstr(message, "The generator sent nothing for "), "%s", message);
    message = harness_member(h, harness_await_status(s, "slow", "failed", 20), "errorMessage");
    cr_expect(strstr(message, "The job ran past its time limit of 4 s"), "%s", message);
    harness_close(h);
}

Test(faults_generator, log_tail)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = "fails test:stderr=first,logflood=200,stderr=last,exit=1\n"
                                         "completes test:stderr=hello,ok\n"
                                         "binary test:ok");
    const harness_reply *r;
    const char *log;

    harness_script(h, "binary",
                   "stderr=a\x1b[31m\xff"
                   "b,exit=1");
    harness_expect_log(h, "docgen:warn.*DG0102");
    harness_generate(s, "fails");
    harness_generate(s, "completes");
    harness_generate(s, "binary");
    harness_await_status(s, "fails", "failed", 20);
    r = harness_get(s, "/docgen/api/runs/fails");
    log = harness_member(h, r, "runs.0.logTail");
    if (!log) {
        log = json_string_value(
            json_object_get(json_array_get(json_object_get(r->json, "runs"), 0), "logTail"));
    }
    cr_assert_not_null(log, "%.300s", r->body);
    cr_expect_leq(strlen(log), 64u * 1024);
    cr_expect_geq(strlen(log), 60u * 1024);
    cr_expect_null(strstr(log, "first"));
    cr_expect(strstr(log, "last"));
    harness_await_status(s, "completes", "completed", 20);
    r = harness_get(s, "/docgen/api/runs/completes");
    cr_expect(strstr(r->body, "hello"), "%s", r->body);
    harness_await_status(s, "binary", "failed", 20);
    r = harness_get(s, "/docgen/api/runs/binary");
    cr_expect(strstr(r->body, "a[31m\xef\xbf\xbd"
                              "b"),
              "%s", r->body);
    harness_close(h);
}

/* What must not be seen is not seen: neither in the log tail nor in the message nor in httpd's
 * log. */
Test(faults_generator, secrets_are_removed)
{
    harness *h = harness_open();
    const char *file = apr_pstrcat(h->pool, h->dir, "/token", NULL);
    const harness_reply *r;
    harness_server *s;
    FILE *out = fopen(file, "w");
    struct stat st;

    cr_assert_not_null(out);
    fputs("ghs_SecretSecret123\n", out);
    fclose(out);
    chmod(file, 0600);
    cr_assert_eq(stat(file, &st), 0);
    harness_script(h, "private",
                   "env,stderr=using ghs_SecretSecret123 and Z2hzX1NlY3JldFNlY3JldDEyMw==,"
                   "stderr=https://me:hunter22@example.com/x,"
                   "error=Fetching https://x:ghs_SecretSecret123@example.com/ failed.,exit=1");
    s = harness_serve(h, .repositories = "private https://example.com/a/b.git",
                      .conf = apr_psprintf(h->pool, "DocGenCredentials example.com %s\n", file));
    harness_expect_log(h, "docgen:warn.*DG0102");
    harness_generate(s, "private");
    r = harness_await_status(s, "private", "failed", 20);
    cr_expect_str_eq(harness_member(h, r, "errorMessage"),
                     "Fetching https://***@example.com/ failed.");
    r = harness_get(s, "/docgen/api/runs/private");
    cr_expect_null(strstr(r->body, "Secret"), "%s", r->body);
    cr_expect_null(strstr(r->body, "hunter22"), "%s", r->body);
    cr_expect_null(strstr(r->body, "Z2hzX1NlY3JldFNlY3Jl"), "%s", r->body);
    cr_expect_null(strstr(harness_log(s), "SecretSecret"));
    cr_expect(strstr(r->body, "env HOME="), "%s", r->body);
    cr_expect_null(strstr(r->body, "password="), "%s", r->body);
    harness_close(h);
}

/* The job object says what the generator must know. */
Test(faults_generator, is_told)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = "told test:ok branch=devel \"title=A title\"");
    const char *path = apr_pstrcat(h->pool, h->control, "/told.json", NULL);
    json_t *job;

    harness_generate(s, "told");
    harness_await_status(s, "told", "completed", 20);
    job = json_load_file(path, 0, NULL);
    cr_assert_not_null(job);
    cr_expect_eq(json_integer_value(json_object_get(job, "protocol")), 2);
    cr_expect_str_eq(json_string_value(json_object_get(job, "repositoryId")), "told");
    cr_expect_str_eq(json_string_value(json_object_get(job, "url")), "test:ok");
    cr_expect_str_eq(json_string_value(json_object_get(job, "branch")), "devel");
    cr_expect_str_eq(json_string_value(json_object_get(job, "title")), "A title");
    cr_expect_null(json_object_get(job, "previousCommit"));
    cr_expect(json_is_false(json_object_get(job, "acceptUnchanged")));
    cr_expect_gt(json_integer_value(json_object_get(json_object_get(job, "limits"), "timeoutMs")),
                 200000);
    json_decref(job);
    harness_script(h, "told", "source,unchanged");
    cr_expect_eq(harness_generate(s, "told")->status, 202);
    harness_await_sql(h, 20, "select generation = 2 and status = 'completed' from generated_docs");
    job = json_load_file(path, 0, NULL);
    cr_expect_str_eq(json_string_value(json_object_get(job, "previousCommit")),
                     "0123456789abcdef0123456789abcdef01234567");
    cr_expect(json_is_true(json_object_get(job, "acceptUnchanged")));
    json_decref(job);
    cr_expect_eq(harness_get(s, "/docgen/docs/told/")->status, 200, "the pages stay");
    harness_script(h, "told",
                   "source=ffffffffffffffffffffffffffffffffffffffff,"
                   "unchanged=ffffffffffffffffffffffffffffffffffffffff");
    harness_expect_log(h, "docgen:warn.*DG0110");
    harness_generate(s, "told");
    harness_await_status(s, "told", "failed", 20);
    cr_expect_eq(harness_get(s, "/docgen/docs/told/")->status, 200, "what was published stays");
    harness_close(h);
}

Test(faults_generator, cannot_be_started)
{
    harness *h = harness_open();
    const char *program = apr_pstrcat(h->pool, h->dir, "/vanishing", NULL);
    const char *message;
    harness_server *s;
    FILE *out = fopen(program, "w");

    cr_assert_not_null(out);
    fputs("#!/bin/sh\nexit 0\n", out);
    fclose(out);
    chmod(program, 0755);
    s = harness_serve(h, .repositories = "a test:ok", .generator = program);
    cr_assert_eq(unlink(program), 0);
    harness_expect_log(h, "docgen:warn.*DG0101: .*/vanishing\\)");
    harness_generate(s, "a");
    message = harness_member(h, harness_await_status(s, "a", "failed", 20), "errorMessage");
    cr_expect(strstr(message, "could not be started: No such file or directory; the administrator "
                              "checks DocGenGenerator"),
              "%s", message);
    cr_expect(!strstr(message, h->dir), "no path of the host: %s", message);
    harness_close(h);
}

/* What a tool of the generator says of its files. */
Test(faults_generator, no_work_directory_stands_in_what_people_read)
{
    harness *h = harness_open();
    const char *program = harness_write(
        h, "complains",
        "#!/bin/sh\necho \"cannot write $PWD/a\" >&2\n"
        "printf '{\"type\":\"error\",\"message\":\"No room in %s/b.\"}\\n' \"$PWD\"\nexit 1\n");
    harness_server *s;
    const harness_reply *r;

    cr_assert_eq(chmod(program, 0755), 0);
    s = harness_serve(h, .repositories = "a test:ok", .generator = program);
    harness_expect_log(h, "docgen:warn.*DG0102");
    harness_generate(s, "a");
    r = harness_await_status(s, "a", "failed", 20);
    cr_expect_str_eq(harness_member(h, r, "errorMessage"), "No room in ***/b.");
    r = harness_get(s, "/docgen/api/runs/a");
    cr_expect(strstr(r->body, "cannot write ***/a") != NULL, "%s", r->body);
    cr_expect(strstr(r->body, h->dir) == NULL, "%s", r->body);
    harness_close(h);
}

/* No work directory is left, and a flood of pages arrives whole. */
Test(faults_generator, many_pages)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = "big test:source,pages=1500,symbols=5000,asset");
    const char *run = apr_pstrcat(h->pool, harness_dir(s), "/work", "/run", NULL);

    harness_generate(s, "big");
    harness_await_status(s, "big", "completed", 60);
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_pages"), 1500);
    cr_expect_eq(harness_sql_number(h, "select count(*) from docgen_symbols"), 5000);
    cr_expect_eq(harness_sql_number(h, "select published_pages from generated_docs"), 1500);
    cr_expect_eq(rmdir(run), 0, "%s is not empty", run);
    harness_close(h);
}
