/* pyproject.toml and Cargo.toml.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/sections/manifest.h"

typedef struct reading {
    docgen_manifest *manifest;
    apr_pool_t *pool;
    const char *text; /* from the top: to find the line of a string in an array */
} reading;

void docgen_manifest_python(apr_array_header_t *entries, apr_pool_t *pool, const char *text,
                            const char *group, int line)
{
    apr_size_t length = 0, size;
    const char *rest;

    text += strspn(text, " ");
    while (isalnum((unsigned char)text[length]) || (text[length] && strchr("-_.", text[length])))
        length++;
    rest = text + length;
    if (*rest == '[')
        rest += strcspn(rest, "]") + (strchr(rest, ']') != NULL);
    rest += strspn(rest, " ");
    size = strlen(rest);
    while (size && rest[size - 1] == ' ')
        size--;
    if (length)
        docgen_entry_add(entries, apr_pstrndup(pool, text, length),
                         apr_pstrmemdup(pool, rest, size), group, line);
}

/* The line of a quoted string at or after a line. */
static int string_line(const char *text, int line, const char *string)
{
    const char *at = text;
    const char *found;

    for (int i = 1; i < line && at; i++)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    found = at ? strstr(at, string) : NULL;
    for (; found && at < found; at++)
        line += *at == '\n';
    return line;
}

static void list_add(reading *r, const char *value, const char *group, int line)
{
    apr_array_header_t *strings = docgen_toml_strings(r->pool, value);

    for (int i = 0; i < strings->nelts; i++) {
        const char *string = APR_ARRAY_IDX(strings, i, const char *);

        docgen_manifest_python(r->manifest->dependencies, r->pool, string, group,
                               string_line(r->text, line, string));
    }
}

/* Poetry: name = "^1.2" or { version = "^1.2", optional = true } */
static const char *table_version(apr_pool_t *pool, const char *value)
{
    const char *version;

    if (*value != '{')
        return docgen_toml_string(pool, value);
    version = docgen_toml_inline(pool, value, "version");
    if (!version)
        version = docgen_toml_inline(pool, value, "path") ? "in this repository"
                  : docgen_toml_inline(pool, value, "workspace")
                      ? "of the workspace"
                      : docgen_toml_inline(pool, value, "git");
    return version ? version : "";
}

static int starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

static void pyproject_entry(void *baton, const char *section, const char *key, const char *value,
                            int line)
{
    reading *r = baton;
    docgen_manifest *m = r->manifest;
    const char *text = docgen_toml_string(r->pool, value);

    if (!strcmp(section, "project") || !strcmp(section, "tool.poetry")) {
        if (!strcmp(key, "name"))
            m->name = text;
        else if (!strcmp(key, "version"))
            m->version = text;
        else if (!strcmp(key, "description"))
            m->description = text;
        else if (!strcmp(key, "license") && *value != '{')
            m->licence = text;
        else if (!strcmp(key, "requires-python"))
            docgen_entry_add(m->requires, "Python", text, NULL, line);
        else if (!strcmp(key, "dependencies"))
            list_add(r, value, "runtime", line);
    } else if (!strcmp(section, "project.optional-dependencies")) {
        list_add(r, value, apr_psprintf(r->pool, "optional (%s)", key), line);
    } else if (!strcmp(section, "dependency-groups")) {
        list_add(r, value, apr_psprintf(r->pool, "development (%s)", key), line);
    } else if (!strcmp(section, "build-system") && !strcmp(key, "requires")) {
        list_add(r, value, "build", line);
    } else if (!strcmp(section, "project.scripts")) {
        docgen_entry_add(m->scripts, key, text, NULL, line);
    } else if (!strcmp(section, "tool.poetry.dependencies")) {
        if (!strcmp(key, "python"))
            docgen_entry_add(m->requires, "Python", text, NULL, line);
        else
            docgen_entry_add(m->dependencies, key, table_version(r->pool, value), "runtime", line);
    } else if (starts(section, "tool.poetry.group.") || starts(section, "tool.poetry.dev")) {
        docgen_entry_add(m->dependencies, key, table_version(r->pool, value), "development", line);
    }
}

void docgen_manifest_pyproject(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    reading r = {manifest, pool, text};

    docgen_toml_each(pool, text, pyproject_entry, &r);
}

/* The comment lines right above a line, joined; NULL when there are none. */
static const char *comment_above(apr_pool_t *pool, const char *text, int line)
{
    docgen_buffer *comment = docgen_buffer_create(pool);

    for (int n = 1; n < line && *text; n++) {
        apr_size_t length = strcspn(text, "\n");
        const char *mark = text + strspn(text, " \t");
        const char *words = mark + strspn(mark, "# \t");

        if (*mark != '#')
            docgen_buffer_clear(comment);
        else if (words < text + length)
            docgen_buffer_printf(comment, "%s%.*s", comment->length ? " " : "",
                                 (int)(text + length - words), words);
        text += length + (text[length] == '\n');
    }
    return comment->length ? comment->data : NULL;
}

static void cargo_entry(void *baton, const char *section, const char *key, const char *value,
                        int line)
{
    static const char *const tables[][2] = {
        {"dependencies", "runtime"},
        {"dev-dependencies", "development"},
        {"build-dependencies", "build"},
        {"workspace.dependencies", "workspace"},
    };
    reading *r = baton;
    docgen_manifest *m = r->manifest;
    const char *text = docgen_toml_string(r->pool, value);
    const char *last = section;

    /* What the packages of a workspace have in common stands in the manifest at its top. */
    if (!strcmp(section, "package") || !strcmp(section, "workspace.package")) {
        if (!strcmp(key, "name"))
            m->name = text;
        else if (!strcmp(key, "version"))
            m->version = text;
        else if (!strcmp(key, "description"))
            m->description = text;
        else if (!strcmp(key, "license"))
            m->licence = text;
        else if (!strcmp(key, "publish"))
            m->is_private = !strcmp(value, "false");
        else if (!strcmp(key, "rust-version"))
            docgen_entry_add(m->requires, "Rust", apr_pstrcat(r->pool, ">= ", text, NULL), NULL,
                             line);
        else if (!strcmp(key, "edition"))
            docgen_entry_add(m->requires, "Rust edition", text, NULL, line);
        return;
    }
    if (!strcmp(section, "features")) {
        docgen_entry_add(m->features, key,
                         apr_array_pstrcat(r->pool, docgen_toml_strings(r->pool, value), ' '),
                         comment_above(r->pool, r->text, line), line);
        return;
    }
    if (starts(section, "target.")) /* target.'cfg(unix)'.dependencies */
        last = strrchr(section, '.') + 1;
    for (apr_size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        apr_size_t length = strlen(tables[i][0]);

        if (!strcmp(last, tables[i][0]))
            docgen_entry_add(m->dependencies, key, table_version(r->pool, value), tables[i][1],
                             line);
        else if (!strncmp(section, tables[i][0], length) && section[length] == '.' &&
                 !strcmp(key, "version")) /* [dependencies.name] */
            docgen_entry_add(m->dependencies, section + length + 1, text, tables[i][1], line);
    }
}

void docgen_manifest_cargo(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    reading r = {manifest, pool, text};

    docgen_toml_each(pool, text, cargo_entry, &r);
}
