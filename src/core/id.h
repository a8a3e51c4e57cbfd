/* Names that come from outside: repository ids, UUIDs, page and asset paths, URLs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_ID_H
#define DOCGEN_CORE_ID_H

#include <apr_errno.h>
#include <apr_pools.h>

#define DOCGEN_ID_MAX   100 /**< bytes of a repository id */
#define DOCGEN_PATH_MAX 255 /**< bytes of a page or asset path */
#define DOCGEN_UUID_LEN 36  /**< bytes of a UUID in text, without the closing NUL */

/** A UUID in text, lower case. */
typedef struct docgen_uuid {
    char text[DOCGEN_UUID_LEN + 1];
} docgen_uuid;

/** Is this a repository id: [A-Za-z0-9][A-Za-z0-9._-]{0,99}? NULL is not. Any thread. */
int docgen_id_is_valid(const char *id);

/** Makes a random (version 4) UUID from the system's random source. Any thread.
 * @return APR_SUCCESS, or the random source's error; then `uuid` must not be used. */
apr_status_t docgen_uuid_create(docgen_uuid *uuid);

/** Is this a UUID in text, in either case? NULL is not. */
int docgen_uuid_is_valid(const char *text);

/** Is this a page path: segments [a-z0-9][a-z0-9_-]* joined by '/', at most DOCGEN_PATH_MAX bytes,
 * the first one not "symbol" (docs/ID/symbol/NAME is a route of its own)? The index page is "index". */
int docgen_path_is_page(const char *path);

/** Is this an asset path: like a page path, but the last segment ends in one or more
 * ".suffix" of [a-z0-9]+ and is neither "….md" nor "llms.txt"? */
int docgen_path_is_asset(const char *path);

/** The host of a repository URL: "https://HOST[:PORT]/…", "ssh://[user@]HOST[:PORT]/…", "user@HOST:path".
 * Lower case, without port and user. @return allocated from `pool`, or NULL when there is none
 * (a local path, "file://…", or no URL). */
const char *docgen_url_host(apr_pool_t *pool, const char *url);

/** What credentials belong to: "https://HOST:PORT", "ssh://HOST:PORT", with the scheme's own port where the URL names none
 * (443, 80, 22; an address like user@HOST:path is ssh's). Lower case, without user.
 * @return allocated from `pool`, or NULL when there is no host */
const char *docgen_url_origin(apr_pool_t *pool, const char *url);

/** Is the URL's port the scheme's own, named or not? */
int docgen_url_has_own_port(apr_pool_t *pool, const char *url);

/** Does the URL carry a password or token ("scheme://user:secret@host" or "https://token@host")? */
int docgen_url_has_secret(const char *url);

/** Does the URL begin with this prefix of DocGenAllowURL? One that ends inside a name counts only where that name ends
 * too: "https://example.org" does not let "https://example.org.evil.net/" pass. */
int docgen_url_has_prefix(const char *url, const char *prefix);

#endif
