/* What the fuzz targets share: each is one file with a docgen_fuzz_one; libFuzzer brings main().
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_FUZZ_FUZZ_H
#define DOCGEN_TESTS_FUZZ_FUZZ_H

#include <apr_pools.h>
#include "generator/documents/markdown.h"

/** Reads one input; every target defines it.
 * @param pool destroyed afterwards; each of its allocations is one of malloc's, so that
 * AddressSanitizer sees the bounds that APR's pools hide
 * @param text `length` bytes and a NUL behind them */
void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length);

/** Ends the process with a report when `holds` is false. */
void docgen_fuzz_expect(int holds, const char *what, const char *text);

/** Links that stand for a site: paths below "gone" are dropped, all others lead to themselves. */
const docgen_links *docgen_fuzz_links(void);

/** Expects of an HTML fragment what a browser must be able to rely on: no element and no attribute
 * that runs or loads anything, no URL with another scheme than http, https and mailto. */
void docgen_fuzz_expect_safe(const char *html);

#endif
