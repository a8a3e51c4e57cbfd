/* Names for headings and page segments, and text that Markdown must show as it is.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include "core/buffer.h"
#include "generator/documents/html.h"
#include "generator/documents/markdown.h"

enum {
    SLUG_MAX = 80,
    ANCHOR_MAX = 160 /* bytes, as letters of other scripts take two or three */
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

/* A letter beyond ASCII in lower case, for the scripts that have cases and two bytes a letter. */
static unsigned lower(unsigned c)
{
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3ab) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40f)
        return c + 0x50;
    if (c >= 0x531 && c <= 0x556)
        return c + 0x30;
    if (c == 0x386)
        return 0x3ac;
    if (c >= 0x388 && c <= 0x38a)
        return c + 0x25;
    if (c == 0x38c || c == 0x38e || c == 0x38f)
        return c == 0x38c ? 0x3cc : c + 0x3f;
    if ((c >= 0x100 && c <= 0x137 && c != 0x130 && c != 0x131) || (c >= 0x14a && c <= 0x177) ||
        (c >= 0x460 && c <= 0x481) || (c >= 0x48a && c <= 0x4bf) || (c >= 0x4d0 && c <= 0x52f))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) || (c >= 0x4c1 && c <= 0x4ce))
        return c % 2 ? c + 1 : c;
    return c;
}

/* Copies the two-byte letter at `p` in lower case; Turkish \xc4\xb0 is an i, the dot above it is forgotten. */
static char *letter_write(char *out, const unsigned char *p)
{
    unsigned c = (*p & 0x1fu) << 6 | (p[1] & 0x3fu);

    if (c == 0x130) {
        *out++ = 'i';
        return out;
    }
    if (c == 0x307)
        return out;
    c = lower(c);
    *out++ = (char)(0xc0 | c >> 6);
    *out++ = (char)(0x80 | (c & 0x3f));
    return out;
}

const char *docgen_fragment_key(apr_pool_t *pool, const char *text)
{
    char *key = apr_palloc(pool, strlen(text) + 1);
    char *end = key;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p >= 0xc2 && *p <= 0xdf && (p[1] & 0xc0) == 0x80)
            end = letter_write(end, p++);
        else if (*p >= 0x80 || isalnum(*p))
            *end++ = (char)(*p < 0x80 ? tolower(*p) : *p);
    }
    *end = '\0';
    return key;
}

/* Bytes of a letter of another script at `p`, 0 = punctuation, a sign or a picture. */
static int letter_size(const unsigned char *p)
{
    unsigned c;

    if (*p >= 0xc3 && *p <= 0xdf && (p[1] & 0xc0) == 0x80)
        return (*p == 0xc3 && (p[1] == 0x97 || p[1] == 0xb7)) ? 0 : 2;
    if ((*p & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
        c = (*p & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
        return (c >= 0x2000 && c <= 0x2bff) || (c >= 0x3000 && c <= 0x303f) ||
                       (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xfe00 && c <= 0xfe6f) || c >= 0xff00
                   ? 0
                   : 3;
    }
    return 0;
}

const char *docgen_anchor(apr_pool_t *pool, const char *text)
{
    char *anchor = apr_palloc(pool, ANCHOR_MAX + 8);
    char *end = anchor;
    int gap = 0;

    for (const unsigned char *p = (const unsigned char *)text; *p && end - anchor < ANCHOR_MAX;) {
        int size = *p < 0x80 ? isalnum(*p) || *p == '_' : letter_size(p);

        if (!size || (*p == '_' && end == anchor)) {
            gap = 1;
            p++;
            continue;
        }
        if (gap && end > anchor)
            *end++ = '-';
        gap = 0;
        if (size == 1) {
            *end++ = (char)tolower(*p);
        } else if (size == 2) {
            end = letter_write(end, p);
        } else {
            memcpy(end, p, (size_t)size);
            end += size;
        }
        p += size;
    }
    *end = '\0';
    return end > anchor ? anchor : "section";
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
