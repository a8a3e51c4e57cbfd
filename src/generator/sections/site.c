/* The site while it is being written: which pages and assets exist, and how one page points at another.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/described.h"
#include "generator/sections/site.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"
#include "generator/output_kind.h"
#include "generator/sections/prose.h"

docgen_site *docgen_site_create(apr_pool_t *pool, docgen_model *model, docgen_output *output)
{
    docgen_site *site = apr_pcalloc(pool, sizeof(*site));

    site->pool = pool;
    site->model = model;
    site->output = output;
    docgen_site_complete(site);
    return site;
}

void docgen_site_complete(docgen_site *site)
{
    if (!site->guides)
        site->guides = apr_array_make(site->pool, 16, sizeof(docgen_guide));
    if (!site->pages)
        site->pages = apr_hash_make(site->pool);
    if (!site->assets)
        site->assets = apr_hash_make(site->pool);
    if (!site->anchors)
        site->anchors = apr_hash_make(site->pool);
    if (!site->absent)
        site->absent = apr_array_make(site->pool, 8, sizeof(docgen_absent));
    if (!site->documents)
        site->documents = apr_hash_make(site->pool);
    if (!site->labels)
        site->labels = apr_hash_make(site->pool);
    if (!site->descriptions)
        site->descriptions = apr_array_make(site->pool, 16, sizeof(docgen_description));
    if (!site->converted)
        site->converted = apr_hash_make(site->pool);
}

int docgen_site_reserve(docgen_site *site, const char *path, const char *title)
{
    if (!docgen_path_is_page(path) || apr_hash_get(site->pages, path, APR_HASH_KEY_STRING))
        return 0;
    apr_hash_set(site->pages, apr_pstrdup(site->pool, path), APR_HASH_KEY_STRING,
                 apr_pstrdup(site->pool, title));
    return 1;
}

const char *docgen_site_href(apr_pool_t *pool, const char *from, const char *to, const char *anchor)
{
    docgen_buffer *url = docgen_buffer_create(pool);
    const char *slash;
    apr_size_t shared = 0;

    if (!strcmp(from, "index"))
        from = "";
    if (!strcmp(to, "index"))
        to = "";
    /* Directories that both paths begin with. */
    for (apr_size_t i = 0; from[i] && from[i] == to[i]; i++) {
        if (from[i] == '/')
            shared = i + 1;
    }
    if (!strcmp(from, to) && anchor && *anchor) {
        docgen_buffer_printf(url, "#%s", anchor);
        return apr_pstrdup(pool, url->data);
    }
    for (slash = strchr(from + shared, '/'); slash; slash = strchr(slash + 1, '/'))
        docgen_buffer_puts(url, "../");
    docgen_buffer_puts(url, to + shared);
    if (url->length == 0)
        docgen_buffer_puts(url, "./");
    if (anchor && *anchor)
        docgen_buffer_printf(url, "#%s", anchor);
    return apr_pstrdup(pool, url->data);
}

const char *docgen_path_join(apr_pool_t *pool, const char *directory, const char *path)
{
    const char *all =
        *directory ? apr_pstrcat(pool, directory, "/", path, NULL) : apr_pstrdup(pool, path);
    char *out = apr_palloc(pool, strlen(all) + 1);
    apr_size_t length = 0;

    while (*all) {
        apr_size_t part = strcspn(all, "/");

        if (part == 2 && !strncmp(all, "..", 2)) {
            if (length == 0)
                return NULL;
            while (length > 0 && out[length - 1] != '/')
                length--;
            if (length > 0)
                length--;
        } else if (part > 0 && !(part == 1 && *all == '.')) {
            if (length > 0)
                out[length++] = '/';
            memcpy(out + length, all, part);
            length += part;
        }
        all += part + (all[part] == '/');
    }
    out[length] = '\0';
    return out;
}

const char *docgen_site_target(apr_pool_t *pool, const char *from, const char *href)
{
    const char *path = apr_pstrndup(pool, href, strcspn(href, "#?"));

    if (!*path)
        return from;
    path = docgen_path_join(pool, docgen_dirname(pool, from), path);
    return path && !*path ? "index" : path;
}

const char *docgen_site_source(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                               int first, int last)
{
    const char *url = docgen_source_link(pool, site->model->facts,
                                         file->raw_path ? file->raw_path : file->path, first, last);
    const char *text = file->path;

    if (first > 0 && last > first)
        text = apr_psprintf(pool, "%s:%d-%d", file->path, first, last);
    else if (first > 0)
        text = apr_psprintf(pool, "%s:%d", file->path, first);
    if (url)
        return apr_psprintf(pool, "[%s](<%s>)", docgen_markdown_escape(pool, text), url);
    return docgen_markdown_code(pool, text);
}

apr_status_t docgen_site_page(docgen_site *site, const char *path, const char *title, int order,
                              const char *markdown)
{
    docgen_draft *draft = docgen_draft_create(site, path, title, order);

    docgen_draft_text(draft, markdown);
    return docgen_draft_send(draft);
}
