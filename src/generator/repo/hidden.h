/* Characters of a text that people cannot see and machines read: they are in nothing that is written.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_HIDDEN_H
#define DOCGEN_GENERATOR_REPO_HIDDEN_H

#include <apr_pools.h>
#include <apr_tables.h>

/** Where a file holds such characters, the first of their kind. */
typedef struct docgen_hidden {
    const char *path;
    const char
        *kind; /**< "tag characters", "direction marks", "zero-width characters", "comments" */
    int line;  /**< of the first, from 1 */
    int count;
} docgen_hidden;

/** Takes tag characters, direction marks and zero-width characters out of valid UTF-8, in place. The joiners that scripts
 * and emoji need stay between characters beyond ASCII.
 * @param found docgen_hidden is appended for each kind, with `path`; NULL = nobody asks
 * @return the new length; any thread */
apr_size_t docgen_hidden_remove(char *text, apr_size_t length, apr_array_header_t *found,
                                const char *path);

#endif
