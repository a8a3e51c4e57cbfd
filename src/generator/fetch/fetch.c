/* Asking the remote, then fetching one commit's files: bare, shallow, one branch.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/log.h"
#include "core/text.h"
#include "core/time.h"

#define OUR_REF "refs/docgen/head"

static apr_status_t failed(docgen_fetch *fetch, apr_status_t rv, const docgen_run_result *result)
{
    fetch->error = docgen_git_explain(fetch->pool, fetch->git, rv, result);
    if (result->errors && *result->errors) {
        docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS, "git: %s",
                   docgen_text_shorten(fetch->pool, result->errors, 1800));
    }
    return rv == APR_SUCCESS ? APR_EGENERAL : rv;
}

/** "OID\tNAME" of ls-remote; symbolic references are "ref: NAME\tHEAD". */
static void remote_line(docgen_fetch *fetch, const char *wanted, char *line)
{
    char *tab = strchr(line, '\t');
    const char *name = tab ? tab + 1 : "";

    if (!tab) {
        return;
    }
    *tab = '\0';
    if (!strncmp(line, "ref: ", 5)) {
        if (!wanted && !strcmp(name, "HEAD") && !strncmp(line + 5, "refs/heads/", 11)) {
            fetch->remote_ref = apr_pstrdup(fetch->pool, line + 5);
        }
    } else if (wanted ? !strcmp(name, wanted) : !strcmp(name, "HEAD")) {
        fetch->facts->commit = apr_pstrdup(fetch->pool, line);
    } else if (!strncmp(name, "refs/tags/", 10)) {
        apr_size_t length = strlen(name);
        int peeled = length > 3 && !strcmp(name + length - 3, "^{}");
        docgen_tag *tag =
            peeled && fetch->remote_tags->nelts
                ? &APR_ARRAY_IDX(fetch->remote_tags, fetch->remote_tags->nelts - 1, docgen_tag)
                : apr_array_push(fetch->remote_tags);

        if (!peeled) { /* the peeled line follows the tag's own */
            tag->name = docgen_utf8_repair(fetch->pool, name + 10, length - 10);
            tag->date = NULL;
        }
        tag->commit = apr_pstrdup(fetch->pool, line);
    }
}

static void remote_read(docgen_fetch *fetch, const char *wanted, const char *output)
{
    char *copy = apr_pstrdup(fetch->pool, output);
    char *last = NULL;

    for (char *line = apr_strtok(copy, "\n", &last); line; line = apr_strtok(NULL, "\n", &last)) {
        remote_line(fetch, wanted, line);
    }
}

apr_status_t docgen_fetch_ask(docgen_fetch *fetch)
{
    const char *branch = fetch->git->job->branch;
    const char *wanted = branch ? apr_pstrcat(fetch->pool, "refs/heads/", branch, NULL) : NULL;
    const char *args[] = {"ls-remote",     "--symref", "--",
                          fetch->git->url, "HEAD",     wanted ? wanted : "refs/tags/*",
                          "refs/tags/*",   NULL};
    docgen_run_result result;
    apr_status_t rv;

    docgen_output_progress(fetch->output, 10, "Fetching repository");
    fetch->remote_ref = wanted;
    rv = docgen_git_run(fetch->git, fetch->pool, NULL, args, 1, 0, &result);
    if (rv != APR_SUCCESS) {
        return failed(fetch, rv, &result);
    }
    remote_read(fetch, wanted, result.output);
    if (fetch->facts->commit) {
        fetch->remote_ref = fetch->remote_ref ? fetch->remote_ref : "HEAD";
        fetch->facts->branch =
            !strncmp(fetch->remote_ref, "refs/heads/", 11) ? fetch->remote_ref + 11 : NULL;
        return APR_SUCCESS;
    }
    if (fetch->is_web_page) {
        fetch->error = apr_psprintf(fetch->pool, "%s is not a git repository: check the URL.",
                                    docgen_url_public(fetch->pool, fetch->git->url));
    } else if (branch && result.length) {
        fetch->error = apr_psprintf(fetch->pool,
                                    "The branch \"%s\" does not exist in %s: correct branch= or "
                                    "leave it out for the default branch.",
                                    branch, docgen_url_public(fetch->pool, fetch->git->url));
    } else if (result.length) {
        fetch->error = apr_psprintf(fetch->pool,
                                    "The repository %s has no default branch: name one with "
                                    "branch=.",
                                    docgen_url_public(fetch->pool, fetch->git->url));
    } else {
        fetch->error = apr_psprintf(fetch->pool,
                                    "The repository %s is empty, or its default branch has no "
                                    "commit: push a commit, or name a branch with branch=.",
                                    docgen_url_public(fetch->pool, fetch->git->url));
    }
    return APR_ENOENT;
}

/** Moves 11…28 with git's own percentages: receiving is most of it. */
static void progress_read(void *baton, const char *data, apr_size_t length)
{
    docgen_fetch *fetch = baton;
    const char *end = data + length;
    int percent = -1;

    for (const char *p = data; p < end; p++) {
        if (*p == '%') {
            const char *number = p;
            const char *colon;
            int value;

            while (number > data && apr_isdigit(number[-1])) {
                number--;
            }
            value = atoi(number);
            colon = memrchr(data, ':', (apr_size_t)(number - data));
            if (value > 100 || !colon) {
                continue;
            }
            if (colon - data >= 17 && !memcmp(colon - 17, "Receiving objects", 17)) {
                percent = 11 + value * 15 / 100;
            } else if (colon - data >= 16 && !memcmp(colon - 16, "Resolving deltas", 16)) {
                percent = 26 + value * 2 / 100;
            }
        }
    }
    fetch->percent = percent > fetch->percent ? percent : fetch->percent;
    /* Any word of git is a sign of life, also while the remote only counts; the output thins them out. */
    docgen_output_progress(fetch->output, fetch->percent, "Fetching repository");
}

/** Is this commit in the cache with all that belongs to it? */
static int cache_has(docgen_fetch *fetch)
{
    static const char commit[] = OUR_REF "^{commit}";
    const char *args[] = {"rev-parse", "--verify", "--quiet", commit, NULL};
    docgen_run_result result;

    return access(fetch->cache, F_OK) == 0 &&
           docgen_git_run(fetch->git, fetch->pool, fetch->cache, args, 0, apr_time_from_sec(20),
                          &result) == APR_SUCCESS &&
           !strncmp(result.output, fetch->facts->commit, strlen(fetch->facts->commit));
}

static apr_status_t files_fetch_once(docgen_fetch *fetch, docgen_run_result *result)
{
    const char *refspec = apr_pstrcat(fetch->pool, "+", fetch->remote_ref, ":" OUR_REF, NULL);
    const char *args[] = {"fetch",
                          "--depth=1",
                          "--no-tags",
                          "--force",
                          "--progress",
                          "--no-write-fetch-head",
                          "--no-recurse-submodules",
                          "--update-shallow",
                          "--",
                          fetch->git->url,
                          refspec,
                          NULL};
    apr_status_t rv = APR_SUCCESS;

    if (access(apr_pstrcat(fetch->pool, fetch->cache, "/HEAD", NULL), F_OK) != 0) {
        rv = docgen_git_init(fetch->git, fetch->pool, fetch->cache, fetch->facts->commit, result);
    }
    return rv == APR_SUCCESS
               ? docgen_git_run(fetch->git, fetch->pool, fetch->cache, args, 1, 0, result)
               : rv;
}

/** The commit that the fetch brought (the branch may have moved since it was asked for) and its
 * time. */
static apr_status_t commit_read(docgen_fetch *fetch, docgen_run_result *result)
{
    const char *args[] = {"log", "-1", "--format=%H %ct", OUR_REF, NULL};
    apr_status_t rv = docgen_git_run(fetch->git, fetch->pool, fetch->cache, args, 0,
                                     apr_time_from_sec(20), result);
    const char *space = strchr(result->output, ' ');

    if (rv != APR_SUCCESS || !space) {
        return rv == APR_SUCCESS ? APR_EGENERAL : rv;
    }
    fetch->facts->commit =
        apr_pstrmemdup(fetch->pool, result->output, (apr_size_t)(space - result->output));
    fetch->facts->committed_at =
        docgen_time_format(fetch->pool, apr_time_from_sec(apr_atoi64(space + 1)));
    return APR_SUCCESS;
}

apr_status_t docgen_fetch_files(docgen_fetch *fetch)
{
    int fresh = access(fetch->cache, F_OK) != 0;
    docgen_run_result result = {0};
    apr_status_t rv = APR_SUCCESS;

    fetch->git->on_progress = progress_read;
    fetch->git->baton = fetch;
    if (!cache_has(fetch)) {
        rv = files_fetch_once(fetch, &result);
        if (rv != APR_SUCCESS && !fresh && !docgen_git_is_remote_failure(rv, &result)) {
            docgen_log(DOCGEN_LOG_WARNING, APR_SUCCESS,
                       "the cache %s cannot be used, it is fetched anew: %s", fetch->cache,
                       docgen_git_explain(fetch->pool, fetch->git, rv, &result));
            docgen_folder_remove(fetch->cache);
            rv = files_fetch_once(fetch, &result);
        }
    }
    if (rv == APR_SUCCESS) {
        rv = commit_read(fetch, &result);
    }
    fetch->git->on_progress = NULL;
    return rv == APR_SUCCESS ? APR_SUCCESS : failed(fetch, rv, &result);
}
