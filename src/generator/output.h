/* Where a run's results go: JSON lines for the supervisor (the protocol, version 1) or a folder for
 * --output.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_OUTPUT_H
#define DOCGEN_GENERATOR_OUTPUT_H

#include <apr_errno.h>
#include <apr_pools.h>

typedef struct docgen_output docgen_output;

/** One finished page. `path` obeys docgen_path_is_page; `order` is its place in the navigation
 * (pages are listed by order, then path; a page whose path starts with another page's path + "/"
 * is its child). */
typedef struct docgen_page {
    const char *path;
    const char *title;
    int order;
    const char *markdown; /**< readable on its own: llms and "PATH.md" */
    /** sanitised fragment; its first element is the h1; ids are unique and stable */
    const char *html;
} docgen_page;

/** Results as JSON lines on file descriptor `fd`. */
docgen_output *docgen_output_json(apr_pool_t *pool, int fd);

/** Results as a browsable static site below `dir` (made when absent). @return NULL and logs when it
 * cannot. */
docgen_output *docgen_output_site(apr_pool_t *pool, const char *dir);

/** Says how far the run is. Never falls: a lower percent than before is sent as the earlier one.
 * `step` is shown to people ("Generating documentation sections (3 of 12: Architecture)"). */
apr_status_t docgen_output_progress(docgen_output *output, int percent, const char *step);

/** Names the commit that is documented; `committed_at` is RFC 3339. Once, before the first page. */
apr_status_t docgen_output_source(docgen_output *output, const char *commit, const char *branch,
                                  const char *committed_at);

/** Sends a page. Invalid UTF-8 in it is repaired. @return APR_EINVAL for a bad path, APR_EEXIST for
 * a path sent before. */
apr_status_t docgen_output_page(docgen_output *output, const docgen_page *page);

/** Sends an asset (an image, a diagram); at most 2 MiB. `path` obeys docgen_path_is_asset. */
apr_status_t docgen_output_asset(docgen_output *output, const char *path, const char *media_type,
                                 const char *data, apr_size_t length);

/** Sends where a public symbol is documented: page path and the id of its heading. */
apr_status_t docgen_output_symbol(docgen_output *output, const char *name, const char *kind,
                                  const char *page, const char *anchor);

/** Ends the run without pages: `commit` is the one that the published documentation already
 * describes.
 * Only after the supervisor said that it understands this (acceptUnchanged). */
apr_status_t docgen_output_unchanged(docgen_output *output, const char *commit);

/** Ends the run as failed with one sentence that a person can act on. */
apr_status_t docgen_output_error(docgen_output *output, const char *message);

/** Writes what is buffered; for a site also navigation, styles and llms.txt. */
apr_status_t docgen_output_finish(docgen_output *output);

#endif
