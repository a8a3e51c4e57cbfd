/* What the administrator said: directives, their defaults and merging. Read-only after post_config.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CONFIG_CONFIG_H
#define DOCGEN_CONFIG_CONFIG_H

#include <apr_hash.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <httpd.h>
#include <http_config.h>

#include "core/error.h"

/** A path that DocGen was switched on or off for. */
typedef struct docgen_mount {
    const char *path; /**< without a closing slash: "" for "/", else "/docgen" */
    const char *at;   /**< where it was said: "FILE:LINE" */
} docgen_mount;

/** A repository named by DocGenRepository. */
typedef struct docgen_repository {
    const char *id;
    const char *url;
    const char *branch; /**< NULL = the remote's default branch */
    const char *title;  /**< NULL = the id */
    const char *at;     /**< where it was said: "FILE:LINE" */
} docgen_repository;

/** Credentials of one host (DocGenCredentials), read as root in post_config and kept in memory only. */
typedef struct docgen_credentials {
    const char *host; /**< lower case; HOST, or HOST:PORT for that port alone */
    const char *scan; /**< the same as arguments of ssh-keyscan, for advice */
    const char *file;
    const char *token;       /**< a secret, or NULL */
    const char *ssh_key;     /**< the private key's text, a secret, or NULL */
    const char *known_hosts; /**< pinned host keys' text, or NULL */
    const char *at;          /**< where it was said: "FILE:LINE" */
    const char *problem;     /**< why nothing is generated from this host, or NULL */
} docgen_credentials;

/** What does not work since post_config. */
typedef struct docgen_problem_note {
    const char *sentence;   /**< without a path of this host */
    const char *repository; /**< it names this one: only for who may see it; or NULL */
    const char *host; /**< it names this host of repositories: only for who may POST; or NULL */
} docgen_problem_note;

/** The settings of one server. Times in microseconds. */
typedef struct docgen_config {
    server_rec *server;
    /* main server or virtual host */
    apr_array_header_t *mounts;         /**< docgen_mount: Locations with DocGen On */
    apr_hash_t *repositories;           /**< id → docgen_repository * */
    apr_array_header_t *repository_ids; /**< const char *, sorted: the keys of `repositories` */
    apr_array_header_t *allow_urls;     /**< const char *: prefixes a repository URL may have */
    apr_array_header_t *origins;        /**< const char *: DocGenOrigin */
    apr_array_header_t *unmounts;       /**< docgen_mount: with DocGen Off, inside a mount */
    int own_allow_urls; /**< DocGenAllowURL was given here: the inherited prefixes do not count */
    apr_array_header_t *problems; /**< docgen_problem_note */
    int is_refused;               /**< the first pass of a start found mistakes */
    const char *disabled;         /**< that of them for which every route answers 503, or NULL */
    const char *no_generation;    /**< that of them for which nothing is generated, or NULL */
    /* main server only; virtual hosts see the same values */
    /** const char *: program and arguments; the program's full path after post_config */
    apr_array_header_t *generator;
    const char *generator_at;    /**< where it was said, or NULL */
    apr_hash_t *credentials;     /**< HOST or HOST:PORT → docgen_credentials * */
    apr_hash_t *github_apis;     /**< HOST or HOST:PORT → const char * base URL */
    apr_array_header_t *missing; /**< what this host lacks: see config/host.h */
    /* work_dir, threads, max_running, connections and the times: see settings.def. Each with where it was said
     * ("FILE:LINE"), or NULL. */
#define DOCGEN_NUMBER(member, directive, value, least, most, help)                                 \
    int member;                                                                                    \
    const char *member##_at;
#define DOCGEN_TIME(member, directive, value, least, most, help)                                   \
    apr_interval_time_t member;                                                                    \
    const char *member##_at;
#define DOCGEN_PATH(member, directive, value, help)                                                \
    const char *member;                                                                            \
    const char *member##_at;
#define DOCGEN_FLAG(member, directive, value, help)                                                \
    int member;                                                                                    \
    const char *member##_at;
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
} docgen_config;

/** The settings of a Location, merged by httpd; in a request's per_dir_config. */
typedef struct docgen_location {
    int check_host; /**< DocGenCheckHost: 1, 0, or -1 = not said */
} docgen_location;

/* Everything below but the last block only reads: any thread, once the server runs. */

/** The settings of a server; never NULL. */
const docgen_config *docgen_config_get(const server_rec *server);

/** Is DocGen enabled anywhere in this server? */
int docgen_config_is_enabled(const docgen_config *config);

/** The mount that claims a URI path: the longest one that equals it or is followed by '/'. NULL = none.
 * @param rest set to what follows the mount and its '/' ("" at the mount itself; NULL when the path IS the mount
 * without a slash and the mount is not "/"). */
const char *docgen_config_mount(const docgen_config *config, const char *uri, const char **rest);

/** The repository that this server's configuration names, or NULL. */
const docgen_repository *docgen_config_repository(const docgen_config *config, const char *id);

/** May this URL be fetched (DocGenAllowURL)? */
int docgen_config_allows(const docgen_config *config, const char *url);

/** Can this process, a child, use the work directory now? @return NULL, or a sentence that anybody may read (constant).
 * Any thread, once the server runs. */
const char *docgen_config_work_dir_lack(const docgen_config *config);

/** Says in a sentence that anybody may read why nothing is generated from this URL (NULL = from any) at present; NULL =
 * nothing is in the way. DocGenAllowURL is not asked.
 * @param pool the sentence's
 * @param error set to its code. Any thread, after post_config. */
const char *docgen_config_refusal(const docgen_config *config, apr_pool_t *pool, const char *url,
                                  docgen_error *error);

/* ---- for the module record, called by httpd in the parent's main thread ---- */

/** Makes a server's settings with their defaults, from `pool` (pconf). Never NULL. */
void *docgen_config_create_server(apr_pool_t *pool, server_rec *server);

/** A virtual host's settings: its own over the main server's. `base` and `add` stay as they are. */
void *docgen_config_merge_server(apr_pool_t *pool, void *base, void *add);

/** Makes a Location's settings with their defaults, from `pool`. Never NULL. */
void *docgen_config_create_location(apr_pool_t *pool, char *path);

/** An inner Location's settings over an outer one's. `base` and `add` stay as they are. */
void *docgen_config_merge_location(apr_pool_t *pool, void *base, void *add);

/** The directives. */
extern const command_rec docgen_commands[];

/** Switches the mounts of every server off: each route answers 503 with the sentence. In post_config. */
void docgen_config_disable(server_rec *main, const char *sentence);

/** Registers check_config and post_config: what the configuration says is checked, and at a restart what does not work
 * is switched off. */
void docgen_config_register_hooks(apr_pool_t *pool);

#endif
