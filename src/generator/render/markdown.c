/* Markdown to safe HTML: prepared (markdown_prepare.c), read by md4c, rebuilt by the sanitiser (html.c).
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <md4c-html.h>
#include "core/buffer.h"
#include "core/text.h"
#include "generator/render/html.h"
#include "generator/render/tables.h"

static void on_html(const MD_CHAR *data, MD_SIZE length, void *baton)
{
    docgen_buffer *html = baton;

    /* Every input byte makes a bounded number of output bytes; this is the second line of defence. */
    if (html->length < 16 * 1024 * 1024)
        docgen_buffer_append(html, data, length);
}

/* The part of a text that is rendered: whole lines, at most DOCGEN_RENDER_MAX bytes. */
static const char *text_cut(apr_pool_t *pool, const char *text)
{
    apr_size_t length = DOCGEN_RENDER_MAX;

    if (strlen(text) <= length)
        return text;
    while (length > 0 && text[length] != '\n')
        length--;
    return apr_pstrcat(pool, apr_pstrndup(pool, text, length),
                       "\n\n*This document is longer; the rest is in the source.*\n", NULL);
}

const char *docgen_markdown_part(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings,
                                 docgen_ids *ids)
{
    unsigned flags = MD_DIALECT_GITHUB;
    apr_pool_t *scratch;
    docgen_buffer *html;
    const char *result;

    apr_pool_create(&scratch, pool);
    html = docgen_buffer_create(scratch);
    if (!docgen_utf8_is_valid(markdown, strlen(markdown)))
        markdown = docgen_utf8_repair(scratch, markdown, strlen(markdown));
    markdown = docgen_markdown_prepare(scratch, text_cut(scratch, markdown));
    if (md_html(markdown, (MD_SIZE)strlen(markdown), on_html, html, flags, 0) != 0) {
        /* md4c only fails for want of memory: the text itself is still worth showing. */
        docgen_buffer_clear(html);
        docgen_buffer_puts(html, "<pre>");
        docgen_buffer_html(html, markdown);
        docgen_buffer_puts(html, "</pre>");
    }
    docgen_table_bars(html->data);
    result = docgen_html_part(pool, html->data, shift, links, headings, ids);
    apr_pool_destroy(scratch);
    return result;
}

const char *docgen_markdown_html(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings)
{
    docgen_ids *ids = docgen_ids_create(pool);

    return docgen_ids_resolve(ids, pool,
                              docgen_markdown_part(pool, markdown, shift, links, headings, ids));
}
