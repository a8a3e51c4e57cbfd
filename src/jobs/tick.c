/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/tick.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <sys/pidfd.h>
#include <http_log.h>
#include "docgen_private.h"
#include "jobs/clock.h"
#include "jobs/orphan.h"
#include "jobs/sweep.h"
#include "jobs/workdir.h"
#include "jobs/thread_pool.h"

#define WATCH_MAX    256 /* pidfds; deaths of the others are seen at the next tick */
#define STOP_POLL_MS 50
#define OWN_FDS      3 /* the wake-up, the bell and the parent */

typedef struct watch {
    docgen_peer peer;
    int fd;
} watch;

typedef struct tick {
    docgen_child *child;
    apr_pool_t *pool; /* cleared each round */
    apr_time_t next;
    apr_time_t renew_at;
    int was_sweeping;
    int watched;
    watch watches[WATCH_MAX];
} tick;

/* ---- watching the others ---- */

static int is_watched(const tick *tick, const docgen_peer *peer)
{
    for (int i = 0; i < tick->watched; i++) {
        if (tick->watches[i].peer.pid == peer->pid &&
            tick->watches[i].peer.started == peer->started) {
            return 1;
        }
    }
    return 0;
}

static void unwatch(tick *tick, int i)
{
    close(tick->watches[i].fd);
    tick->watches[i] = tick->watches[--tick->watched];
}

static void watch_peers(tick *tick)
{
    docgen_child *child = tick->child;
    docgen_peer peers[WATCH_MAX];
    int count =
        docgen_board_peers(child->board, child->place, child->is_sweeping, peers, WATCH_MAX);

    for (int i = tick->watched - 1; i >= 0; i--) {
        int wanted = 0;

        for (int j = 0; j < count; j++) {
            wanted |= peers[j].pid == tick->watches[i].peer.pid &&
                      peers[j].started == tick->watches[i].peer.started;
        }
        if (!wanted) {
            unwatch(tick, i);
        }
    }
    for (int j = 0; j < count && tick->watched < WATCH_MAX; j++) {
        int fd = is_watched(tick, &peers[j]) ? -1 : pidfd_open(peers[j].pid, 0);

        if (fd >= 0) {
            tick->watches[tick->watched].peer = peers[j];
            tick->watches[tick->watched++].fd = fd;
        }
    }
}

/* ---- sleeping ---- */

/* Until the next tick, the bell, a wake-up or a death. @return did somebody die? */
static int tick_sleep(tick *tick)
{
    docgen_child *child = tick->child;
    struct pollfd fds[OWN_FDS + WATCH_MAX];
    apr_time_t now = docgen_clock_now();
    apr_time_t until = tick->renew_at < tick->next ? tick->renew_at : tick->next;
    int timeout = until <= now ? 0 : (int)((until - now + 999) / 1000);
    uint64_t value;
    int died = 0;

    if (docgen_child_is_stopping(child, 0) && timeout > STOP_POLL_MS) {
        timeout = STOP_POLL_MS;
    }
    fds[0] = (struct pollfd){.fd = child->wake, .events = POLLIN};
    fds[1] =
        (struct pollfd){.fd = docgen_child_may_take(child) && docgen_thread_pool_are_idle(child)
                                  ? docgen_board_bell(child->board)
                                  : -1,
                        .events = POLLIN};
    fds[2] = (struct pollfd){.fd = child->is_orphaned ? -1 : child->parent_fd, .events = POLLIN};
    for (int i = 0; i < tick->watched; i++) {
        fds[OWN_FDS + i] = (struct pollfd){.fd = tick->watches[i].fd, .events = POLLIN};
    }
    if (poll(fds, OWN_FDS + tick->watched, timeout) <= 0) {
        return 0;
    }
    if (fds[0].revents && read(child->wake, &value, sizeof(value)) < 0) {
        /* somebody else's wake-up: the round that follows is the same */
    }
    if (fds[1].revents && docgen_board_answer(child->board) && !docgen_thread_pool_look(child)) {
        docgen_board_ring(child->board); /* the idle thread was just taken: pass it on */
    }
    for (int i = tick->watched - 1; i >= 0; i--) {
        if (fds[OWN_FDS + i].revents) {
            unwatch(tick, i);
            died = 1;
        }
    }
    return died;
}

/* ---- the work of a round ---- */

/* A sweeper that gives no sign for so long is replaced. Before half a lease has gone by: after
 * that the database gives every job a lease more, because it cannot tell a frozen sweeper from
 * an outage. */
static apr_interval_time_t patience(const docgen_config *config)
{
    apr_interval_time_t least = 2 * config->tick;
    apr_interval_time_t most = config->lease / 2 - 2 * config->tick;

    return most > least ? most : least;
}

static void tick_sweep(tick *tick)
{
    docgen_child *child = tick->child;
    int sweeping = child->phase == DOCGEN_CHILD_RUNNING &&
                   docgen_board_elect(child->board, child->place, patience(child->config));
    apr_status_t rv = APR_SUCCESS;

    if (child->phase != DOCGEN_CHILD_RUNNING) {
        docgen_board_resign(child->board, child->place);
    }
    child->is_sweeping = sweeping;
    if (sweeping) {
        int dead = docgen_board_clear_dead(child->board, child->place);

        if (!tick->was_sweeping || dead) {
            docgen_workdir_clean(tick->pool, child->config->work_dir, &child->self);
        }
        rv = docgen_sweep(child, tick->pool);
    }
    tick->was_sweeping = sweeping;
    if (rv == APR_SUCCESS) {
        child->ticked_at = apr_time_now();
    }
    watch_peers(tick);
}

static void tick_renew(tick *tick)
{
    docgen_child *child = tick->child;
    apr_time_t now = docgen_clock_now();
    apr_status_t rv = docgen_sweep_renew(child, tick->pool);

    tick->renew_at = now + (rv == APR_SUCCESS ? child->config->lease / 4 : child->config->tick);
}

static int tick_may_end(docgen_child *child)
{
    int working;

    if (child->phase == DOCGEN_CHILD_RUNNING) {
        return 0;
    }
    apr_thread_mutex_lock(child->lock);
    working = child->working;
    apr_thread_mutex_unlock(child->lock);
    return !working || docgen_child_is_stopping(child, DOCGEN_STOP_OWNER);
}

static void tick_round(tick *tick, int died)
{
    docgen_child *child = tick->child;
    apr_time_t now = docgen_clock_now();

    docgen_child_keep_timetable(child);
    docgen_orphan_look(child);
    if (docgen_child_is_stopping(child, 0)) {
        docgen_board_resign(child->board, child->place);
        tick->next = tick->renew_at = now + child->config->tick;
        return; /* the jobs end by themselves; a slow database must not delay our last word */
    }
    if (now >= tick->renew_at) {
        tick_renew(tick);
    }
    if (died || now >= tick->next) {
        tick->next = now + child->config->tick;
        tick_sweep(tick);
    }
}

static void *APR_THREAD_FUNC tick_main(apr_thread_t *thread, void *data)
{
    tick *self = data;
    docgen_child *child = self->child;

    (void)thread;
    pthread_setname_np(pthread_self(), "docgen-tick");
    while (!tick_may_end(child)) {
        tick_round(self, tick_sleep(self));
        apr_pool_clear(self->pool);
    }
    docgen_board_resign(child->board, child->place);
    docgen_sweep_end(child, self->pool);
    while (self->watched) {
        unwatch(self, 0);
    }
    apr_pool_destroy(self->pool);
    child->is_tick_done = 1;
    return NULL;
}

apr_status_t docgen_tick_start(docgen_child *child)
{
    tick *self = apr_pcalloc(child->pool, sizeof(*self));

    self->child = child;
    self->renew_at = docgen_clock_now() + child->config->lease / 4;
    apr_pool_create(&self->pool, child->pool);
    return apr_thread_create(&child->tick, NULL, tick_main, self, child->pool);
}

void docgen_tick_join(docgen_child *child)
{
    apr_status_t ended;

    apr_thread_join(&ended, child->tick);
}
