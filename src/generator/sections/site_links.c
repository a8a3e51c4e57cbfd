/* Where links of the repository's documents lead in the documentation: to the page made of the document they
 * mean, to an image sent along, to the pinned source, or nowhere; whatever tool the links were written for.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/site.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_escape.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"
#include "generator/output_kind.h"
#include "generator/documents/html.h"
#include "generator/sections/prose.h"
#include "generator/sections/reference.h"

enum {
    IMAGE_MAX = 1024 * 1024,
    CODE_LINKS_MAX = 1000 /* code spans of one page that become links */
};

typedef struct resolver {
    docgen_site *site;
    const docgen_file *file; /* the document; NULL for a section's own text */
    const char *page;
    int plain; /* images are left out */
} resolver;

static const char *lower(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text);

    for (char *p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

/* Every file by its lower-case path, once per site. */
static docgen_file *file_find(docgen_site *site, apr_pool_t *pool, const char *path)
{
    docgen_file *file = docgen_tree_find(site->model->tree, path);

    if (file)
        return file;
    if (apr_hash_count(site->documents) == 0) {
        const apr_array_header_t *files = site->model->tree->files;

        for (int i = 0; i < files->nelts; i++) {
            docgen_file *entry = APR_ARRAY_IDX(files, i, docgen_file *);
            const char *key = lower(site->pool, entry->path);

            if (!apr_hash_get(site->documents, key, APR_HASH_KEY_STRING))
                apr_hash_set(site->documents, key, APR_HASH_KEY_STRING, entry);
        }
    }
    return apr_hash_get(site->documents, lower(pool, path), APR_HASH_KEY_STRING);
}

/* The document that a path without, or with another, extension means. */
static docgen_file *document_guess(docgen_site *site, apr_pool_t *pool, const char *path)
{
    static const char *const endings[] = {"",     ".md",   ".mdx",      ".markdown", ".rst",
                                          ".txt", ".adoc", ".asciidoc", NULL};
    static const char *const indexes[] = {"index.md",   "readme.md", "index.mdx",   "index.rst",
                                          "readme.rst", "index.txt", "readme.adoc", "readme",
                                          "_index.md",  "index.xml", "index.html",  NULL};
    const char *stem = path;
    const char *dot = strrchr(docgen_basename(path), '.');
    int is_html = dot && (!strcasecmp(dot, ".html") || !strcasecmp(dot, ".htm"));
    docgen_file *exact = NULL;
    docgen_file *file;

    for (int i = 0; endings[i]; i++) {
        file = file_find(site, pool, apr_pstrcat(pool, path, endings[i], NULL));
        if (file && (i > 0 || !is_html || docgen_guide_of(site, file)))
            return file;
        exact = i == 0 ? file : exact; /* a page made from another file goes before */
    }
    if (is_html || (dot && !strcasecmp(dot, ".md"))) {
        stem = apr_pstrndup(pool, path, (apr_size_t)(dot - path));
        for (int i = 1; endings[i]; i++) {
            file = file_find(site, pool, apr_pstrcat(pool, stem, endings[i], NULL));
            if (file)
                return file;
        }
        file = file_find(site, pool, apr_pstrcat(pool, stem, ".xml", NULL));
        if (file)
            return file;
        if (!strcasecmp(docgen_basename(stem), "index"))
            path = docgen_dirname(pool, stem);
    }
    for (int i = 0; indexes[i]; i++) {
        file = exact ? NULL : file_find(site, pool, docgen_path_join(pool, path, indexes[i]));
        if (file)
            return file;
    }
    return exact;
}

const docgen_guide *docgen_guide_of(const docgen_site *site, const docgen_file *file)
{
    for (int i = 0; i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (guide->file == file)
            return guide;
    }
    return NULL;
}

static const char *media_type(const char *path)
{
    static const char *const types[][2] = {
        {".png", "image/png"}, {".jpg", "image/jpeg"},    {".jpeg", "image/jpeg"},
        {".gif", "image/gif"}, {".svg", "image/svg+xml"}, {".webp", "image/webp"},
    };
    const char *dot = strrchr(path, '.');

    for (apr_size_t i = 0; dot && i < sizeof(types) / sizeof(*types); i++) {
        if (!strcasecmp(dot, types[i][0]))
            return types[i][1];
    }
    return NULL;
}

/* A free asset path for a file: its own path with each segment made a slug. */
static const char *asset_path(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    docgen_buffer *path = docgen_buffer_create(pool);
    const char *from = file->path;
    const char *dot = strrchr(file->path, '.');
    const char *base;

    docgen_buffer_puts(path, "files");
    while (from < dot) {
        apr_size_t part = strcspn(from, "/");

        if (from + part > dot)
            part = (apr_size_t)(dot - from);
        docgen_buffer_printf(path, "/%s", docgen_slug(pool, apr_pstrndup(pool, from, part)));
        from += part + (from[part] == '/');
    }
    base = path->data;
    if (path->length > 200)
        base = apr_psprintf(pool, "files/%.32s", file->oid);
    for (int n = 1; n < 1000; n++) {
        const char *try = n == 1 ? apr_pstrcat(pool, base, lower(pool, dot), NULL)
                                 : apr_psprintf(pool, "%s-%d%s", base, n, lower(pool, dot));

        if (!apr_hash_get(site->output->paths, try, APR_HASH_KEY_STRING))
            return try;
    }
    return NULL;
}

/* Sends an image once. @return its asset path, or NULL */
static const char *image_send(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    const char *known = apr_hash_get(site->assets, file->path, APR_HASH_KEY_STRING);
    const char *type = media_type(file->path);
    const char *path;
    const char *data;
    apr_size_t length;
    apr_pool_t *scratch;
    apr_status_t rv;

    if (known)
        return *known ? known : NULL;
    if (!type || file->size > IMAGE_MAX ||
        (file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS)))
        return NULL;
    path = asset_path(site, pool, file);
    apr_pool_create(&scratch, pool);
    rv = docgen_tree_bytes(site->model->tree, file, scratch, IMAGE_MAX, &data, &length);
    if (rv == APR_SUCCESS && path)
        rv = docgen_output_asset(site->output, path, type, data, length);
    apr_pool_destroy(scratch);
    path = rv == APR_SUCCESS && path ? apr_pstrdup(site->pool, path) : "";
    apr_hash_set(site->assets, apr_pstrdup(site->pool, file->path), APR_HASH_KEY_STRING, path);
    return *path ? path : NULL;
}

/* The path within this repository that a forge URL names ("https://host/owner/name/blob/ref/path"), or NULL. */
static const char *own_url_path(const docgen_site *site, apr_pool_t *pool, const char *target)
{
    static const char *const views[] = {"/blob/",   "/tree/",   "/raw/",
                                        "/-/blob/", "/-/tree/", "/-/raw/"};
    const char *url = site->model->facts->url;
    apr_size_t length = url ? strlen(url) : 0;
    const char *rest;
    const char *name;

    if (!url || strncmp(url, "https://", 8))
        return NULL;
    if (length > 4 && !strcmp(url + length - 4, ".git"))
        length -= 4;
    if (!strncasecmp(target, url, length) && target[length] == '/') {
        for (apr_size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
            if (strncmp(target + length, views[i], strlen(views[i])))
                continue;
            rest = strchr(target + length + strlen(views[i]), '/');
            return rest ? apr_pstrdup(pool, rest + 1) : NULL;
        }
        return NULL;
    }
    name = strstr(url + 8, "/");
    if (!name || strncasecmp(url + 8, "github.com/", 11) ||
        strncasecmp(target, "https://raw.githubusercontent.com/", 34))
        return NULL;
    length -= (apr_size_t)(name - url);
    if (strncasecmp(target + 33, name, length) || target[33 + length] != '/')
        return NULL;
    rest = strchr(target + 33 + length + 1, '/');
    return rest ? apr_pstrdup(pool, rest + 1) : NULL;
}

/* The link to a file of the repository: its page, else its source. */
static const char *file_href(const resolver *r, apr_pool_t *pool, const docgen_file *file,
                             const char *fragment)
{
    const docgen_guide *guide = docgen_guide_of(r->site, file);
    const char *url;

    if (guide) {
        docgen_ids *ids = apr_hash_get(r->site->anchors, guide->page, APR_HASH_KEY_STRING);
        const char *id = ids && *fragment ? docgen_ids_find(ids, pool, fragment) : NULL;

        return docgen_site_href(pool, r->page, guide->page, id);
    }
    url = docgen_source_link(pool, r->site->model->facts,
                             file->raw_path ? file->raw_path : file->path, 0, 0);
    if (url && *fragment == 'L' && isdigit((unsigned char)fragment[1]) && !strchr(url, '#'))
        url = apr_pstrcat(pool, url, "#", fragment, NULL);
    return url;
}

/* Is there a directory of this name? */
static int directory_exists(const docgen_site *site, const char *path)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_size_t length = strlen(path);
    int low = 0;
    int high = files->nelts;

    while (low < high) {
        int middle = (low + high) / 2;

        if (strcmp(APR_ARRAY_IDX(files, middle, docgen_file *)->path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (int i = low; i < files->nelts && i < low + 64; i++) {
        const char *name = APR_ARRAY_IDX(files, i, docgen_file *)->path;

        if (strncmp(name, path, length))
            return 0;
        if (name[length] == '/')
            return 1;
    }
    return 0;
}

static const char *image_href(const resolver *r, apr_pool_t *pool, const docgen_file *file)
{
    const char *asset = image_send(r->site, pool, file);

    if (asset)
        return docgen_site_href(pool, r->page, asset, NULL);
    return docgen_source_link(pool, r->site->model->facts,
                              file->raw_path ? file->raw_path : file->path, 0, 0);
}

static const char *path_resolve(const resolver *r, apr_pool_t *pool, const char *path,
                                const char *fragment, int image)
{
    docgen_site *site = r->site;
    docgen_file *file = image ? file_find(site, pool, path) : document_guess(site, pool, path);

    if (file && image)
        return image_href(r, pool, file);
    if (file)
        return file_href(r, pool, file, fragment);
    if (!image && *path && directory_exists(site, path))
        return docgen_source_link(pool, site->model->facts, path, 0, 0);
    return NULL;
}

/* Places where a path of a document may begin: beside it, then in each folder above it (sites are often
 * served from "docs/", "docs/public/" …). */
static const char *relative_resolve(const resolver *r, apr_pool_t *pool, const char *path,
                                    const char *fragment, int image)
{
    static const char *const served[] = {"", "public", "static", "assets", "docs", "src", NULL};
    const char *directory = docgen_dirname(pool, r->file->path);
    const char *joined;
    const char *url;

    if (*path != '/') {
        joined = docgen_path_join(pool, directory, path);
        return joined ? path_resolve(r, pool, joined, fragment, image) : NULL;
    }
    for (;; directory = docgen_dirname(pool, directory)) {
        for (int i = 0; served[i]; i++) {
            joined = docgen_path_join(pool, directory, apr_pstrcat(pool, served[i], path, NULL));
            url = joined && *joined ? path_resolve(r, pool, joined, fragment, image) : NULL;
            if (url)
                return url;
        }
        if (!*directory)
            return NULL;
    }
}

/* A code span's target: the entry of the one symbol it names or, in a document, the page of the file or module. */
static const char *name_href(void *baton, apr_pool_t *pool, const char *name)
{
    const resolver *r = baton;
    docgen_site *site = r->site;
    const docgen_symbol *symbol = docgen_reference_symbol(site, pool, name);
    docgen_reference found = {NULL, NULL, NULL};
    const docgen_guide *guide;
    const char *page = NULL;

    if (!site->linked_page || strcmp(site->linked_page, r->page)) {
        site->linked_page = apr_pstrdup(site->pool, r->page);
        site->linked = 0;
    }
    if (site->linked >= CODE_LINKS_MAX)
        return NULL;
    if (symbol && symbol->page && symbol->anchor) {
        site->linked++;
        return docgen_site_href(pool, r->page, symbol->page, symbol->anchor);
    }
    if (!r->file || !docgen_reference_place(site, pool, r->file, name, &found))
        return NULL;
    guide = found.file ? docgen_guide_of(site, found.file) : NULL;
    page = guide ? guide->page : found.module ? found.module->page : NULL;
    if (!page || !strcmp(page, r->page))
        return NULL;
    site->linked++;
    return docgen_site_href(pool, r->page, page, NULL);
}

/* Behind the next separator of a dotted name or of a path ("a::b"), or NULL. */
static const char *name_tail(const char *name)
{
    const char *at = name + strcspn(name, ".:");

    return *at ? at + strspn(at, ".:") : NULL;
}

/* "?symbol=flask.Flask.run", as the readers of reStructuredText and of doc comments write links by name: the longest
 * known end of the name. */
static const char *symbol_query(const resolver *r, apr_pool_t *pool, const char *name)
{
    char *decoded = apr_pstrdup(pool, name);

    apr_unescape_url(decoded, name, -1, NULL, NULL, 0, NULL);
    for (const char *at = decoded; at; at = name_tail(at)) {
        const char *url = name_href((void *)r, pool, at);

        if (url)
            return url;
    }
    return NULL;
}

static const char *document_resolve(void *baton, apr_pool_t *pool, const char *target, int image)
{
    const resolver *r = baton;
    const char *own;
    const char *fragment = strchr(target, '#');
    char *path;

    if (image && r->plain)
        return "";
    if (!strncmp(target, "?symbol=", 8))
        return symbol_query(r, pool, target + 8);
    if (docgen_target_is_absolute(target)) {
        own = own_url_path(r->site, pool, target);
        if (!own)
            return target;
        fragment = strchr(own, '#');
        path = apr_pstrndup(pool, own, strcspn(own, "#?"));
        apr_unescape_url(path, apr_pstrdup(pool, path), -1, NULL, NULL, 0, NULL);
        own = path_resolve(r, pool, path, fragment ? fragment + 1 : "", image);
        return own ? own : target;
    }
    path = apr_pstrndup(pool, target, strcspn(target, "#?"));
    apr_unescape_url(path, apr_pstrdup(pool, path), -1, NULL, NULL, 0, NULL);
    if (!*path)
        return NULL;
    return relative_resolve(r, pool, path, fragment ? fragment + 1 : "", image);
}

/* A relative URL in a section's own text must lead to a page that is planned or an asset that was sent. */
static const char *own_resolve(void *baton, apr_pool_t *pool, const char *target, int image)
{
    const resolver *r = baton;
    const char *path;

    (void)image;
    if (!strncmp(target, "?symbol=", 8))
        return symbol_query(r, pool, target + 8);
    if (docgen_target_is_absolute(target))
        return target;
    path = docgen_site_target(pool, r->page, target);
    if (!path)
        return NULL;
    if (apr_hash_get(r->site->pages, path, APR_HASH_KEY_STRING) ||
        apr_hash_get(r->site->output->paths, path, APR_HASH_KEY_STRING))
        return target;
    return NULL;
}

static docgen_links *links_create(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                  const char *page, int plain)
{
    docgen_links *links = apr_pcalloc(pool, sizeof(*links));
    resolver *r = apr_pcalloc(pool, sizeof(*r));

    r->site = site;
    r->file = file;
    r->page = page;
    r->plain = plain;
    links->resolve = file ? document_resolve : own_resolve;
    links->symbol = name_href;
    links->baton = r;
    return links;
}

docgen_links *docgen_site_links(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                const char *page)
{
    return links_create(site, pool, file, page, 0);
}

docgen_links *docgen_site_plain_links(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                      const char *page)
{
    return links_create(site, pool, file, page, 1);
}

docgen_links *docgen_site_own_links(docgen_site *site, apr_pool_t *pool, const char *page)
{
    return links_create(site, pool, NULL, page, 0);
}
