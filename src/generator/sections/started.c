/* Getting started: what the repository itself says about installing, building and first use, word for word and
 * with its source. Only when it says nothing, the ecosystem's convention, named as such.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

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

    if (docgen_speaks_of_tests(title)) /* "Running the tests" is for those who change the project */
        return 0;
    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcasestr(title, words[i]))
            return 1;
    }
    return 0;
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
        found += docgen_passages_quote(site, pool, draft, readme, is_start);
    if (install && install != readme)
        found += docgen_passages_quote(site, pool, draft, install, NULL);
    if (!found) {
        const docgen_guide *guide = first_guide(site, pool);

        found += guide ? docgen_passages_quote(site, pool, draft, guide->file, NULL) : 0;
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
