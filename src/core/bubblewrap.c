/* SPDX-License-Identifier: Apache-2.0 */
#include "core/bubblewrap.h"

#include <unistd.h>
#include <apr_strings.h>

static void add(apr_array_header_t *argv, const char *word)
{
    APR_ARRAY_PUSH(argv, const char *) = word;
}

static void add3(apr_array_header_t *argv, const char *option, const char *one, const char *two)
{
    add(argv, option);
    add(argv, one);
    add(argv, two);
}

/* The system's programs and libraries, as this machine has them: links stay links, folders are
 * bound. */
static void system_add(apr_pool_t *pool, apr_array_header_t *argv)
{
    static const char *const roots[] = {"/bin", "/sbin", "/lib", "/lib64", "/lib32"};
    static const char *const extras[] = {"/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts",
                                         "/var/cache/fontconfig", "/etc/localtime"};

    add3(argv, "--ro-bind", "/usr", "/usr");
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        char target[256];
        ssize_t n = readlink(roots[i], target, sizeof(target) - 1);

        if (n > 0) {
            add3(argv, "--symlink", apr_pstrmemdup(pool, target, (apr_size_t)n), roots[i]);
        } else if (access(roots[i], F_OK) == 0) {
            add3(argv, "--ro-bind", roots[i], roots[i]);
        }
    }
    for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
        add3(argv, "--ro-bind-try", extras[i], extras[i]);
    }
}

void docgen_bubblewrap_add(apr_pool_t *pool, apr_array_header_t *argv, int new_session)
{
    add(argv, "bwrap");
    add(argv, "--unshare-all");
    add(argv, "--die-with-parent");
    if (new_session) {
        add(argv, "--new-session");
    }
    add(argv, "--cap-drop");
    add(argv, "ALL");
    system_add(pool, argv);
    add(argv, "--proc");
    add(argv, "/proc");
    add(argv, "--dev");
    add(argv, "/dev");
    add(argv, "--tmpfs");
    add(argv, "/tmp");
}
