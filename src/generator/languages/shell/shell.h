/* Shell: which files are libraries.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_SHELL_SHELL_H
#define DOCGEN_GENERATOR_LANGUAGES_SHELL_SHELL_H

#include "generator/analysis/builder.h"

/** The name that users source a file by: its path. */
const char *docgen_shell_module(void *builder, const docgen_unit *unit);

/** Leaves out what only builds or checks a project; the functions of programs are their own. */
void docgen_shell_settle(void *builder);

#endif
