/* A file's size and time stand for what is in it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/stamp.h"

#include <sys/stat.h>
#include <apr_strings.h>
#include "generator/spawn.h"

const char *docgen_stamp(apr_pool_t *pool)
{
    const char *ctags = docgen_spawn_which(pool, "ctags");
    struct stat program, helper = {0};

    if (stat("/proc/self/exe", &program) != 0) {
        return NULL;
    }
    if (ctags && stat(ctags, &helper) != 0) {
        helper = (struct stat){0};
    }
    return apr_psprintf(pool, "%lld.%lld.%ld %lld.%lld", (long long)program.st_size,
                        (long long)program.st_mtim.tv_sec, (long)program.st_mtim.tv_nsec,
                        (long long)helper.st_size, (long long)helper.st_mtim.tv_sec);
}
