/* Does the configuration work? What can fail at a start is looked at in configtest and in the first of httpd's two passes
 * of a start, where a mistake refuses the configuration and nothing is changed. In the second pass, and at a restart,
 * where an error would end a server that other sites need, the same look switches off what does not work.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <string.h>
#include <apr_strings.h>
#include <http_core.h>
#include <mpm_common.h>

#include "config/dbd.h"
#include "config/host.h"
#include "config/names.h"
#include "core/log.h"
#include "docgen_private.h"

static docgen_config *config_of(server_rec *server)
{
    return ap_get_module_config(server->module_config, &docgen_module);
}

static const char *span(apr_pool_t *pool, apr_interval_time_t time)
{
    if (time % APR_USEC_PER_SEC) {
        return apr_psprintf(pool, "%" APR_TIME_T_FMT " ms", apr_time_as_msec(time));
    }
    return apr_psprintf(pool, "%" APR_TIME_T_FMT " s", apr_time_sec(time));
}

static void check_times(docgen_check *check, docgen_config *config)
{
    docgen_mistake mistake = {.scope = DOCGEN_SCOPE_GENERATION, .config = config};
    apr_pool_t *pool = check->pool;

    if (config->job_timeout >= config->lock_timeout) {
        mistake.directive = "DocGenJobTimeout";
        mistake.at = config->job_timeout_at ? config->job_timeout_at : config->lock_timeout_at;
        docgen_check_report(check, &mistake,
                            "%s must be shorter than DocGenLockTimeout (%s), or a job could still "
                            "run when its lock has ended.",
                            span(pool, config->job_timeout), span(pool, config->lock_timeout));
    }
    mistake.directive = "DocGenLease";
    mistake.at = config->lease_at ? config->lease_at : config->tick_at;
    if (config->lease < 3 * config->tick) {
        docgen_check_report(check, &mistake,
                            "%s must be at least three times DocGenTick (%s), or one late tick "
                            "could end a healthy job.",
                            span(pool, config->lease), span(pool, config->tick));
    }
    if (config->lease > config->lock_timeout) {
        mistake.at = config->lease_at ? config->lease_at : config->lock_timeout_at;
        docgen_check_report(check, &mistake, "%s must not be longer than DocGenLockTimeout (%s).",
                            span(pool, config->lease), span(pool, config->lock_timeout));
    }
}

/* ---- the database ---- */

static void report_database(docgen_check *check, server_rec *server, docgen_scope scope,
                            const char *directive, const char *sentence)
{
    docgen_config *config = config_of(server);
    const char *at = docgen_tree_find(check->pool, server, directive);
    docgen_mistake mistake = {.scope = scope,
                              .config = config,
                              .directive = directive,
                              .at = at ? at : APR_ARRAY_IDX(config->mounts, 0, docgen_mount).at};

    docgen_check_report(check, &mistake, "%s", sentence);
}

static void check_database(docgen_check *check, server_rec *server)
{
    int most = docgen_dbd_max(server), wanted = config_of(server)->connections;
    const char *directive = "DBDriver", *sentence;

    if (!docgen_dbd_is_loaded()) {
        report_database(check, server, DOCGEN_SCOPE_MOUNT, directive,
                        "DocGen needs mod_dbd: load it (a2enmod dbd) and set DBDriver pgsql and "
                        "DBDParams.");
        return;
    }
    sentence = docgen_dbd_problem(server, &directive);
    if (sentence) {
        report_database(check, server, DOCGEN_SCOPE_MOUNT, directive, sentence);
    } else if (most < wanted) {
        report_database(check, server, DOCGEN_SCOPE_MOUNT, "DBDMax",
                        apr_psprintf(check->pool,
                                     "%d must be at least DocGenConnections (%d): mod_dbd lets a "
                                     "request wait without limit once its pool is used up.",
                                     most, wanted));
    } else if ((sentence = docgen_dbd_risk(server))) {
        report_database(check, server, DOCGEN_SCOPE_NOTHING, "DBDParams", sentence);
    }
}

/* What is wrong with a database is said once, not for each server that shares it. */
static void check_databases(docgen_check *check)
{
    for (server_rec *s = check->main; s; s = s->next) {
        server_rec *same = check->main;

        if (!docgen_config_is_enabled(docgen_config_get(s))) {
            continue;
        }
        while (same != s && !(docgen_config_is_enabled(docgen_config_get(same)) &&
                              docgen_dbd_is_same(same, s))) {
            same = same->next;
        }
        if (same == s) {
            check_database(check, s);
        } else {
            config_of(s)->disabled = config_of(same)->disabled;
            apr_array_cat(config_of(s)->problems, config_of(same)->problems);
        }
    }
}

static void check_urls(docgen_check *check, server_rec *server)
{
    docgen_config *config = config_of(server);

    for (int i = 0; i < config->repository_ids->nelts; i++) {
        const char *id = APR_ARRAY_IDX(config->repository_ids, i, const char *);
        const docgen_repository *repository = docgen_config_repository(config, id);
        const char *problem = NULL;
        docgen_mistake mistake = {.scope = DOCGEN_SCOPE_REPOSITORY,
                                  .config = config,
                                  .directive = "DocGenRepository",
                                  .at = repository->at,
                                  .repository = id,
                                  .problem = &problem};

        if (!docgen_config_allows(config, repository->url)) {
            docgen_check_report(check, &mistake,
                                "%s: no DocGenAllowURL begins its URL %s; add a prefix such as the "
                                "URL up to its host or directory.",
                                id, repository->url);
        }
    }
}

/* ---- files ---- */

static void check_generator(docgen_check *check, docgen_config *config)
{
    docgen_mistake mistake = {.scope = DOCGEN_SCOPE_GENERATION,
                              .config = config,
                              .directive = "DocGenGenerator",
                              .at = config->generator_at,
                              .concerns_files = 1};
    const char *path = NULL;
    const char *error = docgen_paths_generator(check->pool, config, &path);

    if (error) {
        docgen_check_report(check, &mistake, "%s", error);
    } else if (!check->refuses) {
        APR_ARRAY_IDX(config->generator, 0, const char *) = apr_pstrdup(check->pconf, path);
    }
}

static void check_work_dir(docgen_check *check, docgen_config *config)
{
    docgen_mistake mistake = {.scope = DOCGEN_SCOPE_GENERATION,
                              .config = config,
                              .directive = "DocGenWorkDir",
                              .at = config->work_dir_at,
                              .concerns_files = 1};
    const char *error = docgen_paths_work_dir(check->pool, config->work_dir);

    if (!error && !check->refuses) {
        error = docgen_paths_make_work_dir(check->pool, config->work_dir);
    }
    if (error) {
        docgen_check_report(check, &mistake, "%s", error);
    }
}

/* While it refuses nothing is kept: the secrets are wiped with the pool of the look. */
static void check_credentials(docgen_check *check, docgen_config *config)
{
    for (apr_hash_index_t *i = apr_hash_first(check->pool, config->credentials); i;
         i = apr_hash_next(i)) {
        docgen_credentials *credentials = apr_hash_this_val(i), copy = *credentials;
        docgen_mistake mistake = {.scope = DOCGEN_SCOPE_REPOSITORY,
                                  .config = config,
                                  .directive = "DocGenCredentials",
                                  .at = credentials->at,
                                  .concerns_files = 1,
                                  .host = credentials->host,
                                  .problem = &credentials->problem};
        const char *error = docgen_credentials_read(check->refuses ? check->pool : check->pconf,
                                                    check->refuses ? &copy : credentials);

        if (error) {
            docgen_check_report(check, &mistake, "%s: %s", credentials->host, error);
        }
    }
    if (apr_hash_count(config->credentials) && ap_coredumpdir_configured) {
        docgen_mistake mistake = {
            .scope = DOCGEN_SCOPE_NOTHING,
            .config = config,
            .directive = "CoreDumpDirectory",
            .at = docgen_tree_find(check->pool, check->main, "CoreDumpDirectory")};

        docgen_check_report(check, &mistake,
                            "a core file of httpd would hold the secrets of DocGenCredentials; "
                            "remove one of the two.");
    }
}

/* ---- the host ---- */

static void check_host(docgen_check *check, docgen_config *config)
{
    docgen_mistake mistake = {.scope = DOCGEN_SCOPE_GENERATION,
                              .config = config,
                              .directive = "DocGenRequireSandbox",
                              .at = config->require_sandbox_at,
                              .concerns_files = 1};

    if (check->refuses && !config->require_sandbox) {
        return;
    }
    docgen_host_look(check->pool, config);
    for (int i = 0; i < config->missing->nelts; i++) {
        const docgen_host_lack *lack = APR_ARRAY_IDX(config->missing, i, const docgen_host_lack *);

        if (config->require_sandbox && !strcmp(lack->name, "sandbox")) {
            docgen_check_report(check, &mistake,
                                "bubblewrap does not work for the user of httpd's children; "
                                "install the package bubblewrap and allow user namespaces, or set "
                                "DocGenRequireSandbox Off.");
        } else if (!check->refuses) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, check->main, "DG0030: %s", lack->sentence);
        }
    }
}

/* What only the children's user can tell; without that user nothing can be asked. */
static void check_as_child(docgen_check *check, docgen_config *config)
{
    docgen_mistake mistake = {.scope = DOCGEN_SCOPE_GENERATION,
                              .config = config,
                              .directive = "User",
                              .at = docgen_tree_find(check->pool, check->main, "User"),
                              .concerns_files = 1};
    const char *error = docgen_paths_user(check->pool);

    if (error) {
        docgen_check_report(check, &mistake, "%s", error);
        return;
    }
    check_generator(check, config);
    check_work_dir(check, config);
    check_host(check, config);
}

/* ---- the look ---- */

static int is_enabled_anywhere(server_rec *main)
{
    for (server_rec *s = main; s; s = s->next) {
        if (docgen_config_is_enabled(docgen_config_get(s))) {
            return 1;
        }
    }
    return 0;
}

/* httpd lets a virtual host without a directive of ours share the main server's settings; what breaks in one of them must
 * not break in the other. */
static void part_settings(const docgen_check *check)
{
    docgen_config *config = config_of(check->main);

    for (server_rec *s = check->main->next; s; s = s->next) {
        if (config_of(s) == config) {
            void *own = docgen_config_create_server(check->pconf, s);

            ap_set_module_config(s->module_config, &docgen_module,
                                 docgen_config_merge_server(check->pconf, config, own));
        }
    }
}

static void check_all(docgen_check *check)
{
    docgen_config *config = config_of(check->main);

    part_settings(check);
    for (server_rec *s = check->main; s; s = s->next) {
        check_urls(check, s);
    }
    if (!is_enabled_anywhere(check->main)) {
        return;
    }
    check_databases(check);
    check_times(check, config);
    check_as_child(check, config);
    check_credentials(check, config);
    docgen_check_hidden(check);
}

static int is_first_pass(void)
{
    return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG;
}

/* httpd asks at a restart too, and an error would end it. At a start it asks before it knows whether this process shall
 * only signal the running server, which must be possible whatever the configuration says: post_config refuses then. */
static int config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main)
{
    docgen_check check = {.pool = ptemp,
                          .pconf = pconf,
                          .main = main,
                          .refuses = 1,
                          .is_test = ap_state_query(AP_SQ_RUN_MODE) != AP_SQ_RM_NORMAL};

    (void)plog;
    if (!is_first_pass()) {
        return OK;
    }
    check_all(&check);
    config_of(main)->is_refused = check.mistakes > 0;
    return check.mistakes && check.is_test ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

/* core's log lines reach httpd's error log through the main server. */
static void log_to_server(void *baton, docgen_log_level level, apr_status_t rv, const char *line)
{
    static const int levels[] = {APLOG_ERR, APLOG_WARNING, APLOG_INFO, APLOG_DEBUG};

    ap_log_error(APLOG_MARK, levels[level], rv, (server_rec *)baton, "%s", line);
}

static int config_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                              server_rec *main)
{
    docgen_check check = {.pool = ptemp, .pconf = pconf, .main = main};

    (void)plog;
    docgen_log_set(log_to_server, main);
    if (is_first_pass()) {
        return config_of(main)->is_refused ? HTTP_INTERNAL_SERVER_ERROR : OK;
    }
    check_all(&check);
    return OK;
}

void docgen_config_register_hooks(apr_pool_t *pool)
{
    static const char *const after_dbd[] = {"mod_dbd.c", NULL};

    (void)pool;
    ap_hook_check_config(config_check, NULL, NULL, APR_HOOK_LAST);
    docgen_names_register_hooks();
    ap_hook_post_config(config_post_config, after_dbd, NULL, APR_HOOK_LAST);
}
