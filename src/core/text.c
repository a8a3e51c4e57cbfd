/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"

#include <string.h>
#include <strings.h>
#include <apr_base64.h>
#include <apr_strings.h>
#include "core/buffer.h"

/* Bytes of the valid character at `p`, or 0. */
static apr_size_t utf8_length(const unsigned char *p, const unsigned char *end)
{
    apr_size_t n;
    apr_uint32_t code;

    if (*p < 0x80) {
        return *p ? 1 : 0;
    }
    n = *p >= 0xf0 && *p <= 0xf4  ? 4
        : *p >= 0xe0 && *p < 0xf0 ? 3
        : *p >= 0xc2 && *p < 0xe0 ? 2
                                  : 0;
    if (!n || (apr_size_t)(end - p) < n) {
        return 0;
    }
    code = *p & (0x7f >> n);
    for (apr_size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (p[i] & 0x3f);
    }
    if ((n == 3 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) ||
        (n == 4 && (code < 0x10000 || code > 0x10ffff))) {
        return 0;
    }
    return n;
}

/* Are the next eight bytes plain ASCII without a NUL? Most text is. */
static int is_plain(const unsigned char *p)
{
    apr_uint64_t word;

    memcpy(&word, p, sizeof(word));
    /* A byte's own high bit says it is not ASCII; the subtraction sets that of a zero byte. */
    return !((word | (word - 0x0101010101010101ULL)) & 0x8080808080808080ULL);
}

int docgen_utf8_is_valid(const char *data, apr_size_t length)
{
    const unsigned char *p = (const unsigned char *)data;
    const unsigned char *end = p + length;

    while (p < end) {
        apr_size_t n;

        while (end - p >= 8 && is_plain(p)) {
            p += 8;
        }
        if (p == end) {
            break;
        }
        n = utf8_length(p, end);
        if (!n) {
            return 0;
        }
        p += n;
    }
    return 1;
}

const char *docgen_utf8_repair(apr_pool_t *pool, const char *data, apr_size_t length)
{
    const unsigned char *p = (const unsigned char *)data;
    const unsigned char *end = p + length;
    char *copy = apr_palloc(pool, length * 3 + 1);
    char *out = copy;

    while (p < end) {
        apr_size_t n = utf8_length(p, end);

        if (!n) {
            memcpy(out, "\xef\xbf\xbd", 3);
            out += 3;
            p++;
        } else if (n == 1 && (*p < 0x20 || *p == 0x7f) && *p != '\t' && *p != '\n') {
            p++;
        } else {
            memcpy(out, p, n);
            out += n;
            p += n;
        }
    }
    *out = '\0';
    return copy;
}

const char *docgen_text_shorten(apr_pool_t *pool, const char *text, apr_size_t max)
{
    apr_size_t length = strlen(text);
    apr_size_t keep;

    if (length <= max) {
        return text;
    }
    keep = max > 3 ? max - 3 : 0;
    while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80) {
        keep--;
    }
    return apr_pstrcat(pool, apr_pstrmemdup(pool, text, keep), max > 3 ? "…" : "", NULL);
}

static const char *replace_all(apr_pool_t *pool, const char *text, const char *secret)
{
    apr_size_t length = strlen(secret);
    const char *hit;

    while (length >= 6 && (hit = strstr(text, secret))) {
        text = apr_pstrcat(pool, apr_pstrmemdup(pool, text, hit - text), "***", hit + length, NULL);
    }
    return text;
}

static const char *redact_url_users(apr_pool_t *pool, const char *text)
{
    const char *p = text;

    while ((p = strstr(p, "://"))) {
        const char *user = p + 3;
        apr_size_t n = strcspn(user, "/?#@ \t\n\"'<>");

        if (user[n] == '@' && n && strncmp(user, "***", 3) != 0) {
            apr_size_t keep = user - text;

            text = apr_pstrcat(pool, apr_pstrmemdup(pool, text, keep), "***", user + n, NULL);
            user = text + keep;
        }
        p = user;
    }
    return text;
}

static const char *redact_headers(apr_pool_t *pool, const char *text)
{
    static const char name[] = "authorization:";
    const char *p = text;

    while ((p = strcasestr(p, name))) {
        const char *value = p + sizeof(name) - 1;
        apr_size_t keep = value - text;

        text = apr_pstrcat(pool, apr_pstrmemdup(pool, text, keep), " ***",
                           value + strcspn(value, "\r\n"), NULL);
        p = text + keep;
    }
    return text;
}

const char *docgen_text_redact(apr_pool_t *pool, const char *text,
                               const apr_array_header_t *secrets)
{
    for (int i = 0; secrets && i < secrets->nelts; i++) {
        const char *secret = APR_ARRAY_IDX(secrets, i, const char *);
        char *base64;

        if (!secret || strlen(secret) < 6) {
            continue;
        }
        base64 = apr_palloc(pool, apr_base64_encode_len(strlen(secret)));
        apr_base64_encode(base64, secret, strlen(secret));
        /* the last group depends on what follows the secret: compare without it */
        base64[strlen(base64) / 4 * 4 - 4] = '\0';
        text = replace_all(pool, text, secret);
        text = replace_all(pool, text, docgen_url_escape(pool, secret));
        text = replace_all(pool, text, base64);
    }
    return redact_headers(pool, redact_url_users(pool, text));
}
