/* The repository's own texts: finding them, reading them whatever they are written in, cutting them at headings.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/documents/manual.h"
#include "generator/documents/rst.h"
#include "generator/documents/source.h"
#include "generator/repo/hidden.h"
#include "generator/sections/man_pages.h"
#include "generator/sections/described.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    LINKS_MAX = 5 /* symbolic links that lead to one another */
};

#define CONVERTED_MAX ((apr_size_t)32 * 1024 * 1024)

const char *docgen_basename(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

const char *docgen_dirname(apr_pool_t *pool, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? apr_pstrndup(pool, path, (apr_size_t)(slash - path)) : "";
}

const char *docgen_file_text(const docgen_site *site, apr_pool_t *pool, const char *path)
{
    docgen_file *file = docgen_tree_find(site->model->tree, path);
    const char *text;
    apr_size_t length;

    if (!file || (file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE)) ||
        docgen_tree_text(site->model->tree, file, pool, &text, &length) != APR_SUCCESS)
        return NULL;
    return text;
}

static int has_ending(const char *path, const char *const *endings)
{
    const char *dot = strrchr(docgen_basename(path), '.');

    for (int i = 0; dot && endings[i]; i++) {
        if (!strcasecmp(dot, endings[i]))
            return 1;
    }
    return 0;
}

docgen_file *docgen_link_followed(const docgen_site *site, docgen_file *file)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, site->pool);
    for (int i = 0; file && (file->flags & DOCGEN_FILE_LINK); i++) {
        const char *target, *path;
        apr_size_t length;

        if (i == LINKS_MAX ||
            docgen_tree_text(site->model->tree, file, scratch, &target, &length) != APR_SUCCESS ||
            length == 0 || *target == '/') {
            file = NULL;
            break;
        }
        path = docgen_path_join(scratch, docgen_dirname(scratch, file->path), target);
        file = path ? docgen_tree_find(site->model->tree, path) : NULL;
    }
    apr_pool_destroy(scratch);
    return file && !(file->flags & (DOCGEN_FILE_BINARY | DOCGEN_FILE_SUBMODULE)) ? file : NULL;
}

docgen_file *docgen_document_find(const docgen_site *site, const char *directory,
                                  const char *const *names)
{
    static const char *const endings[] = {".md",  ".markdown", ".rst", ".adoc", ".asciidoc", ".txt",
                                          ".mdx", "",          ".org", ".pod",  NULL};
    const apr_array_header_t *files = site->model->tree->files;
    apr_size_t length = strlen(directory);
    docgen_file *best = NULL;
    int best_rank = 0;

    for (int i = 0; i < files->nelts; i++) {
        docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = file->path;

        if (length > 0) {
            if (strncmp(name, directory, length) || name[length] != '/')
                continue;
            name += length + 1;
        }
        if (strchr(name, '/') || file->size == 0 || (file->flags & DOCGEN_FILE_BINARY))
            continue;
        for (int n = 0; names[n]; n++) {
            apr_size_t stem = strlen(names[n]);

            if (strncasecmp(name, names[n], stem))
                continue;
            for (int e = 0; endings[e]; e++) {
                int rank = n * 16 + e + 1;

                docgen_file *target;

                if (strcasecmp(name + stem, endings[e]) || (best && rank >= best_rank))
                    continue;
                target = docgen_link_followed(site, file);
                if (target) {
                    best = target;
                    best_rank = rank;
                }
            }
        }
    }
    return best;
}

typedef struct includer {
    docgen_site *site;
    const docgen_file *file;
} includer;

/* What a document includes: only files of the same commit, relative to it or to the top. */
static const char *include_read(void *baton, apr_pool_t *pool, const char *path)
{
    const includer *from = baton;
    const char *joined = *path == '/'
                             ? docgen_path_join(pool, "", path)
                             : docgen_path_join(pool, docgen_dirname(pool, from->file->path), path);
    const char *text = joined ? docgen_file_text(from->site, pool, joined) : NULL;

    if (!text && *path == '/') {
        /* Sphinx counts a leading '/' from the folder that holds conf.py. */
        for (const char *top = docgen_dirname(pool, from->file->path); *top && !text;
             top = docgen_dirname(pool, top)) {
            joined = docgen_path_join(pool, top, path + 1);
            text = joined ? docgen_file_text(from->site, pool, joined) : NULL;
        }
    }
    return text;
}

/* Where another document's label is: "/path/of/file.rst#label". */
static const char *label_find(void *baton, apr_pool_t *pool, const char *label, const char **title)
{
    const includer *from = baton;
    const docgen_label *known = apr_hash_get(from->site->labels, label, APR_HASH_KEY_STRING);

    if (!known)
        return NULL;
    *title = known->title;
    return apr_pstrcat(pool, "/", known->file->path, "#", docgen_slug(pool, label), NULL);
}

/* Plain text keeps its lines; a README without an extension is often Markdown-like enough to read. */
static const char *text_markdown(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    while (*text) {
        apr_size_t length = strcspn(text, "\n");

        docgen_buffer_puts(out, "    ");
        docgen_buffer_append(out, text, length);
        docgen_buffer_puts(out, "\n");
        text += length + (text[length] == '\n');
    }
    return apr_pstrdup(pool, out->data);
}

/* A page of the same manual: the folder of that name beside the document or above it. */
static const char *manual_page(void *baton, apr_pool_t *pool, const char *folder, const char *name)
{
    const includer *from = baton;
    const char *directory = docgen_dirname(pool, from->file->path);
    const char *up = "";

    for (int i = 0; i < 8; i++) {
        const char *path = apr_pstrcat(pool, folder, "/", name, ".xml", NULL);

        if (docgen_tree_find(from->site->model->tree, docgen_path_join(pool, directory, path)))
            return apr_pstrcat(pool, up, path, NULL);
        if (!*directory)
            break;
        directory = docgen_dirname(pool, directory);
        up = apr_pstrcat(pool, up, "../", NULL);
    }
    return NULL;
}

static void object_note(void *baton, const docgen_rst_object *object)
{
    const includer *from = baton;

    docgen_description_note(from->site, from->file, object);
}

static const char *code_write(void *baton, apr_pool_t *pool, const char *module, const char *name,
                              int members)
{
    const includer *from = baton;

    return docgen_described_code(from->site, pool, from->file, module, name, members);
}

/* Markdown without what nobody sees. */
static const char *markdown_read(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                 const char *text)
{
    static const char *const mdx[] = {".mdx", NULL};
    docgen_hidden *hidden;
    int comments, first;

    text = docgen_markdown_source(pool, text, has_ending(file->path, mdx), &comments, &first);
    if (comments) {
        hidden = apr_array_push(site->model->tree->hidden);
        *hidden = (docgen_hidden){file->path, "comments", first, comments};
    }
    return text;
}

/* From `pool`, or as the file's own text. */
static const char *document_convert(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    static const char *const markdown[] = {".md", ".markdown", ".mdx", ".mkd", NULL};
    static const char *const rst[] = {".rst", ".rest", NULL};
    static const char *const asciidoc[] = {".adoc", ".asciidoc", ".asc", NULL};
    static const char *const manual[] = {".html", ".htm", ".xml", NULL};
    includer from = {site, file};
    docgen_manual_context around = {manual_page, &from};
    docgen_rst_context context = {include_read, label_find, object_note, code_write, &from};
    const char *text;
    apr_size_t length;

    if ((file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS)) ||
        docgen_tree_text(site->model->tree, file, pool, &text, &length) != APR_SUCCESS)
        return NULL;
    if (has_ending(file->path, rst))
        return docgen_rst_document(pool, text, &context);
    if (has_ending(file->path, asciidoc))
        return docgen_asciidoc_markdown(pool, text);
    if (has_ending(file->path, manual))
        return docgen_manual_markdown(pool, text, &around);
    if (docgen_man_is_named(file->path))
        return docgen_man_markdown(pool, file->path, text);
    if (has_ending(file->path, markdown) || !strchr(docgen_basename(file->path), '.'))
        return markdown_read(site, pool, file, text);
    return text_markdown(pool, text);
}

/* A document is planned, quoted, routed and shown: what was converted is kept, up to a limit, until the site is done. */
const char *docgen_site_document(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    const char *markdown = apr_hash_get(site->converted, file->path, APR_HASH_KEY_STRING);
    apr_size_t size;

    if (markdown)
        return markdown;
    markdown = document_convert(site, pool, file);
    size = markdown ? strlen(markdown) + 1 : 0;
    if (size && size <= CONVERTED_MAX - site->converted_bytes) {
        markdown = apr_pmemdup(site->pool, markdown, size);
        apr_hash_set(site->converted, file->path, APR_HASH_KEY_STRING, markdown);
        site->converted_bytes += size;
    }
    return markdown;
}

/* The value of `key:` in a front matter, or NULL. */
static const char *front_matter_value(apr_pool_t *pool, const char *markdown, const char *key)
{
    const char *end;
    apr_size_t length = strlen(key);

    if (strncmp(markdown, "---\n", 4))
        return NULL;
    end = strstr(markdown + 3, "\n---");
    for (const char *line = markdown + 4; end && line < end; line += strcspn(line, "\n") + 1) {
        const char *value;
        apr_size_t size;

        if (strncmp(line, key, length) || line[length] != ':')
            continue;
        value = line + length + 1 + strspn(line + length + 1, " \t\"'");
        size = strcspn(value, "\n");
        while (size > 0 && strchr(" \t\"'\r", value[size - 1]))
            size--;
        return size ? apr_pstrndup(pool, value, size) : NULL;
    }
    return NULL;
}

const char *docgen_front_matter(apr_pool_t *pool, const char *markdown, const char *key)
{
    return front_matter_value(pool, markdown, key);
}

/* "getting_started" → "Getting started" */
static const char *title_from_name(apr_pool_t *pool, const docgen_file *file)
{
    const char *name = docgen_basename(file->path);
    char *title;
    const char *dot;

    if (!strncasecmp(name, "readme", 6) || !strncasecmp(name, "index.", 6)) {
        const char *directory = docgen_dirname(pool, file->path);

        if (*directory)
            name = docgen_basename(directory);
    }
    dot = strrchr(name, '.');
    while (isdigit((unsigned char)*name) || *name == '_' || *name == '-')
        name++;
    title = dot && dot > name ? apr_pstrndup(pool, name, (apr_size_t)(dot - name))
                              : apr_pstrdup(pool, name);
    for (char *p = title; *p; p++) {
        if (*p == '_' || *p == '-')
            *p = ' ';
    }
    if (*title)
        *title = (char)toupper((unsigned char)*title);
    return *title ? title : file->path;
}

const char *docgen_plain_text(apr_pool_t *pool, const char *markdown)
{
    apr_array_header_t *headings = apr_array_make(pool, 1, sizeof(docgen_heading));

    docgen_markdown_html(pool, apr_pstrcat(pool, "# ", markdown, "\n", NULL), 0, NULL, headings);
    return headings->nelts ? APR_ARRAY_IDX(headings, 0, docgen_heading).text : "";
}

const char *docgen_document_title(apr_pool_t *pool, const docgen_file *file, const char *markdown)
{
    const char *title = front_matter_value(pool, markdown, "title");
    apr_array_header_t *passages;

    if (title)
        return title;
    passages = docgen_passages(pool, markdown);
    for (int i = 0; i < passages->nelts && i < 2; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);

        if (passage->level == 0)
            continue;
        title = docgen_plain_text(pool, passage->title);
        if (*title)
            return title;
    }
    return title_from_name(pool, file);
}

/* The labels of one reStructuredText file, each with the heading it stands before. */
static void labels_read(docgen_site *site, apr_pool_t *pool, const docgen_file *file)
{
    docgen_lines lines = docgen_rst_lines(pool, docgen_file_text(site, pool, file->path));

    for (int i = 0; i < lines.count; i++) {
        const char *line = lines.line[i];
        apr_size_t length = strlen(line);
        docgen_label *label;
        const char *name;
        int next = i + 1;

        if (strncmp(line, ".. _", 4) || length < 6 || line[length - 1] != ':')
            continue;
        name = docgen_rst_name(site->pool, line + 4, length - 5);
        if (apr_hash_get(site->labels, name, APR_HASH_KEY_STRING))
            continue;
        label = apr_pcalloc(site->pool, sizeof(*label));
        label->file = file;
        while (next < lines.count && (!*lines.line[next] || !strncmp(lines.line[next], ".. _", 4)))
            next++;
        if (next + 2 < lines.count && ispunct((unsigned char)*lines.line[next]) &&
            strlen(lines.line[next]) > 2 && lines.line[next][0] == lines.line[next][1])
            next++;
        if (next + 1 < lines.count && strlen(lines.line[next + 1]) > 2 &&
            ispunct((unsigned char)*lines.line[next + 1]) &&
            lines.line[next + 1][0] == lines.line[next + 1][1])
            label->title = docgen_plain_text(
                site->pool, apr_pstrdup(pool, lines.line[next] + strspn(lines.line[next], " ")));
        apr_hash_set(site->labels, name, APR_HASH_KEY_STRING, label);
    }
}

void docgen_labels_read(docgen_site *site)
{
    static const char *const rst[] = {".rst", ".rest", NULL};
    const apr_array_header_t *files = site->model->tree->files;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        apr_pool_t *scratch;

        if (!has_ending(file->path, rst) || file->size > 1024 * 1024)
            continue;
        apr_pool_create(&scratch, site->pool);
        if (docgen_file_text(site, scratch, file->path))
            labels_read(site, scratch, file);
        apr_pool_destroy(scratch);
    }
}

/* The line of a heading in a source that is not Markdown; 0 when it is not found. */
static int heading_line(apr_pool_t *pool, const char *text, const char *title)
{
    const char *plain = docgen_plain_text(pool, title);
    int number = 0;

    while (*plain && *text) {
        apr_size_t length = strcspn(text, "\n");
        const char *line = apr_pstrndup(pool, text, length);

        number++;
        text += length + (text[length] == '\n');
        line += strspn(line, " =");
        if (!strncmp(line, plain, strlen(plain)) && strlen(line) <= strlen(plain) + 8)
            return number;
    }
    return 0;
}

const char *docgen_passage_source(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                                  const docgen_passage *passage, int last)
{
    static const char *const converted[] = {".rst", ".rest", ".adoc", ".asciidoc", ".asc", NULL};
    const char *text;
    int line;

    if (!has_ending(file->path, converted))
        return docgen_site_source(site, pool, file, passage->first, last);
    text = docgen_file_text(site, pool, file->path);
    line = text ? heading_line(pool, text, passage->title) : 0;
    return docgen_site_source(site, pool, file, line, line);
}
