/* Published documentation: its forms, what a reader may see of which job, search, and the module's own files.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include "module/harness.h"

TestSuite(docs, .timeout = 400);

static void run(harness_server *s, const char *id, const char *outcome)
{
    const harness_reply *r = harness_generate(s, id);

    cr_assert(r->status == 202, "%d %s", r->status, r->body);
    harness_await_status(s, id, outcome, 15);
}

static void expect_header(harness *h, const harness_reply *r, const char *name, const char *value)
{
    const char *is = harness_header(h, r, name);

    cr_expect(is && strcmp(is, value) == 0, "%s is %s, not %s", name, is ? is : "absent", value);
}

static int has(const harness_reply *r, const char *text)
{
    return strstr(r->body, text) != NULL;
}

Test(docs, serves_each_page_as_html_and_markdown)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r = harness_get(s, "/docgen/docs/demo/");

    cr_expect_eq(r->status, 404);
    cr_expect_str_eq(harness_member(h, r, "code"), "DG0018");
    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/docs/demo/");
    cr_expect_eq(r->status, 200);
    expect_header(h, r, "Content-Type", "text/html; charset=utf-8");
    expect_header(h, r, "Vary", "Accept");
    cr_expect(has(r, "Page index of demo"));
    cr_expect(has(r, "<p>The page <em>index</em> about &lt;demo&gt;.</p>"), "%s", r->body);
    cr_expect(has(r, "architecture"), "no navigation");
    cr_expect(has(r, "0123456"), "no commit");
    r = harness_get(s, "/docgen/docs/demo/architecture.md");
    cr_expect_eq(r->status, 200);
    expect_header(h, r, "Content-Type", "text/markdown; charset=utf-8");
    cr_expect_eq(strncmp(r->body, "# Page architecture of demo\n", 28), 0);
    r = harness_ask(s, .path = "/docgen/docs/demo/architecture",
                    .headers = "Accept: text/markdown");
    expect_header(h, r, "Content-Type", "text/markdown; charset=utf-8");
    expect_header(h, r, "Vary", "Accept");
    r = harness_ask(s, .path = "/docgen/docs/demo/architecture",
                    .headers = "Accept: text/markdown;q=0.5, text/html");
    expect_header(h, r, "Content-Type", "text/html; charset=utf-8");
    r = harness_ask(s, .path = "/docgen/docs/demo/architecture", .headers = "Accept: image/png");
    cr_expect_eq(r->status, 406);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/api/module-2")->status, 200);
    r = harness_get(s, "/docgen/docs/demo/llms.txt");
    cr_expect_eq(r->status, 200);
    expect_header(h, r, "Content-Type", "text/plain; charset=utf-8");
    cr_expect(has(r, "(architecture.md)"));
    harness_close(h);
}

Test(docs, lets_readers_revalidate)
{
    static const char *const paths[] = {"/docgen/docs/demo/", "/docgen/docs/demo/architecture.md",
                                        "/docgen/docs/demo/images/point.svg"};
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const char *etags[3];
    const harness_reply *r;

    run(s, "demo", "completed");
    for (int i = 0; i < 3; i++) {
        r = harness_get(s, paths[i]);
        etags[i] = harness_header(h, r, "ETag");
        cr_assert(etags[i], "%s has no ETag", paths[i]);
        cr_expect(strstr(harness_header(h, r, "Cache-Control"), "no-cache") != NULL);
        r = harness_ask(s, .path = paths[i],
                        .headers = apr_pstrcat(h->pool, "If-None-Match: ", etags[i], NULL));
        cr_expect_eq(r->status, 304, "%s: %d", paths[i], r->status);
        cr_expect_eq(r->length, 0);
    }
    run(s, "demo", "completed");
    for (int i = 0; i < 3; i++) {
        r = harness_ask(s, .path = paths[i],
                        .headers = apr_pstrcat(h->pool, "If-None-Match: ", etags[i], NULL));
        cr_expect_eq(r->status, 200, "%s after another run: %d", paths[i], r->status);
    }
    harness_close(h);
}

Test(docs, sends_symbols_to_their_place)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/docs/demo/symbol/fake_symbol_1");
    cr_expect(r->status >= 302 && r->status <= 307, "%d", r->status);
    cr_expect(strstr(harness_header(h, r, "Location"), "/docgen/docs/demo/#about") != NULL);
    r = harness_get(s, "/docgen/docs/demo/symbol/fake_symbol_9");
    cr_expect_eq(r->status, 404);
    cr_expect(strstr(r->body, "/docgen/search?repositoryId=demo&q=fake_symbol_9") != NULL, "%s",
              r->body);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/symbol/")->status, 404);
    harness_close(h);
}

/* An option or a setting is no symbol, but search finds it by its heading, and so does the link. */
Test(docs, sends_headings_to_their_place)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/docs/demo/symbol/Page%20index%20of%20demo");
    cr_expect_eq(r->status, 302, "%d %s", r->status, r->body);
    cr_expect(strstr(harness_header(h, r, "Location"), "/docgen/docs/demo/#top") != NULL, "%s",
              r->headers);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/symbol/Page%20index")->status, 404,
                 "not a part of one");
    harness_close(h);
}

Test(docs, sandboxes_pictures)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/docs/demo/images/point.svg");
    cr_expect_eq(r->status, 200);
    expect_header(h, r, "Content-Type", "image/svg+xml");
    expect_header(h, r, "X-Content-Type-Options", "nosniff");
    cr_expect(strstr(harness_header(h, r, "Content-Security-Policy"), "sandbox") != NULL);
    cr_expect(has(r, "<svg "));
    /* whatever else got into the database is not served in this server's name */
    harness_sql(h, "update docgen_assets set media_type = 'text/html'");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/images/point.svg")->status, 404);
    harness_close(h);
}

/* Neither a running nor a failed job shows a part of itself; what was published stays whole. */
Test(docs, shows_only_the_published_job)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    harness_expect_log(h, "DG0102");
    run(s, "demo", "completed");
    harness_script(
        h, "demo",
        "progress=60,source=fedcba9876543210fedcba9876543210fedcba98,page=fresh,gate=go,exit=1");
    cr_assert_eq(harness_generate(s, "demo")->status, 202);
    harness_await_sql(
        h, 15, "select progress = 60 from generated_docs where repository_id::text = 'demo'");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/fresh")->status, 404);
    r = harness_get(s, "/docgen/docs/demo/architecture");
    cr_expect_eq(r->status, 200);
    cr_expect(has(r, "0123456") && !has(r, "fedcba9"));
    cr_expect(has(r, "new version is being generated"), "no notice");
    harness_open_gate(h, "go");
    r = harness_await_status(s, "demo", "failed", 15);
    cr_expect_str_eq(harness_member(h, r, "docs.commit"),
                     "0123456789abcdef0123456789abcdef01234567");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/fresh")->status, 404);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/architecture")->status, 200);

    harness_script(h, "demo",
                   "source=fedcba9876543210fedcba9876543210fedcba98,page=index,page=fresh");
    run(s, "demo", "completed");
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/fresh")->status, 200);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/architecture")->status, 404);
    cr_expect(has(harness_get(s, "/docgen/docs/demo/"), "fedcba9"));
    /* search follows the published job too */
    r = harness_get(s, "/docgen/api/search?q=architecture&repositoryId=demo");
    cr_expect_eq(json_array_size(json_object_get(r->json, "hits")), 0, "%s", r->body);
    harness_close(h);
}

Test(docs, keeps_everything_when_the_commit_is_the_same)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    static const char *const stays[] = {"docs.commit", "docs.branch", "docs.committedAt",
                                        "docs.publishedAt"};
    const harness_reply *r, *before;

    harness_script(h, "demo", "ok");
    run(s, "demo", "completed");
    before = harness_get(s, "/docgen/api/status/demo");
    cr_expect_not_null(harness_member(h, before, "docs.branch"));
    harness_script(h, "demo", "progress=10,unchanged");
    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/api/status/demo");
    cr_expect_str_neq(harness_member(h, r, "jobId"), harness_member(h, before, "jobId"));
    cr_expect_eq(harness_number(h, r, "generation"), 2);
    for (size_t i = 0; i < sizeof(stays) / sizeof(stays[0]); i++) {
        cr_expect_str_eq(harness_member(h, r, stays[i]), harness_member(h, before, stays[i]), "%s",
                         stays[i]);
    }
    cr_expect(strcmp(harness_member(h, r, "docs.checkedAt"),
                     harness_member(h, before, "docs.checkedAt")) > 0,
              "%s", r->body);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/architecture")->status, 200);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/images/point.svg")->status, 200);
    cr_expect(has(harness_get(s, "/docgen/api/search?q=fake_symbol_1"), "fake_symbol_1"));
    harness_close(h);
}

Test(docs, searches_what_is_published)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .repositories = "one test:ok\ntwo test:ok");
    const harness_reply *r;
    json_t *hits, *hit;

    run(s, "one", "completed");
    run(s, "two", "completed");
    r = harness_get(s, "/docgen/api/search?q=fake_symbol_1");
    cr_assert_eq(r->status, 200, "%s", r->body);
    hits = json_object_get(r->json, "hits");
    cr_assert(json_array_size(hits) >= 2, "%s", r->body);
    hit = json_array_get(hits, 0);
    cr_expect_str_eq(json_string_value(json_object_get(hit, "kind")), "symbol");
    cr_expect_eq(harness_get(s, json_string_value(json_object_get(hit, "url")))->status, 200);
    r = harness_get(s, "/docgen/api/search?q=architecture&repositoryId=two");
    hits = json_object_get(r->json, "hits");
    cr_assert(json_array_size(hits) >= 1, "%s", r->body);
    for (size_t i = 0; i < json_array_size(hits); i++) {
        cr_expect_str_eq(
            json_string_value(json_object_get(json_array_get(hits, i), "repositoryId")), "two");
    }
    r = harness_get(s, "/docgen/api/search?q=%3Cscript%3Ealert(1)%3C/script%3E");
    cr_expect_eq(r->status, 200);
    r = harness_get(s, "/docgen/search?q=%3Cscript%3Ealert(1)%3C/script%3E");
    cr_expect_eq(r->status, 200);
    cr_expect(!has(r, "<script>alert"));
    cr_expect_eq(harness_get(s, "/docgen/api/search")->status, 400);
    cr_expect_eq(harness_get(s, "/docgen/api/search?q=%FF")->status, 400);
    cr_expect_eq(harness_get(s, "/docgen/api/search?q=x&repositoryId=absent")->status, 404);
    harness_close(h);
}

/* ---- every link of every page ---- */

static const char *resolve(harness *h, const char *base, const char *link)
{
    CURLU *url = curl_url();
    char *path = NULL, *query = NULL;
    const char *result = NULL;

    curl_url_set(url, CURLUPART_URL, apr_pstrcat(h->pool, "http://host.invalid", base, NULL), 0);
    if (curl_url_set(url, CURLUPART_URL, link, 0) == CURLUE_OK) {
        char *host = NULL;

        curl_url_get(url, CURLUPART_HOST, &host, 0);
        curl_url_get(url, CURLUPART_PATH, &path, 0);
        curl_url_get(url, CURLUPART_QUERY, &query, 0);
        if (host && !strcmp(host, "host.invalid") && path) {
            result = apr_pstrcat(h->pool, path, query ? "?" : "", query ? query : "", NULL);
        }
        curl_free(host);
    }
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(url);
    return result;
}

static void gather(harness *h, const char *base, const char *html, const char *attribute,
                   apr_hash_t *seen, apr_array_header_t *todo)
{
    size_t length = strlen(attribute);

    for (const char *at = html; (at = strstr(at, attribute));) {
        const char *link, *path;

        at += length;
        /* a place on the same page, or a link that a script shows once its target exists */
        if (*at == '#' || strstr(apr_pstrmemdup(h->pool, at, strcspn(at, ">")), "\" hidden")) {
            continue;
        }
        link = apr_pstrmemdup(h->pool, at, strcspn(at, "\""));
        for (char *amp = strstr(link, "&amp;"); amp; amp = strstr(amp + 1, "&amp;")) {
            memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
        }
        path = resolve(h, base, link);
        if (path && !apr_hash_get(seen, path, APR_HASH_KEY_STRING)) {
            apr_hash_set(seen, path, APR_HASH_KEY_STRING, base);
            APR_ARRAY_PUSH(todo, const char *) = path;
        }
    }
}

Test(docs, has_no_dead_link)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(
        h, .repositories = "one test:ok\ntwo test:ok\nthree test:exit=1\nnever test:ok");
    apr_hash_t *seen = apr_hash_make(h->pool);
    apr_array_header_t *todo = apr_array_make(h->pool, 64, sizeof(const char *));

    run(s, "one", "completed");
    run(s, "two", "completed");
    run(s, "three", "failed");
    harness_expect_log(h, "DG0102");
    APR_ARRAY_PUSH(todo, const char *) = "/docgen/";
    for (int i = 0; i < todo->nelts && i < 500; i++) {
        const char *path = APR_ARRAY_IDX(todo, i, const char *), *type;
        const harness_reply *r = harness_get(s, path);

        if (strcmp(path, "/docgen/api/generate-docs") == 0) {
            continue; /* a form's address, not a link */
        }
        cr_expect(r->status < 400, "%s: %d, linked from %s", path, r->status,
                  (const char *)apr_hash_get(seen, path, APR_HASH_KEY_STRING));
        type = harness_header(h, r, "Content-Type");
        if (r->status == 200 && type && strncmp(type, "text/html", 9) == 0) {
            gather(h, path, r->body, "href=\"", seen, todo);
            gather(h, path, r->body, "src=\"", seen, todo);
        }
    }
    cr_expect(apr_hash_get(seen, "/docgen/docs/one/architecture", APR_HASH_KEY_STRING) != NULL,
              "the crawl was shallow");
    cr_expect(apr_hash_get(seen, "/docgen/projects/never", APR_HASH_KEY_STRING) != NULL,
              "the crawl was shallow");
    cr_expect(todo->nelts > 15, "only %d links", todo->nelts);
    harness_close(h);
}

/* The module's own files: for ever the same under one name, compressed before they are asked for. */
Test(docs, serves_its_files_immutable_and_compressed)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .conf = "AddOutputFilterByType DEFLATE text/css\n");
    const harness_reply *page = harness_get(s, "/docgen/"), *plain, *packed;
    const char *at = strstr(page->body, "assets/"), *path, *etag;

    cr_assert(at, "%s", page->body);
    path = apr_pstrcat(h->pool, "/docgen/", apr_pstrmemdup(h->pool, at, strcspn(at, "\"#")), NULL);
    plain = harness_get(s, path);
    cr_expect_eq(plain->status, 200);
    expect_header(h, plain, "Cache-Control", "public, max-age=31536000, immutable");
    expect_header(h, plain, "Vary", "Accept-Encoding");
    cr_expect_null(harness_header(h, plain, "Content-Encoding"));
    packed = harness_ask(s, .path = path, .headers = "Accept-Encoding: gzip");
    expect_header(h, packed, "Content-Encoding", "gzip");
    cr_expect(packed->length < plain->length);
    etag = harness_header(h, packed, "ETag");
    cr_expect(etag && strcmp(etag, harness_header(h, plain, "ETag")) != 0);
    packed = harness_ask(
        s, .path = path,
        .headers = apr_pstrcat(h->pool, "Accept-Encoding: gzip\nIf-None-Match: ", etag, NULL));
    cr_expect_eq(packed->status, 304);
    packed = harness_ask(s, .path = path, .headers = "Accept-Encoding: gzip;q=0");
    cr_expect_null(harness_header(h, packed, "Content-Encoding"));
    harness_close(h);
}

Test(docs, says_what_the_repository_is)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    harness_expect_log(h, "docgen:warn.*DG0102");
    harness_script(h, "demo", "facts=Tells <all> of it.,pages=2");
    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/projects/demo");
    cr_expect(has(r, "<p class=\"about\">Tells &lt;all&gt; of it.</p>"), "%s", r->body);
    cr_expect(has(r, "<span>C 75\u00a0%</span><span>Shell 25\u00a0%</span><span>MIT</span>"
                     "<a rel=\"nofollow\" href=\"https://example.org/\">example.org</a>"
                     "<span>Owned by @fake/team</span>"),
              "%s", r->body);
    cr_expect(has(harness_get(s, "/docgen/"), "Tells &lt;all&gt; of it."));
    harness_script(h, "demo", "facts=Not published.,pages=1,exit=1");
    run(s, "demo", "failed");
    cr_expect(!has(harness_get(s, "/docgen/"), "Not published."));
    harness_close(h);
}

Test(docs, a_generator_of_the_first_version_is_understood)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h);
    const harness_reply *r;

    harness_expect_log(h, "docgen:warn.*DG0104");
    harness_script(h, "demo", "v1,source,pages=3,symbols=2");
    run(s, "demo", "completed");
    r = harness_get(s, "/docgen/api/search?q=architecture&repositoryId=demo");
    cr_expect(has(r, "Page architecture of demo"), "%s", r->body);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/architecture")->status, 200);
    cr_expect_eq(harness_get(s, "/docgen/docs/demo/symbol/fake_symbol_1")->status, 302);
    harness_script(h, "demo", "v1,facts=x,pages=1");
    run(s, "demo", "failed");
    cr_expect(has(harness_get(s, "/docgen/api/status/demo"), "not allowed"));
    harness_close(h);
}
