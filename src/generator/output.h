/* Where a run's results go: JSON lines for the supervisor (the protocol, version 2) or a folder for
 * --output.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_OUTPUT_H
#define DOCGEN_GENERATOR_OUTPUT_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>

typedef struct docgen_output docgen_output;

#define DOCGEN_SOURCES_MAX 1000 /**< files named as the sources of one page */

/** A file that a page quotes or describes. */
typedef struct docgen_page_source {
    const char *path;
    const char *blob; /**< the file's object name */
} docgen_page_source;

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
    const apr_array_header_t *sources; /**< docgen_page_source, each once; NULL = none is known */
} docgen_page;

/** Where a public name is documented, and what a list of names says of it. */
typedef struct docgen_page_symbol {
    const char *name;
    const char *kind;
    const char *page;
    const char *anchor;     /**< the id of its heading */
    const char *visibility; /**< "public" or "internal" */
    const char *signature;  /**< plain; this and what follows may be NULL */
    const char *summary;    /**< plain, one sentence or two */
    const char *parent;     /**< the name of the symbol that it is a member of */
    const char *file;
    int line; /**< 0 = not known, like end_line */
    int end_line;
} docgen_page_symbol;

/** What a repository is, for lists and heads of pages. */
typedef struct docgen_page_facts {
    const char *description;       /**< plain, one paragraph; this and what follows may be NULL */
    const char *homepage;          /**< http or https */
    const char *licence;           /**< SPDX */
    apr_array_header_t *languages; /**< docgen_page_language, most lines first */
    apr_array_header_t *owners;    /**< const char * */
} docgen_page_facts;

typedef struct docgen_page_language {
    const char *name;
    int lines; /**< of code */
    int files;
} docgen_page_language;

/** The protocol that a run speaks unless it is asked for another. */
#define DOCGEN_PROTOCOL 2

/** Results as JSON lines on file descriptor `fd`.
 * @param protocol 1 or 2: what the reader understands */
docgen_output *docgen_output_json(apr_pool_t *pool, int fd, int protocol);

/** Results as a browsable static site below `dir` (made when absent). @return NULL and logs when it
 * cannot. */
docgen_output *docgen_output_site(apr_pool_t *pool, const char *dir);

/** Says what the lines mean; the run's first one, whichever process writes the others. */
apr_status_t docgen_output_begin(docgen_output *output);

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

/** Sends where a public symbol is documented. Texts are repaired and cut to what the protocol allows. */
apr_status_t docgen_output_symbol(docgen_output *output, const docgen_page_symbol *symbol);

/** Sends what the repository is; once. */
apr_status_t docgen_output_facts(docgen_output *output, const docgen_page_facts *facts);

/** Ends the run without pages: `commit` is the one that the published documentation already
 * describes.
 * Only after the supervisor said that it understands this (acceptUnchanged). */
apr_status_t docgen_output_unchanged(docgen_output *output, const char *commit);

/** Ends the run as failed with one sentence that a person can act on. */
apr_status_t docgen_output_error(docgen_output *output, const char *message);

/** Writes what is buffered; for a site also navigation, styles and llms.txt. */
apr_status_t docgen_output_finish(docgen_output *output);

#endif
