/* What users of a project can name (tests/cases/surface) and what readers ask (tests/cases/reader), on small
 * repositories: NAME/input is committed, documented by the real docgen-generate, and its pages must be as NAME/expected
 * says, a rule a line:
 *
 *     PAGE has TEXT      the Markdown of PAGE holds TEXT ("\n" is a line's end)
 *     PAGE lacks TEXT    it does not
 *     PAGE none          there is no such page
 *     PAGE.html has …    the same of its HTML
 *
 * A PAGE that ends in ".html" is looked at as it is.
 *
 * A symbolic link of the input is committed as one. SURFACE=NAME runs one of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_file_info.h>
#include "unit/made_site.h"

TestSuite(surface, .init = made_setup, .fini = made_teardown, .timeout = 120);

/** A file of the test's own tree. */
static char *file_text(const char *path, apr_size_t *length)
{
    docgen_buffer *text = docgen_buffer_create(made_here.pool);
    FILE *file = fopen(path, "rb");
    char piece[65536];
    size_t n;

    cr_assert_not_null(file, "%s", path);
    while ((n = fread(piece, 1, sizeof(piece), file)) > 0) {
        docgen_buffer_append(text, piece, n);
    }
    fclose(file);
    *length = text->length;
    docgen_buffer_puts(text, "");
    return text->data ? text->data : "";
}

/** Adds every file below `root` to the commit begun. */
static void commit_folder(const char *root)
{
    const char *argv[] = {
        "sh", "-c", "cd \"$1\" && find . -type f -o -type l | LC_ALL=C sort | cut -c3-",
        "sh", root, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;
    char *last = NULL;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s", root);
    for (char *path = apr_strtok(apr_pstrdup(made_here.pool, result.output), "\n", &last); path;
         path = apr_strtok(NULL, "\n", &last)) {
        const char *full = apr_pstrcat(made_here.pool, root, "/", path, NULL), *text;
        char target[1024];
        ssize_t linked = readlink(full, target, sizeof(target));
        apr_size_t length;

        if (linked > 0) {
            made_bytes("120000", path, target, (apr_size_t)linked);
        } else {
            text = file_text(full, &length);
            made_bytes("100644", path, text, length);
        }
    }
}

/** The rule's text with "\n" as line ends. */
static const char *unescape(const char *text)
{
    char *out = apr_pstrdup(made_here.pool, text), *o = out;

    for (const char *p = text; *p; p++) {
        if (p[0] == '\\' && p[1] == 'n') {
            *o++ = '\n';
            p++;
        } else {
            *o++ = *p;
        }
    }
    *o = '\0';
    return out;
}

static void rule_check(const made_site *site, const char *name, char *rule)
{
    char *space = strchr(rule, ' '), *text;
    const char *page, *part;

    cr_assert_not_null(space, "%s: %s", name, rule);
    *space++ = '\0';
    page = made_site_page(
        site, strstr(rule, ".html") ? rule : apr_pstrcat(made_here.pool, rule, ".md", NULL));
    if (!strcmp(space, "none")) {
        cr_expect_null(page, "%s: there is a page %s", name, rule);
        return;
    }
    text = strchr(space, ' ');
    cr_assert_not_null(text, "%s: %s %s", name, rule, space);
    *text++ = '\0';
    part = unescape(text);
    cr_expect_not_null(page, "%s: there is no page %s", name, rule);
    if (page && !strcmp(space, "has")) {
        cr_expect_not_null(strstr(page, part), "%s: %s lacks\n%s\nin\n%s", name, rule, part, page);
    } else if (page) {
        cr_assert_str_eq(space, "lacks");
        cr_expect_null(strstr(page, part), "%s: %s has\n%s\nin\n%s", name, rule, part, page);
    }
}

static void case_check(const char *cases, const char *name)
{
    const char *at = apr_pstrcat(made_here.pool, made_tool(cases), name, NULL);
    char *expected, *last = NULL;
    apr_size_t length;
    made_site site;

    made_begin("All of it");
    commit_folder(apr_pstrcat(made_here.pool, at, "/input", NULL));
    site = made_site_run(made_end(apr_pstrcat(made_here.pool, name, ".git", NULL)), name);
    cr_assert_eq(site.exit_code, 0, "%s: %s", name, site.errors);
    made_site_crawl(&site);
    expected = file_text(apr_pstrcat(made_here.pool, at, "/expected", NULL), &length);
    cr_assert(length > 0, "%s expects nothing", name);
    for (char *rule = apr_strtok(expected, "\n", &last); rule;
         rule = apr_strtok(NULL, "\n", &last)) {
        rule_check(&site, name, rule);
    }
}

static void cases_check(const char *cases)
{
    apr_finfo_t info;
    apr_dir_t *dir;
    int count = 0;

    cr_assert_eq(apr_dir_open(&dir, made_tool(cases), made_here.pool), APR_SUCCESS);
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (*info.name != '.' && (!getenv("SURFACE") || !strcmp(getenv("SURFACE"), info.name))) {
            case_check(cases, apr_pstrdup(made_here.pool, info.name));
            count++;
        }
    }
    apr_dir_close(dir);
    cr_assert(count > 0 || getenv("SURFACE"));
}

Test(surface, pages)
{
    cases_check("../cases/surface/");
}

Test(surface, answers)
{
    cases_check("../cases/reader/");
}
