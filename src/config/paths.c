/* The generator's program and the work directory: can the children use them? Asked as the children's user; what is
 * refused here says what to change, and never to give away a directory that others use.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>
#include <apr_strings.h>
#include <unixd.h>

#include "config/as_child.h"
#include "docgen_private.h"

/* Where a generator without a slash in its name is looked for. */
static const char *const program_dirs[] = {"/usr/bin", "/usr/lib/docgen", "/usr/local/bin", NULL};

static uid_t child_user(void)
{
    return geteuid() ? geteuid() : ap_unixd_config.user_id;
}

static gid_t child_group(void)
{
    return geteuid() ? getegid() : ap_unixd_config.group_id;
}

/* The first directory above a path that this process may not enter, or NULL. */
static const char *locked_directory(apr_pool_t *pool, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *above = apr_pstrmemdup(pool, path, (apr_size_t)(slash - path));

        if (access(above, X_OK) && errno == EACCES) {
            return above;
        }
    }
    return NULL;
}

/* Why a path cannot be reached, when `error` says so. */
static const char *unreachable(apr_pool_t *pool, const char *path, int error)
{
    const char *locked = error == EACCES ? locked_directory(pool, path) : NULL;

    return locked ? apr_psprintf(pool,
                                 "%s cannot be reached by the user of httpd's children, who may "
                                 "not enter %s; choose a place that this user can reach.",
                                 path, locked)
                  : apr_psprintf(pool,
                                 "%s cannot be reached by the user of httpd's children (%s); "
                                 "correct the path.",
                                 path, strerror(error));
}

static const char *find_program(apr_pool_t *pool, const char *name)
{
    struct stat info;

    for (int i = 0; program_dirs[i]; i++) {
        const char *path = apr_pstrcat(pool, program_dirs[i], "/", name, NULL);

        if (!stat(path, &info)) {
            return path;
        }
    }
    return NULL;
}

/* The program's path, or a sentence, which does not begin with a slash. */
static const char *look_for_generator(apr_pool_t *pool, const void *data)
{
    const char *name = data;
    const char *path =
        strchr(name, '/') ? ap_server_root_relative(pool, name) : find_program(pool, name);
    struct stat info;

    if (!path) {
        return apr_psprintf(pool,
                            "there is no program %s in /usr/bin, /usr/lib/docgen or "
                            "/usr/local/bin; install it or write its full path.",
                            name);
    }
    if (stat(path, &info)) {
        return apr_pstrcat(pool, "the program ", unreachable(pool, path, errno), NULL);
    }
    if (!S_ISREG(info.st_mode) || access(path, X_OK)) {
        return apr_psprintf(pool,
                            "the file %s is not a program that the user of httpd's children may "
                            "execute; name a program, with mode 755.",
                            path);
    }
    return path;
}

const char *docgen_paths_generator(apr_pool_t *pool, const docgen_config *config, const char **path)
{
    const char *name = APR_ARRAY_IDX(config->generator, 0, const char *), *answer;

    if (docgen_as_child_ask(pool, look_for_generator, name, &answer) != APR_SUCCESS ||
        *answer != '/') {
        return answer;
    }
    *path = answer;
    return NULL;
}

/* "" or a sentence. */
static const char *use_directory(apr_pool_t *pool, const void *data)
{
    const char *dir = data;

    if (access(apr_pstrcat(pool, dir, "/.", NULL), R_OK | W_OK | X_OK)) {
        return unreachable(pool, dir, errno);
    }
    return "";
}

/* "" or a sentence. Asked of the directory in which another one shall be made. */
static const char *enter_directory(apr_pool_t *pool, const void *data)
{
    const char *dir = data;

    if (access(apr_pstrcat(pool, dir, "/.", NULL), X_OK)) {
        const char *inside = apr_pstrcat(pool, strcmp(dir, "/") ? dir : "", "/.", NULL);

        return unreachable(pool, inside, errno);
    }
    return "";
}

static const char *ask(apr_pool_t *pool, docgen_question *question, const char *dir)
{
    const char *answer;
    apr_status_t rv = docgen_as_child_ask(pool, question, dir, &answer);

    return rv == APR_SUCCESS && !*answer ? NULL : answer;
}

/* The nearest directory above that exists. */
static const char *existing_parent(apr_pool_t *pool, const char *dir)
{
    char *above = apr_pstrdup(pool, dir);
    struct stat info;

    do {
        char *slash = strrchr(above, '/');

        slash[slash == above] = '\0';
    } while (strcmp(above, "/") && lstat(above, &info) && errno == ENOENT);
    return above;
}

/* Kernel interfaces look like directories, but nothing can be made in them. */
static int is_kernels(const char *dir)
{
    struct statfs info;

    if (statfs(dir, &info)) {
        return 0;
    }
    return info.f_type == PROC_SUPER_MAGIC || info.f_type == SYSFS_MAGIC ||
           info.f_type == CGROUP2_SUPER_MAGIC || info.f_type == DEVPTS_SUPER_MAGIC;
}

/* Could the directory be made? Nothing is made here. */
static const char *check_future(apr_pool_t *pool, const char *dir)
{
    const char *above = existing_parent(pool, dir);
    struct stat info;

    if (stat(above, &info) || !S_ISDIR(info.st_mode)) {
        return apr_psprintf(pool, "%s cannot be made, because %s is not a directory.", dir, above);
    }
    if (is_kernels(above) || access(above, W_OK | X_OK)) {
        return apr_psprintf(pool,
                            "%s cannot be made, because nothing can be written to %s; choose a "
                            "place such as /var/cache/docgen.",
                            dir, above);
    }
    return ask(pool, enter_directory, above);
}

static const char *check_present(apr_pool_t *pool, const char *dir, const struct stat *info)
{
    if (!S_ISDIR(info->st_mode)) {
        return apr_psprintf(pool, "%s is not a directory (nor may it be a link).", dir);
    }
    if (info->st_uid != child_user()) {
        return apr_psprintf(pool,
                            "%s must belong to the user of httpd's children; name a directory "
                            "of that user, or one that does not exist yet, such as "
                            "/var/cache/docgen: httpd makes it.",
                            dir);
    }
    if (info->st_mode & 0022) {
        return apr_psprintf(pool, "%s must not be writable by others (mode 700).", dir);
    }
    return ask(pool, use_directory, dir);
}

const char *docgen_paths_work_dir(apr_pool_t *pool, const char *dir)
{
    struct stat info;

    if (!lstat(dir, &info)) {
        return check_present(pool, dir, &info);
    }
    if (errno != ENOENT) {
        return apr_psprintf(pool,
                            "%s cannot be used (%s); choose a place such as "
                            "/var/cache/docgen.",
                            dir, strerror(errno));
    }
    return check_future(pool, dir);
}

const char *docgen_paths_make_work_dir(apr_pool_t *pool, const char *dir)
{
    struct stat info;

    if (!lstat(dir, &info)) {
        return NULL;
    }
    for (const char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *above = apr_pstrmemdup(pool, dir, (apr_size_t)(slash - dir));

        if (!mkdir(above, 0755)) {
            chmod(above, 0755); /* whatever the umask: the children must get through */
        }
    }
    if (mkdir(dir, 0700) || (!geteuid() && chown(dir, child_user(), child_group()))) {
        return apr_psprintf(pool,
                            "%s cannot be made (%s); choose a place such as /var/cache/docgen.",
                            dir, strerror(errno));
    }
    return NULL;
}

const char *docgen_config_work_dir_lack(const docgen_config *config)
{
    struct stat info;

    if (!lstat(config->work_dir, &info) && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
        !access(config->work_dir, R_OK | W_OK | X_OK)) {
        return NULL;
    }
    return "The work directory (DocGenWorkDir) is gone or not httpd's any more, so every "
           "generation fails; reload httpd (apachectl graceful): it makes the directory anew, or "
           "its error log says what to change.";
}

/* "" always: only whether it could be asked matters. */
static const char *nothing(apr_pool_t *pool, const void *data)
{
    (void)pool, (void)data;
    return "";
}

const char *docgen_paths_user(apr_pool_t *pool)
{
    return ask(pool, nothing, NULL);
}
