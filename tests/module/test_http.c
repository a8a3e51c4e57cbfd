/* HTTP as such: methods, mounts, odd addresses, broken bodies, and what Apache's other modules may do to an answer.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <string.h>
#include <strings.h>
#include "module/harness.h"

TestSuite(http, .timeout = 400);

#define JSON "Content-Type: application/json"

static const char *const readings[] = {"api/status/demo",
                                       "api/repositories",
                                       "api/runs/demo",
                                       "api/search?q=page",
                                       "api/health",
                                       "",
                                       "projects/demo",
                                       "search?q=page",
                                       "docs/demo/",
                                       "docs/demo/architecture",
                                       "docs/demo/architecture.md",
                                       "docs/demo/llms.txt",
                                       "docs/demo/images/point.svg"};
#define READINGS (sizeof(readings) / sizeof(readings[0]))

static void generate(harness_server *s, const char *id)
{
    cr_assert_eq(harness_generate(s, id)->status, 202);
    harness_await_status(s, id, "completed", 15);
}

static const char *under(harness *h, const char *mount, const char *rest)
{
    return apr_pstrcat(h->pool, mount, "/", rest, NULL);
}

static void expect_header(harness *h, const harness_reply *r, const char *name, const char *value)
{
    const char *is = harness_header(h, r, name);

    cr_expect(is && strcmp(is, value) == 0, "%s is %s, not %s", name, is ? is : "absent", value);
}

Test(http, answers_head_as_get_without_a_body)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    generate(s, "demo");
    for (size_t i = 0; i < READINGS; i++) {
        const char *path = under(h, "/docgen", readings[i]), *type;
        const harness_reply *get = harness_get(s, path),
                            *head = harness_ask(s, .method = "HEAD", .path = path);

        cr_expect(get->status == 200, "GET %s: %d", path, get->status);
        cr_expect(head->status == get->status, "HEAD %s: %d", path, head->status);
        cr_expect(head->length == 0, "HEAD %s has a body", path);
        type = harness_header(h, get, "Content-Type");
        expect_header(h, head, "Content-Type", type ? type : "");
        cr_expect(harness_header(h, head, "Content-Length") != NULL, "HEAD %s has no length", path);
        expect_header(h, get, "X-Content-Type-Options", "nosniff");
        cr_expect(harness_header(h, get, "Content-Security-Policy") != NULL, "%s", path);
    }
    harness_close(h);
}

Test(http, tells_the_methods_of_each_route)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    static const char *const wrong[] = {"POST", "PUT", "DELETE", "PATCH"};
    const harness_reply *r;

    for (size_t i = 0; i < READINGS; i++) {
        const char *path = under(h, "/docgen", readings[i]);

        r = harness_ask(s, .method = "OPTIONS", .path = path);
        cr_expect(r->status == 204, "OPTIONS %s: %d", path, r->status);
        expect_header(h, r, "Allow", "GET, HEAD, OPTIONS");
        for (size_t m = 0; m < 4; m++) {
            r = harness_ask(s, .method = wrong[m], .path = path, .headers = JSON, .body = "{}");
            cr_expect(r->status == 405, "%s %s: %d", wrong[m], path, r->status);
            expect_header(h, r, "Allow", "GET, HEAD, OPTIONS");
            cr_expect(strcmp(harness_member(h, r, "code") ? harness_member(h, r, "code") : "",
                             "DG0009") == 0);
        }
    }
    r = harness_ask(s, .method = "OPTIONS", .path = "/docgen/api/generate-docs");
    cr_expect_eq(r->status, 204);
    expect_header(h, r, "Allow", "OPTIONS, POST");
    r = harness_get(s, "/docgen/api/generate-docs");
    cr_expect_eq(r->status, 405);
    expect_header(h, r, "Allow", "OPTIONS, POST");
    r = harness_ask(s, .method = "BOGUS", .path = "/docgen/api/health");
    cr_expect_eq(r->status, 501);
    cr_expect_str_eq(harness_member(h, r, "code"), "DG0010");
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events"), 0);
    harness_close(h);
}

Test(http, finds_nothing_at_odd_addresses)
{
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {"/docgen/api/status/", 302},
        {"/docgen/api/status/demo%2Fx", 404},
        {"/docgen/api/status/%2e%2e", 302},
        {"/docgen/api/status/-demo", 404},
        {"/docgen/api/status/de%20mo", 404},
        {"/docgen/api/status/d%C3%A9mo", 404},
        {"/docgen/api/status/%FF", 404},
        {"/docgen/api/status/demo%00", 404},
        {"/docgen/api/status/%zz", 400},
        {"/docgen/api/status/DEMO", 404},
        {"/docgen/api", 302},
        {"/docgen/API/health", 404},
        {"/docgen/docs/absent/", 404},
        {"/docgen/docs/demo/%2e%2e/%2e%2e/etc/passwd", 404},
        {"/docgen/docs/demo/../../../etc/passwd", 404},
        {"/docgen/docs/demo/no-such-page", 404},
        {"/docgen/docs/demo/No.Such", 404},
        {"/docgen/docs/demo/symbol/no_such", 404},
        {"/docgen/assets/none-0.css", 404},
        {"/docgen/index.html", 404},
        {"/docgenx", 404},
        {"/docgenx/api/health", 404},
    };
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    char long_id[301] = "";
    const harness_reply *r;

    generate(s, "demo");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        r = harness_get(s, cases[i].path);
        cr_expect(r->status == cases[i].status, "%s: %d", cases[i].path, r->status);
    }
    harness_expect_log(h, "AH10244"); /* %zz: httpd refuses it before the module sees it */
    memset(long_id, 'a', 300);
    r = harness_get(s, apr_pstrcat(h->pool, "/docgen/api/status/", long_id, NULL));
    cr_expect_eq(r->status, 404);
    /* a query or a fragment of nonsense changes nothing */
    cr_expect_eq(harness_get(s, "/docgen/api/status/demo?%zz=%00&&&=")->status, 200);
    /* doubled slashes are httpd's to merge */
    cr_expect_eq(harness_get(s, "/docgen//api//status/demo")->status, 200);
    harness_close(h);
}

/* Answers that httpd makes before the module sees the request, or after: in the order of its own processing. */
Test(http, secures_also_what_httpd_answers_itself)
{
    static const char *const guards[] = {
        "\r\nContent-Security-Policy: default-src 'none';",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: same-origin\r\n",
        "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
    };
    static const struct {
        const char *target; /* NULL = an asset */
        const char *header;
        int status;
    } cases[] = {
        {"GET /docgen/", "no header at all\r\n", 400},
        {"GET /docgen/", "Expect: nothing\r\n", 417},
        {"GET /docgen/%zz", "", 400},
        {"GET /docgen/docs/demo/a%2Fb", "", 404},
        {"GET /docgen", "", 301},
        {"TRACE /docgen/", "", 405},
        {"BREW /docgen/", "", 501},
        {"GET /docgen/closed", "", 403},
        {NULL, "Range: bytes=9999999-\r\n", 416},
    };
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "<Location \"/docgen/closed\">\n    Require all denied\n</Location>\n");
    const char *asset = strstr(harness_get(s, "/docgen/")->body, "assets/docgen-");

    cr_assert(asset != NULL);
    asset = apr_psprintf(h->pool, "GET /docgen/%.*s", (int)strcspn(asset, "\""), asset);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *bytes = apr_pstrcat(h->pool, cases[i].target ? cases[i].target : asset,
                                        " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
                                        cases[i].header, "\r\n", NULL);
        const char *reply = harness_raw(s, bytes, strlen(bytes), 0);

        cr_expect(strncmp(reply, "HTTP/1.1 ", 9) == 0 && atoi(reply + 9) == cases[i].status,
                  "%s: %.40s", bytes, reply);
        for (size_t g = 0; g < sizeof(guards) / sizeof(guards[0]); g++) {
            const char *first = strstr(reply, guards[g]);
            cr_expect(first != NULL, "%s: without %s", bytes, guards[g]);
            cr_expect(!first || !strstr(first + 2, guards[g]), "%s: twice %s", bytes, guards[g]);
        }
    }
    harness_expect_log(h, "AH10244|AH0(0126|1630|0566)");
    harness_close(h);
}

Test(http, survives_a_body_that_stops_half_way)
{
    static const char half[] = "POST /docgen/api/generate-docs HTTP/1.1\r\nHost: "
                               "localhost\r\nContent-Type: application/json\r\n"
                               "Content-Length: 100\r\n\r\n{\"repositoryId\":";
    /* what came names a repository, but who knows how it would have gone on */
    static const char form[] =
        "POST /docgen/api/generate-docs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nrepositoryId=demo";
    static const char chunk[] = "POST /docgen/api/generate-docs HTTP/1.1\r\nHost: "
                                "localhost\r\nContent-Type: application/json\r\n"
                                "Transfer-Encoding: chunked\r\n\r\nzz\r\n";
    static const char none[] =
        "POST /docgen/api/generate-docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const char *reply;

    reply = harness_raw(s, half, sizeof(half) - 1, 1);
    cr_expect(strncmp(reply, "HTTP/1.1 400 ", 13) == 0, "%s", reply);
    reply = harness_raw(s, form, sizeof(form) - 1, 1);
    cr_expect(strncmp(reply, "HTTP/1.1 400 ", 13) == 0, "%s", reply);
    reply = harness_raw(s, chunk, sizeof(chunk) - 1, 1);
    cr_expect(strncmp(reply, "HTTP/1.1 400 ", 13) == 0, "%s", reply);
    reply = harness_raw(s, none, sizeof(none) - 1, 0);
    cr_expect(strncmp(reply, "HTTP/1.1 4", 10) == 0, "%s", reply);
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events"), 0);
    cr_expect_eq(harness_get(s, "/docgen/api/status/demo")->status, 200);
    harness_close(h);
}

/* One answer, of the announced length: a second one behind it would pass for the next request's. */
Test(http, answers_a_malformed_chunk_once)
{
    static const char *const heads[] = {
        "POST /docgen/api/generate-docs HTTP/1.1\r\nHost: localhost\r\n",
        ("POST /docgen/api/generate-docs HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: "
         "cross-site\r\n"),
        "POST /docgen/api/health HTTP/1.1\r\nHost: x\r\n",
        "GET /docgen/api/health HTTP/1.1\r\nHost: x\r\n",
        "POST /docgen/absent HTTP/1.1\r\nHost: x\r\n",
    };
    static const char *const chunks[] = {"zz\r\n", "5\r\n{\"rep\r\nzz\r\n",
                                         "ffffffffffffffffff\r\n", "-1\r\n"};
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        for (size_t c = 0; c < sizeof(chunks) / sizeof(chunks[0]); c++) {
            const char *bytes =
                apr_pstrcat(h->pool, heads[i],
                            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
                            chunks[c], NULL);
            const char *reply = harness_raw(s, bytes, strlen(bytes), 1);
            const char *body = strstr(reply, "\r\n\r\n");
            const char *length = strstr(reply, "Content-Length: ");

            cr_assert(body && length && length < body, "%s%s: %s", heads[i], chunks[c], reply);
            cr_expect(strlen(body + 4) == (size_t)atol(length + 16), "%s%s: %s", heads[i],
                      chunks[c], reply);
            cr_expect(i > 0 || strncmp(reply, "HTTP/1.1 400 ", 13) == 0 ||
                          (c == 2 && strncmp(reply, "HTTP/1.1 413 ", 13) == 0),
                      "%s", reply);
        }
    }
    cr_expect_eq(harness_sql_number(h, "select count(*) from generation_events"), 0);
    harness_close(h);
}

/* Refused before any statement: PostgreSQL would log each of them, and so would the module (harness_close looks). */
Test(http, text_that_is_not_utf8_reaches_no_statement)
{
    static const char *const wrong[] = {"%ff",       "%c3%28",       "a%80b",     "%c0%80",
                                        "%ed%a0%80", "%f5%80%80%80", "%f0%9f%92", "caf%e9"};
    static const char *const addresses[] = {"docs/demo/symbol/%s",
                                            "docs/demo/%s",
                                            "docs/demo/%s.md",
                                            "docs/demo/images/%s",
                                            "docs/%s/",
                                            "docs/%s/architecture",
                                            "docs/%s/symbol/x",
                                            "projects/%s",
                                            "api/status/%s",
                                            "api/runs/%s",
                                            "assets/%s",
                                            "%s",
                                            "docs/demo/symbol/a%%00%s"};
    static const char *const queries[] = {"api/search?q=%s",
                                          "api/search?q=page&repositoryId=%s",
                                          "api/search?q=page&limit=%s",
                                          "search?q=%s",
                                          "search?q=page&repositoryId=%s",
                                          "search?q=page&offset=%s",
                                          "?filter=%s",
                                          "?state=%s",
                                          "projects/demo?refresh=%s"};
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    generate(s, "demo");
    for (size_t w = 0; w < sizeof(wrong) / sizeof(wrong[0]); w++) {
        for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
            const char *path = under(h, "/docgen", apr_psprintf(h->pool, addresses[i], wrong[w]));
            const harness_reply *r = harness_get(s, path);

            cr_expect(r->status == 404, "%s: %d", path, r->status);
        }
        for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
            const char *path = under(h, "/docgen", apr_psprintf(h->pool, queries[i], wrong[w]));
            const harness_reply *r = harness_get(s, path);

            cr_expect(r->status == 400, "%s: %d", path, r->status);
            cr_expect_str_eq(harness_member(h, r, "code"), "DG0019", "%s: %s", path, r->body);
        }
    }
    cr_expect_eq(harness_get(s, "/docgen/api/search?q=%00")->status, 400);
    /* a parameter that nobody reads changes nothing */
    cr_expect_eq(harness_get(s, "/docgen/api/search?q=page&utm=%ff")->status, 200);
    harness_close(h);
}

Test(http, a_closing_slash_leads_to_the_address_without_it)
{
    static const struct {
        const char *path;
        int status;
        const char *location;
    } cases[] = {
        {"/docgen/projects/demo/", 301, "/docgen/projects/demo"},
        {"/docgen/projects/absent/?a=b", 301, "/docgen/projects/absent?a=b"},
        {"/docgen/search/?q=page", 301, "/docgen/search?q=page"},
        {"/docgen/api/status/demo/", 301, "/docgen/api/status/demo"},
        {"/docgen/api/repositories/", 301, "/docgen/api/repositories"},
        {"/docgen/api/runs/demo/", 301, "/docgen/api/runs/demo"},
        {"/docgen/api/search/?q=page", 301, "/docgen/api/search?q=page"},
        {"/docgen/api/health/", 301, "/docgen/api/health"},
        {"/docgen/docs/demo/architecture/", 301, "/docgen/docs/demo/architecture"},
        {"/docgen/docs/demo/", 200, NULL},
        {"/docgen/", 200, NULL},
        {"/docgen/docs/demo/index.md/", 301, "/docgen/docs/demo/index.md"},
        {"/docgen/docs/demo/llms.txt/", 301, "/docgen/docs/demo/llms.txt"},
        {"/docgen/docs/demo/images/a.svg/", 301, "/docgen/docs/demo/images/a.svg"},
        {"/docgen/docs/demo/.md/", 404, NULL},
        {"/docgen/projects", 302, "/docgen/"},
        {"/docgen/projects/", 302, "/docgen/"},
        {"/docgen/docs", 302, "/docgen/"},
        {"/docgen/docs/", 302, "/docgen/"},
        {"/docgen/api", 302, "/docgen/api/repositories"},
        {"/docgen/api/", 302, "/docgen/api/repositories"},
        {"/docgen/api/status/", 302, "/docgen/api/repositories"},
        {"/docgen/api/runs", 302, "/docgen/api/repositories"},
        {"/docgen/projectsx", 404, NULL},
        {"/docgen/projects/-demo/", 404, NULL},
        {"/docgen/api/generate-docs/", 404, NULL},
        {"/docgen/absent/", 404, NULL},
    };
    harness *h = harness_open();
    harness_server *s = harness_serve(h);

    generate(s, "demo");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const harness_reply *r = harness_get(s, cases[i].path);
        const char *location = harness_header(h, r, "Location");

        cr_expect(r->status == cases[i].status, "%s: %d", cases[i].path, r->status);
        cr_expect(cases[i].location ? location && strstr(location, "/docgen/") &&
                                          !strcmp(strstr(location, "/docgen/"), cases[i].location)
                                    : !location,
                  "%s leads to %s", cases[i].path, location ? location : "nowhere");
    }
    /* a change of state is not led on: it would arrive without its body */
    cr_expect_eq(harness_ask(s, .path = "/docgen/api/generate-docs/", .headers = JSON,
                             .body = "{\"repositoryId\":\"demo\"}")
                     ->status,
                 404);
    cr_expect_eq(
        harness_ask(s, .path = "/docgen/api", .headers = JSON, .body = "{\"a\":1}")->status, 404);
    harness_close(h);
}

Test(http, keeps_its_answers_from_error_documents)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .conf = "ErrorDocument 404 \"replaced\"\nErrorDocument 405 \"replaced\"\n"
                   "ErrorDocument 409 \"replaced\"\nErrorDocument 415 \"replaced\"\n");
    const harness_reply *r = harness_get(s, "/docgen/api/status/absent");

    cr_expect_eq(r->status, 404);
    cr_expect_str_eq(harness_member(h, r, "code"), "DG0002");
    harness_script(h, "demo", "gate=go,ok");
    harness_generate(s, "demo");
    r = harness_generate(s, "demo");
    cr_expect_eq(r->status, 409);
    cr_expect_str_eq(harness_member(h, r, "code"), "DG0001");
    r = harness_ask(s, .method = "DELETE", .path = "/docgen/api/health");
    cr_expect_eq(r->status, 405);
    cr_expect_str_eq(harness_member(h, r, "code"), "DG0009");
    /* httpd's own errors stay httpd's */
    cr_expect(strstr(harness_get(s, "/absent")->body, "replaced") != NULL);
    harness_open_gate(h, "go");
    harness_await_status(s, "demo", "completed", 15);
    harness_close(h);
}

Test(http, mounts_at_the_root)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .mount = "/", .conf = "Alias \"/static\" \"/nowhere\"\n");
    const harness_reply *r = harness_ask(s, .path = "/api/generate-docs", .headers = JSON,
                                         .body = "{\"repositoryId\":\"demo\"}");

    cr_expect_eq(r->status, 202, "%d %s", r->status, r->body);
    expect_header(h, r, "Location", "/api/status/demo");
    harness_await_sql(
        h, 15,
        "select status = 'completed' from generated_docs where repository_id::text = 'demo'");
    r = harness_get(s, "/api/status/demo");
    cr_expect_str_eq(harness_member(h, r, "docs.url"), "/docs/demo/");
    for (size_t i = 0; i < READINGS; i++) {
        const char *path = under(h, "", readings[i]);

        r = harness_get(s, path);
        cr_expect(r->status == 200, "%s: %d", path, r->status);
    }
    /* the document root's own index.html is behind the mount now */
    cr_expect(strstr(harness_get(s, "/")->body, "demo") != NULL);
    harness_close(h);
}

Test(http, mounts_deep_twice_and_in_a_virtual_host)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .mount = "/docgen /x/y/docs",
        .conf = "<VirtualHost *:*>\n  ServerName one.example\n</VirtualHost>\n"
                "<VirtualHost *:*>\n  ServerName two.example\n  DocGenRepository second test:ok\n"
                "  <Location \"/only\">\n    DocGen On\n  </Location>\n</VirtualHost>\n");
    const harness_reply *r;

    generate(s, "demo");
    r = harness_get(s, "/x/y/docs/api/status/demo");
    cr_expect_eq(r->status, 200);
    cr_expect_str_eq(harness_member(h, r, "docs.url"), "/x/y/docs/docs/demo/");
    r = harness_get(s, "/docgen");
    cr_expect_eq(r->status, 301);
    cr_expect(strstr(harness_header(h, r, "Location"), "/docgen/") != NULL);
    r = harness_get(s, "/docgen/docs/demo");
    cr_expect_eq(r->status, 301);
    cr_expect(strstr(harness_header(h, r, "Location"), "/docgen/docs/demo/") != NULL);
    cr_expect_eq(harness_ask(s, .path = "/only/api/status/second", .host = "two.example")->status,
                 200);
    cr_expect_eq(harness_ask(s, .path = "/only/api/status/second", .host = "one.example")->status,
                 404);
    cr_expect_eq(harness_ask(s, .path = "/docgen/api/status/second", .host = "one.example")->status,
                 404);
    harness_close(h);
}

/* Rewrite rules and redirects of the administrator come first; files of the document root never show through. */
Test(http, lives_with_other_modules)
{
    harness *h = harness_open();
    harness_server *s =
        harness_serve(h, .conf = "Redirect 302 \"/docgen/old\" \"/docgen/\"\nRewriteEngine On\n"
                                 "RewriteRule \"^/docs/(.*)$\" \"/docgen/docs/$1\" [PT]\n"
                                 "AddOutputFilterByType DEFLATE text/html\n");
    const harness_reply *r;

    generate(s, "demo");
    cr_expect_eq(harness_get(s, "/docgen/old")->status, 302);
    cr_expect_eq(harness_get(s, "/docs/demo/architecture")->status, 200);
    r = harness_ask(s, .path = "/docgen/docs/demo/", .headers = "Accept-Encoding: gzip");
    cr_expect_eq(r->status, 200);
    r = harness_ask(s, .path = "/docgen/docs/demo/",
                    .headers = apr_pstrcat(h->pool, "Accept-Encoding: gzip\nIf-None-Match: ",
                                           harness_header(h, r, "ETag"), NULL));
    cr_expect_eq(r->status, 304);
    r = harness_get(s, "/server-status?auto");
    cr_expect(strstr(r->body, "DocGenJobs: 0") != NULL, "%s", r->body);
    harness_close(h);
}
