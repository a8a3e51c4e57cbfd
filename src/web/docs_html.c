/* A stored page's HTML as readers get it: see docs_html.h. The generator sanitised it; here it is only walked.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/docs_html.h"

#include <apr_strings.h>

int docgen_docs_has_title(const char *html)
{
    html += strspn(html, " \t\r\n");
    return !strncmp(html, "<h1", 3) && strchr(" >", html[3]) && html[3];
}

/* The value of id="…" in a start tag that ends before `end`. */
static const char *tag_id(apr_pool_t *pool, const char *tag, const char *end)
{
    const char *id = strstr(tag, " id=\""), *close;

    if (!id || id >= end)
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

apr_array_header_t *docgen_docs_html(apr_pool_t *pool, docgen_buffer *page, const char *html)
{
    apr_array_header_t *contents = apr_array_make(pool, 16, sizeof(docgen_contents));
    const char *at = html, *start;

    while ((start = strstr(at, "<h"))) {
        char close[] = "</h0>";
        const char *end = strchr(start, '>'), *stop, *id, *text;

        docgen_buffer_append(page, at, (apr_size_t)(start - at));
        at = start;
        close[3] = start[2];
        if (!end || start[2] < '1' || start[2] > '6' || (start[3] != ' ' && start[3] != '>') ||
            !(stop = strstr(end, close))) {
            docgen_buffer_append(page, start, 2);
            at = start + 2;
            continue;
        }
        docgen_buffer_append(page, start, (apr_size_t)(stop - start));
        at = stop;
        id = tag_id(pool, start, end);
        if (!id || start[2] == '1')
            continue;
        text = without_tags(pool, end + 1, stop);
        docgen_buffer_printf(page,
                             " <a class=\"anchor\" href=\"#%s\" aria-label=\"Link to section %s\">"
                             "#</a>",
                             id, text);
        if (start[2] <= '3') {
            docgen_contents *entry = apr_array_push(contents);
            entry->level = start[2] - '0';
            entry->id = id;
            entry->text = text;
        }
    }
    docgen_buffer_puts(page, at);
    return contents;
}
