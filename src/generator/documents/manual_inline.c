/* Running text of a manual's page: emphasis, code, links, and httpd's names of directives, modules and programs.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/documents/manual.h"

int docgen_manual_is(const xmlNode *node, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && !strcasecmp((const char *)node->name, name);
}

const xmlNode *docgen_manual_child(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (docgen_manual_is(child, name))
            return child;
    }
    return NULL;
}

const char *docgen_manual_attribute(const docgen_manual *manual, const xmlNode *node,
                                    const char *name)
{
    xmlChar *value = xmlGetProp((xmlNode *)node, (const xmlChar *)name);
    const char *copy = value ? apr_pstrdup(manual->pool, (const char *)value) : NULL;

    xmlFree(value);
    return copy;
}

/* Blanks and line ends become one space each; `from` is where the text begins. */
static const char *blanks_join(apr_pool_t *pool, const char *from)
{
    char *copy = apr_palloc(pool, strlen(from) + 1);
    char *end = copy;

    for (const char *p = from; *p; p++) {
        if (!isspace((unsigned char)*p))
            *end++ = *p;
        else if (end == copy || end[-1] != ' ')
            *end++ = ' ';
    }
    *end = '\0';
    return copy;
}

const char *docgen_manual_text(const docgen_manual *manual, const xmlNode *node)
{
    xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
    char *text = (char *)blanks_join(manual->pool, content ? (const char *)content : "");
    apr_size_t length = strlen(text);

    xmlFree(content);
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
    return text + (*text == ' ');
}

static void text_write(const docgen_manual *manual, docgen_buffer *out, const char *content)
{
    const char *text = blanks_join(manual->pool, content);

    if (*text == ' ' && (out->length == 0 || strchr(" \n", out->data[out->length - 1])))
        text++;
    docgen_buffer_puts(out, docgen_markdown_escape(manual->pool, text));
}

/* `mark`content`mark`, with blanks outside of the marks; nothing for an empty content. */
static void marked(docgen_manual *manual, docgen_buffer *out, const xmlNode *node, const char *mark)
{
    docgen_buffer *inner = docgen_buffer_create(manual->pool);
    apr_size_t from, to;

    docgen_manual_inline(manual, inner, node);
    to = inner->length;
    from = to ? strspn(inner->data, " ") : 0;
    while (to > from && inner->data[to - 1] == ' ')
        to--;
    if (to > from) {
        docgen_buffer_puts(out, from ? " " : "");
        docgen_buffer_puts(out, mark);
        docgen_buffer_append(out, inner->data + from, to - from);
        docgen_buffer_printf(out, "%s%s", mark, inner->data[to] == ' ' ? " " : "");
    }
    docgen_buffer_free(inner);
}

static void link_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    const char *target = docgen_manual_attribute(manual, node, "href");
    docgen_buffer *inner;

    if (!target || !*target || strpbrk(target, "<>\n\\")) {
        docgen_manual_inline(manual, out, node);
        return;
    }
    inner = docgen_buffer_create(manual->pool);
    docgen_manual_inline(manual, inner, node);
    if (inner->length > strspn(inner->length ? inner->data : "", " "))
        docgen_buffer_printf(out, "[%s](<%s>)", inner->data + strspn(inner->data, " "), target);
    docgen_buffer_free(inner);
}

static void image_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    const char *source = docgen_manual_attribute(manual, node, "src");
    const char *alt = docgen_manual_attribute(manual, node, "alt");

    if (source && *source && !strpbrk(source, "<>\n\\"))
        docgen_buffer_printf(out, "![%s](<%s>)",
                             alt ? docgen_markdown_escape(manual->pool, alt) : "", source);
}

static const char *lower(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text);

    for (char *p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

/* <directive module="core" type="section">IfModule</directive>, <module>mod_ssl</module>, <program>ab</program>
 * @return 0 when it is none of them */
static int name_write(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    int is_directive = docgen_manual_is(node, "directive");
    const char *folder = docgen_manual_is(node, "program") ? "programs" : "mod";
    const char *name, *page, *target = NULL, *type;

    if (!is_directive && !docgen_manual_is(node, "module") && !docgen_manual_is(node, "program"))
        return 0;
    name = docgen_manual_text(manual, node);
    type = docgen_manual_attribute(manual, node, "type");
    page = is_directive ? docgen_manual_attribute(manual, node, "module") : name;
    if (page && manual->context && manual->context->page)
        target = manual->context->page(manual->context->baton, manual->pool, folder, page);
    if ((target || !page) && is_directive) /* without a module it is one of this page */
        target =
            apr_pstrcat(manual->pool, target ? target : "", "#", lower(manual->pool, name), NULL);
    if (type && !strcmp(type, "section"))
        name = apr_pstrcat(manual->pool, "<", name, ">", NULL);
    name = docgen_markdown_code(manual->pool, name);
    if (target)
        docgen_buffer_printf(out, "[%s](<%s>)", name, target);
    else
        docgen_buffer_puts(out, name);
    return 1;
}

void docgen_manual_inline_node(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    static const char *const codes[] = {"code", "tt", "kbd", "samp", NULL};
    static const char *const dropped[] = {"script",    "style",  "noscript", "template", "iframe",
                                          "object",    "embed",  "svg",      "math",     "button",
                                          "transnote", "select", "textarea", NULL};

    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        text_write(manual, out, node->content ? (const char *)node->content : "");
        return;
    }
    if (node->type != XML_ELEMENT_NODE || name_write(manual, out, node))
        return;
    for (int i = 0; dropped[i]; i++) {
        if (docgen_manual_is(node, dropped[i]))
            return;
    }
    for (int i = 0; codes[i]; i++) {
        if (docgen_manual_is(node, codes[i])) {
            docgen_buffer_puts(
                out, docgen_markdown_code(manual->pool, docgen_manual_text(manual, node)));
            return;
        }
    }
    if (docgen_manual_is(node, "em") || docgen_manual_is(node, "i") ||
        docgen_manual_is(node, "var") || docgen_manual_is(node, "cite"))
        marked(manual, out, node, "*");
    else if (docgen_manual_is(node, "strong") || docgen_manual_is(node, "b"))
        marked(manual, out, node, "**");
    else if (docgen_manual_is(node, "a"))
        link_write(manual, out, node);
    else if (docgen_manual_is(node, "img"))
        image_write(manual, out, node);
    else if (docgen_manual_is(node, "br"))
        docgen_buffer_puts(out, "<br>");
    else
        docgen_manual_inline(manual, out, node);
}

void docgen_manual_inline(docgen_manual *manual, docgen_buffer *out, const xmlNode *node)
{
    if (manual->depth >= DOCGEN_MANUAL_DEPTH)
        return;
    manual->depth++;
    for (const xmlNode *child = node->children; child; child = child->next)
        docgen_manual_inline_node(manual, out, child);
    manual->depth--;
}
