/* A reStructuredText document as a whole: its names are collected first, as they are used before they are explained.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "generator/documents/html.h"
#include "generator/documents/rst.h"

/* ".. |name| replace:: text" and ".. |name| image:: file" */
static void substitution_note(docgen_rst *rst, const char *mark)
{
    const char *close = strchr(mark + 1, '|');
    const char *value = close ? strstr(close, ":: ") : NULL;
    const char *name;
    const char *kind;

    if (!close || !value || close == mark + 1)
        return;
    name = apr_pstrndup(rst->pool, mark + 1, (apr_size_t)(close - mark - 1));
    kind = close + 1 + strspn(close + 1, " ");
    value += 3 + strspn(value + 3, " ");
    if (!strncmp(kind, "image", 5))
        value =
            apr_psprintf(rst->pool, "![%s](<%s>)", docgen_markdown_escape(rst->pool, name), value);
    else if (!strncmp(kind, "replace", 7))
        value = docgen_rst_inline(rst, value);
    else
        value = docgen_markdown_escape(rst->pool, name);
    apr_hash_set(rst->substitutions, name, APR_HASH_KEY_STRING, value);
}

/* ".. _name: https://…" */
static void target_note(docgen_rst *rst, const char *mark, const char *next)
{
    const char *colon;
    const char *name = mark + 1;
    apr_size_t length;
    const char *url;

    if (*name == '`') {
        const char *end = strchr(name + 1, '`');

        name++;
        if (!end || end[1] != ':')
            return;
        length = (apr_size_t)(end - name);
        colon = end + 1;
    } else {
        for (colon = name; *colon && !(*colon == ':' && (!colon[1] || colon[1] == ' ')); colon++) {
            if (*colon == '\\' && colon[1])
                colon++;
        }
        if (!*colon)
            return;
        length = (apr_size_t)(colon - name);
    }
    url = colon + 1 + strspn(colon + 1, " ");
    if (!*url && next && *next == ' ' && strstr(next, "://"))
        url = next + strspn(next, " ");
    if (length == 1 && *name == '_') {
        APR_ARRAY_PUSH(rst->anonymous, const char *) = url;
        return;
    }
    if (!*url)
        url = apr_pstrcat(rst->pool, "#",
                          docgen_slug(rst->pool, apr_pstrndup(rst->pool, name, length)), NULL);
    else if (url[strlen(url) - 1] == '_' && !strstr(url, "://")) /* an alias */
        url = apr_pstrcat(rst->pool, "#",
                          docgen_slug(rst->pool, apr_pstrndup(rst->pool, url, strlen(url) - 1)),
                          NULL);
    apr_hash_set(rst->targets, docgen_rst_name(rst->pool, name, length), APR_HASH_KEY_STRING, url);
}

/* Names are used before they are explained: they are collected first. */
static void names_collect(docgen_rst *rst, docgen_lines lines)
{
    for (int i = 0; i < lines.count; i++) {
        const char *line = lines.line[i] + strspn(lines.line[i], " ");

        if (!strncmp(line, "__ ", 3))
            APR_ARRAY_PUSH(rst->anonymous, const char *) = line + 3;
        if (strncmp(line, ".. ", 3))
            continue;
        line += 3 + strspn(line + 3, " ");
        if (*line == '_')
            target_note(rst, line, i + 1 < lines.count ? lines.line[i + 1] : NULL);
        else if (*line == '|')
            substitution_note(rst, line);
    }
}

const char *docgen_rst_document(apr_pool_t *pool, const char *text,
                                const docgen_rst_context *context)
{
    apr_pool_t *scratch;
    docgen_rst *rst;
    docgen_lines lines;
    const char *result;

    apr_pool_create(&scratch, pool);
    rst = apr_pcalloc(scratch, sizeof(*rst));
    rst->pool = scratch;
    rst->context = context;
    rst->out = docgen_buffer_create(scratch);
    rst->targets = apr_hash_make(scratch);
    rst->substitutions = apr_hash_make(scratch);
    rst->anonymous = apr_array_make(scratch, 4, sizeof(const char *));
    if (strlen(text) > DOCGEN_RENDER_MAX)
        text = apr_pstrndup(scratch, text, DOCGEN_RENDER_MAX);
    lines = docgen_rst_lines(scratch, text);
    names_collect(rst, lines);
    docgen_rst_blocks(rst, lines, "");
    result = apr_pstrmemdup(pool, rst->out->data, rst->out->length);
    apr_pool_destroy(scratch);
    return result;
}

const char *docgen_rst_markdown(apr_pool_t *pool, const char *text,
                                const char *(*include)(void *baton, apr_pool_t *pool,
                                                       const char *path),
                                void *baton)
{
    docgen_rst_context context = {.include = include, .baton = baton};

    return docgen_rst_document(pool, text, &context);
}
