/* What the parent prepares before it forks: the scoreboard and the configuration generation. Set in post_config, read-only
 * in the children.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_PROCESS_H
#define DOCGEN_JOBS_PROCESS_H

#include <httpd.h>
#include "jobs/scoreboard.h"

/** The scoreboard, NULL when DocGen is enabled nowhere. Any thread, after post_config. */
docgen_scoreboard *docgen_process_scoreboard(void);

/** The number of the configuration that this process was forked with. */
int docgen_process_config_generation(void);

/** The parent of this configuration's children. getppid() says who adopted those whose parent died before they asked. */
pid_t docgen_process_parent(void);

/** Registers post_config (makes or finds the scoreboard) and child_status (marks the dead). */
void docgen_process_register_hooks(apr_pool_t *pool);

#endif
