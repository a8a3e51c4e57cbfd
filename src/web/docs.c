/* GET docs/ID/…: published pages as HTML or Markdown, their assets, llms.txt, permanent links to symbols.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "core/id.h"
#include "web/access.h"
#include "web/docs_html.h"
#include "web/docs_nav.h"
#include "web/frame.h"
#include "web/project_view.h"
#include "web/reply.h"
#include "web/context.h"

#define HEADING_MAX 200 /* bytes of a text that is searched for */
#define HEADINGS    10  /* hits among which one must be it */

int docgen_docs_root(docgen_context *context)
{
    return docgen_redirect(
        context, HTTP_MOVED_PERMANENTLY,
        apr_pstrcat(context->r->pool, context->mount, "/docs/", context->id, "/", NULL), 1);
}

/* Before any artifact is read: does the repository exist for this caller? @return OK with `*title` set, else sent. */
static int find_repository(docgen_context *context, const char **title)
{
    int known;
    apr_status_t rv;

    *title = NULL;
    rv = docgen_access_find(context, context->id, &known, title);
    if (rv == APR_SUCCESS && !known)
        return docgen_problem_unknown(context);
    if (rv == APR_SUCCESS)
        rv = docgen_access_store(context);
    if (rv == APR_SUCCESS)
        return OK;
    *title = NULL;
    return docgen_problem_store(context, rv);
}

/* An artifact is missing: say whether the documentation itself is. */
static int answer_missing(docgen_context *context)
{
    apr_array_header_t *entries = NULL;
    apr_status_t rv =
        docgen_store_page_list(context->store, context->r->pool, context->id, &entries);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!entries->nelts)
        return docgen_problem(context, DOCGEN_E_NOT_PUBLISHED,
                              "%s has no documentation yet; open %s/projects/%s and generate it.",
                              context->id, context->mount, context->id);
    return docgen_problem(context, DOCGEN_E_NOT_FOUND,
                          "The documentation of %s has no such page now; start at %s/docs/%s/ or "
                          "search for it.",
                          context->id, context->mount, context->id);
}

static const char *artifact_etag(const docgen_context *context, const char *job, const char *form)
{
    return apr_psprintf(context->r->pool, "W/\"%s.%s.%s\"", job,
                        docgen_url_escape(context->r->pool, context->tail), form);
}

static int send_markdown(docgen_context *context, const docgen_page_contents *body)
{
    docgen_reply reply = {.type = "text/markdown; charset=utf-8",
                          .body = body->markdown ? body->markdown : "",
                          .etag = artifact_etag(context, body->job_id, "md")};

    reply.length = strlen(reply.body);
    return docgen_send(context, &reply);
}

static void append_contents(docgen_buffer *page, const apr_array_header_t *contents)
{
    if (contents->nelts < 2)
        return;
    docgen_buffer_puts(page, "<nav class=\"toc\" aria-label=\"On this page\"><details>"
                             "<summary>On this page</summary><ul>");
    for (int i = 0; i < contents->nelts; i++) {
        const docgen_contents *entry = &APR_ARRAY_IDX(contents, i, docgen_contents);
        docgen_buffer_printf(page, "<li class=\"l%d\"><a href=\"#%s\">", entry->level, entry->id);
        docgen_docs_breakable(page, entry->text);
        docgen_buffer_puts(page, "</a></li>");
    }
    docgen_buffer_puts(page, "</ul></details></nav>\n");
}

static void append_turn(docgen_context *context, docgen_buffer *page,
                        const apr_array_header_t *entries, int at, const char *rel,
                        const char *label)
{
    const docgen_page_entry *entry;

    if (at < 0 || at >= entries->nelts)
        return;
    entry = &APR_ARRAY_IDX(entries, at, docgen_page_entry);
    docgen_buffer_printf(page, "<a rel=\"%s\" href=\"%s\"><span>%s</span> ", rel,
                         docgen_docs_href(context->r->pool, context->tail, entry->path), label);
    docgen_docs_title(page, entry->title);
    docgen_buffer_puts(page, "</a>");
}

static int place_of(const apr_array_header_t *entries, const char *path)
{
    for (int i = 0; i < entries->nelts; i++)
        if (!strcmp(APR_ARRAY_IDX(entries, i, docgen_page_entry).path, path))
            return i;
    return -2;
}

static void append_source(docgen_context *context, docgen_buffer *page,
                          const docgen_page_contents *body)
{
    docgen_buffer_puts(page, "<p class=\"source\">");
    docgen_project_source(context, page, body->commit, body->branch, body->published_at,
                          body->server_time);
    docgen_buffer_puts(page, "</p>");
    docgen_buffer_printf(page,
                         "<p class=\"renewal\" id=\"dg-renewal\"%s>A new version is being "
                         "generated. <a href=\"%sprojects/%s\">See its progress</a></p>\n",
                         body->status == DOCGEN_STATUS_GENERATING ? "" : " hidden", context->root,
                         context->id);
}

static void append_foot(docgen_context *context, docgen_buffer *page,
                        const apr_array_header_t *entries, const char *markdown)
{
    int at = place_of(entries, context->tail);

    docgen_buffer_puts(page, "<nav class=\"turn\" aria-label=\"Previous and next page\">");
    append_turn(context, page, entries, at - 1, "prev", "Previous");
    append_turn(context, page, entries, at + 1, "next", "Next");
    docgen_buffer_printf(page,
                         "</nav>\n<footer class=\"foot\"><a href=\"%s\">View as Markdown</a> "
                         "<a href=\"%sprojects/%s\">Project and regeneration</a></footer>",
                         markdown, context->root, context->id);
}

/* The title first, the stored one or the page's own, then where it comes from, then the rest. */
static void append_article(docgen_context *context, docgen_buffer *page,
                           const docgen_page_contents *body, const docgen_buffer *article)
{
    const char *rest = article->data;
    const char *end = docgen_docs_has_title(rest) ? strstr(rest, "</h1>") : NULL;

    if (end) {
        end += strlen("</h1>");
        docgen_buffer_append(page, rest, (apr_size_t)(end - rest));
        rest = end;
    } else {
        docgen_buffer_puts(page, "<h1>");
        docgen_buffer_html(page, body->title);
        docgen_buffer_puts(page, "</h1>");
    }
    append_source(context, page, body);
    docgen_buffer_puts(page, rest);
}

static int send_html(docgen_context *context, const docgen_page_contents *body,
                     const apr_array_header_t *entries, const char *title)
{
    apr_pool_t *pool = context->r->pool;
    const char *slash = strrchr(context->tail, '/');
    const char *markdown = apr_pstrcat(pool, slash ? slash + 1 : context->tail, ".md", NULL);
    docgen_frame frame = {.title = body->title,
                          .kind = "docs",
                          .script = "docs.js",
                          .repository = context->id,
                          .repository_title = title,
                          .alternate = markdown};
    docgen_buffer *page = docgen_frame_open(context, &frame);
    docgen_buffer *article = docgen_buffer_create(pool);
    apr_array_header_t *contents = docgen_docs_html(pool, article, body->html ? body->html : "");

    docgen_buffer_puts(page, "<div class=\"layout\">\n<nav class=\"side\" id=\"dg-pages\" "
                             "aria-label=\"Pages\">");
    docgen_docs_nav(pool, page, entries, context->tail);
    docgen_buffer_puts(page,
                       "</nav>\n<nav class=\"pages-link\" aria-label=\"Jump\"><a class=\"button\" "
                       "href=\"#dg-pages\">");
    docgen_frame_icon(context, page, "menu");
    docgen_buffer_puts(page, "Pages</a></nav>\n");
    append_contents(page, contents);
    docgen_buffer_puts(page, "<main id=\"dg-content\" tabindex=\"-1\">\n<article>");
    append_article(context, page, body, article);
    docgen_buffer_puts(page, "</article>\n");
    append_foot(context, page, entries, markdown);
    docgen_buffer_puts(page, "\n</main>\n</div>");
    return docgen_frame_send(context, page, HTTP_OK,
                             artifact_etag(context, body->job_id,
                                           apr_pstrcat(pool, docgen_status_name(body->status), ".",
                                                       docgen_ui_version(), NULL)),
                             NULL);
}

/* A page in the form that the caller asks for, unless the path says Markdown. */
static int send_page(docgen_context *context, const char *path, int markdown, const char *title)
{
    request_rec *r = context->r;
    docgen_page_contents *body = NULL;
    apr_array_header_t *entries = NULL;
    int html = docgen_accept(r, "text/html", 0), plain = docgen_accept(r, "text/markdown", 0);
    apr_status_t rv = docgen_store_page(context->store, r->pool, context->id, path, &body);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!body)
        return answer_missing(context);
    context->tail = path;
    if (markdown)
        return send_markdown(context, body);
    apr_table_mergen(r->headers_out, "Vary", "Accept");
    if (docgen_accept(r, "text/markdown", 1) > docgen_accept(r, "text/html", 1) && plain)
        return send_markdown(context, body);
    if (!html && !plain)
        return docgen_problem(context, DOCGEN_E_NOT_ACCEPTABLE,
                              "This page exists as text/html and text/markdown; accept one of "
                              "these.");
    rv = docgen_store_page_list(context->store, r->pool, context->id, &entries);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    return send_html(context, body, entries, title);
}

/* https://llmstxt.org: what the documentation holds, for programs that read. */
static int send_index_of_pages(docgen_context *context, const char *title)
{
    apr_array_header_t *entries = NULL;
    docgen_buffer *text = docgen_buffer_create(context->r->pool);
    docgen_reply reply = {.type = "text/plain; charset=utf-8"};
    apr_status_t rv =
        docgen_store_page_list(context->store, context->r->pool, context->id, &entries);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!entries->nelts)
        return answer_missing(context);
    docgen_buffer_printf(text,
                         "# %s\n\n> Documentation generated from the repository. Every page "
                         "below is Markdown.\n\n## Pages\n\n",
                         title);
    for (int i = 0; i < entries->nelts; i++) {
        const docgen_page_entry *entry = &APR_ARRAY_IDX(entries, i, docgen_page_entry);
        docgen_buffer_puts(text, "- [");
        for (const char *c = entry->title ? entry->title : entry->path; *c; c++) {
            if (strchr("[]\\", *c))
                docgen_buffer_puts(text, "\\");
            docgen_buffer_append(text, *c == '\n' ? " " : c, 1);
        }
        docgen_buffer_printf(text, "](%s.md)\n", entry->path);
    }
    reply.body = text->data;
    reply.length = text->length;
    return docgen_send(context, &reply);
}

/* Only pictures: anything else of a repository would run or render in this server's name. */
static int is_picture(const char *type)
{
    static const char *const types[] = {"image/png",  "image/jpeg",    "image/gif",   "image/webp",
                                        "image/avif", "image/svg+xml", "image/x-icon"};

    for (apr_size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (type && !strcmp(type, types[i]))
            return 1;
    return 0;
}

static int send_asset(docgen_context *context)
{
    docgen_asset_contents *asset = NULL;
    docgen_reply reply = {0};
    apr_status_t rv =
        docgen_store_asset(context->store, context->r->pool, context->id, context->tail, &asset);

    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!asset || !is_picture(asset->media_type))
        return answer_missing(context);
    apr_table_setn(context->r->err_headers_out, "Content-Security-Policy",
                   "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    reply.type = asset->media_type;
    reply.body = asset->data;
    reply.length = asset->length;
    reply.etag = artifact_etag(context, asset->job_id, "asset");
    return docgen_send(context, &reply);
}

/* A closing slash that people and tools add. @return the path without it when it may be something, or NULL */
static const char *without_slash(const docgen_context *context)
{
    apr_size_t length = strlen(context->tail);
    const char *path;

    if (length < 2 || context->tail[length - 1] != '/')
        return NULL;
    path = apr_pstrmemdup(context->r->pool, context->tail, length - 1);
    if (docgen_path_is_page(path) || docgen_path_is_asset(path) || !strcmp(path, "llms.txt"))
        return path;
    length -= 1 + strlen(".md");
    return length < strlen(path) && !strcmp(path + length, ".md") &&
                   docgen_path_is_page(apr_pstrmemdup(context->r->pool, path, length))
               ? path
               : NULL;
}

int docgen_docs_artifact(docgen_context *context)
{
    const char *title, *tail = context->tail;
    apr_size_t length = strlen(tail);
    int rc = find_repository(context, &title);

    if (!title)
        return rc;
    if (!length)
        return send_page(context, "index", 0, title);
    if (!strcmp(tail, "llms.txt"))
        return send_index_of_pages(context, title);
    if (docgen_path_is_page(tail))
        return send_page(context, tail, 0, title);
    if (docgen_path_is_asset(tail))
        return send_asset(context);
    tail = without_slash(context);
    if (tail)
        return docgen_redirect(
            context, HTTP_MOVED_PERMANENTLY,
            apr_pstrcat(context->r->pool, context->mount, "/docs/", context->id, "/", tail, NULL),
            1);
    if (length > 3 && !strcmp(context->tail + length - 3, ".md")) {
        tail = apr_pstrmemdup(context->r->pool, context->tail, length - 3);
        if (docgen_path_is_page(tail))
            return send_page(context, tail, 1, title);
    }
    return answer_missing(context);
}

/* Where a heading of this very text stands: an option, a setting or a command is documented by one. */
static apr_status_t find_heading(docgen_context *context, docgen_symbol_place **place)
{
    apr_pool_t *pool = context->r->pool;
    apr_array_header_t *ids = apr_array_make(pool, 1, sizeof(const char *)), *hits;
    apr_status_t rv;

    if (!*context->tail || strlen(context->tail) > HEADING_MAX)
        return APR_SUCCESS;
    APR_ARRAY_PUSH(ids, const char *) = context->id;
    rv = docgen_store_search(context->store, pool, context->tail, ids, HEADINGS, 0, &hits);
    for (int i = 0; rv == APR_SUCCESS && i < hits->nelts && !*place; i++) {
        const docgen_hit *hit = &APR_ARRAY_IDX(hits, i, const docgen_hit);

        if (hit->path && hit->heading && !strcmp(hit->heading, context->tail)) {
            *place = apr_pcalloc(pool, sizeof(**place));
            (*place)->page = hit->path;
            (*place)->anchor = hit->anchor;
        }
    }
    return rv;
}

int docgen_docs_symbol(docgen_context *context)
{
    request_rec *r = context->r;
    docgen_symbol_place *place = NULL;
    const char *title, *location;
    int rc = find_repository(context, &title);
    apr_status_t rv;

    if (!title)
        return rc;
    rv = docgen_store_symbol(context->store, r->pool, context->id, context->tail, &place);
    if (rv == APR_SUCCESS && !place)
        rv = find_heading(context, &place);
    if (rv != APR_SUCCESS)
        return docgen_problem_store(context, rv);
    if (!place)
        return docgen_problem(context, DOCGEN_E_NOT_FOUND,
                              "The documentation of %s has no symbol or heading of this name now; "
                              "search for it at %s/search?repositoryId=%s&q=%s.",
                              context->id, context->mount, context->id,
                              docgen_url_escape(r->pool, context->tail));
    location = apr_pstrcat(r->pool, context->mount, "/docs/", context->id, "/",
                           strcmp(place->page, "index") ? place->page : "", NULL);
    location = ap_os_escape_path(r->pool, location, 1);
    if (place->anchor && *place->anchor)
        location =
            apr_pstrcat(r->pool, location, "#", docgen_url_escape(r->pool, place->anchor), NULL);
    apr_table_setn(r->headers_out, "Location", location);
    return docgen_empty(context, HTTP_MOVED_TEMPORARILY);
}
