/* The part of TOML that manifests are written in. A full reader is not worth its code: whatever is odd is passed over.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/sections/manifest.h"

enum {
    VALUE_LINES_MAX = 2000 /* of one array */
};

/* The character after a string that begins at `at` with a quote; multi-line strings too. */
static const char *string_end(const char *at)
{
    char quote = *at;
    const char three[] = {quote, quote, quote, '\0'};
    const char *end;

    if (!strncmp(at, three, 3)) {
        end = strstr(at + 3, three);
        return end ? end + 3 : at + strlen(at);
    }
    for (end = at + 1; *end && *end != '\n' && *end != quote; end++) {
        if (*end == '\\' && quote == '"' && end[1])
            end++;
    }
    return *end == quote ? end + 1 : end;
}

/* The end of a value: its line's, or that of the bracket that it opens. Comments are left out of `out`. */
static const char *value_read(const char *at, docgen_buffer *out)
{
    int depth = 0;
    int lines = 0;

    while (*at && lines < VALUE_LINES_MAX) {
        if (*at == '"' || *at == '\'') {
            const char *end = string_end(at);

            docgen_buffer_append(out, at, (apr_size_t)(end - at));
            at = end;
            continue;
        }
        if (*at == '#') {
            at += strcspn(at, "\n");
            continue;
        }
        if (*at == '\n') {
            lines++;
            if (depth <= 0)
                break;
            docgen_buffer_puts(out, " ");
            at++;
            continue;
        }
        if (*at == '[' || *at == '{')
            depth++;
        else if (*at == ']' || *at == '}')
            depth--;
        docgen_buffer_append(out, at, 1);
        at++;
    }
    return at;
}

static const char *trimmed(apr_pool_t *pool, const char *text, apr_size_t length)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return apr_pstrndup(pool, text, length);
}

void docgen_toml_each(apr_pool_t *pool, const char *text, docgen_toml_entry *entry, void *baton)
{
    const char *section = "";
    docgen_buffer *value = docgen_buffer_create(pool);
    int line = 1;

    while (*text) {
        const char *start = text;
        apr_size_t length = strcspn(text, "\n");
        apr_size_t indent = strspn(text, " \t");
        const char *equals = memchr(text, '=', length);

        if (text[indent] == '[') {
            const char *name = text + indent + strspn(text + indent, "[");

            section = trimmed(pool, name, strcspn(name, "]\n"));
            text += length;
        } else if (text[indent] != '#' && equals) {
            const char *key = trimmed(pool, text, (apr_size_t)(equals - text));

            docgen_buffer_clear(value);
            text = value_read(equals + 1, value);
            entry(baton, section, docgen_toml_string(pool, key),
                  trimmed(pool, value->data, value->length), line);
        } else {
            text += length;
        }
        for (; start < text; start++)
            line += *start == '\n';
        if (*text == '\n') {
            text++;
            line++;
        }
    }
    docgen_buffer_free(value);
}

const char *docgen_toml_string(apr_pool_t *pool, const char *value)
{
    apr_size_t length = strlen(value);
    int quotes = length >= 6 && (!strncmp(value, "\"\"\"", 3) || !strncmp(value, "'''", 3)) ? 3 : 1;

    if (length < 2 || (*value != '"' && *value != '\'') || value[length - 1] != *value)
        return value;
    return apr_pstrndup(pool, value + quotes, length - 2 * (apr_size_t)quotes);
}

apr_array_header_t *docgen_toml_strings(apr_pool_t *pool, const char *value)
{
    apr_array_header_t *strings = apr_array_make(pool, 8, sizeof(const char *));

    while ((value = strpbrk(value, "\"'"))) {
        const char *end = string_end(value);

        APR_ARRAY_PUSH(strings, const char *) =
            docgen_toml_string(pool, apr_pstrndup(pool, value, (apr_size_t)(end - value)));
        value = end;
    }
    return strings;
}

const char *docgen_toml_inline(apr_pool_t *pool, const char *value, const char *key)
{
    apr_size_t length = strlen(key);

    if (*value != '{')
        return NULL;
    for (const char *at = value + 1; *at;) {
        if (*at == '"' || *at == '\'') {
            at = string_end(at);
            continue;
        }
        if (!strncmp(at, key, length) && strchr("{, ", at[-1]) &&
            (at[length] == ' ' || at[length] == '=')) {
            const char *equals = at + length + strspn(at + length, " ");

            if (*equals == '=') {
                const char *from = equals + 1 + strspn(equals + 1, " ");
                const char *end =
                    *from == '"' || *from == '\'' ? string_end(from) : from + strcspn(from, ",}");

                return docgen_toml_string(pool, trimmed(pool, from, (apr_size_t)(end - from)));
            }
        }
        at++;
    }
    return NULL;
}
