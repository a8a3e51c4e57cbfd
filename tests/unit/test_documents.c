/* The tree that every document becomes: kinds, lines, what is left out.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
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
