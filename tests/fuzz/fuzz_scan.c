/* The scanners of all languages but those of a helper program (fuzz_ctags.c); the first byte chooses.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include "generator/analysis/unit.h"
#include "generator/languages/language.h"

static void walk(const apr_array_header_t *symbols, int lines, int depth, const char *text)
{
    for (int i = 0; symbols && i < symbols->nelts; i++) {
        const docgen_symbol *s = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        docgen_fuzz_expect(s->name && s->kind && s->qualified, "a symbol has its names", text);
        docgen_fuzz_expect(s->line >= 1 && s->line <= lines, "a symbol stands in its file", text);
        docgen_fuzz_expect(depth < 200, "members are not nested without a bound", text);
        walk(s->members, lines, depth + 1, text);
    }
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_file *file = apr_pcalloc(pool, sizeof(*file));
    const docgen_source *source;
    const docgen_unit *unit;

    if (length == 0)
        return;
    /* seeds begin with A, B … */
    file->lang = (docgen_lang)(DOCGEN_LANG_NONE + 1 +
                               (unsigned char)(text[0] - 'A') % (DOCGEN_LANG_OTHER - 1));
    file->path = file->raw_path = "src/a.x";
    source = docgen_source_make(pool, pool, file, text + 1, length - 1);
    unit = docgen_scan_declared(source);
    docgen_fuzz_expect(unit != NULL, "there is a unit", text);
    walk(unit->symbols, source->lines, 0, text);
}
