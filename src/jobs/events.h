/* Reading what a generator says: JSON lines of the protocol, version 1 or 2, each checked before
 * anything is stored. The generator has read untrusted content, so nothing that it says is
 * believed: the first bad line ends the job. Knows neither httpd nor the database.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_EVENTS_H
#define DOCGEN_JOBS_EVENTS_H

#include <jansson.h>
#include <apr_errno.h>
#include <apr_pools.h>

#define DOCGEN_EVENTS_LINE_MAX     (4 * 1024 * 1024) /**< bytes of a line without its newline */
#define DOCGEN_EVENTS_PAGES_MAX    50000
#define DOCGEN_EVENTS_ASSETS_MAX   10000
#define DOCGEN_EVENTS_SYMBOLS_MAX  1000000
#define DOCGEN_EVENTS_PROGRESS_MAX 20000
#define DOCGEN_EVENTS_HEADINGS_MAX 2000                /**< of a page */
#define DOCGEN_EVENTS_SOURCES_MAX  1000                /**< of a page */
#define DOCGEN_EVENTS_BYTES_MAX    (512 * 1024 * 1024) /**< of all lines together */

typedef enum {
    DOCGEN_EVENT_PROGRESS,
    DOCGEN_EVENT_SOURCE,
    DOCGEN_EVENT_PAGE,
    DOCGEN_EVENT_ASSET,
    DOCGEN_EVENT_SYMBOL,
    DOCGEN_EVENT_FACTS,
    DOCGEN_EVENT_ERROR,
    DOCGEN_EVENT_UNCHANGED
} docgen_event_type;

/** One checked line. Texts are borrowed and end with the handler's call; members that the type
 * does not have are NULL or 0. */
typedef struct docgen_event {
    docgen_event_type type;
    int percent;              /**< progress: 0–99, never less than before */
    const char *step;         /**< progress */
    const char *commit;       /**< source, unchanged: 40 or 64 lower-case hexadecimal digits */
    const char *branch;       /**< source; may be NULL */
    const char *committed_at; /**< source; RFC 3339 or NULL */
    const char *message;      /**< error */
    /** page, asset, symbol, facts: an object with the protocol's members and no other */
    const json_t *artifact;
    apr_size_t size; /**< bytes of the line */
} docgen_event;

/** Takes one event. @return other than APR_SUCCESS stops the reading; docgen_events_feed returns
 * it. */
typedef apr_status_t docgen_event_handler(void *baton, apr_pool_t *scratch,
                                          const docgen_event *event);

typedef struct docgen_events docgen_events;

/** Makes a reader that lives as long as `pool`. One thread at a time.
 * @param accept_unchanged was the generator told that it may end with "unchanged"? */
docgen_events *docgen_events_create(apr_pool_t *pool, int accept_unchanged,
                                    docgen_event_handler *handler, void *baton);

/** Reads bytes as they come, in pieces of any size, and hands over each whole line.
 * @return APR_EINVAL for a breach of the protocol (then docgen_events_why says which), or what
 * the handler returned. After an error nothing more may be fed. */
apr_status_t docgen_events_feed(docgen_events *events, const char *data, apr_size_t length);

/** Says that nothing more comes. @return APR_EINVAL when the last line has no newline. */
apr_status_t docgen_events_end(docgen_events *events);

/** What was wrong, as a clause without a full stop: "line 3 is not JSON: …". NULL without a
 * breach. */
const char *docgen_events_why(const docgen_events *events);

/** How many pages were accepted. */
int docgen_events_pages(const docgen_events *events);

#endif
