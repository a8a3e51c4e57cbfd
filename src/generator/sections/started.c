/* Getting started: what the repository itself says about installing, building and first use, word for word and
 * with its source. Only when it says nothing, the ecosystem's convention, named as such.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/manifest.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    GUIDE_BYTES = 8 * 1024 /* of a guide that this page quotes; the rest is on its own page */
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

    /* "Running the tests", "Setting up for development" are for those who change the project */
    static const char *const others[] = {"contribut", "develop", "benchmark", "signature", "gpg",
                                         "verif",     "hacking", "upgrad",    "uninstall"};

    if (docgen_speaks_of_tests(title))
        return 0;
    for (apr_size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (strcasestr(title, others[i]))
            return 0;
    }
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
static int is_first_guide(docgen_site *site, apr_pool_t *pool, const docgen_guide *guide)
{
    return !strncmp(guide->page, "guides/", 7) && strcmp(guide->page, "guides/readme") &&
           (docgen_site_doc_root(site, pool, guide->file->path) ||
            !strchr(guide->file->path, '/')) &&
           (is_start(guide->title) || strcasestr(guide->title, "tutorial") ||
            strcasestr(guide->title, "introduction"));
}

/* The first guide whose title or name holds one of the words, in the words' order. */
static const docgen_guide *guide_about(docgen_site *site, apr_pool_t *pool,
                                       const char *const *words)
{
    for (; *words; words++) {
        for (int i = 0; i < site->guides->nelts; i++) {
            const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

            if (!strncmp(guide->page, "guides/", 7) && strcmp(guide->page, "guides/readme") &&
                (docgen_site_doc_root(site, pool, guide->file->path) ||
                 !strchr(guide->file->path, '/')) &&
                (strcasestr(guide->title, *words) ||
                 strcasestr(docgen_basename(guide->file->path), *words)))
                return guide;
        }
    }
    return NULL;
}

/* A guide as a part of this page: whole when it is short, else its beginning, and where to read on. */
static int guide_quote(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                       const docgen_guide *guide)
{
    const char *markdown = docgen_site_document(site, pool, guide->file);
    const char *body = markdown ? docgen_document_body(pool, markdown) : "";
    apr_array_header_t *passages = docgen_passages(pool, body);
    apr_size_t length = 0;

    for (int i = 0; i < passages->nelts; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
        apr_size_t end = passage->text + strlen(passage->body);

        if (end > GUIDE_BYTES && length > 0)
            break;
        length = end;
    }
    if (length == 0 || length > 4 * GUIDE_BYTES)
        return 0;
    docgen_draft_printf(draft, "\n## %s\n\n", docgen_markdown_escape(pool, guide->title));
    docgen_draft_quote_plain(draft, guide->file, apr_pstrndup(pool, body, length), 1);
    docgen_draft_printf(
        draft, "\n\nFrom %s%s\n\n", docgen_site_source(site, pool, guide->file, 0, 0),
        length < strlen(body)
            ? apr_psprintf(pool, "; [read on](%s)",
                           docgen_site_href(pool, "getting-started", guide->page, NULL))
            : "");
    return 1;
}

/* What a document's passages about the beginning say, all together. */
static const char *said_by(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                           int (*wanted)(const char *title))
{
    const char *markdown = file ? docgen_site_document(site, pool, file) : NULL;
    apr_array_header_t *passages = markdown ? docgen_passages(pool, markdown) : NULL;
    docgen_buffer *said = docgen_buffer_create(pool);
    int level = 0;

    for (int i = 0; passages && i < passages->nelts; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);

        if (level && passage->level <= level)
            level = 0;
        if (!level && passage->level && (!wanted || wanted(passage->title)))
            level = passage->level;
        if (level)
            docgen_buffer_printf(said, "%s\n", passage->body);
    }
    return said->length ? said->data : "";
}

/* autoconf's own INSTALL says nothing of the project. */
static int is_boilerplate(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    const char *text = docgen_file_text(site, pool, file->path);

    return text && strstr(text, "Free Software Foundation") &&
           (strstr(text, "Basic Installation") || strstr(text, "`configure' shell script"));
}

/* How users of a package manager get the package that a manifest at the top declares; NULL when it declares none. */
static const char *package_command(docgen_site *site, apr_pool_t *pool, const docgen_manifest *m)
{
    static const char *const forms[][3] = {
        {"npm", "npm install ", ""},      {"Python", "pip install ", ""},
        {"PHP", "composer require ", ""}, {"Ruby", "gem install ", ""},
        {"Rust", "cargo add ", ""},       {"Go", "go get ", ""},
    };
    const docgen_tree *tree = site->model->tree;

    if (!m->name || !*m->name || strchr(m->file->path, '/') || m->is_private)
        return NULL;
    if (!strcmp(m->ecosystem, "Rust") && docgen_tree_find(tree, "src/main.rs") &&
        !docgen_tree_find(tree, "src/lib.rs"))
        return apr_pstrcat(pool, "cargo install ", m->name, NULL);
    if (!strcmp(m->ecosystem, "Go") && docgen_tree_find(tree, "main.go"))
        return apr_pstrcat(pool, "go install ", m->name, "@latest", NULL);
    for (apr_size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        if (!strcmp(m->ecosystem, forms[i][0]))
            return apr_pstrcat(pool, forms[i][1], m->name, NULL);
    }
    return NULL;
}

static int packages_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);
    int written = 0;

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);
        const char *command = package_command(site, pool, m);

        if (!command)
            continue;
        docgen_draft_printf(draft,
                            "%sBy convention, the package that %s declares is installed with:\n\n"
                            "```sh\n%s\n```\n\n",
                            written++ ? "" : "\n## Install\n\n",
                            docgen_site_source(site, pool, m->file, 0, 0), command);
    }
    return written;
}

static int guides_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    int listed = 0;

    for (int i = 0; i < site->guides->nelts && listed < 12; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (!is_first_guide(site, pool, guide))
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
    static const char *const installs[] = {"install", NULL};
    static const char *const begins[] = {
        "quickstart",      "quick start",     "quick-start", "getting started",
        "getting-started", "getting_started", "first steps", "basic usage",
        "tutorial",        "introduction",    NULL};
    const char *said;
    apr_pool_t *pool;
    docgen_draft *draft;
    int found = 0;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "getting-started", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "getting-started", "Getting started", 100);
    docgen_draft_text(draft, "# Getting started\n\n");
    if (install && (install == readme || is_boilerplate(site, pool, install)))
        install = NULL;
    said = apr_pstrcat(pool, said_by(site, pool, readme, is_start),
                       install ? said_by(site, pool, install, NULL) : "", NULL);
    if (!docgen_says_how_to_install(said)) {
        const docgen_guide *guide = guide_about(site, pool, installs);

        found +=
            guide && guide_quote(site, pool, draft, guide) ? 1 : packages_write(site, pool, draft);
    }
    if (readme)
        found += docgen_passages_quote(site, pool, draft, readme, is_start);
    if (install)
        found += docgen_passages_quote(site, pool, draft, install, NULL);
    if (!docgen_example_end(said)) {
        const docgen_guide *guide = guide_about(site, pool, begins);

        found += guide ? guide_quote(site, pool, draft, guide) : 0;
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
