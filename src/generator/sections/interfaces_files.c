/* Sample configuration files with their comments, and tables of commands in JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "generator/render/manual.h"
#include "generator/sections/interfaces.h"

/* A line of a sample: "key value", "key = value", or the same behind a comment mark. */
static int setting_line(docgen_search *search, const char *line, apr_size_t length,
                        const char **name, const char **value)
{
    const char *end = line + length, *p = line, *stop;

    while (p < end && (isalnum((unsigned char)*p) || *p == '-' || *p == '_' || *p == '.')) {
        p++;
    }
    if (p == line || !isalpha((unsigned char)*line)) {
        return 0;
    }
    *name = apr_pstrmemdup(search->scratch, line, (apr_size_t)(p - line));
    p += strspn(p, " \t");
    p += p < end && (*p == '=' || *p == ':');
    p += strspn(p, " \t");
    for (stop = end; stop > p && isspace((unsigned char)stop[-1]); stop--) {
    }
    *value = p < stop ? apr_pstrmemdup(search->scratch, p, (apr_size_t)(stop - p)) : NULL;
    return 1;
}

/* Does a commented line look like a setting rather than prose? One or two words, the first in lower case with no
 * full stop behind. */
static int is_commented_setting(const char *line, apr_size_t length)
{
    int words = 1;

    if (length < 3 || !(islower((unsigned char)*line) || isupper((unsigned char)*line)) ||
        line[length - 1] == '.' || line[length - 1] == ':' || line[length - 1] == ',') {
        return 0;
    }
    for (apr_size_t i = 0; i < length; i++) {
        words += line[i] == ' ' && i + 1 < length && line[i + 1] != ' ';
        if (line[i] == '(' || line[i] == ',' || line[i] == ';') {
            return 0;
        }
    }
    return (memchr(line, '-', length) || memchr(line, '_', length) || memchr(line, '=', length)) &&
           words <= 4 &&
           islower((unsigned char)*line) ==
               (memchr(line, '=', length) == NULL || islower((unsigned char)*line));
}

static int known(const docgen_search *search, const char *name)
{
    for (int i = search->found->nelts - 1; i >= 0; i--) {
        const docgen_declared *declared = &APR_ARRAY_IDX(search->found, i, docgen_declared);

        if (declared->file == search->file && !strcmp(declared->name, name)) {
            return 1;
        }
    }
    return 0;
}

void docgen_search_sample(docgen_search *search)
{
    docgen_buffer *prose = docgen_buffer_create(search->scratch);
    int used = 0;

    for (const char *line = search->text; *line;) {
        apr_size_t length = strcspn(line, "\n");
        const char *p = line + strspn(line, " \t"), *name, *value;
        const char *body = p + 1 + strspn(p + 1, " \t");
        apr_size_t rest = (apr_size_t)(line + length - body);

        if (*p == '\n' || !*p || *p == '[') {
            docgen_buffer_clear(prose); /* a paragraph ends */
            used = 0;
        } else if (*p == '#' || *p == ';') {
            if (body < line + length && is_commented_setting(body, rest) &&
                setting_line(search, body, rest, &name, &value) && value && !known(search, name)) {
                docgen_search_add(search, DOCGEN_DECLARED_SETTING, name,
                                  apr_pstrcat(search->scratch, "(unset) ", value, NULL),
                                  prose->length ? prose->data : NULL, line, line);
                used = 1;
            } else if (body < line + length && strspn(body, "#=-*") != rest) {
                if (used) {
                    docgen_buffer_clear(prose);
                    used = 0;
                }
                docgen_buffer_append(prose, body, rest);
                docgen_buffer_puts(prose, " ");
            }
        } else if (setting_line(search, p, (apr_size_t)(line + length - p), &name, &value) &&
                   !known(search, name)) {
            docgen_search_add(search, DOCGEN_DECLARED_SETTING, name, value,
                              prose->length ? prose->data : NULL, line, line);
            used = 1;
        }
        line += length + (line[length] == '\n');
    }
}

void docgen_search_manual(docgen_search *search)
{
    const apr_array_header_t *directives = docgen_manual_directives(search->scratch, search->text);

    for (int i = 0; i < directives->nelts; i++) {
        const docgen_manual_directive *directive =
            &APR_ARRAY_IDX(directives, i, docgen_manual_directive);
        docgen_declared *declared = docgen_search_add(
            search, DOCGEN_DECLARED_SETTING, directive->name, directive->value,
            apr_pstrcat(search->scratch, directive->description, ". Syntax: `", directive->syntax,
                        "`", *directive->contexts ? ". Context: " : "", directive->contexts, NULL),
            search->text, search->text);

        if (declared) {
            declared->line = declared->end_line = directive->line;
        }
    }
}

/* "key [NX|XX] value …" from a command's list of arguments. */
static const char *arguments(docgen_search *search, const json_t *list, int depth)
{
    const char *text = "";
    size_t i;
    json_t *item;

    json_array_foreach((json_t *)list, i, item)
    {
        const char *name = docgen_json_string(item, "display"),
                   *token = docgen_json_string(item, "token");
        const char *type = docgen_json_string(item, "type"), *word;

        name = name ? name : docgen_json_string(item, "name");
        if (depth < 6 && type && (!strcmp(type, "block") || !strcmp(type, "oneof")) &&
            json_object_get(item, "arguments")) {
            word = arguments(search, json_object_get(item, "arguments"), depth + 1);
            if (!strcmp(type, "oneof")) {
                char *choice = apr_pstrdup(search->scratch, word);

                for (char *p = choice; *p; p++) {
                    *p = *p == ' ' ? '|' : *p;
                }
                word = choice;
            }
        } else {
            word = type && !strcmp(type, "pure-token") ? "" : name ? name : "";
        }
        if (token && *token) {
            word = apr_pstrcat(search->scratch, token, *word ? " " : "", word, NULL);
        }
        if (json_is_true(json_object_get(item, "multiple"))) {
            word = apr_pstrcat(search->scratch, word, " …", NULL);
        }
        if (json_is_true(json_object_get(item, "optional"))) {
            word = apr_pstrcat(search->scratch, "[", word, "]", NULL);
        }
        text = apr_pstrcat(search->scratch, text, *text && *word ? " " : "", word, NULL);
    }
    return text;
}

void docgen_search_commands(docgen_search *search)
{
    json_t *root, *command;
    const char *name;

    if (docgen_json_parse(search->scratch, search->text, search->length, &root, NULL) !=
            APR_SUCCESS ||
        !json_is_object(root) || json_object_size(root) > 400) {
        return;
    }
    json_object_foreach(root, name, command)
    {
        const char *summary = docgen_json_string(command, "summary"), *at, *since, *container,
                   *text;

        if (!summary) {
            return;
        }
        container = docgen_json_string(command, "container");
        since = docgen_json_string(command, "since");
        at = strstr(search->text, apr_pstrcat(search->scratch, "\"", name, "\"", NULL));
        text = apr_pstrcat(search->scratch, summary, since ? " Since " : "", since ? since : "",
                           since ? "." : "", NULL);
        docgen_search_add(search, DOCGEN_DECLARED_COMMAND,
                          container ? apr_pstrcat(search->scratch, container, " ", name, NULL)
                                    : name,
                          arguments(search, json_object_get(command, "arguments"), 0), text,
                          at ? at : search->text, search->text);
    }
}
