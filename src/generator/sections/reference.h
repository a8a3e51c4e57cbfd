/* What a word of the repository's prose names: a file, a module, a symbol, or nothing that is certain.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_REFERENCE_H
#define DOCGEN_GENERATOR_SECTIONS_REFERENCE_H

#include "generator/sections/sections.h"

/** What is named. A file comes with the module it belongs to; members that do not apply are NULL. */
typedef struct docgen_reference {
    const docgen_file *file;
    docgen_module *module;
    docgen_symbol *symbol;
} docgen_reference;

/** The one shown symbol that a name means ("parse", "parse()", "Parser::parse", "flask.Flask"); public ones go before
 * internal ones, and a name that two of the better ones share means none.
 * @return NULL when it is not exactly one, or a plain word that names nothing one calls or makes */
docgen_symbol *docgen_reference_symbol(docgen_site *site, apr_pool_t *pool, const char *name);

/** The file, folder or module that `text` of a document names without doubt. Paths count from the top or from the
 * document; a bare file name must be the only one, and not one that every project has ("main.c"); in languages whose
 * users also write such files, only a document for developers or one that stands beside the file names it so.
 * @return 0 when it names none */
int docgen_reference_place(docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                           const char *text, docgen_reference *found);

/** The module whose root a folder is (a package, a crate, the only module in it), or NULL. */
docgen_module *docgen_reference_folder(docgen_site *site, apr_pool_t *pool, const char *folder);

/** Is a document written for those who change the code: ARCHITECTURE, DESIGN, HACKING, CONTRIBUTING and the like? */
int docgen_document_is_internal(const docgen_file *document);

#endif
