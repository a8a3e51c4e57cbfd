/* Who may see which repository: see access.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/access.h"

#include <stdlib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_request.h>
#include "web/shared_status.h"

/* A GET of the project's own page has passed Apache's checks already, or it would not be here. */
static int is_own_page(const docgen_visit *visit, const char *id)
{
    return visit->r->method_number == M_GET && !strncmp(visit->rest, "projects/", 9) &&
           !strcmp(visit->rest + 9, id);
}

static int ask_apache(docgen_visit *visit, const char *id)
{
    const char *uri = apr_pstrcat(visit->r->pool, visit->mount, "/projects/", id, NULL);
    request_rec *probe;
    int allowed;

    visit->probing = 1;
    probe = ap_sub_req_lookup_uri(uri, visit->r, NULL);
    visit->probing = 0;
    allowed = probe->status == HTTP_OK && docgen_visit_get(probe) != NULL;
    ap_destroy_sub_req(probe);
    return allowed;
}

/* httpd's own order of its hooks for a request that nothing was decided about yet, here only for the answer. */
static int passes_checks(request_rec *r)
{
    int answer = ap_run_access_checker(r);

    if (answer != OK && ap_satisfies(r) != SATISFY_ANY)
        return 0;
    if (answer == OK && ap_satisfies(r) == SATISFY_ANY)
        return 1;
    answer = ap_run_access_checker_ex(r);
    if (answer == OK && ap_run_force_authn(r) != OK)
        return 1;
    if (answer != OK && answer != DECLINED)
        return 0;
    return ap_run_check_user_id(r) == OK && r->user && ap_run_auth_checker(r) == OK;
}

int docgen_access_may_post(docgen_visit *visit)
{
    request_rec *r = visit->r, *probe;
    const char *uri = apr_pstrcat(r->pool, visit->mount, "/api/generate-docs", NULL);

    if (visit->may_post)
        return visit->may_post > 0;
    visit->probing = 1;
    probe = ap_sub_req_method_uri("POST", uri, r, NULL);
    visit->may_post = -1;
    if (probe->status == HTTP_OK && docgen_visit_get(probe) &&
        (probe->per_dir_config != r->per_dir_config || passes_checks(probe)))
        visit->may_post = 1;
    ap_destroy_sub_req(probe);
    visit->probing = 0;
    return visit->may_post > 0;
}

int docgen_access_may(docgen_visit *visit, const char *id)
{
    const char *cached;
    int allowed;

    if (is_own_page(visit, id))
        return 1;
    if (!visit->access)
        visit->access = apr_hash_make(visit->r->pool);
    cached = apr_hash_get(visit->access, id, APR_HASH_KEY_STRING);
    if (cached)
        return *cached == '1';
    allowed = ask_apache(visit, id);
    apr_hash_set(visit->access, apr_pstrdup(visit->r->pool, id), APR_HASH_KEY_STRING,
                 allowed ? "1" : "0");
    return allowed;
}

apr_status_t docgen_access_store(const docgen_visit *visit)
{
    return visit->store ? APR_SUCCESS : DOCGEN_STORE_ECONFIG;
}

static const char *title_of(const docgen_repository *configured, const char *stored, const char *id)
{
    if (configured)
        return configured->title ? configured->title : id;
    return stored && *stored ? stored : id;
}

apr_status_t docgen_access_find(docgen_visit *visit, const char *id, int *known, const char **title)
{
    const docgen_repository *configured = docgen_config_repository(visit->config, id);
    docgen_origin origin = {0};
    apr_status_t rv;

    *known = 0;
    if (!docgen_access_may(visit, id))
        return APR_SUCCESS;
    if (!configured) {
        rv = docgen_access_store(visit);
        if (rv == APR_SUCCESS)
            rv = docgen_store_repository(visit->store, visit->r->pool, id, &origin);
        if (rv != APR_SUCCESS || !origin.registered)
            return rv;
    }
    *known = 1;
    if (title)
        *title = title_of(configured, origin.title, id);
    return APR_SUCCESS;
}

apr_status_t docgen_access_state(docgen_visit *visit, const char *id, docgen_state **state)
{
    const docgen_repository *configured = docgen_config_repository(visit->config, id);
    docgen_state *found = NULL;
    apr_status_t rv;

    *state = NULL;
    if (!docgen_access_may(visit, id))
        return APR_SUCCESS;
    rv = docgen_access_store(visit);
    if (rv == APR_SUCCESS)
        rv = docgen_shared_status(visit->store, visit->r->pool, id, &found);
    if (rv != APR_SUCCESS)
        return rv;
    if (!configured && !found->registered)
        return APR_SUCCESS;
    found->title = title_of(configured, found->title, id);
    *state = found;
    return APR_SUCCESS;
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(docgen_state *const *)a)->repository_id,
                  (*(docgen_state *const *)b)->repository_id);
}

apr_status_t docgen_access_list(docgen_visit *visit, apr_array_header_t **states)
{
    apr_pool_t *pool = visit->r->pool;
    const apr_array_header_t *ids = visit->config->repository_ids;
    apr_array_header_t *rows = NULL, *seen;
    apr_status_t rv = docgen_access_store(visit);

    if (rv == APR_SUCCESS)
        rv = docgen_store_list(visit->store, pool, ids, &rows);
    if (rv != APR_SUCCESS)
        return rv;
    seen = apr_array_make(pool, rows->nelts + 1, sizeof(docgen_state *));
    for (int i = 0; i < rows->nelts; i++) {
        docgen_state *state = APR_ARRAY_IDX(rows, i, docgen_state *);
        const docgen_repository *configured =
            docgen_config_repository(visit->config, state->repository_id);

        if ((!configured && !state->registered) || !docgen_access_may(visit, state->repository_id))
            continue;
        state->title = title_of(configured, state->title, state->repository_id);
        APR_ARRAY_PUSH(seen, docgen_state *) = state;
    }
    qsort(seen->elts, (size_t)seen->nelts, sizeof(docgen_state *), by_id);
    *states = seen;
    return APR_SUCCESS;
}

apr_status_t docgen_access_published(docgen_visit *visit, apr_array_header_t **ids)
{
    apr_array_header_t *published = NULL, *seen;
    apr_status_t rv = docgen_access_store(visit);

    if (rv == APR_SUCCESS)
        rv = docgen_store_published(visit->store, visit->r->pool, visit->config->repository_ids,
                                    &published);
    if (rv != APR_SUCCESS)
        return rv;
    seen = apr_array_make(visit->r->pool, published->nelts + 1, sizeof(const char *));
    for (int i = 0; i < published->nelts; i++) {
        const char *id = APR_ARRAY_IDX(published, i, const char *);
        if (docgen_access_may(visit, id))
            APR_ARRAY_PUSH(seen, const char *) = id;
    }
    *ids = seen;
    return APR_SUCCESS;
}
