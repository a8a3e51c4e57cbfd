/* The beginning of a bubblewrap command: own namespaces, and nothing to see but the system's programs. The generator
 * runs its analysis behind it, the module asks at start whether it works here: both must say the same.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_BUBBLEWRAP_H
#define DOCGEN_CORE_BUBBLEWRAP_H

#include <apr_tables.h>

/** Adds `bwrap`, its namespaces, and the system's folders read-only with an empty /tmp. The caller adds its own
 * folders, "--" and the program.
 * @param argv const char *; what is added comes from `pool`
 * @param new_session also a session of its own, out of reach of the caller's terminal. Any thread. */
void docgen_bubblewrap_add(apr_pool_t *pool, apr_array_header_t *argv, int new_session);

#endif
