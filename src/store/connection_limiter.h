/* The connection limiter before mod_dbd: how many connections a child uses, who waits how long for one, and that a database which
 * does not answer is asked again only after a pause.
 *
 * mod_dbd opens a connection under the lock of its pool and waits for a free one without limit. So nobody asks it but
 * with a permit (DocGenConnections of them, two kept for jobs), and one thread at a time.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_CONNECTION_LIMITER_H
#define DOCGEN_STORE_CONNECTION_LIMITER_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>
#include "store/store.h"

#define DOCGEN_LIMITER_RESERVED    2 /**< permits that only jobs and the maintenance thread may use */
#define DOCGEN_LIMITER_PERMIT_WAIT apr_time_from_sec(2) /**< longest wait for a permit */
#define DOCGEN_LIMITER_OPENER_WAIT                                                                 \
    apr_time_from_msec(500)                       /**< longest wait behind another opener */
#define DOCGEN_LIMITER_PAUSE apr_time_from_sec(1) /**< nobody asks for this long after a failure */
#define DOCGEN_LIMITER_QUICK apr_time_from_msec(50) /**< a failure within this time was a refusal */

typedef struct docgen_limiter docgen_limiter;

/** Does the database accept connections again? Asked in the pause after a refusal, by one thread at a time, since a
 * server that restarts refuses at once and costs next to nothing to ask: so the first request after its return
 * succeeds, and mod_dbd, which logs each failure, is still asked once in a pause. */
typedef int docgen_limiter_probe(void *baton);

/** Makes a limiter that lives as long as `pool`. Before threads exist.
 * @param permits more than DOCGEN_LIMITER_RESERVED
 * @param probe may be NULL: then the pause after a refusal is as that after silence */
apr_status_t docgen_limiter_create(apr_pool_t *pool, int permits, docgen_limiter_probe *probe,
                                   void *baton, docgen_limiter **limiter);

/** Waits for a permit and for the right to open. Any thread, holding neither.
 * @return APR_SUCCESS: call docgen_limiter_opened next; DOCGEN_STORE_EBUSY: the wait was too long; DOCGEN_STORE_EDOWN:
 * the pause after a failure is not over, or another caller failed while this one waited */
apr_status_t docgen_limiter_enter(docgen_limiter *limiter, docgen_store_use use);

/** Ends the right to open. With `ok` zero the pause begins, everyone who waits is sent away, and the permit is given
 * back as well. The thread that entered. */
void docgen_limiter_opened(docgen_limiter *limiter, docgen_store_use use, int ok);

/** Gives the permit back. With `ok` zero the database fell silent during a statement, and the pause begins. */
void docgen_limiter_leave(docgen_limiter *limiter, docgen_store_use use, int ok);

#endif
