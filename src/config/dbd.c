/* Reading mod_dbd's settings of a server. mod_dbd.h publishes their structure (dbd_cfg_t, for its post_connect hook);
 * a server's module configuration begins with a pointer to it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "config/dbd.h"

#include <string.h>
#include <libpq-fe.h>
#include <apr_dbd.h>
#include <mod_dbd.h>

#include "docgen_private.h"

static const dbd_cfg_t *settings_of(const server_rec *server)
{
    module *dbd = ap_find_linked_module("mod_dbd.c");
    dbd_cfg_t *const *settings = dbd ? ap_get_module_config(server->module_config, dbd) : NULL;

    return settings ? *settings : NULL;
}

int docgen_dbd_is_loaded(void)
{
    return ap_find_linked_module("mod_dbd.c") != NULL;
}

const char *docgen_dbd_problem(const server_rec *server, const char **directive)
{
    const dbd_cfg_t *settings = settings_of(server);
    PQconninfoOption *options;

    *directive = "DBDriver";
    if (!settings) {
        return "it is not loaded.";
    }
    if (!settings->name || strcmp(settings->name, "pgsql")) {
        return "set DBDriver pgsql (DocGen keeps its state in PostgreSQL).";
    }
    *directive = "DBDParams";
    if (!settings->params || !*settings->params) {
        return "set DBDParams to the database's address, such as "
               "\"host=db.example.org dbname=docgen user=docgen connect_timeout=2\".";
    }
    options = PQconninfoParse(settings->params, NULL);
    if (!options) {
        return "it cannot be read as a PostgreSQL connection string, such as "
               "\"host=db.example.org dbname=docgen user=docgen connect_timeout=2\".";
    }
    PQconninfoFree(options);
    *directive = "DBDPersist";
    if (settings->persist == 0) {
        return "set DBDPersist On (DocGen needs its pool of connections).";
    }
    return NULL;
}

const char *docgen_dbd_params(const server_rec *server)
{
    const dbd_cfg_t *settings = settings_of(server);

    return settings ? settings->params : NULL;
}

int docgen_dbd_max(const server_rec *server)
{
    const dbd_cfg_t *settings = settings_of(server);

    return settings ? settings->nmax : 0;
}

/* The rule by which mod_dbd itself puts servers into one group. */
int docgen_dbd_is_same(const server_rec *one, const server_rec *other)
{
    const dbd_cfg_t *a = settings_of(one);
    const dbd_cfg_t *b = settings_of(other);

    if (a == b) {
        return 1;
    }
    return a && b && a->name && b->name && a->params && b->params && !strcmp(a->name, b->name) &&
           !strcmp(a->params, b->params) && a->nmin == b->nmin && a->nkeep == b->nkeep &&
           a->nmax == b->nmax && a->exptime == b->exptime;
}

static int has_option(const PQconninfoOption *options, const char *name)
{
    for (; options && options->keyword; options++) {
        if (!strcmp(options->keyword, name)) {
            return options->val && *options->val;
        }
    }
    return 0;
}

const char *docgen_dbd_risk(const server_rec *server)
{
    const dbd_cfg_t *settings = settings_of(server);
    PQconninfoOption *options = settings ? PQconninfoParse(settings->params, NULL) : NULL;
    const char *risk = NULL;

    if (!has_option(options, "connect_timeout") && !has_option(options, "service")) {
        risk = "it has no connect_timeout, so a silent database would keep requests waiting: "
               "add connect_timeout=2.";
    }
    PQconninfoFree(options);
    return risk;
}

int docgen_dbd_answers(const server_rec *server)
{
    const dbd_cfg_t *settings = settings_of(server);

    return settings && settings->params && PQping(settings->params) == PQPING_OK;
}
