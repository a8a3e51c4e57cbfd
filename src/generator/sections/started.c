/* Getting started: what the repository itself says about installing, building and first use, word for word and
 * with its source. Only when it says nothing, the ecosystem's convention, named as such.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    PASSAGES_MAX = 8,
    PASSAGE_BYTES = 16 * 1024
};

static const char *const readme_names[] = {"readme", NULL};
static const char *const install_names[] = {"install",         "installing",      "installation",
                                            "building",        "build",           "quickstart",
                                            "getting-started", "getting_started", NULL};

/* Headings under which one finds how to begin. */
static int is_start(const char *title)
{
    static const char *const words[] = {
        "install",     "getting started", "get started",  "quick start", "quickstart",
        "usage",       "prerequisite",    "requirement",  "set up",      "setup",
        "how to use",  "how to run",      "how to build", "compil",      "building",
        "running",     "starting",        "first steps",  "download",    "dependencies",
        "scaffolding", "system req",      "playing with", "in action"};

    if (strcasestr(title, "test")) /* "Running the tests" is for those who change the project */
        return 0;
    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcasestr(title, words[i]))
            return 1;
    }
    return 0;
}

/* Quotes the passages about beginning, with what is below them. @return how many */
static int passages_quote(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                          const docgen_file *file, int all)
{
    const char *markdown = docgen_site_document(site, pool, file);
    apr_array_header_t *passages = markdown ? docgen_passages(pool, markdown) : NULL;
    int quoted = 0;

    for (int i = 0; passages && i < passages->nelts && quoted < PASSAGES_MAX; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
        docgen_buffer *text;
        int last = passage->last;
        int shift = 2 - passage->level;

        /* The project's own title is not a passage about beginning ("Compiler"). */
        if (passage->level == 0 ||
            (passage->level == 1 && i <= 1 && (!all || passages->nelts > 2)) ||
            !(all || is_start(passage->title)))
            continue;
        text = docgen_buffer_create(pool);
        docgen_buffer_printf(text, "%.*s %s\n%s", passage->level, "######", passage->title,
                             passage->body);
        while (i + 1 < passages->nelts &&
               APR_ARRAY_IDX(passages, i + 1, docgen_passage).level > passage->level &&
               text->length < PASSAGE_BYTES) {
            const docgen_passage *below = &APR_ARRAY_IDX(passages, ++i, docgen_passage);

            docgen_buffer_printf(text, "\n%.*s %s\n%s", below->level, "######", below->title,
                                 below->body);
            last = below->last;
        }
        docgen_draft_quote_plain(draft, file, text->data, shift);
        docgen_draft_printf(draft, "\n\nFrom %s\n\n",
                            docgen_passage_source(site, pool, file, passage, last));
        quoted++;
    }
    if (all && quoted == 0 && passages && passages->nelts == 1 &&
        strlen(APR_ARRAY_IDX(passages, 0, docgen_passage).body) < PASSAGE_BYTES) {
        docgen_draft_quote_plain(draft, file, markdown, 0);
        docgen_draft_printf(draft, "\n\nFrom %s\n\n", docgen_site_source(site, pool, file, 0, 0));
        quoted++;
    }
    return quoted;
}

typedef struct convention {
    const char *file;
    const char *text;
} convention;

static const convention conventions[] = {
    {"package.json", "npm install"},
    {"pyproject.toml", "pip install ."},
    {"setup.py", "pip install ."},
    {"Cargo.toml", "cargo build --release"},
    {"go.mod", "go build ./..."},
    {"configure.ac", "./configure && make && make install"},
    {"CMakeLists.txt", "cmake -B build && cmake --build build"},
    {"meson.build", "meson setup build && meson compile -C build"},
    {"Makefile", "make"},
};

static int convention_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    for (apr_size_t i = 0; i < sizeof(conventions) / sizeof(*conventions); i++) {
        const docgen_file *file = docgen_tree_find(site->model->tree, conventions[i].file);

        if (!file)
            continue;
        docgen_draft_printf(draft,
                            "The repository does not say how to begin. By convention, a project "
                            "with %s is built or installed from a checkout with:\n\n"
                            "```sh\n%s\n```\n",
                            docgen_site_source(site, pool, file, 0, 0), conventions[i].text);
        return 1;
    }
    return 0;
}

/* Is this one of the project's guides that promise a beginning? READMEs of inner folders are not. */
static int is_first_guide(apr_pool_t *pool, const docgen_guide *guide)
{
    return !strncmp(guide->page, "guides/", 7) && strcmp(guide->page, "guides/readme") &&
           (docgen_doc_root(pool, guide->file->path) || !strchr(guide->file->path, '/')) &&
           (is_start(guide->title) || strcasestr(guide->title, "tutorial") ||
            strcasestr(guide->title, "introduction"));
}

/* The guide that says it best: installation, then getting started, then what comes first. */
static const docgen_guide *first_guide(docgen_site *site, apr_pool_t *pool)
{
    static const char *const words[] = {"install", "getting started", "quick", ""};

    for (apr_size_t w = 0; w < sizeof(words) / sizeof(*words); w++) {
        for (int i = 0; i < site->guides->nelts; i++) {
            const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

            if (is_first_guide(pool, guide) && strcasestr(guide->title, words[w]))
                return guide;
        }
    }
    return NULL;
}

static int guides_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    int listed = 0;

    for (int i = 0; i < site->guides->nelts && listed < 12; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (!is_first_guide(pool, guide))
            continue;
        if (listed++ == 0)
            docgen_draft_text(draft, "\n## Guides to begin with\n\n");
        docgen_draft_printf(draft, "- [%s](%s)\n", docgen_markdown_escape(pool, guide->title),
                            docgen_site_href(pool, "getting-started", guide->page, NULL));
    }
    return listed;
}

static apr_status_t started_plan(docgen_site *site)
{
    int found = docgen_document_find(site, "", readme_names) != NULL ||
                docgen_document_find(site, "", install_names) != NULL;

    for (apr_size_t i = 0; i < sizeof(conventions) / sizeof(*conventions); i++)
        found |= docgen_tree_find(site->model->tree, conventions[i].file) != NULL;
    if (found)
        docgen_site_reserve(site, "getting-started", "Getting started");
    return APR_SUCCESS;
}

static apr_status_t started_write(docgen_site *site)
{
    const docgen_file *readme = docgen_document_find(site, "", readme_names);
    const docgen_file *install = docgen_document_find(site, "", install_names);
    apr_pool_t *pool;
    docgen_draft *draft;
    int found = 0;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "getting-started", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "getting-started", "Getting started", 100);
    docgen_draft_text(draft, "# Getting started\n\n");
    if (readme)
        found += passages_quote(site, pool, draft, readme, 0);
    if (install && install != readme)
        found += passages_quote(site, pool, draft, install, 1);
    if (!found) {
        const docgen_guide *guide = first_guide(site, pool);

        found += guide ? passages_quote(site, pool, draft, guide->file, 1) : 0;
    }
    found += guides_list(site, pool, draft);
    if (!found && !convention_write(site, pool, draft))
        docgen_draft_text(draft, "The repository does not say how to begin; its README is on the "
                                 "[first page](./).\n");
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    return rv;
}

const docgen_section docgen_section_started = {
    .name = "Getting started",
    .plan = started_plan,
    .write = started_write,
    .looked_for = "installation and usage in the README, an INSTALL file, a build file",
};
