/* Swift's doc comments: Markdown whose lists say what parameters and results are.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

/** "- WORD:" and the field that it opens. */
static const char *const words[][2] = {
    {"Returns", "return"},
    {"Throws", "throws"},
    {"Note", "note"},
    {"Warning", "warning"},
    {"Attention", "warning"},
    {"Important", "warning"},
    {"SeeAlso", "see"},
    {"Since", "since"},
    {"Version", "version"},
    {"Precondition", "precondition"},
    {"Postcondition", "postcondition"},
    {"Invariant", "invariant"},
    {"Requires", "precondition"},
    {"Remark", "note"},
    {"Bug", "note"},
    {"Experiment", "note"},
    {"Complexity", "note"},
    {"Example", "example"},
    {"Tip", "note"},
};

static const char *field_of(const char *word, apr_size_t length)
{
    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strlen(words[i][0]) == length && !strncasecmp(words[i][0], word, length)) {
            return words[i][1];
        }
    }
    return NULL;
}

/** A line without ``Name/member`` marks. */
static void line(docgen_doc_builder *b, const char *p, const char *end)
{
    while (p < end) {
        const char *close;

        if (end - p > 4 && !strncmp(p, "``", 2) && p[2] != '`' &&
            (close = memmem(p + 2, (apr_size_t)(end - p) - 2, "``", 2))) {
            docgen_buffer_puts(b->text, "`");
            for (p += 2; p < close; p++) {
                docgen_buffer_append(b->text, *p == '/' ? "." : p, 1);
            }
            docgen_buffer_puts(b->text, "`");
            p += 2;
        } else {
            docgen_buffer_append(b->text, p++, 1);
        }
    }
    docgen_buffer_puts(b->text, "\n");
}

/** Where a list item's text begins when the line is one ("- x"), else NULL. */
static const char *item(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return end - p > 2 && strchr("-*+", *p) && p[1] == ' ' ? p + 2 + strspn(p + 2, " ") : NULL;
}

void docgen_doc_swift(docgen_doc_builder *b, const char *text)
{
    int fence = 0, parameters = 0, indent = 0;

    for (const char *p = text; *p;) {
        const char *end = p + strcspn(p, "\n"), *at = item(p, end), *colon, *kind;
        const char *mark = p + strspn(p, " \t");

        if (!strncmp(mark, "```", 3)) {
            fence = !fence;
        }
        colon = at && !fence ? memchr(at, ':', (apr_size_t)(end - at)) : NULL;
        if (colon && !strncasecmp(at, "Parameters", 10) && at + 10 == colon) {
            parameters = 1;
            indent = (int)(mark - p);
        } else if (colon && (!strncasecmp(at, "Parameter ", 10) ||
                             (parameters && mark - p > indent && colon - at < 80))) {
            const char *name = !strncasecmp(at, "Parameter ", 10) ? at + 10 : at;

            name += strspn(name, " `");
            docgen_doc_open(b, "param", apr_pstrmemdup(b->pool, name, strcspn(name, " `:")), NULL);
            line(b, colon + 1 + (colon[1] == ' '), end);
        } else if (colon && (kind = field_of(at, (apr_size_t)(colon - at)))) {
            parameters = 0;
            docgen_doc_open(b, kind, NULL, NULL);
            line(b, colon + 1 + (colon[1] == ' '), end);
        } else {
            if (mark < end && mark == p && !at && b->field && !fence && p > text && p[-1] == '\n' &&
                p > text + 1 && p[-2] == '\n') {
                docgen_doc_prose(b); /* a paragraph of its own */
                parameters = 0;
            }
            line(b, b->field ? mark : p, end);
        }
        p = end + (*end == '\n');
    }
}
