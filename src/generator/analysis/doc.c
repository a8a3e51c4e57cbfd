/* godoc and rustdoc, and which dialect is read by whom.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "generator/analysis/doc_builder.h"
#include "generator/languages/dialects.h"

/* "export Name", and nothing else on the line: what cgo offers to C. */
static int is_cgo_export(const char *line, apr_size_t length)
{
    const char *end = line + length, *p = line + 7;

    if (length < 8 || strncmp(line, "export ", 7)) {
        return 0;
    }
    while (p < end && (isalnum((unsigned char)*p) || *p == '_')) {
        p++;
    }
    return p == end;
}

/* godoc: indented lines are code, "# X" a heading, "Deprecated: …" a paragraph of its own. */
static void parse_go(docgen_doc_builder *b, const char *text)
{
    int code = 0, blank = 1;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *mark = text + strspn(text, " \t");
        int indented = (*text == '\t' || !strncmp(text, "  ", 2)) && length > 0;
        int list =
            indented && (strchr("-*+", *mark) || isdigit((unsigned char)*mark)) && !code && *mark;

        if (code && !indented && length > 0) {
            docgen_doc_line(b, "```", 3);
            code = 0;
        } else if (!code && indented && !list && blank) {
            docgen_doc_line(b, "```go", 5);
            code = 1;
        }
        if (!code && blank && !strncmp(text, "Deprecated:", 11)) {
            docgen_doc_open(b, "deprecated", NULL, NULL);
            docgen_doc_line(b, text + 11 + (text[11] == ' '), length - 11 - (text[11] == ' '));
        } else if (!code && (!strncmp(text, "go:", 3) || is_cgo_export(text, length))) {
            /* a directive to the compiler */
        } else {
            if (b->field && length == 0) {
                docgen_doc_prose(b);
            }
            docgen_doc_line(b, code && *text == '\t' ? text + 1 : text,
                            code && *text == '\t' ? length - 1 : length);
        }
        blank = length == 0 || list;
        text += length;
        text += *text == '\n';
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}

static const char *rust_section(const char *title, apr_size_t length)
{
    static const char *const names[][2] = {{"Example", "example"}, {"Examples", "example"},
                                           {"Errors", "errors"},   {"Panics", "panics"},
                                           {"Safety", "safety"},   {"Returns", "return"}};

    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strlen(names[i][0]) == length && !strncasecmp(names[i][0], title, length)) {
            return names[i][1];
        }
    }
    return NULL;
}

/* rustdoc: Markdown; its well-known sections become fields, hidden lines of examples go. */
static void parse_rust(docgen_doc_builder *b, const char *text)
{
    int code = 0, rust = 0;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *p = text + strspn(text, " "), *title = p + strspn(p, "# ");
        const char *kind;

        if (!strncmp(p, "```", 3)) {
            code = !code;
            if (code) {
                apr_size_t tag_length = length - (apr_size_t)(p - text) - 3;

                rust = tag_length == 0 || !strncmp(p + 3, "rust", 4) ||
                       !strncmp(p + 3, "no_run", 6) || !strncmp(p + 3, "ignore", 6) ||
                       !strncmp(p + 3, "should_panic", 12) || !strncmp(p + 3, "compile_fail", 12);
            }
            docgen_doc_line(b, code && rust ? "```rust" : text, code && rust ? 7 : length);
        } else if (code && rust && p[0] == '#' && (p[1] == ' ' || p[1] == '\n' || !p[1])) {
            /* hidden in rustdoc's own output, too */
        } else if (!code && *p == '#' && title > p && title[-1] == ' ') {
            kind = rust_section(title, (apr_size_t)(text + length - title));
            if (kind) {
                docgen_doc_open(b, kind, NULL, NULL);
            } else {
                docgen_doc_prose(b);
                docgen_doc_line(b, text, length);
            }
        } else {
            docgen_doc_line(b, text, length);
        }
        text += length;
        text += *text == '\n';
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}

const docgen_doc *docgen_doc_parse(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    docgen_doc_builder builder;

    if (!text || !*text) {
        return NULL;
    }
    docgen_doc_begin(&builder, pool);
    switch (style) {
    case DOCGEN_DOC_TAGS:
        docgen_doc_tags(&builder, text);
        break;
    case DOCGEN_DOC_GO:
        parse_go(&builder, text);
        break;
    case DOCGEN_DOC_RUST:
        parse_rust(&builder, text);
        break;
    case DOCGEN_DOC_PYTHON:
        docgen_doc_python(&builder, text);
        break;
    case DOCGEN_DOC_MARKDOWN:
        docgen_doc_line(&builder, text, strlen(text));
        break;
    case DOCGEN_DOC_XML:
        docgen_doc_xml(&builder, text);
        break;
    case DOCGEN_DOC_SWIFT:
        docgen_doc_swift(&builder, text);
        break;
    case DOCGEN_DOC_LDOC:
    case DOCGEN_DOC_SHDOC:
        docgen_doc_fields(&builder, text, style);
        break;
    case DOCGEN_DOC_JAVADOC:
    case DOCGEN_DOC_PHPDOC:
    case DOCGEN_DOC_KDOC:
    case DOCGEN_DOC_DART:
    case DOCGEN_DOC_SCALA:
    case DOCGEN_DOC_YARD:
        docgen_doc_blocks(&builder, text, style);
        break;
    }
    return docgen_doc_end(&builder);
}
