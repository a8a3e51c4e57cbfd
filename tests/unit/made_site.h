/* Whole sites in tests: the real docgen-generate over a repository that a test made, its pages, and the crawler that
 * looks for what is broken in them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_MADE_SITE_H
#define DOCGEN_TESTS_UNIT_MADE_SITE_H

#include "unit/made.h"

/** One run of docgen-generate. */
typedef struct made_site {
    const char *dir;     /**< the site's folder */
    const char *git_dir; /**< the repository, or NULL */
    const char *errors;  /**< what it said */
    int exit_code;
} made_site;

/** Runs the generator on the repository `git_dir` and writes the site NAME below the test's directory. */
static inline made_site made_site_run(const char *git_dir, const char *name)
{
    made_site site = {.dir = made_path(name), .git_dir = git_dir};
    const char *argv[] = {made_generator(), "--repository", git_dir,   "--output",
                          site.dir,         "--work-dir",   NULL,      "--title",
                          "Fixture",        "--id",         "fixture", NULL};
    docgen_run run = {.argv = argv, .timeout = apr_time_from_sec(300)};
    docgen_run_result result;

    argv[6] = made_path("work");
    docgen_run_program(made_here.pool, &run, &result);
    site.errors = result.errors;
    site.exit_code = result.exit_code;
    return site;
}

/** The same; the test fails when the generator does. */
static inline made_site made_site_of(const char *git_dir)
{
    made_site site = made_site_run(git_dir, "site");

    cr_assert_eq(site.exit_code, 0, "docgen-generate: %s", site.errors);
    return site;
}

/** A file of the site, or NULL. */
static inline const char *made_site_page(const made_site *site, const char *path)
{
    FILE *file = fopen(apr_pstrcat(made_here.pool, site->dir, "/", path, NULL), "rb");
    docgen_buffer *text;
    char piece[65536];
    size_t n;

    if (!file) {
        return NULL;
    }
    text = docgen_buffer_create(made_here.pool);
    while ((n = fread(piece, 1, sizeof(piece), file)) > 0) {
        docgen_buffer_append(text, piece, n);
    }
    fclose(file);
    docgen_buffer_puts(text, "");
    return text->data ? text->data : "";
}

/** A page must hold a text. */
static inline void made_site_has(const made_site *site, const char *path, const char *part)
{
    const char *text = made_site_page(site, path);

    cr_assert_not_null(text, "there is no %s", path);
    cr_assert_not_null(strstr(text, part), "%s lacks\n%s\nin\n%s", path, part, text);
}

static inline void made_site_lacks(const made_site *site, const char *path, const char *part)
{
    const char *text = made_site_page(site, path);

    cr_assert_not_null(text, "there is no %s", path);
    cr_assert_null(strstr(text, part), "%s has\n%s", path, part);
}

/** Does any page say it? */
static inline int made_site_says(const made_site *site, const char *part)
{
    const char *argv[] = {"grep", "-rqF", "--include=*.md", "--", part, site->dir, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    return docgen_run_program(made_here.pool, &run, &result) == APR_SUCCESS;
}

/** A tool of tests/tools: the tests' programs are in BUILD/unit, and BUILD is at the top. */
static inline const char *made_tool(const char *name)
{
    char *top = apr_pstrdup(made_here.pool, made_generator());

    *strrchr(top, '/') = '\0';
    *strrchr(top, '/') = '\0';
    return apr_pstrcat(made_here.pool, top, "/tests/tools/", name, NULL);
}

/** No dead link, no raw directive, no harmful link, no page that is too large, no source reference whose lines lack the
 * name. */
static inline void made_site_crawl(const made_site *site)
{
    const char *argv[] = {made_tool("crawl"), site->dir, site->git_dir ? "--source" : NULL,
                          site->git_dir, NULL};
    docgen_run run = {.argv = argv, .timeout = apr_time_from_sec(300)};
    docgen_run_result result;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "crawl: %s%s",
                 result.output, result.errors);
}

#endif
