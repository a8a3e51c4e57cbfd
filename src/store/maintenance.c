/* What the maintenance thread says: leases renewed, lost jobs ended, old artifacts removed.
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"
#include "store/row.h"

#define WRITE_PAUSE apr_time_from_sec(2)

/* Runs a statement whose one value is a number. */
static apr_status_t count(docgen_store *store, apr_pool_t *pool, const docgen_statement *statement,
                          const char *const *parameters, int *number)
{
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, statement, parameters, &result);

    if (rv == APR_SUCCESS) {
        *number = PQntuples(result) > 0 ? (int)docgen_row_number(result, 0, 0) : 0;
        PQclear(result);
    }
    return rv;
}

apr_status_t docgen_store_fail_owner(docgen_store *store, apr_pool_t *pool, const char *owner,
                                     const char *message, int *failed)
{
    static const docgen_statement statement = {
        .name = "docgen_fail_owner",
        .sql = "select docgen_fail_owner($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_JOB,
    };
    const char *parameters[] = {owner, message};

    return count(store, pool, &statement, parameters, failed);
}

apr_status_t docgen_store_renew(docgen_store *store, apr_pool_t *pool,
                                const apr_array_header_t *lease_tokens, apr_interval_time_t lease,
                                apr_array_header_t **lost, int *queued)
{
    static const docgen_statement statement = {
        .name = "docgen_renew",
        .sql = "select lost, queued from docgen_renew($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_JOB,
        .slot = 3,
    };
    const char *parameters[] = {docgen_parameter_texts(pool, lease_tokens),
                                docgen_parameter_interval(pool, lease)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        *lost = docgen_row_texts(pool, result, 0, 0);
        *queued = (int)docgen_row_number(result, 0, 1);
    } else {
        rv = DOCGEN_STORE_EQUERY;
    }
    PQclear(result);
    return rv;
}

/* The reasons why a database that answers takes no writes. */
static const apr_status_t unwritable[] = {DOCGEN_STORE_EREADONLY, DOCGEN_STORE_EDISKFULL};

/* Why writes failed a moment ago, or APR_SUCCESS. */
static apr_status_t fresh_failure(const docgen_store *store)
{
    for (int i = 0; i < 2; i++) {
        if (docgen_incident_is_fresh(store->incidents, unwritable[i], WRITE_PAUSE)) {
            return unwritable[i];
        }
    }
    return APR_SUCCESS;
}

apr_status_t docgen_store_unwritten(const docgen_store *store)
{
    for (int i = 0; i < 2; i++) {
        if (docgen_incident_is_fresh(store->incidents, unwritable[i],
                                     docgen_store_since_write(store))) {
            return unwritable[i];
        }
    }
    return APR_SUCCESS;
}

apr_status_t docgen_store_heartbeat(docgen_store *store, apr_pool_t *pool,
                                    apr_interval_time_t lease)
{
    static const docgen_statement statement = {
        .name = "docgen_beat",
        .sql = "select docgen_beat($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
        .slot = 4,
        .is_write = 1,
    };
    const char *parameters[] = {docgen_parameter_interval(pool, lease)};
    PGresult *result;
    apr_status_t rv = fresh_failure(store);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = docgen_call(store, pool, &statement, parameters, &result);
    if (rv == APR_SUCCESS) {
        if (PQntuples(result) > 0 && docgen_row_bool(result, 0, 0)) {
            docgen_incident_written(store->incidents);
        }
        PQclear(result);
    }
    return rv;
}

apr_interval_time_t docgen_store_since_write(const docgen_store *store)
{
    return docgen_incident_since_write(store->incidents);
}

void docgen_store_share_write(docgen_store *store, const docgen_store *same)
{
    if (docgen_store_since_write(same) < docgen_store_since_write(store)) {
        docgen_incident_written(store->incidents);
    }
}

apr_status_t docgen_store_due(docgen_store *store, apr_pool_t *pool, int max,
                              apr_array_header_t **ids)
{
    static const docgen_statement statement = {
        .name = "docgen_due",
        .sql = "select docgen_due($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
        .slot = 5,
    };
    const char *parameters[] = {docgen_parameter_number(pool, max)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *ids = apr_array_make(pool, PQntuples(result), sizeof(const char *));
    for (int i = 0; i < PQntuples(result); i++) {
        APR_ARRAY_PUSH(*ids, const char *) = docgen_row_text(pool, result, i, 0);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_expire(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 int *expired)
{
    static const docgen_statement statement = {
        .name = "docgen_expire",
        .sql = "select docgen_expire($1)::int",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
    };

    return count(store, pool, &statement, &repository_id, expired);
}

apr_status_t docgen_store_purge(docgen_store *store, apr_pool_t *pool, int max, int *removed)
{
    static const docgen_statement statement = {
        .name = "docgen_purge",
        .sql = "select docgen_purge($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
    };
    const char *parameters[] = {docgen_parameter_number(pool, max)};

    return count(store, pool, &statement, parameters, removed);
}

apr_status_t docgen_store_queued(docgen_store *store, apr_pool_t *pool,
                                 const apr_array_header_t *ids, int *queued)
{
    static const docgen_statement statement = {
        .name = "docgen_queued",
        .sql = "select docgen_queued($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_JOB,
        .slot = 6,
    };
    const char *parameters[] = {docgen_parameter_texts(pool, ids)};

    return count(store, pool, &statement, parameters, queued);
}
