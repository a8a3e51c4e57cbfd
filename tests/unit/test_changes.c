/* The public API since the last release: which release, what is told of each name, and what is not compared and why.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

static void tag(const char *dir, const char *name, const char *commit)
{
    const char *args[] = {"update-ref", apr_pstrcat(made_here.pool, "refs/tags/", name, NULL),
                          commit, NULL};

    made_git(dir, NULL, 0, args);
}

static void first_write(void)
{
    made_begin("One");
    made_file("include/thing.h",
              "/* Opens. */\nint thing_open(int x);\n\n/* Ends. */\nint thing_end(int x);\n\n"
              "/* Stays. */\nint thing_stay(int x,\n               int y);\n\n"
              "/* Grows. */\nint thing_grow(int x);\n\n"
              "struct thing {\n    int a;\n    int b;\n};\n");
    made_file("src/thing.c",
              "#include \"thing.h\"\n\nint thing_open(int x)\n{\n    return x;\n}\n");
    made_file("pkg/__init__.py", "from .core import load, gone\n\n__all__ = ['load', 'gone']\n");
    made_file(
        "pkg/core.py",
        "def load(path):\n    \"\"\"Loads.\"\"\"\n\n\ndef gone(x):\n    \"\"\"Goes.\"\"\"\n\n\n"
        "def _hidden(x):\n    pass\n\n\nclass Box:\n    \"\"\"A box.\"\"\"\n\n"
        "    def put(self, x):\n        \"\"\"Puts.\"\"\"\n\n\n"
        "class Old:\n    def one(self):\n        pass\n");
    made_file("pkg/moved.py", "def wanderer(x):\n    \"\"\"Wanders.\"\"\"\n");
    made_file("README.md", "# Thing\n");
}

static void second_write(void)
{
    made_begin("Two");
    made_file("include/thing.h",
              "/* Opens.\n * @deprecated Use thing_start. */\nint thing_open(int x);\n\n"
              "/* Stays. */\nint thing_stay(int x, int y);\n\n"
              "/* Grows. */\nint thing_grow(int x, long y);\n\n"
              "/* Starts it all. */\nint thing_start(int x);\n\n"
              "struct thing {\n    int a;\n    int c;\n};\n");
    made_file("pkg/__init__.py", "from .core import load, fresh\n\n__all__ = ['load', 'fresh']\n");
    made_file("pkg/core.py",
              "def load(path, strict=False):\n    \"\"\"Loads.\"\"\"\n\n\n"
              "def fresh(x):\n    \"\"\"Is new.\"\"\"\n\n\n"
              "def _hidden(x, y):\n    pass\n\n\nclass Box:\n    \"\"\"A box.\"\"\"\n\n"
              "    def put(self, x):\n        \"\"\"Puts.\n\n        .. deprecated:: 2.0\n"
              "           Use `give`.\n        \"\"\"\n\n    def give(self, x):\n"
              "        \"\"\"Gives.\"\"\"\n\n\nclass Young:\n    def two(self):\n        pass\n");
    made_file("pkg/other.py", "def wanderer(x):\n    \"\"\"Wanders.\"\"\"\n");
    docgen_buffer_puts(made_here.stream, "D pkg/moved.py\n");
}

TestSuite(changes, .init = made_setup, .fini = made_teardown, .timeout = 120);

Test(changes, each_name_is_told_of_once)
{
    static const char *const told[] = {
        "## API since v1.0\n\nCompared with the tag `v1.0`: 5 of 6 source files differ",
        /* added */
        ("| [`thing_start`](api/thing-h#thing_start) | [`thing.h`](api/thing-h) | function | "
         "Starts "
         "it all. |"),
        "| [`thing.c`](api/thing-h#thing) |",
        "| [`fresh`](api/pkg-core#fresh) | [`pkg.core`](api/pkg-core) | function | Is new. |",
        "| [`Box.give`](api/pkg-core#box-give) |", "| [`Young`](api/pkg-core#young) |",
        /* changed */
        "| `int thing_grow(int x)` | `int thing_grow(int x, long y)` |",
        "| `def load(path)` | `def load(path, strict=False)` |",
        /* deprecated */
        "| [`thing_open`](api/thing-h#thing_open) | [`thing.h`](api/thing-h) | Use thing_start. |",
        "| [`Box.put`](api/pkg-core#box-put) | [`pkg.core`](api/pkg-core) | 2.0 Use `give`. |",
        /* removed */
        "| `thing_end` | `thing.h` | function | `include/thing.h:5` |",
        "| `thing.b` | `thing.h` | member | `include/thing.h:16` |",
        "| `gone` | `pkg.core` | function | `pkg/core.py:5-6` |",
        "| `Old` | `pkg.core` | class | `pkg/core.py:20-22` |"};
    static const char *const untold[] = {"thing_stay", "_hidden", "wanderer", "Young.two",
                                         "Old.one"};
    const char *dir;
    made_site site, again;
    const char *argv[] = {"diff", "-r", NULL, NULL, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    first_write();
    second_write();
    dir = made_end("thing.git");
    tag(dir, "v1.0", "main~1");
    tag(dir, "part-7.0", "main~1");
    tag(dir, "v1.1-rc1", "main~1");
    site = made_site_of(dir);
    for (unsigned i = 0; i < sizeof(told) / sizeof(*told); i++) {
        made_site_has(&site, "changelog.md", told[i]);
    }
    for (unsigned i = 0; i < sizeof(untold) / sizeof(*untold); i++) {
        made_site_lacks(&site, "changelog.md", untold[i]);
    }
    made_site_has(&site, "quality.md",
                  "## API since the last release\n\nCompared with the tag `v1.0`: 5 of 6 source "
                  "files differ");
    made_site_crawl(&site);
    again = made_site_run(dir, "again"); /* nothing is fetched or read any more */
    cr_assert_eq(again.exit_code, 0);
    cr_assert(strstr(again.errors, "symbols: 0 of"), "%s", again.errors);
    argv[2] = site.dir;
    argv[3] = again.dir;
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.output);
}

Test(changes, without_an_earlier_release_nothing_is_compared)
{
    const char *dir;
    made_site site;

    first_write();
    dir = made_end("thing.git");
    tag(dir, "v1.0", "main"); /* the documented commit itself */
    site = made_site_of(dir);
    made_site_lacks(&site, "changelog.md", "API since");
    made_site_has(&site, "quality.md",
                  "not compared with an earlier one: no tag names an earlier release");
}

Test(changes, a_release_is_compared_with_the_one_before)
{
    const char *dir;
    made_site site;

    first_write();
    made_begin("A word");
    made_file("README.md", "# The thing\n");
    second_write();
    dir = made_end("thing.git");
    tag(dir, "v1.9", "main~2");
    tag(dir, "v1.10", "main~1");
    tag(dir, "v2.0", "main");
    site = made_site_of(dir);
    made_site_has(&site, "changelog.md", "## API since v1.10\n");
}

/* The tool runs with the title "Fixture". */
Test(changes, a_package_is_compared_with_its_own_release)
{
    const char *dir;
    made_site site;

    first_write();
    made_begin("A word");
    made_file("README.md", "# The thing\n");
    second_write();
    dir = made_end("own.git");
    tag(dir, "v0.5.4", "main~2");
    tag(dir, "@scope/fixture@1.2.0", "main~1");
    tag(dir, "@scope/other@9.0.0", "main~1");
    tag(dir, "fixture-extra-v3.0", "main~1");
    site = made_site_of(dir);
    made_site_has(&site, "changelog.md", "Compared with the tag `@scope/fixture@1.2.0`:");
    made_site_has(&site, "index.md", "fixture\\@1.2.0");
}

Test(changes, the_only_series_of_tags_is_the_projects)
{
    const char *dir;
    made_site site;

    first_write();
    made_begin("A word");
    made_file("README.md", "# The thing\n");
    second_write();
    dir = made_end("only.git");
    tag(dir, "parent-5.9.0", "main~2");
    tag(dir, "parent-5.10.0", "main~1");
    tag(dir, "parent-6.0.0-rc1", "main~1");
    site = made_site_of(dir);
    made_site_has(&site, "changelog.md", "Compared with the tag `parent-5.10.0`:");
}

/* Another commit on main, of one file. */
static void main_goes_on(const char *dir, const char *path, const char *text)
{
    const char *import[] = {"fast-import", "--quiet", NULL};

    made_begin("Main goes on");
    docgen_buffer_puts(made_here.stream, "from refs/heads/main^0\n");
    made_file(path, text);
    made_git(dir, made_here.stream->data, made_here.stream->length, import);
    made_here.stream = NULL;
}

Test(changes, a_branch_that_left_later_is_the_last_release)
{
    const char *dir;
    made_site site;

    first_write();
    made_begin("Later");
    made_file("README.md", "# The thing\n");
    made_begin("Side");
    made_file("pkg/side.py", "def sideways(x):\n    \"\"\"Only there.\"\"\"\n");
    dir = made_end("thing.git");
    tag(dir, "v1.0", "main~2");
    tag(dir, "v2.0", "main"); /* on a branch of its own … */
    tag(dir, "branch", "main~1");
    docgen_folder_remove(made_path("work"));
    made_git(dir, NULL, 0, (const char *[]){"update-ref", "refs/heads/main", "main~1", NULL});
    main_goes_on(dir, "pkg/main.py", "def onwards(x):\n    \"\"\"Only here.\"\"\"\n");
    site = made_site_of(dir);
    made_site_has(&site, "changelog.md", "## API since v2.0\n");
    made_site_has(&site, "changelog.md", "| `sideways` |");
    made_site_has(&site, "changelog.md", "[`onwards`]");
    main_goes_on(dir, "pkg/more.py", "def further(x):\n    \"\"\"Only here.\"\"\"\n");
    tag(dir, "v1.5", "main~1"); /* lower than v2.0, whose branch left before it */
    site = made_site_run(dir, "second");
    made_site_has(&site, "changelog.md", "## API since v1.5\n");
    tag(dir, "v3.0", "main~2"); /* a higher version, and an ancestor */
    site = made_site_run(dir, "third");
    made_site_has(&site, "changelog.md", "## API since v3.0\n");
}

Test(changes, too_much_is_not_compared_and_said)
{
    const char *dir;
    made_site site;

    for (int round = 0; round < 2; round++) {
        made_begin("Many");
        for (int i = 0; i < 2001; i++) {
            made_file(apr_psprintf(made_here.pool, "pkg/m%d.py", i),
                      apr_psprintf(made_here.pool, "def f%d(x%d):\n    pass\n", i, round));
        }
    }
    dir = made_end("many.git");
    tag(dir, "1.0", "main~1");
    site = made_site_of(dir);
    made_site_has(&site, "changelog.md",
                  "The API was not compared with the tag `1.0`: 2001 of its source files are "
                  "different now, more than the 2000 that are read for a comparison.");
    made_site_lacks(&site, "changelog.md", "### Changed");
    made_site_has(&site, "quality.md", "not compared with the tag `1.0`");
}

Test(changes, what_the_server_does_not_give_is_no_failure)
{
    const char *dir;
    const char *blob[] = {"hash-object", "-w", "--stdin", NULL};
    made_site site;

    first_write();
    dir = made_end("thing.git");
    tag(dir, "v1.0", apr_pstrndup(made_here.pool, made_git(dir, "x", 1, blob), 40));
    site = made_site_of(dir);
    made_site_has(&site, "quality.md", "The API was not compared with");
}
