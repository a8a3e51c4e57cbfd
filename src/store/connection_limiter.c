/* SPDX-License-Identifier: Apache-2.0 */
#include "store/connection_limiter.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

/* One mutex and two conditions on the monotonic clock: a step of the host's time changes no wait. */
struct docgen_limiter {
    pthread_mutex_t mutex;
    pthread_cond_t permit; /* a permit was given back, or the pause began */
    pthread_cond_t opener; /* the opener is done, or the pause began */
    int permits;
    int used;
    int readers; /* of `used` */
    int opening;
    apr_int64_t opening_since; /* monotonic µs */
    apr_int64_t closed_until;  /* monotonic µs; 0 = open */
    int is_refused;            /* closed after a refusal: the probe is asked */
    unsigned failures;
    docgen_limiter_probe *probe;
    void *baton;
};

static apr_int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static apr_status_t destroy_limiter(void *data)
{
    docgen_limiter *limiter = data;

    pthread_cond_destroy(&limiter->opener);
    pthread_cond_destroy(&limiter->permit);
    pthread_mutex_destroy(&limiter->mutex);
    return APR_SUCCESS;
}

apr_status_t docgen_limiter_create(apr_pool_t *pool, int permits, docgen_limiter_probe *probe,
                                   void *baton, docgen_limiter **limiter)
{
    docgen_limiter *made = apr_pcalloc(pool, sizeof(*made));
    pthread_condattr_t clock;
    int rv;

    made->permits = permits;
    made->probe = probe;
    made->baton = baton;
    pthread_condattr_init(&clock);
    rv = pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    if (!rv) {
        rv = pthread_mutex_init(&made->mutex, NULL);
    }
    if (!rv) {
        rv = pthread_cond_init(&made->permit, &clock);
    }
    if (!rv) {
        rv = pthread_cond_init(&made->opener, &clock);
    }
    pthread_condattr_destroy(&clock);
    if (rv) {
        return rv;
    }
    apr_pool_cleanup_register(pool, made, destroy_limiter, apr_pool_cleanup_null);
    *limiter = made;
    return APR_SUCCESS;
}

/* Waits for the condition until a point of the monotonic clock. @return 0 when that point has come */
static int wait_until(docgen_limiter *limiter, pthread_cond_t *condition, apr_int64_t until)
{
    struct timespec when = {until / 1000000, until % 1000000 * 1000};

    return pthread_cond_timedwait(condition, &limiter->mutex, &when) != ETIMEDOUT;
}

static int is_closed(const docgen_limiter *limiter)
{
    return limiter->closed_until && now_us() < limiter->closed_until;
}

static int may_use(const docgen_limiter *limiter, docgen_store_use use)
{
    return limiter->used < limiter->permits &&
           (use == DOCGEN_FOR_JOB || limiter->readers < limiter->permits - DOCGEN_LIMITER_RESERVED);
}

static void give_back(docgen_limiter *limiter, docgen_store_use use)
{
    limiter->used--;
    limiter->readers -= use == DOCGEN_FOR_READER;
    /* A waiting reader cannot use every permit that a waiting job can, so all of them look. */
    pthread_cond_broadcast(&limiter->permit);
}

static void begin_pause(docgen_limiter *limiter, int refused)
{
    limiter->is_refused = refused;
    limiter->failures++;
    limiter->closed_until = now_us() + DOCGEN_LIMITER_PAUSE;
    pthread_cond_broadcast(&limiter->permit);
    pthread_cond_broadcast(&limiter->opener);
}

/* Sent away: in a pause without a probe, or because somebody failed since this caller came. */
static int is_shut(const docgen_limiter *limiter, unsigned failures)
{
    return limiter->failures != failures ||
           (is_closed(limiter) && !(limiter->is_refused && limiter->probe));
}

/* Waits for a permit, then for the right to open. Under the mutex. @return as docgen_limiter_enter */
static apr_status_t wait_turn(docgen_limiter *limiter, docgen_store_use use)
{
    unsigned failures = limiter->failures;
    apr_int64_t until = now_us() + DOCGEN_LIMITER_PERMIT_WAIT;

    while (!is_shut(limiter, failures) && !may_use(limiter, use)) {
        if (!wait_until(limiter, &limiter->permit, until)) {
            return DOCGEN_STORE_EBUSY;
        }
    }
    if (is_shut(limiter, failures)) {
        return DOCGEN_STORE_EDOWN;
    }
    limiter->used++;
    limiter->readers += use == DOCGEN_FOR_READER;

    until = now_us() + DOCGEN_LIMITER_OPENER_WAIT;
    while (limiter->opening && !is_shut(limiter, failures)) {
        if (!wait_until(limiter, &limiter->opener, until)) {
            break;
        }
    }
    if (is_shut(limiter, failures)) {
        give_back(limiter, use);
        return DOCGEN_STORE_EDOWN;
    }
    if (limiter->opening) {
        give_back(limiter, use);
        return DOCGEN_STORE_EBUSY;
    }
    limiter->opening = 1;
    limiter->opening_since = now_us();
    return APR_SUCCESS;
}

apr_status_t docgen_limiter_enter(docgen_limiter *limiter, docgen_store_use use)
{
    apr_status_t rv;
    int ask;

    pthread_mutex_lock(&limiter->mutex);
    rv = wait_turn(limiter, use);
    ask = rv == APR_SUCCESS && is_closed(limiter);
    pthread_mutex_unlock(&limiter->mutex);
    if (ask && !limiter->probe(limiter->baton)) {
        docgen_limiter_opened(limiter, use, 0);
        rv = DOCGEN_STORE_EDOWN;
    }
    return rv;
}

void docgen_limiter_opened(docgen_limiter *limiter, docgen_store_use use, int ok)
{
    pthread_mutex_lock(&limiter->mutex);
    limiter->opening = 0;
    if (ok) {
        limiter->closed_until = 0;
        pthread_cond_signal(&limiter->opener);
    } else {
        begin_pause(limiter, now_us() - limiter->opening_since < DOCGEN_LIMITER_QUICK);
        give_back(limiter, use);
    }
    pthread_mutex_unlock(&limiter->mutex);
}

void docgen_limiter_leave(docgen_limiter *limiter, docgen_store_use use, int ok)
{
    pthread_mutex_lock(&limiter->mutex);
    if (!ok) {
        begin_pause(limiter, 0);
    }
    give_back(limiter, use);
    pthread_mutex_unlock(&limiter->mutex);
}
