/* What the dialects of doc comments share: code spans, references, entities and fences.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "generator/languages/dialects.h"

void docgen_doc_code_span(docgen_buffer *out, const char *text, apr_size_t length)
{
    int longest = 0, run = 0, blank = 0;
    const char *end = text + length;

    while (text < end && isspace((unsigned char)*text)) {
        text++;
    }
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    if (text == end) {
        return;
    }
    for (const char *p = text; p < end; p++) {
        run = *p == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (int i = 0; i <= longest; i++) {
        docgen_buffer_puts(out, "`");
    }
    docgen_buffer_puts(out, longest ? " " : "");
    for (; text < end; text++) {
        if (isspace((unsigned char)*text)) {
            blank = 1;
            continue;
        }
        docgen_buffer_puts(out, blank ? " " : "");
        blank = 0;
        docgen_buffer_append(out, text, 1);
    }
    docgen_buffer_puts(out, longest ? " " : "");
    for (int i = 0; i <= longest; i++) {
        docgen_buffer_puts(out, "`");
    }
}

/** Past the packages before a class: words in small letters that a dot ends. */
static const char *behind_packages(const char *p, const char *end)
{
    for (;;) {
        const char *q = p;

        while (q < end && (islower((unsigned char)*q) || isdigit((unsigned char)*q) || *q == '_')) {
            q++;
        }
        if (q == p || q >= end || *q != '.' || q + 1 >= end ||
            !(isalpha((unsigned char)q[1]) || q[1] == '_')) {
            return p;
        }
        p = q + 1;
    }
}

void docgen_doc_reference(docgen_buffer *out, const char *text, apr_size_t length)
{
    const char *end = text + length, *paren = memchr(text, '(', length);
    const char *name_end = paren ? paren : end, *p;
    char buffer[512];
    apr_size_t n = 0;

    if (length > 2 && text[1] == ':' && isupper((unsigned char)*text)) {
        text += 2; /* C#'s "T:Name" */
    }
    p = behind_packages(text, name_end);
    for (; p < end && n < sizeof(buffer); p++) {
        if (p < name_end && *p == '#') {
            if (n > 0) {
                buffer[n++] = '.';
            }
        } else if (p >= name_end &&
                   (p == name_end || p[-1] == '(' || p[-1] == ',' || p[-1] == ' ')) {
            const char *q = p > name_end ? behind_packages(p, end) : p;

            p = q < end ? q : p;
            buffer[n++] = *p;
        } else {
            buffer[n++] = *p;
        }
    }
    docgen_doc_code_span(out, buffer, n);
}

void docgen_doc_entities(docgen_buffer *out, const char *text, apr_size_t length)
{
    static const char *const names[][2] = {{"lt;", "<"},    {"gt;", ">"},   {"amp;", "&"},
                                           {"quot;", "\""}, {"apos;", "'"}, {"nbsp;", " "},
                                           {"#64;", "@"},   {"#123;", "{"}, {"#125;", "}"},
                                           {"#42;", "*"},   {"#47;", "/"},  {"#92;", "\\"}};
    const char *end = text + length;

    while (text < end) {
        const char *entity = memchr(text, '&', (apr_size_t)(end - text));
        int known = 0;

        docgen_buffer_append(out, text, (apr_size_t)((entity ? entity : end) - text));
        if (!entity) {
            return;
        }
        text = entity + 1;
        for (unsigned i = 0; i < sizeof(names) / sizeof(*names) && !known; i++) {
            apr_size_t n = strlen(names[i][0]);

            if ((apr_size_t)(end - text) >= n && !memcmp(text, names[i][0], n)) {
                docgen_buffer_puts(out, names[i][1]);
                text += n;
                known = 1;
            }
        }
        if (!known) {
            docgen_buffer_puts(out, "&");
        }
    }
}

void docgen_doc_fence(docgen_buffer *out, const char *text, apr_size_t length, const char *language)
{
    const char *end = text + length;
    int common = -1;

    while (text < end) { /* blank lines before */
        const char *line = memchr(text, '\n', (apr_size_t)(end - text));
        const char *p = text;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }
        if (!line || p != line) {
            break;
        }
        text = line + 1;
    }
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    for (const char *p = text; p < end;) {
        const char *line = memchr(p, '\n', (apr_size_t)(end - p));
        int indent = 0;

        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
            indent++;
        }
        if (p < end && *p != '\n' && (common < 0 || indent < common)) {
            common = indent;
        }
        p = line ? line + 1 : end;
    }
    docgen_buffer_puts(out, "\n\n```");
    docgen_buffer_puts(out, language);
    docgen_buffer_puts(out, "\n");
    while (text < end) {
        const char *line = memchr(text, '\n', (apr_size_t)(end - text));
        const char *stop = line ? line : end;
        int cut = 0;

        while (cut < common && text < stop && (*text == ' ' || *text == '\t')) {
            text++;
            cut++;
        }
        docgen_buffer_append(out, text, (apr_size_t)(stop - text));
        docgen_buffer_puts(out, "\n");
        text = line ? line + 1 : end;
    }
    docgen_buffer_puts(out, "```\n\n");
}
