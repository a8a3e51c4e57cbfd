/* What readers ask: published pages, runs, search, the database's own figures.
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/call.h"
#include "store/row.h"

#include <stdlib.h>
#include <apr_base64.h>

apr_status_t docgen_store_page_list(docgen_store *store, apr_pool_t *pool,
                                    const char *repository_id, apr_array_header_t **entries)
{
    static const docgen_statement statement = {
        .name = "docgen_pages",
        .sql = "select path, title, \"order\" from docgen_pages($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
        .slot = 7,
    };
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, &repository_id, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *entries = apr_array_make(pool, PQntuples(result), sizeof(docgen_page_entry));
    for (int i = 0; i < PQntuples(result); i++) {
        docgen_page_entry *entry = &APR_ARRAY_PUSH(*entries, docgen_page_entry);

        entry->path = docgen_row_text(pool, result, i, 0);
        entry->title = docgen_row_text(pool, result, i, 1);
        entry->order = (int)docgen_row_number(result, i, 2);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_page(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               const char *path, docgen_page_contents **page)
{
    static const docgen_statement statement = {
        .name = "docgen_page",
        .sql = "select title, markdown, html, published_job_id, commit, branch, published_ms, "
               "status, server_ms from docgen_page($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_READER,
        .slot = 8,
    };
    const char *parameters[] = {repository_id, path};
    docgen_page_contents *body = NULL;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        body = apr_pcalloc(pool, sizeof(*body));
        body->title = docgen_row_text(pool, result, 0, 0);
        body->markdown = docgen_row_text(pool, result, 0, 1);
        body->html = docgen_row_text(pool, result, 0, 2);
        body->job_id = docgen_row_text(pool, result, 0, 3);
        body->commit = docgen_row_text(pool, result, 0, 4);
        body->branch = docgen_row_text(pool, result, 0, 5);
        body->published_at = docgen_row_time(result, 0, 6);
        body->server_time = docgen_row_time(result, 0, 8);
        if (docgen_status_parse(PQgetvalue(result, 0, 7), &body->status) != APR_SUCCESS) {
            rv = DOCGEN_STORE_EQUERY;
        }
    }
    PQclear(result);
    if (rv == APR_SUCCESS) {
        *page = body;
    }
    return rv;
}

/* Base64 as PostgreSQL and the generator write it, line breaks or not. */
static void decode(apr_pool_t *pool, const PGresult *result, docgen_asset_contents *asset)
{
    const char *from = PQgetvalue(result, 0, 1);
    char *packed = apr_palloc(pool, PQgetlength(result, 0, 1) + 1);
    char *data, *end = packed;
    int length;

    for (; *from; from++) {
        if (*from != '\n' && *from != '\r') {
            *end++ = *from;
        }
    }
    *end = '\0';
    data = apr_palloc(pool, apr_base64_decode_len(packed) + 1);
    length = apr_base64_decode_binary((unsigned char *)data, packed);
    asset->data = data;
    asset->length = length > 0 ? (apr_size_t)length : 0;
}

apr_status_t docgen_store_asset(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                const char *path, docgen_asset_contents **asset)
{
    static const docgen_statement statement = {
        .name = "docgen_asset",
        .sql = "select media_type, base64, published_job_id from docgen_asset($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_READER,
        .slot = 9,
    };
    const char *parameters[] = {repository_id, path};
    docgen_asset_contents *body = NULL;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        body = apr_pcalloc(pool, sizeof(*body));
        body->media_type = docgen_row_text(pool, result, 0, 0);
        body->job_id = docgen_row_text(pool, result, 0, 2);
        decode(pool, result, body);
    }
    PQclear(result);
    *asset = body;
    return rv;
}

apr_status_t docgen_store_symbol(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 const char *name, docgen_symbol_place **place)
{
    static const docgen_statement statement = {
        .name = "docgen_symbol",
        .sql = "select page, anchor, kind from docgen_symbol($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {repository_id, name};
    docgen_symbol_place *found = NULL;
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        found = apr_pcalloc(pool, sizeof(*found));
        found->page = docgen_row_text(pool, result, 0, 0);
        found->anchor = docgen_row_text(pool, result, 0, 1);
        found->kind = docgen_row_text(pool, result, 0, 2);
    }
    PQclear(result);
    *place = found;
    return rv;
}

apr_status_t docgen_store_runs(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                               int max, apr_array_header_t **runs)
{
    static const docgen_statement statement = {
        .name = "docgen_runs",
        .sql = "select job_id, generation, outcome, requested_ms, taken_ms, finished_ms, commit, "
               "message, log_tail from docgen_runs($1, $2)",
        .parameters = 2,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {repository_id, docgen_parameter_number(pool, max)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *runs = apr_array_make(pool, PQntuples(result), sizeof(docgen_run_record));
    for (int i = 0; i < PQntuples(result); i++) {
        docgen_run_record *run = &APR_ARRAY_PUSH(*runs, docgen_run_record);

        run->job_id = docgen_row_text(pool, result, i, 0);
        run->generation = docgen_row_number(result, i, 1);
        run->outcome = docgen_row_text(pool, result, i, 2);
        run->requested_at = docgen_row_time(result, i, 3);
        run->taken_at = docgen_row_time(result, i, 4);
        run->finished_at = docgen_row_time(result, i, 5);
        run->commit = docgen_row_text(pool, result, i, 6);
        run->message = docgen_row_text(pool, result, i, 7);
        run->log_tail = docgen_row_text(pool, result, i, 8);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_published_facts(docgen_store *store, apr_pool_t *pool,
                                          const apr_array_header_t *ids, apr_hash_t **facts)
{
    static const docgen_statement statement = {
        .name = "docgen_facts",
        .sql = "select repository_id, facts from docgen_facts($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {docgen_parameter_texts(pool, ids)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *facts = apr_hash_make(pool);
    for (int i = 0; i < PQntuples(result); i++) {
        apr_hash_set(*facts, docgen_row_text(pool, result, i, 0), APR_HASH_KEY_STRING,
                     docgen_row_text(pool, result, i, 1));
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_published(docgen_store *store, apr_pool_t *pool,
                                    const apr_array_header_t *ids, apr_array_header_t **published)
{
    static const docgen_statement statement = {
        .name = "docgen_published",
        .sql = "select repository_id from docgen_published($1)",
        .parameters = 1,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {docgen_parameter_texts(pool, ids)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *published = apr_array_make(pool, PQntuples(result) + 1, sizeof(const char *));
    for (int i = 0; i < PQntuples(result); i++) {
        APR_ARRAY_PUSH(*published, const char *) = docgen_row_text(pool, result, i, 0);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_search(docgen_store *store, apr_pool_t *pool, const char *query,
                                 const apr_array_header_t *ids, int limit, int offset,
                                 apr_array_header_t **hits)
{
    static const docgen_statement statement = {
        .name = "docgen_search",
        .sql = "select repository_id, path, title, heading, excerpt, kind, anchor, rank "
               "from docgen_search($1, $2, $3, $4)",
        .parameters = 4,
        .use = DOCGEN_FOR_READER,
    };
    const char *parameters[] = {query, docgen_parameter_texts(pool, ids),
                                docgen_parameter_number(pool, limit),
                                docgen_parameter_number(pool, offset)};
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, parameters, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *hits = apr_array_make(pool, PQntuples(result), sizeof(docgen_hit));
    for (int i = 0; i < PQntuples(result); i++) {
        docgen_hit *hit = &APR_ARRAY_PUSH(*hits, docgen_hit);

        hit->repository_id = docgen_row_text(pool, result, i, 0);
        hit->path = docgen_row_text(pool, result, i, 1);
        hit->title = docgen_row_text(pool, result, i, 2);
        hit->heading = docgen_row_text(pool, result, i, 3);
        hit->excerpt = docgen_row_text(pool, result, i, 4);
        hit->kind = docgen_row_text(pool, result, i, 5);
        hit->anchor = docgen_row_text(pool, result, i, 6);
        hit->rank = strtod(PQgetvalue(result, i, 7), NULL);
    }
    PQclear(result);
    return rv;
}

apr_status_t docgen_store_health(docgen_store *store, apr_pool_t *pool,
                                 docgen_database_health *health)
{
    static const docgen_statement statement = {
        .name = "docgen_health",
        .sql = "select schema_version, installation_id, server_version, queued, running, "
               "oldest_queued_ms, server_ms, pg_catalog.current_setting('server_encoding') "
               "from docgen_health()",
        .use = DOCGEN_FOR_READER,
        .any_schema = 1,
        .on_primary = 1,
    };
    PGresult *result;
    apr_status_t rv = docgen_call(store, pool, &statement, NULL, &result);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(result) > 0) {
        health->schema_version = (int)docgen_row_number(result, 0, 0);
        health->installation_id = docgen_row_text(pool, result, 0, 1);
        health->server_version = docgen_row_text(pool, result, 0, 2);
        health->queued = (int)docgen_row_number(result, 0, 3);
        health->running = (int)docgen_row_number(result, 0, 4);
        health->oldest_queued_at = docgen_row_time(result, 0, 5);
        health->server_time = docgen_row_time(result, 0, 6);
        health->encoding = docgen_row_text(pool, result, 0, 7);
    } else {
        rv = DOCGEN_STORE_EQUERY;
    }
    PQclear(result);
    return rv;
}
