/* Calls that share a statement: every answer is fresh, statements are fewer than calls, none is lost.
 * The statement here is a counter with a delay, which is what the sharing is about; the real one is tested in the store.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/shared_status.h"

#include <stdatomic.h>
#include <pthread.h>
#include <criterion/criterion.h>
#include <apr_general.h>
#include <apr_strings.h>

#define THREADS 24
#define CALLS   60

static atomic_int statements;
static atomic_int running; /* statements of repository "one" now */
static atomic_int most;
static atomic_int fail_every;

apr_status_t docgen_store_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                 docgen_state **state)
{
    int number = atomic_fetch_add(&statements, 1) + 1;
    int here = 0;

    (void)store;
    if (!strcmp(repository_id, "one")) {
        here = atomic_fetch_add(&running, 1) + 1;
        if (here > atomic_load(&most))
            atomic_store(&most, here);
    }
    apr_sleep(300);
    if (!strcmp(repository_id, "one"))
        atomic_fetch_sub(&running, 1);
    if (!strcmp(repository_id, "none")) {
        *state = NULL;
        return APR_SUCCESS;
    }
    if (atomic_load(&fail_every) && number % atomic_load(&fail_every) == 0)
        return DOCGEN_STORE_EDOWN;
    *state = apr_pcalloc(pool, sizeof(**state));
    (*state)->repository_id = apr_pstrdup(pool, repository_id);
    (*state)->step = apr_psprintf(pool, "%d", number);
    (*state)->revision = number;
    return APR_SUCCESS;
}

typedef struct caller {
    pthread_t thread;
    const char *id;
    int stale, wrong, failed, answers;
} caller;

static void *call_often(void *data)
{
    caller *self = data;
    apr_pool_t *pool;

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    for (int i = 0; i < CALLS; i++) {
        int before = atomic_load(&statements);
        docgen_state *state = (docgen_state *)1;
        apr_status_t rv = docgen_shared_status(NULL, pool, self->id, &state);

        if (rv != APR_SUCCESS) {
            self->failed++;
            self->wrong += state != (docgen_state *)1;
        } else if (!strcmp(self->id, "none")) {
            self->wrong += state != NULL;
        } else {
            self->stale += state->revision <= before;
            self->wrong +=
                strcmp(state->repository_id, self->id) != 0 || atoi(state->step) != state->revision;
        }
        self->answers++;
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static caller callers[THREADS];

static void run_all(const char *const *ids, int count)
{
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    docgen_shared_status_init(pool);
    for (int i = 0; i < THREADS; i++) {
        callers[i].id = ids[i % count];
        cr_assert_eq(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(callers[i].thread, NULL);
        cr_expect_eq(callers[i].answers, CALLS);
        cr_expect_eq(callers[i].stale, 0, "an answer from before the call");
        cr_expect_eq(callers[i].wrong, 0, "an answer for somebody else");
    }
}

Test(shared_status, one_repository_shares, .timeout = 20)
{
    run_all((const char *const[]){"one"}, 1);
    cr_expect_eq(atomic_load(&most), 1, "two statements at once");
    cr_expect_lt(atomic_load(&statements), THREADS * CALLS / 4, "%d statements for %d calls",
                 atomic_load(&statements), THREADS * CALLS);
}

Test(shared_status, repositories_do_not_mix, .timeout = 20)
{
    run_all((const char *const[]){"one", "two", "one-two", "none"}, 4);
}

Test(shared_status, failures_are_shared_and_pass, .timeout = 20)
{
    int failed = 0;

    atomic_store(&fail_every, 3);
    run_all((const char *const[]){"one"}, 1);
    for (int i = 0; i < THREADS; i++)
        failed += callers[i].failed;
    cr_expect_gt(failed, 0);
    cr_expect_lt(failed, THREADS * CALLS);
}
