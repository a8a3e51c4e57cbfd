/* The milestones in their order: fetch, history, forge, analysis. Everything that fails ends in one
 * sentence.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/log.h"
#include "generator/analyse.h"
#include "generator/fetch/fetch.h"
#include "generator/spawn.h"

#define PREFIX "run-"

/** A run's own directory, held by a lock so that others can tell whether it is still in use. */
static apr_status_t directory_make(apr_pool_t *pool, const docgen_job *job, docgen_guard_note *note,
                                   const char **directory)
{
    char *path = apr_pstrcat(pool, job->work_dir, "/" PREFIX "XXXXXX", NULL);
    int fd;

    if (mkdir(job->work_dir, 0700) != 0 && errno != EEXIST) {
        return APR_FROM_OS_ERROR(errno);
    }
    if (!mkdtemp(path)) {
        return APR_FROM_OS_ERROR(errno);
    }
    if (note) {
        apr_cpystrn(note->directory, path, sizeof(note->directory));
    }
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        flock(fd, LOCK_EX | LOCK_NB); /* held until this process ends */
    }
    *directory = path;
    return APR_SUCCESS;
}

/** Directories of runs that were killed together with their guard. */
static void leftovers_remove(apr_pool_t *pool, const docgen_job *job)
{
    DIR *dir = opendir(job->work_dir);
    struct dirent *entry;

    if (!dir) {
        return;
    }
    while ((entry = readdir(dir))) {
        const char *path;
        struct stat about;
        int fd;

        if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) != 0) {
            continue;
        }
        path = apr_pstrcat(pool, job->work_dir, "/", entry->d_name, NULL);
        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        /* A minute's grace: a run makes its directory a moment before it locks it. */
        if (fstat(fd, &about) == 0 && about.st_mtime + 60 < time(NULL) &&
            flock(fd, LOCK_EX | LOCK_NB) == 0) {
            docgen_folder_remove(path);
        }
        close(fd);
    }
    closedir(dir);
}

/** The last part of the URL, without ".git". */
static const char *title_from(apr_pool_t *pool, const char *url)
{
    apr_size_t length = strlen(url);
    const char *start;

    while (length && url[length - 1] == '/') {
        length--;
    }
    if (length > 4 && !memcmp(url + length - 4, ".git", 4)) {
        length -= 4;
        while (length && url[length - 1] == '/') {
            length--;
        }
    }
    for (start = url + length; start > url && start[-1] != '/' && start[-1] != ':'; start--) {
    }
    length = (apr_size_t)(url + length - start);
    return length ? apr_pstrmemdup(pool, start, length) : "Repository";
}

static void facts_settle(apr_pool_t *pool, const docgen_job *job, docgen_facts *facts)
{
    facts->repository_id = job->repository_id;
    facts->title = job->title ? job->title : title_from(pool, job->url);
    facts->url = docgen_url_public(pool, job->url);
    facts->previous_commit = job->previous_commit;
    facts->source_url =
        docgen_source_form(pool, facts->url, facts->commit, job->github_api != NULL);
}

static int fail(docgen_output *output, const char *message)
{
    docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS, "%s", message);
    docgen_output_error(output, message);
    return 1;
}

/** Is the published documentation what this run would make, and does the supervisor want to hear it
 * so? */
static int is_unchanged(const docgen_job *job, const docgen_fetch *fetch)
{
    return job->accept_unchanged && job->previous_commit &&
           !strcmp(job->previous_commit, fetch->facts->commit) && docgen_fetch_was_made(fetch);
}

/** Everything that needs the network. @return APR_SUCCESS, APR_EEXIST when nothing changed, else
 * fetch->error is set */
static apr_status_t network_phase(docgen_fetch *fetch)
{
    const docgen_job *job = fetch->git->job;
    apr_status_t rv;

    docgen_fetch_preflight(fetch);
    rv = docgen_fetch_ask(fetch);
    if (rv == APR_SUCCESS && is_unchanged(job, fetch)) {
        return APR_EEXIST;
    }
    if (rv == APR_SUCCESS) {
        rv = docgen_fetch_files(fetch);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    facts_settle(fetch->pool, job, fetch->facts);
    docgen_output_source(fetch->output, fetch->facts->commit, fetch->facts->branch,
                         fetch->facts->committed_at);
    docgen_output_progress(fetch->output, 30, "Fetching repository metadata");
    docgen_fetch_history(fetch);
    docgen_fetch_release(fetch);
    if (fetch->facts->release_commit) {
        fetch->facts->release_source_url = docgen_source_form(
            fetch->pool, fetch->facts->url, fetch->facts->release_commit, job->github_api != NULL);
    }
    docgen_output_progress(fetch->output, 40, "Fetching GitHub authentication");
    docgen_fetch_forge(fetch);
    return APR_SUCCESS;
}

/** What the analysis' end means. @return exit status, or DOCGEN_EXIT_UNREADABLE */
static int analysis_judge(apr_pool_t *pool, const docgen_job *job, docgen_output *output,
                          apr_status_t rv, int status)
{
    if (rv == APR_TIMEUP) {
        return fail(output,
                    apr_psprintf(pool,
                                 "The analysis did not end within the %ld seconds that a run may "
                                 "take: raise DocGenJobTimeout and DocGenLockTimeout.",
                                 (long)apr_time_sec(job->limits.timeout)));
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "the analysis could not be started");
        return fail(output, "The analysis could not be started: see the log of this run.");
    }
    if (status > 128) {
        return fail(output,
                    apr_psprintf(pool,
                                 "The analysis was stopped by signal %d: the repository may need "
                                 "more memory than the limit of %" APR_UINT64_T_FMT " MiB.",
                                 status - 128, job->limits.max_memory >> 20));
    }
    return status; /* 1: it has said why */
}

static int analysis_phase(apr_pool_t *pool, docgen_fetch *fetch)
{
    const docgen_job *job = fetch->git->job;
    docgen_sandbox sandbox = {.program = fetch->git->program,
                              .read_only = fetch->cache,
                              .writable = job->output_dir,
                              .directory = fetch->git->directory};
    int notes = docgen_fetch_notes_open(fetch);
    int status = 0;
    apr_status_t rv;

    sandbox.notes = notes > 0 ? notes : 0;
    rv = docgen_analyse_run(pool, job, fetch->facts, &sandbox, fetch->git->deadline, &status);
    if (rv == APR_SUCCESS && status == 0) {
        docgen_fetch_notes_keep(fetch, notes);
    }
    if (notes >= 0) {
        close(notes);
    }
    return analysis_judge(pool, job, fetch->output, rv, status);
}

static const char *own_program(apr_pool_t *pool)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    return n > 0 ? apr_pstrmemdup(pool, path, (apr_size_t)n) : "docgen-generate";
}

/** The site's folder must exist before it is bound into the sandbox. */
static apr_status_t site_make(apr_pool_t *pool, docgen_job *job)
{
    char *absolute;
    apr_status_t rv = APR_SUCCESS;

    if (!job->output_dir) {
        return APR_SUCCESS;
    }
    if (mkdir(job->output_dir, 0755) != 0 && errno != EEXIST) {
        return APR_FROM_OS_ERROR(errno);
    }
    absolute = realpath(job->output_dir, NULL);
    if (absolute) {
        job->output_dir = apr_pstrdup(pool, absolute);
    } else {
        rv = APR_FROM_OS_ERROR(errno);
    }
    free(absolute);
    return rv;
}

static int job_do(apr_pool_t *pool, const docgen_job *job, docgen_output *output,
                  const char *directory)
{
    apr_time_t deadline = docgen_monotonic_now() + job->limits.timeout;
    docgen_fetch *fetch = NULL;
    docgen_git *git;
    apr_status_t rv;
    int status = DOCGEN_EXIT_UNREADABLE;

    rv = docgen_git_create(&git, pool, job, directory, own_program(pool), deadline);
    if (rv == APR_SUCCESS) {
        rv = docgen_fetch_create(&fetch, pool, git, output);
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "%s", directory);
        return fail(output, docgen_work_dir_explain(pool, job, rv));
    }
    for (int attempt = 0; attempt < 2 && status == DOCGEN_EXIT_UNREADABLE; attempt++) {
        if (attempt) {
            docgen_log(DOCGEN_LOG_WARNING, APR_SUCCESS, "the cache is broken, it is fetched anew");
            docgen_fetch_forget(fetch);
        }
        rv = network_phase(fetch);
        if (rv == APR_EEXIST) {
            docgen_output_progress(output, 95, "Documentation is up to date");
            return docgen_output_unchanged(output, fetch->facts->commit) == APR_SUCCESS ? 0 : 1;
        }
        if (rv != APR_SUCCESS) {
            return fail(output,
                        fetch->error ? fetch->error : "Fetching failed: see the log of this run.");
        }
        status = analysis_phase(pool, fetch);
    }
    if (status == DOCGEN_EXIT_UNREADABLE) {
        docgen_fetch_forget(fetch);
        return fail(output,
                    "The repository's content cannot be read: it is damaged or incomplete.");
    }
    if (status == 0) {
        docgen_fetch_note_made(fetch);
    }
    return status;
}

int docgen_worker_run(apr_pool_t *pool, const docgen_job *job, docgen_output *output,
                      docgen_guard_note *note)
{
    docgen_job *own = apr_pmemdup(pool, job, sizeof(*job));
    const char *directory = NULL;
    apr_status_t rv = site_make(pool, own);
    int status;

    if (rv != APR_SUCCESS) {
        return fail(output,
                    apr_psprintf(pool, "The folder %s cannot be made: check its parent folder.",
                                 job->output_dir));
    }
    rv = directory_make(pool, own, note, &directory);
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_ERROR, rv, "%s", job->work_dir);
        return fail(output, docgen_work_dir_explain(pool, job, rv));
    }
    leftovers_remove(pool, own);
    status = job_do(pool, own, output, directory);
    docgen_folder_remove(directory);
    if (note) {
        note->directory[0] = '\0';
    }
    return status;
}
