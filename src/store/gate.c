/* SPDX-License-Identifier: Apache-2.0 */
#include "store/gate.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

/* One mutex and two conditions on the monotonic clock: a step of the host's time changes no wait. */
struct docgen_gate {
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
    docgen_gate_probe *probe;
    void *baton;
};

static apr_int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static apr_status_t destroy_gate(void *data)
{
    docgen_gate *gate = data;

    pthread_cond_destroy(&gate->opener);
    pthread_cond_destroy(&gate->permit);
    pthread_mutex_destroy(&gate->mutex);
    return APR_SUCCESS;
}

apr_status_t docgen_gate_create(apr_pool_t *pool, int permits, docgen_gate_probe *probe,
                                void *baton, docgen_gate **gate)
{
    docgen_gate *made = apr_pcalloc(pool, sizeof(*made));
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
    apr_pool_cleanup_register(pool, made, destroy_gate, apr_pool_cleanup_null);
    *gate = made;
    return APR_SUCCESS;
}

/* Waits for the condition until a point of the monotonic clock. @return 0 when that point has come */
static int wait_until(docgen_gate *gate, pthread_cond_t *condition, apr_int64_t until)
{
    struct timespec when = {until / 1000000, until % 1000000 * 1000};

    return pthread_cond_timedwait(condition, &gate->mutex, &when) != ETIMEDOUT;
}

static int is_closed(const docgen_gate *gate)
{
    return gate->closed_until && now_us() < gate->closed_until;
}

static int may_use(const docgen_gate *gate, docgen_store_use use)
{
    return gate->used < gate->permits &&
           (use == DOCGEN_FOR_JOB || gate->readers < gate->permits - DOCGEN_GATE_RESERVED);
}

static void give_back(docgen_gate *gate, docgen_store_use use)
{
    gate->used--;
    gate->readers -= use == DOCGEN_FOR_READER;
    /* A waiting reader cannot use every permit that a waiting job can, so all of them look. */
    pthread_cond_broadcast(&gate->permit);
}

static void begin_pause(docgen_gate *gate, int refused)
{
    gate->is_refused = refused;
    gate->failures++;
    gate->closed_until = now_us() + DOCGEN_GATE_PAUSE;
    pthread_cond_broadcast(&gate->permit);
    pthread_cond_broadcast(&gate->opener);
}

/* Sent away: in a pause without a probe, or because somebody failed since this caller came. */
static int is_shut(const docgen_gate *gate, unsigned failures)
{
    return gate->failures != failures || (is_closed(gate) && !(gate->is_refused && gate->probe));
}

/* Waits for a permit, then for the right to open. Under the mutex. @return as docgen_gate_enter */
static apr_status_t wait_turn(docgen_gate *gate, docgen_store_use use)
{
    unsigned failures = gate->failures;
    apr_int64_t until = now_us() + DOCGEN_GATE_PERMIT_WAIT;

    while (!is_shut(gate, failures) && !may_use(gate, use)) {
        if (!wait_until(gate, &gate->permit, until)) {
            return DOCGEN_STORE_EBUSY;
        }
    }
    if (is_shut(gate, failures)) {
        return DOCGEN_STORE_EDOWN;
    }
    gate->used++;
    gate->readers += use == DOCGEN_FOR_READER;

    until = now_us() + DOCGEN_GATE_OPENER_WAIT;
    while (gate->opening && !is_shut(gate, failures)) {
        if (!wait_until(gate, &gate->opener, until)) {
            break;
        }
    }
    if (is_shut(gate, failures)) {
        give_back(gate, use);
        return DOCGEN_STORE_EDOWN;
    }
    if (gate->opening) {
        give_back(gate, use);
        return DOCGEN_STORE_EBUSY;
    }
    gate->opening = 1;
    gate->opening_since = now_us();
    return APR_SUCCESS;
}

apr_status_t docgen_gate_enter(docgen_gate *gate, docgen_store_use use)
{
    apr_status_t rv;
    int ask;

    pthread_mutex_lock(&gate->mutex);
    rv = wait_turn(gate, use);
    ask = rv == APR_SUCCESS && is_closed(gate);
    pthread_mutex_unlock(&gate->mutex);
    if (ask && !gate->probe(gate->baton)) {
        docgen_gate_opened(gate, use, 0);
        rv = DOCGEN_STORE_EDOWN;
    }
    return rv;
}

void docgen_gate_opened(docgen_gate *gate, docgen_store_use use, int ok)
{
    pthread_mutex_lock(&gate->mutex);
    gate->opening = 0;
    if (ok) {
        gate->closed_until = 0;
        pthread_cond_signal(&gate->opener);
    } else {
        begin_pause(gate, now_us() - gate->opening_since < DOCGEN_GATE_QUICK);
        give_back(gate, use);
    }
    pthread_mutex_unlock(&gate->mutex);
}

void docgen_gate_leave(docgen_gate *gate, docgen_store_use use, int ok)
{
    pthread_mutex_lock(&gate->mutex);
    if (!ok) {
        begin_pause(gate, 0);
    }
    give_back(gate, use);
    pthread_mutex_unlock(&gate->mutex);
}
