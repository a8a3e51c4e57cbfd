/* Environment variables, compile-time options and schemas, and what all searches share.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/analysis/source.h"
#include "generator/sections/interfaces.h"
#include "generator/languages/traits.h"

#define CALL_MAX 4000
#define TEXT_MAX 600

/* Blanks what follows "#[cfg(test)]" up to the end of its braces: tests inside a source file declare nothing. */
static void tests_blank(char *text)
{
    for (char *p = text; (p = strstr(p, "#[cfg(test)]")) != NULL; p++) {
        char *open = p + strcspn(p, "{;"), *end = open;
        int depth = 0;

        for (; *end; end++) {
            depth += (*end == '{') - (*end == '}');
            if (depth <= 0 && (*end == '}' || *end == ';')) {
                break;
            }
        }
        for (char *q = p; q < end; q++) {
            *q = *q == '\n' ? '\n' : ' ';
        }
    }
}

/* A copy in which comments and docstrings are blanks, so that their examples are not taken for code. */
const char *docgen_search_mask(docgen_search *search)
{
    char *copy = apr_pstrmemdup(search->scratch, search->text, search->length);
    unsigned marks = docgen_traits_of(search->file->lang)->marks;
    int python = (marks & DOCGEN_MARK_DOCSTRING) != 0;
    int hashes = marks & DOCGEN_MARK_HASH && !(marks & DOCGEN_MARK_SLASH);

    for (char *p = copy; *p;) {
        char *end = NULL;

        if (python && (!strncmp(p, "\"\"\"", 3) || !strncmp(p, "'''", 3))) {
            const char mark[] = {*p, *p, *p, '\0'};

            end = strstr(p + 3, mark);
            end = end ? end + 3 : p + strlen(p);
        } else if (!hashes && p[0] == '/' && p[1] == '*') {
            end = strstr(p + 2, "*/");
            end = end ? end + 2 : p + strlen(p);
        } else if (hashes ? *p == '#' : p[0] == '/' && p[1] == '/' && (p == copy || p[-1] != ':')) {
            end = p + strcspn(p, "\n");
        } else if (*p == '"' || *p == '\'') { /* a string on one line is kept */
            char quote = *p;

            for (p++; *p && *p != quote && *p != '\n'; p++) {
                p += *p == '\\' && p[1];
            }
        }
        for (; end && p < end; p++) {
            *p = *p == '\n' ? '\n' : ' ';
        }
        p += !end && *p;
    }
    if (docgen_traits_of(search->file->lang)->declares & DOCGEN_DECLARES_TESTS) {
        tests_blank(copy);
    }
    return copy;
}

static int line_of(const docgen_search *search, const char *at)
{
    int line = 1;

    for (const char *p = search->text; p < at && (p = memchr(p, '\n', (apr_size_t)(at - p))); p++) {
        line++;
    }
    return line;
}

docgen_declared *docgen_search_add(docgen_search *search, docgen_declared_kind kind,
                                   const char *name, const char *value, const char *text,
                                   const char *at, const char *end)
{
    docgen_declared *declared;

    if (search->found->nelts >= search->limit || !name || !*name) {
        return NULL;
    }
    declared = apr_array_push(search->found);
    *declared = (docgen_declared){.kind = kind, .file = search->file};
    declared->name = docgen_text_shorten(search->pool, apr_pstrdup(search->pool, name), 120);
    declared->value = value && *value
                          ? docgen_text_shorten(search->pool, apr_pstrdup(search->pool, value), 160)
                          : NULL;
    declared->text =
        text && *text ? docgen_text_shorten(search->pool, apr_pstrdup(search->pool, text), TEXT_MAX)
                      : NULL;
    declared->line = line_of(search, at);
    declared->end_line = end > at ? line_of(search, end) : declared->line;
    return declared;
}

const char *docgen_search_string(docgen_search *search, const char **p)
{
    const char *at = *p, *end;
    char quote;

    while (*at && strchr("rbuRBUfF", *at) && at - *p < 2) {
        at++;
    }
    quote = *at;
    if (quote != '"' && quote != '\'' && quote != '`') {
        return NULL;
    }
    for (end = at + 1; *end && *end != quote; end++) {
        if (*end == '\\' && end[1]) {
            end++;
        } else if (*end == '\n' && quote != '`') {
            return NULL;
        }
    }
    if (!*end) {
        return NULL;
    }
    *p = end + 1;
    return apr_pstrmemdup(search->scratch, at + 1, (apr_size_t)(end - at) - 1);
}

const char *docgen_search_texts(docgen_search *search, const char **p)
{
    const char *text = docgen_search_string(search, p), *next;

    while (text) {
        const char *q = *p + strspn(*p, " \t\n+");

        next = *q == '"' || *q == '\'' ? docgen_search_string(search, &q) : NULL;
        if (!next) {
            break;
        }
        text = apr_pstrcat(search->scratch, text, next, NULL);
        *p = q;
    }
    return text;
}

const char *docgen_search_call_end(const char *p)
{
    int depth = 0;

    for (const char *end = p; *end && end - p < CALL_MAX; end++) {
        if (*end == '"' || *end == '\'' || *end == '`') {
            char quote = *end;

            for (end++; *end && *end != quote; end++) {
                end += *end == '\\' && end[1];
            }
            if (!*end) {
                return NULL;
            }
        } else if (*end == '(' || *end == '[' || *end == '{') {
            depth++;
        } else if ((*end == ')' || *end == ']' || *end == '}') && --depth == 0) {
            return end;
        }
    }
    return NULL;
}

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *variable_name(docgen_search *search, const char *p)
{
    apr_size_t length = 0;

    while (isupper((unsigned char)p[length]) || isdigit((unsigned char)p[length]) ||
           p[length] == '_') {
        length++;
    }
    return length > 1 && !isalnum((unsigned char)p[length])
               ? apr_pstrmemdup(search->scratch, p, length)
               : NULL;
}

static int known(const docgen_search *search, docgen_declared_kind kind, const char *name)
{
    for (int i = 0; i < search->found->nelts; i++) {
        const docgen_declared *declared = &APR_ARRAY_IDX(search->found, i, docgen_declared);

        if (declared->kind == kind && !strcmp(declared->name, name)) {
            return 1;
        }
    }
    return 0;
}

/* The comment above the line that holds `at`, shortened to its first words. */
static const char *comment_above(docgen_search *search, const char *at)
{
    docgen_source *source = docgen_source_make(search->scratch, search->scratch, search->file,
                                               search->text, search->length);

    return docgen_source_comment_above(
        source, docgen_source_line(source, (apr_size_t)(at - search->text)), NULL);
}

/* JavaScript: the literal after `||` or `??`, which stands in for a variable that is not set; or NULL. */
static const char *otherwise(docgen_search *search, const char *p)
{
    const char *end;

    p += strspn(p, " ");
    if (strncmp(p, "||", 2) && strncmp(p, "??", 2)) {
        return NULL;
    }
    p += 2 + strspn(p + 2, " ");
    if (*p == '"' || *p == '\'') {
        end = strchr(p + 1, *p);
        return end ? apr_pstrmemdup(search->scratch, p, (apr_size_t)(end - p) + 1) : NULL;
    }
    return isdigit((unsigned char)*p)
               ? apr_pstrmemdup(search->scratch, p, strspn(p, "0123456789._"))
               : NULL;
}

/* Does `#define` stand before `at`? */
static int is_macro(const docgen_search *search, const char *at)
{
    while (at > search->text && (at[-1] == ' ' || at[-1] == '\t')) {
        at--;
    }
    return at - search->text >= 7 && !strncmp(at - 6, "define", 6);
}

/* The string that the file gives a constant: `const EnvMode = "MODE"`, `ENV: &str = "MODE"`, `#define ENV "MODE"`; `*p` moves
 * to it. NULL: none. */
static const char *constant_value(docgen_search *search, const char *name, apr_size_t length,
                                  const char **p)
{
    const char *word = apr_pstrmemdup(search->scratch, name, length);

    for (const char *at = search->text; length > 0 && (at = strstr(at, word)) != NULL; at++) {
        const char *value = at + length;
        apr_size_t type = strcspn(value, "=;,()\"'\n");

        if (is_word(*value) || (at > search->text && (is_word(at[-1]) || at[-1] == '.'))) {
            continue;
        }
        if (!is_macro(search, at)) {
            if (value[type] != '=' || (type > 0 && !strchr(" \t:", *value))) {
                continue;
            }
            value += type + 1;
        }
        value += strspn(value, " \t");
        *p = value;
        if ((value = docgen_search_string(search, &value)) != NULL) {
            return value;
        }
    }
    return NULL;
}

/* The variable whose name stands at `*p`, as a string or as a constant of the file, and where it is written. */
static const char *variable_read(docgen_search *search, const char **p, const char **at)
{
    const char *name = docgen_search_string(search, p);
    apr_size_t length = 0;

    while (!name && is_word((*p)[length])) {
        length++;
    }
    if (length > 0 && strchr(")],", (*p)[length])) {
        name = constant_value(search, *p, length, at);
        *p += length;
    }
    return name;
}

/* Is this one name, with or without dots? */
static int is_name(const char *text, apr_size_t length)
{
    for (apr_size_t i = 0; i < length; i++) {
        if (!is_word(text[i]) && text[i] != '.' && !(text[i] == ':' && i > 0)) {
            return 0;
        }
    }
    return length > 0 && (isalpha((unsigned char)*text) || *text == '_');
}

/* What the file gives a name on a line of its own: "PORT = 8080", "#define PORT 8080", "const PORT: u16 = 8080;". */
static const char *constant_given(docgen_search *search, const char *name)
{
    apr_size_t length = strlen(name);

    for (const char *at = strstr(search->text, name); at; at = strstr(at + length, name)) {
        const char *p = at + length, *value;
        apr_size_t size;

        if (is_word(*p) || (at > search->text && (is_word(at[-1]) || at[-1] == '.'))) {
            continue;
        }
        p += strspn(p, " \t");
        if (*p == ':') {
            p += 1 + strcspn(p + 1, "=\n");
        }
        if (*p == '=' && p[1] != '=') {
            p++;
        } else if (!is_macro(search, at)) {
            continue;
        }
        value = p + strspn(p, " \t");
        size = strcspn(value, ";,)\n");
        while (size > 0 && isspace((unsigned char)value[size - 1])) {
            size--;
        }
        if (size > 0 && size < 100 && (isdigit((unsigned char)*value) || strchr("\"'-", *value))) {
            return apr_pstrmemdup(search->scratch, value, size);
        }
    }
    return NULL;
}

const char *docgen_search_default(docgen_search *search, const char *text)
{
    static const char *const literals[] = {"True", "False", "None",  "true",    "false",
                                           "null", "nil",   "NULL",  "nullptr", "undefined",
                                           "NaN",  "TRUE",  "FALSE", "Infinity"};
    const char *last;
    apr_size_t length;

    if (!text) {
        return NULL;
    }
    text += strspn(text, " \t\n");
    for (length = strlen(text); length > 0 && isspace((unsigned char)text[length - 1]); length--) {
    }
    text = apr_pstrmemdup(search->scratch, text, length);
    for (unsigned i = 0; i < sizeof(literals) / sizeof(*literals); i++) {
        if (!strcmp(text, literals[i])) {
            return text;
        }
    }
    if (!is_name(text, length)) {
        apr_size_t name = 0;

        while (is_word(text[name]) || text[name] == '.' || text[name] == ':') {
            name++;
        }
        /* timedelta(days=1) can be read; table[KEY], a * b and x or y cannot */
        return length == 0 || (name > 0 && !isdigit((unsigned char)*text) && text[name] != '(' &&
                               text[name] != '"' && text[name] != '\'')
                   ? NULL
                   : text;
    }
    last = strrchr(text, '.') ? strrchr(text, '.') + 1 : text;
    if (last > text && isupper((unsigned char)*text) && islower((unsigned char)text[1])) {
        return text; /* Level.INFO: a value of an enumeration */
    }
    return last == text ? constant_given(search, text) : NULL;
}

void docgen_search_variables(docgen_search *search)
{
    static const char *const readers[] = {
        "getenv(",    "environ[",     "environ.get(",       "Getenv(",
        "LookupEnv(", "env::var(",    "env::var_os(",       "env!(",
        "envvar=",    "process.env[", "environ.setdefault("};
    static const char *const members[] = {"process.env.", "import.meta.env."};

    for (unsigned i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
        for (const char *p = search->text; (p = strstr(p, readers[i])) != NULL;) {
            const char *at = p, *name, *value = NULL;

            p += strlen(readers[i]);
            p += strspn(p, " \t\n");
            name = variable_read(search, &p, &at);
            /* environ["HTTP_HOST"] of a request is none of the process's */
            if (!name || name[strlen(name) ? strlen(name) - 1 : 0] == '_' ||
                (!strncmp(readers[i], "environ", 7) &&
                 docgen_traits_of(search->file->lang)->declares & DOCGEN_DECLARES_ENVIRON &&
                 strncmp(at - 3 < search->text ? at : at - 3, "os.", 3) &&
                 !strstr(search->text, "import environ")) ||
                !variable_name(search, name) || strcmp(variable_name(search, name), name) ||
                known(search, DOCGEN_DECLARED_VARIABLE, name)) {
                continue;
            }
            p += strspn(p, " ");
            if (*p == ',') {
                p += 1 + strspn(p + 1, " ");
                value = apr_pstrmemdup(search->scratch, p, strcspn(p, ",)\n"));
            }
            docgen_search_add(search, DOCGEN_DECLARED_VARIABLE, name,
                              docgen_search_default(search, value), NULL, at, at);
        }
    }
    for (unsigned i = 0; i < sizeof(members) / sizeof(*members); i++) {
        for (const char *p = search->text; (p = strstr(p, members[i])) != NULL;) {
            const char *name;

            p += strlen(members[i]);
            name = variable_name(search, p);
            if (name && !known(search, DOCGEN_DECLARED_VARIABLE, name)) {
                docgen_search_add(search, DOCGEN_DECLARED_VARIABLE, name,
                                  otherwise(search, p + strlen(name)), NULL, p, p);
            }
        }
    }
}

void docgen_search_macros(docgen_search *search)
{
    for (const char *p = search->text; (p = strstr(p, "#ifndef ")) != NULL;) {
        const char *at = p, *name = p + 8, *end, *define, *value;
        apr_size_t length;

        p = name;
        name += strspn(name, " \t");
        for (end = name; isalnum((unsigned char)*end) || *end == '_'; end++) {
        }
        length = (apr_size_t)(end - name);
        define = end + strspn(end, " \t\r\n");
        if (length == 0 || strncmp(define, "#define ", 8) || strncmp(define + 8, name, length) ||
            !strchr(" \t", define[8 + length])) {
            continue;
        }
        value = define + 8 + length;
        value += strspn(value, " \t");
        if (*value && *value != '\n' && *value != '(') {
            const char *stop = value + strcspn(value, "\n");
            const char *comment = memmem(value, (apr_size_t)(stop - value), "/*", 2);

            comment = comment ? comment : memmem(value, (apr_size_t)(stop - value), "//", 2);
            docgen_search_add(search, DOCGEN_DECLARED_MACRO,
                              apr_pstrmemdup(search->scratch, name, length),
                              apr_pstrmemdup(search->scratch, value,
                                             (apr_size_t)((comment ? comment : stop) - value)),
                              comment_above(search, at), at, stop);
        }
    }
}

static const char *word(docgen_search *search, const char **p)
{
    const char *start;

    *p += strspn(*p, " \t\n\"`[");
    start = *p;
    while (isalnum((unsigned char)**p) || **p == '_' || **p == '.') {
        (*p)++;
    }
    return *p > start ? apr_pstrmemdup(search->scratch, start, (apr_size_t)(*p - start)) : NULL;
}

static void tables(docgen_search *search)
{
    for (const char *p = search->text; (p = strcasestr(p, "create table ")) != NULL;) {
        const char *at = p, *name, *open, *end;

        p += 13;
        if (!strncasecmp(p, "if not exists ", 14)) {
            p += 14;
        }
        name = word(search, &p);
        open = p + strspn(p, " \t\n\"`]");
        end = *open == '(' ? docgen_search_call_end(open) : NULL;
        if (name) {
            docgen_search_add(search, DOCGEN_DECLARED_TABLE, name, NULL, NULL, at, end ? end : p);
        }
    }
}

static void messages(docgen_search *search)
{
    static const char *const words[] = {"message ", "service ", "rpc ", "enum "};

    for (const char *line = search->text; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *p = line + strspn(line, " \t");

        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            const char *at = p, *q = p + strlen(words[i]), *name;

            if (!strncmp(p, words[i], strlen(words[i])) && (name = word(search, &q)) != NULL) {
                docgen_search_add(
                    search, DOCGEN_DECLARED_MESSAGE, name,
                    i == 2 ? apr_pstrmemdup(search->scratch, p, strcspn(p, ";{\n"))
                           : apr_pstrmemdup(search->scratch, words[i], strlen(words[i]) - 1),
                    comment_above(search, at), at, at);
            }
        }
    }
}

void docgen_search_schema(docgen_search *search)
{
    apr_size_t length = strlen(search->file->path);

    if (length > 4 && !strcmp(search->file->path + length - 4, ".sql")) {
        tables(search);
    } else if (length > 6 && !strcmp(search->file->path + length - 6, ".proto")) {
        messages(search);
    }
}
