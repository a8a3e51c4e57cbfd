/* A child as its job threads, its maintenance thread and its end see it: the databases, the leases that live
 * here, and the phase. Made in child_init before any of these threads, ended in the pre_cleanup
 * of the child's pool.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_CHILD_H
#define DOCGEN_JOBS_CHILD_H

#include <stdatomic.h>
#include <signal.h>
#include <apr_ring.h>
#include <apr_thread_mutex.h>
#include <apr_thread_pool.h>
#include <apr_thread_proc.h>
#include <httpd.h>
#include "config/config.h"
#include "core/id.h"
#include "jobs/scoreboard.h"
#include "jobs/generator.h"
#include "jobs/worker_process.h"
#include "store/store.h"

typedef enum {
    DOCGEN_CHILD_RUNNING,
    DOCGEN_CHILD_DRAINING, /**< takes nothing more, finishes what it has */
    DOCGEN_CHILD_STOPPING  /**< ends its jobs: child.c's timetable runs from stop_at */
} docgen_child_phase;

/* The end of a child, from the moment it must stop (the design's timetable). */
#define DOCGEN_STOP_TERM apr_time_from_msec(200) /**< the generators get TERM */
#define DOCGEN_STOP_KILL apr_time_from_msec(700) /**< and KILL */
/** until then a job thread tries to write its own failure */
#define DOCGEN_STOP_FAIL apr_time_from_msec(1900)
/** then the maintenance thread fails whatever this child still owns */
#define DOCGEN_STOP_OWNER apr_time_from_msec(2000)
/** still not out: say so, httpd's SIGKILL comes at 9 s */
#define DOCGEN_STOP_LOG apr_time_from_msec(8500)

/** One database with everything that is the same for the servers that use it. */
typedef struct docgen_database {
    docgen_store *store;
    server_rec *server;              /**< one of them, for the log */
    apr_array_header_t *configs;     /**< const docgen_config * of all of them */
    apr_array_header_t *ids;         /**< const char *: the repositories that they name, sorted */
    _Atomic int is_owner;            /**< this child announced itself there … */
    _Atomic apr_time_t announced_at; /**< … then, by the monotonic clock */
    /** under the child's lock: a lease whose take got no answer; "" = none */
    docgen_uuid unsettled;
    /* the maintenance thread's own */
    char installation[DOCGEN_UUID_LEN + 1]; /**< "" = not known yet */
    apr_time_t purge_at;
} docgen_database;

/** A lease that a job thread of this child supervises, from before it is sent. */
typedef struct docgen_lease {
    APR_RING_ENTRY(docgen_lease) link;
    docgen_uuid id;
    docgen_database *database;
    _Atomic apr_time_t
        renewed_at; /**< taken before the last call was sent that renewed the lease */
    _Atomic apr_status_t
        failure;                 /**< of the last call for it; APR_SUCCESS when that was answered */
    _Atomic int is_held;         /**< the database answered that the job is ours */
    _Atomic int is_lost;         /**< a renewal said that it no longer is */
    docgen_generator *generator; /**< under the child's lock */
} docgen_lease;

APR_RING_HEAD(docgen_leases, docgen_lease);

typedef struct docgen_child {
    apr_pool_t *pool; /**< with an allocator of its own */
    server_rec *main;
    const docgen_config *config; /**< of the main server: what holds for the whole process */
    docgen_worker_process self;
    docgen_scoreboard *scoreboard;
    int slot;
    apr_array_header_t *databases; /**< docgen_database * */
    apr_thread_mutex_t *lock;      /**< leases, working */
    struct docgen_leases leases;
    int working; /**< threads that look for work or run a job, with those that were asked for */
    apr_thread_pool_t *threads;
    apr_thread_start_t look; /**< the task of its threads: looks for work until there is none */
    apr_thread_t *maintenance;
    int wake; /**< eventfd that ends the maintenance thread's sleep */
    int is_prefork;
    int is_single; /**< httpd -X */
    pid_t parent;
    int parent_fd; /**< a pidfd of it, or -1 */
    _Atomic int phase;
    _Atomic apr_time_t drain_at; /**< when it began to drain */
    _Atomic apr_time_t stop_at;  /**< when it had to stop */
    _Atomic int sent_term;       /**< to the generators, by the timetable */
    _Atomic int sent_kill;
    _Atomic int is_orphaned; /**< the parent is gone, and that was noticed */
    _Atomic int busy;        /**< jobs that run now */
    _Atomic int is_maintenance_done;
    _Atomic int is_leading;
    _Atomic apr_time_t maintained_at; /**< by the host's wall clock */
} docgen_child;

/** Makes the child of this process, without a thread yet. In child_init, after the stores.
 * @return the error of the allocator, of /proc or of the random source */
apr_status_t docgen_child_create(docgen_child **child, server_rec *main_server);

/** Moves to a later phase; never back. Only atomics and a write to an eventfd: also for signal
 * handlers. */
void docgen_child_advance(docgen_child *child, docgen_child_phase phase);

/** May a new job be taken: does the child neither drain nor stop, and did the configuration work? Any thread. */
int docgen_child_may_take(const docgen_child *child);

/** Ends the maintenance thread's sleep. Any thread, signal handlers too. */
void docgen_child_wake(docgen_child *child);

/** Has it been `after` since the child had to stop? 0 as long as it need not. Any thread. */
int docgen_child_is_stopping(const docgen_child *child, apr_interval_time_t after);

/** Blocks every signal for the calling thread, and sets the mask back. */
void docgen_signals_block(sigset_t *before);
void docgen_signals_restore(const sigset_t *before);

/** Puts a lease on the list of those that live, before it is sent. Any thread. */
void docgen_child_add_lease(docgen_child *child, docgen_lease *lease);
void docgen_child_remove_lease(docgen_child *child, docgen_lease *lease);

/** Notes or (NULL) forgets the generator of a lease, here and on the scoreboard. */
void docgen_child_set_generator(docgen_child *child, docgen_lease *lease,
                                docgen_generator *generator);

/** Sends a signal to every generator of this child. Any thread. */
void docgen_child_signal_generators(docgen_child *child, int signal);

/** Does what the timetable of the end asks for by now. The maintenance and the main thread. */
void docgen_child_keep_timetable(docgen_child *child);

#endif
