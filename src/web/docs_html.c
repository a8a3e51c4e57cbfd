/* A stored page's HTML as readers get it: see docs_html.h. The generator sanitised it; here it is only walked.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/docs_html.h"

#include <string.h>
#include <apr_strings.h>

int docgen_docs_has_title(const char *html)
{
    html += strspn(html, " \t\r\n");
    return !strncmp(html, "<h1", 3) && strchr(" >", html[3]) && html[3];
}

/* The value of id="…" in a start tag that ends before `end`. */
static const char *tag_id(apr_pool_t *pool, const char *tag, const char *end)
{
    const char *id = memmem(tag, (size_t)(end - tag), " id=\"", 5), *close;

    if (!id)
        return NULL;
    id += 5;
    close = strchr(id, '"');
    return close && close <= end && close > id ? apr_pstrmemdup(pool, id, (apr_size_t)(close - id))
                                               : NULL;
}

static const char *without_tags(apr_pool_t *pool, const char *from, const char *to)
{
    char *text = apr_palloc(pool, (apr_size_t)(to - from) + 1), *out = text;
    int in_tag = 0;

    for (const char *c = from; c < to; c++) {
        if (*c == '<')
            in_tag = 1;
        else if (*c == '>')
            in_tag = 0;
        else if (!in_tag)
            *out++ = *c == '\n' ? ' ' : *c;
    }
    *out = '\0';
    return text;
}

/* The end tag of the heading that begins at `start`, or NULL when it is none; `*content` is what it holds. */
static const char *heading_end(const char *start, const char **content)
{
    char close[] = "</h0>";
    const char *end = strchr(start, '>');

    if (start[1] != 'h' || start[2] < '1' || start[2] > '6' || !strchr(" >", start[3]) || !end)
        return NULL;
    close[3] = start[2];
    *content = end + 1;
    do {
        end = strchr(end + 1, '<');
    } while (end && strncmp(end, close, 5));
    return end;
}

/* Copies a heading up to its end tag and adds the link to it. */
static void append_heading(apr_pool_t *pool, docgen_buffer *page, const char *start,
                           const char *content, const char *stop, apr_array_header_t *contents)
{
    const char *id = tag_id(pool, start, content - 1), *text;
    docgen_contents *entry;

    docgen_buffer_append(page, start, (apr_size_t)(stop - start));
    if (!id || start[2] == '1')
        return;
    text = without_tags(pool, content, stop);
    docgen_buffer_printf(
        page, " <a class=\"anchor\" href=\"#%s\" aria-label=\"Link to section %s\">#</a>", id,
        text);
    if (start[2] > '3')
        return;
    entry = apr_array_push(contents);
    entry->level = start[2] - '0';
    entry->id = id;
    entry->text = text;
}

/* The length of an empty header cell, "<th></th>", or 0: one without a text tells a screen reader nothing. */
static apr_size_t empty_cell(const char *start)
{
    const char *end =
        !strncmp(start, "<th", 3) && strchr(" >", start[3]) ? strchr(start, '>') : NULL;

    return end && !strncmp(end, "></th>", 6) ? (apr_size_t)(end + 6 - start) : 0;
}

apr_array_header_t *docgen_docs_html(apr_pool_t *pool, docgen_buffer *page, const char *html)
{
    apr_array_header_t *contents = apr_array_make(pool, 16, sizeof(docgen_contents));
    const char *at = html, *start = html;

    while ((start = strchr(start, '<'))) {
        const char *content, *stop = heading_end(start, &content);
        apr_size_t empty = stop ? 0 : empty_cell(start);

        if (!stop && !empty) {
            start++;
            continue;
        }
        docgen_buffer_append(page, at, (apr_size_t)(start - at));
        if (stop)
            append_heading(pool, page, start, content, stop, contents);
        else
            docgen_buffer_puts(page, "<td></td>");
        start = at = stop ? stop : start + empty;
    }
    docgen_buffer_puts(page, at);
    return contents;
}
