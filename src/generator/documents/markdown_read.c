/* Markdown to nodes. md4c calls back for each block, span and text; they and the raw HTML between them go through one
 * reader of HTML (html_read.c), which alone can tell how tags and Markdown nest. Blocks carry their line.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <md4c.h>
#include "core/text.h"
#include "generator/documents/entities.h"
#include "generator/documents/html.h"
#include "generator/documents/html_read.h"
#include "generator/documents/markdown_blocks.h"
#include "generator/repo/hidden.h"

enum {
    HTML_MAX =
        16 * 1024 *
        1024 /* every input byte makes a bounded number; this is the second line of defence */
};

typedef struct markdown_reader {
    docgen_buffer *out;
    const docgen_markdown_blocks *blocks;
    int pending;  /* a start tag waits for its line and its ">" */
    int in_image; /* nested: text goes into the alternative text */
    int in_cell;
    int in_code;
    int indent; /* columns of white space before the next text of a code block */
} markdown_reader;

/* Ends the open start tag, with the line of the text at `at` when it is in the document. */
static void tag_end(markdown_reader *r, const char *at)
{
    int line;

    if (!r->pending)
        return;
    r->pending = 0;
    line = docgen_markdown_line(r->blocks, at);
    if (line)
        docgen_buffer_printf(r->out, " " DOCGEN_LINE_ATTRIBUTE "=\"%d\"", line);
    docgen_buffer_puts(r->out, ">");
}

static void tag_begin(markdown_reader *r, const char *name)
{
    tag_end(r, NULL);
    docgen_buffer_puts(r->out, name);
    r->pending = 1;
}

static void tag_write(markdown_reader *r, const char *tag)
{
    tag_end(r, NULL);
    docgen_buffer_puts(r->out, tag);
}

/* An attribute's value, its entities as characters. */
static void value_write(markdown_reader *r, const MD_ATTRIBUTE *value, int url)
{
    docgen_buffer *text = r->out;

    for (int i = 0; value->text && value->substr_offsets[i] < value->size; i++) {
        const char *piece = value->text + value->substr_offsets[i];
        apr_size_t length = value->substr_offsets[i + 1] - value->substr_offsets[i];

        if (value->substr_types[i] == MD_TEXT_NULLCHAR) {
            docgen_buffer_puts(text, "\xef\xbf\xbd");
        } else if (value->substr_types[i] == MD_TEXT_ENTITY) {
            docgen_entity_html(text, piece, length, url);
        } else if (url) {
            docgen_url_html(text, piece, length);
        } else {
            docgen_buffer_html_n(text, piece, length);
        }
    }
}

static void code_open(markdown_reader *r, const MD_BLOCK_CODE_DETAIL *detail)
{
    tag_write(r, "<pre><code");
    if (detail->lang.text && detail->lang.size) {
        docgen_buffer_puts(r->out, " class=\"language-");
        value_write(r, &detail->lang, 0);
        docgen_buffer_puts(r->out, "\"");
    }
    r->pending = 1;
    r->in_code = 1;
    r->indent = 0;
}

static void item_open(markdown_reader *r, const MD_BLOCK_LI_DETAIL *detail)
{
    if (!detail->is_task) {
        tag_begin(r, "<li");
        return;
    }
    tag_write(r, "<li class=\"task-list-item\"><input type=\"checkbox\"");
    docgen_buffer_puts(r->out, detail->task_mark == ' ' ? ">" : " checked>");
}

static void cell_open(markdown_reader *r, const char *name, const MD_BLOCK_TD_DETAIL *detail)
{
    static const char *const sides[] = {"", " align=\"left\"", " align=\"center\"",
                                        " align=\"right\""};

    tag_write(r, name);
    docgen_buffer_puts(r->out, sides[detail->align]);
    r->pending = 1;
    r->in_cell++;
}

static int on_block_open(MD_BLOCKTYPE type, void *detail, void *baton)
{
    markdown_reader *r = baton;
    unsigned start;

    switch (type) {
    case MD_BLOCK_DOC:
        break;
    case MD_BLOCK_QUOTE:
        tag_write(r, "<blockquote>\n");
        break;
    case MD_BLOCK_UL:
        tag_write(r, "<ul>\n");
        break;
    case MD_BLOCK_OL:
        start = ((MD_BLOCK_OL_DETAIL *)detail)->start;
        tag_write(r, "<ol");
        if (start != 1)
            docgen_buffer_printf(r->out, " start=\"%u\"", start);
        docgen_buffer_puts(r->out, ">\n");
        break;
    case MD_BLOCK_LI:
        item_open(r, detail);
        break;
    case MD_BLOCK_HR:
        tag_write(r, "<hr>\n");
        break;
    case MD_BLOCK_H:
        tag_end(r, NULL);
        docgen_buffer_printf(r->out, "<h%u", ((MD_BLOCK_H_DETAIL *)detail)->level);
        r->pending = 1;
        break;
    case MD_BLOCK_CODE:
        code_open(r, detail);
        break;
    case MD_BLOCK_HTML:
        tag_end(r, NULL);
        break;
    case MD_BLOCK_P:
        tag_begin(r, "<p");
        break;
    case MD_BLOCK_TABLE:
        tag_write(r, "<table>\n");
        break;
    case MD_BLOCK_THEAD:
        tag_write(r, "<thead>\n");
        break;
    case MD_BLOCK_TBODY:
        tag_write(r, "<tbody>\n");
        break;
    case MD_BLOCK_TR:
        tag_write(r, "<tr>\n");
        break;
    case MD_BLOCK_TH:
        cell_open(r, "<th", detail);
        break;
    case MD_BLOCK_TD:
        cell_open(r, "<td", detail);
        break;
    }
    return r->out->length > HTML_MAX;
}

static int on_block_close(MD_BLOCKTYPE type, void *detail, void *baton)
{
    static const char *const closing[] = {
        [MD_BLOCK_QUOTE] = "</blockquote>\n",
        [MD_BLOCK_UL] = "</ul>\n",
        [MD_BLOCK_OL] = "</ol>\n",
        [MD_BLOCK_LI] = "</li>\n",
        [MD_BLOCK_CODE] = "</code></pre>\n",
        [MD_BLOCK_P] = "</p>\n",
        [MD_BLOCK_TABLE] = "</table>\n",
        [MD_BLOCK_THEAD] = "</thead>\n",
        [MD_BLOCK_TBODY] = "</tbody>\n",
        [MD_BLOCK_TR] = "</tr>\n",
        [MD_BLOCK_TH] = "</th>\n",
        [MD_BLOCK_TD] = "</td>\n",
    };
    markdown_reader *r = baton;

    tag_end(r, NULL);
    if (type == MD_BLOCK_H)
        docgen_buffer_printf(r->out, "</h%u>\n", ((MD_BLOCK_H_DETAIL *)detail)->level);
    else if (closing[type])
        docgen_buffer_puts(r->out, closing[type]);
    r->in_code = r->in_code && type != MD_BLOCK_CODE;
    r->in_cell -= type == MD_BLOCK_TH || type == MD_BLOCK_TD;
    return r->out->length > HTML_MAX;
}

static int on_span_open(MD_SPANTYPE type, void *detail, void *baton)
{
    static const char *const opening[] = {
        [MD_SPAN_EM] = "<em>",     [MD_SPAN_STRONG] = "<strong>",
        [MD_SPAN_CODE] = "<code>", [MD_SPAN_DEL] = "<del>",
        [MD_SPAN_U] = NULL,
    };
    markdown_reader *r = baton;
    const MD_SPAN_A_DETAIL *link = detail; /* an image's detail has the same form */

    tag_end(r, type == MD_SPAN_A && link->href.text ? link->href.text : NULL);
    if (type == MD_SPAN_IMG)
        r->in_image++;
    if (r->in_image > (type == MD_SPAN_IMG))
        return 0;
    if (opening[type]) {
        docgen_buffer_puts(r->out, opening[type]);
    } else if (type == MD_SPAN_A || type == MD_SPAN_IMG) {
        docgen_buffer_puts(r->out, type == MD_SPAN_A ? "<a href=\"" : "<img src=\"");
        value_write(r, &link->href, 1);
        docgen_buffer_puts(r->out, "\"");
        if (link->title.text) {
            docgen_buffer_puts(r->out, " title=\"");
            value_write(r, &link->title, 0);
            docgen_buffer_puts(r->out, "\"");
        }
        docgen_buffer_puts(r->out, type == MD_SPAN_A ? ">" : " alt=\"");
    }
    return r->out->length > HTML_MAX;
}

static int on_span_close(MD_SPANTYPE type, void *detail, void *baton)
{
    static const char *const closing[] = {
        [MD_SPAN_EM] = "</em>",   [MD_SPAN_STRONG] = "</strong>", [MD_SPAN_CODE] = "</code>",
        [MD_SPAN_DEL] = "</del>", [MD_SPAN_A] = "</a>",           [MD_SPAN_IMG] = "\">",
        [MD_SPAN_U] = NULL,
    };
    markdown_reader *r = baton;

    (void)detail;
    if (type == MD_SPAN_IMG)
        r->in_image--;
    if (r->in_image == 0 && closing[type])
        docgen_buffer_puts(r->out, closing[type]);
    return 0;
}

/* In a table's cell the bar in code is written with a backslash, which is not part of the code. */
static void cell_code_write(markdown_reader *r, const char *text, apr_size_t size)
{
    apr_size_t from = 0;

    for (apr_size_t i = 0; i + 1 < size; i++) {
        if (text[i] != '\\' || text[i + 1] != '|')
            continue;
        docgen_buffer_html_n(r->out, text + from, i - from);
        from = i + 1;
    }
    docgen_buffer_html_n(r->out, text + from, size - from);
}

/* White space at the beginning of a line of code, which md4c gives as spaces: as it stands in the source, if it stands
 * for as many. */
static void indent_write(markdown_reader *r, const char *text)
{
    const char *from = text;
    int columns = 0;

    while (r->indent && from > r->blocks->text && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    for (const char *at = from; at < text; at++)
        columns += *at == '\t' ? 4 - columns % 4 : 1;
    if (columns == r->indent)
        docgen_buffer_append(r->out, from, (apr_size_t)(text - from));
    else
        docgen_buffer_printf(r->out, "%*s", r->indent, "");
    r->indent = 0;
}

/* The lines of a code block. */
static void code_block_write(markdown_reader *r, const char *text, apr_size_t size)
{
    int known = docgen_markdown_line(r->blocks, text) != 0;

    if (!known && size > 0 && strspn(text, " ") >= size) {
        r->indent += (int)size;
        return;
    }
    if (r->indent)
        indent_write(r, known ? text : r->blocks->text);
    docgen_buffer_html_n(r->out, text, size);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *baton)
{
    markdown_reader *r = baton;

    tag_end(r, type == MD_TEXT_SOFTBR || type == MD_TEXT_BR ? NULL : text);
    switch (type) {
    case MD_TEXT_NULLCHAR:
        docgen_buffer_puts(r->out, "\xef\xbf\xbd");
        break;
    case MD_TEXT_BR:
        docgen_buffer_puts(r->out, r->in_image ? " " : "<br>\n");
        break;
    case MD_TEXT_SOFTBR:
        docgen_buffer_puts(r->out, r->in_image ? " " : "\n");
        break;
    case MD_TEXT_HTML:
        if (!r->in_image)
            docgen_buffer_append(r->out, text, size);
        break;
    case MD_TEXT_ENTITY:
        docgen_entity_html(r->out, text, size, 0);
        break;
    case MD_TEXT_CODE:
        if (r->in_code)
            code_block_write(r, text, size);
        else if (r->in_cell)
            cell_code_write(r, text, size);
        else
            docgen_buffer_html_n(r->out, text, size);
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_LATEXMATH:
        docgen_buffer_html_n(r->out, text, size);
        break;
    }
    return r->out->length > HTML_MAX;
}

/* The part of a text that is read: whole lines, at most DOCGEN_RENDER_MAX bytes. */
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

/* What could not be read is still worth showing as it is. */
static docgen_node *plain_read(apr_pool_t *pool, apr_pool_t *scratch, const char *text)
{
    docgen_node *document = docgen_node_add(pool, NULL, DOCGEN_NODE_DOCUMENT, NULL);
    docgen_node *block = docgen_node_add(pool, document, DOCGEN_NODE_CODE_BLOCK, "pre");
    char *copy = apr_pstrdup(scratch, text);

    docgen_hidden_remove(copy, strlen(copy), NULL, NULL);
    docgen_node_add(pool, block, DOCGEN_NODE_TEXT, NULL)->text = apr_pstrdup(pool, copy);
    return document;
}

docgen_node *docgen_markdown_read(apr_pool_t *pool, const char *markdown)
{
    static const MD_PARSER parser = {
        .flags = MD_DIALECT_GITHUB,
        .enter_block = on_block_open,
        .leave_block = on_block_close,
        .enter_span = on_span_open,
        .leave_span = on_span_close,
        .text = on_text,
    };
    markdown_reader r;
    apr_pool_t *scratch;
    docgen_node *document;

    apr_pool_create(&scratch, pool);
    memset(&r, 0, sizeof(r));
    r.out = docgen_buffer_create(scratch);
    if (!docgen_utf8_is_valid(markdown, strlen(markdown)))
        markdown = docgen_utf8_repair(scratch, markdown, strlen(markdown));
    markdown = text_cut(scratch, markdown);
    r.blocks = docgen_markdown_blocks_read(scratch, markdown);
    if (md_parse(r.blocks->text, (MD_SIZE)strlen(r.blocks->text), &parser, &r) == 0)
        document = docgen_html_read(pool, r.out->length ? r.out->data : "");
    else
        document = NULL;
    if (!document)
        document = plain_read(pool, scratch, markdown);
    apr_pool_destroy(scratch);
    return document;
}

const char *docgen_markdown_part(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings,
                                 docgen_ids *ids)
{
    apr_pool_t *scratch;
    const char *html;

    apr_pool_create(&scratch, pool);
    html = docgen_html_write(pool, docgen_markdown_read(scratch, markdown), shift, links, headings,
                             ids);
    apr_pool_destroy(scratch);
    return html;
}

const char *docgen_markdown_html(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings)
{
    docgen_ids *ids = docgen_ids_create(pool);

    return docgen_ids_resolve(ids, pool,
                              docgen_markdown_part(pool, markdown, shift, links, headings, ids));
}
