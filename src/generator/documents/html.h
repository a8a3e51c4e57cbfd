/* The room's inner contracts: reading Markdown, writing HTML, and the ids of a page.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_HTML_H
#define DOCGEN_GENERATOR_DOCUMENTS_HTML_H

#include <apr_strings.h>
#include <apr_tables.h>
#include "generator/documents/markdown.h"
#include "generator/documents/node.h"

/** A document larger than this is cut before it is rendered, and says so. */
#define DOCGEN_RENDER_MAX (700 * 1024)

/** The ids of one page: headings and anchors of all its parts, and the fragment links that wait for them. */
typedef struct docgen_ids docgen_ids;

/** An empty table that lives as long as `pool`. */
docgen_ids *docgen_ids_create(apr_pool_t *pool);

/** The id a fragment ("Installation", "installation-1", "u-x"; URL-escaped or not) means on the page, by
 * docgen_fragment_key when it is not exact; NULL when the page has none. */
const char *docgen_ids_find(const docgen_ids *ids, apr_pool_t *pool, const char *fragment);

/** Fills in the fragment links of a page put together from parts; those that lead nowhere lose their href.
 * @param ids NULL: the fragments stay as they are
 * @return from `pool` */
const char *docgen_ids_resolve(const docgen_ids *ids, apr_pool_t *pool, const char *html);

/** Writes a tree as HTML, as one part of a page: the result goes through docgen_ids_resolve once all parts are there.
 * It is safe whatever the tree holds: allowed elements, attributes and schemes only, and well formed.
 * @param shift added to heading levels, never above h6
 * @param links how targets become URLs; NULL: they stay as they are
 * @param headings docgen_heading is appended for each heading; may be NULL
 * @return from `pool`; never NULL. One thread. */
const char *docgen_html_write(apr_pool_t *pool, const docgen_node *document, int shift,
                              const docgen_links *links, apr_array_header_t *headings,
                              docgen_ids *ids);

/** Writes a tree as Markdown in one form: safe by itself, its links those of the page. Reading it again gives the same
 * HTML, but for what Markdown has no form for: groups, sizes of images, ids other than a heading's.
 * @return from `pool`; never NULL. One thread. */
const char *docgen_markdown_write(apr_pool_t *pool, const docgen_node *document, int shift,
                                  const docgen_links *links);

/** Reads Markdown (see docgen_markdown_html), its raw HTML and its extensions into a tree, from `pool`; never NULL.
 * A document that is too large or costs too much work becomes one block of plain text. One thread. */
docgen_node *docgen_markdown_read(apr_pool_t *pool, const char *markdown);

/** Is this class one that the readers give? */
int docgen_class_is_kept(const char *tag, const char *value);

/** How much of a code block's language ("c++ {1,3}") is its name. */
apr_size_t docgen_language_length(const char *name);

/** docgen_markdown_html for one part of a page; as above. */
const char *docgen_markdown_part(apr_pool_t *pool, const char *markdown, int shift,
                                 const docgen_links *links, apr_array_header_t *headings,
                                 docgen_ids *ids);

/** Is this target free to become an href: http, https, mailto or no scheme at all, as a browser would read it? */
int docgen_target_is_safe(const char *target);

/** Has the target a scheme ("https:…") or a host ("//host/…")? */
int docgen_target_is_absolute(const char *target);

/** The character a short code like "rocket" (`length` bytes, without colons) stands for, or NULL. */
const char *docgen_emoji(const char *name, apr_size_t length);

/** What remains of a heading id when every generator's own rules are forgotten: lower-case letters and
 * digits, other scripts as they are. Two ids with the same key mean the same heading. From `pool`. */
const char *docgen_fragment_key(apr_pool_t *pool, const char *text);

#endif
