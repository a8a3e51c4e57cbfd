/* What the parts of the JavaScript and TypeScript scanner share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_SCRIPT_H
#define DOCGEN_GENERATOR_ANALYSIS_SCRIPT_H

#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"
#include "generator/analysis/unit.h"

typedef struct docgen_script {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
} docgen_script;

/** The JSDoc comment above a line, or NULL; plain comments are none. */
const docgen_doc *docgen_script_doc(const docgen_script *r, int line);

/** A symbol named by token `name`, shown from token `start` up to (not including) `stop`, ending before `end`. */
docgen_symbol *docgen_script_add(docgen_script *r, apr_array_header_t *into, docgen_symbol *parent,
                                 const char *kind, int name, int start, int stop, int end);

/** Where a function's head ends: its body's `{`, or the token behind a declaration without a body.
 * @param i the parameter list's `(` or the `<` before it */
int docgen_script_head(const docgen_script *r, int i);

/** Where a type or expression that starts at `i` ends: at `;`, `,` or a bracket's end outside of it, or at a new
 * line that does not continue it. */
int docgen_script_expression(const docgen_script *r, int i, int limit);

/** Members between `{` at token `open` and its match. @param is_class else an interface or object type */
void docgen_script_members(docgen_script *r, docgen_symbol *owner, int open, int is_class);

/** Values of an enum. */
void docgen_script_enum(docgen_script *r, docgen_symbol *owner, int open);

/** Base classes and interfaces between token `i` and the body at `open`. */
void docgen_script_bases(docgen_script *r, docgen_symbol *owner, int i, int open);

/** Is token `i` a word? */
int docgen_script_is_name(const docgen_script *r, int i);

/** Reads `{ a, b as c, type d }` of an import or export, whose `{` is token `open`. */
void docgen_script_names(docgen_script *r, int open, const char *from, unsigned flags);

/** Reads the import statement at `i`. @return the token behind it */
int docgen_script_import(docgen_script *r, int i);

/** Reads `export { … } [from "x"]` or `export * [as y] from "x"` at `i`. @return the token behind it, 0 when it is
 * another kind of export */
int docgen_script_export_list(docgen_script *r, int i);

/** The string of `require("x")` at `i`, or NULL. */
const char *docgen_script_required(const docgen_script *r, int i);

/** Notes that the name, NAME.PROPERTY or require() at `value` is exported as `as`. */
void docgen_script_export_local(docgen_script *r, int value, const char *as, int line);

#endif
