/* The world of a module test: its directory and database, its servers, and the checks at the end.
 *
 * A test that crashes or is killed by its time limit cannot stop its servers. A reaper process, forked at the start,
 * holds the reading end of a pipe: when the test's process is gone, by whatever cause, the reaper ends what runs below the
 * test's directory. PostgreSQL belongs to the whole program and to tests/tools/with-servers.
 * SPDX-License-Identifier: Apache-2.0 */
#include "module/harness.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "module/harness_state.h"

#define WITH_SERVERS "tests/tools/with-servers"

/* Run by hand, a test program starts itself again with a PostgreSQL beside it. */
__attribute__((constructor)) static void ensure_servers(int argc, char **argv)
{
    char **args;

    if (getenv("HARNESS_DIR") || argc < 1) {
        return;
    }
    args = calloc((size_t)argc + 2, sizeof(*args));
    if (!args) {
        abort();
    }
    args[0] = (char *)WITH_SERVERS;
    memcpy(args + 1, argv, sizeof(*args) * (size_t)argc);
    execv(WITH_SERVERS, args);
    fprintf(stderr,
            "%s: cannot run " WITH_SERVERS
            " (%s); start this program from the top of the checkout.\n",
            argv[0], strerror(errno));
    _exit(2);
}

long long harness_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

long long harness_deadline(int seconds)
{
    const char *patience = getenv("HARNESS_PATIENCE");

    return harness_now() + seconds * 1000LL * (patience && atoi(patience) > 0 ? atoi(patience) : 3);
}

void harness_pause(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

static void show_logs(harness *h)
{
    for (int i = 0; i < h->state->servers->nelts; i++) {
        harness_server *s = APR_ARRAY_IDX(h->state->servers, i, harness_server *);

        fprintf(stderr, "---- the end of %s/error.log\n", s->dir);
        fputs(harness_run(h, &(int){0}, NULL,
                          (const char *[]){"/usr/bin/tail", "-n", "40",
                                           apr_pstrcat(h->pool, s->dir, "/error.log", NULL), NULL}),
              stderr);
    }
}

const char *harness_format(harness *h, const char *format, va_list args)
{
    char *text;
    const char *copy;

    cr_assert(vasprintf(&text, format, args) >= 0, "no memory");
    copy = apr_pstrdup(h->pool, text);
    free(text);
    return copy;
}

void harness_fail(harness *h, const char *format, ...)
{
    va_list args;
    const char *sentence;

    va_start(args, format);
    sentence = harness_format(h, format, args);
    va_end(args);
    show_logs(h);
    cr_assert_fail("%s", sentence);
    abort(); /* cr_assert_fail has left the test already */
}

/* ---- programs ---- */

static void exec_child(int out, const char *const *environment, const char *const *argv)
{
    int null = open("/dev/null", O_RDONLY);

    dup2(null, 0);
    dup2(out, 1);
    for (; environment && *environment; environment++) {
        putenv((char *)*environment);
    }
    execv(argv[0], (char *const *)argv);
    _exit(127);
}

const char *harness_run(harness *h, int *code, const char *const *environment,
                        const char *const *argv)
{
    int pipe_fds[2], status = 0;
    char buffer[4096];
    ssize_t got;
    const char *out = "";
    pid_t pid;

    cr_assert(pipe2(pipe_fds, O_CLOEXEC) == 0, "no pipe: %s", strerror(errno));
    pid = fork();
    cr_assert(pid >= 0, "no process: %s", strerror(errno));
    if (pid == 0) {
        exec_child(pipe_fds[1], environment, argv);
    }
    close(pipe_fds[1]);
    while ((got = read(pipe_fds[0], buffer, sizeof(buffer))) > 0 || (got < 0 && errno == EINTR)) {
        if (got > 0) {
            out = apr_pstrcat(h->pool, out, apr_pstrmemdup(h->pool, buffer, (apr_size_t)got), NULL);
        }
    }
    close(pipe_fds[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code) {
        *code = status;
    } else if (status != 0) {
        harness_fail(h, "%s %s ended with %d", argv[0], argv[1] ? argv[1] : "", status);
    }
    return out;
}

static const char *tool(harness *h, const char *name)
{
    return apr_pstrcat(h->pool, h->state->tools, "/", name, NULL);
}

/* ---- begin ---- */

static void reap(const char *httpd, const char *dir, int fd)
{
    static const char script[] =
        "for d in \"$1\"/*/; do if [ -e \"$d/httpd.conf\" ]; then \"$0\" reap \"$d\"; fi; done\n"
        "[ ! -d \"$1/pg\" ] || \"${0%/*}/pg\" remove \"$1\" >/dev/null 2>&1\n"
        "[ -n \"$HARNESS_KEEP\" ] || rm -rf \"$1\"\n";
    char byte;

    setsid();
    signal(SIGTERM, SIG_IGN);
    dup2(fd, 3);
    fd = open("/dev/null", O_RDWR);
    dup2(fd, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    close_range(4, ~0U, 0);
    while (read(3, &byte, 1) < 0 && errno == EINTR) {
    }
    execl("/bin/bash", "bash", "-c", script, httpd, dir, (char *)NULL);
    _exit(127);
}

static void start_reaper(harness *h)
{
    int fds[2];
    const char *httpd = tool(h, "httpd");

    cr_assert(pipe2(fds, O_CLOEXEC) == 0, "no pipe: %s", strerror(errno));
    h->state->reaper_pid = fork();
    cr_assert(h->state->reaper_pid >= 0, "no process: %s", strerror(errno));
    if (h->state->reaper_pid == 0) {
        close(fds[1]);
        reap(httpd, h->dir, fds[0]);
    }
    close(fds[0]);
    h->state->reaper_pipe = fds[1];
}

static void make_directory(harness *h)
{
    char *dir = apr_pstrcat(h->pool, getenv("HARNESS_DIR"), "/tXXXXXX", NULL);

    cr_assert(mkdtemp(dir) != NULL, "no directory %s: %s", dir, strerror(errno));
    h->dir = dir;
    h->control = apr_pstrcat(h->pool, dir, "/control", NULL);
    cr_assert(chmod(dir, 0755) == 0 && mkdir(h->control, 0777) == 0 &&
              chmod(h->control, 0777) == 0);
}

static const char *with_database(harness *h, const char *conninfo, const char *database)
{
    const char *at = strstr(conninfo, "dbname=");
    size_t name = strcspn(at, " ");

    return apr_pstrcat(h->pool, apr_pstrmemdup(h->pool, conninfo, (apr_size_t)(at - conninfo)),
                       "dbname=", database, at + name, NULL);
}

/* The same server and database for the role that may only do what the module does. */
static const char *as_module(harness *h, const char *owner)
{
    const char *user = strstr(owner, " user=");

    return apr_pstrcat(h->pool, apr_pstrmemdup(h->pool, owner, (apr_size_t)(user - owner)), " ",
                       getenv("HARNESS_LOGIN"), NULL);
}

static void create_database(harness *h)
{
    const char *base = getenv("HARNESS_CONNINFO");
    PGconn *admin = PQconnectdb(base);
    PGresult *result;

    cr_assert(PQstatus(admin) == CONNECTION_OK, "%s", PQerrorMessage(admin));
    h->database =
        apr_psprintf(h->pool, "test_%d_%" APR_INT64_T_FMT, getpid(), (apr_int64_t)harness_now());
    result = PQexec(admin, apr_pstrcat(h->pool, "create database ", h->database,
                                       " template docgen_template", NULL));
    cr_assert(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(admin));
    PQclear(result);
    PQfinish(admin);
    h->owner = with_database(h, base, h->database);
    h->module = as_module(h, h->owner);
}

static void ignore_notice(void *to, const char *notice)
{
    (void)to;
    (void)notice;
}

void harness_connect(harness *h)
{
    PQfinish(h->db);
    h->db = PQconnectdb(h->owner);
    cr_assert(PQstatus(h->db) == CONNECTION_OK, "%s", PQerrorMessage(h->db));
    PQsetNoticeProcessor(h->db, ignore_notice, NULL);
}

harness *harness_open(void)
{
    apr_pool_t *pool;
    harness *h;
    char here[PATH_MAX];

    apr_initialize();
    apr_pool_create(&pool, NULL);
    h = apr_pcalloc(pool, sizeof(*h));
    h->pool = pool;
    h->state = apr_pcalloc(pool, sizeof(*h->state));
    h->state->servers = apr_array_make(pool, 4, sizeof(harness_server *));
    h->state->expected = apr_array_make(pool, 4, sizeof(const char *));
    cr_assert(realpath("tests/tools", here) != NULL,
              "start the program from the top of the checkout");
    h->state->tools = apr_pstrdup(pool, here);
    make_directory(h);
    start_reaper(h);
    create_database(h);
    harness_connect(h);
    /* "still did not exit" after 3 s: how quick an end is, `make recovery` measures; here only SIGKILL (AH00046) counts */
    harness_expect_log(h, "AH00045");
    return h;
}

void harness_own_postgres(harness *h)
{
    const char *pg = tool(h, "pg"), *conninfo, *role;

    h->state->own_postgres = h->dir;
    conninfo = harness_run(h, NULL, (const char *[]){"PG_FSYNC=off", NULL},
                           (const char *[]){pg, "start", h->dir, NULL});
    conninfo = apr_pstrmemdup(h->pool, conninfo, strcspn(conninfo, "\n"));
    h->owner = conninfo;
    harness_connect(h);
    harness_run(h, NULL, NULL, (const char *[]){tool(h, "../../sql/migrate"), conninfo, NULL});
    role = apr_pstrcat(h->pool, "create role ", strchr(getenv("HARNESS_LOGIN"), '=') + 1, NULL);
    role = apr_pstrcat(
        h->pool, apr_pstrmemdup(h->pool, role, (apr_size_t)(strstr(role, " password=") - role)),
        " login in role docgen_module password '", strstr(role, "password=") + 9, "'", NULL);
    harness_sql(h, "%s", role);
    h->module = as_module(h, conninfo);
}

void harness_postgres(harness *h, const char *verb)
{
    cr_assert(h->state->own_postgres, "harness_own_postgres comes first");
    harness_run(h, NULL, (const char *[]){"PG_FSYNC=off", NULL},
                (const char *[]){tool(h, "pg"), verb, h->state->own_postgres, NULL});
    if (strcmp(verb, "start") == 0 || strcmp(verb, "restart") == 0) {
        harness_connect(h);
    }
}

void harness_expect_log(harness *h, const char *regex)
{
    APR_ARRAY_PUSH(h->state->expected, const char *) = regex;
}

/* ---- servers ---- */

const char *harness_write(harness *h, const char *name, const char *text)
{
    const char *path = apr_pstrcat(h->pool, h->dir, "/", name, NULL);
    FILE *file = fopen(path, "w");

    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0, "cannot write %s", path);
    return path;
}

static const char *build_directory(harness *h)
{
    char path[PATH_MAX];

    cr_assert(realpath(getenv("BUILD") ? getenv("BUILD") : "build", path) != NULL,
              "run make first");
    return apr_pstrdup(h->pool, path);
}

static const char *fake_generator(harness *h)
{
    return apr_pstrcat(h->pool, build_directory(h), "/fake-generator --dir ", h->control, NULL);
}

harness_server *harness_serve_with(harness *h, harness_options o)
{
    harness_server *s = apr_pcalloc(h->pool, sizeof(*s));
    const char *mpm = o.mpm ? o.mpm : getenv("HARNESS_MPM"), *conf;
    const char *environment[] = {
        apr_pstrcat(h->pool, "HTTPD_DATABASE=", o.database ? o.database : h->module, NULL),
        apr_pstrcat(h->pool, "HTTPD_MOUNT=", o.mount ? o.mount : "/docgen", NULL),
        apr_pstrcat(h->pool,
                    "HTTPD_REPOSITORIES=", o.repositories ? o.repositories : "demo test:ok", NULL),
        apr_pstrcat(h->pool, "HTTPD_GENERATOR=", o.generator ? o.generator : fake_generator(h),
                    NULL),
        apr_pstrcat(h->pool, "BUILD=", build_directory(h), NULL),
        o.plain ? "HTTPD_PLAIN=1" : "HTTPD_PLAIN=",
        o.single ? apr_pstrcat(h->pool, "HTTPD_WRAP=", tool(h, "single"), NULL) : NULL,
        NULL};

    s->h = h;
    s->dir = apr_psprintf(h->pool, "%s/httpd%d", h->dir, h->state->servers->nelts + 1);
    conf = harness_write(h, apr_psprintf(h->pool, "httpd%d.conf", h->state->servers->nelts + 1),
                         o.conf ? o.conf : "");
    APR_ARRAY_PUSH(h->state->servers, harness_server *) = s;
    s->port = atoi(harness_run(
        h, NULL, environment,
        (const char *[]){tool(h, "httpd"), "start", s->dir, "0", mpm ? mpm : "event", conf, NULL}));
    s->running = 1;
    return s;
}

const char *harness_httpd(harness_server *s, const char *verb)
{
    if (strcmp(verb, "stop") == 0 || strcmp(verb, "kill") == 0 ||
        strcmp(verb, "graceful-stop") == 0) {
        s->running = 0;
    } else if (strcmp(verb, "start") == 0) {
        s->running = 1;
    }
    return harness_run(s->h, NULL, NULL, (const char *[]){tool(s->h, "httpd"), verb, s->dir, NULL});
}

const char *harness_log(harness_server *s)
{
    return harness_run(
        s->h, NULL, NULL,
        (const char *[]){"/bin/cat", apr_pstrcat(s->h->pool, s->dir, "/error.log", NULL), NULL});
}

int harness_port(const harness_server *s)
{
    return s->port;
}

const char *harness_dir(const harness_server *s)
{
    return s->dir;
}

void harness_await_end(harness_server *s, int seconds)
{
    long long deadline = harness_deadline(seconds);
    const char *everyone[] = {tool(s->h, "httpd"), "everyone", s->dir, NULL};

    while (*harness_run(s->h, NULL, NULL, everyone)) {
        if (harness_now() > deadline) {
            harness_fail(s->h, "httpd did not end within %d s, with patience", seconds);
        }
        harness_pause();
    }
    s->running = 0;
}

/* ---- end ---- */

static void check_log(harness *h, harness_server *s)
{
    const char **argv =
        apr_pcalloc(h->pool, sizeof(*argv) * (apr_size_t)(h->state->expected->nelts + 4));
    const char *lines;
    int code;

    argv[0] = tool(h, "httpd");
    argv[1] = "check-log";
    argv[2] = s->dir;
    for (int i = 0; i < h->state->expected->nelts; i++) {
        argv[3 + i] = APR_ARRAY_IDX(h->state->expected, i, const char *);
    }
    lines = harness_run(h, &code, NULL, argv);
    cr_expect(code == 0, "unexpected lines in the error log of %s:\n%s", s->dir, lines);
}

/* A generator may need a moment to die. */
static void check_orphans(harness *h, harness_server *s)
{
    const char *argv[] = {tool(h, "httpd"), "stragglers", s->dir, NULL}, *pids = "";

    for (long long end = harness_deadline(5); harness_now() < end; harness_pause()) {
        pids = harness_run(h, NULL, NULL, argv);
        if (!*pids) {
            return;
        }
    }
    cr_expect_fail("processes outlived the httpd in %s: %s", s->dir, pids);
}

static void check_invariants(harness *h, const char *when)
{
    const char *broken =
        harness_sql(h, "select string_agg(rule || ': ' || what, E'\\n') from docgen_check()");

    cr_expect(broken == NULL, "docgen_check() %s: %s", when, broken ? broken : "");
}

static void drop_database(harness *h)
{
    PGconn *admin = PQconnectdb(getenv("HARNESS_CONNINFO"));

    PQclear(PQexec(admin, apr_pstrcat(h->pool, "drop database if exists ", h->database,
                                      " with (force)", NULL)));
    PQfinish(admin);
}

void harness_close(harness *h)
{
    int status;

    check_invariants(h, "before the servers stop");
    for (int i = 0; i < h->state->servers->nelts; i++) {
        harness_server *s = APR_ARRAY_IDX(h->state->servers, i, harness_server *);

        if (s->running) {
            harness_httpd(s, "stop");
        }
        check_orphans(h, s);
        check_log(h, s);
    }
    check_invariants(h, "after the servers stopped");
    PQfinish(h->db);
    if (!getenv("HARNESS_KEEP")) {
        drop_database(h);
    }
    close(h->state->reaper_pipe);
    while (waitpid(h->state->reaper_pid, &status, 0) < 0 && errno == EINTR) {
    }
    apr_pool_destroy(h->pool);
}
