/* Dependencies between modules or directories as a graph: pruned to what can be read, its cycles, its picture.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_GRAPH_H
#define DOCGEN_GENERATOR_SECTIONS_GRAPH_H

#include "generator/sections/code_sections.h"

#define DOCGEN_GRAPH_NODES 60
#define DOCGEN_GRAPH_EDGES 150

typedef struct docgen_node {
    const char *name;
    const docgen_module *module; /**< NULL when the node is a directory */
    apr_array_header_t *to;      /**< int: indexes, ascending */
    int in;                      /**< how many nodes point at it */
    int lines;                   /**< code lines */
    int component;               /**< nodes of one cycle share a number */
    int in_cycle;
    int entry_point;
} docgen_node;

typedef struct docgen_graph {
    apr_pool_t *pool;
    apr_array_header_t *nodes; /**< docgen_node, in a stable order */
    int by_directory;
    int left_out; /**< nodes that were pruned away */
} docgen_graph;

/** The modules that depend on each other, or their directories when there are more than can be drawn.
 * Tests and examples are left out. Never NULL. */
docgen_graph *docgen_graph_make(apr_pool_t *pool, const docgen_model *model);

/** Numbers the strongly connected components (Tarjan, without recursion). */
void docgen_graph_components(docgen_graph *graph);

/** The text for Graphviz. Labels are escaped; colours are readable on light and dark. */
const char *docgen_graph_dot(apr_pool_t *pool, const docgen_graph *graph);

/** Draws it with `dot`, at most 10 seconds. @return NULL when dot is missing, failed or the graph has no edge */
const char *docgen_graph_svg(apr_pool_t *pool, const docgen_graph *graph, apr_size_t *length);

/** Writes the table of directories. */
void docgen_architecture_directories(docgen_code_page *page);

/** Writes the table of languages. */
void docgen_architecture_languages(docgen_code_page *page);

#endif
