/* Prose routing: which passages stand on whose page, which do not, and which code spans become links.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"
#include "generator/sections/routing.h"

static made_site site;

static void setup(void)
{
    made_setup();
    made_begin("One");
    made_file(
        "README.md",
        "# `ring.c`\n\nThe thing as a whole. `ring.c` is here. Take `thing_open()`, `twice` or "
        "`open`.\n\n"
        "### `thing_open()` and no link here: `thing_open`\n\nWhat `app.py` of yours does.\n\n"
        "Internals\n===\n\nSee [`thing_open`](https://example.org/x).\n\n"
        "ring.c\n---\n\nThe ring keeps what was said last, see [the list][list].\n\n"
        "```c\n/* a fence\n\nwith a blank line */\n```\n\n"
        "store.c and wire.c\n---\n\nThese two files carry everything over the wire.\n\n"
        "Not ring.c alone\n---\n\nThis passage is about more than one of the files here.\n\n"
        "Other files\n---\n\n"
        "* `pool.c` hands out memory and takes it back.\n"
        "* `nowhere.c` is not a file of this project at all.\n"
        "* `pool.c`\n"
        "* `dup.c` is the name of two files of this project.\n"
        "* `thing_close()` ends what `thing_open()` began, twice over.\n"
        "* `ring_put()` is never called by anybody but the ring.\n"
        "* src/wire.c – the wire itself, in so many words.\n\n"
        "| File | What |\n|---|---|\n| `src/table.c` | keeps its rows in good order |\n\n"
        "[list]: docs/list.md\n");
    made_file("docs/list.md", "# List\n\nA list, and `app.py` as every reader writes one.\n");
    made_file(
        "docs/ARCHITECTURE.md",
        "# Architecture\n\n## How memory goes\n\nIt begins in `pool.c`, for `src/pool.c` has "
        "the lists that all of it comes from.\n\n## Both\n\nFrom `pool.c` to `ring.c` it goes "
        "a long way through all the files.\n");
    made_file("CHANGELOG.md", "# Changes\n\n## ring.c\n\n- `pool.c` was slower than it is now.\n");
    made_file("src/ring.c", "/* Says little. */\nint ring_put(int x)\n{\n    return x;\n}\n");
    made_file("src/store.c", "int store_put(int x)\n{\n    return x;\n}\n");
    made_file("src/wire.c", "int wire_put(int x)\n{\n    return x;\n}\n");
    made_file("src/pool.c", "int pool_get(int x)\n{\n    return x;\n}\n");
    made_file("src/table.c", "int table_get(int x)\n{\n    return x;\n}\n");
    made_file("src/dup.c", "int dup_a(int x)\n{\n    return x;\n}\n");
    made_file("lib/dup.c", "int dup_b(int x)\n{\n    return x;\n}\n");
    made_file("include/thing.h",
              "/* The whole interface. */\n/* Opens. */\nint thing_open(int x);\n"
              "/* Closes. */\nint thing_close(int x);\n");
    made_file("src/thing.c",
              "/*  _   _\n *  | |_| |_\n *  |_||_|_|\n *\n * Written by ada@example.org, a long "
              "time ago.\n *\n"
              " * thing.c: how the things are opened, in the order of their age. */\n\n"
              "#include \"thing.h\"\n\nint thing_open(int x)\n{\n    return x;\n}\n\n"
              "int thing_close(int x)\n{\n    return x;\n}\n");
    made_file("py/one.py", "def twice(x):\n    \"\"\"Once.\"\"\"\n");
    made_file("py/two.py", "def twice(x):\n    \"\"\"Again.\"\"\"\n");
    made_file("pkg/app.py", "def serve(x):\n    \"\"\"Serves.\"\"\"\n");
    made_file("pkg/tool/__init__.py", "def tool(x):\n    \"\"\"A tool.\"\"\"\n");
    made_file(
        "pkg/tool/README.md",
        "# Tool\n\nThe tool does one thing, and its folder tells what that one thing is.\n\n"
        "## More\n\nNot the first passage of it, so it stays where it is and nowhere else.\n");
    site = made_site_of(made_end("thing.git"));
}

TestSuite(prose, .init = setup, .fini = made_teardown, .timeout = 60);

Test(prose, a_heading_that_names_a_file_routes_its_passage)
{
    made_site_has(&site, "api/ring-c.md", "## In the project's words {#in-the-projects-words}");
    made_site_has(&site, "api/ring-c.html", "<blockquote>\n<p>The ring keeps what was said last");
    made_site_has(&site, "api/ring-c.html", "<a href=\"../guides/list.html\">the list</a>");
    made_site_has(&site, "api/ring-c.md", "with a blank line */\n> ```\n");
    made_site_has(&site, "api/ring-c.md",
                  "From `README.md:17-23`, in [ring.c](../guides/readme#ring-c).");
    made_site_lacks(&site, "api/ring-c.md", "more than one of the files");
    made_site_lacks(&site, "api/ring-c.md", "slower");
    made_site_lacks(&site, "api/ring-c.md", "as a whole"); /* the README's title */
    made_site_lacks(&site, "api/pool-c.md", "slower");
}

Test(prose, two_names_in_a_heading_are_two_places)
{
    made_site_has(&site, "api/store-c.md", "These two files carry everything");
    made_site_has(&site, "api/wire-c.md", "These two files carry everything");
    made_site_lacks(&site, "api/pool-c.md", "These two files");
}

Test(prose, items_and_rows_go_to_what_they_begin_with)
{
    made_site_has(&site, "api/pool-c.md", "`pool.c` hands out memory and takes it back.");
    made_site_has(&site, "api/wire-c.md", "the wire itself, in so many words.");
    made_site_has(
        &site, "api/table-c.md",
        "| File | What |\n> | --- | --- |\n> | `src/table.c` | keeps its rows in good order |");
    made_site_has(&site, "api/thing-h.md", "`thing_close()` ends what `thing_open()` began");
    made_site_lacks(&site, "api/ring-c.md", "never called by anybody");
    made_site_lacks(&site, "api/dup-c.md", "two files of this project");
    made_site_lacks(&site, "api/lib-dup-c.md", "two files of this project");
}

Test(prose, a_file_that_says_what_it_is_says_it_on_its_modules_page)
{
    made_site_has(&site, "api/thing-h.md", "how the things are opened, in the order of their age");
    made_site_has(&site, "api/thing-h.md", "From `src/thing.c`.");
    made_site_lacks(&site, "api/thing-h.md", "|_|");
    made_site_lacks(&site, "api/thing-h.md", "a long time ago");
}

Test(prose, a_passage_for_developers_goes_to_the_only_module_it_names)
{
    made_site_has(&site, "api/pool-c.md", "the lists that all of it comes from");
    made_site_lacks(&site, "api/pool-c.md", "a long way through");
    made_site_lacks(&site, "api/ring-c.md", "a long way through");
}

Test(prose, a_readme_belongs_to_the_package_of_its_folder)
{
    made_site_has(&site, "api/tool.md", "its folder tells what that one thing is");
    made_site_lacks(&site, "api/tool.md", "Not the first passage");
}

Test(prose, code_spans_link_to_the_one_thing_they_name)
{
    made_site_has(&site, "guides/readme.html",
                  "<a href=\"../api/thing-h.html#thing_open\"><code>thing_open()</code></a>, "
                  "<code>twice</code>");
    made_site_has(&site, "guides/readme.html",
                  "<a href=\"../api/ring-c.html\"><code>ring.c</code></a> is here");
    made_site_has(&site, "guides/readme.html", "no link here: <code>thing_open</code></h4>");
    made_site_has(
        &site, "guides/readme.html",
        "<a href=\"https://example.org/x\" rel=\"nofollow noopener\"><code>thing_open</code></a>");
    made_site_has(&site, "guides/readme.html", "What <code>app.py</code> of yours");
    made_site_has(&site, "guides/list.html", "<code>app.py</code> as every reader");
    made_site_has(&site, "guides/readme.html", "<code>dup.c</code>");
}

Test(prose, blocks_are_whole)
{
    const char *text = "one\n\n```\na\n\nb\n```\n\nthree\n";

    cr_assert_eq(docgen_blocks_fit(text, strlen(text), 100), strlen(text));
    cr_assert_eq(docgen_blocks_fit(text, strlen(text), 10), 4);
    cr_assert_eq(docgen_blocks_fit(text, strlen(text), 20), strlen("one\n\n```\na\n\nb\n```\n"));
    cr_assert_eq(docgen_blocks_fit("0123456789", 10, 4), 0);
    cr_assert_eq(docgen_blocks_fit("0123456789", 10, 5), 10);
}

Test(prose, headings_are_names_or_none)
{
    static const char *const none[] = {"", "The", "The module", "`x"};
    apr_array_header_t *names =
        docgen_heading_names(made_here.pool, "3.1 The `Parser` class, [lexer.c](x) & **`x/y.c`**:");

    cr_assert_eq(names->nelts, 3);
    cr_assert_str_eq(APR_ARRAY_IDX(names, 0, const char *), "`Parser`");
    cr_assert_str_eq(APR_ARRAY_IDX(names, 1, const char *), "lexer.c");
    cr_assert_str_eq(APR_ARRAY_IDX(names, 2, const char *), "`x/y.c`");
    names = docgen_heading_names(made_here.pool, "app.listen(port, [host])");
    cr_assert_eq(names->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(names, 0, const char *), "app.listen()");
    for (unsigned i = 0; i < sizeof(none) / sizeof(*none); i++) {
        cr_assert_null(docgen_heading_names(made_here.pool, none[i]), "%s", none[i]);
    }
}

Test(prose, a_line_without_end_takes_no_time)
{
    enum {
        REPEATS = 200000
    };
    char *text = apr_palloc(made_here.pool, 2 * REPEATS + 3);

    memcpy(text, "- ", 2);
    for (int i = 0; i < REPEATS; i++) {
        memcpy(text + 2 + 2 * i, "](", 2);
    }
    text[2 * REPEATS + 2] = '\0';
    cr_assert_null(docgen_heading_names(made_here.pool, text + 2));
    cr_assert_eq(docgen_routed_items(made_here.pool, text)->nelts, 0);
}

Test(prose, the_same_commit_gives_the_same_pages)
{
    made_site again = made_site_run(made_path("thing.git"), "again");
    const char *argv[] = {"diff", "-r", site.dir, again.dir, NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    cr_assert_eq(again.exit_code, 0);
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.output);
    made_site_crawl(&site);
}
