/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/process.h"

#include <unistd.h>
#include <http_core.h>
#include <mpm_common.h>
#include "docgen_private.h"
#include "config/config.h"
#include "jobs/orphan.h"

#define RETAINED_KEY "docgen-scoreboard"

/* Survives graceful restarts, while the .so itself is unloaded and loaded again. */
typedef struct process_retained {
    docgen_scoreboard *scoreboard;
} process_retained;

/* Per configuration; children inherit it by fork and never write it. */
static struct {
    docgen_scoreboard *scoreboard;
    int config_generation;
    pid_t parent;
} process;

docgen_scoreboard *docgen_process_scoreboard(void)
{
    return process.scoreboard;
}

int docgen_process_config_generation(void)
{
    return process.config_generation;
}

pid_t docgen_process_parent(void)
{
    return process.parent;
}

static int is_enabled_anywhere(server_rec *server)
{
    for (; server; server = server->next) {
        if (docgen_config_is_enabled(docgen_config_get(server))) {
            return 1;
        }
    }
    return 0;
}

static int process_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                               server_rec *server)
{
    process_retained *retained = ap_retained_data_get(RETAINED_KEY);
    apr_status_t rv;

    (void)pconf, (void)plog, (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG ||
        !is_enabled_anywhere(server)) {
        return OK;
    }
    if (!retained) {
        retained = ap_retained_data_create(RETAINED_KEY, sizeof(*retained));
    }
    if (!docgen_scoreboard_is_ours(retained->scoreboard)) {
        rv = docgen_scoreboard_create(&retained->scoreboard, server->process->pool);
        if (rv != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_CRIT, rv, server,
                         "DG0204: there is no shared memory for the children; free some memory or "
                         "raise the limits of shared memory and of open files");
            docgen_config_disable(server,
                                  "The documentation is switched off here because httpd got "
                                  "no shared memory; its error log says what to change.");
            return OK; /* an error would end every site of this server */
        }
    }
    process.scoreboard = retained->scoreboard;
    process.parent = getpid();
    process.config_generation = docgen_scoreboard_begin_config_generation(process.scoreboard);
    return OK;
}

static void process_child_status(server_rec *server, pid_t pid, ap_generation_t generation,
                                 int slot, mpm_child_status status)
{
    (void)server, (void)generation, (void)slot;
    if (process.scoreboard && status == MPM_CHILD_EXITED) {
        docgen_scoreboard_mark_dead(process.scoreboard, pid);
    }
}

void docgen_process_register_hooks(apr_pool_t *pool)
{
    (void)pool;
    docgen_orphan_remember_sockets();
    ap_hook_post_config(process_post_config, NULL, NULL, APR_HOOK_LAST);
    ap_hook_child_status(process_child_status, NULL, NULL, APR_HOOK_MIDDLE);
}
