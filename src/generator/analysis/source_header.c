/* A file's own description, told from licences, mode lines and the first declaration's comment.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/analysis/source.h"

int docgen_comment_is_licence(const char *comment)
{
    static const char *const signs[] = {
        "copyright",
        "spdx-license",
        "licensed under",
        "all rights reserved",
        "permission is hereby",
        "redistribution and use",
        "general public license",
        "license, version",
        "(c) 20",
        "(c) 19",
        "governed by a",
        "bsd license",
        "mit license",
        "public domain",
        "this file is part of",
    };

    for (unsigned i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (strcasestr(comment, signs[i])) {
            return 1;
        }
    }
    return 0;
}

int docgen_comment_is_label(const char *text)
{
    static const char *const groups[] = {"prototypes",   "functions",   "macros",   "types",
                                         "defines",      "constants",   "structs",  "structures",
                                         "declarations", "definitions", "typedefs", "variables"};
    apr_size_t length = strlen(text);
    int words = 1;

    while (length > 0 && strchr(" \n\t:-*", text[length - 1]))
        length--;
    for (apr_size_t i = 0; i < length; i++)
        words += text[i] == ' ' || text[i] == '\n';
    for (apr_size_t i = 0; words <= 3 && i < sizeof(groups) / sizeof(*groups); i++) {
        apr_size_t tail = strlen(groups[i]);

        if (length >= tail && !strncasecmp(text + length - tail, groups[i], tail) &&
            (length == tail || !isalnum((unsigned char)text[length - tail - 1])))
            return 1;
    }
    return 0;
}

/* The text without the lines that name a licence for machines: they say nothing of their
 * neighbours. */
static char *without_spdx(const docgen_source *source, const char *text)
{
    char *copy = apr_palloc(source->scratch, strlen(text) + 1), *out = copy;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");

        length += text[length] == '\n';
        if (strncasecmp(text + strspn(text, " \t"), "SPDX-", 5) != 0) {
            memcpy(out, text, length);
            out += length;
        }
        text += length;
    }
    while (out > copy && isspace((unsigned char)out[-1])) {
        out--;
    }
    *out = '\0';
    return copy + strspn(copy, "\n");
}

/* Ends the paragraph before its first line that begins with a copyright. */
static void cut_at_copyright(char *paragraph)
{
    for (char *line = paragraph; line; line = strchr(line, '\n')) {
        const char *word;

        line += *line == '\n';
        word = line + strspn(line, " \t");
        if (!strncasecmp(word, "Copyright", 9) || !strncasecmp(word, "(c) ", 4)) {
            line[line > paragraph ? -1 : 0] = '\0';
            return;
        }
    }
}

/* A licence may stand in one comment with the description: what comes before its first sign, or,
 * when it opens with the licence, nothing. */
static const char *before_licence(const docgen_source *source, const char *text)
{
    apr_array_header_t *kept = apr_array_make(source->scratch, 8, sizeof(char *));
    char *copy, *next;

    if (!docgen_comment_is_licence(text)) {
        return text;
    }
    copy = without_spdx(source, text);
    for (char *p = copy; p; p = next) {
        int last;

        next = strstr(p, "\n\n");
        if (next) {
            *next = '\0';
            next += 2;
        }
        last = docgen_comment_is_licence(p);
        cut_at_copyright(p);
        if (*p && !docgen_comment_is_licence(p)) {
            APR_ARRAY_PUSH(kept, char *) = p;
            APR_ARRAY_PUSH(kept, const char *) = "\n\n";
        }
        if (last) {
            break;
        }
    }
    return apr_array_pstrcat(source->scratch, kept, 0);
}

static int is_noise(const char *text)
{
    return !*text || !strncmp(text, "Module dependencies", 19) ||
           !strncmp(text, "Module exports", 14) || !strncmp(text, "Module variables", 16) ||
           !strncmp(text, "-*-", 3) || !strncmp(text, "vim:", 4) || !strncmp(text, "eslint", 6) ||
           !strncmp(text, "jshint", 6) || !strncmp(text, "global ", 7) ||
           !strncmp(text, "go:build", 8) || !strncmp(text, "+build", 6) ||
           !strncmp(text, "@ts-", 4) || !strncmp(text, "prettier", 8) ||
           !strncmp(text, "clang-format", 12) || !strncmp(text, "Code generated", 14) ||
           !strncmp(text, "$Id", 3);
}

/* The end of the run of comments that starts at `p` (one block, or adjoining line comments). */
static const char *comment_run(const char *p, const char *end)
{
    if (p[1] == '*') {
        const char *close = memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2);

        return close ? close + 2 : end;
    }
    for (;;) {
        const char *stop = memchr(p, '\n', (apr_size_t)(end - p)), *q;

        if (!stop) {
            return end;
        }
        for (q = stop + 1; q < end && (*q == ' ' || *q == '\t'); q++) {
        }
        if (end - q < 2 || q[0] != '/' || q[1] != '/') {
            return stop;
        }
        p = q;
    }
}

/* Does a line begin that comes before a file's first comment as well as behind it? */
static int is_preamble(const char *line)
{
    static const char *const beginnings[] = {"#ifndef", "#define",      "#pragma once",
                                             "#!/",     "'use strict'", "\"use strict\""};

    for (unsigned i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
        if (!strncmp(line, beginnings[i], strlen(beginnings[i]))) {
            return 1;
        }
    }
    return 0;
}

/* Skips white space, shebang, "use strict", include guards and #pragma once; counts the line breaks. */
static const char *skip_preamble(const char *p, const char *end, int *breaks)
{
    *breaks = 0;
    while (p < end) {
        if (isspace((unsigned char)*p)) {
            *breaks += *p++ == '\n';
        } else if (is_preamble(p)) {
            while (p < end && *p != '\n') {
                p++;
            }
        } else {
            break;
        }
    }
    return p;
}

/* Does a condition of the preprocessor stand here that is no guard of a header? A comment right above it is about it. */
static int is_condition(const char *at, const char *end)
{
    apr_size_t length = (apr_size_t)(end - at);
    const char *stop = memchr(at, '\n', length);

    if (length < 4 || strncmp(at, "#if", 3) || !strncmp(at, "#ifndef", 7))
        return 0;
    return !memmem(at, (apr_size_t)((stop ? stop : end) - at), "_H", 2);
}

/* Does a declaration begin here, which a comment right above it is about? What takes or hands on other files' names
 * is none, and neither is another comment: then that one is about the declaration. */
static int is_declaration(const char *at, const char *end)
{
    static const char *const others[] = {"#",       "/*",       "//",      "import",
                                         "package", "export *", "export {"};
    const char *stop = at < end ? memchr(at, '\n', (apr_size_t)(end - at)) : end;

    for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (!strncmp(at, others[i], strlen(others[i]))) {
            return 0;
        }
    }
    return at < end && !memmem(at, (apr_size_t)((stop ? stop : end) - at), "require(", 8);
}

/* Does the comment begin with the file's own name ("ring.c: a ring buffer")? */
static int names_file(const docgen_source *source, const char *text)
{
    const char *slash = strrchr(source->file->path, '/');
    const char *base = slash ? slash + 1 : source->file->path;

    text += strspn(text, " \t\n");
    return !strncasecmp(text, base, strlen(base));
}

const char *docgen_source_header(const docgen_source *source)
{
    const char *end = source->text + source->length, *p = source->text;
    int breaks;

    for (int tries = 0; tries < 6; tries++) {
        const char *start = skip_preamble(p, end, &breaks), *stop, *after, *text;
        int described;

        if (end - start < 2 || start[0] != '/' || (start[1] != '/' && start[1] != '*')) {
            return NULL;
        }
        stop = comment_run(start, end);
        after = skip_preamble(stop, end, &breaks);
        text = docgen_comment_strip(source->scratch, start, (apr_size_t)(stop - start));
        described = strstr(text, "@file") || strstr(text, "\\file") || strstr(text, "@module") ||
                    strstr(text, "@fileoverview") || strstr(text, "@packageDocumentation") ||
                    !strncmp(start, "//!", 3) || !strncmp(start, "/*!", 3);
        text = before_licence(source, text);
        if (!is_noise(text) && !docgen_comment_is_label(text) &&
            (described || breaks > 1 || !is_condition(after, end)) && strlen(text) > 8) {
            /* Directly above a declaration it documents that, not the file. */
            return described || breaks > 1 || !is_declaration(after, end) ||
                           names_file(source, text)
                       ? text
                       : NULL;
        }
        p = stop;
    }
    return NULL;
}
