/* What changed: the repository's own change log, then its tags and last commits.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    TAGS_SHOWN = 60,
    COMMITS_SHOWN = 40,
    LOG_BYTES = 400 * 1024
};

static const docgen_file *log_find(docgen_site *site)
{
    const apr_array_header_t *logs = docgen_change_logs(site);

    return logs->nelts ? APR_ARRAY_IDX(logs, 0, const docgen_file *) : NULL;
}

static apr_status_t changelog_plan(docgen_site *site)
{
    const docgen_facts *facts = site->model->facts;
    const docgen_file *file = log_find(site);

    if (!file && (!facts->commits || facts->commits->nelts == 0) &&
        (!facts->tags || facts->tags->nelts == 0))
        return APR_SUCCESS;
    docgen_site_reserve(site, "changelog", "Changelog");
    if (file) {
        docgen_guide *guide = apr_array_push(site->guides);

        guide->file = file;
        guide->page = "changelog";
        guide->title = "Changelog";
        guide->order = 3500;
    }
    docgen_older_logs_plan(site);
    docgen_package_logs_plan(site, file);
    return APR_SUCCESS;
}

static void tags_write(const docgen_facts *facts, apr_pool_t *pool, docgen_draft *draft)
{
    if (!facts->tags || facts->tags->nelts == 0)
        return;
    docgen_draft_text(draft, "\n## Tags\n\n| Tag | Date |\n|---|---|\n");
    for (int i = 0; i < facts->tags->nelts && i < TAGS_SHOWN; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(facts->tags, i, docgen_tag);

        docgen_draft_printf(draft, "| %s | %.10s |\n", docgen_markdown_code(pool, tag->name),
                            tag->date ? tag->date : "");
    }
    if (facts->tags->nelts > TAGS_SHOWN)
        docgen_draft_printf(draft, "\nThe newest %d of %d tags.\n", TAGS_SHOWN, facts->tags->nelts);
}

static void commits_write(const docgen_facts *facts, apr_pool_t *pool, docgen_draft *draft)
{
    if (!facts->commits || facts->commits->nelts == 0)
        return;
    docgen_draft_text(draft, "\n## Last commits\n\n| Date | Commit | Subject | Author |\n"
                             "|---|---|---|---|\n");
    for (int i = 0; i < facts->commits->nelts && i < COMMITS_SHOWN; i++) {
        const docgen_commit *commit = &APR_ARRAY_IDX(facts->commits, i, docgen_commit);

        docgen_draft_printf(draft, "| %.10s | `%.9s` | %s | %s |\n",
                            commit->date ? commit->date : "", commit->id,
                            docgen_markdown_escape(pool, commit->subject),
                            docgen_markdown_escape(pool, commit->author));
    }
}

static apr_status_t changelog_write(docgen_site *site)
{
    const docgen_file *file = log_find(site);
    apr_pool_t *pool;
    docgen_draft *draft;
    const char *markdown;
    const char *api;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "changelog", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "changelog", "Changelog", 3500);
    docgen_draft_text(draft, "# Changelog\n\n");
    api = docgen_release_changes(site, pool, "changelog");
    if (api)
        docgen_draft_printf(draft, "%s\n", api);
    api = docgen_api_changes(site, pool, "changelog");
    if (api)
        docgen_draft_printf(draft,
                            "## Changes of the API\n\nAs the doc comments of the public names "
                            "tell, the newest versions.\n\n%s\n",
                            api);
    markdown = file ? docgen_site_document(site, pool, file) : NULL;
    if (markdown) {
        const char *body = docgen_document_body(pool, markdown);
        apr_size_t length = strlen(body);

        if (length > LOG_BYTES) {
            for (length = LOG_BYTES; length > 0 && body[length] != '\n'; length--) {
            }
            body = apr_pstrndup(pool, body, length);
        }
        docgen_draft_printf(draft, "From %s%s\n", docgen_site_source(site, pool, file, 0, 0),
                            length == LOG_BYTES ? ", its newest part" : "");
        docgen_draft_quote(draft, file, body, 1);
    }
    docgen_older_logs_list(site, pool, draft);
    docgen_package_logs_list(site, pool, draft);
    tags_write(site->model->facts, pool, draft);
    commits_write(site->model->facts, pool, draft);
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    rv = rv == APR_SUCCESS ? docgen_older_logs_write(site) : rv;
    return rv == APR_SUCCESS ? docgen_package_logs_write(site) : rv;
}

const docgen_section docgen_section_changelog = {
    .name = "Changelog",
    .plan = changelog_plan,
    .write = changelog_write,
    .looked_for = "CHANGELOG, CHANGES, HISTORY, NEWS, tags and commits",
};
