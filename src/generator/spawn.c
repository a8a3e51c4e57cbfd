/* vfork and exec rather than posix_spawn: limits and the parent-death order belong between the two.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <apr_strings.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

apr_time_t docgen_monotonic_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}

static const char *environment_or(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value && *value ? value : fallback;
}

const char *const *docgen_spawn_environment(apr_pool_t *pool)
{
    const char *temporary = environment_or("TMPDIR", "/tmp");
    const char **env = apr_pcalloc(pool, 6 * sizeof(*env));

    env[0] = apr_pstrcat(pool, "PATH=", environment_or("PATH", DEFAULT_PATH), NULL);
    env[1] = "LC_ALL=C.UTF-8";
    env[2] = apr_pstrcat(pool, "HOME=", environment_or("HOME", temporary), NULL);
    env[3] = apr_pstrcat(pool, "TMPDIR=", temporary, NULL);
    env[4] = "TZ=UTC";
    return env;
}

const char *docgen_spawn_which(apr_pool_t *pool, const char *name)
{
    char *paths = apr_pstrdup(pool, environment_or("PATH", DEFAULT_PATH));
    char *last = NULL;

    if (strchr(name, '/')) {
        return access(name, X_OK) == 0 ? name : NULL;
    }
    for (char *dir = apr_strtok(paths, ":", &last); dir; dir = apr_strtok(NULL, ":", &last)) {
        const char *path = apr_pstrcat(pool, dir, "/", name, NULL);

        if (*dir == '/' && access(path, X_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static void limit_set(int resource, rlim_t value)
{
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    if (value) {
        setrlimit(resource, &limit);
    }
}

/** Puts descriptors 0, 1, 2 in place and closes all others but `pass`. @return 0 or errno */
static int descriptors_place(const docgen_spawn *spawn)
{
    int fds[3] = {spawn->input, spawn->output, spawn->errors};

    for (int i = 0; i < 3;
         i++) { /* first out of the way of 0…2, so that no dup2 overwrites another */
        fds[i] = fcntl(fds[i], F_DUPFD, 3 + (spawn->pass_fd > 2 ? spawn->pass_fd : 0));
        if (fds[i] < 0) {
            return errno;
        }
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(fds[i], i) < 0) {
            return errno;
        }
    }
    if (spawn->pass_fd > 2) {
        if (spawn->pass_fd > 3) {
            syscall(SYS_close_range, 3U, (unsigned)spawn->pass_fd - 1, 0);
        }
        syscall(SYS_close_range, (unsigned)spawn->pass_fd + 1, ~0U, 0);
        fcntl(spawn->pass_fd, F_SETFD, 0);
    } else {
        syscall(SYS_close_range, 3U, ~0U, 0);
    }
    return 0;
}

/** The child between vfork and exec: system calls only, for the memory is still the parent's. */
static void child_run(const docgen_spawn *spawn, const char *program, const char *const *env,
                      pid_t parent, volatile int *error)
{
    struct rlimit no_core = {0, 0};
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;

    for (int i = 1; i < NSIG; i++) {
        sigaction(i, &plain, NULL);
    }
    if (spawn->max_file) {
        signal(SIGXFSZ,
               SIG_IGN); /* "File too large" explains itself; a signal in git's child does not */
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(127);
    }
    setpgid(0, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    limit_set(RLIMIT_AS, spawn->max_memory);
    limit_set(RLIMIT_DATA, spawn->max_data);
    limit_set(RLIMIT_FSIZE, spawn->max_file);
    limit_set(RLIMIT_CPU, (rlim_t)spawn->cpu_seconds);
    *error = descriptors_place(spawn);
    if (!*error && spawn->directory && chdir(spawn->directory) != 0) {
        *error = errno;
    }
    if (!*error) {
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(program, (char *const *)spawn->argv, (char *const *)env);
        *error = errno;
    }
    _exit(127);
}

static __attribute__((noinline)) pid_t child_start(const docgen_spawn *spawn, const char *program,
                                                   const char *const *env, volatile int *error)
{
    pid_t parent = getpid();
    pid_t pid = vfork();

    if (pid == 0) {
        child_run(spawn, program, env, parent, error);
    }
    return pid;
}

apr_status_t docgen_spawn_program(apr_pool_t *pool, const docgen_spawn *spawn, pid_t *pid)
{
    const char *program = docgen_spawn_which(pool, spawn->argv[0]);
    const char *const *env = spawn->env ? spawn->env : docgen_spawn_environment(pool);
    volatile int error = 0;
    sigset_t all, before;
    pid_t child;

    if (!program) {
        return APR_ENOENT;
    }
    /* A handler must not run in the child while it borrows this memory. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    child = child_start(spawn, program, env, &error);
    if (child < 0) {
        error = errno;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (error) {
        if (child > 0) {
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
            }
        }
        return error;
    }
    *pid = child;
    return APR_SUCCESS;
}

int docgen_spawn_kill(pid_t pid)
{
    int status = 0;

    kill(-pid, SIGKILL);
    kill(pid, SIGKILL); /* when it has made itself another group's leader */
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return 0;
        }
    }
    return status;
}
