/* The directives: each setter checks its argument and answers with a sentence that says what is right.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <stddef.h>
#include <string.h>
#include <apr_fnmatch.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>

#include "core/id.h"
#include "docgen_private.h"

/* A scalar setting as its setter needs it; made from settings.def. */
typedef struct setting {
    apr_size_t offset;
    apr_size_t at; /* offset of where it was said */
    apr_int64_t least;
    apr_int64_t most;
} setting;

enum {
#define DOCGEN_NUMBER(member, directive, value, least, most, help) SETTING_##member,
#define DOCGEN_TIME(member, directive, value, least, most, help)   SETTING_##member,
#define DOCGEN_PATH(member, directive, value, help)                SETTING_##member,
#define DOCGEN_FLAG(member, directive, value, help)                SETTING_##member,
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
};

static const setting settings[] = {
#define DOCGEN_NUMBER(member, directive, value, least, most, help)                                 \
    {offsetof(docgen_config, member), offsetof(docgen_config, member##_at), least, most},
#define DOCGEN_TIME(member, directive, value, least, most, help)                                   \
    {offsetof(docgen_config, member), offsetof(docgen_config, member##_at), least, most},
#define DOCGEN_PATH(member, directive, value, help)                                                \
    {offsetof(docgen_config, member), offsetof(docgen_config, member##_at), 0, 0},
#define DOCGEN_FLAG(member, directive, value, help)                                                \
    {offsetof(docgen_config, member), offsetof(docgen_config, member##_at), 0, 1},
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
};

static docgen_config *settings_of(const cmd_parms *cmd)
{
    return ap_get_module_config(cmd->server->module_config, &docgen_module);
}

/* Where a directive stands, for messages of later checks. */
static const char *place_of(const cmd_parms *cmd)
{
    return apr_psprintf(cmd->pool, "%s:%d", cmd->directive->filename, cmd->directive->line_num);
}

/* The member that a setting sets; notes where that was said. */
static void *member_of(const cmd_parms *cmd, const setting *to)
{
    char *config = (char *)settings_of(cmd);

    *(const char **)(config + to->at) = place_of(cmd);
    return config + to->offset;
}

/* Directives of the whole process have one value: saying another in a virtual host would have no effect. */
static const char *refuse_virtual_host(cmd_parms *cmd)
{
    if (cmd->server->is_virtual) {
        return apr_psprintf(cmd->pool,
                            "%s holds for the whole server process: "
                            "move it out of the <VirtualHost> to the main server.",
                            cmd->cmd->name);
    }
    return NULL;
}

static const char *set_number(cmd_parms *cmd, void *dir, const char *text)
{
    const setting *to = cmd->info;
    const char *error = refuse_virtual_host(cmd);
    apr_int64_t value;
    char *end;

    (void)dir;
    if (error) {
        return error;
    }
    value = apr_strtoi64(text, &end, 10);
    if (end == text || *end || value < to->least || value > to->most) {
        return apr_psprintf(cmd->pool,
                            "%s must be a whole number from %" APR_INT64_T_FMT
                            " to %" APR_INT64_T_FMT ", not \"%s\".",
                            cmd->cmd->name, to->least, to->most, text);
    }
    *(int *)member_of(cmd, to) = (int)value;
    return NULL;
}

static const char *span(apr_pool_t *pool, apr_interval_time_t time)
{
    if (time % APR_USEC_PER_SEC) {
        return apr_psprintf(pool, "%" APR_TIME_T_FMT "ms", apr_time_as_msec(time));
    }
    return apr_psprintf(pool, "%" APR_TIME_T_FMT "s", apr_time_sec(time));
}

static const char *set_time(cmd_parms *cmd, void *dir, const char *text)
{
    const setting *to = cmd->info;
    const char *error = refuse_virtual_host(cmd);
    apr_interval_time_t value = 0;

    (void)dir;
    if (error) {
        return error;
    }
    if (!apr_isdigit(*text) || ap_timeout_parameter_parse(text, &value, "s") != APR_SUCCESS ||
        value < to->least || value > to->most) {
        return apr_psprintf(cmd->pool,
                            "%s must be a time from %s to %s, such as 300, 300s, 5min, 1h or "
                            "500ms (seconds when no unit is given), not \"%s\".",
                            cmd->cmd->name, span(cmd->pool, to->least), span(cmd->pool, to->most),
                            text);
    }
    *(apr_interval_time_t *)member_of(cmd, to) = value;
    return NULL;
}

static const char *set_path(cmd_parms *cmd, void *dir, const char *text)
{
    const setting *to = cmd->info;
    const char *error = refuse_virtual_host(cmd);
    const char *path;

    (void)dir;
    if (error) {
        return error;
    }
    path = *text == '/' ? ap_server_root_relative(cmd->pool, text) : NULL;
    if (!path) {
        return apr_psprintf(cmd->pool, "%s must be an absolute path, not \"%s\".", cmd->cmd->name,
                            text);
    }
    *(const char **)member_of(cmd, to) = path;
    return NULL;
}

static const char *set_flag(cmd_parms *cmd, void *dir, int on)
{
    const char *error = refuse_virtual_host(cmd);

    (void)dir;
    if (!error) {
        *(int *)member_of(cmd, cmd->info) = on;
    }
    return error;
}

/* The path of the <Location> that a directive stands in, without a closing slash; NULL anywhere else. */
static const char *location_of(cmd_parms *cmd)
{
    const ap_directive_t *section = cmd->directive->parent;
    apr_size_t length;

    if (!section || !cmd->path || ap_cstr_casecmp(section->directive, "<Location") ||
        *cmd->path != '/' || *section->args == '~' || apr_fnmatch_test(cmd->path)) {
        return NULL;
    }
    /* A section around it (<If>, <Directory>…) would make the mount depend on the request. */
    if (section->parent && ap_cstr_casecmp(section->parent->directive, "<VirtualHost")) {
        return NULL;
    }
    length = strlen(cmd->path);
    while (length && cmd->path[length - 1] == '/') {
        length--;
    }
    return apr_pstrmemdup(cmd->pool, cmd->path, length);
}

static const char *set_enabled(cmd_parms *cmd, void *dir, int on)
{
    docgen_mount mount = {.path = location_of(cmd), .at = place_of(cmd)};

    (void)dir;
    if (!mount.path) {
        return "DocGen must stand directly in a <Location /path> section with a plain path: not in "
               "<LocationMatch>, <Directory>, <Files>, <If>, and not outside of a section.";
    }
    docgen_config_set_mount(settings_of(cmd), &mount, on);
    return NULL;
}

static const char *set_check_host(cmd_parms *cmd, void *dir, int on)
{
    if (!location_of(cmd)) {
        return "DocGenCheckHost must stand directly in a <Location /path> section with a plain "
               "path, like DocGen itself.";
    }
    ((docgen_location *)dir)->check_host = on;
    return NULL;
}

const char *docgen_config_url_error(const char *url)
{
    if (!*url || *url == '-') {
        return "it must be an https://, ssh:// or user@host:path URL, or an absolute path";
    }
    for (const char *p = url; *p; p++) {
        if (apr_iscntrl(*p) || apr_isspace(*p) || *p == '\\') {
            return "it must not hold blanks, control characters or backslashes";
        }
    }
    /* "name::address" runs git-remote-name; an IPv6 address in brackets is no name. */
    if (!strncmp(url + strcspn(url, ":/[@"), "::", 2)) {
        return "git's remote helpers (\"name::address\") are not allowed";
    }
    if (docgen_url_has_secret(url)) {
        return "it must not carry a password or token: put that into a file that only root reads "
               "and name it with DocGenCredentials";
    }
    for (const char *p = strstr(url, ".."); p; p = strstr(p + 1, "..")) {
        if ((p == url || strchr("/:", p[-1])) && (!p[2] || p[2] == '/')) {
            return "it must not climb with \"..\"";
        }
    }
    if (!strncmp(url, "file:", 5) && strchr(url, '%')) {
        return "a file:// URL must not hold %-escapes";
    }
    return NULL;
}

/* branch= and title= of DocGenRepository. */
static const char *set_option(cmd_parms *cmd, docgen_repository *repository, const char *text)
{
    const char *value = strchr(text, '=');
    const char **to = NULL;

    if (value && !strncmp(text, "branch=", 7)) {
        to = &repository->branch;
    } else if (value && !strncmp(text, "title=", 6)) {
        to = &repository->title;
    }
    if (!to || !*++value) {
        return apr_psprintf(cmd->pool,
                            "DocGenRepository %s: \"%s\" is not known; after ID and URL may follow "
                            "branch=NAME and \"title=A title\".",
                            repository->id, text);
    }
    if (*to) {
        return apr_psprintf(cmd->pool, "DocGenRepository %s: \"%s\" is given twice.",
                            repository->id, text);
    }
    if (to == &repository->branch &&
        (*value == '-' || strpbrk(value, " \t~^:?*[\\") || strstr(value, ".."))) {
        return apr_psprintf(cmd->pool, "DocGenRepository %s: \"%s\" is not a branch name.",
                            repository->id, value);
    }
    *to = value;
    return NULL;
}

static const char *set_repository(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    docgen_config *config = settings_of(cmd);
    docgen_repository *repository = apr_pcalloc(cmd->pool, sizeof(*repository));
    const char *error;

    (void)dir;
    if (argc < 2) {
        return "DocGenRepository takes an id and a URL, then maybe branch=NAME and \"title=A "
               "title\".";
    }
    repository->id = argv[0];
    repository->url = argv[1];
    repository->at = place_of(cmd);
    if (!docgen_id_is_valid(repository->id)) {
        return apr_psprintf(
            cmd->pool,
            "DocGenRepository: \"%s\" is not a repository id; it must begin with a "
            "letter or digit and hold at most %d letters, digits, '.', '_' and '-'.",
            repository->id, DOCGEN_ID_MAX);
    }
    if (docgen_config_repository(config, repository->id)) {
        return apr_psprintf(cmd->pool,
                            "DocGenRepository: %s is named twice in this server; each id once.",
                            repository->id);
    }
    error = docgen_config_url_error(repository->url);
    if (error) {
        /* The URL may hold a secret: it stays out of the message and thereby out of the log. */
        return apr_psprintf(cmd->pool, "DocGenRepository %s: the URL cannot be used: %s.",
                            repository->id, error);
    }
    for (int i = 2; i < argc; i++) {
        error = set_option(cmd, repository, argv[i]);
        if (error) {
            return error;
        }
    }
    docgen_config_add_repository(config, repository);
    return NULL;
}

static const char *set_allow_url(cmd_parms *cmd, void *dir, const char *prefix)
{
    docgen_config *config = settings_of(cmd);

    (void)dir;
    if (!strpbrk(prefix, ":/") || *prefix == ':' || *prefix == '-') {
        return apr_psprintf(cmd->pool,
                            "DocGenAllowURL: \"%s\" is not the beginning of a URL, such as "
                            "https://, https://git.example.org/ or /srv/git/.",
                            prefix);
    }
    if (!config->own_allow_urls) {
        config->allow_urls = apr_array_make(cmd->pool, 2, sizeof(const char *));
        config->own_allow_urls = 1;
    }
    APR_ARRAY_PUSH(config->allow_urls, const char *) = prefix;
    return NULL;
}

static const char *set_origin(cmd_parms *cmd, void *dir, const char *text)
{
    char *origin = apr_pstrdup(cmd->pool, text);
    const char *host = strstr(origin, "://");

    (void)dir;
    ap_str_tolower(origin);
    if ((strncmp(origin, "https://", 8) && strncmp(origin, "http://", 7)) || !host[3] ||
        strpbrk(host + 3, "/?#@ ")) {
        return apr_psprintf(cmd->pool,
                            "DocGenOrigin: \"%s\" is not an origin; write scheme and host without "
                            "a path, such as https://docs.example.org or http://localhost:8080.",
                            text);
    }
    APR_ARRAY_PUSH(settings_of(cmd)->origins, const char *) = origin;
    return NULL;
}

static const char *set_generator(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    docgen_config *config = settings_of(cmd);
    const char *error = refuse_virtual_host(cmd);

    (void)dir;
    if (error) {
        return error;
    }
    if (argc < 1 || !*argv[0]) {
        return "DocGenGenerator takes a program and maybe its arguments.";
    }
    config->generator_at = place_of(cmd);
    config->generator = apr_array_make(cmd->pool, argc, sizeof(const char *));
    for (int i = 0; i < argc; i++) {
        APR_ARRAY_PUSH(config->generator, const char *) = argv[i];
    }
    return NULL;
}

/* HOST or HOST:PORT as docgen_url_origin writes them behind the scheme, or NULL. */
static const char *host_name(apr_pool_t *pool, const char *text)
{
    char *host = apr_pstrdup(pool, text), *end;

    ap_str_tolower(host);
    if (*host == '[') {
        end = host + 1 + strspn(host + 1, "0123456789abcdef:.");
        end += *end == ']';
    } else {
        end = host + strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-_");
    }
    if (end == host || (*host == '[' && (end[-1] != ']' || end == host + 2))) {
        return NULL;
    }
    if (*end == ':') {
        int port = end[1] >= '1' && end[1] <= '9' ? atoi(end + 1) : 0;

        end += 1 + strspn(end + 1, "0123456789");
        if (port < 1 || port > 65535) {
            return NULL;
        }
    }
    return *end ? NULL : host;
}

/* What ssh-keyscan is told to ask this host. */
static const char *scan_words(apr_pool_t *pool, const char *host)
{
    const char *colon = strrchr(host, ':');

    if (!colon || (*host == '[' && colon[-1] != ']')) {
        return host;
    }
    return apr_psprintf(pool, "-p %s %.*s", colon + 1, (int)(colon - host), host);
}

static const char *not_a_host(cmd_parms *cmd, const char *text)
{
    return apr_psprintf(cmd->pool,
                        "%s: \"%s\" is not a host name; write HOST or HOST:PORT without scheme and "
                        "path, such as github.com.",
                        cmd->cmd->name, text);
}

static const char *set_credentials(cmd_parms *cmd, void *dir, const char *host, const char *file)
{
    docgen_config *config = settings_of(cmd);
    docgen_credentials *credentials = apr_pcalloc(cmd->pool, sizeof(*credentials));
    const char *error = refuse_virtual_host(cmd);

    (void)dir;
    if (error) {
        return error;
    }
    credentials->host = host_name(cmd->pool, host);
    if (!credentials->host) {
        return not_a_host(cmd, host);
    }
    credentials->at = place_of(cmd);
    credentials->scan = scan_words(cmd->pool, credentials->host);
    credentials->file = ap_server_root_relative(cmd->pool, file);
    if (!credentials->file) {
        return apr_psprintf(cmd->pool, "DocGenCredentials %s: \"%s\" is not a path.", host, file);
    }
    if (apr_hash_get(config->credentials, credentials->host, APR_HASH_KEY_STRING)) {
        return apr_psprintf(cmd->pool, "DocGenCredentials: %s is named twice; each host once.",
                            credentials->host);
    }
    apr_hash_set(config->credentials, credentials->host, APR_HASH_KEY_STRING, credentials);
    return NULL;
}

static const char *set_github_api(cmd_parms *cmd, void *dir, const char *text, const char *url)
{
    docgen_config *config = settings_of(cmd);
    const char *error = refuse_virtual_host(cmd);
    const char *host = host_name(cmd->pool, text);
    apr_size_t length = strlen(url);

    (void)dir;
    if (error) {
        return error;
    }
    if (!host) {
        return not_a_host(cmd, text);
    }
    if ((strncmp(url, "https://", 8) && strncmp(url, "http://", 7)) ||
        docgen_config_url_error(url) || !docgen_url_host(cmd->pool, url)) {
        return apr_psprintf(cmd->pool,
                            "DocGenGitHubAPI %s: write the API's base URL without credentials, "
                            "such as https://api.github.com.",
                            host);
    }
    while (length && url[length - 1] == '/') {
        length--;
    }
    apr_hash_set(config->github_apis, host, APR_HASH_KEY_STRING,
                 apr_pstrmemdup(cmd->pool, url, length));
    return NULL;
}

#define SETTING(member) ((void *)&settings[SETTING_##member])

const command_rec docgen_commands[] = {
#define DOCGEN_NUMBER(member, directive, value, least, most, help)                                 \
    AP_INIT_TAKE1(directive, set_number, SETTING(member), RSRC_CONF, help),
#define DOCGEN_TIME(member, directive, value, least, most, help)                                   \
    AP_INIT_TAKE1(directive, set_time, SETTING(member), RSRC_CONF, help),
#define DOCGEN_PATH(member, directive, value, help)                                                \
    AP_INIT_TAKE1(directive, set_path, SETTING(member), RSRC_CONF, help),
#define DOCGEN_FLAG(member, directive, value, help)                                                \
    AP_INIT_FLAG(directive, set_flag, SETTING(member), RSRC_CONF, help),
#include "config/settings.def"
#undef DOCGEN_NUMBER
#undef DOCGEN_TIME
#undef DOCGEN_PATH
#undef DOCGEN_FLAG
    AP_INIT_FLAG("DocGen", set_enabled, NULL, RSRC_CONF | ACCESS_CONF,
                 "On mounts the documentation at the <Location> it stands in"),
    AP_INIT_FLAG("DocGenCheckHost", set_check_host, NULL, ACCESS_CONF,
                 "On refuses readers without a login that use a name which is not this server's"),
    AP_INIT_TAKE_ARGV("DocGenRepository", set_repository, NULL, RSRC_CONF,
                      "An id and a Git URL, then maybe branch=NAME and title=TEXT"),
    AP_INIT_ITERATE("DocGenAllowURL", set_allow_url, NULL, RSRC_CONF,
                    "Beginnings of the URLs that may be fetched"),
    AP_INIT_ITERATE("DocGenOrigin", set_origin, NULL, RSRC_CONF,
                    "Origins beside the server's own that may start a generation"),
    AP_INIT_TAKE_ARGV("DocGenGenerator", set_generator, NULL, RSRC_CONF,
                      "The program that makes the documentation, and its arguments"),
    AP_INIT_TAKE2("DocGenCredentials", set_credentials, NULL, RSRC_CONF,
                  "A host, and the file with its token or ssh key that only root may read"),
    AP_INIT_TAKE2("DocGenGitHubAPI", set_github_api, NULL, RSRC_CONF,
                  "A host, and the base URL of its GitHub API"),
    {.name = NULL},
};
