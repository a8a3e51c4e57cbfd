/* The public API since the last release, as tables: each name with its entry or with where it was.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/analysis/doc.h"
#include "generator/analysis/release.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    ROWS_SHOWN = 200, /* of each kind of change */
    SIGNATURE_SHOWN = 300
};

static const char *summary_of(docgen_code_page *page, const docgen_symbol *symbol)
{
    return symbol->doc && symbol->doc->summary
               ? docgen_code_line(page->pool, symbol->doc->summary, symbol->file->lang)
               : "";
}

static const char *signature_shown(docgen_code_page *page, const char *text)
{
    char *copy = apr_pstrdup(page->pool, text ? text : "");
    char *end = copy;

    for (const char *p = copy; *p; p++) {
        int blank = *p == ' ' || *p == '\n' || *p == '\t';

        if (!blank || (end > copy && end[-1] != ' '))
            *end++ = blank ? ' ' : *p;
    }
    *end = '\0';
    return docgen_markdown_code(page->pool, docgen_text_shorten(page->pool, copy, SIGNATURE_SHOWN));
}

/* Where a name that is gone stood, at the release's own commit. */
static const char *place_of(docgen_code_page *page, const docgen_api_change *change)
{
    docgen_facts then = *page->site->model->facts;
    docgen_file file = {.path = change->path, .raw_path = change->raw_path};
    docgen_model model = *page->site->model;
    docgen_site site = *page->site;

    then.source_url = then.release_source_url;
    then.commit = then.release_commit;
    model.facts = &then;
    site.model = &model;
    return docgen_site_source(&site, page->pool, &file, change->line, change->end_line);
}

static void row_begin(docgen_code_page *page, const char *name, const char *module)
{
    docgen_buffer_printf(page->out, "| %s | %s | ", docgen_table_cell(page->pool, name),
                         docgen_table_cell(page->pool, module));
}

/* A name that is no longer there: it has no entry, only the place where it was. */
static void gone_write(docgen_code_page *page, const docgen_api_change *change)
{
    row_begin(page, docgen_markdown_code(page->pool, change->name),
              docgen_markdown_code(page->pool, change->module));
    docgen_buffer_printf(page->out, "%s | %s |\n", change->kind,
                         docgen_table_cell(page->pool, place_of(page, change)));
}

static void row_write(docgen_code_page *page, const docgen_api_change *change)
{
    apr_pool_t *pool = page->pool;
    const docgen_symbol *symbol = change->symbol;
    const docgen_doc_field *why;

    if (!symbol) {
        gone_write(page, change);
        return;
    }
    row_begin(page, docgen_code_symbol_link(page, symbol, change->name),
              symbol->module ? docgen_code_module_link(page, symbol->module)
                             : docgen_markdown_code(pool, change->module));
    switch (change->what) {
    case DOCGEN_API_ADDED:
        docgen_buffer_printf(page->out, "%s | %s |\n", change->kind,
                             docgen_table_cell(pool, summary_of(page, symbol)));
        break;
    case DOCGEN_API_CHANGED:
        docgen_buffer_printf(page->out, "%s | %s |\n",
                             docgen_table_cell(pool, signature_shown(page, change->before)),
                             docgen_table_cell(pool, signature_shown(page, symbol->signature)));
        break;
    case DOCGEN_API_DEPRECATED:
        why = docgen_doc_find(symbol->doc, "deprecated");
        docgen_buffer_printf(
            page->out, "%s |\n",
            docgen_table_cell(pool,
                              why ? docgen_code_line(pool, why->text, symbol->file->lang) : ""));
        break;
    case DOCGEN_API_REMOVED: /* has no symbol */
        break;
    }
}

static void group_write(docgen_code_page *page, const docgen_release *release, docgen_api_what what,
                        const char *title, const char *head)
{
    int all = 0;

    for (int i = 0; i < release->changes->nelts; i++) {
        const docgen_api_change *change = &APR_ARRAY_IDX(release->changes, i, docgen_api_change);

        if (change->what != what)
            continue;
        if (all == 0)
            docgen_buffer_printf(page->out, "\n### %s\n\n%s\n", title, head);
        if (all++ < ROWS_SHOWN)
            row_write(page, change);
    }
    if (all > ROWS_SHOWN)
        docgen_buffer_printf(page->out, "\nAnd %d more.\n", all - ROWS_SHOWN);
}

const char *docgen_release_status(apr_pool_t *pool, const docgen_release *release)
{
    if (!release->tag)
        return apr_psprintf(pool, "The API was not compared with an earlier one: %s.",
                            release->skipped ? release->skipped : "there is none");
    if (release->skipped)
        return apr_psprintf(pool, "The API was not compared with the tag %s: %s.",
                            docgen_markdown_code(pool, release->tag), release->skipped);
    return apr_psprintf(pool,
                        "Compared with the tag %s: %d of %d source files differ; public names that "
                        "are new, changed, deprecated or gone: %d.",
                        docgen_markdown_code(pool, release->tag), release->changed, release->files,
                        release->changes->nelts);
}

const char *docgen_release_changes(docgen_site *site, apr_pool_t *pool, const char *path)
{
    const docgen_release *release = site->model->release;
    docgen_code_page page = {.site = site, .pool = pool, .path = path};

    if (!release || !release->tag)
        return NULL;
    page.out = docgen_buffer_create(pool);
    docgen_buffer_printf(page.out, "## API since %s\n\n%s\n",
                         docgen_markdown_escape(pool, release->tag),
                         docgen_release_status(pool, release));
    if (release->skipped)
        return page.out->data;
    group_write(&page, release, DOCGEN_API_ADDED, "Added",
                "| Name | Module | Kind | Summary |\n|---|---|---|---|");
    group_write(&page, release, DOCGEN_API_CHANGED, "Changed",
                "| Name | Module | Before | Now |\n|---|---|---|---|");
    group_write(&page, release, DOCGEN_API_DEPRECATED, "Deprecated",
                "| Name | Module | What the source says |\n|---|---|---|");
    group_write(&page, release, DOCGEN_API_REMOVED, "Removed",
                "| Name | Module | Kind | Where it was |\n|---|---|---|---|");
    return page.out->data;
}
