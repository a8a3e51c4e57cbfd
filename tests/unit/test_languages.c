/* The API reference of a small project in each language that the declaration scanner reads: the files of
 * tests/cases/languages/NAME/input, and what their pages say, byte for byte, in expected/api.md. After a change that is
 * meant,
 *
 *     GOLDEN_UPDATE=1 build/unit/test_languages
 *
 * writes the expected pages anew; read `git diff tests/cases/languages` before it is committed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

#include <ctype.h>
#include <ftw.h>
#include <time.h>
#include "generator/languages/language.h"

TestSuite(languages, .init = made_setup, .fini = made_teardown, .timeout = 120);

static const char *case_path(const char *name, const char *file)
{
    return apr_pstrcat(made_here.pool, made_tool("../cases/languages/"), name, "/", file, NULL);
}

static const char *output_of(const char *command, const char *argument)
{
    const char *argv[] = {"sh", "-c", command, "sh", argument, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    return result.output;
}

static const char *file_text(const char *path)
{
    return output_of("cat \"$1\"", path);
}

/** A repository of the files below a directory. */
static const char *repository_of(const char *name)
{
    const char *root = case_path(name, "input");
    char *list =
        apr_pstrdup(made_here.pool, output_of("cd \"$1\" && find . -type f | LC_ALL=C sort", root));
    char *last = NULL;

    made_begin("The project");
    for (char *path = apr_strtok(list, "\n", &last); path; path = apr_strtok(NULL, "\n", &last)) {
        made_file(path + 2, file_text(apr_pstrcat(made_here.pool, root, path + 1, NULL)));
    }
    return made_end(apr_pstrcat(made_here.pool, name, ".git", NULL));
}

static void is_expected(const char *name)
{
    made_site site = made_site_of(repository_of(name));
    const char *text = output_of("cd \"$1\" && find api.md api -name '*.md' | LC_ALL=C sort | "
                                 "while read -r f; do echo \"@@@ $f\"; cat \"$f\"; echo; done",
                                 site.dir);
    const char *expected = case_path(name, "expected/api.md");

    made_site_crawl(&site);
    if (getenv("GOLDEN_UPDATE")) {
        FILE *file = fopen(expected, "wb");

        cr_assert(file && fwrite(text, 1, strlen(text), file) == strlen(text), "%s", expected);
        fclose(file);
    }
    cr_assert_str_eq(text, file_text(expected), "the API pages of %s differ", name);
}

Test(languages, java)
{
    is_expected("java");
}

Test(languages, csharp)
{
    is_expected("csharp");
}

Test(languages, php)
{
    is_expected("php");
}

Test(languages, kotlin)
{
    is_expected("kotlin");
}

Test(languages, swift)
{
    is_expected("swift");
}

Test(languages, ruby)
{
    is_expected("ruby");
}

Test(languages, scala)
{
    is_expected("scala");
}

Test(languages, dart)
{
    is_expected("dart");
}

Test(languages, lua)
{
    is_expected("lua");
}

Test(languages, shell)
{
    is_expected("sh");
}

/** Each language has its case: the folder below tests/cases/languages is named like its fence. Those with a rule of
 * their own for modules have many, below tests/cases/surface. */
Test(languages, every_grammar_has_its_case)
{
    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        const docgen_reader *reader = docgen_reader_of((docgen_lang)lang);

        cr_assert(reader->grammar->modules ||
                      access(case_path(reader->fence, "expected/api.md"), R_OK) == 0,
                  "%s has no case", reader->name);
    }
}

/** Seconds of this thread's processor time that one file of `size` bytes takes, made of one piece again and again. */
static double scanning_cost(docgen_lang lang, const char *piece, apr_size_t size)
{
    struct timespec from, to;
    apr_pool_t *pool;
    docgen_file *file;
    char *text;
    apr_size_t n;

    apr_pool_create(&pool, made_here.pool);
    file = apr_pcalloc(pool, sizeof(*file));
    text = apr_palloc(pool, size + 64);
    n = (apr_size_t)sprintf(text, lang == DOCGEN_LANG_PHP ? "<?php " : "class Q {\n");
    while (n < size) {
        n += (apr_size_t)sprintf(text + n, "%s", piece);
    }
    file->path = file->raw_path = "a.x";
    file->lang = lang;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    cr_assert(docgen_scan_declared(docgen_source_make(pool, pool, file, text, n)));
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    apr_pool_destroy(pool);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/** Nesting that nobody closes, 20 KB of each kind against sixteen times as much: work that grows with the square takes 256
 * times as long on any machine. The first factor is sixteen, the rest is room for caches and the clock. */
Test(languages, hostile_nesting_is_linear)
{
    static const char *const pieces[] = {
        "a<",   "{",       "(",         "[",       "class A{",   "\"${",      "/*",
        "@A(",  "@",       "\"\"\"",    "<<<A\n",  "case a,",    "let a,",    "`",
        "$\"{", "fun <",   "enum A{a(", "def a\n", "class A\n ", "a ? b : ",  "#if x\n",
        "x\n",  "[[",      "[=",        "--[[\n",  "a.b=",       "function ", "a={",
        "if ",  "a() {\n", "cat <<A\n", "$(",      "$((",        "((",        "# a\n",
        "${a'", "-- a\n",  "a,"};
    enum {
        SMALL = 20 * 1024,
        TIMES = 16
    };

    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        double small = 0, large = 0;

        if (docgen_reader_of((docgen_lang)lang)->grammar->read) {
            continue; /* a helper program's work, which has its own limit of time */
        }
        for (unsigned i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
            double least = 1e9;

            for (int n = 0; n < 3; n++) {
                double cost = scanning_cost((docgen_lang)lang, pieces[i], SMALL);

                least = cost < least ? cost : least;
            }
            small += least;
            large += scanning_cost((docgen_lang)lang, pieces[i], SMALL * TIMES);
        }
        cr_log_info("%s: %.4f s for 20 KB of each, %.1f times for 16 times as much",
                    docgen_reader_of((docgen_lang)lang)->name, small, large / small);
        cr_assert_lt(large, 4 * TIMES * small, "%s: %.1f times for 16 times as much",
                     docgen_reader_of((docgen_lang)lang)->name, large / small);
    }
}

Test(languages, elixir)
{
    is_expected("elixir");
}

/** Where a language's name may stand outside of its folder, and why. */
static const struct {
    const char *file;
    int mentions;
} named_outside[] = {
    {"repo/tree.c",
     6}, /* ".h" ends the headers of C and of C++: only the whole repository says whose they are */
};

static int named; /* mentions that no line above allows */

static int names_count(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    apr_size_t length = strlen(path);
    const char *part = strstr(path, "src/generator/");
    char line[4096];
    int mentions = 0;
    FILE *file;

    (void)status;
    (void)walk;
    if (type != FTW_F || length < 2 || path[length - 2] != '.' || !strchr("ch", path[length - 1]) ||
        (part && !strncmp(part, "src/generator/languages/", 24))) {
        return 0;
    }
    cr_assert_not_null(file = fopen(path, "r"));
    while (fgets(line, sizeof(line), file)) {
        for (const char *p = line; (p = strstr(p, "DOCGEN_LANG_")) != NULL; p += 12) {
            mentions += isupper((unsigned char)p[12]) && strncmp(p + 12, "NONE", 4) &&
                        strncmp(p + 12, "OTHER", 5);
        }
    }
    fclose(file);
    for (unsigned i = 0; i < sizeof(named_outside) / sizeof(*named_outside); i++) {
        if (part && !strcmp(part + 14, named_outside[i].file)) {
            mentions -= named_outside[i].mentions;
        }
    }
    if (mentions) {
        cr_log_error("%s: %d languages more than allowed are named", path, mentions);
        named++;
    }
    return 0;
}

/** A language is added in one folder and one line: no other file of the source names one. */
Test(languages, no_other_file_names_a_language)
{
    cr_assert_eq(nftw(made_tool("../../src"), names_count, 16, FTW_PHYS), 0);
    cr_assert_eq(named, 0);
}
