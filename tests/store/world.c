/* SPDX-License-Identifier: Apache-2.0 */
#include "store/world.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <apr_strings.h>

#include "store/row.h"

apr_pool_t *pool;
docgen_store *store;

const char *world_login(const char *database)
{
    return apr_psprintf(pool, "%s dbname=%s user=web password=secret connect_timeout=2",
                        getenv("STORE_HOST"), database);
}

void world_open(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
    store = pool_store(world_login("store"), 6);
}

void world_close(void)
{
    cr_expect_eq(pool_out(), 0, "%d connections are still out", pool_out());
}

const char *admin(const char *sql)
{
    const char *conninfo = apr_pstrcat(pool, getenv("STORE_HOST"), NULL);
    const char *base = getenv("STORE_ADMIN");
    const char *user = strstr(base, " user=");
    PGconn *pg = PQconnectdb(apr_pstrcat(pool, conninfo, " dbname=store", user, NULL));
    PGresult *result = PQexec(pg, sql);
    const char *value = NULL;

    cr_assert(PQresultStatus(result) == PGRES_COMMAND_OK ||
                  PQresultStatus(result) == PGRES_TUPLES_OK,
              "%s: %s", sql, PQerrorMessage(pg));
    if (PQntuples(result) > 0 && PQnfields(result) > 0) {
        value = docgen_row_text(pool, result, 0, 0);
    }
    PQclear(result);
    PQfinish(pg);
    return value;
}

docgen_uuid uuid(void)
{
    docgen_uuid made;

    cr_assert_eq(docgen_uuid_create(&made), APR_SUCCESS);
    return made;
}

docgen_request_result request(const char *id, const docgen_uuid *job, docgen_state **state)
{
    docgen_request_result request_result = DOCGEN_REQUEST_UNKNOWN;

    cr_assert_eq(docgen_store_request(store, pool, id, job, "https://example.org/a.git", "main",
                                      "A title", 300 * SEC, 3600 * SEC, 20 * SEC, &request_result,
                                      state),
                 APR_SUCCESS);
    return request_result;
}
