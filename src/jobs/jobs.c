/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/jobs.h"

#include <string.h>
#include "docgen_private.h"
#include "jobs/child.h"
#include "jobs/process.h"
#include "jobs/workers.h"

void docgen_jobs_announce(const server_rec *server)
{
    docgen_child *child = docgen_child_get();

    (void)server; /* a look goes through all databases: it is one short statement in each */
    if (child) {
        docgen_workers_spread(child);
    } else if (docgen_process_board()) {
        docgen_board_ring(docgen_process_board());
    }
}

void docgen_jobs_figures_get(docgen_jobs_figures *figures)
{
    docgen_child *child = docgen_child_get();

    memset(figures, 0, sizeof(*figures));
    if (child) {
        figures->threads = child->config->threads;
        figures->busy = child->busy;
        figures->draining = !docgen_child_may_take(child);
        figures->last_tick = child->ticked_at;
        figures->sweeping = child->is_sweeping;
    }
}

void docgen_jobs_register_hooks(apr_pool_t *pool)
{
    docgen_process_register_hooks(pool);
    docgen_child_register_hooks(pool);
}
