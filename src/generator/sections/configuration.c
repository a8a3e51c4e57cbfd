/* Configuration and commands: everything the repository declares for its users to set, call or ask for.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"
#include "generator/sections/man_pages.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"
#include "generator/languages/traits.h"

#define FOUND_KEY "docgen-configuration-found"
#define PAGE      "configuration"
#define ORDER     3000
#define FILE_MAX  (512 * 1024)
#define FOUND_MAX 4000
#define ROWS_MAX  900 /* of one table */
#define NOT_READ                                                                                   \
    (DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED | DOCGEN_FILE_BINARY | DOCGEN_FILE_LINK |        \
     DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS | DOCGEN_FILE_SKIPPED | DOCGEN_FILE_TEST |            \
     DOCGEN_FILE_EXAMPLE)

static const struct {
    const char *title, *name, *value, *intro;
} kinds[DOCGEN_DECLARED_KINDS] = {
    {"Commands", "Command", "Arguments", "Commands and subcommands that the repository declares."},
    {"Command-line options", "Option", "Default or type",
     "Options as manual pages describe them, and those that only the source declares."},
    {"Settings", "Setting", "Default",
     "Keys of the configuration, from sample files and tables of defaults."},
    {"Environment variables", "Variable", "Default", "Variables that the code reads."},
    {"Build options", "Option", "Default", "What `configure` or Meson may be told."},
    {"Compile-time options", "Macro", "Default",
     "Macros that a build may define before the header does."},
    {"Routes", "Path", "Method", "HTTP routes that the code registers."},
    {"Database tables", "Table", "", "Tables that SQL files create."},
    {"Messages and services", "Name", "Kind", "Definitions in protobuf files."},
};

static int has_suffix(const char *path, const char *suffix)
{
    apr_size_t length = strlen(path), n = strlen(suffix);

    return length >= n && !strcmp(path + length - n, suffix);
}

static int slashes(const char *path)
{
    int count = 0;

    for (; *path; path++) {
        count += *path == '/';
    }
    return count;
}

/* An annotated configuration that people copy: near the top, named like one. */
static int is_sample(const docgen_file *file)
{
    const char *path = file->path, *base = docgen_basename(path);

    if (slashes(path) > 2 || *path == '.' || strstr(base, "doxygen") || strstr(base, "mkdocs")) {
        return strstr(base, ".env.example") || strstr(base, ".env.sample");
    }
    return has_suffix(path, ".conf") || has_suffix(path, ".conf.example") ||
           has_suffix(path, ".conf.sample") || has_suffix(path, ".conf.in") ||
           has_suffix(path, ".ini.example") || has_suffix(path, ".ini.sample");
}

static int is_json_table(const docgen_file *file)
{
    return has_suffix(file->path, ".json") &&
           (strstr(file->path, "commands/") || strstr(file->path, "/cmd"));
}

/* Autoconf's input and macros. */
static int is_configure(const docgen_file *file)
{
    return has_suffix(file->path, "configure.ac") || has_suffix(file->path, "configure.in") ||
           has_suffix(file->path, ".m4");
}

static int is_meson(const docgen_file *file)
{
    const char *base = docgen_basename(file->path);

    return !strcmp(base, "meson_options.txt") || !strcmp(base, "meson.options");
}

/* A page of a manual may describe directives. */
static int is_manual(const docgen_file *file)
{
    return !strncmp(file->path, "docs/", 5) && has_suffix(file->path, ".xml");
}

static int is_code(const docgen_file *file)
{
    return file->lang != DOCGEN_LANG_NONE && file->lang != DOCGEN_LANG_OTHER;
}

/* Build files, sites and the project's own tools are not what users configure. */
static int is_aside(const char *path)
{
    const char *base = docgen_basename(path), *bench = strstr(path, "bench");

    return !strncmp(path, "docs/", 5) || strstr(path, "/docs/") || strstr(path, "/.") ||
           strstr(base, ".config.") || !strncmp(path, "utils/", 6) ||
           !strncmp(path, "scripts/", 8) || !strncmp(path, ".github/", 8) ||
           !strncmp(path, "ci/", 3) || !strncmp(path, "tools/", 6) || *path == '.' ||
           strstr(path, "playground/") || strstr(path, "/template-") || strstr(path, "fuzz") ||
           (bench && bench < base) || !strcmp(base, "setup.py") || !strcmp(base, "build.rs");
}

static void search_file(docgen_search *search)
{
    if (is_sample(search->file)) {
        docgen_search_sample(search);
    } else if (is_json_table(search->file)) {
        docgen_search_commands(search);
    } else if (is_configure(search->file)) {
        docgen_search_configure(search);
    } else if (is_meson(search->file)) {
        docgen_search_meson(search);
    } else if (is_manual(search->file)) {
        docgen_search_manual(search);
    } else if (docgen_man_is_program(search->file->path)) {
        docgen_search_man_page(search);
    } else if (is_code(search->file) && !is_aside(search->file->path)) {
        unsigned declares = docgen_traits_of(search->file->lang)->declares;

        if (declares & DOCGEN_DECLARES_MACROS) {
            docgen_search_macros(search); /* their comments describe them */
        }
        if (!(declares & DOCGEN_DECLARES_CLAP)) {
            search->text = docgen_search_mask(search);
        }
        docgen_search_options(search); /* clap's take their words from doc comments */
        search->text = docgen_search_mask(search);
        docgen_search_variables(search);
        docgen_search_routes(search);
    } else {
        docgen_search_schema(search);
    }
}

static int is_wanted(const docgen_file *file)
{
    return !(file->flags & NOT_READ) && file->size > 0 && file->size <= FILE_MAX &&
           (is_code(file) || is_sample(file) || is_json_table(file) || is_configure(file) ||
            is_meson(file) || is_manual(file) || docgen_man_is_program(file->path) ||
            has_suffix(file->path, ".sql") || has_suffix(file->path, ".proto"));
}

static apr_array_header_t *search_all(docgen_site *site, apr_pool_t *pool)
{
    docgen_search search = {.pool = pool, .limit = FOUND_MAX};
    const docgen_tree *tree = site->model->tree;

    search.found = apr_array_make(pool, 64, sizeof(docgen_declared));
    apr_pool_create(&search.scratch, pool);
    for (int i = 0; i < tree->files->nelts; i++) {
        search.file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        if (is_wanted(search.file) &&
            docgen_tree_text(tree, search.file, search.scratch, &search.text, &search.length) ==
                APR_SUCCESS &&
            strlen(search.text) == search.length) {
            search_file(&search);
        }
        apr_pool_clear(search.scratch);
    }
    apr_pool_destroy(search.scratch);
    return search.found;
}

static const char *bare_name(apr_pool_t *pool, const char *name)
{
    char *bare = apr_pstrndup(pool, name + (*name == '<'), strcspn(name, ">"));

    for (char *p = bare; *p; p++)
        *p = *p == '>' ? '\0' : (char)tolower((unsigned char)*p);
    return bare;
}

/* A setting that a page of the manual describes is not listed again as its table in the code declares it. */
static void described_drop(apr_array_header_t *found, apr_pool_t *pool)
{
    apr_hash_t *described = apr_hash_make(pool);
    int kept = 0;

    for (int i = 0; i < found->nelts; i++) {
        const docgen_declared *d = &APR_ARRAY_IDX(found, i, docgen_declared);

        if (d->kind == DOCGEN_DECLARED_SETTING && is_manual(d->file))
            apr_hash_set(described, bare_name(pool, d->name), APR_HASH_KEY_STRING, d);
    }
    for (int i = 0; i < found->nelts; i++) {
        const docgen_declared d = APR_ARRAY_IDX(found, i, docgen_declared);

        if (d.kind != DOCGEN_DECLARED_SETTING || is_manual(d.file) || !is_code(d.file) ||
            !apr_hash_get(described, bare_name(pool, d.name), APR_HASH_KEY_STRING))
            APR_ARRAY_IDX(found, kept++, docgen_declared) = d;
    }
    found->nelts = kept;
}

static int by_place(const void *a, const void *b)
{
    const docgen_declared *x = a, *y = b;
    int order = (int)x->kind - (int)y->kind;

    if (order) {
        return order;
    }
    if (x->kind == DOCGEN_DECLARED_COMMAND || x->kind == DOCGEN_DECLARED_VARIABLE) {
        order = strcmp(x->name, y->name);
    }
    if (!order) /* manual pages first */
        order = docgen_man_is_named(y->file->path) - docgen_man_is_named(x->file->path);
    order = order ? order : strcmp(x->file->path, y->file->path);
    return order ? order : x->line != y->line ? x->line - y->line : strcmp(x->name, y->name);
}

static int looks_secret(const char *name)
{
    static const char *const words[] = {"password", "secret", "token",   "passwd", "PASSWORD",
                                        "SECRET",   "TOKEN",  "api_key", "API_KEY"};

    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strstr(name, words[i])) {
            return 1;
        }
    }
    return 0;
}

/* The name, leading to the page that describes it when there is one. */
static const char *name_cell(docgen_code_page *page, const docgen_declared *d)
{
    const docgen_guide *guide = is_manual(d->file) ? docgen_guide_of(page->site, d->file) : NULL;
    const char *name = docgen_markdown_code(page->pool, d->name);

    if (!guide && d->page)
        return apr_psprintf(page->pool, "[%s](%s)", name,
                            docgen_site_href(page->pool, page->path, d->page, d->anchor));
    if (!guide)
        return name;
    return apr_psprintf(
        page->pool, "[%s](%s)", name,
        docgen_site_href(page->pool, page->path, guide->page, docgen_slug(page->pool, d->name)));
}

static void row(docgen_code_page *page, const docgen_declared *d)
{
    const char *value = d->value ? docgen_markdown_code(page->pool, d->value) : "";
    const char *text = d->text ? docgen_code_line(page->pool, d->text, d->file->lang) : "";

    if (d->value && d->kind == DOCGEN_DECLARED_SETTING && looks_secret(d->name) &&
        strlen(d->value) > 4 && strcmp(d->value, "None") && strcmp(d->value, "NULL")) {
        value = "(not shown)";
    }
    docgen_buffer_printf(
        page->out, "| %s | %s | %s | %s |\n", docgen_table_cell(page->pool, name_cell(page, d)),
        docgen_table_cell(page->pool, value), docgen_table_cell(page->pool, text),
        docgen_table_cell(
            page->pool, docgen_site_source(page->site, page->pool, d->file, d->line, d->end_line)));
}

/* Has each file a table of its own? */
static int is_by_file(docgen_declared_kind kind)
{
    return kind == DOCGEN_DECLARED_OPTION || kind == DOCGEN_DECLARED_SETTING ||
           kind == DOCGEN_DECLARED_BUILD;
}

static void table(docgen_code_page *page, const apr_array_header_t *found,
                  docgen_declared_kind kind)
{
    const docgen_file *file = NULL;
    int rows = 0, left = 0;

    for (int i = 0; i < found->nelts; i++) {
        const docgen_declared *d = &APR_ARRAY_IDX(found, i, docgen_declared);

        if (d->kind != kind) {
            continue;
        }
        if (rows == 0) {
            docgen_buffer_printf(page->out, "## %s\n\n%s\n", kinds[kind].title, kinds[kind].intro);
        }
        if (rows >= ROWS_MAX) {
            left++;
            continue;
        }
        if (rows == 0 || (d->file != file && (is_by_file(kind)))) {
            file = d->file;
            if (is_by_file(kind)) {
                docgen_buffer_printf(page->out, "\nDeclared in %s:\n",
                                     docgen_site_source(page->site, page->pool, file, 0, 0));
            }
            docgen_buffer_printf(
                page->out, "\n| %s | %s | Description | Source |\n| --- | --- | --- | --- |\n",
                kinds[kind].name, kinds[kind].value);
        }
        rows++;
        row(page, d);
    }
    if (left) {
        docgen_buffer_printf(page->out, "\n%d more are not listed.\n", left);
    }
    docgen_buffer_puts(page->out, rows ? "\n" : "");
}

static int is_option_type(const docgen_symbol *symbol)
{
    return symbol->visibility == DOCGEN_VISIBLE_PUBLIC && symbol->page && symbol->members &&
           symbol->members->nelts > 2 &&
           (has_suffix(symbol->name, "Options") || has_suffix(symbol->name, "Config") ||
            has_suffix(symbol->name, "Settings"));
}

/* Types whose members are settings: they are documented in the API reference. */
static int option_types(docgen_code_page *page)
{
    const apr_array_header_t *modules = page->site->model->modules;
    int rows = 0;

    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, n, docgen_symbol *);

            if (!is_option_type(symbol)) {
                continue;
            }
            if (rows++ == 0) {
                docgen_buffer_puts(
                    page->out,
                    "## Option types\n\nTypes of the API whose members are settings.\n\n"
                    "| Type | Module | Members | Summary |\n| --- | --- | --: | --- |\n");
            }
            docgen_buffer_printf(
                page->out, "| %s | %s | %d | %s |\n",
                docgen_table_cell(page->pool, docgen_code_symbol_link(page, symbol, NULL)),
                docgen_table_cell(page->pool, docgen_code_module_link(page, module)),
                symbol->members->nelts,
                symbol->doc ? docgen_table_cell(page->pool,
                                                docgen_code_line(page->pool, symbol->doc->summary,
                                                                 symbol->file->lang))
                            : "");
        }
    }
    docgen_buffer_puts(page->out, rows ? "\n" : "");
    return rows;
}

static int has_option_types(const docgen_site *site)
{
    const apr_array_header_t *modules = site->model->modules;

    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            if (is_option_type(APR_ARRAY_IDX(module->symbols, n, docgen_symbol *))) {
                return 1;
            }
        }
    }
    return 0;
}

int docgen_has_build_options(const docgen_site *site)
{
    const apr_array_header_t *found;
    void *data = NULL;

    if (apr_pool_userdata_get(&data, FOUND_KEY, site->pool) != APR_SUCCESS || !data)
        return 0;
    found = data;
    for (int i = 0; i < found->nelts; i++) {
        if (APR_ARRAY_IDX(found, i, docgen_declared).kind == DOCGEN_DECLARED_BUILD)
            return 1;
    }
    return 0;
}

/* What is declared is searched here already: earlier pages lead to this one only when there is something. */
static apr_status_t plan(docgen_site *site)
{
    apr_array_header_t *found = search_all(site, site->pool);

    described_drop(found, site->pool);
    docgen_options_settle(found, site->pool);
    qsort(found->elts, (size_t)found->nelts, sizeof(docgen_declared), by_place);
    if (found->nelts > 0 || has_option_types(site)) {
        docgen_site_reserve(site, PAGE, "Configuration and commands");
    }
    return apr_pool_userdata_setn(found, FOUND_KEY, NULL, site->pool);
}

static apr_status_t write_page(docgen_site *site)
{
    docgen_code_page page = {.site = site, .path = PAGE};
    apr_array_header_t *found;
    void *data = NULL;
    apr_status_t rv = apr_pool_userdata_get(&data, FOUND_KEY, site->pool);

    if (rv != APR_SUCCESS || !data) {
        return rv;
    }
    found = data;
    docgen_declared_describe(site, found);
    apr_pool_create(&page.pool, site->pool);
    page.out = docgen_buffer_create(page.pool);
    docgen_buffer_puts(page.out, "# Configuration and commands\n\n");
    for (int kind = 0; kind < DOCGEN_DECLARED_KINDS; kind++) {
        table(&page, found, (docgen_declared_kind)kind);
    }
    if (option_types(&page) + found->nelts > 0) {
        rv = docgen_site_page(site, PAGE, "Configuration and commands", ORDER, page.out->data);
    }
    apr_pool_destroy(page.pool);
    return rv;
}

const docgen_section docgen_section_configuration = {
    "Configuration and commands",
    plan,
    write_page,
    "argument parsers, tables of settings, sample configuration files, environment variables, "
    "options of configure and Meson, routes, SQL and protobuf",
};
