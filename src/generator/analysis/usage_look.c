/* What counts as a use: a call, a construction, a constant in an expression. A declaration, an import, a word in a string
 * or in prose, and a call of something else with the same name are none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/analysis/usage_look.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/traits.h"

enum {
    LINE_MAX_USE = 160,  /* longer lines make no excerpt */
    NAME_MAX_BYTES = 80, /* of what a call is qualified with */
    TELLING_BYTES =
        10 /* a method's name of so many bytes and of two words is hardly anybody else's */
};

static int word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static int has(const docgen_used_text *text, unsigned use)
{
    return (docgen_traits_of(text->lang)->uses & use) != 0;
}

/* Behind the string whose quote is at `p`; one quote ends at the line's end, what is not closed. */
static const char *string_end(const char *p, const char *end, unsigned marks)
{
    const char quote = *p, *start = p;

    if (marks & DOCGEN_MARK_TRIPLE && end - p > 5 && p[1] == quote && p[2] == quote) {
        for (p += 3; p + 2 < end; p++) {
            if (p[0] == quote && p[1] == quote && p[2] == quote)
                return p + 3;
        }
        return end;
    }
    for (p++; p < end && *p != quote; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == '\n' && quote != '`')
            return start + 1; /* an apostrophe */
    }
    return p < end ? p + 1 : end;
}

/* Behind the comment at `p`, or NULL. */
static const char *comment_end(const char *p, const char *end, unsigned marks)
{
    const char *stop = NULL;

    if (marks & DOCGEN_MARK_SLASH && p + 1 < end && p[0] == '/' && p[1] == '*') {
        stop = memmem(p + 2, (apr_size_t)(end - p - 2), "*/", 2);
        return stop ? stop + 2 : end;
    }
    if ((marks & DOCGEN_MARK_SLASH && p + 1 < end && p[0] == '/' && p[1] == '/') ||
        (marks & DOCGEN_MARK_HASH && *p == '#') ||
        (marks & DOCGEN_MARK_DASH && p + 1 < end && p[0] == '-' && p[1] == '-'))
        stop = memchr(p, '\n', (apr_size_t)(end - p));
    else
        return NULL;
    return stop ? stop : end;
}

const char *docgen_used_code(apr_pool_t *pool, docgen_lang lang, const char *text,
                             apr_size_t length)
{
    char *code = apr_pstrmemdup(pool, text, length);
    const char *end = text + length;
    unsigned marks = docgen_traits_of(lang)->marks;

    for (const char *p = text; p < end;) {
        const char *stop = comment_end(p, end, marks), *from = p;

        if (!stop && (*p == '"' || (*p == '\'' && marks & DOCGEN_MARK_SINGLE) ||
                      (*p == '`' && marks & DOCGEN_MARK_TICK))) {
            stop = string_end(p, end, marks);
            from = p + 1;
            for (const char *q = from; q + 1 < stop; q++)
                code[q - text] = *q == '\n' ? '\n' : ' ';
            p = stop;
            continue;
        }
        if (!stop && *p == '\'' && end - p > 2) { /* a character */
            stop = p[1] == '\\' ? p + 4 : p + 3;
            p = stop <= end && stop[-1] == '\'' ? stop : p + 1;
            continue;
        }
        for (const char *q = from; stop && q < stop; q++)
            code[q - text] = *q == '\n' ? '\n' : ' ';
        p = stop ? stop : p + 1;
    }
    return code;
}

static int starts(const char *line, const char *end, const char *word)
{
    apr_size_t length = strlen(word);

    return (apr_size_t)(end - line) >= length && !strncmp(line, word, length);
}

int docgen_used_import(docgen_used_text *text, const char *line, const char *end)
{
    static const char *const words[] = {
        "import ", "import{",  "import\t",          "import(",   "from ",
        "use ",    "pub use ", "export {",          "export * ", "#include",
        "using ",  "require ", "require_relative ", "package "};
    const char *open;

    line += strspn(line, " \t");
    if (text->importing) {
        if (memchr(line, text->importing, (apr_size_t)(end - line)))
            text->importing = 0;
        return 1;
    }
    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (!starts(line, end, words[i]))
            continue;
        open = memchr(line, '{', (apr_size_t)(end - line));
        if (open && !memchr(open, '}', (apr_size_t)(end - open)))
            text->importing = '}';
        open = memchr(line, '(', (apr_size_t)(end - line));
        if (open && !memchr(open, ')', (apr_size_t)(end - open)))
            text->importing = ')';
        return 1;
    }
    return 0;
}

/* What stands before the name with a dot, an arrow or two colons: its last word. @return how long it is; `*member` tells
 * whether there is such a mark at all */
static apr_size_t qualifier_of(const docgen_source *source, const char *at, const char **name,
                               int *member)
{
    const char *p = at;
    const char *start;

    *member = 0;
    if (p > source->text && p[-1] == '.') {
        p--;
        p -= p > source->text && (p[-1] == '?' || p[-1] == '!');
    } else if (p - source->text > 1 &&
               ((p[-1] == '>' && p[-2] == '-') || (p[-1] == ':' && p[-2] == ':'))) {
        p -= 2;
    } else {
        return 0;
    }
    *member = 1;
    for (start = p; start > source->text && word_char(start[-1]); start--) {
    }
    *name = start;
    return (apr_size_t)(p - start);
}

/* Does a word stand in a text, whole? */
static int has_word(const char *text, const char *word)
{
    apr_size_t length = strlen(word);

    for (const char *p = strstr(text, word); p; p = strstr(p + 1, word)) {
        if ((p == text || !word_char(p[-1])) && !word_char(p[length]))
            return 1;
    }
    return 0;
}

/* The last part of a module's name: "middleware" of "x/y/middleware", "file" of "flask_wtf.file". */
static const char *last_part(const char *name)
{
    const char *last = name;

    for (const char *p = name; *p; p++) {
        if (strchr("/.:\\", *p) && p[1])
            last = p + 1;
    }
    return last;
}

/* Is a word that qualifies a call the name of a module that this file imports from elsewhere: fmt, http, requests? */
static int is_other_module(const docgen_used_text *text, const docgen_symbol *symbol,
                           const char *word)
{
    const char *module = symbol->module ? last_part(symbol->module->name) : "";
    apr_size_t length = strlen(word);

    if (!strcmp(module, word))
        return 0;
    for (const char *p = strstr(text->source->text, word); p; p = strstr(p + length, word)) {
        const char *line = p;

        if ((p > text->source->text && word_char(p[-1])) || word_char(p[length]))
            continue;
        while (line > text->source->text && line[-1] != '\n')
            line--;
        line += strspn(line, " \t");
        if (!strncmp(line, "import ", 7) || !strncmp(line, "from ", 5) || !strncmp(line, "use ", 4))
            return !has_word(apr_pstrmemdup(text->source->scratch, line, strcspn(line, "\n")),
                             *module ? module : "?");
        /* Go: a line of import ( … ) is a string and perhaps a name before it */
        if (has(text, DOCGEN_USE_PATHS) && (p[length] == '"' || (*line == '"' && p == line)) &&
            memchr(line, '"', (apr_size_t)(p - line)))
            return 1;
    }
    return 0;
}

/* Is a word that qualifies a call the symbol's module, or what this file calls that module? */
static int is_own_module(const docgen_used_text *text, const docgen_symbol *symbol,
                         const char *word)
{
    const char *module = symbol->module ? last_part(symbol->module->name) : "";
    const char *here = text->source->text;

    if (!*module || !strcmp(module, word))
        return *module != '\0';
    /* From one line that holds the word to the next. */
    for (const char *at = strstr(here, word); at; at = strstr(at, word)) {
        const char *start = at, *whole;
        int is_path;

        while (start > here && start[-1] != '\n')
            start--;
        start += strspn(start, " \t");
        at = start + strcspn(start, "\n");
        if (!memmem(start, (apr_size_t)(at - start), module, strlen(module)))
            continue;
        whole = apr_pstrmemdup(text->source->scratch, start, (apr_size_t)(at - start));
        /* Go: a line of import ( … ) is a path, perhaps with a name before it */
        is_path = has(text, DOCGEN_USE_PATHS) && *whole && strchr(whole, '"') &&
                  whole[strlen(whole) - 1] == '"' && !strpbrk(whole, "=(");
        if ((is_path || !strncmp(whole, "import ", 7) || !strncmp(whole, "from ", 5) ||
             !strncmp(whole, "use ", 4) || strstr(whole, "require")) &&
            has_word(whole, word) && has_word(whole, module))
            return 1;
    }
    return 0;
}

/* Is this method's name made of several words, so that hardly another type has it? */
static int is_telling(const char *name)
{
    int humps = 0;

    for (const char *p = name + 1; *p; p++)
        humps +=
            (isupper((unsigned char)*p) && islower((unsigned char)p[-1])) || (*p == '_' && p[1]);
    return humps > 0 && strlen(name) >= TELLING_BYTES;
}

static int is_same_folder(const char *a, const char *b)
{
    const char *x = strrchr(a, '/'), *y = strrchr(b, '/');
    apr_size_t length = x ? (apr_size_t)(x - a) : 0;

    return length == (y ? (apr_size_t)(y - b) : 0) && !strncmp(a, b, length);
}

/* A call belongs to this symbol when what stands before it can be its owner. */
static int is_owned(const docgen_used_text *text, const docgen_symbol *symbol, const char *at)
{
    const char *name = "";
    int member;
    apr_size_t length = qualifier_of(text->source, at, &name, &member);
    const char *word = length && length < NAME_MAX_BYTES
                           ? apr_pstrmemdup(text->source->scratch, name, length)
                           : "";

    if (symbol->parent) {
        if (!member || (length && is_other_module(text, symbol, word)))
            return 0;
        return is_telling(symbol->name) || !strcmp(word, "self") || !strcmp(word, "this") ||
               has_word(text->source->text, symbol->parent->name);
    }
    if (!member)
        return !has(text, DOCGEN_USE_FOLDER) || !symbol->file || !text->source->file ||
               (text->source->file->flags & DOCGEN_FILE_DOCUMENT) ||
               is_same_folder(text->source->file->path, symbol->file->path);
    return length && (has(text, DOCGEN_USE_SCOPED) || is_own_module(text, symbol, word));
}

/* Behind `return`, an operator or an opening bracket a word is a value. */
static int is_value(const docgen_source *source, const char *at)
{
    while (at > source->text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at > source->text && (strchr("=(,+-*/<>|&!?:[{", at[-1]) != NULL ||
                                 (at - source->text > 6 && !strncmp(at - 6, "return", 6)));
}

static int ends_with_word(const char *before, const char *line, const char *word)
{
    apr_size_t length = strlen(word);

    return (apr_size_t)(before - line) >= length && !strncmp(before - length, word, length) &&
           (before - length == line || !word_char(before[-(long)length - 1]));
}

/* Does a declaring word stand before the name? */
static int is_declared(const char *before, const char *line)
{
    static const char *const words[] = {
        "def",       "func",   "fn",      "function", "fun",       "class", "struct",      "enum",
        "interface", "trait",  "type",    "union",    "sub",       "defp",  "defmodule",   "module",
        "object",    "record", "typedef", "protocol", "extension", "impl",  "macro_rules!"};

    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (ends_with_word(before, line, words[i]))
            return 1;
    }
    return 0;
}

/* A type is used where an object of it is made, one of its own functions is called, or Python's class builds on it. */
static int type_look(const docgen_used_text *text, const char *after, const char *before,
                     const char *line, const char *line_end)
{
    const char *close = *after == '<' ? memchr(after, '>', (apr_size_t)(line_end - after)) : NULL;

    if (ends_with_word(before, line, "new"))
        return 0;
    if (close)
        after = close + 1;
    if (*after == '(' && !has(text, DOCGEN_USE_NEW))
        return 0;
    if (*after == '{' && has(text, DOCGEN_USE_BRACES) && is_value(text->source, before))
        return 0;
    if ((after[0] == ':' && after[1] == ':' && word_char(after[2]) &&
         strncmp(after + 2, "class", 5)) ||
        (after[0] == '.' && islower((unsigned char)after[1]) && !has(text, DOCGEN_USE_NO_STATICS)))
        return 1;
    if (has(text, DOCGEN_USE_BASES) && !strncmp(line, "class ", 6) &&
        (*after == ')' || *after == ','))
        return 2;
    return -1;
}

int docgen_used_look(const docgen_used_text *text, const docgen_symbol *symbol, const char *at,
                     apr_size_t length, const char *line, const char *line_end)
{
    static const char *const types[] = {"class",     "struct",   "type",    "enum",
                                        "interface", "trait",    "union",   "object",
                                        "record",    "protocol", "typedef", "exception"};
    const char *before = at, *after = at + length;
    const char *code = text->code + (at - text->source->text);

    line += strspn(line, " \t");
    if (line_end - line > LINE_MAX_USE || strncmp(code, at, length) != 0)
        return -1; /* in a comment or a string */
    while (before > line && (before[-1] == ' ' || before[-1] == '\t'))
        before--;
    if (is_declared(before, line) ||
        (has(text, DOCGEN_USE_RECEIVERS) && !strncmp(line, "func (", 6)))
        return -1;
    /* a comment in a document's example */
    if ((text->source->file->flags & DOCGEN_FILE_DOCUMENT) &&
        (memmem(line, (apr_size_t)(at - line), "//", 2) || *line == '#' || *line == '*'))
        return -1;
    for (apr_size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (!strcmp(symbol->kind, types[i]))
            return is_owned(text, symbol, at) ? type_look(text, after, before, line, line_end) : -1;
    }
    if (!strcmp(symbol->kind, "function") || !strcmp(symbol->kind, "method") ||
        !strcmp(symbol->kind, "constructor")) {
        /* `int run(void);` declares, `run(1);` calls: a word before a call is a type, unless it is one of control. */
        if (has(text, DOCGEN_USE_TYPE_FIRST) && before > line &&
            (word_char(before[-1]) || before[-1] == '*' || before[-1] == '>') &&
            before[-1] != '>' && !ends_with_word(before, line, "return") &&
            !ends_with_word(before, line, "else") && !ends_with_word(before, line, "await") &&
            !ends_with_word(before, line, "throw") && !ends_with_word(before, line, "case"))
            return -1;
        if (*after != '(' && *after != '!' &&
            !(*after == '<' && memchr(after, '(', (apr_size_t)(line_end - after))) &&
            !(*after == '{' && has(text, DOCGEN_USE_BLOCK)))
            return -1;
        return is_owned(text, symbol, at) ? 0 : -1;
    }
    if (!strcmp(symbol->kind, "macro"))
        return *line == '#' ? -1 : *after == '(' ? 0 : is_value(text->source, at) ? 1 : -1;
    if (!strcmp(symbol->kind, "constant") || !strcmp(symbol->kind, "variable"))
        return is_owned(text, symbol, at) && is_value(text->source, at) ? 3 : -1;
    return -1;
}
