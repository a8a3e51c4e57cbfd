/* From whatever bytes a text file has to UTF-8.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_ENCODING_H
#define DOCGEN_GENERATOR_REPO_ENCODING_H

#include <apr_pools.h>

/** Are these bytes (a file's beginning is enough) no text? A byte-order mark of UTF-16 or UTF-32
 * makes them text. */
int docgen_bytes_are_binary(const char *data, apr_size_t length);

/** The name of the encoding (for iconv): from a byte-order mark, valid UTF-8, a declaration in the
 * first lines
 * (XML, HTML, PEP 263, Emacs, Vim), the pattern of the bytes, else "WINDOWS-1252". A constant or
 * from `pool`. */
const char *docgen_encoding_guess(apr_pool_t *pool, const char *data, apr_size_t length);

/** The text as UTF-8 without byte-order mark, with CRLF and CR as LF, NUL-terminated, from `pool`;
 * bytes that
 * have no meaning in the guessed encoding become U+FFFD. Never fails. */
const char *docgen_encoding_decode(apr_pool_t *pool, const char *data, apr_size_t length,
                                   apr_size_t *decoded);

#endif
