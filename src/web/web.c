/* Where httpd meets the routes: claiming a mount's URIs, keeping the file system out, handing over.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <apr_optional.h>
#include <apr_optional_hooks.h>
#include <apr_strings.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_status.h>
#include "jobs/jobs.h"
#include "web/body.h"
#include "web/shared_status.h"
#include "web/context.h"

#define DOCGEN_HANDLER "docgen"

/* Blocks everything that a page does not need; img-src data: is for inline pictures of the style sheet. */
#define DOCGEN_CSP                                                                                 \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "                   \
    "frame-ancestors 'none'"

docgen_context *docgen_context_get(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &docgen_module);
}

/* err_headers_out, so that errors which httpd itself answers carry them too. */
static void set_security_headers(request_rec *r)
{
    apr_table_setn(r->err_headers_out, "Content-Security-Policy", DOCGEN_CSP);
    apr_table_setn(r->err_headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->err_headers_out, "Referrer-Policy", "same-origin");
    apr_table_setn(r->err_headers_out, "Cross-Origin-Opener-Policy", "same-origin");
    apr_table_setn(r->err_headers_out, "Cross-Origin-Resource-Policy", "same-origin");
}

static void secure_answer(request_rec *r)
{
    const char *rest;
    const docgen_config *config = docgen_config_get(r->server);

    if (docgen_config_is_enabled(config) && r->uri && docgen_config_mount(config, r->uri, &rest))
        set_security_headers(r);
}

/* Before httpd looks at the path: an encoded slash or a bad escape is refused before translate_name. Answers that httpd
 * makes still earlier, or in a filter, are secured by secure_answer when they begin. */
static int secure_early(request_rec *r)
{
    secure_answer(r);
    return DECLINED;
}

/* "../" for each slash in the rest of the path, so that pages work behind any proxy prefix. */
static const char *relative_root(apr_pool_t *pool, const char *rest)
{
    int depth = 0;
    char *root;

    for (const char *c = rest; c && *c; c++)
        depth += *c == '/';
    if (!depth)
        return "./";
    root = apr_palloc(pool, (apr_size_t)depth * 3 + 1);
    for (int i = 0; i < depth; i++)
        memcpy(root + (apr_size_t)i * 3, "../", 3);
    root[depth * 3] = '\0';
    return root;
}

static int claim(request_rec *r)
{
    const docgen_config *config = docgen_config_get(r->server);
    const char *rest = NULL, *mount;
    docgen_context *context;

    if (!docgen_config_is_enabled(config) || !(mount = docgen_config_mount(config, r->uri, &rest)))
        return DECLINED;
    context = apr_pcalloc(r->pool, sizeof(*context));
    context->r = r;
    context->config = config;
    context->mount = mount;
    context->rest = rest;
    ap_set_module_config(r->request_config, &docgen_module, context);
    set_security_headers(r);
    r->filename = apr_pstrcat(r->pool, "docgen:", r->uri, NULL);
    return OK;
}

/* Nothing below a mount is a file: no directory is walked, no .htaccess read, no type guessed. */
static int keep_from_files(request_rec *r)
{
    return docgen_context_get(r) ? OK : DECLINED;
}

static int choose_handler(request_rec *r)
{
    if (!docgen_context_get(r))
        return DECLINED;
    ap_set_content_type(r, "text/html; charset=utf-8");
    r->handler = DOCGEN_HANDLER;
    return OK;
}

/* A list asks Apache about each repository; a refusal there is an answer, not an event for the error log. */
static int hush_probe(request_rec *r)
{
    static const struct ap_logconf quiet = {NULL, APLOG_EMERG};
    docgen_context *context = r->main ? docgen_context_get(r->main) : NULL;

    if (context && context->probing)
        r->log = &quiet;
    return DECLINED;
}

static int handle(request_rec *r)
{
    docgen_context *context;

    if (!r->handler || strcmp(r->handler, DOCGEN_HANDLER) || !(context = docgen_context_get(r)))
        return DECLINED;
    context->store = docgen_store_get(r->server);
    context->root = relative_root(r->pool, context->rest);
    return docgen_route_run(context);
}

static void start_child(apr_pool_t *child, server_rec *main)
{
    (void)main;
    docgen_shared_status_init(child);
}

static int show_status(request_rec *r, int flags)
{
    docgen_jobs_figures figures;

    docgen_jobs_figures_get(&figures);
    if (flags & AP_STATUS_SHORT) {
        ap_rprintf(r, "DocGenJobs: %d\nDocGenThreads: %d\nDocGenDraining: %d\nDocGenSweeping: %d\n",
                   figures.busy, figures.threads, figures.draining, figures.leading);
        return OK;
    }
    ap_rprintf(r,
               "<hr />\n<h2>mod_docgen</h2>\n<p>The child that answers runs %d of at most %d "
               "generations%s%s.</p>\n",
               figures.busy, figures.threads, figures.draining ? ", takes no more" : "",
               figures.leading ? ", is this host's sweeper" : "");
    return OK;
}

void docgen_web_register_hooks(apr_pool_t *pool)
{
    static const char *const after[] = {"mod_rewrite.c", "mod_alias.c", "mod_proxy.c", NULL};

    (void)pool;
    docgen_body_register_filter();
    ap_hook_child_init(start_child, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_read_request(secure_early, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_error_filter(secure_answer, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_translate_name(claim, after, NULL, APR_HOOK_MIDDLE);
    ap_hook_map_to_storage(keep_from_files, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_type_checker(choose_handler, NULL, NULL, APR_HOOK_FIRST);
    /* "per conf": httpd may go on skipping checks of sub-requests whose configuration is the same. */
    ap_hook_check_access(hush_probe, NULL, NULL, APR_HOOK_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ap, status_hook, show_status, NULL, NULL, APR_HOOK_MIDDLE);
}
