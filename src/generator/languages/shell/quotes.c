/* Shell: what is passed over whole: quotes, expansions, here-documents, arithmetic.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/shell/shell.h"

#include <ctype.h>
#include <string.h>

/* Here-documents without an end before no more are looked for: each costs a look at the rest. */
#define FAILURES_MAX   32
#define MARK_MAX       128
#define ARITHMETIC_MAX 2000

const char *docgen_shell_line_end(const docgen_shell *s, const char *p)
{
    const char *newline = memchr(p, '\n', (apr_size_t)(s->end - p));

    return newline ? newline : s->end;
}

/** A here-document's mark at `p`, behind `<<`. It begins with the next line. @return behind the mark */
const char *docgen_shell_heredoc(docgen_shell *s, const char *p)
{
    const char *start;
    char quote = 0;

    p += p < s->end && *p == '-';
    while (p < s->end && *p == ' ') {
        p++;
    }
    if (p < s->end && (*p == '"' || *p == '\'' || *p == '\\')) {
        quote = *p++;
    }
    start = p;
    while (p < s->end && p - start < MARK_MAX &&
           (quote == '"' || quote == '\'' ? *p != quote && *p != '\n'
                                          : isalnum((unsigned char)*p) || strchr("_-!.%+", *p)) &&
           *p) {
        p++;
    }
    if (p == start || isdigit((unsigned char)*start)) { /* a shift */
        return p;
    }
    if (s->pending < DOCGEN_SHELL_HEREDOCS) {
        s->heredocs[s->pending].mark = start;
        s->heredocs[s->pending++].length = (apr_size_t)(p - start);
    }
    return p + ((quote == '"' || quote == '\'') && p < s->end && *p == quote);
}

/** Behind the here-documents that begin at `p`, the beginning of a line. One without an end is none. */
const char *docgen_shell_heredocs(docgen_shell *s, const char *p)
{
    for (int i = 0; i < s->pending && s->failures < FAILURES_MAX; i++) {
        const char *q = p;
        int found = 0;

        while (q < s->end && !found) {
            const char *stop = docgen_shell_line_end(s, q), *start = q;

            while (start < stop && *start == '\t') {
                start++;
            }
            q = stop + (stop < s->end);
            while (stop > start && isspace((unsigned char)stop[-1])) {
                stop--;
            }
            found = (apr_size_t)(stop - start) == s->heredocs[i].length &&
                    !memcmp(start, s->heredocs[i].mark, s->heredocs[i].length);
        }
        s->failures += !found;
        p = found ? q : p;
    }
    s->pending = 0;
    return p;
}

/** Behind `$(…)`, `${…}` or `(…)`, whose content begins at `p`. */
const char *docgen_shell_nested(docgen_shell *s, const char *p, char open, char close,
                                int in_quotes, int depth)
{
    int nested = 1, is_arithmetic = open == '(' && p < s->end && *p == '(';

    while (p < s->end) {
        if (*p == '\\' && p + 1 < s->end) {
            p += 2;
        } else if ((*p == '"' || *p == '`' || (*p == '\'' && !(in_quotes && open == '{'))) &&
                   depth < DOCGEN_SHELL_QUOTES) {
            p = docgen_shell_quotes(s, p, depth + 1);
        } else if (*p == '$' && p + 1 < s->end && (p[1] == '{' || p[1] == '(') &&
                   depth < DOCGEN_SHELL_QUOTES) {
            p = docgen_shell_nested(s, p + 2, p[1], p[1] == '{' ? '}' : ')', in_quotes, depth + 1);
        } else if (*p == '#' && open == '(' && isspace((unsigned char)p[-1]) && !is_arithmetic) {
            p = docgen_shell_line_end(s, p);
        } else if (*p == '<' && p + 2 < s->end && p[1] == '<' && open == '(' && !is_arithmetic) {
            p = p[2] == '<' ? p + 3 : docgen_shell_heredoc(s, p + 2);
        } else if (*p == '\n') {
            p = s->pending ? docgen_shell_heredocs(s, p + 1) : p + 1;
        } else {
            nested += *p == open;
            nested -= *p == close;
            p++;
            if (nested == 0) {
                return p;
            }
        }
    }
    return s->end;
}

/** Behind the quoted text that begins at `p`. */
const char *docgen_shell_quotes(docgen_shell *s, const char *p, int depth)
{
    char quote = *p++;

    if (quote == '\'') {
        const char *stop = memchr(p, '\'', (apr_size_t)(s->end - p));

        return stop ? stop + 1 : s->end;
    }
    while (p < s->end && *p != quote) {
        if (*p == '\\' && p + 1 < s->end) {
            p += 2;
        } else if (*p == '$' && p + 1 < s->end && (p[1] == '(' || p[1] == '{') &&
                   depth < DOCGEN_SHELL_QUOTES) {
            p = docgen_shell_nested(s, p + 2, p[1], p[1] == '(' ? ')' : '}', quote == '"',
                                    depth + 1);
        } else {
            p++;
        }
    }
    return p < s->end ? p + 1 : s->end;
}

/** `$'…'`: a backslash escapes the quote. */
const char *docgen_shell_escaped(const docgen_shell *s, const char *p)
{
    while (p < s->end && *p != '\'') {
        p += *p == '\\' && p + 1 < s->end ? 2 : 1;
    }
    return p < s->end ? p + 1 : s->end;
}

/** Behind `((…))` at `p`, or behind its first bracket when it is none. */
const char *docgen_shell_arithmetic(docgen_shell *s, const char *p)
{
    int nested = 0;

    for (const char *q = p; s->failures < FAILURES_MAX && q < s->end && q - p < ARITHMETIC_MAX;
         q++) {
        nested += *q == '(';
        nested -= *q == ')';
        if (nested == 0) {
            return q[-1] == ')' ? q + 1 : p + 1;
        }
    }
    s->failures++;
    return p + 1;
}
