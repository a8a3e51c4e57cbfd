/* The classes of faults, each a strike that can be repeated and a way back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "faults/storm.h"

#include <apr_strings.h>
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <glob.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static harness_server *any_server(storm *s)
{
    return s->servers[storm_random(s, 2)];
}

/* ---- processes ---- */

static void strike_child(storm *s, int signal)
{
    const pid_t *pids = kit_everyone(any_server(s));
    int n = 0;

    while (pids[n]) {
        n++;
    }
    if (n > 1) {
        pid_t pid = pids[1 + storm_random(s, n - 1)];

        s->struck[s->struck_next++ % STORM_STRUCK] = pid;
        kill(pid, signal);
    }
}

static void kill_child(storm *s)
{
    strike_child(s, SIGKILL);
}

static void crash_child(storm *s)
{
    strike_child(s, storm_random(s, 2) ? SIGSEGV : SIGABRT);
}

static void freeze_child(storm *s)
{
    const pid_t *pids = kit_everyone(any_server(s));
    pid_t pid = pids[0] ? pids[1] : 0;

    if (pid) {
        kill(pid, SIGSTOP);
        storm_rest(s, 3500); /* sometimes longer than the lease */
        kill(pid, SIGCONT);
    }
}

static void kill_parent(storm *s)
{
    harness_server *server = any_server(s);
    pid_t parent = kit_everyone(server)[0];

    kill(parent, SIGKILL);
    storm_rest(s, 500);
    harness_httpd(server, "kill");
    harness_httpd(server, "start");
}

static void graceful(storm *s)
{
    harness_httpd(any_server(s), "graceful");
}

static void restart(storm *s)
{
    harness_httpd(any_server(s), "restart");
}

static void stop_and_start(storm *s)
{
    harness_server *server = any_server(s);

    harness_httpd(server, "stop");
    storm_rest(s, 300);
    harness_httpd(server, "start");
}

/* ---- the database ---- */

static void terminate_backends(storm *s)
{
    for (int i = storm_random(s, 5); i >= 0; i--) {
        harness_sql(s->h, "select count(pg_terminate_backend(pid)) from pg_stat_activity where "
                          "usename = 'docgen_test'");
        storm_rest(s, 50);
    }
}

static void say_postgres(storm *s, const char *verb, const char *mode)
{
    const char *pg = apr_pstrcat(s->h->pool, s->h->state->tools, "/pg", NULL);

    harness_run(s->h, NULL, (const char *[]){"PG_FSYNC=off", NULL},
                (const char *[]){pg, verb, s->h->state->own_postgres, "-m", mode, NULL});
    harness_connect(s->h);
}

static void restart_postgres(storm *s)
{
    say_postgres(s, "restart", storm_random(s, 2) ? "fast" : "immediate");
}

static void through_mode(storm *s, const char *mode, int most)
{
    kit_proxy_say(s->proxy, mode);
    storm_rest(s, most);
    kit_proxy_say(s->proxy, "pass");
}

static void pause_proxy(storm *s)
{
    through_mode(s, "pause", 3500);
}

static void swallow(storm *s)
{
    through_mode(s, "blackhole", 3500);
}

static void refuse(storm *s)
{
    through_mode(s, "refuse", 1500);
}

/* Each statement in turn commits and is never heard of. */
static void lose_reply(storm *s)
{
    static const char *const words[] = {"docgen_request",     "docgen_take",     "docgen_progress",
                                        "docgen_store_pages", "docgen_complete", "docgen_fail",
                                        "docgen_renew",       "docgen_source",   "docgen_log"};
    const char *word = words[storm_random(s, (int)(sizeof(words) / sizeof(words[0])))];

    kit_proxy_say(s->proxy, apr_psprintf(s->h->pool, "lose %s %d", word, 1 + storm_random(s, 3)));
    storm_rest(s, 400);
    kit_proxy_say(s->proxy, "pass");
}

static void lock_table(storm *s)
{
    harness_sql(s->h, "begin; lock table generated_docs in access exclusive mode; select "
                      "pg_sleep(0.3 + 3 * random()); rollback");
}

/* The second server has three connections, two of them kept for jobs: readers must wait or be told to come back. */
static void exhaust_pool(storm *s)
{
    harness_request requests[80];
    int statuses[80];

    for (int i = 0; i < 80; i++) {
        requests[i] =
            (harness_request){.path = "/docgen/api/repositories", .headers = "Connection: close"};
    }
    harness_burst(s->h, &s->servers[1], 1, requests, 80, 40, statuses);
    for (int i = 0; i < 80; i++) {
        cr_expect(statuses[i] == 200 || statuses[i] == 503, "a crowd was answered with %d",
                  statuses[i]);
    }
}

/* ---- generators and their disk ---- */

static void damage_generators(storm *s)
{
    static const char *const scripts[] = {"milestones,hang",
                                          "milestones,deaf,hang",
                                          "milestones,pages=2,signal=11",
                                          "milestones,exit=9",
                                          "milestones,flood",
                                          "progress=20,junk",
                                          "progress=20,long=5000000",
                                          "badpath",
                                          "orphan,milestones,source,pages=2",
                                          "orphan,exit=1",
                                          "progress=150",
                                          "logflood=256,milestones,source,pages=1",
                                          "partial"};

    for (int i = 0; i < STORM_GOOD; i++) {
        harness_script(s->h, apr_psprintf(s->h->pool, "r%d", i),
                       scripts[storm_random(s, (int)(sizeof(scripts) / sizeof(scripts[0])))]);
    }
    storm_rest(s, 600);
}

static void mend_generators(storm *s)
{
    for (int i = 0; i < STORM_GOOD; i++) {
        unlink(apr_psprintf(s->h->pool, "%s/r%d.script", s->h->control, i));
    }
}

static const char *work_directory(storm *s)
{
    return apr_pstrcat(s->h->pool, s->servers[0]->dir, "/work", NULL);
}

static int fill_disk(storm *s)
{
    return mount("none", work_directory(s), "tmpfs", 0, "size=64k,nr_inodes=2,mode=777") == 0;
}

static void empty_disk(storm *s)
{
    umount2(work_directory(s), MNT_DETACH);
}

/* ---- clocks ---- */

static int fake_clock(storm *s)
{
    glob_t found;
    int ok = glob("/usr/lib/*/faketime/libfaketimeMT.so.1", 0, NULL, &found) == 0;

    if (ok) {
        harness_httpd(s->servers[1], "stop");
        setenv("HTTPD_PRELOAD", found.gl_pathv[0], 1);
        setenv("HTTPD_ENVIRONMENT",
               storm_random(s, 2)
                   ? "FAKETIME=+1h DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0"
                   : "FAKETIME=-1h DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0",
               1);
        harness_httpd(s->servers[1], "start");
        unsetenv("HTTPD_PRELOAD");
        unsetenv("HTTPD_ENVIRONMENT");
    }
    globfree(&found);
    return ok;
}

static void true_clock(storm *s)
{
    harness_httpd(s->servers[1], "stop");
    harness_httpd(s->servers[1], "start");
}

/* ---- a pooler ---- */

static int free_port(void)
{
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof(local);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&local, length) == 0 &&
              getsockname(fd, (struct sockaddr *)&local, &length) == 0);
    close(fd);
    return ntohs(local.sin_port);
}

static const char *write_pooler_conf(storm *s, int port)
{
    harness *h = s->h;
    const char *host = strchr(h->module, '=') + 1, *rest = strstr(h->module, " port=");

    return harness_write(
        h, "pgbouncer.ini",
        apr_psprintf(
            h->pool,
            "[databases]\npostgres = host=%.*s%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            "listen_port = %d\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\n"
            "default_pool_size = 4\nignore_startup_parameters = options\n",
            (int)strcspn(host, " "), host, rest, port));
}

static int start_pooler(storm *s)
{
    int port = free_port();
    const char *conf = write_pooler_conf(s, port);

    if (access("/usr/sbin/pgbouncer", X_OK) != 0) {
        return 0;
    }
    harness_sql(s->h, "alter role docgen_test set statement_timeout = '2s'");
    s->pooler = fork();
    if (s->pooler == 0) {
        const char *log = apr_pstrcat(s->h->pool, s->h->dir, "/pgbouncer.log", NULL);

        cr_assert(freopen(log, "w", stderr) && freopen("/dev/null", "w", stdout));
        if (getuid() == 0) {
            execl("/usr/bin/setpriv", "setpriv", "--reuid=postgres", "--regid=postgres",
                  "--init-groups", "--pdeathsig=KILL", "/usr/sbin/pgbouncer", conf, (char *)NULL);
        }
        execl("/usr/sbin/pgbouncer", "pgbouncer", conf, (char *)NULL);
        _exit(127);
    }
    s->servers[2] = harness_serve(
        s->h,
        .database = apr_psprintf(s->h->pool,
                                 "host=127.0.0.1 port=%d dbname=postgres user=docgen_test", port),
        .conf =
            apr_pstrcat(s->h->pool, "Include \"", s->servers[0]->dir, "/extra-1.conf\"\n", NULL),
        .repositories = getenv("STORM_REPOSITORIES"));
    kit_await_ready(s->servers[2], 2);
    s->log_read[2] = 0;
    s->clients.ports[2] = harness_port(s->servers[2]);
    s->clients.servers = 3;
    return 1;
}

static void stop_pooler(storm *s)
{
    s->clients.servers = 2;
    harness_httpd(s->servers[2], "stop");
    kill(s->pooler, SIGKILL);
    waitpid(s->pooler, NULL, 0);
    s->pooler = 0;
}

/* ---- the list ---- */

static void nothing(storm *s)
{
    storm_rest(s, 200);
}

static void together(storm *s)
{
    const storm_class *class;

    do {
        class = &storm_classes[storm_random(s, storm_class_count)];
    } while (!class->is_mixed);
    class->strike(s);
}

/* New children all open their first connection at once: on a busy machine one of them may wait too long. */
#define BORN   "DG0013|DG0040"
#define DIED   BORN "|exit signal|process [0-9]+ ended with [0-9]+ running"
#define AWAY   "DG0012|DG0013|DG004[03]|dbd:error|its failure could not be stored"
#define ORPHAN "the parent process is gone|apr_socket_accept"
#define ALL    DIED "|" AWAY "|" ORPHAN "|AH00045|AH00046|AH0276[0-9]|AH00161|AH0048[45]"

const storm_class storm_classes[] = {
    {.name = "nothing at all", .strike = nothing},
    {.name = "a child killed", .strike = kill_child, .may_drop = 1, .is_mixed = 1, .log = DIED},
    {.name = "a child that crashes",
     .strike = crash_child,
     .may_drop = 1,
     .is_mixed = 1,
     .log = DIED},
    {.name = "a child frozen",
     .strike = freeze_child,
     .is_mixed = 1,
     .may_drop = 1,
     .may_refuse = 1},
    {.name = "the parent killed",
     .strike = kill_parent,
     .may_refuse = 1, /* children without a parent take no more jobs */
     .may_drop = 1,
     .is_mixed = 1,
     .log = DIED "|" ORPHAN},
    {.name = "graceful",
     .strike = graceful,
     .may_drop = 1,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = BORN},
    {.name = "restart",
     .strike = restart,
     .may_drop = 1,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = BORN},
    {.name = "stop and start",
     .strike = stop_and_start,
     .may_drop = 1,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = BORN},
    {.name = "sessions terminated",
     .strike = terminate_backends,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = AWAY},
    {.name = "PostgreSQL restarted",
     .strike = restart_postgres,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = AWAY},
    {.name = "connections paused",
     .strike = pause_proxy,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = AWAY},
    {.name = "connections swallowed",
     .strike = swallow,
     .may_refuse = 1,
     .may_silence = 1,
     .is_mixed = 1,
     .log = AWAY},
    {.name = "connections refused", .strike = refuse, .may_refuse = 1, .is_mixed = 1, .log = AWAY},
    {.name = "replies lost", .strike = lose_reply, .may_refuse = 1, .is_mixed = 1, .log = AWAY},
    {.name = "a locked table", .strike = lock_table, .may_refuse = 1, .is_mixed = 1, .log = AWAY},
    {.name = "no free connection",
     .strike = exhaust_pool,
     .may_refuse = 1,
     .is_mixed = 1,
     .log = AWAY "|AH00161|AH0048[45]"},
    {.name = "bad generators", .strike = damage_generators, .heal = mend_generators},
    {.name = "no room in the work directory",
     .begin = fill_disk,
     .strike = nothing,
     .heal = empty_disk,
     .why = "needs root and a mount"},
    {.name = "a host's clock an hour off",
     .begin = fake_clock,
     .strike = nothing,
     .heal = true_clock,
     .may_drop = 1,
     .why = "needs the package libfaketime",
     .log = BORN},
    {.name = "PgBouncer between",
     .begin = start_pooler,
     .strike = terminate_backends,
     .heal = stop_pooler,
     .may_refuse = 1,
     .may_drop = 1,
     .log = AWAY,
     .why = "needs the package pgbouncer"},
    {.name = "all together",
     .strike = together,
     .may_drop = 1,
     .may_refuse = 1,
     .may_silence = 1,
     .log = ALL},
};
const int storm_class_count = sizeof(storm_classes) / sizeof(storm_classes[0]);
