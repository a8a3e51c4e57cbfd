/* Architecture: what lies where, how large it is, where it begins, and how its parts depend on each other.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/sections/graph.h"
#include "generator/sections/prose.h"

#define PAGE        "architecture"
#define ORDER       1000
#define ASSET       "architecture/modules.svg"
#define FAMILY_MIN  3
#define ENTRIES_MAX 40

static apr_status_t plan(docgen_site *site)
{
    if (site->model->tree->files->nelts > 0) {
        docgen_site_reserve(site, PAGE, "Architecture");
    }
    return APR_SUCCESS;
}

/* The module that most others stand on: what entry points lead to. */
static const docgen_module *core_of(const docgen_model *model)
{
    const docgen_module *core = NULL;

    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        if (module->visibility != DOCGEN_VISIBLE_PRIVATE && module->used_by->nelts > 1 &&
            (!core || module->used_by->nelts > core->used_by->nelts)) {
            core = module;
        }
    }
    return core;
}

/* The shortest way along dependencies, as links; NULL when there is none. Breadth first. */
static const char *way(docgen_code_page *page, const docgen_module *from, const docgen_module *to)
{
    apr_hash_t *before = apr_hash_make(page->pool);
    apr_array_header_t *queue = apr_array_make(page->pool, 32, sizeof(docgen_module *));
    const char *text = NULL;

    APR_ARRAY_PUSH(queue, const docgen_module *) = from;
    apr_hash_set(before, from->slug, APR_HASH_KEY_STRING, from);
    for (int i = 0; i < queue->nelts && i < 5000; i++) {
        const docgen_module *at = APR_ARRAY_IDX(queue, i, docgen_module *);

        for (int n = 0; n < at->uses->nelts; n++) {
            const docgen_module *other = APR_ARRAY_IDX(at->uses, n, docgen_module *);

            if (!apr_hash_get(before, other->slug, APR_HASH_KEY_STRING)) {
                apr_hash_set(before, other->slug, APR_HASH_KEY_STRING, at);
                APR_ARRAY_PUSH(queue, const docgen_module *) = other;
            }
        }
    }
    if (!apr_hash_get(before, to->slug, APR_HASH_KEY_STRING)) {
        return NULL;
    }
    for (const docgen_module *at = to; at != from;
         at = apr_hash_get(before, at->slug, APR_HASH_KEY_STRING)) {
        text = apr_pstrcat(page->pool, " → ", docgen_code_module_link(page, at), text, NULL);
    }
    return text;
}

static const docgen_file *first_file(const docgen_module *module)
{
    return APR_ARRAY_IDX(module->files, 0, docgen_file *);
}

/* Cargo runs build.rs, not a user. */
static int is_build_script(const docgen_module *module)
{
    return module->files->nelts == 1 &&
           !strcmp(docgen_basename(first_file(module)->path), "build.rs");
}

static void entry_points(docgen_code_page *page)
{
    const docgen_model *model = page->site->model;
    const docgen_module *core = core_of(model);
    int shown = 0;

    for (int i = 0; i < model->modules->nelts && shown < ENTRIES_MAX; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);
        const char *path;

        if (!module->entry_point || module->visibility == DOCGEN_VISIBLE_PRIVATE ||
            is_build_script(module)) {
            continue;
        }
        if (shown++ == 0) {
            docgen_buffer_puts(page->out, "## Entry points\n\nWhere a program begins");
            docgen_buffer_printf(
                page->out,
                core ? ", and the way from there to %s, the module that most others use.\n\n"
                     : "%s.\n\n",
                core ? docgen_code_module_link(page, core) : "");
        }
        path = core && core != module ? way(page, module, core) : NULL;
        docgen_buffer_printf(page->out, "- %s", docgen_code_module_link(page, module));
        if (strcmp(module->name, first_file(module)->path)) {
            docgen_buffer_printf(
                page->out, " — %s",
                docgen_site_source(page->site, page->pool, first_file(module), 0, 0));
        }
        docgen_buffer_printf(page->out, "%s\n", path ? path : "");
    }
    docgen_buffer_puts(page->out, shown ? "\n" : "");
}

/* The first part of a file's name, up to "_" or "-". */
static const char *prefix_of(apr_pool_t *pool, const docgen_module *module)
{
    const char *path = APR_ARRAY_IDX(module->files, 0, docgen_file *)->path,
               *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    apr_size_t length = strcspn(base, "_-.");

    if (length < 2 || !base[length] || base[length] == '.') {
        return NULL;
    }
    return apr_psprintf(pool, "%.*s%.*s", (int)(base - path), path, (int)length + 1, base);
}

typedef struct family {
    const char *prefix;
    apr_array_header_t *members;
} family;

static int by_prefix(const void *a, const void *b)
{
    return strcmp((*(family *const *)a)->prefix, (*(family *const *)b)->prefix);
}

static void families(docgen_code_page *page)
{
    const docgen_model *model = page->site->model;
    apr_hash_t *table = apr_hash_make(page->pool);
    apr_array_header_t *list = apr_array_make(page->pool, 16, sizeof(family *));
    int begun = 0;

    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);
        const char *prefix = module->files->nelts && module->visibility != DOCGEN_VISIBLE_PRIVATE
                                 ? prefix_of(page->pool, module)
                                 : NULL;
        family *f = prefix ? apr_hash_get(table, prefix, APR_HASH_KEY_STRING) : NULL;

        if (prefix && !f) {
            f = apr_palloc(page->pool, sizeof(*f));
            *f = (family){prefix, apr_array_make(page->pool, 4, sizeof(docgen_module *))};
            apr_hash_set(table, prefix, APR_HASH_KEY_STRING, f);
            APR_ARRAY_PUSH(list, family *) = f;
        }
        if (f) {
            APR_ARRAY_PUSH(f->members, const docgen_module *) = module;
        }
    }
    qsort(list->elts, (size_t)list->nelts, sizeof(family *), by_prefix);
    for (int i = 0; i < list->nelts; i++) {
        const family *f = APR_ARRAY_IDX(list, i, family *);

        if (f->members->nelts < FAMILY_MIN) {
            continue;
        }
        if (!begun) {
            docgen_buffer_puts(
                page->out,
                "## Families of modules\n\nModules that share the first part of their name.\n\n");
            begun = 1;
        }
        docgen_buffer_printf(page->out, "- `%s…` (%d): ", f->prefix, f->members->nelts);
        for (int n = 0; n < f->members->nelts && n < 40; n++) {
            docgen_buffer_printf(
                page->out, "%s%s", n ? ", " : "",
                docgen_code_module_link(page, APR_ARRAY_IDX(f->members, n, docgen_module *)));
        }
        docgen_buffer_puts(page->out, "\n");
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "");
}

static const char *node_link(docgen_code_page *page, const docgen_node *node)
{
    return node->module ? docgen_code_module_link(page, node->module)
                        : apr_psprintf(page->pool, "`%s/`", node->name);
}

static void cycles(docgen_code_page *page, const docgen_graph *graph)
{
    int begun = 0;

    for (int c = 0; c < graph->nodes->nelts; c++) {
        int listed = 0;

        for (int i = 0; i < graph->nodes->nelts; i++) {
            const docgen_node *node = &APR_ARRAY_IDX(graph->nodes, i, docgen_node);

            if (!node->in_cycle || node->component != c) {
                continue;
            }
            if (!begun) {
                docgen_buffer_puts(
                    page->out,
                    "### Cycles\n\nThese depend on each other, directly or through one another "
                    "(orange in the picture).\n\n");
                begun = 1;
            }
            docgen_buffer_printf(page->out, "%s%s", listed++ ? ", " : "- ", node_link(page, node));
        }
        docgen_buffer_puts(page->out, listed ? "\n" : "");
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "### Cycles\n\nNone among what is drawn.\n\n");
}

static apr_status_t dependencies(docgen_code_page *page)
{
    docgen_graph *graph = docgen_graph_make(page->pool, page->site->model);
    apr_size_t length = 0;
    const char *svg = docgen_graph_svg(page->pool, graph, &length);
    apr_status_t rv = APR_SUCCESS;
    int edges = 0;

    for (int i = 0; i < graph->nodes->nelts; i++) {
        edges += APR_ARRAY_IDX(graph->nodes, i, docgen_node).to->nelts;
    }
    if (!edges) {
        return APR_SUCCESS;
    }
    docgen_buffer_printf(
        page->out,
        "## Dependencies\n\n%s import or include each other%s. Entry points have a green "
        "frame.\n\n",
        graph->by_directory ? "Directories whose modules" : "Modules that",
        graph->left_out ? apr_psprintf(page->pool, "; %d with few or no connections are left out",
                                       graph->left_out)
                        : "");
    if (svg) {
        rv = docgen_output_asset(page->site->output, ASSET, "image/svg+xml", svg, length);
        if (rv == APR_SUCCESS) {
            apr_hash_set(page->site->assets, ASSET, APR_HASH_KEY_STRING, ASSET);
            docgen_buffer_printf(page->out, "![Dependencies between %s](%s)\n\n",
                                 graph->by_directory ? "directories" : "modules",
                                 docgen_site_href(page->pool, PAGE, ASSET, NULL));
        }
    }
    docgen_buffer_puts(page->out, "<details><summary>The same as a list</summary>\n\n");
    for (int i = 0; i < graph->nodes->nelts; i++) {
        const docgen_node *node = &APR_ARRAY_IDX(graph->nodes, i, docgen_node);

        for (int n = 0; n < node->to->nelts; n++) {
            docgen_buffer_printf(
                page->out, "%s%s",
                n ? ", " : apr_psprintf(page->pool, "- %s → ", node_link(page, node)),
                node_link(page, &APR_ARRAY_IDX(graph->nodes, APR_ARRAY_IDX(node->to, n, int),
                                               docgen_node)));
        }
        docgen_buffer_puts(page->out, node->to->nelts ? "\n" : "");
    }
    docgen_buffer_puts(page->out, "\n</details>\n\n");
    cycles(page, graph);
    return rv;
}

static int by_use(const void *a, const void *b)
{
    const docgen_module *x = *(docgen_module *const *)a, *y = *(docgen_module *const *)b;

    return x->used_by->nelts != y->used_by->nelts ? y->used_by->nelts - x->used_by->nelts
                                                  : strcmp(x->name, y->name);
}

/* The modules that most others stand on. */
static void foundations(docgen_code_page *page)
{
    const docgen_model *model = page->site->model;
    apr_array_header_t *list = apr_array_make(page->pool, 64, sizeof(docgen_module *));

    for (int i = 0; i < model->modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        if (module->visibility != DOCGEN_VISIBLE_PRIVATE && module->used_by->nelts >= 2) {
            APR_ARRAY_PUSH(list, docgen_module *) = module;
        }
    }
    if (list->nelts < 3) {
        return;
    }
    qsort(list->elts, (size_t)list->nelts, sizeof(docgen_module *), by_use);
    docgen_buffer_puts(page->out, "## Foundations\n\nThe modules that most others depend on.\n\n| "
                                  "Module | What it is for | Used by | "
                                  "Depends on |\n| --- | --- | --: | --: |\n");
    for (int i = 0; i < list->nelts && i < 12; i++) {
        const docgen_module *module = APR_ARRAY_IDX(list, i, docgen_module *);

        docgen_buffer_printf(
            page->out, "| %s | %s | %d | %d |\n",
            docgen_table_cell(page->pool, docgen_code_module_link(page, module)),
            module->doc
                ? docgen_table_cell(
                      page->pool, docgen_code_line(page->pool, module->doc->summary, module->lang))
                : "",
            module->used_by->nelts, module->uses->nelts);
    }
    docgen_buffer_puts(page->out, "\n");
}

static apr_status_t write_page(docgen_site *site)
{
    docgen_code_page page = {.site = site, .path = PAGE};
    apr_status_t rv;

    if (!apr_hash_get(site->pages, PAGE, APR_HASH_KEY_STRING)) {
        return APR_SUCCESS;
    }
    apr_pool_create(&page.pool, site->pool);
    page.out = docgen_buffer_create(page.pool);
    docgen_buffer_puts(page.out, "# Architecture\n\n");
    docgen_architecture_directories(&page);
    entry_points(&page);
    foundations(&page);
    rv = dependencies(&page);
    families(&page);
    docgen_architecture_languages(&page);
    if (rv == APR_SUCCESS) {
        rv = docgen_site_page(site, PAGE, "Architecture", ORDER, page.out->data);
    }
    apr_pool_destroy(page.pool);
    return rv;
}

const docgen_section docgen_section_architecture = {"Architecture", plan, write_page,
                                                    "the files of the repository"};
