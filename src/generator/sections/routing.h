/* Prose routing: passages of the repository's own documents that are about a module or a symbol, shown where a reader
 * looks for it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_ROUTING_H
#define DOCGEN_GENERATOR_SECTIONS_ROUTING_H

#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"

/** A passage that is about something. */
typedef struct docgen_route {
    const docgen_file *document;
    const char *heading; /**< it stands under, Markdown; "" above the first one */
    const char *source;  /**< Markdown: where it stands, pinned */
    const char *text;    /**< Markdown to be quoted: whole blocks, bounded */
    int cut;             /**< the document goes on with it */
    int rank;            /**< lower goes first */
} docgen_route;

/** The passages about a module, best first, bounded in number; NULL when there are none. Reads all documents once. */
const apr_array_header_t *docgen_routes_module(docgen_site *site, const docgen_module *module);

/** The same for a symbol. */
const apr_array_header_t *docgen_routes_symbol(docgen_site *site, const docgen_symbol *symbol);

/** The first paragraph of the document's description of a symbol, as plain text; NULL when there is none. From `pool`. */
const char *docgen_routes_summary(docgen_site *site, apr_pool_t *pool, const docgen_symbol *symbol);

/** Writes passages into a page's draft, each quoted and with where it is from; flushes what `page` holds before. */
void docgen_routes_write(docgen_code_page *page, const apr_array_header_t *routes);

/** The first blocks (by blank lines, fences whole) of a Markdown text that fit into `max` bytes; the first one may be
 * twice as long. @return bytes to keep, 0 when even the first does not fit */
apr_size_t docgen_blocks_fit(const char *text, apr_size_t length, apr_size_t max);

/** The link definitions ("[x]: url") of a document, one a line. @return const char *, from `pool` */
apr_array_header_t *docgen_definitions(apr_pool_t *pool, const char *document);

/** Those that a passage uses, as Markdown to stand behind it; "" when none. From `pool`. */
const char *docgen_definitions_used(apr_pool_t *pool, const apr_array_header_t *definitions,
                                    const char *passage);

/** One item of a list, or one row of a table, that begins with the name of what it is about. */
typedef struct docgen_routed_item {
    apr_array_header_t
        *names;       /**< const char *: what it begins with, code spans with their backquotes */
    const char *rest; /**< what it says of them */
    const char *text; /**< the item as a paragraph, or the row with its table's head */
    apr_size_t start, end; /**< where it stands in the body, in bytes */
    int row;               /**< a row of a table */
} docgen_routed_item;

/** The items and rows of a passage's body that begin with names. @return docgen_routed_item, from `pool` */
apr_array_header_t *docgen_routed_items(apr_pool_t *pool, const char *body);

/** The names that a heading consists of and nothing else ("aof.c and rdb.c", "The `Parser` class").
 * @return const char *, code spans with their backquotes; NULL when it has other words. From `pool` */
apr_array_header_t *docgen_heading_names(apr_pool_t *pool, const char *title);

#endif
