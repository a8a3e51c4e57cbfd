/* Telling a mistake: where it stands, what it means, what to do; and switching off what it breaks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/internal.h"

#include <stdarg.h>
#include <unistd.h>
#include <apr_strings.h>

#include "docgen_private.h"

static const char *code_of(docgen_scope scope)
{
    switch (scope) {
    case DOCGEN_SCOPE_NOTHING:
        return docgen_error_code(DOCGEN_E_CONFIGURATION);
    case DOCGEN_SCOPE_REPOSITORY:
        return docgen_error_code(DOCGEN_E_REPOSITORY_OFF);
    case DOCGEN_SCOPE_GENERATION:
        return docgen_error_code(DOCGEN_E_GENERATION_OFF);
    case DOCGEN_SCOPE_MOUNT:
        return docgen_error_code(DOCGEN_E_DISABLED);
    }
    return "";
}

/* For anybody: no path of this host and nothing of its files. */
static const char *public_sentence(apr_pool_t *pool, const docgen_mistake *mistake)
{
    const char *what = "";

    switch (mistake->scope) {
    case DOCGEN_SCOPE_NOTHING:
        return NULL;
    case DOCGEN_SCOPE_REPOSITORY:
        what = mistake->repository ? apr_pstrcat(pool, "The repository ", mistake->repository,
                                                 " is not generated at present", NULL)
                                   : apr_pstrcat(pool, "No repository of the host ", mistake->host,
                                                 " is generated at present", NULL);
        break;
    case DOCGEN_SCOPE_GENERATION:
        what = "This server generates nothing at present";
        break;
    case DOCGEN_SCOPE_MOUNT:
        what = "The documentation is switched off here";
        break;
    }
    return apr_psprintf(pool,
                        "%s because of a mistake in the server's configuration (%s); its error log "
                        "says what to change.",
                        what, mistake->directive);
}

static docgen_config *config_of(server_rec *server)
{
    return ap_get_module_config(server->module_config, &docgen_module);
}

static void tell(docgen_config *config, const docgen_mistake *mistake, const char *sentence)
{
    docgen_problem_note note = {.sentence = sentence,
                                .repository = mistake ? mistake->repository : NULL,
                                .host = mistake ? mistake->host : NULL};

    APR_ARRAY_PUSH(config->problems, docgen_problem_note) = note;
}

static void tell_all(docgen_check *check, const docgen_mistake *mistake, const char *sentence)
{
    for (server_rec *s = check->main; s; s = s->next) {
        docgen_config *config = config_of(s);

        tell(config, mistake, sentence);
        if (mistake->scope == DOCGEN_SCOPE_GENERATION && !config->no_generation) {
            config->no_generation = sentence;
        }
    }
}

static void switch_off(docgen_check *check, const docgen_mistake *mistake)
{
    const char *sentence = public_sentence(check->pconf, mistake);

    switch (mistake->scope) {
    case DOCGEN_SCOPE_NOTHING:
        break;
    case DOCGEN_SCOPE_REPOSITORY:
        *mistake->problem = sentence;
        if (mistake->repository) { /* another server may have another one of this name */
            tell(mistake->config, mistake, sentence);
        } else {
            tell_all(check, mistake, sentence);
        }
        break;
    case DOCGEN_SCOPE_GENERATION:
        tell_all(check, mistake, sentence);
        break;
    case DOCGEN_SCOPE_MOUNT:
        tell(mistake->config, mistake, sentence);
        mistake->config->disabled = sentence;
        break;
    }
}

static const char *host_of(apr_pool_t *pool, const server_rec *server)
{
    return server->is_virtual
               ? apr_psprintf(pool, "in the virtual host %s (%s:%u): ",
                              server->server_hostname ? server->server_hostname : "without a name",
                              server->defn_name, server->defn_line_number)
               : "";
}

void docgen_check_report(docgen_check *check, const docgen_mistake *mistake, const char *format,
                         ...)
{
    int warns = mistake->scope == DOCGEN_SCOPE_NOTHING ||
                (mistake->concerns_files && check->is_test && geteuid());
    va_list args;
    const char *sentence;

    /* httpd's first pass of a start: what is only a warning is said by the second. */
    if (warns && check->refuses && !check->is_test) {
        return;
    }
    va_start(args, format);
    sentence = apr_pvsprintf(check->pool, format, args);
    va_end(args);
    ap_log_error(APLOG_MARK, warns ? APLOG_WARNING : APLOG_ERR, 0, mistake->config->server,
                 "%s: %s%s%s%s: %s%s", code_of(mistake->scope), mistake->at ? mistake->at : "",
                 mistake->at ? ": " : "", host_of(check->pool, mistake->config->server),
                 mistake->directive, sentence,
                 mistake->concerns_files && warns && geteuid() && check->is_test
                     ? " (Only root's configtest can judge this.)"
                     : "");
    if (warns) {
        return;
    }
    check->mistakes++;
    if (!check->refuses) {
        switch_off(check, mistake);
    }
}

void docgen_config_disable(server_rec *main, const char *sentence)
{
    for (server_rec *s = main; s; s = s->next) {
        docgen_config *config = config_of(s);

        tell(config, NULL, sentence);
        config->disabled = sentence;
    }
}
