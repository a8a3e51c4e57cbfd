/* What the repository is in a few words, for lists of repositories and the heads of their pages.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/identity.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/manifest.h"
#include "generator/sections/prose.h"

enum {
    LANGUAGES = 12,
    OWNERS = 20
};

/* A name that the forges' owner files have: "@user" or "@organisation/team". Addresses are not published. */
static int is_owner(const char *word)
{
    return *word == '@' && word[1] && !strchr(word + 1, '@');
}

static void owner_add(apr_array_header_t *owners, const char *name)
{
    for (int i = 0; i < owners->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(owners, i, const char *), name))
            return;
    }
    if (owners->nelts < OWNERS)
        APR_ARRAY_PUSH(owners, const char *) = name;
}

/* Who owns everything that no later line gives to somebody else: the rule "*". */
static apr_array_header_t *owners_read(docgen_site *site, apr_pool_t *pool)
{
    static const char *const places[] = {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS",
                                         ".gitlab/CODEOWNERS"};
    apr_array_header_t *owners = apr_array_make(pool, 4, sizeof(const char *));
    const char *text = NULL;
    char *rest;

    for (apr_size_t i = 0; !text && i < sizeof(places) / sizeof(*places); i++)
        text = docgen_file_text(site, pool, places[i]);
    rest = text ? apr_pstrdup(pool, text) : NULL;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        char *word = apr_strtok(line, " \t\r", &line);

        if (!word || strcmp(word, "*"))
            continue;
        apr_array_clear(owners); /* the last rule that matches holds */
        while ((word = apr_strtok(NULL, " \t\r", &line)) && *word != '#') {
            if (is_owner(word))
                owner_add(owners, word);
        }
    }
    return owners;
}

const char *docgen_site_description(docgen_site *site)
{
    const char *text = site->model->facts->description;
    const apr_array_header_t *manifests = docgen_site_manifests(site);

    for (int i = 0; (!text || !*text) && i < manifests->nelts; i++) {
        const docgen_manifest *manifest = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (!strchr(manifest->file->path, '/'))
            text = manifest->description;
    }
    return text && *text ? text : NULL;
}

static const char *description_find(docgen_site *site, apr_pool_t *pool)
{
    const char *text = docgen_site_description(site);

    return text ? docgen_plain_text(pool, text) : docgen_readme_words(site, pool, "");
}

static const char *homepage_find(const docgen_facts *facts)
{
    const char *homepage = facts->homepage;

    return homepage &&
                   (!strncasecmp(homepage, "https://", 8) || !strncasecmp(homepage, "http://", 7))
               ? homepage
               : NULL;
}

static int by_lines(const void *a, const void *b)
{
    const docgen_page_language *x = a, *y = b;

    return x->lines != y->lines ? (x->lines < y->lines ? 1 : -1) : strcmp(x->name, y->name);
}

static int is_counted(const docgen_file *file, int is_code)
{
    unsigned foreign = DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED;

    if (!file->language || file->code_lines == 0)
        return 0;
    if (is_code && docgen_language_is_data(file->language))
        return 0;
    return !(file->flags & (is_code ? foreign | DOCGEN_FILE_DOCUMENT : foreign));
}

apr_array_header_t *docgen_languages_count(const docgen_site *site, apr_pool_t *pool, int is_code)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *languages = apr_array_make(pool, 16, sizeof(docgen_page_language));

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        docgen_page_language *language = NULL;

        if (!is_counted(file, is_code))
            continue;
        for (int j = 0; j < languages->nelts && !language; j++) {
            if (!strcmp(APR_ARRAY_IDX(languages, j, docgen_page_language).name, file->language))
                language = &APR_ARRAY_IDX(languages, j, docgen_page_language);
        }
        if (!language) {
            language = apr_array_push(languages);
            *language = (docgen_page_language){.name = file->language};
        }
        language->lines += file->code_lines;
        language->files++;
    }
    qsort(languages->elts, (size_t)languages->nelts, sizeof(docgen_page_language), by_lines);
    return languages;
}

/* The forge's word, else what the licence's own text is, else what the manifest at the top states. */
static const char *licence_find(docgen_site *site, apr_pool_t *pool)
{
    static const char *const names[] = {"license", "licence", "copying", "unlicense", NULL};
    const apr_array_header_t *manifests = docgen_site_manifests(site);
    const docgen_file *file = docgen_document_find(site, "", names);
    const char *licence = site->model->facts->licence;
    const char *text = NULL;

    if (!licence && file && (text = docgen_file_text(site, pool, file->path)))
        licence = docgen_licence_name(pool, text);
    for (int i = 0; !licence && i < manifests->nelts; i++) {
        const docgen_manifest *manifest = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        if (!strchr(manifest->file->path, '/') && manifest->licence && *manifest->licence)
            licence = manifest->licence;
    }
    return licence;
}

apr_status_t docgen_identity_send(docgen_site *site)
{
    docgen_page_facts facts = {.homepage = homepage_find(site->model->facts)};
    apr_pool_t *pool;
    apr_status_t rv;

    apr_pool_create(&pool, site->pool);
    facts.description = description_find(site, pool);
    facts.licence = licence_find(site, pool);
    facts.languages = docgen_languages_count(site, pool, 1);
    if (facts.languages->nelts > LANGUAGES)
        facts.languages->nelts = LANGUAGES;
    facts.owners = owners_read(site, pool);
    rv = docgen_output_facts(site->output, &facts);
    apr_pool_destroy(pool);
    return rv;
}
