/* Who owns jobs: this process, told apart from every other one by host, pid and start time. A
 * pid alone is reused.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_WORKER_PROCESS_H
#define DOCGEN_JOBS_WORKER_PROCESS_H

#include <sys/types.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include "core/id.h"

/** A process as an owner of jobs. */
typedef struct docgen_worker_process {
    docgen_uuid id;   /**< random, new for each child */
    docgen_uuid host; /**< what shares pids with us: see docgen_host_read */
    pid_t pid;
    apr_int64_t started; /**< clock ticks since boot */
} docgen_worker_process;

/** Describes the calling process. Any thread; the result is the same but for `owner`.
 * @return the error of /proc or of the random source. */
apr_status_t docgen_worker_process_create(docgen_worker_process *self);

/** The host: the kernel's boot id. In a pid namespace of its own (a container) it is mixed with
 * that namespace's number, because pids of another namespace say nothing about ours. Any thread. */
apr_status_t docgen_host_read(docgen_uuid *host);

/** When a process started, in clock ticks since boot; 0 when it is gone or a zombie, -1 when it
 * exists but its start cannot be read. Any thread, allocates nothing. */
apr_int64_t docgen_process_started(pid_t pid);

/** Does the process still run that had this pid and start time? When in doubt, yes. Any thread. */
int docgen_process_is_alive(pid_t pid, apr_int64_t started);

#endif
