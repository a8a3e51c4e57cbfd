/* Around a C declaration: where it starts and ends, the comment that belongs to it, its signature.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/c/text.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc.h"

#define LIST_LINES_MAX 40 /* lines of one declaration of several names */

#define DECLARATION_MAX 6000 /* bytes searched for a declaration's end */

const char *docgen_c_line(const docgen_source *source, int line, char *last)
{
    apr_size_t stop;
    const char *start = docgen_source_at(source, line, &stop), *end = source->text + stop;

    while (start < end && isspace((unsigned char)*start)) {
        start++;
    }
    while (end > start && isspace((unsigned char)end[-1])) {
        end--;
    }
    *last = end > start ? end[-1] : '\0';
    return start;
}

/* The last byte of a line's code, a comment behind it left out; NUL when the line is a comment. */
static char code_end(const char *text, char last)
{
    apr_size_t length = strcspn(text, "\n");
    const char *comment = memmem(text, length, "//", 2);

    if (!comment || (comment > text && comment[-1] == ':')) {
        return last;
    }
    while (comment > text && isspace((unsigned char)comment[-1])) {
        comment--;
    }
    return comment > text ? comment[-1] : '\0';
}

/* Does a line of capitals open or close a region ("LIB_BEGIN_NAMESPACE")? It is no part of the declaration below. */
static int is_region(const char *text)
{
    apr_size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    return length >= 3 &&
           (memmem(text, length, "BEGIN", 5) || memmem(text, length, "END_", 4) ||
            memmem(text, length, "_END", 4) || memmem(text, length, "NAMESPACE", 9) ||
            memmem(text, length, "DECLS", 5));
}

int docgen_c_first_line(const docgen_source *source, int line)
{
    for (int steps = 0; line > 1 && steps < 5; steps++) {
        char last;
        const char *text = docgen_c_line(source, line - 1, &last);

        last = last ? code_end(text, last) : last;
        if (!last || strchr(";{}:\\/", last) || is_region(text) || *text == '#' ||
            !strncmp(text, "//", 2) || *text == '*' || !strncmp(text, "/*", 2)) {
            break;
        }
        if (last == ',' ||
            (last == ')' && !strchr("_ATDPEaisuv", *text) && strncmp(text, "requires", 8))) {
            break;
        }
        line--;
    }
    return line;
}

const docgen_doc *docgen_c_doc(const docgen_source *source, const char *text)
{
    return docgen_doc_parse(source->pool, text, DOCGEN_DOC_TAGS);
}

int docgen_c_list_line(const docgen_source *source, int line)
{
    int first = docgen_c_first_line(source, line), above = first;

    for (int steps = 0; above > 1 && steps < LIST_LINES_MAX; steps++) {
        char last;
        const char *text = docgen_c_line(source, above - 1, &last);
        const char *comma = text + strcspn(text, "\n");

        while (comma > text && *comma != ',') {
            comma--;
        }
        /* A list goes on behind "),": anything else with a comma is a parameter or a value. */
        if (last != ',' || comma == text || comma[-1] != ')' || *text == '#') {
            break;
        }
        above = docgen_c_first_line(source, above - 1);
    }
    return above;
}

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Where the declarator of a list begins that ends at `end`: its name, with the stars before it. */
static const char *declarator_start(const char *start, const char *end)
{
    const char *paren = memchr(start, '(', (apr_size_t)(end - start)), *p = paren ? paren : end;

    p = p < end || !memchr(start, '=', (apr_size_t)(end - start))
            ? p
            : memchr(start, '=', (apr_size_t)(end - start));
    while (p > start && !is_word(p[-1])) {
        p--;
    }
    while (p > start && is_word(p[-1])) {
        p--;
    }
    while (p > start && (p[-1] == '*' || isspace((unsigned char)p[-1]))) {
        p--;
    }
    return p;
}

const char *docgen_c_declarator(apr_pool_t *pool, const char *declaration, const char *name)
{
    apr_size_t length = strlen(name);
    const char *start = declaration, *base = NULL;
    int depth = 0, parts = 0;

    for (const char *p = declaration;; p++) {
        depth += (*p == '(' || *p == '{' || *p == '[') - (*p == ')' || *p == '}' || *p == ']');
        if (*p && (*p != ',' || depth != 0)) {
            continue;
        }
        base = base ? base : declarator_start(declaration, p);
        if (!*p && parts == 0) {
            return declaration;
        }
        for (const char *q = start; q + length <= p; q++) {
            const char *after = q + length;

            if (!strncmp(q, name, length) && (q == start || !is_word(q[-1])) && !is_word(*after) &&
                (after == p || strchr(" ([=:", *after))) {
                start += strspn(start, " \t\n");
                return parts == 0
                           ? apr_pstrmemdup(pool, start, (apr_size_t)(p - start))
                           : apr_pstrcat(pool,
                                         apr_pstrmemdup(pool, declaration,
                                                        (apr_size_t)(base - declaration)),
                                         " ", apr_pstrmemdup(pool, start, (apr_size_t)(p - start)),
                                         NULL);
            }
        }
        parts++;
        start = p + 1;
        if (!*p) {
            return declaration;
        }
    }
}

/* Is the line nothing but a macro's name, with arguments or without ("WIDGET_DEPRECATED_FOR(x)")? */
static int is_macro_line(const char *line)
{
    apr_size_t length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    const char *rest = line + length + strspn(line + length, " \t");

    if (length < 3 || !memchr(line, '_', length)) {
        return 0;
    }
    if (*rest == '(') {
        rest += strcspn(rest, ")\n");
        rest += *rest == ')';
    }
    rest += strspn(rest, " \t\r");
    return *rest == '\n' || !*rest;
}

const docgen_doc *docgen_c_doc_above(const docgen_source *source, int line)
{
    const char *text = docgen_source_comment_above(source, line, NULL);

    for (int i = 1; !text && i <= 2 && line - i > 0; i++) {
        char last;
        const char *above = docgen_c_line(source, line - i, &last);

        if (strncmp(above, "#if", 3) && strncmp(above, "# if", 4) && !is_macro_line(above)) {
            break;
        }
        text = docgen_source_comment_above(source, line - i, NULL);
    }
    return text && !docgen_comment_is_licence(text) && !docgen_comment_is_label(text)
               ? docgen_c_doc(source, text)
               : NULL;
}

const docgen_doc *docgen_c_doc_of_member(const docgen_source *source, int line)
{
    const char *beside = docgen_source_comment_beside(source, line);
    const char *above = beside ? NULL : docgen_source_comment_above(source, line, NULL);
    char last;
    const char *before = docgen_c_line(source, line - 1, &last);

    if (above && last && !strncmp(before, "/*<", 3)) {
        above = NULL;
    }
    return docgen_c_doc(source, beside ? beside : above);
}

/* The offset of the declaration's end: `;` or `{` (or `:` of a constructor, `=`) outside brackets and comments. */
static apr_size_t declaration_end(const docgen_source *source, apr_size_t start)
{
    const char *p = source->text + start, *end = source->text + source->length;
    int depth = 0, closed = 0;

    if ((apr_size_t)(end - p) > DECLARATION_MAX) {
        end = p + DECLARATION_MAX;
    }
    for (; p < end; p++) {
        if (*p == '/' && p + 1 < end && p[1] == '*') {
            const char *close = memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2);

            p = close ? close + 1 : end - 1;
        } else if (*p == '/' && p + 1 < end && p[1] == '/') {
            while (p < end && *p != '\n') {
                p++;
            }
        } else if (*p == '"' || *p == '\'') {
            char quote = *p;

            for (p++; p < end && *p != quote && *p != '\n'; p++) {
                p += *p == '\\';
            }
        } else if (*p == '(' || *p == '[') {
            depth++;
        } else if (*p == ')' || *p == ']') {
            depth--;
            closed = 1;
        } else if (depth <= 0 && (*p == ';' || *p == '{' || *p == '}')) {
            break;
        } else if (depth <= 0 && closed && *p == ':' && p + 1 < end && p[1] != ':' &&
                   p[-1] != ':') {
            break;
        }
    }
    return (apr_size_t)(p - source->text);
}

static apr_size_t line_start(const docgen_source *source, int line)
{
    apr_size_t stop;

    return (apr_size_t)(docgen_source_at(source, line, &stop) - source->text);
}

const char *docgen_c_declaration(const docgen_source *source, int first)
{
    apr_size_t start = line_start(source, first);

    while (start < source->length && isspace((unsigned char)source->text[start])) {
        start++;
    }
    return docgen_source_signature(source, start, declaration_end(source, start));
}

const char *docgen_c_macro(const docgen_source *source, const docgen_ctag *tag)
{
    apr_size_t stop, start = line_start(source, tag->line), end;
    const char *text;

    docgen_source_at(source, tag->end > tag->line ? tag->end : tag->line, &stop);
    end = stop - start > DECLARATION_MAX ? start + DECLARATION_MAX : stop;
    text = docgen_source_squeeze(source, start, end, 160);
    if (strlen(text) >= 158 || tag->end > tag->line + 2) {
        const char *name = strstr(text, tag->name);
        apr_size_t keep = name ? (apr_size_t)(name - text) + strlen(tag->name) : strlen(text);

        if (text[keep] == '(') {
            keep += strcspn(text + keep, ")") + 1;
        }
        if (keep < strlen(text)) {
            text =
                apr_pstrcat(source->pool, apr_pstrmemdup(source->scratch, text, keep), " …", NULL);
        }
    }
    return text;
}

int docgen_c_is_guard(const docgen_source *source, const docgen_ctag *tag)
{
    char last;
    const char *text = docgen_c_line(source, tag->line, &last), *above, *name;
    apr_size_t length = strlen(tag->name);

    name = strstr(text, tag->name);
    if (!name || !strchr("\n\r \t/", name[length])) {
        return 0;
    }
    name += length;
    name += strspn(name, " \t\r");
    if (*name && *name != '\n' && *name != '/') {
        return 0;
    }
    for (int i = 1; i < 4; i++) {
        above = docgen_c_line(source, tag->line - i, &last);
        if (last) {
            const char *guard = strstr(above, "ifndef");

            return *above == '#' && guard && guard - above < 8 && guard[6] == ' ' &&
                   !strncmp(guard + 7 + strspn(guard + 7, " "), tag->name, length) &&
                   (strstr(tag->name, "_H") || strstr(tag->name, "H_") ||
                    strstr(tag->name, "INCLUDED"));
        }
    }
    return 0;
}
