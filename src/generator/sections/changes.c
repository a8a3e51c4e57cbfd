/* What changed in the API, as doc comments themselves tell: "since", "changed in", "deprecated".
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"

enum {
    VERSIONS_SHOWN = 3,
    ROWS_SHOWN = 120,
    VERSION_PARTS = 4,
    DEPTH_MAX = 4
};

typedef struct change {
    int version[VERSION_PARTS]; /* all 0 = none is given */
    const char *word;           /* "added", "changed", "deprecated" */
    const char *text;
    const docgen_symbol *symbol;
    int place;
} change;

/* "2.2", "v2.2.1", "version 2.2: …", "Thing 2.2"; @return 1 when the text begins with a version */
static int version_read(const char *text, int *version)
{
    const char *p = text + strcspn(text, "0123456789\n");

    if (p - text > 10 || !isdigit((unsigned char)*p) ||
        (p > text && p[-1] != ' ' && (p[-1] != 'v' || p - text > 1)))
        return 0;
    for (int i = 0; i < VERSION_PARTS && isdigit((unsigned char)*p); i++) {
        char *end;
        long part = strtol(p, &end, 10);

        version[i] = part < 100000 ? (int)part : 0;
        p = *end == '.' ? end + 1 : end;
    }
    return 1;
}

static int version_compare(const change *a, const change *b)
{
    for (int i = 0; i < VERSION_PARTS; i++) {
        if (a->version[i] != b->version[i])
            return a->version[i] > b->version[i] ? -1 : 1;
    }
    return 0;
}

static int change_compare(const void *a, const void *b)
{
    const change *x = a;
    const change *y = b;
    int order = version_compare(x, y);

    order = order ? order : strcmp(x->word, y->word);
    return order ? order : x->place - y->place;
}

static void collect(apr_array_header_t *changes, const docgen_symbol *symbol, int depth)
{
    static const char *const kinds[][2] = {
        {"since", "added"}, {"changed", "changed"}, {"deprecated", "deprecated"}};

    if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC || depth > DEPTH_MAX || symbol->inherited_from)
        return;
    for (int i = 0; symbol->doc && i < symbol->doc->fields->nelts; i++) {
        const docgen_doc_field *field = &APR_ARRAY_IDX(symbol->doc->fields, i, docgen_doc_field);

        for (int k = 0; k < 3; k++) {
            change one = {.word = kinds[k][1], .symbol = symbol, .place = changes->nelts};
            int told = !strcmp(field->kind, kinds[k][0]) &&
                       version_read(field->text ? field->text : "", one.version);

            one.text = field->text ? field->text : "";
            if (told || (k == 2 && !strcmp(field->kind, kinds[k][0])))
                APR_ARRAY_PUSH(changes, change) = one;
        }
    }
    for (int i = 0; symbol->members && i < symbol->members->nelts; i++)
        collect(changes, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), depth + 1);
}

static void row_write(docgen_code_page *page, const change *one)
{
    const char *text = docgen_code_line(page->pool, one->text, one->symbol->file->lang);

    docgen_buffer_printf(
        page->out, "| %s | %s | %s |\n", one->word,
        docgen_table_cell(page->pool, docgen_code_symbol_link(page, one->symbol, NULL)),
        docgen_table_cell(page->pool, text));
}

const char *docgen_api_changes(docgen_site *site, apr_pool_t *pool, const char *path)
{
    docgen_code_page page = {.site = site, .pool = pool, .path = path};
    apr_array_header_t *changes = apr_array_make(pool, 64, sizeof(change));
    int versions = 0;
    int rows = 0;

    page.out = docgen_buffer_create(pool);
    for (int i = 0; site->model->modules && i < site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(site->model->modules, i, docgen_module *);

        for (int n = 0; module->visibility == DOCGEN_VISIBLE_PUBLIC && n < module->symbols->nelts;
             n++)
            collect(changes, APR_ARRAY_IDX(module->symbols, n, docgen_symbol *), 0);
    }
    qsort(changes->elts, (size_t)changes->nelts, sizeof(change), change_compare);
    for (int i = 0; i < changes->nelts && rows < ROWS_SHOWN; i++) {
        const change *one = &APR_ARRAY_IDX(changes, i, change);
        const change *last = i ? &APR_ARRAY_IDX(changes, i - 1, change) : NULL;

        if (!last || version_compare(last, one)) {
            if (++versions > VERSIONS_SHOWN && one->version[0] + one->version[1] > 0)
                continue;
            docgen_buffer_puts(page.out, rows ? "\n" : "");
            if (one->version[0] + one->version[1] > 0)
                docgen_buffer_printf(
                    page.out, "### API in %d.%d%s\n\n", one->version[0], one->version[1],
                    one->version[2] ? apr_psprintf(pool, ".%d", one->version[2]) : "");
            else
                docgen_buffer_puts(page.out, "### Deprecated\n\n");
            docgen_buffer_puts(page.out,
                               "| Change | Name | What the source says |\n|---|---|---|\n");
        } else if (versions > VERSIONS_SHOWN && one->version[0] + one->version[1] > 0) {
            continue;
        }
        row_write(&page, one);
        rows++;
    }
    return rows ? page.out->data : NULL;
}
