/* Inside the sanitiser: its state, and what writes attributes for it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_RENDER_HTML_CLEANER_H
#define DOCGEN_GENERATOR_RENDER_HTML_CLEANER_H

#include <libxml/HTMLparser.h>
#include "core/buffer.h"
#include "generator/render/elements.h"
#include "generator/render/html.h"

enum {
    DOCGEN_OPEN_MAX = 600, /**< libxml2's open elements; deeper input is cut */
    DOCGEN_EMIT_MAX = 100 /**< our own open elements; deeper ones lose their tags, not their text */
};

/** An element that the input has open. */
typedef struct docgen_open {
    const docgen_element *rule; /* NULL: not allowed, its text passes through */
    const char *emit;           /* what was written as its start tag, NULL = nothing */
    apr_size_t start;           /* where its start tag begins in the output */
    apr_size_t inner;           /* where its content begins */
    int level;                  /* a heading's level, else 0 */
    int has_id;
    const char *id; /* a heading's own id */
    int dropped;    /* its content is dropped */
} docgen_open;

/** The sanitiser at work on one part of a page. */
typedef struct docgen_cleaner {
    apr_pool_t *pool;
    docgen_buffer *out;
    docgen_buffer *text; /* plain text of the heading being read */
    docgen_buffer *code; /* text of the code span being read */
    const docgen_links *links;
    apr_array_header_t *headings;
    int shift;
    docgen_open stack[DOCGEN_OPEN_MAX];
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
} docgen_cleaner;

/** The value of an attribute of the input ("" when it has none), NULL when it is not there. */
const char *docgen_html_value(const xmlChar **attributes, const char *name);

/** Writes ` name="value"`, escaped, without control characters. */
void docgen_html_attribute(docgen_cleaner *c, const char *name, const char *value);

/** Writes those attributes of an element's start tag that are allowed, links in their final form. */
void docgen_html_attributes(docgen_cleaner *c, docgen_open *open, const xmlChar **attributes);

/** The class when it is one that our own preparation or md4c gives, else NULL. From `pool`. */
const char *docgen_html_class(apr_pool_t *pool, const char *tag, const char *value);

/** Writes an element without content: an image, a check box, a line break. */
void docgen_html_void(docgen_cleaner *c, const char *name, const xmlChar **attributes);

#endif
