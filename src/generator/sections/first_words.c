/* What a README says first of its folder.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/sections/prose.h"

enum {
    WORDS_MIN = 40, /* bytes of a sentence that is enough by itself */
    WORDS_MAX = 240
};

/* A paragraph as one plain line; a long one ends with a sentence when it can. */
static const char *joined(apr_pool_t *pool, const char *text, apr_size_t length)
{
    char *line = apr_pstrmemdup(pool, text, length);
    const char *plain, *end = NULL;

    for (char *p = line; *p; p++) {
        *p = *p == '\n' ? ' ' : *p;
    }
    plain = docgen_plain_text(pool, line);
    if (strlen(plain) <= WORDS_MAX)
        return plain;
    for (const char *p = plain + WORDS_MIN; p < plain + WORDS_MAX; p++) {
        if (*p == ' ' && strchr(".!?", p[-1]))
            end = p;
    }
    return end ? apr_pstrmemdup(pool, plain, (apr_size_t)(end - plain))
               : docgen_text_shorten(pool, plain, WORDS_MAX);
}

/* Does a line of a README say nothing of the folder: a heading, list, table, image or badge, or whose it is? */
static int is_decoration(const char *line, apr_size_t length)
{
    static const char *const notices[] = {"copyright",      "(c) ",           "©",
                                          "licensed under", "released under", "all rights reserved",
                                          "spdx-"};
    const char *word = line + strspn(line, " \t*_>");

    if (length <= 20 || strchr("[!<#|`-*:>=", *line)) {
        return 1;
    }
    for (unsigned i = 0; i < sizeof(notices) / sizeof(*notices); i++) {
        if (!strncasecmp(word, notices[i], strlen(notices[i]))) {
            return 1;
        }
    }
    return 0;
}

/* Is a passage where a README says what the folder is: at its beginning, or below a heading that promises it? */
static int is_introduction(const docgen_passage *passage, int number)
{
    static const char *const titles[] = {"about",       "overview", "introduction",
                                         "description", "purpose",  "what "};

    for (unsigned i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
        if (strcasestr(passage->title, titles[i])) {
            return 1;
        }
    }
    return number <= 1; /* before the first heading, and below it */
}

/* The first paragraph of a passage that says something, or NULL. */
static const char *paragraph(apr_pool_t *pool, const docgen_passage *passage)
{
    for (const char *p = passage->body; *p;) {
        apr_size_t length = strcspn(p, "\n");

        if (!is_decoration(p, length)) {
            const char *stop = strstr(p, "\n\n");

            return joined(pool, p, stop ? (apr_size_t)(stop - p) : strlen(p));
        }
        p += length + (p[length] == '\n');
    }
    return NULL;
}

const char *docgen_readme_words(docgen_site *site, apr_pool_t *pool, const char *directory)
{
    static const char *const names[] = {"readme", NULL};
    const docgen_file *readme = docgen_document_find(site, directory, names);
    const char *markdown = readme ? docgen_site_document(site, pool, readme) : NULL;
    const apr_array_header_t *passages =
        markdown ? docgen_passages(pool, docgen_plain_beginning(pool, markdown)) : NULL;
    const char *words = NULL;

    for (int i = 0; passages && !words && i < passages->nelts && i < 3; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);

        if (is_introduction(passage, i))
            words = paragraph(pool, passage);
    }
    return words;
}
