/* What the files of config/ share. All of it runs in the parent's main thread while httpd reads its configuration.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_INTERNAL_H
#define DOCGEN_CONFIG_INTERNAL_H

#include "config/config.h"

/** Switches DocGen on or off for a path, replacing what was said of the same path before. */
void docgen_config_set_mount(docgen_config *config, const docgen_mount *mount, int on);

/** Adds a repository and keeps `repository_ids` sorted; one of the same id is replaced. */
void docgen_config_add_repository(docgen_config *config, docgen_repository *repository);

/** Says in a sentence what is wrong with a repository URL whatever DocGenAllowURL says, or NULL. Constant text;
 * any thread. */
const char *docgen_config_url_error(const char *url);

/** Reads the file of a DocGenCredentials into token, ssh_key and known_hosts. They are wiped when `pool` is cleared.
 * @return NULL, or a sentence from `pool` that says what to change */
const char *docgen_credentials_read(apr_pool_t *pool, docgen_credentials *credentials);

/** Finds the generator's program and sees that children may run it.
 * @param path set to its full path, from `pool`
 * @return NULL, or a sentence from `pool` */
const char *docgen_paths_generator(apr_pool_t *pool, const docgen_config *config,
                                   const char **path);

/** Can the children use the work directory, or could it be made for them? Changes nothing.
 * @return NULL, or a sentence from `pool` */
const char *docgen_paths_work_dir(apr_pool_t *pool, const char *dir);

/** Makes the work directory unless it is there. @return NULL, or a sentence from `pool` */
const char *docgen_paths_make_work_dir(apr_pool_t *pool, const char *dir);

/** Can httpd become the user of its children at all? @return NULL, or a sentence from `pool` */
const char *docgen_paths_user(apr_pool_t *pool);

/* ---- mistakes ---- */

/** How much a mistake breaks. */
typedef enum {
    DOCGEN_SCOPE_NOTHING,    /**< it works, but should be known: a warning */
    DOCGEN_SCOPE_REPOSITORY, /**< one repository, or what is fetched from one host */
    DOCGEN_SCOPE_GENERATION, /**< every generation of this process */
    DOCGEN_SCOPE_MOUNT       /**< everything of one server */
} docgen_scope;

/** One look at the whole configuration. */
typedef struct docgen_check {
    apr_pool_t *pool; /**< for the look and its sentences */
    apr_pool_t *pconf;
    server_rec *main;
    int refuses; /**< configtest or the first of httpd's two passes: a mistake refuses the configuration. Else it is
                    switched off, and httpd starts or goes on */
    int is_test; /**< configtest */
    int mistakes;
} docgen_check;

/** A mistake, and where. */
typedef struct docgen_mistake {
    docgen_scope scope;
    docgen_config *config; /**< of the server that it concerns */
    const char *directive;
    const char *at;         /**< "FILE:LINE", or NULL: it is the default */
    int concerns_files;     /**< only root can judge it: without root's rights configtest warns */
    const char *repository; /**< SCOPE_REPOSITORY: the one, or NULL */
    const char *host;       /**< SCOPE_REPOSITORY: else the host whose repositories it breaks */
    const char **problem;   /**< SCOPE_REPOSITORY: gets the public sentence */
} docgen_mistake;

/** Logs a mistake, and refuses or switches off. */
void docgen_check_report(docgen_check *check, const docgen_mistake *mistake, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

/** Says what hides a mount: another mount around it, or an Alias, Redirect or ProxyPass that comes first. */
void docgen_check_hidden(docgen_check *check);

/** Where a directive of this name was said for a server, or else for the main server; NULL = nowhere. */
const char *docgen_tree_find(apr_pool_t *pool, const server_rec *server, const char *name);

#endif
