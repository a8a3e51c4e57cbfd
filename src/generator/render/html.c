/* The sanitiser. libxml2 reads whatever HTML there is; nothing it read is passed on: an allow-list of elements
 * and attributes is written anew, so that the result is well formed and harmless by construction.
 * Headings get their ids here, links their final form, and code spans that name a symbol become links.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <libxml/parserInternals.h>
#include "core/text.h"
#include "generator/render/html_cleaner.h"
#include "generator/render/ids.h"

/* Text between tags: escaped; short codes become characters, template expressions become code. */
static void text_write(docgen_cleaner *c, const char *text, apr_size_t length)
{
    int plain = !c->in_code && !c->in_pre;
    apr_size_t from = 0;

    for (apr_size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) {
            docgen_buffer_html_n(c->out, text + from, i - from);
            from = i + 1;
        } else if (plain && byte == ':' && i + 2 < length) {
            apr_size_t end = i + 1;
            const char *emoji;

            while (end < length && end - i < 40 &&
                   (islower((unsigned char)text[end]) || isdigit((unsigned char)text[end]) ||
                    strchr("_+-", text[end])))
                end++;
            if (end == length || text[end] != ':' || end == i + 1)
                continue;
            emoji = docgen_emoji(text + i + 1, end - i - 1);
            if (!emoji)
                continue;
            docgen_buffer_html_n(c->out, text + from, i - from);
            docgen_buffer_puts(c->out, emoji);
            i = end;
            from = end + 1;
        } else if (plain && byte == '{' && i + 3 < length &&
                   (text[i + 1] == '{' || text[i + 1] == '%')) {
            const char *close = text[i + 1] == '{' ? "}}" : "%}";
            const char *end = memmem(text + i, length - i, close, 2);

            if (!end)
                continue;
            docgen_buffer_html_n(c->out, text + from, i - from);
            if (text[i + 1] == '{') {
                docgen_buffer_puts(c->out, "<code>");
                docgen_buffer_html_n(c->out, text + i, (apr_size_t)(end + 2 - (text + i)));
                docgen_buffer_puts(c->out, "</code>");
            }
            i = (apr_size_t)(end + 1 - text);
            from = i + 1;
        }
    }
    if (from < length)
        docgen_buffer_html_n(c->out, text + from, length - from);
}

static void on_text(void *baton, const xmlChar *data, int length)
{
    docgen_cleaner *c = baton;

    if (c->dropping)
        return;
    if (c->in_heading)
        docgen_buffer_append(c->text, (const char *)data, (apr_size_t)length);
    if (c->in_code && !c->in_pre && c->code->length < 300)
        docgen_buffer_append(c->code, (const char *)data, (apr_size_t)length);
    text_write(c, (const char *)data, (apr_size_t)length);
}

/* "> [!NOTE]": the title that preparation put first turns its quotation into an alert. */
static void alert_open(docgen_cleaner *c, const xmlChar **attributes)
{
    const char *class = docgen_html_value(attributes, "class");
    docgen_open *quote = c->depth > 1 ? &c->stack[c->depth - 2] : NULL;

    if (!class || strncmp(class, "docgen-alert-", 13) || !quote || !quote->emit ||
        strcmp(quote->emit, "blockquote"))
        return;
    for (apr_size_t i = quote->inner; i < c->out->length; i++) {
        if (!isspace((unsigned char)c->out->data[i]))
            return;
    }
    class = apr_pstrcat(c->pool, "markdown-alert markdown-alert-", class + 13, NULL);
    if (!docgen_html_class(c->pool, "div", class))
        return;
    c->out->length = quote->start;
    docgen_buffer_printf(c->out, "<div class=\"%s\">\n", class);
    quote->emit = "div";
    quote->inner = c->out->length;
    c->stack[c->depth - 1].start = c->out->length;
}

static void element_open(docgen_cleaner *c, docgen_open *open, const xmlChar **attributes)
{
    const char *name = open->rule->name;
    apr_size_t before;

    open->emit = open->rule->emit ? open->rule->emit : name;
    open->start = c->out->length;
    c->emitted++;
    if (name[0] == 'h' && isdigit((unsigned char)name[1])) {
        const char *id = docgen_html_value(attributes, "id");

        open->level = name[1] - '0' + c->shift;
        if (open->level > 6)
            open->level = 6;
        open->id = id ? apr_pstrdup(c->pool, id) : NULL;
        c->in_heading++;
        docgen_buffer_clear(c->text);
        open->inner = c->out->length;
        return;
    }
    if (!strcmp(name, "p"))
        alert_open(c, attributes);
    docgen_buffer_printf(c->out, "<%s", open->emit);
    if (!strcmp(name, "p") && docgen_html_value(attributes, "class") &&
        !strncmp(docgen_html_value(attributes, "class"), "docgen-alert-", 13))
        docgen_buffer_puts(c->out, " class=\"markdown-alert-title\"");
    before = c->out->length;
    docgen_html_attributes(c, open, attributes);
    if (!strcmp(name, "a") && c->out->length == before) {
        /* A link that leads nowhere is only its text. */
        c->out->length = open->start;
        c->out->data[c->out->length] = '\0';
        c->emitted--;
        open->emit = NULL;
        return;
    }
    docgen_buffer_puts(c->out, ">");
    open->inner = c->out->length;
    if (!strcmp(open->emit, "code")) {
        c->in_code++;
        docgen_buffer_clear(c->code);
    } else if (!strcmp(name, "pre")) {
        c->in_pre++;
    } else if (!strcmp(name, "a")) {
        c->in_link++;
    } else if (!strcmp(name, "table")) {
        c->in_table++;
    }
}

static void on_open(void *baton, const xmlChar *name, const xmlChar **attributes)
{
    docgen_cleaner *c = baton;
    const docgen_element *rule = docgen_element_find((const char *)name);
    docgen_open *open;

    if (c->depth >= DOCGEN_OPEN_MAX) {
        xmlStopParser(c->parser);
        return;
    }
    open = &c->stack[c->depth++];
    memset(open, 0, sizeof(*open));
    open->rule = rule;
    if (!rule)
        return;
    if (rule->flags & DOCGEN_ELEMENT_DROP) {
        open->dropped = 1;
        c->dropping++;
        return;
    }
    if (!c->begun) {
        c->begun = 1; /* the <div> that parser_run put around everything */
        return;
    }
    if (c->dropping || !(rule->flags & DOCGEN_ELEMENT_KEEP) || c->emitted >= DOCGEN_EMIT_MAX)
        return;
    if ((rule->flags & DOCGEN_ELEMENT_CELL) && !c->in_table)
        return;
    if (rule->flags & DOCGEN_ELEMENT_VOID) {
        docgen_html_void(c, rule->name, attributes);
        return;
    }
    /* Links and headings do not nest. */
    if ((rule->name[0] == 'a' && !rule->name[1] && c->in_link) ||
        (rule->name[0] == 'h' && isdigit((unsigned char)rule->name[1]) && c->in_heading))
        return;
    element_open(c, open, attributes);
}

/* "Title {#id}" or "Title { #id .class }": the braces leave the heading and the id stays. */
static const char *heading_attributes(docgen_cleaner *c, apr_size_t inner)
{
    apr_size_t length = c->out->length;
    const char *brace;
    const char *hash;
    const char *id;

    while (length > inner && isspace((unsigned char)c->out->data[length - 1]))
        length--;
    if (length <= inner || c->out->data[length - 1] != '}')
        return NULL;
    brace = memrchr(c->out->data + inner, '{', length - inner);
    hash = brace ? memchr(brace, '#', (apr_size_t)(c->out->data + length - brace)) : NULL;
    if (!hash || memchr(brace, '<', (apr_size_t)(c->out->data + length - brace)))
        return NULL;
    id = apr_pstrndup(c->pool, hash + 1, strcspn(hash + 1, " }"));
    c->out->length = (apr_size_t)(brace - c->out->data);
    while (c->out->length > inner && isspace((unsigned char)c->out->data[c->out->length - 1]))
        c->out->length--;
    c->out->data[c->out->length] = '\0';
    brace = strrchr(c->text->data, '{');
    if (brace)
        c->text->length = (apr_size_t)(brace - c->text->data);
    c->text->data[c->text->length] = '\0';
    return id;
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

static void heading_close(docgen_cleaner *c, const docgen_open *open)
{
    const char *wish = heading_attributes(c, open->inner);
    const char *text = text_collapse(c->pool, c->text->length ? c->text->data : "");
    const char *content =
        apr_pstrndup(c->pool, c->out->data + open->inner, c->out->length - open->inner);
    const char *id = docgen_ids_heading(c->ids, text, wish ? wish : open->id);

    c->in_heading--;
    c->out->length = open->start;
    docgen_buffer_printf(c->out, "<h%d id=\"%s\">%s</h%d>", open->level, id, content, open->level);
    if (c->headings) {
        docgen_heading *heading = apr_array_push(c->headings);

        heading->level = open->level;
        heading->id = id;
        heading->text = text;
    }
}

/* A code span that is exactly a symbol's name leads to the symbol. */
static void code_close(docgen_cleaner *c, const docgen_open *open)
{
    const char *url = NULL;

    c->in_code--;
    if (!c->in_pre && !c->in_link && !c->in_heading && c->links && c->links->symbol &&
        c->code->length > 0 && c->code->length < 200)
        url = c->links->symbol(c->links->baton, c->pool, c->code->data);
    docgen_buffer_puts(c->out, "</code>");
    if (url && docgen_target_is_safe(url)) {
        const char *content =
            apr_pstrndup(c->pool, c->out->data + open->start, c->out->length - open->start);

        c->out->length = open->start;
        docgen_buffer_puts(c->out, "<a");
        docgen_html_attribute(c, "href", url);
        docgen_buffer_printf(c->out, ">%s</a>", content);
    }
}

static int is_blank(const docgen_cleaner *c, apr_size_t from)
{
    for (apr_size_t i = from; i < c->out->length; i++) {
        if (!isspace((unsigned char)c->out->data[i]))
            return 0;
    }
    return 1;
}

/* A table's head without a word in it says nothing. */
static int is_empty_head(const docgen_cleaner *c, const docgen_open *open)
{
    int in_tag = 0;

    if (strcmp(open->emit, "thead"))
        return 0;
    for (apr_size_t i = open->inner; i < c->out->length; i++) {
        char byte = c->out->data[i];

        if (byte == '<' || byte == '>')
            in_tag = byte == '<';
        else if (!in_tag && !isspace((unsigned char)byte))
            return 0;
    }
    return 1;
}

static void element_close(docgen_cleaner *c, const docgen_open *open)
{
    if (open->dropped)
        c->dropping--;
    if (!open->emit)
        return;
    c->emitted--;
    if (!strcmp(open->emit, "a"))
        c->in_link--;
    else if (!strcmp(open->emit, "pre"))
        c->in_pre--;
    else if (!strcmp(open->emit, "table"))
        c->in_table--;
    if (((open->rule->flags & DOCGEN_ELEMENT_PRUNE) && !open->has_id && is_blank(c, open->inner)) ||
        is_empty_head(c, open)) {
        if (open->level)
            c->in_heading--;
        c->out->length = open->start;
        if (c->out->data)
            c->out->data[c->out->length] = '\0';
        return;
    }
    if (open->level)
        heading_close(c, open);
    else if (!strcmp(open->emit, "code"))
        code_close(c, open);
    else
        docgen_buffer_printf(c->out, "</%s>", open->emit);
}

static void on_close(void *baton, const xmlChar *name)
{
    docgen_cleaner *c = baton;
    const docgen_element *rule = docgen_element_find((const char *)name);
    int at = c->depth;

    while (at > 0 && c->stack[at - 1].rule != rule)
        at--;
    if (at == 0)
        return;
    while (c->depth >= at)
        element_close(c, &c->stack[--c->depth]);
}

static void quiet(void *baton, const char *message, ...)
{
    (void)baton;
    (void)message;
}

static void parser_run(docgen_cleaner *c, const char *html)
{
    /* The wrapping keeps libxml2 from inventing elements around loose text. */
    const char *document =
        apr_pstrcat(c->pool, "<html><body><div>", html, "</div></body></html>", NULL);
    xmlSAXHandler sax;

    memset(&sax, 0, sizeof(sax));
    sax.startElement = on_open;
    sax.endElement = on_close;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.warning = quiet;
    sax.error = quiet;
    sax.initialized = 1;
    c->parser = htmlCreateMemoryParserCtxt(document, (int)strlen(document));
    if (!c->parser)
        return;
    if (c->parser->sax)
        *c->parser->sax = sax;
    c->parser->userData = c;
    htmlCtxtUseOptions(c->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                      HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC |
                                      HTML_PARSE_NOIMPLIED);
    xmlSwitchEncoding(c->parser, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(c->parser);
    if (c->parser->myDoc) {
        xmlFreeDoc(c->parser->myDoc);
        c->parser->myDoc = NULL;
    }
    htmlFreeParserCtxt(c->parser);
    c->parser = NULL;
}

const char *docgen_html_part(apr_pool_t *pool, const char *html, int shift,
                             const docgen_links *links, apr_array_header_t *headings,
                             docgen_ids *ids)
{
    docgen_cleaner *c;
    apr_pool_t *scratch;
    const char *result;

    apr_pool_create(&scratch, pool);
    c = apr_pcalloc(scratch, sizeof(*c));
    c->pool = scratch;
    c->out = docgen_buffer_create(scratch);
    c->text = docgen_buffer_create(scratch);
    c->code = docgen_buffer_create(scratch);
    c->ids = ids;
    c->links = links;
    c->shift = shift;
    c->headings = headings ? apr_array_make(scratch, 16, sizeof(docgen_heading)) : NULL;
    if (!docgen_utf8_is_valid(html, strlen(html)))
        html = docgen_utf8_repair(scratch, html, strlen(html));
    parser_run(c, html);
    while (c->depth > 0)
        element_close(c, &c->stack[--c->depth]);
    result = apr_pstrmemdup(pool, c->out->data, c->out->length);
    for (int i = 0; headings && i < c->headings->nelts; i++) {
        docgen_heading *heading = apr_array_push(headings);

        *heading = APR_ARRAY_IDX(c->headings, i, docgen_heading);
        heading->id = apr_pstrdup(pool, heading->id);
        heading->text = apr_pstrdup(pool, heading->text);
    }
    apr_pool_destroy(scratch);
    return result;
}

const char *docgen_html_sanitise(apr_pool_t *pool, const char *html, const docgen_links *links)
{
    docgen_ids *ids = docgen_ids_create(pool);

    return docgen_ids_resolve(ids, pool, docgen_html_part(pool, html, 0, links, NULL, ids));
}
