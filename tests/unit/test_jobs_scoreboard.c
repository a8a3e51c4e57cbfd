/* Owners and the scoreboard: who lives, who reaps, who hears the wakeup; with real processes that are
 * really killed.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "jobs/scoreboard.h"
#include "jobs/clock.h"
#include "jobs/worker_process.h"
#include "jobs/workdir.h"

#define PATIENCE apr_time_from_sec(30)

static apr_pool_t *pool;

static void set_up(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
    apr_terminate();
}

TestSuite(jobs_scoreboard, .init = set_up, .fini = tear_down, .timeout = 30);

static pid_t sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        pause();
        _exit(0);
    }
    return pid;
}

static void put_to_death(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static docgen_scoreboard *new_board(void)
{
    docgen_scoreboard *scoreboard = NULL;

    cr_assert_eq(docgen_scoreboard_create(&scoreboard, pool), APR_SUCCESS);
    cr_assert(docgen_scoreboard_is_ours(scoreboard));
    return scoreboard;
}

static docgen_worker_process self_of(pid_t pid)
{
    docgen_worker_process self = {.pid = pid, .started = docgen_process_started(pid)};

    return self;
}

Test(jobs_scoreboard, self)
{
    docgen_worker_process a, b;
    char line[256], *end;
    FILE *stat = fopen("/proc/self/stat", "r");
    int field = 3;

    cr_assert_eq(docgen_worker_process_create(&a), APR_SUCCESS);
    cr_assert_eq(docgen_worker_process_create(&b), APR_SUCCESS);
    cr_expect_str_neq(a.id.text, b.id.text);
    cr_expect_str_eq(a.host.text, b.host.text);
    cr_expect(docgen_uuid_is_valid(a.host.text), "%s", a.host.text);
    cr_expect_eq(a.pid, getpid());
    cr_assert_not_null(fgets(line, sizeof(line), stat));
    fclose(stat);
    for (end = strrchr(line, ')') + 2; field < 22; field++) {
        end = strchr(end, ' ') + 1;
    }
    cr_expect_eq(a.started, atoll(end));
}

Test(jobs_scoreboard, liveness)
{
    pid_t pid = sleeper();
    apr_int64_t started = docgen_process_started(pid);

    cr_expect_gt(started, 0);
    cr_expect(docgen_process_is_alive(pid, started));
    cr_expect_not(docgen_process_is_alive(pid, started + 1), "another process with this pid");
    kill(pid, SIGKILL);
    for (int i = 0; i < 500 && docgen_process_started(pid); i++) {
        usleep(2000);
    }
    cr_expect_not(docgen_process_is_alive(pid, started), "a zombie");
    waitpid(pid, NULL, 0);
    cr_expect_not(docgen_process_is_alive(pid, started), "gone");
    cr_expect_not(docgen_process_is_alive(0, 0));
    cr_expect_not(docgen_process_is_alive(-1, 0));
}

Test(jobs_scoreboard, foreign_memory)
{
    static const char zeros[sizeof(long) * 64];

    cr_expect_not(docgen_scoreboard_is_ours(NULL));
    cr_expect_not(docgen_scoreboard_is_ours((const docgen_scoreboard *)zeros));
}

Test(jobs_scoreboard, slots)
{
    docgen_scoreboard *scoreboard = new_board();
    docgen_worker_process self = self_of(getpid());
    int last = -2;

    for (int i = 0; i < DOCGEN_SCOREBOARD_CHILDREN; i++) {
        last = docgen_scoreboard_join(scoreboard, &self, 1);
        cr_assert_geq(last, 0);
    }
    cr_expect_eq(docgen_scoreboard_join(scoreboard, &self, 1), -1, "full");
    docgen_scoreboard_leave(scoreboard, last);
    cr_expect_eq(docgen_scoreboard_join(scoreboard, &self, 1), last);
    docgen_scoreboard_leave(scoreboard, -1);
    cr_expect_eq(docgen_scoreboard_begin_config_generation(scoreboard), 1);
    cr_expect_eq(docgen_scoreboard_begin_config_generation(scoreboard), 2);
}

Test(jobs_scoreboard, one_sweeper)
{
    docgen_scoreboard *scoreboard = new_board();
    docgen_worker_process self = self_of(getpid());
    int a = docgen_scoreboard_join(scoreboard, &self, 1),
        b = docgen_scoreboard_join(scoreboard, &self, 1);
    int c;

    cr_expect_eq(docgen_scoreboard_elect(scoreboard, -1, PATIENCE), 0,
                 "who has no slot cannot reap");
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, b, PATIENCE), 0);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 1);
    docgen_scoreboard_resign(scoreboard, b);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, b, PATIENCE), 0, "only the holder can resign");
    docgen_scoreboard_resign(scoreboard, a);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, b, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 0);
    usleep(3000);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, 1000), 1, "the holder fell silent");
    c = docgen_scoreboard_join(scoreboard, &self, 2);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, c, PATIENCE), 1,
                 "a newer configuration takes over");
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 0);
    docgen_scoreboard_leave(scoreboard, c);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 1,
                 "leaving gives the leadership up");
}

Test(jobs_scoreboard, the_dead_do_not_sweep)
{
    docgen_scoreboard *scoreboard = new_board();
    pid_t pid = sleeper();
    docgen_worker_process other = self_of(pid), self = self_of(getpid());
    int theirs = docgen_scoreboard_join(scoreboard, &other, 1),
        mine = docgen_scoreboard_join(scoreboard, &self, 1);
    docgen_peer peers[4];

    cr_assert_eq(docgen_scoreboard_elect(scoreboard, theirs, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, mine, PATIENCE), 0);
    cr_expect_eq(docgen_scoreboard_peers(scoreboard, mine, 0, peers, 4), 1, "all watch the leader");
    cr_expect_eq(peers[0].pid, pid);
    cr_expect_eq(docgen_scoreboard_clear_dead(scoreboard, mine), 0);
    put_to_death(pid);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, mine, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_peers(scoreboard, mine, 1, peers, 4), 1,
                 "the leader watches all");
    cr_expect_eq(docgen_scoreboard_clear_dead(scoreboard, mine), 1);
    cr_expect_eq(docgen_scoreboard_peers(scoreboard, mine, 1, peers, 4), 0);
    cr_expect_eq(docgen_scoreboard_clear_dead(scoreboard, mine), 0);
}

Test(jobs_scoreboard, burial)
{
    docgen_scoreboard *scoreboard = new_board();
    docgen_worker_process self = self_of(getpid());
    int a = docgen_scoreboard_join(scoreboard, &self, 1);
    docgen_worker_process other = {.pid = 1, .started = docgen_process_started(1)};
    int b = docgen_scoreboard_join(scoreboard, &other, 1);

    cr_assert_eq(docgen_scoreboard_elect(scoreboard, b, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 0);
    docgen_scoreboard_mark_dead(scoreboard, 1); /* the parent saw it end, whatever /proc says */
    cr_expect_eq(docgen_scoreboard_elect(scoreboard, a, PATIENCE), 1);
    cr_expect_eq(docgen_scoreboard_clear_dead(scoreboard, a), 1);
}

/* A child that is killed leaves its generators; who clears up after it kills them. */
Test(jobs_scoreboard, generators_of_the_dead)
{
    docgen_scoreboard *scoreboard = new_board();
    pid_t child = sleeper(), generator = fork(), kept;
    docgen_worker_process other = self_of(child), self = self_of(getpid());
    int theirs, mine, status;

    if (generator == 0) {
        setpgid(0, 0);
        pause();
        _exit(0);
    }
    kept = fork();
    if (kept == 0) {
        setpgid(0, 0);
        pause();
        _exit(0);
    }
    setpgid(generator, generator);
    setpgid(kept, kept);
    theirs = docgen_scoreboard_join(scoreboard, &other, 1);
    mine = docgen_scoreboard_join(scoreboard, &self, 1);
    docgen_scoreboard_add_generator(scoreboard, theirs, generator);
    docgen_scoreboard_add_generator(scoreboard, theirs, kept);
    docgen_scoreboard_remove_generator(scoreboard, theirs, kept);
    put_to_death(child);
    cr_expect_eq(docgen_scoreboard_clear_dead(scoreboard, mine), 1);
    cr_expect_eq(waitpid(generator, &status, 0), generator);
    cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    cr_expect_eq(waitpid(kept, &status, WNOHANG), 0, "one that was reaped is nobody's to kill");
    put_to_death(kept);
}

Test(jobs_scoreboard, one_hears_the_bell)
{
    docgen_scoreboard *scoreboard = new_board();
    struct pollfd wakeup = {.fd = docgen_scoreboard_wakeup_fd(scoreboard), .events = POLLIN};

    cr_expect_eq(poll(&wakeup, 1, 0), 0);
    cr_expect_eq(docgen_scoreboard_consume_wakeup(scoreboard), 0);
    docgen_scoreboard_wake(scoreboard);
    docgen_scoreboard_wake(scoreboard);
    cr_expect_eq(poll(&wakeup, 1, 0), 1);
    cr_expect_eq(docgen_scoreboard_consume_wakeup(scoreboard), 1);
    cr_expect_eq(docgen_scoreboard_consume_wakeup(scoreboard), 0);
}

/* Each writes its slot to the pipe when it is elected, then waits to be killed. */
static void candidate(docgen_scoreboard *scoreboard, int out)
{
    docgen_worker_process self = self_of(getpid());
    int slot = docgen_scoreboard_join(scoreboard, &self, 1);

    for (int told = 0;;) {
        if (docgen_scoreboard_elect(scoreboard, slot, PATIENCE) && !told) {
            pid_t me = getpid();

            told = write(out, &me, sizeof(me)) == sizeof(me);
        }
        usleep(1000);
    }
}

Test(jobs_scoreboard, election_survives_kill)
{
    enum {
        N = 8
    };
    docgen_scoreboard *scoreboard = new_board();
    pid_t children[N], holder;
    struct pollfd in = {.events = POLLIN};
    int fds[2];

    cr_assert_eq(pipe(fds), 0);
    in.fd = fds[0];
    for (int i = 0; i < N; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            candidate(scoreboard, fds[1]);
        }
    }
    for (int i = 0; i < N; i++) {
        apr_time_t from = docgen_clock_now();

        cr_assert_eq(poll(&in, 1, 5000), 1, "nobody was elected after %d deaths", i);
        cr_assert_eq(read(fds[0], &holder, sizeof(holder)), (ssize_t)sizeof(holder));
        cr_expect_eq(poll(&in, 1, 30), 0, "two sweepers at once");
        cr_expect_lt(docgen_clock_now() - from, apr_time_from_sec(2));
        put_to_death(holder);
    }
}

/* ---- work directories ---- */

Test(jobs_scoreboard, work_directories)
{
    char dir[] = "/tmp/docgen-unit-XXXXXX";
    docgen_worker_process self, dead;
    docgen_uuid lease;
    const char *mine, *theirs, *again;
    struct stat st;
    pid_t pid = sleeper();

    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(docgen_worker_process_create(&self), 0);
    cr_assert_eq(docgen_uuid_create(&lease), 0);
    dead = self;
    dead.pid = pid;
    dead.started = docgen_process_started(pid);
    cr_expect_eq(docgen_workdir_create(&mine, pool, dir, &self, &lease), 0);
    cr_expect_eq(docgen_workdir_create(&theirs, pool, dir, &dead, &lease), 0);
    cr_expect_neq(docgen_workdir_create(&again, pool, dir, &self, &lease), 0, "it exists");
    cr_expect_eq(stat(mine, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0700);
    cr_expect_eq(mkdir(apr_pstrcat(pool, theirs, "/deep", NULL), 0700), 0);
    cr_expect_eq(symlink(mine, apr_pstrcat(pool, theirs, "/deep/link", NULL)), 0);
    cr_expect_eq(chmod(apr_pstrcat(pool, theirs, "/deep", NULL), 0), 0);
    cr_expect_eq(docgen_workdir_clean(pool, dir, &self), 0, "both owners live");
    put_to_death(pid);
    cr_expect_eq(docgen_workdir_clean(pool, dir, &self), 1);
    cr_expect_neq(stat(theirs, &st), 0);
    cr_expect_eq(stat(mine, &st), 0, "what a link points at stays");
    cr_expect_eq(docgen_workdir_remove(mine), 0);
    cr_expect_eq(docgen_workdir_clean(pool, "/nonexistent", &self), 0);
    cr_expect_eq(docgen_workdir_remove(dir), 0);
}
