/* What a Rust file's own macro_rules! make of their arguments.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_RUST_MACROS_H
#define DOCGEN_GENERATOR_LANGUAGES_RUST_MACROS_H

#include <apr_hash.h>
#include "generator/analysis/source.h"

/** The macros of one file and how much may still be expanded in it. */
typedef struct docgen_rust_macros {
    apr_hash_t *known; /**< name → what stands between its brackets */
    apr_size_t left;   /**< bytes */
} docgen_rust_macros;

/** No macros yet. In the source's scratch pool. */
docgen_rust_macros *docgen_rust_macros_make(const docgen_source *source);

/** Notes a macro; its arms stand in the file's text from `start` to `end`. */
void docgen_rust_macro_define(docgen_rust_macros *macros, const docgen_source *source,
                              const char *name, apr_size_t start, apr_size_t end);

/** What a call with the text `arguments` (without its brackets) becomes: doc comments stand in it as attributes.
 * Bounded by `left`.
 * @return from the source's scratch pool; NULL when the macro is unknown, no arm takes the arguments, nothing public
 * can come of it, or it would be too much */
const char *docgen_rust_macro_expand(docgen_rust_macros *macros, const docgen_source *source,
                                     const char *name, const char *arguments, apr_size_t length);

#endif
