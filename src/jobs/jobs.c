/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/jobs.h"

#include "docgen_private.h"
#include "jobs/process.h"

void docgen_jobs_announce(const server_rec *server)
{
    (void)server;
    if (docgen_process_board()) {
        docgen_board_ring(docgen_process_board());
    }
}

void docgen_jobs_figures_get(docgen_jobs_figures *figures)
{
    memset(figures, 0, sizeof(*figures));
}

void docgen_jobs_register_hooks(apr_pool_t *pool)
{
    docgen_process_register_hooks(pool);
}
