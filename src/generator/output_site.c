/* Results as a folder of files that a browser opens without a server: a page for each page, its Markdown beside
 * it, one style sheet, llms.txt. Fragments are written as they come and framed at the end, when the navigation
 * is known, so that no more than one page is in memory.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/output_kind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "core/buffer.h"
#include "core/log.h"
#include "generator/output_site.h"

typedef struct site_page site_page;
struct site_page {
    const char *path;
    const char *title;
    int order;
    site_page *parent;  /* the page whose path this one's continues, or NULL */
    site_page *child;   /* its first one */
    site_page *sibling; /* the next one below the same parent */
};

typedef struct site_output {
    const char *directory;
    apr_array_header_t *pages; /* site_page */
    const char *commit;
    const char *branch;
    const char *committed_at;
} site_output;

static apr_status_t file_write(apr_pool_t *pool, const char *directory, const char *path,
                               const char *data, apr_size_t length)
{
    const char *full = apr_pstrcat(pool, directory, "/", path, NULL);
    const char *slash = strrchr(full, '/');
    apr_file_t *file = NULL;
    apr_status_t rv;

    rv = apr_dir_make_recursive(apr_pstrndup(pool, full, (apr_size_t)(slash - full)),
                                APR_FPROT_OS_DEFAULT, pool);
    if (rv == APR_SUCCESS)
        rv = apr_file_open(
            &file, full, APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_TRUNCATE | APR_FOPEN_BINARY,
            APR_FPROT_OS_DEFAULT, pool);
    if (rv == APR_SUCCESS)
        rv = apr_file_write_full(file, data, length, NULL);
    if (file) {
        apr_status_t closed = apr_file_close(file);

        rv = rv == APR_SUCCESS ? closed : rv;
    }
    if (rv != APR_SUCCESS)
        docgen_log(DOCGEN_LOG_ERROR, rv, "%s could not be written", full);
    return rv;
}

static apr_status_t file_read(apr_pool_t *pool, const char *directory, const char *path,
                              const char **data)
{
    const char *full = apr_pstrcat(pool, directory, "/", path, NULL);
    apr_file_t *file = NULL;
    apr_finfo_t info;
    char *text = NULL;
    apr_status_t rv = apr_file_open(&file, full, APR_FOPEN_READ | APR_FOPEN_BINARY, 0, pool);

    if (rv == APR_SUCCESS)
        rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    if (rv == APR_SUCCESS) {
        text = apr_palloc(pool, (apr_size_t)info.size + 1);
        text[info.size] = '\0';
        rv = apr_file_read_full(file, text, (apr_size_t)info.size, NULL);
    }
    if (file)
        apr_file_close(file);
    *data = text;
    return rv;
}

static apr_status_t site_progress(docgen_output *output, int percent, const char *step)
{
    (void)output;
    fprintf(stderr, "%3d %% %s\n", percent, step);
    return APR_SUCCESS;
}

static apr_status_t site_source(docgen_output *output, const char *commit, const char *branch,
                                const char *committed_at)
{
    site_output *self = output->self;

    self->commit = apr_pstrdup(output->pool, commit ? commit : "");
    self->branch = apr_pstrdup(output->pool, branch ? branch : "");
    self->committed_at = apr_pstrdup(output->pool, committed_at ? committed_at : "");
    return APR_SUCCESS;
}

static apr_status_t site_page_write(docgen_output *output, apr_pool_t *scratch,
                                    const docgen_page *page)
{
    site_output *self = output->self;
    site_page *entry = apr_array_push(self->pages);
    apr_status_t rv;

    entry->path = apr_pstrdup(output->pool, page->path);
    entry->title = apr_pstrdup(output->pool, page->title);
    entry->order = page->order;
    rv = file_write(scratch, self->directory, apr_pstrcat(scratch, page->path, ".md", NULL),
                    page->markdown, strlen(page->markdown));
    if (rv == APR_SUCCESS)
        rv = file_write(scratch, self->directory, apr_pstrcat(scratch, page->path, ".html", NULL),
                        page->html, strlen(page->html));
    return rv;
}

static apr_status_t site_asset(docgen_output *output, apr_pool_t *scratch, const char *path,
                               const char *media_type, const char *data, apr_size_t length)
{
    site_output *self = output->self;

    (void)media_type;
    return file_write(scratch, self->directory, path, data, length);
}

static apr_status_t site_error(docgen_output *output, const char *message)
{
    (void)output;
    fprintf(stderr, "docgen-generate: %s\n", message);
    return APR_SUCCESS;
}

static int page_compare(const void *a, const void *b)
{
    const site_page *left = a;
    const site_page *right = b;

    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return strcmp(left->path, right->path);
}

/* The page that a relative URL found on page `from` means, as "path"; NULL when it leads elsewhere. */
static const char *page_target(docgen_output *output, apr_pool_t *pool, const char *from,
                               const char *href, apr_size_t length)
{
    char *directory = apr_pstrdup(pool, from);
    char *slash = strrchr(directory, '/');
    char *rest = apr_pstrndup(pool, href, length);

    if (!slash)
        *directory = '\0';
    else
        *slash = '\0';
    for (char *part = strsep(&rest, "/"); part; part = strsep(&rest, "/")) {
        if (!strcmp(part, "..")) {
            slash = strrchr(directory, '/');
            if (!slash)
                slash = directory;
            *slash = '\0';
        } else if (*part && strcmp(part, ".")) {
            directory = *directory ? apr_pstrcat(pool, directory, "/", part, NULL)
                                   : apr_pstrdup(pool, part);
        }
    }
    if (!*directory)
        directory = "index";
    if (strchr(strrchr(directory, '/') ? strrchr(directory, '/') : directory, '.') ||
        !apr_hash_get(output->paths, directory, APR_HASH_KEY_STRING))
        return NULL;
    return directory;
}

/* "../" for each directory a page is in. */
static const char *page_root(apr_pool_t *pool, const char *path)
{
    const char *root = "";

    for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/'))
        root = apr_pstrcat(pool, root, "../", NULL);
    return root;
}

/* Copies a fragment; links between pages get the names of files. */
static void fragment_write(docgen_output *output, apr_pool_t *pool, const char *path,
                           const char *html, docgen_buffer *out)
{
    static const char mark[] = " href=\"";
    const char *from = html;

    for (const char *at = strstr(html, mark); at; at = strstr(at, mark)) {
        const char *href = at + sizeof(mark) - 1;
        apr_size_t length = strcspn(href, "\"#?");
        const char *target = NULL;

        at = href;
        if (length > 0 && !memchr(href, ':', length) && *href != '/')
            target = page_target(output, pool, path, href, length);
        if (!target)
            continue;
        docgen_buffer_append(out, from, (apr_size_t)(href - from));
        docgen_buffer_printf(out, "%s%s.html", page_root(pool, path), target);
        from = href + length;
    }
    docgen_buffer_puts(out, from);
}

/* Is `page` the page being read, or on the way to it? */
static int is_open(const site_page *page, const site_page *current)
{
    while (current && current != page)
        current = current->parent;
    return current != NULL;
}

/* The navigation as one page shows it: the top pages, and what is below those on its own way. */
static void navigation_write(const site_page *first, const site_page *current, const char *root,
                             docgen_buffer *out)
{
    docgen_buffer_puts(out, "<ul>\n");
    for (const site_page *page = first; page; page = page->sibling) {
        docgen_buffer_printf(out, "<li><a href=\"%s%s.html\"%s>", root, page->path,
                             page == current ? " aria-current=\"page\"" : "");
        docgen_buffer_html(out, page->title);
        docgen_buffer_puts(out, "</a>");
        if (page->child && is_open(page, current))
            navigation_write(page->child, current, root, out);
        docgen_buffer_puts(out, "</li>\n");
    }
    docgen_buffer_puts(out, "</ul>\n");
}

/* Hangs every page below the nearest page that its path continues. */
static site_page *tree_build(docgen_output *output)
{
    site_output *self = output->self;
    apr_hash_t *by_path = apr_hash_make(output->pool);
    site_page *first = NULL;

    for (int i = 0; i < self->pages->nelts; i++) {
        site_page *page = &APR_ARRAY_IDX(self->pages, i, site_page);

        apr_hash_set(by_path, page->path, APR_HASH_KEY_STRING, page);
    }
    /* From the last to the first, so that each list comes out in order. */
    for (int i = self->pages->nelts - 1; i >= 0; i--) {
        site_page *page = &APR_ARRAY_IDX(self->pages, i, site_page);
        site_page **list = &first;

        for (apr_size_t length = strlen(page->path); length > 0 && !page->parent; length--) {
            if (page->path[length] == '/')
                page->parent = apr_hash_get(by_path, page->path, (apr_ssize_t)length);
        }
        if (page->parent)
            list = &page->parent->child;
        page->sibling = *list;
        *list = page;
    }
    return first;
}

/* The pages in the order a reader turns them. */
static void reading_order(site_page *page, apr_array_header_t *order)
{
    for (; page; page = page->sibling) {
        APR_ARRAY_PUSH(order, site_page *) = page;
        reading_order(page->child, order);
    }
}

static void neighbour_write(const apr_array_header_t *order, int other, const char *root,
                            const char *label, docgen_buffer *out)
{
    const site_page *page;

    if (other < 0 || other >= order->nelts)
        return;
    page = APR_ARRAY_IDX(order, other, site_page *);
    docgen_buffer_printf(out, "<a href=\"%s%s.html\" rel=\"%s\">", root, page->path, label);
    docgen_buffer_puts(out, !strcmp(label, "prev") ? "← " : "");
    docgen_buffer_html(out, page->title);
    docgen_buffer_puts(out, !strcmp(label, "next") ? " →</a>" : "</a>");
}

static apr_status_t page_frame(docgen_output *output, apr_pool_t *pool, const site_page *first,
                               const apr_array_header_t *order, int index)
{
    const site_output *self = output->self;
    const site_page *page = APR_ARRAY_IDX(order, index, site_page *);
    const char *name = apr_pstrcat(pool, page->path, ".html", NULL);
    const char *root = page_root(pool, page->path);
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *html;
    apr_status_t rv = file_read(pool, self->directory, name, &html);

    if (rv != APR_SUCCESS)
        return rv;
    docgen_buffer_puts(out,
                       "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    docgen_buffer_html(out, page->title);
    docgen_buffer_printf(out, "</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n", root);
    docgen_buffer_printf(
        out,
        "<link rel=\"alternate\" type=\"text/markdown\" href=\"%s%s.md\">\n"
        "</head>\n<body>\n<a class=\"skip\" href=\"#docgen-content\">Skip to content</a>\n",
        root, page->path);
    docgen_buffer_puts(out, "<details class=\"menu\" open><summary>Contents</summary>\n");
    docgen_buffer_puts(out, "<nav aria-label=\"Pages\">\n");
    navigation_write(first, page, root, out);
    docgen_buffer_puts(out, "</nav>\n</details>\n<main id=\"docgen-content\">\n<article>\n");
    fragment_write(output, pool, page->path, html, out);
    docgen_buffer_puts(out, "</article>\n<footer>\n<p class=\"around\">");
    neighbour_write(order, index - 1, root, "prev", out);
    docgen_buffer_puts(out, " ");
    neighbour_write(order, index + 1, root, "next", out);
    docgen_buffer_puts(out, "</p>\n<p>");
    if (self->commit && *self->commit) {
        docgen_buffer_printf(out, "Documents <code>%.7s</code>", self->commit);
        if (*self->branch) {
            docgen_buffer_puts(out, " on ");
            docgen_buffer_html(out, self->branch);
        }
        docgen_buffer_printf(out, ", committed %.10s. ", self->committed_at);
    }
    docgen_buffer_printf(out, "<a href=\"%s%s.md\">This page as Markdown</a></p>\n</footer>\n",
                         root, page->path);
    docgen_buffer_puts(out, "</main>\n</body>\n</html>\n");
    return file_write(pool, self->directory, name, out->data, out->length);
}

/* https://llmstxt.org: a title, then the pages as a list of links to their Markdown. */
static apr_status_t llms_write(const site_output *self, apr_pool_t *pool,
                               const apr_array_header_t *order)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    docgen_buffer_printf(out, "# %s\n\n## Pages\n\n",
                         order->nelts ? APR_ARRAY_IDX(order, 0, site_page *)->title
                                      : "Documentation");
    for (int i = 0; i < order->nelts; i++) {
        const site_page *page = APR_ARRAY_IDX(order, i, site_page *);

        docgen_buffer_printf(out, "- [%s](%s.md)\n", page->title, page->path);
    }
    return file_write(pool, self->directory, "llms.txt", out->data, out->length);
}

static apr_status_t site_finish(docgen_output *output)
{
    site_output *self = output->self;
    apr_array_header_t *order = apr_array_make(output->pool, 64, sizeof(site_page *));
    site_page *first;
    apr_pool_t *scratch;
    apr_status_t rv = APR_SUCCESS;

    qsort(self->pages->elts, (size_t)self->pages->nelts, sizeof(site_page), page_compare);
    first = tree_build(output);
    reading_order(first, order);
    for (int i = 0; rv == APR_SUCCESS && i < order->nelts; i++) {
        apr_pool_create(&scratch, output->pool);
        rv = page_frame(output, scratch, first, order, i);
        apr_pool_destroy(scratch);
    }
    apr_pool_create(&scratch, output->pool);
    if (rv == APR_SUCCESS)
        rv = llms_write(self, scratch, order);
    if (rv == APR_SUCCESS)
        rv = file_write(scratch, self->directory, "style.css", docgen_site_style,
                        strlen(docgen_site_style));
    apr_pool_destroy(scratch);
    return rv;
}

static const docgen_output_kind site_kind = {
    .progress = site_progress,
    .source = site_source,
    .page = site_page_write,
    .asset = site_asset,
    .error = site_error,
    .finish = site_finish,
};

docgen_output *docgen_output_site(apr_pool_t *pool, const char *dir)
{
    site_output *self = apr_pcalloc(pool, sizeof(*self));
    apr_status_t rv = apr_dir_make_recursive(dir, APR_FPROT_OS_DEFAULT, pool);

    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "the folder %s could not be made", dir);
        return NULL;
    }
    self->directory = apr_pstrdup(pool, dir);
    self->pages = apr_array_make(pool, 64, sizeof(site_page));
    return docgen_output_create(pool, &site_kind, self);
}
