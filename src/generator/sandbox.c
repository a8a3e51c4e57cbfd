/* bubblewrap where it works, else seccomp and Landlock in the analysis process itself.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include "core/bubblewrap.h"
#include "core/log.h"
#include "generator/run.h"
#include "generator/spawn.h"

#define INSIDE_PROGRAM "/run/docgen-generate"

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

/** Has this process a terminal that somebody may be typing at? */
static int has_terminal(void)
{
    int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);

    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static void bubblewrap_add(apr_pool_t *pool, apr_array_header_t *argv,
                           const docgen_sandbox *sandbox)
{
    /* What runs inside could type into the terminal of its session. Without one the session stays that of the server:
     * the kernel shares out time by sessions first (sched_autogroup), and in one of its own a nice value counts for
     * nothing. */
    docgen_bubblewrap_add(pool, argv, has_terminal());
    add3(argv, "--ro-bind", sandbox->program, INSIDE_PROGRAM);
    if (sandbox->read_only) {
        add3(argv, "--ro-bind", sandbox->read_only, sandbox->read_only);
    }
    if (sandbox->writable) {
        add3(argv, "--bind", sandbox->writable, sandbox->writable);
    }
    add(argv, "--chdir");
    add(argv, "/tmp");
    add(argv, "--");
}

const char *const *docgen_sandbox_argv(apr_pool_t *pool, docgen_sandbox_level level,
                                       const docgen_sandbox *sandbox, const char *const *args)
{
    apr_array_header_t *argv = apr_array_make(pool, 64, sizeof(const char *));

    if (level == DOCGEN_SANDBOX_BUBBLEWRAP) {
        bubblewrap_add(pool, argv, sandbox);
        add(argv, INSIDE_PROGRAM);
    } else {
        add(argv, sandbox->program);
    }
    for (; *args; args++) {
        add(argv, *args);
    }
    add(argv, NULL);
    return (const char *const *)argv->elts;
}

const char *const *docgen_sandbox_environment(apr_pool_t *pool, docgen_sandbox_level level,
                                              const docgen_sandbox *sandbox)
{
    const char *home = level == DOCGEN_SANDBOX_BUBBLEWRAP ? "/tmp" : sandbox->directory;
    const char **env = apr_pcalloc(pool, 8 * sizeof(*env));
    const char *path = getenv("PATH");
    int n = 0;

    env[n++] =
        apr_pstrcat(pool, "PATH=", path && *path ? path : "/usr/local/bin:/usr/bin:/bin", NULL);
    env[n++] = "LC_ALL=C.UTF-8";
    env[n++] = "TZ=UTC";
    env[n++] = apr_pstrcat(pool, "HOME=", home, NULL);
    env[n++] = apr_pstrcat(pool, "TMPDIR=", home, NULL);
    if (getenv("ASAN_OPTIONS")) {
        env[n++] = apr_pstrcat(pool, "ASAN_OPTIONS=", getenv("ASAN_OPTIONS"), NULL);
    }
    return env;
}

docgen_sandbox_level docgen_sandbox_probe(apr_pool_t *pool, const docgen_sandbox *sandbox)
{
    static const char *const args[] = {"--version", NULL};
    const char *wanted = getenv("DOCGEN_SANDBOX");
    docgen_run run = {.timeout = apr_time_from_sec(5), .max_output = 4096};
    docgen_run_result result;

    if (wanted && !strcmp(wanted, "seccomp")) {
        return DOCGEN_SANDBOX_SECCOMP;
    }
    run.argv = docgen_sandbox_argv(pool, DOCGEN_SANDBOX_BUBBLEWRAP, sandbox, args);
    run.env = docgen_sandbox_environment(pool, DOCGEN_SANDBOX_BUBBLEWRAP, sandbox);
    return docgen_run_program(pool, &run, &result) == APR_SUCCESS ? DOCGEN_SANDBOX_BUBBLEWRAP
                                                                  : DOCGEN_SANDBOX_SECCOMP;
}

const char *docgen_sandbox_name(docgen_sandbox_level level)
{
    switch (level) {
    case DOCGEN_SANDBOX_BUBBLEWRAP:
        return "bubblewrap";
    case DOCGEN_SANDBOX_SECCOMP:
        return "seccomp";
    }
    return "none";
}

/** No socket but local pairs, no look into other processes, no mounts, keys, modules, nor ways
 * around the filter. */
static apr_status_t seccomp_enter(void)
{
    static const int refused[] = {
#ifndef __SANITIZE_ADDRESS__ /* the leak check at the end traces the process */
        SCMP_SYS(ptrace),
#endif
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(io_uring_setup),
        SCMP_SYS(io_uring_enter),
        SCMP_SYS(io_uring_register),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(pidfd_getfd),
        SCMP_SYS(connect),
        SCMP_SYS(bind),
        SCMP_SYS(listen)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    int rc = filter ? 0 : -ENOMEM;

    for (size_t i = 0; rc == 0 && i < sizeof(refused) / sizeof(refused[0]); i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
    }
    if (rc == 0) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
                              SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
    }
    if (rc == 0) {
        rc = seccomp_load(filter); /* sets no_new_privs */
    }
    if (filter) {
        seccomp_release(filter);
    }
    return rc == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(-rc);
}

static void landlock_allow(int ruleset, const char *path, __u64 access)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    struct stat about;

    rule.parent_fd = path ? open(path, O_PATH | O_CLOEXEC) : -1;
    if (rule.parent_fd < 0) {
        return;
    }
    if (fstat(rule.parent_fd, &about) == 0 && !S_ISDIR(about.st_mode)) {
        rule.allowed_access &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                               LANDLOCK_ACCESS_FS_WRITE_FILE;
    }
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
}

/** Files: the system's read-only, the own ones writable, no others. @return whether the kernel has
 * it */
static int landlock_enter(const docgen_sandbox *sandbox)
{
    static const char *const system_paths[] = {"/usr",
                                               "/bin",
                                               "/sbin",
                                               "/lib",
                                               "/lib64",
                                               "/lib32",
                                               "/etc/ld.so.cache",
                                               "/etc/alternatives",
                                               "/etc/fonts",
                                               "/var/cache/fontconfig",
                                               "/proc",
                                               "/dev/urandom"};
    const __u64 all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* what version 1 knows */
    const __u64 reading =
        LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = all};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
    int entered;

    if (ruleset < 0) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(system_paths) / sizeof(system_paths[0]); i++) {
        landlock_allow(ruleset, system_paths[i], reading);
    }
    landlock_allow(ruleset, "/dev/null",
                   LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    landlock_allow(ruleset, sandbox->program, reading);
    landlock_allow(ruleset, sandbox->read_only, reading);
    landlock_allow(ruleset, sandbox->directory, all);
    landlock_allow(ruleset, sandbox->writable, all);
    entered = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return entered;
}

apr_status_t docgen_sandbox_enter(const docgen_sandbox *sandbox)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return APR_FROM_OS_ERROR(errno);
    }
    if (!landlock_enter(sandbox)) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS,
                   "this kernel has no Landlock: files are protected by their permissions alone");
    }
    return seccomp_enter();
}
