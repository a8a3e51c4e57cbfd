/* GET api/health: may this server take requests and end jobs now, and what does its host lack?
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include "config/host.h"
#include "jobs/jobs.h"
#include "web/access.h"
#include "web/reply.h"
#include "web/state_json.h"
#include "web/context.h"

#define WRITE_AGE_MAX apr_time_from_sec(10)

static json_t *workers_json(const docgen_context *context, const docgen_jobs_figures *figures)
{
    json_t *json = json_object();

    json_object_set_new(json, "threads", json_integer(figures->threads));
    json_object_set_new(json, "busy", json_integer(figures->busy));
    json_object_set_new(json, "draining", json_boolean(figures->draining));
    json_object_set_new(json, "sweeping", json_boolean(figures->leading));
    json_object_set_new(json, "lastTickAt", docgen_time_json(context, figures->last_maintenance));
    return json;
}

static json_t *host_json(const docgen_config *config)
{
    const apr_array_header_t *missing = docgen_host_missing(config);
    json_t *json = json_object(), *list = json_array();

    json_object_set_new(json, "missing", list);
    for (int i = 0; i < missing->nelts; i++) {
        const docgen_host_lack *lack = APR_ARRAY_IDX(missing, i, const docgen_host_lack *);

        json_array_append_new(list,
                              json_pack("{ssss}", "name", lack->name, "detail", lack->sentence));
    }
    return json;
}

/* Versions and ids help an attacker more than a reader: only who may start a generation is told. */
static json_t *database_json(docgen_context *context, const docgen_database_health *health)
{
    json_t *json = json_object();

    if (docgen_access_may_post(context)) {
        json_object_set_new(json, "schemaVersion", json_integer(health->schema_version));
        json_object_set_new(json, "requiredSchemaVersion", json_integer(DOCGEN_SCHEMA_VERSION));
        json_object_set_new(json, "installationId", docgen_json_text(health->installation_id));
        json_object_set_new(json, "serverVersion", docgen_json_text(health->server_version));
    }
    json_object_set_new(json, "encoding", docgen_json_text(health->encoding));
    json_object_set_new(json, "queued", json_integer(health->queued));
    json_object_set_new(json, "running", json_integer(health->running));
    json_object_set_new(json, "oldestQueuedAt",
                        docgen_time_json(context, health->oldest_queued_at));
    return json;
}

/* May the caller know the name in it? */
static int may_read(docgen_context *context, const docgen_problem_note *note)
{
    if (note->repository)
        return docgen_access_may(context, note->repository);
    return !note->host || docgen_access_may_post(context);
}

static void append_problems(docgen_context *context, json_t *list)
{
    const apr_array_header_t *problems = context->config->problems;

    for (int i = 0; i < problems->nelts; i++) {
        const docgen_problem_note *note = &APR_ARRAY_IDX(problems, i, const docgen_problem_note);

        if (may_read(context, note))
            json_array_append_new(list, json_string(note->sentence));
    }
}

static int lacks(const docgen_config *config, const char *name)
{
    const apr_array_header_t *missing = docgen_host_missing(config);

    for (int i = 0; i < missing->nelts; i++)
        if (!strcmp(APR_ARRAY_IDX(missing, i, const docgen_host_lack *)->name, name))
            return 1;
    return 0;
}

/* Documentation is served and requests may be taken, but can a generation succeed at all? Why not stands in warnings or
 * in host.missing. */
static int can_generate(const docgen_config *config)
{
    return !config->no_generation && !docgen_config_work_dir_lack(config) && !lacks(config, "git");
}

/* What works, but not well. */
static json_t *warnings_json(docgen_context *context, const docgen_database_health *health)
{
    json_t *list = json_array();
    const char *lack =
        context->config->no_generation ? NULL : docgen_config_work_dir_lack(context->config);

    append_problems(context, list);
    if (lack)
        json_array_append_new(list, json_string(lack));
    if (health->encoding && strcmp(health->encoding, "UTF8"))
        json_array_append_new(
            list, docgen_json_text(apr_psprintf(
                      context->r->pool,
                      "The database's encoding is %s, so text of other scripts cannot be stored or "
                      "found; move DocGen to a database made with ENCODING 'UTF8'.",
                      health->encoding)));
    return list;
}

static apr_interval_time_t write_age_max(const docgen_config *config)
{
    return 3 * config->tick > WRITE_AGE_MAX ? 3 * config->tick : WRITE_AGE_MAX;
}

/* A problem with what this process knows without the database. */
static int answer_ill(docgen_context *context, const docgen_jobs_figures *figures, apr_status_t rv)
{
    json_t *extra = docgen_json_own(context->r->pool, json_object());

    json_object_set_new(extra, "workers", workers_json(context, figures));
    json_object_set_new(extra, "host", host_json(context->config));
    if (figures->draining) {
        apr_table_setn(context->r->headers_out, "Retry-After", "2");
        return docgen_problem_with(context, DOCGEN_E_DRAINING, extra,
                                   "This server process is stopping and takes no more work; ask "
                                   "another, or try again in a few seconds.");
    }
    if (rv == APR_SUCCESS) {
        apr_table_setn(context->r->headers_out, "Retry-After", "5");
        return docgen_problem_with(
            context, DOCGEN_E_NO_HEARTBEAT, extra,
            apr_psprintf(context->r->pool,
                         "No process of this server stored its heartbeat for %" APR_TIME_T_FMT
                         " seconds, so lost jobs are not ended; look at the server's error log, "
                         "and restart httpd if it names no reason.",
                         apr_time_sec(docgen_store_since_write(context->store))));
    }
    return docgen_problem_store_with(context, rv, extra);
}

int docgen_api_health(docgen_context *context)
{
    docgen_database_health health = {0};
    docgen_jobs_figures figures;
    json_t *root;
    apr_status_t rv = docgen_access_store(context);

    docgen_jobs_figures_get(&figures);
    if (rv == APR_SUCCESS && !figures.draining)
        rv = docgen_store_health(context->store, context->r->pool, &health);
    if (rv == APR_SUCCESS && !figures.draining && health.schema_version < DOCGEN_SCHEMA_VERSION)
        rv = DOCGEN_STORE_ESCHEMA;
    if (rv == APR_SUCCESS)
        rv = docgen_store_unwritten(context->store);
    if (rv != APR_SUCCESS || figures.draining ||
        docgen_store_since_write(context->store) > write_age_max(context->config))
        return answer_ill(context, &figures, rv);
    root = docgen_json_own(context->r->pool, json_object());
    json_object_set_new(root, "status",
                        json_string(can_generate(context->config) ? "ok" : "degraded"));
    json_object_set_new(root, "database", database_json(context, &health));
    json_object_set_new(root, "workers", workers_json(context, &figures));
    json_object_set_new(root, "host", host_json(context->config));
    json_object_set_new(root, "warnings", warnings_json(context, &health));
    json_object_set_new(root, "serverTime", docgen_time_json(context, health.server_time));
    return docgen_send_json(context, HTTP_OK, root, NULL, "no-store");
}
