/* What the renderer promises: the dialect people write, links and ids that hold, and nothing that runs.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "generator/documents/markdown.h"
#include "unit/rendered.h"

TestSuite(markdown, .init = pool_setup, .fini = pool_teardown, .timeout = 20);

static const char *html(const char *markdown)
{
    return docgen_markdown_html(pool, markdown, 0, NULL, NULL);
}

Test(markdown, the_common_dialect)
{
    cr_assert_str_eq(html("# A *b* `c`\n\ntext\n"),
                     "<h1 id=\"a-b-c\">A <em>b</em> <code>c</code></h1>\n<p>text</p>\n");
    has("| a | b |\n|---|--:|\n| 1 | 2 |\n", "<td align=\"right\">2</td>");
    lacks("| | |\n|---|---|\n| 1 | 2 |\n", "<thead>");
    has("~~gone~~", "<del>gone</del>");
    has("- [x] done\n- [ ] open\n", "<input type=\"checkbox\" disabled checked>");
    has("see https://example.org/a_b now", "<a href=\"https://example.org/a_b\"");
    has("```c\nint a < b;\n```\n", "<pre><code class=\"language-c\">int a &lt; b;\n</code></pre>");
    has("```ts {1,3} [file.ts]\nx\n```\n", "<code class=\"language-ts\">");
    has("<details><summary>More</summary>\n\n*inside*\n\n</details>\n",
        "<details><summary>More</summary>\n<p><em>inside</em></p>\n</details>");
}

Test(markdown, alerts_containers_and_admonitions)
{
    has("> [!WARNING]\n> Careful *now*.\n",
        "<div class=\"markdown-alert markdown-alert-warning\">\n"
        "<p class=\"markdown-alert-title\">Warning</p>\n<p>Careful <em>now</em>.</p>\n</div>");
    has(":::tip Faster\nUse *this*.\n:::\nafter\n",
        "<div class=\"markdown-alert markdown-alert-tip\"><p "
        "class=\"markdown-alert-title\">Faster</p>\n<p>Use <em>this</em>.</p>\n");
    lacks(":::tip Faster\nUse\n:::\nafter\n", ":::");
    has("::: details Log\n```sh\n::: not one\n```\n:::\n", "<summary>Log</summary>");
    has("::: details Log\n```sh\n::: not one\n```\n:::\n", "::: not one");
    has("!!! note \"Mind\"\n    The *gap*.\n\nAfter\n", "<p>The <em>gap</em>.</p>\n</div>");
    has("!!! note \"Mind\"\n    The gap.\n\nAfter\n", "</div>\n<p>After</p>");
    has("=== \"Linux\"\n    apt\n", "<strong>Linux</strong>");
    lacks("::::: code-group\n```sh\nx\n```\n:::::\n", ":::");
}

Test(markdown, front_matter_and_tool_lines_go)
{
    lacks("---\ntitle: X\nlayout: home\n---\n# Y\n", "layout");
    has("---\n\nA rule first.\n", "<p>A rule first.</p>");
    lacks("a\n\n[[toc]]\n\n{: .class }\n\n{% include x.html %}\n", "toc");
    lacks("a\n\n{% include x.html %}\n", "{%");
    has("Text {{ name }} more", "<code>{{ name }}</code>");
}

Test(markdown, footnotes)
{
    const char *result = html("One[^a] and `[^a]`.\n\n[^a]: The *note*\n    goes on.\n");

    cr_assert(strstr(result, "One<sup><a href=\"#u-fn-1\" id=\"u-fnref-1\">1</a></sup>"), "%s",
              result);
    cr_assert(strstr(result, "<code>[^a]</code>"), "%s", result);
    cr_assert(strstr(result, "<li id=\"u-fn-1\">"), "%s", result);
    cr_assert(strstr(result, "The <em>note</em> goes on. <a href=\"#u-fnref-1\">↩</a>"), "%s",
              result);
}

Test(markdown, emoji_only_outside_code)
{
    has("ship :rocket: it", "ship 🚀 it");
    has("`:rocket:` a:b:c", "<code>:rocket:</code> a:b:c");
    has(":no_such_thing:", ":no_such_thing:");
}

Test(markdown, heading_ids_are_unique_and_fragments_find_them)
{
    apr_array_header_t *headings = apr_array_make(pool, 4, sizeof(docgen_heading));
    const char *result = docgen_markdown_html(pool,
                                              "# What's New?\n\n## Usage\n\n## Usage\n\n"
                                              "## Own {#my-id}\n\n###### Deep\n\n"
                                              "[a](#whats-new) [b](#usage-1) [c](#nowhere) "
                                              "[d](#my-id)\n",
                                              1, NULL, headings);

    cr_assert_eq(headings->nelts, 5);
    cr_assert_str_eq(APR_ARRAY_IDX(headings, 0, docgen_heading).id, "what-s-new");
    cr_assert_eq(APR_ARRAY_IDX(headings, 0, docgen_heading).level, 2);
    cr_assert_str_eq(APR_ARRAY_IDX(headings, 1, docgen_heading).id, "usage");
    cr_assert_str_eq(APR_ARRAY_IDX(headings, 2, docgen_heading).id, "usage-1");
    cr_assert_str_eq(APR_ARRAY_IDX(headings, 3, docgen_heading).id, "my-id");
    cr_assert_str_eq(APR_ARRAY_IDX(headings, 3, docgen_heading).text, "Own");
    cr_assert_eq(APR_ARRAY_IDX(headings, 4, docgen_heading).level, 6);
    cr_assert(strstr(result, "<a href=\"#what-s-new\">a</a>"), "%s", result);
    cr_assert(strstr(result, "<a href=\"#usage-1\">b</a>"), "%s", result);
    cr_assert(strstr(result, "<a>c</a>"), "%s", result);
    cr_assert(strstr(result, "<h3 id=\"my-id\">Own</h3>"), "%s", result);
    has("## f {#a-__init__}\n\n[x](#a-__init__)\n", "<h2 id=\"a-__init__\">f</h2>");
}

static const char *resolve(void *baton, apr_pool_t *p, const char *target, int image)
{
    (void)baton;
    if (!strcmp(target, "gone"))
        return NULL;
    if (image && !strcmp(target, "badge.svg"))
        return "";
    return strncmp(target, "http", 4) ? apr_pstrcat(p, "../", target, NULL) : target;
}

static const char *symbol(void *baton, apr_pool_t *p, const char *name)
{
    (void)baton;
    (void)p;
    return strcmp(name, "parse") ? NULL : "../api/x#parse";
}

Test(markdown, links_and_images_go_through_the_resolver)
{
    docgen_links links = {resolve, symbol, NULL};
    const char *result =
        docgen_markdown_html(pool,
                             "[a](b.md) [c](gone) ![i](i.png) ![r](https://e.org/r.png)\n\n"
                             "[![x](badge.svg)](https://ci)\n\n`parse` [`parse`](y) `other`\n",
                             0, &links, NULL);

    cr_assert_str_eq(result, "<p><a href=\"../b.md\">a</a> c <img src=\"../i.png\" alt=\"i\" "
                             "loading=\"lazy\"> <a href=\"https://e.org/r.png\">r</a></p>\n\n"
                             "<p><a href=\"../api/x#parse\"><code>parse</code></a> "
                             "<a href=\"../y\"><code>parse</code></a> <code>other</code></p>\n");
}

/* Each is tried as Markdown and as HTML; none may leave anything that runs or loads. */
static const char *const attacks[] = {
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"x\" ONERROR = 'alert(1)'/>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\" \tjava\nscript:alert(1)\">x</a>",
    "<a href=\"java&#x09;script:alert(1)\">x</a>",
    "<a href=\"&#106;avascript&colon;alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)\">x</a>",
    "<a href=\"\x01javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<a href='x' style='background:url(javascript:alert(1))'>x</a>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](JAVASCRIPT&colon;alert(1))",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<javascript:alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=\"javascript:alert(1)\"></object><embed src=x>",
    "<form action=\"javascript:alert(1)\"><button formaction=\"javascript:alert(1)\">x</button>",
    "<input onfocus=alert(1) autofocus>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<base href=\"javascript:/a/-alert(1)//\">",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil/x.css>",
    "<style>@import '//evil/x.css';</style>",
    "<p style=\"position:fixed\">x</p>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)> ?>",
    "<h2 id=\"x\" onclick=alert(1)>x</h2>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<a href=\"https://ok.example/\" onclick=\"alert(1)\" target=_top>x</a>",
    "<td onclick=alert(1)>x",
    "\"><script>alert(1)</script>",
    "`\"><script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```\"onmouseover=alert(1)\nx\n```",
    "[x]: javascript:alert(1)\n\n[x]",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "> [!NOTE] <img src=x onerror=alert(1)>",
    ":::tip <img src=x onerror=alert(1)>\nx\n:::",
    "!!! note \"<img src=x onerror=alert(1)>\"\n    x",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
};

/* Walks tags as a browser would: only inside "<…>" can an attribute live. */
static void assert_harmless(const char *source, const char *result)
{
    static const char *const tags[] = {"<script",   "<style", "<svg",    "<math",  "<iframe",
                                       "<object",   "<embed", "<form",   "<base",  "<meta",
                                       "<link",     "<video", "<button", "<text",  "<noscript",
                                       "<template", "<!",     "<?",      "<title", "<xmp"};

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        cr_assert_not(strcasestr(result, tags[i]), "%s\ngave\n%s", source, result);
    for (const char *open = strchr(result, '<'); open; open = strchr(open + 1, '<')) {
        const char *close = strchr(open, '>');
        const char *tag;

        cr_assert(close, "%s\ngave an open tag\n%s", source, result);
        tag = apr_pstrndup(pool, open, (apr_size_t)(close - open));
        cr_assert_not(strcasestr(tag, " on"), "%s\ngave\n%s", source, result);
        cr_assert_not(strcasestr(tag, "style="), "%s\ngave\n%s", source, result);
        cr_assert_not(strcasestr(tag, "script:"), "%s\ngave\n%s", source, result);
        cr_assert_not(strcasestr(tag, "data:"), "%s\ngave\n%s", source, result);
        cr_assert_not(strstr(tag, "target="), "%s\ngave\n%s", source, result);
    }
}

Test(markdown, nothing_that_runs_survives)
{
    for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
        assert_harmless(attacks[i], html(attacks[i]));
        assert_harmless(attacks[i], docgen_html_sanitise(pool, attacks[i], NULL));
        assert_harmless(attacks[i],
                        html(apr_pstrcat(pool, "<div>\n", attacks[i], "\n\n- ", attacks[i], NULL)));
    }
}

Test(markdown, the_result_is_well_formed)
{
    cr_assert_str_eq(docgen_html_sanitise(pool, "<b><i>x</b></i></p></div>y", NULL),
                     "<strong><em>x</em></strong>y");
    cr_assert_str_eq(docgen_html_sanitise(pool, "<a href=x>1<a href=y>2</a>", NULL),
                     "<a href=\"x\">1</a><a href=\"y\">2</a>");
    cr_assert_str_eq(docgen_html_sanitise(pool, "a<td>b</td>", NULL), "ab");
    cr_assert_str_eq(docgen_html_sanitise(pool, "<p id=\"Ab c\">x</p><p id=\"Ab c\">y</p>", NULL),
                     "<p id=\"u-Ab-c\">x</p><p>y</p>");
}

/* Hostile documents end soon, and give little more than they are. */
Test(markdown, bombs_stay_small_and_fast)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("its limits are in milliseconds");
    }
    const char *bombs[] = {
        repeat(">", 200000),
        repeat("* ", 100000),
        repeat("<div>", 100000),
        apr_pstrcat(pool, repeat("<b>", 60000), repeat("</i>", 60000), NULL),
        apr_pstrcat(pool, repeat("a|", 7000), "\n", repeat("-|", 7000), "\n", repeat("x\n", 5000),
                    NULL),
        repeat("[", 200000),
        repeat("![", 100000),
        repeat("*a_ ", 50000),
        repeat("`", 200000),
        repeat("[^a]", 50000),
        apr_pstrcat(pool, repeat("[^a]", 50000), "\n\n[^a]: x\n", NULL),
        repeat("# same\n", 30000),
        repeat("&#x1F600;", 60000),
        repeat("{{", 100000),
        repeat(":a", 200000),
        repeat("::: tip\n", 20000),
        repeat("!!! note\n", 20000),
        repeat("[a](#b) ", 50000),
        repeat("> [!NOTE]\n", 30000),
        repeat("<a href=x ", 30000),
        repeat("<!-- ", 60000),
        repeat("<![CDATA[", 60000),
    };

    bombs_fizzle(bombs, sizeof(bombs) / sizeof(*bombs), 4, 16, 4096);
}

Test(markdown, the_same_text_gives_the_same_bytes)
{
    const char *text = "# A\n\n[x](#a) :rocket: [^1]\n\n[^1]: n\n\n| a |\n|---|\n| b |\n";

    cr_assert_str_eq(html(text), html(text));
}

Test(markdown, slugs)
{
    cr_assert_str_eq(docgen_slug(pool, "Hello, World!"), "hello-world");
    cr_assert_str_eq(docgen_slug(pool, "--a__b--"), "a__b");
    cr_assert_str_eq(docgen_slug(pool, "中文"), "section");
    cr_assert_str_eq(docgen_slug(pool, ""), "section");
    cr_assert_leq(strlen(docgen_slug(pool, repeat("long ", 100))), 80);
}

Test(markdown, escaped_text_is_shown_as_it_is)
{
    static const char *const texts[] = {"a*b*c",    "_x_",   "<b>",   "[a](b)", "`c`",
                                        "1. x",     "- x",   "# x",   "a|b",    "&amp;",
                                        ":rocket:", "~~x~~", "{{x}}", "a\\*b",  "https://e.org"};

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const char *result = html(docgen_markdown_escape(pool, texts[i]));
        apr_array_header_t *headings = apr_array_make(pool, 1, sizeof(docgen_heading));

        cr_assert_not(strstr(result, "<em>") || strstr(result, "<a ") || strstr(result, "<li>") ||
                          strstr(result, "<h1") || strstr(result, "<table") ||
                          (strstr(result, "<code>") && texts[i][0] != '{'),
                      "%s gave %s", texts[i], result);
        docgen_markdown_html(pool,
                             apr_pstrcat(pool, "# ", docgen_markdown_escape(pool, texts[i]), NULL),
                             0, NULL, headings);
        cr_assert_str_eq(APR_ARRAY_IDX(headings, 0, docgen_heading).text, texts[i]);
    }
}

/* As GitHub reads them: shared by several forges' bug reports on delimiters, paragraphs and bars. */
Test(markdown, tables_as_github_reads_them)
{
    static const char *const tables[] = {
        "a | b\n-|-\n1 | 2\n",
        "| a | b\n|--|--\n| 1 | 2\n",
        "| one |\n|--|\n| x |\n",
        "||| \n|-|-| \n|c|d|\n",
        "text before\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "> text before\n> | a | b |\n> |:-|-:|\n> | 1 | 2 |\n",
        "- item\n  | a | b |\n  |-|-|\n  | 1 | 2 |\n",
        "|a|b\n|---|---|\n",
    };

    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        has(tables[i], "<table>");
        lacks(tables[i], "<p>|");
    }
    has("text before\n| a | b |\n|-|-|\n| 1 | 2 |\n", "<p>text before</p>\n<table>");
    has("a | b\n-|-:\n1 | 2\n", "<td align=\"right\">2</td>");
    lacks("| abc | def |\n| --- |\n| bar |\n", "<table>");
    has("| abc | def |\n| --- |\n| bar |\n", "| abc | def |");
    has("| a |\n|---|\n| `x\\|y` |\n", "<code>x|y</code>");
    has("| a |\n|---|\n| `x\\|y` \\| z |\n", "<code>x|y</code> | z");
    has("```\n| a | b |\n|-|-|\n| `x\\|y` |\n```\n", "|-|-|\n| `x\\|y` |");
    lacks("a - b\n-\n", "<table>");
    lacks("Title\n---\nText | more\n", "<table>");
    has("| a |\n|-|\n| 1 |\n\nafter | all\n", "<p>after | all</p>");
}

Test(markdown, headings_of_any_script_have_anchors)
{
    static const char *const rows[][2] = {
        {"[x](#установка)\n\n## Установка\n", "<a href=\"#установка\">x</a>"},
        {"[x](#быстрый-старт)\n\n## Быстрый старт!\n", "<h2 id=\"быстрый-старт\">"},
        {"[x](#ölwechsel)\n\n## Ölwechsel\n", "<a href=\"#ölwechsel\">x</a>"},
        {"[x](#%C3%BCber)\n\n## Über\n", "<a href=\"#über\">x</a>"},
        {"[x](#ελληνικά)\n\n## Ελληνικά\n", "<a href=\"#ελληνικά\">x</a>"},
        {"[x](#安装)\n\n## 安装\n", "<a href=\"#安装\">x</a>"},
        {"## 🚀 Start → now\n", "<h2 id=\"start-now\">"},
        {"[x](#i̇stanbul)\n\n## İstanbul\n", "<a href=\"#istanbul\">x</a>"},
        {"[x](#top)\n", "<a href=\"#top\">x</a>"},
        {"## 🚀\n", "<h2 id=\"section\">"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        has(rows[i][0], rows[i][1]);
}
