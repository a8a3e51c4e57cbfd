/* The bare repositories kept between runs, one pair for each repository id, never shared by two
 * runs.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "core/log.h"
#include "generator/stamp.h"

#define PACKS_MAX 20 /* after so many increments a fresh fetch is smaller */

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    remove(path);
    return 0; /* as much as can be removed is */
}

void docgen_folder_remove(const char *path)
{
    nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/** Locks of git that a killed run left behind; ours is held, so nobody uses them. */
static void leftovers_remove(apr_pool_t *pool, const char *git_dir)
{
    static const char *const locks[] = {"shallow.lock",          "HEAD.lock",
                                        "config.lock",           "packed-refs.lock",
                                        "refs/docgen/head.lock", "refs/docgen/release.lock"};
    const char *packs = apr_pstrcat(pool, git_dir, "/objects/pack", NULL);
    DIR *dir = opendir(packs);
    struct dirent *entry;
    int count = 0;

    for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
        unlink(apr_pstrcat(pool, git_dir, "/", locks[i], NULL));
    }
    if (!dir) {
        return;
    }
    while ((entry = readdir(dir))) {
        const char *suffix = strrchr(entry->d_name, '.');

        if (!strncmp(entry->d_name, "tmp_", 4)) {
            unlink(apr_pstrcat(pool, packs, "/", entry->d_name, NULL));
        }
        count += suffix && !strcmp(suffix, ".pack");
    }
    closedir(dir);
    if (count > PACKS_MAX) {
        docgen_folder_remove(git_dir);
    }
}

static apr_status_t folder_make(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
}

apr_status_t docgen_fetch_create(docgen_fetch **result, apr_pool_t *pool, docgen_git *git,
                                 docgen_output *output)
{
    docgen_fetch *fetch = apr_pcalloc(pool, sizeof(*fetch));
    const char *folder = apr_pstrcat(pool, git->job->work_dir, "/cache", NULL);
    const char *base = apr_pstrcat(pool, folder, "/", git->job->repository_id, NULL);
    apr_status_t rv = folder_make(folder);

    fetch->pool = pool;
    fetch->git = git;
    fetch->output = output;
    fetch->lock = -1;
    fetch->facts = apr_pcalloc(pool, sizeof(*fetch->facts));
    fetch->remote_tags = apr_array_make(pool, 16, sizeof(docgen_tag));
    if (rv == APR_SUCCESS) {
        fetch->lock = open(apr_pstrcat(pool, base, ".lock", NULL),
                           O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (fetch->lock >= 0 && flock(fetch->lock, LOCK_EX | LOCK_NB) != 0) {
        close(fetch->lock);
        fetch->lock = -1;
    }
    if (fetch->lock < 0) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS,
                   "the cache of %s is in use or cannot be written: this run fetches everything",
                   git->job->repository_id);
        base = apr_pstrcat(pool, git->directory, "/repository", NULL);
    }
    fetch->cache = apr_pstrcat(pool, base, ".git", NULL);
    fetch->history = apr_pstrcat(pool, base, ".history.git", NULL);
    fetch->notes = apr_pstrcat(pool, base, ".notes", NULL);
    leftovers_remove(pool, fetch->cache);
    leftovers_remove(pool, fetch->history);
    *result = fetch;
    return APR_SUCCESS;
}

/** What the pages depend on beside the repository's content. */
static const char *made_text(const docgen_fetch *fetch)
{
    const docgen_job *job = fetch->git->job;
    const char *stamp = docgen_stamp(fetch->pool);

    return stamp ? apr_psprintf(fetch->pool, "%s %s %s %s\n", fetch->facts->commit, stamp,
                                docgen_fetch_tags_mark(fetch), job->title ? job->title : "")
                 : NULL;
}

static const char *made_path(const docgen_fetch *fetch)
{
    return apr_pstrcat(fetch->pool, fetch->cache, "/docgen-made", NULL);
}

void docgen_fetch_note_made(const docgen_fetch *fetch)
{
    const char *text = made_text(fetch);
    FILE *file = text ? fopen(made_path(fetch), "we") : NULL;

    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

int docgen_fetch_was_made(const docgen_fetch *fetch)
{
    const char *text = made_text(fetch);
    FILE *file = text ? fopen(made_path(fetch), "re") : NULL;
    char noted[1024] = "";

    if (!file) {
        return 0;
    }
    noted[fread(noted, 1, sizeof(noted) - 1, file)] = '\0';
    fclose(file);
    return !strcmp(noted, text);
}

void docgen_fetch_forget(docgen_fetch *fetch)
{
    docgen_folder_remove(fetch->cache);
    docgen_folder_remove(fetch->history);
    unlink(fetch->notes);
}
