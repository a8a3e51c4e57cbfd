/* Reading and writing JSON (jansson) with APR lifetimes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_JSON_H
#define DOCGEN_CORE_JSON_H

#include <jansson.h>
#include <apr_errno.h>
#include <apr_pools.h>

/** Reads exactly one JSON value; duplicate keys, invalid UTF-8, \u0000 in strings and trailing data are errors.
 * @param root borrowed: freed with `pool`
 * @param error a sentence from `pool` on failure; may be NULL
 * @return APR_SUCCESS or APR_EINVAL. Any thread (its own pool). */
apr_status_t docgen_json_parse(apr_pool_t *pool, const char *data, apr_size_t length, json_t **root,
                               const char **error);

/** Ties a value that the caller owns to `pool`: it is freed with it. @return the value (NULL stays NULL). */
json_t *docgen_json_own(apr_pool_t *pool, json_t *value);

/** Writes a value as compact JSON in insertion order. @return from `pool`; NULL only for invalid UTF-8. */
const char *docgen_json_dump(apr_pool_t *pool, const json_t *value);

/** The string member `key` of an object, borrowed; NULL when it is absent or not a string. */
const char *docgen_json_string(const json_t *object, const char *key);

/** The integer member `key` of an object; `fallback` when it is absent or not an integer. */
json_int_t docgen_json_integer(const json_t *object, const char *key, json_int_t fallback);

/** A JSON string, or null for NULL. The caller owns it. */
json_t *docgen_json_text(const char *text);

#endif
