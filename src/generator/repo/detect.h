/* What a file is, told from its name and its first bytes: test, example, vendored, generated …
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_DETECT_H
#define DOCGEN_GENERATOR_REPO_DETECT_H

#include "generator/repo/language.h"

/** The DOCGEN_FILE_* flags that a path alone tells. Any thread. */
unsigned docgen_detect_path(const docgen_languages *languages, const char *path);

/** No Git LFS pointer has more bytes. */
#define DOCGEN_LFS_MAX 1024

/** The further flags that the content tells: binary, LFS pointer, generated, minified.
 * @param language what the name told, or NULL */
unsigned docgen_detect_content(const docgen_language *language, const char *data,
                               apr_size_t length);

/** Does this header hold C++ (class, namespace, template …) outside of `#ifdef __cplusplus`? */
int docgen_detect_cplusplus(const char *data, apr_size_t length);

#endif
