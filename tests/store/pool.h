/* What the store needs of httpd, for tests without one: a pool of connections that behaves as mod_dbd's (the newest
 * idle one first, PQstatus looked at when it is taken), and the log lines that were written.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_POOL_H
#define TESTS_STORE_POOL_H

#include "store/internal.h"

/** A store on `conninfo` whose pool and memory live until the process ends. */
docgen_store *pool_store(const char *conninfo, int permits);

/** How many connections are out now, and how many idle ones the pool keeps. */
int pool_out(void);
int pool_idle(void);

/** The idle connection that the next open takes; NULL = none. */
struct pg_conn *pool_next(void);

/** How many lines at this APLOG level (or all with -1) hold `text`. */
int pool_logged(int level, const char *text);

/** Forgets the lines. */
void pool_log_clear(void);

#endif
