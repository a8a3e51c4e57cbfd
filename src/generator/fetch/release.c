/* The last release's files, fetched beside those of the documented commit, so that the documentation can tell what
 * changed since. They share one bare repository: only what differs is sent. Nothing here is ever a failure.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "core/log.h"
#include "core/time.h"
#include "generator/repo/versions.h"

#define RELEASE_REF     "refs/docgen/release"
#define HEAD_REF        "refs/docgen/head"
#define READ_TIMEOUT    apr_time_from_sec(20)
#define RELEASE_TIMEOUT apr_time_from_sec(30)
#define RELEASE_BYTES   ((apr_uint64_t)256 * 1024 * 1024)

/* A tag as a release of the whole repository. */
typedef struct release {
    const docgen_tag *tag;
    docgen_version version;
} release;

/* Tags of series that are neither plain nor of the project's name count when all tags are of one such series. */
static int is_only_series(const docgen_facts *facts)
{
    const char *first = NULL;

    for (int i = 0; i < facts->tags->nelts; i++) {
        const char *name = APR_ARRAY_IDX(facts->tags, i, docgen_tag).name;
        docgen_version version;

        if (!docgen_version_read(facts->title, name, &version))
            continue;
        if (version.family < 2)
            return 0;
        if (first && (docgen_version_prefix(first) != docgen_version_prefix(name) ||
                      strncmp(first, name, (apr_size_t)docgen_version_prefix(name)) != 0))
            return 0;
        first = name;
    }
    return first != NULL;
}

static int release_read(const docgen_facts *facts, const docgen_tag *tag, int only, release *found)
{
    found->tag = tag;
    return docgen_version_read(facts->title, tag->name, &found->version) &&
           found->version.family < (only ? 3 : 2);
}

/* Of two series the one that went on for longer is the project's; within one the versions decide. */
static int release_is_better(const release *one, const release *other)
{
    int order;

    if (one->version.family != other->version.family) {
        order = one->tag->date && other->tag->date ? strcmp(one->tag->date, other->tag->date) : 0;
        return order ? order > 0 : one->version.family < other->version.family;
    }
    order = docgen_version_compare(&one->version, &other->version);
    return order ? order > 0 : strcmp(one->tag->name, other->tag->name) < 0;
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
 * from: did its branch leave after the last of those? */
static int release_is_nearer(docgen_fetch *fetch, apr_pool_t *pool, const release *other,
                             const release *ancestor)
{
    const char *base[] = {"merge-base", other->tag->commit, HEAD_REF, NULL};
    const char *follows[] = {"merge-base", "--is-ancestor", NULL, NULL, NULL};
    docgen_run_result result;

    if (!fetch->facts->history_complete || docgen_git_run(fetch->git, pool, fetch->history, base, 0,
                                                          READ_TIMEOUT, &result) != APR_SUCCESS) {
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
    release best[2] = {{.tag = NULL}, {.tag = NULL}}; /* [1]: an ancestor */
    int only = is_only_series(facts);

    for (int i = 0; i < facts->tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(facts->tags, i, docgen_tag);
        release one;

        if (release_read(facts, tag, only, &one) && strcmp(tag->commit, facts->commit) != 0 &&
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
