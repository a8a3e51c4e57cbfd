/* What the parts of the declaration scanner share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_DECLARED_H
#define DOCGEN_GENERATOR_LANGUAGES_DECLARED_H

#include "generator/languages/language.h"

/** One file in reading. */
typedef struct docgen_declared {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
    const docgen_grammar *grammar;
    int depth;             /**< types within types */
    int column;            /**< of the declaration in reading, for grammars that go by columns */
    int no_angles;         /**< no `<` before this token closes: it was tried */
    const char *enclosing; /**< the package whose braces are read, or NULL */
    docgen_symbol
        *space; /**< the second and later packages of a file: a symbol that holds theirs */
} docgen_declared;

/** What stands around a declaration. */
typedef struct docgen_scope {
    docgen_symbol *owner;     /**< the type, or NULL at the top */
    apr_array_header_t *into; /**< where symbols go */
    apr_hash_t *names;        /**< name → the first docgen_symbol * of it, in scratch; or NULL */
    docgen_visibility fallback; /**< of a declaration that does not say */
    int is_static;              /**< a companion's members */
    int is_enum;
    int is_protocol; /**< an interface: accessors belong to what it demands */
} docgen_scope;

/** What stands before a declaration's name. */
typedef struct docgen_head {
    int first;    /**< the first token, annotations included */
    int start;    /**< where the signature begins; -1 until it does */
    int accesses; /**< words of visibility seen, as bits of docgen_visibility */
    int is_protected;
    docgen_visibility visibility;
    unsigned traits; /**< DOCGEN_SYMBOL_… */
    int deprecated;
    int hidden; /**< an annotation takes it out of the public surface */
    int is_constant;
    const char *kind;        /**< of what a word like `event` or `delegate` declares, or NULL */
    const char *deprecation; /**< what the annotation says, or NULL */
    const char *shown;       /**< annotations that users want to see, each with a line end; "" */
} docgen_head;

/** Is the token a word of this list (words between spaces)? */
int docgen_declared_in(const docgen_declared *r, int i, const char *words);

/** Past a list of type arguments at `i`; `i` when there is none. */
int docgen_declared_angles(docgen_declared *r, int i);

/** The token after the statement or line that `i` stands in. */
int docgen_declared_skip(const docgen_declared *r, int i, int limit);

/** The column of a token, from 0; tabs count as one. */
int docgen_declared_column(const docgen_declared *r, int i);

/** Does the declaration end before token `i`, because a new line begins that does not go on with it? */
int docgen_declared_line_ends(const docgen_declared *r, int i);

/** Reads annotations and modifiers at `i`. @return the token behind them */
int docgen_declared_modifiers(docgen_declared *r, docgen_head *head, int i, int limit);

/** Makes a symbol and puts it into the scope. `name` may be token text or composed.
 * @param at the token whose line is the symbol's, @param stop behind the signature, @param end behind the whole */
docgen_symbol *docgen_declared_add(docgen_declared *r, docgen_scope *scope, const docgen_head *head,
                                   const char *kind, const char *name, int at, int stop, int end);

/** A name's text without the marks that only quote it. */
const char *docgen_declared_name(const docgen_declared *r, int i);

/** A variable's name: without the `$` that PHP writes before it; elsewhere that is a letter. */
const char *docgen_declared_variable(const docgen_declared *r, const char *name);

/** Reads the declarations between two tokens. */
void docgen_declared_block(docgen_declared *r, docgen_scope *scope, int i, int limit);

/** One declaration with its declaring word at `i`. @return the token behind it */
int docgen_declared_word(docgen_declared *r, docgen_scope *scope, docgen_head *head,
                         const docgen_word *word, int i, int limit);

/** One declaration that begins with its type. @return the token behind it */
int docgen_declared_typed(docgen_declared *r, docgen_scope *scope, docgen_head *head, int i,
                          int limit);

/** The accessors between the braces at `open` as " { get; set; }", or "" when there are none to show. */
const char *docgen_declared_accessors(const docgen_declared *r, int open);

/** Properties that the parameters of a type's head make. @param all every parameter; else those with `val`, `var` or a
 * modifier */
void docgen_declared_primary(docgen_declared *r, docgen_scope *scope, int open, int all);

#endif
