/* What an output is inside: checks that hold for every kind in output.c, and the kind's own
 * writing.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_OUTPUT_KIND_H
#define DOCGEN_GENERATOR_OUTPUT_KIND_H

#include <apr_hash.h>
#include <apr_time.h>
#include "generator/output.h"

/** What the protocol allows, in bytes. */
enum {
    DOCGEN_NAME_MAX = 1000,
    DOCGEN_SUMMARY_MAX = 2000,
    DOCGEN_SIGNATURE_MAX = 4000
};

/** How a kind of output writes. Every text it gets is valid UTF-8, every path is valid and new. */
typedef struct docgen_output_kind {
    apr_status_t (*begin)(docgen_output *output); /**< may be NULL */
    apr_status_t (*progress)(docgen_output *output, int percent, const char *step);
    apr_status_t (*source)(docgen_output *output, const char *commit, const char *branch,
                           const char *committed_at);
    apr_status_t (*page)(docgen_output *output, apr_pool_t *scratch, const docgen_page *page);
    apr_status_t (*asset)(docgen_output *output, apr_pool_t *scratch, const char *path,
                          const char *media_type, const char *data, apr_size_t length);
    apr_status_t (*symbol)(docgen_output *output,
                           const docgen_page_symbol *symbol); /**< may be NULL */
    apr_status_t (*facts)(docgen_output *output,
                          const docgen_page_facts *facts);                /**< may be NULL */
    apr_status_t (*unchanged)(docgen_output *output, const char *commit); /**< may be NULL */
    apr_status_t (*error)(docgen_output *output, const char *message);
    apr_status_t (*finish)(docgen_output *output);
} docgen_output_kind;

struct docgen_output {
    apr_pool_t *pool;
    const docgen_output_kind *kind;
    void *self;         /**< the kind's own data */
    int percent;        /**< the highest so far */
    const char *step;   /**< the last one sent */
    apr_time_t sent_at; /**< when (monotonic) */
    int pages;          /**< pages sent */
    int sourced;        /**< the commit is named */
    apr_hash_t *paths;  /**< page and asset paths sent */
};

/** Makes an output of a kind; for the kinds' own constructors. From `pool`. */
docgen_output *docgen_output_create(apr_pool_t *pool, const docgen_output_kind *kind, void *self);

/** Progress and errors as lines on stderr, for the phases of --output that write no page; all else
 * is ignored. */
docgen_output *docgen_output_console(apr_pool_t *pool);

#endif
