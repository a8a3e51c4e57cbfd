/* How the project is built and deployed: make targets, scripts, container files, CI.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/commands.h"
#include "generator/sections/interfaces.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    TARGETS_SHOWN = 120,
    DOCKERFILES_MAX = 20,
    OPTIONS_MAX = 120
};

/* A target that a person calls: declared so, or described, and no file name. */
static int is_called(const docgen_target *target)
{
    return !strchr(target->name, '.') && !strchr(target->name, '/') &&
           (target->phony || *target->comment || !strcmp(target->name, "all") ||
            !strcmp(target->name, "install") || !strcmp(target->name, "clean") ||
            !strcmp(target->name, "test"));
}

static int targets_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *targets = docgen_targets(site, pool);
    int count = 0;

    for (int i = 0; i < targets->nelts && count < TARGETS_SHOWN; i++) {
        const docgen_target *t = &APR_ARRAY_IDX(targets, i, docgen_target);
        const char *directory = docgen_dirname(pool, t->file->path);

        if (!is_called(t))
            continue;
        if (count++ == 0)
            docgen_draft_text(draft, "\n## Make targets\n\n| Target | What the Makefile says | "
                                     "Source |\n|---|---|---|\n");
        docgen_draft_printf(draft, "| `make %s%s%s` | %s | %s |\n",
                            *directory ? apr_psprintf(pool, "-C %s ", directory) : "", t->name, "",
                            docgen_table_cell(pool, docgen_markdown_escape(pool, t->comment)),
                            docgen_site_source(site, pool, t->file, t->line, t->line));
    }
    return count;
}

static int scripts_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *manifests = docgen_site_manifests(site);
    int count = 0;

    for (int i = 0; i < manifests->nelts; i++) {
        const docgen_manifest *m = &APR_ARRAY_IDX(manifests, i, docgen_manifest);

        for (int s = 0; s < m->scripts->nelts && count < TARGETS_SHOWN; s++) {
            const docgen_entry *e = &APR_ARRAY_IDX(m->scripts, s, docgen_entry);

            if (count++ == 0)
                docgen_draft_text(draft, "\n## Scripts\n\n| Name | Runs | Source |\n"
                                         "|---|---|---|\n");
            docgen_draft_printf(
                draft, "| %s | %s | %s |\n",
                docgen_table_cell(pool,
                                  docgen_markdown_code(pool, docgen_script_command(pool, m, e))),
                docgen_table_cell(pool, docgen_markdown_code(pool, e->value)),
                docgen_site_source(site, pool, m->file, e->line, e->line));
        }
    }
    return count;
}

/* option(NAME "what it does" ON) of CMake. */
static int cmake_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const docgen_file *file = docgen_tree_find(site->model->tree, "CMakeLists.txt");
    const char *text = file ? docgen_file_text(site, pool, file->path) : NULL;
    int number = 0;
    int count = 0;

    while (text && *text && count < OPTIONS_MAX) {
        apr_size_t length = strcspn(text, "\n");
        const char *line = apr_pstrndup(pool, text, length);
        const char *name = line + strspn(line, " \t");
        const char *quote;
        const char *end;

        number++;
        text += length + (text[length] == '\n');
        if (strncasecmp(name, "option(", 7) && strncasecmp(name, "option (", 8))
            continue;
        name = strchr(name, '(') + 1;
        name += strspn(name, " ");
        quote = strchr(name, '"');
        end = quote ? strchr(quote + 1, '"') : NULL;
        if (!end)
            continue;
        if (count++ == 0)
            docgen_draft_text(draft, "\n## CMake options\n\n| Option | Meaning | Default | Source "
                                     "|\n|---|---|---|---|\n");
        docgen_draft_printf(
            draft, "| %s | %s | %s | %s |\n",
            docgen_markdown_code(pool, apr_pstrndup(pool, name, strcspn(name, " \""))),
            docgen_table_cell(
                pool, docgen_markdown_escape(
                          pool, apr_pstrndup(pool, quote + 1, (apr_size_t)(end - quote - 1)))),
            docgen_markdown_code(pool, apr_pstrndup(pool, end + 1 + strspn(end + 1, " "),
                                                    strcspn(end + 1 + strspn(end + 1, " "), ")"))),
            docgen_site_source(site, pool, file, number, number));
    }
    return count;
}

/* One instruction with the lines that continue it; `lines` tells how many. */
static const char *instruction_read(apr_pool_t *pool, const char **text, int *lines)
{
    docgen_buffer *line = docgen_buffer_create(pool);

    for (*lines = 1;; ++*lines) {
        apr_size_t length = strcspn(*text, "\n");
        apr_size_t kept = length;
        const char *start = *text;
        int goes_on;

        while (kept > 0 && isspace((unsigned char)start[kept - 1]))
            kept--;
        goes_on = kept > 0 && start[kept - 1] == '\\';
        *text += length + (start[length] == '\n');
        if (start[strspn(start, " \t")] != '#' || *lines == 1)
            docgen_buffer_append(line, start, kept - (apr_size_t)goes_on);
        else
            goes_on = 1; /* a comment between the lines of one instruction */
        if (!goes_on || !**text)
            return line->data ? line->data : "";
    }
}

/* The instructions of a container file that say what comes out. */
static void dockerfile_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft,
                             const docgen_file *file)
{
    static const char *const shown[] = {"FROM ",  "EXPOSE ", "ENTRYPOINT", "CMD",
                                        "VOLUME", "USER ",   "ENV ",       "ARG "};
    const char *text = docgen_file_text(site, pool, file->path);
    int number = 1;

    docgen_draft_printf(draft, "\n### %s\n\n| Instruction | Source |\n|---|---|\n",
                        docgen_markdown_escape(pool, file->path));
    while (text && *text && number < 2000) {
        int lines = 1;
        const char *line = instruction_read(pool, &text, &lines);

        for (apr_size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
            if (!strncasecmp(line, shown[i], strlen(shown[i])))
                docgen_draft_printf(
                    draft, "| %s | %s |\n",
                    docgen_table_cell(pool, docgen_markdown_code(pool, line)),
                    docgen_site_source(site, pool, file, number, number + lines - 1));
        }
        number += lines;
    }
}

/* "Dockerfile", "Dockerfile.alpine", "Containerfile-test", "web.Dockerfile"; a program that handles them is none. */
static int is_dockerfile(const docgen_file *file)
{
    static const char *const names[] = {"Dockerfile", "Containerfile"};
    const char *name = docgen_basename(file->path);

    if ((file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_LINK | DOCGEN_FILE_SKIPPED)) ||
        (file->lang != DOCGEN_LANG_NONE && file->lang != DOCGEN_LANG_OTHER))
        return 0;
    for (apr_size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        apr_size_t length = strlen(names[i]);
        const char *dot = strrchr(name, '.');

        if (!strncmp(name, names[i], length) && strchr(".-_", name[length])) /* its end, too */
            return !dot || strcasecmp(dot, ".md");
        if (dot && !strcasecmp(dot + 1, names[i]))
            return 1;
    }
    return 0;
}

static int containers_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *services = docgen_compose_services(site, pool);
    int count = 0;

    for (int i = 0; i < files->nelts && count < DOCKERFILES_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

        if (!is_dockerfile(file))
            continue;
        if (count++ == 0)
            docgen_draft_text(draft, "\n## Container images\n");
        dockerfile_write(site, pool, draft, file);
    }
    if (services->nelts > 0)
        docgen_draft_text(draft, "\n## Compose services\n\n| Service | Image | Source |\n"
                                 "|---|---|---|\n");
    for (int i = 0; i < services->nelts; i++) {
        const docgen_entry *e = &APR_ARRAY_IDX(services, i, docgen_entry);
        const docgen_file *file = docgen_tree_find(site->model->tree, e->group);

        docgen_draft_printf(draft, "| %s | %s | %s |\n",
                            docgen_table_cell(pool, docgen_markdown_code(pool, e->name)),
                            docgen_table_cell(pool, docgen_markdown_code(pool, e->value)),
                            docgen_site_source(site, pool, file, e->line, e->line));
    }
    return count + services->nelts;
}

static int ci_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    apr_array_header_t *jobs = docgen_ci_jobs(site, pool);

    if (jobs->nelts == 0)
        return 0;
    docgen_draft_text(draft, "\n## Continuous integration\n\n| Workflow | Job | When | Runs on | "
                             "Source |\n|---|---|---|---|---|\n");
    for (int i = 0; i < jobs->nelts; i++) {
        const docgen_job_entry *job = &APR_ARRAY_IDX(jobs, i, docgen_job_entry);

        docgen_draft_printf(draft, "| %s | %s | %s | %s | %s |\n",
                            docgen_table_cell(pool, docgen_markdown_escape(pool, job->workflow)),
                            docgen_table_cell(pool, docgen_markdown_escape(pool, job->name)),
                            docgen_table_cell(pool, docgen_markdown_escape(pool, job->triggers)),
                            docgen_table_cell(pool, docgen_markdown_escape(pool, job->runs_on)),
                            docgen_site_source(site, pool, job->file, 0, 0));
    }
    return jobs->nelts;
}

static int has_build(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *manifests = docgen_site_manifests(site);
    apr_array_header_t *targets = docgen_targets(site, pool);

    for (int i = 0; i < targets->nelts; i++) {
        if (is_called(&APR_ARRAY_IDX(targets, i, docgen_target)))
            return 1;
    }
    for (int i = 0; i < manifests->nelts; i++) {
        if (APR_ARRAY_IDX(manifests, i, docgen_manifest).scripts->nelts)
            return 1;
    }
    for (int i = 0; i < files->nelts; i++) {
        if (is_dockerfile(APR_ARRAY_IDX(files, i, docgen_file *)))
            return 1;
    }
    return docgen_ci_jobs(site, pool)->nelts || docgen_compose_services(site, pool)->nelts;
}

static apr_status_t build_plan(docgen_site *site)
{
    apr_pool_t *pool;

    apr_pool_create(&pool, site->pool);
    if (has_build(site, pool))
        docgen_site_reserve(site, "build", "Build and deploy");
    apr_pool_destroy(pool);
    return APR_SUCCESS;
}

static apr_status_t build_write(docgen_site *site)
{
    apr_pool_t *pool;
    docgen_draft *draft;
    apr_status_t rv;

    if (!apr_hash_get(site->pages, "build", APR_HASH_KEY_STRING))
        return APR_SUCCESS;
    apr_pool_create(&pool, site->pool);
    draft = docgen_draft_create(site, "build", "Build and deploy", 3300);
    docgen_draft_text(draft, "# Build and deploy\n\nCommands, images and jobs that the repository "
                             "declares.\n");
    if (docgen_has_build_options(site))
        docgen_draft_printf(draft, "\nWhat configure or Meson may be told: [Build options](%s).\n",
                            docgen_site_href(pool, "build", "configuration", "build-options"));
    targets_write(site, pool, draft);
    scripts_write(site, pool, draft);
    cmake_write(site, pool, draft);
    containers_write(site, pool, draft);
    ci_write(site, pool, draft);
    rv = docgen_draft_send(draft);
    apr_pool_destroy(pool);
    return rv;
}

const docgen_section docgen_section_build = {
    .name = "Build and deploy",
    .plan = build_plan,
    .write = build_write,
    .looked_for = "Makefiles, scripts of manifests, Dockerfiles, compose files, GitHub workflows, "
                  "GitLab CI",
};
