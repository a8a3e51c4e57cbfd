/* The route table: which handler answers which path and method.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <http_protocol.h>
#include "core/id.h"
#include "web/inbound.h"
#include "web/reply.h"
#include "web/site.h"
#include "web/context.h"

#define GET  1u /* and HEAD, which httpd answers from it */
#define POST 2u

/** Patterns: literal segments; "*" is a repository id; a closing "**" is the rest of the path. */
typedef struct web_route {
    unsigned methods;
    const char *pattern;
    int page; /**< for people: errors in HTML when the caller prefers that */
    int (*handle)(docgen_context *context);
    const char *
        parameters; /**< names in the query string that the handler reads, with blanks between; NULL = none */
} web_route;

/* In order; the first pattern that fits wins. */
static const web_route routes[] = {
    {GET, "api/status/*", 0, docgen_api_status, NULL},
    {POST, "api/generate-docs", 1, docgen_api_generate, NULL},
    {GET, "", 1, docgen_page_home, "filter state"},
    {GET, "projects/*", 1, docgen_page_project, "refresh"},
    {GET, "search", 1, docgen_page_search, "q repositoryId limit offset"},
    {GET, "docs/*", 1, docgen_docs_root, NULL},
    {GET, "docs/*/symbol/**", 1, docgen_docs_symbol, NULL},
    {GET, "docs/*/**", 1, docgen_docs_artifact, NULL},
    {GET, "assets/**", 0, docgen_ui_asset_send, NULL},
    {GET, "api/repositories", 0, docgen_api_repositories, NULL},
    {GET, "api/runs/*", 0, docgen_api_runs, NULL},
    {GET, "api/search", 0, docgen_api_search, "q repositoryId limit offset"},
    {GET, "api/health", 0, docgen_api_health, NULL},
};

/* Fits `path` to `pattern`; sets what the stars stand for. */
static int fits(docgen_context *context, const char *pattern, const char *path)
{
    const char *id = NULL;

    while (*pattern) {
        if (!strcmp(pattern, "**")) {
            context->id = id;
            context->tail = path;
            return 1;
        }
        if (*pattern == '*') {
            apr_size_t length = strcspn(path, "/");
            if (!length)
                return 0;
            id = apr_pstrmemdup(context->r->pool, path, length);
            path += length;
            pattern++;
            continue;
        }
        if (*pattern++ != *path++)
            return 0;
    }
    if (*path)
        return 0;
    context->id = id;
    context->tail = NULL;
    return 1;
}

static const web_route *find(docgen_context *context)
{
    for (apr_size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (fits(context, routes[i].pattern, context->rest))
            return &routes[i];
    return NULL;
}

/* The address without a closing slash, when GET has a route there: people and tools add one. */
static const char *without_slash(docgen_context *context)
{
    apr_size_t length = strlen(context->rest);
    const web_route *route;
    const char *rest = context->rest;

    if (!length || rest[length - 1] != '/' || context->r->method_number != M_GET)
        return NULL;
    context->rest = apr_pstrmemdup(context->r->pool, rest, length - 1);
    route = *context->rest ? find(context) : NULL;
    if (route && (!(route->methods & GET) || (context->id && !docgen_id_is_valid(context->id))))
        route = NULL;
    if (!route)
        context->rest = rest;
    return route ? context->rest : NULL;
}

/* The beginnings of addresses, where nothing is: people and tools shorten an address to look around. Not for ever, since
 * something may be put there.
 * @return what is useful instead, or NULL */
static const char *instead_of(docgen_context *context)
{
    static const char *const doors[][2] = {
        {"projects", ""},
        {"docs", ""},
        {"api", "api/repositories"},
        {"api/status", "api/repositories"},
        {"api/runs", "api/repositories"},
    };

    for (apr_size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
        apr_size_t length = strlen(doors[i][0]);
        const char *rest = context->rest;

        if (!strncmp(rest, doors[i][0], length) && (!rest[length] || !strcmp(rest + length, "/")))
            return context->r->method_number == M_GET ? doors[i][1] : NULL;
    }
    return NULL;
}

static int answer_unrouted(docgen_context *context)
{
    const char *rest = instead_of(context);

    if (rest)
        return docgen_redirect(context, HTTP_MOVED_TEMPORARILY,
                               apr_pstrcat(context->r->pool, context->mount, "/", rest, NULL), 0);
    rest = without_slash(context);

    if (rest)
        return docgen_redirect(context, HTTP_MOVED_PERMANENTLY,
                               apr_pstrcat(context->r->pool, context->mount, "/", rest, NULL), 1);
    context->page = 1;
    return docgen_problem(context, DOCGEN_E_NOT_FOUND,
                          "There is nothing at this address. Start at %s/ and follow its links.",
                          context->mount);
}

/* A parameter that cannot be read must not pass for one that is absent: "repositoryId=%ff" would search everywhere.
 * @return its name, or NULL when all can be read */
static const char *unreadable_parameter(docgen_context *context, const web_route *route)
{
    char *state = NULL, *names;

    if (!route->parameters)
        return NULL;
    names = apr_pstrdup(context->r->pool, route->parameters);
    for (char *name = apr_strtok(names, " ", &state); name; name = apr_strtok(NULL, " ", &state))
        if (!docgen_inbound_query_is_readable(context, name))
            return name;
    return NULL;
}

static int run(docgen_context *context, const web_route *route)
{
    const char *name = unreadable_parameter(context, route);
    int refused, answer = docgen_site_check(context, context->r->method_number != M_GET, &refused);

    if (refused)
        return answer;
    if (name)
        return docgen_problem(context, DOCGEN_E_BAD_QUERY,
                              "The parameter %s is not percent-encoded UTF-8; encode it.", name);
    return route->handle(context);
}

static int refuse_method(docgen_context *context, const web_route *route, const char *allow)
{
    if (context->r->method_number == M_INVALID)
        return docgen_problem(context, DOCGEN_E_UNKNOWN_METHOD,
                              "This server does not know the method %s; use one of %s here.",
                              docgen_text_shorten(context->r->pool, context->r->method, 40), allow);
    return docgen_problem(context, DOCGEN_E_METHOD_NOT_ALLOWED,
                          route->methods & POST
                              ? "State is changed by POST only; send a POST request here."
                              : "This address is for reading; use one of %s.",
                          allow);
}

int docgen_route_run(docgen_context *context)
{
    request_rec *r = context->r;
    const web_route *route;
    const char *allow;

    if (context->config->disabled && (!context->rest || strncmp(context->rest, "assets/", 7))) {
        context->page = 1;
        apr_table_setn(r->headers_out, "Retry-After", "60");
        return docgen_problem(context, DOCGEN_E_DISABLED, "%s", context->config->disabled);
    }
    if (!context->rest)
        return docgen_redirect(context, HTTP_MOVED_PERMANENTLY,
                               apr_pstrcat(r->pool, context->mount, "/", NULL), 1);
    /* Before any statement: PostgreSQL would refuse such text, and its refusal is an error in two logs. */
    if (!docgen_utf8_is_valid(context->rest, strlen(context->rest))) {
        context->page = 1;
        return docgen_problem(context, DOCGEN_E_NOT_FOUND,
                              "This address is not UTF-8, so nothing can be here; write its "
                              "letters as percent-encoded UTF-8.");
    }
    route = find(context);
    if (!route)
        return answer_unrouted(context);
    context->page = route->page;
    allow = route->methods & POST ? "OPTIONS, POST" : "GET, HEAD, OPTIONS";
    if (r->method_number == M_OPTIONS) {
        apr_table_setn(r->headers_out, "Allow", allow);
        return docgen_empty(context, HTTP_NO_CONTENT);
    }
    if (context->id && !docgen_id_is_valid(context->id))
        return docgen_problem_unknown(context);
    if ((r->method_number == M_GET && route->methods & GET) ||
        (r->method_number == M_POST && route->methods & POST))
        return run(context, route);
    apr_table_setn(r->headers_out, "Allow", allow);
    return refuse_method(context, route, allow);
}
