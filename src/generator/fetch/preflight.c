/* Redirects are followed here, each hop checked, so that git itself need not follow any.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <string.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/log.h"
#include "generator/fetch/web.h"

#define HOPS_MAX 3
#define SERVICE  "/info/refs?service=git-upload-pack"

/** May the repository move there? Never down from https, and only within its origin (scheme, host and port) or to one that
 * an allowed prefix names. */
static int hop_is_allowed(apr_pool_t *pool, const docgen_job *job, const char *from, const char *to)
{
    const char *from_origin = docgen_url_origin(pool, from);
    const char *to_origin = docgen_url_origin(pool, to);

    if (docgen_scheme_of(to) > DOCGEN_SCHEME_HTTP ||
        docgen_scheme_of(to) > docgen_scheme_of(from) || docgen_url_has_secret(to) ||
        !from_origin || !to_origin) {
        return 0;
    }
    if (!strcmp(from_origin, to_origin)) {
        return 1;
    }
    for (int i = 0; job->allow_url && i < job->allow_url->nelts; i++) {
        const char *prefix = APR_ARRAY_IDX(job->allow_url, i, const char *);
        const char *origin = docgen_url_origin(pool, prefix);

        /* A prefix allows the origin that it names, the scheme's own port where it names none; "https://" alone lets
         * configured URLs be anywhere, not redirects. */
        if (origin && !strcmp(origin, to_origin) && docgen_url_has_prefix(to, prefix)) {
            return 1;
        }
    }
    return 0;
}

/** The repository's URL in a redirect's target; NULL when it is something else (a sign-in page). */
static const char *repository_in(apr_pool_t *pool, const char *location)
{
    const char *tail = strstr(location, SERVICE);

    return tail && !tail[strlen(SERVICE)]
               ? apr_pstrmemdup(pool, location, (apr_size_t)(tail - location))
               : NULL;
}

void docgen_fetch_preflight(docgen_fetch *fetch)
{
    docgen_git *git = fetch->git;

    for (int hop = 0; hop < HOPS_MAX; hop++) {
        docgen_web_answer answer;
        const char *url = git->url;
        apr_size_t length = strlen(url);
        const char *next;

        if (docgen_scheme_of(url) > DOCGEN_SCHEME_HTTP) {
            return;
        }
        while (length && url[length - 1] == '/') {
            length--;
        }
        url = apr_pstrmemdup(fetch->pool, url, length);
        if (docgen_web_get(fetch->pool, apr_pstrcat(fetch->pool, url, SERVICE, NULL), NULL, 1,
                           &answer) != APR_SUCCESS) {
            docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "%s: %s", docgen_url_public(fetch->pool, url),
                       answer.problem);
            return; /* git will find the same, and its words are explained */
        }
        if (!answer.location) {
            fetch->is_web_page =
                answer.status == 200 && answer.type && !strncmp(answer.type, "text/html", 9);
            return;
        }
        next = repository_in(fetch->pool, answer.location);
        if (!next || !hop_is_allowed(fetch->pool, git->job, url, next)) {
            docgen_log(DOCGEN_LOG_WARNING, APR_SUCCESS, "%s redirects to %s: not followed",
                       docgen_url_public(fetch->pool, url),
                       docgen_url_public(fetch->pool, answer.location));
            return;
        }
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "%s is now at %s",
                   docgen_url_public(fetch->pool, url), docgen_url_public(fetch->pool, next));
        git->url = next;
    }
}
