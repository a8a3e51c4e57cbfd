/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/board.h"

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

typedef struct board_generator {
    _Atomic pid_t pid; /* also its process group; 0 = none */
    _Atomic apr_int64_t started;
} board_generator;

typedef struct board_place {
    _Atomic int state;
    _Atomic int era;
    _Atomic pid_t pid;
    _Atomic apr_int64_t started;
    board_generator generators[DOCGEN_BOARD_GENERATORS];
} board_place;

struct docgen_board {
    uint32_t magic;
    uint32_t version;
    uint64_t size;
    int bell;
    _Atomic int era;
    _Atomic int sweeper; /* place + 1; 0 = nobody */
    _Atomic apr_time_t signed_at;
    board_place places[DOCGEN_BOARD_CHILDREN];
};

apr_status_t docgen_board_create(docgen_board **board, apr_pool_t *pool)
{
    docgen_board *made;
    apr_shm_t *shm;
    apr_status_t rv = apr_shm_create(&shm, sizeof(*made), NULL, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    made = apr_shm_baseaddr_get(shm);
    memset(made, 0, sizeof(*made));
    made->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (made->bell < 0) {
        rv = errno;
        apr_shm_destroy(shm);
        return rv;
    }
    made->size = sizeof(*made);
    made->version = BOARD_VERSION;
    made->magic = BOARD_MAGIC;
    *board = made;
    return APR_SUCCESS;
}

int docgen_board_is_ours(const docgen_board *board)
{
    return board && board->magic == BOARD_MAGIC && board->version == BOARD_VERSION &&
           board->size == sizeof(*board);
}

int docgen_board_begin_era(docgen_board *board)
{
    return atomic_fetch_add(&board->era, 1) + 1;
}

int docgen_board_join(docgen_board *board, const docgen_self *self, int era)
{
    for (int i = 0; i < DOCGEN_BOARD_CHILDREN; i++) {
        board_place *place = &board->places[i];
        int expected = PLACE_FREE;

        if (!atomic_compare_exchange_strong(&place->state, &expected, PLACE_JOINING)) {
            continue;
        }
        place->era = era;
        place->started = self->started;
        place->pid = self->pid;
        for (int j = 0; j < DOCGEN_BOARD_GENERATORS; j++) {
            place->generators[j].pid = 0;
        }
        place->state = PLACE_ALIVE;
        return i;
    }
    return -1;
}

void docgen_board_leave(docgen_board *board, int place)
{
    if (place >= 0) {
        docgen_board_resign(board, place);
        board->places[place].state = PLACE_FREE;
    }
}

void docgen_board_bury(docgen_board *board, pid_t pid)
{
    for (int i = 0; i < DOCGEN_BOARD_CHILDREN; i++) {
        board_place *place = &board->places[i];
        int expected = PLACE_ALIVE;

        if (place->pid == pid) {
            atomic_compare_exchange_strong(&place->state, &expected, PLACE_DEAD);
        }
    }
}

static int place_is_alive(board_place *place)
{
    return place->state == PLACE_ALIVE && docgen_process_is_alive(place->pid, place->started);
}

int docgen_board_elect(docgen_board *board, int place, apr_interval_time_t patience)
{
    apr_time_t now = docgen_clock_now();
    int holder = board->sweeper;

    if (place < 0) {
        return 0;
    }
    if (holder != place + 1) {
        if (holder > 0 && place_is_alive(&board->places[holder - 1]) &&
            board->places[holder - 1].era >= board->places[place].era &&
            now - board->signed_at < patience) {
            return 0;
        }
        if (!atomic_compare_exchange_strong(&board->sweeper, &holder, place + 1)) {
            return 0;
        }
    }
    board->signed_at = now;
    return 1;
}

void docgen_board_resign(docgen_board *board, int place)
{
    int holder = place + 1;

    atomic_compare_exchange_strong(&board->sweeper, &holder, 0);
}

void docgen_board_add_generator(docgen_board *board, int place, pid_t pid)
{
    apr_int64_t started = docgen_process_started(pid);

    for (int i = 0; place >= 0 && i < DOCGEN_BOARD_GENERATORS; i++) {
        board_generator *generator = &board->places[place].generators[i];
        pid_t expected = 0;

        if (atomic_compare_exchange_strong(&generator->pid, &expected, pid)) {
            generator->started = started;
            return;
        }
    }
}

void docgen_board_remove_generator(docgen_board *board, int place, pid_t pid)
{
    for (int i = 0; place >= 0 && i < DOCGEN_BOARD_GENERATORS; i++) {
        board_generator *generator = &board->places[place].generators[i];
        pid_t expected = pid;

        if (atomic_compare_exchange_strong(&generator->pid, &expected, 0)) {
            return;
        }
    }
}

/* A dead child cannot kill its generators; those that do not watch their stdin would live on. */
static void place_kill_generators(board_place *place)
{
    for (int i = 0; i < DOCGEN_BOARD_GENERATORS; i++) {
        pid_t pid = atomic_exchange(&place->generators[i].pid, 0);
        apr_int64_t started = place->generators[i].started;

        if (pid > 1 && started > 0 && docgen_process_started(pid) == started) {
            kill(-pid, SIGKILL);
        }
    }
}

int docgen_board_clear_dead(docgen_board *board, int place)
{
    int dead = 0;

    for (int i = 0; i < DOCGEN_BOARD_CHILDREN; i++) {
        board_place *other = &board->places[i];
        int state = other->state;

        if (i == place || state == PLACE_FREE || state == PLACE_JOINING ||
            (state == PLACE_ALIVE && place_is_alive(other))) {
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

static int peer_add(board_place *place, docgen_peer *peers, int count, int max)
{
    if (count < max && place->state == PLACE_ALIVE) {
        peers[count].pid = place->pid;
        peers[count].started = place->started;
        count++;
    }
    return count;
}

int docgen_board_peers(docgen_board *board, int place, int sweeping, docgen_peer *peers, int max)
{
    int holder = board->sweeper;
    int count = 0;

    if (!sweeping) {
        return holder > 0 && holder != place + 1
                   ? peer_add(&board->places[holder - 1], peers, count, max)
                   : 0;
    }
    for (int i = 0; i < DOCGEN_BOARD_CHILDREN; i++) {
        if (i != place) {
            count = peer_add(&board->places[i], peers, count, max);
        }
    }
    return count;
}

void docgen_board_ring(docgen_board *board)
{
    uint64_t one = 1;
    int saved = errno;
    ssize_t n = write(board->bell, &one, sizeof(one));

    (void)n; /* full means that it rings already */
    errno = saved;
}

int docgen_board_bell(const docgen_board *board)
{
    return board->bell;
}

int docgen_board_answer(docgen_board *board)
{
    uint64_t value;

    return read(board->bell, &value, sizeof(value)) == sizeof(value);
}
