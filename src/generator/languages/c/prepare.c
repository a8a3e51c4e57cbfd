/* C and C++: a copy of the source for ctags, without the macros that hide names from it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/c/ctags.h"

enum {
    MACRO_MIN = 3,      /* letters of a name in capitals that may be a macro's */
    ARGUMENTS_MAX = 200 /* bytes of a macro's arguments between a keyword and its name */
};

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void blank(char *from, const char *to)
{
    for (; from < to; from++) {
        *from = *from == '\n' ? '\n' : ' ';
    }
}

/* Skips white space and comments. */
static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end) {
        if (isspace((unsigned char)*p)) {
            p++;
        } else if (end - p > 1 && p[0] == '/' && (p[1] == '*' || p[1] == '/')) {
            const char *stop = p[1] == '*' ? memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2)
                                           : memchr(p, '\n', (apr_size_t)(end - p));

            p = stop ? stop + (p[1] == '*' ? 2 : 1) : end;
        } else {
            break;
        }
    }
    return p;
}

/* Does a declaration with a type of its own begin here ("int f", "T *f", "struct s")? Then what stands before it is not
 * its type. */
static int is_declaration(const char *p, const char *end)
{
    const char *start = p = skip_blanks(p, end);

    while (p < end && is_word(*p)) {
        p++;
    }
    if (p == start || isdigit((unsigned char)*start)) {
        return 0;
    }
    p = skip_blanks(p, end);
    return p < end && (is_word(*p) || *p == '*');
}

/* The end of a macro call "NAME(a, b, …)" that stands alone at a line's start without a semicolon; NULL when the line
 * is anything else. Without a comma it may be a declaration's beginning ("AP_DECLARE(int)"), unless one with its own
 * type follows. */
static const char *bare_call(const char *p, const char *end)
{
    const char *start = p;
    int depth = 0, commas = 0;

    while (p < end && (isupper((unsigned char)*p) || *p == '_' || isdigit((unsigned char)*p))) {
        p++;
    }
    if (p - start < 3 || p >= end || (is_word(*p))) {
        return NULL;
    }
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }
    if (p < end && *p == '\n') {
        return memchr(start, '_', (apr_size_t)(p - start)) && is_declaration(p, end) ? p : NULL;
    }
    if (p >= end || *p != '(') {
        return NULL;
    }
    for (; p < end && p - start < 2000; p++) {
        depth += (*p == '(') - (*p == ')');
        commas += *p == ',' && depth == 1;
        if (depth == 0) {
            break;
        }
        if (*p == ';' || *p == '{' || *p == '#') {
            return NULL;
        }
    }
    if (p >= end || depth != 0) {
        return NULL;
    }
    p++;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }
    return p < end && *p == '\n' && (commas > 0 || is_declaration(p, end)) ? p : NULL;
}

/* Such calls become blanks: ctags would take the declaration after them for their rest. A body below ("TEST(a, b)" and
 * "{") is left alone. */
static void blank_bare_calls(char *copy, const char *end)
{
    for (char *p = copy; p && p < end; p = memchr(p, '\n', (apr_size_t)(end - p)), p += p != NULL) {
        const char *stop, *next;

        p += strspn(p, " \t");
        stop = bare_call(p, end);
        if (!stop) {
            continue;
        }
        for (next = stop; next < end && isspace((unsigned char)*next); next++) {
        }
        if (next < end && *next != '{') {
            blank(p, stop);
            p += stop - p;
        }
    }
}

/* The end of a name in capitals that begins at `p`; NULL when it is no such name. */
static const char *macro_name(const char *p, const char *end)
{
    const char *start = p;

    while (p < end && (isupper((unsigned char)*p) || *p == '_' || isdigit((unsigned char)*p))) {
        p++;
    }
    return p - start >= MACRO_MIN && isupper((unsigned char)*start) && (p == end || !is_word(*p))
               ? p
               : NULL;
}

/* Behind the arguments of a macro call, when they begin at `p`; else `p`. */
static const char *behind_arguments(const char *p, const char *end)
{
    const char *q = p;
    int depth = 0;

    for (; q < end && q - p < ARGUMENTS_MAX; q++) {
        depth += (*q == '(') - (*q == ')');
        if (depth == 0) {
            return *q == ')' ? q + 1 : p;
        }
    }
    return p;
}

/* "void *(CALLED *name)(int)": a calling convention before a function pointer's name, which ctags would take for it. */
static void blank_convention(char *open, const char *end)
{
    char *start = open + 1 + strspn(open + 1, " ");
    const char *stop = macro_name(start, end), *p;

    if (!stop || *(p = stop + strspn(stop, " \t")) != '*') {
        return;
    }
    p += 1 + strspn(p + 1, " \t");
    while (p < end && is_word(*p)) {
        p++;
    }
    p = skip_blanks(p, end);
    if (p < end && *p == ')' && (p = skip_blanks(p + 1, end)) < end && *p == '(') {
        blank(start, stop);
    }
}

/* "class EXPORT Name" and "struct DEPRECATED("why") Name": ctags would take the type for a variable. `p` is behind the
 * keyword. */
static void blank_attribute(char *p, const char *end, int is_class)
{
    for (;;) {
        char *start = p + (skip_blanks(p, end) - p);
        const char *stop = macro_name(start, end), *name, *after;

        if (!stop) {
            return;
        }
        name = skip_blanks(behind_arguments(stop, end), end);
        after = name;
        while (after < end && (is_word(*after) || *after == ':')) {
            if (*after == ':' && (after + 1 == end || after[1] != ':') && after[-1] != ':') {
                break;
            }
            after++;
        }
        if (after == name || isdigit((unsigned char)*name)) {
            return;
        }
        if (!macro_name(name, end)) { /* a name: is it that of a definition? */
            const char *next = skip_blanks(after, end);

            if (next >= end || !(strchr("{:<", *next) || (*next == ';' && is_class) ||
                                 (end - next > 5 && !strncmp(next, "final", 5)))) {
                return;
            }
        }
        p = start + (behind_arguments(stop, end) - start);
        blank(start, p);
    }
}

/* "requires (T t) { … }": ctags would take what a type must be able to do for declarations. `p` is behind the word. */
static void blank_requirement(char *word, const char *p, const char *end)
{
    const char *open = skip_blanks(p, end);
    int depth = 0;

    open = skip_blanks(behind_arguments(open, end), end);
    if (open >= end || *open != '{') {
        return;
    }
    for (p = open; p < end; p++) {
        depth += (*p == '{') - (*p == '}');
        if (depth == 0) {
            blank(word, p + 1);
            return;
        }
    }
}

static int is_keyword(const char *p, const char *end, const char *keyword)
{
    apr_size_t length = strlen(keyword);

    return (apr_size_t)(end - p) > length && !strncmp(p, keyword, length) && !is_word(p[length]);
}

static void blank_attributes(char *copy, const char *end, int is_cpp)
{
    static const char *const keywords[] = {"class", "struct", "union", "enum"};

    for (char *p = copy; p < end; p++) {
        if (*p == '(') {
            blank_convention(p, end);
        } else if (strchr("csue", *p) && (p == copy || !is_word(p[-1]))) {
            for (unsigned i = is_cpp ? 0 : 1; i < sizeof(keywords) / sizeof(*keywords); i++) {
                if (is_keyword(p, end, keywords[i])) {
                    p += strlen(keywords[i]);
                    blank_attribute(p, end, is_cpp && i < 2);
                    break;
                }
            }
        } else if (is_cpp && *p == 'r' && p > copy && !is_word(p[-1]) &&
                   is_keyword(p, end, "requires")) {
            blank_requirement(p, p + strlen("requires"), end);
        }
    }
}

const char *docgen_c_prepare(const docgen_source *source, int is_cpp)
{
    char *copy = apr_pstrmemdup(source->scratch, source->text, source->length);
    const char *end = copy + source->length;

    blank_bare_calls(copy, end);
    blank_attributes(copy, end, is_cpp);
    return copy;
}
