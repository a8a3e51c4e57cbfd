/* What this documentation covers and what it does not: nothing is left out silently.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/language.h"
#include "generator/repo/hidden.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    HIDDEN_SHOWN = 100
};

typedef struct coverage {
    const char *kind;
    int documented;
    int all;
} coverage;

static coverage *coverage_of(apr_array_header_t *kinds, const char *kind)
{
    coverage *entry;

    for (int i = 0; i < kinds->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(kinds, i, coverage).kind, kind))
            return &APR_ARRAY_IDX(kinds, i, coverage);
    }
    entry = apr_array_push(kinds);
    entry->kind = kind;
    entry->documented = entry->all = 0;
    return entry;
}

static void coverage_add(apr_array_header_t *kinds, const apr_array_header_t *symbols, int depth)
{
    for (int i = 0; symbols && depth < 8 && i < symbols->nelts; i++) {
        const docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);
        coverage *entry;

        if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC || symbol->inherited_from)
            continue;
        entry = coverage_of(kinds, symbol->kind);
        entry->all++;
        entry->documented += symbol->doc && symbol->doc->summary && *symbol->doc->summary;
        coverage_add(kinds, symbol->members, depth + 1);
    }
}

static int kind_compare(const void *a, const void *b)
{
    return strcmp(((const coverage *)a)->kind, ((const coverage *)b)->kind);
}

static void coverage_write(const docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *kinds = apr_array_make(pool, 16, sizeof(coverage));
    coverage sum = {"All", 0, 0};

    for (int i = 0; site->model->modules && i < site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);

        if (module->visibility == DOCGEN_VISIBLE_PUBLIC)
            coverage_add(kinds, module->symbols, 0);
    }
    docgen_draft_text(draft, "\n## Documentation of the public names\n\n");
    if (kinds->nelts == 0) {
        docgen_draft_printf(draft, "No public name was found in the languages that are read: %s.\n",
                            docgen_readers_list(pool));
        return;
    }
    qsort(kinds->elts, (size_t)kinds->nelts, sizeof(coverage), kind_compare);
    docgen_draft_text(draft, "How many public names carry a doc comment.\n\n"
                             "| Kind | Documented | All | Share |\n|---|--:|--:|--:|\n");
    for (int i = 0; i < kinds->nelts; i++) {
        const coverage *entry = &APR_ARRAY_IDX(kinds, i, coverage);

        docgen_draft_printf(draft, "| %s | %d | %d | %d %% |\n",
                            docgen_markdown_escape(pool, entry->kind), entry->documented,
                            entry->all, entry->documented * 100 / entry->all);
        sum.documented += entry->documented;
        sum.all += entry->all;
    }
    docgen_draft_printf(draft, "| **All** | **%d** | **%d** | **%d %%** |\n", sum.documented,
                        sum.all, sum.all ? sum.documented * 100 / sum.all : 0);
}

/** Each language of the repository: how many files were read, what they offer, and what is not read of it. */
static void languages_write(const docgen_site *site, docgen_draft *draft)
{
    int files[DOCGEN_LANG_OTHER + 1] = {0}, names[DOCGEN_LANG_OTHER + 1] = {0}, begun = 0;
    const docgen_model *model = site->model;

    for (int i = 0; i < model->tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(model->tree->files, i, docgen_file *);

        files[file->lang] += docgen_model_reads(file);
    }
    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        names[module->lang] += module->visibility == DOCGEN_VISIBLE_PUBLIC ? module->declared : 0;
    }
    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        if (!files[lang])
            continue;
        if (!begun++)
            docgen_draft_text(draft, "\n## Languages read\n\n"
                                     "Tests and other people's code are not read for names.\n\n"
                                     "| Language | Files | Public names | Not read |\n"
                                     "|---|--:|--:|---|\n");
        docgen_draft_printf(draft, "| %s | %d | %d | %s |\n",
                            docgen_reader_of((docgen_lang)lang)->name, files[lang], names[lang],
                            docgen_reader_of((docgen_lang)lang)->unread);
    }
}

static int by_place(const void *a, const void *b)
{
    const docgen_hidden *x = a, *y = b;
    int order = strcmp(x->path, y->path);

    return order ? order : strcmp(x->kind, y->kind);
}

/* What people do not see in the sources: it is in no page. */
static void hidden_write(const docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *hidden = apr_array_copy(pool, site->model->tree->hidden);

    if (hidden->nelts == 0)
        return;
    qsort(hidden->elts, (size_t)hidden->nelts, sizeof(docgen_hidden), by_place);
    docgen_draft_text(draft,
                      "\n## Hidden text\n\nWhat people cannot see in these files and programs "
                      "would read is left out.\n\n| File | What | First in line | Count |\n"
                      "|---|---|--:|--:|\n");
    for (int i = 0; i < hidden->nelts && i < HIDDEN_SHOWN; i++) {
        const docgen_hidden *entry = &APR_ARRAY_IDX(hidden, i, docgen_hidden);

        docgen_draft_printf(draft, "| `%s` | %s | %d | %d |\n",
                            docgen_table_cell(pool, entry->path), entry->kind, entry->line,
                            entry->count);
    }
    if (hidden->nelts > HIDDEN_SHOWN)
        docgen_draft_printf(draft, "\n%d more are not listed.\n", hidden->nelts - HIDDEN_SHOWN);
}

static void absent_write(const docgen_site *site, docgen_draft *draft)
{
    if (site->absent->nelts == 0)
        return;
    docgen_draft_text(draft, "\n## Sections without content\n\n");
    for (int i = 0; i < site->absent->nelts; i++) {
        const docgen_absent *absent = &APR_ARRAY_IDX(site->absent, i, docgen_absent);

        docgen_draft_printf(draft, "- **%s**", absent->section);
        if (absent->looked_for)
            docgen_draft_printf(draft, ": looked for %s; found none", absent->looked_for);
        docgen_draft_text(draft, ".\n");
    }
}

static apr_status_t quality_plan(docgen_site *site)
{
    docgen_site_reserve(site, "quality", "Quality report");
    return APR_SUCCESS;
}

static apr_status_t quality_write(docgen_site *site)
{
    const docgen_facts *facts = site->model->facts;
    docgen_draft *draft = docgen_draft_create(site, "quality", "Quality report", 9000);
    apr_pool_t *pool;

    apr_pool_create(&pool, site->pool);
    docgen_draft_printf(draft,
                        "# Quality report\n\nWhat this documentation was made from, what it "
                        "covers, and what it leaves out. It is made from commit `%s`",
                        facts->commit);
    docgen_draft_printf(draft, " with %s files, without any text that is not in the repository.\n",
                        docgen_number(pool, (apr_uint64_t)site->model->tree->files->nelts));
    if (facts->history_problem)
        docgen_draft_printf(draft,
                            "\nThe history could not be read: %s Commits, people and the dates of "
                            "tags are missing or incomplete.\n",
                            docgen_markdown_escape(pool, facts->history_problem));
    else if (!facts->history_complete)
        docgen_draft_text(draft, "\nThe server gave only a part of the history: counts of commits "
                                 "and people are lower bounds.\n");
    if (facts->authentication)
        docgen_draft_printf(draft, "\nAccess to the repository's server: %s.\n",
                            docgen_markdown_escape(pool, facts->authentication));
    if (facts->sandbox)
        docgen_draft_printf(draft,
                            "\nThe repository was analysed without network, confined by %s.\n",
                            docgen_markdown_escape(pool, facts->sandbox));
    languages_write(site, draft);
    coverage_write(site, pool, draft);
    if (site->model->release)
        docgen_draft_printf(draft, "\n## API since the last release\n\n%s\n",
                            docgen_release_status(pool, site->model->release));
    absent_write(site, draft);
    hidden_write(site, pool, draft);
    docgen_quality_skipped(site, draft);
    apr_pool_destroy(pool);
    return docgen_draft_send(draft);
}

const docgen_section docgen_section_quality = {
    .name = "Quality report",
    .plan = quality_plan,
    .write = quality_write,
    .looked_for = NULL,
};
