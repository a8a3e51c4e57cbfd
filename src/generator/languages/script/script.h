/* What the parts of the JavaScript and TypeScript scanner share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_SCRIPT_SCRIPT_H
#define DOCGEN_GENERATOR_LANGUAGES_SCRIPT_SCRIPT_H

#include "generator/analysis/builder.h"
#include "generator/analysis/doc.h"
#include "generator/analysis/token.h"

typedef struct docgen_script {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_tokens t;
} docgen_script;

/** Where statements stand and what `export` before them said. */
typedef struct docgen_script_place {
    apr_array_header_t *into;
    docgen_symbol *parent;
    int depth;
    int start; /**< the statement's first token, `export` included */
    int exported, is_default;
    int ambient; /**< in a namespace whose declarations are exported without saying so */
    int returns; /**< in a function whose result are the exports */
} docgen_script_place;

/** A symbol named by token `name`, shown up to (not including) `stop`, ending before `end`; an overload joins the first
 * of its name. */
docgen_symbol *docgen_script_declare(docgen_script *r, const docgen_script_place *p,
                                     const char *kind, int name, int stop, int end);

/** Reads the function or class at `i`. @return the token behind it */
int docgen_script_function(docgen_script *r, int i, const docgen_script_place *p);
int docgen_script_class(docgen_script *r, int i, const docgen_script_place *p, const char *kind);

/** Is the expression at `i` a function? `*stop` receives where its head ends. */
int docgen_script_is_function(const docgen_script *r, int i, int *stop);

/** The token behind a function whose head ends at `stop`; `end` when it has no block. */
int docgen_script_function_end(const docgen_script *r, int stop, int end);

/** A name at `name` for the value at `value`, which is written out there: a function, a class, an object, a literal. */
docgen_symbol *docgen_script_value(docgen_script *r, const docgen_script_place *p, int name,
                                   int value, int end);

/** Reads what follows "module.exports =", "export =" or "export default". */
void docgen_script_export_value(docgen_script *r, int value);

/** var local = exports.a = module.exports = …: exports what token `local` names. @return the value's token */
int docgen_script_export_chain(docgen_script *r, int value, int local);

/** Does an assignment to exports begin at `i`? */
int docgen_script_is_export(const docgen_script *r, int i);

/** Reads that assignment. @return the token behind it */
int docgen_script_assignment(docgen_script *r, int i);

/** Reads Object.assign(exports, …) or Object.defineProperty(exports, "x", …) at `i`. @return the token behind it, 0
 * when it is neither */
int docgen_script_object_call(docgen_script *r, int i);

/** Reads what the condition at `i` exports: if (…) { module.exports = … } else { … }. @return the token behind it */
int docgen_script_condition(docgen_script *r, int i);

/** Do the tokens from `i` to `end` hand a function's exports on ("exports = factory(", "define(factory")? */
int docgen_script_has_factory(const docgen_script *r, int i, int end);

/** The JSDoc comment before token `token`, on its line or above it, or NULL; plain comments are none. */
const docgen_doc *docgen_script_doc(const docgen_script *r, int token);

/** Adds the types that comments declare: @typedef and @callback. */
void docgen_script_typedefs(docgen_script *r);

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

/** Reads one file of either language. Never fails; linear time, bounded recursion. One thread per source. */
docgen_unit *docgen_scan_script(const docgen_source *source);

/** Makes a module of each entry point of a package, and of each file that is none's. */
void docgen_modules_script(docgen_builder *builder);

#endif
