/* Running a generator: its environment, its pipes, its end, and that nothing of it is left.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "jobs/clock.h"
#include "jobs/generator.h"
#include "jobs/worker_process.h"
#include "jobs/workdir.h"

static apr_pool_t *pool;
static char dir[] = "/tmp/docgen-unit-XXXXXX";

static void set_up(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
    cr_assert_not_null(mkdtemp(dir));
    signal(SIGPIPE, SIG_IGN);
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
    docgen_workdir_remove(dir);
    apr_terminate();
}

TestSuite(jobs_generator, .init = set_up, .fini = tear_down, .timeout = 60);

static docgen_generator_command *shell(const char *script)
{
    docgen_generator_command *spawn = apr_pcalloc(pool, sizeof(*spawn));
    const char **argv = apr_pcalloc(pool, 4 * sizeof(*argv));

    argv[0] = "sh";
    argv[1] = "-c";
    argv[2] = script;
    spawn->argv = argv;
    spawn->env = docgen_generator_environment(pool, dir);
    spawn->directory = dir;
    spawn->input = "";
    return spawn;
}

static docgen_generator *start(const docgen_generator_command *spawn)
{
    docgen_generator *generator = NULL;
    sigset_t all;
    apr_status_t rv;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* as a job thread is */
    rv = docgen_generator_start(&generator, pool, spawn);
    cr_assert_eq(rv, APR_SUCCESS, "%d", rv);
    return generator;
}

/* All of its stdout, up to its end. */
static const char *output(docgen_generator *generator)
{
    char chunk[1000];
    const char *all = "";
    apr_size_t n;
    apr_status_t rv;

    while ((rv = docgen_generator_read(generator, apr_time_from_sec(20), chunk, sizeof(chunk),
                                       &n)) == APR_SUCCESS) {
        all = apr_pstrcat(pool, all, apr_pstrmemdup(pool, chunk, n), NULL);
    }
    cr_expect_eq(rv, APR_EOF);
    cr_expect_eq(docgen_generator_wait(generator, apr_time_from_sec(20)), APR_SUCCESS);
    return all;
}

static const char *logged(docgen_generator *generator)
{
    apr_size_t length;

    return docgen_generator_log(generator, pool, &length);
}

static int is_gone(pid_t pid)
{
    for (int i = 0; i < 10000 && docgen_process_started(pid); i++) {
        usleep(2000);
    }
    return docgen_process_started(pid) == 0;
}

Test(jobs_generator, talks)
{
    docgen_generator_command *spawn = shell("read line; echo \"got $line\"; echo log >&2; exit 7");
    docgen_generator *generator;

    spawn->input = "hello\n";
    spawn->input_length = 6;
    generator = start(spawn);
    cr_expect_str_eq(output(generator), "got hello\n");
    cr_expect_str_eq(logged(generator), "log\n");
    cr_expect_eq(docgen_generator_exit_code(generator), 7);
    cr_expect_eq(docgen_generator_exit_signal(generator), 0);
}

Test(jobs_generator, surroundings)
{
    docgen_generator *generator;
    const char *said, *ignored;

    setenv("PGPASSWORD", "secret", 1);
    setenv("https_proxy", "http://proxy:3128", 1);
    generator = start(shell("env; pwd; ls /proc/self/fd | wc -l; ps -o pgid= -p $$; echo $$;"
                            "grep -E 'Sig(Blk|Ign)' /proc/self/status; nice;"
                            "cat /proc/self/oom_score_adj"));
    said = output(generator);
    cr_expect(strstr(said, apr_pstrcat(pool, "HOME=", dir, "\n", NULL)), "%s", said);
    cr_expect(strstr(said, "https_proxy=http://proxy:3128\n"));
    cr_expect(strstr(said, "LANG=C.UTF-8\n"));
    cr_expect_null(strstr(said, "PGPASSWORD"), "%s", said);
    cr_expect(strstr(said, apr_psprintf(pool, "\n%s\n4\n", dir)), "0, 1, 2 and ls's own: %s", said);
    cr_expect(strstr(said, "SigBlk:\t0000000000000000"), "%s", said);
    ignored = strstr(said, "SigIgn:\t");
    cr_assert_not_null(ignored);
    /* 32 and 33 are the C library's own */
    cr_expect_eq(strtoull(ignored + 8, NULL, 16) & 0x7fffffff, 0, "%s", said);
    cr_expect(strstr(said, "\n19\n1000\n"), "%s", said);
    cr_expect(strstr(said, apr_psprintf(pool, "%d\n%d\n", docgen_generator_pid(generator),
                                        docgen_generator_pid(generator))),
              "its own group: %s", said);
}

Test(jobs_generator, cannot_start)
{
    docgen_generator_command *spawn = shell("exit 0");
    const char *const argv[] = {"/nonexistent/program", NULL};
    docgen_generator *generator = NULL;

    spawn->argv = argv;
    cr_expect_eq(docgen_generator_start(&generator, pool, spawn), ENOENT);
    spawn = shell("exit 0");
    spawn->directory = "/nonexistent";
    cr_expect_eq(docgen_generator_start(&generator, pool, spawn), ENOENT);
}

Test(jobs_generator, large_input_and_a_closed_stdin)
{
    docgen_generator_command *spawn = shell("wc -c");
    char *input = apr_palloc(pool, 300001);
    docgen_generator *generator;

    memset(input, 'i', 300000);
    input[300000] = '\0';
    spawn->argv = (const char *const[]){"head", "-c", "200000", NULL};
    spawn->input = input;
    spawn->input_length = 300000;
    generator = start(spawn);
    cr_expect_eq(strlen(output(generator)), 200000u,
                 "then its stdin is closed: no SIGPIPE, no error");
    cr_expect_eq(docgen_generator_exit_code(generator), 0);
}

Test(jobs_generator, stdin_stays_open)
{
    docgen_generator *generator = start(shell("cat; echo end"));
    char chunk[10];
    apr_size_t n;

    cr_expect_eq(docgen_generator_read(generator, apr_time_from_msec(200), chunk, 10, &n),
                 APR_TIMEUP);
    docgen_generator_end(generator);
}

Test(jobs_generator, dies_by_signal)
{
    docgen_generator *generator = start(shell("kill -SEGV $$"));

    cr_expect_str_eq(output(generator), "");
    cr_expect_eq(docgen_generator_exit_signal(generator), SIGSEGV);
    cr_expect_eq(docgen_generator_exit_code(generator), -1);
}

Test(jobs_generator, term_is_enough_for_a_good_one)
{
    docgen_generator *generator;
    char chunk[10];
    apr_size_t n;
    int tries = 0;

    do { /* at its low priority it may not have its turn within our patience: then it is asked again */
        generator = start(shell("trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done"));
        cr_assert_eq(docgen_generator_read(generator, apr_time_from_sec(30), chunk, 10, &n), 0);
        docgen_generator_end(generator);
    } while (docgen_generator_exit_code(generator) != 9 && ++tries < 10);
    cr_expect_eq(docgen_generator_exit_code(generator), 9);
    docgen_generator_end(generator);
    docgen_generator_signal(generator, SIGKILL);
}

Test(jobs_generator, a_deaf_one_is_killed)
{
    docgen_generator *generator = start(shell("trap '' TERM; echo up; while :; do sleep 1; done"));
    pid_t pid = docgen_generator_pid(generator);
    apr_time_t from;
    char chunk[10];
    apr_size_t n;

    cr_assert_eq(docgen_generator_read(generator, apr_time_from_sec(30), chunk, 10, &n), 0);
    from = docgen_clock_now();
    docgen_generator_end(generator);
    cr_expect_geq(docgen_clock_now() - from, apr_time_from_msec(450));
    cr_expect_lt(docgen_clock_now() - from, apr_time_from_sec(20));
    cr_expect_eq(docgen_generator_exit_signal(generator), SIGKILL);
    cr_expect(is_gone(pid));
}

static void await_stopped(pid_t pid)
{
    siginfo_t info;

    cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOWAIT), 0);
}

/* A stopped process takes TERM only when it continues. */
Test(jobs_generator, a_stopped_one_ends)
{
    docgen_generator *generator;
    int tries = 0;

    do { /* as above */
        generator = start(shell("kill -STOP $$"));
        await_stopped(docgen_generator_pid(generator));
        docgen_generator_end(generator);
    } while (docgen_generator_exit_signal(generator) != SIGTERM && ++tries < 10);
    cr_expect_eq(docgen_generator_exit_signal(generator), SIGTERM);
}

Test(jobs_generator, children_that_keep_the_pipe)
{
    docgen_generator *generator = start(shell("sleep 60 & echo $!; exit 0"));
    apr_time_t from = docgen_clock_now();
    pid_t child = atoi(output(generator));

    cr_expect_lt(docgen_clock_now() - from, apr_time_from_sec(30));
    cr_expect_gt(child, 1);
    cr_expect(is_gone(child), "the child %d of its group lives on", child);
}

/* In a session of its own, deaf, and with nothing but stdin: still found. */
Test(jobs_generator, children_that_ran_away)
{
    docgen_generator *generator =
        start(shell("export F=$(mktemp);"
                    "setsid sh -c 'trap \"\" TERM; echo $$; echo > \"$F\"; sleep 60; sleep 60' &"
                    "until [ -s \"$F\" ]; do sleep 0.01; done; rm \"$F\";"
                    "exec 3<&0; setsid sleep 61 > /dev/null 2>&1 <&3 3<&- & echo $!; sleep 0.1"));
    const char *said = output(generator), *second = strchr(said, '\n');
    pid_t child = atoi(said), other = second ? atoi(second) : 0;

    cr_assert(child > 1 && other > 1, "%s", said);
    cr_expect(is_gone(child), "%d lives on", child);
    cr_expect(is_gone(other), "%d lives on", other);
}

Test(jobs_generator, everything_it_wrote_last_is_read)
{
    for (int i = 0; i < 20; i++) {
        docgen_generator *generator = start(shell("head -c 60000 /dev/zero | tr '\\0' z; exit 3"));

        usleep(20000); /* it is a zombie by now, its output still in the pipe */
        cr_expect_eq(strlen(output(generator)), 60000u);
        cr_expect_eq(docgen_generator_exit_code(generator), 3);
    }
}

Test(jobs_generator, the_end_of_a_long_log)
{
    docgen_generator *generator =
        start(shell("i=0; while [ $i -lt 9000 ]; do echo \"line $i\"; i=$((i+1)); done >&2"));
    apr_size_t length;
    const char *log;

    output(generator);
    log = docgen_generator_log(generator, pool, &length);
    cr_expect_eq(length, (apr_size_t)DOCGEN_GENERATOR_LOG_MAX);
    cr_expect_eq(strlen(log), length);
    cr_expect_str_eq(log + length - 10, "line 8999\n");
}

Test(jobs_generator, closing_stdout_is_not_the_end)
{
    docgen_generator *generator = start(shell("exec >&-; sleep 0.3; exit 4"));
    char chunk[10];
    apr_size_t n;

    cr_expect_eq(docgen_generator_read(generator, apr_time_from_sec(5), chunk, 10, &n), APR_EOF);
    cr_expect_eq(docgen_generator_wait(generator, apr_time_from_msec(50)), APR_TIMEUP);
    cr_expect_eq(docgen_generator_wait(generator, apr_time_from_sec(5)), APR_SUCCESS);
    cr_expect_eq(docgen_generator_exit_code(generator), 4);
}

Test(jobs_generator, the_pool_ends_it)
{
    apr_pool_t *outer = pool;
    docgen_generator *generator;
    pid_t pid;

    apr_pool_create(&pool, outer);
    generator = start(shell("sleep 60"));
    pid = docgen_generator_pid(generator);
    apr_pool_destroy(pool);
    pool = outer;
    cr_expect(is_gone(pid));
}
