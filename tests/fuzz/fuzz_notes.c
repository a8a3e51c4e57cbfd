/* The reader of what earlier runs noted of a file: a unit that was written and then damaged. The first byte says how many
 * edits of three bytes follow (place in two, value in one), the next one the language, the rest is a source text.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/analysis/unit_form.h"
#include "generator/languages/language.h"

static void walk(const apr_array_header_t *symbols, int depth, const char *text)
{
    for (int i = 0; symbols && i < symbols->nelts; i++) {
        const docgen_symbol *s = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        docgen_fuzz_expect(s->name && s->kind && s->qualified, "a symbol has its names", text);
        docgen_fuzz_expect(depth < 200, "members are not nested without a bound", text);
        for (const docgen_symbol *p = s->parent; p; p = p->parent)
            docgen_fuzz_expect(p != s, "nothing is its own parent", text);
        walk(s->members, depth + 1, text);
        walk(s->overloads, depth + 1, text);
    }
}

static docgen_unit *scan(apr_pool_t *pool, docgen_file *file, char language, const char *text,
                         apr_size_t length)
{
    const docgen_source *source;

    file->lang = language % 3 == 0
                     ? DOCGEN_LANG_PYTHON
                     : (language % 3 == 1 ? DOCGEN_LANG_RUST : DOCGEN_LANG_TYPESCRIPT);
    source = docgen_source_make(pool, pool, file, text, length);
    return docgen_scan_declared(source);
}

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_buffer *form = docgen_buffer_create(pool), *again = docgen_buffer_create(pool);
    docgen_file file = {.path = "a", .raw_path = "a"};
    apr_size_t edits = length ? (unsigned char)text[0] % 8 : 0, start = 2 + edits * 3;
    docgen_unit *unit;

    unit = docgen_unit_read(pool, &file, text, length); /* as it is */
    if (unit)
        walk(unit->symbols, 0, text);
    if (length <= start ||
        !docgen_unit_write(form, scan(pool, &file, text[start - 1], text + start, length - start)))
        return;
    for (apr_size_t i = 0; i < edits; i++) {
        const unsigned char *edit = (const unsigned char *)text + 1 + i * 3;

        form->data[(edit[0] * 256u + edit[1]) % form->length] = (char)edit[2];
    }
    unit = docgen_unit_read(pool, &file, form->data, form->length);
    docgen_fuzz_expect(unit || edits, "what was written can be read", text);
    if (unit) {
        walk(unit->symbols, 0, text);
        docgen_fuzz_expect(docgen_unit_write(again, unit), "what was read can be written", text);
        docgen_fuzz_expect(edits || (again->length == form->length &&
                                     !memcmp(again->data, form->data, form->length)),
                           "and it is the same", text);
    }
    docgen_buffer_free(form);
    docgen_buffer_free(again);
}
