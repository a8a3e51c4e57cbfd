/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/events.h"

#include <stdarg.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"
#include "core/json.h"
#include "core/text.h"

#define STEP_MAX    200
#define TITLE_MAX   1000
#define SYMBOL_MAX  1000
#define KIND_MAX    64
#define ANCHOR_MAX  300
#define BRANCH_MAX  255
#define MESSAGE_MAX 2000
#define ORDER_MAX   1000000000

struct docgen_events {
    apr_pool_t *pool;
    apr_pool_t *scratch; /* one line */
    docgen_event_handler *handler;
    void *baton;
    docgen_buffer *line; /* the part of a line that came so far */
    apr_hash_t *paths;   /* of pages and assets */
    const char *why;
    apr_uint64_t bytes;
    apr_int64_t lines;
    int percent;
    int progress;
    int pages;
    int assets;
    int symbols;
    int has_source;
    int has_error;
    int has_unchanged;
    int accept_unchanged;
};

static apr_status_t breach(docgen_events *events, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static apr_status_t breach(docgen_events *events, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = apr_pvsprintf(events->pool, format, args);
    va_end(args);
    /* what is quoted in it came from the generator */
    text = (char *)docgen_utf8_repair(events->pool, text, strlen(text));
    events->why = apr_psprintf(events->pool, "line %" APR_INT64_T_FMT " %s", events->lines, text);
    return APR_EINVAL;
}

docgen_events *docgen_events_create(apr_pool_t *pool, int accept_unchanged,
                                    docgen_event_handler *handler, void *baton)
{
    docgen_events *events = apr_pcalloc(pool, sizeof(*events));

    events->pool = pool;
    apr_pool_create(&events->scratch, pool);
    events->handler = handler;
    events->baton = baton;
    events->line = docgen_buffer_create(pool);
    events->paths = apr_hash_make(pool);
    events->accept_unchanged = accept_unchanged;
    return events;
}

/* A required string member of at most `max` bytes; `min` 1 forbids the empty one. */
static apr_status_t member_text(docgen_events *events, const json_t *line, const char *key,
                                apr_size_t min, apr_size_t max, const char **text)
{
    const json_t *value = json_object_get(line, key);

    *text = "";
    if (!json_is_string(value)) {
        return breach(events, "has no text \"%s\"", key);
    }
    if (json_string_length(value) < min) {
        return breach(events, "has an empty \"%s\"", key);
    }
    if (json_string_length(value) > max) {
        return breach(events, "has a \"%s\" of %lu bytes, more than %lu", key,
                      (unsigned long)json_string_length(value), (unsigned long)max);
    }
    *text = json_string_value(value);
    return APR_SUCCESS;
}

/* Text that people see on one line: no control characters. */
static apr_status_t member_label(docgen_events *events, const json_t *line, const char *key,
                                 apr_size_t max, const char **text)
{
    apr_status_t rv = member_text(events, line, key, 1, max, text);

    for (const char *p = rv == APR_SUCCESS ? *text : ""; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            return breach(events, "has a control character in \"%s\"", key);
        }
    }
    return rv;
}

static int is_commit(const char *text)
{
    apr_size_t length = strspn(text, "0123456789abcdef");

    return !text[length] && (length == 40 || length == 64);
}

/* "2026-01-02T03:04:05Z" or with a fraction or an offset; the database reads the rest. */
static int is_time(const char *text)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:dd";
    apr_size_t i;

    for (i = 0; pattern[i]; i++) {
        if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != pattern[i]) {
            return 0;
        }
    }
    return strlen(text) <= 35 && text[strspn(text + i, "0123456789.:+-Z") + i] == '\0';
}

static apr_status_t read_progress(docgen_events *events, const json_t *line, docgen_event *event)
{
    const json_t *percent = json_object_get(line, "percent");
    json_int_t value = json_integer_value(percent);

    if (!json_is_integer(percent) || value < 0 || value > 99) {
        return breach(events, "has a \"percent\" that is not a whole number from 0 to 99");
    }
    if (value < events->percent) {
        return breach(events, "lets the percentage fall from %d to %d", events->percent,
                      (int)value);
    }
    if (++events->progress > DOCGEN_EVENTS_PROGRESS_MAX) {
        return breach(events, "is progress line %d, more than a job may send", events->progress);
    }
    events->percent = event->percent = (int)value;
    return member_label(events, line, "step", STEP_MAX, &event->step);
}

static apr_status_t read_source(docgen_events *events, const json_t *line, docgen_event *event)
{
    apr_status_t rv = member_text(events, line, "commit", 1, 64, &event->commit);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!is_commit(event->commit)) {
        return breach(events, "has a \"commit\" that is no object name");
    }
    if (events->has_source++) {
        return breach(events, "names a source for the second time");
    }
    if (json_object_get(line, "branch")) {
        rv = member_label(events, line, "branch", BRANCH_MAX, &event->branch);
    }
    if (rv == APR_SUCCESS && json_object_get(line, "committedAt")) {
        rv = member_text(events, line, "committedAt", 1, 64, &event->committed_at);
        if (rv == APR_SUCCESS && !is_time(event->committed_at)) {
            return breach(events, "has a \"committedAt\" that is no RFC 3339 time");
        }
    }
    return rv;
}

static apr_status_t take_path(docgen_events *events, const char *path)
{
    if (apr_hash_get(events->paths, path, APR_HASH_KEY_STRING)) {
        return breach(events, "sends the path %s for the second time", path);
    }
    path = apr_pstrdup(events->pool, path);
    apr_hash_set(events->paths, path, APR_HASH_KEY_STRING, path);
    return APR_SUCCESS;
}

static apr_status_t read_page(docgen_events *events, const json_t *line, docgen_event *event)
{
    const json_t *order = json_object_get(line, "order");
    const char *path, *title, *markdown, *html;
    apr_status_t rv;

    if ((rv = member_text(events, line, "path", 1, DOCGEN_EVENTS_LINE_MAX, &path)) ||
        (rv = member_label(events, line, "title", TITLE_MAX, &title)) ||
        (rv = member_text(events, line, "markdown", 0, DOCGEN_EVENTS_LINE_MAX, &markdown)) ||
        (rv = member_text(events, line, "html", 0, DOCGEN_EVENTS_LINE_MAX, &html))) {
        return rv;
    }
    if (!docgen_path_is_page(path)) {
        return breach(events, "has a path that no page may have: %.100s", path);
    }
    if (!json_is_integer(order) || json_integer_value(order) < 0 ||
        json_integer_value(order) > ORDER_MAX) {
        return breach(events, "has an \"order\" that is not a whole number from 0 to %d",
                      ORDER_MAX);
    }
    if (++events->pages > DOCGEN_EVENTS_PAGES_MAX) {
        return breach(events, "is page %d, more than a job may send", events->pages);
    }
    event->artifact = docgen_json_own(
        events->scratch, json_pack("{s:s, s:s, s:O, s:O, s:O}", "path", path, "title", title,
                                   "order", order, "markdown", json_object_get(line, "markdown"),
                                   "html", json_object_get(line, "html")));
    return take_path(events, path);
}

static int is_base64(const char *text, apr_size_t length)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    apr_size_t n = strspn(text, plain);

    return length % 4 == 0 && length - n <= 2 && strspn(text + n, "=") == length - n;
}

static int is_image(const char *type)
{
    static const char *const types[] = {"image/svg+xml", "image/png",   "image/jpeg",
                                        "image/gif",     "image/webp",  "image/avif",
                                        "image/bmp",     "image/x-icon"};

    for (apr_size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!strcmp(type, types[i])) {
            return 1;
        }
    }
    return 0;
}

static apr_status_t read_asset(docgen_events *events, const json_t *line, docgen_event *event)
{
    const char *path, *type, *base64;
    apr_status_t rv;

    if ((rv = member_text(events, line, "path", 1, DOCGEN_EVENTS_LINE_MAX, &path)) ||
        (rv = member_text(events, line, "mediaType", 1, 100, &type)) ||
        (rv = member_text(events, line, "base64", 0, DOCGEN_EVENTS_LINE_MAX, &base64))) {
        return rv;
    }
    if (!docgen_path_is_asset(path)) {
        return breach(events, "has a path that no asset may have: %.100s", path);
    }
    if (!is_image(type)) {
        return breach(events, "has a \"mediaType\" that is no image: %.100s", type);
    }
    if (!is_base64(base64, json_string_length(json_object_get(line, "base64")))) {
        return breach(events, "has a \"base64\" that is not base64");
    }
    if (++events->assets > DOCGEN_EVENTS_ASSETS_MAX) {
        return breach(events, "is asset %d, more than a job may send", events->assets);
    }
    event->artifact = docgen_json_own(events->scratch,
                                      json_pack("{s:s, s:s, s:O}", "path", path, "mediaType", type,
                                                "base64", json_object_get(line, "base64")));
    return take_path(events, path);
}

static apr_status_t read_symbol(docgen_events *events, const json_t *line, docgen_event *event)
{
    const char *name, *kind, *page, *anchor;
    apr_status_t rv;

    if ((rv = member_label(events, line, "name", SYMBOL_MAX, &name)) ||
        (rv = member_label(events, line, "kind", KIND_MAX, &kind)) ||
        (rv = member_text(events, line, "page", 1, DOCGEN_EVENTS_LINE_MAX, &page)) ||
        (rv = member_text(events, line, "anchor", 0, ANCHOR_MAX, &anchor))) {
        return rv;
    }
    if (!docgen_path_is_page(page)) {
        return breach(events, "has a page that cannot be: %.100s", page);
    }
    for (const char *p = anchor; *p; p++) {
        if ((unsigned char)*p <= 0x20 || *p == 0x7f) {
            return breach(events, "has an \"anchor\" with blanks in it");
        }
    }
    if (++events->symbols > DOCGEN_EVENTS_SYMBOLS_MAX) {
        return breach(events, "is symbol %d, more than a job may send", events->symbols);
    }
    event->artifact =
        docgen_json_own(events->scratch, json_pack("{s:s, s:s, s:s, s:s}", "name", name, "kind",
                                                   kind, "page", page, "anchor", anchor));
    return APR_SUCCESS;
}

static apr_status_t read_error(docgen_events *events, const json_t *line, docgen_event *event)
{
    events->has_error = 1;
    return member_text(events, line, "message", 1, MESSAGE_MAX, &event->message);
}

static apr_status_t read_unchanged(docgen_events *events, const json_t *line, docgen_event *event)
{
    apr_status_t rv = member_text(events, line, "commit", 1, 64, &event->commit);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!is_commit(event->commit)) {
        return breach(events, "has a \"commit\" that is no object name");
    }
    if (!events->accept_unchanged || events->pages || events->has_unchanged++) {
        return breach(events, "says \"unchanged\" where that is not allowed");
    }
    return APR_SUCCESS;
}

typedef apr_status_t event_reader(docgen_events *events, const json_t *line, docgen_event *event);

static const struct {
    const char *name;
    docgen_event_type type;
    event_reader *read;
} readers[] = {
    {"progress", DOCGEN_EVENT_PROGRESS, read_progress},
    {"source", DOCGEN_EVENT_SOURCE, read_source},
    {"page", DOCGEN_EVENT_PAGE, read_page},
    {"asset", DOCGEN_EVENT_ASSET, read_asset},
    {"symbol", DOCGEN_EVENT_SYMBOL, read_symbol},
    {"error", DOCGEN_EVENT_ERROR, read_error},
    {"unchanged", DOCGEN_EVENT_UNCHANGED, read_unchanged},
};

static apr_status_t read_object(docgen_events *events, const json_t *line, apr_size_t size)
{
    docgen_event event = {.size = size};
    const char *type = docgen_json_string(line, "type");
    apr_status_t rv;

    if (!type) {
        return breach(events, "has no text \"type\"");
    }
    if (events->has_error) {
        return breach(events, "comes after an error");
    }
    if (events->has_unchanged && strcmp(type, "progress") != 0 && strcmp(type, "error") != 0) {
        return breach(events, "comes after \"unchanged\"");
    }
    for (apr_size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        if (!strcmp(type, readers[i].name)) {
            event.type = readers[i].type;
            rv = readers[i].read(events, line, &event);
            return rv == APR_SUCCESS ? events->handler(events->baton, events->scratch, &event) : rv;
        }
    }
    return breach(events, "has an unknown type: %.100s", type);
}

static apr_status_t read_line(docgen_events *events, const char *data, apr_size_t length)
{
    const char *error;
    json_t *line;
    apr_status_t rv;

    events->lines++;
    events->bytes += length + 1;
    if (events->bytes > DOCGEN_EVENTS_BYTES_MAX) {
        return breach(events, "is more than the %d MiB that a job may send",
                      DOCGEN_EVENTS_BYTES_MAX / 1024 / 1024);
    }
    if (docgen_json_parse(events->scratch, data, length, &line, &error) != APR_SUCCESS) {
        rv = breach(events, "is not JSON: %.200s", error);
    } else if (!json_is_object(line)) {
        rv = breach(events, "is not a JSON object");
    } else {
        rv = read_object(events, line, length);
    }
    apr_pool_clear(events->scratch);
    return rv;
}

apr_status_t docgen_events_feed(docgen_events *events, const char *data, apr_size_t length)
{
    apr_status_t rv = APR_SUCCESS;

    while (length && rv == APR_SUCCESS) {
        const char *newline = memchr(data, '\n', length);
        apr_size_t part = newline ? (apr_size_t)(newline - data) : length;

        if (events->line->length + part > DOCGEN_EVENTS_LINE_MAX) {
            events->lines++;
            return breach(events, "is longer than %d MiB", DOCGEN_EVENTS_LINE_MAX / 1024 / 1024);
        }
        if (!newline) {
            docgen_buffer_append(events->line, data, part);
            return APR_SUCCESS;
        }
        if (events->line->length) {
            docgen_buffer_append(events->line, data, part);
            rv = read_line(events, events->line->data, events->line->length);
            docgen_buffer_clear(events->line);
        } else {
            rv = read_line(events, data, part);
        }
        data = newline + 1;
        length -= part + 1;
    }
    return rv;
}

apr_status_t docgen_events_end(docgen_events *events)
{
    if (events->line->length) {
        events->lines++;
        return breach(events, "has no end");
    }
    return APR_SUCCESS;
}

const char *docgen_events_why(const docgen_events *events)
{
    return events->why;
}

int docgen_events_pages(const docgen_events *events)
{
    return events->pages;
}
