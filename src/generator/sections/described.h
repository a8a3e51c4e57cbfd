/* What the project's documents say of single names of its code, and what its code says where a document asks for it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_DESCRIBED_H
#define DOCGEN_GENERATOR_SECTIONS_DESCRIBED_H

#include "generator/documents/rst.h"
#include "generator/sections/sections.h"

/** An object description that stands in a document. */
typedef struct docgen_description {
    const docgen_file *document;
    const char *name;
    const char *module; /**< or NULL */
    const char *text;   /**< Markdown, never empty */
    int line;           /**< of the directive, from 1; 0 = not known */
    int is_called;
} docgen_description;

/** Keeps a description of `document`; those that say nothing, and those beyond a limit, are passed over. */
void docgen_description_note(docgen_site *site, const docgen_file *document,
                             const docgen_rst_object *object);

/** The shown symbol that a description is about, or NULL. */
docgen_symbol *docgen_description_symbol(docgen_site *site, apr_pool_t *pool,
                                         const docgen_description *description);

/** What the code says of a name, as docgen_rst_context.code wants it: the term, then `</dt><dd>` and the text; NULL when the
 * name is not known or has no text. */
const char *docgen_described_code(docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                                  const char *module, const char *name, int members);

#endif
