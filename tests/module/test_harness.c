/* The harness itself, on an httpd without the module: what a test leaves running must not survive it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "module/harness.h"

TestSuite(harness, .timeout = 400);

Test(harness, serves_and_stops)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .plain = 1);
    const harness_reply *reply = harness_get(s, "/");
    const char *raw = "GET /absent HTTP/1.0\r\n\r\n";

    cr_expect_eq(reply->status, 200);
    cr_expect_str_eq(harness_header(h, reply, "content-type"), "text/html");
    cr_expect(strncmp(harness_raw(s, raw, strlen(raw), 0), "HTTP/1.1 404 ", 13) == 0);
    cr_expect_geq(harness_sql_number(h, "select docgen_schema_version()"), 1);
    harness_httpd(s, "stop");
    cr_expect_eq(harness_get(s, "/")->status, 0);
    harness_httpd(s, "start");
    cr_expect_eq(harness_get(s, "/")->status, 200);
    harness_close(h);
}

Test(harness, counts_a_burst)
{
    harness *h = harness_open();
    harness_server *servers[2] = {harness_serve(h, .plain = 1), harness_serve(h, .plain = 1)};
    harness_request requests[50];
    int statuses[50], found = 0, absent = 0;

    for (int i = 0; i < 50; i++) {
        requests[i] = (harness_request){.path = i % 5 ? "/" : "/absent"};
    }
    harness_burst(h, servers, 2, requests, 50, 20, statuses);
    for (int i = 0; i < 50; i++) {
        found += statuses[i] == 200;
        absent += statuses[i] == 404;
    }
    cr_expect_eq(found, 40);
    cr_expect_eq(absent, 10);
    harness_close(h);
}

/* A test that dies leaves its httpd to the reaper. */
Test(harness, outlives_a_crash)
{
    char pidfile[300], parent[32] = "";
    int fds[2];
    ssize_t length;
    pid_t pid;

    cr_assert_eq(pipe(fds), 0);
    pid = fork();
    if (pid == 0) {
        harness *h = harness_open();
        harness_server *s = harness_serve(h, .plain = 1);

        dprintf(fds[1], "%d", atoi(harness_httpd(s, "pid")));
        kill(getpid(), SIGKILL);
    }
    close(fds[1]);
    length = read(fds[0], parent, sizeof(parent) - 1);
    cr_assert(length > 0 && atoi(parent) > 1);
    waitpid(pid, NULL, 0);
    snprintf(pidfile, sizeof(pidfile), "/proc/%s", parent);
    for (int i = 0; i < 500 && access(pidfile, F_OK) == 0; i++) {
        usleep(20000);
    }
    cr_expect(access(pidfile, F_OK) != 0, "httpd %s still runs", parent);
}
