/* Doxygen and JSDoc tags, godoc and rustdoc; docstrings are in doc_python.c.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/analysis/doc_builder.h"

#define SUMMARY_MAX 500 /* a longer first paragraph is cut after its first sentence */

void docgen_doc_begin(docgen_doc_builder *builder, apr_pool_t *pool)
{
    builder->pool = pool;
    builder->doc = apr_pcalloc(pool, sizeof(docgen_doc));
    builder->doc->fields = apr_array_make(pool, 2, sizeof(docgen_doc_field));
    builder->text = docgen_buffer_create(pool);
    builder->prose = docgen_buffer_create(pool);
    builder->field = NULL;
    builder->dropped = 0;
}

/* The text without blank lines around it, from the pool. */
static const char *trim_lines(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const char *end = text + length, *p;

    for (p = text; p < end && isspace((unsigned char)*p); p++) {
        if (*p == '\n') {
            text = p + 1;
        }
    }
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    return apr_pstrmemdup(pool, text, (apr_size_t)(end - text));
}

static void close_part(docgen_doc_builder *builder)
{
    const char *text = trim_lines(builder->pool, builder->text->data ? builder->text->data : "",
                                  builder->text->length);

    if (builder->field) {
        builder->field->text = text;
    } else if (!builder->dropped && *text) {
        docgen_buffer_puts(builder->prose, text);
        docgen_buffer_puts(builder->prose, "\n\n");
    }
    docgen_buffer_clear(builder->text);
    builder->field = NULL;
    builder->dropped = 0;
}

docgen_doc_field *docgen_doc_open(docgen_doc_builder *builder, const char *kind, const char *name,
                                  const char *type)
{
    close_part(builder);
    builder->field = apr_array_push(builder->doc->fields);
    *builder->field =
        (docgen_doc_field){kind, name && *name ? apr_pstrdup(builder->pool, name) : NULL,
                           type && *type ? apr_pstrdup(builder->pool, type) : NULL, ""};
    return builder->field;
}

void docgen_doc_prose(docgen_doc_builder *builder)
{
    close_part(builder);
}

void docgen_doc_line(docgen_doc_builder *builder, const char *line, apr_size_t length)
{
    docgen_buffer_append(builder->text, line, length);
    docgen_buffer_append(builder->text, "\n", 1);
}

/* Where the first sentence ends: a full stop before white space, not after "e.g", "i.e" or an initial. */
static apr_size_t sentence_end(const char *text, apr_size_t length)
{
    for (apr_size_t i = 1; i < length; i++) {
        if ((text[i] == '.' || text[i] == '!' || text[i] == '?') &&
            (i + 1 == length || isspace((unsigned char)text[i + 1])) &&
            !(i >= 2 && text[i - 2] == '.') && !(i >= 3 && !strncmp(text + i - 2, "vs", 2)) &&
            !(i >= 3 && !strncmp(text + i - 3, "etc", 3)) && text[i - 1] != '.') {
            return i + 1;
        }
    }
    return length;
}

/* Headings inside a doc comment would enter the page's outline: they become bold lines. Fences are left alone. */
static const char *flatten_headings(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    int fence = 0;
    const char *result;

    while (*text) {
        apr_size_t length = strcspn(text, "\n"), marks = 0;
        const char *p = text + strspn(text, " ");

        if (!strncmp(p, "```", 3) || !strncmp(p, "~~~", 3)) {
            fence = !fence;
        }
        if (!fence && length == 0 && *text && out->length > 1 &&
            !strcmp(out->data + out->length - 2, "\n\n")) {
            text++; /* one blank line is enough */
            continue;
        }
        while (p[marks] == '#') {
            marks++;
        }
        if (!fence && p - text < 4 && marks > 0 && marks < 7 && p[marks] == ' ') {
            const char *end = text + length;

            p += marks;
            p += strspn(p, " ");
            while (end > p && (end[-1] == '#' || end[-1] == ' ')) {
                end--;
            }
            if (end > p) {
                docgen_buffer_printf(
                    out, "%s**%.*s**%s",
                    out->length > 1 && out->data[out->length - 2] != '\n' ? "\n" : "",
                    (int)(end - p), p, text[length] && text[length + 1] != '\n' ? "\n" : "");
            }
        } else {
            docgen_buffer_append(out, text, length);
        }
        text += length;
        if (*text) {
            docgen_buffer_append(out, "\n", 1);
            text++;
        }
    }
    if (fence) {
        docgen_buffer_puts(out, "\n```"); /* never let an open fence swallow the page */
    }
    result = trim_lines(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

const docgen_doc *docgen_doc_end(docgen_doc_builder *builder)
{
    docgen_doc *doc = builder->doc;
    const char *prose, *stop;
    apr_size_t first, length;
    int titled;

    close_part(builder);
    titled = builder->prose->data && !strncmp(builder->prose->data, "# ", 2);
    prose = flatten_headings(builder->pool, builder->prose->data ? builder->prose->data : "");
    docgen_buffer_free(builder->prose);
    docgen_buffer_free(builder->text);
    for (int i = 0; i < doc->fields->nelts; i++) {
        docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        field->text = flatten_headings(builder->pool, field->text);
    }
    if (!*prose && doc->fields->nelts == 0) {
        return NULL;
    }
    stop = strstr(prose, "\n\n");
    if (titled && stop) { /* a title says no more than the name: the text below is the summary */
        prose = stop + 2;
        stop = strstr(prose, "\n\n");
    }
    first = stop ? (apr_size_t)(stop - prose) : strlen(prose);
    length = first;
    if (!strncmp(prose, "```", 3) || !strncmp(prose, "    ", 4)) {
        length = 0; /* code first: no summary to take */
    } else if (first > SUMMARY_MAX) {
        length = sentence_end(prose, first);
    }
    doc->summary = apr_pstrmemdup(builder->pool, prose, length);
    doc->body = trim_lines(builder->pool, prose + length, strlen(prose + length));
    return doc;
}

const docgen_doc_field *docgen_doc_find(const docgen_doc *doc, const char *kind)
{
    for (int i = 0; doc && i < doc->fields->nelts; i++) {
        const docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        if (!strcmp(field->kind, kind)) {
            return field;
        }
    }
    return NULL;
}

/* What a block tag means. `kind` NULL: its line is dropped; "": its text joins the prose. */
typedef struct tag {
    const char *name;
    const char *kind;
    char argument; /* 'n' = a name follows, 'x' = an exception, 0 = none */
} tag;

static const tag tags[] = {
    {"brief", "", 0},
    {"short", "", 0},
    {"details", "", 0},
    {"description", "", 0},
    {"desc", "", 0},
    {"remarks", "", 0},
    {"remark", "", 0},
    {"summary", "", 0},
    {"fileoverview", "", 0},
    {"overview", "", 0},
    {"par", "", 0},
    {"privateRemarks", NULL, 0},
    {"param", "param", 'n'},
    {"arg", "param", 'n'},
    {"argument", "param", 'n'},
    {"tparam", "tparam", 'n'},
    {"typeParam", "tparam", 'n'},
    {"template", "tparam", 'n'},
    {"property", "property", 'n'},
    {"prop", "property", 'n'},
    {"return", "return", 0},
    {"returns", "return", 0},
    {"result", "return", 0},
    {"retval", "retval", 'n'},
    {"yields", "yields", 0},
    {"throws", "throws", 'x'},
    {"throw", "throws", 'x'},
    {"exception", "throws", 'x'},
    {"since", "since", 0},
    {"version", "version", 0},
    {"deprecated", "deprecated", 0},
    {"see", "see", 0},
    {"sa", "see", 0},
    {"note", "note", 0},
    {"warning", "warning", 0},
    {"attention", "warning", 0},
    {"bug", "note", 0},
    {"pre", "precondition", 0},
    {"post", "postcondition", 0},
    {"invariant", "invariant", 0},
    {"example", "example", 0},
    {"default", "default", 0},
    {"defaultValue", "default", 0},
    {"defaultvalue", "default", 0},
    {"type", "type", 0},
    {"experimental", "experimental", 0},
    {"beta", "experimental", 0},
    {"alpha", "experimental", 0},
    {"internal", "internal", 0},
    {"private", "internal", 0},
    {"hidden", "internal", 0},
};

/* Tags of one line without a meaning for readers of a page about the symbol. */
static const char *const silent[] = {
    "file",
    "fn",
    "def",
    "struct",
    "enum",
    "union",
    "var",
    "typedef",
    "class",
    "function",
    "method",
    "name",
    "defgroup",
    "ingroup",
    "addtogroup",
    "weakgroup",
    "author",
    "authors",
    "date",
    "package",
    "module",
    "namespace",
    "memberof",
    "memberOf",
    "api",
    "public",
    "protected",
    "static",
    "export",
    "exports",
    "async",
    "constructor",
    "constant",
    "const",
    "license",
    "licence",
    "copyright",
    "override",
    "readonly",
    "abstract",
    "access",
    "kind",
    "inner",
    "instance",
    "lends",
    "mixin",
    "extends",
    "augments",
    "implements",
    "interface",
    "callback",
    "event",
    "fires",
    "ignore",
    "packageDocumentation",
    "headerfile",
    "relates",
    "relatedalso",
    "callgraph",
    "callergraph",
    "{",
    "}",
    "this",
    "enduml",
    "sealed",
    "virtual",
    "eventProperty",
    "category",
    "group",
    "todo",
};

static const tag *find_tag(const char *name, apr_size_t length)
{
    for (unsigned i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
        if (strlen(tags[i].name) == length && !memcmp(tags[i].name, name, length)) {
            return &tags[i];
        }
    }
    return NULL;
}

static int is_silent(const char *name, apr_size_t length)
{
    for (unsigned i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
        if (strlen(silent[i]) == length && !memcmp(silent[i], name, length)) {
            return 1;
        }
    }
    return 0;
}

/* "{type}" at `*p`, braces balanced; NULL when there is none. */
static const char *take_type(apr_pool_t *pool, const char **p, const char *end)
{
    const char *start = *p, *q = start;
    int depth = 0;

    if (start >= end || *start != '{') {
        return NULL;
    }
    for (; q < end; q++) {
        depth += (*q == '{') - (*q == '}');
        if (depth == 0) {
            *p = q + 1;
            while (*p < end && (**p == ' ' || **p == '\t')) {
                (*p)++;
            }
            return apr_pstrmemdup(pool, start + 1, (apr_size_t)(q - start) - 1);
        }
    }
    return NULL;
}

/* A parameter's name: "name", "[name=default]", "a,b"; moves past it and a following dash. */
static const char *take_name(apr_pool_t *pool, const char **p, const char *end)
{
    const char *start = *p, *q = start, *name;
    int depth = 0;

    for (; q < end && (depth > 0 || !isspace((unsigned char)*q)); q++) {
        depth += (*q == '[') - (*q == ']');
    }
    name = apr_pstrmemdup(pool, start, (apr_size_t)(q - start));
    if (*name == '[') {
        name = apr_pstrmemdup(pool, name + 1, strcspn(name + 1, "=]"));
    }
    while (q < end && isspace((unsigned char)*q)) {
        q++;
    }
    if (q + 1 < end && (*q == '-' || *q == ':') && q[1] == ' ') {
        q += 2;
    }
    *p = q;
    return name;
}

/* Inline tags as Markdown: {@link X}, @c x, \p x, \ref x. */
static void inline_tags(docgen_doc_builder *b, const char *p, const char *end)
{
    docgen_buffer *out = b->text;

    while (p < end) {
        const char *q;

        if (end - p > 7 && !strncmp(p, "{@link", 6) &&
            (q = memchr(p, '}', (apr_size_t)(end - p)))) {
            const char *text = memchr(p, ' ', (apr_size_t)(q - p));

            text = text ? text + 1 : q;
            docgen_buffer_printf(out, "`%.*s`", (int)(q - text), text);
            p = q + 1;
        } else if ((*p == '@' || *p == '\\') && end - p > 3 && strchr("cpaebn", p[1]) &&
                   p[2] == ' ') {
            for (q = p + 3; q < end && !isspace((unsigned char)*q) && !strchr(",;)", *q); q++) {
            }
            while (q > p + 3 && strchr(".:", q[-1])) {
                q--;
            }
            docgen_buffer_printf(out, strchr("cpa", p[1]) ? "`%.*s`" : "*%.*s*", (int)(q - p - 3),
                                 p + 3);
            p = q;
        } else if (end - p > 5 && (!strncmp(p, "@ref ", 5) || !strncmp(p, "\\ref ", 5))) {
            for (q = p + 5; q < end && !isspace((unsigned char)*q) && !strchr(",;)", *q); q++) {
            }
            docgen_buffer_printf(out, "`%.*s`", (int)(q - p - 5), p + 5);
            p = q;
        } else {
            docgen_buffer_append(out, p++, 1);
        }
    }
    docgen_buffer_append(out, "\n", 1);
}

/* Is the first word the name of a class, not the beginning of a sentence ("@throws when it is empty")? */
static int names_exception(const char *p, const char *end)
{
    for (; p < end && !isspace((unsigned char)*p); p++) {
        if (isupper((unsigned char)*p) || *p == '_' || *p == ':') {
            return 1;
        }
    }
    return 0;
}

static void open_tag(docgen_doc_builder *b, const tag *t, const char *p, const char *end)
{
    const char *type, *name = NULL;

    if (*p == '[' && t->argument == 'n') { /* Doxygen's [in,out] */
        while (p < end && *p != ']') {
            p++;
        }
        p += p < end;
    }
    while (p < end && (*p == ' ' || *p == '\t' || *p == ':')) {
        p++;
    }
    if (!t->kind) {
        docgen_doc_prose(b);
        b->dropped = 1;
        return;
    }
    if (!*t->kind) {
        docgen_doc_prose(b);
        inline_tags(b, p, end);
        return;
    }
    type = take_type(b->pool, &p, end);
    if (t->argument == 'n' || (t->argument == 'x' && !type && names_exception(p, end))) {
        name = take_name(b->pool, &p, end);
    } else if (t->argument == 'x') {
        name = type;
        type = NULL;
    } else if (p + 2 < end && p[0] == '-' && p[1] == ' ') {
        p += 2;
    }
    docgen_doc_open(b, t->kind, name, type);
    inline_tags(b, p, end);
}

static int is_word(const char *p, const char *end, const char *a, const char *b)
{
    const char *words[2] = {a, b};

    for (int i = 0; i < 2; i++) {
        apr_size_t length = strlen(words[i]);

        if ((apr_size_t)(end - p) >= length && !memcmp(p, words[i], length)) {
            return 1;
        }
    }
    return 0;
}

static void parse_tags(docgen_doc_builder *b, const char *text)
{
    int code = 0;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *end = text + length, *p = text, *word;
        const tag *t;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }
        for (word = p + 1; word < end && isalpha((unsigned char)*word); word++) {
        }
        if (is_word(p, end, "@code", "\\code") || is_word(p, end, "@verbatim", "\\verbatim")) {
            docgen_doc_line(b, "```", 3);
            code = 1;
        } else if (is_word(p, end, "@endcode", "\\endcode") ||
                   is_word(p, end, "@endverbatim", "\\endverbatim")) {
            docgen_doc_line(b, "```", 3);
            code = 0;
        } else if (!strncmp(p, "```", 3)) {
            code = !code;
            docgen_doc_line(b, text, length);
        } else if (code) {
            docgen_doc_line(b, text, length);
        } else if (p < end && (*p == '@' || *p == '\\') &&
                   (t = find_tag(p + 1, (apr_size_t)(word - p - 1)))) {
            open_tag(b, t, word, end);
        } else if (p + 1 < end && (*p == '@' || *p == '\\') &&
                   (is_silent(p + 1, (apr_size_t)(word - p - 1)) || p[1] == '{' || p[1] == '}')) {
            docgen_doc_prose(b);
            b->dropped = strchr("al", p[1]) != NULL && p[1] != 'a';
        } else {
            inline_tags(b, text, end);
        }
        text = end + (*end == '\n');
        if (!code && b->field && *text == '\n' && !strcmp(b->field->kind, "type")) {
            docgen_doc_prose(b);
        }
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}

/* godoc: indented lines are code, "# X" a heading, "Deprecated: …" a paragraph of its own. */
static void parse_go(docgen_doc_builder *b, const char *text)
{
    int code = 0, blank = 1;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *mark = text + strspn(text, " \t");
        int indented = (*text == '\t' || !strncmp(text, "  ", 2)) && length > 0;
        int list =
            indented && (strchr("-*+", *mark) || isdigit((unsigned char)*mark)) && !code && *mark;

        if (code && !indented && length > 0) {
            docgen_doc_line(b, "```", 3);
            code = 0;
        } else if (!code && indented && !list && blank) {
            docgen_doc_line(b, "```go", 5);
            code = 1;
        }
        if (!code && blank && !strncmp(text, "Deprecated:", 11)) {
            docgen_doc_open(b, "deprecated", NULL, NULL);
            docgen_doc_line(b, text + 11 + (text[11] == ' '), length - 11 - (text[11] == ' '));
        } else if (!code && !strncmp(text, "go:", 3)) {
            /* a directive to the compiler */
        } else {
            if (b->field && length == 0) {
                docgen_doc_prose(b);
            }
            docgen_doc_line(b, code && *text == '\t' ? text + 1 : text,
                            code && *text == '\t' ? length - 1 : length);
        }
        blank = length == 0 || list;
        text += length;
        text += *text == '\n';
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}

static const char *rust_section(const char *title, apr_size_t length)
{
    static const char *const names[][2] = {{"Example", "example"}, {"Examples", "example"},
                                           {"Errors", "errors"},   {"Panics", "panics"},
                                           {"Safety", "safety"},   {"Returns", "return"}};

    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strlen(names[i][0]) == length && !strncasecmp(names[i][0], title, length)) {
            return names[i][1];
        }
    }
    return NULL;
}

/* rustdoc: Markdown; its well-known sections become fields, hidden lines of examples go. */
static void parse_rust(docgen_doc_builder *b, const char *text)
{
    int code = 0, rust = 0;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *p = text + strspn(text, " "), *title = p + strspn(p, "# ");
        const char *kind;

        if (!strncmp(p, "```", 3)) {
            code = !code;
            if (code) {
                apr_size_t tag_length = length - (apr_size_t)(p - text) - 3;

                rust = tag_length == 0 || !strncmp(p + 3, "rust", 4) ||
                       !strncmp(p + 3, "no_run", 6) || !strncmp(p + 3, "ignore", 6) ||
                       !strncmp(p + 3, "should_panic", 12) || !strncmp(p + 3, "compile_fail", 12);
            }
            docgen_doc_line(b, code && rust ? "```rust" : text, code && rust ? 7 : length);
        } else if (code && rust && p[0] == '#' && (p[1] == ' ' || p[1] == '\n' || !p[1])) {
            /* hidden in rustdoc's own output, too */
        } else if (!code && *p == '#' && title > p && title[-1] == ' ') {
            kind = rust_section(title, (apr_size_t)(text + length - title));
            if (kind) {
                docgen_doc_open(b, kind, NULL, NULL);
            } else {
                docgen_doc_prose(b);
                docgen_doc_line(b, text, length);
            }
        } else {
            docgen_doc_line(b, text, length);
        }
        text += length;
        text += *text == '\n';
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}

const docgen_doc *docgen_doc_parse(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    docgen_doc_builder builder;

    if (!text || !*text) {
        return NULL;
    }
    docgen_doc_begin(&builder, pool);
    switch (style) {
    case DOCGEN_DOC_TAGS:
        parse_tags(&builder, text);
        break;
    case DOCGEN_DOC_GO:
        parse_go(&builder, text);
        break;
    case DOCGEN_DOC_RUST:
        parse_rust(&builder, text);
        break;
    case DOCGEN_DOC_PYTHON:
        docgen_doc_python(&builder, text);
        break;
    }
    return docgen_doc_end(&builder);
}
