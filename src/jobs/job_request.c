/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/job_request.h"

#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/json.h"

#define PROTOCOL 2

int docgen_job_request_allows(const docgen_database *database, const char *url)
{
    for (int i = 0; i < database->configs->nelts; i++) {
        if (docgen_config_allows(APR_ARRAY_IDX(database->configs, i, const docgen_config *), url)) {
            return 1;
        }
    }
    return 0;
}

static json_t *allowed_urls(const docgen_database *database)
{
    json_t *urls = json_array();

    for (int i = 0; i < database->configs->nelts; i++) {
        const docgen_config *config = APR_ARRAY_IDX(database->configs, i, const docgen_config *);

        for (int j = 0; config->allow_urls && j < config->allow_urls->nelts; j++) {
            json_array_append_new(urls,
                                  json_string(APR_ARRAY_IDX(config->allow_urls, j, const char *)));
        }
    }
    return urls;
}

static void set_text(json_t *object, const char *key, const char *value)
{
    if (value) {
        json_object_set_new(object, key, json_string(value));
    }
}

/* A key is many lines; a log may show any one of them. */
static void add_secret_lines(apr_pool_t *pool, apr_array_header_t *secrets, const char *text)
{
    char *rest = apr_pstrdup(pool, text);
    char *line;

    while ((line = apr_strtok(rest, "\r\n", &rest))) {
        if (strncmp(line, "-----", 5) != 0) {
            APR_ARRAY_PUSH(secrets, const char *) = line;
        }
    }
}

/* Does a configuration name this very URL? */
static int is_configured(const docgen_database *database, const docgen_taken *taken)
{
    for (int i = 0; i < database->configs->nelts; i++) {
        const docgen_repository *repository = docgen_config_repository(
            APR_ARRAY_IDX(database->configs, i, const docgen_config *), taken->repository_id);

        if (repository && !strcmp(repository->url, taken->url)) {
            return 1;
        }
    }
    return 0;
}

/* What was said of a URL's host and port; else what was said of its host alone, which means the scheme's own port, and
 * another one where the administrator wrote the URL as well: nobody who may only register one leads a token there. */
static void *of_host(apr_pool_t *pool, apr_hash_t *hosts, const docgen_database *database,
                     const docgen_taken *taken)
{
    const char *origin = docgen_url_origin(pool, taken->url);
    void *found;

    if (!origin || !hosts) {
        return NULL;
    }
    found = apr_hash_get(hosts, strstr(origin, "://") + 3, APR_HASH_KEY_STRING);
    if (!found && (docgen_url_has_own_port(pool, taken->url) || is_configured(database, taken))) {
        found = apr_hash_get(hosts, docgen_url_host(pool, taken->url), APR_HASH_KEY_STRING);
    }
    return found;
}

static void set_credentials(apr_pool_t *pool, json_t *job, const docgen_config *config,
                            const docgen_database *database, const docgen_taken *taken,
                            apr_array_header_t *secrets)
{
    const docgen_credentials *credentials = of_host(pool, config->credentials, database, taken);

    set_text(job, "githubApi", of_host(pool, config->github_apis, database, taken));
    if (!credentials) {
        return;
    }
    set_text(job, "token", credentials->token);
    set_text(job, "sshKeyData", credentials->ssh_key);
    set_text(job, "sshKnownHostsData", credentials->known_hosts);
    if (credentials->token) {
        APR_ARRAY_PUSH(secrets, const char *) = credentials->token;
    }
    if (credentials->ssh_key) {
        add_secret_lines(pool, secrets, credentials->ssh_key);
    }
}

const char *docgen_job_request_create(apr_pool_t *pool, const docgen_child *child,
                                      const docgen_database *database, const docgen_taken *taken,
                                      apr_interval_time_t remaining, apr_array_header_t **secrets)
{
    json_t *job = docgen_json_own(pool, json_pack("{s:i, s:s, s:s, s:s, s:i}", "protocol", PROTOCOL,
                                                  "repositoryId", taken->repository_id, "url",
                                                  taken->url, "workDir", child->config->work_dir,
                                                  "parentPid", (int)getpid()));

    *secrets = apr_array_make(pool, 4, sizeof(const char *));
    json_object_set_new(job, "branch", docgen_json_text(taken->branch));
    set_text(job, "title", taken->title);
    set_text(job, "previousCommit", taken->previous_commit);
    json_object_set_new(job, "acceptUnchanged", json_boolean(taken->previous_commit != NULL));
    json_object_set_new(job, "allowUrl", allowed_urls(database));
    json_object_set_new(job, "limits",
                        json_pack("{s:I}", "timeoutMs", (json_int_t)apr_time_as_msec(remaining)));
    set_credentials(pool, job, child->config, database, taken, *secrets);
    return apr_pstrcat(pool, docgen_json_dump(pool, job), "\n", NULL);
}
