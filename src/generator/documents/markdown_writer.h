/* Inside the writer of Markdown: its state, and what writes the inside of a line for it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_WRITER_H
#define DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_WRITER_H

#include "core/buffer.h"
#include "generator/documents/html.h"
#include "generator/documents/node.h"

/** The writer at work on one part of a page. */
typedef struct docgen_markdown_writer {
    apr_pool_t *pool;
    docgen_buffer *out;
    docgen_buffer *prefix; /* of each line: quotation marks, indentation of items */
    docgen_ids *ids;       /* of what is written as HTML */
    const docgen_links *links;
    int shift;
    int fresh;    /* the line is empty yet, without its prefix */
    int at_start; /* what comes next is the first text of a line */
    int flat;     /* a heading or a cell: all on one line */
    int in_cell;
    int in_link;
    int breaks;     /* line breaks that wait for what they part from the words before */
    int other_list; /* the list to come has the other mark */
} docgen_markdown_writer;

/** Writes text as it is; lines get their prefix. */
void docgen_markdown_put(docgen_markdown_writer *w, const char *text);

/** Writes nodes that stand in a line: `first` and those after it, up to `end` (NULL: the last). */
void docgen_markdown_inline(docgen_markdown_writer *w, const docgen_node *first,
                            const docgen_node *end);

/** Writes ` id="…"` for an id that HTML and Markdown can hold as it is. */
void docgen_markdown_id(docgen_markdown_writer *w, const char *id);

/** Where a target leads from the page; NULL = nowhere, "" = an image that is left out. */
const char *docgen_markdown_target(docgen_markdown_writer *w, const char *target, int image);

#endif
