/* A child's side: threads that take jobs and supervise generators, the maintenance thread, the orderly end.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_JOBS_H
#define DOCGEN_JOBS_JOBS_H

#include <apr_pools.h>
#include <apr_time.h>
#include <httpd.h>

/** The one thing a request tells this room: a job was queued in the server's database, so an idle
 * thread of this child should look at once (and other children see the scoreboard's work counter
 * move). Never blocks, never fails: a lost announcement costs at most one DocGenTick. Any thread. */
void docgen_jobs_announce(const server_rec *server);

/** Figures for api/health and server-status; a snapshot, any thread. */
typedef struct docgen_jobs_figures {
    int threads;  /**< DocGenThreads of this child */
    int busy;     /**< of which supervise a job now */
    int draining; /**< this child takes no more jobs */
    /** the last successful round of the maintenance thread of this child, by the host's clock; 0 = none yet */
    apr_time_t last_maintenance;
    int leading; /**< this child is the host's elected leader */
} docgen_jobs_figures;
void docgen_jobs_figures_get(docgen_jobs_figures *figures);

/** Registers the hooks of this room (scoreboard in post_config; thread pool, maintenance thread and teardown in child_init
 * after the store's; child_stopping, child_status). */
void docgen_jobs_register_hooks(apr_pool_t *pool);

#endif
