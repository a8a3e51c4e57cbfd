/* The four statuses of a repository's documentation and the milestones of a job.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_STATUS_H
#define DOCGEN_CORE_STATUS_H

#include <apr_errno.h>

typedef enum {
    DOCGEN_STATUS_IDLE,
    DOCGEN_STATUS_GENERATING,
    DOCGEN_STATUS_COMPLETED,
    DOCGEN_STATUS_FAILED
} docgen_status;

/** A milestone: reaching `percent` means that the step `name` begins. */
typedef struct docgen_milestone {
    int percent;
    const char *name;
} docgen_milestone;

/** The milestones in rising order, ended by an entry whose name is NULL. Constant, any thread. */
extern const docgen_milestone docgen_milestones[];

/** The name a status has in the database and in JSON ("idle", …). Constant, any thread. */
const char *docgen_status_name(docgen_status status);

/** Reads a status name. @return APR_SUCCESS, or APR_EINVAL (status untouched) for any other word. */
apr_status_t docgen_status_parse(const char *name, docgen_status *status);

/** The index of the last milestone at or below `percent` (0…100), -1 below 10. */
int docgen_milestone_at(int percent);

/** The name of the last milestone at or below `percent` (0…100); "Waiting for a worker" below 10. */
const char *docgen_milestone_name(int percent);

#endif
