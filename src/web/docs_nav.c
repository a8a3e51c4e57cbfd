/* The navigation of a published documentation: see docs_nav.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/docs_nav.h"

#include <ctype.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "store/store.h"

#define SIBLINGS_MAX 80 /* links shown of one list; the rest is on the parent's page */

typedef struct node {
    const char *path;
    const char *title; /* NULL = no page has this path: a group without a page */
    struct node *parent;
    apr_array_header_t *children; /* node * */
} node;

const char *docgen_docs_href(apr_pool_t *pool, const char *from, const char *to)
{
    const char *up = "";

    for (const char *c = from; *c; c++)
        if (*c == '/')
            up = apr_pstrcat(pool, up, "../", NULL);
    if (!strcmp(to, "index"))
        return *up ? up : "./";
    return apr_pstrcat(pool, up, to, NULL);
}

/* "getting-started" → "Getting started" for a group that has no page of its own. */
static const char *title_of_segment(apr_pool_t *pool, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *title = apr_pstrdup(pool, slash ? slash + 1 : path);

    for (char *c = title; *c; c++)
        if (*c == '-' || *c == '_')
            *c = ' ';
    *title = (char)toupper((unsigned char)*title);
    return title;
}

/* The node of a path, made with its parents when it is new; they take the place of their first descendant. */
static node *node_of(apr_pool_t *pool, apr_hash_t *nodes, node *top, const char *path)
{
    const char *slash = strrchr(path, '/');
    node *found = apr_hash_get(nodes, path, APR_HASH_KEY_STRING);

    if (found)
        return found;
    found = apr_pcalloc(pool, sizeof(*found));
    found->path = path;
    found->children = apr_array_make(pool, 4, sizeof(node *));
    found->parent =
        slash ? node_of(pool, nodes, top, apr_pstrmemdup(pool, path, (apr_size_t)(slash - path)))
              : top;
    APR_ARRAY_PUSH(found->parent->children, node *) = found;
    apr_hash_set(nodes, path, APR_HASH_KEY_STRING, found);
    return found;
}

/* May a line break before `p`: behind a separator within a name, or where a word of it begins? */
static int may_break(const char *text, const char *p)
{
    if (p == text)
        return 0;
    return strchr("/_", p[-1]) || (p[-1] == '.' && isalpha((unsigned char)*p)) ||
           (p[-1] == ':' && *p != ':' && *p != ' ') ||
           (islower((unsigned char)p[-1]) && isupper((unsigned char)*p));
}

void docgen_docs_breakable(docgen_buffer *page, const char *html)
{
    for (const char *p = html; *p; p++) {
        apr_size_t entity = *p == '&' ? strcspn(p, ";") : 0;

        if (may_break(html, p))
            docgen_buffer_puts(page, "<wbr>");
        if (entity && p[entity] == ';') {
            docgen_buffer_append(page, p, entity + 1);
            p += entity;
        } else {
            docgen_buffer_append(page, p, 1);
        }
    }
}

void docgen_docs_title(docgen_buffer *page, const char *title)
{
    docgen_buffer *escaped = docgen_buffer_create(page->pool);

    docgen_buffer_html(escaped, title);
    docgen_docs_breakable(page, escaped->data);
    docgen_buffer_free(escaped);
}

static int is_open(const node *group, const char *current)
{
    apr_size_t length = strlen(group->path);

    return !strncmp(group->path, current, length) && (!current[length] || current[length] == '/');
}

static void append_list(apr_pool_t *pool, docgen_buffer *page, const node *group,
                        const char *current);

static void append_node(apr_pool_t *pool, docgen_buffer *page, const node *item,
                        const char *current)
{
    int open = is_open(item, current), here = !strcmp(item->path, current);

    docgen_buffer_puts(page, "<li>");
    if (item->title) {
        docgen_buffer_printf(page, "<a href=\"%s\"%s>", docgen_docs_href(pool, current, item->path),
                             here ? " aria-current=\"page\"" : "");
        docgen_docs_title(page, strcmp(item->path, "index") ? item->title : "Overview");
        docgen_buffer_puts(page, "</a>");
    } else {
        const node *first = item;
        while (!first->title && first->children->nelts)
            first = APR_ARRAY_IDX(first->children, 0, node *);
        docgen_buffer_printf(page, "<a href=\"%s\">", docgen_docs_href(pool, current, first->path));
        docgen_buffer_html(page, title_of_segment(pool, item->path));
        docgen_buffer_puts(page, "</a>");
    }
    if (open && item->children->nelts)
        append_list(pool, page, item, current);
    docgen_buffer_puts(page, "</li>");
}

static void append_list(apr_pool_t *pool, docgen_buffer *page, const node *group,
                        const char *current)
{
    int count = group->children->nelts, from = 0, to = count;

    if (count > SIBLINGS_MAX) {
        int at = 0;
        for (int i = 0; i < count; i++)
            if (is_open(APR_ARRAY_IDX(group->children, i, node *), current))
                at = i;
        from = at > SIBLINGS_MAX / 2 ? at - SIBLINGS_MAX / 2 : 0;
        if (from > count - SIBLINGS_MAX)
            from = count - SIBLINGS_MAX;
        to = from + SIBLINGS_MAX;
    }
    docgen_buffer_puts(page, "<ul>");
    if (from)
        docgen_buffer_printf(page, "<li class=\"more\">%d before</li>", from);
    for (int i = from; i < to; i++)
        append_node(pool, page, APR_ARRAY_IDX(group->children, i, node *), current);
    if (to < count)
        docgen_buffer_printf(page, "<li class=\"more\">%d more</li>", count - to);
    docgen_buffer_puts(page, "</ul>");
}

void docgen_docs_nav(apr_pool_t *pool, docgen_buffer *page, const apr_array_header_t *entries,
                     const char *current)
{
    apr_hash_t *nodes = apr_hash_make(pool);
    node top = {"", NULL, NULL, apr_array_make(pool, 16, sizeof(node *))};

    for (int i = 0; i < entries->nelts; i++) {
        const docgen_page_entry *entry = &APR_ARRAY_IDX(entries, i, docgen_page_entry);
        node_of(pool, nodes, &top, entry->path)->title = entry->title;
    }
    append_list(pool, page, &top, current);
}
