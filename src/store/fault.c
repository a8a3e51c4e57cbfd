/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fault.h"

#ifdef DOCGEN_FAULTS

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_time.h>

#define HANG apr_time_from_msec(2500) /* longer than the lease of the test that walks all of them */

int docgen_fault(const char *statement, const char *when)
{
    const char *path = getenv("DOCGEN_FAULT_FILE");
    FILE *file = path ? fopen(path, "re") : NULL;
    char name[64] = "", point[16] = "", action[16] = "";
    int words;

    if (!file) {
        return 0;
    }
    words = fscanf(file, "%63s %15s %15s", name, point, action);
    fclose(file);
    if (words != 3 || strcmp(name, statement) || strcmp(point, when) || unlink(path) != 0) {
        return 0;
    }
    if (!strcmp(action, "crash")) {
        kill(getpid(), SIGKILL);
    } else if (!strcmp(action, "hang")) {
        apr_sleep(HANG);
    }
    return !strcmp(action, "lose");
}

#endif
