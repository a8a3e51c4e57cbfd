/* Names for headings and page segments, and text that Markdown must show as it is.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include "core/buffer.h"
#include "generator/render/html.h"
#include "generator/render/markdown.h"

enum {
    SLUG_MAX = 80
};

const char *docgen_slug(apr_pool_t *pool, const char *text)
{
    char slug[SLUG_MAX + 1];
    int length = 0;
    int gap = 0;

    for (const unsigned char *p = (const unsigned char *)text; p && *p && length < SLUG_MAX; p++) {
        if (*p >= 0x80 || !(isalnum(*p) || *p == '_')) {
            gap = 1;
            continue;
        }
        if (gap && length > 0 && length < SLUG_MAX - 1)
            slug[length++] = '-';
        gap = 0;
        /* A page path's segment begins with a letter or digit. */
        if (length == 0 && *p == '_')
            continue;
        slug[length++] = (char)tolower(*p);
    }
    slug[length] = '\0';
    return length ? apr_pstrdup(pool, slug) : "section";
}

const char *docgen_fragment_key(apr_pool_t *pool, const char *text)
{
    char *key = apr_palloc(pool, strlen(text) + 1);
    char *end = key;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p >= 0x80 || isalnum(*p))
            *end++ = (char)(*p < 0x80 ? tolower(*p) : *p);
    }
    *end = '\0';
    return key;
}

/* Does the character at `p` need a backslash so that Markdown shows it? */
static int is_markup(const char *text, const char *p)
{
    switch (*p) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '>':
    case '|':
    case '~':
    case '&':
        return 1;
    case '_':
        return p == text || !isalnum((unsigned char)p[-1]) || !isalnum((unsigned char)p[1]);
    case '#':
    case '+':
    case '-':
    case '=':
        return p == text;
    case '.':
    case ')': /* "1. " would begin a list */
        if (p[1] && p[1] != ' ')
            return 0;
        for (const char *d = text; d < p; d++) {
            if (!isdigit((unsigned char)*d))
                return 0;
        }
        return p > text;
    case ':':
        return p[1] == '/' || isalnum((unsigned char)p[1]);
    case '{':
    case '@':
        return 1;
    default:
        return 0;
    }
}

const char *docgen_markdown_escape(apr_pool_t *pool, const char *text)
{
    apr_size_t length = strlen(text);
    char *copy = apr_palloc(pool, length * 2 + 1);
    char *end = copy;

    for (const char *p = text; *p; p++) {
        if (*p == '\n' || *p == '\r' || *p == '\t') {
            *end++ = ' ';
            continue;
        }
        if ((unsigned char)*p < 0x20)
            continue;
        if (is_markup(text, p))
            *end++ = '\\';
        *end++ = *p;
    }
    *end = '\0';
    return copy;
}

const char *docgen_markdown_code(apr_pool_t *pool, const char *text)
{
    int longest = 0;
    char *copy = apr_pstrdup(pool, text);
    char *ticks;

    for (char *p = copy; *p; p++) {
        if (*p == '`') {
            int run = (int)strspn(p, "`");

            longest = run > longest ? run : longest;
            p += run - 1;
        } else if (*p == '\n' || *p == '\r') {
            *p = ' ';
        }
    }
    if (!*copy)
        return "";
    if (longest == 0)
        return apr_pstrcat(pool, "`", copy, "`", NULL);
    ticks = apr_palloc(pool, (apr_size_t)longest + 2);
    memset(ticks, '`', (apr_size_t)longest + 1);
    ticks[longest + 1] = '\0';
    return apr_pstrcat(pool, ticks, " ", copy, " ", ticks, NULL);
}
