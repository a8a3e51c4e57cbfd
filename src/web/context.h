/* A request context: one request below a mount, as every route sees it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_CONTEXT_H
#define DOCGEN_WEB_CONTEXT_H

#include <apr_hash.h>
#include "config/config.h"
#include "docgen_private.h"
#include "store/store.h"

/** What a request carries from translate_name to its handler. Lives in the request's pool; one thread. */
typedef struct docgen_context {
    request_rec *r;
    const docgen_config *config;
    docgen_store *store; /**< NULL = none is configured */
    const char *mount;   /**< "" or "/docgen" */
    const char *rest;    /**< what follows the mount and its slash; NULL = the slash is missing */
    const char *root;    /**< relative URL from this page to the mount: "./", "../", "../../" … */
    const char *id;      /**< the repository that the route names, or NULL */
    const char *tail;    /**< what follows the repository in the route, or NULL */
    int page;            /**< a page for people: errors are HTML when the caller asks for it */
    int probing;  /**< an access check for another URI runs now: keep it out of the error log */
    int may_post; /**< what Apache answered: 1 = yes, -1 = no, 0 = not asked yet */
    apr_hash_t *access; /**< repository id → "1" or "0": what Apache answered during this request */
} docgen_context;

/** The request context of a request, or NULL when the request is not below a mount. */
docgen_context *docgen_context_get(const request_rec *r);

/** Finds the route of the context and runs it. @return what a handler returns. */
int docgen_route_run(docgen_context *context);

/* The routes' handlers. Each answers completely and returns OK, or a status that httpd itself shall answer. */
int docgen_api_generate(docgen_context *context);
int docgen_api_status(docgen_context *context);
int docgen_api_repositories(docgen_context *context);
int docgen_api_runs(docgen_context *context);
int docgen_api_search(docgen_context *context);
int docgen_api_health(docgen_context *context);
int docgen_page_home(docgen_context *context);
int docgen_page_project(docgen_context *context);
int docgen_page_search(docgen_context *context);
int docgen_docs_root(docgen_context *context);
int docgen_docs_artifact(docgen_context *context);
int docgen_docs_symbol(docgen_context *context);
int docgen_ui_asset_send(docgen_context *context);

#endif
