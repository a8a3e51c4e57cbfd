/* What a generator gives to be stored: pages, assets, symbols, and what the repository is.
 * SPDX-License-Identifier: Apache-2.0 */
#include "jobs/event_reader.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/json.h"

#define TITLE_MAX      1000
#define SYMBOL_MAX     1000
#define KIND_MAX       64
#define ANCHOR_MAX     300
#define SIGNATURE_MAX  4000
#define SUMMARY_MAX    2000
#define HEADING_ID_MAX 1000
#define FILE_MAX       4096
#define LANGUAGES_MAX  100
#define OWNERS_MAX     100
#define ORDER_MAX      1000000000

static apr_status_t take_path(docgen_events *events, const char *path)
{
    if (apr_hash_get(events->paths, path, APR_HASH_KEY_STRING)) {
        return docgen_event_breach(events, "sends the path %s for the second time", path);
    }
    path = apr_pstrdup(events->pool, path);
    apr_hash_set(events->paths, path, APR_HASH_KEY_STRING, path);
    return APR_SUCCESS;
}

static int is_anchor(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p <= 0x20 || *p == 0x7f) {
            return 0;
        }
    }
    return 1;
}

/* A list member of at most `max` elements. */
static apr_status_t member_list(docgen_events *events, const json_t *line, const char *key,
                                apr_size_t max, const json_t **list)
{
    *list = json_object_get(line, key);
    if (!json_is_array(*list)) {
        return docgen_event_breach(events, "has no list \"%s\"", key);
    }
    if (json_array_size(*list) > max) {
        return docgen_event_breach(events, "has %lu \"%s\", more than %lu",
                                   (unsigned long)json_array_size(*list), key, (unsigned long)max);
    }
    return APR_SUCCESS;
}

static apr_status_t heading_check(docgen_events *events, const json_t *heading)
{
    json_int_t level = json_integer_value(json_object_get(heading, "level"));
    const char *id, *text;
    apr_status_t rv;

    if (level < 1 || level > 6) {
        return docgen_event_breach(events, "has a heading without a \"level\" from 1 to 6");
    }
    if ((rv = docgen_event_text(events, heading, "id", 1, HEADING_ID_MAX, &id)) ||
        (rv = docgen_event_text(events, heading, "text", 0, TITLE_MAX, &text))) {
        return rv;
    }
    return is_anchor(id) ? APR_SUCCESS
                         : docgen_event_breach(events, "has a heading whose \"id\" has blanks");
}

/* What version 2 says of a page: its headings, the text between them, and, which is checked and not stored yet, the files
 * that it is made from. */
static apr_status_t page_outline(docgen_events *events, const json_t *line, json_t *artifact)
{
    const json_t *headings, *texts, *sources;
    const char *path, *blob;
    apr_status_t rv;

    if ((rv = member_list(events, line, "headings", DOCGEN_EVENTS_HEADINGS_MAX, &headings)) ||
        (rv = member_list(events, line, "text", DOCGEN_EVENTS_HEADINGS_MAX + 1, &texts)) ||
        (rv = member_list(events, line, "sources", DOCGEN_EVENTS_SOURCES_MAX, &sources))) {
        return rv;
    }
    if (json_array_size(texts) != json_array_size(headings) + 1) {
        return docgen_event_breach(events, "has %lu pieces of \"text\" for %lu headings",
                                   (unsigned long)json_array_size(texts),
                                   (unsigned long)json_array_size(headings));
    }
    for (apr_size_t i = 0; i < json_array_size(headings); i++) {
        if ((rv = heading_check(events, json_array_get(headings, i)))) {
            return rv;
        }
    }
    for (apr_size_t i = 0; i < json_array_size(texts); i++) {
        if (!json_is_string(json_array_get(texts, i))) {
            return docgen_event_breach(events, "has a \"text\" that is not all strings");
        }
    }
    for (apr_size_t i = 0; i < json_array_size(sources); i++) {
        const json_t *source = json_array_get(sources, i);

        if ((rv = docgen_event_text(events, source, "path", 1, FILE_MAX, &path)) ||
            (rv = docgen_event_text(events, source, "blob", 1, 64, &blob))) {
            return rv;
        }
    }
    json_object_set(artifact, "headings", (json_t *)headings);
    json_object_set(artifact, "text", (json_t *)texts);
    return APR_SUCCESS;
}

apr_status_t docgen_event_page(docgen_events *events, const json_t *line, docgen_event *event)
{
    const json_t *order = json_object_get(line, "order");
    const char *path, *title, *markdown, *html;
    json_t *artifact;
    apr_status_t rv;

    if ((rv = docgen_event_text(events, line, "path", 1, DOCGEN_EVENTS_LINE_MAX, &path)) ||
        (rv = docgen_event_label(events, line, "title", TITLE_MAX, &title)) ||
        (rv = docgen_event_text(events, line, "markdown", 0, DOCGEN_EVENTS_LINE_MAX, &markdown)) ||
        (rv = docgen_event_text(events, line, "html", 0, DOCGEN_EVENTS_LINE_MAX, &html))) {
        return rv;
    }
    if (!docgen_path_is_page(path)) {
        return docgen_event_breach(events, "has a path that no page may have: %.100s", path);
    }
    if (!json_is_integer(order) || json_integer_value(order) < 0 ||
        json_integer_value(order) > ORDER_MAX) {
        return docgen_event_breach(
            events, "has an \"order\" that is not a whole number from 0 to %d", ORDER_MAX);
    }
    if (++events->pages > DOCGEN_EVENTS_PAGES_MAX) {
        return docgen_event_breach(events, "is page %d, more than a job may send", events->pages);
    }
    artifact = json_pack("{s:s, s:s, s:O, s:O, s:O}", "path", path, "title", title, "order", order,
                         "markdown", json_object_get(line, "markdown"), "html",
                         json_object_get(line, "html"));
    event->artifact = docgen_json_own(events->scratch, artifact);
    if (events->version > 1 && (rv = page_outline(events, line, artifact))) {
        return rv;
    }
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

apr_status_t docgen_event_asset(docgen_events *events, const json_t *line, docgen_event *event)
{
    const char *path, *type, *base64;
    apr_status_t rv;

    if ((rv = docgen_event_text(events, line, "path", 1, DOCGEN_EVENTS_LINE_MAX, &path)) ||
        (rv = docgen_event_text(events, line, "mediaType", 1, 100, &type)) ||
        (rv = docgen_event_text(events, line, "base64", 0, DOCGEN_EVENTS_LINE_MAX, &base64))) {
        return rv;
    }
    if (!docgen_path_is_asset(path)) {
        return docgen_event_breach(events, "has a path that no asset may have: %.100s", path);
    }
    if (!is_image(type)) {
        return docgen_event_breach(events, "has a \"mediaType\" that is no image: %.100s", type);
    }
    if (!is_base64(base64, json_string_length(json_object_get(line, "base64")))) {
        return docgen_event_breach(events, "has a \"base64\" that is not base64");
    }
    if (++events->assets > DOCGEN_EVENTS_ASSETS_MAX) {
        return docgen_event_breach(events, "is asset %d, more than a job may send", events->assets);
    }
    event->artifact = docgen_json_own(events->scratch,
                                      json_pack("{s:s, s:s, s:O}", "path", path, "mediaType", type,
                                                "base64", json_object_get(line, "base64")));
    return take_path(events, path);
}

/* A text that may be absent. */
static apr_status_t member_optional(docgen_events *events, const json_t *line, const char *key,
                                    apr_size_t max, json_t *artifact)
{
    const char *text;
    apr_status_t rv;

    if (!json_object_get(line, key)) {
        return APR_SUCCESS;
    }
    rv = docgen_event_text(events, line, key, 0, max, &text);
    if (rv == APR_SUCCESS) {
        json_object_set(artifact, key, json_object_get(line, key));
    }
    return rv;
}

static int homepage_is_web(const json_t *homepage)
{
    const char *text = json_string_value(homepage);

    return !text || !strncasecmp(text, "https://", 8) || !strncasecmp(text, "http://", 7);
}

/* What version 2 says of a symbol: how it is written, what it is for, where it stands. */
static apr_status_t symbol_details(docgen_events *events, const json_t *line, json_t *artifact)
{
    const json_t *first = json_object_get(line, "line"), *last = json_object_get(line, "endLine");
    const char *visibility;
    apr_status_t rv;

    if ((rv = docgen_event_text(events, line, "visibility", 1, KIND_MAX, &visibility)) ||
        (rv = member_optional(events, line, "signature", SIGNATURE_MAX, artifact)) ||
        (rv = member_optional(events, line, "summary", SUMMARY_MAX, artifact)) ||
        (rv = member_optional(events, line, "parent", SYMBOL_MAX, artifact)) ||
        (rv = member_optional(events, line, "file", FILE_MAX, artifact))) {
        return rv;
    }
    if (strcmp(visibility, "public") && strcmp(visibility, "internal")) {
        return docgen_event_breach(events, "has a \"visibility\" other than public and internal");
    }
    json_object_set(artifact, "visibility", json_object_get(line, "visibility"));
    if (!first && !last) {
        return APR_SUCCESS;
    }
    if (!json_is_integer(first) || !json_is_integer(last) || json_integer_value(first) < 1 ||
        json_integer_value(last) < json_integer_value(first) ||
        json_integer_value(last) > INT_MAX) {
        return docgen_event_breach(events, "has lines that are not a range from 1 on");
    }
    json_object_set(artifact, "line", (json_t *)first);
    json_object_set(artifact, "endLine", (json_t *)last);
    return APR_SUCCESS;
}

apr_status_t docgen_event_symbol(docgen_events *events, const json_t *line, docgen_event *event)
{
    const char *name, *kind, *page, *anchor;
    json_t *artifact;
    apr_status_t rv;

    if ((rv = docgen_event_label(events, line, "name", SYMBOL_MAX, &name)) ||
        (rv = docgen_event_label(events, line, "kind", KIND_MAX, &kind)) ||
        (rv = docgen_event_text(events, line, "page", 1, DOCGEN_EVENTS_LINE_MAX, &page)) ||
        (rv = docgen_event_text(events, line, "anchor", 0, ANCHOR_MAX, &anchor))) {
        return rv;
    }
    if (!docgen_path_is_page(page)) {
        return docgen_event_breach(events, "has a page that cannot be: %.100s", page);
    }
    if (!is_anchor(anchor)) {
        return docgen_event_breach(events, "has an \"anchor\" with blanks in it");
    }
    if (++events->symbols > DOCGEN_EVENTS_SYMBOLS_MAX) {
        return docgen_event_breach(events, "is symbol %d, more than a job may send",
                                   events->symbols);
    }
    artifact = json_pack("{s:s, s:s, s:s, s:s}", "name", name, "kind", kind, "page", page, "anchor",
                         anchor);
    event->artifact = docgen_json_own(events->scratch, artifact);
    return events->version > 1 ? symbol_details(events, line, artifact) : APR_SUCCESS;
}

/* What version 2 says of the repository; once. */
apr_status_t docgen_event_facts(docgen_events *events, const json_t *line, docgen_event *event)
{
    json_t *artifact = json_object();
    const json_t *languages, *owners;
    apr_status_t rv;

    event->artifact = docgen_json_own(events->scratch, artifact);
    if (events->version < 2 || events->has_facts++) {
        return docgen_event_breach(events, "says \"facts\" where that is not allowed");
    }
    if ((rv = member_optional(events, line, "description", SUMMARY_MAX, artifact)) ||
        (rv = member_optional(events, line, "homepage", SUMMARY_MAX, artifact)) ||
        (rv = member_optional(events, line, "licence", KIND_MAX * 4, artifact)) ||
        (rv = member_list(events, line, "languages", LANGUAGES_MAX, &languages)) ||
        (rv = member_list(events, line, "owners", OWNERS_MAX, &owners))) {
        return rv;
    }
    if (!homepage_is_web(json_object_get(artifact, "homepage"))) {
        return docgen_event_breach(events, "has a \"homepage\" that is no web address");
    }
    for (apr_size_t i = 0; i < json_array_size(languages); i++) {
        const json_t *language = json_array_get(languages, i);
        const char *name;

        if ((rv = docgen_event_label(events, language, "name", KIND_MAX, &name))) {
            return rv;
        }
        if (!json_is_integer(json_object_get(language, "lines"))) {
            return docgen_event_breach(events, "has a language without a number of \"lines\"");
        }
    }
    for (apr_size_t i = 0; i < json_array_size(owners); i++) {
        const char *owner = json_string_value(json_array_get(owners, i));

        if (!owner || strlen(owner) > KIND_MAX * 4) {
            return docgen_event_breach(events, "has an owner that is no short text");
        }
    }
    json_object_set(artifact, "languages", (json_t *)languages);
    json_object_set(artifact, "owners", (json_t *)owners);
    return APR_SUCCESS;
}
