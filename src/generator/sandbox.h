/* Where the analysis runs: without network, and with nothing to read but its own data.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SANDBOX_H
#define DOCGEN_GENERATOR_SANDBOX_H

#include <apr_errno.h>
#include <apr_pools.h>

typedef enum {
    DOCGEN_SANDBOX_BUBBLEWRAP, /**< own namespaces: no network, no processes, no files but the named ones */
    DOCGEN_SANDBOX_SECCOMP /**< same file system, but no sockets, no tracing, no mounting; Landlock where the kernel has it */
} docgen_sandbox_level;

/** What the analysis may see. */
typedef struct docgen_sandbox {
    const char *program;   /**< this program */
    const char *read_only; /**< the cache's git directory */
    const char *writable;  /**< the site's folder, or NULL */
    /** the run's own directory: HOME and TMPDIR when there is no bubblewrap */
    const char *directory;
    int notes; /**< a descriptor that it inherits at the same number, for reading and writing; 0 = none */
} docgen_sandbox;

/** Finds out by trying: bubblewrap may be installed and still refused by the kernel or a container.
 * DOCGEN_SANDBOX=seccomp in the environment leaves bubblewrap out. */
docgen_sandbox_level docgen_sandbox_probe(apr_pool_t *pool, const docgen_sandbox *sandbox);

/** The level's name for the log. Constant. */
const char *docgen_sandbox_name(docgen_sandbox_level level);

/** The command that runs `program ARGS…` at a level. From `pool`. */
const char *const *docgen_sandbox_argv(apr_pool_t *pool, docgen_sandbox_level level,
                                       const docgen_sandbox *sandbox, const char *const *args);

/** The environment at a level. From `pool`. */
const char *const *docgen_sandbox_environment(apr_pool_t *pool, docgen_sandbox_level level,
                                              const docgen_sandbox *sandbox);

/** Called by the analysis on itself at level seccomp, before it reads anything: no way back.
 * @return APR_SUCCESS, or why the kernel refused (the analysis must then not run) */
apr_status_t docgen_sandbox_enter(const docgen_sandbox *sandbox);

#endif
