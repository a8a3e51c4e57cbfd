/* What the analysis noted of a repository's files, kept beside the cache and lent to the next analysis.
 *
 * The analysis is not let near the cache: it gets a file in memory that cannot grow, with what the last one left, and
 * cuts it to the length of what it leaves itself. Only an analysis that ended well is heard.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "core/log.h"

#define NOTES_MAX ((off_t)64 * 1024 * 1024)

/** Copies `length` bytes from the start of one file to the start of another. */
static apr_status_t bytes_copy(int from, int to, off_t length)
{
    char piece[65536];

    for (off_t at = 0; at < length;) {
        ssize_t n = pread(from, piece, sizeof(piece), at);

        if (n <= 0) {
            return n == 0 ? APR_EOF : APR_FROM_OS_ERROR(errno);
        }
        if (pwrite(to, piece, (size_t)n, at) != n) {
            return errno ? APR_FROM_OS_ERROR(errno) : APR_ENOSPC;
        }
        at += n;
    }
    return APR_SUCCESS;
}

/** The last notes, if there are any, into the file in memory. */
static void notes_lend(const docgen_fetch *fetch, int to)
{
    int from = open(fetch->notes, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat about;

    if (from < 0) {
        return;
    }
    if (fstat(from, &about) == 0 && S_ISREG(about.st_mode) && about.st_size < NOTES_MAX) {
        bytes_copy(from, to, about.st_size); /* half of it is found damaged and not used */
    }
    close(from);
}

int docgen_fetch_notes_open(const docgen_fetch *fetch)
{
    int fd = memfd_create("notes", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0) {
        return -1;
    }
    if (ftruncate(fd, NOTES_MAX) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        close(fd);
        return -1;
    }
    notes_lend(fetch, fd);
    return fd;
}

void docgen_fetch_notes_keep(const docgen_fetch *fetch, int fd)
{
    const char *path = apr_pstrcat(fetch->pool, fetch->notes, ".new", NULL);
    struct stat about;
    apr_status_t rv;
    int to;

    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size >= NOTES_MAX) {
        return; /* it left none */
    }
    unlink(path); /* of a run that was killed here */
    to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    rv = to < 0 ? APR_FROM_OS_ERROR(errno) : bytes_copy(fd, to, about.st_size);
    if (to >= 0 && close(to) != 0 && rv == APR_SUCCESS) {
        rv = APR_FROM_OS_ERROR(errno);
    }
    if (rv == APR_SUCCESS && rename(path, fetch->notes) != 0) {
        rv = APR_FROM_OS_ERROR(errno);
    }
    if (rv != APR_SUCCESS) {
        unlink(path);
        docgen_log(DOCGEN_LOG_WARNING, rv, "%s cannot be written: the next run reads every file",
                   fetch->notes);
    }
}
