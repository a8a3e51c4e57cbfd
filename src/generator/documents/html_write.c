/* Nodes to HTML that is safe by itself: only elements of the list are ever named, attributes are written anew, and
 * text is escaped. Headings get their ids here, links their final form, and code spans that name a symbol become links.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include "generator/documents/html_read.h"
#include "generator/documents/html_writer.h"
#include "generator/documents/ids.h"

enum {
    SYMBOL_MAX = 200 /* bytes of a code span that may be a symbol's name */
};

static void node_write(docgen_html_writer *c, const docgen_node *node);

static void children_write(docgen_html_writer *c, const docgen_node *node)
{
    for (const docgen_node *child = node->first; child; child = child->next)
        node_write(c, child);
}

static void cut(docgen_html_writer *c, apr_size_t length)
{
    c->out->length = length;
    if (c->out->data)
        c->out->data[length] = '\0';
}

/* Escaped; without control characters. */
static void text_write(docgen_html_writer *c, const docgen_node *node)
{
    const char *from = node->text;
    const char *at = from;

    if (c->in_heading)
        docgen_buffer_puts(c->text, node->code ? node->code : node->text);
    for (; *at; at++) {
        if (((unsigned char)*at >= 0x20 || *at == '\n' || *at == '\t') && *at != 0x7f)
            continue;
        docgen_buffer_html_n(c->out, from, (apr_size_t)(at - from));
        from = at + 1;
    }
    docgen_buffer_html_n(c->out, from, (apr_size_t)(at - from));
}

static int is_blank(const docgen_html_writer *c, apr_size_t from)
{
    for (apr_size_t i = from; i < c->out->length; i++) {
        if (!isspace((unsigned char)c->out->data[i]))
            return 0;
    }
    return 1;
}

/* A table's head without a word in it says nothing. */
static int is_empty_head(const docgen_html_writer *c, const docgen_node *node, apr_size_t inner)
{
    int in_tag = 0;

    if (strcmp(node->element, "thead"))
        return 0;
    for (apr_size_t i = inner; i < c->out->length; i++) {
        char byte = c->out->data[i];

        if (byte == '<' || byte == '>')
            in_tag = byte == '<';
        else if (!in_tag && !isspace((unsigned char)byte))
            return 0;
    }
    return 1;
}

/* Plain text on one line, without spaces at its ends. */
static const char *text_collapse(apr_pool_t *pool, const char *text)
{
    char *copy = apr_palloc(pool, strlen(text) + 1);
    char *end = copy;

    for (const char *p = text; *p; p++) {
        if (isspace((unsigned char)*p)) {
            if (end > copy && end[-1] != ' ')
                *end++ = ' ';
        } else if ((unsigned char)*p >= 0x20) {
            *end++ = *p;
        }
    }
    while (end > copy && end[-1] == ' ')
        end--;
    *end = '\0';
    return copy;
}

static void heading_write(docgen_html_writer *c, const docgen_node *node)
{
    apr_size_t start = c->out->length;
    int level = node->level + c->shift;
    const char *content, *text, *id;

    docgen_buffer_clear(c->text);
    c->in_heading++;
    children_write(c, node);
    c->in_heading--;
    if (is_blank(c, start)) {
        cut(c, start);
        return;
    }
    level = level > 6 ? 6 : level;
    content = apr_pstrmemdup(c->pool, c->out->data + start, c->out->length - start);
    text = text_collapse(c->pool, c->text->length ? c->text->data : "");
    id = docgen_ids_heading(c->ids, text, node->id);
    cut(c, start);
    docgen_buffer_printf(c->out, "<h%d id=\"%s\">", level, id);
    docgen_buffer_puts(c->out, content);
    docgen_buffer_printf(c->out, "</h%d>", level);
    if (c->headings) {
        docgen_heading *heading = apr_array_push(c->headings);

        heading->level = level;
        heading->id = id;
        heading->text = text;
    }
}

/* The page of the symbol that a code span names exactly, or NULL. */
static const char *symbol_url(docgen_html_writer *c, const docgen_node *node)
{
    docgen_buffer *name;
    const char *url;

    if (c->in_pre || c->in_link || c->in_heading || !c->links || !c->links->symbol)
        return NULL;
    name = docgen_buffer_create(c->pool);
    docgen_node_text(node, name);
    url = name->length > 0 && name->length < SYMBOL_MAX
              ? c->links->symbol(c->links->baton, c->pool, name->data)
              : NULL;
    return url && docgen_target_is_safe(url) ? url : NULL;
}

static void element_write(docgen_html_writer *c, const docgen_node *node)
{
    const char *url = node->kind == DOCGEN_NODE_CODE ? symbol_url(c, node) : NULL;
    apr_size_t start = c->out->length;
    apr_size_t inner;
    int link = node->kind == DOCGEN_NODE_LINK;
    int pre = node->kind == DOCGEN_NODE_CODE_BLOCK;
    int has_id;

    if (url) {
        docgen_buffer_puts(c->out, "<a");
        docgen_html_attribute(c, "href", url);
        docgen_buffer_puts(c->out, ">");
    }
    docgen_buffer_printf(c->out, "<%s", node->element);
    inner = c->out->length;
    has_id = docgen_html_attributes(c, node);
    if (link && c->out->length == inner) {
        /* A link that leads nowhere is only its text. */
        cut(c, start);
        children_write(c, node);
        return;
    }
    docgen_buffer_puts(c->out, ">");
    inner = c->out->length;
    c->in_pre += pre;
    c->in_link += link;
    children_write(c, node);
    c->in_pre -= pre;
    c->in_link -= link;
    if ((node->prune && !has_id && is_blank(c, inner)) || is_empty_head(c, node, inner)) {
        cut(c, start);
        return;
    }
    docgen_buffer_printf(c->out, "</%s>%s", node->element, url ? "</a>" : "");
}

static void node_write(docgen_html_writer *c, const docgen_node *node)
{
    if (node->kind == DOCGEN_NODE_DOCUMENT)
        children_write(c, node);
    else if (node->kind == DOCGEN_NODE_TEXT)
        text_write(c, node);
    else if (node->kind == DOCGEN_NODE_HEADING)
        heading_write(c, node);
    else if (node->kind == DOCGEN_NODE_IMAGE || node->kind == DOCGEN_NODE_CHECKBOX ||
             node->kind == DOCGEN_NODE_BREAK || node->kind == DOCGEN_NODE_RULE ||
             !strcmp(node->element, "wbr"))
        docgen_html_void(c, node);
    else
        element_write(c, node);
}

const char *docgen_html_write(apr_pool_t *pool, const docgen_node *document, int shift,
                              const docgen_links *links, apr_array_header_t *headings,
                              docgen_ids *ids)
{
    docgen_html_writer c;
    apr_pool_t *scratch;
    const char *result;
    int known = headings ? headings->nelts : 0;

    apr_pool_create(&scratch, pool);
    memset(&c, 0, sizeof(c));
    c.pool = scratch;
    c.out = docgen_buffer_create(scratch);
    c.text = docgen_buffer_create(scratch);
    c.ids = ids;
    c.links = links;
    c.shift = shift;
    c.headings = headings;
    node_write(&c, document);
    result = apr_pstrmemdup(pool, c.out->length ? c.out->data : "", c.out->length);
    for (int i = known; headings && i < headings->nelts; i++) {
        docgen_heading *heading = &APR_ARRAY_IDX(headings, i, docgen_heading);

        heading->id = apr_pstrdup(pool, heading->id);
        heading->text = apr_pstrdup(pool, heading->text);
    }
    apr_pool_destroy(scratch);
    return result;
}

const char *docgen_html_sanitise(apr_pool_t *pool, const char *html, const docgen_links *links)
{
    docgen_ids *ids = docgen_ids_create(pool);
    const docgen_node *document = docgen_html_read(pool, html);

    return document ? docgen_ids_resolve(ids, pool,
                                         docgen_html_write(pool, document, 0, links, NULL, ids))
                    : "";
}
