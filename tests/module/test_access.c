/* Who may see and do what: Apache's Require per repository on every route, and requests of other sites.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_file_io.h>
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <string.h>
#include <strings.h>
#include "module/harness.h"

TestSuite(access, .timeout = 400);

#define GENERATE "/docgen/api/generate-docs"
#define JSON     "Content-Type: application/json"
#define ALICE    "alice:secret"
#define BOB      "bob:secret"

/* The password of both is "secret". */
#define HASH "$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/"

#define DOCS_HOST                                                                                  \
    "<VirtualHost *:*>\n  ServerName docs.example\n  ServerAlias alias.example *.wild.example\n"   \
    "</VirtualHost>\n"

/* Refusals of httpd itself are worth a line in its log. */
#define REFUSALS "AH0161[78]|AH0163[01]|AH01797"

/* Alice may see `yyyy`, Bob `wwww`, nobody `uuuu`; a project without a rule of its own is closed. So that httpd's own refusals of
 * projects/ID do not differ either, both are 401 without a login and 403 with one. */
static harness_server *serve_two_users(harness *h)
{
    const char *users = harness_write(h, "users", "alice:" HASH "\nbob:" HASH "\n");

    harness_expect_log(h, REFUSALS);
    return harness_serve(
        h, .repositories = "yyyy test:ok\nwwww test:ok\nuuuu test:ok",
        .conf = apr_pstrcat(
            h->pool, "<Location \"/docgen\">\n  AuthType Basic\n  AuthName docs\n  AuthUserFile \"",
            users,
            "\"\n  Require valid-user\n  AuthzSendForbiddenOnFailure On\n</Location>\n"
            "<Location \"/docgen/projects/\">\n  Require user \"-\"\n</Location>\n"
            "<Location \"/docgen/projects/yyyy\">\n  Require user alice\n</Location>\n"
            "<Location \"/docgen/projects/wwww\">\n  Require user bob\n</Location>\n",
            NULL));
}

static const harness_reply *post(harness_server *s, harness *h, const char *user, const char *id)
{
    return harness_ask(s, .path = GENERATE, .headers = JSON, .user = user,
                       .body = apr_pstrcat(h->pool, "{\"repositoryId\":\"", id, "\"}", NULL));
}

static void generate(harness_server *s, harness *h, const char *user, const char *id)
{
    cr_assert_eq(post(s, h, user, id)->status, 202);
    harness_await_sql(
        h, 15, "select status = 'completed' from generated_docs where repository_id::text = '%s'",
        id);
}

/* What differs between two replies to the same question about ids of equal length: nothing may. */
static const char *normal(harness *h, const harness_reply *r, const char *id)
{
    char *text = apr_pstrcat(h->pool, r->headers, r->body, NULL), *at;
    const char *date = harness_header(h, r, "Date");

    while (date && (at = strstr(text, date))) {
        memset(at, '#', strlen(date));
    }
    for (at = text; (at = strstr(at, id));) {
        memset(at, '#', strlen(id));
    }
    return text;
}

static const char *const routes[] = {"api/status/%s",
                                     "api/runs/%s",
                                     "projects/%s",
                                     "docs/%s/",
                                     "docs/%s/architecture",
                                     "docs/%s/architecture.md",
                                     "docs/%s/llms.txt",
                                     "docs/%s/images/point.svg",
                                     "docs/%s/symbol/fake_symbol_0",
                                     "api/search?q=page&repositoryId=%s",
                                     "search?q=page&repositoryId=%s"};

Test(access, each_user_reaches_only_their_own)
{
    harness *h = harness_open();
    harness_server *s = serve_two_users(h);
    const harness_reply *hidden, *unknown;

    generate(s, h, ALICE, "yyyy");
    generate(s, h, BOB, "wwww");
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        const char *own =
            apr_psprintf(h->pool, apr_pstrcat(h->pool, "/docgen/", routes[i], NULL), "yyyy");
        const char *other =
            apr_psprintf(h->pool, apr_pstrcat(h->pool, "/docgen/", routes[i], NULL), "wwww");
        const char *absent =
            apr_psprintf(h->pool, apr_pstrcat(h->pool, "/docgen/", routes[i], NULL), "zzzz");
        int status = harness_ask(s, .path = own, .user = ALICE)->status;

        cr_expect(status == 200 || (status == 302 && strstr(own, "symbol")), "alice, %s: %d", own,
                  status);
        cr_expect_eq(harness_ask(s, .path = own, .user = BOB)->status >= 400, 1, "bob, %s", own);
        hidden = harness_ask(s, .path = other, .user = ALICE);
        unknown = harness_ask(s, .path = absent, .user = ALICE);
        cr_expect_str_eq(normal(h, hidden, "wwww"), normal(h, unknown, "zzzz"), "%s tells of wwww",
                         other);
        cr_expect(hidden->status >= 400, "%s: %d", other, hidden->status);
        cr_expect_eq(harness_get(s, own)->status, 401, "%s without a name", own);
    }
    hidden = post(s, h, ALICE, "wwww");
    unknown = post(s, h, ALICE, "zzzz");
    cr_expect_eq(hidden->status, 404);
    cr_expect_str_eq(normal(h, hidden, "wwww"), normal(h, unknown, "zzzz"));
    cr_expect_eq(post(s, h, BOB, "uuuu")->status, 404);
    cr_expect_eq(post(s, h, NULL, "yyyy")->status, 401);
    cr_expect_eq(
        harness_sql_number(h, "select count(*) from generation_events where kind = 'requested'"),
        2);
    harness_close(h);
}

Test(access, lists_and_searches_show_only_their_own)
{
    harness *h = harness_open();
    harness_server *s = serve_two_users(h);
    static const char *const lists[] = {"api/repositories",       "",
                                        "api/search?q=page",      "search?q=page",
                                        "search?q=fake_symbol_0", "api/search?q=fake_symbol_0"};

    generate(s, h, ALICE, "yyyy");
    generate(s, h, BOB, "wwww");
    harness_sql(h, "select docgen_register('tttt', 'https://example.org/tttt.git')");
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const char *path = apr_pstrcat(h->pool, "/docgen/", lists[i], NULL);
        const harness_reply *alice = harness_ask(s, .path = path, .user = ALICE);
        const harness_reply *bob = harness_ask(s, .path = path, .user = BOB);

        cr_expect_eq(alice->status, 200, "%s: %d %s", path, alice->status, alice->body);
        cr_expect_eq(bob->status, 200);
        cr_expect(strstr(alice->body, "yyyy") != NULL, "alice misses yyyy: %s", path);
        cr_expect(strstr(alice->body, "wwww") == NULL, "alice sees wwww: %s", path);
        cr_expect(strstr(alice->body, "uuuu\"") == NULL, "alice sees uuuu: %s", path);
        cr_expect(strstr(alice->body, "tttt\"") == NULL, "alice sees tttt: %s", path);
        cr_expect(strstr(bob->body, "wwww") != NULL, "bob misses wwww: %s", path);
        cr_expect(strstr(bob->body, "/yyyy") == NULL, "bob sees yyyy: %s", path);
    }
    harness_close(h);
}

/* The README's block for closing projects, as it stands there. */
static const char *readme_block(harness *h, const char *users)
{
    apr_finfo_t about;
    apr_file_t *file;
    char *text, *at, *end, *name;
    const char *after;
    apr_size_t length;

    cr_assert_eq(apr_file_open(&file, "README.md", APR_READ, 0, h->pool), APR_SUCCESS);
    cr_assert_eq(apr_file_info_get(&about, APR_FINFO_SIZE, file), APR_SUCCESS);
    length = (apr_size_t)about.size;
    text = apr_pcalloc(h->pool, length + 1);
    cr_assert_eq(apr_file_read_full(file, text, length, NULL), APR_SUCCESS);
    apr_file_close(file);
    at = strstr(text, "\n```apache\n<Location");
    cr_assert_not_null(at, "README.md has no access block");
    at += strlen("\n```apache\n");
    end = strstr(at, "\n```");
    cr_assert_not_null(end);
    end[1] = '\0';
    name = strstr(at, "/etc/apache2/docgen.users");
    cr_assert_not_null(name);
    after = name + strlen("/etc/apache2/docgen.users");
    *name = '\0';
    return apr_pstrcat(h->pool, at, users, after, NULL);
}

/* What httpd itself answers must not tell which projects have a rule: 401 here and 403 there would. */
Test(access, the_block_of_the_readme_tells_nobody_which_projects_have_a_rule)
{
    static const char *const callers[] = {NULL, BOB, "alice:wrong"};
    harness *h = harness_open();
    const char *users = harness_write(h, "users", "alice:" HASH "\nbob:" HASH "\n");
    harness_server *s = harness_serve(h, .repositories = "alpha test:ok\nother test:ok",
                                      .conf = readme_block(h, users));

    harness_expect_log(h, REFUSALS);
    generate(s, h, ALICE, "alpha");
    cr_expect_eq(harness_ask(s, .path = "/docgen/projects/alpha", .user = ALICE)->status, 200);
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        const char *form = apr_pstrcat(h->pool, "/docgen/", routes[i], NULL);
        const char *hidden = apr_psprintf(h->pool, form, "alpha");
        const char *closed = apr_psprintf(h->pool, form, "other");
        const char *unknown = apr_psprintf(h->pool, form, "zzzzz");

        for (size_t n = 0; n < sizeof(callers) / sizeof(callers[0]); n++) {
            const char *answers[] = {
                normal(h, harness_ask(s, .path = hidden, .user = callers[n]), "alpha"),
                normal(h, harness_ask(s, .path = closed, .user = callers[n]), "other"),
                normal(h, harness_ask(s, .path = unknown, .user = callers[n]), "zzzzz")};

            cr_expect_str_eq(answers[0], answers[2], "%s tells %s of a rule", hidden,
                             callers[n] ? callers[n] : "anybody");
            cr_expect_str_eq(answers[1], answers[2], "%s tells %s of a project", closed,
                             callers[n] ? callers[n] : "anybody");
        }
    }
    harness_close(h);
}

/* The shipped rule: everyone reads, only some may ask for a generation. */
Test(access, reading_and_generating_are_separate_rights)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "<Location \"/docgen\">\n  Require method GET HEAD OPTIONS\n</Location>\n");

    harness_expect_log(h, REFUSALS);
    cr_expect_eq(harness_get(s, "/docgen/api/status/demo")->status, 200);
    cr_expect_eq(harness_get(s, "/docgen/projects/demo")->status, 200);
    cr_expect_eq(harness_generate(s, "demo")->status, 403);
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events"), 0);
    harness_close(h);
}

Test(access, refuses_other_sites)
{
    static const struct {
        const char *headers;
        int allowed;
    } cases[] = {
        {"X-None: 1", 1},
        {"Sec-Fetch-Site: same-origin", 1},
        {"Sec-Fetch-Site: none", 1},
        {"Sec-Fetch-Site: same-site", 0},
        {"Sec-Fetch-Site: cross-site", 0},
        {"Sec-Fetch-Site: cross-site\nOrigin: http://docs.example", 0},
        {"Origin: http://docs.example", 1},
        {"Origin: HTTP://DOCS.EXAMPLE:80", 1},
        {"Origin: http://docs.example:81", 0},
        {"Origin: http://evil.example", 0},
        {"Origin: http://docs.example.evil.example", 0},
        {"Origin: null", 0},
        {"Origin: https://docs.example", 1}, /* a proxy has the certificate */
        {"Origin: http://alias.example", 1},
        {"Origin: http://alias.example:81", 0},
        {"Origin: https://friend.example", 1},
        {"Origin: http://friend.example", 0},
    };
    static const char *const bodies[] = {"Content-Type: application/x-www-form-urlencoded", JSON};
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:gate=go,ok",
                                      .conf = "DocGenOrigin https://friend.example\n" DOCS_HOST);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int json = 0; json < 2; json++) {
            const harness_reply *r = harness_ask(
                s, .path = GENERATE, .host = "docs.example",
                .headers = apr_pstrcat(h->pool, cases[i].headers, "\n", bodies[json], NULL),
                .body = json ? "{\"repositoryId\":\"demo\"}" : "repositoryId=demo");

            if (cases[i].allowed) {
                cr_expect(r->status == 202 || r->status == 409, "%s: %d", cases[i].headers,
                          r->status);
            } else {
                cr_expect(r->status == 403, "%s: %d", cases[i].headers, r->status);
                cr_expect_str_eq(harness_member(h, r, "code"), "DG0008");
            }
        }
    }
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

/* A refused request leaves nothing behind, whatever it claims. */
Test(access, a_cross_site_request_changes_nothing)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    cr_expect_eq(harness_ask(s, .path = GENERATE, .headers = JSON "\nSec-Fetch-Site: cross-site",
                             .body = "{\"repositoryId\":\"demo\"}")
                     ->status,
                 403);
    cr_expect_str_eq(harness_member(h, harness_get(s, "/docgen/api/status/demo"), "status"),
                     "idle");
    cr_expect_eq(harness_starts(h, NULL), 0);
    harness_close(h);
}

static const struct {
    const char *host;
    int is_known;
} hosts[] = {
    {"127.0.0.1", 1},
    {"127.0.0.1:8080", 1},
    {"[::1]", 1},
    {"[fd00::7]:8443", 1},
    {"localhost", 1},
    {"LOCALHOST:8080", 1},
    {"docs.example", 1},
    {"Docs.Example:8080", 1}, /* a port may be a proxy's */
    {"docs.example.", 1},
    {"alias.example", 1},
    {"a.wild.example", 1},
    {"friend.example", 1},
    {"evil.example", 0},
    {"docs.example.evil.example", 0},
    {"127.0.0.1.evil.example", 0},
    {"localhost.evil.example", 0},
    {"friend.example.evil.example", 0},
    {"internal", 0},
};
#define HOSTS (sizeof(hosts) / sizeof(hosts[0]))

static const harness_reply *post_by_name(harness *h, harness_server *s, size_t i, const char *user)
{
    /* what the browser of a victim of DNS rebinding sends: its name is forged in all of them alike */
    const char *headers = apr_psprintf(
        h->pool, JSON "\nSec-Fetch-Site: same-origin\nOrigin: http://%s", hosts[i].host);

    return harness_ask(s, .path = GENERATE, .host = hosts[i].host, .user = user, .headers = headers,
                       .body = "{\"repositoryId\":\"demo\"}");
}

/* DNS rebinding: a name of another site leads to this address, and its page is "same-origin" then. */
Test(access, changes_nothing_by_a_name_that_is_not_its_own)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "demo test:gate=go,ok",
                                      .conf = "DocGenOrigin https://friend.example:9\n" DOCS_HOST);

    for (size_t i = 0; i < HOSTS; i++) {
        const harness_reply *r = post_by_name(h, s, i, NULL);

        if (hosts[i].is_known) {
            cr_expect(r->status == 202 || r->status == 409, "%s: %d", hosts[i].host, r->status);
            continue;
        }
        cr_expect(r->status == 403, "%s: %d", hosts[i].host, r->status);
        cr_expect_str_eq(harness_member(h, r, "code"), "DG0051");
        cr_expect(strstr(harness_member(h, r, "detail"),
                         apr_pstrcat(h->pool, "ServerAlias ", hosts[i].host, "\"", NULL)) != NULL,
                  "%s", r->body);
        /* reading is for DocGenCheckHost to say */
        cr_expect_eq(harness_ask(s, .path = "/docgen/projects/demo", .host = hosts[i].host)->status,
                     200);
    }
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

/* The browser sends a login only to the name that it was given for. */
Test(access, a_login_needs_no_known_name)
{
    harness *h = harness_open();
    const char *users = harness_write(h, "users", "alice:" HASH "\n");
    harness_server *s = harness_serve(
        h, .repositories = "demo test:gate=go,ok",
        .conf = apr_pstrcat(h->pool,
                            "<Location \"/docgen\">\n  AuthType Basic\n  AuthName docs\n  "
                            "AuthUserFile \"",
                            users, "\"\n  Require valid-user\n  DocGenCheckHost On\n</Location>\n",
                            DOCS_HOST, NULL));

    for (size_t i = 0; i < HOSTS; i++) {
        const harness_reply *r = post_by_name(h, s, i, ALICE);

        cr_expect(r->status == 202 || r->status == 409, "%s: %d", hosts[i].host, r->status);
        r = harness_ask(s, .path = "/docgen/", .host = hosts[i].host, .user = ALICE);
        cr_expect_eq(r->status, 200, "%s: %d", hosts[i].host, r->status);
    }
    harness_open_gate(h, "go");
    harness_await_sql(h, 15, "select status = 'completed' from generated_docs");
    harness_close(h);
}

Test(access, checks_the_name_of_readers_where_it_is_told_to)
{
    static const char *const paths[] = {"",           "projects/demo", "search?q=x",
                                        "docs/demo/", "api/health",    "api/status/demo"};
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "DocGenOrigin https://friend.example\n<Location \"/docgen\">\n  DocGenCheckHost "
                   "On\n</Location>\n<Location \"/docgen/search\">\n  DocGenCheckHost Off\n"
                   "</Location>\n" DOCS_HOST);

    generate(s, h, NULL, "demo");
    for (size_t i = 0; i < HOSTS; i++) {
        for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
            const char *path = apr_pstrcat(h->pool, "/docgen/", paths[p], NULL);
            const harness_reply *r = harness_ask(s, .path = path, .host = hosts[i].host);
            int wanted = hosts[i].is_known || !strncmp(paths[p], "search", 6) ? 200 : 403;

            cr_expect_eq(r->status, wanted, "%s of %s: %d", path, hosts[i].host, r->status);
        }
    }
    harness_close(h);
}
