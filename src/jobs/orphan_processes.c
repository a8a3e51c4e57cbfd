/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/orphan_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS      20 /* a process may fork while we look */
#define ROUND_PAUSE 50 /* milliseconds */

int docgen_pipe_is_held(const docgen_pipe_end *end)
{
    struct pollfd look = {.fd = end->fd, .events = 0};

    return end->fd >= 0 && poll(&look, 1, 0) >= 0 && !(look.revents & (POLLHUP | POLLERR));
}

/* How a descriptor of another process was opened: O_RDONLY, O_WRONLY, O_RDWR, or -1. */
static int access_mode(const char *process, const char *fd)
{
    char path[600], line[128];
    unsigned flags = 0;
    int mode = -1;
    FILE *info;

    snprintf(path, sizeof(path), "/proc/%.20s/fdinfo/%.20s", process, fd);
    info = fopen(path, "re");
    while (info && mode < 0 && fgets(line, sizeof(line), info)) {
        if (sscanf(line, "flags: %o", &flags) == 1) {
            mode = (int)(flags & O_ACCMODE);
        }
    }
    if (info) {
        fclose(info);
    }
    return mode;
}

static int is_other_end(const docgen_pipe_end *ends, int count, const char *process, const char *fd)
{
    char path[600], target[64];
    unsigned long inode;
    ssize_t n;
    int mode;

    snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", process, fd);
    n = readlink(path, target, sizeof(target) - 1);
    target[n > 0 ? n : 0] = '\0';
    if (sscanf(target, "pipe:[%lu]", &inode) != 1) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        if (ends[i].fd >= 0 && ends[i].inode == inode) {
            mode = access_mode(process, fd);
            return mode == O_RDWR || mode == (ends[i].is_writer ? O_RDONLY : O_WRONLY);
        }
    }
    return 0;
}

static int holds_one(const docgen_pipe_end *ends, int count, const char *process)
{
    char path[300];
    struct dirent *entry;
    DIR *fds;
    int found = 0;

    snprintf(path, sizeof(path), "/proc/%.20s/fd", process);
    fds = opendir(path);
    while (fds && !found && (entry = readdir(fds))) {
        found = entry->d_name[0] != '.' && is_other_end(ends, count, process, entry->d_name);
    }
    if (fds) {
        closedir(fds);
    }
    return found;
}

static int kill_holders(const docgen_pipe_end *ends, int count)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    int killed = 0;

    while (proc && (entry = readdir(proc))) {
        pid_t pid = atoi(entry->d_name);

        if (pid > 1 && pid != getpid() && holds_one(ends, count, entry->d_name)) {
            killed += kill(pid, SIGKILL) == 0;
        }
    }
    if (proc) {
        closedir(proc);
    }
    return killed;
}

int docgen_orphan_processes_kill(const docgen_pipe_end *ends, int count)
{
    int killed = 0;

    for (int round = 0; round < ROUNDS; round++) {
        int held = 0;

        for (int i = 0; i < count; i++) {
            held |= docgen_pipe_is_held(&ends[i]);
        }
        if (!held) {
            break;
        }
        killed += kill_holders(ends, count);
        poll(NULL, 0, ROUND_PAUSE);
    }
    return killed;
}
