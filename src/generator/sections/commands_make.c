/* Make targets, with what the Makefile says about them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/commands.h"
#include "generator/sections/prose.h"

enum {
    TARGETS_MAX = 300
};

/* A comment above a target that says something: no licence, no rule of dashes, no code. */
static const char *comment_text(apr_pool_t *pool, const char *line)
{
    const char *text = line + strspn(line, "#: \t");
    apr_size_t words = 0;

    for (const char *p = text; *p; p++)
        words += isalpha((unsigned char)*p) != 0;
    return words >= 4 && !strchr(text, '=') ? apr_pstrdup(pool, text) : "";
}

/* The name before ':' when a line is a plain target, else NULL. */
static const char *target_name(apr_pool_t *pool, const char *line)
{
    apr_size_t length = 0;

    while (isalnum((unsigned char)line[length]) || (line[length] && strchr("-_./", line[length])))
        length++;
    if (length == 0 || length > 60 || *line == '.')
        return NULL;
    if (line[length] == ' ')
        length += 0;
    {
        const char *colon = line + length + strspn(line + length, " ");

        if (*colon != ':' || colon[1] == '=' || (colon[1] == ':' && colon[2] == '='))
            return NULL;
    }
    return apr_pstrndup(pool, line, length);
}

static int is_phony(apr_pool_t *pool, const char *text, const char *name)
{
    for (const char *at = strstr(text, ".PHONY"); at; at = strstr(at + 1, ".PHONY")) {
        const char *end = at;
        const char *list;

        do {
            end += strcspn(end, "\n");
        } while (*end && end[-1] == '\\' && *++end);
        list = apr_pstrcat(pool, " ", apr_pstrndup(pool, at, (apr_size_t)(end - at)), " ", NULL);
        for (const char *found = strstr(list, name); found; found = strstr(found + 1, name)) {
            if (isspace((unsigned char)found[-1]) &&
                (isspace((unsigned char)found[strlen(name)]) || !found[strlen(name)]))
                return 1;
        }
    }
    return 0;
}

static void makefile_read(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                          apr_array_header_t *targets)
{
    const char *text = docgen_file_text(site, pool, file->path);
    const char *all = text;
    const char *above = "";
    apr_hash_t *seen = apr_hash_make(pool);
    int number = 0;

    while (text && *text && targets->nelts < TARGETS_MAX) {
        apr_size_t length = strcspn(text, "\n");
        const char *line = apr_pstrndup(pool, text, length);
        const char *name = target_name(pool, line);
        const char *doc = strstr(line, "##");

        number++;
        text += length + (text[length] == '\n');
        if (*line == '#') {
            above = comment_text(pool, line);
        } else if (name && !apr_hash_get(seen, name, APR_HASH_KEY_STRING)) {
            docgen_target *target = apr_array_push(targets);

            target->file = file;
            target->name = name;
            target->comment = doc ? comment_text(pool, doc) : above;
            target->line = number;
            target->phony = is_phony(pool, all, name);
            apr_hash_set(seen, name, APR_HASH_KEY_STRING, name);
            above = "";
        } else if (*line != '.') {
            above = "";
        }
    }
}

apr_array_header_t *docgen_targets(docgen_site *site, apr_pool_t *pool)
{
    static const char *const names[] = {"Makefile",    "makefile",    "GNUmakefile",
                                        "Makefile.am", "Makefile.in", "docs/Makefile",
                                        "src/Makefile"};
    apr_array_header_t *targets = apr_array_make(pool, 32, sizeof(docgen_target));

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const docgen_file *file = docgen_tree_find(site->model->tree, names[i]);

        if (file && !(file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE)))
            makefile_read(site, pool, file, targets);
    }
    return targets;
}
