/* The files that the configuration names: secrets that only root reads, the generator's program, the work directory.
 * All are looked at once, in post_config, while httpd is still root; a file that the children could not use later is
 * refused here, with what to change.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <unixd.h>

#include "docgen_private.h"

#define SECRET_MAX 65536

/* Where a generator without a slash in its name is looked for. */
static const char *const program_dirs[] = {"/usr/bin", "/usr/lib/docgen", "/usr/local/bin", NULL};

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
        error = apr_psprintf(pool, "%s must belong to %s (chown it).", path,
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
    return error ? apr_psprintf(pconf, "DocGenCredentials %s: %s", credentials->host, error) : NULL;
}

/* stat() with the rights of the children's user: what root can reach says nothing about them. */
static int stat_as_child(const char *path, struct stat *info)
{
    int result, error;

    if (geteuid()) {
        return stat(path, info);
    }
    setfsgid(ap_unixd_config.group_id);
    setfsuid(ap_unixd_config.user_id);
    result = stat(path, info);
    error = errno;
    setfsuid(0);
    setfsgid(0);
    errno = error;
    return result;
}

static uid_t child_user(void)
{
    return geteuid() ? geteuid() : ap_unixd_config.user_id;
}

static gid_t child_group(void)
{
    return geteuid() ? getegid() : ap_unixd_config.group_id;
}

static int may_execute(const struct stat *info)
{
    mode_t bit = S_IXOTH;

    if (info->st_uid == child_user()) {
        bit = S_IXUSR;
    } else if (info->st_gid == child_group()) {
        bit = S_IXGRP;
    }
    return S_ISREG(info->st_mode) && (info->st_mode & bit);
}

static const char *find_program(apr_pool_t *pool, const char *name)
{
    struct stat info;

    for (int i = 0; program_dirs[i]; i++) {
        const char *path = apr_pstrcat(pool, program_dirs[i], "/", name, NULL);

        if (!stat_as_child(path, &info)) {
            return path;
        }
    }
    return NULL;
}

const char *docgen_files_generator(apr_pool_t *pool, docgen_config *config)
{
    const char *name = APR_ARRAY_IDX(config->generator, 0, const char *);
    const char *path =
        strchr(name, '/') ? ap_server_root_relative(pool, name) : find_program(pool, name);
    struct stat info;

    if (!path) {
        return apr_psprintf(pool,
                            "DocGenGenerator: there is no program %s in /usr/bin, /usr/lib/docgen "
                            "or /usr/local/bin; install it or write its full path.",
                            name);
    }
    if (stat_as_child(path, &info)) {
        return apr_psprintf(pool,
                            "DocGenGenerator: %s cannot be reached by the user of httpd's "
                            "children (%s); check the path and its directories' permissions.",
                            path, strerror(errno));
    }
    if (!may_execute(&info)) {
        return apr_psprintf(pool,
                            "DocGenGenerator: %s is not a program that the user of httpd's "
                            "children may execute (chmod 755 it).",
                            path);
    }
    APR_ARRAY_IDX(config->generator, 0, const char *) = path;
    return NULL;
}

const char *docgen_files_work_dir(apr_pool_t *pool, const docgen_config *config)
{
    const char *dir = config->work_dir;
    struct stat info;

    if (lstat(dir, &info) && errno == ENOENT) {
        if (apr_dir_make_recursive(dir, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS ||
            chmod(dir, 0700) || (!geteuid() && chown(dir, child_user(), child_group()))) {
            return apr_psprintf(pool,
                                "DocGenWorkDir: %s cannot be made (%s); make it and let it belong "
                                "to the user of httpd's children.",
                                dir, strerror(errno));
        }
    }
    if (lstat(dir, &info) || !S_ISDIR(info.st_mode)) {
        return apr_psprintf(pool, "DocGenWorkDir: %s is not a directory (nor may it be a link).",
                            dir);
    }
    if (info.st_uid != child_user()) {
        return apr_psprintf(pool,
                            "DocGenWorkDir: %s must belong to the user of httpd's children "
                            "(chown %lu %s).",
                            dir, (unsigned long)child_user(), dir);
    }
    if (info.st_mode & 0022) {
        return apr_psprintf(
            pool, "DocGenWorkDir: %s must not be writable by others (chmod 700 %s).", dir, dir);
    }
    if (stat_as_child(apr_pstrcat(pool, dir, "/.", NULL), &info)) {
        return apr_psprintf(pool,
                            "DocGenWorkDir: %s cannot be reached by the user of httpd's children "
                            "(%s); check the permissions of the directories above it.",
                            dir, strerror(errno));
    }
    return NULL;
}
