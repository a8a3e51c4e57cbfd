/* Checks and repairs on text from outside: UTF-8, secrets, shortening.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_TEXT_H
#define DOCGEN_CORE_TEXT_H

#include <apr_pools.h>
#include <apr_tables.h>

/** Are these bytes valid UTF-8 (no surrogates, no overlong forms) without a NUL? Any thread. */
int docgen_utf8_is_valid(const char *data, apr_size_t length);

/** A copy from `pool` in which each invalid byte and NUL is U+FFFD, and other control characters
 * but tab and newline are removed (terminal escapes of a tool's log). */
const char *docgen_utf8_repair(apr_pool_t *pool, const char *data, apr_size_t length);

/** The longest part of `text`, at most `max` bytes, that ends at a character boundary; with "…" in its
 * place when something was cut. From `pool`, or `text` itself when it is short enough. */
const char *docgen_text_shorten(apr_pool_t *pool, const char *text, apr_size_t max);

/** A copy from `pool` without secrets: every string of `secrets` (array of const char *, may be NULL),
 * its base64 and percent-encoded forms, the user part of any "scheme://user@" and the value of an
 * "Authorization:" header become "***". Strings under 6 bytes are not searched for. */
const char *docgen_text_redact(apr_pool_t *pool, const char *text,
                               const apr_array_header_t *secrets);

#endif
