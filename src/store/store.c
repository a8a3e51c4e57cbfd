/* The stores of a child: made in child_init, one for each pool of connections that mod_dbd keeps.
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/explain.h"
#include "store/internal.h"

#include <errno.h>
#include <sys/mman.h>
#include <apr_allocator.h>
#include <apr_optional.h>
#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <ap_mpm.h>
#include <http_core.h>

#include "config/config.h"
#include "config/dbd.h"
#include "docgen_private.h"

/* A statement that is silent for longer than this is given up, until the database said its statement_timeout. */
#define FIRST_DEADLINE_MS 3000

#define PROBE_EVERY apr_time_from_msec(500) /* each one is a line in PostgreSQL's log */
#define PROBE_LIMIT apr_time_from_msec(500)

/* One for each server, in memory that all children share. Mapped in post_config. */
static docgen_incidents *shared_incidents;

/* Written once in child_init, before the child has a second thread; read-only from then on. */
static apr_array_header_t *child_stores;
static apr_hash_t *stores_of_servers; /* server_rec * → docgen_store * */

docgen_store *docgen_store_get(const server_rec *server)
{
    return stores_of_servers ? apr_hash_get(stores_of_servers, &server, sizeof(server)) : NULL;
}

const apr_array_header_t *docgen_store_all(void)
{
    return child_stores;
}

/* The limiter's probe. PQping takes a server for well that refuses this user's login. */
static int database_answers(void *data)
{
    docgen_store *store = data;
    int shut_by = atomic_load(&store->shut_by);
    long long last = atomic_load(&store->probed_at);
    apr_time_t now = apr_time_now();
    char text[1];

    if (shut_by != DOCGEN_STORE_ELOGIN && shut_by != DOCGEN_STORE_ETOOMANY) {
        return docgen_dbd_answers(store->server);
    }
    return now - last >= PROBE_EVERY &&
           atomic_compare_exchange_strong(&store->probed_at, &last, now) &&
           docgen_explain(store->params, PROBE_LIMIT, text, sizeof(text)) == APR_SUCCESS;
}

static apr_status_t make_store(apr_pool_t *pool, server_rec *server, docgen_store **store)
{
    const docgen_config *config = docgen_config_get(server);
    docgen_store *made = apr_pcalloc(pool, sizeof(*made));
    int threaded = AP_MPMQ_NOT_SUPPORTED;

    made->server = server;
    made->params = docgen_dbd_params(server);
    made->incidents = &shared_incidents[child_stores->nelts];
    made->open = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open);
    made->close = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_close);
    ap_mpm_query(AP_MPMQ_IS_THREADED, &threaded);
    made->block_signals = threaded == AP_MPMQ_NOT_SUPPORTED;
    atomic_init(&made->deadline_ms, FIRST_DEADLINE_MS);
    *store = made;
    return docgen_limiter_create(pool, config->connections, database_answers, made, &made->limiter);
}

/* The store whose connections this server shares, or NULL. */
static docgen_store *shared_store(const server_rec *server)
{
    for (int i = 0; i < child_stores->nelts; i++) {
        docgen_store *store = APR_ARRAY_IDX(child_stores, i, docgen_store *);

        if (docgen_dbd_is_same(store->server, server)) {
            return store;
        }
    }
    return NULL;
}

static void make_stores(apr_pool_t *pool, server_rec *main)
{
    child_stores = apr_array_make(pool, 2, sizeof(docgen_store *));
    stores_of_servers = apr_hash_make(pool);
    for (server_rec *s = main; s; s = s->next) {
        docgen_store *store;
        server_rec **key;
        apr_status_t rv;

        if (!docgen_config_is_enabled(docgen_config_get(s)) || docgen_config_get(s)->disabled) {
            continue;
        }
        store = shared_store(s);
        if (!store) {
            rv = make_store(pool, s, &store);
            if (rv != APR_SUCCESS) {
                ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s,
                             "DG0021: no connection limiter for the database");
                continue;
            }
            APR_ARRAY_PUSH(child_stores, docgen_store *) = store;
        }
        key = apr_pmemdup(pool, &s, sizeof(s));
        apr_hash_set(stores_of_servers, key, sizeof(*key), store);
    }
}

static apr_status_t unmap_incidents(void *data)
{
    munmap(shared_incidents, *(apr_size_t *)data);
    shared_incidents = NULL;
    return APR_SUCCESS;
}

static int map_incidents(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    apr_size_t *size = apr_pcalloc(pconf, sizeof(*size));
    int count = 0;

    (void)plog;
    (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK;
    }
    for (server_rec *s = main; s; s = s->next) {
        count++;
    }
    *size = (apr_size_t)count * sizeof(*shared_incidents);
    shared_incidents = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared_incidents == MAP_FAILED) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, errno, main, "DG0021: no shared memory for DocGen");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    for (int i = 0; i < count; i++) {
        docgen_incident_written(&shared_incidents[i]);
    }
    apr_pool_cleanup_register(pconf, size, unmap_incidents, apr_pool_cleanup_null);
    return OK;
}

/* Prefork gives its children's pool an allocator without a mutex, and mod_dbd allocates from it on our threads.
 * NESTED, because a signal may end the child while it allocates. */
static void guard_allocator(apr_pool_t *pchild, server_rec *main)
{
    apr_allocator_t *allocator = apr_pool_allocator_get(pchild);
    apr_thread_mutex_t *mutex;
    apr_status_t rv;

    if (!allocator || apr_allocator_mutex_get(allocator)) {
        return;
    }
    rv = apr_thread_mutex_create(&mutex, APR_THREAD_MUTEX_NESTED, pchild);
    if (rv == APR_SUCCESS) {
        apr_allocator_mutex_set(allocator, mutex);
    } else {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, main, "DG0021: no mutex for the child's memory");
    }
}

void docgen_store_register_hooks(apr_pool_t *pool)
{
    static const char *const after_dbd[] = {"mod_dbd.c", NULL};

    (void)pool;
    ap_hook_post_config(map_incidents, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(guard_allocator, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_child_init(make_stores, after_dbd, NULL, APR_HOOK_LAST);
}
