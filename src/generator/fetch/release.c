/* The last release's files, fetched beside those of the documented commit, so that the documentation can tell what
 * changed since. They share one bare repository: only what differs is sent. Nothing here is ever a failure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/log.h"
#include "core/time.h"

#define RELEASE_REF     "refs/docgen/release"
#define HEAD_REF        "refs/docgen/head"
#define CANDIDATE_REF   "refs/docgen/candidate"
#define READ_TIMEOUT    apr_time_from_sec(20)
#define RELEASE_TIMEOUT apr_time_from_sec(30)
#define RELEASE_BYTES   ((apr_uint64_t)256 * 1024 * 1024)
#define NAME_LONGEST    100

enum {
    PARTS = 5
};

/* A tag as a release of the whole repository. */
typedef struct release {
    const docgen_tag *tag;
    int part[PARTS];
    int family; /* 0 "1.2", "v1.2"; 1 "thing-1.2", "release-1.2", "r12" */
} release;

/* What may stand before the version: nothing, "v", the repository's own name, "release" and the like.
 * @return the family, or -1: a part of the repository, or no release at all */
static int family_of(const docgen_facts *facts, const char *name, apr_size_t length)
{
    static const char *const words[] = {"release", "rel", "version", "ver", "r", "stable", NULL};
    const char *title = facts->title ? facts->title : "";

    if (length == 0 || (length == 1 && (*name == 'v' || *name == 'V'))) {
        return 0;
    }
    if (length > 1 && (name[length - 1] == 'v' || name[length - 1] == 'V') &&
        strchr("-_/.", name[length - 2])) {
        length--;
    }
    while (length > 1 && strchr("-_/.", name[length - 1])) {
        length--;
    }
    if (strlen(title) == length && !strncasecmp(title, name, length)) {
        return 1;
    }
    for (int i = 0; words[i]; i++) {
        if (strlen(words[i]) == length && !strncasecmp(words[i], name, length)) {
            return 1;
        }
    }
    return -1;
}

/* Reads "v1.2.3", "redis-7_2". Candidates, betas, other words behind the version and odd names are none. */
static int release_read(const docgen_facts *facts, const docgen_tag *tag, release *found)
{
    const char *p = strpbrk(tag->name, "0123456789");

    memset(found, 0, sizeof(*found));
    found->tag = tag;
    if (!p || strlen(tag->name) > NAME_LONGEST || *tag->name == '-' || strstr(tag->name, "..") ||
        strspn(tag->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+") !=
            strlen(tag->name)) {
        return 0;
    }
    found->family = family_of(facts, tag->name, (apr_size_t)(p - tag->name));
    for (int i = 0; i < PARTS && apr_isdigit(*p); i++) {
        apr_int64_t part = apr_strtoi64(p, (char **)&p, 10);

        found->part[i] = part < 100000000 ? (int)part : 100000000;
        p += *p && strchr("._-", *p) && apr_isdigit(p[1]);
    }
    return found->family >= 0 && *p == '\0';
}

static int release_is_better(const release *one, const release *other)
{
    if (one->family != other->family) {
        return one->family < other->family;
    }
    for (int i = 0; i < PARTS; i++) {
        if (one->part[i] != other->part[i]) {
            return one->part[i] > other->part[i];
        }
    }
    return strcmp(one->tag->name, other->tag->name) < 0;
}

/* The commit that a reference of `git_dir` leads to, and its time; NULL when there is none. From the fetch's pool. */
static const char *commit_of(docgen_fetch *fetch, apr_pool_t *pool, const char *git_dir,
                             const char *ref, const char **date)
{
    const char *args[] = {"for-each-ref",
                          "--format=%(if)%(*objectname)%(then)%(*objectname) "
                          "%(*committerdate:unix)%(else)%(objectname) %(committerdate:unix)%(end)",
                          ref, NULL};
    docgen_run_result result;
    const char *space;

    if (docgen_git_run(fetch->git, pool, git_dir, args, 0, READ_TIMEOUT, &result) != APR_SUCCESS) {
        return NULL;
    }
    space = strchr(result.output, ' ');
    if (!space) {
        return NULL;
    }
    *date = docgen_time_format(pool, apr_time_from_sec(apr_atoi64(space + 1)));
    return apr_pstrmemdup(fetch->pool, result.output, (apr_size_t)(space - result.output));
}

/* A release that was made on a branch of its own, with a higher version than any that the documented commit descends
 * from: did its branch leave after the last of those? Its commits, without files, are fetched to tell. */
static int release_is_nearer(docgen_fetch *fetch, apr_pool_t *pool, const release *other,
                             const release *ancestor)
{
    const char *refspec =
        apr_pstrcat(pool, "+refs/tags/", other->tag->name, ":" CANDIDATE_REF, NULL);
    const char *get[] = {DOCGEN_GIT_UNCHECKED,
                         "fetch",
                         "--filter=tree:0",
                         "--quiet",
                         "--no-tags",
                         "--force",
                         "--no-write-fetch-head",
                         "--no-recurse-submodules",
                         "--",
                         "origin",
                         refspec,
                         NULL};
    const char *base[] = {"merge-base", CANDIDATE_REF, HEAD_REF, NULL};
    const char *follows[] = {"merge-base", "--is-ancestor", NULL, NULL, NULL};
    docgen_run_result result;
    const char *date;
    const char *here = commit_of(fetch, pool, fetch->history, CANDIDATE_REF, &date);

    if (!fetch->facts->history_complete ||
        ((!here || strcmp(here, other->tag->commit) != 0) &&
         docgen_git_run(fetch->git, pool, fetch->history, get, 1, READ_TIMEOUT, &result) !=
             APR_SUCCESS) ||
        docgen_git_run(fetch->git, pool, fetch->history, base, 0, READ_TIMEOUT, &result) !=
            APR_SUCCESS) {
        return 0;
    }
    if (!ancestor->tag) {
        return 1;
    }
    follows[2] = ancestor->tag->commit;
    follows[3] = apr_pstrndup(pool, result.output, strcspn(result.output, "\n"));
    return docgen_git_run(fetch->git, pool, fetch->history, follows, 0, READ_TIMEOUT, &result) ==
           APR_SUCCESS;
}

/* The newest release before the documented commit: the highest version among its ancestors, or the highest of all when
 * that one's branch left later. @return NULL when there is none */
static const docgen_tag *release_choose(docgen_fetch *fetch, apr_pool_t *pool)
{
    const docgen_facts *facts = fetch->facts;
    release best[2] = {{NULL, {0}, 0}, {NULL, {0}, 0}}; /* [1]: an ancestor */

    for (int i = 0; i < facts->tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(facts->tags, i, docgen_tag);
        release one;

        if (release_read(facts, tag, &one) && strcmp(tag->commit, facts->commit) != 0 &&
            (!best[tag->is_ancestor].tag || release_is_better(&one, &best[tag->is_ancestor]))) {
            best[tag->is_ancestor] = one;
        }
    }
    if (best[0].tag && (!best[1].tag || release_is_better(&best[0], &best[1])) &&
        (access(fetch->history, F_OK) != 0 || release_is_nearer(fetch, pool, &best[0], &best[1]))) {
        return best[0].tag;
    }
    return best[1].tag;
}

static apr_status_t release_get(docgen_fetch *fetch, apr_pool_t *pool, const docgen_tag *tag)
{
    docgen_git git = *fetch->git;
    docgen_job job = *fetch->git->job;
    const char *args[] = {"fetch",
                          "--depth=1",
                          "--no-tags",
                          "--force",
                          "--quiet",
                          "--no-write-fetch-head",
                          "--no-recurse-submodules",
                          "--update-shallow",
                          "--",
                          git.url,
                          apr_pstrcat(pool, "+refs/tags/", tag->name, ":" RELEASE_REF, NULL),
                          NULL};
    docgen_run_result result;
    apr_status_t rv;

    if (job.limits.max_repository > RELEASE_BYTES) {
        job.limits.max_repository = RELEASE_BYTES;
    }
    git.job = &job;
    git.on_progress = NULL;
    rv = docgen_git_run(&git, pool, fetch->cache, args, 1, RELEASE_TIMEOUT, &result);
    if (rv != APR_SUCCESS) {
        const char *why = docgen_git_explain(pool, &git, rv, &result);

        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "the files of %s are not available: %s", tag->name,
                   why);
        fetch->facts->release_skipped = /* a clause: the sentence without its end */
            apr_pstrmemdup(fetch->pool, why, strlen(why) - (why[strlen(why) - 1] == '.'));
    }
    return rv;
}

void docgen_fetch_release(docgen_fetch *fetch)
{
    docgen_facts *facts = fetch->facts;
    const docgen_tag *tag;
    const char *date = NULL;
    const char *here;
    apr_pool_t *scratch;

    apr_pool_create(&scratch, fetch->pool);
    tag = release_choose(fetch, scratch);
    if (!tag) {
        facts->release_skipped = "no tag names an earlier release of the whole repository";
        apr_pool_destroy(scratch);
        return;
    }
    facts->release_tag = tag->name;
    here = commit_of(fetch, scratch, fetch->cache, RELEASE_REF, &date);
    if ((!here || strcmp(here, tag->commit) != 0) &&
        release_get(fetch, scratch, tag) == APR_SUCCESS) {
        here = commit_of(fetch, scratch, fetch->cache, RELEASE_REF, &date);
    }
    if (!here || strcmp(here, tag->commit) != 0) {
        if (!facts->release_skipped) {
            facts->release_skipped = "the repository's server did not give its files";
        }
    } else if (facts->committed_at && strcmp(date, facts->committed_at) > 0) {
        facts->release_skipped = "it is younger than the documented commit";
    } else {
        facts->release_commit = here;
    }
    apr_pool_destroy(scratch);
}

const char *docgen_fetch_tags_mark(const docgen_fetch *fetch)
{
    apr_uint64_t mark = 14695981039346656037U; /* FNV-1a */

    for (int i = 0; i < fetch->remote_tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(fetch->remote_tags, i, docgen_tag);
        const char *text = apr_pstrcat(fetch->pool, tag->name, " ", tag->commit, "\n", NULL);

        for (; *text; text++) {
            mark = (mark ^ (unsigned char)*text) * 1099511628211U;
        }
    }
    return apr_psprintf(fetch->pool, "%d-%" APR_UINT64_T_HEX_FMT, fetch->remote_tags->nelts, mark);
}
