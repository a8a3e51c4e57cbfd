/* Settings of JavaScript programs that keep them behind calls: app.set("etag", "weak") in a function of defaults.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"

enum {
    BODY_MAX = 32 * 1024 /* of one function of defaults */
};

/* Is this the line of a function that sets defaults: "defaultConfiguration", "initDefaultSettings", "setDefaults"? */
static int is_defaults(const char *line, apr_size_t length)
{
    static const char *const subjects[] = {"configuration", "config", "settings", "options",
                                           "defaults"};
    char name[256];

    if (length >= sizeof(name) || length == 0)
        return 0;
    memcpy(name, line, length);
    name[length] = '\0';
    if (!strcasestr(name, "default"))
        return 0;
    for (apr_size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
        if (strcasestr(name, subjects[i]))
            return 1;
    }
    return 0;
}

/* The brace that closes the one at `open`; comments are masked already. */
static const char *body_end(const char *open)
{
    int depth = 0;

    for (const char *p = open; *p && p - open < BODY_MAX; p++) {
        if (*p == '"' || *p == '\'' || *p == '`') {
            const char quote = *p;

            for (p++; *p && *p != quote; p++)
                p += *p == '\\' && p[1];
            if (!*p)
                return NULL;
        } else if (*p == '{') {
            depth++;
        } else if (*p == '}' && --depth == 0) {
            return p;
        }
    }
    return NULL;
}

/* One call of a body: set("name", value), enable("name") or disable("name"). */
static void call_read(docgen_search *search, const char *call, const char *end)
{
    static const char *const given[][2] = {{".enable(", "true"}, {".disable(", "false"}};
    const char *p = call + 5, *close = docgen_search_call_end(call + 4), *name;

    if (!strncmp(call, ".set(", 5)) {
        name = docgen_search_string(search, &p);
        p += strspn(p, " ");
        if (name && *p == ',' && close && close < end) {
            p += 1 + strspn(p + 1, " \n");
            docgen_search_add(search, DOCGEN_DECLARED_SETTING, name,
                              apr_pstrmemdup(search->scratch, p, (apr_size_t)(close - p)), NULL,
                              call, close);
        }
        return;
    }
    for (apr_size_t i = 0; i < sizeof(given) / sizeof(*given); i++) {
        if (!strncmp(call, given[i][0], strlen(given[i][0]))) {
            p = call + strlen(given[i][0]);
            name = docgen_search_string(search, &p);
            if (name)
                docgen_search_add(search, DOCGEN_DECLARED_SETTING, name, given[i][1], NULL, call,
                                  call);
        }
    }
}

void docgen_search_script_settings(docgen_search *search)
{
    docgen_search masked = *search;

    masked.text = docgen_search_mask(search);
    for (const char *p = masked.text; (p = strstr(p, "function")) != NULL; p += 8) {
        const char *line = p, *open = strchr(p, '{'), *end;

        while (line > masked.text && line[-1] != '\n')
            line--;
        if (!open || open - p > 200 || !is_defaults(line, (apr_size_t)(open - line)))
            continue;
        end = body_end(open);
        for (const char *call = open; end && call < end; call++) {
            if (*call == '.')
                call_read(&masked, call, end);
        }
        p = end ? end - 8 : p;
    }
}
