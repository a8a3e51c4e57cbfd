/* Why a call of the database fails: the table of reason.def.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_REASON_H
#define DOCGEN_STORE_REASON_H

#include "store/store.h"

enum {
#define DOCGEN_REASON(name, states, error, retry, level, end, quiet, lasting, what, todo)          \
    DOCGEN_REASON_##name,
#include "store/reason.def"
#undef DOCGEN_REASON
    DOCGEN_REASONS
};

/** Which success ends a reason. */
typedef enum docgen_reason_end {
    DOCGEN_ENDS_WITH_ANY,
    DOCGEN_ENDS_WITH_WRITE,
    DOCGEN_ENDS_WITH_SAME
} docgen_reason_end;

/** What only the error log needs of a reason. */
typedef struct docgen_reason_rule {
    const char *states;
    int level; /**< APLOG_… */
    docgen_reason_end end;
    int quiet; /**< seconds */
} docgen_reason_rule;

/** The place of a status in the table; -1 when it is no DOCGEN_STORE_E… code. Any thread, like all of this. */
int docgen_reason_index(apr_status_t rv);

/** The status of a place in the table. */
apr_status_t docgen_reason_status(int index);

const docgen_reason_rule *docgen_reason_rule_of(int index);

/** The status for a SQLSTATE; DOCGEN_STORE_EQUERY for one that no row names. @param state may be NULL */
apr_status_t docgen_reason_of_state(const char *state);

#endif
