/* What changed in the public API since the last release: two models of the same repository, name by name.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_RELEASE_H
#define DOCGEN_GENERATOR_ANALYSIS_RELEASE_H

#include "generator/analysis/model.h"

/** What happened to a public name. */
typedef enum {
    DOCGEN_API_ADDED,
    DOCGEN_API_CHANGED,    /**< another signature */
    DOCGEN_API_DEPRECATED, /**< newly so */
    DOCGEN_API_REMOVED
} docgen_api_what;

typedef struct docgen_api_change {
    docgen_api_what what;
    const char *name; /**< as its entry's heading has it */
    const char *kind;
    docgen_lang lang;
    const char *module;          /**< its module's name; the old one's when the name is gone */
    const docgen_symbol *symbol; /**< as it is now; NULL when it is gone */
    const char *before;          /**< the old signature, when it changed */
    const char *path, *raw_path; /**< where it was, when it is gone */
    int line, end_line;
} docgen_api_change;

/** A comparison that was made, or why it was not. */
struct docgen_release {
    const char *tag;     /**< compared with; NULL = there is no earlier release */
    const char *skipped; /**< why nothing was compared, or NULL */
    int changed, files;  /**< source files that differ, of so many in both trees together */
    apr_array_header_t
        *changes; /**< docgen_api_change: by kind of change, language, module, name */
};

/** Compares with the release that the facts name and sets model->release; reads only the files that differ, and none when
 * these are too many. Never an error: what cannot be compared is said there.
 * @param pool where the result lives
 * @param parsed what was read of the newer tree; may be NULL
 * @param max_file as for docgen_tree_open */
void docgen_release_compare(docgen_model *model, apr_pool_t *pool, struct docgen_parsed *parsed,
                            apr_uint64_t max_file);

#endif
