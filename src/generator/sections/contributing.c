/* How to take part: the repository's own rules, each document whole.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

typedef struct rule {
    const char *page;
    const char *title;
    int order;
    const char *names[6];
} rule;

static const rule rules[] = {
    {"contributing", "Contributing", 3400, {"contributing", "hacking", "development", NULL}},
    {"contributing/code-of-conduct",
     "Code of conduct",
     3401,
     {"code_of_conduct", "code-of-conduct", "conduct", NULL}},
    {"contributing/security", "Security policy", 3402, {"security", NULL}},
    {"contributing/support", "Support", 3403, {"support", NULL}},
};

/* Where forges look for these documents, in their order. */
static const char *const folders[] = {"", ".github", "docs"};

/* The rules for contributors are sought in any folder at the top, too. */
static const docgen_file *rule_elsewhere(const docgen_site *site, const rule *r)
{
    const apr_array_header_t *files = site->model->tree->files;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = strchr(file->path, '/');

        if (name && !strchr(name + 1, '/') && !strncasecmp(name + 1, r->names[0], 12) &&
            name[13] == '.' && (file->flags & DOCGEN_FILE_DOCUMENT) &&
            !(file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_LINK | DOCGEN_FILE_EXAMPLE)))
            return file;
    }
    return NULL;
}

static const docgen_file *rule_find(const docgen_site *site, const rule *r)
{
    for (apr_size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
        const docgen_file *file = docgen_document_find(site, folders[i], r->names);

        if (file)
            return file;
    }
    return r == rules ? rule_elsewhere(site, r) : NULL;
}

int docgen_is_rule(const docgen_site *site, const docgen_file *file)
{
    for (apr_size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
        if (rule_find(site, &rules[i]) == file)
            return 1;
    }
    return 0;
}

static apr_status_t contributing_plan(docgen_site *site)
{
    for (apr_size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
        const docgen_file *file = rule_find(site, &rules[i]);
        docgen_guide *guide;

        if (!file || !docgen_site_reserve(site, rules[i].page, rules[i].title))
            continue;
        guide = apr_array_push(site->guides);
        guide->file = file;
        guide->page = rules[i].page;
        guide->title = rules[i].title;
        guide->order = rules[i].order;
        docgen_site_document_plan(site, guide->page, guide->title, file);
    }
    return APR_SUCCESS;
}

static apr_status_t contributing_write(docgen_site *site)
{
    apr_status_t rv = APR_SUCCESS;

    for (apr_size_t i = 0; rv == APR_SUCCESS && i < sizeof(rules) / sizeof(*rules); i++) {
        const docgen_file *file = rule_find(site, &rules[i]);

        if (file)
            rv = docgen_site_document_page(site, rules[i].page, rules[i].title, rules[i].order,
                                           file);
    }
    return rv;
}

const docgen_section docgen_section_contributing = {
    .name = "Contributing",
    .plan = contributing_plan,
    .write = contributing_write,
    .looked_for = "CONTRIBUTING, CODE_OF_CONDUCT, SECURITY and SUPPORT at the top, in `.github/` "
                  "and in `docs/`",
};
