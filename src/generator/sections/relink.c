/* The Markdown form of a page is read on its own: its links are those of the page, not of the document it came from.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/documents/html.h"
#include "generator/sections/site.h"

enum {
    BRACKETS_MAX = 32, /* open brackets before a link's target */
    TARGET_MAX = 2000
};

typedef struct relinker {
    apr_pool_t *pool;
    docgen_buffer *out;
    const docgen_links *links;
    apr_size_t brackets[BRACKETS_MAX]; /* where "[" stands in the output */
    int depth;
} relinker;

/* The end of the code that begins at `at` (a span or a fence), or `at` when it is none. */
static const char *code_skip(const char *text, const char *at)
{
    apr_size_t run = strspn(at, (const char[]){*at, '\0'});
    const char *line = at;
    int at_line;

    while (line > text && line[-1] == ' ')
        line--;
    at_line = line == text || line[-1] == '\n';

    if (run >= 3 && at_line) {
        for (line = strchr(at, '\n'); line; line = strchr(line + 1, '\n')) {
            const char *mark = line + 1 + strspn(line + 1, " ");

            if (strspn(mark, (const char[]){*at, '\0'}) >= run)
                return mark + strspn(mark, (const char[]){*at, '\0'});
        }
        return at + strlen(at);
    }
    if (*at != '`')
        return at + run;
    for (const char *end = at + run; (end = strchr(end, '`')); end += strspn(end, "`")) {
        if (strspn(end, "`") == run)
            return end + run;
        if (end - at > 4000)
            break;
    }
    return at + run;
}

/* "](target)" and "](<target> "title")" at `at` = the "]". @return the position after it, or NULL */
static const char *target_read(relinker *r, const char *at)
{
    const char *target = at + 2;
    const char *end;
    const char *close;
    const char *url;
    apr_size_t open = r->brackets[r->depth - 1];
    int image = open > 0 && r->out->data[open - 1] == '!';

    if (*target == '<') {
        target++;
        end = strpbrk(target, ">\n");
        if (!end || *end != '>')
            return NULL;
        close = end + 1;
    } else {
        end = target + strcspn(target, " )\n");
        close = end;
    }
    if ((apr_size_t)(end - target) > TARGET_MAX)
        return NULL;
    close += strcspn(close, ")\n");
    if (*close != ')')
        return NULL;
    if (*target == '#')
        return NULL;
    url = r->links->resolve(r->links->baton, r->pool,
                            apr_pstrndup(r->pool, target, (apr_size_t)(end - target)), image);
    /* A link around an image that was left out has no text any more. */
    if (url && *url && docgen_target_is_safe(url) && (image || r->out->length > open + 1)) {
        docgen_buffer_printf(r->out, "](%s%s%s)", strpbrk(url, " ()") ? "<" : "", url,
                             strpbrk(url, " ()") ? ">" : "");
    } else {
        /* Only the text stays. */
        apr_size_t from = open - (apr_size_t)image;
        apr_size_t keep = url && !*url ? 0 : r->out->length - open - 1;

        memmove(r->out->data + from, r->out->data + open + 1, keep);
        r->out->length = from + keep;
        r->out->data[r->out->length] = '\0';
    }
    return close + 1;
}

const char *docgen_markdown_relink(apr_pool_t *pool, const char *markdown,
                                   const docgen_links *links)
{
    relinker r = {pool, docgen_buffer_create(pool), links, {0}, 0};
    const char *result;

    if (!links || !links->resolve)
        return markdown;
    for (const char *at = markdown; *at;) {
        const char *next = at + 1;

        if (*at == '`' || (*at == '~' && at[1] == '~' && at[2] == '~')) {
            next = code_skip(markdown, at);
        } else if (*at == '\\' && at[1]) {
            next = at + 2;
        } else if (*at == '[' && r.depth < BRACKETS_MAX) {
            r.brackets[r.depth++] = r.out->length;
        } else if (*at == '\n' && at[1] == '\n') {
            r.depth = 0;
        } else if (*at == ']' && r.depth > 0) {
            const char *after = at[1] == '(' ? target_read(&r, at) : NULL;

            r.depth--;
            if (after) {
                at = after;
                continue;
            }
        }
        /* Preparation leaves blank lines behind; one is enough. */
        if (*at != '\n' || r.out->length < 2 || r.out->data[r.out->length - 1] != '\n' ||
            r.out->data[r.out->length - 2] != '\n')
            docgen_buffer_append(r.out, at, (apr_size_t)(next - at));
        at = next;
    }
    result = apr_pstrmemdup(pool, r.out->data, r.out->length);
    docgen_buffer_free(r.out);
    return result;
}
