/* The incidents of a database: which reasons make its calls fail now. All children of the server share them, so that
 * the error log tells each once when it begins and once when it ends, not once in each child or for each request.
 * Any thread of any child may call everything here.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_INCIDENT_H
#define DOCGEN_STORE_INCIDENT_H

#include <stdatomic.h>
#include <stdint.h>
#include <apr_time.h>
#include "store/reason.h"

struct docgen_statement;

/** In shared memory, filled with zeros before the first child. Times are monotonic, in microseconds. */
typedef struct docgen_incidents {
    atomic_uint open; /**< bit per row of reason.def */
    atomic_llong failed_at[DOCGEN_REASONS];
    atomic_uintptr_t
        statement[DOCGEN_REASONS]; /**< the address of the constant; the same in all children */
    atomic_uint refused;           /**< the last SQLSTATE that no row names, packed */
    atomic_llong refused_at;       /**< when a line about such a one was written */
    atomic_llong written_at;       /**< the last heartbeat that was stored; at first the start */
    atomic_llong wrote_at;         /**< the last write of any kind that succeeded */
} docgen_incidents;

/** Notes a failure. @param statement what failed; NULL = the connection
 * @param state its SQLSTATE, or NULL
 * @return is it new, so that it is to be logged? */
int docgen_incident_begin(docgen_incidents *incidents, apr_status_t rv,
                          const struct docgen_statement *statement, const char *state);

/** Notes that a statement succeeded, and which incidents it ended. @return bit per reason that ended now */
unsigned docgen_incident_end(docgen_incidents *incidents, const struct docgen_statement *statement);

/** Did a call fail for this reason within the last `time`? Not where a write went through since, which a read-only
 * database would have refused; a full one may take a small write and refuse the next. */
int docgen_incident_is_fresh(const docgen_incidents *incidents, apr_status_t rv,
                             apr_interval_time_t time);

/** Notes that a heartbeat was stored, and tells how long ago one was. */
void docgen_incident_written(docgen_incidents *incidents);
apr_interval_time_t docgen_incident_since_write(const docgen_incidents *incidents);

#endif
