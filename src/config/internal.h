/* What the files of config/ share. All of it runs in the parent's main thread while httpd reads its configuration.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_INTERNAL_H
#define DOCGEN_CONFIG_INTERNAL_H

#include "config/config.h"

/** Switches DocGen on or off for a path, replacing what was said of the same path before.
 * @param path without a closing slash, "" for the whole server; kept, not copied */
void docgen_config_set_mount(docgen_config *config, const char *path, int on);

/** Adds a repository and keeps `repository_ids` sorted; one of the same id is replaced. */
void docgen_config_add_repository(docgen_config *config, docgen_repository *repository);

/** Says in a sentence what is wrong with a repository URL whatever DocGenAllowURL says, or NULL. Constant text;
 * any thread. */
const char *docgen_config_url_error(const char *url);

/** check_config: do the settings fit each other and mod_dbd? Logs each contradiction.
 * @return OK or HTTP_INTERNAL_SERVER_ERROR */
int docgen_config_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main);

/** Reads the file of a DocGenCredentials into token, ssh_key and known_hosts. They are wiped when `pconf` is cleared.
 * @return NULL, or a sentence from `pconf` that says what to change */
const char *docgen_credentials_read(apr_pool_t *pconf, docgen_credentials *credentials);

/** Finds the generator's program and sees that children may run it; its name becomes its full path.
 * @return NULL, or a sentence from `pool` */
const char *docgen_files_generator(apr_pool_t *pool, docgen_config *config);

/** Makes the work directory or sees that it belongs to the children's user. @return NULL, or a sentence from `pool` */
const char *docgen_files_work_dir(apr_pool_t *pool, const docgen_config *config);

#endif
