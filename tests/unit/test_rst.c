/* What the reStructuredText and AsciiDoc readers promise: nothing of their markup reaches a reader.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include "generator/documents/markdown.h"
#include "unit/rendered.h"

TestSuite(rst, .init = pool_setup, .fini = pool_teardown, .timeout = 20);

static const char *include(void *baton, apr_pool_t *p, const char *path)
{
    (void)baton;
    (void)p;
    if (!strcmp(path, "part.rst"))
        return "Included *text*.\n\n.. note:: inner\n";
    if (!strcmp(path, "code.py"))
        return "one\ntwo\nthree\nfour\n";
    if (!strcmp(path, "loop.rst"))
        return ".. include:: loop.rst\n";
    if (!strcmp(path, "other.rst"))
        return ".. _x:\n\nOther title\n===========\n\ntext\n";
    return NULL;
}

static const char *html(const char *rst)
{
    return docgen_markdown_html(pool, docgen_rst_markdown(pool, rst, include, NULL), 0, NULL, NULL);
}

Test(rst, headings_by_order_of_appearance)
{
    const char *text =
        "=====\nTitle\n=====\n\nPart\n====\n\ntext\n\nSub\n---\n\nPart two\n========\n";

    has(text, "<h1 id=\"title\">Title</h1>");
    has(text, "<h2 id=\"part\">Part</h2>");
    has(text, "<h3 id=\"sub\">Sub</h3>");
    has(text, "<h2 id=\"part-two\">Part two</h2>");
}

Test(rst, inline_markup)
{
    has("*a* **b** ``c_d`` \\*e\\*", "<em>a</em> <strong>b</strong> <code>c_d</code> *e*");
    has("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4");
    has("`text <https://e.org/x>`_ end",
        "<a href=\"https://e.org/x\" rel=\"nofollow noopener\">text</a> end");
    has("See name_.\n\n.. _name: https://e.org/n\n", "<a href=\"https://e.org/n\"");
    has("See `Two words`_.\n\n.. _two words: https://e.org/n\n", "<a href=\"https://e.org/n\"");
    has("`anon`__\n\n__ https://e.org/a\n", "<a href=\"https://e.org/a\"");
    has("|v| here\n\n.. |v| replace:: **1.2**\n", "<strong>1.2</strong> here");
    has("Note [1]_.\n\n.. [1] The note.\n", "<sup>");
    has(":pep:`8` and :rfc:`2119`", "https://peps.python.org/pep-0008/");
    has(":unknown:`plain text`", "plain text");
    has("a <b> & c", "a &lt;b&gt; &amp; c");
}

Test(rst, roles_leave_names)
{
    has(":meth:`~pkg.Class.run`", "<code>run</code>");
    has(":class:`pkg.Class`", "<code>pkg.Class</code>");
    has(":py:func:`text <pkg.f>`", "<code>text</code>");
    has(":envvar:`HOME` :option:`--all`", "<code>HOME</code> <code>--all</code>");
    has(":doc:`other`", ">Other title</a>");
    has(":doc:`shown <other>`", ">shown</a>");
    has(".. _here:\n\nPlace\n=====\n\n:ref:`go <here>`\n", "<a href=\"#u-here\">go</a>");
    lacks(":meth:`~pkg.Class.run` :ref:`nowhere` :c:func:`f`", ":`");
}

Test(rst, code_and_literals)
{
    has("Text::\n\n    a <b>\n      c\n\nafter", "<pre><code>a &lt;b&gt;\n  c\n</code></pre>");
    has("Text::\n\n    x\n", "<p>Text:</p>");
    has(".. code-block:: python\n   :linenos:\n\n   x = 1\n",
        "<code class=\"language-python\">x = 1\n");
    has(".. highlight:: c\n\nText::\n\n  int x;\n", "<code class=\"language-c\">int x;");
    has(">>> 1 + 1\n2\n", "<code class=\"language-python\">&gt;&gt;&gt; 1 + 1\n2\n");
    has(".. literalinclude:: code.py\n   :lines: 2-3\n", "<pre><code>two\nthree\n</code></pre>");
    has(".. code::\n\n   ```\n   x\n", "```\nx\n</code></pre>");
}

Test(rst, directives_become_what_they_mean)
{
    has(".. note:: Careful\n   *now*.\n", "markdown-alert-note");
    has(".. note:: Careful\n   *now*.\n", "<p>Careful\n<em>now</em>.</p>");
    has(".. admonition:: My <title>\n\n   Text.\n", "My &lt;title&gt;</p>");
    has(".. versionadded:: 1.2\n   The thing.\n", "<em>Added in version 1.2:</em>");
    has(".. deprecated:: 3\n", "<em>Deprecated since version 3.</em>");
    has(".. py:data:: DEBUG\n\n   Whether. Default: ``False``\n",
        "<dt id=\"u-debug\">\n<p><code>DEBUG</code></p>");
    has(".. option:: -a, --all\n\n   Everything.\n", "<code>-a, --all</code>");
    has(".. include:: part.rst\n", "Included <em>text</em>.");
    has(".. toctree::\n   :maxdepth: 2\n\n   other\n   Named <third>\n", ">Other title</a></li>");
    has(".. toctree::\n\n   Named <third>\n", ">Named</a></li>");
    has(".. tabs::\n\n   .. group-tab:: Linux\n\n      Text\n", "<strong>Linux</strong>");
    has(".. dropdown:: More\n\n   Text\n", "<details><summary>More</summary>");
    has(".. autoclass:: pkg.Class\n   :members:\n", "<code>pkg.Class</code>");
    has(".. mystery:: x\n\n   Its *text*.\n", "Its <em>text</em>.");
    lacks(".. raw:: html\n\n   <b>x</b>\n\nafter", "<b>");
    lacks(".. contents::\n   :local:\n\nafter", ":local:");
    lacks(".. comment\n   hidden\n\nafter", "hidden");
}

Test(rst, lists_and_definitions)
{
    has("- a\n- b\n\n  more\n", "<p>more</p>\n</li>");
    has("#. a\n#. b\n", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>");
    has("term\n    What it *is*.\n", "<dt>\n<p>term</p>\n</dt><dd>\n<p>What it <em>is</em>.</p>");
    has(":Author: Me\n:Version: 1\n", "<li><strong>Author</strong>: Me</li>");
    has("-a, --all  Everything\n-b  Other\n", "<code>-a, --all</code>");
    has("| one\n| two\n", "one<br>\ntwo");
    has("para\n\n   quoted\n\nafter", "<blockquote>");
}

Test(rst, tables)
{
    has("+-----+-----+\n| a   | b   |\n+=====+=====+\n| 1   | ``x``|\n+-----+-----+\n",
        "<th>a</th>");
    has("=====  =====\nA      B\n=====  =====\n1      two\n       lines\n3      x\n=====  =====\n",
        "<td>two lines</td>");
    has(".. list-table::\n   :header-rows: 1\n\n   * - H1\n     - H2\n   * - a\n     - b\n",
        "<th>H1</th>");
    has(".. csv-table:: T\n   :header: \"a\", \"b\"\n\n   \"1, x\", 2\n", "<td>1, x</td>");
}

static const char *staircase(const char *piece, int steps)
{
    char *text = apr_palloc(pool, (apr_size_t)steps * ((apr_size_t)steps * 2 + 40));
    char *end = text;

    for (int i = 0; i < steps; i++)
        end += sprintf(end, "%*s%s\n\n", i * 2, "", piece);
    return text;
}

Test(rst, bombs_stay_small_and_fast)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("its limits are in milliseconds");
    }
    const char *bombs[] = {
        repeat("`", 100000),
        repeat("*a ", 60000),
        repeat(":func:`", 30000),
        repeat("|a", 60000),
        repeat("a_ ", 60000),
        repeat("[1]_ ", 40000),
        repeat(".. include:: loop.rst\n\n", 2000),
        staircase(".. note::", 300),
        staircase("- x", 300),
        staircase("term", 300),
        repeat("+-", 30000),
        apr_pstrcat(pool, repeat("= ", 20000), "\n", repeat("x\n", 20000), NULL),
        repeat("=\n", 60000),
        repeat(".. _a:\n", 30000),
        repeat("``", 60000),
    };

    bombs_fizzle(bombs, sizeof(bombs) / sizeof(*bombs), 5, 32, 65536);
}

static void adoc(const char *text, const char *part)
{
    const char *result =
        docgen_markdown_html(pool, docgen_asciidoc_markdown(pool, text), 0, NULL, NULL);

    cr_assert(strstr(result, part), "\n%s\ngave\n%s\nwithout\n%s", text, result, part);
}

Test(rst, asciidoc_reads_well)
{
    adoc("= Title\n:name: Thing\n\nThe {name}.\n", "<p>The Thing.</p>");
    adoc("= Title\n\n== Part\n", "<h2 id=\"part\">Part</h2>");
    adoc("[source,ruby]\n----\nputs <1>\n----\n", "<code class=\"language-ruby\">puts &lt;1&gt;");
    adoc("See link:x.adoc[the file] and https://e.org[site].\n", "<a href=\"x.adoc\">the file</a>");
    adoc("* a\n** b\n* c\n", "<li>b</li>");
    adoc("NOTE: Mind *this*.\n", "markdown-alert-note");
    adoc("[WARNING]\n====\nHot.\n====\n", "markdown-alert-warning");
    adoc("|===\n|a |b\n\n|1 |2\n|===\n", "<th>a</th>");
    adoc("|===\n|a |b\n\n|1 |2\n|===\n", "<td>2</td>");
}
