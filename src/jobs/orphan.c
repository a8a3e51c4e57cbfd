/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/orphan.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <ap_listen.h>
#include <http_core.h>
#include <http_log.h>
#include "docgen_private.h"

#define RETAINED_KEY  "docgen-sockets"
#define FIRST_GIVEN   3 /* SD_LISTEN_FDS_START: fixed by systemd's interface */
#define LAST_RESORT   (DOCGEN_STOP_LOG + apr_time_from_sec(1))
#define NSEC_PER_USEC 1000

/* Survives restarts: httpd may take the variables out of its environment once it has read them. */
typedef struct given_sockets {
    int count;
} given_sockets;

void docgen_orphan_remember_sockets(void)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    given_sockets *given;

    if (!ap_retained_data_get(RETAINED_KEY)) {
        given = ap_retained_data_create(RETAINED_KEY, sizeof(*given));
        given->count = pid && count && atol(pid) == getpid() ? atoi(count) : 0;
    }
}

static int is_given(int fd)
{
    const given_sockets *given = ap_retained_data_get(RETAINED_KEY);

    return given && fd >= FIRST_GIVEN && fd - FIRST_GIVEN < given->count;
}

/* The port that a listening TCP socket is bound to; 0 for anything else. */
static int listening_port(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name;
    socklen_t size = sizeof(name), length = sizeof(int);
    int listens = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) || !listens ||
        getsockname(fd, &name.any, &size)) {
        return 0;
    }
    switch (name.any.sa_family) {
    case AF_INET:
        return ntohs(name.v4.sin_port);
    case AF_INET6:
        return ntohs(name.v6.sin6_port);
    default:
        return 0;
    }
}

static int is_httpds(int port)
{
    for (const ap_listen_rec *listener = ap_listeners; listener; listener = listener->next) {
        if (listener->bind_addr && listener->bind_addr->port == port) {
            return 1;
        }
    }
    return 0;
}

/* Shutting down acts on the socket, whoever else holds it; closing our copy would leave the port taken. ap_listeners has
 * the addresses, but its descriptors may be closed already, and with SO_REUSEPORT are those of another bucket. */
static void free_ports(void)
{
    DIR *fds = opendir("/proc/self/fd");
    const struct dirent *entry;

    while (fds && (entry = readdir(fds))) {
        int fd = atoi(entry->d_name), port;
        /* a copy: another thread may close this one, and its number may become a client's */
        int copy = fd > 2 && !is_given(fd) ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;

        if (copy < 0) {
            continue;
        }
        port = listening_port(copy);
        if (port && is_httpds(port)) {
            shutdown(copy, SHUT_RDWR);
        }
        close(copy);
    }
    if (fds) {
        closedir(fds);
    }
}

/* The parent would have killed a child that does not end. */
static void set_last_resort(const docgen_child *child)
{
    apr_interval_time_t patience = child->config->drain_timeout + LAST_RESORT;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)apr_time_sec(patience),
                     .tv_nsec = (long)(apr_time_usec(patience) * NSEC_PER_USEC)}};
    timer_t timer;

    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
        timer_settime(timer, 0, &when, NULL);
    }
}

void docgen_orphan_look(docgen_child *child)
{
    int was_running;

    if (child->is_single || getppid() == child->parent || atomic_exchange(&child->is_orphaned, 1)) {
        return;
    }
    was_running = child->phase == DOCGEN_CHILD_RUNNING;
    /* before the ports: httpd ends this child as soon as it sees them fail, and must find that it drains */
    docgen_child_advance(child, DOCGEN_CHILD_DRAINING);
    free_ports();
    set_last_resort(child);
    if (was_running) { /* prefork's parent leaves draining children behind on purpose */
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, child->main,
                     "DG0203: the parent process is gone; this child frees its ports, finishes "
                     "its jobs and ends");
    }
}
