/* Sample configuration files with their comments, and tables of commands in JSON.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "generator/documents/manual.h"
#include "generator/sections/interfaces.h"

#define UNSET "(unset) " /* before the value of a commented setting */

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

/* Does a line leave the commented setting at `body` alone: empty but for comment marks, the end of the text, or another
 * value of the same setting? */
static int is_bare(const char *line, const char *body)
{
    const char *text = line + strspn(line, " \t#;\r");
    apr_size_t key = body ? strcspn(body, " \t\n") : 0;

    return !*text || *text == '\n' ||
           (key && !strncmp(text, body, key) && (text[key] == ' ' || text[key] == '\t'));
}

/* Does a commented line look like a setting rather than prose? A few words without punctuation, the first like a key:
 * with a dash, an underscore or '=' in the line, or alone between empty lines. */
static int is_commented_setting(const char *line, apr_size_t length, int alone)
{
    apr_size_t key = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
    int words = 1;

    if (length < 3 || !isalpha((unsigned char)*line) || strchr(".:,", line[length - 1]))
        return 0;
    for (apr_size_t i = 0; i < length; i++) {
        words += line[i] == ' ' && i + 1 < length && line[i + 1] != ' ';
        if (line[i] == '(' || line[i] == ',' || line[i] == ';')
            return 0;
    }
    if (memchr(line, '=', length))
        return words <= 4;
    if (!islower((unsigned char)*line) || key >= length || line[key] != ' ')
        return 0;
    return alone ? words <= 8 : words <= 4 && (memchr(line, '-', key) || memchr(line, '_', key));
}

/* Is this setting listed? With `value` only when the same value is. */
static int known(const docgen_search *search, const char *name, const char *value)
{
    for (int i = search->found->nelts - 1; i >= 0; i--) {
        const docgen_declared *declared = &APR_ARRAY_IDX(search->found, i, docgen_declared);

        if (declared->file != search->file)
            break;
        if (!strcmp(declared->name, name) &&
            (!value || (declared->value && !strcmp(declared->value, value))))
            return 1;
    }
    return 0;
}

/* Has the file a line that sets it, not only commented ones? */
static int is_set(const docgen_search *search, const char *name)
{
    for (int i = search->found->nelts - 1; i >= 0; i--) {
        const docgen_declared *declared = &APR_ARRAY_IDX(search->found, i, docgen_declared);

        if (declared->file != search->file)
            break;
        if (!strcmp(declared->name, name) &&
            (!declared->value || strncmp(declared->value, UNSET, strlen(UNSET))))
            return 1;
    }
    return 0;
}

/* What the comments above a setting say. One empty line may stand between them. */
typedef struct sample_prose {
    docgen_buffer *text;
    int used;  /* a setting has it: the next comment begins anew */
    int apart; /* an empty line came after it */
} sample_prose;

static void prose_add(sample_prose *prose, const char *text, apr_size_t length)
{
    if (prose->used || prose->apart)
        docgen_buffer_clear(prose->text);
    prose->used = prose->apart = 0;
    docgen_buffer_append(prose->text, text, length);
    docgen_buffer_puts(prose->text, " ");
}

static void prose_end(sample_prose *prose)
{
    if (prose->used || prose->apart)
        docgen_buffer_clear(prose->text);
    prose->apart = prose->text->length > 0;
    prose->used = 0;
}

/* Leaves out the commented examples of a setting that is set. */
static void examples_drop(docgen_search *search, const char *name)
{
    int kept = 0;

    for (int i = 0; i < search->found->nelts; i++) {
        const docgen_declared d = APR_ARRAY_IDX(search->found, i, docgen_declared);

        if (d.file != search->file || strcmp(d.name, name) || !d.value ||
            strncmp(d.value, UNSET, strlen(UNSET)))
            APR_ARRAY_IDX(search->found, kept++, docgen_declared) = d;
    }
    search->found->nelts = kept;
}

static void sample_add(docgen_search *search, sample_prose *prose, const char *name,
                       const char *value, const char *line)
{
    int is_example = value && !strncmp(value, UNSET, strlen(UNSET));

    if (!is_example)
        examples_drop(search, name);
    if (!known(search, name, is_example && !is_set(search, name) ? value : NULL))
        docgen_search_add(search, DOCGEN_DECLARED_SETTING, name, value,
                          prose->text->length ? prose->text->data : NULL, line, line);
    prose->used = 1;
}

/* A commented line: a setting that is not set, a heading, or prose. */
static void comment_read(docgen_search *search, sample_prose *prose, const char *mark,
                         const char *line, const char *end, int after_bare)
{
    const char *body = mark + 1 + strspn(mark + 1, " \t"), *name, *value;
    const char *next = *end ? end + 1 : end;
    apr_size_t rest;

    while (end > body && isspace((unsigned char)end[-1]))
        end--;
    rest = (apr_size_t)(end - body);
    if (body >= end || strspn(body, "#=-*") >= rest)
        return;
    if (!strncmp(mark, "###", 3)) {
        docgen_buffer_clear(prose->text); /* the heading of a part */
    } else if (is_commented_setting(body, rest, after_bare && is_bare(next, body)) &&
               setting_line(search, body, rest, &name, &value) && value) {
        sample_add(search, prose, name, apr_pstrcat(search->scratch, UNSET, value, NULL), line);
    } else {
        prose_add(prose, body, rest);
    }
}

void docgen_search_sample(docgen_search *search)
{
    sample_prose prose = {docgen_buffer_create(search->scratch), 0, 0};
    int after_bare = 1;

    for (const char *line = search->text; *line;) {
        apr_size_t length = strcspn(line, "\n");
        const char *p = line + strspn(line, " \t"), *name, *value;

        if (*p == '\n' || !*p) {
            prose_end(&prose);
        } else if (*p == '[') {
            docgen_buffer_clear(prose.text);
        } else if (*p == '#' || *p == ';') {
            comment_read(search, &prose, p, line, line + length, after_bare);
        } else if (setting_line(search, p, (apr_size_t)(line + length - p), &name, &value)) {
            sample_add(search, &prose, name, value, line);
        }
        after_bare = is_bare(line, NULL) || (*p != '#' && *p != ';');
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

/* "key [NX|XX] value …" from a command's list of arguments; `between` stands between them. */
static const char *arguments(docgen_search *search, const json_t *list, const char *between,
                             int depth)
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
            word = arguments(search, json_object_get(item, "arguments"),
                             strcmp(type, "oneof") ? " " : "|", depth + 1);
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
        text = apr_pstrcat(search->scratch, text, *text && *word ? between : "", word, NULL);
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
                   *complexity, *text;

        if (!summary) {
            return;
        }
        container = docgen_json_string(command, "container");
        since = docgen_json_string(command, "since");
        at = strstr(search->text, apr_pstrcat(search->scratch, "\"", name, "\"", NULL));
        complexity = docgen_json_string(command, "complexity");
        text = apr_pstrcat(search->scratch, summary, since ? " Since " : "", since ? since : "",
                           since ? "." : "", complexity ? " Complexity: " : "",
                           complexity ? complexity : "", NULL);
        docgen_search_add(search, DOCGEN_DECLARED_COMMAND,
                          container ? apr_pstrcat(search->scratch, container, " ", name, NULL)
                                    : name,
                          arguments(search, json_object_get(command, "arguments"), " ", 0), text,
                          at ? at : search->text, search->text);
    }
}
