/* A whole site from a repository that the test makes: what each section finds, where links lead, that no markup of
 * other tools is left, that nothing hostile gets through, and that the same commit gives the same bytes.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <criterion/criterion.h>
#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "generator/sections/code_sections.h"

static apr_pool_t *pool;
static const char *top; /* a private folder for the repository and the site */
static const char *site_dir;

static void run(const char *command)
{
    cr_assert_eq(system(command), 0, "%s", command);
}

static void put(const char *path, const char *text)
{
    const char *full = apr_pstrcat(pool, top, "/work", "/", path, NULL);
    const char *slash = strrchr(full, '/');
    apr_file_t *file;

    apr_dir_make_recursive(apr_pstrndup(pool, full, (apr_size_t)(slash - full)),
                           APR_FPROT_OS_DEFAULT, pool);
    cr_assert_eq(apr_file_open(&file, full, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE,
                               APR_FPROT_OS_DEFAULT, pool),
                 APR_SUCCESS);
    apr_file_write_full(file, text, strlen(text), NULL);
    apr_file_close(file);
}

static const char *get(const char *path)
{
    const char *full = apr_pstrcat(pool, site_dir, "/", path, NULL);
    FILE *file = fopen(full, "rb");
    char *text;
    size_t length;

    if (!file)
        return NULL;
    text = apr_palloc(pool, 2000000);
    length = fread(text, 1, 1999999, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static void has(const char *path, const char *part)
{
    const char *text = get(path);

    cr_assert(text, "there is no %s", path);
    cr_assert(strstr(text, part), "%s lacks\n%s\nin\n%s", path, part, text);
}

static void lacks(const char *path, const char *part)
{
    const char *text = get(path);

    cr_assert(text, "there is no %s", path);
    cr_assert_not(strstr(text, part), "%s has\n%s", path, part);
}

static void repository_make(void)
{
    put("README.md",
        "# Thing\n\n[![Build](https://ci.example/badge.svg)](https://ci.example)\n\n"
        "<p align=\"center\"><a href=\"https://thing.example\"><picture><source "
        "srcset=\"dark.svg\">"
        "<img src=\"docs/logo.png\" alt=\"The logo\"></picture></a><br></p>\n\n"
        "<div align=\"center\"><sup>Supported by</sup>\n\n### Buy gold\n\n</div>\n\n"
        "Thing does *things*. See [the guide](docs/guide.md#more-things), [code](src/thing.c#L2),\n"
        "[gone](docs/nowhere.md) and ![logo](docs/logo.png).\n\n"
        "## Sponsors\n\nMoney.\n\n## Features\n\n```c\nthing();\n```\n\n"
        "## Installation\n\n```sh\nmake install\n```\n\n<script>alert(1)</script>\n"
        "[bad](javascript:alert(1))\n");
    put("docs/index.rst", "Docs\n====\n\n.. toctree::\n\n   second\n   first\n");
    put("docs/first.rst", "First\n=====\n\n.. _here:\n\nHere\n----\n\n:doc:`second`\n");
    put("docs/second.rst", "Second\n======\n\nGo :ref:`here` or :ref:`that <here>`.\n\n"
                           ".. note:: Mind.\n\n.. unknown:: x\n\n   kept\n");
    put("docs/guide.md", "---\ntitle: The guide\n---\n\n# Ignored?\n\n## More things!\n\n"
                         "![logo](logo.png) [up](../README.md#installation) [dir](../src/)\n\n"
                         ":::tip\nGood.\n:::\n");
    put("docs/we|ird `na*me` <b> [x](y).md", "# Odd <i>title</i> | `x`\n\n[self](#odd-title)\n");
    put("docs/new\nline.md", "No title here, [up](..).\n");
    put("docs/logo.png", "\x89PNG\r\n\x1a\nnot really");
    put("src/thing.c", "/* A thing. */\nint thing(void) { return 1; }\n");
    put("tests/test_thing.c", "int main(void) { return 0; }\n");
    put("CHANGELOG.md", "# Changelog\n\n## 1.1\n\n- Better [guide](docs/guide.md)\n");
    put("CONTRIBUTING.md", "# How to help\n\nWrite to us.\n");
    put("LICENSE", "Do what you like.\n");
    put("src/mod_thing.c",
        "static const command_rec table[] = {\n    AP_INIT_FLAG(\"ThingEngine\", set, "
        "NULL, RSRC_CONF,\n                 \"whether \" \"things work\"),\n};\n");
    put("Makefile", ".PHONY: all check\n\n# Builds the whole thing for you\nall: thing\n\n"
                    "check: ## Runs all of the tests\n\t./run\nthing: src/thing.c\n\tcc $<\n");
    put("package.json",
        "{\n  \"name\": \"thing\",\n  \"version\": \"1.1.0\",\n"
        "  \"engines\": {\"node\": \">=20\"},\n  \"dependencies\": {\n"
        "    \"left-pad\": \"^1.0.0\"\n  },\n  \"devDependencies\": {\n"
        "    \"mocha\": \"^10\"\n  },\n  \"scripts\": {\"test\": \"mocha | tee x\"}\n}\n");
    put("pyproject.toml", "[project]\nname = \"thing\"\nrequires-python = \">=3.9\"\n"
                          "dependencies = [\n  \"flask>=2\", # web\n  'click',\n]\n"
                          "[project.optional-dependencies]\ndocs = [\"sphinx\"]\n");
    put("Cargo.toml", "[package]\nname = \"thing\"\nrust-version = \"1.70\"\n[dependencies]\n"
                      "serde = { version = \"1.0\", features = [\"derive\"] }\n[dev-dependencies]\n"
                      "insta = \"1\"\n");
    put("go.mod", "module example.org/thing\n\ngo 1.21\n\nrequire (\n\tgolang.org/x/net v0.1.0\n"
                  "\tgolang.org/x/sys v0.2.0 // indirect\n)\n");
    put("Dockerfile", "FROM debian:12 AS build\nRUN make\nEXPOSE 80\nCMD [\"thing\"]\n");
    put("docker-compose.yml", "services:\n  web:\n    image: thing:1\n  db: {build: .}\n");
    put(".github/workflows/ci.yml",
        "name: CI\non: [push, pull_request]\njobs:\n  unit:\n    runs-on: ubuntu-latest\n"
        "    steps:\n      - uses: actions/checkout@v4\n      - run: make check\n");
    run(apr_psprintf(pool,
                     "cd %s/work && git init -q . && git add -A && git -c user.name=T "
                     "-c user.email=t@example.org commit -qm One && git clone -q --bare . ../bare",
                     top));
}

static const char *commit_read(void)
{
    char line[100] = "";
    FILE *pipe = popen(apr_psprintf(pool, "git -C %s/bare rev-parse HEAD", top), "r");

    cr_assert(fgets(line, sizeof(line), pipe));
    pclose(pipe);
    line[strcspn(line, "\n")] = '\0';
    return apr_pstrdup(pool, line);
}

static void site_make(const char *directory)
{
    docgen_facts facts = {0};
    docgen_model model = {0};
    docgen_tree *tree;
    docgen_output *output;
    docgen_commit *commit;

    facts.title = facts.repository_id = "thing";
    facts.url = "https://example.org/a/thing.git";
    facts.branch = "main";
    facts.commit = commit_read();
    facts.committed_at = "2026-01-02T03:04:05Z";
    facts.history_complete = facts.commit_count = 1;
    facts.authentication = "not needed";
    facts.commits = apr_array_make(pool, 1, sizeof(docgen_commit));
    commit = apr_array_push(facts.commits);
    commit->id = facts.commit;
    commit->author = "T";
    commit->date = facts.committed_at;
    commit->subject = "One `x` <b> | {{y}}";
    facts.tags = apr_array_make(pool, 1, sizeof(docgen_tag));
    cr_assert_eq(
        docgen_tree_open(&tree, pool, apr_pstrcat(pool, top, "/bare", NULL), facts.commit, 1 << 20),
        APR_SUCCESS);
    docgen_tree_count(tree);
    model.pool = pool;
    model.facts = &facts;
    model.tree = tree;
    model.modules = apr_array_make(pool, 1, sizeof(docgen_module *));
    model.symbols = apr_hash_make(pool);
    model.skipped = apr_array_make(pool, 1, sizeof(docgen_skip));
    output = docgen_output_site(pool, directory);
    cr_assert(output);
    docgen_output_source(output, facts.commit, facts.branch, facts.committed_at);
    cr_assert_eq(docgen_sections_write(docgen_site_create(pool, &model, output)), APR_SUCCESS);
    cr_assert_eq(docgen_output_finish(output), APR_SUCCESS);
}

static void setup(void)
{
    char template[] = "/tmp/docgen-sections-XXXXXX";

    apr_initialize();
    apr_pool_create(&pool, NULL);
    cr_assert(mkdtemp(template));
    top = apr_pstrdup(pool, template);
    site_dir = apr_pstrcat(pool, top, "/site", NULL);
    repository_make();
    site_make(site_dir);
}

static void teardown(void)
{
    const char *command = apr_psprintf(pool, "rm -rf %s", top);

    if (system(command) != 0)
        fprintf(stderr, "%s failed\n", command);
    apr_pool_destroy(pool);
    apr_terminate();
}

TestSuite(sections, .init = setup, .fini = teardown, .timeout = 60);

Test(sections, overview_says_what_it_is)
{
    has("index.md", "# Thing\n");
    has("index.html", "Thing does <em>things</em>.");
    lacks("index.html", "badge");
    lacks("index.html", "Money");
    lacks("index.md", "The logo");
    lacks("index.md", "Buy gold");
    lacks("index.md", "<p align");
    has("guides/readme.md", "Buy gold");
    has("index.md", "(configuration)");
    has("configuration.md", "| `ThingEngine` | `On or Off` | whether things work |");
    has("index.html", "<a href=\"guides/guide.html#more-things\">the guide</a>");
    lacks("index.html", "nowhere");
    has("index.html", "gone");
    lacks("index.html", "<script>");
    lacks("index.html", "javascript:");
    has("index.md", "node `>=20` (`package.json:4`)");
    has("index.md", "1.1.0 in `package.json`");
    lacks("index.md", "](https://ci.example)");
    lacks("guides/readme.md", "](<javascript");
    has("index.md", "[Testing](testing)");
}

Test(sections, beginnings_are_quoted_with_their_source)
{
    has("getting-started.md", "## Installation");
    has("getting-started.md", "make install");
    has("getting-started.md", "From `README.md:26-33`");
}

Test(sections, guides_keep_their_order_and_links)
{
    const char *list = get("guides.md");

    cr_assert(list);
    cr_assert_lt(strstr(list, "[Second]"), strstr(list, "[First]"), "%s", list);
    has("guides/guide.html", "<h1 id=\"the-guide\">The guide</h1>");
    has("guides/guide.html", "<img src=\"../files/docs/logo.png\"");
    has("guides/guide.html", "<a href=\"../guides/readme.html#installation\">up</a>");
    lacks("guides/guide.html", ":::");
    has("guides/second.html", "<a href=\"../guides/first.html#here\">Here</a>");
    has("guides/second.html", "<a href=\"../guides/first.html#here\">that</a>");
    has("guides/first.html", "<a href=\"../guides/second.html\">Second</a>");
    has("guides/second.md", "[that](first#here)");
    lacks("guides/second.html", "::");
    has("guides/second.html", "kept");
    cr_assert(get("files/docs/logo.png"));
}

Test(sections, dependencies_of_every_manifest)
{
    has("dependencies.md", "| `left-pad` | `^1.0.0` | runtime | `package.json:6` |");
    has("dependencies.md", "| `mocha` | `^10` | development | `package.json:9` |");
    has("dependencies.md", "- Needs Python `>=3.9` (`pyproject.toml:3`)");
    has("dependencies.md", "| `flask` | `>=2` | runtime | `pyproject.toml:5` |");
    has("dependencies.md", "| `click` |  | runtime | `pyproject.toml:6` |");
    has("dependencies.md", "| `sphinx` |  | optional (docs) |");
    has("dependencies.md", "| `serde` | `1.0` | runtime | `Cargo.toml:5` |");
    has("dependencies.md", "| `insta` | `1` | development |");
    has("dependencies.md", "| `golang.org/x/net` | `v0.1.0` | runtime | `go.mod:6` |");
    has("dependencies.md", "| `golang.org/x/sys` | `v0.2.0` | indirect | `go.mod:7` |");
}

Test(sections, testing_and_build_are_what_is_declared)
{
    has("testing.md", "| `make check` | Runs all of the tests | `Makefile:6` |");
    has("testing.md", "| `npm run test` | `mocha \\| tee x` |");
    has("testing.md", "| `tests` | 1 | 1 |");
    has("testing.md", "make check\n```");
    has("build.md", "| `make all` | Builds the whole thing for you | `Makefile:4` |");
    lacks("build.md", "`make thing`");
    has("build.md", "| `EXPOSE 80` | `Dockerfile:3` |");
    has("build.md", "| `web` | `thing:1` | `docker-compose.yml:2` |");
    has("build.md", "| CI | unit | push, pull_request | ubuntu-latest |");
}

Test(sections, rules_changes_and_quality)
{
    has("contributing.md", "Write to us.");
    has("changelog.html", "<a href=\"guides/guide.html\">guide</a>");
    has("changelog.md", "One \\`x\\` \\<b> \\| `{{y}}`");
    has("quality.md", "- **Modules**: looked for");
    has("llms.txt", "- [Getting started](getting-started.md)");
    has("style.css", "prefers-color-scheme: dark");
}

Test(sections, odd_names_are_shown_as_they_are)
{
    has("guides.html", "<a href=\"guides/we-ird-na-me-b-x-y.html\">Odd title | x</a>");
    has("guides/we-ird-na-me-b-x-y.html", "we|ird `na*me` &lt;b&gt; [x](y).md</code>");
    has("guides.html", "guides/new-x0aline.html");
}

Test(sections, a_crawl_finds_nothing_broken)
{
    run(apr_psprintf(pool, "tests/tools/crawl %s >%s/crawl.txt || { cat %s/crawl.txt; false; }",
                     site_dir, top, top));
}

Test(sections, the_crawl_sees_what_is_broken)
{
    const char *page = apr_pstrcat(pool, site_dir, "/guides.html", NULL);

    run(apr_psprintf(pool, "printf '<a href=\"no.html\">x</a>' >>%s", page));
    cr_assert_neq(system(apr_psprintf(pool, "tests/tools/crawl %s >/dev/null", site_dir)), 0);
}

Test(sections, the_same_commit_gives_the_same_bytes)
{
    const char *second = apr_pstrcat(pool, top, "/second", NULL);

    site_make(second);
    run(apr_psprintf(pool, "diff -r %s %s", site_dir, second));
}

static docgen_symbol *told(apr_array_header_t *into, const char *name, const char *kind,
                           const char *text)
{
    static docgen_file file = {.path = "a.c", .lang = DOCGEN_LANG_C};
    docgen_symbol *symbol = apr_pcalloc(pool, sizeof(*symbol));
    docgen_doc *doc = apr_pcalloc(pool, sizeof(*doc));

    doc->summary = doc->body = "";
    doc->fields = apr_array_make(pool, 1, sizeof(docgen_doc_field));
    APR_ARRAY_PUSH(doc->fields, docgen_doc_field) = (docgen_doc_field){.kind = kind, .text = text};
    symbol->name = symbol->qualified = name;
    symbol->kind = "function";
    symbol->file = &file;
    symbol->doc = doc;
    symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
    APR_ARRAY_PUSH(into, docgen_symbol *) = symbol;
    return symbol;
}

Test(sections, changes_of_the_api_as_comments_tell)
{
    docgen_module module = {.name = "m", .visibility = DOCGEN_VISIBLE_PUBLIC};
    docgen_model model = {.modules = apr_array_make(pool, 1, sizeof(docgen_module *))};
    docgen_site site = {.pool = pool, .model = &model};

    module.symbols = apr_array_make(pool, 8, sizeof(docgen_symbol *));
    APR_ARRAY_PUSH(model.modules, docgen_module *) = &module;
    cr_assert_null(docgen_api_changes(&site, pool, "changelog"));
    told(module.symbols, "old", "since", "0.9");
    told(module.symbols, "first", "since", "1.2");
    told(module.symbols, "newest", "since", "version 10.0");
    told(module.symbols, "better", "changed", "v1.10.1: returns | more");
    told(module.symbols, "gone", "deprecated", "Use apr_pbase64_decode() of 2.0");
    told(module.symbols, "secret", "since", "10.0")->visibility = DOCGEN_VISIBLE_INTERNAL;
    cr_assert_str_eq(
        docgen_api_changes(&site, pool, "changelog"),
        "### API in 10.0\n\n| Change | Name | What the source says |\n|---|---|---|\n"
        "| added | `newest` | version 10.0 |\n"
        "\n### API in 1.10.1\n\n| Change | Name | What the source says |\n|---|---|---|\n"
        "| changed | `better` | v1.10.1: returns \\| more |\n"
        "\n### API in 1.2\n\n| Change | Name | What the source says |\n|---|---|---|\n"
        "| added | `first` | 1.2 |\n"
        "\n### Deprecated\n\n| Change | Name | What the source says |\n|---|---|---|\n"
        "| deprecated | `gone` | Use apr_pbase64_decode() of 2.0 |\n");
}
