/* SPDX-License-Identifier: Apache-2.0 */
#include "core/status.h"

#include <string.h>

static const char *const names[] = {"idle", "generating", "completed", "failed"};

const docgen_milestone docgen_milestones[] = {
    {10, "Fetching repository"},
    {30, "Fetching repository metadata"},
    {40, "Fetching GitHub authentication"},
    {50, "Analyzing codebase structure"},
    {60, "Generating documentation sections"},
    {95, "Finalizing output"},
    {100, "Completed"},
    {0, NULL},
};

const char *docgen_status_name(docgen_status status)
{
    return names[status];
}

apr_status_t docgen_status_parse(const char *name, docgen_status *status)
{
    for (int i = 0; i < 4; i++) {
        if (name && !strcmp(name, names[i])) {
            *status = (docgen_status)i;
            return APR_SUCCESS;
        }
    }
    return APR_EINVAL;
}

int docgen_milestone_at(int percent)
{
    int at = -1;

    while (docgen_milestones[at + 1].name && docgen_milestones[at + 1].percent <= percent) {
        at++;
    }
    return at;
}

const char *docgen_milestone_name(int percent)
{
    int at = docgen_milestone_at(percent);

    return at < 0 ? "Waiting for a worker" : docgen_milestones[at].name;
}
