/* A README's beginning without its decoration: logos, badges in HTML, the boxes of sponsors.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

enum {
    BLOCK_MAX = 16 * 1024, /* bytes of one box that is left out whole */
    ROUNDS = 6             /* of removing what became empty */
};

/* Does `<name` with a border behind it stand at `p`? */
static int is_tag(const char *p, const char *name)
{
    apr_size_t length = strlen(name);

    return *p == '<' && !strncasecmp(p + 1, name, length) &&
           (p[1 + length] == '>' || p[1 + length] == '/' || apr_isspace(p[1 + length]));
}

static const char *tag_end(const char *p)
{
    const char *end = strchr(p, '>');

    return end && end - p < 4000 ? end + 1 : NULL;
}

/* Behind the element's closing tag, or NULL; elements of the same name may be nested in it. */
static const char *element_end(const char *p, const char *name)
{
    const char *start = p;
    int depth = 0;

    for (; *p && p - start < BLOCK_MAX; p++) {
        if (is_tag(p, name)) {
            depth++;
        } else if (p[0] == '<' && p[1] == '/' && !strncasecmp(p + 2, name, strlen(name)) &&
                   p[2 + strlen(name)] == '>' && --depth == 0) {
            return p + 3 + strlen(name);
        }
    }
    return NULL;
}

static int has_word(const char *p, const char *end, const char *const *words)
{
    for (; p < end; p++) {
        for (int i = 0; words[i]; i++) {
            if (!strncasecmp(p, words[i], strlen(words[i])))
                return 1;
        }
    }
    return 0;
}

/* Nothing but white space, tags of line breaks and entities of spaces. */
static int is_empty(const char *p, const char *end)
{
    while (p < end) {
        if (apr_isspace(*p)) {
            p++;
        } else if (is_tag(p, "br") && tag_end(p)) {
            p = tag_end(p);
        } else if (!strncmp(p, "&nbsp;", 6)) {
            p += 6;
        } else {
            return 0;
        }
    }
    return 1;
}

static int is_line_start(const char *p, const char *text)
{
    while (p > text && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return p == text || p[-1] == '\n';
}

/* Where what is left out at `p` ends, or NULL when it stays. */
static const char *decoration_end(const char *p, const char *text)
{
    static const char *const whole[] = {"picture", NULL};
    static const char *const alone[] = {"img", "source", NULL};
    static const char *const boxes[] = {"div", "p", "table", "center", NULL};
    static const char *const hulls[] = {"a", "p", "div", "center", "h1", "h2", "sup", "b", NULL};
    static const char *const money[] = {"sponsor", "supported by", "backers", "donat", NULL};
    const char *end, *open, *close;

    for (int i = 0; whole[i]; i++) {
        if (is_tag(p, whole[i]))
            return element_end(p, whole[i]);
    }
    for (int i = 0; alone[i]; i++) {
        if (is_tag(p, alone[i]))
            return tag_end(p);
    }
    for (int i = 0; boxes[i]; i++) {
        end = is_tag(p, boxes[i]) ? element_end(p, boxes[i]) : NULL;
        if (end && has_word(p, end, money))
            return end;
    }
    if (is_tag(p, "br") && tag_end(p) && tag_end(p)[strspn(tag_end(p), " \t")] == '\n' &&
        is_line_start(p, text))
        return tag_end(p);
    if (is_tag(p, "hr") && tag_end(p)) { /* of two rules with nothing between them one stays */
        end = tag_end(p) + strspn(tag_end(p), " \t\n");
        return is_tag(end, "hr") ? end : NULL;
    }
    for (int i = 0; hulls[i]; i++) {
        open = is_tag(p, hulls[i]) ? tag_end(p) : NULL;
        end = open ? element_end(p, hulls[i]) : NULL;
        close = end ? end - 1 : NULL; /* its ">" */
        while (close && close > open && *close != '<')
            close--;
        if (end && is_empty(open, close))
            return end;
    }
    return NULL;
}

/* One round over the text; code in fences stays as it is. @return 1 when something was left out */
static int round_make(apr_pool_t *pool, const char **text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *p = *text, *from = p;
    int fenced = 0, changed = 0;

    while (*p) {
        const char *end;

        if ((p == *text || p[-1] == '\n') && (!strncmp(p, "```", 3) || !strncmp(p, "~~~", 3)))
            fenced = !fenced;
        end = *p == '<' && !fenced ? decoration_end(p, *text) : NULL;
        if (!end) {
            p++;
            continue;
        }
        docgen_buffer_append(out, from, (apr_size_t)(p - from));
        p = from = end;
        changed = 1;
    }
    docgen_buffer_append(out, from, (apr_size_t)(p - from));
    *text = out->data ? out->data : "";
    return changed;
}

const char *docgen_plain_beginning(apr_pool_t *pool, const char *markdown)
{
    const char *text = apr_pstrndup(pool, markdown, 64 * (apr_size_t)1024);

    for (int i = 0; i < ROUNDS && round_make(pool, &text); i++) {
    }
    return text;
}
