/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/kit.h"

#include <apr_strings.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "module/harness_state.h"

#define PROCESSES_MAX 512

double kit_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

void kit_pause(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 4000000}, NULL);
}

int kit_setting(const char *name, int otherwise)
{
    const char *value = getenv(name);

    return value && *value ? atoi(value) : otherwise;
}

pid_t kit_owner(harness *h, const char *id)
{
    const char *pid =
        harness_sql(h,
                    "select o.pid from generated_docs g join docgen_owners o on o.owner = g.owner "
                    "where g.repository_id = '%s' and g.status = 'generating'",
                    id);

    return pid ? atoi(pid) : 0;
}

pid_t kit_generator(harness *h, const char *id)
{
    FILE *file = fopen(apr_pstrcat(h->pool, h->control, "/starts", NULL), "r");
    char line[512], name[256];
    int pid = 0, last = 0;

    while (file && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%255s %d", name, &pid) == 2 && strcmp(name, id) == 0) {
            last = pid;
        }
    }
    if (file) {
        fclose(file);
    }
    cr_assert(last > 0, "no generator of %s was ever started", id);
    return last;
}

/* Process ids wrap around: the parent's need not be the lowest. */
static pid_t parent_of(harness_server *s)
{
    FILE *file = fopen(apr_pstrcat(s->h->pool, s->dir, "/httpd.pid", NULL), "r");
    int pid = 0;

    if (file) {
        cr_assert(fscanf(file, "%d", &pid) == 1, "no number in httpd.pid");
        fclose(file);
    }
    return pid;
}

const pid_t *kit_everyone(harness_server *s)
{
    char *text = apr_pstrdup(s->h->pool, harness_httpd(s, "everyone")), *state;
    pid_t *pids = apr_pcalloc(s->h->pool, sizeof(*pids) * PROCESSES_MAX);
    pid_t parent = parent_of(s);
    int n = 1;

    pids[0] = parent;
    for (char *word = apr_strtok(text, "\n", &state); word && n < PROCESSES_MAX - 1;
         word = apr_strtok(NULL, "\n", &state)) {
        if (atoi(word) != parent) {
            pids[n++] = atoi(word);
        }
    }
    return pids;
}

int kit_children(harness_server *s)
{
    int n = 0;

    for (const char *p = harness_httpd(s, "children"); *p; p++) {
        n += *p == '\n';
    }
    return n;
}

void kit_await_ready(harness_server *s, int children)
{
    long long end = harness_deadline(30);

    while (kit_children(s) < children || harness_get(s, "/docgen/api/health")->status != 200) {
        if (harness_now() > end) {
            harness_fail(s->h, "the server in %s is not ready after 30 s, with patience", s->dir);
        }
        harness_pause();
    }
}

const char *kit_request(harness_server *s, const char *id)
{
    long long end = harness_deadline(20);
    const harness_reply *reply;

    while ((reply = harness_generate(s, id))->status != 202) {
        if (harness_now() > end) {
            harness_fail(s->h, "no job of %s was accepted; the last reply was %d: %s", id,
                         reply->status, reply->body);
        }
        harness_pause();
    }
    return harness_member(s->h, reply, "jobId");
}

const char *kit_verdict(harness *h, const char *job)
{
    return harness_sql(h,
                       "select kind from generation_events where job_id = '%s' and kind in "
                       "('completed', 'failed', 'superseded', 'expired', 'forgotten')",
                       job);
}

/* ---- the proxy ---- */

static void read_line(kit_proxy *proxy, char *line, size_t size)
{
    size_t n = 0;

    while (n + 1 < size) {
        if (poll(&(struct pollfd){.fd = proxy->out, .events = POLLIN}, 1, 30000) != 1 ||
            read(proxy->out, line + n, 1) != 1) {
            harness_fail(proxy->h, "the proxy before the database says nothing");
        }
        if (line[n] == '\n') {
            break;
        }
        n++;
    }
    line[n] = '\0';
}

static const char *value_of(harness *h, const char *conninfo, const char *name)
{
    const char *at = strstr(conninfo, name);

    cr_assert(at != NULL, "no %s in %s", name, conninfo);
    at += strlen(name);
    return apr_pstrmemdup(h->pool, at, strcspn(at, " "));
}

static const char *through(harness *h, const char *conninfo, int port)
{
    const char *rest = strstr(conninfo, "port=");

    return apr_psprintf(h->pool, "host=127.0.0.1 port=%d%s", port, rest + strcspn(rest, " "));
}

static void put_control(kit_proxy *proxy, const char *mode)
{
    const char *draft = apr_pstrcat(proxy->h->pool, proxy->control, ".new", NULL);
    FILE *file = fopen(draft, "w");

    cr_assert(file && fprintf(file, "%s\n", mode) > 0 && fclose(file) == 0 &&
              rename(draft, proxy->control) == 0);
}

kit_proxy *kit_proxy_start(harness *h)
{
    kit_proxy *proxy = apr_pcalloc(h->pool, sizeof(*proxy));
    const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
    const char *program = apr_pstrcat(h->pool, build, "/fault-proxy", NULL);
    const char *port = value_of(h, h->module, "port=");
    char line[300];
    int fds[2];

    proxy->h = h;
    proxy->control = apr_pstrcat(h->pool, h->dir, "/proxy.control", NULL);
    proxy->mode = "pass";
    put_control(proxy, "pass");
    cr_assert(pipe2(fds, O_CLOEXEC) == 0);
    proxy->pid = fork();
    cr_assert(proxy->pid >= 0);
    if (proxy->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fds[1], 1);
        execl(program, program, "0", "127.0.0.1", port, proxy->control, (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    proxy->out = fds[0];
    read_line(proxy, line, sizeof(line));
    proxy->port = atoi(line);
    read_line(proxy, line, sizeof(line));
    proxy->database = through(h, h->module, proxy->port);
    return proxy;
}

void kit_proxy_say(kit_proxy *proxy, const char *mode)
{
    char line[300];
    const char *ok = apr_pstrcat(proxy->h->pool, mode, " ok", NULL);

    if (strcmp(mode, proxy->mode) == 0) {
        return;
    }
    proxy->mode = apr_pstrdup(proxy->h->pool, mode);
    put_control(proxy, mode);
    do {
        read_line(proxy, line, sizeof(line));
    } while (strcmp(line, ok) != 0);
}

void kit_proxy_stop(kit_proxy *proxy)
{
    kill(proxy->pid, SIGKILL);
    while (waitpid(proxy->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(proxy->out);
}

/* ---- another host ---- */

void kit_start_elsewhere(harness *h, int elsewhere)
{
    char path[4096];

    if (!elsewhere) {
        unsetenv("HTTPD_WRAP");
        return;
    }
    cr_assert(realpath("tests/faults/other-host", path) != NULL);
    setenv("HTTPD_WRAP", apr_pstrcat(h->pool, path, " ", h->dir, "/boot-id", NULL), 1);
}
