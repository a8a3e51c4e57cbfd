/* SPDX-License-Identifier: Apache-2.0 */
#include "web/facts.h"

#include <string.h>
#include <strings.h>
#include "core/json.h"

#define LANGUAGES_SHOWN 3
#define OWNERS_SHOWN    3

apr_status_t docgen_facts_find(docgen_context *context, const apr_array_header_t *states,
                               apr_hash_t **facts)
{
    apr_array_header_t *ids = apr_array_make(context->r->pool, 16, sizeof(const char *));

    for (int i = 0; i < states->nelts; i++) {
        const docgen_state *state = APR_ARRAY_IDX(states, i, docgen_state *);

        if (state->published_job_id)
            APR_ARRAY_PUSH(ids, const char *) = state->repository_id;
    }
    if (!ids->nelts) {
        *facts = apr_hash_make(context->r->pool);
        return APR_SUCCESS;
    }
    return docgen_store_published_facts(context->store, context->r->pool, ids, facts);
}

/* The facts of one repository, or NULL. */
static const json_t *facts_of(docgen_context *context, apr_hash_t *facts, const char *id)
{
    const char *text = apr_hash_get(facts, id, APR_HASH_KEY_STRING);
    json_t *object = NULL;

    if (text &&
        docgen_json_parse(context->r->pool, text, strlen(text), &object, NULL) != APR_SUCCESS)
        object = NULL;
    return object;
}

void docgen_facts_description(docgen_context *context, docgen_buffer *page, apr_hash_t *facts,
                              const char *id)
{
    const char *text = docgen_json_string(facts_of(context, facts, id), "description");

    if (!text || !*text)
        return;
    docgen_buffer_puts(page, "<p class=\"about\">");
    docgen_buffer_html(page, text);
    docgen_buffer_puts(page, "</p>");
}

static void append_languages(docgen_buffer *page, const json_t *languages)
{
    json_int_t all = 0;

    for (size_t i = 0; i < json_array_size(languages); i++)
        all += json_integer_value(json_object_get(json_array_get(languages, i), "lines"));
    for (size_t i = 0; all > 0 && i < json_array_size(languages) && i < LANGUAGES_SHOWN; i++) {
        const json_t *language = json_array_get(languages, i);
        json_int_t lines = json_integer_value(json_object_get(language, "lines"));
        int percent = (int)((lines * 100 + all / 2) / all);

        if (!percent)
            break;
        docgen_buffer_puts(page, "<span>");
        docgen_buffer_html(page, docgen_json_string(language, "name"));
        docgen_buffer_printf(page, " %d\u00a0%%</span>", percent);
    }
}

/* A homepage without its scheme and last slash; only what a browser may open is a link. */
static void append_homepage(docgen_buffer *page, const char *url)
{
    const char *name = url ? strstr(url, "://") : NULL;
    size_t length;

    if (!name || (strncasecmp(url, "https://", 8) && strncasecmp(url, "http://", 7)))
        return;
    name += 3;
    length = strlen(name);
    docgen_buffer_puts(page, "<a rel=\"nofollow\" href=\"");
    docgen_buffer_html(page, url);
    docgen_buffer_puts(page, "\">");
    docgen_buffer_html_n(page, name, length && name[length - 1] == '/' ? length - 1 : length);
    docgen_buffer_puts(page, "</a>");
}

void docgen_facts_line(docgen_context *context, docgen_buffer *page, apr_hash_t *facts,
                       const char *id)
{
    const json_t *object = facts_of(context, facts, id);
    const json_t *owners = json_object_get(object, "owners");
    const char *licence = docgen_json_string(object, "licence");

    if (!object)
        return;
    docgen_buffer_puts(page, "<p class=\"identity\">");
    append_languages(page, json_object_get(object, "languages"));
    if (licence && *licence) {
        docgen_buffer_puts(page, "<span>");
        docgen_buffer_html(page, licence);
        docgen_buffer_puts(page, "</span>");
    }
    append_homepage(page, docgen_json_string(object, "homepage"));
    for (size_t i = 0; i < json_array_size(owners) && i < OWNERS_SHOWN; i++) {
        docgen_buffer_puts(page, i ? "<span>" : "<span>Owned by ");
        docgen_buffer_html(page, json_string_value(json_array_get(owners, i)));
        docgen_buffer_puts(page, "</span>");
    }
    docgen_buffer_puts(page, "</p>\n");
}
