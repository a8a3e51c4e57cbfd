/* Sidebars written in JavaScript, TypeScript or JSON: categories with labels and items, documents by their id, their link
 * or their slug. Only strings, keys and brackets are read; what is computed is not.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/guides_order.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    DEPTH_MAX = 24,
    BASES_MAX = 4
};

/* What is open: an object or a list. */
typedef struct level {
    char open;
    const char *label;  /* of this object, once read */
    const char *target; /* of this object, once read */
    const char *group;  /* of the documents in it */
    int is_link;        /* { link: { id: "x" } }: the page of the category around it */
} level;

typedef struct sidebar {
    docgen_ordering *o;
    const char *bases[BASES_MAX]; /* folders that targets may be relative to */
    const char *p;
    const char *key; /* read last, its value follows */
    level levels[DEPTH_MAX];
    int depth;
} sidebar;

static int is_key(const char *key, const char *const *keys)
{
    for (; *keys; keys++) {
        if (!strcmp(key, *keys))
            return 1;
    }
    return 0;
}

static const char *const label_keys[] = {"label", "text", "title", NULL};
static const char *const target_keys[] = {"id", "link", "slug", "path", NULL};
static const char *const list_keys[] = {"items", "children", "sidebar", "sidebars", "docs", NULL};
/* Keys whose strings are neither labels nor documents. */
static const char *const other_keys[] = {
    "type",  "href", "collapsed", "collapsible", "dirName",  "className", "icon", "description",
    "badge", "base", "src",       "alt",         "keywords", "image",     NULL};

static void document_add(sidebar *s, const char *target, const char *title, const char *group)
{
    for (int i = 0; i < BASES_MAX && s->bases[i]; i++) {
        if (docgen_order_add(s->o, s->bases[i], target, title, group))
            return;
    }
}

/* The object's document, once all of it is read. */
static void level_end(sidebar *s)
{
    level *l = &s->levels[s->depth];

    if (l->is_link && s->depth > 0)
        s->levels[s->depth - 1].target = l->target;
    else if (l->open == '{' && l->target)
        document_add(s, l->target, l->label, l->group);
    if (s->depth > 0)
        s->depth--;
}

static void level_begin(sidebar *s, char open)
{
    const level *outer = &s->levels[s->depth];
    level inner = {.open = open, .group = outer->group};

    if (s->depth + 1 >= DEPTH_MAX)
        return;
    if (s->key && is_key(s->key, list_keys)) {
        inner.group = outer->label ? outer->label : outer->group;
        /* The page of a category stands before its items. */
        if (outer->target)
            document_add(s, outer->target, NULL, inner.group);
    } else if (s->key && open == '[' && !is_key(s->key, other_keys)) {
        inner.group = s->key; /* { "Basics": ["a", "b"] } */
    }
    inner.is_link = s->key && open == '{' && !strcmp(s->key, "link");
    s->levels[++s->depth] = inner;
}

static void string_end(sidebar *s, const char *text)
{
    level *l = &s->levels[s->depth];

    if (l->open == '[')
        document_add(s, text, NULL, l->group);
    else if (s->key && is_key(s->key, label_keys))
        l->label = text;
    else if (s->key && is_key(s->key, target_keys))
        l->target = text;
}

/* A string with its escapes as they are; `p` stands at its quote. */
static const char *string_read(sidebar *s)
{
    const char quote = *s->p, *start = ++s->p;

    while (*s->p && *s->p != quote)
        s->p += *s->p == '\\' && s->p[1] ? 2 : 1;
    s->p += *s->p != '\0';
    return apr_pstrmemdup(s->o->pool, start, (apr_size_t)(s->p - start) - (s->p[-1] == quote));
}

static int comment_skip(sidebar *s)
{
    const char *end;

    if (!strncmp(s->p, "//", 2)) {
        s->p += strcspn(s->p, "\n");
        return 1;
    }
    if (strncmp(s->p, "/*", 2))
        return 0;
    end = strstr(s->p + 2, "*/");
    s->p = end ? end + 2 : s->p + strlen(s->p);
    return 1;
}

static void sidebar_walk(sidebar *s)
{
    while (*s->p) {
        if (comment_skip(s))
            continue;
        if (*s->p == '"' || *s->p == '\'' || *s->p == '`') {
            const char *text = string_read(s);

            if (s->p[strspn(s->p, " \t\n")] == ':' && s->levels[s->depth].open == '{') {
                s->key = text;
            } else {
                string_end(s, text);
                s->key = NULL;
            }
        } else if (isalpha((unsigned char)*s->p) || *s->p == '_') {
            apr_size_t length = 0;

            while (isalnum((unsigned char)s->p[length]) || s->p[length] == '_')
                length++;
            if (s->p[length + strspn(s->p + length, " \t\n")] == ':')
                s->key = apr_pstrmemdup(s->o->pool, s->p, length);
            s->p += length;
        } else {
            if (*s->p == '{' || *s->p == '[') {
                level_begin(s, *s->p);
                s->key = NULL;
            } else if (*s->p == '}' || *s->p == ']') {
                level_end(s);
                s->key = NULL;
            }
            s->p++;
        }
    }
}

void docgen_order_sidebar(docgen_ordering *o, const char *file)
{
    const char *text = docgen_file_text(o->site, o->pool, file), *start;
    const char *folder = docgen_dirname(o->pool, file);
    const char *above = docgen_dirname(o->pool, folder);
    sidebar s = {.o = o};

    if (!text)
        return;
    /* A site's whole configuration has bars of its own before the sidebar. */
    start = strstr(docgen_basename(file), "sidebar") ? text : strstr(text, "sidebar");
    s.p = start ? start : text;
    if (strstr(file, "/.vitepress/") || strstr(file, "/.vuepress/")) {
        s.bases[0] = docgen_site_doc_root(o->site, o->pool, file);
    } else {
        s.bases[0] = docgen_path_join(o->pool, folder, "docs");
        s.bases[1] = docgen_path_join(o->pool, folder, "src/content/docs");
        s.bases[2] = *folder ? docgen_path_join(o->pool, above, "docs") : folder;
        s.bases[3] = folder;
    }
    sidebar_walk(&s);
}
