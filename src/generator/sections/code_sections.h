/* The sections about the code, and what they share: how an entry is written and how pages are laid out.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_CODE_SECTIONS_H
#define DOCGEN_GENERATOR_SECTIONS_CODE_SECTIONS_H

#include "core/buffer.h"
#include "generator/analysis/doc.h"
#include "generator/sections/sections.h"

extern const docgen_section docgen_section_architecture;
extern const docgen_section docgen_section_modules;
extern const docgen_section docgen_section_api;
extern const docgen_section docgen_section_configuration;

/** A page while it is written. Its memory goes with `pool`. */
typedef struct docgen_code_page {
    docgen_site *site;
    apr_pool_t *pool;
    docgen_buffer *out; /**< Markdown */
    const char *path;   /**< of the page */
    /** where `out` goes when a passage of a document comes between; NULL = the page quotes none */
    struct docgen_draft *draft;
} docgen_code_page;

/** Text of a doc comment made fit for a page: HTML of Doxygen and JSDoc as Markdown, any other tag shown as it
 * is, no headings, no stray emphasis. From `pool`. */
const char *docgen_code_prose(apr_pool_t *pool, const char *text, docgen_lang lang);

/** The same on one line. */
const char *docgen_code_line(apr_pool_t *pool, const char *text, docgen_lang lang);

/** A fenced code block; the fence is longer than any in the text. */
void docgen_code_block(docgen_buffer *out, const char *text, const char *language);

/** The word for a fence: "c", "python", … ("" for others). */
const char *docgen_code_language(docgen_lang lang);

/** A module's own lines and name for readers: "C", "Python" … */
const char *docgen_code_language_name(docgen_lang lang);

/** A link to a module's page, or its name as code when it has none. From the page's pool. */
const char *docgen_code_module_link(docgen_code_page *page, const docgen_module *module);

/** A link to a symbol's entry, or its name as code. `text` is what the link shows (NULL = the qualified name). */
const char *docgen_code_symbol_link(docgen_code_page *page, const docgen_symbol *symbol,
                                    const char *text);

/** One symbol's whole entry below its heading of level `level`: signature, prose, fields, members, source, uses. */
void docgen_code_entry(docgen_code_page *page, const docgen_symbol *symbol, int level);

/** The prose and fields of a doc comment. */
void docgen_code_doc(docgen_code_page *page, const docgen_doc *doc, docgen_lang lang);

/** Is the symbol shown with an entry of its own on its module's page? */
int docgen_code_is_shown(const docgen_module *module, const docgen_symbol *symbol);

/** Does this member get a heading (methods do, fields stand in a table)? */
int docgen_code_has_heading(const docgen_symbol *member);

/** How a heading names a symbol: "parse", "Parser.parse". */
const char *docgen_code_title(const docgen_symbol *symbol);

/** What doc comments tell of changes of the public API, newest versions first, as tables for the page `path`; NULL when
 * they tell of none. From `pool`. */
const char *docgen_api_changes(docgen_site *site, apr_pool_t *pool, const char *path);

/** The public names that are new, changed, deprecated or gone since the last release, for the page `path`; NULL when there
 * is no release to compare with. From `pool`. */
const char *docgen_release_changes(docgen_site *site, apr_pool_t *pool, const char *path);

/** One sentence in Markdown: what was compared, or why nothing was. From `pool`. */
const char *docgen_release_status(apr_pool_t *pool, const docgen_release *release);

/** The plural heading of a kind: "Functions". */
const char *docgen_code_kind_title(const char *kind);

/** The modules of a list that are neither tests nor examples; the list itself when all of them are. From the page's pool. */
const apr_array_header_t *docgen_code_own_modules(docgen_code_page *page,
                                                  const apr_array_header_t *modules);

#endif
