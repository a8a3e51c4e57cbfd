/* The searches for what a repository declares to its users, over any text in any language.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include "generator/sections/interfaces.h"

void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_file file = {.path = "x.c", .raw_path = "x.c"};
    docgen_search search = {.pool = pool, .scratch = pool, .limit = 200, .file = &file};

    if (strlen(text) != length) {
        return; /* such a file is never searched */
    }
    search.found = apr_array_make(pool, 16, sizeof(docgen_declared));
    for (int lang = DOCGEN_LANG_C; lang <= DOCGEN_LANG_RUST; lang++) {
        file.lang = (docgen_lang)lang;
        search.text = text;
        search.length = length;
        docgen_search_options(&search);
        docgen_search_macros(&search);
        search.text = docgen_search_mask(&search);
        docgen_search_variables(&search);
        docgen_search_routes(&search);
    }
    search.text = text;
    docgen_search_configure(&search);
    docgen_search_meson(&search);
    docgen_search_sample(&search);
    docgen_search_commands(&search);
    docgen_search_manual(&search);
    file.path = "x.sql";
    docgen_search_schema(&search);
    file.path = "x.proto";
    docgen_search_schema(&search);
    for (int i = 0; i < search.found->nelts; i++) {
        const docgen_declared *d = &APR_ARRAY_IDX(search.found, i, docgen_declared);

        docgen_fuzz_expect(d->name && *d->name && d->line > 0,
                           "a declaration has its name and line", text);
    }
}
