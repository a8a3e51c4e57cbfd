/* What the generator needs of this host besides itself, and whether it is there: asked when httpd reads its
 * configuration, told by the log at start and by api/health.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_HOST_H
#define DOCGEN_CONFIG_HOST_H

#include <apr_tables.h>
#include "config/config.h"

/** One thing that this host lacks. */
typedef struct docgen_host_lack {
    const char *name;     /**< "sandbox", "ctags" or "git" */
    const char *sentence; /**< what that means and what to do. Constant. */
} docgen_host_lack;

/** What was missing when httpd read its configuration: docgen_host_lack *; empty = nothing. Never NULL; any thread,
 * after post_config. */
const apr_array_header_t *docgen_host_missing(const docgen_config *config);

/** Looks for everything, as the children's user, and fills `missing` of the settings. The parent's main thread, while
 * it reads its configuration; starts the programs that it looks for. */
void docgen_host_look(apr_pool_t *pool, docgen_config *config);

#endif
