/* The scanners of Python, Go, Rust, JavaScript, TypeScript and of the languages with a grammar; the first byte chooses.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include "generator/analysis/unit.h"
#include "generator/languages/language.h"

typedef struct language {
    docgen_lang lang;
    const char *path;
    docgen_unit *(*scan)(const docgen_source *source);
} language;

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
    static const language languages[] = {
        {DOCGEN_LANG_PYTHON, "a.py", docgen_scan_python},
        {DOCGEN_LANG_GO, "a.go", docgen_scan_go},
        {DOCGEN_LANG_RUST, "a.rs", docgen_scan_rust},
        {DOCGEN_LANG_JAVASCRIPT, "a.js", docgen_scan_script},
        {DOCGEN_LANG_TYPESCRIPT, "a.ts", docgen_scan_script},
    };
    docgen_file *file = apr_pcalloc(pool, sizeof(*file));
    const language *l;
    const docgen_source *source;
    const docgen_unit *unit;
    int chosen;

    if (length == 0)
        return;
    chosen = (unsigned char)(text[0] - 'A') % (DOCGEN_LANG_OTHER + 5); /* seeds begin with A, B … */
    l = &languages[chosen % 5];
    file->path = file->raw_path = l->path;
    file->lang = chosen < 5 ? l->lang : (docgen_lang)(chosen - 5);
    if (!docgen_reader_of(file->lang)->grammar) {
        file->lang = l->lang;
    }
    source = docgen_source_make(pool, pool, file, text + 1, length - 1);
    unit = docgen_reader_of(file->lang)->grammar ? docgen_scan_declared(source) : l->scan(source);
    docgen_fuzz_expect(unit != NULL, "there is a unit", text);
    walk(unit->symbols, source->lines, 0, text);
}
