/* The API reference: an index of modules and a page (or several) for each of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/id.h"
#include "generator/sections/artifact.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/routing.h"
#include "generator/sections/site.h"

#define ENTRIES_MAX 500          /* headings of one page */
#define WEIGHT_MAX  (200 * 1024) /* Markdown bytes of one page, estimated */
#define MODULES_MAX 3000         /* modules with a page of their own */
#define FOLDED_MAX  400          /* internal names listed */
#define ORDER       2000

/* Headings of a page and their ids, given out in the order in which the page will be written. */
typedef struct planner {
    docgen_site *site;
    apr_pool_t *pool;
    apr_hash_t *taken;
    apr_hash_t *counts;
    const char *page;
    int part, entries;
    apr_size_t weight;
} planner;

/* "__init__" would be read as strong text where the heading names its id: double underscores go. */
static const char *plain(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text), *o = copy;

    for (const char *p = copy; *p;) {
        if (p[0] == '_' && p[1] == '_') {
            p += 2;
        } else {
            *o++ = *p++;
        }
    }
    *o = '\0';
    return *copy ? copy : text;
}

static const char *anchor(planner *p, const char *text)
{
    const char *base = docgen_slug(p->site->pool, plain(p->pool, text)), *id = base;
    int *count = apr_hash_get(p->counts, base, APR_HASH_KEY_STRING);

    if (!count) {
        count = apr_pcalloc(p->pool, sizeof(*count));
        apr_hash_set(p->counts, base, APR_HASH_KEY_STRING, count);
    }
    while (apr_hash_get(p->taken, id, APR_HASH_KEY_STRING)) {
        id = apr_psprintf(p->site->pool, "%s-%d", base, ++*count);
    }
    apr_hash_set(p->taken, id, APR_HASH_KEY_STRING, id);
    return id;
}

static apr_size_t length_of(const char *text)
{
    return text ? strlen(text) : 0;
}

static apr_size_t weight_of(const docgen_symbol *symbol, int *entries, int depth)
{
    apr_size_t weight = 220 + length_of(symbol->signature) * 2;

    if (symbol->doc) {
        weight += length_of(symbol->doc->summary) + length_of(symbol->doc->body);
        for (int i = 0; i < symbol->doc->fields->nelts; i++) {
            weight += 40 + length_of(APR_ARRAY_IDX(symbol->doc->fields, i, docgen_doc_field).text);
        }
    }
    for (int i = 0; symbol->usages && i < symbol->usages->nelts; i++) {
        weight += 160 + length_of(APR_ARRAY_IDX(symbol->usages, i, docgen_usage).excerpt);
    }
    weight += symbol->inherited ? 60 * (apr_size_t)symbol->inherited->nelts : 0;
    for (int i = 0; symbol->overloads && i < symbol->overloads->nelts; i++) {
        int inner = 0;

        weight += weight_of(APR_ARRAY_IDX(symbol->overloads, i, docgen_symbol *), &inner, 8);
    }
    *entries += 1;
    for (int i = 0; symbol->members && depth < 8 && i < symbol->members->nelts; i++) {
        int inner = 0;
        const docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        weight += weight_of(member, &inner, depth + 1);
        *entries += docgen_code_has_heading(member) ? inner : 0;
    }
    return weight;
}

static void give_anchor(planner *p, docgen_symbol *symbol, int depth)
{
    symbol->page = p->page;
    symbol->anchor = anchor(p, docgen_code_title(symbol));
    for (int i = 0; symbol->members && i < symbol->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (member->visibility > symbol->visibility) {
            continue;
        }
        if (docgen_code_has_heading(member) && depth < 8) {
            give_anchor(p, member, depth + 1);
        } else {
            member->page = p->page;
            member->anchor = symbol->anchor;
        }
    }
}

static void start_page(planner *p, const docgen_module *module)
{
    p->part++;
    p->page = p->part == 1 ? apr_pstrcat(p->site->pool, "api/", module->slug, NULL)
                           : apr_psprintf(p->site->pool, "api/%s/%d", module->slug, p->part);
    apr_hash_clear(p->taken);
    apr_hash_clear(p->counts);
    p->entries = 0;
    p->weight = 0;
    docgen_site_reserve(p->site, p->page,
                        p->part == 1
                            ? module->name
                            : apr_psprintf(p->site->pool, "%s (%d)", module->name, p->part));
    anchor(p, module->name);
    if (p->part == 1) {
        anchor(p, "In the project's words");
        anchor(p, "Contents");
        anchor(p, "Passed on");
    }
}

/* The page and part of every shown symbol. Runs the same walk that writing does. */
static void plan_module(docgen_site *site, docgen_module *module)
{
    planner p = {.site = site};
    const char *kind = "";

    apr_pool_create(&p.pool, site->pool);
    p.taken = apr_hash_make(p.pool);
    p.counts = apr_hash_make(p.pool);
    start_page(&p, module);
    module->page = p.page;
    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);
        int entries = 0;
        apr_size_t weight;

        if (!docgen_code_is_shown(module, symbol)) {
            continue;
        }
        weight = weight_of(symbol, &entries, 0);
        if (p.entries && (p.entries + entries > ENTRIES_MAX || p.weight + weight > WEIGHT_MAX)) {
            start_page(&p, module);
            kind = "";
        }
        if (strcmp(kind, symbol->kind)) {
            kind = symbol->kind;
            anchor(&p, docgen_code_kind_title(kind));
        }
        give_anchor(&p, symbol, 0);
        p.entries += entries;
        p.weight += weight;
    }
    apr_pool_destroy(p.pool);
}

static int shown_count(const docgen_module *module)
{
    int count = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        count += docgen_code_is_shown(module, APR_ARRAY_IDX(module->symbols, i, docgen_symbol *));
    }
    return count;
}

/* A module that only documents tell of has a page as well: its names may be declared in another one. */
static int has_page(docgen_site *site, const docgen_module *module)
{
    return module->visibility != DOCGEN_VISIBLE_PRIVATE &&
           (shown_count(module) > 0 || module->exports->nelts > 0 ||
            docgen_routes_module(site, module));
}

static apr_status_t plan(docgen_site *site)
{
    int pages = 0;

    for (int i = 0; i < site->model->modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);

        if (has_page(site, module) && pages < MODULES_MAX) {
            plan_module(site, module);
            pages++;
        }
    }
    if (pages) {
        docgen_site_reserve(site, "api", "API reference");
    }
    return APR_SUCCESS;
}

static const char *one_line(docgen_code_page *page, const docgen_doc *doc, docgen_lang lang)
{
    const char *line;

    if (!doc || !doc->summary) {
        return "";
    }
    line = docgen_code_line(page->pool, doc->summary, lang);
    return docgen_table_cell(page->pool, line);
}

/* What is said of a symbol first: in the code, else in a document. */
static const char *symbol_line(docgen_code_page *page, const docgen_symbol *symbol)
{
    const char *line = one_line(page, symbol->doc, symbol->file->lang);
    const char *said = *line ? NULL : docgen_routes_summary(page->site, page->pool, symbol);

    return said ? docgen_table_cell(page->pool, docgen_markdown_escape(page->pool, said)) : line;
}

static void files_of(docgen_code_page *page, const docgen_module *module)
{
    docgen_buffer_puts(page->out, "Source: ");
    for (int i = 0; i < module->files->nelts && i < 12; i++) {
        docgen_buffer_printf(page->out, "%s%s", i ? ", " : "",
                             docgen_site_source(page->site, page->pool,
                                                APR_ARRAY_IDX(module->files, i, docgen_file *), 0,
                                                0));
    }
    if (module->files->nelts > 12) {
        docgen_buffer_printf(page->out, " and %d more files", module->files->nelts - 12);
    }
    docgen_buffer_puts(page->out, "\n\n");
}

static void module_list(docgen_code_page *page, const char *title,
                        const apr_array_header_t *modules)
{
    if (modules->nelts == 0) {
        return;
    }
    docgen_buffer_printf(page->out, "%s: ", title);
    for (int i = 0; i < modules->nelts && i < 40; i++) {
        docgen_buffer_printf(
            page->out, "%s%s", i ? ", " : "",
            docgen_code_module_link(page, APR_ARRAY_IDX(modules, i, docgen_module *)));
    }
    if (modules->nelts > 40) {
        docgen_buffer_printf(page->out, " and %d more", modules->nelts - 40);
    }
    docgen_buffer_puts(page->out, "\n\n");
}

static void contents(docgen_code_page *page, const docgen_module *module)
{
    if (shown_count(module) < 2) {
        return;
    }
    docgen_buffer_puts(
        page->out, "## Contents {#contents}\n\n| Name | Kind | Summary |\n| --- | --- | --- |\n");
    for (int i = 0; i < module->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (docgen_code_is_shown(module, symbol)) {
            docgen_buffer_printf(
                page->out, "| %s | %s | %s |\n",
                docgen_table_cell(page->pool, docgen_code_symbol_link(page, symbol, NULL)),
                symbol->kind, symbol_line(page, symbol));
        }
    }
    docgen_buffer_puts(page->out, "\n");
}

/* Names of other modules that this one passes on. */
static void passed_on(docgen_code_page *page, const docgen_module *module)
{
    int begun = 0;

    for (int i = 0; i < module->exports->nelts; i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);
        const char *where, *kind = "", *text = "";

        if (export->symbol && export->symbol->module == module &&
            !strcmp(export->symbol->name, export->name)) {
            continue; /* it has its entry here */
        }
        if (!begun) {
            docgen_buffer_puts(
                page->out,
                "## Passed on {#passed-on}\n\nNames that this module offers and that are defined "
                "elsewhere.\n\n| Name | Defined as | Kind | Summary |\n| --- | --- | --- | --- "
                "|\n");
            begun = 1;
        }
        if (export->symbol) {
            where = docgen_code_symbol_link(page, export->symbol, NULL);
            kind = export->symbol->kind;
            text = symbol_line(page, export->symbol);
        } else if (export->module) {
            where = docgen_code_module_link(page, export->module);
            kind = "module";
            text = one_line(page, export->module->doc, export->module->lang);
        } else {
            where = docgen_markdown_code(page->pool, export->origin);
        }
        docgen_buffer_printf(
            page->out, "| %s | %s | %s | %s |\n",
            docgen_table_cell(page->pool, docgen_markdown_code(page->pool, export->name)),
            docgen_table_cell(page->pool, where), kind, text);
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "");
}

/* What is not meant for users: names and places only, folded away. */
static void folded(docgen_code_page *page, const docgen_module *module)
{
    int listed = 0, left = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (docgen_code_is_shown(module, symbol)) {
            continue;
        }
        if (listed == 0) {
            docgen_buffer_puts(page->out, "\n<details><summary>Internal symbols</summary>\n\n");
        }
        if (listed++ < FOLDED_MAX) {
            docgen_buffer_printf(page->out, "- %s %s — %s\n", symbol->kind,
                                 docgen_markdown_code(page->pool, symbol->name),
                                 docgen_site_source(page->site, page->pool, symbol->file,
                                                    symbol->line, symbol->end_line));
        } else {
            left++;
        }
    }
    if (left) {
        docgen_buffer_printf(page->out, "- … and %d more\n", left);
    }
    docgen_buffer_puts(page->out, listed ? "\n</details>\n" : "");
}

static void head(docgen_code_page *page, const docgen_module *module, const char *title, int part)
{
    const apr_array_header_t *routes;
    const char *artifacts;

    docgen_buffer_printf(page->out, "# %s\n\n", docgen_markdown_escape(page->pool, title));
    if (part > 1) {
        docgen_buffer_printf(page->out, "Continues %s.\n\n", docgen_code_module_link(page, module));
        return;
    }
    if (module->visibility == DOCGEN_VISIBLE_INTERNAL) {
        docgen_buffer_puts(
            page->out,
            "> [!NOTE]\n> Internal to the project: not part of what its users import.\n\n");
    }
    docgen_code_doc(page, module->doc, module->lang);
    artifacts = docgen_artifacts(page->site, page->pool, module);
    if (artifacts) {
        docgen_buffer_printf(page->out, "Package: %s\n\n", artifacts);
    }
    files_of(page, module);
    module_list(page, "Depends on", module->uses);
    module_list(page, "Used by", docgen_code_own_modules(page, module->used_by));
    if (module->declared) {
        docgen_buffer_printf(page->out, "Documented in the source: %d of %d public names.\n\n",
                             module->documented, module->declared);
    }
    routes = docgen_routes_module(page->site, module);
    if (routes) {
        docgen_buffer_puts(page->out, "## In the project's words {#in-the-projects-words}\n\n");
        docgen_routes_write(page, routes);
    }
    contents(page, module);
    passed_on(page, module);
}

/* A symbol under one of its names. */
static apr_status_t symbol_send(docgen_site *site, const char *name, const docgen_symbol *symbol)
{
    docgen_page_symbol entry = {.name = name,
                                .kind = symbol->kind,
                                .page = symbol->page,
                                .anchor = symbol->anchor,
                                .visibility = "public",
                                .signature = symbol->signature,
                                .parent = symbol->parent ? symbol->parent->qualified : NULL};
    apr_pool_t *scratch;
    apr_status_t rv;

    apr_pool_create(&scratch, site->pool);
    if (symbol->doc && symbol->doc->summary && *symbol->doc->summary) {
        entry.summary = docgen_plain_text(
            scratch, docgen_code_line(scratch, symbol->doc->summary, symbol->module->lang));
    }
    if (!entry.summary || !*entry.summary)
        entry.summary = docgen_routes_summary(site, scratch, symbol);
    if (symbol->file) {
        entry.file = symbol->file->path;
        entry.line = symbol->line;
        entry.end_line = symbol->end_line;
    }
    rv = docgen_output_symbol(site->output, &entry);
    apr_pool_destroy(scratch);
    return rv;
}

static void send_symbol(docgen_site *site, const docgen_symbol *symbol, apr_status_t *rv, int depth)
{
    if (*rv != APR_SUCCESS || symbol->visibility != DOCGEN_VISIBLE_PUBLIC || !symbol->page) {
        return;
    }
    *rv = symbol_send(site, symbol->qualified, symbol);
    for (int i = 0; symbol->members && depth < 8 && i < symbol->members->nelts; i++) {
        send_symbol(site, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), rv, depth + 1);
    }
}

static void sources_note(docgen_draft *draft, const docgen_module *module)
{
    for (int i = 0; i < module->files->nelts; i++)
        docgen_draft_source(draft, APR_ARRAY_IDX(module->files, i, const docgen_file *));
}

static apr_status_t page_send(docgen_code_page *page)
{
    docgen_draft_text(page->draft, page->out->data);
    docgen_buffer_clear(page->out);
    return docgen_draft_send(page->draft);
}

static apr_status_t write_module(docgen_site *site, const docgen_module *module, int order)
{
    docgen_code_page page = {.site = site};
    const char *kind = "", *title = module->name;
    apr_status_t rv = APR_SUCCESS;
    int part = 1;

    apr_pool_create(&page.pool, site->pool);
    page.out = docgen_buffer_create(page.pool);
    page.path = module->page;
    page.draft = docgen_draft_create(site, page.path, title, order);
    sources_note(page.draft, module);
    head(&page, module, title, part);
    for (int i = 0; rv == APR_SUCCESS && i < module->symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (!docgen_code_is_shown(module, symbol)) {
            continue;
        }
        if (strcmp(symbol->page, page.path)) {
            rv = page_send(&page);
            page.path = symbol->page;
            title = apr_psprintf(page.pool, "%s (%d)", module->name, ++part);
            page.draft = docgen_draft_create(site, page.path, title, order);
            sources_note(page.draft, module);
            head(&page, module, title, part);
            kind = "";
        }
        if (strcmp(kind, symbol->kind)) {
            kind = symbol->kind;
            docgen_buffer_printf(page.out, "## %s\n\n", docgen_code_kind_title(kind));
        }
        docgen_code_entry(&page, symbol, 3);
        send_symbol(site, symbol, &rv, 0);
    }
    for (int i = 0; rv == APR_SUCCESS && module->visibility == DOCGEN_VISIBLE_PUBLIC &&
                    i < module->exports->nelts;
         i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        /* A name under which users know it, where its definition has another. */
        if (export->symbol && export->symbol->page && strcmp(export->name, export->symbol->name) &&
            strcmp(export->name, "default")) {
            rv = symbol_send(site, export->name, export->symbol);
        }
    }
    folded(&page, module);
    if (rv == APR_SUCCESS) {
        rv = page_send(&page);
    }
    apr_pool_destroy(page.pool);
    return rv;
}

/* The public names of a module: those it declares, members included, and those it passes on. */
static int public_names(const docgen_module *module)
{
    int names = module->declared;

    for (int i = 0; i < module->exports->nelts; i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        names += !export->symbol || export->symbol->module != module;
    }
    return names;
}

static void index_group(docgen_code_page *page, docgen_visibility visibility, const char *title)
{
    int begun = 0;
    docgen_lang lang = DOCGEN_LANG_NONE;

    for (int i = 0; i < page->site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(page->site->model->modules, i, docgen_module *);
        int percent;

        if (!module->page || module->visibility != visibility) {
            continue;
        }
        if (!begun) {
            docgen_buffer_printf(page->out, "## %s\n\n", title);
            begun = 1;
        }
        if (module->lang != lang) {
            lang = module->lang;
            docgen_buffer_printf(page->out,
                                 "\n| %s module | Summary | Public names | Documented |\n| --- | "
                                 "--- | --- | --- |\n",
                                 docgen_code_language_name(lang));
        }
        percent = module->declared ? 100 * module->documented / module->declared : 0;
        docgen_buffer_printf(page->out, "| %s | %s | %d | %s |\n",
                             docgen_table_cell(page->pool, docgen_code_module_link(page, module)),
                             one_line(page, module->doc, module->lang), public_names(module),
                             module->declared ? apr_psprintf(page->pool, "%d %%", percent) : "");
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "");
}

static apr_status_t write_index(docgen_site *site)
{
    docgen_code_page page = {.site = site, .path = "api"};
    int modules = 0, declared = 0, documented = 0;
    apr_status_t rv;

    for (int i = 0; i < site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);

        if (module->visibility == DOCGEN_VISIBLE_PUBLIC) {
            modules += module->page != NULL;
            declared += module->declared;
            documented += module->documented;
        }
    }
    apr_pool_create(&page.pool, site->pool);
    page.out = docgen_buffer_create(page.pool);
    docgen_buffer_puts(page.out, "# API reference\n\n");
    if (declared) {
        docgen_buffer_printf(
            page.out,
            "%d public %s with %d public %s; %d of them (%d %%) have a comment in the source.\n\n",
            modules, modules == 1 ? "module" : "modules", declared,
            declared == 1 ? "name" : "names", documented, 100 * documented / declared);
    }
    index_group(&page, DOCGEN_VISIBLE_PUBLIC, "Public modules");
    index_group(&page, DOCGEN_VISIBLE_INTERNAL, "Internal modules");
    rv = docgen_site_page(site, "api", "API reference", ORDER, page.out->data);
    apr_pool_destroy(page.pool);
    return rv;
}

static apr_status_t write_all(docgen_site *site)
{
    apr_status_t rv = APR_SUCCESS;
    int order = ORDER;

    if (!apr_hash_get(site->pages, "api", APR_HASH_KEY_STRING)) {
        return APR_SUCCESS;
    }
    rv = write_index(site);
    for (int i = 0; rv == APR_SUCCESS && i < site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);

        if (module->page) {
            rv = write_module(site, module, order < 2998 ? ++order : order);
        }
    }
    return rv;
}

const docgen_section docgen_section_api = {
    "API reference",
    plan,
    write_all,
    "declarations in files of a language that is read",
};
