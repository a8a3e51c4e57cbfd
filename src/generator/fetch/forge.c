/* What GitHub's API says: whether the token holds, and the repository's own description.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/id.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/fetch/web.h"

#define TEXT_MAX   1000
#define TOPICS_MAX 30

/** The API's base URL for the job's host; NULL when the host is no GitHub. Another port of it is another server. */
static const char *api_base(apr_pool_t *pool, const docgen_job *job)
{
    const char *host = docgen_url_host(pool, job->url);

    if (job->github_api) {
        apr_size_t length = strlen(job->github_api);

        while (length && job->github_api[length - 1] == '/') {
            length--;
        }
        return apr_pstrmemdup(pool, job->github_api, length);
    }
    return host && !strcmp(host, "github.com") && docgen_url_has_own_port(pool, job->url)
               ? "https://api.github.com"
               : NULL;
}

/** "OWNER/NAME" of the repository, each part as one URL segment; NULL when the URL has another
 * shape. */
static const char *repository_name(apr_pool_t *pool, const char *url)
{
    const char *start = strstr(url, "://");
    const char *path = start ? strchr(start + 3, '/') : strchr(url, ':');
    const char *slash, *end;

    if (!path) {
        return NULL;
    }
    path++;
    slash = strchr(path, '/');
    if (!slash || slash == path) {
        return NULL;
    }
    end = slash + 1 + strcspn(slash + 1, "/?#");
    if (end - slash > 5 && !memcmp(end - 4, ".git", 4)) {
        end -= 4;
    }
    if (end == slash + 1 || *end == '/') {
        return NULL;
    }
    return apr_pstrcat(
        pool, docgen_url_escape(pool, apr_pstrmemdup(pool, path, (apr_size_t)(slash - path))), "/",
        docgen_url_escape(pool, apr_pstrmemdup(pool, slash + 1, (apr_size_t)(end - slash - 1))),
        NULL);
}

static const char *text_of(apr_pool_t *pool, const json_t *object, const char *key)
{
    const char *text = docgen_json_string(object, key);

    return text && *text
               ? docgen_text_shorten(pool, docgen_utf8_repair(pool, text, strlen(text)), TEXT_MAX)
               : NULL;
}

static void description_read(docgen_fetch *fetch, const docgen_web_answer *answer)
{
    docgen_facts *facts = fetch->facts;
    const char *licence;
    const json_t *item;
    json_t *object;
    size_t i;

    if (docgen_json_parse(fetch->pool, answer->body, answer->length, &object, NULL) !=
        APR_SUCCESS) {
        return;
    }
    facts->description = text_of(fetch->pool, object, "description");
    facts->homepage = text_of(fetch->pool, object, "homepage");
    licence = text_of(fetch->pool, json_object_get(object, "license"), "spdx_id");
    facts->licence = licence && strcmp(licence, "NOASSERTION") != 0 ? licence : NULL;
    facts->topics = apr_array_make(fetch->pool, 8, sizeof(const char *));
    json_array_foreach(json_object_get(object, "topics"), i, item)
    {
        if (json_is_string(item) && facts->topics->nelts < TOPICS_MAX) {
            APR_ARRAY_PUSH(facts->topics, const char *) =
                docgen_text_shorten(fetch->pool, json_string_value(item), 100);
        }
    }
}

/** What the token is worth, in words for the Quality report. */
static const char *token_judge(docgen_fetch *fetch, const char *base, const char *token,
                               const docgen_web_answer *repository)
{
    docgen_web_answer user;
    json_t *object;
    const char *login = NULL;

    switch (repository->status) {
    case 200:
        break;
    case 401:
        return "token refused by the API, although fetching succeeded: renew it";
    case 403:
    case 429:
        return "token not verified: the API refused or limits requests";
    default:
        return apr_psprintf(fetch->pool, "token not verified: the API answered %ld",
                            repository->status);
    }
    if (docgen_web_get(fetch->pool, apr_pstrcat(fetch->pool, base, "/user", NULL), token, 0,
                       &user) == APR_SUCCESS &&
        user.status == 200 &&
        docgen_json_parse(fetch->pool, user.body, user.length, &object, NULL) == APR_SUCCESS) {
        login = text_of(fetch->pool, object, "login");
    }
    return login ? apr_psprintf(fetch->pool, "token verified, it belongs to %s", login)
                 : "token verified";
}

void docgen_fetch_forge(docgen_fetch *fetch)
{
    const docgen_job *job = fetch->git->job;
    const char *base = api_base(fetch->pool, job);
    const char *name = base ? repository_name(fetch->pool, job->url) : NULL;
    const char *token = job->token;
    docgen_web_answer answer;
    const char *url;

    if (!name) {
        fetch->facts->authentication = job->token || job->ssh_key || job->ssh_key_data
                                           ? "credentials accepted by the host"
                                           : "not needed";
        return;
    }
    if (token && strchr(token, ':')) {
        token = strchr(token, ':') + 1;
    }
    url = apr_pstrcat(fetch->pool, base, "/repos/", name, NULL);
    if (docgen_web_get(fetch->pool, url, token, 0, &answer) != APR_SUCCESS) {
        fetch->facts->authentication = "skipped: offline";
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "%s: %s", base, answer.problem);
        return;
    }
    if (answer.status == 301 || answer.status == 302 || answer.status == 307 ||
        answer.status == 308) { /* renamed: one hop, within the API */
        if (answer.location && !strncmp(answer.location, base, strlen(base)) &&
            answer.location[strlen(base)] == '/') {
            docgen_web_get(fetch->pool, answer.location, token, 0, &answer);
        }
    }
    if (answer.status == 200) {
        description_read(fetch, &answer);
    }
    fetch->facts->authentication = token ? token_judge(fetch, base, token, &answer) : "not needed";
    docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "GitHub authentication: %s",
               fetch->facts->authentication);
}
