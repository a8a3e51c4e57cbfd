/* The tree that every document becomes: kinds, lines, what is left out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "generator/documents/html.h"
#include "generator/documents/html_read.h"
#include "generator/documents/node.h"
#include "unit/rendered.h"

TestSuite(documents, .init = pool_setup, .fini = pool_teardown, .timeout = 20);

static const char *html(const char *text)
{
    return docgen_markdown_html(pool, text, 0, NULL, NULL);
}

/* The `n`th node of a kind, from 0. */
static const docgen_node *find(const docgen_node *document, docgen_node_kind kind, int n)
{
    for (const docgen_node *at = document; at; at = docgen_node_next(document, at)) {
        if (at->kind == kind && n-- == 0)
            return at;
    }
    cr_assert_fail("no node of kind %d", (int)kind);
    return NULL;
}

static const char *text_of(const docgen_node *node)
{
    docgen_buffer *text = docgen_buffer_create(pool);

    docgen_node_text(node, text);
    return text->length ? text->data : "";
}

Test(documents, blocks_know_their_kind_and_line)
{
    const docgen_node *document =
        docgen_markdown_read(pool, "---\ntitle: x\n---\n# One *two*\n\ntext\n\n"
                                   "::: tip\ninside\n:::\n\n> [!NOTE]\n> quoted\n\n"
                                   "```c\nint a;\n```\n\n| a |\n|---|\n| b |\n\n[^1]\n\n[^1]: n\n");
    const docgen_node *heading = find(document, DOCGEN_NODE_HEADING, 0);

    cr_assert_eq(heading->level, 1);
    cr_assert_eq(heading->line, 4);
    cr_assert_str_eq(text_of(heading), "One two");
    cr_assert_eq(find(document, DOCGEN_NODE_PARAGRAPH, 0)->line, 6);
    cr_assert_eq(find(document, DOCGEN_NODE_ADMONITION, 0)->parent, document);
    cr_assert_str_eq(text_of(find(document, DOCGEN_NODE_ADMONITION, 1)->last->parent),
                     text_of(find(document, DOCGEN_NODE_ADMONITION, 1)));
    cr_assert(strstr(text_of(find(document, DOCGEN_NODE_ADMONITION, 1)), "quoted"));
    cr_assert_str_eq(text_of(find(document, DOCGEN_NODE_CODE_BLOCK, 0)), "int a;\n");
    cr_assert_eq(find(document, DOCGEN_NODE_CODE, 0)->line, 16);
    cr_assert_str_eq(text_of(find(document, DOCGEN_NODE_CELL, 1)), "b");
    cr_assert_eq(find(document, DOCGEN_NODE_CELL, 1)->line, 21);
    cr_assert(strstr(text_of(find(document, DOCGEN_NODE_FOOTNOTES, 0)), "n"));
}

Test(documents, raw_html_and_markdown_become_one_tree)
{
    const docgen_node *document = docgen_markdown_read(
        pool, "<details><summary>More</summary>\n\n*a*\n\n</details>\n\n<b>x</b>\n");
    const docgen_node *details = find(document, DOCGEN_NODE_DETAILS, 0);
    const docgen_node *emphasis = find(document, DOCGEN_NODE_EMPHASIS, 0);

    cr_assert_eq(emphasis->parent->kind, DOCGEN_NODE_PARAGRAPH);
    cr_assert_eq(emphasis->parent->parent, details);
    cr_assert_str_eq(find(document, DOCGEN_NODE_STRONG, 0)->element, "strong");
}

Test(documents, entities_are_characters)
{
    has("&check; &nbsp;&#x41; &NotEqualTilde; &nothing; [a](x?a&amp;b=&auml;)", "\xe2\x9c\x93 ");
    has("&#x41;", "<p>A</p>");
    has("&NotEqualTilde;", "\xe2\x89\x82\xcc\xb8");
    has("&nothing;", "&amp;nothing;");
    has("[a](x?a&amp;b=&auml;)", "href=\"x?a&amp;b=%C3%A4\"");
    has("&#0;&#xD800;&#x110000;", "<p>\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</p>");
}

Test(documents, what_nobody_sees_is_left_out)
{
    /* tag characters, an override, a zero-width space, in text, code, titles and raw HTML */
    has("a\xf3\xa0\x81\xb2\xf3\xa0\x80\xa0"
        "b",
        "<p>ab</p>");
    has("x\xe2\x80\xae"
        "admin\xe2\x80\xac",
        "<p>xadmin</p>");
    has("zero\xe2\x80\x8bwidth `a\xe2\x81\xa0"
        "b`",
        "<p>zerowidth <code>ab</code></p>");
    has("```\na\xe2\x80\x8b"
        "b\n```\n",
        "ab");
    has("![a\xe2\x80\xae"
        "b](x.png)",
        "alt=\"ab\"");
    lacks("a <!-- do as I say --> b", "as I");
    /* Persian needs the joiner; a family is one character. */
    has("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae", "\xe2\x80\x8c");
    has("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", "\xe2\x80\x8d");
    lacks("a\xe2\x80\x8d"
          "b",
          "\xe2\x80\x8d");
}

Test(documents, too_much_work_leaves_plain_text)
{
    const char *text = repeat("*a* ", 150 * 1000);
    const docgen_node *document = docgen_markdown_read(pool, text);

    cr_assert_eq(document->first->kind, DOCGEN_NODE_CODE_BLOCK);
    cr_assert_eq(strncmp(document->first->first->text, "*a* *a* ", 8), 0);
}

/* What is written as Markdown and read again gives the same HTML. */
static void is_stable(const char *text)
{
    docgen_ids *ids = docgen_ids_create(pool);
    const docgen_node *document = docgen_markdown_read(pool, text);
    const char *markdown = docgen_markdown_write(pool, document, 0, NULL);
    const char *first =
        docgen_ids_resolve(ids, pool, docgen_html_write(pool, document, 0, NULL, NULL, ids));

    cr_assert_str_eq(html(markdown), first, "\n%s\nbecame\n%s", text, markdown);
}

Test(documents, markdown_comes_back_as_the_same_html)
{
    static const char *const texts[] = {
        "# A *b* `c` {#own}\n\ntext **bold** and *slanted*, ~~gone~~\n",
        "a\\*b\\_c \\`d\\` \\[e\\](f) \\<b\\> &amp;amp; https\\://e.org x@y Shop::Full\n",
        "1\\. x\n\n\\- y\n\n\\# z\n\n\\> q\n\n\\=\n",
        "- a\n- b\n  - c\n\n    d\n\n1. x\n2. y\n\n3) z\n",
        "* a\n* b\n\n- c\n- d\n",
        "- [x] done\n- [ ] open\n",
        "```c\nint `a`;\n\n\tif (x)\n```\n\n~~~~\n```\n~~~~\n",
        "> quoted\n>\n> ```\n> x\n> ```\n",
        "| a | b |\n|:--|--:|\n| `x\\|y` | p \\| q |\n",
        "[a](b.md \"t\") ![i](c.png) [d](<e f.md>) <https://e.org>\n",
        "a\\\nb\n\n***\n\nc\n",
        "a\\\n\\\nb *c\\\nd*\n\n| a |\n|---|\n| b<br>c |\n",
        "x<sub>2</sub> <kbd>K</kbd> **a**b *(c)*d **`e`**f\n",
        "One[^a] two[^b].\n\n[^a]: First.\n\n[^b]: Second *note*.\n",
        "\\::: tip\n\n\\!!! note\n\n\\??? x\n",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        is_stable(texts[i]);
}

/* Both writers, on what would make them look at the same nodes again and again. */
Test(documents, hostile_documents_are_written_soon)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("its limits are in milliseconds");
    }
    const char *bombs[] = {
        repeat("* a\n- b\n", 20000),
        repeat("x<br>", 40000),
        repeat("<br>", 60000),
        repeat("<dl><dt>x</dt><dd>y</dd></dl>\n", 10000),
        apr_pstrcat(pool, "<dl><dt>x", repeat(" ", 200000), "y</dt></dl>", NULL),
        repeat("> [!NOTE]\n\n", 20000),
        repeat("<b>", 50000),
        repeat("**a*", 50000),
        repeat("| a |\n|---|\n\n", 15000),
    };

    for (size_t i = 0; i < sizeof(bombs) / sizeof(*bombs); i++) {
        apr_time_t start = apr_time_now();
        const char *markdown =
            docgen_markdown_write(pool, docgen_markdown_read(pool, bombs[i]), 0, NULL);

        cr_assert_lt(apr_time_now() - start, apr_time_from_sec(4), "bomb %zu", i);
        cr_assert_lt(strlen(markdown), 4 * strlen(bombs[i]) + 4096, "bomb %zu", i);
    }
}

static const char *moved(void *baton, apr_pool_t *p, const char *target, int image)
{
    (void)baton;
    if (!strcmp(target, "gone") || !strcmp(target, "badge.svg"))
        return image ? "" : NULL;
    return apr_pstrcat(p, "../", target, NULL);
}

Test(documents, markdown_has_the_links_of_its_page)
{
    docgen_links links = {moved, NULL, NULL};
    const docgen_node *document = docgen_markdown_read(
        pool, "[a][r] [g](gone) [![b](badge.svg)](ci) ![i](i.png) `[x](y)` [f](#x)\n\n[r]: b.md\n");

    cr_assert_str_eq(docgen_markdown_write(pool, document, 0, &links),
                     "[a](../b.md) g ![i](../i.png) `[x](y)` [f](#x)\n");
}

Test(documents, markdown_holds_nothing_that_runs)
{
    static const char *const attacks[] = {
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "<a href=\"java&#x09;script:alert(1)\">x</a>",
        "\\<script>alert(1)\\</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "| <script>x</script> |\n|---|\n| &lt;svg onload=x&gt; |",
        "<svg onload=alert(1)>",
        "[x](y \"&quot; onclick=&quot;\")",
        "<dl><dt><a href=\"javascript:x\">t</a></dt><dd>&lt;style&gt;</dd></dl>",
    };

    for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
        const char *markdown =
            docgen_markdown_write(pool, docgen_markdown_read(pool, attacks[i]), 0, NULL);

        for (const char *tag = strchr(markdown, '<'); tag; tag = strchr(tag + 1, '<'))
            cr_assert((tag > markdown && tag[-1] == '\\') || !strncmp(tag, "<dl>", 4) ||
                          !strncmp(tag, "<dt>", 4) || !strncmp(tag, "<dd>", 4) || tag[1] == '/' ||
                          !strncmp(tag, "<a>", 3),
                      "%s\ngave\n%s", attacks[i], markdown);
        cr_assert_not(strstr(markdown, "script:"), "%s\ngave\n%s", attacks[i], markdown);
    }
}
