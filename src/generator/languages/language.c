/* The table of the languages that are read, made of languages.def, and what it is asked for.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/language.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/c/ctags.h"
#include "generator/languages/grammars.h"

static const docgen_reader readers[] = {
#define DOCGEN_LANGUAGE(id, name, fence, grammar, unread, files)                                   \
    [DOCGEN_LANG_##id] = {name, fence, &docgen_grammar_##grammar, unread},
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE
    [DOCGEN_LANG_OTHER] = {"Other", "", NULL, ""},
};

/** Of code in a language that nobody named. */
static const docgen_traits unknown = {
    .marks = DOCGEN_MARK_SLASH,
    .uses = DOCGEN_USE_TYPE_FIRST,
};

const docgen_reader *docgen_reader_of(docgen_lang lang)
{
    return lang > DOCGEN_LANG_NONE && lang < DOCGEN_LANG_OTHER ? &readers[lang]
                                                               : &readers[DOCGEN_LANG_OTHER];
}

const docgen_traits *docgen_traits_of(docgen_lang lang)
{
    const docgen_grammar *grammar = docgen_reader_of(lang)->grammar;

    return grammar ? &grammar->traits : &unknown;
}

docgen_lang docgen_lang_family(docgen_lang lang)
{
    docgen_lang family = docgen_traits_of(lang)->family;

    return family != DOCGEN_LANG_NONE ? family : lang;
}

static int has_word(const char *words, const char *word, apr_size_t length)
{
    for (words = words ? words : ""; *words; words += *words == ' ') {
        apr_size_t n = strcspn(words, " ");

        if (n == length && !strncasecmp(words, word, n)) {
            return 1;
        }
        words += n;
    }
    return 0;
}

docgen_lang docgen_lang_of_fence(const char *word, apr_size_t length)
{
    for (int lang = DOCGEN_LANG_NONE + 1; length && lang < DOCGEN_LANG_OTHER; lang++) {
        if (has_word(readers[lang].fence, word, length)) {
            return (docgen_lang)lang;
        }
    }
    for (int lang = DOCGEN_LANG_NONE + 1; length && lang < DOCGEN_LANG_OTHER; lang++) {
        if (has_word(readers[lang].grammar->traits.fences, word, length)) {
            return (docgen_lang)lang;
        }
    }
    return length && has_word("html json text yaml diff", word, length) ? DOCGEN_LANG_OTHER
                                                                        : DOCGEN_LANG_NONE;
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

docgen_unit *docgen_language_scan(docgen_scanning *scanning, const docgen_source *source)
{
    const docgen_grammar *grammar = docgen_reader_of(source->file->lang)->grammar;

    scanning->failed = NULL;
    return grammar && grammar->read ? grammar->read(scanning, source)
                                    : docgen_scan_declared(source);
}

void docgen_scanning_end(docgen_scanning *scanning)
{
    if (scanning->ctags) {
        docgen_ctags_close(scanning->ctags);
    }
}

const char *docgen_language_variant(apr_pool_t *pool, const docgen_file *file)
{
    const docgen_grammar *grammar = docgen_reader_of(file->lang)->grammar;

    return apr_psprintf(pool, "%d%s", (int)file->lang,
                        grammar && grammar->variant ? grammar->variant(file) : "");
}

void docgen_modules_make(docgen_builder *builder)
{
    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        void (*modules)(docgen_builder *) = readers[lang].grammar->modules;
        int done = 0;

        for (int other = DOCGEN_LANG_NONE + 1; other < lang; other++) { /* C++ with C */
            done |= readers[other].grammar->modules == modules;
        }
        if (modules && !done) {
            modules(builder);
        }
    }
    docgen_modules_declared(builder);
}
