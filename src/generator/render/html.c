/* The sanitiser. libxml2 reads whatever HTML there is; nothing it read is passed on: an allow-list of elements
 * and attributes is written anew, so that the result is well formed and harmless by construction.
 * Headings get their ids here, links their final form, and code spans that name a symbol become links.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include "core/buffer.h"
#include "core/text.h"
#include "generator/render/elements.h"
#include "generator/render/html.h"
#include "generator/render/ids.h"

enum {
    OPEN_MAX = 600, /* libxml2's open elements; deeper input is cut */
    EMIT_MAX = 100  /* our own open elements; deeper ones lose their tags, not their text */
};

typedef struct open_element {
    const docgen_element *rule; /* NULL: not allowed, its text passes through */
    const char *emit;           /* what was written as its start tag, NULL = nothing */
    apr_size_t start;           /* where its start tag begins in the output */
    apr_size_t inner;           /* where its content begins */
    int level;                  /* a heading's level, else 0 */
    int has_id;
    const char *id; /* a heading's own id */
    int dropped;    /* its content is dropped */
} open_element;

typedef struct cleaner {
    apr_pool_t *pool;
    docgen_buffer *out;
    docgen_buffer *text; /* plain text of the heading being read */
    docgen_buffer *code; /* text of the code span being read */
    const docgen_links *links;
    apr_array_header_t *headings;
    int shift;
    open_element stack[OPEN_MAX];
    int depth;
    int begun;
    int emitted;
    int dropping;
    int in_heading;
    int in_code;
    int in_pre;
    int in_link;
    int in_table;
    docgen_ids *ids;
    xmlParserCtxtPtr parser;
} cleaner;

static const char *attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes && attributes[0]; attributes += 2) {
        if (!strcasecmp((const char *)attributes[0], name))
            return attributes[1] ? (const char *)attributes[1] : "";
    }
    return NULL;
}

/* Text between tags: escaped; short codes become characters, template expressions become code. */
static void text_write(cleaner *c, const char *text, apr_size_t length)
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
    cleaner *c = baton;

    if (c->dropping)
        return;
    if (c->in_heading)
        docgen_buffer_append(c->text, (const char *)data, (apr_size_t)length);
    if (c->in_code && !c->in_pre && c->code->length < 300)
        docgen_buffer_append(c->code, (const char *)data, (apr_size_t)length);
    text_write(c, (const char *)data, (apr_size_t)length);
}

static void attribute_write(cleaner *c, const char *name, const char *value)
{
    docgen_buffer_printf(c->out, " %s=\"", name);
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            docgen_buffer_html_n(c->out, p, 1);
    }
    docgen_buffer_puts(c->out, "\"");
}

/* The URL to write for a target, or NULL. "#…" stays as it is. */
static const char *target_resolve(cleaner *c, const char *target, int image)
{
    const char *url;

    while (*target && (unsigned char)*target <= 0x20)
        target++;
    if (!*target || strlen(target) > 4096 || !docgen_target_is_safe(target))
        return NULL;
    if (!strncmp(target, "//", 2))
        target = apr_pstrcat(c->pool, "https:", target, NULL);
    url = c->links && c->links->resolve ? c->links->resolve(c->links->baton, c->pool, target, image)
                                        : target;
    return url && (!*url || docgen_target_is_safe(url)) ? url : NULL;
}

/* A number that a browser may use as a size or span. */
static int is_small_number(const char *value, int most)
{
    apr_size_t length = strlen(value);

    return length > 0 && length <= 5 && strspn(value, "0123456789") == length &&
           atoi(value) <= most;
}

static void image_write(cleaner *c, const xmlChar **attributes)
{
    const char *source = attribute(attributes, "src");
    const char *alt = attribute(attributes, "alt");
    const char *title = attribute(attributes, "title");
    const char *url = source && *source ? target_resolve(c, source, 1) : "";
    const char *sizes[] = {"width", "height"};

    if (!alt)
        alt = "";
    if (c->in_heading && url && *url)
        docgen_buffer_puts(c->text, alt);
    if (url && !*url)
        return;
    if (!url) {
        docgen_buffer_html(c->out, alt);
        return;
    }
    if (docgen_target_is_absolute(url)) {
        /* The pages' policy loads no remote image: what it shows is said instead. */
        if (!c->in_link) {
            docgen_buffer_puts(c->out, "<a");
            attribute_write(c, "href", url);
            docgen_buffer_puts(c->out, ">");
        }
        docgen_buffer_html(c->out, *alt ? alt : "image");
        if (!c->in_link)
            docgen_buffer_puts(c->out, "</a>");
        return;
    }
    docgen_buffer_puts(c->out, "<img");
    attribute_write(c, "src", url);
    attribute_write(c, "alt", alt);
    if (title)
        attribute_write(c, "title", title);
    for (int i = 0; i < 2; i++) {
        const char *size = attribute(attributes, sizes[i]);

        if (size && is_small_number(size, 4000))
            attribute_write(c, sizes[i], size);
    }
    docgen_buffer_puts(c->out, " loading=\"lazy\">");
}

/* Classes that our own preparation or md4c gives; no others pass. */
static const char *class_allowed(apr_pool_t *pool, const char *tag, const char *value)
{
    static const char *const known[] = {"markdown-alert-title", "task-list-item", "footnotes",
                                        "docgen-source",        "docgen-facts",   "docgen-version",
                                        "docgen-fields"};
    static const char *const alerts[] = {"note", "tip", "important", "warning", "caution"};

    if (!value)
        return NULL;
    if (!strcmp(tag, "code") && !strncmp(value, "language-", 9)) {
        apr_size_t length = 9;

        while (value[length] && length < 40 &&
               (isalnum((unsigned char)value[length]) || strchr("+#_-", value[length])))
            length++;
        return length > 9 ? apr_pstrndup(pool, value, length) : NULL;
    }
    for (apr_size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (!strcmp(value, known[i]))
            return value;
    }
    if (strncmp(value, "markdown-alert markdown-alert-", 30))
        return NULL;
    for (apr_size_t i = 0; i < sizeof(alerts) / sizeof(*alerts); i++) {
        if (!strcmp(value + 30, alerts[i]))
            return value;
    }
    return NULL;
}

static void link_attributes(cleaner *c, const xmlChar **attributes)
{
    const char *target = attribute(attributes, "href");
    const char *title = attribute(attributes, "title");
    const char *url;

    if (!target)
        return;
    if (target[0] == '#') {
        if (!target[1])
            return;
        docgen_ids_mark(c->out, target + 1);
        return;
    }
    url = target_resolve(c, target, 0);
    if (!url || !*url)
        return;
    attribute_write(c, "href", url);
    if (docgen_target_is_absolute(url))
        docgen_buffer_puts(c->out, " rel=\"nofollow noopener\"");
    if (title)
        attribute_write(c, "title", title);
}

static void cell_attributes(cleaner *c, const xmlChar **attributes)
{
    static const char *const spans[] = {"colspan", "rowspan"};
    static const char *const sides[] = {"left", "center", "right"};
    const char *align = attribute(attributes, "align");

    for (int i = 0; i < 2; i++) {
        const char *value = attribute(attributes, spans[i]);

        if (value && is_small_number(value, 100))
            attribute_write(c, spans[i], value);
    }
    for (int i = 0; align && i < 3; i++) {
        if (!strcasecmp(align, sides[i]))
            attribute_write(c, "align", sides[i]);
    }
}

/* Ids other than a heading's live in their own name space. */
static void id_attribute(cleaner *c, open_element *open, const xmlChar **attributes)
{
    const char *id = attribute(attributes, "id");
    const char *unique;

    if (!id && !strcmp(open->emit, "a"))
        id = attribute(attributes, "name");
    if (!id || !*id)
        return;
    unique = docgen_ids_anchor(c->ids, id);
    if (!unique)
        return;
    attribute_write(c, "id", unique);
    open->has_id = 1;
}

static void attributes_write(cleaner *c, open_element *open, const xmlChar **attributes)
{
    const char *tag = open->emit;
    const char *class = class_allowed(c->pool, tag, attribute(attributes, "class"));

    if (class)
        attribute_write(c, "class", class);
    if (!strcmp(tag, "a"))
        link_attributes(c, attributes);
    else if (!strcmp(tag, "td") || !strcmp(tag, "th"))
        cell_attributes(c, attributes);
    else if (!strcmp(tag, "details") && attribute(attributes, "open"))
        docgen_buffer_puts(c->out, " open");
    else if (!strcmp(tag, "ol")) {
        const char *start = attribute(attributes, "start");

        if (start && is_small_number(start, 99999))
            attribute_write(c, "start", start);
    } else if (!strcmp(tag, "abbr") || !strcmp(tag, "dfn")) {
        const char *title = attribute(attributes, "title");

        if (title)
            attribute_write(c, "title", title);
    }
    id_attribute(c, open, attributes);
}

/* "> [!NOTE]": the title that preparation put first turns its quotation into an alert. */
static void alert_open(cleaner *c, const xmlChar **attributes)
{
    const char *class = attribute(attributes, "class");
    open_element *quote = c->depth > 1 ? &c->stack[c->depth - 2] : NULL;

    if (!class || strncmp(class, "docgen-alert-", 13) || !quote || !quote->emit ||
        strcmp(quote->emit, "blockquote"))
        return;
    for (apr_size_t i = quote->inner; i < c->out->length; i++) {
        if (!isspace((unsigned char)c->out->data[i]))
            return;
    }
    class = apr_pstrcat(c->pool, "markdown-alert markdown-alert-", class + 13, NULL);
    if (!class_allowed(c->pool, "div", class))
        return;
    c->out->length = quote->start;
    docgen_buffer_printf(c->out, "<div class=\"%s\">\n", class);
    quote->emit = "div";
    quote->inner = c->out->length;
    c->stack[c->depth - 1].start = c->out->length;
}

static void void_write(cleaner *c, const char *name, const xmlChar **attributes)
{
    if (!strcmp(name, "img")) {
        image_write(c, attributes);
    } else if (!strcmp(name, "input")) {
        const char *type = attribute(attributes, "type");

        if (type && !strcasecmp(type, "checkbox"))
            docgen_buffer_printf(c->out, "<input type=\"checkbox\" disabled%s>",
                                 attribute(attributes, "checked") ? " checked" : "");
    } else {
        docgen_buffer_printf(c->out, "<%s>", name);
    }
}

static void element_open(cleaner *c, open_element *open, const xmlChar **attributes)
{
    const char *name = open->rule->name;
    apr_size_t before;

    open->emit = open->rule->emit ? open->rule->emit : name;
    open->start = c->out->length;
    c->emitted++;
    if (name[0] == 'h' && isdigit((unsigned char)name[1])) {
        const char *id = attribute(attributes, "id");

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
    if (!strcmp(name, "p") && attribute(attributes, "class") &&
        !strncmp(attribute(attributes, "class"), "docgen-alert-", 13))
        docgen_buffer_puts(c->out, " class=\"markdown-alert-title\"");
    before = c->out->length;
    attributes_write(c, open, attributes);
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
    cleaner *c = baton;
    const docgen_element *rule = docgen_element_find((const char *)name);
    open_element *open;

    if (c->depth >= OPEN_MAX) {
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
    if (c->dropping || !(rule->flags & DOCGEN_ELEMENT_KEEP) || c->emitted >= EMIT_MAX)
        return;
    if ((rule->flags & DOCGEN_ELEMENT_CELL) && !c->in_table)
        return;
    if (rule->flags & DOCGEN_ELEMENT_VOID) {
        void_write(c, rule->name, attributes);
        return;
    }
    /* Links and headings do not nest. */
    if ((rule->name[0] == 'a' && !rule->name[1] && c->in_link) ||
        (rule->name[0] == 'h' && isdigit((unsigned char)rule->name[1]) && c->in_heading))
        return;
    element_open(c, open, attributes);
}

/* "Title {#id}" or "Title { #id .class }": the braces leave the heading and the id stays. */
static const char *heading_attributes(cleaner *c, apr_size_t inner)
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

static void heading_close(cleaner *c, const open_element *open)
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
static void code_close(cleaner *c, const open_element *open)
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
        attribute_write(c, "href", url);
        docgen_buffer_printf(c->out, ">%s</a>", content);
    }
}

static int is_blank(const cleaner *c, apr_size_t from)
{
    for (apr_size_t i = from; i < c->out->length; i++) {
        if (!isspace((unsigned char)c->out->data[i]))
            return 0;
    }
    return 1;
}

/* A table's head without a word in it says nothing. */
static int is_empty_head(const cleaner *c, const open_element *open)
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

static void element_close(cleaner *c, const open_element *open)
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
    cleaner *c = baton;
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

static void parser_run(cleaner *c, const char *html)
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
    cleaner *c;
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
