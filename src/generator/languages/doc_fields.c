/* Doc comments with the tags of Lua (LDoc, EmmyLua) and shell (shdoc).
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

/** What follows a tag. */
typedef enum argument {
    TEXT,      /**< only text */
    NAME,      /**< a name, then text */
    NAME_TYPE, /**< a name, a type, then text (EmmyLua's @param, shdoc's @arg) */
    TYPE,      /**< a type, then text */
    TYPE_NAME, /**< a type, a name, then text (LDoc's @tparam) */
    OPTION,    /**< "-x | --long <value>", then text */
    CODE       /**< lines of code */
} argument;

typedef struct tag {
    docgen_doc_style style;
    const char *name;
    const char *kind; /**< of the field; "" = its text joins the prose, NULL = dropped */
    argument argument;
} tag;

static const tag tags[] = {
    {DOCGEN_DOC_LDOC, "param", "param", NAME},
    {DOCGEN_DOC_LDOC, "tparam", "param", TYPE_NAME},
    {DOCGEN_DOC_LDOC, "field", "property", NAME_TYPE},
    {DOCGEN_DOC_LDOC, "tfield", "property", TYPE_NAME},
    {DOCGEN_DOC_LDOC, "return", "return", TYPE},
    {DOCGEN_DOC_LDOC, "treturn", "return", TYPE},
    {DOCGEN_DOC_LDOC, "error", "throws", TEXT},
    {DOCGEN_DOC_LDOC, "raise", "throws", TEXT},
    {DOCGEN_DOC_LDOC, "usage", "example", CODE},
    {DOCGEN_DOC_LDOC, "example", "example", CODE},
    {DOCGEN_DOC_LDOC, "see", "see", TEXT},
    {DOCGEN_DOC_LDOC, "since", "since", TEXT},
    {DOCGEN_DOC_LDOC, "deprecated", "deprecated", TEXT},
    {DOCGEN_DOC_LDOC, "local", "internal", TEXT},
    {DOCGEN_DOC_LDOC, "private", "internal", TEXT},
    {DOCGEN_DOC_LDOC, "package", "internal", TEXT},
    {DOCGEN_DOC_LDOC, "export", "", TEXT},
    {DOCGEN_DOC_LDOC, "description", "", TEXT},
    {DOCGEN_DOC_LDOC, "brief", "", TEXT},
    {DOCGEN_DOC_LDOC, "overload", "note", TEXT},
    {DOCGEN_DOC_SHDOC, "description", "", TEXT},
    {DOCGEN_DOC_SHDOC, "brief", "", TEXT},
    {DOCGEN_DOC_SHDOC, "arg", "param", NAME_TYPE},
    {DOCGEN_DOC_SHDOC, "param", "param", NAME_TYPE},
    {DOCGEN_DOC_SHDOC, "option", "param", OPTION},
    {DOCGEN_DOC_SHDOC, "set", "note", TEXT},
    {DOCGEN_DOC_SHDOC, "env", "note", TEXT},
    {DOCGEN_DOC_SHDOC, "exitcode", "return", TEXT},
    {DOCGEN_DOC_SHDOC, "return", "return", TEXT},
    {DOCGEN_DOC_SHDOC, "stdout", "return", TEXT},
    {DOCGEN_DOC_SHDOC, "stdin", "note", TEXT},
    {DOCGEN_DOC_SHDOC, "stderr", "note", TEXT},
    {DOCGEN_DOC_SHDOC, "example", "example", CODE},
    {DOCGEN_DOC_SHDOC, "see", "see", TEXT},
    {DOCGEN_DOC_SHDOC, "deprecated", "deprecated", TEXT},
    {DOCGEN_DOC_SHDOC, "internal", "internal", TEXT},
};

static const tag *find_tag(const char *name, apr_size_t length, docgen_doc_style style)
{
    for (unsigned i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
        if (tags[i].style == style && strlen(tags[i].name) == length &&
            !memcmp(tags[i].name, name, length)) {
            return &tags[i];
        }
    }
    return NULL;
}

static const char *blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return p;
}

/** A word or type at `*p`: blanks within brackets belong to it. Moves past it. */
static const char *take(apr_pool_t *pool, const char **p, const char *end)
{
    const char *start = *p, *q = start;
    int depth = 0;

    for (; q < end && (depth > 0 || !isspace((unsigned char)*q)); q++) {
        depth += strchr("([{<", *q) != NULL;
        depth -= depth > 0 && strchr(")]}>", *q) != NULL;
    }
    *p = blanks(q, end);
    return q > start ? apr_pstrmemdup(pool, start, (apr_size_t)(q - start)) : NULL;
}

/** Does a type's name stand at `p`, rather than the first word of a sentence? */
static int looks_like_type(const char *p, const char *end)
{
    static const char *const types[] = {"string",   "number", "integer", "boolean", "table",
                                        "function", "nil",    "any",     "thread",  "userdata",
                                        "int",      "array",  "bool",    "path",    "list"};
    const char *q = p;

    while (q < end && !isspace((unsigned char)*q)) {
        if (strchr("|[?.<(:", *q)) {
            return q + 1 < end && !isspace((unsigned char)q[1]) ? 1 : *q == '?';
        }
        q++;
    }
    for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (strlen(types[i]) == (apr_size_t)(q - p) && !memcmp(types[i], p, (apr_size_t)(q - p))) {
            return 1;
        }
    }
    return 0;
}

/** A Lua modifier: "@tparam[opt]", "@param[type=string]". Moves past it. */
static const char *take_modifier(apr_pool_t *pool, const char **p, const char *end)
{
    const char *close = *p < end && **p == '[' ? memchr(*p, ']', (apr_size_t)(end - *p)) : NULL;
    const char *type = NULL;

    if (close) {
        if (!strncmp(*p, "[type=", 6)) {
            type = apr_pstrmemdup(pool, *p + 6, (apr_size_t)(close - *p) - 6);
        }
        *p = close + 1;
    }
    return type;
}

static void open_tag(docgen_doc_builder *b, const tag *tag, const char *p, const char *end)
{
    const char *name = NULL, *type = take_modifier(b->pool, &p, end);

    p = blanks(p, end);
    if (end - p >= 2 && (!memcmp(p, "[[", 2) || !memcmp(p, "]]", 2))) {
        p += 2; /* "@brief [[" … "@brief ]]" around several lines */
    }
    if (!tag->kind || !*tag->kind) {
        docgen_doc_prose(b);
        b->dropped = !tag->kind;
    } else {
        switch (tag->argument) {
        case NAME:
        case NAME_TYPE:
            name = take(b->pool, &p, end);
            if (!type && (tag->argument == NAME_TYPE || tag->style == DOCGEN_DOC_LDOC) &&
                looks_like_type(p, end)) {
                type = take(b->pool, &p, end);
            }
            break;
        case TYPE:
            if (!strcmp(tag->name, "treturn") || looks_like_type(p, end)) {
                type = take(b->pool, &p, end);
            }
            break;
        case TYPE_NAME:
            type = take(b->pool, &p, end);
            name = take(b->pool, &p, end);
            break;
        case OPTION:
            name = take(b->pool, &p, end);
            while (p < end && (*p == '|' || *p == '-' || *p == '<')) {
                name = apr_pstrcat(b->pool, name, " ", take(b->pool, &p, end), NULL);
            }
            break;
        case TEXT:
        case CODE:
            break;
        }
        docgen_doc_open(b, tag->kind, name, type);
    }
    if (p + 1 < end && *p == '#' && p[1] == ' ') { /* EmmyLua's mark before a description */
        p = blanks(p + 1, end);
    }
    if (p < end) {
        docgen_doc_line(b, p, (apr_size_t)(end - p));
    }
}

/** The lines of an example up to the next tag, as a block of code. @return behind them */
static const char *code_lines(docgen_doc_builder *b, const char *p, const char *language)
{
    const char *start = p;

    while (*p) {
        const char *at = p + strspn(p, " \t");
        apr_size_t length = strcspn(p, "\n");

        if (*at == '@' && isalpha((unsigned char)at[1])) {
            break;
        }
        p += length + (p[length] == '\n');
    }
    if (p > start && strspn(start, " \t\n") < (apr_size_t)(p - start)) {
        if (memmem(start, (apr_size_t)(p - start), "```", 3)) {
            docgen_doc_line(b, start, (apr_size_t)(p - start));
        } else {
            docgen_doc_fence(b->text, start, (apr_size_t)(p - start), language);
        }
    }
    return p;
}

/** LDoc's references in running text: "@{name}" as code, "@{name|label}" as its label. From `pool`. */
static const char *references(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out;
    const char *open, *close, *bar, *result;

    if (!strstr(text, "@{")) {
        return text;
    }
    out = docgen_buffer_create(pool);
    while ((open = strstr(text, "@{"))) {
        apr_size_t room = strcspn(open, "}\n");

        docgen_buffer_append(out, text, (apr_size_t)(open - text));
        close = open + room;
        if (*close != '}') {
            docgen_buffer_append(out, open, room);
        } else if ((bar = memchr(open, '|', room))) {
            docgen_buffer_append(out, bar + 1, (apr_size_t)(close - bar) - 1);
        } else {
            docgen_doc_code_span(out, open + 2, room - 2);
        }
        text = close + (*close == '}');
    }
    docgen_buffer_puts(out, text);
    result = apr_pstrmemdup(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

/** Sections of comments in Google's style for shell: a title, then indented lines. */
static const struct {
    const char *title;
    const char *kind;  /**< of the field */
    const char *label; /**< before its text */
} sections[] = {
    {"Globals:", "note", "Globals: "},
    {"Arguments:", "param", ""},
    {"Args:", "param", ""},
    {"Parameters:", "param", ""},
    {"Options:", "param", ""},
    {"Outputs:", "return", ""},
    {"Output:", "return", ""},
    {"Returns:", "return", ""},
    {"Return:", "return", ""},
    {"Environment:", "note", "Environment: "},
};

/** A parameter of a section: "$1 - text", "name: text". "None" is none. */
static void section_parameter(docgen_doc_builder *b, const char *p, const char *end)
{
    const char *name = take(b->pool, &p, end);
    apr_size_t length = name ? strlen(name) : 0;

    if (!length || !strcasecmp(name, "none") || !strcasecmp(name, "none.")) {
        return;
    }
    if (name[length - 1] == ':') {
        name = apr_pstrmemdup(b->pool, name, length - 1);
    }
    if (p < end && strchr("-:", *p)) {
        p = blanks(p + 1, end);
    }
    docgen_doc_open(b, "param", name, NULL);
    docgen_doc_line(b, p, (apr_size_t)(end - p));
}

/** A section whose title ends before `p`: its lines are indented deeper than the title. @return behind them */
static const char *section_lines(docgen_doc_builder *b, const char *p, apr_size_t indent,
                                 unsigned section)
{
    int is_list = !strcmp(sections[section].kind, "param"), opened = 0;
    apr_size_t first = 0;

    while (*p) {
        const char *end = p + strcspn(p, "\n"), *at = blanks(p, end);
        apr_size_t width = (apr_size_t)(at - p);

        if (at < end && width <= indent) {
            break;
        }
        if (at < end && is_list && (!first || width <= first)) {
            first = width;
            section_parameter(b, at, end);
        } else if (at < end && !is_list && !opened) {
            opened = strncasecmp(at, "none", 4) != 0;
            if (opened) {
                docgen_doc_open(b, sections[section].kind, NULL, NULL);
                docgen_buffer_puts(b->text, sections[section].label);
                docgen_doc_line(b, at, (apr_size_t)(end - at));
            }
        } else if (at < end) {
            docgen_doc_line(b, at, (apr_size_t)(end - at));
        }
        p = end + (*end == '\n');
    }
    docgen_doc_prose(b);
    return p;
}

/** The section whose title is this line, or -1. */
static int find_section(const char *p, const char *end)
{
    for (unsigned i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
        if (strlen(sections[i].title) == (apr_size_t)(end - p) &&
            !strncasecmp(sections[i].title, p, (apr_size_t)(end - p))) {
            return (int)i;
        }
    }
    return -1;
}

void docgen_doc_fields(docgen_doc_builder *b, const char *text, docgen_doc_style style)
{
    const char *language = style == DOCGEN_DOC_LDOC ? "lua" : "sh", *p;
    int fence = 0;

    p = style == DOCGEN_DOC_LDOC ? references(b->pool, text) : text;
    while (*p) {
        const char *end = p + strcspn(p, "\n"), *at = blanks(p, end), *word;
        const tag *tag = NULL;
        int section = style == DOCGEN_DOC_SHDOC && !fence ? find_section(at, end) : -1;

        if (section >= 0) {
            p = section_lines(b, end + (*end == '\n'), (apr_size_t)(at - p), (unsigned)section);
            continue;
        }
        if (!strncmp(at, "```", 3)) {
            fence = !fence;
        }
        for (word = at + 1; word < end && (isalpha((unsigned char)*word) || *word == '-'); word++) {
        }
        if (fence || at >= end || *at != '@' || word == at + 1) {
            docgen_doc_line(b, p, (apr_size_t)(end - p));
        } else if ((tag = find_tag(at + 1, (apr_size_t)(word - at - 1), style))) {
            open_tag(b, tag, word, end);
        } else { /* a tag for tools */
            docgen_doc_prose(b);
            b->dropped = 1;
        }
        p = end + (*end == '\n');
        if (tag && tag->argument == CODE) {
            p = code_lines(b, p, language);
        }
    }
}
