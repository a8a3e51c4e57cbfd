/* A child whose parent is gone. Nobody can stop it any more, and as long as it listens httpd cannot be started again: it
 * frees the ports, finishes its jobs and ends.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_ORPHAN_H
#define DOCGEN_JOBS_ORPHAN_H

#include "jobs/child.h"

/** Looks whether the parent still lives. When it is gone, for the first time: shuts down the listening sockets, lets the
 * child drain, and has the kernel kill it when it is still there after DocGenDrainTimeout and what the end of a child
 * takes. httpd's listener sees the sockets fail and ends the child as in a graceful restart, so requests that were
 * accepted are answered. Any thread but a signal handler. */
void docgen_orphan_look(docgen_child *child);

/** Remembers which sockets httpd was given by systemd: they are never shut down. While httpd loads its modules. */
void docgen_orphan_remember_sockets(void);

#endif
