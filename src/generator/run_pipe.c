/* A helper program that stays open for requests and answers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
#include "core/buffer.h"
#include "generator/spawn.h"

#define BUFFER_SIZE   65536
#define WRITE_TIMEOUT apr_time_from_sec(60)
#define CLOSE_GRACE   apr_time_from_msec(200)

struct docgen_pipe {
    pid_t pid; /* 0 = ended and reaped */
    int in, out;
    char buffer[BUFFER_SIZE];
    apr_size_t start, end; /* what is read but not yet given away */
    docgen_buffer *line;
};

static void fd_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static apr_status_t pipe_cleanup(void *pipe)
{
    docgen_pipe_close(pipe);
    return APR_SUCCESS;
}

apr_status_t docgen_pipe_open(docgen_pipe **result, apr_pool_t *pool, const docgen_run *run)
{
    docgen_pipe *self = apr_pcalloc(pool, sizeof(*self));
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    docgen_spawn spawn = {0};
    apr_status_t rv = APR_SUCCESS;

    signal(SIGPIPE, SIG_IGN);
    self->in = self->out = -1;
    self->line = docgen_buffer_create(pool);
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        rv = errno;
    } else {
        spawn.argv = run->argv;
        spawn.env = run->env;
        spawn.directory = run->directory;
        spawn.input = in[0];
        spawn.output = out[1];
        spawn.errors = STDERR_FILENO;
        spawn.pass_fd = run->pass_fd;
        spawn.max_memory = run->max_memory;
        spawn.cpu_seconds = run->cpu_seconds;
        rv = docgen_spawn_program(pool, &spawn, &self->pid);
    }
    fd_close(&in[0]);
    fd_close(&out[1]);
    self->in = in[1];
    self->out = out[0];
    if (rv != APR_SUCCESS) {
        fd_close(&self->in);
        fd_close(&self->out);
        return rv;
    }
    fcntl(self->in, F_SETFL, O_NONBLOCK);
    fcntl(self->out, F_SETFL, O_NONBLOCK);
    apr_pool_cleanup_register(pool, self, pipe_cleanup, apr_pool_cleanup_null);
    *result = self;
    return APR_SUCCESS;
}

/** Waits until `fd` is ready or the deadline is over. */
static apr_status_t ready_wait(int fd, short events, apr_time_t deadline)
{
    struct pollfd wait = {.fd = fd, .events = events};

    for (;;) {
        apr_interval_time_t left = deadline - docgen_monotonic_now();
        int n = left > 0 ? poll(&wait, 1, (int)(left / 1000) + 1) : 0;

        if (n > 0) {
            return APR_SUCCESS;
        }
        if (left <= 0) {
            return APR_TIMEUP;
        }
        if (n < 0 && errno != EINTR) {
            return errno;
        }
    }
}

apr_status_t docgen_pipe_write(docgen_pipe *pipe, const void *data, apr_size_t length)
{
    apr_time_t deadline = docgen_monotonic_now() + WRITE_TIMEOUT;
    const char *bytes = data;

    while (length) {
        ssize_t n = pipe->in < 0 ? -1 : write(pipe->in, bytes, length);

        if (n >= 0) {
            bytes += n;
            length -= (apr_size_t)n;
        } else if (pipe->in < 0) {
            return APR_EOF;
        } else if (errno == EAGAIN) {
            apr_status_t rv = ready_wait(pipe->in, POLLOUT, deadline);

            if (rv != APR_SUCCESS) {
                return rv;
            }
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return APR_SUCCESS;
}

/** Fills the empty buffer. */
static apr_status_t buffer_fill(docgen_pipe *pipe, apr_time_t deadline)
{
    for (;;) {
        ssize_t n = pipe->out < 0 ? 0 : read(pipe->out, pipe->buffer, BUFFER_SIZE);

        if (n > 0) {
            pipe->start = 0;
            pipe->end = (apr_size_t)n;
            return APR_SUCCESS;
        }
        if (n == 0) {
            return APR_EOF;
        }
        if (errno == EAGAIN) {
            apr_status_t rv = ready_wait(pipe->out, POLLIN, deadline);

            if (rv != APR_SUCCESS) {
                return rv;
            }
        } else if (errno != EINTR) {
            return errno;
        }
    }
}

apr_status_t docgen_pipe_read_line(docgen_pipe *pipe, apr_interval_time_t timeout, apr_size_t max,
                                   const char **line, apr_size_t *length)
{
    apr_time_t deadline = docgen_monotonic_now() + timeout;

    docgen_buffer_clear(pipe->line);
    for (;;) {
        const char *start = pipe->buffer + pipe->start;
        apr_size_t have = pipe->end - pipe->start;
        const char *newline = have ? memchr(start, '\n', have) : NULL;
        apr_size_t take = newline ? (apr_size_t)(newline - start) : have;
        apr_status_t rv;

        if (pipe->line->length + take > max) {
            return APR_ENOSPC;
        }
        docgen_buffer_append(pipe->line, start, take);
        pipe->start += take + (newline ? 1 : 0);
        if (newline) {
            *line = pipe->line->data;
            *length = pipe->line->length;
            return APR_SUCCESS;
        }
        rv = buffer_fill(pipe, deadline);
        if (rv != APR_SUCCESS) {
            return rv;
        }
    }
}

apr_status_t docgen_pipe_read(docgen_pipe *pipe, apr_interval_time_t timeout, void *data,
                              apr_size_t length)
{
    apr_time_t deadline = docgen_monotonic_now() + timeout;
    char *bytes = data;

    while (length) {
        apr_size_t have = pipe->end - pipe->start;
        apr_size_t take = have < length ? have : length;

        if (!have) {
            apr_status_t rv = buffer_fill(pipe, deadline);

            if (rv != APR_SUCCESS) {
                return rv;
            }
            continue;
        }
        memcpy(bytes, pipe->buffer + pipe->start, take);
        pipe->start += take;
        bytes += take;
        length -= take;
    }
    return APR_SUCCESS;
}

apr_status_t docgen_pipe_end(docgen_pipe *pipe, apr_interval_time_t timeout)
{
    apr_time_t deadline = docgen_monotonic_now() + timeout;
    int status = -1;

    fd_close(&pipe->in);
    while (pipe->pid && status == -1 && docgen_monotonic_now() < deadline) {
        pid_t pid = waitpid(pipe->pid, &status, WNOHANG);

        if (pid == pipe->pid) {
            kill(-pipe->pid, SIGKILL); /* whatever it left behind */
            pipe->pid = 0;
        } else {
            status = -1;
            apr_sleep(200);
        }
    }
    docgen_pipe_close(pipe);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? APR_SUCCESS : APR_EGENERAL;
}

void docgen_pipe_close(docgen_pipe *pipe)
{
    apr_time_t deadline = docgen_monotonic_now() + CLOSE_GRACE;

    fd_close(&pipe->in); /* the end of its input asks a helper to end by itself */
    fd_close(&pipe->out);
    while (pipe->pid && docgen_monotonic_now() < deadline) {
        if (waitpid(pipe->pid, NULL, WNOHANG) != 0) {
            kill(-pipe->pid, SIGKILL); /* whatever it left behind */
            pipe->pid = 0;
        } else {
            apr_sleep(apr_time_from_msec(1));
        }
    }
    if (pipe->pid) {
        docgen_spawn_kill(pipe->pid);
        pipe->pid = 0;
    }
}
