/* What the sanitiser lets through of an element's attributes: targets in their final form, images, ids in their own
 * name space, sizes and spans that are small numbers. Everything else is left out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/render/html_cleaner.h"
#include "generator/render/ids.h"

const char *docgen_html_value(const xmlChar **attributes, const char *name)
{
    for (; attributes && attributes[0]; attributes += 2) {
        if (!strcasecmp((const char *)attributes[0], name))
            return attributes[1] ? (const char *)attributes[1] : "";
    }
    return NULL;
}

void docgen_html_attribute(docgen_cleaner *c, const char *name, const char *value)
{
    docgen_buffer_printf(c->out, " %s=\"", name);
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            docgen_buffer_html_n(c->out, p, 1);
    }
    docgen_buffer_puts(c->out, "\"");
}

/* The URL to write for a target, or NULL. "#…" stays as it is. */
static const char *target_resolve(docgen_cleaner *c, const char *target, int image)
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

static void image_write(docgen_cleaner *c, const xmlChar **attributes)
{
    const char *source = docgen_html_value(attributes, "src");
    const char *alt = docgen_html_value(attributes, "alt");
    const char *title = docgen_html_value(attributes, "title");
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
        const char *size = docgen_html_value(attributes, sizes[i]);

        if (size && is_small_number(size, 4000))
            docgen_html_attribute(c, sizes[i], size);
    }
    docgen_buffer_puts(c->out, " loading=\"lazy\">");
}

/* Classes that our own preparation or md4c gives; no others pass. */
const char *docgen_html_class(apr_pool_t *pool, const char *tag, const char *value)
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

static void link_attributes(docgen_cleaner *c, const xmlChar **attributes)
{
    const char *target = docgen_html_value(attributes, "href");
    const char *title = docgen_html_value(attributes, "title");
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
    docgen_html_attribute(c, "href", url);
    if (docgen_target_is_absolute(url))
        docgen_buffer_puts(c->out, " rel=\"nofollow noopener\"");
    if (title)
        docgen_html_attribute(c, "title", title);
}

static void cell_attributes(docgen_cleaner *c, const xmlChar **attributes)
{
    static const char *const spans[] = {"colspan", "rowspan"};
    static const char *const sides[] = {"left", "center", "right"};
    const char *align = docgen_html_value(attributes, "align");

    for (int i = 0; i < 2; i++) {
        const char *value = docgen_html_value(attributes, spans[i]);

        if (value && is_small_number(value, 100))
            docgen_html_attribute(c, spans[i], value);
    }
    for (int i = 0; align && i < 3; i++) {
        if (!strcasecmp(align, sides[i]))
            docgen_html_attribute(c, "align", sides[i]);
    }
}

/* Ids other than a heading's live in their own name space. */
static void id_attribute(docgen_cleaner *c, docgen_open *open, const xmlChar **attributes)
{
    const char *id = docgen_html_value(attributes, "id");
    const char *unique;

    if (!id && !strcmp(open->emit, "a"))
        id = docgen_html_value(attributes, "name");
    if (!id || !*id)
        return;
    unique = docgen_ids_anchor(c->ids, id);
    if (!unique)
        return;
    docgen_html_attribute(c, "id", unique);
    open->has_id = 1;
}

void docgen_html_attributes(docgen_cleaner *c, docgen_open *open, const xmlChar **attributes)
{
    const char *tag = open->emit;
    const char *class = docgen_html_class(c->pool, tag, docgen_html_value(attributes, "class"));

    if (class)
        docgen_html_attribute(c, "class", class);
    if (!strcmp(tag, "a"))
        link_attributes(c, attributes);
    else if (!strcmp(tag, "td") || !strcmp(tag, "th"))
        cell_attributes(c, attributes);
    else if (!strcmp(tag, "details") && docgen_html_value(attributes, "open"))
        docgen_buffer_puts(c->out, " open");
    else if (!strcmp(tag, "ol")) {
        const char *start = docgen_html_value(attributes, "start");

        if (start && is_small_number(start, 99999))
            docgen_html_attribute(c, "start", start);
    } else if (!strcmp(tag, "abbr") || !strcmp(tag, "dfn")) {
        const char *title = docgen_html_value(attributes, "title");

        if (title)
            docgen_html_attribute(c, "title", title);
    }
    id_attribute(c, open, attributes);
}

void docgen_html_void(docgen_cleaner *c, const char *name, const xmlChar **attributes)
{
    if (!strcmp(name, "img")) {
        image_write(c, attributes);
    } else if (!strcmp(name, "input")) {
        const char *type = docgen_html_value(attributes, "type");

        if (type && !strcasecmp(type, "checkbox"))
            docgen_buffer_printf(c->out, "<input type=\"checkbox\" disabled%s>",
                                 docgen_html_value(attributes, "checked") ? " checked" : "");
    } else {
        docgen_buffer_printf(c->out, "<%s>", name);
    }
}
