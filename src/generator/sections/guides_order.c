/* The navigation a repository keeps for its own documentation site, read for its order only.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    TOCTREE_DEPTH = 8
};

typedef struct ranking {
    docgen_site *site;
    apr_pool_t *pool;
    apr_hash_t *ranks;
    int next;
} ranking;

/* Gives a document its rank when it exists and has none yet. */
static int rank_add(ranking *r, const char *path)
{
    int *rank;

    if (!path || !docgen_tree_find(r->site->model->tree, path) ||
        apr_hash_get(r->ranks, path, APR_HASH_KEY_STRING))
        return 0;
    rank = apr_palloc(r->pool, sizeof(*rank));
    *rank = r->next++;
    apr_hash_set(r->ranks, apr_pstrdup(r->pool, path), APR_HASH_KEY_STRING, rank);
    return 1;
}

/* The same for a target without its extension. */
static void rank_guess(ranking *r, const char *directory, const char *target)
{
    static const char *const endings[] = {"",          ".md",        ".mdx",     ".rst",
                                          "/index.md", "/README.md", "index.md", NULL};

    target = apr_pstrndup(r->pool, target, strcspn(target, "#?"));
    while (*target == '/')
        target++;
    for (int i = 0; endings[i]; i++) {
        if (rank_add(r, docgen_path_join(r->pool, directory,
                                         apr_pstrcat(r->pool, target, endings[i], NULL))))
            return;
    }
}

/* mkdocs.yml: after "nav:", whatever ends in .md is a page. */
static void mkdocs_read(ranking *r, const char *file)
{
    const char *text = docgen_file_text(r->site, r->pool, file);
    const char *nav = text ? strstr(text, "\nnav:") : NULL;
    const char *docs = text ? strstr(text, "\ndocs_dir:") : NULL;
    const char *directory = "docs";

    if (docs) {
        docs += 10 + strspn(docs + 10, " '\"");
        directory = apr_pstrndup(r->pool, docs, strcspn(docs, " '\"\n"));
    }
    for (const char *line = nav ? nav + 5 : NULL; line && *line; line = strchr(line, '\n')) {
        const char *end;
        const char *start;

        line += strspn(line, "\n");
        if (isalpha((unsigned char)*line))
            break;
        end = strstr(line, ".md");
        if (!end || end > line + strcspn(line, "\n"))
            continue;
        for (start = end; start > line && !strchr(" '\"-", start[-1]); start--) {
        }
        rank_add(r, docgen_path_join(r->pool, directory,
                                     apr_pstrndup(r->pool, start, (apr_size_t)(end + 3 - start))));
    }
}

/* SUMMARY.md and _sidebar.md: the links of a list. */
static void links_read(ranking *r, const char *file)
{
    const char *text = docgen_file_text(r->site, r->pool, file);
    const char *directory = docgen_dirname(r->pool, file);

    for (const char *at = text ? strstr(text, "](") : NULL; at; at = strstr(at + 2, "]("))
        rank_guess(r, directory, apr_pstrndup(r->pool, at + 2, strcspn(at + 2, ") \n")));
}

/* VitePress: link: '/guide/features' */
static void vitepress_read(ranking *r, const char *file)
{
    const char *text = docgen_file_text(r->site, r->pool, file);
    const char *directory = docgen_dirname(r->pool, docgen_dirname(r->pool, file));

    for (const char *at = text ? strstr(text, "link:") : NULL; at; at = strstr(at + 5, "link:")) {
        const char *value = at + 5 + strspn(at + 5, " ");

        if (*value == '\'' || *value == '"')
            rank_guess(r, directory,
                       apr_pstrndup(r->pool, value + 1,
                                    strcspn(value + 1, (const char[]){*value, '\n', '\0'})));
    }
}

/* One entry of a toctree: "Title <target>" or "target". */
static const char *toctree_target(apr_pool_t *pool, const char *line, apr_size_t length)
{
    const char *open = memrchr(line, '<', length);
    const char *close = open ? memchr(open, '>', length - (apr_size_t)(open - line)) : NULL;

    if (close)
        return apr_pstrndup(pool, open + 1, (apr_size_t)(close - open - 1));
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    return apr_pstrndup(pool, line, length);
}

/* Sphinx: the toctrees from the root document down. */
static void toctree_read(ranking *r, const char *file, int depth)
{
    const char *text = docgen_file_text(r->site, r->pool, file);
    const char *directory = docgen_dirname(r->pool, file);
    int inside = 0;

    if (!text || depth > TOCTREE_DEPTH)
        return;
    rank_add(r, file);
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        apr_size_t length = strcspn(line, "\n");
        apr_size_t indent = strspn(line, " \t");
        const char *target;

        if (!strncmp(line + indent, ".. toctree::", 12)) {
            inside = 1;
            continue;
        }
        if (!inside || indent >= length)
            continue;
        if (indent == 0) {
            inside = 0;
            continue;
        }
        if (line[indent] == ':')
            continue;
        target = toctree_target(r->pool, line + indent, length - indent);
        target = docgen_path_join(
            r->pool, directory,
            apr_pstrcat(r->pool, target, strstr(target, ".rst") ? "" : ".rst", NULL));
        if (target && docgen_tree_find(r->site->model->tree, target) &&
            !apr_hash_get(r->ranks, target, APR_HASH_KEY_STRING))
            toctree_read(r, target, depth + 1);
    }
}

apr_hash_t *docgen_guide_ranks(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    ranking r = {site, pool, apr_hash_make(pool), 0};
    const char *root = NULL;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = docgen_basename(file->path);

        if (file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE))
            continue;
        if (!strcmp(file->path, "mkdocs.yml") || !strcmp(file->path, "mkdocs.yaml"))
            mkdocs_read(&r, file->path);
        else if (!docgen_doc_root(pool, file->path))
            continue;
        else if (!strcasecmp(name, "summary.md") || !strcmp(name, "_sidebar.md"))
            links_read(&r, file->path);
        else if (strstr(file->path, "/.vitepress/config."))
            vitepress_read(&r, file->path);
        else if (!strcmp(name, "index.rst") && (!root || strlen(file->path) < strlen(root)))
            root = file->path; /* the one nearest to the top leads to the others */
    }
    if (root)
        toctree_read(&r, root, 0);
    return r.ranks;
}
