/* Descriptions of names of the code in reStructuredText: `py:function`, `c:type`, `option` …, and the directives that
 * ask for what the code says itself.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include "generator/documents/html.h"
#include "generator/documents/rst.h"

static int is_name_byte(unsigned char c)
{
    return isalnum(c) || c == '_' || c == '.' || c == '~' || c == '$' || c >= 0x80;
}

/* The last name in a text that ends at `end`: "const char *json_dumps" → "json_dumps", "ns::f" whole. */
static const char *last_name(apr_pool_t *pool, const char *text, const char *end)
{
    const char *start;

    while (end > text && !is_name_byte((unsigned char)end[-1]))
        end--;
    start = end;
    while (start > text &&
           (is_name_byte((unsigned char)start[-1]) ||
            (start[-1] == ':' && ((start > text + 1 && start[-2] == ':') || start[0] == ':'))))
        start--;
    while (start < end && *start == ':')
        start++;
    return apr_pstrmemdup(pool, start, (apr_size_t)(end - start));
}

/* Where the declaration of a name ends: at its parameters, its value, or the type behind it. */
static const char *name_end(const char *signature)
{
    const char *p = signature;

    for (; *p && !strchr("(=\n,", *p); p++) {
        if (*p == ':' && p[1] != ':' && (p == signature || p[-1] != ':'))
            break;
    }
    return p;
}

/* The name a signature is about: "flask.run(host=None)" → "flask.run", "int uv_run(uv_loop_t* loop)" → "uv_run",
 * "void (*uv_cb)(int)" → "uv_cb", "-v, --verbose" → "-v". */
static const char *object_name(apr_pool_t *pool, const char *signature)
{
    const char *end = name_end(signature);
    const char *name;

    if (*signature == '-' || *signature == '/') /* an option of a command */
        return apr_pstrndup(pool, signature, strcspn(signature, " ,=[\n"));
    if (!strncmp(end, "(*", 2) && !strncmp(end + strcspn(end, ")"), ")(", 2))
        end += strcspn(end, ")"); /* a pointer to a function */
    name = last_name(pool, signature, end);
    return *name ? name : apr_pstrndup(pool, signature, strcspn(signature, "\n"));
}

static int is_called(const char *directive)
{
    static const char *const names[] = {"function",     "method",    "classmethod",
                                        "staticmethod", "decorator", "decoratormethod",
                                        "class",        "exception", "macro"};

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!strcmp(directive, names[i]))
            return 1;
    }
    return 0;
}

static int is_type(const char *directive)
{
    static const char *const names[] = {"class", "exception", "struct", "union", "enum", "type"};

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!strcmp(directive, names[i]))
            return 1;
    }
    return 0;
}

/* The name with the class in whose description it stands. */
static const char *scoped(docgen_rst *rst, const char *name)
{
    apr_size_t length = rst->scope ? strlen(rst->scope) : 0;

    if (!length || strchr(name, '.') || !strncmp(name, rst->scope, length))
        return name;
    return apr_pstrcat(rst->pool, rst->scope, ".", name, NULL);
}

/* Markdown that was written with a prefix on each line, without it and up to the next description. */
static const char *described(docgen_rst *rst, const char *text, const char *prefix)
{
    const char *nested = strstr(text, "<dl><dt id=\"");
    apr_size_t indent = strlen(prefix);
    docgen_buffer *out = docgen_buffer_create(rst->pool);
    const char *end = nested ? nested : text + strlen(text);

    while (text < end) {
        const char *line = strncmp(text, prefix, indent) ? text : text + indent;
        apr_size_t length = strcspn(line, "\n");

        if (line + length > end)
            break;
        docgen_buffer_append(out, line, length);
        docgen_buffer_append(out, "\n", 1);
        text = line + length + (line[length] == '\n');
    }
    return out->data + strspn(out->data, "\n");
}

static void object_tell(docgen_rst *rst, const docgen_rst_directive_parts *d, const char *name,
                        apr_size_t from)
{
    docgen_rst_object object = {
        .name = name,
        .module = rst->module,
        .signature = apr_pstrndup(rst->pool, d->argument, strcspn(d->argument, "\n")),
        .is_called = is_called(d->name)};

    if (!rst->context || !rst->context->object || strchr("-/", *name))
        return;
    object.text = described(rst, rst->out->data + from, d->prefix);
    rst->context->object(rst->context->baton, &object);
}

/* Opens the list item whose terms are the signatures. */
static void terms_write(docgen_rst *rst, const docgen_rst_directive_parts *d, const char *name)
{
    const char *type = docgen_rst_option(d, "type");
    const char *line = d->argument;
    int first = 1;

    docgen_buffer_printf(rst->out, "\n%s<dl>", d->prefix);
    while (*line) {
        apr_size_t length = strcspn(line, "\n");
        const char *signature = apr_pstrndup(rst->pool, line, length);

        docgen_buffer_puts(rst->out, "<dt");
        if (first)
            docgen_buffer_printf(rst->out, " id=\"%s\"", docgen_slug(rst->pool, name));
        docgen_buffer_printf(rst->out, ">\n\n%s`%s`", d->prefix,
                             strchr(signature, '`') ? name : signature);
        if (first && type)
            docgen_buffer_printf(rst->out, ": *%s*", docgen_markdown_escape(rst->pool, type));
        docgen_buffer_printf(rst->out, "\n\n%s</dt>", d->prefix);
        first = 0;
        line += length + (line[length] == '\n');
    }
}

void docgen_rst_object_write(docgen_rst *rst, const docgen_rst_directive_parts *d)
{
    const char *name, *outer = rst->scope;
    apr_size_t from;

    if (!*d->argument) {
        docgen_rst_content(rst, d);
        return;
    }
    name = scoped(rst, object_name(rst->pool, d->argument));
    terms_write(rst, d, name);
    docgen_buffer_puts(rst->out, "<dd>\n\n");
    from = rst->out->length;
    if (is_type(d->name))
        rst->scope = name;
    docgen_rst_content(rst, d);
    rst->scope = outer;
    object_tell(rst, d, name, from);
    docgen_buffer_printf(rst->out, "\n%s</dd></dl>\n\n", d->prefix);
}

/* Each line of a text behind the prefix. */
static void prefixed(docgen_rst *rst, const char *text, const char *prefix)
{
    while (*text) {
        apr_size_t length = strcspn(text, "\n");

        docgen_rst_line(rst, length ? prefix : "", "%s", apr_pstrmemdup(rst->pool, text, length));
        text += length + (text[length] == '\n');
    }
}

/* autoclass, automodule …: what the code says, or a link to it; then what the document adds. */
void docgen_rst_auto_write(docgen_rst *rst, const docgen_rst_directive_parts *d)
{
    const char *name = object_name(rst->pool, d->argument);
    const char *code = NULL;

    if (*name && rst->context && rst->context->code)
        code = rst->context->code(rst->context->baton, rst->pool, rst->module, scoped(rst, name),
                                  docgen_rst_option(d, "members") != NULL);
    if (!strcmp(d->name, "automodule") && *name)
        rst->module = name;
    if (code) {
        docgen_buffer_printf(rst->out, "\n%s<dl><dt id=\"%s\">\n\n", d->prefix,
                             docgen_slug(rst->pool, name));
        prefixed(rst, code, d->prefix);
    } else if (*name) {
        docgen_rst_line(rst, d->prefix, "\n%s%s\n", d->prefix,
                        docgen_rst_cell(rst, apr_psprintf(rst->pool, ":obj:`%s`", name)));
    }
    docgen_rst_content(rst, d);
    if (code)
        docgen_buffer_printf(rst->out, "\n%s</dd></dl>\n\n", d->prefix);
}
