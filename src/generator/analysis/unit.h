/* What one file says of itself before files are put together: its symbols, imports and exports.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_UNIT_H
#define DOCGEN_GENERATOR_ANALYSIS_UNIT_H

#include "generator/analysis/source.h"

enum {
    DOCGEN_IMPORT_EXPORTED = 1, /**< `pub use`, `export … from`, an entry of an export list */
    DOCGEN_IMPORT_LOCAL = 2,    /**< an export list of names of this very file */
    DOCGEN_IMPORT_SYSTEM = 4,   /**< `#include <…>` */
    DOCGEN_IMPORT_DEFAULT = 8,  /**< the default export, or all of `module.exports` */
    DOCGEN_IMPORT_NESTED = 16 /**< inside a function or a condition: a dependency, not an export */
};

/** One imported or re-exported name. */
typedef struct docgen_import {
    /** the module as written: ".app", "./lib/express", "crate::args", "net/http" */
    const char *from;
    const char *name;  /**< the name taken from it; NULL = the module itself; "*" = all its names */
    const char *as;    /**< its local or exported name; NULL = `name` */
    const char *scope; /**< Rust: the inline module it stands in ("a::b"), "" at the file's top */
    int line;
    unsigned flags;
} docgen_import;

/** Methods that are written apart from their type: Go receivers, Rust impl blocks, JavaScript prototypes. */
typedef struct docgen_impl {
    const char *type;            /**< the type's name */
    const char *trait;           /**< the trait or interface that is implemented, or NULL */
    const char *scope;           /**< as in docgen_import */
    apr_array_header_t *members; /**< docgen_symbol * */
} docgen_impl;

typedef struct docgen_unit docgen_unit;

/** Rust: what a macro without arguments stands for, as if it were a file of its own. */
typedef struct docgen_template {
    const char *name;
    docgen_unit *body;
} docgen_template;

struct docgen_unit {
    const docgen_file *file;
    const char *package;         /**< Go: the package clause */
    const docgen_doc *doc;       /**< the file's own description, or NULL */
    apr_array_header_t *symbols; /**< docgen_symbol *: top level, source order */
    apr_array_header_t *imports; /**< docgen_import */
    apr_array_header_t *impls;   /**< docgen_impl */
    apr_array_header_t *all;     /**< const char *: the declared export list (`__all__`), or NULL */
    /** const char *: Rust `mod NAME;`, prefixed with "pub " when public */
    apr_array_header_t *children;
    apr_array_header_t *templates; /**< docgen_template: Rust `macro_rules! NAME { () => {…} }` */
    apr_array_header_t *invocations; /**< const char *: Rust `NAME!();` where an item may stand */
    int entry_point;                 /**< has a main */
};

/** An empty unit in the source's result pool. */
docgen_unit *docgen_unit_make(const docgen_source *source);

/** A new symbol, appended to `into` (array of docgen_symbol *; NULL = nowhere). `qualified` becomes
 * "PARENT.NAME" when there is a parent. All texts are copied. */
docgen_symbol *docgen_symbol_add(const docgen_source *source, apr_array_header_t *into,
                                 docgen_symbol *parent, const char *kind, const char *name,
                                 int line, int end_line);

/** The members array of a symbol, made when absent. */
apr_array_header_t *docgen_symbol_members(const docgen_source *source, docgen_symbol *symbol);

/** Appends an import. Texts are copied; `scope` may be NULL for "". */
docgen_import *docgen_import_add(const docgen_source *source, docgen_unit *unit, const char *from,
                                 const char *name, const char *as, int line, unsigned flags);

#endif
