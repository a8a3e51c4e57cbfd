/* Who may see which repository: see access.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/access.h"

#include <stdlib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_request.h>
#include "web/shared_status.h"

/* A GET of the project's own page has passed Apache's checks already, or it would not be here. */
static int is_own_page(const docgen_context *context, const char *id)
{
    return context->r->method_number == M_GET && !strncmp(context->rest, "projects/", 9) &&
           !strcmp(context->rest + 9, id);
}

static int ask_apache(docgen_context *context, const char *id)
{
    const char *uri = apr_pstrcat(context->r->pool, context->mount, "/projects/", id, NULL);
    request_rec *probe;
    int allowed;

    context->probing = 1;
    probe = ap_sub_req_lookup_uri(uri, context->r, NULL);
    context->probing = 0;
    allowed = probe->status == HTTP_OK && docgen_context_get(probe) != NULL;
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

int docgen_access_may_post(docgen_context *context)
{
    request_rec *r = context->r, *probe;
    const char *uri = apr_pstrcat(r->pool, context->mount, "/api/generate-docs", NULL);

    if (context->may_post)
        return context->may_post > 0;
    context->probing = 1;
    probe = ap_sub_req_method_uri("POST", uri, r, NULL);
    context->may_post = -1;
    if (probe->status == HTTP_OK && docgen_context_get(probe) &&
        (probe->per_dir_config != r->per_dir_config || passes_checks(probe)))
        context->may_post = 1;
    ap_destroy_sub_req(probe);
    context->probing = 0;
    return context->may_post > 0;
}

int docgen_access_may(docgen_context *context, const char *id)
{
    const char *cached;
    int allowed;

    if (is_own_page(context, id))
        return 1;
    if (!context->access)
        context->access = apr_hash_make(context->r->pool);
    cached = apr_hash_get(context->access, id, APR_HASH_KEY_STRING);
    if (cached)
        return *cached == '1';
    allowed = ask_apache(context, id);
    apr_hash_set(context->access, apr_pstrdup(context->r->pool, id), APR_HASH_KEY_STRING,
                 allowed ? "1" : "0");
    return allowed;
}

apr_status_t docgen_access_store(const docgen_context *context)
{
    return context->store ? APR_SUCCESS : DOCGEN_STORE_ECONFIG;
}

static const char *title_of(const docgen_repository *configured, const char *stored, const char *id)
{
    if (configured)
        return configured->title ? configured->title : id;
    return stored && *stored ? stored : id;
}

apr_status_t docgen_access_find(docgen_context *context, const char *id, int *known,
                                const char **title)
{
    const docgen_repository *configured = docgen_config_repository(context->config, id);
    docgen_origin origin = {0};
    apr_status_t rv;

    *known = 0;
    if (!docgen_access_may(context, id))
        return APR_SUCCESS;
    if (!configured) {
        rv = docgen_access_store(context);
        if (rv == APR_SUCCESS)
            rv = docgen_store_repository(context->store, context->r->pool, id, &origin);
        if (rv != APR_SUCCESS || !origin.registered)
            return rv;
    }
    *known = 1;
    if (title)
        *title = title_of(configured, origin.title, id);
    return APR_SUCCESS;
}

apr_status_t docgen_access_state(docgen_context *context, const char *id, docgen_state **state)
{
    const docgen_repository *configured = docgen_config_repository(context->config, id);
    docgen_state *found = NULL;
    apr_status_t rv;

    *state = NULL;
    if (!docgen_access_may(context, id))
        return APR_SUCCESS;
    rv = docgen_access_store(context);
    if (rv == APR_SUCCESS)
        rv = docgen_shared_status(context->store, context->r->pool, id, &found);
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

apr_status_t docgen_access_list(docgen_context *context, apr_array_header_t **states)
{
    apr_pool_t *pool = context->r->pool;
    const apr_array_header_t *ids = context->config->repository_ids;
    apr_array_header_t *rows = NULL, *seen;
    apr_status_t rv = docgen_access_store(context);

    if (rv == APR_SUCCESS)
        rv = docgen_store_list(context->store, pool, ids, &rows);
    if (rv != APR_SUCCESS)
        return rv;
    seen = apr_array_make(pool, rows->nelts + 1, sizeof(docgen_state *));
    for (int i = 0; i < rows->nelts; i++) {
        docgen_state *state = APR_ARRAY_IDX(rows, i, docgen_state *);
        const docgen_repository *configured =
            docgen_config_repository(context->config, state->repository_id);

        if ((!configured && !state->registered) ||
            !docgen_access_may(context, state->repository_id))
            continue;
        state->title = title_of(configured, state->title, state->repository_id);
        APR_ARRAY_PUSH(seen, docgen_state *) = state;
    }
    qsort(seen->elts, (size_t)seen->nelts, sizeof(docgen_state *), by_id);
    *states = seen;
    return APR_SUCCESS;
}

apr_status_t docgen_access_published(docgen_context *context, apr_array_header_t **ids)
{
    apr_array_header_t *published = NULL, *seen;
    apr_status_t rv = docgen_access_store(context);

    if (rv == APR_SUCCESS)
        rv = docgen_store_published(context->store, context->r->pool,
                                    context->config->repository_ids, &published);
    if (rv != APR_SUCCESS)
        return rv;
    seen = apr_array_make(context->r->pool, published->nelts + 1, sizeof(const char *));
    for (int i = 0; i < published->nelts; i++) {
        const char *id = APR_ARRAY_IDX(published, i, const char *);
        if (docgen_access_may(context, id))
            APR_ARRAY_PUSH(seen, const char *) = id;
    }
    *ids = seen;
    return APR_SUCCESS;
}
