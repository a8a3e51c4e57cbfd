/* What the analysis of a foreign repository runs in.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "generator/run.h"
#include "generator/sandbox.h"
#include "unit/order.h"

TestSuite(sandbox, .init = made_setup, .fini = made_teardown, .timeout = 60);

Test(sandbox, the_fallback_sandbox_works_and_confines)
{
    const char *dir = made_plain("plain.git");
    const char *probe[] = {made_generator(), "--repository", dir, "--json",
                           "--work-dir",     made_path("w"), NULL};
    const char *env[] = {"PATH=/usr/bin:/bin", "DOCGEN_SANDBOX=seccomp", "HOME=/nonexistent", NULL};
    docgen_run run = {.argv = probe, .env = env};
    docgen_run_result result;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "%s",
                 result.errors);
    cr_assert_not_null(strstr(result.errors, "sandbox: seccomp"), "%s", result.errors);
    cr_assert_not_null(strstr(result.output, "\"type\":\"page\""));
}

Test(sandbox, inside_the_fallback_there_is_no_network_and_nothing_else_to_read)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("valgrind itself needs what the sandbox forbids");
    }
    docgen_sandbox sandbox = {.program = made_generator(), .directory = made_here.dir};
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        int wrong = 0;

        if (docgen_sandbox_enter(&sandbox) != APR_SUCCESS) {
            _exit(100);
        }
        wrong |= socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 1 : 0;
        wrong |= socket(AF_INET6, SOCK_DGRAM, 0) >= 0 ? 2 : 0;
        wrong |= socket(AF_NETLINK, SOCK_RAW, 0) >= 0 ? 4 : 0;
        wrong |= open("/etc/passwd", O_RDONLY) >= 0 ? 8 : 0;
        wrong |= open("/usr/docgen-test", O_WRONLY | O_CREAT, 0600) >= 0 ? 16 : 0;
        wrong |= open(made_path("own"), O_WRONLY | O_CREAT, 0600) < 0 ? 32 : 0;
        _exit(wrong);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 0, "%d", WEXITSTATUS(status));
}

static int is_a_session_of_its_own(void)
{
    static const char *const none[] = {NULL};
    docgen_sandbox sandbox = {.program = made_generator(), .directory = made_here.dir};
    const char *const *argv =
        docgen_sandbox_argv(made_here.pool, DOCGEN_SANDBOX_BUBBLEWRAP, &sandbox, none);

    while (*argv && strcmp(*argv, "--new-session") != 0) {
        argv++;
    }
    return *argv != NULL;
}

/* In a session of its own the analysis would be as important to the scheduler as all of httpd, and at a terminal
 * without one it could type. */
Test(sandbox, it_has_a_session_of_its_own_only_at_a_terminal)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        int terminal, without, with;

        setsid();
        without = is_a_session_of_its_own();
        terminal = posix_openpt(O_RDWR | O_NOCTTY);
        if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0 ||
            ioctl(open(ptsname(terminal), O_RDWR | O_NOCTTY), TIOCSCTTY, 0) != 0) {
            _exit(100);
        }
        with = is_a_session_of_its_own();
        _exit(without * 2 + !with);
    }
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 0, "%d", WEXITSTATUS(status));
}
