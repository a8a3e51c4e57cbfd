/* Options of programs in C as their usage text explains them, and those that only getopt's list of letters tells.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"

enum {
    SPEC_MAX = 60, /* bytes of "-x, --xx <value>" */
    LINES_MIN = 2  /* fewer are no usage text */
};

/* One option of the usage text. */
typedef struct usage_line {
    const char *spec;
    const char *text;
    const char *at; /* where its literal stands */
    apr_size_t indent;
} usage_line;

/* Where the option's spelling ends: two blanks, a tab, " : " or the end of the line. */
static apr_size_t spec_length(const char *line)
{
    apr_size_t length = 0;

    while (line[length] && line[length] != '\t' && strncmp(line + length, "  ", 2) &&
           strncmp(line + length, " : ", 3) && strncmp(line + length, " - ", 3)) {
        length++;
    }
    return length;
}

/* Is this spelling only that: dashes, words, brackets? No sentence, no formatting. */
static int is_spec(const char *spec, apr_size_t length)
{
    if (length < 2 || length > SPEC_MAX || spec[0] != '-' ||
        !(isalnum((unsigned char)spec[1]) || spec[1] == '?' ||
          (spec[1] == '-' && isalnum((unsigned char)spec[2])))) {
        return 0;
    }
    return !memchr(spec, '%', length) && spec[length - 1] != '.' && spec[length - 1] != ':';
}

static void line_read(docgen_search *search, apr_array_header_t *lines, const char *line,
                      const char *at, int *goes_on)
{
    apr_size_t indent = strspn(line, " \t"), length;
    const char *start = line + indent, *text;
    usage_line *last = lines->nelts ? &APR_ARRAY_IDX(lines, lines->nelts - 1, usage_line) : NULL;

    length = spec_length(start);
    text = start + length + strspn(start + length, " \t:-");
    if (is_spec(start, length) && *text) {
        usage_line *added = apr_array_push(lines);

        added->spec = apr_pstrmemdup(search->scratch, start, length);
        added->text = text;
        added->at = at;
        added->indent = indent;
        *goes_on = 1;
    } else if (*goes_on && last && indent > last->indent + 3 && *start && *start != '-') {
        last->text = apr_pstrcat(search->scratch, last->text, " ", start, NULL);
    } else if (*start) {
        *goes_on = 0;
    }
}

/* The lines of a literal: "\n" ends one, "\t" is a blank, other escapes stand for their character. */
static void literal_read(docgen_search *search, apr_array_header_t *lines, const char *literal,
                         const char *at, int *goes_on)
{
    char *copy = apr_palloc(search->scratch, strlen(literal) * 2 + 1), *end = copy, *from = copy;

    for (const char *p = literal; *p; p++) {
        if (*p == '\\' && p[1] == 'n') {
            *end++ = '\0';
            line_read(search, lines, from, at, goes_on);
            from = end;
            p++;
        } else if (*p == '\\' && p[1]) {
            *end++ = p[1] == 't' ? '\t' : p[1];
            p++;
        } else {
            *end++ = *p;
        }
    }
    *end = '\0';
    line_read(search, lines, from, at, goes_on);
}

static int has_letter(const apr_array_header_t *lines, char letter)
{
    for (int i = 0; i < lines->nelts; i++) {
        const char *spec = APR_ARRAY_IDX(lines, i, usage_line).spec;

        for (const char *p = strchr(spec, '-'); p; p = strchr(p + 1, '-')) {
            if (p[1] == letter && !isalnum((unsigned char)p[2])) {
                return 1;
            }
        }
    }
    return 0;
}

/* Letters of getopt(argc, argv, "ab:c") that the usage text does not explain. */
static void letters_read(docgen_search *search, const char *code, const apr_array_header_t *lines)
{
    const char *call = strstr(code, "getopt(");
    const char *end, *p, *letters = NULL, *at = NULL;

    call = call ? call : strstr(code, "getopt_long(");
    call = call ? strchr(call, '(') : NULL;
    end = call ? docgen_search_call_end(call) : NULL;
    for (p = call; p && p < end && !letters; p++) {
        if (*p == '"') {
            at = p;
            letters = docgen_search_string(search, &p);
        }
    }
    for (p = letters ? letters + strspn(letters, "+-:") : ""; *p; p++) {
        if (isalnum((unsigned char)*p) && !has_letter(lines, *p)) {
            docgen_search_add(search, DOCGEN_DECLARED_OPTION,
                              apr_psprintf(search->scratch, "-%c", *p),
                              p[1] == ':' ? "takes a value" : NULL, NULL,
                              search->text + (at - code), search->text);
        }
    }
}

void docgen_search_usage(docgen_search *search)
{
    apr_array_header_t *lines = apr_array_make(search->scratch, 16, sizeof(usage_line));
    const char *code;
    int goes_on = 0;

    if (!strstr(search->text, "getopt") && !strstr(search->text, "sage:")) {
        return;
    }
    code = docgen_search_mask(search);
    for (const char *p = code; *p;) {
        const char *at = p, *literal = NULL;

        if (*p == '\'' && p[1] && p[2]) { /* a character is no literal of text */
            p += p[1] == '\\' ? 3 : 2;
            p += *p == '\'';
            continue;
        }
        literal = *p == '"' ? docgen_search_texts(search, &p) : NULL;
        if (literal) {
            literal_read(search, lines, literal, search->text + (at - code), &goes_on);
        } else {
            p++;
        }
    }
    if (lines->nelts < LINES_MIN) {
        apr_array_clear(lines);
    }
    for (int i = 0; i < lines->nelts; i++) {
        const usage_line *line = &APR_ARRAY_IDX(lines, i, usage_line);
        const char *at = strstr(line->at, line->spec); /* its own line of a long literal */

        docgen_search_add(search, DOCGEN_DECLARED_OPTION, line->spec,
                          docgen_default_said(search->scratch, line->text), line->text,
                          at ? at : line->at, line->at);
    }
    letters_read(search, code, lines);
}
