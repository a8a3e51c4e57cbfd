/* What analysis knows of the code: symbols, modules and how they refer to each other.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_MODEL_H
#define DOCGEN_GENERATOR_ANALYSIS_MODEL_H

#include "generator/repo/facts.h"
#include "generator/repo/tree.h"

typedef enum {
    DOCGEN_VISIBLE_PUBLIC,   /**< a user of the library names it */
    DOCGEN_VISIBLE_INTERNAL, /**< exported between the project's own files */
    DOCGEN_VISIBLE_PRIVATE
} docgen_visibility;

/** One field of a parsed doc comment: a parameter, a return value, an exception… */
typedef struct docgen_doc_field {
    const char *kind; /**< "param", "return", "raises", "example", "since", "deprecated", "see", "note", "warning", "throws", "type" … */
    const char *name; /**< the parameter's or exception's name, or NULL */
    const char *type; /**< or NULL */
    const char *text; /**< Markdown */
} docgen_doc_field;

typedef struct docgen_doc {
    const char *summary;         /**< first sentence or paragraph, Markdown */
    const char *body;            /**< the rest, Markdown; "" when none */
    apr_array_header_t *fields;  /**< docgen_doc_field */
} docgen_doc;

typedef struct docgen_symbol docgen_symbol;
struct docgen_symbol {
    const char *name;        /**< as users write it: "Parser", "parse" */
    const char *qualified;   /**< unique within the module: "Parser.parse" */
    const char *kind;        /**< "function", "class", "method", "struct", "enum", "macro", "constant", "type", "interface", "trait", "variable", "member", "module" */
    docgen_visibility visibility;
    const docgen_file *file;
    int line;                /**< of the definition or declaration shown, from 1 */
    int end_line;
    const char *signature;   /**< full, on one line or wrapped as in the source */
    const docgen_doc *doc;   /**< NULL when undocumented */
    docgen_symbol *parent;   /**< class, struct, enum, trait, or NULL */
    apr_array_header_t *members;     /**< docgen_symbol *, in source order */
    apr_array_header_t *overloads;   /**< docgen_symbol *: further signatures of the same entry, or NULL */
    const char *inherited_from;      /**< qualified name, or NULL */
    int deprecated;
    const char *page;        /**< page path of its entry, set when pages are planned; NULL = not documented */
    const char *anchor;      /**< heading id on that page */
};

/** A unit that users import or include: a C header or source family, a Python module, a Go package, a crate module, a JS entry. */
typedef struct docgen_module {
    const char *name;        /**< as users write it: "inih/ini.h", "flask.json", "github.com/x/y/z" */
    const char *slug;        /**< unique page segment */
    docgen_lang lang;
    docgen_visibility visibility;
    const char *summary;     /**< Markdown, one paragraph, or NULL */
    const docgen_doc *doc;
    const char *directory;
    apr_array_header_t *files;    /**< docgen_file * */
    apr_array_header_t *symbols;  /**< docgen_symbol *: top level, public first */
    apr_array_header_t *uses;     /**< struct docgen_module *: modules of this repository it depends on */
    apr_array_header_t *used_by;  /**< struct docgen_module * */
    apr_array_header_t *external; /**< const char *: imports from outside */
    int entry_point;         /**< has a main or is an installed command */
    int code_lines;
} docgen_module;

typedef struct docgen_model {
    apr_pool_t *pool;
    const docgen_facts *facts;
    docgen_tree *tree;
    apr_array_header_t *modules;  /**< docgen_module *, in a stable order */
    apr_hash_t *symbols;          /**< qualified and plain public names → docgen_symbol * (best one) */
    apr_array_header_t *skipped;  /**< docgen_skip: what was not analysed and why */
} docgen_model;

typedef struct docgen_skip {
    const char *path;
    const char *reason;
} docgen_skip;

/** Reads the symbols of every analysable file and groups them into modules.
 * @param progress called with 0…100; may be NULL */
apr_status_t docgen_model_build(docgen_model **model, apr_pool_t *pool, const docgen_facts *facts,
                                docgen_tree *tree, void (*progress)(void *baton, int percent),
                                void *baton);

#endif
