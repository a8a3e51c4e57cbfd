/* Physical lines become statements: strings, brackets, backslashes and comments.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/python/lines.h"

#include <ctype.h>
#include <string.h>
#include <apr.h>

/* Past a string literal that starts at `p` (at its quote). */
static const char *skip_string(docgen_python_lines *r, const char *p, int raw)
{
    char quote = *p;
    int triple = r->end - p >= 3 && p[1] == quote && p[2] == quote;

    (void)raw; /* a backslash keeps the quote from closing in raw strings, too */
    p += triple ? 3 : 1;
    while (p < r->end) {
        if (*p == '\\' && p + 1 < r->end) {
            r->line += p[1] == '\n';
            p += 2;
        } else if (*p == '\n' && !triple) {
            return p;
        } else if (*p == quote &&
                   (!triple || (r->end - p >= 3 && p[1] == quote && p[2] == quote))) {
            return p + (triple ? 3 : 1);
        } else {
            r->line += *p == '\n';
            p++;
        }
    }
    return r->end;
}

int docgen_python_next(docgen_python_lines *r, docgen_python_statement *s)
{
    int depth = 0;
    const char *p;

    for (;;) { /* blank and comment lines */
        int indent = 0;

        for (p = r->p; p < r->end && (*p == ' ' || *p == '\t' || *p == '\f'); p++) {
            indent = *p == '\t' ? (indent / 8 + 1) * 8 : *p == '\f' ? 0 : indent + 1;
        }
        s->indent = indent;
        if (p >= r->end) {
            return 0;
        }
        if (*p != '\n' && *p != '#') {
            break;
        }
        while (p < r->end && *p != '\n') {
            p++;
        }
        r->p = p + (p < r->end);
        r->line++;
    }
    s->start = s->end = p;
    s->line = r->line;
    while (p < r->end) {
        if (*p == '"' || *p == '\'') {
            p = skip_string(r, p, 0);
            s->end = p;
            continue;
        }
        if (*p == '#') {
            while (p < r->end && *p != '\n') {
                p++;
            }
            continue;
        }
        if (*p == '\n') {
            if (depth <= 0 && !(p > s->start && p[-1] == '\\')) {
                break;
            }
            r->line++;
            p++;
            continue;
        }
        if (strchr("([{", *p) && *p) {
            depth++;
        } else if (strchr(")]}", *p) && *p) {
            depth--;
        }
        if (!isspace((unsigned char)*p)) {
            s->end = p + 1;
        }
        p++;
    }
    s->last_line = r->line;
    r->p = p + (p < r->end);
    r->line += p < r->end;
    return 1;
}

int docgen_python_word(const char *p, const char *end, const char *word)
{
    apr_size_t length = strlen(word);

    return (apr_size_t)(end - p) >= length && !memcmp(p, word, length) &&
           (p + length == end || !(isalnum((unsigned char)p[length]) || p[length] == '_'));
}

const char *docgen_python_identifier(const char *p, const char *end)
{
    while (p < end && (isalnum((unsigned char)*p) || *p == '_' || ((unsigned char)*p & 0x80))) {
        p++;
    }
    return p;
}

const char *docgen_python_blanks(const char *p, const char *end)
{
    while (p < end && (isspace((unsigned char)*p) || *p == '\\')) {
        p++;
    }
    return p;
}

const char *docgen_python_outside(const char *p, const char *end, const char *wanted)
{
    int depth = 0;

    for (; p < end; p++) {
        if (*p == '"' || *p == '\'') {
            char quote = *p;
            int triple = end - p >= 3 && p[1] == quote && p[2] == quote;

            for (p += triple ? 3 : 1; p < end; p++) {
                if (*p == '\\') {
                    p++;
                } else if (*p == quote &&
                           (!triple || (end - p >= 3 && p[1] == quote && p[2] == quote))) {
                    p += triple ? 2 : 0;
                    break;
                }
            }
        } else if (*p == '#') {
            while (p < end && *p != '\n') {
                p++;
            }
        } else if (depth == 0 && *p && strchr(wanted, *p)) {
            return p;
        } else if (strchr("([{", *p) && *p) {
            depth++;
        } else if (strchr(")]}", *p) && *p) {
            depth--;
        }
    }
    return NULL;
}
