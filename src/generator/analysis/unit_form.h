/* A unit as bytes, so that a file that did not change need not be read again.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_UNIT_FORM_H
#define DOCGEN_GENERATOR_ANALYSIS_UNIT_FORM_H

#include "core/buffer.h"
#include "generator/analysis/unit.h"

/** Appends a unit as a scanner left it, before modules are made of it. Any thread.
 * @return 1; 0 when it holds what the form cannot say (a symbol in two places, one that belongs to none of those
 * around it, nesting without end): then `to` is as before */
int docgen_unit_write(docgen_buffer *to, const docgen_unit *unit);

/** Reads what docgen_unit_write wrote. Any bytes may be given: those that are no unit give NULL, never more. The
 * unit is a tree whose depth is bounded. Any thread.
 * @param pool where the unit lives; its texts stay in `bytes`, which must live as long
 * @param file whose unit it is */
docgen_unit *docgen_unit_read(apr_pool_t *pool, const docgen_file *file, const char *bytes,
                              apr_size_t length);

/** Appends a number, seven bits a byte. */
void docgen_form_number(docgen_buffer *to, apr_uint64_t number);

/** Appends a text with its length before and a NUL behind; NULL stays NULL. */
void docgen_form_text(docgen_buffer *to, const char *text);

/** Where a reader stands. `broken` stays set after the first thing that is not what it should be; every read then
 * gives 0 or NULL. */
typedef struct docgen_form {
    const char *at;
    const char *end;
    int broken;
} docgen_form;

/** The next number. */
apr_uint64_t docgen_form_number_read(docgen_form *form);

/** The next text, NUL-terminated, where it stands. */
const char *docgen_form_text_read(docgen_form *form);

#endif
