/* The list of modules: what each is for, how large it is, and whom it needs and serves.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"

#define PAGE     "modules"
#define ORDER    1100
#define ROWS_MAX 2000

static int is_listed(const docgen_module *module)
{
    return module->visibility != DOCGEN_VISIBLE_PRIVATE;
}

static apr_status_t plan(docgen_site *site)
{
    for (int i = 0; i < site->model->modules->nelts; i++) {
        if (is_listed(APR_ARRAY_IDX(site->model->modules, i, docgen_module *))) {
            docgen_site_reserve(site, PAGE, "Modules");
            break;
        }
    }
    return APR_SUCCESS;
}

const apr_array_header_t *docgen_code_own_modules(docgen_code_page *page,
                                                  const apr_array_header_t *modules)
{
    apr_array_header_t *own = apr_array_make(page->pool, 8, sizeof(docgen_module *));

    for (int i = 0; i < modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (!(module->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE))) {
            APR_ARRAY_PUSH(own, docgen_module *) = module;
        }
    }
    return own->nelts > 0 ? own : modules;
}

static const char *links(docgen_code_page *page, const apr_array_header_t *all)
{
    const apr_array_header_t *modules = docgen_code_own_modules(page, all);
    const char *text = "";
    int count = modules->nelts;

    for (int i = 0; i < count && i < 6; i++) {
        text = apr_pstrcat(
            page->pool, text, i ? ", " : "",
            docgen_code_module_link(page, APR_ARRAY_IDX(modules, i, docgen_module *)), NULL);
    }
    return count > 6 ? apr_psprintf(page->pool, "%s and %d more", text, count - 6) : text;
}

static void row(docgen_code_page *page, const docgen_module *module)
{
    const char *summary =
        module->doc ? docgen_code_line(page->pool, module->doc->summary, module->lang) : "";

    docgen_buffer_printf(page->out, "| %s%s | %s | %d | %s | %s | %s |\n",
                         docgen_table_cell(page->pool, docgen_code_module_link(page, module)),
                         module->entry_point ? " (entry point)" : "",
                         docgen_table_cell(page->pool, summary), module->files->nelts,
                         docgen_number(page->pool, (apr_uint64_t)module->code_lines),
                         docgen_table_cell(page->pool, links(page, module->uses)),
                         docgen_table_cell(page->pool, links(page, module->used_by)));
}

static void group(docgen_code_page *page, docgen_visibility visibility, const char *title,
                  int *rows)
{
    const apr_array_header_t *modules = page->site->model->modules;
    int begun = 0;

    for (int i = 0; i < modules->nelts && *rows < ROWS_MAX; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (module->visibility != visibility) {
            continue;
        }
        if (!begun) {
            docgen_buffer_printf(
                page->out,
                "## %s\n\n| Module | What it is for | Files | Code lines | Depends on | Used by |\n"
                "| --- | --- | --: | --: | --- | --- |\n",
                title);
            begun = 1;
        }
        row(page, module);
        (*rows)++;
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "");
}

static apr_status_t write_page(docgen_site *site)
{
    docgen_code_page page = {.site = site, .path = PAGE};
    apr_status_t rv;
    int rows = 0, all = 0;

    if (!apr_hash_get(site->pages, PAGE, APR_HASH_KEY_STRING)) {
        return APR_SUCCESS;
    }
    apr_pool_create(&page.pool, site->pool);
    page.out = docgen_buffer_create(page.pool);
    for (int i = 0; i < site->model->modules->nelts; i++) {
        all += is_listed(APR_ARRAY_IDX(site->model->modules, i, docgen_module *));
    }
    docgen_buffer_puts(page.out, "# Modules\n\nA module is what the language imports: a header "
                                 "with its sources in C and C++, "
                                 "a file in Python, a package in Go, a crate's module in Rust, a "
                                 "package's entry or a file in "
                                 "JavaScript and TypeScript.\n\n");
    group(&page, DOCGEN_VISIBLE_PUBLIC, "Public modules", &rows);
    group(&page, DOCGEN_VISIBLE_INTERNAL, "Internal modules", &rows);
    if (rows < all) {
        docgen_buffer_printf(page.out, "%d further modules are not listed.\n", all - rows);
    }
    rv = docgen_site_page(site, PAGE, "Modules", ORDER, page.out->data);
    apr_pool_destroy(page.pool);
    return rv;
}

const docgen_section docgen_section_modules = {"Modules", plan, write_page,
                                               "source files in the five languages"};
