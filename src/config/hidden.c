/* Where directives stand, and which of them come before DocGen: a mount that another module answers for is never seen.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <string.h>
#include <apr_strings.h>
#include <ap_regex.h>
#include <http_core.h>

#include "docgen_private.h"

/* ---- the tree of directives ---- */

static int is_container_of(const ap_directive_t *directive, const server_rec *server)
{
    return server->is_virtual && server->defn_name &&
           directive->line_num == (int)server->defn_line_number &&
           !strcmp(directive->filename, server->defn_name);
}

/* The directives of a <VirtualHost>, or of the whole configuration. */
static const ap_directive_t *directives_of(const server_rec *server)
{
    const ap_directive_t *directive = ap_conftree;

    if (!server->is_virtual) {
        return directive;
    }
    while (directive && !is_container_of(directive, server)) {
        directive = directive->next;
    }
    return directive ? directive->first_child : NULL;
}

static const char *place_of(apr_pool_t *pool, const ap_directive_t *directive)
{
    return apr_psprintf(pool, "%s:%d", directive->filename, directive->line_num);
}

static const ap_directive_t *find(const ap_directive_t *directive, const char *name)
{
    const ap_directive_t *found = NULL;

    for (; directive; directive = directive->next) {
        if (!ap_cstr_casecmp(directive->directive, name)) {
            found = directive; /* the last one counts */
        }
    }
    return found;
}

const char *docgen_tree_find(apr_pool_t *pool, const server_rec *server, const char *name)
{
    const ap_directive_t *found = find(directives_of(server), name);

    if (!found) {
        found = find(ap_conftree, name);
    }
    return found ? place_of(pool, found) : NULL;
}

/* ---- what comes before DocGen ---- */

typedef enum {
    FORM_PREFIX,   /* its first argument is a path */
    FORM_STATUS,   /* a status may precede the path */
    FORM_REGEX,    /* its first argument is an expression */
    FORM_STATUS_RE /* a status may precede the expression */
} form;

static const struct {
    const char *directive;
    form form;
} earlier[] = {
    {"Alias", FORM_PREFIX},         {"ScriptAlias", FORM_PREFIX},
    {"ProxyPass", FORM_PREFIX},     {"RedirectPermanent", FORM_PREFIX},
    {"RedirectTemp", FORM_PREFIX},  {"Redirect", FORM_STATUS},
    {"AliasMatch", FORM_REGEX},     {"ScriptAliasMatch", FORM_REGEX},
    {"ProxyPassMatch", FORM_REGEX}, {"RedirectMatch", FORM_STATUS_RE},
};

/* Does a path of a directive stand for a mount and everything below? */
static int is_above(const char *path, const char *mount)
{
    apr_size_t length = strlen(path);

    while (length && path[length - 1] == '/') {
        length--;
    }
    return *path == '/' && !strncmp(path, mount, length) &&
           (!mount[length] || mount[length] == '/');
}

static int fits(apr_pool_t *pool, const char *expression, const char *mount)
{
    ap_regex_t *regex = ap_pregcomp(pool, expression, AP_REG_EXTENDED);

    return regex && !ap_regexec(regex, apr_pstrcat(pool, mount, "/", NULL), 0, NULL, 0);
}

static int covers(apr_pool_t *pool, const ap_directive_t *directive, form form, const char *mount)
{
    const char *args = directive->args;
    const char *first = ap_getword_conf(pool, &args);

    switch (form) {
    case FORM_PREFIX:
        return is_above(first, mount);
    case FORM_STATUS:
        return is_above(*first == '/' ? first : ap_getword_conf(pool, &args), mount);
    case FORM_REGEX:
        return fits(pool, first, mount);
    case FORM_STATUS_RE:
        return fits(pool, strpbrk(first, "/^") ? first : ap_getword_conf(pool, &args), mount);
    }
    return 0;
}

/* "ProxyPass /docgen !" leaves the path to other modules. */
static int is_exempt(apr_pool_t *pool, const ap_directive_t *directive, const char *mount)
{
    for (; directive; directive = directive->next) {
        const char *args = directive->args, *path;

        if (ap_cstr_casecmp(directive->directive, "ProxyPass")) {
            continue;
        }
        path = ap_getword_conf(pool, &args);
        if (is_above(path, mount) && !strcmp(ap_getword_conf(pool, &args), "!")) {
            return 1;
        }
    }
    return 0;
}

static void check_directives(docgen_check *check, docgen_config *config, const docgen_mount *mount,
                             const ap_directive_t *first)
{
    for (const ap_directive_t *directive = first; directive; directive = directive->next) {
        for (apr_size_t i = 0; i < sizeof(earlier) / sizeof(earlier[0]); i++) {
            docgen_mistake mistake = {.scope = DOCGEN_SCOPE_NOTHING,
                                      .config = config,
                                      .directive = earlier[i].directive,
                                      .at = place_of(check->pool, directive)};

            if (ap_cstr_casecmp(directive->directive, earlier[i].directive) ||
                !covers(check->pool, directive, earlier[i].form, mount->path) ||
                (!strncmp(earlier[i].directive, "Proxy", 5) &&
                 is_exempt(check->pool, first, mount->path))) {
                continue;
            }
            docgen_check_report(check, &mistake,
                                "it comes before DocGen, so the documentation at %s/ (%s) is never "
                                "shown; remove one of the two.",
                                mount->path, mount->at);
        }
    }
}

static void check_nested(docgen_check *check, docgen_config *config, const docgen_mount *mount)
{
    for (int i = 0; i < config->mounts->nelts; i++) {
        const docgen_mount *outer = &APR_ARRAY_IDX(config->mounts, i, docgen_mount);
        docgen_mistake mistake = {.scope = DOCGEN_SCOPE_NOTHING,
                                  .config = config,
                                  .directive = "DocGen",
                                  .at = mount->at};
        int apart = 0;

        for (int j = 0; j < config->unmounts->nelts; j++) {
            const docgen_mount *off = &APR_ARRAY_IDX(config->unmounts, j, docgen_mount);

            apart |= is_above(apr_pstrcat(check->pool, outer->path, "/", NULL), off->path) &&
                     is_above(apr_pstrcat(check->pool, off->path, "/", NULL), mount->path);
        }
        if (outer != mount && !apart && strcmp(outer->path, mount->path) &&
            is_above(apr_pstrcat(check->pool, outer->path, "/", NULL), mount->path)) {
            docgen_check_report(check, &mistake,
                                "the mount %s lies within the mount %s/ (%s) and hides what that "
                                "one has there; move one of the two.",
                                mount->path, outer->path, outer->at);
        }
    }
}

/* Was this mount inherited from the main server? It was spoken of there. */
static int is_inherited(const docgen_check *check, const docgen_config *config,
                        const docgen_mount *mount)
{
    const docgen_config *main = docgen_config_get(check->main);

    for (int i = 0; config != main && i < main->mounts->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(main->mounts, i, docgen_mount).at, mount->at)) {
            return 1;
        }
    }
    return 0;
}

void docgen_check_hidden(docgen_check *check)
{
    for (server_rec *s = check->main; s; s = s->next) {
        docgen_config *config = ap_get_module_config(s->module_config, &docgen_module);

        for (int i = 0; i < config->mounts->nelts; i++) {
            const docgen_mount *mount = &APR_ARRAY_IDX(config->mounts, i, docgen_mount);
            int inherited = is_inherited(check, config, mount);

            check_directives(check, config, mount, directives_of(s));
            if (s->is_virtual && !inherited) {
                check_directives(check, config, mount, ap_conftree);
            }
            if (!inherited) {
                check_nested(check, config, mount);
            }
        }
    }
}
