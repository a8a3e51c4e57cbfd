/* Putting the files together: each language's rule of what a module is and what it offers.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_BUILDER_H
#define DOCGEN_GENERATOR_ANALYSIS_BUILDER_H

#include "generator/analysis/unit.h"

/** The model in the making. */
typedef struct docgen_builder {
    docgen_model *model;
    apr_pool_t *pool;          /**< the model's */
    apr_pool_t *scratch;       /**< lives as long as the building */
    apr_array_header_t *units; /**< docgen_unit *, in byte order of their paths */
    apr_hash_t *unit_of;       /**< file path → docgen_unit * */
    apr_hash_t *module_of;     /**< file path → docgen_module * */
    apr_hash_t *named;         /**< language and name → docgen_module * */
    apr_hash_t *slugs;         /**< slugs in use */
} docgen_builder;

/** A new module. The slug is made unique. `name` and `directory` are copied. */
docgen_module *docgen_module_add(docgen_builder *builder, docgen_lang lang, const char *name,
                                 const char *directory);

/** Gives a module the name that users import it by, and a slug made of it. */
void docgen_module_rename(docgen_builder *builder, docgen_module *module, const char *name);

/** The module of a language with this name, or NULL. */
docgen_module *docgen_module_find(const docgen_builder *builder, docgen_lang lang,
                                  const char *name);

/** Puts a file and all its symbols into a module; the first description found becomes the module's. */
void docgen_module_take(docgen_builder *builder, docgen_module *module, docgen_unit *unit);

/** Puts some symbols of a file into a module: those of one of its packages. */
void docgen_module_take_symbols(docgen_builder *builder, docgen_module *module,
                                const docgen_file *file, const apr_array_header_t *symbols);

/** Notes that `module` needs `other` (once; itself is ignored). */
void docgen_module_use(docgen_builder *builder, docgen_module *module, docgen_module *other);

/** Notes an import from outside the repository (once). */
void docgen_module_external(docgen_builder *builder, docgen_module *module, const char *name);

/** Adds a re-exported name (the first of a name wins). @return 0 when the name was there already */
int docgen_module_export(docgen_builder *builder, docgen_module *module, const char *name,
                         docgen_symbol *symbol, docgen_module *target, const char *origin);

/** The top-level symbol of a module by name, or NULL. */
docgen_symbol *docgen_module_symbol(const docgen_module *module, const char *name);

/** The export of a module by name, or NULL. */
docgen_export *docgen_module_exported(const docgen_module *module, const char *name);

/** Moves a symbol's entry to another module's page (one that exports it under its own name). */
void docgen_symbol_move(docgen_builder *builder, docgen_symbol *symbol, docgen_module *to);

/** Gives a top-level symbol the name that its users know it by, in its declaration and its members' names, too. */
void docgen_symbol_rename(apr_pool_t *pool, docgen_symbol *symbol, const char *name);

/** Attaches members written apart from their type (and the traits it implements). Private types get private ones. */
void docgen_impl_attach(docgen_builder *builder, docgen_symbol *type, const docgen_impl *impl);

/** The directory part of a path, "" at the top. From `pool`. */
const char *docgen_path_directory(apr_pool_t *pool, const char *path);

/** Joins a directory and a relative path, "." and ".." resolved. @return NULL when it leaves the repository */
const char *docgen_repository_path(apr_pool_t *pool, const char *directory, const char *path);

/** A file's text when it is in the repository and readable, else NULL. */
const char *docgen_builder_text(docgen_builder *builder, const char *path, apr_size_t *length);

/** The languages without a rule of their own: a module for each package. */
void docgen_modules_declared(docgen_builder *builder);

/** The common end: order, counts, inherited members, the index of names. */
void docgen_modules_finish(docgen_builder *builder);

#endif
