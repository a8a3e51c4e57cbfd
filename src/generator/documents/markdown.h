/* From a repository's prose to safe HTML: Markdown (md4c), reStructuredText and AsciiDoc readers, the
 * sanitiser (libxml2, allow-list) and the links.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_H
#define DOCGEN_GENERATOR_DOCUMENTS_MARKDOWN_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>

/** How a page resolves what it points at. */
typedef struct docgen_links {
    /** Turns a target found in a document into a URL for the page: relative paths become generated pages
     * (relative URLs between page paths, without a leading slash), stored assets or pinned source links.
     * @return from `pool`; NULL = drop the link and keep its text */
    const char *(*resolve)(void *baton, apr_pool_t *pool, const char *target, int image);
    /** A page for an inline code span that is exactly this symbol's name, or NULL. May be NULL. */
    const char *(*symbol)(void *baton, apr_pool_t *pool, const char *name);
    void *baton;
} docgen_links;

typedef struct docgen_heading {
    int level;        /**< 1…6 */
    const char *id;   /**< stable slug, unique on its page */
    const char *text; /**< plain text */
} docgen_heading;

/** Renders Markdown (GitHub's dialect: tables, strikethrough, task lists, autolinks, alerts, footnotes,
 * `<details>`, `:::` containers, front matter dropped, emoji codes) to sanitised HTML.
 * @param shift added to heading levels (a README below an h1: 1), never above h6
 * @param headings array of docgen_heading to append to, or NULL
 * @return from `pool`; never NULL. Output size is bounded by a small multiple of the input. */
const char *docgen_markdown_html(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings);

/** Turns reStructuredText into Markdown that docgen_markdown_html understands (roles, directives, tables,
 * admonitions, code, toctree as a link list, versionadded/changed/deprecated). `include` reads a file of the
 * repository by a path relative to the document, or returns NULL; may be NULL. */
const char *docgen_rst_markdown(apr_pool_t *pool, const char *rst,
                                const char *(*include)(void *baton, apr_pool_t *pool,
                                                       const char *path),
                                void *baton);

/** Turns AsciiDoc into readable Markdown. */
const char *docgen_asciidoc_markdown(apr_pool_t *pool, const char *asciidoc);

/** Keeps only the allow-listed elements, attributes and URL schemes of an HTML fragment; the result is well formed.
 * Heading ids and fragment links are kept; other ids get the prefix "u-". */
const char *docgen_html_sanitise(apr_pool_t *pool, const char *html, const docgen_links *links);

/** A heading id or page segment: lower case, [a-z0-9_-], spaces and punctuation as single '-', never empty ("section"). */
const char *docgen_slug(apr_pool_t *pool, const char *text);

/** A heading's id: as docgen_slug, but letters of every script stay, in lower case. From `pool`. */
const char *docgen_anchor(apr_pool_t *pool, const char *text);

/** Escapes a text so that Markdown shows it literally (also in table cells). */
const char *docgen_markdown_escape(apr_pool_t *pool, const char *text);

/** Text as a Markdown code span that survives backquotes in it. From `pool`. */
const char *docgen_markdown_code(apr_pool_t *pool, const char *text);

#endif
