/* A TCP proxy that misbehaves on command, to stand between the module and PostgreSQL in fault tests.
 *
 *   fault-proxy LISTEN_PORT TARGET_HOST TARGET_PORT CONTROL_FILE
 *
 * LISTEN_PORT 0 chooses a free one; the port in use is printed as the first line. Only loopback is listened on.
 * The mode is the first line of CONTROL_FILE, looked at every 10 ms (absent = pass):
 *   pass              forward everything
 *   pause             forward nothing, keep every connection and every byte
 *   blackhole         swallow everything; a connection that lost bytes stays dead for ever (half-open)
 *   refuse            reset all connections, accept none
 *   lose WORD [N]     forward; when a client's bytes hold WORD, drop the server's reply and reset the connection,
 *                     N times (default 1): the statement committed, its reply is lost
 * After a change of mode "MODE ok" is written to stdout, so that a test can wait for it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS  512
#define BUFFER 65536

enum mode {
    PASS,
    PAUSE,
    BLACKHOLE,
    REFUSE,
    LOSE
};

/* One direction of a connection: bytes read from one side and not yet written to the other. */
struct flow {
    char data[BUFFER];
    size_t start, end;
    int eof;
};

struct pair {
    int client, server; /* -1 = unused */
    int dead;           /* bytes were swallowed: nothing sensible can follow */
    int lose;           /* reset when the server replies */
    struct flow up, down;
};

static struct pair *pairs;
static enum mode mode = PASS;
static char lose_word[128];
static int lose_left;
static char control_line[256];

static void reset(struct pair *p)
{
    struct linger hard = {1, 0};

    setsockopt(p->client, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close(p->client);
    close(p->server);
    p->client = p->server = -1;
}

static void read_control(const char *file)
{
    static const char *const names[] = {"pass", "pause", "blackhole", "refuse", "lose"};
    char line[256] = "pass";
    FILE *f = fopen(file, "r");

    if (f) {
        if (!fgets(line, sizeof(line), f)) {
            strcpy(line, control_line); /* being written */
        }
        fclose(f);
    }
    line[strcspn(line, "\r\n")] = '\0';
    if (!strcmp(line, control_line)) {
        return;
    }
    strcpy(control_line, line);
    for (int i = 0; i < 5; i++) {
        size_t n = strlen(names[i]);

        if (!strncmp(line, names[i], n) && (line[n] == '\0' || line[n] == ' ')) {
            mode = (enum mode)i;
        }
    }
    if (mode == LOSE) {
        lose_left = 1;
        sscanf(line, "lose %127s %d", lose_word, &lose_left);
    }
    for (int i = 0; mode == REFUSE && i < PAIRS; i++) {
        if (pairs[i].client >= 0) {
            reset(&pairs[i]);
        }
    }
    printf("%s ok\n", line);
    fflush(stdout);
}

static int connect_target(const struct addrinfo *target)
{
    int fd = socket(target->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;

    if (fd >= 0 && connect(fd, target->ai_addr, target->ai_addrlen)) {
        close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void accept_one(int listener, const struct addrinfo *target)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct linger hard = {1, 0};
    int one = 1;

    if (fd < 0) {
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    for (int i = 0; mode != REFUSE && i < PAIRS; i++) {
        struct pair *p = &pairs[i];

        if (p->client < 0) {
            p->server = connect_target(target);
            if (p->server < 0) {
                break;
            }
            p->client = fd;
            p->dead = p->lose = 0;
            p->up.start = p->up.end = p->down.start = p->down.end = 0;
            p->up.eof = p->down.eof = 0;
            return;
        }
    }
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close(fd);
}

/* @return 0 when the pair must be reset */
static int fill(struct pair *p, struct flow *flow, int fd, int from_client)
{
    ssize_t n;

    if (flow->end == BUFFER || flow->eof) {
        return 1;
    }
    n = read(fd, flow->data + flow->end, BUFFER - flow->end);
    if (n < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    if (n == 0) {
        flow->eof = 1;
        return 1;
    }
    if (mode == BLACKHOLE || p->dead) {
        p->dead = 1;
        return 1;
    }
    if (from_client && mode == LOSE && lose_left > 0 &&
        memmem(flow->data + flow->end, n, lose_word, strlen(lose_word))) {
        p->lose = 1;
        lose_left--;
    }
    if (!from_client && p->lose) {
        return 0; /* the server has answered: it is committed, and nobody will hear of it */
    }
    flow->end += n;
    return 1;
}

static int drain(struct flow *flow, int fd)
{
    if (flow->start < flow->end) {
        ssize_t n = send(fd, flow->data + flow->start, flow->end - flow->start, MSG_NOSIGNAL);

        if (n < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        flow->start += n;
    }
    if (flow->start == flow->end) {
        flow->start = flow->end = 0; /* room again, which wanted() must see */
        if (flow->eof == 1) {
            shutdown(fd, SHUT_WR);
            flow->eof = 2;
        }
    }
    return 1;
}

static short wanted(const struct flow *in, const struct flow *out)
{
    short events = 0;

    if (mode != PAUSE && !in->eof && in->end < BUFFER) {
        events |= POLLIN;
    }
    if (mode != PAUSE && out->start < out->end) {
        events |= POLLOUT;
    }
    return events;
}

static void serve(struct pair *p, short client, short server)
{
    int ok = 1;

    if (mode == PAUSE) {
        return;
    }
    if (client & (POLLIN | POLLHUP | POLLERR)) {
        ok = fill(p, &p->up, p->client, 1);
    }
    if (ok && (server & (POLLIN | POLLHUP | POLLERR))) {
        ok = fill(p, &p->down, p->server, 0);
    }
    ok = ok && (p->dead || (drain(&p->up, p->server) && drain(&p->down, p->client)));
    if (!ok || (p->up.eof && p->down.eof)) {
        reset(p);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *target;
    socklen_t length = sizeof(local);
    struct pollfd *fds = calloc(1 + 2 * PAIRS, sizeof(*fds));
    int one = 1;
    int listener;

    if (argc != 5 || getaddrinfo(argv[2], argv[3], &hints, &target)) {
        fprintf(stderr, "usage: fault-proxy LISTEN_PORT TARGET_HOST TARGET_PORT CONTROL_FILE\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    pairs = calloc(PAIRS, sizeof(*pairs));
    for (int i = 0; i < PAIRS; i++) {
        pairs[i].client = pairs[i].server = -1;
    }
    local.sin_port = htons(atoi(argv[1]));
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(listener, (struct sockaddr *)&local, sizeof(local)) || listen(listener, 128) ||
        getsockname(listener, (struct sockaddr *)&local, &length)) {
        perror("fault-proxy");
        return 1;
    }
    printf("%d\n", ntohs(local.sin_port));
    fflush(stdout);
    for (;;) {
        read_control(argv[4]);
        fds[0] = (struct pollfd){listener, POLLIN, 0};
        for (int i = 0; i < PAIRS; i++) {
            struct pair *p = &pairs[i];

            fds[1 + 2 * i] = (struct pollfd){p->client, 0, 0};
            fds[2 + 2 * i] = (struct pollfd){p->server, 0, 0};
            if (p->client >= 0) {
                fds[1 + 2 * i].events = wanted(&p->up, &p->down);
                fds[2 + 2 * i].events = wanted(&p->down, &p->up);
                if (mode == PAUSE) { /* POLLHUP would spin */
                    fds[1 + 2 * i].fd = fds[2 + 2 * i].fd = -1;
                }
            }
        }
        poll(fds, 1 + 2 * PAIRS, 10);
        if (fds[0].revents) {
            accept_one(listener, target);
        }
        for (int i = 0; i < PAIRS; i++) {
            if (pairs[i].client >= 0 && fds[1 + 2 * i].fd == pairs[i].client &&
                (fds[1 + 2 * i].revents | fds[2 + 2 * i].revents)) {
                serve(&pairs[i], fds[1 + 2 * i].revents, fds[2 + 2 * i].revents);
            }
        }
    }
}
