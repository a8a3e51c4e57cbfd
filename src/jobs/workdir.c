/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/workdir.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_strings.h>

#define RUN_DIR "run"
#define FOREIGN_AFTER                                                                              \
    (24 * 3600) /* seconds: another host's, or from before the machine started anew */

apr_status_t docgen_workdir_create(const char **path, apr_pool_t *pool, const char *work_dir,
                                   const docgen_worker_process *self, const docgen_uuid *lease)
{
    *path = apr_pstrcat(pool, work_dir, "/" RUN_DIR, NULL);
    if (mkdir(*path, 0700) != 0 && errno != EEXIST) {
        return errno;
    }
    *path = apr_psprintf(pool, "%s/%s.%ld.%" APR_INT64_T_FMT ".%s", *path, self->host.text,
                         (long)self->pid, self->started, lease->text);
    return mkdir(*path, 0700) == 0 ? APR_SUCCESS : errno;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)where;
    if (type == FTW_DNR) { /* a directory that forbids its own reading */
        if (chmod(path, 0700) == 0) {
            docgen_workdir_remove(path);
        }
        return 0;
    }
    if (remove(path) != 0 && errno == EACCES) {
        char *parent = strdup(path);
        char *slash = parent ? strrchr(parent, '/') : NULL;

        if (slash) {
            *slash = '\0';
            if (chmod(parent, 0700) == 0) {
                (void)remove(path);
            }
        }
        free(parent);
    }
    return 0;
}

apr_status_t docgen_workdir_remove(const char *path)
{
    struct stat st;

    nftw(path, remove_entry, 32, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    return lstat(path, &st) != 0 && errno == ENOENT ? APR_SUCCESS : APR_EGENERAL;
}

/* HOST.PID.STARTED.CLAIM: may it go? */
static int is_abandoned(const char *path, const char *name, const docgen_worker_process *self)
{
    char host[DOCGEN_UUID_LEN + 1], lease[DOCGEN_UUID_LEN + 1];
    long pid;
    long long started;
    struct stat st;

    if (sscanf(name, "%36[0-9a-f-].%ld.%lld.%36[0-9a-f-]", host, &pid, &started, lease) != 4) {
        return 0;
    }
    if (strcmp(host, self->host.text) != 0) {
        return lstat(path, &st) == 0 && st.st_mtime < time(NULL) - FOREIGN_AFTER;
    }
    return !docgen_process_is_alive((pid_t)pid, started);
}

int docgen_workdir_clean(apr_pool_t *pool, const char *work_dir, const docgen_worker_process *self)
{
    const char *run = apr_pstrcat(pool, work_dir, "/" RUN_DIR, NULL);
    DIR *dir = opendir(run);
    struct dirent *entry;
    int removed = 0;

    while (dir && (entry = readdir(dir))) {
        const char *path = apr_pstrcat(pool, run, "/", entry->d_name, NULL);

        if (is_abandoned(path, entry->d_name, self)) {
            removed += docgen_workdir_remove(path) == APR_SUCCESS;
        }
    }
    if (dir) {
        closedir(dir);
    }
    return removed;
}
