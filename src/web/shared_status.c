/* Sharing of status statements: see shared_status.h.
 *
 * While one call's statement runs, later calls for the same repository gather. When it has ended, the first of them
 * sends the next statement, for all of them. So no call is told of a time before it began, and the database sees one
 * statement for each child and repository at a time, however many pages poll.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/shared_status.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>

typedef enum {
    WAITING,
    LEADING,
    TOLD
} waiter_role;

/* A call that waits; on its own stack. Changed under the lock, except the answer: see tell(). */
typedef struct status_waiter {
    struct status_waiter *next;
    apr_pool_t *pool;
    docgen_state *state;
    apr_status_t rv;
    waiter_role role;
    pthread_cond_t wake;
} status_waiter;

/* A repository whose statement is under way, and who came since. */
typedef struct status_slot {
    struct {
        docgen_store *store;
        char id[DOCGEN_ID_MAX + 1];
    } key;
    status_waiter *first;
    status_waiter *last;
} status_slot;

typedef struct status_board {
    pthread_mutex_t lock;
    apr_hash_t *slots; /* slot.key → slot * */
} status_board;

/* Written once in child_init. */
static status_board *child_board;

void docgen_shared_status_init(apr_pool_t *child)
{
    status_board *made = apr_palloc(child, sizeof(*made));

    pthread_mutex_init(&made->lock, NULL);
    made->slots = apr_hash_make(child);
    child_board = made;
}

static docgen_state *copy_state(apr_pool_t *pool, const docgen_state *state)
{
    docgen_state *copy;

    if (!state)
        return NULL;
    copy = apr_pmemdup(pool, state, sizeof(*state));
    copy->repository_id = apr_pstrdup(pool, state->repository_id);
    copy->step = apr_pstrdup(pool, state->step);
    copy->job_id = apr_pstrdup(pool, state->job_id);
    copy->error_message = apr_pstrdup(pool, state->error_message);
    copy->published_job_id = apr_pstrdup(pool, state->published_job_id);
    copy->published_commit = apr_pstrdup(pool, state->published_commit);
    copy->published_branch = apr_pstrdup(pool, state->published_branch);
    copy->title = apr_pstrdup(pool, state->title);
    return copy;
}

/* Gives an answer to the calls that wait for it. Their threads sleep until they are told, so their pools are ours
 * for this moment; the lock orders what both sides write. */
static void tell(status_board *board, status_waiter *followers, apr_status_t rv,
                 const docgen_state *state)
{
    for (status_waiter *one = followers, *next; one; one = next) {
        next = one->next;
        one->rv = rv;
        one->state = rv == APR_SUCCESS ? copy_state(one->pool, state) : NULL;
        pthread_mutex_lock(&board->lock);
        one->role = TOLD;
        pthread_cond_signal(&one->wake);
        pthread_mutex_unlock(&board->lock);
    }
}

/* Joins those who wait for a running statement to end. Under the lock. @return LEADING or TOLD */
static waiter_role wait_turn(status_board *board, status_slot *slot, status_waiter *self)
{
    if (slot->last)
        slot->last->next = self;
    else
        slot->first = self;
    slot->last = self;
    while (self->role == WAITING)
        pthread_cond_wait(&self->wake, &board->lock);
    return self->role;
}

/* The statement has ended: the next one is led by the first who came meanwhile. Under the lock. */
static void pass_on(status_board *board, status_slot *slot)
{
    status_waiter *first = slot->first;

    slot->first = slot->last = NULL;
    if (first) {
        first->role = LEADING;
        pthread_cond_signal(&first->wake);
    } else {
        apr_hash_set(board->slots, &slot->key, sizeof(slot->key), NULL);
        free(slot);
    }
}

apr_status_t docgen_shared_status(docgen_store *store, apr_pool_t *pool, const char *repository_id,
                                  docgen_state **state)
{
    status_board *board = child_board;
    status_waiter self = {.pool = pool, .wake = PTHREAD_COND_INITIALIZER};
    docgen_state *found = NULL;
    status_slot *slot, wanted;
    waiter_role role = LEADING;
    apr_status_t rv;

    memset(&wanted, 0, sizeof(wanted)); /* the key's padding counts too */
    wanted.key.store = store;
    apr_cpystrn(wanted.key.id, repository_id, sizeof(wanted.key.id));
    pthread_mutex_lock(&board->lock);
    slot = apr_hash_get(board->slots, &wanted.key, sizeof(wanted.key));
    if (slot) {
        role = wait_turn(board, slot, &self);
    } else {
        slot = malloc(sizeof(*slot));
        if (slot) {
            *slot = wanted;
            apr_hash_set(board->slots, &slot->key, sizeof(slot->key), slot);
        }
    }
    pthread_mutex_unlock(&board->lock);
    if (role == TOLD) {
        if (self.rv == APR_SUCCESS)
            *state = self.state;
        return self.rv;
    }
    rv = docgen_store_status(store, pool, repository_id, &found);
    if (slot) {
        pthread_mutex_lock(&board->lock);
        pass_on(board, slot);
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the board holds the slot by the key in it */
        pthread_mutex_unlock(&board->lock);
        tell(board, self.next, rv, found);
    }
    if (rv == APR_SUCCESS)
        *state = found;
    return rv;
}
