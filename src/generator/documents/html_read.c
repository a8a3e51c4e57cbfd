/* HTML to nodes. libxml2 reads whatever HTML there is; what is not on the list of elements loses its tags, and what is
 * no text for people (scripts, styles, frames) is left out whole.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/html_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/documents/elements.h"
#include "generator/documents/html.h"
#include "generator/repo/hidden.h"

enum {
    OPEN_MAX = 600, /* libxml2's open elements; deeper input is cut */
    KEPT_MAX = 100  /* open nodes; deeper elements lose their tags, not their text */
};

/* An element that the input has open. */
typedef struct opened {
    const docgen_element *rule; /* NULL: not known, its text passes through */
    docgen_node *node;          /* NULL: not kept */
    int dropped;                /* its content is dropped */
} opened;

typedef struct reader {
    apr_pool_t *pool;
    docgen_node *at;     /* the innermost open node */
    docgen_buffer *text; /* read, and not in the tree yet */
    opened stack[OPEN_MAX];
    int depth;
    int begun;
    int kept;
    int nodes;
    int dropping;
    int in_heading;
    int in_code;
    int in_pre;
    int in_link;
    int in_table;
    xmlParserCtxtPtr parser;
} reader;

static docgen_node *node_add(reader *r, docgen_node_kind kind, const char *element)
{
    r->nodes++;
    return docgen_node_add(r->pool, r->at, kind, element);
}

static void text_add(reader *r, const char *text, apr_size_t length, const char *code)
{
    docgen_node *node;

    if (length == 0)
        return;
    node = node_add(r, DOCGEN_NODE_TEXT, NULL);
    node->text = apr_pstrndup(r->pool, text, length);
    node->code = code;
}

/* The short code (":rocket:") at `at`. @return its length, 0 = none */
static apr_size_t code_read(const char *at, const char **emoji)
{
    apr_size_t end = 1;

    while (end < 40 && (islower((unsigned char)at[end]) || isdigit((unsigned char)at[end]) ||
                        (at[end] && strchr("_+-", at[end]))))
        end++;
    if (at[end] != ':' || end == 1)
        return 0;
    *emoji = docgen_emoji(at + 1, end - 1);
    return *emoji ? end + 1 : 0;
}

/* A template's expression, "{{ x }}", is shown as code; its commands, "{% x %}", are not shown.
 * @return its length, 0 = none */
static apr_size_t template_read(reader *r, const char *at, const char *from)
{
    const char *close = at[1] == '{' ? "}}" : "%}";
    const char *end = strstr(at, close);

    if (!end)
        return 0;
    text_add(r, from, (apr_size_t)(at - from), NULL);
    if (at[1] == '{') {
        docgen_node *outer = r->at;

        r->at = node_add(r, DOCGEN_NODE_CODE, "code");
        text_add(r, at, (apr_size_t)(end + 2 - at), NULL);
        r->at = outer;
    }
    return (apr_size_t)(end + 2 - at);
}

/* What was read since the last tag becomes text: short codes become characters, expressions become code. */
static void text_flush(reader *r)
{
    const char *text = r->text->length ? r->text->data : "";
    const char *from = text;
    const char *at = text;

    if (r->text->length == 0)
        return;
    r->text->length = docgen_hidden_remove(r->text->data, r->text->length, NULL, NULL);
    while (*at && !r->in_code && !r->in_pre) {
        const char *emoji;
        apr_size_t length;

        at += strcspn(at, ":{");
        if (*at == ':' && (length = code_read(at, &emoji)) > 0) {
            text_add(r, from, (apr_size_t)(at - from), NULL);
            text_add(r, emoji, strlen(emoji), apr_pstrndup(r->pool, at, length));
            from = at += length;
        } else if (*at == '{' && (at[1] == '{' || at[1] == '%') &&
                   (length = template_read(r, at, from)) > 0) {
            from = at += length;
        } else if (*at) {
            at++;
        }
    }
    text_add(r, from, strlen(from), NULL);
    docgen_buffer_clear(r->text);
}

static void on_text(void *baton, const xmlChar *data, int length)
{
    reader *r = baton;

    if (!r->dropping)
        docgen_buffer_append(r->text, (const char *)data, (apr_size_t)length);
}

static int attribute_is_kept(const char *name)
{
    static const char *const kept[] = {"align", "alt",     "checked", "class", "colspan", "height",
                                       "href",  "id",      "name",    "open",  "rowspan", "src",
                                       "start", "summary", "title",   "type",  "width"};

    for (apr_size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        if (!strcasecmp(name, kept[i]))
            return 1;
    }
    return 0;
}

static void attributes_read(reader *r, docgen_node *node, const xmlChar **attributes)
{
    int count = 0;
    int kept = 0;

    while (attributes && attributes[count])
        count += 2;
    if (count == 0)
        return;
    node->attributes = apr_pcalloc(r->pool, ((apr_size_t)count + 2) * sizeof(char *));
    for (int i = 0; i < count; i += 2) {
        const char *name = (const char *)attributes[i];
        char *value =
            apr_pstrdup(r->pool, attributes[i + 1] ? (const char *)attributes[i + 1] : "");

        if (!strcasecmp(name, DOCGEN_LINE_ATTRIBUTE))
            node->line = atoi(value);
        if (!attribute_is_kept(name))
            continue;
        docgen_hidden_remove(value, strlen(value), NULL, NULL);
        node->attributes[kept++] = apr_pstrdup(r->pool, name);
        node->attributes[kept++] = value;
    }
}

/* "> [!NOTE]": the title that the Markdown reader put first turns its quotation into an admonition. */
static void admonition_make(reader *r, docgen_node *title)
{
    const char *class = docgen_node_value(title, "class");
    docgen_node *quote = title->parent;
    const char **attributes;

    if (!class || strncmp(class, "docgen-alert-", 13))
        return;
    title->attributes = apr_pcalloc(r->pool, 3 * sizeof(char *));
    title->attributes[0] = "class";
    title->attributes[1] = "markdown-alert-title";
    if (quote->kind != DOCGEN_NODE_QUOTE)
        return;
    for (const docgen_node *child = quote->first; child != title; child = child->next) {
        if (!docgen_node_is_blank(child))
            return;
    }
    attributes = apr_pcalloc(r->pool, 3 * sizeof(char *));
    attributes[0] = "class";
    attributes[1] = apr_pstrcat(r->pool, "markdown-alert markdown-alert-", class + 13, NULL);
    if (!docgen_class_is_kept("div", attributes[1]))
        return;
    quote->kind = DOCGEN_NODE_ADMONITION;
    quote->element = "div";
    quote->attributes = attributes;
}

static void kind_refine(reader *r, docgen_node *node)
{
    const char *class = docgen_node_value(node, "class");

    if (node->kind == DOCGEN_NODE_PARAGRAPH)
        admonition_make(r, node);
    else if (node->kind == DOCGEN_NODE_GROUP && class && docgen_class_is_kept("div", class)) {
        if (!strncmp(class, "markdown-alert markdown-alert-", 30))
            node->kind = DOCGEN_NODE_ADMONITION;
        else if (!strcmp(class, "footnotes"))
            node->kind = DOCGEN_NODE_FOOTNOTES;
    } else if (node->kind == DOCGEN_NODE_HEADING) {
        node->level = node->element[1] - '0';
        node->id = docgen_node_value(node, "id");
    }
}

static void depth_count(reader *r, const docgen_node *node, int step)
{
    r->kept += step;
    if (node->kind == DOCGEN_NODE_HEADING)
        r->in_heading += step;
    else if (node->kind == DOCGEN_NODE_CODE)
        r->in_code += step;
    else if (node->kind == DOCGEN_NODE_CODE_BLOCK)
        r->in_pre += step;
    else if (node->kind == DOCGEN_NODE_LINK)
        r->in_link += step * (docgen_node_value(node, "href") != NULL);
    else if (node->kind == DOCGEN_NODE_TABLE)
        r->in_table += step;
}

static void on_open(void *baton, const xmlChar *name, const xmlChar **attributes)
{
    reader *r = baton;
    const docgen_element *rule = docgen_element_find((const char *)name);
    opened *open;
    docgen_node *node;

    if (r->depth >= OPEN_MAX || r->nodes >= DOCGEN_NODES_MAX) {
        xmlStopParser(r->parser);
        return;
    }
    open = &r->stack[r->depth++];
    memset(open, 0, sizeof(*open));
    open->rule = rule;
    if (!rule)
        return;
    if (rule->flags & DOCGEN_ELEMENT_DROP) {
        open->dropped = 1;
        r->dropping++;
        return;
    }
    if (!r->begun) {
        r->begun = 1; /* the <div> that parser_run put around everything */
        return;
    }
    if (r->dropping || !(rule->flags & DOCGEN_ELEMENT_KEEP) || r->kept >= KEPT_MAX ||
        ((rule->flags & DOCGEN_ELEMENT_CELL) && !r->in_table) ||
        /* Links and headings do not nest. */
        (rule->kind == DOCGEN_NODE_LINK && r->in_link) ||
        (rule->kind == DOCGEN_NODE_HEADING && r->in_heading))
        return;
    text_flush(r);
    node = node_add(r, rule->kind, rule->emit ? rule->emit : rule->name);
    node->prune = (rule->flags & DOCGEN_ELEMENT_PRUNE) != 0;
    attributes_read(r, node, attributes);
    kind_refine(r, node);
    if (rule->flags & DOCGEN_ELEMENT_VOID)
        return;
    open->node = node;
    r->at = node;
    depth_count(r, node, 1);
}

/* "Title {#id}" or "Title { #id .class }": the braces leave the heading and the id stays. */
static void heading_close(reader *r, docgen_node *heading)
{
    docgen_node *node = heading->last;
    apr_size_t length = node && node->kind == DOCGEN_NODE_TEXT ? strlen(node->text) : 0;
    const char *brace, *hash;

    while (length > 0 && isspace((unsigned char)node->text[length - 1]))
        length--;
    if (length == 0 || node->text[length - 1] != '}')
        return;
    brace = memrchr(node->text, '{', length);
    hash = brace ? strchr(brace, '#') : NULL;
    if (!hash)
        return;
    heading->id = apr_pstrndup(r->pool, hash + 1, strcspn(hash + 1, " }"));
    length = (apr_size_t)(brace - node->text);
    while (length > 0 && isspace((unsigned char)node->text[length - 1]))
        length--;
    node->text = apr_pstrndup(r->pool, node->text, length);
}

static void element_close(reader *r)
{
    const opened *open = &r->stack[--r->depth];

    if (open->dropped)
        r->dropping--;
    if (!open->node)
        return;
    text_flush(r);
    depth_count(r, open->node, -1);
    if (open->node->kind == DOCGEN_NODE_HEADING)
        heading_close(r, open->node);
    r->at = open->node->parent;
}

static void on_close(void *baton, const xmlChar *name)
{
    reader *r = baton;
    const docgen_element *rule = docgen_element_find((const char *)name);
    int at = r->depth;

    while (at > 0 && r->stack[at - 1].rule != rule)
        at--;
    while (at > 0 && r->depth >= at)
        element_close(r);
}

static void quiet(void *baton, const char *message, ...)
{
    (void)baton;
    (void)message;
}

static void parser_run(reader *r, const char *document)
{
    xmlSAXHandler sax;

    memset(&sax, 0, sizeof(sax));
    sax.startElement = on_open;
    sax.endElement = on_close;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.warning = quiet;
    sax.error = quiet;
    sax.initialized = 1;
    r->parser = htmlCreateMemoryParserCtxt(document, (int)strlen(document));
    if (!r->parser)
        return;
    if (r->parser->sax)
        *r->parser->sax = sax;
    r->parser->userData = r;
    htmlCtxtUseOptions(r->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                      HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC |
                                      HTML_PARSE_NOIMPLIED);
    xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(r->parser);
    if (r->parser->myDoc) {
        xmlFreeDoc(r->parser->myDoc);
        r->parser->myDoc = NULL;
    }
    htmlFreeParserCtxt(r->parser);
    r->parser = NULL;
}

docgen_node *docgen_html_read(apr_pool_t *pool, const char *html)
{
    apr_pool_t *scratch;
    reader *r;
    docgen_node *document = docgen_node_add(pool, NULL, DOCGEN_NODE_DOCUMENT, NULL);
    int nodes;

    apr_pool_create(&scratch, pool);
    r = apr_pcalloc(scratch, sizeof(*r));
    r->pool = pool;
    r->at = document;
    r->text = docgen_buffer_create(scratch);
    if (!docgen_utf8_is_valid(html, strlen(html)))
        html = docgen_utf8_repair(scratch, html, strlen(html));
    /* The wrapping keeps libxml2 from inventing elements around loose text. */
    parser_run(r, apr_pstrcat(scratch, "<html><body><div>", html, "</div></body></html>", NULL));
    while (r->depth > 0)
        element_close(r);
    text_flush(r);
    nodes = r->nodes;
    apr_pool_destroy(scratch);
    return nodes < DOCGEN_NODES_MAX ? document : NULL;
}
