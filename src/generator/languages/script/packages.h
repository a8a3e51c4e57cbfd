/* What the package.json files of a repository name: which of its files are the entries that users import.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_SCRIPT_PACKAGES_H
#define DOCGEN_GENERATOR_LANGUAGES_SCRIPT_PACKAGES_H

#include "generator/analysis/builder.h"

/** What a specifier was found to mean before. */
typedef struct docgen_script_answer {
    docgen_module *module; /**< or NULL */
} docgen_script_answer;

/** The packages of one repository. Lives in the builder's scratch pool. */
typedef struct docgen_script_packages {
    docgen_builder *b;
    apr_hash_t *modules;     /**< import specifier → docgen_module * */
    apr_hash_t *directories; /**< package name → its directory */
    apr_hash_t *names;       /**< directory of a package → its name */
    int entries;             /**< public entries found in any package */
    apr_hash_t *resolved;    /**< asking directory and specifier → docgen_script_answer * */
} docgen_script_packages;

/** No packages yet. */
docgen_script_packages docgen_script_packages_make(docgen_builder *builder);

/** Reads every package.json of the tree, makes the modules behind its entries public and gives them the names that
 * users import. The files' modules are made before. */
void docgen_script_packages_read(docgen_script_packages *packages);

/** The module that an import specifier means in a file, or NULL when it is none of this repository. */
docgen_module *docgen_script_resolve(const docgen_script_packages *packages,
                                     const docgen_unit *unit, const char *specifier);

#endif
