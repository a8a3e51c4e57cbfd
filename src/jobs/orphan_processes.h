/* Processes that a generator left behind outside its process group (in a session of their own)
 * and that still hold one of its pipes. docgen-generate clears up after itself; another program
 * may not.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_ORPHAN_PROCESSES_H
#define DOCGEN_JOBS_ORPHAN_PROCESSES_H

#include <sys/types.h>

/** A pipe between us and a generator. */
typedef struct docgen_pipe_end {
    int fd;        /**< our end; -1 = closed, because nobody holds the other one */
    int is_writer; /**< we write, they read */
    ino_t inode;
} docgen_pipe_end;

/** Does anybody hold the other end? */
int docgen_pipe_is_held(const docgen_pipe_end *end);

/** Kills every process that holds the other end of one of these pipes, and waits up to a second
 * for their end. Our own process holds only our ends, so it is never meant. @return how many
 * were killed. Any thread. */
int docgen_orphan_processes_kill(const docgen_pipe_end *ends, int count);

#endif
