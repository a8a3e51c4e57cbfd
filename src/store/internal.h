/* What the files of store/ share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_INTERNAL_H
#define DOCGEN_STORE_INTERNAL_H

#include <stdatomic.h>
#include <apr_dbd.h>
#include <mod_dbd.h>

#include "store/connection_limiter.h"
#include "store/incident.h"
#include "store/store.h"

/* A server's database in this child. */
struct docgen_store {
    server_rec *server;
    const char *params; /* DBDParams: a libpq connection string */
    docgen_limiter *limiter;
    docgen_incidents *incidents; /* shared by all children */
    /* mod_dbd's functions; NULL when it is not loaded. */
    ap_dbd_t *(*open)(apr_pool_t *, server_rec *);
    void (*close)(server_rec *, ap_dbd_t *);
    int block_signals; /* prefork: a signal handler may end the process in the middle of a statement */
    atomic_llong probed_at;     /* apr_time_t of the limiter's last look behind a refused login */
    atomic_int shut_by;         /* why the limiter is shut: a DOCGEN_STORE_E… code */
    atomic_int schema;          /* the schema's version as last seen; 0 = not looked at */
    atomic_int settings_warned; /* the connection's settings were found wanting and logged */
    atomic_int silences;        /* how often a statement was not answered in time */
    atomic_int deadline_ms; /* how long a statement may take before the database counts as silent */
    atomic_int prepare_failures; /* prepared statements that a pooler lost */
};

#endif
