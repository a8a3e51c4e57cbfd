/* Inside the writer of HTML: its state, and what writes attributes for it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_HTML_WRITER_H
#define DOCGEN_GENERATOR_DOCUMENTS_HTML_WRITER_H

#include "core/buffer.h"
#include "generator/documents/html.h"
#include "generator/documents/node.h"

/** The writer at work on one part of a page. */
typedef struct docgen_html_writer {
    apr_pool_t *pool;
    docgen_buffer *out;
    docgen_buffer *text; /* plain text of the heading being written */
    const docgen_links *links;
    apr_array_header_t *headings;
    docgen_ids *ids;
    int shift;
    int in_heading;
    int in_pre;
    int in_link;
} docgen_html_writer;

/** The URL to write for a target, or NULL when it leads nowhere or is not safe. "" = an image that is left out. */
const char *docgen_html_target(docgen_html_writer *c, const char *target, int image);

/** Writes ` name="value"`, escaped, without control characters. */
void docgen_html_attribute(docgen_html_writer *c, const char *name, const char *value);

/** Writes those attributes of a node's start tag that are allowed, links in their final form.
 * @return whether an id is among them */
int docgen_html_attributes(docgen_html_writer *c, const docgen_node *node);

/** Writes a node without content: an image, a check box, a line break. */
void docgen_html_void(docgen_html_writer *c, const docgen_node *node);

#endif
