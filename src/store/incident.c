/* SPDX-License-Identifier: Apache-2.0 */
#include "store/incident.h"

#include <string.h>
#include <time.h>

#include "store/call.h"

#define REFUSED_EVERY apr_time_from_sec(1)

static apr_time_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_time_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Five digits and capitals as a number; 0 = none. */
static unsigned pack(const char *state)
{
    unsigned packed = 0;

    for (int i = 0; state && i < 5 && state[i]; i++) {
        packed = packed * 36 + (unsigned)(state[i] <= '9' ? state[i] - '0' : state[i] - 'A' + 10);
    }
    return packed;
}

/* The row for all other refusals stands for many reasons: each of them is told, but none faster than the log is read. */
static int is_other_refusal(docgen_incidents *incidents, const char *state)
{
    unsigned packed = pack(state);
    long long last = atomic_load(&incidents->refused_at);
    apr_time_t now = now_us();

    return atomic_exchange(&incidents->refused, packed) != packed && now - last >= REFUSED_EVERY &&
           atomic_compare_exchange_strong(&incidents->refused_at, &last, now);
}

int docgen_incident_begin(docgen_incidents *incidents, apr_status_t rv,
                          const docgen_statement *statement, const char *state)
{
    int index = docgen_reason_index(rv), is_new;
    unsigned bit = 1u << index;

    atomic_store(&incidents->failed_at[index], now_us());
    atomic_store(&incidents->statement[index], (uintptr_t)statement);
    is_new = !(atomic_fetch_or(&incidents->open, bit) & bit);
    if (rv == DOCGEN_STORE_EQUERY) {
        is_new |= is_other_refusal(incidents, state);
    }
    return is_new;
}

static int ends(const docgen_incidents *incidents, int index, const docgen_statement *statement)
{
    const docgen_reason_rule *rule = docgen_reason_rule_of(index);
    apr_time_t quiet = now_us() - atomic_load(&incidents->failed_at[index]);

    if (quiet < apr_time_from_sec(rule->quiet)) {
        return 0;
    }
    switch (rule->end) {
    case DOCGEN_ENDS_WITH_ANY:
        return 1;
    case DOCGEN_ENDS_WITH_WRITE:
        return statement->is_write;
    case DOCGEN_ENDS_WITH_SAME:
        return atomic_load(&incidents->statement[index]) == (uintptr_t)statement;
    }
    return 0;
}

unsigned docgen_incident_end(docgen_incidents *incidents, const docgen_statement *statement)
{
    unsigned open = atomic_load(&incidents->open), ended = 0;

    if (statement->is_write) {
        atomic_store(&incidents->wrote_at, now_us());
    }
    for (int i = 0; open >> i; i++) {
        unsigned bit = 1u << i;

        if (open & bit && ends(incidents, i, statement) &&
            atomic_fetch_and(&incidents->open, ~bit) & bit) {
            ended |= bit;
        }
    }
    return ended;
}

int docgen_incident_is_fresh(const docgen_incidents *incidents, apr_status_t rv,
                             apr_interval_time_t time)
{
    int index = docgen_reason_index(rv);
    long long failed_at = atomic_load(&incidents->failed_at[index]);

    if (rv == DOCGEN_STORE_EREADONLY && failed_at < atomic_load(&incidents->wrote_at)) {
        return 0;
    }
    return atomic_load(&incidents->open) & (1u << index) && now_us() - failed_at < time;
}

void docgen_incident_written(docgen_incidents *incidents)
{
    atomic_store(&incidents->written_at, now_us());
}

apr_interval_time_t docgen_incident_since_write(const docgen_incidents *incidents)
{
    return now_us() - atomic_load(&incidents->written_at);
}
