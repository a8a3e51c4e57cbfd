/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pool.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <libpq-fe.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "docgen_private.h"

#define MAX_IDLE 64
#define MAX_LOG  65536

module AP_MODULE_DECLARE_DATA docgen_module;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *address;
static apr_pool_t *memory;
static ap_dbd_t *idle[MAX_IDLE];
static int idle_count;
static volatile int out_count; /* also read in a signal handler */
static char log_text[MAX_LOG];

void ap_log_error_(const char *file, int line, int module_index, int level, apr_status_t status,
                   const server_rec *s, const char *fmt, ...)
{
    char text[4096];
    va_list args;

    (void)file;
    (void)line;
    (void)module_index;
    (void)status;
    (void)s;
    va_start(args, fmt);
    apr_vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    pthread_mutex_lock(&lock);
    snprintf(log_text + strlen(log_text), sizeof(log_text) - strlen(log_text), "%d %s\n",
             level & APLOG_LEVELMASK, text);
    pthread_mutex_unlock(&lock);
}

int pool_logged(int level, const char *text)
{
    char copy[MAX_LOG], *rest = copy;
    int found = 0;

    pthread_mutex_lock(&lock);
    strcpy(copy, log_text);
    pthread_mutex_unlock(&lock);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        found += *line && (level < 0 || *line - '0' == level) && strstr(line, text);
    }
    return found;
}

void pool_log_clear(void)
{
    pthread_mutex_lock(&lock);
    *log_text = '\0';
    pthread_mutex_unlock(&lock);
}

static ap_dbd_t *connect_new(void)
{
    ap_dbd_t *made = apr_pcalloc(memory, sizeof(*made));

    apr_pool_create(&made->pool, memory);
    if (apr_dbd_get_driver(made->pool, "pgsql", &made->driver) != APR_SUCCESS ||
        apr_dbd_open(made->driver, made->pool, address, &made->handle) != APR_SUCCESS) {
        return NULL;
    }
    return made;
}

static ap_dbd_t *pool_open(apr_pool_t *pool, server_rec *s)
{
    ap_dbd_t *dbd;

    (void)s;
    pthread_mutex_lock(&lock); /* mod_dbd connects under its lock as well */
    dbd = idle_count ? idle[--idle_count] : connect_new();
    out_count += dbd != NULL;
    pthread_mutex_unlock(&lock);
    if (dbd && apr_dbd_check_conn(dbd->driver, pool, dbd->handle) != APR_SUCCESS) {
        pthread_mutex_lock(&lock);
        apr_dbd_close(dbd->driver, dbd->handle);
        out_count--;
        pthread_mutex_unlock(&lock);
        return NULL;
    }
    return dbd;
}

static void pool_close(server_rec *s, ap_dbd_t *dbd)
{
    (void)s;
    pthread_mutex_lock(&lock);
    out_count--;
    idle[idle_count++] = dbd;
    pthread_mutex_unlock(&lock);
}

int pool_out(void)
{
    return out_count;
}

int pool_idle(void)
{
    return idle_count;
}

struct pg_conn *pool_next(void)
{
    ap_dbd_t *dbd = idle_count ? idle[idle_count - 1] : NULL;

    return dbd ? apr_dbd_native_handle(dbd->driver, dbd->handle) : NULL;
}

static int answers(void *baton)
{
    (void)baton;
    return PQping(address) == PQPING_OK;
}

docgen_store *pool_store(const char *conninfo, int permits)
{
    docgen_store *store;

    apr_initialize();
    apr_pool_create(&memory, NULL);
    apr_dbd_init(memory);
    address = conninfo;
    store = apr_pcalloc(memory, sizeof(*store));
    store->open = pool_open;
    store->close = pool_close;
    store->params = conninfo;
    store->incidents = apr_pcalloc(memory, sizeof(*store->incidents));
    docgen_incident_written(store->incidents);
    atomic_init(&store->deadline_ms, 3000);
    if (docgen_limiter_create(memory, permits, answers, NULL, &store->limiter) != APR_SUCCESS) {
        return NULL;
    }
    return store;
}
