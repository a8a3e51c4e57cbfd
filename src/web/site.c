/* From which site a request comes: see site.h.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/site.h"

#include <arpa/inet.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_vhost.h>
#include "web/reply.h"

/** An origin or a Host header in its parts. */
typedef struct docgen_authority {
    const char *host; /**< without brackets */
    int port;         /**< 0 = none is given, or the scheme's own */
} docgen_authority;

/* "host:port", "[::1]:port" and so on. @param standard the port that counts as none; 0 = both 80 and 443 */
static docgen_authority parse(apr_pool_t *pool, const char *text, int standard)
{
    docgen_authority made = {"", 0};
    const char *end = text + strcspn(text, "/");
    const char *host = text + (*text == '[');
    apr_size_t length = *text == '[' ? strcspn(host, "]") : strcspn(host, ":/");
    const char *colon = host + length + (*text == '[' && host[length] == ']');

    made.host = apr_pstrmemdup(pool, host, length);
    if (colon < end && *colon == ':')
        made.port = atoi(colon + 1);
    if (made.port == standard || (!standard && (made.port == 80 || made.port == 443)))
        made.port = 0;
    return made;
}

/* A name that this server has by itself or by its configuration. No port is needed: a proxy or container may change it,
 * and whoever rebinds a name chooses the name only. */
static int is_own_name(const request_rec *r, const char *host)
{
    return ap_matches_request_vhost((request_rec *)r, host, r->server->port);
}

static int is_same_origin(const docgen_context *context, const char *origin)
{
    const request_rec *r = context->r;
    const char *host = apr_table_get(r->headers_in, "Host");
    int https = !strncasecmp(origin, "https://", 8);
    docgen_authority theirs, ours;

    for (int i = 0; i < context->config->origins->nelts; i++)
        if (!strcasecmp(origin, APR_ARRAY_IDX(context->config->origins, i, const char *)))
            return 1;
    if (!https && strncasecmp(origin, "http://", 7))
        return 0;
    theirs = parse(r->pool, origin + (https ? 8 : 7), https ? 443 : 80);
    if (host) {
        ours = parse(r->pool, host, https ? 443 : 80);
        if (!strcasecmp(theirs.host, ours.host) && theirs.port == ours.port)
            return 1;
    }
    return (!theirs.port || theirs.port == r->server->port) && is_own_name(r, theirs.host);
}

/* Sec-Fetch-Site decides; without it Origin; without both it is no browser, and Apache's access rules decide alone. */
static int is_same_site(const docgen_context *context)
{
    const char *site = apr_table_get(context->r->headers_in, "Sec-Fetch-Site");
    const char *origin = apr_table_get(context->r->headers_in, "Origin");

    if (site)
        return !strcmp(site, "same-origin") || !strcmp(site, "none");
    return !origin || is_same_origin(context, origin);
}

static int is_address(const char *host)
{
    struct in6_addr address;

    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

/* May this be the name of a request to us? An address cannot be rebound, nor can localhost. */
static int is_known_host(const docgen_context *context, const char *host)
{
    if (is_address(host) || !strcasecmp(host, "localhost") || is_own_name(context->r, host))
        return 1;
    for (int i = 0; i < context->config->origins->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(context->config->origins, i, const char *);

        if (!strcasecmp(parse(context->r->pool, strstr(origin, "://") + 3, 0).host, host))
            return 1;
    }
    return 0;
}

/* A browser binds a login to the name that it was given for: a page that rebound another name has none.
 * @param host set to the name that the request came by, without port and brackets */
static int is_rebound(const docgen_context *context, const char **host)
{
    const request_rec *r = context->r;

    *host = r->hostname;
    if (!*host || r->user)
        return 0;
    if (**host == '[')
        *host = apr_pstrmemdup(r->pool, *host + 1, strcspn(*host + 1, "]"));
    return !is_known_host(context, *host);
}

int docgen_site_check(docgen_context *context, int changes, int *refused)
{
    const docgen_location *location =
        ap_get_module_config(context->r->per_dir_config, &docgen_module);
    const char *host;

    *refused = 1;
    if (changes && !is_same_site(context))
        return docgen_problem(context, DOCGEN_E_CROSS_SITE,
                              "The request comes from another site's page; send it from this "
                              "server's own pages, or name that site with DocGenOrigin.");
    if ((changes || location->check_host > 0) && is_rebound(context, &host)) {
        host = docgen_text_shorten(context->r->pool, host, 100);
        return docgen_problem(context, DOCGEN_E_UNKNOWN_HOST,
                              "%s is not a name of this server, so a page of another site may be "
                              "behind the request; use one of its names or addresses, or add the "
                              "line \"ServerAlias %s\" to its virtual host.",
                              host, host);
    }
    *refused = 0;
    return OK;
}
