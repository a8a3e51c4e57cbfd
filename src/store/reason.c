/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reason.h"

#include <string.h>

#include "docgen_private.h"

static const docgen_reason reasons[] = {
#define DOCGEN_REASON(name, states, error, retry, level, end, quiet, lasting, what, todo)          \
    {DOCGEN_E_##error, retry, lasting, what, todo},
#include "store/reason.def"
#undef DOCGEN_REASON
};

static const docgen_reason_rule rules[] = {
#define DOCGEN_REASON(name, states, error, retry, level, end, quiet, lasting, what, todo)          \
    {states, APLOG_##level, DOCGEN_ENDS_WITH_##end, quiet},
#include "store/reason.def"
#undef DOCGEN_REASON
};

int docgen_reason_index(apr_status_t rv)
{
    return rv > DOCGEN_STORE_EFIRST && rv < DOCGEN_STORE_EEND ? rv - DOCGEN_STORE_EFIRST - 1 : -1;
}

apr_status_t docgen_reason_status(int index)
{
    return DOCGEN_STORE_EFIRST + 1 + index;
}

const docgen_reason_rule *docgen_reason_rule_of(int index)
{
    return &rules[index];
}

const docgen_reason *docgen_store_reason(apr_status_t rv)
{
    int index = docgen_reason_index(rv);

    return index < 0 ? NULL : &reasons[index];
}

/* How many letters of a SQLSTATE the longest fitting beginning in a list has. */
static apr_size_t fit(const char *states, const char *state)
{
    apr_size_t best = 0;

    while (*states) {
        apr_size_t length = strcspn(states, " ");

        if (length > best && !strncmp(states, state, length)) {
            best = length;
        }
        states += length;
        states += *states == ' ';
    }
    return best;
}

apr_status_t docgen_reason_of_state(const char *state)
{
    apr_status_t found = DOCGEN_STORE_EQUERY;
    apr_size_t best = 0;

    for (int i = 0; state && i < DOCGEN_REASONS; i++) {
        apr_size_t length = fit(rules[i].states, state);

        if (length > best) {
            best = length;
            found = docgen_reason_status(i);
        }
    }
    return found;
}
