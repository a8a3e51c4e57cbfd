/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/reaper.h"

#include <string.h>
#include <apr_strings.h>
#include <http_log.h>
#include "docgen_private.h"
#include "jobs/clock.h"
#include "jobs/thread_pool.h"

#define DUE_MAX      100
#define PURGE_MAX    200
#define PURGE_BUDGET apr_time_from_msec(200)
#define PURGE_EVERY  apr_time_from_sec(10) /* when there was nothing to remove */

#define MESSAGE_DIED "The server process that ran this job ended unexpectedly; press Regenerate."
#define MESSAGE_STOP "The server is stopping; press Regenerate when it is back."

static docgen_database *database_at(const docgen_child *child, int i)
{
    return APR_ARRAY_IDX(child->databases, i, docgen_database *);
}

/* ---- the dead ---- */

/* In this order: what the dead sent last may still be on its way to the database, and must not take a job after its jobs
 * were failed. */
static apr_status_t fail_owner(docgen_database *database, apr_pool_t *pool, const char *owner,
                               const char *message, int *failed)
{
    apr_status_t rv = docgen_store_owner_end(database->store, pool, owner);

    return rv == APR_SUCCESS
               ? docgen_store_fail_owner(database->store, pool, owner, message, failed)
               : rv;
}

static apr_status_t fail_dead_owners(docgen_child *child, docgen_database *database,
                                     apr_pool_t *pool)
{
    apr_array_header_t *owners;
    apr_status_t rv = docgen_store_owners(database->store, pool, child->self.host.text, &owners);

    for (int i = 0; rv == APR_SUCCESS && i < owners->nelts; i++) {
        const docgen_worker_record *process = &APR_ARRAY_IDX(owners, i, docgen_worker_record);
        int failed = 0;

        if (docgen_process_is_alive(process->pid, process->started)) {
            continue;
        }
        rv = fail_owner(database, pool, process->id, MESSAGE_DIED, &failed);
        if (rv == APR_SUCCESS && failed) { /* else its jobs came to their end while it did */
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, database->server,
                         "DG0205: process %d ended with %d running job(s), which are now failed",
                         process->pid, failed);
        }
    }
    return rv;
}

/* ---- the expired and the old ---- */

static apr_status_t expire_due(docgen_database *database, apr_pool_t *pool)
{
    apr_array_header_t *ids;
    apr_status_t rv = docgen_store_due(database->store, pool, DUE_MAX, &ids);

    for (int i = 0; rv == APR_SUCCESS && i < ids->nelts; i++) {
        const char *id = APR_ARRAY_IDX(ids, i, const char *);
        int expired = 0;

        rv = docgen_store_expire(database->store, pool, id, &expired);
        if (rv == APR_SUCCESS && expired) {
            ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, database->server,
                         "DG0206: the job of %s expired", id);
        }
    }
    return rv;
}

/* A few small steps in each round, so that a burst of jobs leaves no backlog and no round takes long. */
static apr_status_t purge(docgen_database *database, apr_pool_t *pool)
{
    apr_time_t now = docgen_clock_now(), until = now + PURGE_BUDGET;
    int removed = 0;
    apr_status_t rv;

    if (now < database->purge_at) {
        return APR_SUCCESS;
    }
    do {
        rv = docgen_store_purge(database->store, pool, PURGE_MAX, &removed);
    } while (rv == APR_SUCCESS && removed > 0 && docgen_clock_now() < until);
    if (rv == APR_SUCCESS && removed <= 0) {
        database->purge_at = now + PURGE_EVERY;
    }
    return rv;
}

/* Servers with different DBDParams may still mean the same database. */
static int was_reaped(docgen_child *child, int index, apr_pool_t *pool)
{
    docgen_database *database = database_at(child, index);
    docgen_database_health health;

    if (!database->installation[0] &&
        docgen_store_health(database->store, pool, &health) == APR_SUCCESS &&
        docgen_uuid_is_valid(health.installation_id)) {
        memcpy(database->installation, health.installation_id, DOCGEN_UUID_LEN + 1);
    }
    for (int i = 0; i < index && database->installation[0]; i++) {
        if (!strcmp(database_at(child, i)->installation, database->installation)) {
            docgen_store_share_write(database->store, database_at(child, i)->store);
            return 1;
        }
    }
    return 0;
}

static apr_status_t reap_database(docgen_child *child, int index, apr_pool_t *pool)
{
    docgen_database *database = database_at(child, index);
    apr_status_t rv = APR_SUCCESS;
    int queued = 0;

    if (index == 0 || !was_reaped(child, index, pool)) {
        if (index == 0 && child->databases->nelts > 1) {
            was_reaped(child, 0, pool); /* learns which installation it is */
        }
        rv = docgen_store_heartbeat(database->store, pool, child->config->lease);
        if (rv == APR_SUCCESS) {
            rv = fail_dead_owners(child, database, pool);
        }
        if (rv == APR_SUCCESS) {
            rv = expire_due(database, pool);
        }
        if (rv == APR_SUCCESS) {
            rv = purge(database, pool);
        }
    }
    if (rv == APR_SUCCESS) {
        rv = docgen_store_queued(database->store, pool, database->ids, &queued);
    }
    if (rv == APR_SUCCESS && queued > 0) {
        docgen_thread_pool_spread(child);
    }
    return rv;
}

apr_status_t docgen_reaper_run(docgen_child *child, apr_pool_t *pool)
{
    apr_status_t first = APR_SUCCESS;

    for (int i = 0; i < child->databases->nelts; i++) {
        apr_status_t rv = reap_database(child, i, pool);

        first = first != APR_SUCCESS ? first : rv;
    }
    return first;
}

/* ---- leases ---- */

/* The leases of a database that hold a job now: one whose take is on its way is not yet to be
 * renewed, and an answer that does not know it says nothing. */
static apr_array_header_t *held_leases(docgen_child *child, docgen_database *database,
                                       apr_pool_t *pool)
{
    apr_array_header_t *ids = apr_array_make(pool, 8, sizeof(const char *));
    docgen_lease *lease;

    apr_thread_mutex_lock(child->lock);
    APR_RING_FOREACH(lease, &child->leases, docgen_lease, link)
    {
        if (lease->database == database && lease->is_held) {
            APR_ARRAY_PUSH(ids, const char *) = apr_pstrdup(pool, lease->id.text);
        }
    }
    apr_thread_mutex_unlock(child->lock);
    return ids;
}

static int contains(const apr_array_header_t *ids, const char *id)
{
    for (int i = 0; i < ids->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(ids, i, const char *), id)) {
            return 1;
        }
    }
    return 0;
}

static apr_status_t renew_database(docgen_child *child, docgen_database *database, apr_pool_t *pool)
{
    apr_array_header_t *ids = held_leases(child, database, pool);
    apr_array_header_t *lost;
    apr_time_t before = docgen_clock_now();
    docgen_lease *lease;
    int queued;
    apr_status_t rv;

    if (!ids->nelts) {
        return APR_SUCCESS;
    }
    rv = docgen_store_renew(database->store, pool, ids, child->config->lease, &lost, &queued);
    apr_thread_mutex_lock(child->lock);
    APR_RING_FOREACH(lease, &child->leases, docgen_lease, link)
    {
        if (lease->database != database || !contains(ids, lease->id.text)) {
            continue;
        }
        lease->failure = rv;
        if (rv == APR_SUCCESS && contains(lost, lease->id.text)) {
            lease->is_lost = 1;
        } else if (rv == APR_SUCCESS && lease->renewed_at < before) {
            lease->renewed_at = before;
        }
    }
    apr_thread_mutex_unlock(child->lock);
    return rv;
}

apr_status_t docgen_reaper_renew(docgen_child *child, apr_pool_t *pool)
{
    apr_status_t first = APR_SUCCESS;

    for (int i = 0; i < child->databases->nelts; i++) {
        apr_status_t rv = renew_database(child, database_at(child, i), pool);

        first = first != APR_SUCCESS ? first : rv;
    }
    return first;
}

void docgen_reaper_end(docgen_child *child, apr_pool_t *pool)
{
    for (int i = 0; i < child->databases->nelts; i++) {
        docgen_database *database = database_at(child, i);
        int failed = 0;

        if (database->is_owner) {
            fail_owner(database, pool, child->self.id.text, MESSAGE_STOP, &failed);
        }
    }
}
