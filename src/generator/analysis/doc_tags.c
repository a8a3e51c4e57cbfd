/* Doxygen, JSDoc and TSDoc: block tags become fields, inline ones Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc_builder.h"

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

    if (start + 1 >= end || *start != '{' || start[1] == '@') { /* {@link X} is no type */
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

/* "{@link TARGET}", "{@link TARGET|text}", "{@link TARGET text}" at `p`, whose "}" is at `q`; `text` is what stood in
 * brackets before it, or NULL. A name without a text is code, as is every target of {@linkcode}. */
static void link_tag(docgen_buffer *out, const char *p, const char *q, const char *text,
                     apr_size_t length)
{
    const char *target = p + 6 + strspn(p + 6, "abcdefghijklmnopqrstuvwxyz");
    apr_size_t n;

    while (target < q && isspace((unsigned char)*target)) {
        target++;
    }
    for (n = 0; target + n < q && !isspace((unsigned char)target[n]) && target[n] != '|'; n++) {
    }
    if (!text && target + n < q) {
        text = target + n + 1;
        length = (apr_size_t)(q - text);
        while (length && isspace((unsigned char)*text)) {
            text++;
            length--;
        }
    }
    if (!strncmp(target, "http://", 7) || !strncmp(target, "https://", 8)) {
        docgen_buffer_printf(out, "[%.*s](%.*s)", length ? (int)length : (int)n,
                             length ? text : target, (int)n, target);
    } else if (length) {
        docgen_buffer_printf(out, "%.*s", (int)length, text);
    } else {
        docgen_buffer_printf(out, "`%.*s`", (int)n, target);
    }
}

/* The "{@link" right behind the bracket that opens at `p`, or NULL; `*close` receives its "]". */
static const char *link_behind(const char *p, const char *end, const char **close)
{
    for (*close = p + 1; *close < end && **close != ']' && **close != '['; (*close)++) {
    }
    return end - *close > 8 && **close == ']' && !strncmp(*close + 1, "{@link", 6) ? *close + 1
                                                                                   : NULL;
}

/* Inline tags as Markdown: {@link X}, @c x, \p x, \ref x. */
static void inline_tags(docgen_doc_builder *b, const char *p, const char *end)
{
    docgen_buffer *out = b->text;

    while (p < end) {
        const char *q, *close, *tag;

        if (end - p > 7 && !strncmp(p, "{@link", 6) &&
            (q = memchr(p, '}', (apr_size_t)(end - p)))) {
            link_tag(out, p, q, NULL, 0);
            p = q + 1;
        } else if (*p == '[' && (tag = link_behind(p, end, &close)) != NULL &&
                   (q = memchr(tag, '}', (apr_size_t)(end - tag)))) {
            link_tag(out, tag, q, p + 1, (apr_size_t)(close - p) - 1);
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

/* "<caption>text</caption>" before an example's code, or NULL. */
static const char *take_caption(apr_pool_t *pool, const char **p, const char *end)
{
    const char *start = *p + 9, *stop;

    if (end - *p < 19 || strncmp(*p, "<caption>", 9) ||
        (stop = memmem(start, (apr_size_t)(end - start), "</caption>", 10)) == NULL) {
        return NULL;
    }
    *p = stop + 10;
    return apr_pstrmemdup(pool, start, (apr_size_t)(stop - start));
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
    if (!strcmp(t->kind, "example")) {
        docgen_doc_open(b, t->kind, NULL, take_caption(b->pool, &p, end));
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

void docgen_doc_tags(docgen_doc_builder *b, const char *text)
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
