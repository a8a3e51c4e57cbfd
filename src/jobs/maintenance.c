/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/maintenance.h"

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
#include "jobs/reaper.h"
#include "jobs/workdir.h"
#include "jobs/thread_pool.h"

#define WATCH_MAX    256 /* pidfds; deaths of the others are seen at the next round */
#define STOP_POLL_MS 50
#define OWN_FDS      3 /* the wake-up, the work wakeup and the parent */

typedef struct watch {
    docgen_peer peer;
    int fd;
} watch;

typedef struct maintenance {
    docgen_child *child;
    apr_pool_t *pool; /* cleared each round */
    apr_time_t next;
    apr_time_t renew_at;
    int was_leading;
    int watched;
    watch watches[WATCH_MAX];
} maintenance;

/* ---- watching the others ---- */

static int is_watched(const maintenance *self, const docgen_peer *peer)
{
    for (int i = 0; i < self->watched; i++) {
        if (self->watches[i].peer.pid == peer->pid &&
            self->watches[i].peer.started == peer->started) {
            return 1;
        }
    }
    return 0;
}

static void unwatch(maintenance *self, int i)
{
    close(self->watches[i].fd);
    self->watches[i] = self->watches[--self->watched];
}

static void watch_peers(maintenance *self)
{
    docgen_child *child = self->child;
    docgen_peer peers[WATCH_MAX];
    int count = docgen_scoreboard_peers(child->scoreboard, child->slot, child->is_leading, peers,
                                        WATCH_MAX);

    for (int i = self->watched - 1; i >= 0; i--) {
        int wanted = 0;

        for (int j = 0; j < count; j++) {
            wanted |= peers[j].pid == self->watches[i].peer.pid &&
                      peers[j].started == self->watches[i].peer.started;
        }
        if (!wanted) {
            unwatch(self, i);
        }
    }
    for (int j = 0; j < count && self->watched < WATCH_MAX; j++) {
        int fd = is_watched(self, &peers[j]) ? -1 : pidfd_open(peers[j].pid, 0);

        if (fd >= 0) {
            self->watches[self->watched].peer = peers[j];
            self->watches[self->watched++].fd = fd;
        }
    }
}

/* ---- sleeping ---- */

/* Until the next round, the work wakeup, an own wake-up or a death. @return did somebody die? */
static int maintenance_sleep(maintenance *self)
{
    docgen_child *child = self->child;
    struct pollfd fds[OWN_FDS + WATCH_MAX];
    apr_time_t now = docgen_clock_now();
    apr_time_t until = self->renew_at < self->next ? self->renew_at : self->next;
    int timeout = until <= now ? 0 : (int)((until - now + 999) / 1000);
    uint64_t value;
    int died = 0;

    if (docgen_child_is_stopping(child, 0) && timeout > STOP_POLL_MS) {
        timeout = STOP_POLL_MS;
    }
    fds[0] = (struct pollfd){.fd = child->wake, .events = POLLIN};
    fds[1] =
        (struct pollfd){.fd = docgen_child_may_take(child) && docgen_thread_pool_are_idle(child)
                                  ? docgen_scoreboard_wakeup_fd(child->scoreboard)
                                  : -1,
                        .events = POLLIN};
    fds[2] = (struct pollfd){.fd = child->is_orphaned ? -1 : child->parent_fd, .events = POLLIN};
    for (int i = 0; i < self->watched; i++) {
        fds[OWN_FDS + i] = (struct pollfd){.fd = self->watches[i].fd, .events = POLLIN};
    }
    if (poll(fds, OWN_FDS + self->watched, timeout) <= 0) {
        return 0;
    }
    if (fds[0].revents && read(child->wake, &value, sizeof(value)) < 0) {
        /* somebody else's wake-up: the round that follows is the same */
    }
    if (fds[1].revents && docgen_scoreboard_consume_wakeup(child->scoreboard) &&
        !docgen_thread_pool_look(child)) {
        docgen_scoreboard_wake(child->scoreboard); /* the idle thread was just taken: pass it on */
    }
    for (int i = self->watched - 1; i >= 0; i--) {
        if (fds[OWN_FDS + i].revents) {
            unwatch(self, i);
            died = 1;
        }
    }
    return died;
}

/* ---- the work of a round ---- */

/* A leader that gives no sign for so long is replaced. Before half a lease has gone by: after
 * that the database gives every job a lease more, because it cannot tell a frozen leader from
 * an outage. */
static apr_interval_time_t patience(const docgen_config *config)
{
    apr_interval_time_t least = 2 * config->tick;
    apr_interval_time_t most = config->lease / 2 - 2 * config->tick;

    return most > least ? most : least;
}

static void maintenance_reap(maintenance *self)
{
    docgen_child *child = self->child;
    int leading = child->phase == DOCGEN_CHILD_RUNNING &&
                  docgen_scoreboard_elect(child->scoreboard, child->slot, patience(child->config));
    apr_status_t rv = APR_SUCCESS;

    if (child->phase != DOCGEN_CHILD_RUNNING) {
        docgen_scoreboard_resign(child->scoreboard, child->slot);
    }
    child->is_leading = leading;
    if (leading) {
        int dead = docgen_scoreboard_clear_dead(child->scoreboard, child->slot);

        if (!self->was_leading || dead) {
            docgen_workdir_clean(self->pool, child->config->work_dir, &child->self);
        }
        rv = docgen_reaper_run(child, self->pool);
    }
    self->was_leading = leading;
    if (rv == APR_SUCCESS) {
        child->maintained_at = apr_time_now();
    }
    watch_peers(self);
}

static void maintenance_renew(maintenance *self)
{
    docgen_child *child = self->child;
    apr_time_t now = docgen_clock_now();
    apr_status_t rv = docgen_reaper_renew(child, self->pool);

    self->renew_at = now + (rv == APR_SUCCESS ? child->config->lease / 4 : child->config->tick);
}

static int maintenance_may_end(docgen_child *child)
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

static void maintenance_round(maintenance *self, int died)
{
    docgen_child *child = self->child;
    apr_time_t now = docgen_clock_now();

    docgen_child_keep_timetable(child);
    docgen_orphan_look(child);
    if (docgen_child_is_stopping(child, 0)) {
        docgen_scoreboard_resign(child->scoreboard, child->slot);
        self->next = self->renew_at = now + child->config->tick;
        return; /* the jobs end by themselves; a slow database must not delay our last word */
    }
    if (now >= self->renew_at) {
        maintenance_renew(self);
    }
    if (died || now >= self->next) {
        self->next = now + child->config->tick;
        maintenance_reap(self);
    }
}

static void *APR_THREAD_FUNC maintenance_main(apr_thread_t *thread, void *data)
{
    maintenance *self = data;
    docgen_child *child = self->child;

    (void)thread;
    pthread_setname_np(pthread_self(), "docgen-tick");
    while (!maintenance_may_end(child)) {
        maintenance_round(self, maintenance_sleep(self));
        apr_pool_clear(self->pool);
    }
    docgen_scoreboard_resign(child->scoreboard, child->slot);
    docgen_reaper_end(child, self->pool);
    while (self->watched) {
        unwatch(self, 0);
    }
    apr_pool_destroy(self->pool);
    child->is_maintenance_done = 1;
    return NULL;
}

apr_status_t docgen_maintenance_start(docgen_child *child)
{
    maintenance *self = apr_pcalloc(child->pool, sizeof(*self));

    self->child = child;
    self->renew_at = docgen_clock_now() + child->config->lease / 4;
    apr_pool_create(&self->pool, child->pool);
    return apr_thread_create(&child->maintenance, NULL, maintenance_main, self, child->pool);
}

void docgen_maintenance_join(docgen_child *child)
{
    apr_status_t ended;

    apr_thread_join(&ended, child->maintenance);
}
