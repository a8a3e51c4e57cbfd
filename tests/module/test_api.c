/* The JSON API: what each route answers, with every status code, header and member.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <regex.h>
#include <string.h>
#include "module/harness.h"

TestSuite(api, .timeout = 400);

#define GENERATE "/docgen/api/generate-docs"
#define JSON     "Content-Type: application/json"
#define FORM     "Content-Type: application/x-www-form-urlencoded"

static int matches(const char *text, const char *pattern)
{
    regex_t regex;
    int found;

    cr_assert(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0);
    found = text && regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static void expect_header(harness *h, const harness_reply *r, const char *name, const char *value)
{
    const char *is = harness_header(h, r, name);

    cr_expect(is && strcmp(is, value) == 0, "%s is %s, not %s", name, is ? is : "absent", value);
}

static void expect_member(harness *h, const harness_reply *r, const char *path, const char *value)
{
    const char *is = harness_member(h, r, path);

    cr_expect(is && strcmp(is, value) == 0, "%s is %s, not %s", path, is ? is : "absent", value);
}

/* A refusal as RFC 9457 wants it, with our code and a sentence. */
static void expect_problem(harness *h, const harness_reply *r, int status, const char *code)
{
    cr_expect(r->status == status, "status %d, not %d: %s", r->status, status, r->body);
    expect_header(h, r, "Content-Type", "application/problem+json");
    expect_member(h, r, "code", code);
    expect_member(h, r, "status", apr_itoa(h->pool, status));
    cr_expect(matches(harness_member(h, r, "title"), "^[A-Za-z].*[A-Za-z]$"), "no title: %s",
              r->body);
    cr_expect(matches(harness_member(h, r, "detail"), "^[A-Za-z].{10,}\\.$"), "no sentence: %s",
              r->body);
    cr_expect(matches(harness_member(h, r, "type"), "DG[0-9]{4}$"), "no type: %s", r->body);
}

#define TIME_PATTERN "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"
#define UUID_PATTERN "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

/* Every member of the status object is there in each state: a time or null, never something else. */
static void expect_status_object(harness *h, const harness_reply *r)
{
    static const char *const members[] = {
        "repositoryId",        "status",    "progress",   "step",        "milestones",
        "queuePosition",       "jobId",     "generation", "revision",    "requestedAt",
        "generationStartedAt", "updatedAt", "finishedAt", "lockedUntil", "serverTime",
        "errorMessage",        "docs"};
    const char *value;

    cr_assert(json_is_object(r->json), "no object: %s", r->body);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        value = harness_member(h, r, members[i]);
        cr_expect(value, "%s is missing: %s", members[i], r->body);
        if (value && (strstr(members[i], "At") || !strcmp(members[i], "lockedUntil"))) {
            cr_expect(!strcmp(value, "null") || matches(value, TIME_PATTERN), "%s is %s",
                      members[i], value);
        }
    }
    cr_expect(matches(harness_member(h, r, "serverTime"), TIME_PATTERN));
    cr_expect_eq(json_object_size(r->json), sizeof(members) / sizeof(members[0]));
}

Test(api, accepts_a_request_and_completes)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    harness_script(h, "demo", "gate=go,ok");
    r = harness_generate(s, "demo");
    cr_expect_eq(r->status, 202, "%d %s", r->status, r->body);
    expect_status_object(h, r);
    expect_header(h, r, "Content-Type", "application/json");
    expect_header(h, r, "Location", "/docgen/api/status/demo");
    cr_expect(matches(harness_header(h, r, "Retry-After"), "^[1-9][0-9]*$"));
    expect_member(h, r, "repositoryId", "demo");
    expect_member(h, r, "status", "generating");
    expect_member(h, r, "progress", "0");
    expect_member(h, r, "step", "Waiting for a worker");
    expect_member(h, r, "queuePosition", "1");
    expect_member(h, r, "generation", "1");
    expect_member(h, r, "errorMessage", "null");
    expect_member(h, r, "finishedAt", "null");
    expect_member(h, r, "docs", "null");
    cr_expect(matches(harness_member(h, r, "jobId"), UUID_PATTERN));

    harness_open_gate(h, "go");
    r = harness_await_status(s, "demo", "completed", 15);
    expect_status_object(h, r);
    expect_member(h, r, "progress", "100");
    expect_member(h, r, "queuePosition", "null");
    expect_member(h, r, "docs.url", "/docgen/docs/demo/");
    expect_member(h, r, "docs.commit", "0123456789abcdef0123456789abcdef01234567");
    expect_member(h, r, "docs.branch", "main");
    cr_expect(matches(harness_member(h, r, "docs.committedAt"), TIME_PATTERN));
    cr_expect(matches(harness_member(h, r, "docs.publishedAt"), TIME_PATTERN));
    cr_expect(matches(harness_member(h, r, "docs.checkedAt"), TIME_PATTERN));
    cr_expect(matches(harness_member(h, r, "finishedAt"), TIME_PATTERN));
    cr_expect_null(harness_header(h, r, "Retry-After"));
    cr_expect_eq(harness_get(s, harness_member(h, r, "docs.url"))->status, 200);
    cr_expect_eq(harness_starts(h, "demo"), 1);
    harness_close(h);
}

Test(api, reads_the_status_of_every_known_repository)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "a test:gate=go,ok\nnever test:ok");
    const harness_reply *r = harness_get(s, "/docgen/api/status/never");

    cr_expect_eq(r->status, 200);
    expect_status_object(h, r);
    expect_member(h, r, "status", "idle");
    expect_member(h, r, "progress", "0");
    expect_member(h, r, "jobId", "null");
    expect_member(h, r, "generation", "0");
    expect_header(h, r, "Cache-Control", "no-cache");
    expect_problem(h, harness_get(s, "/docgen/api/status/absent"), 404, "DG0002");

    cr_assert_eq(harness_generate(s, "a")->status, 202);
    r = harness_get(s, "/docgen/api/status/a");
    expect_member(h, r, "status", "generating");
    /* only for an answer that should be asked less often than the page asks */
    cr_expect_null(harness_header(h, r, "Retry-After"));
    harness_open_gate(h, "go");
    harness_await_status(s, "a", "completed", 15);
    harness_close(h);
}

static const harness_reply *ask_if(harness_server *s, harness *h, const char *etag)
{
    return harness_ask(s, .path = "/docgen/api/status/a",
                       .headers = apr_pstrcat(h->pool, "If-None-Match: ", etag,
                                              "\nAccept-Encoding: gzip, br", NULL));
}

Test(api, answers_304_until_the_state_changes)
{
    harness *h = harness_open();
    /* As Debian ships it: JSON is compressed, which would change the validator. */
    harness_server *s = harness_serve(h, .repositories = "a test:ok",
                                      .conf = "AddOutputFilterByType DEFLATE application/json\n");
    const char *etag, *other;
    const harness_reply *r;

    harness_generate(s, "a");
    r = harness_await_status(s, "a", "completed", 15);
    etag = harness_header(h, r, "ETag");
    cr_assert(matches(etag, "^W/\"[0-9a-f-]{36}(\\.[0-9]+){3}\"$"), "%s", etag);
    cr_expect(strstr(etag, harness_member(h, r, "jobId")) != NULL);
    r = ask_if(s, h, etag);
    cr_expect_eq(r->status, 304);
    cr_expect_eq(r->length, 0);
    expect_header(h, r, "ETag", etag);
    cr_expect_eq(ask_if(s, h, apr_pstrcat(h->pool, "W/\"other\", ", etag, NULL))->status, 304);
    cr_expect_eq(ask_if(s, h, "*")->status, 304);
    r = ask_if(s, h, "W/\"other\"");
    cr_expect_eq(r->status, 200);
    cr_expect_null(harness_header(h, r, "Content-Encoding"));
    /* changed by hand, which no revision counts */
    harness_sql(h, "update generated_docs set generation_started_at = null");
    r = ask_if(s, h, etag);
    cr_expect_eq(r->status, 200);
    cr_expect_str_eq(harness_member(h, r, "generationStartedAt"), "null");
    etag = harness_header(h, r, "ETag");
    cr_expect_eq(ask_if(s, h, etag)->status, 304);

    harness_script(h, "a", "progress=5,gate=go,ok");
    harness_generate(s, "a");
    r = ask_if(s, h, etag);
    cr_expect_eq(r->status, 200);
    harness_await_sql(h, 15, "select progress = 5 from generated_docs");
    r = ask_if(s, h, etag);
    other = harness_header(h, r, "ETag");
    cr_expect(other && strcmp(other, etag) != 0);
    cr_expect_eq(ask_if(s, h, other)->status, 304);
    /* the same job, further on */
    harness_open_gate(h, "go");
    r = harness_await_status(s, "a", "completed", 15);
    cr_expect(strstr(other, harness_member(h, r, "jobId")) != NULL);
    cr_expect_eq(ask_if(s, h, other)->status, 200);
    harness_close(h);
}

Test(api, refuses_what_it_cannot_read)
{
    static const struct {
        const char *headers, *body;
        int status;
        const char *code;
    } cases[] = {
        {JSON, "{", 400, "DG0004"},
        {JSON, "", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"demo\"} x", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"demo\",\"repositoryId\":\"demo\"}", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"\xff\"}", 400, "DG0004"},
        {JSON, "[]", 422, "DG0007"},
        {JSON, "\"demo\"", 422, "DG0007"},
        {JSON, "{}", 422, "DG0007"},
        {JSON, "{\"repositoryId\":null}", 422, "DG0007"},
        {JSON, "{\"repositoryId\":1}", 422, "DG0007"},
        {JSON, "{\"repositoryId\":[\"demo\"]}", 422, "DG0007"},
        {JSON, "{\"repositoryId\":\"\"}", 400, "DG0003"},
        {JSON, "{\"repositoryId\":\"../etc\"}", 400, "DG0003"},
        {JSON, "{\"repositoryId\":\"-x\"}", 400, "DG0003"},
        {JSON, "{\"repositoryId\":\"a b\"}", 400, "DG0003"},
        {JSON, "{\"repositoryId\":\"a\\u0000b\"}", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"absent\"}", 404, "DG0002"},
        {FORM, "", 422, "DG0007"},
        {FORM, "other=demo", 422, "DG0007"},
        {FORM, "repositoryId=a&repositoryId=b", 422, "DG0007"},
        {FORM, "repositoryId=%zz", 400, "DG0004"},
        {FORM, "repositoryId=", 400, "DG0003"},
        {FORM, "repositoryId=absent", 404, "DG0002"},
        {FORM, "repositoryId=d%e9mo", 400, "DG0004"},
        {FORM, "repositoryId=demo&other=%ff", 400, "DG0004"},
        {FORM, "repositoryId=demo&\xff=1", 400, "DG0004"},
        {FORM, "repositoryId=demo%00", 400, "DG0004"},
        {FORM, "repositoryId=demo&%00=1", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"demo\",\"other\":\"\xff\"}", 400, "DG0004"},
        {JSON, "{\"repositoryId\":\"demo\",\"other\":\"\\ud800\"}", 400, "DG0004"},
        {JSON, "\xff", 400, "DG0004"},
        {"Content-Type: text/plain", "demo", 415, "DG0006"},
        {"Content-Type: application/jsonx", "{}", 415, "DG0006"},
        {"Content-Type: application/json; charset=utf-16", "{}", 415, "DG0006"},
        {JSON "\nContent-Encoding: gzip", "{}", 415, "DG0006"},
        {"X-None: 1", "{\"repositoryId\":\"demo\"}", 415, "DG0006"},
    };
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        r = harness_ask(s, .path = GENERATE, .method = "POST", .headers = cases[i].headers,
                        .body = cases[i].body);
        cr_expect(r->status == cases[i].status, "case %zu (%s): %d %s", i, cases[i].body, r->status,
                  r->body);
        expect_problem(h, r, cases[i].status, cases[i].code);
    }
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events"), 0);
    harness_close(h);
}

Test(api, takes_json_and_forms_in_every_spelling)
{
    static const char *const headers[] = {"Content-Type: application/json; charset=UTF-8",
                                          "content-type: Application/JSON", FORM "; charset=utf-8"};
    static const char *const bodies[] = {" {\"other\": [1], \"repositoryId\" : \"j1\"}\n",
                                         "{\"repositoryId\":\"j2\"}", "x=1&repositoryId=j%33"};
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "j1 test:ok\nj2 test:ok\nj3 test:ok");

    for (int i = 0; i < 3; i++) {
        const harness_reply *r =
            harness_ask(s, .path = GENERATE, .headers = headers[i], .body = bodies[i]);

        cr_expect(r->status == 202, "%s: %d %s", headers[i], r->status, r->body);
    }
    for (int i = 1; i <= 3; i++) {
        harness_await_status(s, apr_psprintf(h->pool, "j%d", i), "completed", 15);
    }
    harness_close(h);
}

Test(api, sends_a_browser_form_to_the_project_page)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:gate=go,ok");
    const char *browser =
        FORM "\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const harness_reply *r =
        harness_ask(s, .path = GENERATE, .headers = browser, .body = "repositoryId=demo");

    cr_expect_eq(r->status, 303);
    expect_header(h, r, "Location", "/docgen/projects/demo");
    /* again, while it runs: the same page, which shows the running job */
    r = harness_ask(s, .path = GENERATE, .headers = browser, .body = "repositoryId=demo");
    cr_expect_eq(r->status, 303);
    expect_header(h, r, "Location", "/docgen/projects/demo");
    r = harness_ask(s, .path = GENERATE, .headers = browser, .body = "repositoryId=absent");
    cr_expect_eq(r->status, 404);
    cr_expect(matches(harness_header(h, r, "Content-Type"), "^text/html"));
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    cr_expect_eq(harness_starts(h, "demo"), 1);
    harness_close(h);
}

Test(api, limits_the_body)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    char *body = apr_palloc(h->pool, 40001);

    memset(body, ' ', 40000);
    body[40000] = '\0';
    expect_problem(h, harness_ask(s, .path = GENERATE, .headers = JSON, .body = body), 413,
                   "DG0005");
    expect_problem(h,
                   harness_ask(s, .path = GENERATE, .headers = JSON "\nTransfer-Encoding: chunked",
                               .body = body),
                   413, "DG0005");
    harness_close(h);
}

/* httpd's own limit is named: the sentence about ours would send the administrator the wrong way. */
Test(api, names_the_limit_of_httpd)
{
    static const char *const codings[] = {"", "\nTransfer-Encoding: chunked"};
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "<Location \"/docgen/api/\">\n    LimitRequestBody 10\n</Location>\n");

    for (int i = 0; i < 2; i++) {
        const harness_reply *r = harness_ask(
            s, .path = GENERATE, .headers = apr_pstrcat(h->pool, JSON, codings[i], NULL),
            .body = "{\"repositoryId\":\"demo\"}");

        expect_problem(h, r, 413, "DG0005");
        cr_expect(strstr(harness_member(h, r, "detail"), "LimitRequestBody allows 10 bytes"), "%s",
                  r->body);
    }
    harness_close(h);
}

Test(api, lists_runs_with_message_and_log)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:ok\nnever test:ok");
    const harness_reply *r;
    json_t *run;

    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 15);
    harness_expect_log(h, "DG0102");
    harness_script(h, "demo", "progress=10,stderr=the last words,error=The tree is bare.,exit=1");
    harness_generate(s, "demo");
    harness_await_status(s, "demo", "failed", 15);
    r = harness_get(s, "/docgen/api/runs/demo");
    cr_assert_eq(r->status, 200);
    cr_assert_eq(json_array_size(json_object_get(r->json, "runs")), 2);
    run = json_array_get(json_object_get(r->json, "runs"), 0);
    cr_expect_str_eq(json_string_value(json_object_get(run, "outcome")), "failed");
    cr_expect_str_eq(json_string_value(json_object_get(run, "message")), "The tree is bare.");
    cr_expect(strstr(json_string_value(json_object_get(run, "logTail")), "the last words") != NULL);
    cr_expect_eq(json_integer_value(json_object_get(run, "generation")), 2);
    run = json_array_get(json_object_get(r->json, "runs"), 1);
    cr_expect_str_eq(json_string_value(json_object_get(run, "outcome")), "completed");
    cr_expect_str_eq(json_string_value(json_object_get(run, "commit")),
                     "0123456789abcdef0123456789abcdef01234567");
    cr_expect(matches(json_string_value(json_object_get(run, "requestedAt")), TIME_PATTERN));
    cr_expect(matches(json_string_value(json_object_get(run, "startedAt")), TIME_PATTERN));
    cr_expect(matches(json_string_value(json_object_get(run, "finishedAt")), TIME_PATTERN));
    r = harness_get(s, "/docgen/api/runs/never");
    cr_expect_eq(r->status, 200);
    cr_expect_eq(json_array_size(json_object_get(r->json, "runs")), 0);
    expect_problem(h, harness_get(s, "/docgen/api/runs/absent"), 404, "DG0002");
    harness_close(h);
}

Test(api, lists_repositories_with_their_states)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .repositories = "b test:ok title=Bee\na test:ok\nc test:exit=1");
    const harness_reply *r;
    json_t *list;

    harness_expect_log(h, "DG0102");
    harness_generate(s, "a");
    harness_generate(s, "c");
    harness_await_status(s, "a", "completed", 15);
    harness_await_status(s, "c", "failed", 15);
    r = harness_get(s, "/docgen/api/repositories");
    cr_assert_eq(r->status, 200);
    list = json_object_get(r->json, "repositories");
    cr_assert_eq(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++) {
        static const char *const ids[] = {"a", "b", "c"}, *const states[] = {"completed", "idle",
                                                                             "failed"};
        json_t *item = json_array_get(list, i);

        cr_expect_str_eq(json_string_value(json_object_get(item, "repositoryId")), ids[i]);
        cr_expect_str_eq(json_string_value(json_object_get(item, "status")), states[i]);
    }
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(list, 1), "title")), "Bee");
    harness_close(h);
}

Test(api, knows_registered_repositories_without_a_restart)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    expect_problem(h, harness_get(s, "/docgen/api/status/late"), 404, "DG0002");
    harness_sql(h, "select docgen_register('late', 'https://example.org/late.git', null, 'Late')");
    harness_sql(h, "select docgen_register('other', 'ssh://git@example.net/other.git')");
    harness_script(h, "late", "ok");
    r = harness_get(s, "/docgen/api/status/late");
    cr_expect_eq(r->status, 200);
    expect_member(h, r, "status", "idle");
    expect_problem(h, harness_generate(s, "other"), 422, "DG0020"); /* the harness allows no ssh */
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generation_events where kind = 'requested'"),
        0);
    cr_expect_eq(harness_generate(s, "late")->status, 202);
    harness_await_status(s, "late", "completed", 15);
    cr_expect_eq(harness_get(s, "/docgen/docs/late/")->status, 200);
    harness_sql(h, "select docgen_forget('late')");
    expect_problem(h, harness_get(s, "/docgen/api/status/late"), 404, "DG0002");
    cr_expect_eq(harness_get(s, "/docgen/docs/late/")->status, 404);
    expect_problem(h, harness_generate(s, "late"), 404, "DG0002");
    harness_close(h);
}

Test(api, reports_health)
{
    harness *h = harness_open();
    harness_server *s;
    const harness_reply *r;

    harness_own_postgres(h);
    s = harness_serve(h);
    r = harness_get(s, "/docgen/api/health");
    cr_expect_eq(r->status, 200, "%s", r->body);
    expect_member(h, r, "status", "ok");
    expect_member(h, r, "database.schemaVersion",
                  harness_member(h, r, "database.requiredSchemaVersion"));
    cr_expect(matches(harness_member(h, r, "database.installationId"), UUID_PATTERN));
    expect_member(h, r, "database.queued", "0");
    expect_member(h, r, "workers.threads", "2");
    cr_expect_eq(harness_number(h, r, "workers.busy"), 0);

    harness_expect_log(h, "DG00(12|13)|AH00629|AH02655|AH00632|AH00633|AH00639|AH02653|AH02654");
    harness_postgres(h, "stop");
    r = harness_get(s, "/docgen/api/health");
    expect_problem(h, r, 503, "DG0012");
    cr_expect(matches(harness_header(h, r, "Retry-After"), "^[1-9]"));
    /* a state is never guessed */
    r = harness_get(s, "/docgen/api/status/demo");
    cr_expect_eq(r->status, 503);
    cr_expect_null(harness_member(h, r, "progress"));
    cr_expect_eq(harness_generate(s, "demo")->status, 503);
    harness_postgres(h, "start");
    harness_await_status(s, "demo", "idle", 15);
    harness_close(h);
}

/* What else the module asks such a database does not matter: health looks for itself. */
Test(api, is_not_healthy_on_an_older_schema)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const char *version = harness_sql(h, "select docgen_schema_version()");

    cr_expect_eq(harness_get(s, "/docgen/api/health")->status, 200);
    harness_expect_log(h, "DG0014");
    harness_sql(h,
                "create or replace function docgen_schema_version() returns integer language sql "
                "immutable parallel safe as 'select 0'");
    expect_problem(h, harness_get(s, "/docgen/api/health"), 503, "DG0014");
    harness_sql(h,
                "create or replace function docgen_schema_version() returns integer language sql "
                "immutable parallel safe as 'select %s'",
                version);
    harness_close(h);
}

Test(api, names_the_command_when_the_schema_is_missing)
{
    harness *h = harness_open();
    harness_server *s;
    const harness_reply *r;

    harness_sql(h, "alter function docgen_schema_version() rename to another");
    harness_expect_log(h, "DG0014");
    s = harness_serve(h);
    r = harness_get(s, "/docgen/api/status/demo");
    expect_problem(h, r, 503, "DG0014");
    cr_expect(strstr(harness_member(h, r, "detail"), "make migrate") != NULL);
    expect_problem(h, harness_get(s, "/docgen/api/health"), 503, "DG0014");
    harness_sql(h, "alter function another() rename to docgen_schema_version");
    harness_close(h);
}

/* Migrating again would not help there. */
Test(api, names_the_search_path_that_does_not_lead_to_the_schema)
{
    harness *h = harness_open();
    harness_server *s;
    const harness_reply *r;

    harness_sql(h, "create schema elsewhere; grant usage on schema elsewhere to docgen_module");
    harness_expect_log(h, "DG0045");
    s = harness_serve(
        h, .database = apr_pstrcat(h->pool, h->module, NULL),
        .conf = apr_pstrcat(
            h->pool, "DBDParams \"", h->module,
            " connect_timeout=2 options='-c statement_timeout=2000 -c search_path=elsewhere'\"\n",
            NULL));
    r = harness_get(s, "/docgen/api/status/demo");
    expect_problem(h, r, 503, "DG0045");
    cr_expect(strstr(harness_member(h, r, "detail"), "search_path") != NULL);
    r = harness_get(s, "/docgen/api/health");
    expect_problem(h, r, 503, "DG0045");
    cr_expect(strstr(harness_member(h, r, "detail"), "search_path") != NULL);
    harness_close(h);
}
