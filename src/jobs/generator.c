/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/generator.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "jobs/clock.h"
#include "jobs/orphan_processes.h"

struct docgen_generator {
    const docgen_generator_command *spawn;
    pthread_mutex_t
        lock; /* pid and reaped: a pid must not be signalled after somebody else got it */
    pid_t pid;
    int reaped;
    int ended;               /* it is a zombie or reaped; its group got KILL */
    int in, out, err, pidfd; /* -1 = closed */
    ino_t in_inode, out_inode, err_inode;
    int is_out_done;    /* nothing more of it is read, though a stranger may keep it open */
    int is_output_open; /* somebody else held its stdout when it ended */
    apr_size_t sent;
    apr_time_t heard_at;
    int exit_code;
    int exit_signal;
    apr_size_t logged; /* bytes of stderr so far */
    char log[DOCGEN_GENERATOR_LOG_MAX];
};

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static apr_status_t generator_cleanup(void *data)
{
    docgen_generator *generator = data;

    docgen_generator_end(generator);
    close_fd(&generator->in);
    close_fd(&generator->out);
    close_fd(&generator->err);
    close_fd(&generator->pidfd);
    pthread_mutex_destroy(&generator->lock);
    return APR_SUCCESS;
}

/* A pipe whose end `ours` (0 reading, 1 writing) does not block. */
static int open_pipe(int fds[2], int ours)
{
    return pipe2(fds, O_CLOEXEC) == 0 && fcntl(fds[ours], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
}

static ino_t inode_of(int fd)
{
    struct stat st;

    return fd >= 0 && fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static int spawn_program(const docgen_generator_command *spawn, const int fds[3], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int rv;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    rv = posix_spawn_file_actions_addchdir_np(&actions, spawn->directory);
    for (int i = 0; i < 3 && rv == 0; i++) {
        rv = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
    }
    rv = rv ? rv : posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    rv = rv ? rv
            : posix_spawnp(pid, spawn->argv[0], &actions, &attributes, (char *const *)spawn->argv,
                           (char *const *)spawn->env);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rv;
}

/* A generation must not slow the pages that this server serves, and is the first to go when
 * memory runs out. */
static void lower_priority(pid_t pid)
{
    char path[64];
    int fd;

    setpriority(PRIO_PGRP, (id_t)pid, 19);
    snprintf(path, sizeof(path), "/proc/%ld/oom_score_adj", (long)pid);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t n = write(fd, "1000", 4);

        (void)n; /* a kernel without it still runs the job */
        close(fd);
    }
}

apr_status_t docgen_generator_start(docgen_generator **generator, apr_pool_t *pool,
                                    const docgen_generator_command *spawn)
{
    docgen_generator *made = apr_pcalloc(pool, sizeof(*made));
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    int rv;

    made->spawn = spawn;
    made->heard_at = docgen_clock_now();
    made->in = made->out = made->err = made->pidfd = -1;
    if ((rv = open_pipe(in, 1)) == 0 && (rv = open_pipe(out, 0)) == 0 &&
        (rv = open_pipe(err, 0)) == 0) {
        rv = spawn_program(spawn, (const int[3]){in[0], out[1], err[1]}, &made->pid);
    }
    close_fd(&in[0]);
    close_fd(&out[1]);
    close_fd(&err[1]);
    made->in = in[1];
    made->out = out[0];
    made->err = err[0];
    made->in_inode = inode_of(made->in);
    made->out_inode = inode_of(made->out);
    made->err_inode = inode_of(made->err);
    if (rv != 0) {
        close_fd(&made->in);
        close_fd(&made->out);
        close_fd(&made->err);
        return rv;
    }
    pthread_mutex_init(&made->lock, NULL);
    apr_pool_cleanup_register(pool, made, generator_cleanup, apr_pool_cleanup_null);
    lower_priority(made->pid);
    made->pidfd = pidfd_open(made->pid, 0);
    if (made->pidfd < 0) {
        rv = errno;
        apr_pool_cleanup_run(pool, made, generator_cleanup);
        return rv;
    }
    *generator = made;
    return APR_SUCCESS;
}

pid_t docgen_generator_pid(const docgen_generator *generator)
{
    return generator->pid;
}

void docgen_generator_signal(docgen_generator *generator, int signal)
{
    pthread_mutex_lock(&generator->lock);
    if (!generator->reaped) {
        kill(-generator->pid, signal);
    }
    pthread_mutex_unlock(&generator->lock);
}

static void pump_stdin(docgen_generator *generator)
{
    const docgen_generator_command *spawn = generator->spawn;
    ssize_t n =
        write(generator->in, spawn->input + generator->sent, spawn->input_length - generator->sent);

    if (n > 0) {
        generator->sent += (apr_size_t)n;
    } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
        generator->sent = spawn->input_length; /* it closed its stdin: it wants no more */
    }
}

/* Moves stderr into the ring. One bounded gulp, so that a flood of log does not keep the job
 * from its clock. */
static void pump_stderr(docgen_generator *generator)
{
    for (int i = 0; i < 16 && generator->err >= 0; i++) {
        apr_size_t at = generator->logged % sizeof(generator->log);
        ssize_t n = read(generator->err, generator->log + at, sizeof(generator->log) - at);

        if (n > 0) {
            generator->logged += (apr_size_t)n;
            generator->heard_at = docgen_clock_now();
        } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
            close_fd(&generator->err);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* Does anybody still hold the writing end of its stdout? A program that another thread is just starting has it, like
 * every descriptor, until its exec: that passes. */
static int is_out_held(const docgen_generator *generator)
{
    struct pollfd out = {.fd = generator->out, .events = POLLIN};

    for (int i = 0; i < 20; i++) {
        if (generator->out < 0 || (poll(&out, 1, 0) > 0 && (out.revents & POLLHUP))) {
            return 0;
        }
        usleep(10000);
    }
    return 1;
}

/* It is a zombie: its number is still its own, so its group can be killed without hitting a
 * stranger. */
static void notice_end(docgen_generator *generator)
{
    if (!generator->ended) {
        generator->ended = 1;
        generator->is_output_open = is_out_held(generator);
        docgen_generator_signal(generator, SIGKILL);
        pump_stderr(generator);
    }
}

/* Waits for anything to happen, at most until `until`, and does what is not reading stdout. */
static int generator_poll(docgen_generator *generator, apr_time_t until, int with_stdout)
{
    apr_interval_time_t left = until - docgen_clock_now();
    int pending = generator->in >= 0 && generator->sent < generator->spawn->input_length;
    struct pollfd fds[4] = {
        {.fd = with_stdout && !generator->is_out_done ? generator->out : -1, .events = POLLIN},
        {.fd = generator->err, .events = POLLIN},
        {.fd = pending ? generator->in : -1, .events = POLLOUT},
        {.fd = generator->ended ? -1 : generator->pidfd, .events = POLLIN},
    };
    int timeout = left <= 0 ? 0 : (int)((left + 999) / 1000);

    if (poll(fds, 4, generator->ended && with_stdout ? 0 : timeout) <= 0) {
        return 0;
    }
    if (fds[1].revents) {
        pump_stderr(generator);
    }
    if (fds[2].revents) {
        pump_stdin(generator);
    }
    if (fds[3].revents) {
        notice_end(generator);
    }
    return fds[0].revents != 0;
}

apr_status_t docgen_generator_read(docgen_generator *generator, apr_interval_time_t timeout,
                                   char *data, apr_size_t size, apr_size_t *length)
{
    apr_time_t until = docgen_clock_now() + timeout;

    while (generator->out >= 0 && !generator->is_out_done) {
        int ended = generator->ended; /* before looking: what it wrote last must still be seen */

        if (generator_poll(generator, until, 1)) {
            ssize_t n = read(generator->out, data, size);

            if (n > 0) {
                *length = (apr_size_t)n;
                generator->heard_at = docgen_clock_now();
                return APR_SUCCESS;
            }
            if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
                close_fd(&generator->out);
            }
        } else if (ended) {
            generator->is_out_done = 1;
        } else if (docgen_clock_now() >= until) {
            return APR_TIMEUP;
        }
    }
    return APR_EOF;
}

/* Its group is dead; who went into another session and kept a pipe follows. */
static void end_leftovers(docgen_generator *generator)
{
    const docgen_pipe_end ends[] = {{generator->in, 1, generator->in_inode},
                                    {generator->out, 0, generator->out_inode},
                                    {generator->err, 0, generator->err_inode}};

    docgen_orphan_processes_kill(ends, 3);
}

apr_status_t docgen_generator_wait(docgen_generator *generator, apr_interval_time_t timeout)
{
    apr_time_t until = docgen_clock_now() + timeout;
    int status = 0;

    if (generator->reaped) {
        return APR_SUCCESS;
    }
    while (!generator->ended) {
        generator_poll(generator, until, 0);
        if (!generator->ended && docgen_clock_now() >= until) {
            return APR_TIMEUP;
        }
    }
    pthread_mutex_lock(&generator->lock);
    while (waitpid(generator->pid, &status, 0) < 0 && errno == EINTR) {
    }
    generator->reaped = 1;
    pthread_mutex_unlock(&generator->lock);
    end_leftovers(generator);
    generator->exit_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    generator->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return APR_SUCCESS;
}

void docgen_generator_end(docgen_generator *generator)
{
    if (generator->reaped) {
        return;
    }
    docgen_generator_signal(generator, SIGTERM);
    docgen_generator_signal(generator, SIGCONT);
    if (generator->pidfd < 0 ||
        docgen_generator_wait(generator, DOCGEN_GENERATOR_PATIENCE) == APR_TIMEUP) {
        docgen_generator_signal(generator, SIGKILL);
        generator->ended = generator->pidfd < 0;
        while (docgen_generator_wait(generator, apr_time_from_sec(10)) == APR_TIMEUP) {
            /* in the kernel's hands: a killed process ends when its system call does */
        }
    }
}

int docgen_generator_exit_code(const docgen_generator *generator)
{
    return generator->exit_code;
}

int docgen_generator_exit_signal(const docgen_generator *generator)
{
    return generator->exit_signal;
}

int docgen_generator_left_output_open(const docgen_generator *generator)
{
    return generator->is_output_open;
}

apr_time_t docgen_generator_heard_at(const docgen_generator *generator)
{
    return generator->heard_at;
}

const char *docgen_generator_log(const docgen_generator *generator, apr_pool_t *pool,
                                 apr_size_t *length)
{
    apr_size_t size = sizeof(generator->log);
    apr_size_t at = generator->logged % size;
    char *text;

    if (generator->logged <= size) {
        *length = generator->logged;
        return apr_pstrmemdup(pool, generator->log, generator->logged);
    }
    text = apr_palloc(pool, size + 1);
    memcpy(text, generator->log + at, size - at);
    memcpy(text + size - at, generator->log, at);
    text[size] = '\0';
    *length = size;
    return text;
}

const char *const *docgen_generator_environment(apr_pool_t *pool, const char *directory)
{
    static const char *const names[] = {"PATH",         "TZ",
                                        "http_proxy",   "https_proxy",
                                        "no_proxy",     "all_proxy",
                                        "HTTP_PROXY",   "HTTPS_PROXY",
                                        "NO_PROXY",     "SSL_CERT_FILE",
                                        "SSL_CERT_DIR", "LD_LIBRARY_PATH",
                                        "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                        "LSAN_OPTIONS"};
    apr_array_header_t *env = apr_array_make(pool, 16, sizeof(const char *));

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (!value && i == 0) {
            value = "/usr/local/bin:/usr/bin:/bin";
        }
        if (value) {
            APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, names[i], "=", value, NULL);
        }
    }
    APR_ARRAY_PUSH(env, const char *) = "LANG=C.UTF-8";
    APR_ARRAY_PUSH(env, const char *) = "LC_ALL=C.UTF-8";
    APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, "HOME=", directory, NULL);
    APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(pool, "TMPDIR=", directory, NULL);
    APR_ARRAY_PUSH(env, const char *) = NULL;
    return (const char *const *)env->elts;
}
