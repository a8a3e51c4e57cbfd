/* The room's inner contracts: the sanitiser with all its options, and what Markdown is prepared with.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_RENDER_HTML_H
#define DOCGEN_GENERATOR_RENDER_HTML_H

#include <apr_strings.h>
#include <apr_tables.h>
#include "generator/render/markdown.h"

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
 * From `pool`. */
const char *docgen_ids_resolve(const docgen_ids *ids, apr_pool_t *pool, const char *html);

/** Rebuilds an HTML fragment from allowed elements only, as one part of a page: the result goes through
 * docgen_ids_resolve once all parts are there.
 * @param shift added to heading levels, never above h6
 * @param headings docgen_heading is appended for each heading; may be NULL
 * @return from `pool`; never NULL. One thread. */
const char *docgen_html_part(apr_pool_t *pool, const char *html, int shift,
                             const docgen_links *links, apr_array_header_t *headings,
                             docgen_ids *ids);

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

/** Rewrites what md4c does not know into Markdown and HTML it does: front matter, alerts, `:::` containers,
 * "!!!" admonitions, footnotes. From `pool`. */
const char *docgen_markdown_prepare(apr_pool_t *pool, const char *markdown);

#endif
