/* SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/signature.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"
#include "generator/sections/reference.h"

enum {
    LINE_MAX_BYTES = 76, /* what fits into the column of a page */
    PARAMETERS_MAX = 200,
    LINKS_MAX = 60, /* of one block */
    NAME_BYTES = 200
};

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Behind the string or character that begins at `p`; `p` itself when a single quote opens none (a lifetime). */
static const char *string_end(const char *p)
{
    char quote = *p;
    const char *end = p + 1;

    if (quote == '\'') {
        while (is_word(*end))
            end++;
        if (*end != '\'' && end > p + 1)
            return p;
        end = p + 1;
    }
    for (; *end && *end != quote; end++) {
        if (*end == '\\' && end[1])
            end++;
    }
    return *end ? end + 1 : p;
}

/* Does an angle bracket at `p` open a list of types: directly behind a name? */
static int opens_types(const char *text, const char *p)
{
    return p > text && (is_word(p[-1]) || p[-1] == ':');
}

static int closes_types(const char *text, const char *p)
{
    return p > text && p[-1] != '-' && p[-1] != '=';
}

/* Where the bracket at `open` closes, or NULL. `commas` receives those of its own depth, at most PARAMETERS_MAX. */
static const char *bracket_end(const char *text, const char *open, apr_array_header_t *commas)
{
    int depth = 0, angles = 0;

    for (const char *p = open; *p; p++) {
        if (*p == '"' || *p == '\'' || *p == '`') {
            const char *end = string_end(p);

            p = end > p ? end - 1 : p;
        } else if (strchr("([{", *p)) {
            depth++;
        } else if (strchr(")]}", *p)) {
            if (--depth == 0)
                return p;
        } else if (*p == '<' && depth && opens_types(text, p)) {
            angles++;
        } else if (*p == '>' && angles && closes_types(text, p)) {
            angles--;
        } else if (*p == ',' && depth == 1 && angles == 0 && commas->nelts < PARAMETERS_MAX) {
            APR_ARRAY_PUSH(commas, const char *) = p;
        }
    }
    return NULL;
}

/* The parenthesis of the parameters: behind the name and its type parameters, else the first one. */
static const char *parameters_open(const char *text, const char *name)
{
    apr_size_t length = strlen(name);

    for (const char *at = strstr(text, name); at && length; at = strstr(at + 1, name)) {
        const char *p = at + length;
        int angles = 0;

        if ((at > text && is_word(at[-1])) || is_word(*p))
            continue;
        if (*p == '<' || *p == '[') {
            for (; *p; p++) {
                angles += *p == '<' || *p == '[';
                angles -= (*p == '>' && closes_types(text, p)) || *p == ']';
                if (!angles)
                    break;
            }
            p += *p != '\0';
        }
        p += strspn(p, " ");
        if (*p == '(')
            return p;
    }
    return strchr(text, '(');
}

/* On one line: white space outside strings becomes one blank, and none inside the ends of brackets. */
static const char *joined(apr_pool_t *pool, const char *text)
{
    char *line = apr_palloc(pool, strlen(text) + 1), *out = line;

    while (*text) {
        if (*text == '"' || *text == '\'' || *text == '`') {
            const char *end = string_end(text);

            end = end > text ? end : text + 1;
            memcpy(out, text, (size_t)(end - text));
            out += end - text;
            text = end;
        } else if (isspace((unsigned char)*text)) {
            int broken = 0;

            for (; isspace((unsigned char)*text); text++)
                broken |= *text == '\n';
            if (!broken || (out > line && !strchr("([", out[-1]) && !strchr(")]", *text)))
                *out++ = ' ';
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
    return line;
}

/* What follows the parameters; bounds of types behind "where" get a line each. */
static void bounds_write(docgen_buffer *out, const char *text)
{
    const char *where = strlen(text) > LINE_MAX_BYTES / 2 ? strstr(text, " where ") : NULL;
    int depth = 0;

    if (!where) {
        docgen_buffer_puts(out, text);
        return;
    }
    docgen_buffer_append(out, text, (apr_size_t)(where - text));
    docgen_buffer_puts(out, "\nwhere\n    ");
    for (const char *p = where + 7; *p; p++) {
        depth += strchr("(<[{", *p) != NULL;
        depth -= strchr(")]}", *p) != NULL || (*p == '>' && p[-1] != '-' && p[-1] != '=');
        docgen_buffer_append(out, p, 1);
        if (*p == ',' && depth == 0 && p[1]) {
            docgen_buffer_puts(out, "\n    ");
            p += strspn(p + 1, " ");
        }
    }
}

/* One signature with a line for each parameter, when one line is too long. */
static const char *wrapped(apr_pool_t *pool, const char *text, const char *name)
{
    apr_array_header_t *commas = apr_array_make(pool, 8, sizeof(const char *));
    const char *line = joined(pool, text);
    const char *open, *close, *from;
    docgen_buffer *out;

    if (strlen(line) <= LINE_MAX_BYTES)
        return line;
    open = parameters_open(line, name);
    close = open ? bracket_end(line, open, commas) : NULL;
    if (!close || close == open + 1)
        return text;
    out = docgen_buffer_create(pool);
    docgen_buffer_append(out, line, (apr_size_t)(open + 1 - line));
    from = open + 1;
    for (int i = 0; i <= commas->nelts; i++) {
        const char *end = i < commas->nelts ? APR_ARRAY_IDX(commas, i, const char *) + 1 : close;

        from += strspn(from, " ");
        if (from < end)
            docgen_buffer_printf(out, "\n    %s",
                                 apr_pstrmemdup(pool, from, (apr_size_t)(end - from)));
        from = end;
    }
    docgen_buffer_puts(out, "\n");
    bounds_write(out, close);
    return out->data;
}

static int is_called(const docgen_symbol *symbol)
{
    static const char *const kinds[] = {"function", "method", "macro", "constructor"};

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(symbol->kind, kinds[i]))
            return 1;
    }
    return 0;
}

const char *docgen_signature_text(apr_pool_t *pool, const docgen_symbol *symbol)
{
    const char *text = symbol->signature ? symbol->signature : symbol->name;
    const char *name = strrchr(symbol->name, '.');
    const char *rest = text;

    name = name && name[1] ? name + 1 : symbol->name;
    /* Of a type its lines are its own: fields stand one below the other. */
    if (!is_called(symbol) || strchr(text, ';') || strchr(text, '#') || strstr(text, "//"))
        return text;
    while (*rest == '@' && strchr(rest, '\n')) /* annotations on lines of their own stay there */
        rest = strchr(rest, '\n') + 1;
    return apr_pstrcat(pool, apr_pstrmemdup(pool, text, (apr_size_t)(rest - text)),
                       wrapped(pool, rest, name), NULL);
}

static int is_type(const docgen_symbol *symbol)
{
    static const char *const kinds[] = {"class",  "struct",   "union",      "enum",
                                        "type",   "trait",    "interface",  "record",
                                        "object", "protocol", "annotation", "concept"};

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(symbol->kind, kinds[i]))
            return 1;
    }
    return 0;
}

/* Is a module one that another one depends on, or itself: only then a name there means what it offers? */
static int is_seen_from(const docgen_module *from, const docgen_module *module)
{
    if (from == module)
        return 1;
    for (int i = 0; from && from->uses && i < from->uses->nelts; i++) {
        if (APR_ARRAY_IDX(from->uses, i, docgen_module *) == module)
            return 1;
    }
    return 0;
}

/* The type that a word of a signature names, or NULL. */
static const docgen_symbol *type_find(docgen_code_page *page, const docgen_symbol *symbol,
                                      const char *word, apr_size_t length)
{
    const docgen_symbol *type;

    if (length < 3 || length > NAME_BYTES)
        return NULL;
    type =
        docgen_reference_symbol(page->site, page->pool, apr_pstrmemdup(page->pool, word, length));
    return type && type != symbol && type != symbol->parent && type->page && type->anchor &&
                   is_type(type) && type->file->lang == symbol->file->lang &&
                   is_seen_from(symbol->module, type->module)
               ? type
               : NULL;
}

/* Is the word at `p` the name of a parameter: before a colon, or behind its type and before what ends it? */
static int is_parameter(const char *text, const char *p, apr_size_t length)
{
    const char *next = p + length + strspn(p + length, " ");
    const char *before = p;

    if (*next == ':' && next[1] != ':')
        return 1;
    while (before > text && strchr(" *&", before[-1]))
        before--;
    return before < p && before > text && is_word(before[-1]) && *next && strchr(",)=[", *next) &&
           !isupper((unsigned char)*p);
}

static void link_write(docgen_code_page *page, docgen_buffer *out, const docgen_symbol *type,
                       const char *word, apr_size_t length)
{
    docgen_buffer_puts(out, "<a href=\"");
    docgen_buffer_html(out, docgen_site_href(page->pool, page->path, type->page, type->anchor));
    docgen_buffer_puts(out, "\">");
    docgen_buffer_html_n(out, word, length);
    docgen_buffer_puts(out, "</a>");
}

static const char *linked(docgen_code_page *page, const docgen_symbol *symbol, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(page->pool);
    int links = 0;

    for (const char *p = text; *p;) {
        apr_size_t length = 0;
        const docgen_symbol *type = NULL;

        if (*p == '"') {
            const char *end = string_end(p);

            length = end > p ? (apr_size_t)(end - p) : 1;
        } else if (is_word(*p) && (p == text || p[-1] != '.')) {
            while (is_word(p[length]))
                length++;
            if (links < LINKS_MAX && !is_parameter(text, p, length))
                type = type_find(page, symbol, p, length);
        } else {
            length = 1;
        }
        if (type && ++links)
            link_write(page, out, type, p, length);
        else
            docgen_buffer_html_n(out, p, length);
        p += length;
    }
    return out->data;
}

void docgen_signature_write(docgen_code_page *page, const docgen_symbol *symbol, const char *text)
{
    const char *language = docgen_code_language(symbol->file->lang);
    docgen_buffer *fence;

    if (!page->draft) {
        docgen_code_block(page->out, text, language);
        return;
    }
    docgen_draft_text(page->draft, page->out->data);
    docgen_buffer_clear(page->out);
    fence = docgen_buffer_create(page->pool);
    docgen_code_block(fence, text, language);
    docgen_draft_code(page->draft, fence->data, language, linked(page, symbol, text));
}
