/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO: fixed by the kernel's interface */

/* Reads a small file whole; returns its length or -1. */
static ssize_t read_file(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0) {
        return -1;
    }
    do {
        n = read(fd, text, size - 1);
    } while (n < 0 && errno == EINTR);
    close(fd);
    if (n >= 0) {
        text[n] = '\0';
    }
    return n;
}

apr_int64_t docgen_process_started(pid_t pid)
{
    char path[64], text[1024];
    const char *p;
    char state;
    long long started;

    snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    if (read_file(path, text, sizeof(text)) <= 0) {
        return kill(pid, 0) == 0 || errno == EPERM ? -1 : 0;
    }
    p = strrchr(text, ')'); /* the name before it may hold anything */
    if (!p || sscanf(p + 1,
                     " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                     "%lld",
                     &state, &started) != 2) {
        return -1;
    }
    return state == 'Z' || state == 'X' ? 0 : started;
}

int docgen_process_is_alive(pid_t pid, apr_int64_t started)
{
    apr_int64_t now = pid > 0 ? docgen_process_started(pid) : 0;

    return now == -1 || (now != 0 && now == started);
}

apr_status_t docgen_host_read(docgen_uuid *host)
{
    char text[64];
    struct stat ns;

    if (read_file("/proc/sys/kernel/random/boot_id", text, sizeof(text)) < DOCGEN_UUID_LEN) {
        return errno ? errno : APR_EGENERAL;
    }
    text[DOCGEN_UUID_LEN] = '\0';
    if (!docgen_uuid_is_valid(text)) {
        return APR_EGENERAL;
    }
    memcpy(host->text, text, sizeof(host->text));
    if (stat("/proc/self/ns/pid", &ns) == 0 && ns.st_ino != INITIAL_PID_NAMESPACE) {
        char node[9];

        /* the last eight digits of a boot id are random: xor keeps them so, and tells namespaces
         * apart */
        snprintf(node, sizeof(node), "%08lx",
                 (strtoul(host->text + DOCGEN_UUID_LEN - 8, NULL, 16) ^ ns.st_ino) & 0xffffffffu);
        memcpy(host->text + DOCGEN_UUID_LEN - 8, node, 8);
    }
    return APR_SUCCESS;
}

apr_status_t docgen_worker_process_create(docgen_worker_process *self)
{
    apr_status_t rv = docgen_uuid_create(&self->id);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    self->pid = getpid();
    self->started = docgen_process_started(self->pid);
    if (self->started <= 0) {
        return APR_EGENERAL;
    }
    return docgen_host_read(&self->host);
}
