/* Encodings: declared ones are believed, others told from the pattern of their bytes, and iconv
 * does the work.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/text.h"

#define LOOK_BINARY  8000 /* as git */
#define LOOK_DECLARE 1024
#define FALLBACK     "WINDOWS-1252"

/** A byte-order mark: its encoding and length. */
static const char *mark_find(const char *data, apr_size_t length, apr_size_t *skip)
{
    static const struct {
        const char *bytes;
        apr_size_t length;
        const char *encoding;
    } marks[] = {{"\xef\xbb\xbf", 3, "UTF-8"},
                 {"\xff\xfe\0\0", 4, "UTF-32LE"},
                 {"\0\0\xfe\xff", 4, "UTF-32BE"},
                 {"\xff\xfe", 2, "UTF-16LE"},
                 {"\xfe\xff", 2, "UTF-16BE"}};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (length >= marks[i].length && !memcmp(data, marks[i].bytes, marks[i].length)) {
            *skip = marks[i].length;
            return marks[i].encoding;
        }
    }
    *skip = 0;
    return NULL;
}

int docgen_bytes_are_binary(const char *data, apr_size_t length)
{
    apr_size_t skip;
    const char *mark = mark_find(data, length, &skip);

    if (mark && strcmp(mark, "UTF-8") != 0) {
        return 0;
    }
    return length && memchr(data, '\0', length < LOOK_BINARY ? length : LOOK_BINARY) != NULL;
}

/** The word after `key`, "=" or ":" and an optional quote; NULL when it does not stand there. */
static const char *declared_after(apr_pool_t *pool, const char *head, const char *key)
{
    for (const char *at = strcasestr(head, key); at; at = strcasestr(at + 1, key)) {
        const char *p = at + strlen(key);
        apr_size_t n;

        while (*p == ' ') {
            p++;
        }
        if (*p != '=' && *p != ':') {
            continue;
        }
        for (p++; *p == ' ' || *p == '"' || *p == '\''; p++) {
        }
        n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
        if (n >= 2 && n < 40) {
            return apr_pstrmemdup(pool, p, n);
        }
    }
    return NULL;
}

/** An encoding that the file names for itself and that iconv knows, or NULL. */
static const char *declared_find(apr_pool_t *pool, const char *data, apr_size_t length)
{
    static const char *const keys[] = {"encoding", "coding", "charset"};
    const char *head = apr_pstrmemdup(pool, data, length < LOOK_DECLARE ? length : LOOK_DECLARE);

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *name = declared_after(pool, head, keys[i]);
        iconv_t probe = name ? iconv_open("UTF-8", name) : (iconv_t)-1;

        if (probe != (iconv_t)-1) {
            iconv_close(probe);
            /* It is known not to be valid UTF-8 when this is asked. */
            return strncasecmp(name, "utf-8", 5) && strcasecmp(name, "utf8") ? name : NULL;
        }
    }
    return NULL;
}

/** East Asian two-byte encodings have their high bytes in pairs, and each its own favourite first
 * bytes. */
static const char *pairs_guess(const unsigned char *data, apr_size_t length)
{
    apr_size_t pairs = 0, hangul = 0, kana = 0, hanzi = 0;

    for (apr_size_t i = 0; i < length; i++) {
        if (data[i] < 0x80) {
            continue;
        }
        if (i + 1 >= length || data[i] < 0xa1 || data[i + 1] < 0xa1 || data[i] > 0xfe) {
            return NULL;
        }
        pairs++;
        hangul += data[i] >= 0xb0 && data[i] <= 0xc8;
        kana += data[i] == 0xa4 || data[i] == 0xa5;
        hanzi += data[i] >= 0xb0 && data[i] <= 0xf7;
        i++;
    }
    if (pairs < 4) {
        return NULL;
    }
    if (kana * 5 >= pairs) {
        return "EUC-JP";
    }
    if (hangul * 10 >= pairs * 9) {
        return "CP949"; /* EUC-KR and what Windows added to it */
    }
    return hanzi * 10 >= pairs * 8 ? "GB18030" : NULL;
}

const char *docgen_encoding_guess(apr_pool_t *pool, const char *data, apr_size_t length)
{
    apr_size_t skip;
    const char *name = mark_find(data, length, &skip);

    if (!name && docgen_utf8_is_valid(data, length)) {
        name = "UTF-8";
    }
    if (!name) {
        name = declared_find(pool, data, length);
    }
    if (!name) {
        name = pairs_guess((const unsigned char *)data, length);
    }
    return name ? name : FALLBACK;
}

/** Converts with iconv; what it refuses becomes U+FFFD. */
static docgen_buffer *converted(apr_pool_t *pool, const char *encoding, const char *data,
                                apr_size_t length)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    iconv_t conversion = iconv_open("UTF-8", encoding);
    char *in = (char *)data;
    size_t left = length;

    if (conversion == (iconv_t)-1) {
        docgen_buffer_puts(out, docgen_utf8_repair(pool, data, length));
        return out;
    }
    while (left) {
        char piece[4096];
        char *to = piece;
        size_t room = sizeof(piece);
        size_t n = iconv(conversion, &in, &left, &to, &room);

        docgen_buffer_append(out, piece, sizeof(piece) - room);
        if (n == (size_t)-1 && errno != E2BIG) {
            docgen_buffer_puts(out, "\xef\xbf\xbd");
            in++;
            left--;
        }
    }
    iconv_close(conversion);
    return out;
}

/** CRLF and lone CR become LF, in place; NULs are dropped. @return the new length */
static apr_size_t lines_normalise(char *text, apr_size_t length)
{
    apr_size_t to = 0;

    if (!memchr(text, '\r', length) && !memchr(text, '\0', length)) {
        return length;
    }
    for (apr_size_t i = 0; i < length; i++) {
        if (text[i] == '\r') {
            if (i + 1 < length && text[i + 1] == '\n') {
                continue;
            }
            text[to++] = '\n';
        } else if (text[i]) {
            text[to++] = text[i];
        }
    }
    text[to] = '\0';
    return to;
}

const char *docgen_encoding_decode(apr_pool_t *pool, const char *data, apr_size_t length,
                                   apr_size_t *decoded)
{
    apr_size_t skip;
    const char *encoding = docgen_encoding_guess(pool, data, length);
    char *text;

    mark_find(data, length, &skip);
    data += skip;
    length -= skip;
    if (!strcmp(encoding, "UTF-8")) {
        if (docgen_utf8_is_valid(data, length)) {
            text = apr_pstrmemdup(pool, data, length);
        } else { /* only its mark says so */
            text = (char *)docgen_utf8_repair(pool, data, length);
            length = strlen(text);
        }
    } else {
        docgen_buffer *out = converted(pool, encoding, data, length);

        text = apr_pstrmemdup(pool, out->data, out->length);
        length = out->length;
        docgen_buffer_free(out);
    }
    *decoded = lines_normalise(text, length);
    return text;
}
