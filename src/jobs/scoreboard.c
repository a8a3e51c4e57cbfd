/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/scoreboard.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <apr_shm.h>
#include "jobs/clock.h"

#define BOARD_MAGIC   0x44474e42u /* "DGNB" */
#define BOARD_VERSION 1u

enum {
    PLACE_FREE,
    PLACE_JOINING,
    PLACE_ALIVE,
    PLACE_DEAD
};

typedef struct scoreboard_generator {
    _Atomic pid_t pid; /* also its process group; 0 = none */
    _Atomic apr_int64_t started;
} scoreboard_generator;

typedef struct scoreboard_slot {
    _Atomic int state;
    _Atomic int config_generation;
    _Atomic pid_t pid;
    _Atomic apr_int64_t started;
    scoreboard_generator generators[DOCGEN_SCOREBOARD_GENERATORS];
} scoreboard_slot;

struct docgen_scoreboard {
    uint32_t magic;
    uint32_t version;
    uint64_t size;
    int wakeup;
    _Atomic int config_generation;
    _Atomic int leader; /* slot + 1; 0 = nobody */
    _Atomic apr_time_t signed_at;
    scoreboard_slot slots[DOCGEN_SCOREBOARD_CHILDREN];
};

apr_status_t docgen_scoreboard_create(docgen_scoreboard **scoreboard, apr_pool_t *pool)
{
    docgen_scoreboard *made;
    apr_shm_t *shm;
    apr_status_t rv = apr_shm_create(&shm, sizeof(*made), NULL, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    made = apr_shm_baseaddr_get(shm);
    memset(made, 0, sizeof(*made));
    made->wakeup = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made->wakeup < 0) {
        rv = errno;
        apr_shm_destroy(shm);
        return rv;
    }
    made->size = sizeof(*made);
    made->version = BOARD_VERSION;
    made->magic = BOARD_MAGIC;
    *scoreboard = made;
    return APR_SUCCESS;
}

int docgen_scoreboard_is_ours(const docgen_scoreboard *scoreboard)
{
    return scoreboard && scoreboard->magic == BOARD_MAGIC && scoreboard->version == BOARD_VERSION &&
           scoreboard->size == sizeof(*scoreboard);
}

int docgen_scoreboard_begin_config_generation(docgen_scoreboard *scoreboard)
{
    return atomic_fetch_add(&scoreboard->config_generation, 1) + 1;
}

int docgen_scoreboard_join(docgen_scoreboard *scoreboard, const docgen_worker_process *self,
                           int config_generation)
{
    for (int i = 0; i < DOCGEN_SCOREBOARD_CHILDREN; i++) {
        scoreboard_slot *slot = &scoreboard->slots[i];
        int expected = PLACE_FREE;

        if (!atomic_compare_exchange_strong(&slot->state, &expected, PLACE_JOINING)) {
            continue;
        }
        slot->config_generation = config_generation;
        slot->started = self->started;
        slot->pid = self->pid;
        for (int j = 0; j < DOCGEN_SCOREBOARD_GENERATORS; j++) {
            slot->generators[j].pid = 0;
        }
        slot->state = PLACE_ALIVE;
        return i;
    }
    return -1;
}

void docgen_scoreboard_leave(docgen_scoreboard *scoreboard, int slot)
{
    if (slot >= 0) {
        docgen_scoreboard_resign(scoreboard, slot);
        scoreboard->slots[slot].state = PLACE_FREE;
    }
}

void docgen_scoreboard_mark_dead(docgen_scoreboard *scoreboard, pid_t pid)
{
    for (int i = 0; i < DOCGEN_SCOREBOARD_CHILDREN; i++) {
        scoreboard_slot *slot = &scoreboard->slots[i];
        int expected = PLACE_ALIVE;

        if (slot->pid == pid) {
            atomic_compare_exchange_strong(&slot->state, &expected, PLACE_DEAD);
        }
    }
}

static int slot_is_alive(scoreboard_slot *slot)
{
    return slot->state == PLACE_ALIVE && docgen_process_is_alive(slot->pid, slot->started);
}

int docgen_scoreboard_elect(docgen_scoreboard *scoreboard, int slot, apr_interval_time_t patience)
{
    apr_time_t now = docgen_clock_now();
    int holder = scoreboard->leader;

    if (slot < 0) {
        return 0;
    }
    if (holder != slot + 1) {
        if (holder > 0 && slot_is_alive(&scoreboard->slots[holder - 1]) &&
            scoreboard->slots[holder - 1].config_generation >=
                scoreboard->slots[slot].config_generation &&
            now - scoreboard->signed_at < patience) {
            return 0;
        }
        if (!atomic_compare_exchange_strong(&scoreboard->leader, &holder, slot + 1)) {
            return 0;
        }
    }
    scoreboard->signed_at = now;
    return 1;
}

void docgen_scoreboard_resign(docgen_scoreboard *scoreboard, int slot)
{
    int holder = slot + 1;

    atomic_compare_exchange_strong(&scoreboard->leader, &holder, 0);
}

void docgen_scoreboard_add_generator(docgen_scoreboard *scoreboard, int slot, pid_t pid)
{
    apr_int64_t started = docgen_process_started(pid);

    for (int i = 0; slot >= 0 && i < DOCGEN_SCOREBOARD_GENERATORS; i++) {
        scoreboard_generator *generator = &scoreboard->slots[slot].generators[i];
        pid_t expected = 0;

        if (atomic_compare_exchange_strong(&generator->pid, &expected, pid)) {
            generator->started = started;
            return;
        }
    }
}

void docgen_scoreboard_remove_generator(docgen_scoreboard *scoreboard, int slot, pid_t pid)
{
    for (int i = 0; slot >= 0 && i < DOCGEN_SCOREBOARD_GENERATORS; i++) {
        scoreboard_generator *generator = &scoreboard->slots[slot].generators[i];
        pid_t expected = pid;

        if (atomic_compare_exchange_strong(&generator->pid, &expected, 0)) {
            return;
        }
    }
}

/* A dead child cannot kill its generators; those that do not watch their stdin would live on. */
static void place_kill_generators(scoreboard_slot *slot)
{
    for (int i = 0; i < DOCGEN_SCOREBOARD_GENERATORS; i++) {
        pid_t pid = atomic_exchange(&slot->generators[i].pid, 0);
        apr_int64_t started = slot->generators[i].started;

        if (pid > 1 && started > 0 && docgen_process_started(pid) == started) {
            kill(-pid, SIGKILL);
        }
    }
}

int docgen_scoreboard_clear_dead(docgen_scoreboard *scoreboard, int slot)
{
    int dead = 0;

    for (int i = 0; i < DOCGEN_SCOREBOARD_CHILDREN; i++) {
        scoreboard_slot *other = &scoreboard->slots[i];
        int state = other->state;

        if (i == slot || state == PLACE_FREE || state == PLACE_JOINING ||
            (state == PLACE_ALIVE && slot_is_alive(other))) {
            continue;
        }
        if (!atomic_compare_exchange_strong(&other->state, &state, PLACE_JOINING)) {
            continue; /* its child left by itself in this moment */
        }
        place_kill_generators(other);
        other->state = PLACE_FREE;
        dead++;
    }
    return dead;
}

static int peer_add(scoreboard_slot *slot, docgen_peer *peers, int count, int max)
{
    if (count < max && slot->state == PLACE_ALIVE) {
        peers[count].pid = slot->pid;
        peers[count].started = slot->started;
        count++;
    }
    return count;
}

int docgen_scoreboard_peers(docgen_scoreboard *scoreboard, int slot, int leading,
                            docgen_peer *peers, int max)
{
    int holder = scoreboard->leader;
    int count = 0;

    if (!leading) {
        return holder > 0 && holder != slot + 1
                   ? peer_add(&scoreboard->slots[holder - 1], peers, count, max)
                   : 0;
    }
    for (int i = 0; i < DOCGEN_SCOREBOARD_CHILDREN; i++) {
        if (i != slot) {
            count = peer_add(&scoreboard->slots[i], peers, count, max);
        }
    }
    return count;
}

void docgen_scoreboard_wake(docgen_scoreboard *scoreboard)
{
    uint64_t one = 1;
    int saved = errno;
    ssize_t n = write(scoreboard->wakeup, &one, sizeof(one));

    (void)n; /* full means that it rings already */
    errno = saved;
}

int docgen_scoreboard_wakeup_fd(const docgen_scoreboard *scoreboard)
{
    return scoreboard->wakeup;
}

int docgen_scoreboard_consume_wakeup(docgen_scoreboard *scoreboard)
{
    uint64_t value;

    return read(scoreboard->wakeup, &value, sizeof(value)) == sizeof(value);
}
