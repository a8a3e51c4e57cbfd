/* The navigation a repository keeps for its own documentation site: its order, titles and groups.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_fnmatch.h>
#include <apr_strings.h>
#include "generator/sections/guides_order.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    TOCTREE_DEPTH = 8,
    GROUP_DEPTH = 12
};

/* Gives a document its place when it exists and has none yet. @return whether it exists */
static int place_add(docgen_ordering *o, const char *root, const char *path, const char *title,
                     const char *group)
{
    docgen_place *place;

    if (!path || !docgen_tree_find(o->site->model->tree, path))
        return 0;
    if (apr_hash_get(o->places, path, APR_HASH_KEY_STRING))
        return 1;
    place = apr_palloc(o->pool, sizeof(*place));
    place->rank = o->next++;
    place->title = title && *title ? title : NULL;
    place->group = group && *group ? group : NULL;
    place->root = root;
    apr_hash_set(o->places, apr_pstrdup(o->pool, path), APR_HASH_KEY_STRING, place);
    return 1;
}

/* The documents whose front matter gives them another id than their name's. */
static apr_hash_t *ids_of(docgen_ordering *o)
{
    const apr_array_header_t *files = o->site->model->tree->files;
    apr_pool_t *scratch;

    if (o->ids)
        return o->ids;
    o->ids = apr_hash_make(o->pool);
    apr_pool_create(&scratch, o->pool);
    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *dot = strrchr(file->path, '.'), *text, *id;

        if (!dot || strncmp(dot, ".md", 3) || !docgen_site_doc_root(o->site, scratch, file->path))
            continue;
        text = docgen_file_text(o->site, scratch, file->path);
        id = text ? docgen_front_matter(scratch, text, "id") : NULL;
        if (id)
            apr_hash_set(o->ids, docgen_path_join(o->pool, docgen_dirname(scratch, file->path), id),
                         APR_HASH_KEY_STRING, file->path);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return o->ids;
}

int docgen_order_add(docgen_ordering *o, const char *directory, const char *target,
                     const char *title, const char *group)
{
    static const char *const endings[] = {"",           ".md",        ".mdx",       ".rst",
                                          ".adoc",      "/index.md",  "/index.mdx", "/README.md",
                                          "/readme.md", "/index.rst", "index.md",   NULL};
    const char *path;

    target = apr_pstrndup(o->pool, target, strcspn(target, "#?"));
    while (*target == '/')
        target++;
    if (strstr(target, "://") || (!*directory && !*target))
        return 0;
    for (int i = 0; endings[i]; i++) {
        const char *name = apr_pstrcat(o->pool, target, endings[i], NULL);
        const char *dot = strrchr(name, '.');

        if (dot && !strcmp(dot, ".html")) /* VitePress and the like link what is built */
            name = apr_pstrcat(o->pool, apr_pstrndup(o->pool, name, (apr_size_t)(dot - name)),
                               ".md", NULL);
        if (place_add(o, directory, docgen_path_join(o->pool, directory, name), title, group))
            return 1;
    }
    path = docgen_path_join(o->pool, directory, target);
    path = path ? apr_hash_get(ids_of(o), path, APR_HASH_KEY_STRING) : NULL;
    return path && place_add(o, directory, path, title, group);
}

/* A YAML scalar without quotes. */
static const char *scalar(apr_pool_t *pool, const char *start, apr_size_t length)
{
    while (length > 0 && isspace((unsigned char)start[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*start)) {
        start++;
        length--;
    }
    if (length > 1 && strchr("'\"", *start) && start[length - 1] == *start) {
        start++;
        length -= 2;
    }
    return apr_pstrndup(pool, start, length);
}

/* One line of mkdocs' nav: "- Title: file.md", "- file.md", "- Group:". Groups end where the indentation does. */
typedef struct nav_groups {
    apr_size_t indent[GROUP_DEPTH];
    const char *name[GROUP_DEPTH];
    int depth;
} nav_groups;

static void nav_line(docgen_ordering *o, nav_groups *groups, const char *directory,
                     const char *line, apr_size_t length)
{
    apr_size_t indent = strspn(line, " ");
    const char *item = line + indent, *end = line + length, *colon = NULL, *title = NULL;

    if (item >= end || *item != '-')
        return;
    item += 1 + strspn(item + 1, " ");
    for (const char *p = item; p < end && !colon; p++)
        colon = *p == ':' && (p + 1 == end || p[1] == ' ') ? p : NULL;
    while (groups->depth > 0 && groups->indent[groups->depth - 1] >= indent)
        groups->depth--;
    if (colon) {
        title = scalar(o->pool, item, (apr_size_t)(colon - item));
        item = colon + 1;
    }
    item = scalar(o->pool, item, (apr_size_t)(end - item));
    if (*item && *item != '#')
        docgen_order_add(o, directory, item, title,
                         groups->depth ? groups->name[groups->depth - 1] : NULL);
    else if (title && groups->depth < GROUP_DEPTH) {
        groups->indent[groups->depth] = indent;
        groups->name[groups->depth++] = title;
    }
}

/* mkdocs.yml: its nav, up to the next key. */
static void mkdocs_read(docgen_ordering *o, const char *file)
{
    const char *text = docgen_file_text(o->site, o->pool, file);
    const char *nav = text ? strstr(text, "\nnav:") : NULL;
    const char *docs = text ? strstr(text, "\ndocs_dir:") : NULL;
    const char *directory = "docs";
    nav_groups groups = {.depth = 0};

    if (docs) {
        docs += 10 + strspn(docs + 10, " '\"");
        directory = apr_pstrndup(o->pool, docs, strcspn(docs, " '\"\n"));
    }
    directory = docgen_path_join(o->pool, docgen_dirname(o->pool, file), directory);
    for (const char *line = nav && directory ? strchr(nav + 1, '\n') : NULL; line && *line;) {
        apr_size_t length;

        line += *line == '\n';
        length = strcspn(line, "\n");
        if (isalpha((unsigned char)*line))
            break;
        nav_line(o, &groups, directory, line, length);
        line += length;
    }
}

/* SUMMARY.md and _sidebar.md: lists of links; a heading, or an item without a link, begins a group. */
static void links_read(docgen_ordering *o, const char *file)
{
    const char *text = docgen_file_text(o->site, o->pool, file);
    const char *directory = docgen_dirname(o->pool, file), *group = NULL;

    for (const char *line = text; line && *line;
         line += strcspn(line, "\n"), line += *line == '\n') {
        apr_size_t length = strcspn(line, "\n");
        const char *row = apr_pstrndup(o->pool, line, length);
        const char *words = row + strspn(row, " \t#*-+");
        const char *open = strchr(row, '['), *link = open ? strstr(open, "](") : NULL;

        if (link) {
            docgen_order_add(o, directory, apr_pstrndup(o->pool, link + 2, strcspn(link + 2, ") ")),
                             apr_pstrndup(o->pool, open + 1, (apr_size_t)(link - open - 1)), group);
        } else if (words > row && *words && strcasecmp(words, "summary") &&
                   (strchr("#*-+", row[strspn(row, " \t")]))) {
            group = docgen_plain_text(o->pool, words);
        }
    }
}

/* DocC's first page: "### Group" and "- <doc:Article>" below "## Topics". */
static void topics_read(docgen_ordering *o, const char *file)
{
    const char *text = docgen_file_text(o->site, o->pool, file);
    const char *directory = docgen_dirname(o->pool, file), *group = NULL;
    const char *topics = text ? strstr(text, "\n## Topics") : NULL;

    for (const char *line = topics ? topics + 1 : NULL; line && *line;
         line += strcspn(line, "\n"), line += *line == '\n') {
        apr_size_t length = strcspn(line, "\n");

        if (!strncmp(line, "### ", 4))
            group = scalar(o->pool, line + 4, length - 4);
        else if (!strncmp(line, "- <doc:", 7))
            docgen_order_add(o, directory,
                             apr_pstrndup(o->pool, line + 7, strcspn(line + 7, ">\n")), NULL,
                             group);
    }
}

/* One entry of a toctree: "Title <target>" or "target". */
static const char *toctree_target(apr_pool_t *pool, const char *line, apr_size_t length,
                                  const char **title)
{
    const char *open = memrchr(line, '<', length);
    const char *close = open ? memchr(open, '>', length - (apr_size_t)(open - line)) : NULL;

    *title = close ? scalar(pool, line, (apr_size_t)(open - line)) : NULL;
    return close ? apr_pstrndup(pool, open + 1, (apr_size_t)(close - open - 1))
                 : scalar(pool, line, length);
}

static void toctree_read(docgen_ordering *o, const char *file, const char *title, const char *group,
                         int depth);

/* A document that a toctree names, and those that it names itself. */
static void toctree_entry(docgen_ordering *o, const char *directory, const char *target,
                          const char *title, const char *group, int depth)
{
    static const char *const endings[] = {"", ".rst", ".md", ".txt", NULL};

    for (int i = 0; endings[i]; i++) {
        const char *path =
            docgen_path_join(o->pool, *target == '/' ? "docs" : directory,
                             apr_pstrcat(o->pool, target + (*target == '/'), endings[i], NULL));

        if (path && docgen_tree_find(o->site->model->tree, path)) {
            if (!apr_hash_get(o->places, path, APR_HASH_KEY_STRING))
                toctree_read(o, path, title, group, depth + 1);
            return;
        }
    }
}

/* An entry with "*": every document that matches, in order. */
static void toctree_glob(docgen_ordering *o, const char *directory, const char *pattern,
                         const char *group, int depth)
{
    const apr_array_header_t *files = o->site->model->tree->files;
    const char *full = docgen_path_join(o->pool, directory, pattern);

    for (int i = 0; full && i < files->nelts; i++) {
        const char *path = APR_ARRAY_IDX(files, i, docgen_file *)->path;
        const char *dot = strrchr(path, '.');
        const char *stem = dot ? apr_pstrndup(o->pool, path, (apr_size_t)(dot - path)) : path;

        if (dot && (!strcmp(dot, ".rst") || !strcmp(dot, ".md")) &&
            apr_fnmatch(full, stem, APR_FNM_PATHNAME) == APR_SUCCESS &&
            !apr_hash_get(o->places, path, APR_HASH_KEY_STRING))
            toctree_read(o, path, NULL, group, depth + 1);
    }
}

/* Is a line the underline of a heading? */
static int is_underline(const char *line, apr_size_t length)
{
    for (apr_size_t i = 0; i < length; i++) {
        if (line[i] != *line)
            return 0;
    }
    return length > 2 && ispunct((unsigned char)*line);
}

/* Sphinx: the toctrees from the root document down. In the root, a caption or else the heading above a toctree names the
 * group of what it lists; below it, the group is passed on. */
static void toctree_read(docgen_ordering *o, const char *file, const char *title, const char *group,
                         int depth)
{
    const char *text = docgen_file_text(o->site, o->pool, file), *last = "", *heading = NULL;
    const char *directory = docgen_dirname(o->pool, file), *own = group;
    int inside = 0, sections = 0;

    if (!text || depth > TOCTREE_DEPTH)
        return;
    place_add(o, directory, file, title, group);
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        apr_size_t length = strcspn(line, "\n"), indent = strspn(line, " \t");
        const char *target;

        if (!inside && depth == 0 && is_underline(line, length) && *last &&
            !is_underline(last, strlen(last)) && sections++ > 0)
            heading = last;
        last = apr_pstrndup(o->pool, line, length);
        if (!strncmp(line + indent, ".. toctree::", 12) ||
            !strncmp(line + indent, "```{toctree}", 12)) {
            inside = line[indent] == '`' ? 2 : 1;
            own = heading ? heading : group;
        } else if (inside && indent < length && line[indent] == ':') {
            if (depth == 0 && !strncmp(line + indent, ":caption:", 9))
                own = scalar(o->pool, line + indent + 9, length - indent - 9);
        } else if ((inside == 1 && indent == 0 && length > 0) ||
                   (inside == 2 && !strncmp(line + indent, "```", 3))) {
            inside = 0;
        } else if (inside && indent < length) {
            target = toctree_target(o->pool, line + indent, length - indent, &title);
            if (strpbrk(target, "*?"))
                toctree_glob(o, directory, target, own, depth);
            else
                toctree_entry(o, directory, target, title, own, depth);
        }
    }
}

/* Is a file the sidebar of a documentation site, or a configuration that holds one? */
static int is_sidebar(const char *path)
{
    static const char *const endings[] = {".js", ".ts", ".cjs", ".mjs", ".mts", ".json"};
    const char *name = docgen_basename(path), *dot = strrchr(name, '.');
    int script = 0;

    for (apr_size_t i = 0; dot && i < sizeof(endings) / sizeof(*endings); i++)
        script |= !strcmp(dot, endings[i]);
    return script && (!strncmp(name, "sidebars.", 9) || !strncmp(name, "astro.config.", 13) ||
                      strstr(path, "/.vitepress/config") || strstr(path, "/.vuepress/config"));
}

apr_hash_t *docgen_guide_places(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    docgen_ordering o = {site, pool, apr_hash_make(pool), NULL, 0};
    const char *root = NULL;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = docgen_basename(file->path);

        if (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE |
                           DOCGEN_FILE_LINK | DOCGEN_FILE_SKIPPED))
            continue;
        if (!strcmp(name, "mkdocs.yml") || !strcmp(name, "mkdocs.yaml"))
            mkdocs_read(&o, file->path);
        else if (is_sidebar(file->path))
            docgen_order_sidebar(&o, file->path);
        else if (!docgen_site_doc_root(site, pool, file->path))
            continue;
        else if (!strcasecmp(name, "summary.md") || !strcmp(name, "_sidebar.md"))
            links_read(&o, file->path);
        else if (strstr(file->path, ".docc/"))
            topics_read(&o, file->path);
        else if ((!strcmp(name, "index.rst") || !strcmp(name, "index.md")) &&
                 (!root || strlen(file->path) < strlen(root)))
            root = file->path; /* the one nearest to the top leads to the others */
    }
    if (root && apr_hash_count(o.places) == 0) {
        toctree_read(&o, root, NULL, NULL, 0);
        if (apr_hash_count(o.places) == 1) /* a first page that leads nowhere orders nothing */
            apr_hash_clear(o.places);
    }
    return o.places;
}
