/* Manuals in HTML and in httpd's XML become pages, and what builds and programs may be told is listed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made_site.h"

#include "generator/documents/manual.h"

TestSuite(manual, .init = made_setup, .fini = made_teardown, .timeout = 120);

static const char module_page[] =
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
    "<!DOCTYPE modulesynopsis SYSTEM \"../style/x.dtd\" [<!ENTITY bomb \"boom\">]>\n"
    "<!-- a licence -->\n"
    "<modulesynopsis metafile=\"x\">\n"
    "<name>mod_thing</name>\n<description>Does things</description>\n<status>Base</status>\n"
    "<summary><p>See <module>mod_other</module> &amp; <a href=\"#deep\">deeper</a>&nbsp;.</p>\n"
    "<note type=\"warning\"><title>Mind</title><p>It is <em>sharp</em>.</p></note></summary>\n"
    "<section id=\"deep\"><title>Going deeper</title>\n"
    "<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p></li></ul>\n"
    "<highlight language=\"config\">\n&lt;Thing a&gt;\n  Sharp On\n&lt;/Thing&gt;\n</highlight>\n"
    "<example><title>Say</title>first<br />\n  <indent>second</indent></example>\n"
    "<table><tr><th>A</th><th>B|C</th></tr><tr><td>1</td><td><code>x|y</code></td></tr></table>\n"
    "</section>\n"
    "<directivesynopsis>\n<name>Sharp</name>\n<description>Whether it cuts</description>\n"
    "<syntax>Sharp On|Off</syntax>\n<default>Sharp Off</default>\n"
    "<contextlist><context>server config</context> <context>directory</context></contextlist>\n"
    "<usage><p>Cuts. See <directive type=\"section\">Thing</directive> and "
    "<directive module=\"mod_other\">Blunt</directive>.</p></usage>\n"
    "<seealso><directive>Thing</directive></seealso>\n</directivesynopsis>\n"
    "<directivesynopsis type=\"section\"><name>Thing</name><description>Holds things</description>"
    "<syntax>&lt;Thing name&gt; ...</syntax></directivesynopsis>\n"
    "<directivesynopsis location=\"core\"><name>Elsewhere</name></directivesynopsis>\n"
    "</modulesynopsis>\n";

static const char *page_find(void *baton, apr_pool_t *pool, const char *folder, const char *name)
{
    return strcmp(name, "mod_other")
               ? NULL
               : apr_pstrcat(pool, (const char *)baton, folder, "/", name, ".xml", NULL);
}

static const char *markdown_of(const char *text)
{
    docgen_manual_context context = {page_find, "../"};

    return docgen_manual_markdown(made_here.pool, text, &context);
}

static void says(const char *markdown, const char *part)
{
    cr_assert_not_null(markdown);
    cr_assert_not_null(strstr(markdown, part), "%s\nlacks\n%s", markdown, part);
}

Test(manual, the_page_of_a_module)
{
    const char *markdown = markdown_of(module_page);

    cr_assert_eq(strncmp(markdown, "# mod_thing\n", 12), 0, "%s", markdown);
    says(markdown, "- **Status:** Base\n");
    says(markdown, "See [`mod_other`](<../mod/mod_other.xml>) \\& [deeper](<#deep>)");
    says(markdown, "> [!WARNING]\n> **Mind**\n>\n> It is *sharp*.\n");
    says(markdown, "## Going deeper {#deep}\n");
    says(markdown, "- one\n\n  - inner\n");
    says(markdown, "- two\n");
    says(markdown, "```config\n<Thing a>\n  Sharp On\n</Thing>\n```\n");
    says(markdown, "**Say**\n\n```\nfirst\nsecond\n```\n");
    says(markdown, "| A | B\\|C |\n|---|---|\n| 1 | `x\\|y` |\n");
    says(markdown, "## Sharp\n\nWhether it cuts.\n\n- **Syntax:** `Sharp On|Off`\n"
                   "- **Default:** `Sharp Off`\n- **Context:** server config, directory\n");
    says(markdown, "See [`<Thing>`](<#thing>) and [`Blunt`](<../mod/mod_other.xml#blunt>).");
    says(markdown, "- **See also:** [`Thing`](<#thing>)\n");
    says(markdown, "## \\<Thing\\>\n");
    cr_assert_null(strstr(markdown, "Elsewhere"));
    cr_assert_null(strstr(markdown, "boom"));
}

Test(manual, the_directives_of_a_module)
{
    apr_array_header_t *found = docgen_manual_directives(made_here.pool, module_page);
    const docgen_manual_directive *sharp = &APR_ARRAY_IDX(found, 0, docgen_manual_directive);

    cr_assert_eq(found->nelts, 2);
    cr_assert_str_eq(sharp->name, "Sharp");
    cr_assert_str_eq(sharp->value, "Off");
    cr_assert_str_eq(sharp->syntax, "Sharp On|Off");
    cr_assert_str_eq(sharp->contexts, "server config, directory");
    cr_assert_eq(sharp->line, 22);
    cr_assert_str_eq(APR_ARRAY_IDX(found, 1, docgen_manual_directive).name, "<Thing>");
    cr_assert_eq(docgen_manual_directives(made_here.pool, "<html>x</html>")->nelts, 0);
}

Test(manual, a_page_of_html)
{
    const char *markdown = markdown_of(
        "<!DOCTYPE html><html><head><title>T &amp; U</title><style>x{}</style></head><body>"
        "<nav><a href=\"/\">Home</a></nav><h2 id=\"a\">First</h2><p>One <b>two </b>three "
        "<a href=\"b.html\">b</a><script>alert(1)</script></p><dl><dt>-x</dt><dd>Cuts.</dd></dl>"
        "<ol><li>a</li><li>b</li></ol><pre>code\n  here</pre><blockquote>said</blockquote>"
        "<table><tr><td>only <i>one</i></td></tr></table><p onclick=x>* no list<br>next</p>"
        "<footer>f</footer></body></html>");

    says(markdown, "# T \\& U\n");
    says(markdown, "## First {#a}\n");
    says(markdown, "One **two** three [b](<b.html>)\n");
    says(markdown, "- \\-x\n\n  Cuts.\n");
    says(markdown, "1. a\n2. b\n");
    says(markdown, "```\ncode\n  here\n```");
    says(markdown, "> said\n");
    says(markdown, "only *one*\n");
    says(markdown, "\\* no list<br>next\n");
    cr_assert_null(strstr(markdown, "alert"));
    cr_assert_null(strstr(markdown, "Home"));
}

Test(manual, what_is_no_page_for_readers)
{
    static const char *const others[] = {
        "<p>a fragment</p>",
        "<html><head><meta name=\"generator\" content=\"x\"></head><body>x</body></html>",
        "<html><body>{{ template }}</body></html>",
        "<html><body><?php x ?></body></html>",
        "<html><body></body></html>",
        "<!DOCTYPE html><html><!-- Generated by javadoc --><body>x</body></html>",
        "<project><title>x</title></project>",
        "<?xml version=\"1.0\"?>",
        "<!--",
        ""};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        cr_assert_null(markdown_of(others[i]), "%s", others[i]);
    }
}

Test(manual, hostile_pages_end)
{
    char *deep = apr_palloc(made_here.pool, 600000);
    const char *markdown;

    strcpy(deep, "<html><body>");
    for (int i = 0; i < 50000; i++) {
        memcpy(deep + 12 + i * 5, "<div>", 6);
    }
    markdown = markdown_of(apr_pstrcat(made_here.pool, deep, "bottom", NULL));
    cr_assert(!markdown || strlen(markdown) < 1000);
    strcpy(deep, "<manualpage><title>x</title>");
    for (int i = 0; i < 50000; i++) {
        memcpy(deep + 28 + i * 4, "<ul>", 5);
    }
    markdown = markdown_of(deep);
    cr_assert(!markdown || strlen(markdown) < 1000);
    markdown = markdown_of("<manualpage><title>x</title><p>&bomb; &#0; &#99999999; &lt; & <a "
                           "href=\"javascript:x\">y</a></p></manualpage>");
    says(markdown, "y");
}

/** A repository whose interfaces are declared in many ways. */
static const char *interfaces_made(void)
{
    made_begin("one");
    made_file("README.md", "# Thing\n");
    made_file("docs/manual/mod/mod_thing.xml", module_page);
    made_file("docs/manual/mod/mod_other.xml",
              "<modulesynopsis><name>mod_other</name><description>Other</description>"
              "<directivesynopsis><name>Blunt</name><description>Not sharp</description>"
              "<syntax>Blunt</syntax></directivesynopsis></modulesynopsis>\n");
    made_file("docs/manual/index.html",
              "<html><head><title>The manual</title></head><body><h1>The manual</h1>"
              "<p><a href=\"mod/mod_thing.html#sharp\">Sharp</a> "
              "<a href=\"javascript:alert(1)\">bad</a></p></body></html>\n");
    made_file(
        "modules/mod_thing.c",
        "static const command_rec table[] = {\n"
        "    AP_INIT_FLAG(\"sharp\", set, NULL, RSRC_CONF, \"whether it cuts\"),\n"
        "    AP_INIT_TAKE1(\"<Undescribed\", set, NULL, RSRC_CONF, \"only the code\"),\n};\n");
    made_file("configure.ac",
              "AC_INIT([thing])\ndnl AC_ARG_ENABLE([never], [--enable-never  x])\n"
              "AC_ARG_ENABLE([fast],\n  [AS_HELP_STRING([--enable-fast], [be quick, not slow])],\n"
              "  [], [enable_fast=no])\n"
              "AC_ARG_WITH(zlib,[  --with-zlib=DIR   where zlib is (default: /usr)])\n"
              "AC_ARG_VAR([CC_FOR_TOOLS], [compiler of the tools])\n"
              "AC_ARG_WITH([port], AS_HELP_STRING([--with-port=@<:@N@:>@], [a (good) port]))\n");
    made_file("server/config.m4", "APACHE_MODULE(thing, does things, , , most)\n"
                                  "AC_DEFUN([X], [AC_ARG_ENABLE([$1], [$2])])\n");
    made_file(
        "meson_options.txt",
        "option('tests', type: 'boolean', value: true,\n       description: 'Build tests')\n");
    made_file("src/tool.c",
              "/* \"  -z   not an option\" */\nstatic void usage(void)\n{\n"
              "    puts(\"Usage: tool [-hv] FILE\\n\"\n"
              "         \"  -v, --verbose      say more\\n\"\n"
              "         \"  -n NUM  : how many (default: 3),\\n\"\n"
              "         \"              at most nine\\n\");\n}\n"
              "int main(int argc, char **argv)\n{\n"
              "    while (getopt(argc, argv, \"hvn:q:\") != -1) {}\n    return '\"';\n}\n");
    return made_end("interfaces.git");
}

Test(manual, interfaces_are_listed_with_their_source)
{
    static const char *const rows[] = {
        "| [`Sharp`](guides/manual/mod/mod_thing#sharp) | `Off` | Whether it cuts. Syntax: "
        "`Sharp On\\|Off`. Context: server config, directory | "
        "`docs/manual/mod/mod_thing.xml:22` |",
        "| [`<Thing>`](guides/manual/mod/mod_thing#thing) |",
        "| `<Undescribed>` | `one value` | only the code | `modules/mod_thing.c:3` |",
        "| `--enable-fast` | `no` | be quick, not slow | `configure.ac:3` |",
        "| `--with-zlib=DIR` | `/usr` | where zlib is (default: /usr) | `configure.ac:6` |",
        "| `CC_FOR_TOOLS` |  | compiler of the tools | `configure.ac:7` |",
        "| `--with-port=[N]` |  | a (good) port | `configure.ac:8` |",
        "| `--enable-thing` | `most` | does things | `server/config.m4:1` |",
        "| `-Dtests` | `true` | Build tests | `meson_options.txt:1-2` |",
        "| `-v, --verbose` |  | say more | `src/tool.c:5` |",
        "| `-n NUM` | `3` | how many (default: 3), at most nine | `src/tool.c:6` |",
        "| `-q` | `takes a value` |  | `src/tool.c:11` |"};
    made_site site = made_site_of(interfaces_made());

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        made_site_has(&site, "configuration.md", rows[i]);
    }
    made_site_lacks(&site, "configuration.md", "whether it cuts");
    made_site_lacks(&site, "configuration.md", "-never");
    made_site_lacks(&site, "configuration.md", "$1");
    made_site_lacks(&site, "configuration.md", "| `-z");
    made_site_has(&site, "guides/manual.html", "manual/mod/mod_thing.html#sharp\"");
    made_site_lacks(&site, "guides/manual.html", "javascript");
    made_site_crawl(&site);
}
