/* The scoreboard: what the children of one httpd tell each other, in a small anonymous shared memory
 * that every generation of children inherits. Who lives, who reaps, which generators run, and
 * one wakeup for "there is work". No state of a repository is ever read from it: losing it costs
 * time, never truth.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_SCOREBOARD_H
#define DOCGEN_JOBS_SCOREBOARD_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>
#include "jobs/worker_process.h"

/** children that can have a slot at once; more work, but unseen */
#define DOCGEN_SCOREBOARD_CHILDREN 1024
/** generators of one child: the most threads DocGenThreads allows */
#define DOCGEN_SCOREBOARD_GENERATORS 64

typedef struct docgen_scoreboard docgen_scoreboard;

/** Makes an empty scoreboard that lives as long as `pool`. In the parent, before it forks. */
apr_status_t docgen_scoreboard_create(docgen_scoreboard **scoreboard, apr_pool_t *pool);

/** Was this memory laid out by the same version of this code? After an upgrade of the .so and a
 * graceful restart it may not be; then a new scoreboard is made and the old children keep theirs.
 * NULL is not. */
int docgen_scoreboard_is_ours(const docgen_scoreboard *scoreboard);

/** Begins a new configuration generation (a configuration that was read anew) and returns its number. In the parent. */
int docgen_scoreboard_begin_config_generation(docgen_scoreboard *scoreboard);

/** Takes a slot for a child of a configuration generation. @return its number, or -1 when the scoreboard is full. In the
 * child. */
int docgen_scoreboard_join(docgen_scoreboard *scoreboard, const docgen_worker_process *self,
                           int config_generation);

/** Gives the slot back, and the leader's leadership with it. -1 is allowed. */
void docgen_scoreboard_leave(docgen_scoreboard *scoreboard, int slot);

/** Marks the slot of a process that ended. In the parent: memory writes only. */
void docgen_scoreboard_mark_dead(docgen_scoreboard *scoreboard, pid_t pid);

/** Makes this child the leader when there is none: nobody holds the leadership, its holder died,
 * belongs to an older configuration generation or gave no sign of life for `patience`. A holder signs with each call.
 * @return 1 when this child is the leader now. One thread of the child. */
int docgen_scoreboard_elect(docgen_scoreboard *scoreboard, int slot, apr_interval_time_t patience);

/** Gives up the leadership, when this child holds it. */
void docgen_scoreboard_resign(docgen_scoreboard *scoreboard, int slot);

/** Notes a running generator: its process group dies with the child, whatever happens. Any
 * thread. */
void docgen_scoreboard_add_generator(docgen_scoreboard *scoreboard, int slot, pid_t pid);
void docgen_scoreboard_remove_generator(docgen_scoreboard *scoreboard, int slot, pid_t pid);

/** Clears the slots of children that died, after killing what their generators left running.
 * @return how many there were. Only the leader. */
int docgen_scoreboard_clear_dead(docgen_scoreboard *scoreboard, int slot);

/** A living child, to be watched through a pidfd. */
typedef struct docgen_peer {
    pid_t pid;
    apr_int64_t started;
} docgen_peer;

/** Whom this child watches: the leader watches everybody, everybody watches the leader.
 * @param peers room for `max`; @return how many were filled in. */
int docgen_scoreboard_peers(docgen_scoreboard *scoreboard, int slot, int leading,
                            docgen_peer *peers, int max);

/** The wakeup: wakes one child that listens on docgen_scoreboard_wakeup_fd(). Never blocks; also in a signal
 * handler. */
void docgen_scoreboard_wake(docgen_scoreboard *scoreboard);
/** The descriptor to poll for reading. */
int docgen_scoreboard_wakeup_fd(const docgen_scoreboard *scoreboard);
/** Silences the wakeup. @return 1 for the one listener that got it. */
int docgen_scoreboard_consume_wakeup(docgen_scoreboard *scoreboard);

#endif
