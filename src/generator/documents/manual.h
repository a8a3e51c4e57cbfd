/* Manuals written in HTML, or in the XML of Apache httpd's manual, as Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_MANUAL_H
#define DOCGEN_GENERATOR_DOCUMENTS_MANUAL_H

#include <libxml/tree.h>
#include "core/buffer.h"
#include "generator/documents/markdown.h"

enum {
    DOCGEN_MANUAL_DEPTH = 60 /**< elements within elements; what is deeper is left out */
};

/** What a page needs to know of the manual around it; every member may be NULL. */
typedef struct docgen_manual_context {
    /** The link target, relative to the page, of the page NAME in the manual's folder `mod` or `programs`; NULL
     * when there is none. */
    const char *(*page)(void *baton, apr_pool_t *pool, const char *folder, const char *name);
    void *baton;
} docgen_manual_context;

/** One page being read. */
typedef struct docgen_manual {
    apr_pool_t *pool;
    const docgen_manual_context *context;
    int depth;
} docgen_manual;

/** One directive that a page of httpd's manual describes. */
typedef struct docgen_manual_directive {
    const char *name;        /**< "KeepAlive", "<IfModule>" */
    const char *description; /**< plain text */
    const char *syntax;
    const char *value;    /**< its default without the name, or NULL */
    const char *contexts; /**< "server config, virtual host", or "" */
    int line;
} docgen_manual_directive;

/** A page as Markdown that begins with its title; NULL when the text is no page for readers: a fragment, a template,
 * the output of another generator, XML of another kind. From `pool`; one thread. */
const char *docgen_manual_markdown(apr_pool_t *pool, const char *text,
                                   const docgen_manual_context *context);

/** The directives of a page of httpd's manual, array of docgen_manual_directive from `pool`; empty for any other
 * text. */
apr_array_header_t *docgen_manual_directives(apr_pool_t *pool, const char *text);

/** Appends the inline content of a node's children, on one line. */
void docgen_manual_inline(docgen_manual *manual, docgen_buffer *out, const xmlNode *node);

/** Appends what one inline node says. */
void docgen_manual_inline_node(docgen_manual *manual, docgen_buffer *out, const xmlNode *node);

/** The text of a node with its blanks as one, from the pool. */
const char *docgen_manual_text(const docgen_manual *manual, const xmlNode *node);

/** Is it an element of this name? */
int docgen_manual_is(const xmlNode *node, const char *name);

/** The first child element of that name, or NULL. */
const xmlNode *docgen_manual_child(const xmlNode *node, const char *name);

/** An attribute's value from the pool, or NULL. */
const char *docgen_manual_attribute(const docgen_manual *manual, const xmlNode *node,
                                    const char *name);

#endif
