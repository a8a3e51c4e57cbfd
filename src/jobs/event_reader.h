/* The reader's inside: what events.c, which reads lines, and event_artifacts.c, which checks what is stored, share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_EVENT_READER_H
#define DOCGEN_JOBS_EVENT_READER_H

#include <apr_hash.h>
#include "core/buffer.h"
#include "jobs/events.h"

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
    int version; /* of the protocol */
    int percent;
    int progress;
    int pages;
    int assets;
    int symbols;
    int has_source;
    int has_facts;
    int has_error;
    int has_unchanged;
    int accept_unchanged;
};

/** Notes what is wrong with the line, as a clause that follows "line N ". @return APR_EINVAL */
apr_status_t docgen_event_breach(docgen_events *events, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A required string member of at most `max` bytes; `min` 1 forbids the empty one. Borrowed from `line`.
 * @return APR_SUCCESS or a breach */
apr_status_t docgen_event_text(docgen_events *events, const json_t *line, const char *key,
                               apr_size_t min, apr_size_t max, const char **text);

/** The same for text that people see on one line: not empty, no control characters. */
apr_status_t docgen_event_label(docgen_events *events, const json_t *line, const char *key,
                                apr_size_t max, const char **text);

/** Each checks a line of its type and makes `event->artifact`, from the line's scratch pool. */
apr_status_t docgen_event_page(docgen_events *events, const json_t *line, docgen_event *event);
apr_status_t docgen_event_asset(docgen_events *events, const json_t *line, docgen_event *event);
apr_status_t docgen_event_symbol(docgen_events *events, const json_t *line, docgen_event *event);
apr_status_t docgen_event_facts(docgen_events *events, const json_t *line, docgen_event *event);

#endif
