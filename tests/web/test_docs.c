/* Stored pages as readers get them: heading links, contents, navigation.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "store/store.h"
#include "web/docs_html.h"
#include "web/docs_nav.h"

/* shared_status.o is linked too, and wants the store's function. */
apr_status_t docgen_store_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 docgen_state **state)
{
    (void)store;
    (void)pool;
    (void)repository_id;
    (void)state;
    return APR_ENOTIMPL;
}

static apr_pool_t *pool;

static void set_up(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

TestSuite(docs, .init = set_up);

static const char *render(const char *html, apr_array_header_t **contents)
{
    docgen_buffer *page = docgen_buffer_create(pool);

    *contents = docgen_docs_html(pool, page, html);
    return page->data;
}

Test(docs, headings_get_links)
{
    apr_array_header_t *contents;
    const char *html =
        render("<h1 id=\"t\">T</h1><h2 id=\"a-b\">A &amp; <code>b</code></h2><p>x</p>"
               "<h3 id=\"c\">C</h3><h4 id=\"d\">D</h4><h2>no id</h2>",
               &contents);

    cr_expect_str_eq(html,
                     "<h1 id=\"t\">T</h1><h2 id=\"a-b\">A &amp; <code>b</code> <a class=\"anchor\" "
                     "href=\"#a-b\" aria-label=\"Link to section A &amp; b\">#</a></h2><p>x</p>"
                     "<h3 id=\"c\">C <a class=\"anchor\" href=\"#c\" aria-label=\"Link to section "
                     "C\">#</a></h3><h4 id=\"d\">D <a class=\"anchor\" href=\"#d\" "
                     "aria-label=\"Link to section D\">#</a></h4><h2>no id</h2>");
    cr_assert_eq(contents->nelts, 2);
    cr_expect_str_eq(APR_ARRAY_IDX(contents, 0, docgen_contents).text, "A &amp; b");
    cr_expect_str_eq(APR_ARRAY_IDX(contents, 1, docgen_contents).id, "c");
    cr_expect_eq(APR_ARRAY_IDX(contents, 1, docgen_contents).level, 3);
}

Test(docs, what_is_no_heading_stays)
{
    apr_array_header_t *contents;
    static const char *const same[] = {
        "",
        "<",
        "<h",
        "<h2",
        "<h2 id=\"x\"",
        "<h2 id=\"x\">never closed",
        "a",
        "<hr>",
        "<header>",
        "<h7 id=\"x\">",
        "text < h2 > text",
        "<th>x</th><thead></thead>",
        "<h2 data-id=\"x\">no id</h2>",
    };

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        cr_expect_str_eq(render(same[i], &contents), same[i]);
        cr_expect_eq(contents->nelts, 0);
    }
}

Test(docs, empty_header_cells_become_cells)
{
    apr_array_header_t *contents;

    cr_expect_str_eq(render("<tr><th></th><th align=\"right\"></th><th>x</th></tr>", &contents),
                     "<tr><td></td><td></td><th>x</th></tr>");
}

Test(docs, many_headings_take_linear_time, .timeout = 5)
{
    docgen_buffer *html = docgen_buffer_create(pool);
    apr_array_header_t *contents;

    for (int i = 0; i < 20000; i++)
        docgen_buffer_printf(html, "<h2 id=\"s%d\">Section %d</h2><p><b>x</b></p>", i, i);
    render(html->data, &contents);
    cr_expect_eq(contents->nelts, 20000);
    docgen_buffer_clear(html);
    for (int i = 0; i < 20000; i++)
        docgen_buffer_printf(html, "<h2>Section %d</h2>", i);
    render(html->data, &contents);
    cr_expect_eq(contents->nelts, 0);
}

Test(docs, title)
{
    cr_expect(docgen_docs_has_title("\n<h1 id=\"x\">X</h1>"));
    cr_expect(docgen_docs_has_title("<h1>X</h1>"));
    cr_expect_not(docgen_docs_has_title("<h2>X</h2>"));
    cr_expect_not(docgen_docs_has_title("<h1"));
    cr_expect_not(docgen_docs_has_title(""));
}

Test(docs, names_break_between_their_words_only)
{
    static const char *const rows[][2] = {
        {"json_object_set", "json_<wbr>object_<wbr>set"},
        {"JsonAdapter", "Json<wbr>Adapter"},
        {"a&lt;Bc&gt;", "a&lt;Bc&gt;"},
        {"std::move", "std::<wbr>move"},
        {"Note: it", "Note: it"},
        {"gson.reflect", "gson.<wbr>reflect"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        docgen_buffer *out = docgen_buffer_create(pool);

        docgen_docs_breakable(out, rows[i][0]);
        cr_expect_str_eq(out->data, rows[i][1]);
    }
}

Test(docs, links_between_pages_are_relative)
{
    cr_expect_str_eq(docgen_docs_href(pool, "index", "index"), "./");
    cr_expect_str_eq(docgen_docs_href(pool, "index", "api/x"), "api/x");
    cr_expect_str_eq(docgen_docs_href(pool, "api/x", "index"), "../");
    cr_expect_str_eq(docgen_docs_href(pool, "api/x/y", "api"), "../../api");
}

static apr_array_header_t *entries_of(const char *const *paths)
{
    apr_array_header_t *entries = apr_array_make(pool, 8, sizeof(docgen_page_entry));

    for (int i = 0; paths[i]; i++) {
        docgen_page_entry *entry = apr_array_push(entries);
        entry->path = paths[i];
        entry->title = paths[i];
        entry->order = i;
    }
    return entries;
}

static const char *navigate(const char *const *paths, const char *current)
{
    docgen_buffer *page = docgen_buffer_create(pool);

    docgen_docs_nav(pool, page, entries_of(paths), current);
    return page->data;
}

Test(docs, navigation_opens_only_the_branch_of_the_page)
{
    const char *const paths[] = {"index", "api", "api/a", "api/b", "notes/deep/x", NULL};

    cr_expect_str_eq(
        navigate(paths, "api/a"),
        "<ul><li><a href=\"../\">Overview</a></li><li><a href=\"../api\">api</a><ul><li>"
        "<a href=\"../api/a\" aria-current=\"page\">api/<wbr>a</a></li><li><a "
        "href=\"../api/b\">api/<wbr>b</a></li></ul></li><li><a "
        "href=\"../notes/deep/x\">Notes</a></li></ul>");
    cr_expect(strstr(navigate(paths, "notes/deep/x"), ">Deep</a><ul><li><a "
                                                      "href=\"../../notes/deep/x\" aria-current"));
    cr_expect_null(strstr(navigate(paths, "index"), "api/a"));
    cr_expect_null(strstr(navigate(paths, "ap"), "api/a"), "a prefix of a name is no parent");
}

Test(docs, long_lists_show_the_part_around_the_page)
{
    const char *paths[1001];
    const char *html;
    int links = 0;

    for (int i = 0; i < 1000; i++)
        paths[i] = apr_psprintf(pool, "p%03d", i);
    paths[1000] = NULL;
    html = navigate(paths, "p500");
    for (const char *at = html; (at = strstr(at, "<a ")); at++)
        links++;
    cr_expect_eq(links, 80);
    cr_expect(strstr(html, "<a href=\"p500\" aria-current=\"page\">"));
    cr_expect(strstr(html, ">460 before<") && strstr(html, ">460 more<"));
    cr_expect(strstr(navigate(paths, "p999"), ">920 before<"));
}
