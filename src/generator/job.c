/* Reading an order strictly: what is wrong is said in one sentence, before anything is fetched.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/job.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/json.h"
#include "generator/output.h"

#define MIB ((apr_uint64_t)1024 * 1024)

docgen_job *docgen_job_create(apr_pool_t *pool)
{
    docgen_job *job = apr_pcalloc(pool, sizeof(*job));

    job->protocol = DOCGEN_PROTOCOL;
    job->limits.timeout = apr_time_from_sec(15 * 60);
    job->limits.max_file = MIB;
    job->limits.max_repository = 2048 * MIB;
    job->limits.max_memory = 2048 * MIB;
    job->limits.max_files = 200000;
    return job;
}

/** One text member: absent and null leave NULL, any other type is an error. */
static apr_status_t text_read(apr_pool_t *pool, const json_t *object, const char *key,
                              const char **value, const char **error)
{
    const json_t *member = json_object_get(object, key);

    if (!member || json_is_null(member)) {
        return APR_SUCCESS;
    }
    if (!json_is_string(member)) {
        *error = apr_psprintf(pool, "The job's member \"%s\" must be a string.", key);
        return APR_EINVAL;
    }
    *value = *json_string_value(member) ? apr_pstrdup(pool, json_string_value(member)) : NULL;
    return APR_SUCCESS;
}

static apr_status_t texts_read(apr_pool_t *pool, const json_t *object, docgen_job *job,
                               const char **error)
{
    const struct {
        const char *key;
        const char **value;
    } members[] = {{"repositoryId", &job->repository_id},
                   {"url", &job->url},
                   {"branch", &job->branch},
                   {"title", &job->title},
                   {"workDir", &job->work_dir},
                   {"token", &job->token},
                   {"sshKey", &job->ssh_key},
                   {"sshKnownHosts", &job->ssh_known_hosts},
                   {"sshKeyData", &job->ssh_key_data},
                   {"sshKnownHostsData", &job->ssh_known_hosts_data},
                   {"githubApi", &job->github_api},
                   {"previousCommit", &job->previous_commit}};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (text_read(pool, object, members[i].key, members[i].value, error) != APR_SUCCESS) {
            return APR_EINVAL;
        }
    }
    return APR_SUCCESS;
}

/** A limit: a positive whole number, or absent. */
static apr_status_t limit_read(apr_pool_t *pool, const json_t *limits, const char *key,
                               apr_uint64_t max, apr_uint64_t *value, const char **error)
{
    const json_t *member = json_object_get(limits, key);

    if (!member || json_is_null(member)) {
        return APR_SUCCESS;
    }
    if (!json_is_integer(member) || json_integer_value(member) <= 0 ||
        (apr_uint64_t)json_integer_value(member) > max) {
        *error = apr_psprintf(
            pool, "The job's limit \"%s\" must be a whole number from 1 to %" APR_UINT64_T_FMT ".",
            key, max);
        return APR_EINVAL;
    }
    *value = (apr_uint64_t)json_integer_value(member);
    return APR_SUCCESS;
}

static apr_status_t limits_read(apr_pool_t *pool, const json_t *object, docgen_limits *limits,
                                const char **error)
{
    const json_t *member = json_object_get(object, "limits");
    apr_uint64_t timeout = (apr_uint64_t)apr_time_as_msec(limits->timeout);
    apr_uint64_t files = (apr_uint64_t)limits->max_files;

    if (!member || json_is_null(member)) {
        return APR_SUCCESS;
    }
    if (!json_is_object(member)) {
        *error = "The job's member \"limits\" must be an object.";
        return APR_EINVAL;
    }
    if (limit_read(pool, member, "timeoutMs", (apr_uint64_t)7 * 86400 * 1000, &timeout, error) ||
        limit_read(pool, member, "maxFileBytes", 64 * MIB, &limits->max_file, error) ||
        limit_read(pool, member, "maxRepositoryBytes", MIB * MIB, &limits->max_repository, error) ||
        limit_read(pool, member, "maxMemoryBytes", MIB * MIB, &limits->max_memory, error) ||
        limit_read(pool, member, "maxFiles", 10000000, &files, error)) {
        return APR_EINVAL;
    }
    limits->timeout = apr_time_from_msec((apr_int64_t)timeout);
    limits->max_files = (int)files;
    return APR_SUCCESS;
}

static apr_status_t prefixes_read(apr_pool_t *pool, const json_t *object, docgen_job *job,
                                  const char **error)
{
    const json_t *member = json_object_get(object, "allowUrl");
    const json_t *item;
    size_t i;

    if (!member || json_is_null(member)) {
        return APR_SUCCESS;
    }
    job->allow_url = apr_array_make(pool, 4, sizeof(const char *));
    json_array_foreach(member, i, item)
    {
        if (json_is_string(item)) {
            APR_ARRAY_PUSH(job->allow_url, const char *) =
                apr_pstrdup(pool, json_string_value(item));
        }
    }
    if (!json_is_array(member) || (size_t)job->allow_url->nelts != json_array_size(member)) {
        *error = "The job's member \"allowUrl\" must be a list of strings.";
        return APR_EINVAL;
    }
    return APR_SUCCESS;
}

apr_status_t docgen_job_parse(apr_pool_t *pool, const char *data, apr_size_t length,
                              docgen_job **result, const char **error)
{
    docgen_job *job = docgen_job_create(pool);
    const char *why = NULL;
    json_t *object;

    if (docgen_json_parse(pool, data, length, &object, &why) != APR_SUCCESS ||
        !json_is_object(object)) {
        *error = apr_psprintf(pool, "The job on standard input is not a JSON object (%s).",
                              why ? why : "another value");
        return APR_EINVAL;
    }
    job->protocol = (int)docgen_json_integer(object, "protocol", 0);
    if (job->protocol < 1 || job->protocol > DOCGEN_PROTOCOL) {
        *error = "The job asks for a version of the protocol that is neither 1 nor 2: install "
                 "module and docgen-generate from the same release.";
        return APR_EINVAL;
    }
    if (texts_read(pool, object, job, error) || limits_read(pool, object, &job->limits, error) ||
        prefixes_read(pool, object, job, error)) {
        return APR_EINVAL;
    }
    job->accept_unchanged = json_is_true(json_object_get(object, "acceptUnchanged"));
    if (!docgen_id_is_valid(job->repository_id)) {
        *error = "The job's member \"repositoryId\" must be a repository id: letters, digits, "
                 "'.', '_' and '-', at most 100.";
        return APR_EINVAL;
    }
    if (!job->url || !job->work_dir) {
        *error =
            apr_psprintf(pool, "The job's member \"%s\" is missing.", job->url ? "workDir" : "url");
        return APR_EINVAL;
    }
    *result = job;
    return docgen_job_check(pool, job, error);
}

docgen_scheme docgen_scheme_of(const char *url)
{
    static const struct {
        const char *prefix;
        docgen_scheme scheme;
    } known[] = {{"https://", DOCGEN_SCHEME_HTTPS}, {"http://", DOCGEN_SCHEME_HTTP},
                 {"ssh://", DOCGEN_SCHEME_SSH},     {"git+ssh://", DOCGEN_SCHEME_SSH},
                 {"file://", DOCGEN_SCHEME_FILE},   {"/", DOCGEN_SCHEME_FILE}};
    const char *colon, *at;

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!strncasecmp(url, known[i].prefix, strlen(known[i].prefix))) {
            return known[i].scheme;
        }
    }
    colon = strchr(url, ':');
    at = colon ? memchr(url, '@', (size_t)(colon - url)) : NULL;
    if (at && at > url && *url != '-' && colon > at + 1 && at[1] != '-' && colon[1] &&
        colon[1] != ':' && !memchr(url, '/', (size_t)(colon - url))) {
        return DOCGEN_SCHEME_SSH; /* user@host:path */
    }
    return DOCGEN_SCHEME_NONE;
}

const char *docgen_url_public(apr_pool_t *pool, const char *url)
{
    const char *start = strstr(url, "://");
    const char *end, *at = NULL;

    if (!start) {
        return apr_pstrdup(pool, url);
    }
    start += 3;
    end = start + strcspn(start, "/?#");
    for (const char *p = start; p < end; p++) {
        at = *p == '@' ? p : at;
    }
    if (!at) {
        return apr_pstrdup(pool, url);
    }
    return apr_pstrcat(pool, apr_pstrmemdup(pool, url, (apr_size_t)(start - url)), at + 1, NULL);
}

static int is_plain_text(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text <= 0x20 || *text == 0x7f) {
            return 0;
        }
    }
    return 1;
}

/** Would git take this branch name? The rules that matter before it stands in a refspec. */
static int branch_is_valid(const char *name)
{
    apr_size_t length = strlen(name);

    return length <= 255 && *name != '-' && *name != '/' && *name != '.' && is_plain_text(name) &&
           !strpbrk(name, "~^:?*[\\") && !strstr(name, "..") && !strstr(name, "@{") &&
           !strstr(name, "//") && name[length - 1] != '/' && name[length - 1] != '.';
}

static int commit_is_valid(const char *commit)
{
    apr_size_t length = strspn(commit, "0123456789abcdef");

    return !commit[length] && (length == 40 || length == 64);
}

/** This machine by its own name or number; a name that only begins like one is anybody's. */
static int is_loopback(const char *host)
{
    return host && (!strcmp(host, "localhost") || !strcmp(host, "[::1]") ||
                    (!strncmp(host, "127.", 4) && strspn(host, "0123456789.") == strlen(host)));
}

static int is_allowed(const docgen_job *job)
{
    if (!job->allow_url) {
        return 1;
    }
    for (int i = 0; i < job->allow_url->nelts; i++) {
        if (docgen_url_has_prefix(job->url, APR_ARRAY_IDX(job->allow_url, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

/** A path below a folder that exists, or the whole of one, made absolute; other URLs stay. */
static void path_settle(apr_pool_t *pool, docgen_job *job)
{
    char absolute[PATH_MAX];

    if (docgen_scheme_of(job->url) == DOCGEN_SCHEME_NONE && !strstr(job->url, "::") &&
        *job->url != '-' && realpath(job->url, absolute)) {
        job->url = apr_pstrdup(pool, absolute);
    }
}

static const char *credentials_wrong(apr_pool_t *pool, const docgen_job *job)
{
    docgen_scheme scheme = docgen_scheme_of(job->url);

    if (docgen_url_has_secret(job->url)) {
        return "The repository URL carries a password or token: remove it and name the secret with "
               "DocGenCredentials.";
    }
    if (job->token && scheme == DOCGEN_SCHEME_HTTP &&
        !is_loopback(docgen_url_host(pool, job->url))) {
        return "A token is never sent over plain http: use the https URL of the repository.";
    }
    if (job->token && (!is_plain_text(job->token) || strlen(job->token) > 2000)) {
        return "The token holds blanks or is longer than 2000 bytes: check the token file.";
    }
    return NULL;
}

apr_status_t docgen_job_check(apr_pool_t *pool, docgen_job *job, const char **error)
{
    const char *why = NULL;

    path_settle(pool, job);
    if (docgen_scheme_of(job->url) == DOCGEN_SCHEME_NONE) {
        why = apr_psprintf(pool,
                           "%s is not a repository that can be fetched: use an https:// or ssh:// "
                           "URL, user@host:path, or the path of a local repository.",
                           docgen_url_public(pool, job->url));
    } else if (!is_plain_text(job->url) && docgen_scheme_of(job->url) != DOCGEN_SCHEME_FILE) {
        why = "The repository URL holds blanks or control characters.";
    } else if (!is_allowed(job)) {
        why =
            apr_psprintf(pool, "The URL %s is not allowed here: add its prefix to DocGenAllowURL.",
                         docgen_url_public(pool, job->url));
    } else if (job->branch && !branch_is_valid(job->branch)) {
        why = apr_psprintf(pool, "\"%s\" is not a branch name.", job->branch);
    } else if (*job->work_dir != '/') {
        why = "The work directory must be an absolute path.";
    } else {
        why = credentials_wrong(pool, job);
    }
    if (job->previous_commit && !commit_is_valid(job->previous_commit)) {
        job->previous_commit = NULL; /* only a hint: a bad one costs the short cut, not the run */
    }
    if (why) {
        *error = why;
        return APR_EINVAL;
    }
    return APR_SUCCESS;
}

apr_array_header_t *docgen_job_secrets(apr_pool_t *pool, const docgen_job *job)
{
    apr_array_header_t *secrets = apr_array_make(pool, 4, sizeof(const char *));

    if (job->token) {
        const char *colon = strchr(job->token, ':');

        APR_ARRAY_PUSH(secrets, const char *) = job->token;
        if (colon) {
            APR_ARRAY_PUSH(secrets, const char *) = colon + 1;
        }
    }
    if (job->ssh_key_data) {
        APR_ARRAY_PUSH(secrets, const char *) = job->ssh_key_data;
    }
    return secrets;
}
