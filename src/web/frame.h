/* The frame that every page for people shares: head, top bar, search, theme, foot.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_FRAME_H
#define DOCGEN_WEB_FRAME_H

#include "core/buffer.h"
#include "web/context.h"

/** What differs from page to page. */
typedef struct docgen_frame {
    const char *title;            /**< of the page */
    const char *kind;             /**< class of the body: home, project, docs, search, error */
    const char *script;           /**< name of its module in src/ui, or NULL */
    const char *repository;       /**< id, or NULL */
    const char *repository_title; /**< with `repository` */
    const char *query;            /**< what the search field shows, or NULL */
    const char *refresh;          /**< seconds between reloads (digits), or NULL */
    const char *alternate;        /**< relative URL of the page's Markdown, or NULL */
} docgen_frame;

/** Begins a page. The caller appends the content of <main> (docs pages: of the whole middle).
 * @return a text of the request's pool */
docgen_buffer *docgen_frame_open(docgen_context *context, const docgen_frame *frame);

/** Ends the page and sends it. */
int docgen_frame_send(docgen_context *context, docgen_buffer *page, int status, const char *etag,
                      const char *cache);

/** The relative URL of an asset of src/ui by its plain name. From the request's pool. */
const char *docgen_ui_href(const docgen_context *context, const char *name);

/** Changes whenever the pages' look or scripts change: part of the validator of a page. Constant. */
const char *docgen_ui_version(void);

/** Appends an icon of the sprite, hidden from screen readers. */
void docgen_frame_icon(const docgen_context *context, docgen_buffer *page, const char *name);

/** Appends <time datetime="…" title="…">3 minutes ago</time>; "never" for 0. `now` is the database's clock. */
void docgen_frame_ago(const docgen_context *context, docgen_buffer *page, apr_time_t when,
                      apr_time_t now);

#endif
