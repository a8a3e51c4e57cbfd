/* The board: what the children of one httpd tell each other, in a small anonymous shared memory
 * that every generation of children inherits. Who lives, who sweeps, which generators run, and
 * one bell for "there is work". No state of a repository is ever read from it: losing it costs
 * time, never truth.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_BOARD_H
#define DOCGEN_JOBS_BOARD_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>
#include "jobs/owner.h"

/** children that can have a place at once; more work, but unseen */
#define DOCGEN_BOARD_CHILDREN 1024
/** generators of one child: the most threads DocGenThreads allows */
#define DOCGEN_BOARD_GENERATORS 64

typedef struct docgen_board docgen_board;

/** Makes an empty board that lives as long as `pool`. In the parent, before it forks. */
apr_status_t docgen_board_create(docgen_board **board, apr_pool_t *pool);

/** Was this memory laid out by the same version of this code? After an upgrade of the .so and a
 * graceful restart it may not be; then a new board is made and the old children keep theirs.
 * NULL is not. */
int docgen_board_is_ours(const docgen_board *board);

/** Begins a new era (a configuration that was read anew) and returns its number. In the parent. */
int docgen_board_begin_era(docgen_board *board);

/** Takes a place for a child of an era. @return its number, or -1 when the board is full. In the
 * child. */
int docgen_board_join(docgen_board *board, const docgen_self *self, int era);

/** Gives the place back, and the sweeper's office with it. -1 is allowed. */
void docgen_board_leave(docgen_board *board, int place);

/** Marks the place of a process that ended. In the parent: memory writes only. */
void docgen_board_bury(docgen_board *board, pid_t pid);

/** Makes this child the sweeper when there is none: nobody holds the office, its holder died,
 * belongs to an older era or gave no sign of life for `patience`. A holder signs with each call.
 * @return 1 when this child is the sweeper now. One thread of the child. */
int docgen_board_elect(docgen_board *board, int place, apr_interval_time_t patience);

/** Gives up the office, when this child holds it. */
void docgen_board_resign(docgen_board *board, int place);

/** Notes a running generator: its process group dies with the child, whatever happens. Any
 * thread. */
void docgen_board_add_generator(docgen_board *board, int place, pid_t pid);
void docgen_board_remove_generator(docgen_board *board, int place, pid_t pid);

/** Clears the places of children that died, after killing what their generators left running.
 * @return how many there were. Only the sweeper. */
int docgen_board_clear_dead(docgen_board *board, int place);

/** A living child, to be watched through a pidfd. */
typedef struct docgen_peer {
    pid_t pid;
    apr_int64_t started;
} docgen_peer;

/** Whom this child watches: the sweeper watches everybody, everybody watches the sweeper.
 * @param peers room for `max`; @return how many were filled in. */
int docgen_board_peers(docgen_board *board, int place, int sweeping, docgen_peer *peers, int max);

/** The bell: wakes one child that listens on docgen_board_bell(). Never blocks; also in a signal
 * handler. */
void docgen_board_ring(docgen_board *board);
/** The descriptor to poll for reading. */
int docgen_board_bell(const docgen_board *board);
/** Silences the bell. @return 1 for the one listener that got it. */
int docgen_board_answer(docgen_board *board);

#endif
