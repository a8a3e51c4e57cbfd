/* Making, pruning and drawing the dependency graph.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/log.h"
#include "generator/run.h"
#include "generator/sections/graph.h"

#define SVG_MAX (1024 * 1024)

typedef struct maker {
    docgen_graph *graph;
    apr_hash_t *index; /* node name → int * */
    int depth;         /* path segments of a directory's name */
} maker;

static docgen_node *node_at(const docgen_graph *graph, int i)
{
    return &APR_ARRAY_IDX(graph->nodes, i, docgen_node);
}

static int is_drawn(const docgen_module *module)
{
    return module->visibility != DOCGEN_VISIBLE_PRIVATE;
}

static const char *group_name(maker *m, const docgen_module *module)
{
    const char *end = module->directory;

    if (!m->graph->by_directory) {
        return module->name;
    }
    for (int i = 0; i < m->depth && *end; i++) {
        end += *end == '/';
        end += strcspn(end, "/");
    }
    return *module->directory ? apr_pstrmemdup(m->graph->pool, module->directory,
                                               (apr_size_t)(end - module->directory))
                              : ".";
}

static int node_of(maker *m, const docgen_module *module)
{
    const char *name = group_name(m, module);
    int *index = apr_hash_get(m->index, name, APR_HASH_KEY_STRING);

    if (!index) {
        docgen_node *node = apr_array_push(m->graph->nodes);

        memset(node, 0, sizeof(*node));
        node->name = name;
        node->module = m->graph->by_directory ? NULL : module;
        node->to = apr_array_make(m->graph->pool, 4, sizeof(int));
        index = apr_palloc(m->graph->pool, sizeof(int));
        *index = m->graph->nodes->nelts - 1;
        apr_hash_set(m->index, name, APR_HASH_KEY_STRING, index);
    }
    return *index;
}

static void add_edge(docgen_graph *graph, int from, int to)
{
    apr_array_header_t *list = node_at(graph, from)->to;

    for (int i = 0; i < list->nelts; i++) {
        if (APR_ARRAY_IDX(list, i, int) == to) {
            return;
        }
    }
    if (from != to) {
        APR_ARRAY_PUSH(list, int) = to;
        node_at(graph, to)->in++;
    }
}

static docgen_graph *make(apr_pool_t *pool, const docgen_model *model, int by_directory, int depth)
{
    docgen_graph *graph = apr_pcalloc(pool, sizeof(*graph));
    maker m = {graph, apr_hash_make(pool), depth};

    graph->pool = pool;
    graph->by_directory = by_directory;
    graph->nodes = apr_array_make(pool, 64, sizeof(docgen_node));
    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        if (is_drawn(module)) {
            int at = node_of(&m, module);

            node_at(graph, at)->lines += module->code_lines;
            node_at(graph, at)->entry_point |= module->entry_point;
        }
    }
    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        for (int n = 0; is_drawn(module) && n < module->uses->nelts; n++) {
            const docgen_module *other = APR_ARRAY_IDX(module->uses, n, docgen_module *);

            if (is_drawn(other)) {
                int from = node_of(&m, module), to = node_of(&m, other);

                add_edge(graph, from, to);
            }
        }
    }
    return graph;
}

static int degree(const docgen_node *node)
{
    return node->in + node->to->nelts + (node->entry_point ? 3 : 0);
}

static int by_degree(const void *a, const void *b)
{
    const docgen_node *x = *(docgen_node *const *)a, *y = *(docgen_node *const *)b;

    return degree(x) != degree(y) ? degree(y) - degree(x) : strcmp(x->name, y->name);
}

/* Keeps the best connected nodes, and each node's edges to them. */
static void prune(docgen_graph *graph)
{
    int count = graph->nodes->nelts, kept = 0, edges = 0, *place;
    docgen_node **order = apr_palloc(graph->pool, (apr_size_t)(count + 1) * sizeof(*order));
    apr_array_header_t *nodes =
        apr_array_make(graph->pool, DOCGEN_GRAPH_NODES, sizeof(docgen_node));

    place = apr_palloc(graph->pool, (apr_size_t)(count + 1) * sizeof(int));
    for (int i = 0; i < count; i++) {
        order[i] = node_at(graph, i);
        place[i] = -1;
    }
    qsort(order, (size_t)count, sizeof(*order), by_degree);
    for (int i = 0; i < count && kept < DOCGEN_GRAPH_NODES && degree(order[i]) > 0; i++, kept++) {
        order[i]->component = -1; /* marks it as kept */
    }
    for (int i = 0; i < count; i++) {
        if (node_at(graph, i)->component == -1) {
            place[i] = nodes->nelts;
            APR_ARRAY_PUSH(nodes, docgen_node) = *node_at(graph, i);
        }
    }
    graph->left_out = count - kept;
    graph->nodes = nodes;
    for (int i = 0; i < nodes->nelts; i++) {
        apr_array_header_t *old = node_at(graph, i)->to,
                           *to = apr_array_make(graph->pool, 4, sizeof(int));

        for (int n = 0; n < old->nelts; n++) {
            if (place[APR_ARRAY_IDX(old, n, int)] >= 0 && edges < DOCGEN_GRAPH_EDGES) {
                APR_ARRAY_PUSH(to, int) = place[APR_ARRAY_IDX(old, n, int)];
                edges++;
            }
        }
        node_at(graph, i)->to = to;
    }
}

static int connected(const docgen_graph *graph)
{
    int count = 0;

    for (int i = 0; i < graph->nodes->nelts; i++) {
        count += degree(node_at(graph, i)) > 0;
    }
    return count;
}

docgen_graph *docgen_graph_make(apr_pool_t *pool, const docgen_model *model)
{
    docgen_graph *graph = make(pool, model, 0, 0);

    /* Too many modules: the deepest level of directories that still fits. */
    for (int depth = 4; depth > 0 && connected(graph) > DOCGEN_GRAPH_NODES; depth--) {
        docgen_graph *smaller = make(pool, model, 1, depth);

        if (connected(smaller) < 2) {
            break;
        }
        graph = connected(smaller) >= 5 ? smaller : graph;
    }
    prune(graph);
    docgen_graph_components(graph);
    return graph;
}

void docgen_graph_components(docgen_graph *graph)
{
    int count = graph->nodes->nelts, next = 1, depth = 0, stacked = 0, component = 0;
    int *low = apr_pcalloc(graph->pool, (apr_size_t)(count + 1) * 6 * sizeof(int));
    int *number = low + count, *on = number + count, *stack = on + count, *path = stack + count,
        *edge = path + count;

    for (int root = 0; root < count; root++) {
        if (number[root]) {
            continue;
        }
        path[depth++] = root;
        while (depth > 0) {
            int at = path[depth - 1];
            const apr_array_header_t *to = node_at(graph, at)->to;

            if (!number[at]) {
                number[at] = low[at] = next++;
                stack[stacked++] = at;
                on[at] = 1;
            }
            if (edge[at] < to->nelts) {
                int other = APR_ARRAY_IDX(to, edge[at]++, int);

                if (!number[other]) {
                    path[depth++] = other;
                } else if (on[other] && number[other] < low[at]) {
                    low[at] = number[other];
                }
                continue;
            }
            depth--;
            if (depth > 0 && low[at] < low[path[depth - 1]]) {
                low[path[depth - 1]] = low[at];
            }
            if (low[at] == number[at]) {
                int size = 0, member;

                do {
                    member = stack[--stacked];
                    on[member] = 0;
                    node_at(graph, member)->component = component;
                    size++;
                } while (member != at);
                node_at(graph, at)->in_cycle = size > 1;
                for (int i = 0; i < count && size > 1; i++) {
                    node_at(graph, i)->in_cycle |=
                        number[i] && !on[i] && node_at(graph, i)->component == component;
                }
                component++;
            }
        }
    }
}

static const char *label(apr_pool_t *pool, const char *name)
{
    char *out = apr_palloc(pool, strlen(name) * 2 + 1), *o = out;

    for (; *name; name++) {
        if (*name == '"' || *name == '\\') {
            *o++ = '\\';
        }
        *o++ = (unsigned char)*name < 0x20 ? ' ' : *name;
    }
    *o = '\0';
    return out;
}

const char *docgen_graph_dot(apr_pool_t *pool, const docgen_graph *graph)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    docgen_buffer_puts(out, "digraph modules {\n  graph [bgcolor=\"transparent\", rankdir=LR, "
                            "nodesep=0.15, ranksep=0.5];\n"
                            "  node [shape=box, style=\"rounded\", fontname=\"sans-serif\", "
                            "fontsize=11, color=\"#7a8594\", "
                            "fontcolor=\"#5b7fb5\", height=0.28, margin=\"0.12,0.04\"];\n"
                            "  edge [color=\"#8a94a3\", arrowsize=0.6];\n");
    for (int i = 0; i < graph->nodes->nelts; i++) {
        const docgen_node *node = node_at(graph, i);

        docgen_buffer_printf(out, "  n%d [label=\"%s\"%s%s];\n", i, label(pool, node->name),
                             node->entry_point ? ", penwidth=2, color=\"#2f8f6b\"" : "",
                             node->in_cycle ? ", color=\"#c9703a\"" : "");
    }
    for (int i = 0; i < graph->nodes->nelts; i++) {
        const docgen_node *node = node_at(graph, i);

        for (int n = 0; n < node->to->nelts; n++) {
            int to = APR_ARRAY_IDX(node->to, n, int);

            docgen_buffer_printf(out, "  n%d -> n%d%s;\n", i, to,
                                 node->in_cycle && node_at(graph, to)->component == node->component
                                     ? " [color=\"#c9703a\", penwidth=1.6]"
                                     : "");
        }
    }
    docgen_buffer_puts(out, "}\n");
    return out->data;
}

const char *docgen_graph_svg(apr_pool_t *pool, const docgen_graph *graph, apr_size_t *length)
{
    static const char *const argv[] = {"dot",          "-Tsvg",         "-Gnslimit=1",
                                       "-Gnslimit1=1", "-Gmclimit=0.5", NULL};
    const char *dot = docgen_graph_dot(pool, graph), *start;
    docgen_run run = {.argv = argv,
                      .input = dot,
                      .input_length = strlen(dot),
                      .timeout = apr_time_from_sec(10),
                      .max_output = SVG_MAX,
                      .cpu_seconds = 10};
    docgen_run_result result;
    apr_status_t rv;

    if (!strstr(dot, "->")) {
        return NULL;
    }
    rv = docgen_run_program(pool, &run, &result);
    if (rv != APR_SUCCESS) {
        docgen_log(
            DOCGEN_LOG_WARNING, rv,
            "the module graph could not be drawn by dot; the list of dependencies stands for it");
        return NULL;
    }
    start = strstr(result.output, "<svg"); /* without prologue and the generator's version */
    if (!start) {
        return NULL;
    }
    *length = result.length - (apr_size_t)(start - result.output);
    return start;
}
