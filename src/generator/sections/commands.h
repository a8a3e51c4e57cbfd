/* Commands that the repository itself declares: make targets, scripts of manifests, jobs of its CI.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_COMMANDS_H
#define DOCGEN_GENERATOR_SECTIONS_COMMANDS_H

#include "generator/sections/manifest.h"

/** A target of a Makefile or justfile. */
typedef struct docgen_target {
    const docgen_file *file;
    const char *name;
    const char *comment; /**< what the file says about it, or "" */
    int line;
    int phony;
} docgen_target;

/** The targets of the Makefiles at the top (and of folders one level below), array of docgen_target from `pool`. */
apr_array_header_t *docgen_targets(docgen_site *site, apr_pool_t *pool);

/** One job of a CI workflow. */
typedef struct docgen_job_entry {
    const docgen_file *file;
    const char *workflow; /**< its name */
    const char *triggers; /**< "push, pull_request" or "" */
    const char *name;
    const char *runs_on;       /**< or "" */
    apr_array_header_t *steps; /**< const char *: commands, one for each step */
} docgen_job_entry;

/** The jobs of GitHub workflows and GitLab CI, array of docgen_job_entry from `pool`. */
apr_array_header_t *docgen_ci_jobs(docgen_site *site, apr_pool_t *pool);

/** The services of compose files: name → image or build, array of docgen_entry (group = file path) from `pool`. */
apr_array_header_t *docgen_compose_services(docgen_site *site, apr_pool_t *pool);

#endif
