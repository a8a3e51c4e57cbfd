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

/* What is wrong with a text: a clause of ours, for people who never heard of the library. */
static const char *fault_of(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return "it ends too early";
    case json_error_end_of_input_expected:
        return "something follows its end";
    case json_error_invalid_utf8:
        return "it is not UTF-8";
    case json_error_duplicate_key:
        return "a member is named twice";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a string holds a NUL character";
    case json_error_numeric_overflow:
        return "a number is too large";
    case json_error_stack_overflow:
        return "it is nested too deeply";
    case json_error_unknown:
    case json_error_out_of_memory:
    case json_error_cannot_open_file:
    case json_error_invalid_argument:
    case json_error_invalid_format:
    case json_error_wrong_type:
    case json_error_null_value:
    case json_error_item_not_found:
    case json_error_index_out_of_range:
        return "it cannot be read";
    case json_error_invalid_syntax:
        break;
    }
    return "something else is expected";
}

apr_status_t docgen_json_parse(apr_pool_t *pool, const char *data, apr_size_t length, json_t **root,
                               const char **error)
{
    json_error_t why;
    json_t *value = json_loadb(data, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

    if (!value) {
        if (error) {
            *error = apr_psprintf(pool, "%s at line %d, column %d", fault_of(json_error_code(&why)),
                                  why.line, why.column);
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
