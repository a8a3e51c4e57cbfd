/* Repositories unlike any other: each one gives a sensible site or a clear failure, and what is left out of the
 * documentation is listed with its reason.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

TestSuite(odd, .init = made_setup, .fini = made_teardown, .timeout = 300);

/** Runs git on a repository with up to four words. */
static void git(const char *dir, const char *a, const char *b, const char *c, const char *d)
{
    const char *args[] = {a, b, c, d, NULL};

    made_git(dir, NULL, 0, args);
}

/** The Quality report lists the file with that reason. */
static void is_listed(const made_site *site, const char *path, const char *reason)
{
    const char *text = made_site_page(site, "quality.md");
    const char *line =
        text ? strstr(text, apr_pstrcat(made_here.pool, "| `", path, "` |", NULL)) : NULL;

    cr_assert_not_null(line, "the Quality report does not list %s:\n%s", path, text);
    line = apr_pstrmemdup(made_here.pool, line, strcspn(line, "\n"));
    cr_assert_not_null(strstr(line, reason), "%s\nlacks: %s", line, reason);
}

static void fails_with(const char *dir, const char *sentence)
{
    made_site site = made_site_run(dir, "site");

    cr_assert_eq(site.exit_code, 1);
    cr_assert_not_null(strstr(site.errors, sentence), "%s", site.errors);
    cr_assert_null(made_site_page(&site, "index.html"));
}

Test(odd, an_empty_repository_fails_clearly)
{
    fails_with(made_end("empty.git"), "is empty, or its default branch has no commit");
}

Test(odd, a_missing_default_branch_fails_clearly)
{
    const char *dir;

    made_begin("one");
    made_file("README.md", "# One\n");
    dir = made_end("headless.git");
    git(dir, "symbolic-ref", "HEAD", "refs/heads/nowhere", NULL);
    fails_with(dir, "name a branch with branch=");
    git(dir, "tag", "v1", "main", NULL);
    fails_with(dir, "has no default branch: name one with branch=");
}

Test(odd, what_is_no_repository_fails_clearly)
{
    fails_with(made_path("nothing.git"), "nothing.git");
}

Test(odd, a_commit_without_a_file_has_a_site)
{
    made_site site;

    made_begin("nothing in it");
    site = made_site_of(made_end("bare.git"));
    made_site_has(&site, "index.html", "Fixture");
    made_site_has(&site, "quality.md", "with 0 files");
    made_site_crawl(&site);
}

Test(odd, only_a_readme)
{
    made_site site;

    made_begin("one");
    made_file("README", "Thing does nothing at all.\n");
    site = made_site_of(made_end("readme.git"));
    made_site_has(&site, "index.html", "Thing does nothing at all.");
    made_site_has(&site, "quality.md", "No public name was found");
    cr_assert_null(made_site_page(&site, "api.html"));
    made_site_crawl(&site);
}

Test(odd, only_binary_files)
{
    made_site site;

    made_begin("one");
    made_bytes("100644", "a.bin", "\0\1\2\3", 4);
    made_bytes("100644", "b.png", "\x89PNG\r\n\x1a\n\0\0", 10);
    made_bytes("100644", "c.c", "int\0x;", 6);
    site = made_site_of(made_end("binary.git"));
    made_site_has(&site, "quality.md", "| binary | 3 |");
    is_listed(&site, "a.bin", "binary");
    is_listed(&site, "b.png", "binary");
    is_listed(&site, "c.c", "binary");
    made_site_crawl(&site);
}

Test(odd, submodules_lfs_and_symbolic_links_are_listed)
{
    static const char pointer[] =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0"
        "ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    static const char *const links[][2] = {{"relative.c", "src/a.c"},
                                           {"absolute.md", "/etc/passwd"},
                                           {"loop", "loop"},
                                           {"docs/outside.md", "../../../../etc/hostname"},
                                           {"README.md", "docs/real.md"}};
    made_site site;

    made_begin("odd");
    made_file("src/a.c", "/** Answers. */\nint a(void) { return 42; }\n");
    made_file("docs/real.md", "# Real\n\n[gone](outside.md) [sub](../sub) ![lfs](../art.png)\n");
    made_file("art.png", pointer);
    made_file("model.c", pointer);
    docgen_buffer_puts(made_here.stream, "M 160000 0123456789012345678901234567890123456789 sub\n");
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        made_bytes("120000", links[i][0], links[i][1], strlen(links[i][1]));
    }
    site = made_site_of(made_end("odd.git"));
    is_listed(&site, "sub", "a submodule");
    is_listed(&site, "model.c", "Git LFS pointer");
    is_listed(&site, "art.png", "Git LFS pointer");
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        is_listed(&site, links[i][0], "a symbolic link");
    }
    made_site_has(&site, "guides/real.html", "Real");
    made_site_crawl(&site);
}

/** 255 bytes, the longest name that a file system takes. */
static const char *long_name(void)
{
    char *name = apr_palloc(made_here.pool, 256);

    memset(name, 'n', 255);
    memcpy(name + 252, ".md", 4);
    return name;
}

Test(odd, names_that_no_shell_likes)
{
    static const char *const names[] = {"\"docs/new\\nline.md\"",
                                        "\"docs/quote\\\"s.md\"",
                                        "\"docs/esc\\033[31m.md\"",
                                        "\"docs/latin-\\351.md\"",
                                        "\"docs/-rf.md\"",
                                        "\"docs/a'b`c.md\"",
                                        "\"docs/<script>.md\"",
                                        "\"docs/a|b.md\"",
                                        "\"docs/%2e%2e.md\"",
                                        "\"docs/\\303\\251t\\303\\251.md\"",
                                        "\"docs/\\346\\226\\207.md\"",
                                        "\"docs/back\\\\slash.md\"",
                                        "docs/Case.md",
                                        "docs/case.md",
                                        "docs/same name.md",
                                        "docs/same-name.md",
                                        "docs/same_name.md"};
    made_site site;
    int pages = 0;

    made_begin("names");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        made_file(names[i], apr_psprintf(made_here.pool, "# Title %d\n\nText.\n", (int)i));
    }
    made_file(apr_pstrcat(made_here.pool, "docs/", long_name(), NULL), "# The long one\n");
    made_file("\"-c.py\"", "def dash():\n    \"\"\"Dashes.\"\"\"\n");
    made_file("\"new\\nline.c\"", "/** Breaks. */\nint line_break(void) { return 1; }\n");
    made_file("\"\\351.go\"", "package e\n\n// Accent is one.\nfunc Accent() {}\n");
    site = made_site_of(made_end("names.git"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *title = apr_psprintf(made_here.pool, ">Title %d<", (int)i);

        pages += strstr(made_site_page(&site, "guides.html"), title) != NULL;
    }
    cr_assert_eq(pages, (int)(sizeof(names) / sizeof(names[0])), "%d documents became pages",
                 pages);
    made_site_has(&site, "guides.html", ">The long one<");
    made_site_lacks(&site, "guides.html", "<script>.");
    cr_assert(made_site_says(&site, "line_break"));
    cr_assert(made_site_says(&site, "Accent"));
    made_site_crawl(&site);
}

Test(odd, modules_that_slug_alike_keep_their_own_pages)
{
    made_site site;

    made_begin("alike");
    made_file("pkg/a-b.py", "def first():\n    \"\"\"The first one.\"\"\"\n");
    made_file("pkg/a_b.py", "def second():\n    \"\"\"The second one.\"\"\"\n");
    made_file("pkg/A_B.py", "def third():\n    \"\"\"The third one.\"\"\"\n");
    made_file("pkg/__init__.py", "");
    site = made_site_of(made_end("alike.git"));
    cr_assert(made_site_says(&site, "first"));
    cr_assert(made_site_says(&site, "second"));
    cr_assert(made_site_says(&site, "third"));
    made_site_crawl(&site);
}

Test(odd, other_encodings_are_read)
{
    static const char utf16[] = "\xff\xfe#\0 \0U\0T\0F\0-\0001\0006\0\n\0\n\0\xe9\0t\0\xe9\0\n\0";
    made_site site;

    made_begin("encodings");
    made_file("docs/latin.md", "# Latin\n\nCaf\xe9 cr\xe8me.\n");
    made_bytes("100644", "docs/wide.md", utf16, sizeof(utf16) - 1);
    made_file("docs/korean.md", "# Korean\n\n\xb0\xa1\xb3\xaa\xb4\xd9\xb6\xf3\xb8\xb6\n");
    made_file("docs/marked.md", "\xef\xbb\xbf# Marked\r\n\r\nText.\r\n");
    made_bytes("100644", "docs/nul.md", "# Nul\n\na\0b\n", 11);
    made_file("src/caf\xc3\xa9.c", "/** Caf\xe9. */\nint cafe(void) { return 1; }\n");
    site = made_site_of(made_end("encodings.git"));
    made_site_has(&site, "guides/latin.html", "Caf\xc3\xa9 cr\xc3\xa8me.");
    made_site_has(&site, "guides/wide.html", "\xc3\xa9t\xc3\xa9");
    made_site_has(&site, "guides/korean.html", "\xea\xb0\x80\xeb\x82\x98");
    made_site_has(&site, "guides/marked.html", ">Marked<");
    is_listed(&site, "docs/nul.md", "binary");
    cr_assert(made_site_says(&site, "Caf\xc3\xa9."));
    made_site_crawl(&site);
}

Test(odd, other_peoples_and_machines_files_are_listed)
{
    char *minified = apr_palloc(made_here.pool, 6001);
    char *big = apr_palloc(made_here.pool, 2000001);
    made_site site;

    memset(minified, 'x', 6000);
    minified[6000] = '\0';
    memset(big, 'b', 2000000);
    big[2000000] = '\0';
    made_begin("aside");
    made_file("vendor/x/a.go", "package x\n\nfunc Foreign() {}\n");
    made_file("gen.go", "// Code generated by a tool. DO NOT EDIT.\npackage a\n\nfunc Made() {}\n");
    made_file("own.go", "package a\n\n// Own is ours.\nfunc Own() {}\n");
    made_file("lib.min.js", minified);
    made_file("long.js", minified);
    made_file("big.c", big);
    made_file("go.mod", "module example.org/a\n\ngo 1.21\n");
    site = made_site_of(made_end("aside.git"));
    is_listed(&site, "vendor/", "1 file, vendored");
    is_listed(&site, "gen.go", "generated");
    is_listed(&site, "lib.min.js", "generated");
    is_listed(&site, "long.js", "generated");
    is_listed(&site, "big.c", "larger than 1024 KiB");
    cr_assert(made_site_says(&site, "Own"));
    cr_assert_not(made_site_says(&site, "Foreign"));
    made_site_crawl(&site);
}

Test(odd, two_hundred_folders_deep)
{
    docgen_buffer *path = docgen_buffer_create(made_here.pool);
    made_site site;

    docgen_buffer_puts(path, "src");
    for (int i = 0; i < 200; i++) {
        docgen_buffer_printf(path, "/d%d", i);
    }
    made_begin("deep");
    made_file(apr_pstrcat(made_here.pool, path->data, "/deep.c", NULL),
              "/** At the bottom. */\nint at_the_bottom(void) { return 1; }\n");
    made_file(apr_pstrcat(made_here.pool, path->data, "/README.md", NULL), "# Down here\n");
    made_file("docs/index.md", "# Top\n");
    site = made_site_of(made_end("deep.git"));
    cr_assert(made_site_says(&site, "at_the_bottom"));
    made_site_has(&site, "guides.html", ">Down here<");
    made_site_crawl(&site);
}

Test(odd, a_monorepo_of_two_languages)
{
    made_site site;

    made_begin("packages");
    made_file("packages/web/package.json",
              "{\"name\": \"@x/web\", \"version\": \"2.0.0\", \"main\": \"index.js\"}\n");
    made_file("packages/web/index.js",
              "/** Draws. */\nexport function draw(canvas) { return canvas; }\n");
    made_file("packages/core/pyproject.toml", "[project]\nname = \"x-core\"\nversion = \"1.0\"\n");
    made_file("packages/core/x_core/__init__.py",
              "def solve(task):\n    \"\"\"Solves it.\"\"\"\n    return task\n");
    made_file("packages/core/README.md", "# x-core\n\nThe solver.\n");
    made_file("README.md", "# X\n\nTwo packages.\n");
    site = made_site_of(made_end("mono.git"));
    cr_assert(made_site_says(&site, "draw"));
    cr_assert(made_site_says(&site, "solve"));
    made_site_has(&site, "modules.html", "@x/web");
    made_site_has(&site, "modules.html", "x_core");
    made_site_has(&site, "guides.html", ">x-core<");
    made_site_crawl(&site);
}

static char *repeated(const char *text, int times)
{
    apr_size_t length = strlen(text);
    char *all = apr_palloc(made_here.pool, length * (apr_size_t)times + 1);

    for (int i = 0; i < times; i++) {
        memcpy(all + length * (apr_size_t)i, text, length);
    }
    all[length * (apr_size_t)times] = '\0';
    return all;
}

Test(odd, bombs_cost_a_file_and_not_the_job)
{
    made_site site;

    made_begin("bombs");
    made_file("braces.c",
              apr_pstrcat(made_here.pool, "void f(void) ", repeated("{", 200000), NULL));
    made_file("mods.rs", repeated("mod a{", 58000));
    made_file("nested.py", repeated("(", 300000));
    made_file("nested.ts", repeated("a<", 150000));
    made_file("docs/table.md", apr_pstrcat(made_here.pool, "# Table\n\n|", repeated("a|", 7000),
                                           "\n|", repeated("-|", 7000), "\n", NULL));
    made_file("docs/quotes.md", repeated(">", 50000));
    made_file("docs/lists.md", repeated("* ", 50000));
    made_file("docs/brackets.md", repeated("[", 100000));
    made_file("docs/links.md", repeated("[a](b", 50000));
    made_file("docs/html.md", repeated("<div><b>", 50000));
    made_file("docs/stars.md", repeated("*_a", 60000));
    made_file("docs/deep.rst", repeated(".. note:: ", 20000));
    made_file("conf.json", repeated("[", 200000));
    made_file("package.json", repeated("{\"a\":", 100000));
    made_file("docker-compose.yml", repeated("- ", 100000));
    made_file("README.md",
              "# Bombs\n\n[x](javascript:alert(1)) <a href=\" java&#10;script:alert(1)\">y</a>\n"
              "<a href=\"data:text/html,<script>alert(1)</script>\">z</a>\n"
              "<img src=x onerror=alert(1)> <svg onload=alert(1)><iframe srcdoc=x></iframe>\n");
    made_file("ok.c", "/** Still here. */\nint still_here(void) { return 1; }\n");
    site = made_site_of(made_end("bombs.git"));
    cr_assert(made_site_says(&site, "still_here"));
    made_site_has(&site, "index.html", "Bombs");
    made_site_lacks(&site, "index.html", "onerror");
    made_site_crawl(&site);
}

Test(odd, tags_may_name_anything)
{
    made_site site;
    const char *dir;

    made_begin("one");
    made_file("README.md", "# Tagged\n");
    dir = made_end("tags.git");
    git(dir, "tag", "v1.0.0", "main", NULL);
    git(dir, "tag", "a-file", "main:README.md", NULL);
    git(dir, "tag", "a-tree", "main^{tree}", NULL);
    site = made_site_of(dir);
    made_site_has(&site, "index.html", "1.0.0");
    made_site_crawl(&site);
}

Test(odd, a_damaged_repository_fails_clearly)
{
    const char *dir, *blob;
    const char *args[] = {"rev-parse", "main:README.md", NULL};

    made_begin("one");
    made_file("README.md", "# Damaged\n");
    dir = made_end("damaged.git");
    blob = apr_pstrmemdup(made_here.pool, made_git(dir, NULL, 0, args), 40);
    git(dir, "config", "gc.auto", "0", NULL);
    if (unlink(apr_psprintf(made_here.pool, "%s/objects/%.2s/%s", dir, blob, blob + 2)) == 0) {
        fails_with(dir, "damaged");
    }
}
