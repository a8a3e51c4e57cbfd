/* Reading the secrets that DocGenCredentials names, while httpd is still root.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_lib.h>
#include <apr_strings.h>

#include "docgen_private.h"

#define SECRET_MAX 65536

static apr_status_t wipe(void *secret)
{
    explicit_bzero(secret, strlen(secret));
    return APR_SUCCESS;
}

/* Opens a file that must belong to root (or to the user that runs httpd) and be a plain one. */
static const char *open_owned(apr_pool_t *pool, const char *path, mode_t refused, int *fd,
                              struct stat *info)
{
    const char *error = NULL;

    *fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0) {
        return errno == ELOOP
                   ? apr_psprintf(pool, "%s is a symbolic link; name the file itself.", path)
                   : apr_psprintf(pool, "%s cannot be opened (%s).", path, strerror(errno));
    }
    if (fstat(*fd, info)) {
        error = apr_psprintf(pool, "%s cannot be examined (%s).", path, strerror(errno));
    } else if (!S_ISREG(info->st_mode)) {
        error = apr_psprintf(pool, "%s is not a plain file.", path);
    } else if (info->st_uid != geteuid()) {
        error = apr_psprintf(pool, "%s must belong to %s.", path,
                             geteuid() ? "the user that starts httpd" : "root");
    } else if (info->st_mode & refused) {
        error = apr_psprintf(pool, "%s must not be %s by anybody else (chmod %s it).", path,
                             refused & 0044 ? "readable or writable" : "writable",
                             refused & 0044 ? "600" : "644");
    } else if (info->st_size > SECRET_MAX) {
        error = apr_psprintf(pool, "%s is larger than %d bytes.", path, SECRET_MAX);
    }
    if (error) {
        close(*fd);
    }
    return error;
}

/* Reads a whole file that open_owned accepts; its text is wiped with the pool. */
static const char *read_owned(apr_pool_t *pool, const char *path, mode_t refused, char **text)
{
    struct stat info;
    apr_size_t length = 0;
    ssize_t got = 0;
    int fd;
    const char *error = open_owned(pool, path, refused, &fd, &info);

    if (error) {
        return error;
    }
    *text = apr_palloc(pool, SECRET_MAX + 1);
    do {
        length += got;
        got = read(fd, *text + length, SECRET_MAX - length);
    } while (got > 0);
    close(fd);
    (*text)[length] = '\0';
    apr_pool_cleanup_register(pool, *text, wipe, apr_pool_cleanup_null);
    if (got < 0) {
        return apr_psprintf(pool, "%s cannot be read (%s).", path, strerror(errno));
    }
    if (strlen(*text) != length) {
        return apr_psprintf(pool, "%s holds a NUL byte; it must be a text file.", path);
    }
    return NULL;
}

/* One line: the token, with or without the word "token" before it. Cut out in place. */
static char *token_of(char *text)
{
    char *end;

    text += strspn(text, " \t\r\n");
    if (!strncmp(text, "token", 5) && (text[5] == ' ' || text[5] == '\t')) {
        text += 5 + strspn(text + 5, " \t");
    }
    end = text + strcspn(text, " \t\r\n");
    if (end == text || end[strspn(end, " \t\r\n")]) {
        return NULL;
    }
    *end = '\0';
    for (const char *p = text; *p; p++) {
        if (!apr_isgraph(*p)) {
            return NULL;
        }
    }
    return text;
}

const char *docgen_credentials_read(apr_pool_t *pconf, docgen_credentials *credentials)
{
    char *text, *known;
    const char *pinned = apr_pstrcat(pconf, credentials->file, ".known_hosts", NULL);
    const char *error = read_owned(pconf, credentials->file, 0077, &text);

    if (!error && !strncmp(text, "-----BEGIN", 10)) {
        error = read_owned(pconf, pinned, 0022, &known);
        if (error) {
            error = apr_psprintf(pconf,
                                 "%s An ssh key needs the host's key beside it: put the checked "
                                 "output of `ssh-keyscan %s` into %s.",
                                 error, credentials->scan, pinned);
        } else {
            credentials->ssh_key = text;
            credentials->known_hosts = known;
        }
    } else if (!error) {
        credentials->token = token_of(text);
        if (!credentials->token) {
            error = apr_psprintf(pconf,
                                 "%s must hold either one line with an access token or an ssh "
                                 "private key.",
                                 credentials->file);
        }
    }
    return error;
}
