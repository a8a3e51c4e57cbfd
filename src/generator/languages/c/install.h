/* C and C++: the headers that a project's build installs, and how users write their names.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_C_INSTALL_H
#define DOCGEN_GENERATOR_LANGUAGES_C_INSTALL_H

#include "generator/repo/tree.h"

/** What the build files of a repository install. */
typedef struct docgen_c_install docgen_c_install;

typedef enum {
    DOCGEN_C_NOT_INSTALLED,
    DOCGEN_C_INSTALLED_FOLDER, /**< with its folder */
    DOCGEN_C_INSTALLED_NAME    /**< by its name */
} docgen_c_installed;

/** Reads the CMake, automake, Meson and make files of the repository's own code. From `pool`. */
docgen_c_install *docgen_c_install_read(const docgen_tree *tree, apr_pool_t *pool);

/** Is the header at `path` installed? */
docgen_c_installed docgen_c_install_has(const docgen_c_install *install, const char *path);

/** The part of a header's path behind the folder whose contents are installed: what users write. Or NULL. */
const char *docgen_c_install_name(const docgen_c_install *install, const char *path);

#endif
