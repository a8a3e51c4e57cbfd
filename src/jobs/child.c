/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/child.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <ap_mpm.h>
#include <http_core.h>
#include <http_log.h>
#include <mpm_common.h>
#include "docgen_private.h"
#include "jobs/clock.h"
#include "jobs/orphan.h"
#include "jobs/process.h"
#include "jobs/tick.h"
#include "jobs/workers.h"

#define END_POLL_MS 20

/* Set once in child_init, cleared at the child's end: requests, and a signal handler, find the
 * child by it. */
static docgen_child *_Atomic child_self;

docgen_child *docgen_child_get(void)
{
    return child_self;
}

/* ---- phase ---- */

void docgen_child_wake(docgen_child *child)
{
    uint64_t one = 1;
    int saved = errno;
    ssize_t n = write(child->wake, &one, sizeof(one));

    (void)n; /* full means that it wakes already */
    errno = saved;
}

void docgen_child_advance(docgen_child *child, docgen_child_phase phase)
{
    int now = child->phase;
    apr_time_t never = 0;

    atomic_compare_exchange_strong(phase == DOCGEN_CHILD_STOPPING ? &child->stop_at
                                                                  : &child->drain_at,
                                   &never, docgen_clock_now());
    while (now < (int)phase && !atomic_compare_exchange_weak(&child->phase, &now, (int)phase)) {
    }
    docgen_child_wake(child);
}

int docgen_child_may_take(const docgen_child *child)
{
    return child->phase == DOCGEN_CHILD_RUNNING;
}

int docgen_child_is_stopping(const docgen_child *child, apr_interval_time_t after)
{
    return child->phase == DOCGEN_CHILD_STOPPING && docgen_clock_now() - child->stop_at >= after;
}

/* ---- signals ---- */

void docgen_signals_block(sigset_t *before)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, before);
}

void docgen_signals_restore(const sigset_t *before)
{
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

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

/* ---- claims ---- */

void docgen_child_add_claim(docgen_child *child, docgen_claim *claim)
{
    apr_thread_mutex_lock(child->lock);
    APR_RING_INSERT_TAIL(&child->claims, claim, docgen_claim, link);
    apr_thread_mutex_unlock(child->lock);
}

void docgen_child_remove_claim(docgen_child *child, docgen_claim *claim)
{
    apr_thread_mutex_lock(child->lock);
    APR_RING_REMOVE(claim, link);
    apr_thread_mutex_unlock(child->lock);
}

void docgen_child_set_generator(docgen_child *child, docgen_claim *claim,
                                docgen_generator *generator)
{
    docgen_generator *before;

    apr_thread_mutex_lock(child->lock);
    before = claim->generator;
    claim->generator = generator;
    apr_thread_mutex_unlock(child->lock);
    if (generator) {
        docgen_board_add_generator(child->board, child->place, docgen_generator_pid(generator));
    } else if (before) {
        docgen_board_remove_generator(child->board, child->place, docgen_generator_pid(before));
    }
}

void docgen_child_signal_generators(docgen_child *child, int signal)
{
    docgen_claim *claim;

    apr_thread_mutex_lock(child->lock);
    APR_RING_FOREACH(claim, &child->claims, docgen_claim, link)
    {
        if (claim->generator) {
            docgen_generator_signal(claim->generator, signal);
        }
    }
    apr_thread_mutex_unlock(child->lock);
}

/* ---- the end ---- */

/* Job threads end their generators themselves; this is for one that hangs in a statement just
 * now. */
void docgen_child_keep_timetable(docgen_child *child)
{
    if (child->phase == DOCGEN_CHILD_DRAINING &&
        docgen_clock_now() - child->drain_at >= child->config->drain_timeout) {
        docgen_child_advance(child, DOCGEN_CHILD_STOPPING);
    }
    if (docgen_child_is_stopping(child, DOCGEN_STOP_TERM) &&
        !atomic_exchange(&child->sent_term, 1)) {
        docgen_child_signal_generators(child, SIGTERM);
    }
    if (docgen_child_is_stopping(child, DOCGEN_STOP_KILL) &&
        !atomic_exchange(&child->sent_kill, 1)) {
        docgen_child_signal_generators(child, SIGKILL);
    }
}

static int is_over(docgen_child *child)
{
    int working;

    apr_thread_mutex_lock(child->lock);
    working = child->working;
    apr_thread_mutex_unlock(child->lock);
    return !working && child->is_tick_done;
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
            ap_log_error(APLOG_MARK, APLOG_ERR, 0, child->main,
                         "DocGen: the database keeps this child from ending; its jobs will fail "
                         "when their leases run out");
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
    docgen_tick_join(child);
    docgen_workers_destroy(child);
    docgen_board_leave(child->board, child->place);
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

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static apr_array_header_t *ids_of(apr_pool_t *pool, const apr_array_header_t *configs)
{
    apr_array_header_t *ids = apr_array_make(pool, 16, sizeof(const char *));
    const char **names;
    int kept = 0;

    for (int i = 0; i < configs->nelts; i++) {
        const docgen_config *config = APR_ARRAY_IDX(configs, i, const docgen_config *);

        if (config->repository_ids) {
            apr_array_cat(ids, config->repository_ids);
        }
    }
    names = (const char **)ids->elts;
    if (ids->nelts) {
        qsort(names, ids->nelts, sizeof(*names), by_name);
    }
    for (int i = 0; i < ids->nelts; i++) {
        if (!kept || strcmp(names[kept - 1], names[i]) != 0) {
            names[kept++] = names[i];
        }
    }
    ids->nelts = kept;
    return ids;
}

static void add_database(docgen_child *child, docgen_store *store)
{
    docgen_database *database = apr_pcalloc(child->pool, sizeof(*database));

    database->store = store;
    database->configs = apr_array_make(child->pool, 4, sizeof(const docgen_config *));
    for (server_rec *server = child->main; server; server = server->next) {
        if (docgen_store_get(server) == store) {
            database->server = database->server ? database->server : server;
            APR_ARRAY_PUSH(database->configs, const docgen_config *) = docgen_config_get(server);
        }
    }
    database->ids = ids_of(child->pool, database->configs);
    if (database->server) {
        APR_ARRAY_PUSH(child->databases, docgen_database *) = database;
    }
}

static apr_status_t create_pool(apr_pool_t **pool)
{
    apr_allocator_t *allocator;
    apr_thread_mutex_t *mutex;
    apr_status_t rv = apr_allocator_create(&allocator);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = apr_pool_create_unmanaged_ex(pool, NULL, allocator);
    if (rv != APR_SUCCESS) {
        apr_allocator_destroy(allocator);
        return rv;
    }
    apr_allocator_owner_set(allocator, *pool);
    rv = apr_thread_mutex_create(&mutex, APR_THREAD_MUTEX_NESTED, *pool);
    if (rv == APR_SUCCESS) {
        apr_allocator_mutex_set(allocator, mutex); /* threads make and end subpools of it */
        apr_pool_tag(*pool, "docgen_child");
    }
    return rv;
}

static apr_status_t child_create(docgen_child **made, server_rec *main_server)
{
    const apr_array_header_t *stores = docgen_store_all();
    docgen_child *child;
    apr_pool_t *pool;
    int threaded = 0;
    apr_status_t rv = create_pool(&pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    child = apr_pcalloc(pool, sizeof(*child));
    child->pool = pool;
    child->main = main_server;
    child->config = docgen_config_get(main_server);
    child->board = docgen_process_board();
    child->place = -1;
    child->parent = docgen_process_parent();
    child->parent_fd = pidfd_open(child->parent, 0);
    ap_mpm_query(AP_MPMQ_IS_THREADED, &threaded);
    child->is_prefork = threaded == AP_MPMQ_NOT_SUPPORTED;
    child->is_single = ap_exists_config_define("DEBUG") || ap_exists_config_define("ONE_PROCESS");
    child->databases = apr_array_make(pool, stores->nelts, sizeof(docgen_database *));
    APR_RING_INIT(&child->claims, docgen_claim, link);
    for (int i = 0; i < stores->nelts; i++) {
        add_database(child, APR_ARRAY_IDX(stores, i, docgen_store *));
    }
    child->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    rv = child->wake < 0 ? errno : docgen_self_create(&child->self);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&child->lock, APR_THREAD_MUTEX_DEFAULT, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = docgen_workers_create(child);
    }
    *made = child;
    return rv;
}

static void child_init(apr_pool_t *pchild, server_rec *main_server)
{
    docgen_child *child;
    sigset_t before;
    apr_status_t rv;

    if (!docgen_process_board() || !docgen_store_all() || !docgen_store_all()->nelts) {
        return;
    }
    rv = child_create(&child, main_server);
    if (rv == APR_SUCCESS) {
        child->place = docgen_board_join(child->board, &child->self, docgen_process_era());
        docgen_signals_block(&before);
        rv = docgen_tick_start(child);
        docgen_signals_restore(&before);
        if (rv != APR_SUCCESS) {
            docgen_board_leave(child->board, child->place);
        }
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, main_server,
                     "DocGen cannot run jobs in this child; others may");
        return;
    }
    child_self = child;
    apr_pool_pre_cleanup_register(pchild, child, child_end);
}

void docgen_child_register_hooks(apr_pool_t *pool)
{
    static const char *const after[] = {"mod_dbd.c", NULL};

    (void)pool;
    /* after mod_dbd and after the stores: what is registered later is cleaned up earlier */
    ap_hook_child_init(child_init, after, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_child_stopping(child_stopping, NULL, NULL, APR_HOOK_FIRST);
}
