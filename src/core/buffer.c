/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

static apr_status_t buffer_cleanup(void *data)
{
    docgen_buffer *buffer = data;

    free(buffer->data);
    buffer->data = NULL;
    return APR_SUCCESS;
}

static void buffer_reserve(docgen_buffer *buffer, apr_size_t more)
{
    apr_size_t capacity = buffer->capacity ? buffer->capacity : 256;

    while (capacity < buffer->length + more + 1) {
        capacity *= 2;
    }
    if (capacity != buffer->capacity) {
        buffer->data = realloc(buffer->data, capacity);
        if (!buffer->data) {
            abort();
        }
        buffer->capacity = capacity;
    }
}

docgen_buffer *docgen_buffer_create(apr_pool_t *pool)
{
    docgen_buffer *buffer = apr_pcalloc(pool, sizeof(*buffer));

    buffer->pool = pool;
    buffer_reserve(buffer, 0);
    buffer->data[0] = '\0';
    apr_pool_cleanup_register(pool, buffer, buffer_cleanup, apr_pool_cleanup_null);
    return buffer;
}

void docgen_buffer_clear(docgen_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data) {
        buffer->data[0] = '\0';
    }
}

void docgen_buffer_free(docgen_buffer *buffer)
{
    free(buffer->data);
    buffer->data = NULL;
    buffer->length = buffer->capacity = 0;
}

void docgen_buffer_append(docgen_buffer *buffer, const char *data, apr_size_t length)
{
    buffer_reserve(buffer, length);
    if (length) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void docgen_buffer_puts(docgen_buffer *buffer, const char *text)
{
    if (text) {
        docgen_buffer_append(buffer, text, strlen(text));
    }
}

void docgen_buffer_printf(docgen_buffer *buffer, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        return;
    }
    buffer_reserve(buffer, length);
    va_start(args, format);
    vsnprintf(buffer->data + buffer->length, length + 1, format, args);
    va_end(args);
    buffer->length += length;
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void docgen_buffer_html_n(docgen_buffer *buffer, const char *text, apr_size_t length)
{
    const char *end = text + length;
    const char *run = text;

    for (const char *p = text; p < end; p++) {
        const char *entity = html_entity(*p);

        if (entity) {
            docgen_buffer_append(buffer, run, p - run);
            docgen_buffer_puts(buffer, entity);
            run = p + 1;
        }
    }
    docgen_buffer_append(buffer, run, end - run);
}

void docgen_buffer_html(docgen_buffer *buffer, const char *text)
{
    if (text) {
        docgen_buffer_html_n(buffer, text, strlen(text));
    }
}

void docgen_buffer_url(docgen_buffer *buffer, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";

    for (const char *p = text; p && *p; p++) {
        if (strchr(plain, *p)) {
            docgen_buffer_append(buffer, p, 1);
        } else {
            docgen_buffer_printf(buffer, "%%%02X", (unsigned char)*p);
        }
    }
}

typedef void buffer_writer(docgen_buffer *buffer, const char *text);

static const char *buffer_copy(apr_pool_t *pool, const char *text, buffer_writer *writer)
{
    apr_pool_t *scratch;
    docgen_buffer *buffer;
    const char *copy;

    apr_pool_create(&scratch, pool);
    buffer = docgen_buffer_create(scratch);
    writer(buffer, text);
    copy = apr_pstrmemdup(pool, buffer->data, buffer->length);
    apr_pool_destroy(scratch);
    return copy;
}

const char *docgen_html_escape(apr_pool_t *pool, const char *text)
{
    return buffer_copy(pool, text, docgen_buffer_html);
}

const char *docgen_url_escape(apr_pool_t *pool, const char *text)
{
    return buffer_copy(pool, text, docgen_buffer_url);
}
