/* SPDX-License-Identifier: Apache-2.0 */
#include "config/as_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include <apr_strings.h>
#include <apr_time.h>
#include <unixd.h>

#define ANSWER_MAX 65536
#define OUTPUT_MAX 4096
#define PATIENCE   apr_time_from_sec(15)

/* What precedes the answer: did the process become the children's user? */
typedef struct opening {
    int error;
} opening;

/* As httpd itself does it before a child serves. @return errno, or 0 */
static int become_child(void)
{
    const char *root = ap_unixd_config.chroot_dir;

    if (geteuid()) {
        return 0;
    }
    if (root && (chdir(root) || chroot(root) || chdir("/"))) {
        return errno;
    }
    if (setgid(ap_unixd_config.group_id) ||
        initgroups(ap_unixd_config.user_name ? ap_unixd_config.user_name : "",
                   ap_unixd_config.group_id) ||
        setuid(ap_unixd_config.user_id)) {
        return errno;
    }
    return 0;
}

static void write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length) {
        ssize_t n = write(fd, at, length);

        if (n < 0 && errno != EINTR) {
            return;
        }
        at += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
}

__attribute__((noreturn)) static void run_question(apr_pool_t *pool, docgen_question *question,
                                                   const void *data, int out)
{
    opening opening;
    sigset_t none;

    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGTERM, SIG_DFL);
    opening.error = become_child();
    write_all(out, &opening, sizeof(opening));
    if (!opening.error) {
        const char *answer = question(pool, data);

        write_all(out, answer, strlen(answer));
    }
    _exit(0); /* without httpd's cleanups: they are the parent's */
}

/* Reads to the end, or until `until`. @return what was read, or -1 when the time is over */
static ssize_t read_all(int fd, char *text, size_t size, apr_time_t until)
{
    size_t length = 0;

    while (length < size) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        apr_time_t left = until - apr_time_now();
        ssize_t n;

        if (left <= 0) {
            return -1;
        }
        if (poll(&wait, 1, (int)apr_time_as_msec(left) + 1) <= 0) {
            continue;
        }
        n = read(fd, text + length, size - length);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            break;
        }
        length += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)length;
}

static void await_exit(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

static apr_status_t judge(apr_pool_t *pool, const char *text, ssize_t length, const char **answer)
{
    opening opening;

    if (length < (ssize_t)sizeof(opening)) {
        *answer = "the check as the user of httpd's children gave no answer in time.";
        return APR_TIMEUP;
    }
    memcpy(&opening, text, sizeof(opening));
    if (opening.error) {
        *answer = apr_psprintf(pool,
                               "httpd cannot become the user of its children (%s); check the "
                               "directives User, Group and ChrootDir.",
                               strerror(opening.error));
        return APR_FROM_OS_ERROR(opening.error);
    }
    *answer = apr_pstrmemdup(pool, text + sizeof(opening), (apr_size_t)length - sizeof(opening));
    return APR_SUCCESS;
}

apr_status_t docgen_as_child_ask(apr_pool_t *pool, docgen_question *question, const void *data,
                                 const char **answer)
{
    char *text = apr_palloc(pool, ANSWER_MAX + sizeof(opening));
    int ends[2];
    ssize_t length;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC)) {
        *answer = "no pipe could be made.";
        return APR_FROM_OS_ERROR(errno);
    }
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        run_question(pool, question, data, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        *answer = "no process could be made.";
        return APR_FROM_OS_ERROR(errno);
    }
    setpgid(pid, pid); /* whoever comes first: the group must exist before it is killed */
    length = read_all(ends[0], text, ANSWER_MAX + sizeof(opening), apr_time_now() + PATIENCE);
    close(ends[0]);
    kill(-pid, SIGKILL); /* it and what it started; it has said everything */
    await_exit(pid);
    return judge(pool, text, length, answer);
}

int docgen_as_child_runs(apr_pool_t *pool, const char *const *argv, const char **output)
{
    posix_spawn_file_actions_t actions;
    char *text = apr_pcalloc(pool, OUTPUT_MAX + 1);
    int ends[2], status = 0, error;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC)) {
        return 0;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    error = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!error) {
        read_all(ends[0], text, OUTPUT_MAX, apr_time_now() + PATIENCE);
    }
    close(ends[0]);
    if (error || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status)) {
        return 0;
    }
    if (output) {
        *output = text;
    }
    return 1;
}
