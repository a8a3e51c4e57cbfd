/* What a build may be told: the options of configure (Autoconf) and of Meson.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"

#define ARGUMENTS_MAX 8
#define CALL_LONGEST  20000

/* Macros that declare an option. The last ones are wrappers that httpd and its modules use. */
static const struct {
    const char *macro;
    const char *prefix;
    int value; /* the argument that holds the default, 0 = none */
} macros[] = {
    {"AC_ARG_ENABLE(", "--enable-", 3},
    {"AC_ARG_WITH(", "--with-", 3},
    {"AC_ARG_VAR(", "", 0},
    {"APACHE_MODULE(", "--enable-", 4},
};

/* The arguments of an m4 call whose text begins at `p`, behind its "(": brackets quote. @return their number */
static int arguments_read(docgen_search *search, const char *p, const char **arguments)
{
    const char *start = p, *from = p;
    int parens = 0, brackets = 0, count = 0;

    for (; *p && p - start < CALL_LONGEST && count < ARGUMENTS_MAX; p++) {
        int ends = brackets == 0 && parens == 0 && (*p == ',' || *p == ')');

        if (ends) {
            arguments[count++] = apr_pstrmemdup(search->scratch, from, (apr_size_t)(p - from));
            from = p + 1;
            if (*p == ')') {
                return count;
            }
        }
        brackets += (*p == '[') - (*p == ']');
        parens += brackets == 0 && !ends ? (*p == '(') - (*p == ')') : 0;
    }
    return 0;
}

/* Without quotes and blanks around it, blanks as one, "@<:@" as "[". */
static const char *argument_text(docgen_search *search, const char *argument)
{
    char *text = apr_palloc(search->scratch, strlen(argument) + 1), *end = text;

    for (const char *p = argument; *p; p++) {
        if (!strncmp(p, "@<:@", 4) || !strncmp(p, "@:>@", 4)) {
            *end++ = p[1] == '<' ? '[' : ']';
            p += 3;
        } else if (isspace((unsigned char)*p)) {
            if (end > text && end[-1] != ' ') {
                *end++ = ' ';
            }
        } else if (*p != '[' && *p != ']') {
            *end++ = *p;
        }
    }
    while (end > text && end[-1] == ' ') {
        end--;
    }
    *end = '\0';
    return text;
}

/* "[  --with-x=DIR   What it does]", as it stands or from a HELP_STRING macro: the option and its text. */
static void help_read(docgen_search *search, const char *help, const char **option,
                      const char **text)
{
    const char *macro = strstr(help, "HELP_STRING(");
    const char *arguments[ARGUMENTS_MAX], *start, *gap;

    if (macro && arguments_read(search, macro + 12, arguments) >= 2) {
        *option = argument_text(search, arguments[0]);
        *text = argument_text(search, arguments[1]);
        return;
    }
    start = help + strspn(help, " \t\n[");
    gap = strncmp(start, "--", 2) ? NULL : strstr(start, "  ");
    if (gap && gap < start + strcspn(start, "\n")) {
        *option = apr_pstrmemdup(search->scratch, start, (apr_size_t)(gap - start));
        *text = argument_text(search, gap);
    } else {
        *text = argument_text(search, help);
    }
}

/* "(default: x)", "[default=x]" and the like in the help; else `enable_x=value` in what is done when nothing is said. */
static const char *default_read(docgen_search *search, const char *help, const char *action)
{
    const char *at = strcasestr(help, "default"), *end;

    if (at && strchr(":= ", at[7]) && at[7]) {
        at += 7 + strspn(at + 7, ":= ");
        at += strncmp(at, "is ", 3) ? 0 : 3;
        end = at + strcspn(at, ")],;");
        if (end > at && end - at < 60) {
            return apr_pstrmemdup(search->scratch, at, (apr_size_t)(end - at));
        }
    }
    at = action ? argument_text(search, action) : "";
    if (strncmp(at, "enable_", 7) && strncmp(at, "with_", 5)) {
        return strlen(at) < 20 && *at && !strpbrk(at, " =$()") ? at : NULL;
    }
    at = strchr(at, '=');
    return at && at[1] && !strpbrk(at, " $`;") ? apr_pstrdup(search->scratch, at + 1) : NULL;
}

static int is_commented(const docgen_search *search, const char *at)
{
    const char *line = at;

    while (line > search->text && line[-1] != '\n') {
        line--;
    }
    return *line == '#' || memmem(line, (apr_size_t)(at - line), "dnl", 3) != NULL;
}

void docgen_search_configure(docgen_search *search)
{
    for (unsigned i = 0; i < sizeof(macros) / sizeof(*macros); i++) {
        for (const char *p = search->text; (p = strstr(p, macros[i].macro)) != NULL; p++) {
            const char *arguments[ARGUMENTS_MAX], *name, *option = NULL, *text = "", *value = NULL;
            const char *named;
            int count = arguments_read(search, p + strlen(macros[i].macro), arguments);

            name = count ? argument_text(search, arguments[0]) : "";
            if (count < 2 || strpbrk(name, " $,()") || is_commented(search, p)) {
                continue;
            }
            help_read(search, arguments[1], &option, &text);
            if (macros[i].value) {
                value = default_read(search, text,
                                     count > macros[i].value ? arguments[macros[i].value] : NULL);
            }
            named = strstr(p, name); /* often on the next line */
            docgen_search_add(search, DOCGEN_DECLARED_BUILD,
                              option && !strncmp(option, "--", 2)
                                  ? option
                                  : apr_pstrcat(search->scratch, macros[i].prefix, name, NULL),
                              value, text, p, named);
        }
    }
}

/* The value behind "key:" in a call of Meson, a string without its quotes. */
static const char *meson_value(docgen_search *search, const char *from, const char *end,
                               const char *key)
{
    const char *at = memmem(from, (apr_size_t)(end - from), key, strlen(key)), *text;

    if (!at) {
        return NULL;
    }
    at += strlen(key);
    at += strspn(at, " \t:\n");
    text = docgen_search_string(search, &at);
    return text ? text : apr_pstrmemdup(search->scratch, at, strcspn(at, ",)\n"));
}

void docgen_search_meson(docgen_search *search)
{
    for (const char *p = search->text; (p = strstr(p, "option(")) != NULL; p++) {
        const char *name_at = p + 7 + strspn(p + 7, " \t\n"), *end, *name;

        end = docgen_search_call_end(p + 6);
        name = end ? docgen_search_string(search, &name_at) : NULL;
        if (name && !is_commented(search, p)) {
            docgen_search_add(search, DOCGEN_DECLARED_BUILD,
                              apr_pstrcat(search->scratch, "-D", name, NULL),
                              meson_value(search, name_at, end, "value"),
                              meson_value(search, name_at, end, "description"), p, end);
        }
    }
}
