/* Doc comments in their dialects, read into one form.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_DOC_H
#define DOCGEN_GENERATOR_ANALYSIS_DOC_H

#include "generator/analysis/model.h"

/** The kind of a field whose text is the path of a file that belongs to the comment; model building takes it in. */
#define DOCGEN_DOC_INCLUDE "include"

typedef enum {
    DOCGEN_DOC_TAGS,     /**< Doxygen, JSDoc, TSDoc: @param, \return … */
    DOCGEN_DOC_GO,       /**< godoc: prose, indented code, "Deprecated:" */
    DOCGEN_DOC_RUST,     /**< rustdoc: Markdown with sections "# Examples" */
    DOCGEN_DOC_PYTHON,   /**< docstrings: Google, NumPy and Sphinx fields */
    DOCGEN_DOC_JAVADOC,  /**< HTML, {@inline} and @block tags */
    DOCGEN_DOC_XML,      /**< C#: elements */
    DOCGEN_DOC_PHPDOC,   /**< @block tags with types */
    DOCGEN_DOC_KDOC,     /**< Markdown, [links] and @block tags */
    DOCGEN_DOC_SWIFT,    /**< Markdown with "- Parameter x:" */
    DOCGEN_DOC_DART,     /**< Markdown with [links] */
    DOCGEN_DOC_SCALA,    /**< wiki text and @block tags */
    DOCGEN_DOC_MARKDOWN, /**< Elixir: Markdown, nothing else */
    DOCGEN_DOC_LDOC,     /**< Lua: LDoc's and EmmyLua's @tags */
    DOCGEN_DOC_SHDOC,    /**< shell: shdoc's @tags */
    DOCGEN_DOC_YARD      /**< Ruby: @block tags with [types], or RDoc's marks */
} docgen_doc_style;

/** Reads a comment whose markers are already removed.
 * @param pool where the result lives
 * @param text may be NULL
 * @return NULL when nothing is left of it. Linear time; any thread. */
const docgen_doc *docgen_doc_parse(apr_pool_t *pool, const char *text, docgen_doc_style style);

/** The content of a docstring: common indentation removed, as Python's inspect.cleandoc does it. */
const char *docgen_docstring_clean(apr_pool_t *pool, const char *text, apr_size_t length);

/** The first field of a kind ("since", "deprecated"), or NULL. `doc` may be NULL. */
const docgen_doc_field *docgen_doc_find(const docgen_doc *doc, const char *kind);

#endif
