/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/event_reader.h"

#include <stdarg.h>
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "core/text.h"

#define STEP_MAX     200
#define BRANCH_MAX   255
#define MESSAGE_MAX  2000
#define PROTOCOL_MAX 2

apr_status_t docgen_event_breach(docgen_events *events, const char *format, ...)
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
    events->version = 1;
    return events;
}

/* A required string member of at most `max` bytes; `min` 1 forbids the empty one. */
apr_status_t docgen_event_text(docgen_events *events, const json_t *line, const char *key,
                               apr_size_t min, apr_size_t max, const char **text)
{
    const json_t *value = json_object_get(line, key);

    *text = "";
    if (!json_is_string(value)) {
        return docgen_event_breach(events, "has no text \"%s\"", key);
    }
    if (json_string_length(value) < min) {
        return docgen_event_breach(events, "has an empty \"%s\"", key);
    }
    if (json_string_length(value) > max) {
        return docgen_event_breach(events, "has a \"%s\" of %lu bytes, more than %lu", key,
                                   (unsigned long)json_string_length(value), (unsigned long)max);
    }
    *text = json_string_value(value);
    return APR_SUCCESS;
}

/* Text that people see on one line: no control characters. */
apr_status_t docgen_event_label(docgen_events *events, const json_t *line, const char *key,
                                apr_size_t max, const char **text)
{
    apr_status_t rv = docgen_event_text(events, line, key, 1, max, text);

    for (const char *p = rv == APR_SUCCESS ? *text : ""; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            return docgen_event_breach(events, "has a control character in \"%s\"", key);
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
        return docgen_event_breach(events,
                                   "has a \"percent\" that is not a whole number from 0 to 99");
    }
    if (value < events->percent) {
        return docgen_event_breach(events, "lets the percentage fall from %d to %d",
                                   events->percent, (int)value);
    }
    if (++events->progress > DOCGEN_EVENTS_PROGRESS_MAX) {
        return docgen_event_breach(events, "is progress line %d, more than a job may send",
                                   events->progress);
    }
    events->percent = event->percent = (int)value;
    return docgen_event_label(events, line, "step", STEP_MAX, &event->step);
}

static apr_status_t read_source(docgen_events *events, const json_t *line, docgen_event *event)
{
    apr_status_t rv = docgen_event_text(events, line, "commit", 1, 64, &event->commit);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!is_commit(event->commit)) {
        return docgen_event_breach(events, "has a \"commit\" that is no object name");
    }
    if (events->has_source++) {
        return docgen_event_breach(events, "names a source for the second time");
    }
    if (json_object_get(line, "branch")) {
        rv = docgen_event_label(events, line, "branch", BRANCH_MAX, &event->branch);
    }
    if (rv == APR_SUCCESS && json_object_get(line, "committedAt")) {
        rv = docgen_event_text(events, line, "committedAt", 1, 64, &event->committed_at);
        if (rv == APR_SUCCESS && !is_time(event->committed_at)) {
            return docgen_event_breach(events, "has a \"committedAt\" that is no RFC 3339 time");
        }
    }
    return rv;
}

/* What the other lines mean. It comes first, or not at all: then they are of version 1. */
static apr_status_t read_protocol(docgen_events *events, const json_t *line, docgen_event *event)
{
    const json_t *version = json_object_get(line, "version");
    json_int_t value = json_integer_value(version);

    (void)event;
    if (events->lines != 1) {
        return docgen_event_breach(events, "names the protocol, which only the first line may");
    }
    if (!json_is_integer(version) || value < 1 || value > PROTOCOL_MAX) {
        return docgen_event_breach(events, "names a version of the protocol other than 1 and 2");
    }
    events->version = (int)value;
    return APR_SUCCESS;
}

static apr_status_t read_error(docgen_events *events, const json_t *line, docgen_event *event)
{
    events->has_error = 1;
    return docgen_event_text(events, line, "message", 1, MESSAGE_MAX, &event->message);
}

static apr_status_t read_unchanged(docgen_events *events, const json_t *line, docgen_event *event)
{
    apr_status_t rv = docgen_event_text(events, line, "commit", 1, 64, &event->commit);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!is_commit(event->commit)) {
        return docgen_event_breach(events, "has a \"commit\" that is no object name");
    }
    if (!events->accept_unchanged || events->pages || events->has_unchanged++) {
        return docgen_event_breach(events, "says \"unchanged\" where that is not allowed");
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
    {"page", DOCGEN_EVENT_PAGE, docgen_event_page},
    {"asset", DOCGEN_EVENT_ASSET, docgen_event_asset},
    {"symbol", DOCGEN_EVENT_SYMBOL, docgen_event_symbol},
    {"facts", DOCGEN_EVENT_FACTS, docgen_event_facts},
    {"error", DOCGEN_EVENT_ERROR, read_error},
    {"unchanged", DOCGEN_EVENT_UNCHANGED, read_unchanged},
};

static apr_status_t read_object(docgen_events *events, const json_t *line, apr_size_t size)
{
    docgen_event event = {.size = size};
    const char *type = docgen_json_string(line, "type");
    apr_status_t rv;

    if (!type) {
        return docgen_event_breach(events, "has no text \"type\"");
    }
    if (!strcmp(type, "protocol")) {
        return read_protocol(events, line, &event);
    }
    if (events->has_error) {
        return docgen_event_breach(events, "comes after an error");
    }
    if (events->has_unchanged && strcmp(type, "progress") != 0 && strcmp(type, "error") != 0) {
        return docgen_event_breach(events, "comes after \"unchanged\"");
    }
    for (apr_size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        if (!strcmp(type, readers[i].name)) {
            event.type = readers[i].type;
            rv = readers[i].read(events, line, &event);
            return rv == APR_SUCCESS ? events->handler(events->baton, events->scratch, &event) : rv;
        }
    }
    return docgen_event_breach(events, "has an unknown type: %.100s", type);
}

static apr_status_t read_line(docgen_events *events, const char *data, apr_size_t length)
{
    const char *error;
    json_t *line;
    apr_status_t rv;

    events->lines++;
    events->bytes += length + 1;
    if (events->bytes > DOCGEN_EVENTS_BYTES_MAX) {
        return docgen_event_breach(events, "is more than the %d MiB that a job may send",
                                   DOCGEN_EVENTS_BYTES_MAX / 1024 / 1024);
    }
    if (docgen_json_parse(events->scratch, data, length, &line, &error) != APR_SUCCESS) {
        rv = docgen_event_breach(events, "is not JSON: %.200s", error);
    } else if (!json_is_object(line)) {
        rv = docgen_event_breach(events, "is not a JSON object");
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
            return docgen_event_breach(events, "is longer than %d MiB",
                                       DOCGEN_EVENTS_LINE_MAX / 1024 / 1024);
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
        return docgen_event_breach(events, "has no end");
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
