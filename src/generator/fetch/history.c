/* The history, fetched apart from the files: commits and tags without trees, read with plumbing.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include <unistd.h>
#include "core/log.h"
#include "core/text.h"
#include "core/time.h"
#include "generator/repo/blobs.h"
#include "generator/spawn.h"

#define OUR_REF       "refs/docgen/head"
#define FETCH_TIMEOUT apr_time_from_sec(60)
#define READ_TIMEOUT  apr_time_from_sec(20)
#define COMMITS_KEPT  200
#define TAGS_KEPT     500
#define PEOPLE_KEPT   200
#define MONTHS        24
#define LINE_LONGEST  ((apr_size_t)64 * 1024)
#define END_TIMEOUT   apr_time_from_sec(5)
#define ALL_OF_IT     "--depth=2147483647" /* what git means by --unshallow */
#define TEXT_MAX      300

/** Reads without any way to the network: a partial clone must not fetch what it lacks. */
static apr_status_t history_git(docgen_fetch *fetch, apr_pool_t *pool, const char *const *args,
                                docgen_run_result *result)
{
    docgen_run run = {.timeout = READ_TIMEOUT, .max_output = (apr_size_t)128 * 1024 * 1024};

    run.argv = docgen_git_argv(pool, fetch->history, args);
    run.env = docgen_git_environment(pool);
    return docgen_run_program(pool, &run, result);
}

static const char *clean(apr_pool_t *pool, const char *text)
{
    return docgen_text_shorten(pool, docgen_utf8_repair(pool, text, strlen(text)), TEXT_MAX);
}

/** A name without the e-mail address that some people put there. */
static const char *person(apr_pool_t *pool, const char *name)
{
    const char *at = strchr(name, '@');
    const char *start;
    apr_size_t length;

    if (!at) {
        return clean(pool, *name ? name : "unknown");
    }
    for (start = at; start > name && start[-1] != ' ' && start[-1] != '<'; start--) {
    }
    length = (apr_size_t)(start - name);
    while (length && (name[length - 1] == ' ' || name[length - 1] == '<')) {
        length--;
    }
    return clean(pool, length ? apr_pstrmemdup(pool, name, length)
                              : apr_pstrmemdup(pool, start, (apr_size_t)(at - start)));
}

static const char *date(apr_pool_t *pool, const char *seconds)
{
    return docgen_time_format(pool, apr_time_from_sec(apr_atoi64(seconds)));
}

static int month_of(const char *seconds)
{
    time_t when = (time_t)apr_atoi64(seconds);
    struct tm parts;

    return gmtime_r(&when, &parts) ? parts.tm_year * 12 + parts.tm_mon : 0;
}

/** The next NUL-ended field of `*at`, or NULL at the end. */
static const char *field_next(const char **at, const char *end)
{
    const char *field = *at;

    if (field >= end) {
        return NULL;
    }
    *at = field + strlen(field) + 1;
    return field;
}

static void commits_read(docgen_fetch *fetch, apr_pool_t *scratch)
{
    static const char *const args[] = {
        "log", "-z", "--format=%H%x00%ct%x00%an%x00%s", "-n", "200", OUR_REF, NULL};
    docgen_run_result result;
    const char *at, *end, *id, *when, *name, *subject;

    if (history_git(fetch, scratch, args, &result) != APR_SUCCESS) {
        return;
    }
    at = result.output;
    end = at + result.length;
    while ((id = field_next(&at, end)) && (when = field_next(&at, end)) &&
           (name = field_next(&at, end)) && (subject = field_next(&at, end)) &&
           fetch->facts->commits->nelts < COMMITS_KEPT) {
        docgen_commit *commit = apr_array_push(fetch->facts->commits);

        commit->id = apr_pstrdup(fetch->pool, id);
        commit->date = *when ? date(fetch->pool, when) : NULL; /* malformed: git has none */
        commit->author = person(fetch->pool, name);
        commit->subject = clean(fetch->pool, subject);
    }
}

static int people_compare(const void *a, const void *b)
{
    const docgen_contributor *one = a, *two = b;

    return one->commits != two->commits ? two->commits - one->commits
                                        : strcmp(one->name, two->name);
}

static void people_settle(docgen_fetch *fetch, apr_pool_t *scratch, apr_hash_t *people)
{
    apr_array_header_t *list = apr_array_make(scratch, 64, sizeof(docgen_contributor));

    for (apr_hash_index_t *i = apr_hash_first(scratch, people); i; i = apr_hash_next(i)) {
        docgen_contributor *one = apr_array_push(list);

        one->name = apr_hash_this_key(i);
        one->commits = *(int *)apr_hash_this_val(i);
    }
    qsort(list->elts, (size_t)list->nelts, sizeof(docgen_contributor), people_compare);
    for (int i = 0; i < list->nelts && i < PEOPLE_KEPT; i++) {
        docgen_contributor *one = apr_array_push(fetch->facts->contributors);

        *one = APR_ARRAY_IDX(list, i, docgen_contributor);
        one->name = apr_pstrdup(fetch->pool, one->name);
    }
}

/** For each commit that a tag leads to: was it met? int *, all 0. */
static apr_hash_t *tagged_commits(const docgen_fetch *fetch, apr_pool_t *scratch)
{
    apr_hash_t *met = apr_hash_make(scratch);

    for (int i = 0; i < fetch->facts->tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(fetch->facts->tags, i, docgen_tag);

        apr_hash_set(met, tag->commit, APR_HASH_KEY_STRING, apr_pcalloc(scratch, sizeof(int)));
    }
    return met;
}

static void ancestors_mark(docgen_fetch *fetch, apr_hash_t *met)
{
    for (int i = 0; i < fetch->facts->tags->nelts; i++) {
        docgen_tag *tag = &APR_ARRAY_IDX(fetch->facts->tags, i, docgen_tag);

        tag->is_ancestor = *(int *)apr_hash_get(met, tag->commit, APR_HASH_KEY_STRING);
    }
}

/** Starts to read the whole history: a line "COMMIT SECONDS NAME" for each commit. */
static apr_status_t history_open(docgen_fetch *fetch, apr_pool_t *scratch, docgen_pipe **pipe)
{
    static const char *const args[] = {"log", "--format=%H %ct %an", OUR_REF, NULL};
    docgen_run run = {0};

    run.argv = docgen_git_argv(scratch, fetch->history, args);
    run.env = docgen_git_environment(scratch);
    return docgen_pipe_open(pipe, scratch, &run);
}

/** git could not read what was fetched, or not in time. A reason that is known already stays. */
static void history_unread(docgen_fetch *fetch, apr_status_t rv)
{
    fetch->facts->history_complete = 0;
    if (fetch->facts->history_problem) {
        return;
    }
    fetch->facts->history_problem =
        rv == APR_TIMEUP
            ? apr_psprintf(fetch->pool, "git did not read all of it within %d seconds.",
                           (int)apr_time_sec(READ_TIMEOUT))
            : "git could not read what was fetched; the next run fetches it anew.";
    if (rv != APR_TIMEUP) {
        docgen_folder_remove(fetch->history);
    }
}

/** Counts one more commit of somebody. */
static void person_count(apr_pool_t *scratch, apr_hash_t *people, const char *name)
{
    int *count = apr_hash_get(people, name, APR_HASH_KEY_STRING);

    if (!count) {
        const char *shown = person(scratch, name);

        count = apr_hash_get(people, shown, APR_HASH_KEY_STRING);
        if (!count) {
            count = apr_pcalloc(scratch, sizeof(*count));
            apr_hash_set(people, shown, APR_HASH_KEY_STRING, count);
        }
    }
    ++*count;
}

/** Counts over the whole history, while git reads it: commits, people, and the 24 months up to the newest commit's. Marks
 * the tags in it. */
static void history_walk(docgen_fetch *fetch, apr_pool_t *scratch, docgen_pipe *pipe)
{
    apr_time_t deadline = docgen_monotonic_now() + READ_TIMEOUT;
    apr_hash_t *people = apr_hash_make(scratch);
    apr_hash_t *met = tagged_commits(fetch, scratch);
    int months[MONTHS] = {0};
    int newest = -1;
    const char *line;
    apr_size_t length;
    apr_status_t rv;

    while ((rv = docgen_pipe_read_line(pipe, deadline - docgen_monotonic_now(), LINE_LONGEST, &line,
                                       &length)) == APR_SUCCESS) {
        const char *when = memchr(line, ' ', length);
        const char *name = when ? strchr(when + 1, ' ') : NULL;
        int *tagged, age;

        if (!name) {
            continue;
        }
        tagged = apr_hash_get(met, line, when - line);
        if (tagged) {
            *tagged = 1;
        }
        newest = newest < 0 ? month_of(when + 1) : newest;
        age = newest - month_of(when + 1);
        if (age >= 0 && age < MONTHS) {
            months[MONTHS - 1 - age]++;
        }
        person_count(scratch, people, name + 1);
        fetch->facts->commit_count++;
    }
    rv = rv == APR_EOF ? docgen_pipe_end(pipe, END_TIMEOUT) : rv;
    if (rv != APR_SUCCESS) {
        history_unread(fetch, rv);
    }
    for (int i = 0; i < MONTHS; i++) {
        APR_ARRAY_PUSH(fetch->facts->months, int) = months[i];
    }
    people_settle(fetch, scratch, people);
    ancestors_mark(fetch, met);
}

/** Tags that the remote still has: what an earlier run fetched may be gone there. */
static apr_hash_t *remote_tag_names(const docgen_fetch *fetch, apr_pool_t *scratch)
{
    apr_hash_t *names = apr_hash_make(scratch);

    for (int i = 0; i < fetch->remote_tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(fetch->remote_tags, i, docgen_tag);

        apr_hash_set(names, tag->name, APR_HASH_KEY_STRING, tag);
    }
    return names;
}

/* "v1.10" after "1.9": newest versions first. */
static int version_compare(const void *a, const void *b)
{
    const char *left = ((const docgen_tag *)a)->name;
    const char *right = ((const docgen_tag *)b)->name;
    int order = strverscmp(right + (*right == 'v'), left + (*left == 'v'));

    return order ? order : strcmp(right, left);
}

/* The tags that only the remote listed: they have no date, but a version says which is newer. */
static void remote_only_add(docgen_fetch *fetch, apr_pool_t *scratch, apr_hash_t *seen)
{
    apr_array_header_t *others =
        apr_array_make(scratch, fetch->remote_tags->nelts + 1, sizeof(docgen_tag));

    for (int i = 0; i < fetch->remote_tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(fetch->remote_tags, i, docgen_tag);

        if (!apr_hash_get(seen, tag->name, APR_HASH_KEY_STRING))
            APR_ARRAY_PUSH(others, docgen_tag) = *tag;
    }
    qsort(others->elts, (size_t)others->nelts, sizeof(docgen_tag), version_compare);
    for (int i = 0; i < others->nelts && fetch->facts->tags->nelts < TAGS_KEPT; i++)
        APR_ARRAY_PUSH(fetch->facts->tags, docgen_tag) = APR_ARRAY_IDX(others, i, docgen_tag);
}

/** Tags with their dates, newest first; those that only the remote listed follow without a date. */
static void tags_read(docgen_fetch *fetch, apr_pool_t *scratch)
{
    static const char *const args[] = {
        "for-each-ref",
        "--sort=-version:refname",
        "--sort=-creatordate",
        "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)",
        "refs/tags",
        NULL};
    apr_hash_t *seen = apr_hash_make(scratch);
    apr_hash_t *wanted = remote_tag_names(fetch, scratch);
    docgen_run_result result;
    char *line, *last = NULL;

    if (history_git(fetch, scratch, args, &result) == APR_SUCCESS) {
        char *end = (char *)result.output + result.length;

        for (line = (char *)result.output; line < end; line = last + 1) {
            const char *at = line, *name, *object, *peeled, *when;

            last = memchr(line, '\n', (size_t)(end - line));
            last = last ? last : end;
            *last = '\0';
            name = field_next(&at, last + 1);
            object = field_next(&at, last + 1);
            peeled = field_next(&at, last + 1);
            when = field_next(&at, last + 1);
            if (name && object && peeled && fetch->facts->tags->nelts < TAGS_KEPT &&
                apr_hash_get(wanted, docgen_utf8_repair(scratch, name, strlen(name)),
                             APR_HASH_KEY_STRING)) {
                docgen_tag *tag = apr_array_push(fetch->facts->tags);

                tag->name = clean(fetch->pool, name);
                tag->commit = apr_pstrdup(fetch->pool, *peeled ? peeled : object);
                tag->date = when && *when ? date(fetch->pool, when) : NULL;
                apr_hash_set(seen, tag->name, APR_HASH_KEY_STRING, tag);
            }
        }
    }
    remote_only_add(fetch, scratch, seen);
}

static apr_status_t history_init(docgen_fetch *fetch, docgen_run_result *result)
{
    const char *url[] = {"config", "remote.origin.url", fetch->git->url, NULL};
    apr_status_t rv = APR_SUCCESS;

    if (access(apr_pstrcat(fetch->pool, fetch->history, "/HEAD", NULL), F_OK) != 0) {
        rv = docgen_git_init(fetch->git, fetch->pool, fetch->history, fetch->facts->commit, result);
    }
    return rv == APR_SUCCESS ? docgen_git_run(fetch->git, fetch->pool, fetch->history, url, 0,
                                              READ_TIMEOUT, result)
                             : rv;
}

/** Is there more history at the remote than what is here? */
static int is_shallow(docgen_fetch *fetch)
{
    return access(apr_pstrcat(fetch->pool, fetch->history, "/shallow", NULL), F_OK) == 0;
}

/** Was all of it fetched once? Then the remote is no shallow clone. */
static int is_whole(docgen_fetch *fetch)
{
    return access(apr_pstrcat(fetch->pool, fetch->history, "/" OUR_REF, NULL), F_OK) == 0 &&
           !is_shallow(fetch);
}

/** @param filter without it only the newest commits come: each brings its trees and files. With it the tags of other
 * branches come, too: git's own choice of tags depends on what earlier runs left here. Where the remote is a shallow
 * clone, the depth keeps git (2.39) from asking for the parents that it lacks, in one process after the other; where it is
 * known to be none, the filter stands there twice, for asking with a depth costs the server a walk. */
static apr_status_t history_fetch_once(docgen_fetch *fetch, int filter, docgen_run_result *result)
{
    const char *refspec = apr_pstrcat(fetch->pool, "+", fetch->remote_ref, ":" OUR_REF, NULL);
    const char *args[] = {DOCGEN_GIT_UNCHECKED,
                          "fetch",
                          filter ? "--filter=tree:0" : "--no-filter",
                          !filter           ? "--depth=50"
                          : is_whole(fetch) ? "--filter=tree:0"
                                            : ALL_OF_IT,
                          "--quiet",
                          "--force",
                          "--no-write-fetch-head",
                          "--no-recurse-submodules",
                          "--update-shallow",
                          "--",
                          "origin",
                          refspec,
                          filter ? "+refs/tags/*:refs/tags/*" : NULL,
                          NULL};
    apr_status_t rv = history_init(fetch, result);

    /* Without a filter files come along, and git checks everything as it does for the cache. */
    return rv == APR_SUCCESS ? docgen_git_run(fetch->git, fetch->pool, fetch->history,
                                              filter ? args : args + 2, 1, FETCH_TIMEOUT, result)
                             : rv;
}

/** A server without filters says so and sends everything: that is not wanted. */
static void filter_watch(void *baton, const char *data, apr_size_t length)
{
    docgen_fetch *fetch = baton;

    fetch->git->stop |= memmem(data, length, "filtering not recognized", 24) != NULL;
}

static void history_get(docgen_fetch *fetch)
{
    docgen_run_result result = {.errors = ""};
    apr_status_t rv;

    fetch->git->on_progress = filter_watch;
    fetch->git->baton = fetch;
    rv = history_fetch_once(fetch, 1, &result);

    if (rv != APR_SUCCESS && rv != APR_TIMEUP && !docgen_git_is_remote_failure(rv, &result)) {
        docgen_folder_remove(fetch->history); /* broken, or the server has no filters */
        rv = history_fetch_once(fetch, !docgen_git_is_filter_refused(&result), &result);
    }
    fetch->git->on_progress = NULL;
    if (rv != APR_SUCCESS) {
        fetch->facts->history_problem = docgen_git_explain(fetch->pool, fetch->git, rv, &result);
        docgen_log(DOCGEN_LOG_WARNING, APR_SUCCESS, "the history is not available: %s",
                   fetch->facts->history_problem);
        docgen_folder_remove(fetch->history);
        return;
    }
    fetch->facts->history_complete = !is_shallow(fetch);
    if (!fetch->facts->history_complete) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS,
                   "the server gives only a part of the history: counts are of that part");
    }
}

void docgen_fetch_history(docgen_fetch *fetch)
{
    docgen_facts *facts = fetch->facts;
    docgen_pipe *pipe = NULL;
    apr_pool_t *scratch;

    facts->commits = apr_array_make(fetch->pool, COMMITS_KEPT, sizeof(docgen_commit));
    facts->tags = apr_array_make(fetch->pool, 16, sizeof(docgen_tag));
    facts->contributors = apr_array_make(fetch->pool, 16, sizeof(docgen_contributor));
    facts->months = apr_array_make(fetch->pool, MONTHS, sizeof(int));
    history_get(fetch);
    apr_pool_create(&scratch, fetch->pool);
    if (access(fetch->history, F_OK) != 0 || history_open(fetch, scratch, &pipe) != APR_SUCCESS) {
        pipe = NULL;
        history_unread(fetch, APR_EGENERAL);
    }
    if (pipe) {
        commits_read(fetch, scratch);
    }
    tags_read(fetch, scratch);
    if (pipe) {
        history_walk(fetch, scratch, pipe);
    }
    apr_pool_destroy(scratch);
}
