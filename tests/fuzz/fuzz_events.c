/* The reader of what a generator says, fed whole and in pieces.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "jobs/events.h"

typedef struct seen {
    int events;
    int percent;
    apr_size_t bytes;
} seen;

static apr_status_t on_event(void *baton, apr_pool_t *scratch, const docgen_event *event)
{
    seen *s = baton;

    (void)scratch;
    s->events++;
    s->bytes += event->size;
    switch (event->type) {
    case DOCGEN_EVENT_PROGRESS:
        docgen_fuzz_expect(event->percent >= s->percent && event->percent < 100,
                           "progress only rises, and not to 100", event->step);
        docgen_fuzz_expect(event->step != NULL, "progress has a step", "");
        s->percent = event->percent;
        break;
    case DOCGEN_EVENT_SOURCE:
    case DOCGEN_EVENT_UNCHANGED:
        docgen_fuzz_expect(strspn(event->commit, "0123456789abcdef") == strlen(event->commit),
                           "a commit is hexadecimal", event->commit);
        break;
    case DOCGEN_EVENT_PAGE:
    case DOCGEN_EVENT_ASSET:
    case DOCGEN_EVENT_SYMBOL:
    case DOCGEN_EVENT_FACTS: {
        char *dump = json_dumps(event->artifact, JSON_COMPACT);

        docgen_fuzz_expect(dump != NULL, "an artifact can be written as JSON again", "");
        free(dump);
        break;
    }
    case DOCGEN_EVENT_ERROR:
        docgen_fuzz_expect(event->message != NULL, "an error has a message", "");
        break;
    }
    return APR_SUCCESS;
}

static apr_status_t read_in_pieces(apr_pool_t *pool, const char *text, apr_size_t length,
                                   apr_size_t piece, seen *s)
{
    docgen_events *events = docgen_events_create(pool, 1, on_event, s);
    apr_status_t rv = APR_SUCCESS;

    for (apr_size_t at = 0; at < length && rv == APR_SUCCESS; at += piece)
        rv = docgen_events_feed(events, text + at, at + piece < length ? piece : length - at);
    if (rv == APR_SUCCESS)
        rv = docgen_events_end(events);
    docgen_fuzz_expect((rv == APR_SUCCESS) == (docgen_events_why(events) == NULL),
                       "a breach says why", text);
    return rv;
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    seen whole = {0, 0, 0};
    seen pieces = {0, 0, 0};
    apr_status_t rv = read_in_pieces(pool, text, length, length + 1, &whole);

    docgen_fuzz_expect(rv == read_in_pieces(pool, text, length, 3, &pieces) &&
                           whole.events == pieces.events && whole.bytes == pieces.bytes,
                       "pieces of any size say the same", text);
}
