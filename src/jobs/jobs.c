/* Starts the parts of a child and ends them, in order; no part starts another.
 * SPDX-License-Identifier: Apache-2.0 */
#include "jobs/jobs.h"

#include <string.h>
#include <time.h>
#include <unistd.h>
#include <http_log.h>
#include <mpm_common.h>
#include "docgen_private.h"
#include "jobs/child.h"
#include "jobs/orphan.h"
#include "jobs/process.h"
#include "jobs/thread_pool.h"
#include "jobs/maintenance.h"
#include "jobs/workers.h"

#define END_POLL_MS 20

/* Set once in child_init, cleared at the child's end: requests, and a signal handler, find the
 * child by it. NULL in the parent, and when DocGen is enabled nowhere. */
static docgen_child *_Atomic child_self;

/* ---- what requests ask ---- */

void docgen_jobs_announce(const server_rec *server)
{
    docgen_child *child = child_self;

    (void)server; /* a look goes through all databases: it is one short statement in each */
    if (child) {
        docgen_thread_pool_spread(child);
    } else if (docgen_process_scoreboard()) {
        docgen_scoreboard_wake(docgen_process_scoreboard());
    }
}

void docgen_jobs_figures_get(docgen_jobs_figures *figures)
{
    docgen_child *child = child_self;

    memset(figures, 0, sizeof(*figures));
    if (child) {
        figures->threads = child->config->threads;
        figures->busy = child->busy;
        figures->draining = child->phase != DOCGEN_CHILD_RUNNING;
        figures->last_maintenance = child->maintained_at;
        figures->leading = child->is_leading;
    }
}

/* ---- the end ---- */

/* httpd's listener thread wakes the main thread with a TERM of its own; one from outside is a
 * real one. */
static void on_term(int number, siginfo_t *info, void *context)
{
    docgen_child *child = child_self;

    (void)number, (void)context;
    if (child && info->si_pid != getpid()) {
        docgen_child_advance(child, DOCGEN_CHILD_STOPPING);
    }
}

static void hear_term(void)
{
    /* without SA_RESTART: that TERM must go on interrupting the main thread's read */
    struct sigaction action = {.sa_sigaction = on_term, .sa_flags = SA_SIGINFO};

    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
}

static int is_over(docgen_child *child)
{
    int working;

    apr_thread_mutex_lock(child->lock);
    working = child->working;
    apr_thread_mutex_unlock(child->lock);
    return !working && child->is_maintenance_done;
}

/* Sleeps a little. On prefork TERM and HUP are ignored or blocked by now: asking for them is the
 * way to hear them. */
static void end_sleep(docgen_child *child)
{
    struct timespec pause = {.tv_nsec = END_POLL_MS * 1000000L};
    sigset_t ends;

    if (!child->is_prefork) {
        nanosleep(&pause, NULL);
        return;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    if (sigtimedwait(&ends, NULL, &pause) > 0) {
        docgen_child_advance(child, DOCGEN_CHILD_STOPPING);
    }
}

/* Returns only when no thread of ours is left: one that holds a database connection would make
 * mod_dbd abort the child. httpd ends a child that takes too long with SIGKILL, and the leases
 * do the rest. */
static void await_end(docgen_child *child)
{
    sigset_t ends, before;
    int logged = 0;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    if (child->is_prefork) {
        pthread_sigmask(SIG_BLOCK, &ends, &before);
    }
    while (!is_over(child)) {
        docgen_child_keep_timetable(child);
        if (!logged && docgen_child_is_stopping(child, DOCGEN_STOP_LOG)) {
            logged = 1;
            ap_log_error(
                APLOG_MARK, APLOG_ERR, 0, child->main,
                "DG0202: the database keeps this child from ending; its jobs will fail when "
                "their leases run out");
        }
        end_sleep(child);
    }
    if (child->is_prefork) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
}

static apr_status_t child_end(void *data)
{
    docgen_child *child = data;

    docgen_orphan_look(child); /* another orphan may have freed the ports, which ends this child */
    if (child->phase == DOCGEN_CHILD_RUNNING) {
        docgen_child_advance(child, DOCGEN_CHILD_STOPPING);
    }
    await_end(child);
    docgen_maintenance_join(child);
    docgen_thread_pool_destroy(child);
    docgen_scoreboard_leave(child->scoreboard, child->slot);
    child_self = NULL; /* its memory stays: a late signal handler may just have read the pointer */
    return APR_SUCCESS;
}

/* Prefork always says "not graceful", but only a hard end comes from inside a signal handler. */
static int is_graceful(const docgen_child *child, int graceful)
{
    sigset_t mask;

    if (child->is_single) {
        return 0;
    }
    if (!child->is_prefork) {
        return graceful;
    }
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    return !sigismember(&mask, SIGTERM) && !sigismember(&mask, SIGHUP);
}

static void child_stopping(apr_pool_t *pool, int graceful)
{
    docgen_child *child = child_self;

    (void)pool;
    if (!child) {
        return;
    }
    if (is_graceful(child, graceful)) {
        docgen_child_advance(child, DOCGEN_CHILD_DRAINING);
        if (!child->is_prefork) {
            hear_term();
        }
    } else {
        docgen_child_advance(child, DOCGEN_CHILD_STOPPING);
    }
}

/* ---- the beginning ---- */

static void child_init(apr_pool_t *pchild, server_rec *main_server)
{
    docgen_child *child;
    sigset_t before;
    apr_status_t rv;

    if (!docgen_process_scoreboard() || !docgen_store_all() || !docgen_store_all()->nelts) {
        return;
    }
    rv = docgen_child_create(&child, main_server);
    if (rv == APR_SUCCESS) {
        child->look = docgen_workers_look;
        rv = docgen_thread_pool_create(child);
    }
    if (rv == APR_SUCCESS) {
        child->slot = docgen_scoreboard_join(child->scoreboard, &child->self,
                                             docgen_process_config_generation());
        docgen_signals_block(&before);
        rv = docgen_maintenance_start(child);
        docgen_signals_restore(&before);
        if (rv != APR_SUCCESS) {
            docgen_scoreboard_leave(child->scoreboard, child->slot);
        }
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, main_server,
                     "DG0201: this child cannot run jobs; other children may");
        return;
    }
    child_self = child;
    apr_pool_pre_cleanup_register(pchild, child, child_end);
}

void docgen_jobs_register_hooks(apr_pool_t *pool)
{
    static const char *const after[] = {"mod_dbd.c", NULL};

    docgen_process_register_hooks(pool);
    /* after mod_dbd and after the stores: what is registered later is cleaned up earlier */
    ap_hook_child_init(child_init, after, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_child_stopping(child_stopping, NULL, NULL, APR_HOOK_FIRST);
}
