/* Nodes to Markdown in one form, safe by itself: text is escaped, links are the page's, and of HTML only the elements of
 * the list are written, without attributes. Reading it again gives the same tree.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/documents/html_read.h"
#include "generator/documents/markdown_writer.h"

static void blocks_write(docgen_markdown_writer *w, const docgen_node *first, int tight);

static void prefix_push(docgen_markdown_writer *w, const char *text)
{
    docgen_buffer_puts(w->prefix, text);
}

static void prefix_pop(docgen_markdown_writer *w, apr_size_t length)
{
    w->prefix->length -= length;
    w->prefix->data[w->prefix->length] = '\0';
}

static void line_end(docgen_markdown_writer *w)
{
    w->breaks = 0;
    while (!w->fresh && w->out->length && w->out->data[w->out->length - 1] == ' ')
        w->out->data[--w->out->length] = '\0';
    if (!w->fresh)
        docgen_markdown_put(w, "\n");
}

/* HTML for what Markdown has no form for; an empty line would end it. */
static void html_put(docgen_markdown_writer *w, const docgen_node *node, int inside)
{
    docgen_node copy = *node;
    docgen_buffer *flat = docgen_buffer_create(w->pool);
    const char *html;
    apr_size_t length;

    if (inside)
        copy.kind = DOCGEN_NODE_DOCUMENT;
    html = docgen_ids_resolve(NULL, w->pool,
                              docgen_html_write(w->pool, &copy, w->shift, w->links, NULL, w->ids));
    html += inside ? strspn(html, " \n") : 0;
    length = strlen(html);
    while (inside && length > 0 && strchr(" \n", html[length - 1]))
        length--;
    for (apr_size_t i = 0; i < length; i++) {
        if (html[i] == '\n' && (i == 0 || i + 1 == length || html[i + 1] == '\n'))
            docgen_buffer_puts(flat, inside ? " " : "&#10;");
        else
            docgen_buffer_append(flat, html + i, 1);
    }
    if (flat->length)
        docgen_markdown_put(w, flat->data);
}

static void heading_write(docgen_markdown_writer *w, const docgen_node *node)
{
    int level = node->level + w->shift;

    docgen_markdown_put(w, &"###### "[level > 6 ? 0 : 6 - level]);
    w->flat++;
    docgen_markdown_inline(w, node->first, NULL);
    w->flat--;
    if (node->id && *node->id && !strpbrk(node->id, " {}\n"))
        docgen_markdown_put(w, apr_pstrcat(w->pool, " {#", node->id, "}", NULL));
    line_end(w);
}

static const char *fence_of(apr_pool_t *pool, const char *text)
{
    int longest = 2;
    char *fence;

    for (const char *at = strchr(text, '`'); at; at = strchr(at, '`')) {
        int run = (int)strspn(at, "`");

        longest = run > longest ? run : longest;
        at += run;
    }
    fence = apr_palloc(pool, (apr_size_t)longest + 2);
    memset(fence, '`', (apr_size_t)longest + 1);
    fence[longest + 1] = '\0';
    return fence;
}

static void code_block_write(docgen_markdown_writer *w, const docgen_node *node)
{
    docgen_buffer *text = docgen_buffer_create(w->pool);
    const char *class =
        node->first && node->first->element ? docgen_node_value(node->first, "class") : NULL;
    const char *fence;

    docgen_node_text(node, text);
    fence = fence_of(w->pool, text->length ? text->data : "");
    docgen_markdown_put(w, fence);
    if (class && docgen_class_is_kept("code", class))
        docgen_markdown_put(w, apr_pstrndup(w->pool, class + 9, docgen_language_length(class + 9)));
    docgen_markdown_put(w, "\n");
    if (text->length)
        docgen_markdown_put(w, text->data);
    line_end(w);
    docgen_markdown_put(w, fence);
    line_end(w);
}

/* Do an item's words stand without paragraphs? */
static int is_tight(const docgen_node *list)
{
    for (const docgen_node *item = list->first; item; item = item->next) {
        for (const docgen_node *child = item->first; child; child = child->next) {
            if (child->kind == DOCGEN_NODE_PARAGRAPH)
                return 0;
        }
    }
    return 1;
}

static void list_write(docgen_markdown_writer *w, const docgen_node *list)
{
    const char *start = docgen_node_value(list, "start");
    int number = start ? atoi(start) : 1;
    int ordered = !strcmp(list->element, "ol");
    int other = w->other_list;
    int tight = is_tight(list);
    int written = 0;

    for (const docgen_node *item = list->first; item; item = item->next) {
        const char *mark = ordered ? apr_psprintf(w->pool, "%d%s ", number, other ? ")" : ".")
                           : other ? "* "
                                   : "- ";
        apr_size_t width = strlen(mark);

        if (item->kind != DOCGEN_NODE_ITEM && docgen_node_is_blank(item))
            continue;
        if (written++ && !tight)
            docgen_markdown_put(w, "\n");
        docgen_markdown_put(w, mark);
        w->at_start = 1;
        prefix_push(w, apr_psprintf(w->pool, "%*s", (int)width, ""));
        if (item->kind == DOCGEN_NODE_ITEM)
            blocks_write(w, item->first, tight);
        else
            docgen_markdown_inline(w, item, item->next);
        line_end(w);
        prefix_pop(w, width);
        number++;
    }
}

static void quote_write(docgen_markdown_writer *w, const docgen_node *node)
{
    static const char *const kinds[] = {"note", "tip", "important", "warning", "caution"};
    const docgen_node *first = node->first;
    const char *class = docgen_node_value(node, "class");

    prefix_push(w, "> ");
    while (first && docgen_node_is_blank(first))
        first = first->next;
    for (int i = 0; node->kind == DOCGEN_NODE_ADMONITION && i < 5; i++) {
        docgen_buffer *title = docgen_buffer_create(w->pool);

        if (strcmp(class + 30, kinds[i]))
            continue;
        if (first && first->kind == DOCGEN_NODE_PARAGRAPH) {
            docgen_node_text(first, title);
            first = first->next;
        }
        docgen_markdown_put(w, apr_psprintf(w->pool, "[!%s]", kinds[i]));
        for (char *at = w->out->data + w->out->length - strlen(kinds[i]) - 1; *at; at++)
            *at = (char)toupper((unsigned char)*at);
        if (title->length && strcasecmp(title->data, kinds[i])) {
            for (char *at = title->data; *at; at++)
                *at = *at == '\n' ? ' ' : *at;
            docgen_markdown_put(w, " ");
            docgen_markdown_put(w, title->data);
        }
        docgen_markdown_put(w, "\n");
    }
    blocks_write(w, first, 0);
    line_end(w);
    prefix_pop(w, 2);
}

static void details_write(docgen_markdown_writer *w, const docgen_node *node)
{
    const docgen_node *first = node->first;

    docgen_markdown_put(w, "<details");
    docgen_markdown_id(w, docgen_node_value(node, "id"));
    docgen_markdown_put(w, docgen_node_value(node, "open") ? " open>" : ">");
    while (first && docgen_node_is_blank(first) && first->kind != DOCGEN_NODE_SUMMARY)
        first = first->next;
    if (first && first->kind == DOCGEN_NODE_SUMMARY) {
        docgen_markdown_put(w, "<summary>");
        html_put(w, first, 1);
        docgen_markdown_put(w, "</summary>");
        first = first->next;
    }
    docgen_markdown_put(w, "\n\n");
    blocks_write(w, first, 0);
    line_end(w);
    docgen_markdown_put(w, "\n</details>\n");
}

static int has_block(const docgen_node *node)
{
    for (const docgen_node *child = node->first; child; child = child->next) {
        if (docgen_node_is_block(child))
            return 1;
    }
    return 0;
}

static void definitions_write(docgen_markdown_writer *w, const docgen_node *node)
{
    docgen_markdown_put(w, "<dl>\n");
    for (const docgen_node *child = node->first; child; child = child->next) {
        if (child->kind == DOCGEN_NODE_TERM) {
            docgen_markdown_put(w, "<dt");
            docgen_markdown_id(w, docgen_node_value(child, "id"));
            docgen_markdown_put(w, ">");
            html_put(w, child, 1);
            docgen_markdown_put(w, "</dt>\n");
        } else if (child->kind == DOCGEN_NODE_DEFINITION && !has_block(child)) {
            docgen_markdown_put(w, "<dd>");
            html_put(w, child, 1);
            docgen_markdown_put(w, "</dd>\n");
        } else if (child->kind == DOCGEN_NODE_DEFINITION) {
            docgen_markdown_put(w, "<dd>\n\n");
            blocks_write(w, child->first, 0);
            line_end(w);
            docgen_markdown_put(w, "\n</dd>\n");
        }
    }
    docgen_markdown_put(w, "</dl>\n");
}

static const docgen_node *row_next(const docgen_node *table, const docgen_node *at)
{
    while ((at = docgen_node_next(table, at)) && at->kind != DOCGEN_NODE_ROW) {
    }
    return at;
}

static int columns_of(const docgen_node *row)
{
    int columns = 0;

    for (const docgen_node *cell = row->first; cell; cell = cell->next)
        columns += cell->kind == DOCGEN_NODE_CELL;
    return columns;
}

/* Has a table only what Markdown's tables have: a head, rows of as many cells, words in them? */
static int is_simple_table(const docgen_node *table)
{
    const docgen_node *row = row_next(table, table);
    int columns = row ? columns_of(row) : 0;

    for (const docgen_node *at = table; at; at = docgen_node_next(table, at)) {
        if (at->kind == DOCGEN_NODE_CAPTION ||
            (at->kind == DOCGEN_NODE_ROW && columns_of(at) > columns) ||
            (at->kind == DOCGEN_NODE_CELL && (has_block(at) || docgen_node_value(at, "colspan") ||
                                              docgen_node_value(at, "rowspan"))))
            return 0;
    }
    return columns > 0;
}

static void row_write(docgen_markdown_writer *w, const docgen_node *row, int columns)
{
    docgen_markdown_put(w, "|");
    for (const docgen_node *cell = row ? row->first : NULL; cell; cell = cell->next) {
        if (cell->kind != DOCGEN_NODE_CELL)
            continue;
        docgen_markdown_put(w, " ");
        w->at_start = 1;
        docgen_markdown_inline(w, cell->first, NULL);
        w->breaks = 0;
        docgen_markdown_put(w, " |");
        columns--;
    }
    while (columns-- > 0)
        docgen_markdown_put(w, "  |");
    docgen_markdown_put(w, "\n");
}

static void delimiters_write(docgen_markdown_writer *w, const docgen_node *row)
{
    docgen_markdown_put(w, "|");
    for (const docgen_node *cell = row->first; cell; cell = cell->next) {
        const char *align = docgen_node_value(cell, "align");

        if (cell->kind != DOCGEN_NODE_CELL)
            continue;
        docgen_markdown_put(w, !align                         ? " --- |"
                               : !strcasecmp(align, "left")   ? " :-- |"
                               : !strcasecmp(align, "center") ? " :-: |"
                               : !strcasecmp(align, "right")  ? " --: |"
                                                              : " --- |");
    }
    docgen_markdown_put(w, "\n");
}

static void table_write(docgen_markdown_writer *w, const docgen_node *table)
{
    const docgen_node *row = row_next(table, table);
    int headed = row && row->parent->element && !strcmp(row->parent->element, "thead");
    int columns = row ? columns_of(row) : 0;

    if (!is_simple_table(table)) {
        html_put(w, table, 0);
        line_end(w);
        return;
    }
    w->flat++;
    w->in_cell++;
    row_write(w, headed ? row : NULL, columns);
    delimiters_write(w, row);
    for (row = headed ? row_next(table, row) : row; row; row = row_next(table, row))
        row_write(w, row, columns);
    w->in_cell--;
    w->flat--;
}

static void footnotes_write(docgen_markdown_writer *w, const docgen_node *notes)
{
    for (const docgen_node *at = notes; at; at = docgen_node_next(notes, at)) {
        const char *id = at->kind == DOCGEN_NODE_ITEM ? docgen_node_value(at, "id") : NULL;

        if (!id || strncmp(id, "fn-", 3))
            continue;
        docgen_markdown_put(w, apr_psprintf(w->pool, "[^%d]: ", atoi(id + 3)));
        w->flat++;
        docgen_markdown_inline(w, at->first, NULL);
        w->flat--;
        line_end(w);
    }
}

static void block_write(docgen_markdown_writer *w, const docgen_node *node)
{
    switch (node->kind) {
    case DOCGEN_NODE_HEADING:
        heading_write(w, node);
        break;
    case DOCGEN_NODE_QUOTE:
    case DOCGEN_NODE_ADMONITION:
        quote_write(w, node);
        break;
    case DOCGEN_NODE_LIST:
        list_write(w, node);
        break;
    case DOCGEN_NODE_CODE_BLOCK:
        code_block_write(w, node);
        break;
    case DOCGEN_NODE_TABLE:
        table_write(w, node);
        break;
    case DOCGEN_NODE_RULE:
        docgen_markdown_put(w, "---\n");
        break;
    case DOCGEN_NODE_DETAILS:
        details_write(w, node);
        break;
    case DOCGEN_NODE_DEFINITIONS:
        definitions_write(w, node);
        break;
    case DOCGEN_NODE_FOOTNOTES:
        footnotes_write(w, node);
        break;
    case DOCGEN_NODE_DOCUMENT:
    case DOCGEN_NODE_FIGURE:
    case DOCGEN_NODE_GROUP:
    case DOCGEN_NODE_PARAGRAPH:
    case DOCGEN_NODE_ITEM:
    case DOCGEN_NODE_TABLE_PART:
    case DOCGEN_NODE_ROW:
    case DOCGEN_NODE_CELL:
    case DOCGEN_NODE_CAPTION:
    case DOCGEN_NODE_SUMMARY:
    case DOCGEN_NODE_TERM:
    case DOCGEN_NODE_DEFINITION:
        blocks_write(w, node->first, 0);
        break;
    case DOCGEN_NODE_TEXT:
    case DOCGEN_NODE_EMPHASIS:
    case DOCGEN_NODE_STRONG:
    case DOCGEN_NODE_DELETED:
    case DOCGEN_NODE_CODE:
    case DOCGEN_NODE_LINK:
    case DOCGEN_NODE_IMAGE:
    case DOCGEN_NODE_BREAK:
    case DOCGEN_NODE_CHECKBOX:
    case DOCGEN_NODE_MARKUP:
        docgen_markdown_inline(w, node, node->next);
        break;
    }
    line_end(w);
}

/* Blocks one after another; words between them are paragraphs of their own. */
static void blocks_write(docgen_markdown_writer *w, const docgen_node *first, int tight)
{
    const docgen_node *before_list = NULL;
    int written = 0;
    int other = 0;

    for (const docgen_node *node = first; node;) {
        const docgen_node *next = node->next;
        apr_size_t before = w->out->length;
        apr_size_t inner;

        if (!docgen_node_is_block(node)) {
            while (next && !docgen_node_is_block(next))
                next = next->next;
        }
        if (written) {
            line_end(w);
            if (!tight)
                docgen_markdown_put(w, "\n");
        }
        inner = w->out->length;
        if (docgen_node_is_block(node)) {
            /* Lists of one kind that follow one another would become one: the second has another mark. */
            other = before_list && node->kind == DOCGEN_NODE_LIST &&
                    !strcmp(before_list->element, node->element) && !other;
            w->other_list = other;
            block_write(w, node);
        } else {
            docgen_markdown_inline(w, node, next);
            line_end(w);
        }
        if (w->out->length > inner && (w->out->length > inner + 1 || w->out->data[inner] != '\n')) {
            written = 1;
            before_list = node->kind == DOCGEN_NODE_LIST ? node : NULL;
        } else if (before < w->out->length && written) { /* nothing came */
            w->out->length = before;
            w->out->data[before] = '\0';
            w->fresh = before == 0 || w->out->data[before - 1] == '\n';
            w->at_start = w->fresh;
        }
        node = next;
    }
}

const char *docgen_markdown_write(apr_pool_t *pool, const docgen_node *document, int shift,
                                  const docgen_links *links)
{
    docgen_markdown_writer w;
    apr_pool_t *scratch;
    const char *result;

    apr_pool_create(&scratch, pool);
    memset(&w, 0, sizeof(w));
    w.pool = scratch;
    w.out = docgen_buffer_create(scratch);
    w.prefix = docgen_buffer_create(scratch);
    w.ids = docgen_ids_create(scratch);
    w.links = links;
    w.shift = shift;
    w.fresh = w.at_start = 1;
    blocks_write(&w, document->first, 0);
    result = apr_pstrmemdup(pool, w.out->length ? w.out->data : "", w.out->length);
    apr_pool_destroy(scratch);
    return result;
}
