/* The settings of a server: made, merged and looked up.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <string.h>
#include <apr_strings.h>

#include "core/id.h"
#include "docgen_private.h"

void *docgen_config_create_server(apr_pool_t *pool, server_rec *server)
{
    docgen_config *config = apr_pcalloc(pool, sizeof(*config));

    config->server = server;
    config->mounts = apr_array_make(pool, 2, sizeof(docgen_mount));
    config->unmounts = apr_array_make(pool, 2, sizeof(docgen_mount));
    config->problems = apr_array_make(pool, 2, sizeof(docgen_problem_note));
    config->repositories = apr_hash_make(pool);
    config->repository_ids = apr_array_make(pool, 8, sizeof(const char *));
    config->allow_urls = apr_array_make(pool, 2, sizeof(const char *));
    APR_ARRAY_PUSH(config->allow_urls, const char *) = "https://";
    config->origins = apr_array_make(pool, 2, sizeof(const char *));
    config->generator = apr_array_make(pool, 2, sizeof(const char *));
    APR_ARRAY_PUSH(config->generator, const char *) = "docgen-generate";
    config->credentials = apr_hash_make(pool);
    config->github_apis = apr_hash_make(pool);
    config->missing = apr_array_make(pool, 4, sizeof(const void *));
    apr_hash_set(config->github_apis, "github.com", APR_HASH_KEY_STRING, "https://api.github.com");
#define DOCGEN_NUMBER(member, directive, value, least, most, help) config->member = (value);
#define DOCGEN_TIME(member, directive, value, least, most, help)   config->member = (value);
#define DOCGEN_PATH(member, directive, value, help)                config->member = (value);
#define DOCGEN_FLAG(member, directive, value, help)                config->member = (value);
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
    return config;
}

static void merge_mounts(docgen_config *config, const docgen_config *from)
{
    for (int i = 0; i < from->mounts->nelts; i++) {
        docgen_config_set_mount(config, &APR_ARRAY_IDX(from->mounts, i, docgen_mount), 1);
    }
    for (int i = 0; i < from->unmounts->nelts; i++) {
        docgen_config_set_mount(config, &APR_ARRAY_IDX(from->unmounts, i, docgen_mount), 0);
    }
}

static void merge_repositories(docgen_config *config, const docgen_config *from)
{
    for (int i = 0; i < from->repository_ids->nelts; i++) {
        const char *id = APR_ARRAY_IDX(from->repository_ids, i, const char *);

        docgen_config_add_repository(config,
                                     apr_hash_get(from->repositories, id, APR_HASH_KEY_STRING));
    }
}

void *docgen_config_merge_server(apr_pool_t *pool, void *base_settings, void *add_settings)
{
    const docgen_config *base = base_settings;
    const docgen_config *add = add_settings;
    docgen_config *config = apr_pcalloc(pool, sizeof(*config));

    config->server = add->server;
    config->mounts = apr_array_make(pool, 2, sizeof(docgen_mount));
    config->unmounts = apr_array_make(pool, 2, sizeof(docgen_mount));
    config->problems = apr_array_make(pool, 2, sizeof(docgen_problem_note));
    merge_mounts(config, base);
    merge_mounts(config, add);
    config->repositories = apr_hash_make(pool);
    config->repository_ids = apr_array_make(pool, 8, sizeof(const char *));
    merge_repositories(config, base);
    merge_repositories(config, add);
    config->own_allow_urls = add->own_allow_urls;
    config->allow_urls = add->own_allow_urls ? add->allow_urls : base->allow_urls;
    config->origins = add->origins->nelts ? add->origins : base->origins;
    config->generator = base->generator;
    config->generator_at = base->generator_at;
    config->credentials = base->credentials;
    config->github_apis = base->github_apis;
    config->missing = base->missing;
#define DOCGEN_COPY(member)                                                                        \
    config->member = base->member;                                                                 \
    config->member##_at = base->member##_at;
#define DOCGEN_NUMBER(member, directive, value, least, most, help) DOCGEN_COPY(member)
#define DOCGEN_TIME(member, directive, value, least, most, help)   DOCGEN_COPY(member)
#define DOCGEN_PATH(member, directive, value, help)                DOCGEN_COPY(member)
#define DOCGEN_FLAG(member, directive, value, help)                DOCGEN_COPY(member)
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
    return config;
}

void *docgen_config_create_location(apr_pool_t *pool, char *path)
{
    docgen_location *location = apr_pcalloc(pool, sizeof(*location));

    (void)path;
    location->check_host = -1;
    return location;
}

void *docgen_config_merge_location(apr_pool_t *pool, void *base, void *add)
{
    docgen_location *location = apr_pmemdup(pool, base, sizeof(*location));
    const docgen_location *inner = add;

    if (inner->check_host >= 0) {
        location->check_host = inner->check_host;
    }
    return location;
}

static void forget_path(apr_array_header_t *mounts, const char *path)
{
    int kept = 0;

    for (int i = 0; i < mounts->nelts; i++) {
        docgen_mount other = APR_ARRAY_IDX(mounts, i, docgen_mount);

        if (strcmp(other.path, path)) {
            APR_ARRAY_IDX(mounts, kept++, docgen_mount) = other;
        }
    }
    mounts->nelts = kept;
}

void docgen_config_set_mount(docgen_config *config, const docgen_mount *mount, int on)
{
    forget_path(config->mounts, mount->path);
    forget_path(config->unmounts, mount->path);
    APR_ARRAY_PUSH(on ? config->mounts : config->unmounts, docgen_mount) = *mount;
}

void docgen_config_add_repository(docgen_config *config, docgen_repository *repository)
{
    apr_array_header_t *ids = config->repository_ids;
    int i;

    if (!apr_hash_get(config->repositories, repository->id, APR_HASH_KEY_STRING)) {
        APR_ARRAY_PUSH(ids, const char *) = repository->id;
        for (i = ids->nelts - 1; i > 0; i--) {
            const char *before = APR_ARRAY_IDX(ids, i - 1, const char *);

            if (strcmp(before, repository->id) < 0) {
                break;
            }
            APR_ARRAY_IDX(ids, i, const char *) = before;
        }
        APR_ARRAY_IDX(ids, i, const char *) = repository->id;
    }
    apr_hash_set(config->repositories, repository->id, APR_HASH_KEY_STRING, repository);
}

const docgen_config *docgen_config_get(const server_rec *server)
{
    return ap_get_module_config(server->module_config, &docgen_module);
}

int docgen_config_is_enabled(const docgen_config *config)
{
    return config->mounts->nelts > 0;
}

/* The longest of these paths that is the URI or one of its parents. */
static const char *longest_parent(const apr_array_header_t *mounts, const char *uri,
                                  apr_size_t *length)
{
    const char *found = NULL;

    *length = 0;
    for (int i = 0; i < mounts->nelts; i++) {
        const char *path = APR_ARRAY_IDX(mounts, i, docgen_mount).path;
        apr_size_t n = strlen(path);

        if ((!found || n > *length) && !strncmp(uri, path, n) && (!uri[n] || uri[n] == '/')) {
            found = path;
            *length = n;
        }
    }
    return found;
}

const char *docgen_config_mount(const docgen_config *config, const char *uri, const char **rest)
{
    apr_size_t length, off;
    const char *mount = longest_parent(config->mounts, uri, &length);

    if (!mount || (longest_parent(config->unmounts, uri, &off) && off > length)) {
        return NULL;
    }
    *rest = uri[length] ? uri + length + 1 : NULL;
    return mount;
}

const docgen_repository *docgen_config_repository(const docgen_config *config, const char *id)
{
    return apr_hash_get(config->repositories, id, APR_HASH_KEY_STRING);
}

int docgen_config_allows(const docgen_config *config, const char *url)
{
    if (!url || docgen_config_url_error(url)) {
        return 0;
    }
    for (int i = 0; i < config->allow_urls->nelts; i++) {
        if (docgen_url_has_prefix(url, APR_ARRAY_IDX(config->allow_urls, i, const char *))) {
            return 1;
        }
    }
    return 0;
}

/* What was said of a URL's host and port, or of its host alone. */
static const docgen_credentials *credentials_of(const docgen_config *config, apr_pool_t *pool,
                                                const char *url)
{
    const char *origin = docgen_url_origin(pool, url);
    const docgen_credentials *found =
        origin ? apr_hash_get(config->credentials, strstr(origin, "://") + 3, APR_HASH_KEY_STRING)
               : NULL;

    return found || !origin
               ? found
               : apr_hash_get(config->credentials, docgen_url_host(pool, url), APR_HASH_KEY_STRING);
}

const char *docgen_config_refusal(const docgen_config *config, apr_pool_t *pool, const char *url,
                                  docgen_error *error)
{
    const docgen_credentials *credentials = url ? credentials_of(config, pool, url) : NULL;

    *error = DOCGEN_E_GENERATION_OFF;
    if (!config->no_generation && credentials && credentials->problem) {
        *error = DOCGEN_E_REPOSITORY_OFF;
        return credentials->problem;
    }
    return config->no_generation;
}
