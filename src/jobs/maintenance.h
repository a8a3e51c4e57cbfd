/* The child's own clock thread: renews the leases of its jobs, hears the wakeup, watches the
 * others die, and in the one elected child reaps the databases. Joined at the child's end.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_JOBS_MAINTENANCE_H
#define DOCGEN_JOBS_MAINTENANCE_H

#include "jobs/child.h"

/** Starts the thread. In child_init, with all signals blocked. */
apr_status_t docgen_maintenance_start(docgen_child *child);

/** Joins it; it ends by itself after the child's last job, or two seconds after the child had to
 * stop. */
void docgen_maintenance_join(docgen_child *child);

#endif
