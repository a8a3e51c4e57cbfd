/* reStructuredText directives, docutils' and Sphinx' own and the common extensions'. An unknown one gives its content.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/documents/rst.h"

enum {
    INCLUDE_BYTES = 256 * 1024
};

typedef docgen_rst_directive_parts directive;

typedef struct kind {
    const char *name;
    void (*write)(docgen_rst *rst, const directive *d);
} kind;

const char *docgen_rst_option(const directive *d, const char *name)
{
    return apr_hash_get(d->options, name, APR_HASH_KEY_STRING);
}

void docgen_rst_content(docgen_rst *rst, const directive *d)
{
    docgen_rst_blocks(rst, d->content, d->prefix);
    docgen_buffer_puts(rst->out, "\n");
}

static void nothing_write(docgen_rst *rst, const directive *d)
{
    (void)d;
    docgen_buffer_puts(rst->out, "\n");
}

/* Argument and content as one text: many admonitions begin on the directive's line. */
static void body_write(docgen_rst *rst, const directive *d)
{
    if (*d->argument) {
        docgen_lines all;
        const char **copy =
            apr_palloc(rst->pool, sizeof(*copy) * (apr_size_t)(d->content.count + 2));

        copy[0] = d->argument;
        if (d->content.count)
            memcpy(copy + 1, d->content.line, sizeof(*copy) * (apr_size_t)d->content.count);
        all.line = copy;
        all.count = d->content.count + 1;
        docgen_rst_blocks(rst, all, d->prefix);
    } else {
        docgen_rst_blocks(rst, d->content, d->prefix);
    }
}

static void alert_write(docgen_rst *rst, const directive *d, const char *kind_name,
                        const char *title, int with_argument)
{
    docgen_buffer_printf(rst->out,
                         "\n%s<div class=\"markdown-alert markdown-alert-%s\">"
                         "<p class=\"markdown-alert-title\">%s</p>\n\n",
                         d->prefix, kind_name, title);
    if (with_argument)
        body_write(rst, d);
    else
        docgen_rst_content(rst, d);
    docgen_buffer_printf(rst->out, "\n%s</div>\n\n", d->prefix);
}

static void admonition_write(docgen_rst *rst, const directive *d)
{
    static const char *const kinds[][3] = {
        {"note", "note", "Note"},          {"tip", "tip", "Tip"},
        {"hint", "tip", "Hint"},           {"important", "important", "Important"},
        {"warning", "warning", "Warning"}, {"attention", "warning", "Attention"},
        {"caution", "caution", "Caution"}, {"danger", "caution", "Danger"},
        {"error", "caution", "Error"},     {"seealso", "note", "See also"},
        {"todo", "note", "To do"},
    };

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(d->name, kinds[i][0]))
            alert_write(rst, d, kinds[i][1], kinds[i][2], 1);
    }
}

static void titled_write(docgen_rst *rst, const directive *d)
{
    const char *title = *d->argument ? docgen_html_escape(rst->pool, d->argument) : "Note";

    alert_write(rst, d, "note", title, 0);
}

static void version_write(docgen_rst *rst, const directive *d)
{
    const char *what = !strcmp(d->name, "versionadded")     ? "Added in version"
                       : !strcmp(d->name, "versionchanged") ? "Changed in version"
                       : !strcmp(d->name, "deprecated")     ? "Deprecated since version"
                                                            : "Removed in version";
    apr_size_t length = strcspn(d->argument, " ");
    const char *rest = d->argument + length + strspn(d->argument + length, " ");
    directive text = *d;

    text.argument = rest;
    docgen_rst_line(rst, d->prefix, "\n%s*%s %s%s*", d->prefix, what,
                    docgen_markdown_escape(rst->pool, apr_pstrndup(rst->pool, d->argument, length)),
                    *rest || d->content.count ? ":" : ".");
    body_write(rst, &text);
    docgen_buffer_puts(rst->out, "\n");
}

/* A language name that may stand after a fence. */
static const char *language_clean(apr_pool_t *pool, const char *name)
{
    apr_size_t length = 0;

    while (isalnum((unsigned char)name[length]) || (name[length] && strchr("+#-", name[length])))
        length++;
    if (!length || !strncmp(name, "none", 4) || !strncmp(name, "text", 4))
        return NULL;
    if (!strncmp(name, "pycon", length) || !strncmp(name, "default", length))
        return "python";
    return apr_pstrndup(pool, name, length > 24 ? 24 : length);
}

static void code_write(docgen_rst *rst, const directive *d)
{
    const char *language = *d->argument ? language_clean(rst->pool, d->argument) : rst->language;
    const char *caption = docgen_rst_option(d, "caption");

    if (!strcmp(d->name, "prompt") || !strcmp(d->name, "console"))
        language = "sh";
    else if (!strcmp(d->name, "math"))
        language = "math";
    else if (!strncmp(d->name, "test", 4) || !strcmp(d->name, "doctest") ||
             !strncmp(d->name, "ipython", 7))
        language = "python";
    if (caption)
        docgen_rst_line(rst, d->prefix, "**%s**\n", docgen_rst_cell(rst, caption));
    docgen_rst_code(rst, d->content, language, d->prefix);
}

static void highlight_write(docgen_rst *rst, const directive *d)
{
    rst->language = language_clean(rst->pool, d->argument);
}

static const char *include_read(docgen_rst *rst, const char *path)
{
    const char *text;

    if (!rst->context || !rst->context->include || rst->includes >= DOCGEN_RST_INCLUDES)
        return NULL;
    rst->includes++;
    text = rst->context->include(rst->context->baton, rst->pool, path);
    return text && strlen(text) > INCLUDE_BYTES ? apr_pstrndup(rst->pool, text, INCLUDE_BYTES)
                                                : text;
}

/* Only the lines that ":lines:", ":start-after:" … ask for. */
static docgen_lines lines_select(docgen_rst *rst, const directive *d, docgen_lines all)
{
    const char *lines = docgen_rst_option(d, "lines");
    const char *marks[] = {docgen_rst_option(d, "start-after"), docgen_rst_option(d, "start-at"),
                           docgen_rst_option(d, "end-before"), docgen_rst_option(d, "end-at")};
    int from = 0;
    int to = all.count;

    if (lines && isdigit((unsigned char)*lines)) {
        const char *dash = strchr(lines, '-');

        from = atoi(lines) - 1;
        to = !dash ? from + 1 : isdigit((unsigned char)dash[1]) ? atoi(dash + 1) : all.count;
        if (strchr(lines, ',')) /* several ranges: from the first to the last */
            to = atoi(strrchr(lines, '-') > strrchr(lines, ',') ? strrchr(lines, '-') + 1
                                                                : strrchr(lines, ',') + 1);
    }
    for (int i = 0; i < 2 && marks[i]; i++) {
        for (int n = from; n < to; n++) {
            if (strstr(all.line[n], marks[i])) {
                from = n + (i == 0);
                break;
            }
        }
    }
    for (int i = 2; i < 4; i++) {
        for (int n = from; marks[i] && n < to; n++) {
            if (strstr(all.line[n], marks[i])) {
                to = n + (i == 3);
                break;
            }
        }
    }
    from = from < 0 ? 0 : from > all.count ? all.count : from;
    to = to > all.count ? all.count : to < from ? from : to;
    return docgen_rst_dedent(rst->pool, all, from, to);
}

static void literalinclude_write(docgen_rst *rst, const directive *d)
{
    const char *text = include_read(rst, d->argument);
    const char *language = docgen_rst_option(d, "language");

    if (!text) {
        docgen_rst_line(rst, d->prefix, "[%s](<%s>)\n",
                        docgen_markdown_escape(rst->pool, d->argument), d->argument);
        return;
    }
    docgen_rst_code(rst, lines_select(rst, d, docgen_rst_lines(rst->pool, text)),
                    language ? language_clean(rst->pool, language) : rst->language, d->prefix);
}

static void include_write(docgen_rst *rst, const directive *d)
{
    const char *text = include_read(rst, d->argument);
    docgen_lines lines;

    if (!text) {
        docgen_rst_line(rst, d->prefix, "[%s](<%s>)\n",
                        docgen_markdown_escape(rst->pool, d->argument), d->argument);
        return;
    }
    lines = lines_select(rst, d, docgen_rst_lines(rst->pool, text));
    if (docgen_rst_option(d, "literal") || docgen_rst_option(d, "code"))
        docgen_rst_code(rst, lines, docgen_rst_option(d, "code"), d->prefix);
    else if (strstr(d->argument, ".md"))
        docgen_buffer_printf(rst->out, "\n%s\n", docgen_rst_join(rst->pool, lines));
    else
        docgen_rst_blocks(rst, lines, d->prefix);
}

static void image_write(docgen_rst *rst, const directive *d)
{
    const char *alt = docgen_rst_option(d, "alt");
    const char *target = docgen_rst_option(d, "target");
    const char *image = apr_psprintf(
        rst->pool, "![%s](<%s>)", docgen_markdown_escape(rst->pool, alt ? alt : ""), d->argument);

    if (!strpbrk(d->argument, "<>\n")) {
        if (target && !strpbrk(target, "<>\n "))
            image = apr_psprintf(rst->pool, "[%s](<%s>)", image, target);
        docgen_rst_line(rst, d->prefix, "%s\n", image);
    }
    if (!strcmp(d->name, "figure"))
        docgen_rst_content(rst, d);
}

/* Every entry as a link; titles come from the documents. */
static void toctree_write(docgen_rst *rst, const directive *d)
{
    const char *caption = docgen_rst_option(d, "caption");

    if (docgen_rst_option(d, "hidden"))
        return;
    if (caption)
        docgen_rst_line(rst, d->prefix, "**%s**\n", docgen_rst_cell(rst, caption));
    for (int i = 0; i < d->content.count; i++) {
        const char *line = d->content.line[i] + strspn(d->content.line[i], " ");

        if (!*line || *line == ':' || strpbrk(line, "`*"))
            continue;
        if (!strcmp(line, "self"))
            continue;
        docgen_rst_line(rst, d->prefix, "- %s",
                        docgen_rst_cell(rst, apr_psprintf(rst->pool, ":doc:`%s`", line)));
    }
    docgen_buffer_puts(rst->out, "\n");
}

static void rubric_write(docgen_rst *rst, const directive *d)
{
    docgen_rst_line(rst, d->prefix, "\n%s**%s**\n", d->prefix, docgen_rst_cell(rst, d->argument));
    docgen_rst_content(rst, d);
}

static void tab_write(docgen_rst *rst, const directive *d)
{
    if (*d->argument)
        docgen_rst_line(rst, d->prefix, "\n%s**%s**\n", d->prefix,
                        docgen_rst_cell(rst, d->argument));
    docgen_rst_content(rst, d);
}

static void code_tab_write(docgen_rst *rst, const directive *d)
{
    apr_size_t length = strcspn(d->argument, " ");
    const char *title = d->argument + length + strspn(d->argument + length, " ");

    docgen_rst_line(rst, d->prefix, "\n%s**%s**", d->prefix,
                    docgen_markdown_escape(rst->pool, *title ? title : d->argument));
    docgen_rst_code(rst, d->content, language_clean(rst->pool, d->argument), d->prefix);
}

static void details_write(docgen_rst *rst, const directive *d)
{
    docgen_buffer_printf(rst->out, "\n%s<details><summary>%s</summary>\n\n", d->prefix,
                         docgen_html_escape(rst->pool, *d->argument ? d->argument : "Details"));
    docgen_rst_content(rst, d);
    docgen_buffer_printf(rst->out, "\n%s</details>\n\n", d->prefix);
}

static void quote_write(docgen_rst *rst, const directive *d)
{
    docgen_buffer_printf(rst->out, "\n%s<blockquote>\n\n", d->prefix);
    body_write(rst, d);
    docgen_buffer_printf(rst->out, "\n%s</blockquote>\n\n", d->prefix);
}

/* "* - a" begins a row, "  - b" goes on with it. */
static void list_table_write(docgen_rst *rst, const directive *d)
{
    apr_array_header_t *rows = apr_array_make(rst->pool, 16, sizeof(apr_array_header_t *));
    apr_array_header_t *row = NULL;
    const char *header = docgen_rst_option(d, "header-rows");

    if (*d->argument)
        docgen_rst_line(rst, d->prefix, "**%s**\n", docgen_rst_cell(rst, d->argument));
    for (int i = 0; i < d->content.count; i++) {
        const char *line = d->content.line[i];
        int begins = !strncmp(line, "* -", 3);

        if (begins) {
            row = apr_array_make(rst->pool, 4, sizeof(const char *));
            APR_ARRAY_PUSH(rows, apr_array_header_t *) = row;
        }
        if (!row)
            continue;
        if (begins || !strncmp(line, "  -", 3)) {
            const char *text = line + 3 + strspn(line + 3, " ");

            APR_ARRAY_PUSH(row, const char *) = text;
        } else if (*line && row->nelts) {
            const char **last = &APR_ARRAY_IDX(row, row->nelts - 1, const char *);

            *last = apr_pstrcat(rst->pool, *last, " ", line + strspn(line, " "), NULL);
        }
    }
    for (int r = 0; r < rows->nelts; r++) {
        row = APR_ARRAY_IDX(rows, r, apr_array_header_t *);
        for (int c = 0; c < row->nelts; c++)
            APR_ARRAY_IDX(row, c, const char *) =
                docgen_rst_cell(rst, APR_ARRAY_IDX(row, c, const char *));
    }
    docgen_rst_table_write(rst, rows, header && atoi(header) > 0, d->prefix);
}

/* One line of comma-separated values; quotes as usual. */
static apr_array_header_t *csv_row(docgen_rst *rst, const char *line)
{
    apr_array_header_t *row = apr_array_make(rst->pool, 8, sizeof(const char *));
    docgen_buffer *cell = docgen_buffer_create(rst->pool);
    int quoted = 0;

    for (const char *p = line;; p++) {
        if (!*p || (*p == ',' && !quoted)) {
            APR_ARRAY_PUSH(row, const char *) =
                docgen_rst_cell(rst, cell->data + strspn(cell->data, " "));
            docgen_buffer_clear(cell);
            if (!*p)
                break;
        } else if (*p == '"' && quoted && p[1] == '"') {
            docgen_buffer_append(cell, p++, 1);
        } else if (*p == '"') {
            quoted = !quoted;
        } else {
            docgen_buffer_append(cell, p, 1);
        }
    }
    docgen_buffer_free(cell);
    return row;
}

static void csv_table_write(docgen_rst *rst, const directive *d)
{
    apr_array_header_t *rows = apr_array_make(rst->pool, 16, sizeof(apr_array_header_t *));
    const char *header = docgen_rst_option(d, "header");
    const char *header_rows = docgen_rst_option(d, "header-rows");
    const char *file = docgen_rst_option(d, "file");
    const char *text = file ? include_read(rst, file) : NULL;
    docgen_lines lines = text ? docgen_rst_lines(rst->pool, text) : d->content;

    if (*d->argument)
        docgen_rst_line(rst, d->prefix, "**%s**\n", docgen_rst_cell(rst, d->argument));
    if (header)
        APR_ARRAY_PUSH(rows, apr_array_header_t *) = csv_row(rst, header);
    for (int i = 0; i < lines.count && i < 2000; i++) {
        if (*lines.line[i])
            APR_ARRAY_PUSH(rows, apr_array_header_t *) = csv_row(rst, lines.line[i]);
    }
    docgen_rst_table_write(rst, rows, header || header_rows, d->prefix);
}

static void module_note(docgen_rst *rst, const directive *d)
{
    rst->module = *d->argument && strcmp(d->argument, "None") ? d->argument : NULL;
}

static void productions_write(docgen_rst *rst, const directive *d)
{
    docgen_rst_code(rst, d->content, NULL, d->prefix);
}

static const kind kinds[] = {
    {"note", admonition_write},
    {"tip", admonition_write},
    {"hint", admonition_write},
    {"important", admonition_write},
    {"warning", admonition_write},
    {"attention", admonition_write},
    {"caution", admonition_write},
    {"danger", admonition_write},
    {"error", admonition_write},
    {"seealso", admonition_write},
    {"todo", admonition_write},
    {"admonition", titled_write},
    {"topic", titled_write},
    {"sidebar", titled_write},
    {"versionadded", version_write},
    {"versionchanged", version_write},
    {"versionremoved", version_write},
    {"deprecated", version_write},
    {"code-block", code_write},
    {"code", code_write},
    {"sourcecode", code_write},
    {"parsed-literal", code_write},
    {"doctest", code_write},
    {"testcode", code_write},
    {"testoutput", code_write},
    {"prompt", code_write},
    {"console", code_write},
    {"ipython", code_write},
    {"ipython3", code_write},
    {"math", code_write},
    {"highlight", highlight_write},
    {"literalinclude", literalinclude_write},
    {"include", include_write},
    {"image", image_write},
    {"figure", image_write},
    {"toctree", toctree_write},
    {"rubric", rubric_write},
    {"centered", rubric_write},
    {"table", rubric_write},
    {"tab", tab_write},
    {"group-tab", tab_write},
    {"tab-item", tab_write},
    {"card", tab_write},
    {"grid-item-card", tab_write},
    {"code-tab", code_tab_write},
    {"dropdown", details_write},
    {"collapse", details_write},
    {"details", details_write},
    {"epigraph", quote_write},
    {"highlights", quote_write},
    {"pull-quote", quote_write},
    {"list-table", list_table_write},
    {"csv-table", csv_table_write},
    {"productionlist", productions_write},
    {"graphviz", productions_write},
    {"digraph", productions_write},
    {"mermaid", productions_write},
    {"uml", productions_write},
    {"contents", nothing_write},
    {"raw", nothing_write},
    {"index", nothing_write},
    {"meta", nothing_write},
    {"tabularcolumns", nothing_write},
    {"default-role", nothing_write},
    {"role", nothing_write},
    {"currentmodule", module_note},
    {"module", module_note},
    {"testsetup", nothing_write},
    {"testcleanup", nothing_write},
    {"sectnum", nothing_write},
    {"title", nothing_write},
    {"autosummary", nothing_write},
    {"function", docgen_rst_object_write},
    {"class", docgen_rst_object_write},
    {"method", docgen_rst_object_write},
    {"classmethod", docgen_rst_object_write},
    {"staticmethod", docgen_rst_object_write},
    {"attribute", docgen_rst_object_write},
    {"property", docgen_rst_object_write},
    {"data", docgen_rst_object_write},
    {"exception", docgen_rst_object_write},
    {"decorator", docgen_rst_object_write},
    {"decoratormethod", docgen_rst_object_write},
    {"describe", docgen_rst_object_write},
    {"object", docgen_rst_object_write},
    {"option", docgen_rst_object_write},
    {"cmdoption", docgen_rst_object_write},
    {"program", nothing_write},
    {"envvar", docgen_rst_object_write},
    {"confval", docgen_rst_object_write},
    {"setting", docgen_rst_object_write},
    {"macro", docgen_rst_object_write},
    {"struct", docgen_rst_object_write},
    {"union", docgen_rst_object_write},
    {"enum", docgen_rst_object_write},
    {"enumerator", docgen_rst_object_write},
    {"type", docgen_rst_object_write},
    {"member", docgen_rst_object_write},
    {"var", docgen_rst_object_write},
    {"variable", docgen_rst_object_write},
};

/* Takes ":name: value" lines off the beginning of the content. */
static void options_take(directive *d)
{
    int taken = 0;

    for (; taken < d->content.count; taken++) {
        const char *line = d->content.line[taken];
        const char *close = *line == ':' ? strchr(line + 1, ':') : NULL;

        if (!close || close == line + 1 || (close[1] && close[1] != ' ') ||
            strcspn(line + 1, " `") < (apr_size_t)(close - line - 1))
            break;
        apr_hash_set(d->options, line + 1, close - line - 1, close + 1 + strspn(close + 1, " "));
    }
    d->content.line += taken;
    d->content.count -= taken;
    while (taken && d->content.count && !*d->content.line[0]) {
        d->content.line++;
        d->content.count--;
    }
}

int docgen_rst_is_object(const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *plain = colon ? colon + 1 : name;

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(plain, kinds[i].name))
            return kinds[i].write == docgen_rst_object_write;
    }
    return colon != NULL;
}

void docgen_rst_directive(docgen_rst *rst, const char *name, const char *argument,
                          docgen_lines content, const char *prefix)
{
    directive d = {name, argument, apr_hash_make(rst->pool), content, prefix};
    const char *colon = strrchr(name, ':');
    int in_domain = colon != NULL;

    d.name = colon ? colon + 1 : name;
    options_take(&d);
    if (!strncmp(d.name, "auto", 4) && strcmp(d.name, "autosummary")) {
        docgen_rst_auto_write(rst, &d);
        return;
    }
    /* docutils' own "class" directive only names a style. */
    if (!in_domain && !strcmp(d.name, "class") && !strpbrk(argument, "(._") &&
        !isupper((unsigned char)*argument)) {
        docgen_rst_content(rst, &d);
        return;
    }
    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(d.name, kinds[i].name)) {
            kinds[i].write(rst, &d);
            return;
        }
    }
    if (in_domain && *argument)
        docgen_rst_object_write(rst, &d);
    else
        docgen_rst_content(rst, &d);
}
