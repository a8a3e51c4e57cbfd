/* The one tree that every document becomes: Markdown, reStructuredText, AsciiDoc, manuals and HTML. A document is read
 * once and whole; pages are written from the tree, and what a page needs of it is found by walking it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_NODE_H
#define DOCGEN_GENERATOR_DOCUMENTS_NODE_H

#include <apr_pools.h>
#include "core/buffer.h"

typedef enum docgen_node_kind {
    DOCGEN_NODE_DOCUMENT,
    /* blocks */
    DOCGEN_NODE_PARAGRAPH,
    DOCGEN_NODE_HEADING,
    DOCGEN_NODE_QUOTE,
    DOCGEN_NODE_LIST,
    DOCGEN_NODE_ITEM,
    DOCGEN_NODE_CODE_BLOCK,
    DOCGEN_NODE_TABLE,
    DOCGEN_NODE_TABLE_PART, /**< head, body, foot */
    DOCGEN_NODE_ROW,
    DOCGEN_NODE_CELL,
    DOCGEN_NODE_CAPTION,
    DOCGEN_NODE_RULE,
    DOCGEN_NODE_ADMONITION, /**< its first paragraph is its title */
    DOCGEN_NODE_DETAILS,
    DOCGEN_NODE_SUMMARY,
    DOCGEN_NODE_DEFINITIONS,
    DOCGEN_NODE_TERM,
    DOCGEN_NODE_DEFINITION,
    DOCGEN_NODE_FIGURE,
    DOCGEN_NODE_FOOTNOTES,
    DOCGEN_NODE_GROUP, /**< a block that only holds others */
    /* in a line */
    DOCGEN_NODE_TEXT,
    DOCGEN_NODE_EMPHASIS,
    DOCGEN_NODE_STRONG,
    DOCGEN_NODE_DELETED,
    DOCGEN_NODE_CODE,
    DOCGEN_NODE_LINK,
    DOCGEN_NODE_IMAGE,
    DOCGEN_NODE_BREAK,
    DOCGEN_NODE_CHECKBOX,
    DOCGEN_NODE_MARKUP /**< key, subscript, abbreviation …: its element says what */
} docgen_node_kind;

typedef struct docgen_node docgen_node;

struct docgen_node {
    docgen_node_kind kind;
    const char *element; /**< its name in HTML; NULL for text and the document */
    docgen_node *parent;
    docgen_node *first;
    docgen_node *last;
    docgen_node *next;
    int line;       /**< in the source, from 1; 0 = not known */
    int level;      /**< of a heading, 1…6 */
    int prune;      /**< says nothing when it is empty */
    const char *id; /**< a heading's own */
    /** Of a text: its characters (UTF-8). */
    const char *text;
    /** Of a text that a short code stands for: the code with its colons; else NULL. */
    const char *code;
    /** Names and values by turns, NULL at the end; or NULL. Only those of docgen_attribute_is_kept. */
    const char **attributes;
};

/** Appends a new node to `parent` (NULL: a document). From `pool`. */
docgen_node *docgen_node_add(apr_pool_t *pool, docgen_node *parent, docgen_node_kind kind,
                             const char *element);

/** The value of an attribute ("" when it has none), NULL when it is not there. */
const char *docgen_node_value(const docgen_node *node, const char *name);

/** Appends the text of a node and all below it, as a reader sees it, on one line. */
void docgen_node_text(const docgen_node *node, docgen_buffer *out);

/** The node after `node` in the order of the text, within `root`; NULL at the end. */
docgen_node *docgen_node_next(const docgen_node *root, const docgen_node *node);

/** Is it a block: something that stands on lines of its own? */
int docgen_node_is_block(const docgen_node *node);

/** Nothing but white space below it? */
int docgen_node_is_blank(const docgen_node *node);

#endif
