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
#include "docgen_private.h"
#include "jobs/clock.h"
#include "jobs/process.h"

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
    return child->phase == DOCGEN_CHILD_RUNNING && !child->config->no_generation;
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

/* ---- leases ---- */

void docgen_child_add_lease(docgen_child *child, docgen_lease *lease)
{
    apr_thread_mutex_lock(child->lock);
    APR_RING_INSERT_TAIL(&child->leases, lease, docgen_lease, link);
    apr_thread_mutex_unlock(child->lock);
}

void docgen_child_remove_lease(docgen_child *child, docgen_lease *lease)
{
    apr_thread_mutex_lock(child->lock);
    APR_RING_REMOVE(lease, link);
    apr_thread_mutex_unlock(child->lock);
}

void docgen_child_set_generator(docgen_child *child, docgen_lease *lease,
                                docgen_generator *generator)
{
    docgen_generator *before;

    apr_thread_mutex_lock(child->lock);
    before = lease->generator;
    lease->generator = generator;
    apr_thread_mutex_unlock(child->lock);
    if (generator) {
        docgen_scoreboard_add_generator(child->scoreboard, child->slot,
                                        docgen_generator_pid(generator));
    } else if (before) {
        docgen_scoreboard_remove_generator(child->scoreboard, child->slot,
                                           docgen_generator_pid(before));
    }
}

void docgen_child_signal_generators(docgen_child *child, int signal)
{
    docgen_lease *lease;

    apr_thread_mutex_lock(child->lock);
    APR_RING_FOREACH(lease, &child->leases, docgen_lease, link)
    {
        if (lease->generator) {
            docgen_generator_signal(lease->generator, signal);
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

apr_status_t docgen_child_create(docgen_child **made, server_rec *main_server)
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
    child->scoreboard = docgen_process_scoreboard();
    child->slot = -1;
    child->parent = docgen_process_parent();
    child->parent_fd = pidfd_open(child->parent, 0);
    ap_mpm_query(AP_MPMQ_IS_THREADED, &threaded);
    child->is_prefork = threaded == AP_MPMQ_NOT_SUPPORTED;
    child->is_single = ap_exists_config_define("DEBUG") || ap_exists_config_define("ONE_PROCESS");
    child->databases = apr_array_make(pool, stores->nelts, sizeof(docgen_database *));
    APR_RING_INIT(&child->leases, docgen_lease, link);
    for (int i = 0; i < stores->nelts; i++) {
        add_database(child, APR_ARRAY_IDX(stores, i, docgen_store *));
    }
    child->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    rv = child->wake < 0 ? errno : docgen_worker_process_create(&child->self);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&child->lock, APR_THREAD_MUTEX_DEFAULT, pool);
    }
    *made = child;
    return rv;
}
