/* The limiter's promises, in measured time: who gets a permit, who waits how long, who is sent away at once. A busy machine
 * makes every wait longer: upper limits only tell one of the limiter's waits from the next.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <unistd.h>
#include <apr_general.h>

#include "store/connection_limiter.h"

static docgen_limiter *gate_with(int permits, docgen_limiter_probe *probe, void *baton)
{
    apr_pool_t *pool;
    docgen_limiter *limiter = NULL;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    cr_assert_eq(docgen_limiter_create(pool, permits, probe, baton, &limiter), APR_SUCCESS);
    return limiter;
}

static docgen_limiter *gate_of(int permits)
{
    return gate_with(permits, NULL, NULL);
}

static apr_status_t pass(docgen_limiter *limiter, docgen_store_use use)
{
    apr_status_t rv = docgen_limiter_enter(limiter, use);

    if (rv == APR_SUCCESS) {
        docgen_limiter_opened(limiter, use, 1);
    }
    return rv;
}

static double since(apr_time_t start)
{
    return (apr_time_now() - start) / 1e6;
}

typedef struct visitor {
    docgen_limiter *limiter;
    docgen_store_use use;
    apr_status_t rv;
    double seconds;
    pthread_t thread;
} visitor;

static void *visit(void *data)
{
    visitor *v = data;
    apr_time_t start = apr_time_now();

    v->rv = pass(v->limiter, v->use);
    v->seconds = since(start);
    return NULL;
}

static void begin(visitor *v, docgen_limiter *limiter, docgen_store_use use)
{
    v->limiter = limiter;
    v->use = use;
    cr_assert_eq(pthread_create(&v->thread, NULL, visit, v), 0);
}

Test(limiter, two_permits_are_kept_for_jobs)
{
    docgen_limiter *limiter = gate_of(4);
    visitor reader;

    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    begin(&reader, limiter, DOCGEN_FOR_READER);
    usleep(50000);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    /* A job's permit comes back: it is not for the reader. */
    docgen_limiter_leave(limiter, DOCGEN_FOR_JOB, 1);
    pthread_join(reader.thread, NULL);
    cr_assert_eq(reader.rv, DOCGEN_STORE_EBUSY);
    cr_assert(reader.seconds > 1.9 && reader.seconds < 20, "waited %.2f s", reader.seconds);
}

Test(limiter, jobs_may_use_every_permit)
{
    docgen_limiter *limiter = gate_of(3);

    for (int i = 0; i < 3; i++) {
        cr_assert_eq(pass(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    }
}

Test(limiter, a_permit_given_back_wakes_a_waiter_at_once)
{
    docgen_limiter *limiter = gate_of(3);
    visitor reader;

    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    begin(&reader, limiter, DOCGEN_FOR_READER);
    usleep(200000);
    docgen_limiter_leave(limiter, DOCGEN_FOR_READER, 1);
    pthread_join(reader.thread, NULL);
    cr_assert_eq(reader.rv, APR_SUCCESS);
    cr_assert(reader.seconds < 1.9, "waited %.2f s", reader.seconds);
}

Test(limiter, half_a_second_behind_another_opener)
{
    docgen_limiter *limiter = gate_of(6);
    visitor readers[3];

    cr_assert_eq(docgen_limiter_enter(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    for (int i = 0; i < 3; i++) {
        begin(&readers[i], limiter, DOCGEN_FOR_READER);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(readers[i].thread, NULL);
        cr_assert_eq(readers[i].rv, DOCGEN_STORE_EBUSY);
        cr_assert(readers[i].seconds > 0.45 && readers[i].seconds < 1.9, "waited %.2f s",
                  readers[i].seconds);
    }
    docgen_limiter_opened(limiter, DOCGEN_FOR_JOB, 1);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
}

Test(limiter, a_failed_opening_sends_waiters_away_and_begins_the_pause)
{
    docgen_limiter *limiter = gate_of(6);
    visitor behind;
    apr_time_t start;
    apr_status_t rv;

    cr_assert_eq(docgen_limiter_enter(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    begin(&behind, limiter, DOCGEN_FOR_READER);
    usleep(100000);
    start = apr_time_now();
    docgen_limiter_opened(limiter, DOCGEN_FOR_READER, 0);
    rv = pass(limiter, DOCGEN_FOR_JOB);
    cr_assert(rv == DOCGEN_STORE_EDOWN || since(start) > 1, "the pause holds for jobs too");
    pthread_join(behind.thread, NULL);
    cr_assert_eq(behind.rv, DOCGEN_STORE_EDOWN);
    usleep(800000);
    rv = pass(limiter, DOCGEN_FOR_READER);
    cr_assert(rv == DOCGEN_STORE_EDOWN || since(start) > 1, "it was over after %.2f s",
              since(start));
    usleep(300000);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS, "the pause lasts a second");
}

Test(limiter, a_failed_opening_gives_its_permit_back)
{
    docgen_limiter *limiter = gate_of(3);

    for (int i = 0; i < 2; i++) {
        cr_assert_eq(docgen_limiter_enter(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
        docgen_limiter_opened(limiter, DOCGEN_FOR_READER, 0);
        usleep(1100000);
    }
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(pass(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    }
}

/* A database that refuses until it is told to answer, and counts who asks. */
typedef struct refusing {
    int asked;
    int answers;
    int slow;
} refusing;

static int ask_refusing(void *baton)
{
    refusing *database = baton;

    database->asked++;
    if (database->slow) {
        usleep(100000);
    }
    return database->answers;
}

/* A refusal is quick; where this thread lost the processor meanwhile, the limiter took it for silence. */
static void refuse(docgen_limiter *limiter)
{
    for (apr_time_t start = 0; !start || since(start) > 0.045;) {
        if (start) {
            usleep(1100000);
        }
        start = apr_time_now();
        cr_assert_eq(docgen_limiter_enter(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
        docgen_limiter_opened(limiter, DOCGEN_FOR_JOB, 0);
    }
}

/* Asks ten times, each quickly. @return 0 when the machine was too busy for that */
static int is_asked_each_time(docgen_limiter *limiter, refusing *database)
{
    database->asked = 0;
    for (int i = 0; i < 10; i++) {
        apr_time_t start = apr_time_now();
        apr_status_t rv = pass(limiter, DOCGEN_FOR_READER);

        if (since(start) > 0.045) {
            usleep(1100000);
            return 0;
        }
        cr_assert_eq(rv, DOCGEN_STORE_EDOWN);
        cr_assert_eq(database->asked, i + 1);
    }
    return 1;
}

Test(limiter, in_the_pause_after_a_refusal_the_probe_decides)
{
    refusing database = {0};
    docgen_limiter *limiter = gate_with(6, ask_refusing, &database);

    do {
        refuse(limiter);
    } while (!is_asked_each_time(limiter, &database));
    database.answers = 1;
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS,
                 "the first after its return succeeds");
    cr_assert_eq(database.asked, 11);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    cr_assert_eq(database.asked, 11, "the limiter is open again");
}

Test(limiter, a_probe_that_takes_long_closes_the_gate_for_the_pause)
{
    refusing database = {.slow = 1};
    docgen_limiter *limiter = gate_with(6, ask_refusing, &database);

    refuse(limiter);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), DOCGEN_STORE_EDOWN);
    database.answers = 1;
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), DOCGEN_STORE_EDOWN);
    cr_assert_eq(database.asked, 1, "silence is not asked again in its pause");
}

Test(limiter, who_waits_behind_a_probe_shares_its_answer)
{
    refusing database = {.slow = 1};
    docgen_limiter *limiter = gate_with(6, ask_refusing, &database);
    visitor readers[3];

    refuse(limiter);
    for (int i = 0; i < 3; i++) {
        begin(&readers[i], limiter, DOCGEN_FOR_READER);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(readers[i].thread, NULL);
        cr_assert_eq(readers[i].rv, DOCGEN_STORE_EDOWN);
    }
    cr_assert_eq(database.asked, 1);
}

Test(limiter, silence_during_a_statement_begins_the_pause)
{
    docgen_limiter *limiter = gate_of(3);

    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), APR_SUCCESS);
    docgen_limiter_leave(limiter, DOCGEN_FOR_READER, 0);
    cr_assert_eq(pass(limiter, DOCGEN_FOR_READER), DOCGEN_STORE_EDOWN);
}

static void *crowd(void *data)
{
    visitor *v = data;
    static _Thread_local int passed;

    for (int i = 0; i < 300; i++) {
        if (pass(v->limiter, v->use) == APR_SUCCESS) {
            docgen_limiter_leave(v->limiter, v->use, 1);
            passed++;
        }
    }
    v->rv = passed;
    return NULL;
}

Test(limiter, a_crowd_loses_no_permit)
{
    docgen_limiter *limiter = gate_of(4);
    visitor crew[16];
    int passed = 0;

    for (int i = 0; i < 16; i++) {
        crew[i] = (visitor){.limiter = limiter, .use = i % 2 ? DOCGEN_FOR_JOB : DOCGEN_FOR_READER};
        pthread_create(&crew[i].thread, NULL, crowd, &crew[i]);
    }
    for (int i = 0; i < 16; i++) {
        pthread_join(crew[i].thread, NULL);
        passed += crew[i].rv;
    }
    cr_assert_eq(passed, 16 * 300);
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(pass(limiter, DOCGEN_FOR_JOB), APR_SUCCESS);
    }
}
