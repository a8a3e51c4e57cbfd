/* package.json and composer.json.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "generator/sections/manifest.h"

/* The line of `"key"` after the line of `"table"`, from 1; 0 when it is not there. */
static int line_of(const char *text, const char *table, const char *key)
{
    const char *at = text;
    const char *names[] = {table, key};
    int line = 1;

    for (int i = 0; i < 2; i++) {
        apr_size_t length = strlen(names[i]);

        if (!length)
            continue;
        for (at = strchr(at, '"'); at; at = strchr(at + 1, '"')) {
            if (!strncmp(at + 1, names[i], length) && at[length + 1] == '"' &&
                at[length + 2 + strspn(at + length + 2, " ")] == ':')
                break;
        }
        if (!at)
            return 0;
    }
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static void table_read(apr_array_header_t *entries, const json_t *root, const char *table,
                       const char *group, const char *text)
{
    json_t *object = json_object_get(root, table);
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return;
    json_object_foreach(object, key, value)
    {
        if (json_is_string(value))
            docgen_entry_add(entries, key, json_string_value(value), group,
                             line_of(text, table, key));
    }
}

/* "yarn@4.1.0" as packageManager names it, or what a preinstall script insists on. */
static const char *manager_declared(apr_pool_t *pool, const json_t *root)
{
    const char *manager = docgen_json_string(root, "packageManager");
    const char *preinstall = docgen_json_string(json_object_get(root, "scripts"), "preinstall");
    const char *only = preinstall ? strstr(preinstall, "only-allow ") : NULL;

    if (!manager)
        manager = docgen_json_string(
            json_object_get(json_object_get(root, "devEngines"), "packageManager"), "name");
    if (!manager && only)
        manager = only + 11;
    return manager ? apr_pstrndup(pool, manager, strcspn(manager, "@ \"'&;")) : NULL;
}

void docgen_manifest_npm(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    json_t *root;

    if (docgen_json_parse(pool, text, strlen(text), &root, NULL) != APR_SUCCESS)
        return;
    manifest->name = docgen_json_string(root, "name");
    manifest->version = docgen_json_string(root, "version");
    manifest->description = docgen_json_string(root, "description");
    manifest->licence = docgen_json_string(root, "license");
    manifest->manager = manager_declared(pool, root);
    manifest->is_private = json_is_true(json_object_get(root, "private"));
    table_read(manifest->requires, root, "engines", NULL, text);
    table_read(manifest->dependencies, root, "dependencies", "runtime", text);
    table_read(manifest->dependencies, root, "peerDependencies", "peer", text);
    table_read(manifest->dependencies, root, "optionalDependencies", "optional", text);
    table_read(manifest->dependencies, root, "devDependencies", "development", text);
    table_read(manifest->scripts, root, "scripts", NULL, text);
}

void docgen_manifest_composer(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    json_t *root;

    if (docgen_json_parse(pool, text, strlen(text), &root, NULL) != APR_SUCCESS)
        return;
    manifest->name = docgen_json_string(root, "name");
    manifest->version = docgen_json_string(root, "version");
    manifest->description = docgen_json_string(root, "description");
    manifest->licence = docgen_json_string(root, "license");
    manifest->is_private =
        docgen_json_string(root, "type") && !strcmp(docgen_json_string(root, "type"), "project");
    table_read(manifest->dependencies, root, "require", "runtime", text);
    table_read(manifest->dependencies, root, "require-dev", "development", text);
    table_read(manifest->scripts, root, "scripts", NULL, text);
}
