/* What git's failures mean: its words are matched, most specific first, and put into a sentence
 * with a next step.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/git.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/text.h"
#include "generator/spawn.h"

/** What kind of thing went wrong. */
typedef enum {
    FAILURE_HOST,
    FAILURE_CONNECT,
    FAILURE_TLS,
    FAILURE_TLS_NAME,
    FAILURE_AUTH_REQUIRED,
    FAILURE_AUTH_REFUSED,
    FAILURE_KEY_REFUSED,
    FAILURE_HOST_KEY,
    FAILURE_NO_SSH,
    FAILURE_NOT_FOUND,
    FAILURE_BRANCH,
    FAILURE_REDIRECT,
    FAILURE_NO_GIT,
    FAILURE_SERVER,
    FAILURE_SLOW,
    FAILURE_TOO_LARGE,
    FAILURE_DISK,
    FAILURE_READ_ONLY,
    FAILURE_CONTENT,
    FAILURE_PERMISSION,
    FAILURE_UNKNOWN
} failure;

/** Words of git, ssh or curl (in any case) and what they mean. */
static const struct {
    const char *words;
    failure meaning;
} known[] = {
    {"could not resolve host", FAILURE_HOST},
    {"name or service not known", FAILURE_HOST},
    {"temporary failure in name resolution", FAILURE_HOST},
    {"ssh: not found", FAILURE_NO_SSH},
    {"host key verification failed", FAILURE_HOST_KEY},
    {"no matching host key", FAILURE_HOST_KEY},
    {"permission denied (", FAILURE_KEY_REFUSED},
    {"load key ", FAILURE_KEY_REFUSED},
    {"too many authentication failures", FAILURE_KEY_REFUSED},
    {"authentication failed for", FAILURE_AUTH_REFUSED},
    {"requested url returned error: 403", FAILURE_AUTH_REFUSED},
    {"requested url returned error: 401", FAILURE_AUTH_REFUSED},
    {"could not read username", FAILURE_AUTH_REQUIRED},
    {"could not read password", FAILURE_AUTH_REQUIRED},
    {"terminal prompts disabled", FAILURE_AUTH_REQUIRED},
    {"unable to update url base from redirection", FAILURE_REDIRECT},
    {"requested url returned error: 30", FAILURE_REDIRECT},
    {"requested url returned error: 404", FAILURE_NOT_FOUND},
    {"requested url returned error: 410", FAILURE_NOT_FOUND},
    {"repository not found", FAILURE_NOT_FOUND},
    {"/' not found", FAILURE_NOT_FOUND},
    {"the project you were looking for could not be found", FAILURE_NOT_FOUND},
    {"does not exist", FAILURE_NOT_FOUND},
    {"couldn't find remote ref", FAILURE_BRANCH},
    {"requested url returned error: 5", FAILURE_SERVER},
    {"requested url returned error: 429", FAILURE_SERVER},
    /* GnuTLS and OpenSSL behind libcurl, 7.88 to 8.14: each release words them anew */
    {"certificate subject name", FAILURE_TLS_NAME},
    {"ssl certificate problem", FAILURE_TLS},
    {"server certificate verification failed", FAILURE_TLS},
    {"server verification failed", FAILURE_TLS},
    {"gnutls_handshake", FAILURE_TLS},
    {"ssl_connect", FAILURE_TLS},
    {"ssl routines", FAILURE_TLS},
    {"operation too slow", FAILURE_SLOW},
    {"transfer closed with", FAILURE_CONNECT},
    {"failed to connect", FAILURE_CONNECT},
    {"connection refused", FAILURE_CONNECT},
    {"connection reset", FAILURE_CONNECT},
    {"connection timed out", FAILURE_CONNECT},
    {"connection closed by", FAILURE_CONNECT},
    {"no route to host", FAILURE_CONNECT},
    {"network is unreachable", FAILURE_CONNECT},
    {"empty reply from server", FAILURE_CONNECT},
    {"remote end hung up", FAILURE_CONNECT},
    {"early eof", FAILURE_CONNECT},
    {"not valid: is this a git repository", FAILURE_NO_GIT},
    {"does not appear to be a git repository", FAILURE_NO_GIT},
    {"not a git repository", FAILURE_NO_GIT},
    {"file too large", FAILURE_TOO_LARGE},
    {"no space left on device", FAILURE_DISK},
    {"disk quota exceeded", FAILURE_DISK},
    {"read-only file system", FAILURE_READ_ONLY},
    {"error: object ", FAILURE_CONTENT}, /* this line names the object and the error */
    {"error in object", FAILURE_CONTENT},
    {"fsck error", FAILURE_CONTENT},
    {"permission denied", FAILURE_PERMISSION},
};

/** @param at where the words that tell it stand in the errors, or NULL */
static failure failure_of(const docgen_run_result *result, const char **at)
{
    *at = NULL;
    if (result->signal == SIGXFSZ) {
        return FAILURE_TOO_LARGE;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        *at = strcasestr(result->errors, known[i].words);
        if (*at) {
            return known[i].meaning;
        }
    }
    return FAILURE_UNKNOWN;
}

/** The line of git's own words that holds `at`; without it the last one that says anything. Shortened. */
static const char *git_words(apr_pool_t *pool, const char *errors, const char *at)
{
    char *copy = apr_pstrdup(pool, errors);
    const char *best = NULL, *any = "it said nothing";
    char *last = NULL;

    for (char *line = apr_strtok(copy, "\r\n", &last); line;
         line = apr_strtok(NULL, "\r\n", &last)) {
        apr_size_t begin = (apr_size_t)(line - copy);

        any = line;
        if (at && (apr_size_t)(at - errors) >= begin &&
            (apr_size_t)(at - errors) < begin + strlen(line)) {
            return docgen_text_shorten(pool, line, 300);
        }
        if (!strncmp(line, "fatal:", 6) || !strncmp(line, "error:", 6) ||
            (!strncmp(line, "remote: ", 8) && !strchr(line, '%'))) {
            best = line;
        }
    }
    return docgen_text_shorten(pool, best ? best : any, 300);
}

static const char *late(apr_pool_t *pool, const docgen_git *git)
{
    if (docgen_monotonic_now() < git->deadline) {
        return apr_psprintf(pool, "%s did not send it in time.", docgen_url_public(pool, git->url));
    }
    return apr_psprintf(
        pool,
        "Fetching %s took longer than the %ld seconds that a run may take: try again, "
        "or raise DocGenJobTimeout and DocGenLockTimeout.",
        docgen_url_public(pool, git->url), (long)apr_time_sec(git->job->limits.timeout));
}

const char *docgen_work_dir_explain(apr_pool_t *pool, const docgen_job *job, apr_status_t rv)
{
    switch (APR_TO_OS_ERROR(rv)) {
    case ENOSPC:
    case EDQUOT:
        return apr_psprintf(pool,
                            "The disk of the work directory %s is full: free some space and try "
                            "again.",
                            job->work_dir);
    case EROFS:
        return apr_psprintf(pool,
                            "The work directory %s is on a read-only file system: mount it "
                            "writable, or name another one with DocGenWorkDir.",
                            job->work_dir);
    default:
        return apr_psprintf(pool,
                            "The work directory %s cannot be written: make it for the user that "
                            "the server runs as.",
                            job->work_dir);
    }
}

const char *docgen_git_explain(apr_pool_t *pool, const docgen_git *git, apr_status_t rv,
                               const docgen_run_result *result)
{
    const char *url = docgen_url_public(pool, git->url);
    const char *host = docgen_url_host(pool, git->url);
    const char *at;
    failure meaning = failure_of(result, &at);
    const char *words = git_words(pool, result->errors, at);

    host = host ? host : "this machine";
    if (rv == APR_TIMEUP) {
        return late(pool, git);
    }
    if (rv == APR_ENOENT) {
        return "The program git is not installed: install it (apt install git) and try again.";
    }
    switch (meaning) {
    case FAILURE_HOST:
        return apr_psprintf(pool,
                            "The host %s was not found: check the repository URL and this "
                            "machine's name resolution.",
                            host);
    case FAILURE_CONNECT:
        return apr_psprintf(pool,
                            "The connection to %s failed: check that it is reachable from this "
                            "machine, then try again.",
                            host);
    case FAILURE_TLS:
        return apr_psprintf(pool,
                            "The TLS certificate of %s was not accepted: install its authority's "
                            "certificate on this machine (ca-certificates), or have an expired one "
                            "renewed.",
                            host);
    case FAILURE_TLS_NAME:
        return apr_psprintf(pool,
                            "The TLS certificate of %s is another host's: use the name that it "
                            "carries in the repository URL, or have it made out to this one.",
                            host);
    case FAILURE_AUTH_REQUIRED:
        return git->job->token
                   ? apr_psprintf(pool,
                                  "%s asks for other credentials than the configured token: check "
                                  "DocGenCredentials for this host.",
                                  host)
                   : apr_psprintf(
                         pool,
                         "%s asks for credentials for %s: the repository is private or does "
                         "not exist; name a token with DocGenCredentials or correct the URL.",
                         host, url);
    case FAILURE_AUTH_REFUSED:
        return git->job->token
                   ? apr_psprintf(
                         pool,
                         "%s refused the configured token: renew it, or give it read access to "
                         "%s.",
                         host, url)
                   : apr_psprintf(pool,
                                  "%s refused access to %s: name a token that may read it with "
                                  "DocGenCredentials.",
                                  host, url);
    case FAILURE_KEY_REFUSED:
        return apr_psprintf(
            pool,
            "%s refused the ssh key: add the key's public half to the repository as a "
            "deploy key and check DocGenCredentials.",
            host);
    case FAILURE_HOST_KEY:
        return apr_psprintf(pool,
                            "The ssh host key of %s is not among the known hosts: add it to the "
                            "known hosts file named with DocGenCredentials.",
                            host);
    case FAILURE_NO_SSH:
        return "The program ssh is not installed: install it (apt install openssh-client) and try "
               "again.";
    case FAILURE_NOT_FOUND:
        return apr_psprintf(
            pool,
            "The repository %s was not found: check the URL, and whether it needs a "
            "token that may read it.",
            url);
    case FAILURE_BRANCH:
        return apr_psprintf(
            pool,
            "The branch \"%s\" does not exist in %s: correct branch= or leave it out "
            "for the default branch.",
            git->job->branch ? git->job->branch : "HEAD", url);
    case FAILURE_REDIRECT:
        return apr_psprintf(
            pool, "%s redirects to another place: use the final URL of the repository.", url);
    case FAILURE_NO_GIT:
        return apr_psprintf(pool, "%s is not a git repository: check the URL.", url);
    case FAILURE_SERVER:
        return apr_psprintf(pool, "%s cannot answer at the moment (%s): try again later.", host,
                            words);
    case FAILURE_SLOW:
        return apr_psprintf(
            pool, "%s sent less than 1 KB a second for half a minute: try again later.", host);
    case FAILURE_TOO_LARGE:
        return apr_psprintf(
            pool, "The repository %s is larger than the limit of %" APR_UINT64_T_FMT " MiB.", url,
            git->job->limits.max_repository >> 20);
    case FAILURE_DISK:
        return docgen_work_dir_explain(pool, git->job, APR_ENOSPC);
    case FAILURE_READ_ONLY:
        return docgen_work_dir_explain(pool, git->job, APR_FROM_OS_ERROR(EROFS));
    case FAILURE_CONTENT:
        return apr_psprintf(pool, "The content of %s is damaged or hostile, git refused it (%s).",
                            url, words);
    case FAILURE_PERMISSION:
        return apr_psprintf(
            pool,
            "Permission denied while fetching %s: the user that the server runs as must "
            "be able to read it and to write the work directory.",
            url);
    case FAILURE_UNKNOWN:
        break;
    }
    if (result->signal) {
        return apr_psprintf(pool, "git was stopped by signal %d while fetching %s: try again.",
                            result->signal, url);
    }
    return apr_psprintf(pool, "git could not fetch %s (%s).", url, words);
}

int docgen_git_is_remote_failure(apr_status_t rv, const docgen_run_result *result)
{
    const char *at;
    failure meaning = failure_of(result, &at);

    return rv == APR_TIMEUP || rv == APR_ENOENT ||
           (meaning != FAILURE_UNKNOWN && meaning != FAILURE_PERMISSION &&
            meaning != FAILURE_NO_GIT && meaning != FAILURE_NOT_FOUND);
}

int docgen_git_is_filter_refused(const docgen_run_result *result)
{
    return strcasestr(result->errors, "filter") != NULL;
}
