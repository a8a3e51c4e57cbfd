/* Ruby's gemspec, as far as it is written plainly: s.name = "x", s.add_dependency "y", "~> 2".
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/manifest.h"

/* The string literals of a line, at most three, joined by ", " from the second on; `*first` is the first. */
static const char *literals_read(apr_pool_t *pool, const char *line, const char **first)
{
    const char *rest = "";
    int count = 0;

    *first = NULL;
    for (const char *p = strpbrk(line, "\"'"); p && count < 3; p = strpbrk(p, "\"'")) {
        const char *end = strchr(p + 1, *p);
        const char *text;

        if (!end)
            break;
        text = apr_pstrmemdup(pool, p + 1, (apr_size_t)(end - p) - 1);
        if (strstr(text, "#{"))
            break; /* computed */
        if (count++ == 0)
            *first = text;
        else
            rest = apr_pstrcat(pool, rest, *rest ? ", " : "", text, NULL);
        p = end + 1;
    }
    return rest;
}

/* What stands behind "s.": the attribute's or the call's name. */
static const char *attribute_of(apr_pool_t *pool, const char *line)
{
    const char *dot = line;
    apr_size_t length = 0;

    while (isalnum((unsigned char)*dot) || *dot == '_')
        dot++;
    if (dot == line || *dot != '.')
        return "";
    while (islower((unsigned char)dot[1 + length]) || dot[1 + length] == '_')
        length++;
    return apr_pstrmemdup(pool, dot + 1, length);
}

void docgen_manifest_gemspec(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    int number = 0;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *line = apr_pstrmemdup(pool, text, length), *first, *rest, *name;

        number++;
        text += length + (text[length] == '\n');
        line += strspn(line, " \t");
        name = attribute_of(pool, line);
        if (*line == '#' || !*name)
            continue;
        rest = literals_read(pool, line, &first);
        if (!first)
            continue;
        if (!strcmp(name, "name"))
            manifest->name = first;
        else if (!strcmp(name, "version"))
            manifest->version = first;
        else if (!strcmp(name, "summary"))
            manifest->description = first;
        else if (!strcmp(name, "license"))
            manifest->licence = first;
        else if (!strcmp(name, "required_ruby_version"))
            docgen_entry_add(manifest->requires, "Ruby",
                             *rest ? apr_pstrcat(pool, first, ", ", rest, NULL) : first, NULL,
                             number);
        else if (!strcmp(name, "add_dependency") || !strcmp(name, "add_runtime_dependency"))
            docgen_entry_add(manifest->dependencies, first, rest, "runtime", number);
        else if (!strcmp(name, "add_development_dependency"))
            docgen_entry_add(manifest->dependencies, first, rest, "development", number);
    }
}
