/* Manifests that are read line by line: go.mod, requirements, setup.cfg, Autoconf, CMake, Meson.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/manifest.h"

static int starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* The next line without spaces at its ends; NULL at the end. */
static const char *line_next(apr_pool_t *pool, const char **text, int *number)
{
    apr_size_t length = strcspn(*text, "\n");
    const char *line = *text;

    if (!**text)
        return NULL;
    *text += length + (line[length] == '\n');
    ++*number;
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*line)) {
        line++;
        length--;
    }
    return apr_pstrndup(pool, line, length);
}

void docgen_manifest_requirements(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    const char *path = manifest->file->path;
    const char *group = strcasestr(path, "dev") || strcasestr(path, "test") ||
                                strcasestr(path, "doc") || strcasestr(path, "lint")
                            ? "development"
                            : "runtime";
    const char *line;
    int number = 0;

    while ((line = line_next(pool, &text, &number))) {
        if (!isalnum((unsigned char)*line))
            continue;
        docgen_manifest_python(manifest->dependencies, pool,
                               apr_pstrndup(pool, line, strcspn(line, "#")), group, number);
    }
}

void docgen_manifest_setup_cfg(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    const char *section = "";
    const char *key = "";
    const char *line;
    int number = 0;

    for (;;) {
        int indented = *text == ' ' || *text == '\t';
        const char *equals;

        line = line_next(pool, &text, &number);
        if (!line)
            return;
        equals = strchr(line, '=');
        if (*line == '[') {
            section = apr_pstrndup(pool, line + 1, strcspn(line + 1, "]"));
            key = "";
        } else if (!indented && equals) {
            const char *value = equals + 1 + strspn(equals + 1, " ");

            key = apr_pstrndup(pool, line, strcspn(line, " ="));
            if (!strcmp(section, "metadata") && !strcmp(key, "name"))
                manifest->name = value;
            else if (!strcmp(section, "metadata") && !strcmp(key, "version"))
                manifest->version = strstr(value, ":") ? NULL : value;
            else if (!strcmp(section, "metadata") && !strcmp(key, "description"))
                manifest->description = value;
            else if (!strcmp(section, "options") && !strcmp(key, "python_requires"))
                docgen_entry_add(manifest->requires, "Python", value, NULL, number);
        } else if (indented && *line && *line != '#') {
            if (!strcmp(section, "options") && !strcmp(key, "install_requires"))
                docgen_manifest_python(manifest->dependencies, pool, line, "runtime", number);
            else if (!strcmp(section, "options.extras_require"))
                docgen_manifest_python(manifest->dependencies, pool, line,
                                       apr_psprintf(pool, "optional (%s)", key), number);
        }
    }
}

void docgen_manifest_go(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    const char *line;
    int inside = 0;
    int number = 0;

    while ((line = line_next(pool, &text, &number))) {
        const char *item = inside ? line : starts(line, "require ") ? line + 8 : NULL;
        apr_size_t length;

        if (starts(line, "module "))
            manifest->name = line + 7;
        else if (starts(line, "go "))
            docgen_entry_add(manifest->requires, "Go", apr_pstrcat(pool, ">= ", line + 3, NULL),
                             NULL, number);
        if (starts(line, "require (")) {
            inside = 1;
            continue;
        }
        if (*line == ')')
            inside = 0;
        if (!item || !isalnum((unsigned char)*item) || !(length = strcspn(item, " ")) ||
            !item[length])
            continue;
        docgen_entry_add(manifest->dependencies, apr_pstrndup(pool, item, length),
                         apr_pstrndup(pool, item + length + 1, strcspn(item + length + 1, " /")),
                         strstr(item, "// indirect") ? "indirect" : "runtime", number);
    }
}

/* The arguments of "NAME(a, b" without [] and quotes. */
static const char *argument(apr_pool_t *pool, const char *at, int index)
{
    const char *end;

    while (index-- > 0) {
        at = strchr(at, ',');
        if (!at)
            return "";
        at++;
    }
    at += strspn(at, " [\"'");
    end = at + strcspn(at, "],)\"'");
    return apr_pstrndup(pool, at, (apr_size_t)(end - at));
}

void docgen_manifest_configure(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    static const char *const checks[][2] = {
        {"AC_CHECK_LIB(", "library"},         {"AC_SEARCH_LIBS(", "function"},
        {"PKG_CHECK_MODULES(", "pkg-config"}, {"AC_CHECK_PROG(", "program"},
        {"AC_PATH_PROG(", "program"},
    };
    const char *line;
    int number = 0;

    while ((line = line_next(pool, &text, &number))) {
        if (starts(line, "AC_INIT(")) {
            manifest->name = argument(pool, line + 8, 0);
            manifest->version = argument(pool, line + 8, 1);
        }
        for (apr_size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
            const char *found = strstr(line, checks[i][0]);
            const char *arguments = found ? found + strlen(checks[i][0]) : NULL;

            if (arguments && i >= 2)
                docgen_entry_add(manifest->dependencies, argument(pool, arguments, 1), "",
                                 checks[i][1], number);
            else if (arguments)
                docgen_entry_add(manifest->dependencies, argument(pool, arguments, 0), "",
                                 checks[i][1], number);
        }
    }
}

void docgen_manifest_cmake(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    const char *line;
    int number = 0;

    while ((line = line_next(pool, &text, &number))) {
        apr_size_t word = strcspn(line, " (");
        const char *open = strchr(line, '(');
        const char *inner = open ? open + 1 + strspn(open + 1, " ") : "";
        const char *name = apr_pstrndup(pool, inner, strcspn(inner, " )\""));
        const char *version = strcasestr(inner, "VERSION ");

        if (!open)
            continue;
        if (!strncasecmp(line, "project", word) && word == 7) {
            if (!manifest->name && !strchr(name, '$'))
                manifest->name = name;
            if (version && isdigit((unsigned char)version[8]))
                manifest->version = apr_pstrndup(pool, version + 8, strcspn(version + 8, " )"));
        } else if (!strncasecmp(line, "cmake_minimum_required", word) && word == 22 && version) {
            const char *least = apr_pstrndup(pool, version + 8, strcspn(version + 8, " )"));
            char *upper = strstr(least, "...");

            if (upper) /* 3.10...3.27: policies, not a need */
                *upper = '\0';
            docgen_entry_add(manifest->requires, "CMake", apr_pstrcat(pool, ">= ", least, NULL),
                             NULL, number);
        } else if (!strncasecmp(line, "find_package", word) && word == 12) {
            const char *rest = inner + strlen(name) + strspn(inner + strlen(name), " ");

            docgen_entry_add(
                manifest->dependencies, name,
                isdigit((unsigned char)*rest) ? apr_pstrndup(pool, rest, strcspn(rest, " )")) : "",
                strcasestr(inner, "REQUIRED") ? "required" : "optional", number);
        } else if (!strncasecmp(line, "pkg_check_modules", word) && word == 17) {
            const char *last = inner + strlen(inner);

            while (last > inner && strchr(" )", last[-1]))
                last--;
            line = last;
            while (line > inner && line[-1] != ' ')
                line--;
            docgen_entry_add(manifest->dependencies,
                             apr_pstrndup(pool, line, (apr_size_t)(last - line)), "", "pkg-config",
                             number);
        }
    }
}

void docgen_manifest_meson(docgen_manifest *manifest, apr_pool_t *pool, const char *text)
{
    const char *line;
    int number = 0;

    while ((line = line_next(pool, &text, &number))) {
        const char *call = strstr(line, "dependency(");
        const char *version;

        if (starts(line, "project("))
            manifest->name = argument(pool, line + 8, 0);
        version = strstr(line, "version");
        if (call && (call == line || !isalnum((unsigned char)call[-1])) && call[11] != ')') {
            const char *colon = version ? strchr(version, ':') : NULL;

            docgen_entry_add(manifest->dependencies, argument(pool, call + 11, 0),
                             colon ? argument(pool, colon + 1, 0) : "",
                             strstr(line, "required: false") || strstr(line, "required : false")
                                 ? "optional"
                                 : "required",
                             number);
        } else if (version == line && !manifest->version) {
            manifest->version = argument(pool, strchr(line, ':') ? strchr(line, ':') + 1 : "", 0);
        }
    }
}
