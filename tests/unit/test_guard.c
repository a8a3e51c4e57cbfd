/* The guard's promise: whatever ends the run, no process of it is left.
 * SPDX-License-Identifier: Apache-2.0 */
#include "unit/made.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "generator/guard.h"

TestSuite(guard, .init = made_setup, .fini = made_teardown, .timeout = 30);

/** Appends this process to the list of those that must not survive. */
static void pid_note(void)
{
    int fd = open(made_path("pids"), O_WRONLY | O_CREAT | O_APPEND, 0600);

    dprintf(fd, "%d\n", getpid());
    close(fd);
}

static void sleep_deaf(void)
{
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, 0);
    pid_note();
    for (;;) {
        sleep(60);
    }
}

/** Descendants of every kind: a child, one in a session of its own, a daemon, and a daemon's child. */
static void family_start(void)
{
    if (fork() == 0) {
        sleep_deaf();
    }
    if (fork() == 0) {
        setsid();
        sleep_deaf();
    }
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            if (fork() == 0) {
                setsid();
                sleep_deaf();
            }
            sleep_deaf();
        }
        _exit(0);
    }
}

static int members(void)
{
    FILE *file = fopen(made_path("pids"), "r");
    int count = 0, pid;

    while (file && fscanf(file, "%d", &pid) == 1) {
        count++;
    }
    if (file) {
        fclose(file);
    }
    return count;
}

/** How many of the family are alive (a zombie of another parent is not). */
static int alive(void)
{
    FILE *file = fopen(made_path("pids"), "r");
    int count = 0, pid;

    while (file && fscanf(file, "%d", &pid) == 1) {
        FILE *stat = fopen(apr_psprintf(made_here.pool, "/proc/%d/stat", pid), "r");
        char state = 'Z';

        if (stat) {
            if (fscanf(stat, "%*d %*s %c", &state) != 1) {
                state = 'Z';
            }
            fclose(stat);
        }
        count += state != 'Z' && state != 'X';
    }
    if (file) {
        fclose(file);
    }
    return count;
}

/** What the worker does after starting its family. */
typedef enum {
    WORKER_SLEEPS,
    WORKER_EXITS,
    WORKER_CRASHES,
    WORKER_FLOODS
} worker_way;

static int worker(void *baton, docgen_guard_note *note)
{
    const char *dir = made_path("run-x");

    apr_cpystrn(note->directory, dir, sizeof(note->directory));
    mkdir(dir, 0700);
    close(open(apr_pstrcat(made_here.pool, dir, "/secret", NULL), O_CREAT | O_WRONLY | O_CLOEXEC,
               0600));
    family_start();
    while (members() < 4) {
        usleep(1000);
    }
    pid_note();
    switch (*(worker_way *)baton) {
    case WORKER_SLEEPS:
        for (;;) {
            sleep(60);
        }
    case WORKER_EXITS:
        return 5;
    case WORKER_CRASHES:
        raise(SIGSEGV);
        return 0;
    case WORKER_FLOODS:
        for (;;) {
            if (write(1, "xxxxxxxxxxxxxxxx", 16) < 0) {
                return 9;
            }
        }
    }
    return 0;
}

/** A guard in a process of its own. @param in its stdin (reading end), out its stdout or -1 */
static pid_t guard_start(worker_way way, int in, int out, int keep_away)
{
    docgen_guard guard = {.parent = getpid(), .watch_stdin = 1, .background = 1};
    pid_t pid = fork();

    if (pid == 0) {
        close(keep_away);
        dup2(in, 0);
        close(in);
        if (out >= 0) {
            dup2(out, 1);
        }
        if (docgen_guard_enter(&guard) != APR_SUCCESS) {
            _exit(99);
        }
        _exit(docgen_guard_run(&guard, worker, &way));
    }
    return pid;
}

static void wait_for_family(void)
{
    while (members() < 5) {
        usleep(1000);
    }
    cr_assert_eq(alive(), 5);
}

static int end_of(pid_t pid)
{
    int status;

    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status), "the guard itself died");
    return WEXITSTATUS(status);
}

static void nothing_is_left(void)
{
    cr_assert_eq(alive(), 0);
    cr_assert_eq(access(made_path("run-x"), F_OK), -1, "the run's directory is left");
}

/* The whole family gives way to the server: it has the lowest priority, leaves a processor
 * free, and goes first when memory runs out. */
Test(guard, a_run_in_the_background)
{
    FILE *file;
    cpu_set_t ours, theirs;
    int in[2], pid;
    pid_t guard;

    cr_assert_eq(pipe(in), 0);
    cr_assert_eq(sched_getaffinity(0, sizeof(ours), &ours), 0);
    guard = guard_start(WORKER_SLEEPS, in[0], -1, in[1]);
    wait_for_family();
    file = fopen(made_path("pids"), "r");
    while (fscanf(file, "%d", &pid) == 1) {
        FILE *score = fopen(apr_psprintf(made_here.pool, "/proc/%d/oom_score_adj", pid), "r");
        int points = 0;

        cr_expect_eq(sched_getscheduler(pid), SCHED_BATCH);
        cr_expect_eq(getpriority(PRIO_PROCESS, (id_t)pid), 19);
        cr_assert_eq(sched_getaffinity(pid, sizeof(theirs), &theirs), 0);
        cr_expect_eq(CPU_COUNT(&theirs), CPU_COUNT(&ours) > 1 ? CPU_COUNT(&ours) - 1 : 1);
        cr_expect(score && fscanf(score, "%d", &points) == 1 && points == 1000, "%d", points);
        if (score) {
            fclose(score);
        }
    }
    fclose(file);
    kill(guard, SIGTERM);
    end_of(guard);
    nothing_is_left();
}

Test(guard, sigterm)
{
    int in[2];
    pid_t guard;

    cr_assert_eq(pipe(in), 0);
    guard = guard_start(WORKER_SLEEPS, in[0], -1, in[1]);
    wait_for_family();
    kill(guard, SIGTERM);
    cr_assert_eq(end_of(guard), 143);
    nothing_is_left();
}

Test(guard, the_end_of_stdin)
{
    int in[2];
    pid_t guard;

    cr_assert_eq(pipe(in), 0);
    guard = guard_start(WORKER_SLEEPS, in[0], -1, in[1]);
    wait_for_family();
    cr_assert_eq(write(in[1], "ignored\n", 8), 8);
    usleep(20000);
    cr_assert_eq(alive(), 5, "more input must not end the run");
    close(in[1]);
    cr_assert_eq(end_of(guard), 143);
    nothing_is_left();
}

Test(guard, stdout_that_nobody_reads)
{
    int in[2], out[2];
    pid_t guard;

    cr_assert(pipe(in) == 0 && pipe(out) == 0);
    guard = guard_start(WORKER_FLOODS, in[0], out[1], in[1]);
    wait_for_family();
    usleep(50000);
    kill(guard, SIGTERM);
    cr_assert_eq(end_of(guard), 143);
    nothing_is_left();
}

Test(guard, the_workers_own_end)
{
    int in[2];

    cr_assert_eq(pipe(in), 0);
    cr_assert_eq(end_of(guard_start(WORKER_EXITS, in[0], -1, in[1])), 5);
    nothing_is_left();
}

Test(guard, the_workers_crash)
{
    int in[2];

    cr_assert_eq(pipe(in), 0);
    cr_assert_eq(end_of(guard_start(WORKER_CRASHES, in[0], -1, in[1])), 128 + SIGSEGV);
    nothing_is_left();
}

Test(guard, kill_9_of_the_supervisor)
{
    int in[2];
    pid_t supervisor;

    cr_assert_eq(pipe(in), 0);
    prctl(PR_SET_CHILD_SUBREAPER,
          1); /* the guard becomes this process' child when its parent is gone */
    supervisor = fork();
    if (supervisor == 0) {
        guard_start(WORKER_SLEEPS, in[0], -1, -1);
        for (;;) {
            sleep(60);
        }
    }
    wait_for_family();
    kill(supervisor, SIGKILL); /* stdin stays open in this process: only the parent's death tells */
    cr_assert_eq(waitpid(supervisor, NULL, 0), supervisor);
    cr_assert_gt(waitpid(-1, NULL, 0), 0);
    nothing_is_left();
    close(in[1]);
}

Test(guard, a_supervisor_that_is_gone_before_the_start)
{
    docgen_guard guard = {.parent = 1};

    cr_assert_neq(getppid(), 1);
    cr_assert_eq(docgen_guard_enter(&guard), APR_EGENERAL);
}

Test(guard, one_line_is_read_and_stdin_stays_open)
{
    int in[2];
    char *line;
    apr_size_t length;

    cr_assert_eq(pipe(in), 0);
    dup2(in[0], 0);
    cr_assert_eq(write(in[1], "{\"a\":1}\n", 8), 8);
    cr_assert_eq(docgen_guard_line(made_here.pool, 100, &line, &length), APR_SUCCESS);
    cr_assert_str_eq(line, "{\"a\":1}");
    cr_assert_eq(write(in[1], "12345678901", 11), 11);
    cr_assert_eq(docgen_guard_line(made_here.pool, 10, &line, &length), APR_ENOSPC);
    close(in[1]);
    cr_assert_eq(docgen_guard_line(made_here.pool, 100, &line, &length), APR_EOF);
}

/** The real program, ended while git is at work. */
Test(guard, the_program_without_its_supervisor)
{
    const char *argv[] = {
        "sh",
        "-c",
        "(printf '%s\\n' \"$1\"; until [ \"$(grep -c . \"$2\" 2> /dev/null)\" -ge "
        "2 ] 2> /dev/null; do sleep 0.02; "
        "done) | \"$0\"; echo $?",
        "",
        "",
        "",
        NULL};
    docgen_run run = {.argv = argv, .timeout = apr_time_from_sec(25)};
    docgen_run_result result;
    const char *script = made_path("git");
    FILE *file = fopen(script, "w"); /* a git that hangs, with a child that has left */
    const char *env[] = {
        apr_pstrcat(made_here.pool, "PATH=", made_here.dir, ":/usr/bin:/bin", NULL), NULL};

    fprintf(file,
            "#!/bin/sh\n(setsid sh -c 'echo $$ >> %s; exec sleep 60' &)\necho $$ >> %s\nexec sleep "
            "60\n",
            made_path("pids"), made_path("pids"));
    fclose(file);
    chmod(script, 0700);
    run.env = env;
    argv[3] = made_generator();
    argv[4] = apr_psprintf(
        made_here.pool,
        "{\"protocol\":1,\"repositoryId\":\"r\",\"url\":\"/x.git\",\"workDir\":\"%s\"}",
        made_path("work"));
    argv[5] = made_path("pids");
    docgen_run_program(made_here.pool, &run, &result);
    cr_assert_not_null(strstr(result.output, "143"), "%s %s", result.output, result.errors);
    cr_assert_geq(members(), 2);
    cr_assert_eq(alive(), 0);
}
