/* CI workflows and compose files, read with libyaml; aliases are never expanded, so size stays bounded.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <yaml.h>
#include <apr_strings.h>
#include "generator/sections/commands.h"
#include "generator/sections/prose.h"

enum {
    YAML_MAX = 256 * 1024,
    JOBS_MAX = 200,
    STEPS_MAX = 60,
    NODES_MAX = 20000
};

static const char *scalar(const yaml_node_t *node)
{
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

static yaml_node_t *member(yaml_document_t *document, const yaml_node_t *node, const char *key)
{
    if (!node || node->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const char *name = scalar(yaml_document_get_node(document, pair->key));

        if (name && !strcmp(name, key))
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

/* "push, pull_request" of a word, a list or a mapping's keys. */
static const char *words(apr_pool_t *pool, yaml_document_t *document, const yaml_node_t *node)
{
    const char *text = "";

    if (!node)
        return "";
    if (scalar(node))
        return apr_pstrdup(pool, scalar(node));
    if (node->type == YAML_SEQUENCE_NODE) {
        for (yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top && strlen(text) < 400; item++) {
            const char *word = scalar(yaml_document_get_node(document, *item));

            if (word)
                text = apr_pstrcat(pool, text, *text ? ", " : "", word, NULL);
        }
    } else if (node->type == YAML_MAPPING_NODE) {
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top && strlen(text) < 400; pair++) {
            const char *word = scalar(yaml_document_get_node(document, pair->key));

            if (word)
                text = apr_pstrcat(pool, text, *text ? ", " : "", word, NULL);
        }
    }
    return text;
}

/* Commands of a list: "run: x" of GitHub's steps, plain words of GitLab's script. */
static void steps_read(apr_pool_t *pool, yaml_document_t *document, const yaml_node_t *list,
                       apr_array_header_t *steps)
{
    if (scalar(list))
        APR_ARRAY_PUSH(steps, const char *) = apr_pstrdup(pool, scalar(list));
    if (!list || list->type != YAML_SEQUENCE_NODE)
        return;
    for (yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top && steps->nelts < STEPS_MAX; item++) {
        yaml_node_t *step = yaml_document_get_node(document, *item);
        const char *run = scalar(step) ? scalar(step) : scalar(member(document, step, "run"));

        if (run && *run)
            APR_ARRAY_PUSH(steps, const char *) = apr_pstrdup(pool, run);
    }
}

static docgen_job_entry *job_add(apr_array_header_t *jobs, apr_pool_t *pool,
                                 const docgen_file *file, const char *name)
{
    docgen_job_entry *job = apr_array_push(jobs);

    job->file = file;
    job->workflow = docgen_basename(file->path);
    job->triggers = "";
    job->name = apr_pstrdup(pool, name);
    job->runs_on = "";
    job->steps = apr_array_make(pool, 8, sizeof(const char *));
    return job;
}

static void github_read(apr_pool_t *pool, yaml_document_t *document, const docgen_file *file,
                        apr_array_header_t *jobs)
{
    yaml_node_t *root = yaml_document_get_root_node(document);
    yaml_node_t *table = member(document, root, "jobs");
    const char *name = scalar(member(document, root, "name"));
    const char *triggers = words(pool, document, member(document, root, "on"));

    if (!table || table->type != YAML_MAPPING_NODE)
        return;
    for (yaml_node_pair_t *pair = table->data.mapping.pairs.start;
         pair < table->data.mapping.pairs.top && jobs->nelts < JOBS_MAX; pair++) {
        const char *key = scalar(yaml_document_get_node(document, pair->key));
        yaml_node_t *body = yaml_document_get_node(document, pair->value);
        docgen_job_entry *job;

        if (!key || !body || body->type != YAML_MAPPING_NODE)
            continue;
        job = job_add(jobs, pool, file, key);
        if (name)
            job->workflow = apr_pstrdup(pool, name);
        job->triggers = triggers;
        job->runs_on = words(pool, document, member(document, body, "runs-on"));
        steps_read(pool, document, member(document, body, "steps"), job->steps);
    }
}

static void gitlab_read(apr_pool_t *pool, yaml_document_t *document, const docgen_file *file,
                        apr_array_header_t *jobs)
{
    yaml_node_t *root = yaml_document_get_root_node(document);

    if (!root || root->type != YAML_MAPPING_NODE)
        return;
    for (yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top && jobs->nelts < JOBS_MAX; pair++) {
        const char *key = scalar(yaml_document_get_node(document, pair->key));
        yaml_node_t *body = yaml_document_get_node(document, pair->value);
        yaml_node_t *script = member(document, body, "script");

        if (!key || !script)
            continue;
        {
            docgen_job_entry *job = job_add(jobs, pool, file, key);

            job->runs_on = words(pool, document, member(document, body, "image"));
            steps_read(pool, document, script, job->steps);
        }
    }
}

static void compose_read(apr_pool_t *pool, yaml_document_t *document, const docgen_file *file,
                         apr_array_header_t *services)
{
    yaml_node_t *table = member(document, yaml_document_get_root_node(document), "services");

    if (!table || table->type != YAML_MAPPING_NODE)
        return;
    for (yaml_node_pair_t *pair = table->data.mapping.pairs.start;
         pair < table->data.mapping.pairs.top && services->nelts < JOBS_MAX; pair++) {
        const char *key = scalar(yaml_document_get_node(document, pair->key));
        yaml_node_t *body = yaml_document_get_node(document, pair->value);
        const char *image = scalar(member(document, body, "image"));

        if (key)
            docgen_entry_add(services, key, image ? image : "built here", file->path,
                             (int)yaml_document_get_node(document, pair->key)->start_mark.line + 1);
    }
    (void)pool;
}

static void
file_read(docgen_site *site, apr_pool_t *pool, const docgen_file *file, apr_array_header_t *found,
          void (*read)(apr_pool_t *, yaml_document_t *, const docgen_file *, apr_array_header_t *))
{
    const char *text = file->size <= YAML_MAX ? docgen_file_text(site, pool, file->path) : NULL;
    yaml_parser_t parser;
    yaml_document_t document;

    if (!text || !yaml_parser_initialize(&parser))
        return;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    if (yaml_parser_load(&parser, &document)) {
        if (document.nodes.top - document.nodes.start <= NODES_MAX)
            read(pool, &document, file, found);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

static int ends_in_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && (!strcmp(dot, ".yml") || !strcmp(dot, ".yaml"));
}

apr_array_header_t *docgen_ci_jobs(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *jobs = apr_array_make(pool, 16, sizeof(docgen_job_entry));

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

        if (!ends_in_yaml(file->path) || (file->flags & DOCGEN_FILE_LINK))
            continue;
        if (!strncmp(file->path, ".github/workflows/", 18))
            file_read(site, pool, file, jobs, github_read);
        else if (!strcmp(file->path, ".gitlab-ci.yml"))
            file_read(site, pool, file, jobs, gitlab_read);
    }
    return jobs;
}

apr_array_header_t *docgen_compose_services(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *services = apr_array_make(pool, 8, sizeof(docgen_entry));

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = docgen_basename(file->path);

        if (!ends_in_yaml(name) ||
            (strncmp(name, "docker-compose", 14) && strncmp(name, "compose.", 8)) ||
            (file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_VENDORED)))
            continue;
        file_read(site, pool, file, services, compose_read);
    }
    return services;
}
