/* What a generator may say, and that every bad line is refused with a clear reason.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "core/json.h"
#include "jobs/batch.h"
#include "jobs/events.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static apr_pool_t *pool;

typedef struct seen {
    int count;
    int percent;
    docgen_event_type last;
    char text[256];
    const char *artifact;
    apr_status_t answer;
} seen;

static void set_up(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
    apr_terminate();
}

TestSuite(jobs_events, .init = set_up, .fini = tear_down);

static apr_status_t note(void *baton, apr_pool_t *scratch, const docgen_event *event)
{
    seen *s = baton;

    (void)scratch;
    s->count++;
    s->last = event->type;
    s->percent = event->percent;
    snprintf(s->text, sizeof(s->text), "%s|%s|%s|%s|%s", event->step ? event->step : "",
             event->commit ? event->commit : "", event->branch ? event->branch : "",
             event->committed_at ? event->committed_at : "", event->message ? event->message : "");
    s->artifact = event->artifact ? docgen_json_dump(pool, event->artifact) : NULL;
    return s->answer;
}

/* Feeds lines; returns NULL when all were good, else the reason. */
static const char *feed(const char *text, seen *s)
{
    docgen_events *events = docgen_events_create(pool, 1, note, s);
    apr_status_t rv = docgen_events_feed(events, text, strlen(text));

    rv = rv ? rv : docgen_events_end(events);
    return rv == APR_SUCCESS ? NULL : docgen_events_why(events);
}

static void expect_good(const char *line)
{
    seen s = {0};
    const char *why = feed(apr_pstrcat(pool, line, "\n", NULL), &s);

    cr_expect_null(why, "%.120s: %s", line, why);
    cr_expect_eq(s.count, 1);
}

static void expect_bad(const char *line, const char *reason)
{
    seen s = {0};
    const char *why = feed(apr_pstrcat(pool, line, "\n", NULL), &s);

    cr_expect(why && strstr(why, reason), "%.120s: %s, not %s", line, why ? why : "accepted",
              reason);
    cr_expect_eq(s.count, 0);
}

Test(jobs_events, good_lines)
{
    seen s = {0};

    cr_expect_null(feed("{\"type\":\"progress\",\"percent\":10,\"step\":\"Fetching\"}\n", &s));
    cr_expect_eq(s.percent, 10);
    cr_expect_str_eq(s.text, "Fetching||||");
    cr_expect_null(feed("{\"type\":\"source\",\"commit\":\"" COMMIT "\",\"branch\":\"main\","
                        "\"committedAt\":\"2024-05-06T07:08:09+02:00\"}\n",
                        &s));
    cr_expect_str_eq(s.text, "|" COMMIT "|main|2024-05-06T07:08:09+02:00|");
    cr_expect_null(feed("{\"type\":\"page\",\"path\":\"api/parser\",\"title\":\"T\",\"order\":12,"
                        "\"markdown\":\"# T\",\"html\":\"<h1>T</h1>\",\"more\":true}\n",
                        &s));
    cr_expect_str_eq(s.artifact, "{\"path\":\"api/parser\",\"title\":\"T\",\"order\":12,"
                                 "\"markdown\":\"# T\",\"html\":\"<h1>T</h1>\"}");
    expect_good("{\"type\":\"asset\",\"path\":\"i/a.svg\",\"mediaType\":\"image/svg+xml\","
                "\"base64\":\"aGFsbG8=\"}");
    expect_good(
        "{\"type\":\"symbol\",\"name\":\"a::b<c>\",\"kind\":\"function\",\"page\":\"api/x\","
        "\"anchor\":\"f-1\"}");
    expect_good("{\"type\":\"error\",\"message\":\"The branch x does not exist.\"}");
    expect_good("{\"type\":\"unchanged\",\"commit\":\"" COMMIT "\"}");
    expect_good("{\"type\":\"source\",\"commit\":\"" COMMIT "\"}");
    expect_good("{\"type\":\"progress\",\"percent\":0,\"step\":\"\xed\x95\x9c\xea\xb8\x80\"}");
}

#define V2 "{\"type\":\"protocol\",\"version\":2}\n"
#define PAGE                                                                                       \
    "{\"type\":\"page\",\"path\":\"p\",\"title\":\"T\",\"order\":1,\"markdown\":\"m\",\"html\":"   \
    "\"h\""

static void expect_second(const char *line, const char *reason)
{
    seen s = {0};
    const char *why = feed(apr_pstrcat(pool, V2, line, "\n", NULL), &s);

    if (reason)
        cr_expect(why && strstr(why, reason), "%.150s: %s, not %s", line, why ? why : "accepted",
                  reason);
    else
        cr_expect_null(why, "%.150s: %s", line, why);
}

Test(jobs_events, the_second_version)
{
    seen s = {0};

    cr_expect_null(feed(
        V2 PAGE ",\"headings\":[{\"level\":2,\"id\":\"a\",\"text\":\"A\"}],\"text\":[\"x\",\"y\"],"
                "\"sources\":[{\"path\":\"a.c\",\"blob\":\"12\"}]}\n",
        &s));
    cr_expect_str_eq(
        s.artifact,
        "{\"path\":\"p\",\"title\":\"T\",\"order\":1,\"markdown\":\"m\",\"html\":\"h\","
        "\"headings\":[{\"level\":2,\"id\":\"a\",\"text\":\"A\"}],\"text\":[\"x\",\"y\"]}");
    expect_second("{\"type\":\"protocol\",\"version\":2}", "only the first line");
    expect_bad("{\"type\":\"protocol\",\"version\":3}", "other than 1 and 2");
    expect_bad("{\"type\":\"protocol\"}", "other than 1 and 2");
    expect_second(PAGE "}", "no list \"headings\"");
    expect_second(PAGE ",\"headings\":[],\"text\":[],\"sources\":[]}",
                  "0 pieces of \"text\" for 0 headings");
    expect_second(PAGE ",\"headings\":[],\"text\":[7],\"sources\":[]}", "not all strings");
    expect_second(PAGE ",\"headings\":[],\"text\":[\"\"],\"sources\":[{\"path\":\"a\"}]}",
                  "no text \"blob\"");
    expect_second(PAGE ",\"headings\":[{\"level\":7,\"id\":\"a\",\"text\":\"A\"}],\"text\":[\"\","
                       "\"\"],\"sources\":[]}",
                  "from 1 to 6");
    expect_second(PAGE ",\"headings\":[{\"level\":1,\"id\":\"a "
                       "b\",\"text\":\"A\"}],\"text\":[\"\",\"\"],\"sources\":[]}",
                  "blanks");
    expect_second(PAGE ",\"headings\":[],\"text\":[\"\"],\"sources\":[]}", NULL);
}

Test(jobs_events, symbols_and_facts_of_the_second_version)
{
#define SYMBOL "{\"type\":\"symbol\",\"name\":\"n\",\"kind\":\"k\",\"page\":\"p\",\"anchor\":\"a\""
    seen s = {0};

    cr_expect_null(feed(
        V2 SYMBOL ",\"visibility\":\"public\",\"summary\":\"S\",\"line\":3,\"endLine\":4}\n", &s));
    cr_expect_str_eq(
        s.artifact,
        "{\"name\":\"n\",\"kind\":\"k\",\"page\":\"p\",\"anchor\":\"a\",\"summary\":\"S\","
        "\"visibility\":\"public\",\"line\":3,\"endLine\":4}");
    expect_second(SYMBOL "}", "no text \"visibility\"");
    expect_second(SYMBOL ",\"visibility\":\"secret\"}", "other than public and internal");
    expect_second(SYMBOL ",\"visibility\":\"public\",\"line\":3}", "not a range");
    expect_second(SYMBOL ",\"visibility\":\"public\",\"line\":3,\"endLine\":2}", "not a range");
    expect_second(SYMBOL ",\"visibility\":\"public\",\"line\":1,\"endLine\":99999999999}",
                  "not a range");
    expect_second(SYMBOL ",\"visibility\":\"public\",\"summary\":7}", "no text \"summary\"");
    expect_bad("{\"type\":\"facts\",\"languages\":[],\"owners\":[]}", "not allowed");
    expect_second("{\"type\":\"facts\",\"languages\":[],\"owners\":[]}", NULL);
    expect_second("{\"type\":\"facts\",\"languages\":[],\"owners\":[]}\n{\"type\":\"facts\","
                  "\"languages\":[],\"owners\":[]}",
                  "not allowed");
    expect_second(
        "{\"type\":\"facts\",\"homepage\":\"javascript:x\",\"languages\":[],\"owners\":[]}",
        "no web address");
    expect_second("{\"type\":\"facts\",\"languages\":[{\"name\":\"C\"}],\"owners\":[]}",
                  "number of \"lines\"");
    expect_second("{\"type\":\"facts\",\"languages\":[],\"owners\":[8]}", "no short text");
}

Test(jobs_events, bad_progress)
{
    expect_bad("{\"type\":\"progress\",\"percent\":150,\"step\":\"x\"}", "0 to 99");
    expect_bad("{\"type\":\"progress\",\"percent\":100,\"step\":\"x\"}", "0 to 99");
    expect_bad("{\"type\":\"progress\",\"percent\":-1,\"step\":\"x\"}", "0 to 99");
    expect_bad("{\"type\":\"progress\",\"percent\":4.5,\"step\":\"x\"}", "0 to 99");
    expect_bad("{\"type\":\"progress\",\"percent\":\"4\",\"step\":\"x\"}", "0 to 99");
    expect_bad("{\"type\":\"progress\",\"percent\":4}", "no text \"step\"");
    expect_bad("{\"type\":\"progress\",\"percent\":4,\"step\":\"\"}", "empty \"step\"");
    expect_bad("{\"type\":\"progress\",\"percent\":4,\"step\":\"a\\nb\"}", "control character");
    expect_bad("{\"type\":\"progress\",\"percent\":99999999999999999999,\"step\":\"x\"}",
               "not JSON");
}

Test(jobs_events, percent_never_falls)
{
    seen s = {0};
    const char *why = feed("{\"type\":\"progress\",\"percent\":30,\"step\":\"a\"}\n"
                           "{\"type\":\"progress\",\"percent\":30,\"step\":\"b\"}\n"
                           "{\"type\":\"progress\",\"percent\":29,\"step\":\"c\"}\n",
                           &s);

    cr_expect_str_eq(why, "line 3 lets the percentage fall from 30 to 29");
    cr_expect_eq(s.count, 2);
}

Test(jobs_events, bad_lines)
{
    expect_bad("", "not JSON");
    expect_bad("this is no JSON", "line 1 is not JSON");
    expect_bad("[]", "not a JSON object");
    expect_bad("42", "not a JSON object");
    expect_bad("{}", "no text \"type\"");
    expect_bad("{\"type\":7}", "no text \"type\"");
    expect_bad("{\"type\":\"launch\"}", "unknown type: launch");
    expect_bad("{\"type\":\"progress\"} {}", "not JSON");
    expect_bad("{\"type\":\"progress\",\"type\":\"page\"}", "not JSON");
    expect_bad("{\"type\":\"error\",\"message\":\"\xff\xfe\"}", "not JSON");
    expect_bad("{\"type\":\"error\",\"message\":\"\xc0\xaf\"}", "not JSON");
    expect_bad("{\"type\":\"error\",\"message\":\"a\\u0000b\"}", "not JSON");
    expect_bad("{\"type\":\"error\",\"message\":\"\\ud800\"}", "not JSON");
    expect_bad("{\"type\":\"error\",\"message\":\"\"}", "empty");
    expect_bad("{\"type\":\"unchanged\",\"commit\":\"main\"}", "no object name");
    expect_bad("{\"type\":\"source\",\"commit\":\"" COMMIT "\",\"branch\":7}",
               "no text \"branch\"");
    expect_bad("{\"type\":\"source\",\"commit\":\"0123\"}", "no object name");
    expect_bad("{\"type\":\"source\",\"commit\":\"" COMMIT "\",\"committedAt\":\"yesterday\"}",
               "RFC 3339");
}

Test(jobs_events, deep_nesting_is_refused)
{
    char *deep = calloc(1, 200001);

    memset(deep, '[', 100000);
    memset(deep + 100000, ']', 100000);
    expect_bad(deep, "not JSON");
    free(deep);
}

static const char *page(const char *path, const char *order)
{
    return apr_psprintf(pool,
                        "{\"type\":\"page\",\"path\":\"%s\",\"title\":\"T\",\"order\":%s,"
                        "\"markdown\":\"m\",\"html\":\"h\"}",
                        path, order);
}

Test(jobs_events, bad_paths)
{
    static const char *const paths[] = {"../etc/passwd",
                                        "/etc/passwd",
                                        "a/../b",
                                        "a//b",
                                        "a/",
                                        "A",
                                        "a.html",
                                        "a b",
                                        "symbol",
                                        "symbol/x",
                                        "a\\u002e\\u002e",
                                        "-a",
                                        "%2e%2e",
                                        "a\\\\b"};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        expect_bad(page(paths[i], "1"), "no page may have");
    }
    expect_bad(page("", "1"), "empty \"path\"");
    expect_bad(page("a", "-1"), "\"order\"");
    expect_bad(page("a", "1.5"), "\"order\"");
    expect_bad(
        "{\"type\":\"asset\",\"path\":\"../x.png\",\"mediaType\":\"image/png\",\"base64\":\"\"}",
        "no asset may have");
    expect_bad(
        "{\"type\":\"asset\",\"path\":\"x.html\",\"mediaType\":\"text/html\",\"base64\":\"\"}",
        "no image");
    expect_bad(
        "{\"type\":\"asset\",\"path\":\"x.png\",\"mediaType\":\"image/png\",\"base64\":\"a\"}",
        "not base64");
    expect_bad(
        "{\"type\":\"asset\",\"path\":\"x.png\",\"mediaType\":\"image/png\",\"base64\":\"a===\"}",
        "not base64");
    expect_bad(
        "{\"type\":\"asset\",\"path\":\"x.png\",\"mediaType\":\"image/png\",\"base64\":\"ab-_\"}",
        "not base64");
    expect_bad(
        "{\"type\":\"symbol\",\"name\":\"n\",\"kind\":\"k\",\"page\":\"../x\",\"anchor\":\"\"}",
        "page that cannot be");
    expect_bad(
        "{\"type\":\"symbol\",\"name\":\"n\",\"kind\":\"k\",\"page\":\"x\",\"anchor\":\"a b\"}",
        "blanks");
}

Test(jobs_events, same_path_twice)
{
    seen s = {0};
    const char *text = apr_pstrcat(pool, page("a", "1"), "\n", page("a", "2"), "\n", NULL);

    cr_expect_str_eq(feed(text, &s), "line 2 sends the path a for the second time");
    cr_expect_eq(s.count, 1);
}

Test(jobs_events, order_of_lines)
{
    seen s = {0};

    cr_expect(strstr(feed("{\"type\":\"error\",\"message\":\"m\"}\n"
                          "{\"type\":\"progress\",\"percent\":1,\"step\":\"x\"}\n",
                          &s),
                     "after an error"));
    cr_expect(
        strstr(feed(apr_pstrcat(pool, page("a", "1"),
                                "\n{\"type\":\"unchanged\",\"commit\":\"" COMMIT "\"}\n", NULL),
                    &s),
               "not allowed"));
    cr_expect(strstr(feed(apr_pstrcat(pool, "{\"type\":\"unchanged\",\"commit\":\"" COMMIT "\"}\n",
                                      page("a", "1"), "\n", NULL),
                          &s),
                     "after \"unchanged\""));
    cr_expect(strstr(feed("{\"type\":\"source\",\"commit\":\"" COMMIT "\"}\n"
                          "{\"type\":\"source\",\"commit\":\"" COMMIT "\"}\n",
                          &s),
                     "second time"));
    cr_expect_str_eq(feed("{\"type\":\"progress\",\"percent\":1", &s), "line 1 has no end");
}

Test(jobs_events, unchanged_only_when_accepted)
{
    seen s = {0};
    docgen_events *events = docgen_events_create(pool, 0, note, &s);
    const char *line = "{\"type\":\"unchanged\",\"commit\":\"" COMMIT "\"}\n";

    cr_expect_eq(docgen_events_feed(events, line, strlen(line)), APR_EINVAL);
    cr_expect(strstr(docgen_events_why(events), "not allowed"));
}

Test(jobs_events, pieces_of_any_size)
{
    const char *text = apr_pstrcat(pool, page("a", "1"), "\n",
                                   "{\"type\":\"progress\",\"percent\":7,\"step\":\"s\"}\n",
                                   page("b", "2"), "\n", NULL);

    for (size_t size = 1; size < 40; size++) {
        seen s = {0};
        docgen_events *events = docgen_events_create(pool, 0, note, &s);

        for (size_t at = 0; at < strlen(text); at += size) {
            size_t left = strlen(text) - at;

            cr_assert_eq(docgen_events_feed(events, text + at, left < size ? left : size), 0);
        }
        cr_expect_eq(docgen_events_end(events), 0);
        cr_expect_eq(s.count, 3);
        cr_expect_eq(docgen_events_pages(events), 2);
    }
}

Test(jobs_events, long_lines)
{
    seen s = {0};
    docgen_events *events = docgen_events_create(pool, 0, note, &s);
    char *block = malloc(1 << 20);
    apr_status_t rv = APR_SUCCESS;
    int fed = 0;

    memset(block, 'a', 1 << 20);
    while (rv == APR_SUCCESS && fed < 100) {
        rv = docgen_events_feed(events, block, 1 << 20);
        fed++;
    }
    cr_expect_eq(fed, 5, "refused after %d MiB, before its newline came", fed);
    cr_expect_str_eq(docgen_events_why(events), "line 1 is longer than 4 MiB");
    free(block);
}

Test(jobs_events, totals)
{
    seen s = {0};
    docgen_events *events = docgen_events_create(pool, 0, note, &s);
    const char *line = "{\"type\":\"progress\",\"percent\":7,\"step\":\"s\"}\n";
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && s.count <= DOCGEN_EVENTS_PROGRESS_MAX) {
        rv = docgen_events_feed(events, line, strlen(line));
    }
    cr_expect_eq(s.count, DOCGEN_EVENTS_PROGRESS_MAX);
    cr_expect(strstr(docgen_events_why(events), "more than a job may send"));

    events = docgen_events_create(pool, 0, note, &s);
    rv = APR_SUCCESS;
    for (int i = 0; rv == APR_SUCCESS && i <= DOCGEN_EVENTS_PAGES_MAX; i++) {
        line = apr_psprintf(pool, "%s\n", page(apr_psprintf(pool, "p%d", i), "1"));
        rv = docgen_events_feed(events, line, strlen(line));
    }
    cr_expect_eq(rv, APR_EINVAL);
    cr_expect_str_eq(docgen_events_why(events),
                     "line 50001 is page 50001, more than a job may send");
}

static apr_status_t forget(void *baton, apr_pool_t *scratch, const docgen_event *event)
{
    (void)scratch, (void)event;
    ++*(int *)baton;
    return APR_SUCCESS;
}

Test(jobs_events, bytes_in_total)
{
    int count = 0;
    docgen_events *events = docgen_events_create(pool, 0, forget, &count);
    size_t size = 4 * 1024 * 1024 - 1;
    char *line = malloc(size + 2);
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; rv == APR_SUCCESS && i < 200; i++) {
        int head = snprintf(line, size,
                            "{\"type\":\"page\",\"path\":\"p%d\",\"title\":\"T\",\"order\":1,"
                            "\"html\":\"\",\"markdown\":\"",
                            i);

        memset(line + head, 'm', size - head - 2);
        memcpy(line + size - 2, "\"}\n", 3);
        rv = docgen_events_feed(events, line, size + 1);
    }
    free(line);
    cr_expect_eq(count, 128);
    cr_expect_str_eq(docgen_events_why(events),
                     "line 129 is more than the 512 MiB that a job may send");
}

Test(jobs_events, handler_ends_it)
{
    seen s = {.answer = APR_EGENERAL};
    docgen_events *events = docgen_events_create(pool, 0, note, &s);
    const char *lines = "{\"type\":\"error\",\"message\":\"m\"}\n{}\n";

    cr_expect_eq(docgen_events_feed(events, lines, strlen(lines)), APR_EGENERAL);
    cr_expect_null(docgen_events_why(events));
    cr_expect_eq(s.count, 1);
}

/* ---- batches ---- */

typedef struct stored {
    int calls;
    int parts;
    size_t longest;
    apr_status_t answer;
} stored;

static apr_status_t store(void *baton, const char *json, int count)
{
    stored *s = baton;
    json_t *array = json_loads(json, 0, NULL);

    cr_assert(json_is_array(array), "%.60s", json);
    cr_expect_eq((int)json_array_size(array), count);
    json_decref(array);
    s->calls++;
    s->longest = strlen(json) > s->longest ? strlen(json) : s->longest;
    if (s->answer == APR_SUCCESS) {
        s->parts += count;
    }
    return s->answer;
}

static apr_status_t add(docgen_batch *batch, size_t size)
{
    char *text = calloc(1, size + 1);
    json_t *part;
    apr_status_t rv;

    memset(text, 'x', size);
    part = json_pack("{s:s}", "t", text);
    rv = docgen_batch_add(batch, part);
    json_decref(part);
    free(text);
    return rv;
}

Test(jobs_events, batches_by_count)
{
    stored s = {0};
    docgen_batch *batch = docgen_batch_create(pool, 50, store, &s);

    for (int i = 0; i < 120; i++) {
        cr_assert_eq(add(batch, 10), 0);
    }
    cr_expect_eq(s.calls, 2);
    cr_expect_eq(docgen_batch_flush(batch), 0);
    cr_expect_eq(s.calls, 3);
    cr_expect_eq(s.parts, 120);
    cr_expect_eq(docgen_batch_flush(batch), 0);
    cr_expect_eq(s.calls, 3);
}

Test(jobs_events, batches_by_size)
{
    stored s = {0};
    docgen_batch *batch = docgen_batch_create(pool, 50, store, &s);

    for (int i = 0; i < 10; i++) {
        cr_assert_eq(add(batch, 400 * 1024), 0);
    }
    cr_assert_eq(docgen_batch_flush(batch), 0);
    cr_expect_eq(s.parts, 10);
    cr_expect_leq(s.longest, (size_t)DOCGEN_BATCH_BYTES);
    cr_assert_eq(add(batch, 3 * 1024 * 1024), 0);
    cr_expect_eq(s.parts, 11, "a large part goes alone and at once");
}

Test(jobs_events, failed_batch_stays)
{
    stored s = {.answer = APR_EGENERAL};
    docgen_batch *batch = docgen_batch_create(pool, 3, store, &s);

    cr_expect_eq(add(batch, 1), 0);
    cr_expect_eq(add(batch, 1), 0);
    cr_expect_eq(add(batch, 1), APR_EGENERAL);
    s.answer = APR_SUCCESS;
    cr_expect_eq(docgen_batch_flush(batch), 0);
    cr_expect_eq(s.parts, 3);
}
