/* Subreaper, signals and a poll loop: no descendant outlives the guard, whatever it forks or
 * detaches.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE        (3 << 13)
#define EXIT_TOLD          143 /* as a shell reports SIGTERM */

static void signals_ours(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

apr_status_t docgen_guard_enter(const docgen_guard *guard)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    struct rlimit no_core = {0, 0};
    sigset_t ours;

    for (int i = 1; i < NSIG; i++) {
        sigaction(i, &plain, NULL); /* a server ignores signals that our children must not */
    }
    signals_ours(&ours);
    sigprocmask(SIG_SETMASK, &ours, NULL);
    setrlimit(RLIMIT_CORE, &no_core);
    if (guard->parent || guard->watch_stdin) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
    }
    if (guard->parent && getppid() != guard->parent) {
        return APR_EGENERAL; /* it ended before the order above was given */
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    return APR_SUCCESS;
}

/** Has anything asked for the end? Takes one pending signal. @return whether it was a request to
 * end */
static int told_to_end(int signals)
{
    struct signalfd_siginfo info;

    return read(signals, &info, sizeof(info)) == sizeof(info) && info.ssi_signo != SIGCHLD;
}

static int signals_open(void)
{
    sigset_t ours;

    signals_ours(&ours);
    return signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

apr_status_t docgen_guard_line(apr_pool_t *pool, apr_size_t max, char **line, apr_size_t *length)
{
    char *data = apr_palloc(pool, max + 1);
    int signals = signals_open();
    apr_status_t rv = APR_SUCCESS;
    apr_size_t have = 0;
    char *newline = NULL;

    while (!newline && rv == APR_SUCCESS) {
        struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
                                {.fd = STDIN_FILENO, .events = POLLIN}};
        ssize_t n;

        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            rv = errno;
        } else if (fds[0].revents && told_to_end(signals)) {
            rv = APR_EINTR;
        } else if (fds[1].revents) {
            n = read(STDIN_FILENO, data + have, max - have);
            if (n > 0) {
                newline = memchr(data + have, '\n', (size_t)n);
                have += (apr_size_t)n;
                rv = !newline && have == max ? APR_ENOSPC : APR_SUCCESS;
            } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
                rv = APR_EOF;
            }
        }
    }
    close(signals);
    if (rv == APR_SUCCESS) {
        *newline = '\0';
        *line = data;
        *length = (apr_size_t)(newline - data);
    }
    return rv;
}

static void own_file_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        ssize_t n = write(fd, text, strlen(text));

        (void)n; /* a kernel that refuses leaves things as they are */
        close(fd);
    }
}

/** Leaves one processor to the server: on those that a generation keeps busy, an answer may wait for a whole slice of
 * time, however low the generation's priority is. */
static void spare_a_processor(void)
{
    cpu_set_t processors;

    if (sched_getaffinity(0, sizeof(processors), &processors) != 0 || CPU_COUNT(&processors) < 2) {
        return;
    }
    for (int i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &processors)) {
            CPU_CLR(i, &processors);
            break;
        }
    }
    sched_setaffinity(0, sizeof(processors), &processors);
}

/** What the worker sets for itself and inherits downwards. */
static void worker_settle(const docgen_guard *guard, pid_t parent)
{
    struct sched_param plain = {0};
    sigset_t none;
    int null;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(EXIT_TOLD);
    }
    setpgid(0, 0);
    if (guard->background) {
        setpriority(PRIO_PROCESS, 0, 19);
        sched_setscheduler(0, SCHED_BATCH, &plain);
        spare_a_processor();
        syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
        own_file_write("/proc/self/oom_score_adj", "1000");
    }
    null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0) {
        dup2(null, STDIN_FILENO); /* stdin is the guard's: a helper must not read from it */
        close(null);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/** The parent of a process, from /proc; 0 when it is gone. */
static pid_t parent_of(const char *pid)
{
    char path[64], text[512];
    const char *after;
    int parent = 0;
    ssize_t n;
    int fd;

    snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n <= 0) {
        return 0;
    }
    text[n] = '\0';
    after = strrchr(text, ')'); /* the name may hold anything */
    return after && sscanf(after + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/** Sends a signal to every direct child. Grandchildren become children when their parent dies. */
static void children_signal(int number)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    pid_t self = getpid();

    if (!proc) {
        return;
    }
    while ((entry = readdir(proc))) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            parent_of(entry->d_name) == self) {
            kill((pid_t)atoi(entry->d_name), number);
        }
    }
    closedir(proc);
}

/** Reaps what has ended. @return whether children are left */
static int children_reap(pid_t worker, int *status, int *worker_ended)
{
    for (;;) {
        int one;
        pid_t pid = waitpid(-1, &one, WNOHANG);

        if (pid == 0) {
            return 1;
        }
        if (pid < 0) {
            if (errno == EINTR) {
                continue;
            }
            return 0;
        }
        if (pid == worker) {
            *status = one;
            *worker_ended = 1;
        }
    }
}

/** Until none is left: a level of the tree dies in each round, whatever session or group it is in.
 * */
static void descendants_kill(pid_t worker, int *status, int *worker_ended)
{
    struct timespec pause = {0, 500000};

    kill(-worker, SIGKILL);
    children_signal(SIGKILL);
    while (children_reap(worker, status, worker_ended)) {
        nanosleep(&pause, NULL);
        children_signal(SIGKILL);
    }
}

/** Watches until the worker ends or the end is asked for. @return whether it was asked for */
static int worker_watch(const docgen_guard *guard, int signals, pid_t worker, int *status,
                        int *worker_ended)
{
    struct pollfd fds[2] = {{.fd = signals, .events = POLLIN},
                            {.fd = guard->watch_stdin ? STDIN_FILENO : -1, .events = POLLIN}};
    char drop[4096];

    while (!*worker_ended) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            return 1;
        }
        if (fds[0].revents && told_to_end(signals)) {
            return 1;
        }
        if (fds[1].revents) {
            ssize_t n = read(STDIN_FILENO, drop,
                             sizeof(drop)); /* the protocol has one line: the rest is ignored */

            if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
                return 1;
            }
        }
        children_reap(worker, status, worker_ended);
    }
    return 0;
}

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    remove(path);
    return 0;
}

int docgen_guard_run(const docgen_guard *guard, int (*worker)(void *baton, docgen_guard_note *note),
                     void *baton)
{
    docgen_guard_note *note =
        mmap(NULL, sizeof(*note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int signals = signals_open();
    pid_t self = getpid();
    int status = 0, ended = 0, told;
    pid_t pid;

    if (note == MAP_FAILED || signals < 0) {
        return 1;
    }
    pid = fork();
    if (pid < 0) {
        return 1;
    }
    if (pid == 0) {
        close(signals);
        worker_settle(guard, self);
        exit(worker(baton, note));
    }
    setpgid(pid, pid); /* both sides: whoever comes first */
    told = worker_watch(guard, signals, pid, &status, &ended);
    descendants_kill(pid, &status, &ended);
    if (note->directory[0]) {
        nftw(note->directory, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
    }
    if (told) {
        return EXIT_TOLD;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
