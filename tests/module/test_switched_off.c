/* What broke since the server started is switched off at a graceful restart, and said: by the answer, the page and
 * api/health. The rest goes on.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>
#include "module/harness.h"

TestSuite(switched_off, .timeout = 120);

#define REPOSITORIES "demo test:ok\nprivate https://git.example.org/p.git"

typedef struct health {
    harness_server *server;
    const char *text;
} health;

static int says(void *data)
{
    const health *health = data;
    const char *body = harness_get(health->server, "/docgen/api/health")->body;

    return body && strstr(body, health->text) != NULL;
}

static void await_health(harness *h, harness_server *s, const char *text)
{
    health health = {s, text};

    harness_await(h, 10, apr_pstrcat(h->pool, "health saying ", text, NULL), says, &health);
}

static void expect_refused(harness *h, harness_server *s, const char *id, const char *code)
{
    const harness_reply *reply = harness_generate(s, id);
    const char *page = harness_ask(s, .path = apr_pstrcat(h->pool, "/docgen/projects/", id, NULL),
                                   .headers = "Accept: text/html")
                           ->body;

    cr_expect_eq(reply->status, 503, "%d", reply->status);
    cr_expect_str_eq(harness_member(h, reply, "code"), code);
    cr_expect(harness_header(h, reply, "Retry-After") != NULL);
    cr_expect(strstr(page, code) && strstr(page, "a mistake in the server"), "%s", page);
    cr_expect(!strstr(page, h->dir) && !strstr(reply->body, h->dir), "no path of the host");
}

Test(switched_off, a_token_that_others_may_read)
{
    harness *h = harness_open();
    const char *token = harness_write(h, "token", "t0ken\n");
    harness_server *s;

    cr_assert(chmod(token, 0600) == 0);
    s = harness_serve(
        h, .repositories = REPOSITORIES,
        .conf = apr_psprintf(h->pool, "DocGenCredentials git.example.org \"%s\"\n", token));
    harness_expect_log(h,
                       "DG0033: .*extra-1.conf:1: DocGenCredentials: git.example.org: .*readable");
    cr_assert(chmod(token, 0644) == 0);
    harness_httpd(s, "graceful");
    await_health(h, s, "No repository of the host git.example.org is generated at present");
    await_health(h, s, "\"status\":\"ok\""); /* the others' are */
    expect_refused(h, s, "private", "DG0033");
    cr_expect_eq(harness_generate(s, "demo")->status, 202, "the other repository goes on");
    harness_await_status(s, "demo", "completed", 10);
    cr_assert(chmod(token, 0600) == 0);
    harness_httpd(s, "graceful");
    await_health(h, s, "\"warnings\":[]");
    harness_close(h);
}

Test(switched_off, a_work_directory_that_others_may_write)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:ok");
    const char *work = apr_pstrcat(h->pool, harness_dir(s), "/work", NULL);

    harness_generate(s, "demo");
    harness_await_status(s, "demo", "completed", 10);
    harness_expect_log(h, "DG0032: .*httpd.conf:[0-9]+: DocGenWorkDir: .*must not be writable");
    cr_assert(chmod(work, 0777) == 0);
    harness_httpd(s, "graceful");
    await_health(h, s, "(DocGenWorkDir)");
    await_health(h, s, "\"status\":\"degraded\"");
    expect_refused(h, s, "demo", "DG0032");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/")->status, 200, "what is there is still read");
    cr_expect_eq(harness_starts(h, NULL), 1);
    cr_assert(chmod(work, 0700) == 0);
    harness_httpd(s, "graceful");
    await_health(h, s, "\"warnings\":[]");
    cr_expect_eq(harness_generate(s, "demo")->status, 202);
    harness_await_status(s, "demo", "completed", 10);
    harness_close(h);
}

/* What names a repository or a host of repositories is only for who may see the one or use the other. */
Test(switched_off, is_told_to_those_who_may_know)
{
    static const char health[] = "/docgen/api/health";
    harness *h = harness_open();
    const char *token = harness_write(h, "token", "t0ken\n");
    const char *users = harness_write(h, "users", "alice:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n");
    const char *conf = apr_psprintf(
        h->pool,
        "DocGenCredentials git.example.org \"%s\"\n"
        "<Location \"/docgen\">\n AuthType Basic\n AuthName docs\n AuthUserFile \"%s\"\n "
        "<RequireAny>\n Require method GET HEAD OPTIONS\n Require user alice\n "
        "</RequireAny>\n</Location>\n<Location \"/docgen/projects/private\">\n AuthMerging Off\n "
        "Require user alice\n</Location>\n",
        token, users);
    harness_server *s;
    const char *extra;
    const harness_reply *r;
    FILE *out;

    cr_assert(chmod(token, 0600) == 0);
    setenv("HTTPD_ALLOW", "test:", 1);
    s = harness_serve(h, .repositories = REPOSITORIES,
                      .conf = apr_pstrcat(h->pool, conf, "DocGenAllowURL https://\n", NULL));
    unsetenv("HTTPD_ALLOW");
    extra = apr_pstrcat(h->pool, harness_dir(s), "/extra-1.conf", NULL);
    harness_expect_log(h, "DG0033: |AH0161[78]|AH0163[01]|AH01797");
    cr_assert(chmod(token, 0644) == 0);
    cr_assert_not_null(out = fopen(extra, "w"));
    fputs(conf, out); /* and the address of the repository is allowed no more */
    fclose(out);
    harness_httpd(s, "graceful");
    for (int i = 0; i < 200; i++) {
        r = harness_ask(s, .path = health, .user = "alice:secret");
        if (r->body && strstr(r->body, "git.example.org")) {
            break;
        }
        harness_sql(h, "select pg_sleep(0.05)");
    }
    cr_expect(strstr(r->body, "git.example.org") != NULL, "%s", r->body);
    cr_expect(strstr(r->body, "The repository private is not generated") != NULL, "%s", r->body);
    r = harness_get(s, health);
    cr_expect_eq(r->status, 200, "%s", r->body);
    cr_expect(strstr(r->body, "git.example.org") == NULL, "%s", r->body);
    cr_expect(strstr(r->body, "private") == NULL, "%s", r->body);
    harness_close(h);
}
