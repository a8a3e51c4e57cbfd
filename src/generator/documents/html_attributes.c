/* What the writer of HTML lets through of a node's attributes: targets in their final form, images, ids in their own
 * name space, sizes and spans that are small numbers. Everything else is left out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/documents/html_writer.h"
#include "generator/documents/ids.h"

void docgen_html_attribute(docgen_html_writer *c, const char *name, const char *value)
{
    docgen_buffer_printf(c->out, " %s=\"", name);
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            docgen_buffer_html_n(c->out, p, 1);
    }
    docgen_buffer_puts(c->out, "\"");
}

const char *docgen_html_target(docgen_html_writer *c, const char *target, int image)
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

apr_size_t docgen_language_length(const char *name)
{
    apr_size_t length = 0;

    while (name[length] && length < 31 &&
           (isalnum((unsigned char)name[length]) || strchr("+#_-", name[length])))
        length++;
    return length;
}

/* A number that a browser may use as a size or span. */
static int is_small_number(const char *value, int most)
{
    apr_size_t length = strlen(value);

    return length > 0 && length <= 5 && strspn(value, "0123456789") == length &&
           atoi(value) <= most;
}

static void image_write(docgen_html_writer *c, const docgen_node *node)
{
    const char *source = docgen_node_value(node, "src");
    const char *alt = docgen_node_value(node, "alt");
    const char *title = docgen_node_value(node, "title");
    const char *url = source && *source ? docgen_html_target(c, source, 1) : "";
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
            docgen_html_attribute(c, "href", url);
            docgen_buffer_puts(c->out, ">");
        }
        docgen_buffer_html(c->out, *alt ? alt : "image");
        if (!c->in_link)
            docgen_buffer_puts(c->out, "</a>");
        return;
    }
    docgen_buffer_puts(c->out, "<img");
    docgen_html_attribute(c, "src", url);
    docgen_html_attribute(c, "alt", alt);
    if (title)
        docgen_html_attribute(c, "title", title);
    for (int i = 0; i < 2; i++) {
        const char *size = docgen_node_value(node, sizes[i]);

        if (size && is_small_number(size, 4000))
            docgen_html_attribute(c, sizes[i], size);
    }
    docgen_buffer_puts(c->out, " loading=\"lazy\">");
}

/* Classes that the readers give; no others pass. */
int docgen_class_is_kept(const char *tag, const char *value)
{
    static const char *const known[] = {"markdown-alert-title", "task-list-item", "footnotes",
                                        "docgen-source",        "docgen-facts",   "docgen-version",
                                        "docgen-fields"};
    static const char *const alerts[] = {"note", "tip", "important", "warning", "caution"};

    if (!value)
        return 0;
    if (!strcmp(tag, "code"))
        return !strncmp(value, "language-", 9) && docgen_language_length(value + 9) > 0;
    for (apr_size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (!strcmp(value, known[i]))
            return 1;
    }
    if (strncmp(value, "markdown-alert markdown-alert-", 30))
        return 0;
    for (apr_size_t i = 0; i < sizeof(alerts) / sizeof(*alerts); i++) {
        if (!strcmp(value + 30, alerts[i]))
            return 1;
    }
    return 0;
}

static void link_attributes(docgen_html_writer *c, const docgen_node *node)
{
    const char *target = docgen_node_value(node, "href");
    const char *title = docgen_node_value(node, "title");
    const char *url;

    if (!target)
        return;
    if (target[0] == '#') {
        if (!target[1])
            return;
        docgen_ids_mark(c->out, target + 1);
        return;
    }
    url = docgen_html_target(c, target, 0);
    if (!url || !*url)
        return;
    docgen_html_attribute(c, "href", url);
    if (docgen_target_is_absolute(url))
        docgen_buffer_puts(c->out, " rel=\"nofollow noopener\"");
    if (title)
        docgen_html_attribute(c, "title", title);
}

static void cell_attributes(docgen_html_writer *c, const docgen_node *node)
{
    static const char *const spans[] = {"colspan", "rowspan"};
    static const char *const sides[] = {"left", "center", "right"};
    const char *align = docgen_node_value(node, "align");

    for (int i = 0; i < 2; i++) {
        const char *value = docgen_node_value(node, spans[i]);

        if (value && is_small_number(value, 100))
            docgen_html_attribute(c, spans[i], value);
    }
    for (int i = 0; align && i < 3; i++) {
        if (!strcasecmp(align, sides[i]))
            docgen_html_attribute(c, "align", sides[i]);
    }
}

/* Ids other than a heading's live in their own name space. @return whether one was written */
static int id_attribute(docgen_html_writer *c, const docgen_node *node)
{
    const char *id = docgen_node_value(node, "id");
    const char *unique;

    if (!id && node->kind == DOCGEN_NODE_LINK)
        id = docgen_node_value(node, "name");
    if (!id || !*id)
        return 0;
    unique = docgen_ids_anchor(c->ids, id);
    if (unique)
        docgen_html_attribute(c, "id", unique);
    return unique != NULL;
}

static void class_attribute(docgen_html_writer *c, const docgen_node *node)
{
    const char *class = docgen_node_value(node, "class");

    if (!docgen_class_is_kept(node->element, class))
        return;
    if (node->kind == DOCGEN_NODE_CODE)
        class = apr_pstrndup(c->pool, class, 9 + docgen_language_length(class + 9));
    docgen_html_attribute(c, "class", class);
}

int docgen_html_attributes(docgen_html_writer *c, const docgen_node *node)
{
    const char *tag = node->element;

    class_attribute(c, node);
    if (node->kind == DOCGEN_NODE_LINK)
        link_attributes(c, node);
    else if (node->kind == DOCGEN_NODE_CELL)
        cell_attributes(c, node);
    else if (node->kind == DOCGEN_NODE_DETAILS && docgen_node_value(node, "open"))
        docgen_buffer_puts(c->out, " open");
    else if (!strcmp(tag, "ol")) {
        const char *start = docgen_node_value(node, "start");

        if (start && is_small_number(start, 99999))
            docgen_html_attribute(c, "start", start);
    } else if (!strcmp(tag, "abbr") || !strcmp(tag, "dfn")) {
        const char *title = docgen_node_value(node, "title");

        if (title)
            docgen_html_attribute(c, "title", title);
    }
    return id_attribute(c, node);
}

void docgen_html_void(docgen_html_writer *c, const docgen_node *node)
{
    if (node->kind == DOCGEN_NODE_IMAGE) {
        image_write(c, node);
    } else if (node->kind == DOCGEN_NODE_CHECKBOX) {
        const char *type = docgen_node_value(node, "type");

        if (type && !strcasecmp(type, "checkbox"))
            docgen_buffer_printf(c->out, "<input type=\"checkbox\" disabled%s>",
                                 docgen_node_value(node, "checked") ? " checked" : "");
    } else {
        docgen_buffer_printf(c->out, "<%s>", node->element);
    }
}
