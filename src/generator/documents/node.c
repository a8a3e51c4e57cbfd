/* Building and walking a document's tree.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/node.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

docgen_node *docgen_node_add(apr_pool_t *pool, docgen_node *parent, docgen_node_kind kind,
                             const char *element)
{
    docgen_node *node = apr_pcalloc(pool, sizeof(*node));

    node->kind = kind;
    node->element = element;
    node->parent = parent;
    if (parent && parent->last)
        parent->last->next = node;
    else if (parent)
        parent->first = node;
    if (parent)
        parent->last = node;
    return node;
}

const char *docgen_node_value(const docgen_node *node, const char *name)
{
    for (const char **at = node->attributes; at && at[0]; at += 2) {
        if (!strcasecmp(at[0], name))
            return at[1] ? at[1] : "";
    }
    return NULL;
}

docgen_node *docgen_node_next(const docgen_node *root, const docgen_node *node)
{
    if (node->first)
        return node->first;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

void docgen_node_text(const docgen_node *node, docgen_buffer *out)
{
    for (const docgen_node *at = node; at; at = docgen_node_next(node, at)) {
        const char *text = at->kind == DOCGEN_NODE_TEXT    ? at->text
                           : at->kind == DOCGEN_NODE_BREAK ? " "
                           : at->kind == DOCGEN_NODE_IMAGE ? docgen_node_value(at, "alt")
                                                           : NULL;

        if (text)
            docgen_buffer_puts(out, text);
    }
}

int docgen_node_is_block(const docgen_node *node)
{
    return node->kind < DOCGEN_NODE_TEXT;
}

int docgen_node_is_blank(const docgen_node *node)
{
    for (const docgen_node *at = node; at; at = docgen_node_next(node, at)) {
        if (at->kind == DOCGEN_NODE_IMAGE || at->kind == DOCGEN_NODE_CHECKBOX ||
            at->kind == DOCGEN_NODE_RULE)
            return 0;
        for (const char *p = at->kind == DOCGEN_NODE_TEXT ? at->text : ""; *p; p++) {
            if (!isspace((unsigned char)*p))
                return 0;
        }
    }
    return 1;
}
