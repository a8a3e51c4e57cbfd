/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json.h"

#include <stdlib.h>
#include <apr_strings.h>

static apr_status_t json_cleanup(void *value)
{
    json_decref(value);
    return APR_SUCCESS;
}

json_t *docgen_json_own(apr_pool_t *pool, json_t *value)
{
    if (value) {
        apr_pool_cleanup_register(pool, value, json_cleanup, apr_pool_cleanup_null);
    }
    return value;
}

apr_status_t docgen_json_parse(apr_pool_t *pool, const char *data, apr_size_t length, json_t **root,
                               const char **error)
{
    json_error_t why;
    json_t *value = json_loadb(data, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

    if (!value) {
        if (error) {
            *error = apr_psprintf(pool, "%s at line %d, column %d", why.text, why.line, why.column);
        }
        *root = NULL;
        return APR_EINVAL;
    }
    *root = docgen_json_own(pool, value);
    return APR_SUCCESS;
}

const char *docgen_json_dump(apr_pool_t *pool, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *copy;

    if (!text) {
        return NULL;
    }
    copy = apr_pstrdup(pool, text);
    free(text);
    return copy;
}

const char *docgen_json_string(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

json_int_t docgen_json_integer(const json_t *object, const char *key, json_int_t fallback)
{
    const json_t *value = json_object_get(object, key);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

json_t *docgen_json_text(const char *text)
{
    return text ? json_string(text) : json_null();
}
