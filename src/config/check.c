/* Do the settings fit together? check_config looks at what `configtest` can see; post_config at the files that only
 * root reads, in the pass that really starts the server.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <string.h>
#include <apr_strings.h>
#include <http_core.h>
#include <mpm_common.h>

#include "config/dbd.h"
#include "config/names.h"
#include "config/host.h"
#include "core/log.h"
#include "docgen_private.h"

static const char *span(apr_pool_t *pool, apr_interval_time_t time)
{
    if (time % APR_USEC_PER_SEC) {
        return apr_psprintf(pool, "%" APR_TIME_T_FMT " ms", apr_time_as_msec(time));
    }
    return apr_psprintf(pool, "%" APR_TIME_T_FMT " s", apr_time_sec(time));
}

static int check_times(apr_pool_t *pool, const docgen_config *config)
{
    int bad = 0;

    if (config->job_timeout >= config->lock_timeout) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                     "DocGenJobTimeout (%s) must be shorter than DocGenLockTimeout (%s), or a job "
                     "could still run when its lock has ended.",
                     span(pool, config->job_timeout), span(pool, config->lock_timeout));
        bad = 1;
    }
    if (config->lease < 3 * config->tick) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                     "DocGenLease (%s) must be at least three times DocGenTick (%s), or one late "
                     "tick could end a healthy job.",
                     span(pool, config->lease), span(pool, config->tick));
        bad = 1;
    }
    if (config->lease > config->lock_timeout) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                     "DocGenLease (%s) must not be longer than DocGenLockTimeout (%s).",
                     span(pool, config->lease), span(pool, config->lock_timeout));
        bad = 1;
    }
    return bad;
}

static int check_database(const docgen_config *config)
{
    const char *problem = NULL;
    int most;

    if (!docgen_dbd_is_loaded()) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                     "DocGen needs mod_dbd: load it (a2enmod dbd) and set DBDDriver pgsql and "
                     "DBDParams.");
        return 1;
    }
    problem = docgen_dbd_problem(config->server);
    if (problem) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server, "DocGen cannot use mod_dbd: %s",
                     problem);
        return 1;
    }
    most = docgen_dbd_max(config->server);
    if (most < config->connections) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                     "DBDMax (%d) must be at least DocGenConnections (%d): mod_dbd lets a request "
                     "wait without limit once its pool is used up.",
                     most, config->connections);
        return 1;
    }
    return 0;
}

static int check_urls(const docgen_config *config)
{
    int bad = 0;

    for (int i = 0; i < config->repository_ids->nelts; i++) {
        const char *id = APR_ARRAY_IDX(config->repository_ids, i, const char *);
        const docgen_repository *repository = docgen_config_repository(config, id);

        if (!docgen_config_allows(config, repository->url)) {
            ap_log_error(APLOG_MARK, APLOG_ERR, 0, config->server,
                         "DocGenRepository %s: no DocGenAllowURL begins its URL %s; add a prefix "
                         "such as the URL up to its host or directory.",
                         id, repository->url);
            bad = 1;
        }
    }
    return bad;
}

int docgen_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    int bad = 0, enabled = 0;

    (void)pconf;
    (void)plog;
    for (server_rec *s = main; s; s = s->next) {
        const docgen_config *config = docgen_config_get(s);

        bad |= check_urls(config);
        if (docgen_config_is_enabled(config)) {
            /* What is wrong with the main server's database is said once, not for each host that shares it. */
            bad |= !(enabled && s != main && docgen_dbd_is_same(s, main)) && check_database(config);
            enabled = 1;
        }
    }
    if (enabled) {
        bad |= check_times(ptemp, docgen_config_get(main));
    }
    return bad ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

/* core's log lines reach httpd's error log through the main server. */
static void log_to_server(void *baton, docgen_log_level level, apr_status_t rv, const char *line)
{
    static const int levels[] = {APLOG_ERR, APLOG_WARNING, APLOG_INFO, APLOG_DEBUG};

    ap_log_error(APLOG_MARK, levels[level], rv, (server_rec *)baton, "%s", line);
}

static const char *read_credentials(apr_pool_t *pconf, const docgen_config *config)
{
    const char *error = NULL;

    for (apr_hash_index_t *i = apr_hash_first(pconf, config->credentials); i && !error;
         i = apr_hash_next(i)) {
        error = docgen_credentials_read(pconf, apr_hash_this_val(i));
    }
    if (!error && apr_hash_count(config->credentials) && ap_coredumpdir_configured) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, config->server,
                     "CoreDumpDirectory is set: a core file of httpd would hold the secrets of "
                     "DocGenCredentials. Remove one of the two.");
    }
    return error;
}

static int is_enabled_anywhere(server_rec *main)
{
    for (server_rec *s = main; s; s = s->next) {
        if (docgen_config_is_enabled(docgen_config_get(s))) {
            return 1;
        }
    }
    return 0;
}

static void warn_of_risks(server_rec *main)
{
    for (server_rec *s = main; s; s = s->next) {
        const char *risk = docgen_dbd_risk(s);

        if (risk && docgen_config_is_enabled(docgen_config_get(s)) &&
            (s == main || !docgen_dbd_is_same(s, main))) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "DG0016: %s", risk);
        }
    }
}

static void warn_of_missing(apr_pool_t *pool, server_rec *main, docgen_config *config)
{
    docgen_host_look(pool, config);
    for (int i = 0; i < config->missing->nelts; i++) {
        const docgen_host_lack *lack = APR_ARRAY_IDX(config->missing, i, const docgen_host_lack *);

        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main, "DG0030: %s", lack->sentence);
    }
}

static int config_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                              server_rec *main)
{
    docgen_config *config = ap_get_module_config(main->module_config, &docgen_module);
    const char *error;

    (void)plog;
    docgen_log_set(log_to_server, main);
    /* httpd reads its configuration twice at start; files are looked at once. */
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG ||
        !is_enabled_anywhere(main)) {
        return OK;
    }
    error = read_credentials(pconf, config);
    error = error ? error : docgen_files_generator(pconf, config);
    error = error ? error : docgen_files_work_dir(pconf, config);
    if (error) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, main, "%s", error);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    warn_of_risks(main);
    warn_of_missing(ptemp, main, config);
    return OK;
}

void docgen_config_register_hooks(apr_pool_t *pool)
{
    static const char *const after_dbd[] = {"mod_dbd.c", NULL};

    (void)pool;
    ap_hook_check_config(docgen_config_check, NULL, NULL, APR_HOOK_LAST);
    docgen_names_register_hooks();
    ap_hook_post_config(config_post_config, after_dbd, NULL, APR_HOOK_LAST);
}
