/* Helper programs end when they should, and leave nothing behind.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "unit/made.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

TestSuite(run, .init = made_setup, .fini = made_teardown);

/** Runs a shell script. */
static apr_status_t shell(const char *script, docgen_run *run, docgen_run_result *result)
{
    const char *argv[] = {"sh", "-c", script, NULL};

    run->argv = argv;
    return docgen_run_program(made_here.pool, run, result);
}

static int is_alive(const char *pid_file)
{
    FILE *file = fopen(made_path(pid_file), "r");
    int pid = 0;

    cr_assert(file && fscanf(file, "%d", &pid) == 1);
    fclose(file);
    for (int i = 0; i < 100 && kill(pid, 0) == 0; i++) { /* an orphan is reaped by somebody else */
        char state = 0;
        FILE *stat = fopen(apr_psprintf(made_here.pool, "/proc/%d/stat", pid), "r");

        if (!stat || fscanf(stat, "%*d %*s %c", &state) != 1 || state == 'Z') {
            if (stat) {
                fclose(stat);
            }
            return 0;
        }
        fclose(stat);
        usleep(10000);
    }
    return kill(pid, 0) == 0;
}

Test(run, output_errors_and_exit_code)
{
    docgen_run run = {0};
    docgen_run_result result;

    cr_assert_eq(shell("echo out; echo err >&2", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.output, "out\n");
    cr_assert_eq(result.length, 4);
    cr_assert_str_eq(result.errors, "err\n");
    cr_assert_eq(shell("exit 7", &run, &result), APR_EGENERAL);
    cr_assert_eq(result.exit_code, 7);
    cr_assert_eq(shell("kill -SEGV $$", &run, &result), APR_EGENERAL);
    cr_assert_eq(result.signal, SIGSEGV);
    cr_assert_eq(result.exit_code, -1);
}

Test(run, a_missing_program_and_directory_are_errors)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("valgrind makes vfork a fork, so the child cannot say why exec failed");
    }
    const char *argv[] = {"docgen-no-such-program", NULL};
    const char *there[] = {"true", NULL};
    docgen_run run = {.argv = argv};
    docgen_run_result result;

    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_ENOENT);
    run.argv = there;
    run.directory = "/no/such/directory";
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), ENOENT);
}

Test(run, much_input_and_output_at_once)
{
    apr_size_t size = 5 * 1024 * 1024;
    char *data = apr_palloc(made_here.pool, size);
    docgen_run run = {.input = data, .input_length = size};
    docgen_run_result result;

    for (apr_size_t i = 0; i < size; i++) {
        data[i] = (char)('a' + i % 23);
    }
    cr_assert_eq(shell("cat", &run, &result), APR_SUCCESS);
    cr_assert_eq(result.length, size);
    cr_assert_arr_eq(result.output, data, size);
    cr_assert_eq(shell("exec <&-; echo done", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.output, "done\n");
}

Test(run, late_and_talkative_programs_are_killed)
{
    docgen_run run = {.timeout = apr_time_from_msec(300), .max_output = 1000};
    docgen_run_result result;
    apr_time_t start = docgen_monotonic_now();

    cr_assert_eq(shell("echo before; sleep 30", &run, &result), APR_TIMEUP);
    cr_assert(result.timed_out);
    cr_assert_str_eq(result.output, "before\n");
    cr_assert_lt(docgen_monotonic_now() - start, apr_time_from_sec(5));
    run.timeout = 0;
    cr_assert_eq(shell("yes", &run, &result), APR_ENOSPC);
    cr_assert(result.overflowed);
    cr_assert_eq(result.length, 1000);
}

Test(run, children_left_behind_are_not_waited_for_and_die)
{
    docgen_run run = {.timeout = apr_time_from_sec(20), .directory = made_here.dir};
    docgen_run_result result;
    apr_time_t start = docgen_monotonic_now();

    cr_assert_eq(shell("sleep 30 & echo $! > left; echo out", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.output, "out\n");
    cr_assert_lt(docgen_monotonic_now() - start, apr_time_from_sec(5));
    cr_assert_not(is_alive("left"));
    /* one that left the group keeps the pipe open: still not waited for */
    start = docgen_monotonic_now();
    cr_assert_eq(shell("setsid sleep 3 & echo out", &run, &result), APR_SUCCESS);
    cr_assert_lt(docgen_monotonic_now() - start, apr_time_from_sec(2));
}

Test(run, nothing_is_inherited_but_the_passed_descriptor)
{
    docgen_run run = {0};
    docgen_run_result result;
    int kept[2], open_one = open("/dev/zero", O_RDONLY);

    cr_assert_eq(pipe(kept), 0);
    cr_assert_eq(write(kept[1], "passed", 6), 6);
    close(kept[1]);
    cr_assert_geq(open_one, 0);
    cr_assert_eq(shell("ls /proc/self/fd | tr '\\n' ' '", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.output, "0 1 2 3 "); /* 3 is ls' own */
    run.pass_fd = kept[0];
    cr_assert_eq(
        shell(apr_psprintf(made_here.pool, "cat /proc/self/fd/%d", kept[0]), &run, &result),
        APR_SUCCESS);
    cr_assert_str_eq(result.output, "passed");
    cr_assert_eq(lseek(dup2(open_one, kept[0] + 1), 0, SEEK_CUR), 0); /* one above it, too */
    cr_assert_eq(shell("ls /proc/self/fd | tr '\\n' ' '", &run, &result), APR_SUCCESS);
    cr_assert_null(strstr(result.output, apr_psprintf(made_here.pool, " %d ", kept[0] + 1)), "%s",
                   result.output);
}

Test(run, signals_are_the_systems_own)
{
    docgen_run run = {0};
    docgen_run_result result;

    unsigned long long blocked = 0, ignored = 0,
                       both = 1ULL << (SIGUSR1 - 1) | 1ULL << (SIGPIPE - 1);

    signal(SIGUSR1, SIG_IGN); /* and SIGPIPE, which the run itself ignores */
    cr_assert_eq(shell("grep -E 'Sig(Ign|Blk)' /proc/self/status", &run, &result), APR_SUCCESS);
    cr_assert_eq(sscanf(result.output, "SigBlk: %llx SigIgn: %llx", &blocked, &ignored), 2);
    cr_assert_eq(blocked & both, 0);
    cr_assert_eq(ignored & both, 0);
}

/** The pid that a script wrote; it may take its time. */
static void await_file(const char *name)
{
    struct stat about = {0};

    for (int i = 0; i < 1000 && about.st_size == 0; i++) {
        if (stat(made_path(name), &about) != 0) {
            about.st_size = 0;
        }
        usleep(10000);
    }
    cr_assert_neq(about.st_size, 0, "%s was not written", name);
}

Test(run, a_helper_dies_with_whoever_started_it)
{
    const char *argv[] = {"sh", "-c", "echo $$ > alive; exec sleep 60", NULL};
    pid_t starter = fork();

    if (starter == 0) {
        docgen_spawn spawn = {.argv = argv, .directory = made_here.dir, .output = 1, .errors = 2};
        pid_t pid;

        docgen_spawn_program(made_here.pool, &spawn, &pid);
        await_file("alive");
        _exit(0);
    }
    cr_assert_eq(waitpid(starter, NULL, 0), starter);
    await_file("alive");
    cr_assert_not(is_alive("alive"));
}

static void stop_at_word(void *baton, const char *data, apr_size_t length)
{
    *(int *)baton = memmem(data, length, "stop", 4) != NULL;
}

Test(run, a_run_is_stopped_by_what_it_says)
{
    int stop = 0;
    docgen_run run = {.on_stderr = stop_at_word, .baton = &stop, .stop = &stop};
    docgen_run_result result;
    apr_time_t start = docgen_monotonic_now();

    cr_assert_eq(shell("echo stop >&2; exec sleep 30", &run, &result), APR_EGENERAL);
    cr_assert_eq(result.signal, SIGKILL);
    cr_assert_lt(docgen_monotonic_now() - start, apr_time_from_sec(10));
}

Test(run, the_environment_is_minimal)
{
    docgen_run run = {0};
    docgen_run_result result;

    setenv("PGPASSWORD", "secret", 1);
    cr_assert_eq(shell("env", &run, &result), APR_SUCCESS);
    cr_assert_null(strstr(result.output, "PGPASSWORD"));
    cr_assert_not_null(strstr(result.output, "LC_ALL=C.UTF-8"));
}

Test(run, limits_hold)
{
    docgen_run run = {.max_file = 4096, .directory = made_here.dir}; /* bytes */
    docgen_run_result result;
    struct rlimit core;

    /* where the system would let a program write a core, too */
    getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max;
    setrlimit(RLIMIT_CORE, &core);
    cr_assert_eq(shell("ulimit -c; head -c 100000 /dev/zero > big", &run, &result), APR_EGENERAL);
    cr_assert_str_eq(result.output, "0\n");
    memset(&run, 0, sizeof(run));
    run.max_memory = 512 << 20;
    cr_assert_eq(shell("ulimit -v", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.output, "524288\n");
    run.max_memory = 0;
    run.cpu_seconds = 1;
    cr_assert_eq(shell("while :; do :; done", &run, &result), APR_EGENERAL);
    cr_assert_neq(result.signal, 0);
}

Test(run, data_is_limited_apart_from_address_space)
{
    if (getenv("UNDER_VALGRIND")) {
        cr_skip_test("valgrind keeps this limit to itself");
    }
    const char *argv[] = {"sh", "-c", "test \"$(ulimit -d)\" = 524288", NULL};
    docgen_spawn spawn = {.argv = argv, .output = 1, .errors = 2, .max_data = 512 << 20};
    int status;
    pid_t pid;

    cr_assert_eq(docgen_spawn_program(made_here.pool, &spawn, &pid), APR_SUCCESS);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert_eq(status, 0);
}

Test(run, only_the_end_of_errors_is_kept)
{
    docgen_run run = {0};
    docgen_run_result result;

    const char *end;
    int number = 60000;

    cr_assert_eq(shell("seq 60000 >&2", &run, &result), APR_SUCCESS);
    cr_assert_leq(strlen(result.errors), 16384);
    for (end = result.errors + strlen(result.errors); number > 57500; number--) {
        const char *line = apr_psprintf(made_here.pool, "%d\n", number);

        end -= strlen(line);
        cr_assert_eq(strncmp(end, line, strlen(line)), 0, "%d is missing", number);
    }
}

Test(run, errors_are_lines_of_text)
{
    docgen_run run = {0};
    docgen_run_result result;

    cr_assert_eq(shell("printf '10%%\\r20%%\\r\\377\\n' >&2", &run, &result), APR_SUCCESS);
    cr_assert_str_eq(result.errors, "10%\n20%\n\xef\xbf\xbd\n");
}

Test(run, pipes_ask_and_answer)
{
    const char *argv[] = {"cat", NULL};
    docgen_run run = {.argv = argv};
    docgen_pipe *pipe;
    const char *line;
    apr_size_t length;
    char data[4];

    cr_assert_eq(docgen_pipe_open(&pipe, made_here.pool, &run), APR_SUCCESS);
    cr_assert_eq(docgen_pipe_write(pipe, "one\ntwo\nabcd", 12), APR_SUCCESS);
    cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 100, &line, &length),
                 APR_SUCCESS);
    cr_assert_str_eq(line, "one");
    cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 100, &line, &length),
                 APR_SUCCESS);
    cr_assert_str_eq(line, "two");
    cr_assert_eq(docgen_pipe_read(pipe, apr_time_from_sec(5), data, 4), APR_SUCCESS);
    cr_assert_arr_eq(data, "abcd", 4);
    cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_msec(50), 100, &line, &length),
                 APR_TIMEUP);
    cr_assert_eq(docgen_pipe_write(pipe, "a line that is too long\n", 24), APR_SUCCESS);
    cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 5, &line, &length), APR_ENOSPC);
    docgen_pipe_close(pipe);
    docgen_pipe_close(pipe);
    cr_assert_neq(docgen_pipe_write(pipe, "x", 1), APR_SUCCESS);
}

Test(run, a_helper_that_does_not_listen_is_killed)
{
    const char *argv[] = {"sh", "-c", "trap '' TERM HUP; echo $$ > deaf; exec sleep 60", NULL};
    docgen_run run = {.argv = argv, .directory = made_here.dir};
    docgen_pipe *pipe;

    cr_assert_eq(docgen_pipe_open(&pipe, made_here.pool, &run), APR_SUCCESS);
    await_file("deaf");
    docgen_pipe_close(pipe);
    cr_assert_not(is_alive("deaf"));
}

Test(run, the_end_of_a_pipe_tells_how_the_program_ended)
{
    static const struct {
        const char *script;
        apr_status_t end;
    } programs[] = {{"echo a", APR_SUCCESS},
                    {"echo a; exit 3", APR_EGENERAL},
                    {"echo a; kill -9 $$", APR_EGENERAL},
                    {"echo a; exec >&-; sleep 60", APR_EGENERAL}};

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        const char *argv[] = {"sh", "-c", programs[i].script, NULL};
        docgen_run run = {.argv = argv};
        docgen_pipe *pipe;
        const char *line;
        apr_size_t length;

        cr_assert_eq(docgen_pipe_open(&pipe, made_here.pool, &run), APR_SUCCESS);
        cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 100, &line, &length),
                     APR_SUCCESS);
        cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 100, &line, &length),
                     APR_EOF);
        cr_expect_eq(docgen_pipe_end(pipe, apr_time_from_msec(i == 3 ? 50 : 5000)), programs[i].end,
                     "%s", programs[i].script);
        docgen_pipe_close(pipe);
    }
}

Test(run, a_pipe_to_a_dead_program_is_an_error)
{
    const char *argv[] = {"true", NULL};
    docgen_run run = {.argv = argv};
    docgen_pipe *pipe;
    const char *line;
    apr_size_t length;
    apr_status_t rv = APR_SUCCESS;

    cr_assert_eq(docgen_pipe_open(&pipe, made_here.pool, &run), APR_SUCCESS);
    cr_assert_eq(docgen_pipe_read_line(pipe, apr_time_from_sec(5), 100, &line, &length), APR_EOF);
    for (int i = 0; i < 100 && rv == APR_SUCCESS; i++) {
        rv = docgen_pipe_write(pipe, "x", 1);
        usleep(1000);
    }
    cr_assert_neq(rv, APR_SUCCESS);
}
