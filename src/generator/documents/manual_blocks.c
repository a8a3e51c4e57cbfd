/* The blocks of a manual's page as Markdown: sections, lists, code, notes, tables, and what httpd's manual says of a
 * module and its directives.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/manual_blocks.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>

enum {
    COLUMNS_MAX = 12
};

static int is_any(const xmlNode *node, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (docgen_manual_is(node, names[i]))
            return 1;
    }
    return 0;
}

/* Elements that end a paragraph. */
static int is_block(const xmlNode *node)
{
    static const char *const names[] = {"p",
                                        "div",
                                        "section",
                                        "article",
                                        "main",
                                        "body",
                                        "header",
                                        "center",
                                        "h1",
                                        "h2",
                                        "h3",
                                        "h4",
                                        "h5",
                                        "h6",
                                        "ul",
                                        "ol",
                                        "dl",
                                        "menu",
                                        "dir",
                                        "pre",
                                        "hr",
                                        "table",
                                        "blockquote",
                                        "form",
                                        "fieldset",
                                        "figure",
                                        "details",
                                        "nav",
                                        "footer",
                                        "aside",
                                        "highlight",
                                        "example",
                                        "note",
                                        "summary",
                                        "usage",
                                        "seealso",
                                        "title",
                                        "name",
                                        "description",
                                        "category",
                                        "page",
                                        "directivesynopsis",
                                        "parentdocument",
                                        "status",
                                        "sourcefile",
                                        "identifier",
                                        "compatibility",
                                        "relatedmodules",
                                        "relateddirectives",
                                        "related",
                                        "modulelist",
                                        "directivelist",
                                        "syntax",
                                        "default",
                                        "contextlist",
                                        "override",
                                        "phonebook",
                                        NULL};

    return node->type == XML_ELEMENT_NODE && is_any(node, names);
}

/* Each line of a text behind `first` (the first line) or `others`; blank lines without blanks at their end. */
static void lines_prefix(docgen_buffer *out, const char *text, const char *first,
                         const char *others)
{
    const char *prefix = first;

    text += strspn(text, "\n");
    while (*text) {
        apr_size_t length = strcspn(text, "\n");

        if (length == 0) /* one blank line is enough, and none at the end */
            text += strspn(text, "\n") - 1;
        if (length == 0 && !text[1])
            return;
        docgen_buffer_puts(out, length || strchr(prefix, '>') ? prefix : "");
        docgen_buffer_append(out, text, length);
        docgen_buffer_puts(out, "\n");
        text += length + (text[length] == '\n');
        prefix = others;
    }
}

/* The blocks of a node as a text of its own. */
static const char *blocks_text(docgen_manual *manual, const xmlNode *node, int level)
{
    docgen_buffer *inner = docgen_buffer_create(manual->pool);
    const char *text;

    docgen_manual_blocks(manual, inner, node, level);
    text = inner->length ? apr_pstrdup(manual->pool, inner->data) : "";
    docgen_buffer_free(inner);
    return text;
}

static const char *inline_text(docgen_manual *manual, const xmlNode *node)
{
    docgen_buffer *inner = docgen_buffer_create(manual->pool);
    char *text;
    apr_size_t length;

    docgen_manual_inline(manual, inner, node);
    text = apr_pstrdup(manual->pool, inner->length ? inner->data : "");
    docgen_buffer_free(inner);
    length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text + strspn(text, " ");
}

static void heading_write(docgen_buffer *out, int level, const char *text, const char *id)
{
    if (!*text)
        return;
    docgen_buffer_printf(out, "\n%.*s %s", level > 6 ? 6 : level, "######", text);
    if (id && *id && !strpbrk(id, " {}<>\n"))
        docgen_buffer_printf(out, " {#%s}", id);
    docgen_buffer_puts(out, "\n\n");
}

/* The text of code: line breaks stay, <br/> is one. */
static void code_text(const docgen_manual *manual, docgen_buffer *out, const xmlNode *node,
                      int depth)
{
    for (const xmlNode *child = node->children; child && depth < DOCGEN_MANUAL_DEPTH;
         child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            docgen_buffer_puts(out, (const char *)child->content);
        } else if (docgen_manual_is(child, "br")) {
            docgen_buffer_puts(out, "\n");
        } else if (docgen_manual_is(child, "indent")) {
            docgen_buffer *inner = docgen_buffer_create(manual->pool);

            code_text(manual, inner, child, depth + 1);
            lines_prefix(out, inner->length ? inner->data : "", "  ", "  ");
            docgen_buffer_free(inner);
        } else if (!docgen_manual_is(child, "title")) {
            code_text(manual, out, child, depth + 1);
        }
    }
}

/* Every line of an <example> stands on its own, whatever the source's indentation. */
static const char *lines_trim(apr_pool_t *pool, const char *text)
{
    char *copy = apr_palloc(pool, strlen(text) + 2); /* the last line gets its end */
    char *end = copy;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        apr_size_t blanks = strspn(text, " \t");

        if (blanks < length) {
            memcpy(end, text + blanks, length - blanks);
            end += length - blanks;
            *end++ = '\n';
        }
        text += length + (text[length] == '\n');
    }
    *end = '\0';
    return copy;
}

static void code_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    docgen_buffer *code = docgen_buffer_create(manual->pool);
    const char *language = docgen_manual_attribute(manual, node, "language");
    const xmlNode *title = docgen_manual_child(node, "title");
    const char *text;
    int is_plain = language && strspn(language, "abcdefghijklmnopqrstuvwxyz+-") == strlen(language);
    apr_size_t length;
    int fence = 3;

    if (docgen_manual_is(node, "example")) {
        const xmlNode *inner = docgen_manual_child(node, "highlight");

        inner = inner ? inner : docgen_manual_child(node, "pre");
        if (inner) {
            if (title)
                docgen_buffer_printf(out, "\n**%s**\n\n", inline_text(manual, title));
            docgen_buffer_free(code);
            code_write(manual, out, inner);
            return;
        }
    }
    code_text(manual, code, node, 0);
    text = code->length ? code->data : "";
    text = docgen_manual_is(node, "example") ? lines_trim(manual->pool, text) : text;
    for (const char *p = strstr(text, "```"); p; p = strstr(p, "```")) {
        int run = (int)strspn(p, "`");

        fence = run >= fence ? run + 1 : fence;
        p += run;
    }
    if (title)
        docgen_buffer_printf(out, "\n**%s**\n", inline_text(manual, title));
    docgen_buffer_puts(out, "\n");
    for (int i = 0; i < fence; i++)
        docgen_buffer_puts(out, "`");
    docgen_buffer_printf(out, "%s\n", is_plain ? language : "");
    text += strspn(text, "\n");
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    docgen_buffer_append(out, text, length);
    docgen_buffer_puts(out, "\n");
    for (int i = 0; i < fence; i++)
        docgen_buffer_puts(out, "`");
    docgen_buffer_puts(out, "\n\n");
    docgen_buffer_free(code);
}

static void list_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    int is_ordered = docgen_manual_is(node, "ol");
    int number = 0;

    docgen_buffer_puts(out, "\n");
    for (const xmlNode *item = node->children; item; item = item->next) {
        const char *text;

        if (!docgen_manual_is(item, "li"))
            continue;
        text = blocks_text(manual, item, 6);
        if (!text[strspn(text, " \n")])
            continue;
        number++;
        lines_prefix(out, text, is_ordered ? apr_psprintf(manual->pool, "%d. ", number) : "- ",
                     is_ordered ? number < 10 ? "   " : "    " : "  ");
    }
    docgen_buffer_puts(out, "\n");
}

/* A term is the item of a list, and what is said about it stands below it. */
static void terms_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    docgen_buffer_puts(out, "\n");
    for (const xmlNode *item = node->children; item; item = item->next) {
        if (docgen_manual_is(item, "dt")) {
            const char *id = docgen_manual_attribute(manual, item, "id");
            const char *text = inline_text(manual, item);

            if (id && *id && !strpbrk(id, " \"<>&\n"))
                text = apr_psprintf(manual->pool, "<a id=\"%s\"></a>%s", id, text);
            lines_prefix(out, text, "- ", "  ");
        } else if (docgen_manual_is(item, "dd")) {
            docgen_buffer_puts(out, "\n");
            lines_prefix(out, blocks_text(manual, item, 6), "  ", "  ");
            docgen_buffer_puts(out, "\n");
        } else if (docgen_manual_is(item, "div")) {
            terms_write(manual, out, item);
        }
    }
    docgen_buffer_puts(out, "\n");
}

static void note_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    const char *type = docgen_manual_attribute(manual, node, "type");
    const xmlNode *title = docgen_manual_child(node, "title");
    const char *text = blocks_text(manual, node, 6);

    docgen_buffer_printf(out, "\n> [!%s]\n",
                         type && !strcasecmp(type, "warning") ? "WARNING" : "NOTE");
    if (title)
        docgen_buffer_printf(out, "> **%s**\n>\n", inline_text(manual, title));
    lines_prefix(out, text, "> ", "> ");
    docgen_buffer_puts(out, "\n");
}

/* The rows of a table, wherever they stand in it. */
static void rows_find(apr_array_header_t *rows, const xmlNode *node, int depth)
{
    static const char *const groups[] = {"thead", "tbody", "tfoot", NULL};

    for (const xmlNode *child = node->children; child && depth < 3; child = child->next) {
        if (docgen_manual_is(child, "tr"))
            APR_ARRAY_PUSH(rows, const xmlNode *) = child;
        else if (child->type == XML_ELEMENT_NODE && is_any(child, groups))
            rows_find(rows, child, depth + 1);
    }
}

static int is_cell(const xmlNode *node)
{
    return docgen_manual_is(node, "td") || docgen_manual_is(node, "th");
}

static int cells_count(const xmlNode *row)
{
    int count = 0;

    for (const xmlNode *cell = row->children; cell; cell = cell->next)
        count += is_cell(cell);
    return count;
}

static void row_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *row, int columns)
{
    int count = 0;

    docgen_buffer_puts(out, "|");
    for (const xmlNode *cell = row->children; cell && count < columns; cell = cell->next) {
        const char *text;

        if (!is_cell(cell))
            continue;
        count++;
        docgen_buffer_puts(out, " ");
        text = inline_text(manual, cell);
        for (const char *p = text; *p; p++) {
            if (*p == '|' && (p == text || p[-1] != '\\'))
                docgen_buffer_puts(out, "\\");
            docgen_buffer_append(out, *p == '\n' ? " " : p, 1);
        }
        docgen_buffer_puts(out, " |");
    }
    for (; count < columns; count++)
        docgen_buffer_puts(out, " |");
    docgen_buffer_puts(out, "\n");
}

static void table_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node, int level)
{
    apr_array_header_t *rows = apr_array_make(manual->pool, 16, sizeof(const xmlNode *));
    int columns = 0;

    rows_find(rows, node, 0);
    for (int i = 0; i < rows->nelts; i++) {
        int count = cells_count(APR_ARRAY_IDX(rows, i, const xmlNode *));

        columns = count > columns ? count : columns;
    }
    columns = columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
    if (columns < 2) { /* it only draws a box */
        for (int i = 0; i < rows->nelts; i++) {
            for (const xmlNode *cell = APR_ARRAY_IDX(rows, i, const xmlNode *)->children; cell;
                 cell = cell->next) {
                if (is_cell(cell))
                    docgen_manual_blocks(manual, out, cell, level);
            }
        }
        return;
    }
    docgen_buffer_puts(out, "\n");
    for (int i = 0; i < rows->nelts; i++) {
        row_write(manual, out, APR_ARRAY_IDX(rows, i, const xmlNode *), columns);
        for (int n = 0; i == 0 && n < columns; n++)
            docgen_buffer_puts(out, n ? "---|" : "|---|");
        docgen_buffer_puts(out, i == 0 ? "\n" : "");
    }
    docgen_buffer_puts(out, "\n");
}

/* "- **Status:** Extension" for what is said about a module or directive in one line. */
static int fact_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    static const char *const facts[][2] = {
        {"status", "Status"},          {"identifier", "Module identifier"},
        {"sourcefile", "Source file"}, {"compatibility", "Compatibility"},
        {"syntax", "Syntax"},          {"default", "Default"},
        {"contextlist", "Context"},    {"override", "Override"},
        {"seealso", "See also"},       {"module", "Module"}};
    apr_size_t count = sizeof(facts) / sizeof(*facts);
    apr_size_t i = 0;
    const char *text;

    while (i < count && !docgen_manual_is(node, facts[i][0]))
        i++;
    if (i == count)
        return 0;
    if (docgen_manual_is(node, "contextlist"))
        text = docgen_manual_contexts(manual, node);
    else if (docgen_manual_is(node, "syntax") || docgen_manual_is(node, "default"))
        text = docgen_markdown_code(manual->pool, docgen_manual_text(manual, node));
    else
        text = inline_text(manual, node);
    if (*text)
        docgen_buffer_printf(out, "- **%s:** %s\n", facts[i][1], text);
    return 1;
}

static void directive_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node,
                            int level)
{
    const xmlNode *name = docgen_manual_child(node, "name");
    const char *type = docgen_manual_attribute(manual, node, "type");
    const char *title = name ? docgen_manual_text(manual, name) : "";

    /* One that is described elsewhere is only named here. */
    if (!*title || docgen_manual_attribute(manual, node, "location"))
        return;
    heading_write(
        out, level,
        docgen_markdown_escape(manual->pool, type && !strcmp(type, "section")
                                                 ? apr_psprintf(manual->pool, "<%s>", title)
                                                 : title),
        NULL);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child == name || child->type != XML_ELEMENT_NODE)
            continue;
        if (docgen_manual_is(child, "description"))
            docgen_buffer_printf(out, "%s.\n\n", inline_text(manual, child));
        else if (docgen_manual_is(child, "usage"))
            docgen_buffer_printf(out, "\n%s", blocks_text(manual, child, level + 1));
        else if (!docgen_manual_is(child, "modulelist"))
            fact_write(manual, out, child);
    }
}

static void section_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node, int level)
{
    const xmlNode *title = docgen_manual_child(node, "title");

    if (title)
        heading_write(out, level, inline_text(manual, title),
                      docgen_manual_attribute(manual, node, "id"));
    docgen_manual_blocks(manual, out, node, title ? level + 1 : level);
}

/* One block. */
static void block_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node, int level)
{
    static const char *const quiet[] = {"nav", "footer", "title", "name", "parentdocument", NULL};
    static const char *const lists[] = {"ul", "ol", "menu", "dir", NULL};
    static const char *const sections[] = {"section", "category", NULL};
    static const char *const related[] = {"modulelist", "directivelist", NULL};
    const char *name = (const char *)node->name;

    if (is_any(node, quiet)) {
        return;
    } else if ((*name == 'h' || *name == 'H') && isdigit((unsigned char)name[1]) && !name[2]) {
        heading_write(out, name[1] - '0', inline_text(manual, node),
                      docgen_manual_attribute(manual, node, "id"));
    } else if (is_any(node, lists)) {
        list_write(manual, out, node);
    } else if (docgen_manual_is(node, "dl")) {
        terms_write(manual, out, node);
    } else if (docgen_manual_is(node, "pre") || docgen_manual_is(node, "highlight") ||
               docgen_manual_is(node, "example")) {
        code_write(manual, out, node);
    } else if (docgen_manual_is(node, "note")) {
        note_write(manual, out, node);
    } else if (docgen_manual_is(node, "blockquote")) {
        docgen_buffer_puts(out, "\n");
        lines_prefix(out, blocks_text(manual, node, level), "> ", "> ");
        docgen_buffer_puts(out, "\n");
    } else if (docgen_manual_is(node, "table")) {
        table_write(manual, out, node, level);
    } else if (docgen_manual_is(node, "hr")) {
        docgen_buffer_puts(out, "\n---\n\n");
    } else if (docgen_manual_is(node, "directivesynopsis")) {
        directive_write(manual, out, node, level);
    } else if (is_any(node, sections)) {
        section_write(manual, out, node, level);
    } else if (docgen_manual_is(node, "page")) {
        const char *target = docgen_manual_attribute(manual, node, "href");

        docgen_buffer_printf(out,
                             target && !strpbrk(target, "<>\n\\") ? "- [%s](<%s>)\n" : "- %s\n",
                             inline_text(manual, node), target);
    } else if (is_any(node, related)) {
        const char *text = blocks_text(manual, node, level);

        docgen_buffer_printf(out, "- **%s:** %s\n",
                             docgen_manual_is(node, "modulelist") ? "Modules" : "Directives",
                             text + strspn(text, "\n"));
    } else if (!fact_write(manual, out, node)) {
        docgen_manual_blocks(manual, out, node, level);
    }
}

/* The paragraph read so far. */
static void paragraph_end(docgen_buffer *out, docgen_buffer *text)
{
    apr_size_t from = text->length ? strspn(text->data, " ") : 0;
    apr_size_t to = text->length;

    while (to > from && text->data[to - 1] == ' ')
        to--;
    if (to > from) {
        docgen_buffer_puts(out, "\n");
        docgen_buffer_append(out, text->data + from, to - from);
        docgen_buffer_puts(out, "\n\n");
    }
    docgen_buffer_clear(text);
}

void docgen_manual_blocks(docgen_manual *manual, docgen_buffer *out, const xmlNode *node, int level)
{
    docgen_buffer *text;

    if (manual->depth >= DOCGEN_MANUAL_DEPTH)
        return;
    manual->depth++;
    text = docgen_buffer_create(manual->pool);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (is_block(child)) {
            paragraph_end(out, text);
            block_write(manual, out, child, level);
        } else {
            docgen_manual_inline_node(manual, text, child);
        }
    }
    paragraph_end(out, text);
    docgen_buffer_free(text);
    manual->depth--;
}

const char *docgen_manual_contexts(const docgen_manual *manual, const xmlNode *node)
{
    const char *list = "";

    for (const xmlNode *child = node->children; child; child = child->next) {
        if (docgen_manual_is(child, "context"))
            list = apr_pstrcat(manual->pool, list, *list ? ", " : "",
                               docgen_manual_text(manual, child), NULL);
    }
    return list;
}
