/* Whole documentation of small repositories, one for each language and one of documents, byte for byte: the Markdown
 * of all pages together is tests/unit/golden/NAME.md. After a change that is meant,
 *
 *     GOLDEN_UPDATE=1 build/unit/test_golden
 *
 * writes the files anew; read `git diff tests/unit/golden` before it is committed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

TestSuite(golden, .init = made_setup, .fini = made_teardown, .timeout = 120);

/** The Markdown of every page, each behind a line with its path, in the order of the paths; the sandbox depends on the
 * machine. */
static const char *site_text(const made_site *site)
{
    const char *argv[] = {"sh",
                          "-c",
                          "cd \"$1\" && find . -name '*.md' -o -name llms.txt | LC_ALL=C sort | "
                          "while read -r f; do echo \"@@@ $f\"; sed 's/ confined by .*/ "
                          "confined./' \"$f\"; echo; done",
                          "sh",
                          site->dir,
                          NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    return result.output;
}

static void file_put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    cr_assert(file && fwrite(text, 1, strlen(text), file) == strlen(text), "%s", path);
    fclose(file);
}

/** What differs between the golden file and the text, as `diff -u` shows it. */
static const char *difference(const char *golden, const char *text)
{
    const char *argv[] = {"diff", "-u", golden, "-", NULL};
    docgen_run run = {.argv = argv, .input = text, .input_length = strlen(text)};
    docgen_run_result result;

    docgen_run_program(made_here.pool, &run, &result);
    return result.output;
}

/** Generates twice, once with an empty cache and once with a full one, and compares with the golden file. */
static void is_golden(const char *git_dir, const char *name)
{
    made_site first = made_site_of(git_dir);
    made_site second = made_site_run(git_dir, "again");
    const char *text = site_text(&first);
    const char *golden =
        apr_pstrcat(made_here.pool, made_tool("../unit/golden/"), name, ".md", NULL);
    const char *differs;

    cr_assert_eq(second.exit_code, 0);
    cr_assert_str_eq(text, site_text(&second), "two runs differ");
    made_site_crawl(&first);
    if (getenv("GOLDEN_UPDATE")) {
        file_put(golden, text);
    }
    differs = difference(golden, text);
    cr_assert_str_eq(differs, "",
                     "the documentation of %s differs from %s:\n%s\nIf that is meant: "
                     "GOLDEN_UPDATE=1 build/unit/test_golden",
                     name, golden, differs);
}

Test(golden, c)
{
    made_begin("The C library");
    made_file("README.md", "# Ring\n\nA ring buffer of bytes in C.\n\n## Usage\n\n```c\n"
                           "ring_push(&r, 'x');\n```\n\n`src/ring.c` wraps at the end.\n");
    made_file("include/ring.h",
              "/* Copyright 2023 Ada Lovelace. Licensed under the MIT licence. */\n/* Bytes that "
              "go round. */\n#ifndef RING_H\n#define RING_H\n\n"
              "/** Most bytes in a ring. */\n#ifndef RING_MAX\n#define RING_MAX 64\n#endif\n\n"
              "/** A ring of bytes. */\ntypedef struct ring {\n    char data[RING_MAX];\n"
              "    int head; /**< where the next byte goes */\n} ring;\n\n"
              "/** What may happen. */\ntypedef enum {\n    RING_OK,  /**< all is well */\n"
              "    RING_FULL /**< no room */\n} ring_status;\n\n"
              "/**\n * Adds a byte.\n * @param r the ring\n * @param byte what is added\n"
              " * @return RING_FULL when there is no room\n * @since 1.1\n */\n"
              "ring_status ring_push(ring *r, char byte);\n\n"
              "/**\n * Is it empty?\n * @deprecated compare the heads\n */\nint "
              "ring_is_empty(const ring *r);\n"
              "\n#endif\n");
    made_file("src/ring.c",
              "#include \"ring.h\"\n#include <stdlib.h>\n\nstatic int next(int i)\n{\n"
              "    return (i + 1) % RING_MAX;\n}\n\nring_status ring_push(ring *r, char byte)\n{\n"
              "    r->data[r->head] = byte;\n    r->head = next(r->head);\n"
              "    return getenv(\"RING_TRACE\") ? RING_FULL : RING_OK;\n}\n\n"
              "int ring_is_empty(const ring *r)\n{\n    return r->head == 0;\n}\n");
    made_file("examples/hello.c", "#include \"ring.h\"\n\nint main(void)\n{\n    ring r = {0};\n"
                                  "    return ring_push(&r, 'h');\n}\n");
    made_file("configure.ac", "AC_INIT([ring], [1.1])\nAC_ARG_ENABLE([trace],\n"
                              "  [AS_HELP_STRING([--enable-trace], [say more])], [], "
                              "[enable_trace=no])\n");
    made_file("Makefile", ".PHONY: all\n# Builds the library\nall: ring.o\n\n"
                          ".PHONY: check\n# Runs the tests of it\ncheck: all\n");
    is_golden(made_end("c.git"), "c");
}

Test(golden, python)
{
    made_begin("The Python package");
    made_file("README.md", "# shapes\n\nShapes with areas.\n\n## Installation\n\n```sh\n"
                           "pip install shapes\n```\n");
    made_file(
        "pyproject.toml",
        "[project]\nname = \"shapes\"\nversion = \"2.0\"\nrequires-python = \">=3.9\"\n"
        "dependencies = [\"attrs>=20\"]\n\n[project.scripts]\nshapes = \"shapes.cli:main\"\n");
    made_file("shapes/__init__.py",
              "\"\"\"Shapes with areas.\"\"\"\nfrom ._core import Shape, area\n"
              "__all__ = [\"Shape\", \"area\"]\n");
    made_file(
        "shapes/_core.py",
        "class Shape:\n    \"\"\"A shape.\n\n    Args:\n        size: how large it is\n"
        "    \"\"\"\n\n    def __init__(self, size: float = 1.0):\n        self.size = size\n\n"
        "    @property\n    def double(self) -> float:\n        \"\"\"Twice the size.\"\"\"\n"
        "        return 2 * self.size\n\n    def _hidden(self):\n        pass\n\n\n"
        "def area(shape: Shape, *, exact: bool = False) -> float:\n"
        "    \"\"\"The area of a shape.\n\n    :param shape: what is measured\n"
        "    :returns: square units\n    :raises ValueError: when it has none\n\n"
        "    >>> area(Shape(2))\n    4\n    \"\"\"\n    return shape.size ** 2\n");
    made_file("shapes/cli.py",
              "import argparse\nimport os\nfrom . import Shape, area\n\n\ndef main():\n"
              "    \"\"\"Runs the command.\"\"\"\n    parser = argparse.ArgumentParser()\n"
              "    parser.add_argument(\"-s\", \"--size\", default=1, help=\"how large it is\")\n"
              "    os.environ.get(\"SHAPES_UNIT\", \"cm\")\n    return area(Shape(2))\n");
    made_file("tests/test_area.py", "from shapes import Shape, area\n\n\ndef test_area():\n"
                                    "    assert area(Shape(2)) == 4\n");
    is_golden(made_end("python.git"), "python");
}

Test(golden, script)
{
    made_begin("The package for npm");
    made_file("README.md", "# greet\n\nGreets people.\n");
    made_file("package.json",
              "{\n  \"name\": \"greet\",\n  \"version\": \"3.1.0\",\n  \"main\": \"index.js\",\n"
              "  \"exports\": {\".\": \"./index.js\", \"./typed\": \"./src/typed.ts\"},\n"
              "  \"scripts\": {\"test\": \"node --test\"},\n"
              "  \"dependencies\": {\"left-pad\": \"^1.3.0\"}\n}\n");
    made_file("index.js", "export { greet } from './src/greet.js';\n/** The version. */\n"
                          "export const VERSION = '3.1.0';\n");
    made_file("src/greet.js", "/**\n * Greets somebody.\n * @param {string} name who\n"
                              " * @returns {string} a sentence\n * @example\n * greet('Ada')\n */\n"
                              "export function greet(name) {\n"
                              "  return `${process.env.GREETING} ${name}`;\n}\n");
    made_file("src/typed.ts",
              "/** How to greet. */\nexport interface Options {\n  /** Say it aloud. */\n"
              "  loud?: boolean;\n  words: string[];\n}\n\n/** Greets in many words. */\n"
              "export function greetAll(options: Options): string;\n"
              "export function greetAll(options: Options, name: string): string;\n"
              "export function greetAll(options: Options, name?: string): string {\n"
              "  return options.words.join(name);\n}\n\nexport type Word = string | number;\n");
    is_golden(made_end("script.git"), "script");
}

Test(golden, go)
{
    made_begin("The Go module");
    made_file("README.md", "# queue\n\nA queue.\n");
    made_file("go.mod",
              "module example.org/queue\n\ngo 1.21\n\nrequire golang.org/x/sync v0.1.0\n");
    made_file(
        "queue.go",
        "// Package queue holds jobs until somebody takes them.\npackage queue\n\n"
        "import \"errors\"\n\n// ErrEmpty says that there is no job.\n"
        "var ErrEmpty = errors.New(\"empty\")\n\n// Queue is a line of jobs.\n"
        "type Queue struct {\n\t// Limit is the most jobs.\n\tLimit int\n\tjobs  []string\n}\n\n"
        "// Push adds a job at the end.\nfunc (q *Queue) Push(job string) error {\n"
        "\tq.jobs = append(q.jobs, job)\n\treturn nil\n}\n\n// New makes a queue.\n//\n"
        "// Deprecated: use a literal.\nfunc New(limit int) *Queue { return &Queue{Limit: limit} "
        "}\n\nfunc hidden() {}\n");
    made_file("cmd/queue/main.go",
              "// Command queue runs a queue.\npackage main\n\nimport (\n\t\"flag\"\n\n"
              "\t\"example.org/queue\"\n)\n\nfunc main() {\n"
              "\tlimit := flag.Int(\"limit\", 10, \"most jobs\")\n\tqueue.New(*limit)\n}\n");
    is_golden(made_end("go.git"), "go");
}

Test(golden, rust)
{
    made_begin("The crate");
    made_file("README.md", "# stack\n\nA stack.\n");
    made_file("Cargo.toml", "[package]\nname = \"stack\"\nversion = \"0.3.0\"\n"
                            "rust-version = \"1.70\"\n\n[dependencies]\nserde = \"1\"\n");
    made_file("src/lib.rs",
              "//! A stack of things.\n\nmod inner;\npub mod error;\npub use inner::Stack;\n\n"
              "/// Makes a stack.\n///\n/// # Examples\n///\n/// ```\n/// let s = stack::make(3);\n"
              "/// ```\npub fn make(size: usize) -> Stack<u8> {\n    Stack::new(size)\n}\n");
    made_file(
        "src/inner.rs",
        "/// A stack.\npub struct Stack<T> {\n    /// How many fit in.\n    pub size: usize,\n"
        "    things: Vec<T>,\n}\n\nimpl<T> Stack<T> {\n    /// An empty stack.\n"
        "    pub fn new(size: usize) -> Self {\n"
        "        Stack { size, things: Vec::new() }\n    }\n\n    fn hidden(&self) {}\n}\n");
    made_file("src/error.rs",
              "/// What goes wrong.\npub enum Error {\n    /// No room.\n    Full,\n"
              "    /// Nothing there.\n    Empty { at: usize },\n}\n\n"
              "/// Counts.\n#[macro_export]\nmacro_rules! count {\n    () => { 0 };\n}\n");
    is_golden(made_end("rust.git"), "rust");
}

Test(golden, documents)
{
    made_begin("The documents");
    made_file("README.md",
              "# Handbook\n\n[![Build](https://ci.example/x.svg)](https://ci.example)\n\n"
              "How we work. Read [the guide](docs/guide.md#second-part).\n\n> [!NOTE]\n> Mind.\n");
    made_file("docs/index.rst", "Contents\n========\n\n.. toctree::\n\n   second\n   first\n");
    made_file("docs/first.rst",
              "First\n=====\n\n.. _here:\n\nHere\n----\n\nSee :doc:`second`, :ref:`here` and "
              "``code``.\n\n.. versionadded:: 1.2\n\n.. warning::\n   Careful.\n\n"
              "=====  =====\nA      B\n=====  =====\n1      2\n=====  =====\n\n"
              ".. code-block:: python\n\n   print(1)\n");
    made_file("docs/second.rst", "Second\n======\n\n.. include:: part.txt\n\n"
                                 ".. py:function:: run(x)\n\n   Runs it.\n");
    made_file("docs/part.txt", "An *included* part.\n");
    made_file("docs/guide.md", "---\ntitle: The guide\n---\n\n# Guide\n\n## Second part\n\n"
                               "- [x] done\n- [ ] open\n\n:::tip\nGood.\n:::\n\n"
                               "<details><summary>More</summary>\n\nHidden.\n\n</details>\n\n"
                               "A note[^1] :rocket:\n\n[^1]: Below.\n");
    made_file("docs/ascii.adoc", "= Ascii\n:who: you\n\nHello {who}, see <<more,there>>.\n\n"
                                 "[[more]]\n== More\n\n* one\n** two\n\n[source,c]\n----\nint x;\n"
                                 "----\n\nNOTE: Mind.\n\n|===\n|A |B\n\n|1 |2\n|===\n");
    made_file("docs/old.html", "<html><head><title>Old</title></head><body><h2>Part</h2>"
                               "<p>See <a href=\"guide.html\">the guide</a>.</p></body></html>\n");
    made_file("CHANGELOG.md", "# Changelog\n\n## 1.1\n\n- Better\n\n## 1.0\n\n- First\n");
    made_file("CONTRIBUTING.md", "# How to help\n\nWrite.\n");
    made_file("LICENSE", "Do what you like.\n");
    is_golden(made_end("documents.git"), "documents");
}
