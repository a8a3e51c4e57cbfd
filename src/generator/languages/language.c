/* The table of the languages that are read, made of languages.def.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/language.h"

#include <apr_strings.h>
#include "generator/languages/grammars.h"

#define OWN         NULL
#define DECLARED(x) &docgen_grammar_##x

static const docgen_reader readers[] = {
#define DOCGEN_LANGUAGE(id, name, fence, reading, unread)                                          \
    [DOCGEN_LANG_##id] = {name, fence, reading, unread},
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE
    [DOCGEN_LANG_OTHER] = {"Other", "", NULL, ""},
};

const docgen_reader *docgen_reader_of(docgen_lang lang)
{
    return lang > DOCGEN_LANG_NONE && lang < DOCGEN_LANG_OTHER ? &readers[lang]
                                                               : &readers[DOCGEN_LANG_OTHER];
}

const char *docgen_readers_list(apr_pool_t *pool)
{
    const char *list = "";

    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        const char *join = lang == DOCGEN_LANG_NONE + 1    ? ""
                           : lang == DOCGEN_LANG_OTHER - 1 ? " and "
                                                           : ", ";

        list = apr_pstrcat(pool, list, join, readers[lang].name, NULL);
    }
    return list;
}
