/* Search, as JSON and as a page, over what the caller may see.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "core/id.h"
#include "web/access.h"
#include "web/frame.h"
#include "web/inbound.h"
#include "web/reply.h"
#include "web/context.h"

#define LIMIT_DEFAULT 20
#define LIMIT_MAX     50
#define OFFSET_MAX    1000
#define QUERY_MAX     200

/** What is searched for, and where. */
typedef struct search_request {
    const char *query;      /**< trimmed; "" = nothing was asked */
    const char *repository; /**< only there, or NULL */
    const char *title;      /**< of the repository */
    int limit;
    int offset;
    apr_array_header_t *ids;  /**< const char *: where the caller may search */
    apr_array_header_t *hits; /**< docgen_hit */
    const char *bad;          /**< what is wrong with the query, or NULL */
} search_request;

/* A whole number of the query string within bounds; `fallback` when absent, -1 when it is something else. */
static int number(const docgen_context *context, const char *name, int fallback, int max)
{
    const char *text = docgen_inbound_query(context, name);
    char *end;
    long value;

    if (!text)
        return fallback;
    value = strtol(text, &end, 10);
    return *text < '0' || *text > '9' || *end || value > max ? -1 : (int)value;
}

static void read_query(docgen_context *context, search_request *search)
{
    const char *query = docgen_inbound_query(context, "q");
    apr_size_t length;

    query = query ? query + strspn(query, " \t\r\n") : "";
    length = strlen(query);
    while (length && strchr(" \t\r\n", query[length - 1]))
        length--;
    search->query = apr_pstrmemdup(context->r->pool, query, length);
    search->repository = docgen_inbound_query(context, "repositoryId");
    if (search->repository && !*search->repository)
        search->repository = NULL;
    search->limit = number(context, "limit", LIMIT_DEFAULT, LIMIT_MAX);
    search->offset = number(context, "offset", 0, OFFSET_MAX);
    if (length > QUERY_MAX)
        search->bad = "The query q is longer than 200 bytes; use fewer words.";
    else if (search->limit < 1 || search->offset < 0)
        search->bad = "limit is a whole number from 1 to 50 and offset one from 0 to 1000; "
                      "correct them.";
}

/* Where the caller may search. @return with `*known` 0 when it names a repository that does not exist for them. */
static apr_status_t find_scope(docgen_context *context, search_request *search, int *known)
{
    *known = 1;
    if (!search->repository)
        return docgen_access_published(context, &search->ids);
    *known = 0;
    search->ids = apr_array_make(context->r->pool, 1, sizeof(const char *));
    APR_ARRAY_PUSH(search->ids, const char *) = search->repository;
    if (!docgen_id_is_valid(search->repository))
        return APR_SUCCESS;
    return docgen_access_find(context, search->repository, known, &search->title);
}

static apr_status_t run(docgen_context *context, search_request *search)
{
    apr_status_t rv = docgen_access_store(context);

    search->hits = apr_array_make(context->r->pool, 1, sizeof(docgen_hit));
    if (rv != APR_SUCCESS || !*search->query || search->bad || !search->ids->nelts)
        return rv;
    return docgen_store_search(context->store, context->r->pool, search->query, search->ids,
                               search->limit, search->offset, &search->hits);
}

/* "docs/ID/PATH#anchor" below the mount. */
static const char *hit_path(const docgen_context *context, const docgen_hit *hit)
{
    apr_pool_t *pool = context->r->pool;
    const char *path = apr_pstrcat(pool, "docs/", hit->repository_id, "/",
                                   hit->path && strcmp(hit->path, "index") ? hit->path : "", NULL);

    if (!hit->anchor || !*hit->anchor)
        return path;
    return apr_pstrcat(pool, path, "#", docgen_url_escape(pool, hit->anchor), NULL);
}

static int is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Takes the marks \002…\003 out of an excerpt and says of each byte whether it is in a hit. Hits grow to whole
 * words, because a mark inside a word breaks screen readers. From the request's pool. */
static const char *plain_excerpt(const docgen_context *context, const char *excerpt,
                                 const char **is_hit)
{
    apr_size_t length = strlen(excerpt), size = 0;
    char *plain = apr_palloc(context->r->pool, length + 1);
    char *marked = apr_pcalloc(context->r->pool, length + 1);
    char in_hit = 0;

    for (; *excerpt; excerpt++) {
        if (*excerpt == '\002' || *excerpt == '\003') {
            in_hit = *excerpt == '\002';
        } else {
            marked[size] = in_hit;
            plain[size++] = *excerpt;
        }
    }
    plain[size] = '\0';
    for (apr_size_t i = 1; i < size; i++)
        marked[i] |= (char)(marked[i - 1] && is_word(plain[i - 1]) && is_word(plain[i]));
    for (apr_size_t i = size; i-- > 1;)
        marked[i - 1] |= (char)(marked[i] && is_word(plain[i - 1]) && is_word(plain[i]));
    *is_hit = marked;
    return plain;
}

/* The excerpt as an array of texts; every second one is a hit. The caller owns it. */
static json_t *excerpt_parts(const char *plain, const char *is_hit)
{
    json_t *parts = json_array();
    apr_size_t at = 0, end;
    char in_hit = 0;

    do {
        for (end = at; plain[end] && is_hit[end] == in_hit; end++)
            ;
        json_array_append_new(parts, json_stringn(plain + at, end - at));
        at = end;
        in_hit = !in_hit;
    } while (plain[at]);
    return parts;
}

static json_t *hit_json(const docgen_context *context, const docgen_hit *hit)
{
    json_t *json = json_object();
    const char *is_hit, *plain = plain_excerpt(context, hit->excerpt ? hit->excerpt : "", &is_hit);

    json_object_set_new(json, "repositoryId", docgen_json_text(hit->repository_id));
    json_object_set_new(json, "path", docgen_json_text(hit->path));
    json_object_set_new(json, "title", docgen_json_text(hit->title));
    json_object_set_new(json, "heading", docgen_json_text(hit->heading));
    json_object_set_new(json, "anchor", docgen_json_text(hit->anchor));
    json_object_set_new(json, "kind", docgen_json_text(hit->kind));
    json_object_set_new(json, "url",
                        json_string(apr_pstrcat(context->r->pool, context->mount, "/",
                                                hit_path(context, hit), NULL)));
    json_object_set_new(json, "excerpt", json_string(plain));
    json_object_set_new(json, "excerptParts", excerpt_parts(plain, is_hit));
    return json;
}

int docgen_api_search(docgen_context *context)
{
    search_request search = {0};
    json_t *root, *list;
    int known;
    apr_status_t rv;

    read_query(context, &search);
    if (!search.bad && !*search.query)
        search.bad = "The query q is missing; send ?q=WORDS.";
    if (search.bad)
        return docgen_problem(context, DOCGEN_E_BAD_QUERY, "%s", search.bad);
    rv = find_scope(context, &search, &known);
    if (rv == APR_SUCCESS && !known)
        return docgen_problem_unknown(context);
    if (rv == APR_SUCCESS)
        rv = run(context, &search);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    root = docgen_json_own(context->r->pool, json_object());
    json_object_set_new(root, "query", json_string(search.query));
    list = json_array();
    json_object_set_new(root, "hits", list);
    for (int i = 0; i < search.hits->nelts; i++)
        json_array_append_new(list, hit_json(context, &APR_ARRAY_IDX(search.hits, i, docgen_hit)));
    return docgen_send_json(context, HTTP_OK, root, NULL, NULL);
}

static void append_excerpt(const docgen_context *context, docgen_buffer *page, const char *excerpt)
{
    const char *is_hit, *plain = plain_excerpt(context, excerpt, &is_hit);
    apr_size_t at = 0, end;

    while (plain[at]) {
        for (end = at; plain[end] && is_hit[end] == is_hit[at]; end++)
            ;
        docgen_buffer_puts(page, is_hit[at] ? "<mark>" : "");
        docgen_buffer_html_n(page, plain + at, end - at);
        docgen_buffer_puts(page, is_hit[at] ? "</mark>" : "");
        at = end;
    }
}

static void append_hit(docgen_context *context, docgen_buffer *page, const docgen_hit *hit)
{
    docgen_buffer_puts(page, "<li><a href=\"");
    docgen_buffer_html(page, hit_path(context, hit));
    docgen_buffer_puts(page, "\">");
    docgen_buffer_html(page, hit->heading && *hit->heading ? hit->heading : hit->title);
    docgen_buffer_puts(page, "</a><p class=\"where\">");
    docgen_buffer_html(page, hit->repository_id);
    docgen_buffer_puts(page, " · ");
    docgen_buffer_html(page, hit->title);
    docgen_buffer_puts(page, "</p><p class=\"excerpt\">");
    append_excerpt(context, page, hit->excerpt ? hit->excerpt : "");
    docgen_buffer_puts(page, "</p></li>\n");
}

/* A link to the results around these; `offset` is where they begin. */
static void append_more(docgen_context *context, docgen_buffer *page, const search_request *search,
                        int offset, const char *label)
{
    docgen_buffer_puts(page, "<a class=\"button\" href=\"search?q=");
    docgen_buffer_url(page, search->query);
    if (search->repository)
        docgen_buffer_printf(page, "&amp;repositoryId=%s",
                             docgen_url_escape(context->r->pool, search->repository));
    docgen_buffer_printf(page, "&amp;offset=%d\">%s</a> ", offset, label);
}

static void append_results(docgen_context *context, docgen_buffer *page,
                           const search_request *search)
{
    int count = search->hits->nelts;

    docgen_buffer_puts(page, "<p class=\"count\" role=\"status\">");
    if (search->bad)
        docgen_buffer_puts(page, search->bad);
    else if (!*search->query)
        docgen_buffer_puts(page, "Type what you look for: a name, a heading, or words.");
    else if (!count)
        docgen_buffer_puts(page, "Nothing was found. Check the spelling or use fewer words.");
    else
        docgen_buffer_printf(page, "Results %d to %d", search->offset + 1, search->offset + count);
    docgen_buffer_puts(page, "</p>\n<ol class=\"hits\">\n");
    for (int i = 0; i < count; i++)
        append_hit(context, page, &APR_ARRAY_IDX(search->hits, i, docgen_hit));
    docgen_buffer_puts(page, "</ol>\n<p>");
    if (search->offset > 0)
        append_more(context, page, search,
                    search->offset > search->limit ? search->offset - search->limit : 0,
                    "Earlier results");
    if (count == search->limit && search->offset + count <= OFFSET_MAX)
        append_more(context, page, search, search->offset + count, "More results");
    docgen_buffer_puts(page, "</p>\n");
}

int docgen_page_search(docgen_context *context)
{
    search_request search = {0};
    docgen_frame frame = {.title = "Search", .kind = "search", .script = "site.js"};
    docgen_buffer *page;
    int known;
    apr_status_t rv;

    read_query(context, &search);
    rv = find_scope(context, &search, &known);
    if (rv == APR_SUCCESS && !known)
        return docgen_problem_unknown(context);
    if (rv == APR_SUCCESS)
        rv = run(context, &search);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    frame.query = search.query;
    if (search.repository) {
        frame.repository = search.repository;
        frame.repository_title = search.title;
    }
    page = docgen_frame_open(context, &frame);
    docgen_buffer_puts(page, "<h1>Search");
    if (search.repository) {
        docgen_buffer_puts(page, " in ");
        docgen_buffer_html(page, search.title);
    }
    docgen_buffer_puts(page, "</h1>\n");
    append_results(context, page, &search);
    return docgen_frame_send(context, page, HTTP_OK, NULL, NULL);
}
