/* Options of clap, the parser of most Rust programs: attributes of a struct's fields, or a chain of calls.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"

typedef struct option {
    const char *id;              /* the field, or what Arg::new is called with */
    const char *longer, *letter; /* without dashes; neither: an operand */
    const char *operand, *fallback, *help;
    int hidden;
} option;

/* The text of a literal, its escapes and the line breaks behind a backslash resolved; else the expression as it is. */
static const char *value_of(docgen_search *search, const char *p, const char *end)
{
    char *text, *out, quote;

    p += strspn(p, " \t\n");
    while (end > p && strchr(" \t\n,", end[-1])) {
        end--;
    }
    quote = *p;
    if (p >= end || (quote != '"' && quote != '\'')) {
        return p < end ? apr_pstrmemdup(search->scratch, p, (apr_size_t)(end - p)) : "";
    }
    text = out = apr_palloc(search->scratch, (apr_size_t)(end - p) + 1);
    for (p++; p < end && *p != quote; p++) {
        if (*p != '\\' || p + 1 >= end) {
            *out++ = *p;
        } else if (*++p != '\n') {
            *out++ = *p == 'n' || *p == 't' ? ' ' : *p;
        } else {
            while (p + 1 < end && isspace((unsigned char)p[1])) {
                p++;
            }
        }
    }
    *out = '\0';
    return text;
}

/* A name of one or two dashes: what stands there as a literal, or what the field's name makes it. */
static const char *spelling(docgen_search *search, const option *o, const char *value,
                            const char *end)
{
    char *name;

    if (value) {
        const char *open = value + strspn(value, " \t\n");

        return *open == '"' || *open == '\'' ? value_of(search, value, end) : NULL;
    }
    name = apr_pstrdup(search->scratch, o->id);
    for (char *p = name; *p; p++) {
        *p = *p == '_' ? '-' : *p;
    }
    return name;
}

/* One word of an attribute or call of a chain. @param value what it is given, up to `end`; NULL: nothing */
static void note(docgen_search *search, option *o, const char *key, apr_size_t length,
                 const char *value, const char *end)
{
    const char *word = apr_pstrmemdup(search->scratch, key, length);

    if (!strcmp(word, "long")) {
        o->longer = spelling(search, o, value, end);
    } else if (!strcmp(word, "short")) {
        const char *name = spelling(search, o, value, end);

        o->letter = name ? apr_pstrndup(search->scratch, name, 1) : NULL;
    } else if (!strcmp(word, "hide") || !strcmp(word, "hidden")) {
        o->hidden = !value || !strcmp(value_of(search, value, end), "true");
    } else if (value && (!strcmp(word, "default_value") || !strcmp(word, "default_value_t"))) {
        o->fallback = value_of(search, value, end);
    } else if (value && !strcmp(word, "value_name")) {
        o->operand = value_of(search, value, end);
    } else if (value && !strcmp(word, "help")) {
        o->help = value_of(search, value, end);
    }
}

static apr_size_t word_length(const char *p)
{
    apr_size_t length = 0;

    while (isalnum((unsigned char)p[length]) || p[length] == '_') {
        length++;
    }
    return length;
}

/* The comma that ends a word of an attribute, or `end`. */
static const char *word_end(const char *p, const char *end)
{
    while (p < end && *p != ',') {
        if (*p == '"' || *p == '\'') {
            char quote = *p;

            for (p++; p < end && *p != quote; p++) {
                p += *p == '\\';
            }
            p++;
        } else {
            const char *close = strchr("([{", *p) ? docgen_search_call_end(p) : NULL;

            p = (close ? close : p) + 1;
        }
    }
    return p < end ? p : end;
}

static void read_attribute(docgen_search *search, option *o, const char *p, const char *end)
{
    while (p < end) {
        const char *stop, *value;
        apr_size_t length;

        p += strspn(p, " \t\n");
        stop = word_end(p, end);
        length = word_length(p);
        value = p + length + strspn(p + length, " \t\n");
        if (*value == '(') { /* help("…") says the same as help = "…" */
            const char *close = docgen_search_call_end(value);

            note(search, o, p, length, value + 1, close ? close : stop);
        } else {
            note(search, o, p, length, *value == '=' ? value + 1 : NULL, stop);
        }
        p = stop + 1;
    }
}

static const char *line_start(const docgen_search *search, const char *p)
{
    while (p > search->text && p[-1] != '\n') {
        p--;
    }
    return p;
}

static int begins(const char *line, const char *mark)
{
    return !strncmp(line + strspn(line, " \t"), mark, strlen(mark));
}

/* The first line of the doc comment and the attributes that stand directly above. */
static const char *comment_start(const docgen_search *search, const char *at)
{
    const char *line = line_start(search, at);

    while (line > search->text) {
        const char *above = line_start(search, line - 1);

        if (!begins(above, "///") && !begins(above, "#[")) {
            break;
        }
        line = above;
    }
    return line;
}

/* A line of a doc comment with single blanks; `{n}` is how clap breaks a line. */
static const char *comment_line(docgen_search *search, const char *p)
{
    const char *end = p + strcspn(p, "\n");
    char *line = apr_palloc(search->scratch, (apr_size_t)(end - p) + 1), *out = line;

    while (p < end) {
        int breaks = !strncmp(p, "{n}", 3), blank = breaks || *p == ' ' || *p == '\t';

        if (!blank) {
            *out++ = *p;
        } else if (out > line && out[-1] != ' ') {
            *out++ = ' ';
        }
        p += breaks ? 3 : 1;
    }
    *out = '\0';
    return line;
}

/* The first paragraph of the doc comment in [line, end), or NULL. */
static const char *comment_text(docgen_search *search, const char *line, const char *end)
{
    const char *text = NULL;

    for (; line < end; line += strcspn(line, "\n") + 1) {
        const char *words = begins(line, "///") ? comment_line(search, strchr(line, '/') + 3) : "";

        if (!*words && text) {
            break;
        }
        if (*words) {
            text = text ? apr_pstrcat(search->scratch, text, " ", words, NULL) : words;
        }
    }
    return text;
}

/* The field that attributes stand above: its name; `*type` moves behind its colon. NULL: it is something else. */
static const char *field_after(docgen_search *search, const char *p, const char **type)
{
    apr_size_t length;

    for (;;) {
        p += strspn(p, " \t\n");
        if (!strncmp(p, "#[", 2)) {
            const char *close = docgen_search_call_end(p + 1);

            if (!close) {
                return NULL;
            }
            p = close + 1;
        } else if (!strncmp(p, "//", 2)) {
            p += strcspn(p, "\n");
        } else {
            break;
        }
    }
    if (!strncmp(p, "pub", 3) && strchr(" (", p[3])) {
        const char *close = p[3] == '(' ? docgen_search_call_end(p + 3) : p + 3;

        p = close ? close + 1 + strspn(close + 1, " \t\n") : p;
    }
    p += !strncmp(p, "r#", 2) ? 2 : 0;
    length = word_length(p);
    if (length == 0 || p[length] != ':' || p[length + 1] == ':') {
        return NULL;
    }
    *type = p + length + 1;
    return apr_pstrmemdup(search->scratch, p, length);
}

static const char *type_text(docgen_search *search, const char *p)
{
    const char *end;
    int depth = 0;

    p += strspn(p, " \t");
    for (end = p; *end && !strchr("\n}", *end) && (*end != ',' || depth > 0); end++) {
        depth += (*end == '<' || *end == '(') - (*end == '>' || *end == ')');
    }
    return strncmp(p, "()", 2) ? apr_pstrmemdup(search->scratch, p, (apr_size_t)(end - p)) : NULL;
}

static void add(docgen_search *search, const option *o, const char *text, const char *type,
                const char *at, const char *end)
{
    const char *name;

    if (o->hidden || (!o->longer && !o->letter)) {
        return;
    }
    name = apr_pstrcat(search->scratch, o->letter ? "-" : "", o->letter ? o->letter : "",
                       o->letter && o->longer ? ", " : "", o->longer ? "--" : "",
                       o->longer ? o->longer : "", NULL);
    if (o->operand) {
        name = apr_pstrcat(search->scratch, name, " <", o->operand, ">", NULL);
    }
    docgen_search_add(search, DOCGEN_DECLARED_OPTION, name, o->fallback ? o->fallback : type,
                      text ? text : o->help, at, end);
}

/* #[arg(long, …)] above "name: Type" with its doc comment. */
static void attributes(docgen_search *search, const char *mark)
{
    for (const char *p = search->text; (p = strstr(p, mark)) != NULL;) {
        const char *at = p, *end = docgen_search_call_end(p + 1), *type, *first;
        option o = {0};

        p += strlen(mark);
        if (!end || begins(line_start(search, at), "//") ||
            !(o.id = field_after(search, end + 1, &type))) {
            continue;
        }
        for (const char *open = at; open && open < type; open = strstr(open + 1, mark)) {
            const char *words = open + strlen(mark);

            end = docgen_search_call_end(words - 1);
            read_attribute(search, &o, words, end ? end : words);
        }
        first = comment_start(search, at);
        add(search, &o, comment_text(search, first, at), type_text(search, type),
            first + strspn(first, " \t"), type - 1);
        p = type;
    }
}

/* Arg::new("name").long("name").help("…") */
static void calls(docgen_search *search, const char *mark)
{
    for (const char *p = search->text; (p = strstr(p, mark)) != NULL;) {
        const char *at = p, *end;
        option o = {0};

        p += strlen(mark);
        end = docgen_search_call_end(p - 1);
        if (!end || begins(line_start(search, at), "//") ||
            (at > search->text && word_length(at - 1) > 0)) {
            continue;
        }
        o.id = value_of(search, p, end);
        for (const char *q = end + 1; *q;) {
            apr_size_t length;

            q += strspn(q, " \t\n");
            if (!strncmp(q, "//", 2)) {
                q += strcspn(q, "\n");
                continue;
            }
            length = *q == '.' ? word_length(q + 1) : 0;
            if (length == 0 || q[length + 1] != '(' ||
                !(end = docgen_search_call_end(q + length + 1))) {
                break;
            }
            note(search, &o, q + 1, length, q + length + 2, end);
            q = p = end + 1;
        }
        add(search, &o, NULL, NULL, at, p);
    }
}

/* A copy in which lines that are remarks are blank, all offsets unchanged: an apostrophe there opens no literal. */
static const char *without_remarks(docgen_search *search)
{
    char *copy = apr_pstrmemdup(search->scratch, search->text, search->length);

    for (char *line = copy; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        if (begins(line, "//") && !begins(line, "///")) {
            memset(line, ' ', strcspn(line, "\n"));
        }
    }
    return copy;
}

void docgen_search_clap(docgen_search *search)
{
    static const char *const marks[] = {"#[arg(", "#[clap(", "#[structopt("};
    docgen_search code = *search;

    code.text = without_remarks(search);
    for (unsigned i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        attributes(&code, marks[i]);
    }
    calls(&code, "Arg::new(");
    calls(&code, "Arg::with_name(");
}
