/* A growing text, and the two escapings that HTML and URLs need.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_BUFFER_H
#define DOCGEN_CORE_BUFFER_H

#include <stdarg.h>
#include <apr_pools.h>

/** A growing, always NUL-terminated text. `data` moves when it grows. One thread at a time.
 * Its memory comes from malloc and is freed with the pool, so growing does not fill the pool. */
typedef struct docgen_buffer {
    apr_pool_t *pool;
    char *data;
    apr_size_t length;
    apr_size_t capacity;
} docgen_buffer;

/** Makes an empty text that lives as long as `pool`. Aborts the process when memory is out, as APR does. */
docgen_buffer *docgen_buffer_create(apr_pool_t *pool);

/** Empties the text and keeps its memory. */
void docgen_buffer_clear(docgen_buffer *buffer);

/** Gives the text's memory back before the pool ends; the buffer can be filled again. */
void docgen_buffer_free(docgen_buffer *buffer);

/** Appends `length` bytes. */
void docgen_buffer_append(docgen_buffer *buffer, const char *data, apr_size_t length);

/** Appends a NUL-terminated text; NULL counts as empty. */
void docgen_buffer_puts(docgen_buffer *buffer, const char *text);

/** Appends formatted text (the C library's printf). */
void docgen_buffer_printf(docgen_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Appends text with & < > " ' escaped: safe as HTML content and in quoted attributes. */
void docgen_buffer_html(docgen_buffer *buffer, const char *text);

/** The same for `length` bytes. */
void docgen_buffer_html_n(docgen_buffer *buffer, const char *text, apr_size_t length);

/** Appends one URL path segment or query value: all but [A-Za-z0-9._~-] as %XX. */
void docgen_buffer_url(docgen_buffer *buffer, const char *text);

/** A copy with & < > " ' escaped, allocated from `pool`. */
const char *docgen_html_escape(apr_pool_t *pool, const char *text);

/** A copy as one URL path segment or query value, allocated from `pool`. */
const char *docgen_url_escape(apr_pool_t *pool, const char *text);

#endif
