/* One helper program from start to end: a poll loop over its three pipes and its own end.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/spawn.h"

#define DEFAULT_TIMEOUT apr_time_from_sec(60)
#define DEFAULT_OUTPUT  ((apr_size_t)64 * 1024 * 1024)
#define ERRORS_KEPT     (16 * 1024)
#define POLL_STEP_MS    100 /* how soon an end is noticed where the kernel has no pidfd */

/** A run in progress. */
typedef struct state {
    const docgen_run *run;
    apr_pool_t *scratch;
    docgen_buffer *output;
    docgen_buffer *errors;
    int in, out, err; /* our ends; -1 = closed */
    apr_size_t written;
    apr_size_t max_output;
    int pidfd;
    pid_t pid;
    int status;
    int ended;
    int timed_out;
    int overflowed;
} state;

static void fd_close(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

/** A pipe; `ours` (0 = reading, 1 = writing end) does not block and is not inherited. */
static apr_status_t pipe_make(int fds[2], int ours)
{
    if (pipe2(fds, O_CLOEXEC) != 0) {
        fds[0] = fds[1] = -1;
        return errno;
    }
    fcntl(fds[ours], F_SETFL, O_NONBLOCK);
    return APR_SUCCESS;
}

static apr_status_t state_start(state *state)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    docgen_spawn spawn = {0};
    apr_status_t rv;

    signal(SIGPIPE, SIG_IGN); /* a helper that stops reading is an error here, not the end */
    rv = pipe_make(out, 0);
    if (rv == APR_SUCCESS) {
        rv = pipe_make(err, 0);
    }
    if (rv == APR_SUCCESS && state->run->input) {
        rv = pipe_make(in, 1);
    } else if (rv == APR_SUCCESS) {
        in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        rv = in[0] < 0 ? errno : APR_SUCCESS;
    }
    if (rv == APR_SUCCESS) {
        spawn.argv = state->run->argv;
        spawn.env = state->run->env;
        spawn.directory = state->run->directory;
        spawn.input = in[0];
        spawn.output = out[1];
        spawn.errors = err[1];
        spawn.pass_fd = state->run->pass_fd;
        spawn.max_memory = state->run->max_memory;
        spawn.max_file = state->run->max_file;
        spawn.cpu_seconds = state->run->cpu_seconds;
        rv = docgen_spawn_program(state->scratch, &spawn, &state->pid);
    }
    fd_close(&in[0]);
    fd_close(&out[1]);
    fd_close(&err[1]);
    state->in = in[1];
    state->out = out[0];
    state->err = err[0];
    if (rv == APR_SUCCESS) {
        state->pidfd = (int)syscall(SYS_pidfd_open, state->pid, 0);
    }
    return rv;
}

static void input_write(state *state)
{
    ssize_t n = write(state->in, state->run->input + state->written,
                      state->run->input_length - state->written);

    if (n > 0) {
        state->written += (apr_size_t)n;
    }
    if (state->written == state->run->input_length ||
        (n < 0 && errno != EAGAIN && errno != EINTR)) {
        fd_close(&state->in);
    }
}

/** Reads what is there. @return bytes, 0 when there is nothing now or ever */
static ssize_t output_read(state *state, int *fd)
{
    char piece[65536];
    ssize_t n = read(*fd, piece, sizeof(piece));

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        fd_close(fd);
        return 0;
    }
    if (n < 0) {
        return 0;
    }
    if (fd == &state->out) {
        if (state->output->length + (apr_size_t)n > state->max_output) {
            n = (ssize_t)(state->max_output - state->output->length);
            state->overflowed = 1;
        }
        docgen_buffer_append(state->output, piece, (apr_size_t)n);
        return state->overflowed ? 0 : n;
    }
    if (state->run->on_stderr) {
        state->run->on_stderr(state->run->baton, piece, (apr_size_t)n);
    }
    docgen_buffer_append(state->errors, piece, (apr_size_t)n);
    if (state->errors->length > 4 * ERRORS_KEPT) { /* only the end is kept */
        apr_size_t cut = state->errors->length - ERRORS_KEPT;

        memmove(state->errors->data, state->errors->data + cut, ERRORS_KEPT);
        state->errors->length = ERRORS_KEPT;
        state->errors->data[ERRORS_KEPT] = '\0';
    }
    return n;
}

static void end_check(state *state)
{
    if (!state->ended && waitpid(state->pid, &state->status, WNOHANG) == state->pid) {
        state->ended = 1;
    }
}

/** Waits for the next thing to happen and does it. */
static void state_step(state *state, apr_time_t deadline)
{
    struct pollfd fds[4] = {{.fd = state->in, .events = POLLOUT},
                            {.fd = state->out, .events = POLLIN},
                            {.fd = state->err, .events = POLLIN},
                            {.fd = state->pidfd, .events = POLLIN}};
    apr_interval_time_t left = deadline - docgen_monotonic_now();
    int wait = left > 0 ? (int)(left / 1000) + 1 : 0;

    if (state->pidfd < 0 && wait > POLL_STEP_MS) {
        wait = POLL_STEP_MS;
    }
    poll(fds, 4, wait);
    if (fds[0].revents) {
        input_write(state);
    }
    if (fds[1].revents) {
        output_read(state, &state->out);
    }
    if (fds[2].revents) {
        output_read(state, &state->err);
    }
    end_check(state);
}

static int is_stopped(const state *state)
{
    return state->run->stop && *state->run->stop;
}

/** Until the program has ended, is late or says too much; then nothing of its group is left. */
static void state_supervise(state *state)
{
    apr_time_t deadline =
        docgen_monotonic_now() + (state->run->timeout > 0 ? state->run->timeout : DEFAULT_TIMEOUT);

    while (!state->ended && !state->overflowed && !state->timed_out && !is_stopped(state)) {
        state_step(state, deadline);
        state->timed_out = !state->ended && docgen_monotonic_now() >= deadline;
    }
    if (!state->ended) {
        state->status = docgen_spawn_kill(state->pid);
        state->ended = 1;
    } else {
        kill(-state->pid, SIGKILL);
    }
    /* What it wrote before its end; a child that left the group and keeps the pipe is not waited
     * for. */
    while (state->out >= 0 && !state->overflowed && output_read(state, &state->out) > 0) {
    }
    while (state->err >= 0 && output_read(state, &state->err) > 0) {
    }
}

static void result_fill(apr_pool_t *pool, const state *state, docgen_run_result *result)
{
    char *errors = state->errors->data;
    apr_size_t length = state->errors->length;

    if (length > ERRORS_KEPT) {
        errors += length - ERRORS_KEPT;
        length = ERRORS_KEPT;
    }
    for (apr_size_t i = 0; i < length; i++) {
        errors[i] = errors[i] == '\r' ? '\n' : errors[i]; /* progress that overwrote its line */
    }
    result->output = apr_pstrmemdup(pool, state->output->data, state->output->length);
    result->length = state->output->length;
    result->errors = docgen_utf8_repair(pool, errors, length);
    result->signal = WIFSIGNALED(state->status) ? WTERMSIG(state->status) : 0;
    result->exit_code = WIFEXITED(state->status) ? WEXITSTATUS(state->status) : -1;
    result->timed_out = state->timed_out;
    result->overflowed = state->overflowed;
    if (!state->run->on_stderr && *result->errors && state->status != 0) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "%s: %s", state->run->argv[0],
                   docgen_text_shorten(state->scratch, result->errors, 1500));
    }
}

apr_status_t docgen_run_program(apr_pool_t *pool, const docgen_run *run, docgen_run_result *result)
{
    state state = {.run = run, .in = -1, .out = -1, .err = -1, .pidfd = -1};
    apr_status_t rv;

    memset(result, 0, sizeof(*result));
    result->output = result->errors = "";
    result->exit_code = -1;
    apr_pool_create(&state.scratch, pool);
    state.output = docgen_buffer_create(state.scratch);
    state.errors = docgen_buffer_create(state.scratch);
    state.max_output = run->max_output ? run->max_output : DEFAULT_OUTPUT;
    rv = state_start(&state);
    if (rv != APR_SUCCESS) {
        goto leave;
    }
    state_supervise(&state);
    result_fill(pool, &state, result);
    if (result->timed_out) {
        rv = APR_TIMEUP;
    } else if (result->overflowed) {
        rv = APR_ENOSPC;
    } else if (result->exit_code != 0) {
        rv = APR_EGENERAL;
    }

leave:
    fd_close(&state.in);
    fd_close(&state.out);
    fd_close(&state.err);
    fd_close(&state.pidfd);
    apr_pool_destroy(state.scratch);
    return rv;
}
