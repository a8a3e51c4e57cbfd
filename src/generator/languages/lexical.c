/* Strings, comments and directives that only some languages have: text blocks, raw, verbatim and interpolated strings,
 * heredocs, nested comments, #if.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/language.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define PREFIX_MAX     8    /* marks before a string of C# */
#define NAME_MAX_BYTES 256  /* of a name between backquotes */
#define BRANCH_LOOK    1024 /* bytes of a branch before #else that are looked through */
#define HOLES_MAX      16   /* strings inside expressions inside strings */

static const char *string_end(const docgen_lexical *l, const char *p, const char *end, int depth);

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80);
}

static int starts(const char *p, const char *end, const char *text)
{
    apr_size_t length = strlen(text);

    return (apr_size_t)(end - p) >= length && !memcmp(p, text, length);
}

static const char *line_end(const char *p, const char *end)
{
    const char *newline = memchr(p, '\n', (apr_size_t)(end - p));

    return newline ? newline : end;
}

static const char *comment_end(const docgen_lexical *l, const char *p, const char *end)
{
    int depth = 0;

    for (; p < end; p++) {
        if (starts(p, end, "/*") && (depth == 0 || l->flags & DOCGEN_LEXICAL_NESTED)) {
            depth++;
            p++;
        } else if (starts(p, end, "*/")) {
            p++;
            if (--depth == 0) {
                return p + 1;
            }
        }
    }
    return end;
}

/** Past an expression inside a string, whose opening mark ends before `p`. */
static const char *hole_end(const docgen_lexical *l, const char *p, const char *end, char close,
                            int depth)
{
    char open = close == ')' ? '(' : '{';
    int nested = 1;

    while (p < end) {
        if (*p == '"' || (*p == '\'' && l->flags & DOCGEN_LEXICAL_SINGLE)) {
            p = string_end(l, p, end, depth + 1);
            continue;
        }
        if (*p == '\'' && end - p > 2 && p[2] == '\'') { /* a character, perhaps a quote */
            p += 3;
            continue;
        }
        nested += (*p == open) - (*p == close);
        p++;
        if (nested == 0) {
            return p;
        }
    }
    return end;
}

/** A string up to `quotes` times its quote. @param hole what opens an expression, or NULL */
static const char *quoted_end(const docgen_lexical *l, const char *p, const char *end, int quotes,
                              int escapes, const char *hole, int depth)
{
    char quote = *p;
    int lines = quotes > 2 || l->flags & DOCGEN_LEXICAL_MULTILINE;

    for (p += quotes; p < end;) {
        if (hole && depth < HOLES_MAX && starts(p, end, hole)) {
            apr_size_t length = strlen(hole);

            if (length == 1 && p + 1 < end && p[1] == *hole) {
                p += 2; /* C#'s {{ stands for a brace */
                continue;
            }
            p = hole_end(l, p + length, end, strchr(hole, '(') ? ')' : '}', depth);
        } else if (escapes && *p == '\\' && p + 1 < end) {
            p += 2;
        } else if (*p == '\n' && !lines) {
            return p;
        } else if (*p == quote) {
            int run = 1;

            while (p + run < end && run < 2 * quotes && p[run] == quote) {
                run++;
            }
            if (quotes == 1) {
                return p + 1;
            }
            p += run;
            if (run >= quotes) {
                return p;
            }
        } else {
            p++;
        }
    }
    return end;
}

/** C#: "" inside @"…" stands for a quote. */
static const char *verbatim_end(const char *p, const char *end)
{
    for (p++; p < end; p++) {
        if (*p == '"') {
            if (p + 1 < end && p[1] == '"') {
                p++;
            } else {
                return p + 1;
            }
        }
    }
    return end;
}

static int quote_run(const char *p, const char *end)
{
    int run = 0;

    while (p + run < end && p[run] == *p && run < 64) {
        run++;
    }
    return run;
}

/** Past the string whose opening quote is at `p`. */
static const char *string_end(const docgen_lexical *l, const char *p, const char *end, int depth)
{
    int run = quote_run(p, end);

    if (run > 2 && l->flags & DOCGEN_LEXICAL_VERBATIM) {
        return quoted_end(l, p, end, run, 0, NULL, depth);
    }
    if (run > 2 && l->flags & DOCGEN_LEXICAL_TRIPLE) {
        return quoted_end(l, p, end, 3, l->flags & DOCGEN_LEXICAL_TRIPLE_ESCAPES ? 1 : 0, l->hole,
                          depth);
    }
    return quoted_end(l, p, end, 1, 1, l->hole, depth);
}

/** C#: the prefixes $ and @ before a string. NULL = none here. */
static const char *prefixed_end(const docgen_lexical *l, const char *p, const char *end)
{
    const char *quote = p;
    int verbatim = 0, holes = 0;

    while (quote < end && quote - p < PREFIX_MAX && (*quote == '$' || *quote == '@')) {
        quote++;
    }
    if (quote == p || quote >= end || *quote != '"') {
        return NULL;
    }
    for (; p < quote; p++) {
        verbatim |= *p == '@';
        holes |= *p == '$';
    }
    if (quote_run(quote, end) > 2 && !verbatim) {
        return string_end(l, quote, end, 0);
    }
    if (verbatim) {
        return verbatim_end(quote, end);
    }
    return holes ? quoted_end(l, quote, end, 1, 1, "{", 0) : NULL;
}

/** Swift: #"…"# with any number of marks. NULL = none here. */
static const char *pound_end(const char *p, const char *end)
{
    int marks = quote_run(p, end), quotes;

    p += marks;
    if (p >= end || *p != '"') {
        return NULL;
    }
    quotes = quote_run(p, end) > 2 ? 3 : 1;
    for (p += quotes; p < end; p++) {
        if (*p == '\n' && quotes == 1) {
            return p;
        }
        if (*p == '"' && end - p > quotes - 1 + marks && quote_run(p, end) >= quotes &&
            p[quotes] == '#' && quote_run(p + quotes, end) >= marks) {
            return p + quotes + marks;
        }
    }
    return end;
}

/** PHP: <<<ID up to the line that begins with ID. NULL = none here. */
static const char *heredoc_end(const char *p, const char *end)
{
    const char *id;
    apr_size_t length = 0;

    for (p += 3; p < end && (*p == ' ' || *p == '\t' || *p == '"' || *p == '\''); p++) {
    }
    for (id = p; p < end && is_word(*p); p++) {
        length++;
    }
    if (!length) {
        return NULL;
    }
    while ((p = line_end(p, end)) < end) {
        for (p++; p < end && (*p == ' ' || *p == '\t'); p++) {
        }
        if ((apr_size_t)(end - p) >= length && !memcmp(p, id, length) &&
            (p + length == end || !is_word(p[length]))) {
            return p + length;
        }
    }
    return end;
}

static int is_line_start(const char *start, const char *p)
{
    while (p > start && (p[-1] == ' ' || p[-1] == '\t')) {
        p--;
    }
    return p == start || p[-1] == '\n';
}

/** Is the directive at `p` (a `#`) called so? */
static int directive_is(const char *p, const char *end, const char *name)
{
    apr_size_t length = strlen(name);

    for (p++; p < end && (*p == ' ' || *p == '\t'); p++) {
    }
    return starts(p, end, name) && (p + length == end || !is_word(p[length]));
}

/** Behind the branches that are not read: from a #else to behind its #endif. */
static const char *branches_end(const char *p, const char *end)
{
    int depth = 1;

    while ((p = line_end(p, end)) < end) {
        for (p++; p < end && (*p == ' ' || *p == '\t'); p++) {
        }
        if (p < end && *p == '#') {
            depth += directive_is(p, end, "if");
            depth -= directive_is(p, end, "endif");
            if (depth == 0) {
                return line_end(p, end);
            }
        }
    }
    return end;
}

/** Does the branch that ends at the #else at `p` declare nothing? Then the other one is read. */
static int is_empty_branch(const char *start, const char *p)
{
    const char *least = p - start > BRANCH_LOOK ? p - BRANCH_LOOK : start;

    for (const char *q = p - 1; q > least; q--) {
        if (*q == '{' || *q == ';') {
            return 0;
        }
        if (*q == '#' && is_line_start(start, q)) {
            return directive_is(q, p, "if");
        }
    }
    return 0;
}

static const char *directive_end(const docgen_lexical *l, const char *start, const char *p,
                                 const char *end)
{
    if (!(l->flags & DOCGEN_LEXICAL_CONDITIONS) || !is_line_start(start, p)) {
        return NULL;
    }
    if (directive_is(p, end, "else") || directive_is(p, end, "elif") ||
        directive_is(p, end, "elseif")) {
        return is_empty_branch(start, p) ? line_end(p, end) : branches_end(p, end);
    }
    if (l->flags & DOCGEN_LEXICAL_DIRECTIVES || directive_is(p, end, "if") ||
        directive_is(p, end, "endif")) {
        return line_end(p, end);
    }
    return NULL;
}

/** PHP: from the text between ?> and <?php to behind that. */
static const char *template_end(const char *p, const char *end)
{
    const char *open;

    while ((open = memmem(p, (apr_size_t)(end - p), "<?", 2))) {
        if (starts(open, end, "<?=")) {
            return open + 3;
        }
        if (end - open >= 5 && !strncasecmp(open, "<?php", 5)) {
            return open + 5;
        }
        p = open + 2;
    }
    return end;
}

/** Scala: '…' when it closes after one character. NULL = a symbol or a quoted expression. */
static const char *char_end(const docgen_lexical *l, const char *p, const char *end)
{
    const char *q = p + 1;

    if (q < end && *q == '\\') {
        return quoted_end(l, p, end, 1, 1, NULL, 0);
    }
    for (q += q < end; q < end && ((unsigned char)*q & 0xC0) == 0x80; q++) {
    }
    return q < end && *q == '\'' ? q + 1 : NULL;
}

/** The length of a white space character beyond ASCII at `p` (no-break spaces, the byte order mark), or 0. */
static int wide_blank(const char *p, const char *end)
{
    static const char *const blanks[] = {"\xC2\xA0",     "\xEF\xBB\xBF", "\xE3\x80\x80",
                                         "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF"};

    for (unsigned i = 0; i < sizeof(blanks) / sizeof(*blanks); i++) {
        if (starts(p, end, blanks[i])) {
            return (int)strlen(blanks[i]);
        }
    }
    return end - p > 2 && starts(p, end, "\xE2\x80") && (unsigned char)p[2] <= 0x8B ? 3 : 0;
}

static docgen_lexical_kind found(docgen_lexical_kind kind, const char *at, const char **stop)
{
    *stop = at;
    return at ? kind : DOCGEN_LEXICAL_NOTHING;
}

/** Lua: behind the text that `[[` or `[==[` at `p` opens; NULL when neither stands there. */
static const char *long_bracket_end(const char *p, const char *end)
{
    const char *q = p + 1;
    apr_size_t signs;

    while (q < end && *q == '=') {
        q++;
    }
    if (*p != '[' || q >= end || *q != '[') {
        return NULL;
    }
    signs = (apr_size_t)(q - p) - 1;
    for (q++; (q = memchr(q, ']', (apr_size_t)(end - q)));) {
        apr_size_t n = 0;

        for (q++; q < end && *q == '='; q++) {
            n++;
        }
        if (n == signs && q < end && *q == ']') {
            return q + 1;
        }
    }
    return end;
}

/** Lua: what begins with a dash or a bracket. */
static docgen_lexical_kind dashes_read(const char *p, const char *end, const char **stop)
{
    const char *close;

    if (*p == '[') {
        return found(DOCGEN_LEXICAL_STRING, long_bracket_end(p, end), stop);
    }
    if (!starts(p, end, "--")) {
        return DOCGEN_LEXICAL_NOTHING;
    }
    close = end - p > 2 ? long_bracket_end(p + 2, end) : NULL;
    return found(DOCGEN_LEXICAL_SPACE, close ? close : line_end(p, end), stop);
}

docgen_lexical_kind docgen_lexical_read(const docgen_lexical *l, const char *start, const char *end,
                                        const char *p, const char **stop)
{
    unsigned flags = l->flags;

    if (flags & DOCGEN_LEXICAL_TAGS && (p == start || starts(p, end, "?>"))) {
        return found(DOCGEN_LEXICAL_SPACE, template_end(p, end), stop);
    }
    switch (*p) {
    case '/':
        if (flags & DOCGEN_LEXICAL_DASHES) {
            return DOCGEN_LEXICAL_NOTHING;
        }
        return starts(p, end, "//") && flags & DOCGEN_LEXICAL_TAGS
                   ? found(DOCGEN_LEXICAL_SPACE, line_end(p, end), stop)
               : starts(p, end, "/*") ? found(DOCGEN_LEXICAL_SPACE, comment_end(l, p, end), stop)
                                      : DOCGEN_LEXICAL_NOTHING;
    case '#':
        if (flags & DOCGEN_LEXICAL_HASH_COMMENT) {
            return p + 1 < end && p[1] == '[' ? DOCGEN_LEXICAL_NOTHING
                                              : found(DOCGEN_LEXICAL_SPACE, line_end(p, end), stop);
        }
        if (flags & DOCGEN_LEXICAL_POUND_RAW && (*stop = pound_end(p, end))) {
            return DOCGEN_LEXICAL_STRING;
        }
        return found(DOCGEN_LEXICAL_SPACE, directive_end(l, start, p, end), stop);
    case '"': {
        docgen_lexical plain = *l;

        if (flags & DOCGEN_LEXICAL_PREFIX_HOLES && !(p > start && is_word(p[-1]))) {
            plain.hole = NULL;
        }
        return found(DOCGEN_LEXICAL_STRING, string_end(&plain, p, end, 0), stop);
    }
    case '\'':
        if (flags & DOCGEN_LEXICAL_CHAR) {
            const char *close = char_end(l, p, end);

            /* Scala's quotes and symbols ('name, '{ … }) open nothing that a quote would close. */
            return found(close ? DOCGEN_LEXICAL_STRING : DOCGEN_LEXICAL_SPACE,
                         close ? close : p + 1, stop);
        }
        if (flags & DOCGEN_LEXICAL_TAGS) { /* PHP's hold no expressions */
            return found(DOCGEN_LEXICAL_STRING, quoted_end(l, p, end, 1, 1, NULL, 0), stop);
        }
        return flags & DOCGEN_LEXICAL_SINGLE
                   ? found(DOCGEN_LEXICAL_STRING, string_end(l, p, end, 0), stop)
                   : DOCGEN_LEXICAL_NOTHING;
    case '$':
    case '@':
        return flags & DOCGEN_LEXICAL_VERBATIM
                   ? found(DOCGEN_LEXICAL_STRING, prefixed_end(l, p, end), stop)
                   : DOCGEN_LEXICAL_NOTHING;
    case '`':
        if (flags & DOCGEN_LEXICAL_BACKTICK) {
            apr_size_t room = end - p > NAME_MAX_BYTES ? NAME_MAX_BYTES : (apr_size_t)(end - p);
            const char *close = memchr(p + 1, '`', room - 1);

            close = close && memchr(p, '\n', (apr_size_t)(close - p)) ? NULL : close;
            return found(DOCGEN_LEXICAL_NAME, close ? close + 1 : NULL, stop);
        }
        return DOCGEN_LEXICAL_NOTHING;
    case '-':
    case '[':
        return flags & DOCGEN_LEXICAL_DASHES ? dashes_read(p, end, stop) : DOCGEN_LEXICAL_NOTHING;
    case '<':
        return flags & DOCGEN_LEXICAL_HEREDOC && starts(p, end, "<<<")
                   ? found(DOCGEN_LEXICAL_STRING, heredoc_end(p, end), stop)
                   : DOCGEN_LEXICAL_NOTHING;
    case 'r':
        if (flags & DOCGEN_LEXICAL_R_RAW && p + 1 < end && (p[1] == '"' || p[1] == '\'') &&
            !(p > start && is_word(p[-1]))) {
            return found(DOCGEN_LEXICAL_STRING,
                         quoted_end(l, p + 1, end, quote_run(p + 1, end) > 2 ? 3 : 1, 0, NULL, 0),
                         stop);
        }
        return DOCGEN_LEXICAL_NOTHING;
    default:
        if ((unsigned char)*p & 0x80 && wide_blank(p, end)) {
            return found(DOCGEN_LEXICAL_SPACE, p + wide_blank(p, end), stop);
        }
        return DOCGEN_LEXICAL_NOTHING;
    }
}
