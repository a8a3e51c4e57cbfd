/* SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/described.h"

#include <string.h>
#include <apr_strings.h>
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/reference.h"
#include "generator/sections/signature.h"

enum {
    DESCRIPTIONS_MAX = 20000,
    TEXT_MAX = 24 * 1024, /* of one description */
    MEMBERS_MAX = 200
};

/* The line of a document that holds a directive with this argument, or 0. */
static int line_find(const docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                     const char *signature)
{
    const char *text;
    apr_size_t length;
    int line = 1;

    if (!*signature ||
        docgen_tree_text(site->model->tree, document, pool, &text, &length) != APR_SUCCESS)
        return 0;
    while (*text) {
        apr_size_t size = strcspn(text, "\n");
        const char *mark = memmem(text, size, ":: ", 3);

        if (mark) {
            mark += 3 + strspn(mark + 3, " ");
            if (!strncmp(mark, signature, strlen(signature)) &&
                (apr_size_t)(mark - text) + strlen(signature) == size)
                return line;
        }
        line++;
        text += size + (text[size] == '\n');
    }
    return 0;
}

void docgen_description_note(docgen_site *site, const docgen_file *document,
                             const docgen_rst_object *object)
{
    docgen_description *description;
    apr_pool_t *scratch;

    if (!object->text[strspn(object->text, " \n")] || strlen(object->text) > TEXT_MAX ||
        site->descriptions->nelts >= DESCRIPTIONS_MAX)
        return;
    apr_pool_create(&scratch, site->pool);
    description = apr_array_push(site->descriptions);
    description->document = document;
    description->name = apr_pstrdup(site->pool, object->name);
    description->module = object->module ? apr_pstrdup(site->pool, object->module) : NULL;
    description->text = apr_pstrdup(site->pool, object->text);
    description->line = line_find(site, scratch, document, object->signature);
    description->is_called = object->is_called;
    apr_pool_destroy(scratch);
}

/* A name with its module, then by itself. */
static docgen_symbol *symbol_find(docgen_site *site, apr_pool_t *pool, const char *module,
                                  const char *name, int is_called)
{
    const char *ending = is_called ? "()" : "";
    docgen_symbol *symbol = NULL;

    if (module)
        symbol =
            docgen_reference_symbol(site, pool, apr_pstrcat(pool, module, ".", name, ending, NULL));
    return symbol ? symbol
                  : docgen_reference_symbol(site, pool, apr_pstrcat(pool, name, ending, NULL));
}

docgen_symbol *docgen_description_symbol(docgen_site *site, apr_pool_t *pool,
                                         const docgen_description *description)
{
    return symbol_find(site, pool, description->module, description->name, description->is_called);
}

static void term_write(docgen_code_page *page, const char *name)
{
    docgen_buffer_printf(page->out, "%s\n\n</dt><dd>\n\n", docgen_markdown_code(page->pool, name));
}

static void symbol_write(docgen_code_page *page, const docgen_symbol *symbol)
{
    docgen_lang lang = symbol->file->lang;

    if (symbol->signature && strcmp(symbol->signature, symbol->name))
        docgen_signature_write(page, symbol, docgen_signature_text(page->pool, symbol));
    docgen_code_doc(page, symbol->doc, lang);
}

/* The members that have a text, each as a description within that of its class. */
static void members_write(docgen_code_page *page, const docgen_symbol *symbol)
{
    int written = 0;

    for (int i = 0; symbol->members && i < symbol->members->nelts && written < MEMBERS_MAX; i++) {
        const docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (!member->doc || member->visibility != DOCGEN_VISIBLE_PUBLIC)
            continue;
        docgen_buffer_printf(page->out, "<dl><dt id=\"%s\">\n\n",
                             docgen_slug(page->pool, member->qualified));
        term_write(page, member->qualified);
        symbol_write(page, member);
        docgen_buffer_puts(page->out, "\n</dd></dl>\n\n");
        written++;
    }
}

/* What a module says of itself, and a line for each of its names. */
static void module_write(docgen_code_page *page, const docgen_module *module, int members)
{
    int written = 0;

    docgen_code_doc(page, module->doc, module->lang);
    for (int i = 0; members && i < module->symbols->nelts && written < MEMBERS_MAX; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (!symbol->doc || symbol->visibility != DOCGEN_VISIBLE_PUBLIC)
            continue;
        docgen_buffer_printf(page->out, "- %s: %s\n",
                             docgen_markdown_code(page->pool, apr_pstrcat(page->pool, module->name,
                                                                          ".", symbol->name, NULL)),
                             docgen_code_line(page->pool, symbol->doc->summary, module->lang));
        written++;
    }
    docgen_buffer_puts(page->out, written ? "\n" : "");
}

const char *docgen_described_code(docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                                  const char *module, const char *name, int members)
{
    docgen_code_page page = {.site = site, .pool = pool, .out = docgen_buffer_create(pool)};
    const docgen_symbol *symbol = symbol_find(site, pool, module, name, 1);
    docgen_reference found = {NULL, NULL, NULL};
    apr_size_t begun;

    if (!symbol)
        symbol = symbol_find(site, pool, module, name, 0);
    if (!symbol)
        docgen_reference_place(site, pool, document, name, &found);
    term_write(&page, name);
    begun = page.out->length;
    if (symbol) {
        symbol_write(&page, symbol);
        if (members)
            members_write(&page, symbol);
    } else if (found.module) {
        module_write(&page, found.module, members);
    }
    return page.out->length > begun ? page.out->data : NULL;
}
