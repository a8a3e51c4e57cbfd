/* How the project is tested: the commands it declares, where the tests are, what runs them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/commands.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    FOLDERS_MAX = 60,
    COMMANDS_MAX = 60
};

/* Is one of a text's words about testing? Words are whole: "checkout" and "latest" are none. */
static int is_test_word(const char *text)
{
    static const char *const words[] = {
        "test",      "tests",    "testing",   "check",     "checks",      "coverage", "bench",
        "benchmark", "lint",     "fuzz",      "unittest",  "unittests",   "pytest",   "doctest",
        "doctests",  "selftest", "distcheck", "typecheck", "installcheck"};

    while (*text) {
        apr_size_t length = 0;

        while (isalpha((unsigned char)text[length]))
            length++;
        for (apr_size_t i = 0; length && i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == length && !strncasecmp(text, words[i], length))
                return 1;
        }
        text += length ? length : 1;
    }
    return 0;
}

static void command_write(docgen_draft *draft, apr_pool_t *pool, int *count, const char *command,
                          const char *about, const char *source)
{
    if (*count == 0)
        docgen_draft_text(draft, "\n## Commands\n\n| Command | What it does | Source |\n"
                                 "|---|---|---|\n");
    if (++*count <= COMMANDS_MAX)
        docgen_draft_printf(draft, "| %s | %s | %s |\n",
                            docgen_table_cell(pool, docgen_markdown_code(pool, command)),
                            docgen_table_cell(pool, about), source);
}

/* @return how many commands the repository declares */
static int commands_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);
    apr_array_header_t *targets = docgen_targets(site, pool);
    int count = 0;

    for (int i = 0; i < targets->nelts; i++) {
        const docgen_target *t = &APR_ARRAY_IDX(targets, i, docgen_target);
        const char *directory = docgen_dirname(pool, t->file->path);

        if (is_test_word(t->name) && !strchr(t->name, '.') && !strchr(t->name, '/'))
            command_write(draft, pool, &count,
                          *directory ? apr_psprintf(pool, "make -C %s %s", directory, t->name)
                                     : apr_psprintf(pool, "make %s", t->name),
                          docgen_markdown_escape(pool, t->comment),
                          docgen_site_source(site, pool, t->file, t->line, t->line));
    }
    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        for (int s = 0; strcmp(m->ecosystem, "Python") && s < m->scripts->nelts; s++) {
            const docgen_entry *e = &APR_ARRAY_IDX(m->scripts, s, docgen_entry);

            if (is_test_word(e->name))
                command_write(draft, pool, &count, docgen_script_command(pool, m, e),
                              docgen_markdown_code(pool, e->value),
                              docgen_site_source(site, pool, m->file, e->line, e->line));
        }
    }
    return count;
}

typedef struct folder {
    const char *name;
    int files;
    int lines;
} folder;

/* The folder that holds tests: up to and with the part named so, else the file's own. */
static const char *folder_of(apr_pool_t *pool, const char *path)
{
    for (const char *at = path; strchr(at, '/'); at = strchr(at, '/') + 1) {
        apr_size_t length = strcspn(at, "/");

        if (strcasestr(apr_pstrndup(pool, at, length), "test") || !strncasecmp(at, "spec", 4) ||
            !strncasecmp(at, "e2e/", 4))
            return apr_pstrndup(pool, path, (apr_size_t)(at - path) + length);
    }
    return docgen_dirname(pool, path);
}

static int folder_compare(const void *a, const void *b)
{
    const folder *left = a;
    const folder *right = b;

    if (left->files != right->files)
        return right->files - left->files;
    return strcmp(left->name, right->name);
}

/* @return how many test files there are */
static int folders_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *folders = apr_array_make(pool, 16, sizeof(folder));
    apr_hash_t *by_name = apr_hash_make(pool);
    int all = 0;
    apr_uint64_t test_lines = 0;
    apr_uint64_t code_lines = 0;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name;
        int *index;

        if (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED))
            continue;
        if (!(file->flags & DOCGEN_FILE_TEST)) {
            code_lines += (apr_uint64_t)(file->lang != DOCGEN_LANG_NONE ? file->code_lines : 0);
            continue;
        }
        all++;
        test_lines += (apr_uint64_t)(file->lang != DOCGEN_LANG_NONE ? file->code_lines : 0);
        name = folder_of(pool, file->path);
        index = apr_hash_get(by_name, name, APR_HASH_KEY_STRING);
        if (!index) {
            index = apr_palloc(pool, sizeof(*index));
            *index = folders->nelts;
            apr_hash_set(by_name, name, APR_HASH_KEY_STRING, index);
            memset(apr_array_push(folders), 0, sizeof(folder));
            APR_ARRAY_IDX(folders, *index, folder).name = name;
        }
        APR_ARRAY_IDX(folders, *index, folder).files++;
        APR_ARRAY_IDX(folders, *index, folder).lines += file->code_lines;
    }
    if (all == 0)
        return 0;
    qsort(folders->elts, (size_t)folders->nelts, sizeof(folder), folder_compare);
    docgen_draft_printf(
        draft,
        "\n## Where the tests are\n\n%s files with %s lines of test code, beside %s "
        "lines of other code.\n\n| Folder | Files | Lines of code |\n|---|--:|--:|\n",
        docgen_number(pool, (apr_uint64_t)all), docgen_number(pool, test_lines),
        docgen_number(pool, code_lines));
    for (int i = 0; i < folders->nelts && i < FOLDERS_MAX; i++) {
        const folder *f = &APR_ARRAY_IDX(folders, i, folder);

        docgen_draft_printf(
            draft, "| %s | %d | %d |\n",
            docgen_table_cell(pool, *f->name ? docgen_markdown_code(pool, f->name) : "(top)"),
            f->files, f->lines);
    }
    return all;
}

/* Tools that a manifest names. */
static int tools_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    static const char *const tools[] = {"pytest",     "tox",
                                        "nox",        "hypothesis",
                                        "coverage",   "jest",
                                        "vitest",     "mocha",
                                        "chai",       "ava",
                                        "jasmine",    "cypress",
                                        "playwright", "@playwright/test",
                                        "supertest",  "nyc",
                                        "c8",         "sinon",
                                        "karma",      "tap",
                                        "testify",    "ginkgo",
                                        "gomega",     "criterion",
                                        "proptest",   "quickcheck",
                                        "rstest",     "insta",
                                        "gtest",      "Catch2",
                                        "cmocka",     "check",
                                        "phpunit",    "playwright-chromium"};
    apr_array_header_t *manifests = docgen_site_manifests(site);
    int count = 0;

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        for (int d = 0; d < m->dependencies->nelts; d++) {
            const docgen_entry *e = &APR_ARRAY_IDX(m->dependencies, d, docgen_entry);
            const char *base = strrchr(e->name, '/') ? strrchr(e->name, '/') + 1 : e->name;

            for (apr_size_t t = 0; t < sizeof(tools) / sizeof(*tools); t++) {
                if (strcmp(e->name, tools[t]) && strcmp(base, tools[t]))
                    continue;
                if (count++ == 0)
                    docgen_draft_text(draft, "\n## Test tools\n\n");
                docgen_draft_printf(draft, "- %s%s%s (%s)\n", docgen_markdown_code(pool, e->name),
                                    *e->value ? " " : "", docgen_markdown_code(pool, e->value),
                                    docgen_site_source(site, pool, m->file, e->line, e->line));
                break;
            }
        }
    }
    return count;
}

/* Jobs of the CI that test. */
static int jobs_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *jobs = docgen_ci_jobs(site, pool);
    int count = 0;

    for (int i = 0; i < jobs->nelts && count < 30; i++) {
        const docgen_job_entry *job = &APR_ARRAY_IDX(jobs, i, docgen_job_entry);
        int tests = is_test_word(job->name) || is_test_word(job->workflow);

        for (int s = 0; s < job->steps->nelts && !tests; s++)
            tests = is_test_word(APR_ARRAY_IDX(job->steps, s, const char *)) != 0;
        if (!tests || job->steps->nelts == 0)
            continue;
        if (count++ == 0)
            docgen_draft_text(draft, "\n## What the CI runs\n");
        docgen_draft_printf(draft, "\n### %s: %s\n\n", docgen_markdown_escape(pool, job->workflow),
                            docgen_markdown_escape(pool, job->name));
        if (*job->runs_on)
            docgen_draft_printf(draft, "On %s. ", docgen_markdown_code(pool, job->runs_on));
        docgen_draft_printf(draft, "From %s\n\n~~~~~~~~~~sh\n",
                            docgen_site_source(site, pool, job->file, 0, 0));
        for (int s = 0; s < job->steps->nelts; s++)
            docgen_draft_printf(
                draft, "%s\n", docgen_text_fence(pool, APR_ARRAY_IDX(job->steps, s, const char *)));
        docgen_draft_text(draft, "~~~~~~~~~~\n");
    }
    return count;
}

static const struct {
    const char *file;
    const char *command;
} conventions[] = {
    {"Cargo.toml", "cargo test"},    {"go.mod", "go test ./..."}, {"tox.ini", "tox"},
    {"noxfile.py", "nox"},           {"pytest.ini", "pytest"},    {"conftest.py", "pytest"},
    {"tests/conftest.py", "pytest"},
};

static int convention_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    for (apr_size_t i = 0; i < sizeof(conventions) / sizeof(*conventions); i++) {
        const docgen_file *file = docgen_tree_find(site->model->tree, conventions[i].file);

        if (!file)
            continue;
        docgen_draft_printf(draft,
                            "\n## By convention\n\nA project with %s is tested with:\n\n"
                            "```sh\n%s\n```\n",
                            docgen_site_source(site, pool, file, 0, 0), conventions[i].command);
        return 1;
    }
    return 0;
}

/* What the README and the rules for contributors say about running the tests. @return how many passages */
static int words_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    static const char *const names[][2] = {
        {"readme", NULL}, {"contributing", NULL}, {"testing", NULL}, {"hacking", NULL}};
    static const char *const folders[] = {"", ".github", "docs"};
    int quoted = 0;

    for (apr_size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
        /* docs/testing is about what users of the project test. */
        for (apr_size_t f = 0; f < (n < 2 ? sizeof(folders) / sizeof(*folders) : 1); f++) {
            const docgen_file *file = docgen_document_find(site, folders[f], names[n]);

            if (!file)
                continue;
            quoted += docgen_passages_quote(site, pool, draft, file, docgen_speaks_of_tests);
            break;
        }
    }
    return quoted;
}

static apr_status_t testing_plan(docgen_site *site)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_pool_t *pool;
    int found = 0;

    for (int i = 0; i < files->nelts && !found; i++)
        found = (APR_ARRAY_IDX(files, i, docgen_file *)->flags &
                 (DOCGEN_FILE_TEST | DOCGEN_FILE_VENDORED)) == DOCGEN_FILE_TEST;
    apr_pool_create(&pool, site->pool);
    if (!found) {
        apr_array_header_t *targets = docgen_targets(site, pool);

        for (int i = 0; i < targets->nelts; i++)
            found |= !strcmp(APR_ARRAY_IDX(targets, i, docgen_target).name, "test") ||
                     !strcmp(APR_ARRAY_IDX(targets, i, docgen_target).name, "check");
    }
    apr_pool_destroy(pool);
    if (found)
        docgen_site_reserve(site, "testing", "Testing");
    return APR_SUCCESS;
}

static apr_status_t testing_write(docgen_site *site)
{
    apr_pool_t *pool;
    docgen_draft *draft;
    int quoted;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "testing", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "testing", "Testing", 3200);
    docgen_draft_text(draft, "# Testing\n\nHow the project is tested, as the repository declares "
                             "it.\n");
    quoted = words_write(site, pool, draft);
    if (commands_write(site, pool, draft) == 0 && quoted == 0)
        convention_write(site, pool, draft);
    tools_write(site, pool, draft);
    folders_write(site, pool, draft);
    jobs_write(site, pool, draft);
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    return rv;
}

const docgen_section docgen_section_testing = {
    .name = "Testing",
    .plan = testing_plan,
    .write = testing_write,
    .looked_for = "test code, test targets of "
                  "Makefiles and manifests",
};
