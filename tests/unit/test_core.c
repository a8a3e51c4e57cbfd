/* What core promises about names, texts and times.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"
#include "core/json.h"
#include "core/status.h"
#include "core/text.h"
#include "core/time.h"
#include "unit/pool.h"

TestSuite(core, .init = pool_setup, .fini = pool_teardown);

Test(core, status_names_round_trip)
{
    static const char *const names[] = {"idle", "generating", "completed", "failed"};
    docgen_status status;

    for (int i = 0; i < 4; i++) {
        cr_assert_eq(docgen_status_parse(names[i], &status), APR_SUCCESS);
        cr_assert_str_eq(docgen_status_name(status), names[i]);
    }
    cr_assert_eq(docgen_status_parse("complete", &status), APR_EINVAL);
    cr_assert_eq(docgen_status_parse(NULL, &status), APR_EINVAL);
}

Test(core, milestones_have_the_names_people_see)
{
    cr_assert_str_eq(docgen_milestone_name(0), "Waiting for a worker");
    cr_assert_str_eq(docgen_milestone_name(10), "Fetching repository");
    cr_assert_str_eq(docgen_milestone_name(75), "Generating documentation sections");
    cr_assert_str_eq(docgen_milestone_name(100), "Completed");
}

Test(core, repository_ids)
{
    char longest[DOCGEN_ID_MAX + 2];

    memset(longest, 'a', sizeof(longest));
    longest[DOCGEN_ID_MAX] = '\0';
    cr_assert(docgen_id_is_valid("httpd") && docgen_id_is_valid("a.b_C-9") &&
              docgen_id_is_valid("7"));
    cr_assert(docgen_id_is_valid(longest));
    longest[DOCGEN_ID_MAX] = 'a';
    longest[DOCGEN_ID_MAX + 1] = '\0';
    cr_assert_not(docgen_id_is_valid(longest));
    cr_assert_not(docgen_id_is_valid(""));
    cr_assert_not(docgen_id_is_valid(NULL));
    cr_assert_not(docgen_id_is_valid(".hidden"));
    cr_assert_not(docgen_id_is_valid("a/b"));
    cr_assert_not(docgen_id_is_valid("a b"));
    cr_assert_not(docgen_id_is_valid("ä"));
}

Test(core, uuids_are_random_version_4)
{
    docgen_uuid a, b;

    cr_assert_eq(docgen_uuid_create(&a), APR_SUCCESS);
    cr_assert_eq(docgen_uuid_create(&b), APR_SUCCESS);
    cr_assert(docgen_uuid_is_valid(a.text) && docgen_uuid_is_valid(b.text));
    cr_assert_str_neq(a.text, b.text);
    cr_assert_eq(a.text[14], '4');
    cr_assert(strchr("89ab", a.text[19]));
    cr_assert_not(docgen_uuid_is_valid("00000000-0000-0000-0000-00000000000"));
    cr_assert_not(docgen_uuid_is_valid("00000000-0000-0000-0000-00000000000g"));
}

Test(core, page_and_asset_paths)
{
    cr_assert(docgen_path_is_page("index") && docgen_path_is_page("api/parser-2/x_y"));
    cr_assert_not(docgen_path_is_page("api//x"));
    cr_assert_not(docgen_path_is_page("../x"));
    cr_assert_not(docgen_path_is_page("api/.."));
    cr_assert_not(docgen_path_is_page("/api"));
    cr_assert_not(docgen_path_is_page("api/"));
    cr_assert_not(docgen_path_is_page("Api"));
    cr_assert_not(docgen_path_is_page("symbol/x"));
    cr_assert_not(docgen_path_is_page("x.md"));
    cr_assert(docgen_path_is_asset("diagrams/modules.svg") && docgen_path_is_asset("a.min.png"));
    cr_assert_not(docgen_path_is_asset("llms.txt"));
    cr_assert_not(docgen_path_is_asset("page.md"));
    cr_assert_not(docgen_path_is_asset("a..png"));
    cr_assert_not(docgen_path_is_asset("a.b/c.png"));
    cr_assert_not(docgen_path_is_asset("noext"));
}

Test(core, url_hosts_and_secrets)
{
    cr_assert_str_eq(docgen_url_host(pool, "https://GitHub.com/a/b"), "github.com");
    cr_assert_str_eq(docgen_url_host(pool, "ssh://git@host.example:22/x"), "host.example");
    cr_assert_str_eq(docgen_url_host(pool, "git@host.example:x/y.git"), "host.example");
    cr_assert_str_eq(docgen_url_host(pool, "http://[::1]:80/x"), "[::1]");
    cr_assert_str_eq(docgen_url_origin(pool, "https://GitHub.com/a/b"), "https://github.com:443");
    cr_assert_str_eq(docgen_url_origin(pool, "HTTPS://u@h:8443/x"), "https://h:8443");
    cr_assert_str_eq(docgen_url_origin(pool, "http://h:/x"), "http://h:80");
    cr_assert_str_eq(docgen_url_origin(pool, "http://[::1]:080"), "http://[::1]:80");
    cr_assert_str_eq(docgen_url_origin(pool, "ssh://git@h/x"), "ssh://h:22");
    cr_assert_str_eq(docgen_url_origin(pool, "git@h.example:9/y.git"), "ssh://h.example:22");
    cr_assert_str_eq(docgen_url_origin(pool, "https://h:443@evil/x"), "https://evil:443");
    cr_assert_null(docgen_url_origin(pool, "https://"));
    cr_assert_null(docgen_url_origin(pool, "file:///srv/git/x"));
    cr_assert(docgen_url_has_own_port(pool, "https://h:443/x"));
    cr_assert(docgen_url_has_own_port(pool, "git@h:x"));
    cr_assert_not(docgen_url_has_own_port(pool, "https://h:22/x"));
    cr_assert_not(docgen_url_has_own_port(pool, "http://h:443/x"));
    cr_assert_null(docgen_url_host(pool, "/srv/git/x"));
    cr_assert_null(docgen_url_host(pool, "file:///srv/git/x"));
    cr_assert(docgen_url_has_secret("https://user:pass@host/x"));
    cr_assert(docgen_url_has_secret("https://token@host/x"));
    cr_assert_not(docgen_url_has_secret("ssh://git@host/x"));
    cr_assert_not(docgen_url_has_secret("https://host/x@y"));
}

Test(core, html_and_url_escaping)
{
    cr_assert_str_eq(docgen_html_escape(pool, "<a href=\"x\">&'"),
                     "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    cr_assert_str_eq(docgen_url_escape(pool, "a/b c?ü"), "a%2Fb%20c%3F%C3%BC");
    cr_assert_str_eq(docgen_html_escape(pool, NULL), "");
}

Test(core, buffer_grows)
{
    docgen_buffer *buffer = docgen_buffer_create(pool);

    for (int i = 0; i < 10000; i++) {
        docgen_buffer_printf(buffer, "%04d", i);
    }
    cr_assert_eq(buffer->length, 40000);
    cr_assert_eq(strncmp(buffer->data + 4 * 9999, "9999", 5), 0);
    docgen_buffer_clear(buffer);
    cr_assert_str_eq(buffer->data, "");
}

Test(core, utf8)
{
    cr_assert(docgen_utf8_is_valid("aä€😀", strlen("aä€😀")));
    cr_assert_not(docgen_utf8_is_valid("\xc0\xaf", 2));
    cr_assert_not(docgen_utf8_is_valid("\xed\xa0\x80", 3));
    cr_assert_not(docgen_utf8_is_valid("a\0b", 3));
    cr_assert_not(docgen_utf8_is_valid("\xe2\x82", 2));
    for (apr_size_t at = 0; at < 32; at++) { /* wherever it stands among plain letters */
        static const char *const good[] = {"\x01", "\x7f", "\xc3\xa4", "\xf0\x9f\x98\x80"};
        static const char bad[] = {0, '\x80', '\xff'};
        char text[40];

        for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
            memset(text, 'a', sizeof(text));
            memcpy(text + at, good[i], strlen(good[i]));
            cr_assert(docgen_utf8_is_valid(text, sizeof(text)), "%zu %zu", i, at);
        }
        for (size_t i = 0; i < sizeof(bad); i++) {
            memset(text, 'a', sizeof(text));
            text[at] = bad[i];
            cr_assert_not(docgen_utf8_is_valid(text, sizeof(text)), "%zu %zu", i, at);
        }
    }
    cr_assert_str_eq(docgen_utf8_repair(pool, "a\xff\x1b[1mb\n", 8), "a\xef\xbf\xbd[1mb\n");
    cr_assert_str_eq(docgen_text_shorten(pool, "äöü", 5), "ä…");
    cr_assert_str_eq(docgen_text_shorten(pool, "abc", 3), "abc");
}

Test(core, secrets_are_removed)
{
    apr_array_header_t *secrets = apr_array_make(pool, 1, sizeof(const char *));
    const char *text;

    APR_ARRAY_PUSH(secrets, const char *) = "s3cr3t/token";
    text = docgen_text_redact(pool,
                              "a s3cr3t/token b s3cr3t%2Ftoken https://me:pw@host/x\n"
                              "Authorization: Basic abc\nczNjcjN0L3Rva2Vu!",
                              secrets);
    cr_assert_eq(strncmp(text, "a *** b *** https://***@host/x\nAuthorization: ***\n***", 50), 0,
                 "%s", text);
    cr_assert_null(strstr(text, "s3cr3t"));
    cr_assert_null(strstr(text, "me:pw"));
    cr_assert_null(strstr(text, "Basic abc"));
    cr_assert_null(strstr(text, "czNjcjN0L3Rv"));
}

Test(core, json_is_strict)
{
    json_t *root;
    const char *why = NULL;

    cr_assert_eq(docgen_json_parse(pool, "{\"a\":1}", 7, &root, &why), APR_SUCCESS);
    cr_assert_eq(docgen_json_integer(root, "a", 0), 1);
    cr_assert_eq(docgen_json_parse(pool, "{\"a\":1,\"a\":2}", 13, &root, &why), APR_EINVAL);
    cr_assert_not_null(why);
    cr_assert_eq(docgen_json_parse(pool, "{} x", 4, &root, NULL), APR_EINVAL);
    cr_assert_eq(docgen_json_parse(pool, "\"\\u0000\"", 8, &root, NULL), APR_EINVAL);
    cr_assert_eq(docgen_json_parse(pool, "\"\xff\"", 3, &root, NULL), APR_EINVAL);
}

Test(core, json_faults_are_told_in_our_words)
{
    static const char *const texts[][2] = {
        {"{\"a\":", "it ends too early at line 1, column 5"},
        {"", "it ends too early at line 1, column 0"},
        {"{\"a\" 1}", "something else is expected at line 1, column 6"},
        {"{}\n x", "something follows its end at line 2, column 2"},
        {"{\"a\":1,\"a\":2}", "a member is named twice at line 1, column 10"},
        {"\"\\u0000\"", "a string holds a NUL character at line 1, column 8"},
        {"\"\xff\"", "it is not UTF-8 at line 1, column 1"},
        {"99999999999999999999", "a number is too large at line 1, column 20"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char *why = "";
        json_t *root;

        cr_expect_eq(docgen_json_parse(pool, texts[i][0], strlen(texts[i][0]), &root, &why),
                     APR_EINVAL);
        cr_expect_str_eq(why, texts[i][1]);
    }
}

Test(core, times)
{
    cr_assert_str_eq(docgen_time_format(pool, apr_time_from_msec(1767323045678LL)),
                     "2026-01-02T03:04:05.678Z");
    cr_assert_null(docgen_time_format(pool, 0));
    cr_assert_str_eq(docgen_duration_format(pool, apr_time_from_sec(200)), "3 min 20 s");
    cr_assert_str_eq(docgen_time_ago(pool, apr_time_from_sec(59)), "just now");
    cr_assert_str_eq(docgen_time_ago(pool, apr_time_from_sec(3600)), "1 hour ago");
}
