/* SPDX-License-Identifier: Apache-2.0 */
#include "core/id.h"

#include <string.h>
#include <apr_general.h>
#include <apr_lib.h>
#include <apr_strings.h>

static int is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static int is_alnum(char c)
{
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

int docgen_id_is_valid(const char *id)
{
    apr_size_t i;

    if (!id || !is_alnum(id[0])) {
        return 0;
    }
    for (i = 1; id[i]; i++) {
        if (i >= DOCGEN_ID_MAX || !(is_alnum(id[i]) || strchr("._-", id[i]))) {
            return 0;
        }
    }
    return 1;
}

apr_status_t docgen_uuid_create(docgen_uuid *uuid)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char raw[16];
    apr_status_t rv = apr_generate_random_bytes(raw, sizeof(raw));
    char *out = uuid->text;

    if (rv != APR_SUCCESS) {
        uuid->text[0] = '\0';
        return rv;
    }
    raw[6] = (raw[6] & 0x0f) | 0x40; /* RFC 9562: version 4 */
    raw[8] = (raw[8] & 0x3f) | 0x80; /* and its variant */
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *out++ = '-';
        }
        *out++ = hex[raw[i] >> 4];
        *out++ = hex[raw[i] & 15];
    }
    *out = '\0';
    return APR_SUCCESS;
}

int docgen_uuid_is_valid(const char *text)
{
    if (!text || strlen(text) != DOCGEN_UUID_LEN) {
        return 0;
    }
    for (int i = 0; i < DOCGEN_UUID_LEN; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !apr_isxdigit(text[i])) {
            return 0;
        }
    }
    return 1;
}

/* Checks the segments before the last one; returns the last one, or NULL. */
static const char *path_last_segment(const char *path)
{
    const char *segment = path;

    if (!path || strlen(path) > DOCGEN_PATH_MAX) {
        return NULL;
    }
    for (const char *p = path; *p; p++) {
        if (*p == '/') {
            if (p == segment) {
                return NULL;
            }
            segment = p + 1;
        } else if (p == segment ? !is_lower_or_digit(*p)
                                : !is_lower_or_digit(*p) && !strchr("_-.", *p)) {
            return NULL;
        }
    }
    for (const char *p = path; p < segment; p++) {
        if (*p == '.') {
            return NULL;
        }
    }
    return *segment ? segment : NULL;
}

int docgen_path_is_page(const char *path)
{
    const char *last = path_last_segment(path);

    if (!last || strchr(last, '.')) {
        return 0;
    }
    return strcmp(path, "symbol") != 0 && strncmp(path, "symbol/", 7) != 0;
}

int docgen_path_is_asset(const char *path)
{
    const char *last = path_last_segment(path);
    const char *dot = last ? strchr(last, '.') : NULL;
    apr_size_t length;

    if (!dot || !strcmp(path, "llms.txt") || !strncmp(path, "symbol/", 7)) {
        return 0;
    }
    length = strlen(last);
    if (length > 3 && !strcmp(last + length - 3, ".md")) {
        return 0;
    }
    for (const char *p = dot; *p; p++) {
        if (*p == '.' ? !is_lower_or_digit(p[1]) : !is_lower_or_digit(*p)) {
            return 0;
        }
    }
    return 1;
}

/* The authority of a URL: user information before `*host`, up to `*end`. */
static int url_authority(const char *url, const char **user, const char **host, const char **end)
{
    const char *start = strstr(url, "://");
    const char *stop;
    const char *at;

    if (start) {
        start += 3;
        stop = start + strcspn(start, "/?#");
    } else { /* scp-like: user@host:path */
        stop = strchr(url, ':');
        start = url;
        if (!stop || memchr(url, '/', stop - url) || !memchr(url, '@', stop - url)) {
            return 0;
        }
    }
    for (at = stop; at > start && at[-1] != '@'; at--) {
    }
    *user = start;
    *host = at;
    *end = stop;
    return stop > at;
}

const char *docgen_url_host(apr_pool_t *pool, const char *url)
{
    const char *user, *host, *end;
    const char *stop;
    char *name;

    if (!url || !url_authority(url, &user, &host, &end)) {
        return NULL;
    }
    if (*host == '[') {
        stop = memchr(host, ']', end - host);
        stop = stop ? stop + 1 : end;
    } else {
        stop = memchr(host, ':', end - host);
        stop = stop ? stop : end;
    }
    if (stop == host) {
        return NULL;
    }
    name = apr_pstrmemdup(pool, host, stop - host);
    for (char *p = name; *p; p++) {
        *p = apr_tolower(*p);
    }
    return name;
}

/* The port that a scheme has when none is named; "" for other schemes. */
static const char *scheme_port(const char *scheme)
{
    static const char *const ports[][2] = {{"https", "443"}, {"http", "80"}, {"ssh", "22"}};

    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
        if (!strcmp(scheme, ports[i][0])) {
            return ports[i][1];
        }
    }
    return "";
}

/* Scheme, host and port of a URL; the port as it is named, or the scheme's own. */
static int url_parts(apr_pool_t *pool, const char *url, const char **scheme, const char **host,
                     const char **port)
{
    const char *user, *begin, *end;
    const char *colon = url ? strstr(url, "://") : NULL;

    *host = docgen_url_host(pool, url);
    if (!*host || !url_authority(url, &user, &begin, &end)) {
        return 0;
    }
    *scheme = "ssh";
    if (colon) {
        char *text = apr_pstrmemdup(pool, url, colon - url);

        for (char *p = text; *p; p++) {
            *p = apr_tolower(*p);
        }
        *scheme = text;
    }
    begin += strlen(*host);
    *port = colon && begin < end && *begin == ':' && begin + 1 < end
                ? apr_pstrmemdup(pool, begin + 1, end - begin - 1)
                : scheme_port(*scheme);
    while (**port == '0') {
        ++*port;
    }
    return 1;
}

const char *docgen_url_origin(apr_pool_t *pool, const char *url)
{
    const char *scheme, *host, *port;

    return url_parts(pool, url, &scheme, &host, &port)
               ? apr_pstrcat(pool, scheme, "://", host, ":", port, NULL)
               : NULL;
}

int docgen_url_has_own_port(apr_pool_t *pool, const char *url)
{
    const char *scheme, *host, *port;

    return url_parts(pool, url, &scheme, &host, &port) && !strcmp(port, scheme_port(scheme));
}

int docgen_url_has_secret(const char *url)
{
    const char *user, *host, *end;

    if (!url || !url_authority(url, &user, &host, &end) || host == user) {
        return 0;
    }
    return memchr(user, ':', host - user) != NULL || !strncmp(url, "http", 4);
}

int docgen_url_has_prefix(const char *url, const char *prefix)
{
    apr_size_t length = strlen(prefix);

    if (!length || strncmp(url, prefix, length)) {
        return 0;
    }
    return strchr("/:", prefix[length - 1]) || !url[length] || strchr("/:", url[length]);
}
