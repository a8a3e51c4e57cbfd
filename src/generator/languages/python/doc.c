/* Docstrings: Sphinx fields, Google and NumPy sections, and what reStructuredText is in them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/analysis/doc_builder.h"

const char *docgen_docstring_clean(apr_pool_t *pool, const char *text, apr_size_t length)
{
    char *copy = apr_pstrmemdup(pool, text, length), *out, *o;
    int common = -1, first = 1;

    for (apr_size_t i = 0; i < length; i++) {
        copy[i] = copy[i] == '\0' ? ' ' : copy[i];
    }
    for (const char *p = copy; *p; first = 0) {
        int width = (int)strspn(p, " \t");

        p += width;
        if (!first && *p && *p != '\n' && (common < 0 || width < common)) {
            common = width;
        }
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    o = out = apr_palloc(pool, length + 2);
    first = 1;
    for (const char *p = copy; *p; first = 0) {
        apr_size_t line = strcspn(p, "\n"), skip = strspn(p, " \t");

        if (!first && (int)skip > common) {
            skip = common < 0 ? 0 : (apr_size_t)common;
        }
        skip = skip > line ? line : skip;
        memcpy(o, p + skip, line - skip);
        o += line - skip;
        while (o > out && (o[-1] == ' ' || o[-1] == '\t')) {
            o--;
        }
        *o++ = '\n';
        p += line;
        p += *p == '\n';
    }
    while (o > out && isspace((unsigned char)o[-1])) {
        o--;
    }
    *o = '\0';
    return out + strspn(out, "\n");
}

/* `:role:`~a.b.C`` → `C`, ``x`` → `x`, `text <url>`_ → [text](url). */
const char *docgen_doc_inline_rst(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *result;

    for (const char *p = text; *p;) {
        const char *q, *end;

        if (*p == ':' && (p == text || !isalnum((unsigned char)p[-1])) &&
            isalpha((unsigned char)p[1])) {
            for (q = p + 1; isalnum((unsigned char)*q) || *q == ':' || *q == '-' || *q == '+';
                 q++) {
            }
            if (q[-1] == ':' && *q == '`' && (end = strchr(q + 1, '`')) && end - q < 200) {
                const char *angle = memchr(q + 1, '<', (apr_size_t)(end - q - 1));
                const char *name = q + 1;

                if (angle && angle > name + 1) {
                    end = angle - (angle[-1] == ' ');
                }
                if (*name == '~') {
                    for (const char *dot = name; dot < end; dot++) {
                        name = *dot == '.' ? dot + 1 : name;
                    }
                    name += *name == '~';
                } else if (*name == '!') {
                    name++;
                }
                name += *name == '.';
                docgen_buffer_printf(out, "`%.*s`", (int)(end - name), name);
                p = strchr(end, '`') ? strchr(end, '`') + 1 : end;
                continue;
            }
        }
        if (p[0] == '`' && p[1] == '`' && (end = strstr(p + 2, "``")) && end - p < 2000) {
            docgen_buffer_printf(out, "`%.*s`", (int)(end - p - 2), p + 2);
            p = end + 2;
            continue;
        }
        if (p[0] == '`' && (end = strchr(p + 1, '`')) && end[1] == '_' && end[-1] == '>') {
            const char *angle = memchr(p, '<', (apr_size_t)(end - p));

            if (angle && angle > p + 1) {
                docgen_buffer_printf(out, "[%.*s](%.*s)", (int)(angle - p - 1 - (angle[-1] == ' ')),
                                     p + 1, (int)(end - angle - 2), angle + 1);
                p = end + 2 + (end[2] == '_');
                continue;
            }
        }
        docgen_buffer_append(out, p++, 1);
    }
    result = apr_pstrdup(pool, out->data ? out->data : "");
    docgen_buffer_free(out);
    return result;
}

typedef struct heading {
    const char *name;
    const char *kind;
    int items; /* its block lists names */
} heading;

static const heading headings[] = {
    {"Args", "param", 1},
    {"Arguments", "param", 1},
    {"Parameters", "param", 1},
    {"Params", "param", 1},
    {"Other Parameters", "param", 1},
    {"Keyword Args", "param", 1},
    {"Keyword Arguments", "param", 1},
    {"Attributes", "property", 1},
    {"Returns", "return", 0},
    {"Return", "return", 0},
    {"Yields", "yields", 0},
    {"Raises", "raises", 1},
    {"Warns", "raises", 1},
    {"Example", "example", 0},
    {"Examples", "example", 0},
    {"Note", "note", 0},
    {"Notes", "note", 0},
    {"Warning", "warning", 0},
    {"Warnings", "warning", 0},
    {"See Also", "see", 0},
    {"References", "see", 0},
    {"Deprecated", "deprecated", 0},
};

static const heading *find_heading(const char *text, apr_size_t length)
{
    for (unsigned i = 0; i < sizeof(headings) / sizeof(*headings); i++) {
        if (strlen(headings[i].name) == length && !strncmp(headings[i].name, text, length)) {
            return &headings[i];
        }
    }
    return NULL;
}

/* Reading state over the lines of a docstring. */
typedef struct reader {
    docgen_doc_builder *b;
    const heading *section; /* the open Google or NumPy section */
    int numpy;
    apr_size_t indent; /* of a Sphinx field's or directive's own line, or the section's items */
    int sphinx;        /* a Sphinx field is open */
    int code;          /* a literal block (after "::") is open: its indentation */
    int literal_next;
    int blanks; /* blank lines of the literal block that may be its last */
} reader;

static apr_size_t indent_of(const char *line, apr_size_t length)
{
    apr_size_t n = 0;

    while (n < length && (line[n] == ' ' || line[n] == '\t')) {
        n++;
    }
    return n;
}

static const docgen_doc_field *find_named(docgen_doc_builder *b, const char *name)
{
    for (int i = 0; i < b->doc->fields->nelts; i++) {
        docgen_doc_field *field = &APR_ARRAY_IDX(b->doc->fields, i, docgen_doc_field);

        if (field->name && !strcmp(field->name, name)) {
            return field;
        }
    }
    return NULL;
}

/* A name as code says it: "`trim`" and "``*args``" lose their quotes. */
static const char *plain_name(apr_pool_t *pool, const char *name)
{
    char *copy = apr_pstrdup(pool, name), *out = copy;

    for (const char *p = name; *p; p++) {
        if (*p != '`') {
            *out++ = *p;
        }
    }
    *out = '\0';
    return copy;
}

/* A line of a field's text, whose roles and quotes become Markdown's; a session's lines stay as they are. */
static void field_line(reader *r, const char *line, apr_size_t length)
{
    const char *text = apr_pstrmemdup(r->b->pool, line, length);

    if (!(r->section && !strcmp(r->section->kind, "example")) && strncmp(text, ">>>", 3)) {
        text = docgen_doc_inline_rst(r->b->pool, text);
    }
    docgen_doc_line(r->b, text, strlen(text));
}

/* ":param int size: text", "@param size: text" and their kin. */
static int sphinx_field(reader *r, const char *line, apr_size_t length)
{
    apr_size_t indent = indent_of(line, length);
    const char *p = line + indent, *end = line + length;
    const char *colon, *kind = NULL, *name, *type = NULL;
    apr_size_t word;

    if (p >= end || (*p != ':' && *p != '@') ||
        !(colon = memchr(p + 1, ':', (apr_size_t)(end - p - 1))) || colon == p + 1 ||
        (colon + 1 < end && colon[1] == '`')) {
        return 0;
    }
    p++;
    word = strcspn(p, " :");
    name = apr_pstrmemdup(r->b->pool, p + word, (apr_size_t)(colon - p) - word);
    name += strspn(name, " ");
    if ((word == 5 && !strncmp(p, "param", 5)) || (word == 3 && !strncmp(p, "arg", 3)) ||
        (word == 9 && !strncmp(p, "parameter", 9)) || (word == 7 && !strncmp(p, "keyword", 7))) {
        char *space = strrchr(name, ' ');

        kind = "param";
        if (space) {
            type = apr_pstrmemdup(r->b->pool, name, (apr_size_t)(space - name));
            name = space + 1;
        }
    } else if (!strncmp(p, "return", 6)) {
        kind = "return";
    } else if (!strncmp(p, "rais", 4) || !strncmp(p, "exception", 9)) {
        kind = "raises";
    } else if (!strncmp(p, "yield", 5)) {
        kind = "yields";
    } else if (!strncmp(p, "rtype", 5)) {
        kind = "type";
        name = "return";
    } else if (!strncmp(p, "type ", 5)) {
        docgen_doc_field *field = (docgen_doc_field *)find_named(r->b, name);

        const char *rest = colon + 1 + strspn(colon + 1, " ");

        if (field) {
            field->type = apr_pstrmemdup(r->b->pool, rest, (apr_size_t)(end - rest));
            return 1;
        }
        kind = "type";
    } else if ((word == 3 && !strncmp(p, "var", 3)) || !strncmp(p, "ivar", 4) ||
               !strncmp(p, "cvar", 4)) {
        kind = "property";
    } else if (!strncmp(p, "internal", 8) || !strncmp(p, "meta", 4)) {
        kind = "internal";
    } else {
        return 0;
    }
    docgen_doc_open(r->b, kind, plain_name(r->b->pool, name), type);
    colon++;
    colon += strspn(colon, " ");
    field_line(r, colon, colon < end ? (apr_size_t)(end - colon) : 0);
    r->sphinx = 1;
    r->indent = indent;
    r->section = NULL;
    return 1;
}

/* ".. versionadded:: 1.0", ".. deprecated:: 2.0", admonitions; other directives are passed over with their marker. */
static int directive(reader *r, const char *line, apr_size_t length)
{
    static const char *const names[][2] = {
        {"versionadded", "since"},
        {"versionchanged", "changed"},
        {"deprecated", "deprecated"},
        {"note", "note"},
        {"warning", "warning"},
        {"admonition", "note"},
        {"seealso", "see"},
        {"caution", "warning"},
        {"danger", "warning"},
        {"important", "note"},
        {"tip", "note"},
        {"hint", "note"},
        {"todo", "internal"},
        {"image", "internal"},
        {"figure", "internal"},
    };
    apr_size_t indent = indent_of(line, length), word;
    const char *p = line + indent, *end = line + length;

    if (strncmp(p, ".. ", 3)) {
        return 0;
    }
    p += 3;
    word = strcspn(p, ":\n");
    if (p + word + 1 >= end + 1 || strncmp(p + word, "::", 2)) {
        docgen_doc_open(r->b, "internal", NULL, NULL); /* a comment or a target */
    } else if ((word == 10 && !strncmp(p, "code-block", 10)) ||
               (word == 10 && !strncmp(p, "sourcecode", 10)) ||
               (word == 4 && !strncmp(p, "code", 4))) {
        docgen_doc_line(r->b, "", 0);
        r->literal_next = (int)indent + 1;
        return 1;
    } else {
        const char *kind = "note";

        for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
            if (strlen(names[i][0]) == word && !strncmp(names[i][0], p, word)) {
                kind = names[i][1];
            }
        }
        docgen_doc_open(r->b, kind, NULL, NULL);
        p += word + 2;
        p += strspn(p, " ");
        docgen_doc_line(r->b, p, p < end ? (apr_size_t)(end - p) : 0);
    }
    r->sphinx = 1;
    r->indent = indent;
    r->section = NULL;
    return 1;
}

static int is_underline(const char *line)
{
    apr_size_t n = strspn(line, "-=~");

    return n >= 3 && (line[n] == '\n' || line[n] == '\0');
}

/* Is it about what comes out? NumPy lists its parts as it lists parameters. */
static int is_result(const heading *section)
{
    return !strcmp(section->kind, "return") || !strcmp(section->kind, "yields");
}

/* "Args:" (Google) or "Parameters" over a rule (NumPy). Returns the lines used up. */
static int section_start(reader *r, const char *line, apr_size_t length, const char *next)
{
    const heading *h;
    apr_size_t indent = indent_of(line, length);
    int google = length > indent + 1 && line[length - 1] == ':';
    int numpy = !google && length > 0 && is_underline(next);

    if (!google && !numpy) {
        return 0;
    }
    h = find_heading(line + indent, length - indent - (google ? 1 : 0));
    if (!h || (google && indent_of(next, strcspn(next, "\n")) <= indent && *next != '\n')) {
        return 0;
    }
    docgen_doc_prose(r->b);
    r->section = h;
    r->numpy = numpy;
    r->sphinx = 0;
    r->indent = numpy ? 0 : (apr_size_t)-1;
    if (!h->items && !(numpy && is_result(h))) {
        docgen_doc_open(r->b, h->kind, NULL, NULL);
    }
    return numpy ? 2 : 1;
}

/* "name (type, optional): text" (Google) or "name : type" (NumPy). */
static void section_item(reader *r, const char *p, apr_size_t length)
{
    const char *end = p + length, *colon = NULL, *name, *type = NULL, *paren;
    int depth = 0;

    for (const char *q = p; q < end && !colon; q++) {
        depth += (*q == '(' || *q == '[') - (*q == ')' || *q == ']');
        if (*q == ':' && depth == 0) {
            colon = q;
        }
    }
    name = apr_pstrmemdup(r->b->pool, p, (apr_size_t)((colon ? colon : end) - p));
    name += strspn(name, " ");
    for (apr_size_t n = strlen(name); n > 0 && name[n - 1] == ' '; n--) {
        ((char *)name)[n - 1] = '\0';
    }
    if (r->numpy) {
        if (colon) {
            type = apr_pstrmemdup(r->b->pool, colon + 1, (apr_size_t)(end - colon - 1));
            type += strspn(type, " ");
        }
        if (is_result(r->section)) { /* "name : type", or the type alone */
            docgen_doc_open(r->b, r->section->kind, colon ? name : NULL, colon ? type : name);
        } else {
            docgen_doc_open(r->b, r->section->kind, plain_name(r->b->pool, name), type);
        }
        return;
    }
    paren = strchr(name, '(');
    if (paren && paren > name && name[strlen(name) - 1] == ')') {
        type = apr_pstrmemdup(r->b->pool, paren + 1, strlen(paren) - 2);
        name = apr_pstrmemdup(r->b->pool, name, (apr_size_t)(paren - name) - (paren[-1] == ' '));
    }
    docgen_doc_open(r->b, r->section->kind, plain_name(r->b->pool, name), type);
    if (colon) {
        colon++;
        colon += strspn(colon, " ");
        field_line(r, colon, colon < end ? (apr_size_t)(end - colon) : 0);
    }
}

/* A line inside an open section. Returns 0 when the section ends before it. */
static int section_line(reader *r, const char *line, apr_size_t length)
{
    apr_size_t indent = indent_of(line, length);

    if (length == indent) {
        docgen_doc_line(r->b, "", 0);
        return 1;
    }
    if (r->indent == (apr_size_t)-1) {
        r->indent = indent; /* the first line of a Google block sets its depth */
    }
    if (!r->numpy && indent < r->indent) {
        return 0;
    }
    if ((r->section->items || (r->numpy && is_result(r->section))) && indent == r->indent) {
        section_item(r, line + indent, length - indent);
    } else {
        apr_size_t cut = r->section->items || (r->numpy && is_result(r->section)) ? indent
                         : indent < r->indent                                     ? indent
                                                                                  : r->indent;

        field_line(r, line + cut, length - cut);
    }
    return 1;
}

static void end_code(reader *r)
{
    if (r->code) {
        docgen_doc_line(r->b, "```", 3);
        docgen_doc_line(r->b, "", 0);
    }
    r->code = r->blanks = 0;
}

static int is_rule(const char *line, apr_size_t length)
{
    apr_size_t n = 0;

    while (n < length && line[n] == line[0]) {
        n++;
    }
    return n == length && n >= 3 && strchr("=-~^\"'*+#", line[0]);
}

/* Prose: "::" opens a literal block that is fenced, "Title / ----" becomes a bold line. */
static void prose_line(reader *r, const char *line, apr_size_t length)
{
    apr_size_t indent = indent_of(line, length);
    const char *text;

    if (!r->code && length > indent && is_rule(line + indent, length - indent)) {
        return; /* under a title; its text stays */
    }
    if (r->literal_next && length > indent) {
        if ((int)indent < r->literal_next) {
            r->literal_next = 0;
        } else if (line[indent] == ':' && !r->code && isalpha((unsigned char)line[indent + 1])) {
            return; /* an option of code-block */
        } else {
            docgen_doc_line(r->b, "```python", 9);
            r->code = (int)indent;
            r->literal_next = 0;
        }
    } else if (r->code && length > indent && (int)indent < r->code) {
        end_code(r);
    }
    if (r->code && length == indent) {
        r->blanks++;
        return;
    }
    if (r->code) {
        apr_size_t cut = indent < (apr_size_t)r->code ? indent : (apr_size_t)r->code;

        for (; r->blanks > 0; r->blanks--) {
            docgen_doc_line(r->b, "", 0);
        }
        docgen_doc_line(r->b, line + cut, length - cut);
        return;
    }
    text = docgen_doc_inline_rst(r->b->pool, apr_pstrmemdup(r->b->pool, line, length));
    length = strlen(text);
    if (length >= 2 && !strcmp(text + length - 2, "::")) {
        length -= length >= 3 && text[length - 3] != ' ' && text[0] != ':' ? 1 : 2;
        r->literal_next = (int)indent + 1;
    }
    docgen_doc_line(r->b, text, length);
}

void docgen_doc_python(docgen_doc_builder *builder, const char *text)
{
    reader r = {.b = builder};

    while (*text) {
        apr_size_t length = strcspn(text, "\n"), indent = indent_of(text, length);
        const char *next = text + length + (text[length] == '\n');
        int used;

        if (r.code && (length == indent || (int)indent >= r.code)) {
            prose_line(&r, text, length);
        } else if ((used = section_start(&r, text, length, next)) > 0) {
            end_code(&r);
            if (used == 2) {
                next += strcspn(next, "\n");
                next += *next == '\n';
            }
        } else if (r.section && section_line(&r, text, length)) {
            /* taken */
        } else {
            if (r.code && length > indent) {
                end_code(&r);
            }
            if (r.section || (r.sphinx && length > indent && indent <= r.indent)) {
                end_code(&r);
                docgen_doc_prose(builder);
                r.section = NULL;
                r.sphinx = 0;
            }
            if (!sphinx_field(&r, text, length) && !directive(&r, text, length)) {
                apr_size_t cut = r.sphinx && indent > r.indent ? indent - r.indent : 0;

                cut = cut > 3 ? 3 : cut;
                prose_line(&r, text + cut, length - cut);
            }
        }
        text = next;
    }
    end_code(&r);
}
