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
    /** "param", "return", "raises", "example", "since", "deprecated", "see", "note", "warning", "throws", "type" … */
    const char *kind;
    const char *name; /**< the parameter's or exception's name, or NULL */
    const char *type; /**< or NULL */
    const char *text; /**< Markdown */
} docgen_doc_field;

typedef struct docgen_doc {
    const char *summary;        /**< first sentence or paragraph, Markdown */
    const char *body;           /**< the rest, Markdown; "" when none */
    apr_array_header_t *fields; /**< docgen_doc_field */
} docgen_doc;

/** What is known of a symbol beside its kind. */
enum {
    DOCGEN_SYMBOL_STATIC = 1, /**< class-level method or member; in C: file scope */
    DOCGEN_SYMBOL_ASYNC = 2,
    DOCGEN_SYMBOL_PROPERTY = 4, /**< read like a member, computed by a method */
    DOCGEN_SYMBOL_ABSTRACT = 8,
    DOCGEN_SYMBOL_EXPORTED =
        16, /**< carries the language's own export mark (`export`, `pub`, a capital, `extern`) */
    DOCGEN_SYMBOL_DEFAULT = 32, /**< JavaScript's default export */
    DOCGEN_SYMBOL_OVERLOAD =
        64, /**< one of several signatures; the next of the same name goes on */
    DOCGEN_SYMBOL_DECLARATION = 128, /**< C: a prototype or extern, no body */
    DOCGEN_SYMBOL_HIDDEN =
        256, /**< marked as hidden by its author (`#[doc(hidden)]`, `@internal`, `\internal`) */
    DOCGEN_SYMBOL_PASTED = 512,  /**< C: a macro makes the name, its lines do not spell it out */
    DOCGEN_SYMBOL_RENAMED = 1024 /**< users know it by another name than its lines spell out */
};

/** One place where a symbol is used: a few lines that show it. */
typedef struct docgen_usage {
    const docgen_file *file;
    int line; /**< first line of the excerpt */
    int end_line;
    const char *excerpt; /**< the lines, common indentation removed */
    int rank;            /**< lower is better */
} docgen_usage;

#define DOCGEN_USAGES 3

/** A name that a module offers although it is defined elsewhere. */
typedef struct docgen_export {
    const char *name;             /**< as users of the module write it */
    struct docgen_symbol *symbol; /**< NULL when it comes from outside the repository */
    struct docgen_module *module; /**< a whole module that is exported under this name, or NULL */
    const char *origin;           /**< as written: "./parser", "serde::Serialize" */
} docgen_export;

typedef struct docgen_symbol docgen_symbol;
struct docgen_symbol {
    const char *name;      /**< as users write it: "Parser", "parse" */
    const char *qualified; /**< unique within the module: "Parser.parse" */
    /** "function", "class", "method", "struct", "enum", "macro", "constant", "type", "interface", "trait", "variable", "member", "module" */
    const char *kind;
    docgen_visibility visibility;
    const docgen_file *file;
    int line; /**< of the definition or declaration shown, from 1 */
    int end_line;
    const char *signature;       /**< full, on one line or wrapped as in the source */
    const docgen_doc *doc;       /**< NULL when undocumented */
    docgen_symbol *parent;       /**< class, struct, enum, trait, or NULL */
    apr_array_header_t *members; /**< docgen_symbol *, in source order */
    /** docgen_symbol *: further signatures of the same entry, or NULL */
    apr_array_header_t *overloads;
    const char *inherited_from; /**< qualified name, or NULL */
    int deprecated;
    unsigned traits; /**< DOCGEN_SYMBOL_… */
    /** C: where the body stands when `file` only declares it, or NULL */
    const docgen_file *definition;
    int definition_line, definition_end;
    /** const char *: superclasses, interfaces, traits as written; or NULL */
    apr_array_header_t *bases;
    /** docgen_symbol *: members of the bases that are not overridden; or NULL */
    apr_array_header_t *inherited;
    apr_array_header_t *usages;   /**< docgen_usage, best first, at most DOCGEN_USAGES; or NULL */
    struct docgen_module *module; /**< whose page shows it */
    /** page path of its entry, set when pages are planned; NULL = not documented */
    const char *page;
    const char *anchor; /**< heading id on that page */
};

/** What one of a module's files says of itself at its head. */
typedef struct docgen_file_doc {
    const docgen_file *file;
    const docgen_doc *doc;
} docgen_file_doc;

/** A unit that users import or include: a C header or source family, a Python module, a Go package, a crate module, a JS entry. */
typedef struct docgen_module {
    const char *name; /**< as users write it: "inih/ini.h", "flask.json", "github.com/x/y/z" */
    const char *slug; /**< unique page segment */
    docgen_lang lang;
    docgen_visibility visibility;
    const char *summary; /**< Markdown, one paragraph, or NULL */
    const docgen_doc *doc;
    const char *directory;
    apr_array_header_t *files; /**< docgen_file * */
    /** docgen_file_doc: the heads of files whose words are not `doc`; NULL = none */
    apr_array_header_t *file_docs;
    apr_array_header_t *symbols; /**< docgen_symbol *: top level, public first */
    apr_array_header_t *exports; /**< docgen_export: re-exported names, in byte order */
    /** struct docgen_module *: modules of this repository it depends on */
    apr_array_header_t *uses;
    apr_array_header_t *used_by;  /**< struct docgen_module * */
    apr_array_header_t *external; /**< const char *: imports from outside */
    int entry_point;              /**< has a main or is an installed command */
    int code_lines;
    const char *page; /**< its API page, set when pages are planned; or NULL */
    unsigned flags; /**< DOCGEN_FILE_TEST, _EXAMPLE, _VENDORED, _GENERATED when all its files are */
    int declared;   /**< symbols with public visibility, members included */
    int documented; /**< those of them with a doc comment */
} docgen_module;

typedef struct docgen_release docgen_release;

typedef struct docgen_model {
    apr_pool_t *pool;
    const docgen_facts *facts;
    docgen_tree *tree;
    apr_array_header_t *modules; /**< docgen_module *, in a stable order */
    apr_hash_t *symbols; /**< qualified and plain public names → docgen_symbol * (best one) */
    apr_array_header_t *skipped; /**< docgen_skip: what was not analysed and why */
    docgen_release *release;     /**< what changed since the last release (release.h), or NULL */
} docgen_model;

typedef struct docgen_skip {
    const char *path;
    const char *reason;
} docgen_skip;

struct docgen_parsed;

/** Is this a file whose symbols are read? */
int docgen_model_reads(const docgen_file *file);

/** Reads the symbols of every analysable file and groups them into modules.
 * @param parsed what an earlier run read; filled with what this one read, for the caller to save; may be NULL
 * @param progress called with 0…100; may be NULL */
apr_status_t docgen_model_build(docgen_model **model, apr_pool_t *pool, const docgen_facts *facts,
                                docgen_tree *tree, struct docgen_parsed *parsed,
                                void (*progress)(void *baton, int percent), void *baton);

/** The same for an older tree, after the newer one's model: files that did not change are not read again. The model has
 * no usages. */
apr_status_t docgen_model_build_older(docgen_model **model, apr_pool_t *pool,
                                      const docgen_facts *facts, docgen_tree *tree,
                                      struct docgen_parsed *parsed);

#endif
