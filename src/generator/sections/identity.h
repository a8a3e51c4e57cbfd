/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_SECTIONS_IDENTITY_H
#define DOCGEN_GENERATOR_SECTIONS_IDENTITY_H

#include "generator/sections/sections.h"

/** Sends the repository's facts: description, homepage, licence, languages, owners. One thread. */
apr_status_t docgen_identity_send(docgen_site *site);

/** What the forge says of the project, else what its manifest at the top does; NULL when neither does. */
const char *docgen_site_description(docgen_site *site);

/** The languages of the project's own files with their lines of code, most first; vendored and generated files are not
 * counted.
 * @param is_code without documents and data
 * @return array of docgen_page_language from `pool` */
apr_array_header_t *docgen_languages_count(const docgen_site *site, apr_pool_t *pool, int is_code);

#endif
