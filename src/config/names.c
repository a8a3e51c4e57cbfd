/* The names of the servers that DocGen is enabled in: who changes state without a login must use one of them, so what is
 * missing or too wide is told when httpd starts.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/names.h"

#include <string.h>
#include <apr_strings.h>
#include <http_core.h>

#include "config/config.h"
#include "docgen_private.h"

/* httpd makes a name up where none is given; only the directives tell. */
static int names_itself(const ap_directive_t *directive)
{
    for (; directive; directive = directive->next) {
        if (!ap_cstr_casecmp(directive->directive, "ServerName")) {
            return 1;
        }
    }
    return 0;
}

/* The directives of a server: of the <VirtualHost> that it was made from, or of the whole configuration. */
static const ap_directive_t *directives_of(const server_rec *server)
{
    const ap_directive_t *directive = ap_conftree;

    if (!server->is_virtual) {
        return directive;
    }
    while (directive &&
           (!server->defn_name || directive->line_num != (int)server->defn_line_number ||
            strcmp(directive->filename, server->defn_name))) {
        directive = directive->next;
    }
    return directive ? directive->first_child : NULL;
}

static const char *place_of(apr_pool_t *pool, const server_rec *server)
{
    return server->is_virtual ? apr_psprintf(pool, "the virtual host at %s:%u", server->defn_name,
                                             server->defn_line_number)
                              : "the main server";
}

/* An alias of wildcards only, such as "*" or "*.*". */
static int is_any(const char *alias)
{
    return strchr(alias, '*') && alias[strspn(alias, "*?.")] == '\0';
}

static int has_any_alias(const server_rec *server)
{
    const apr_array_header_t *wild = server->wild_names;

    for (int i = 0; wild && i < wild->nelts; i++) {
        if (is_any(APR_ARRAY_IDX(wild, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

static int warn_of_names(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    const char *nameless = NULL;

    (void)pconf;
    (void)plog;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK;
    }
    for (server_rec *s = main; s; s = s->next) {
        if (!docgen_config_is_enabled(docgen_config_get(s))) {
            continue;
        }
        if (has_any_alias(s)) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "DG0051: \"ServerAlias *\" in %s makes every name one of this server's, "
                         "so a page of another site may start generations (DNS rebinding); write "
                         "the names.",
                         place_of(ptemp, s));
        } else if (!names_itself(directives_of(s))) {
            nameless = nameless ? apr_pstrcat(ptemp, nameless, ", ", place_of(ptemp, s), NULL)
                                : place_of(ptemp, s);
        }
    }
    if (nameless) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main,
                     "DG0051: no ServerName in %s: callers without a login can start generations "
                     "by an address or localhost only; add ServerName.",
                     nameless);
    }
    return OK;
}

void docgen_names_register_hooks(void)
{
    ap_hook_post_config(warn_of_names, NULL, NULL, APR_HOOK_LAST);
}
