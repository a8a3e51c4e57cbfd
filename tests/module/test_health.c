/* api/health: 200 only while the server takes requests and its heartbeat is stored, what the host lacks, and what only
 * callers who may POST are told.
 * SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>
#include "faults/kit.h"
#include "module/harness.h"

TestSuite(health, .timeout = 400);

#define HEALTH "/docgen/api/health"
/* The password is "secret". */
#define ALICE "alice:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/\n"

static void expect_ill(harness *h, const harness_reply *r, const char *code)
{
    const char *is = harness_member(h, r, "code");

    cr_expect_eq(r->status, 503, "%d %s", r->status, r->body);
    cr_expect(is && !strcmp(is, code), "%s: %s", code, r->body);
    cr_expect(harness_header(h, r, "Retry-After") != NULL);
    cr_expect(harness_member(h, r, "workers.threads") != NULL, "%s", r->body);
}

/* Versions and ids are there (or not) in an answer that is whole otherwise. */
static void expect_versions(harness *h, const harness_reply *r, int wanted)
{
    static const char *const names[] = {"database.schemaVersion", "database.requiredSchemaVersion",
                                        "database.installationId", "database.serverVersion"};

    cr_expect_eq(r->status, 200, "%d %s", r->status, r->body);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect_eq(harness_member(h, r, names[i]) != NULL, wanted, "%s: %s", names[i], r->body);
    }
    cr_expect(harness_member(h, r, "database.queued") != NULL, "%s", r->body);
    cr_expect(harness_member(h, r, "workers.busy") != NULL, "%s", r->body);
}

/* The rule stands in the Location that reading is allowed in, as in the shipped configuration: a mere look-up of
 * another address there is always allowed. */
Test(health, tells_versions_to_callers_who_may_post)
{
    static const char *const rules[] = {
        "<RequireAny>\n Require method GET HEAD OPTIONS\n Require user alice\n</RequireAny>\n",
        "<LimitExcept GET HEAD OPTIONS>\n Require user alice\n</LimitExcept>\n",
    };
    harness *h = harness_open();
    const char *users = harness_write(h, "users", ALICE);

    harness_expect_log(h, "AH0161[78]|AH0163[01]|AH01797");
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        harness_server *s = harness_serve(
            h, .conf = apr_psprintf(h->pool,
                                    "<Location \"/docgen\">\n AuthType Basic\n AuthName docs\n "
                                    "AuthUserFile \"%s\"\n %s</Location>\n",
                                    users, rules[i]));

        expect_versions(h, harness_get(s, HEALTH), 0);
        expect_versions(h, harness_ask(s, .path = HEALTH, .user = "alice:wrong"), 0);
        expect_versions(h, harness_ask(s, .path = HEALTH, .user = "alice:secret"), 1);
        cr_expect(strstr(harness_log(s), "AH01") == NULL, "asking is no event: %s", harness_log(s));
    }
    harness_close(h);
}

/* A rule of its own for the address that is posted to. */
Test(health, asks_the_rule_of_the_address_that_is_posted_to)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "<Location \"/docgen/api/generate-docs\">\n Require all denied\n</Location>\n");

    expect_versions(h, harness_get(s, HEALTH), 0);
    harness_close(h);
}

static int dial(harness_server *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)harness_port(s)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* Ends a request that was begun, and reads the answer. */
static const char *finish(harness *h, int fd)
{
    static const char end[] = "Host: x\r\nConnection: close\r\n\r\n";
    char *text = apr_pcalloc(h->pool, 65536);
    size_t have = 0;
    ssize_t got;

    cr_assert_eq(send(fd, end, sizeof(end) - 1, MSG_NOSIGNAL), (ssize_t)sizeof(end) - 1);
    while (have < 65535 && (got = read(fd, text + have, 65535 - have)) > 0) {
        have += (size_t)got;
    }
    close(fd);
    return text;
}

/* Requests that were begun before a graceful restart are answered by the process that stops. */
Test(health, is_503_while_the_process_stops)
{
    enum {
        BEGUN = 6
    };
    static const char begin[] = "GET " HEALTH " HTTP/1.1\r\n";
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const char *mpm = getenv("HARNESS_MPM");
    int fds[BEGUN], stopping = 0;

    for (int i = 0; i < BEGUN; i++) {
        fds[i] = dial(s);
        cr_assert_eq(send(fds[i], begin, sizeof(begin) - 1, MSG_NOSIGNAL),
                     (ssize_t)sizeof(begin) - 1);
    }
    harness_get(s, HEALTH); /* by now a process has accepted those that came before */
    harness_httpd(s, "graceful");
    for (int i = 0; i < BEGUN; i++) { /* httpd tells its children within a moment */
        const char *answer = finish(h, fds[i]);

        if (strncmp(answer, "HTTP/1.1 503", 12) == 0) {
            cr_expect(strstr(answer, "DG0017") != NULL, "%s", answer);
            cr_expect(strstr(answer, "\r\nRetry-After: ") != NULL, "%s", answer);
            stopping++;
        }
        kit_pause();
        harness_get(s, HEALTH);
    }
    if (mpm && !strcmp(mpm, "prefork")) { /* there a process begins to stop between two requests */
        cr_expect_eq(stopping, 0);
    } else {
        cr_expect_gt(stopping, 0, "no answer says that the process stops");
    }
    cr_expect_eq(harness_get(s, HEALTH)->status, 200, "the next generation is well");
    harness_close(h);
}

/* Somebody holds the row of the heartbeat: nothing fails, nothing is logged, and yet lost jobs would not be ended. */
Test(health, is_503_without_a_heartbeat)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r = harness_get(s, HEALTH);
    double end = kit_now() + 60000;

    cr_expect_eq(r->status, 200, "%s", r->body);
    harness_expect_log(h, "docgen:warn.*DG0040"); /* what else writes this row waits in vain, too */
    harness_sql(h, "begin");
    harness_sql(h, "select seen from docgen_pulse for update");
    while ((r = harness_get(s, HEALTH))->status == 200 && kit_now() < end) {
        kit_pause();
    }
    expect_ill(h, r, "DG0050");
    cr_expect(strstr(harness_member(h, r, "detail"), "heartbeat") != NULL, "%s", r->body);
    harness_sql(h, "rollback");
    end = kit_now() + 30000;
    while (harness_get(s, HEALTH)->status != 200 && kit_now() < end) {
        kit_pause();
    }
    cr_expect_eq(harness_get(s, HEALTH)->status, 200);
    harness_close(h);
}

/* Two servers with different DBDParams for one database: one of them sweeps it for both. */
Test(health, counts_the_heartbeat_of_the_same_database)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = apr_psprintf(h->pool,
                                "<VirtualHost *:*>\n ServerName two.example\n DBDriver pgsql\n "
                                "DBDParams \"%s connect_timeout=3 options='-c "
                                "statement_timeout=2000'\"\n DBDMin 0\n DBDKeep 2\n "
                                "DBDMax 10\n</VirtualHost>\n",
                                h->module));
    double end = kit_now() + 11500; /* longer than a heartbeat may be old */

    while (kit_now() < end) {
        const harness_reply *r = harness_ask(s, .path = HEALTH, .host = "two.example");

        cr_assert_eq(r->status, 200, "%s", r->body);
        cr_assert_eq(harness_get(s, HEALTH)->status, 200);
        kit_pause();
    }
    harness_close(h);
}

Test(health, tells_what_the_host_lacks)
{
    harness *h = harness_open();
    const char *path = apr_pstrcat(h->pool, h->dir, "/path", NULL);
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    cr_expect(strstr(harness_get(s, HEALTH)->body, "\"missing\":[]") != NULL, "%s",
              harness_get(s, HEALTH)->body);
    cr_assert_eq(mkdir(path, 0755), 0);
    setenv("HTTPD_ENVIRONMENT", apr_pstrcat(h->pool, "PATH=", path, NULL), 1);
    harness_expect_log(h, "DG0030");
    s = harness_serve(h);
    unsetenv("HTTPD_ENVIRONMENT");
    r = harness_get(s, HEALTH);
    cr_expect_eq(r->status, 200, "reading goes on: %s", r->body);
    cr_expect_str_eq(harness_member(h, r, "status"), "degraded", "nothing is fetched without git");
    cr_expect(strstr(r->body, "\"name\":\"sandbox\"") != NULL, "%s", r->body);
    cr_expect(strstr(r->body, "\"name\":\"ctags\"") != NULL, "%s", r->body);
    cr_expect(strstr(r->body, "install the package universal-ctags") != NULL, "%s", r->body);
    harness_close(h);
}

/* Migrating refuses such a database; one that exists already is told of. */
Test(health, tells_an_encoding_that_is_not_utf8)
{
    harness *h = harness_open();
    harness_server *s;
    const harness_reply *r;

    harness_sql(h, "update pg_database set encoding = pg_char_to_encoding('LATIN1') "
                   "where datname = current_database()");
    harness_expect_log(h, "DG0046");
    s = harness_serve(h);
    r = harness_get(s, HEALTH);
    cr_expect_eq(r->status, 200, "%s", r->body);
    cr_expect_str_eq(harness_member(h, r, "database.encoding"), "LATIN1");
    cr_expect(strstr(r->body, "encoding is LATIN1") != NULL, "%s", r->body);
    cr_expect(strstr(harness_log(s), "DG0046") != NULL, "the log has it too");
    harness_sql(h, "update pg_database set encoding = pg_char_to_encoding('UTF8') "
                   "where datname = current_database()");
    harness_close(h);
}

/* A module may be older than the schema while an installation is renewed, and serves as well. */
Test(health, is_well_with_a_newer_schema)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    harness_sql(h, "create or replace function docgen_schema_version() returns integer language "
                   "sql immutable parallel safe as 'select 999'");
    r = harness_get(s, HEALTH);
    cr_expect_eq(r->status, 200, "%d %s", r->status, r->body);
    harness_close(h);
}

/* The directory is only made by httpd's parent, so that is what the advice says. */
Test(health, tells_a_lost_work_directory_and_what_brings_it_back)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:ok");
    const char *work = apr_pstrcat(h->pool, harness_dir(s), "/work", NULL);
    const harness_reply *r = harness_get(s, HEALTH);
    const char *message;
    double end;

    cr_expect_str_eq(harness_member(h, r, "status"), "ok");
    cr_assert_eq(rename(work, apr_pstrcat(h->pool, work, ".away", NULL)), 0);
    r = harness_get(s, HEALTH);
    cr_expect_eq(r->status, 200, "reading goes on: %s", r->body);
    cr_expect_str_eq(harness_member(h, r, "status"), "degraded");
    cr_expect(strstr(r->body, "apachectl graceful") != NULL, "%s", r->body);
    harness_expect_log(h, apr_pstrcat(h->pool, "docgen:warn.*DG0101: .*\\(", work, "/run", NULL));
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    message = harness_member(h, harness_await_status(s, "demo", "failed", 20), "errorMessage");
    cr_expect(strstr(message, "apachectl graceful") != NULL, "%s", message);
    cr_expect(strstr(message, h->dir) == NULL, "no path of the host: %s", message);
    harness_httpd(s, "graceful");
    end = kit_now() + 20000;
    while (strcmp(harness_member(h, r = harness_get(s, HEALTH), "status"), "ok") != 0 &&
           kit_now() < end) {
        kit_pause();
    }
    cr_expect_str_eq(harness_member(h, r, "status"), "ok", "%s", r->body);
    cr_expect_eq(harness_generate(s, "demo")->status, 202);
    harness_await_status(s, "demo", "completed", 20);
    harness_close(h);
}
