/* A page while it is written: the section's own Markdown and passages of the repository's documents, each with
 * its own way of resolving links, share one table of ids and one limit of size.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/documents/html.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    HTML_MAX = 960 * 1024 /* a page stays below 1 MB */
};

struct docgen_draft {
    docgen_site *site;
    apr_pool_t *pool;
    const char *path;
    const char *title;
    int order;
    docgen_buffer *own; /* the section's text that is not rendered yet */
    docgen_buffer *markdown;
    docgen_buffer *html;
    docgen_ids *ids;
    apr_array_header_t *sources; /* docgen_page_source */
};

docgen_draft *docgen_draft_create(docgen_site *site, const char *path, const char *title, int order)
{
    apr_pool_t *pool;
    docgen_draft *draft;

    apr_pool_create(&pool, site->pool);
    draft = apr_pcalloc(pool, sizeof(*draft));
    draft->site = site;
    draft->pool = pool;
    draft->path = apr_pstrdup(pool, path);
    draft->title = apr_pstrdup(pool, title);
    draft->order = order;
    draft->own = docgen_buffer_create(pool);
    draft->markdown = docgen_buffer_create(pool);
    draft->html = docgen_buffer_create(pool);
    draft->ids = docgen_ids_create(pool);
    draft->sources = apr_array_make(pool, 4, sizeof(docgen_page_source));
    return draft;
}

/* One blank line parts blocks. */
static void markdown_add(docgen_draft *draft, const char *markdown)
{
    const docgen_buffer *before = draft->markdown;

    if (before->length > 1 && !strcmp(before->data + before->length - 2, "\n\n"))
        markdown += strspn(markdown, "\n");
    docgen_buffer_puts(draft->markdown, markdown);
}

/* Renders one part; what would make the page too large is cut at a line and said to be. */
static void part_add(docgen_draft *draft, const char *markdown, int shift,
                     const docgen_links *links)
{
    apr_pool_t *scratch;
    apr_size_t room = HTML_MAX > draft->html->length ? HTML_MAX - draft->html->length : 0;
    const docgen_node *document;
    const char *html;

    apr_pool_create(&scratch, draft->pool);
    document = docgen_markdown_read(scratch, markdown);
    html = docgen_html_write(scratch, document, shift, links, NULL, draft->ids);
    while (strlen(html) > room) {
        apr_size_t keep = strlen(markdown);

        keep = (apr_size_t)((double)keep * 0.9 * (double)room / (double)strlen(html));
        while (keep > 0 && markdown[keep] != '\n')
            keep--;
        if (keep == 0) {
            apr_pool_destroy(scratch);
            return;
        }
        markdown = apr_pstrcat(scratch, apr_pstrndup(scratch, markdown, keep),
                               "\n\n*Shortened: the rest is in the source.*\n", NULL);
        document = docgen_markdown_read(scratch, markdown);
        html = docgen_html_write(scratch, document, shift, links, NULL, draft->ids);
    }
    docgen_buffer_puts(draft->html, html);
    markdown_add(draft, docgen_markdown_write(scratch, document, shift, links));
    docgen_buffer_puts(draft->markdown, "\n");
    apr_pool_destroy(scratch);
}

static void own_flush(docgen_draft *draft)
{
    docgen_links *links;

    if (draft->own->length == 0)
        return;
    if (draft->html->length == 0 && strncmp(draft->own->data, "# ", 2)) {
        const char *text = apr_pstrdup(draft->pool, draft->own->data);

        docgen_buffer_clear(draft->own);
        docgen_buffer_printf(draft->own, "# %s\n\n%s",
                             docgen_markdown_escape(draft->pool, draft->title), text);
    }
    links = docgen_site_own_links(draft->site, draft->pool, draft->path);
    part_add(draft, draft->own->data, 0, links);
    docgen_buffer_clear(draft->own);
}

void docgen_draft_text(docgen_draft *draft, const char *markdown)
{
    docgen_buffer_puts(draft->own, markdown);
}

void docgen_draft_printf(docgen_draft *draft, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    docgen_buffer_puts(draft->own, apr_pvsprintf(draft->pool, format, args));
    va_end(args);
}

/* A page begins with its title, even when all of it is quoted. */
static void title_flush(docgen_draft *draft)
{
    if (draft->html->length == 0 && draft->own->length == 0)
        docgen_buffer_puts(draft->own, "\n");
    own_flush(draft);
}

/* "](#x)" in a passage means a place in its document, which may not be on this page: it leads to the document's
 * own page then. */
static const char *fragments_own(docgen_draft *draft, const docgen_file *file, const char *markdown)
{
    static const char *const marks[] = {"](#", "]: #"};
    const docgen_guide *guide = docgen_guide_of(draft->site, file);
    docgen_buffer *out;
    const char *from = markdown;

    if (!guide || !strcmp(guide->page, draft->path))
        return markdown;
    out = docgen_buffer_create(draft->pool);
    for (const char *at = strstr(from, "]"); at; at = strstr(at + 1, "]")) {
        for (int i = 0; i < 2; i++) {
            apr_size_t length = strlen(marks[i]) - 1;

            if (strncmp(at, marks[i], length + 1))
                continue;
            docgen_buffer_append(out, from, (apr_size_t)(at - from) + length);
            docgen_buffer_url(out, docgen_basename(file->path));
            from = at + length;
        }
    }
    docgen_buffer_puts(out, from);
    return out->data;
}

/* A passage with the definitions of its reference links, which stand anywhere in its document. */
static const char *references_add(docgen_draft *draft, const docgen_file *file,
                                  const char *markdown)
{
    const char *document = docgen_site_document(draft->site, draft->pool, file);
    const char *definitions = document ? docgen_references_of(draft->pool, document, markdown) : "";

    return *definitions ? apr_pstrcat(draft->pool, markdown, definitions, NULL) : markdown;
}

void docgen_draft_code(docgen_draft *draft, const char *fence, const char *language,
                       const char *html)
{
    own_flush(draft);
    if (draft->html->length + strlen(html) > HTML_MAX)
        return;
    docgen_buffer_puts(draft->html, "<pre class=\"signature\"><code");
    if (*language)
        docgen_buffer_printf(draft->html, " class=\"language-%s\"", language);
    docgen_buffer_printf(draft->html, ">%s\n</code></pre>\n", html);
    markdown_add(draft, fence);
}

void docgen_draft_source(docgen_draft *draft, const docgen_file *file)
{
    docgen_page_source *source;

    for (int i = 0; i < draft->sources->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(draft->sources, i, docgen_page_source).path, file->path))
            return;
    }
    if (draft->sources->nelts >= DOCGEN_SOURCES_MAX || !file->oid)
        return;
    source = apr_array_push(draft->sources);
    source->path = file->path;
    source->blob = file->oid;
}

void docgen_draft_quote(docgen_draft *draft, const docgen_file *file, const char *markdown,
                        int shift)
{
    title_flush(draft);
    markdown = references_add(draft, file, markdown);
    docgen_draft_source(draft, file);
    part_add(draft, fragments_own(draft, file, markdown), shift,
             docgen_site_links(draft->site, draft->pool, file, draft->path));
}

void docgen_draft_quote_plain(docgen_draft *draft, const docgen_file *file, const char *markdown,
                              int shift)
{
    title_flush(draft);
    markdown = references_add(draft, file, markdown);
    docgen_draft_source(draft, file);
    part_add(draft, fragments_own(draft, file, markdown), shift,
             docgen_site_plain_links(draft->site, draft->pool, file, draft->path));
}

apr_status_t docgen_draft_send(docgen_draft *draft)
{
    docgen_page page;
    apr_status_t rv;

    title_flush(draft);
    memset(&page, 0, sizeof(page));
    page.path = draft->path;
    page.title = draft->title;
    page.order = draft->order;
    page.markdown = draft->markdown->data;
    page.sources = draft->sources;
    page.html = docgen_ids_resolve(draft->ids, draft->pool, draft->html->data);
    docgen_site_reserve(draft->site, draft->path, draft->title);
    rv = docgen_output_page(draft->site->output, &page);
    apr_pool_destroy(draft->pool);
    return rv;
}
