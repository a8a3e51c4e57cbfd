/* Running text of KDoc, Dartdoc, Scaladoc, YARD and RDoc: names in brackets and wiki marks become Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

static int is_name(const char *p, apr_size_t length)
{
    if (!length || length > 200 || isdigit((unsigned char)*p)) {
        return 0;
    }
    for (apr_size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)p[i]) && !strchr("_.:#<>()[],?!$=*+-/&|~ ", p[i])) {
            return 0;
        }
    }
    return isalpha((unsigned char)*p) || *p == '_' || *p == ':' || *p == '#';
}

/** "[name]", "[label][name]" of KDoc and Dartdoc. @return behind it, or NULL */
static const char *bracket(docgen_buffer *out, const char *p, const char *end)
{
    const char *close = memchr(p, ']', (apr_size_t)(end - p > 240 ? 240 : end - p)), *second;
    apr_size_t length;

    if (!close) {
        return NULL;
    }
    length = (apr_size_t)(close - p) - 1;
    if (close + 1 < end && (close[1] == '(' || close[1] == ':')) {
        return NULL; /* Markdown's own link */
    }
    if (close + 1 < end && close[1] == '[' &&
        (second =
             memchr(close + 1, ']', (apr_size_t)(end - close - 1 > 240 ? 240 : end - close - 1)))) {
        docgen_buffer_append(out, p + 1, length);
        return second + 1;
    }
    if (memchr(p + 1, ' ', length) || memchr(p + 1, '\n', length) || !is_name(p + 1, length)) {
        return NULL;
    }
    docgen_doc_code_span(out, p + 1, length);
    return close + 1;
}

/** Scaladoc's "[[Name label]]". @return behind it, or NULL */
static const char *wiki_link(docgen_buffer *out, const char *p, const char *end)
{
    const char *close = memmem(p, (apr_size_t)(end - p > 400 ? 400 : end - p), "]]", 2), *space;

    if (!close) {
        return NULL;
    }
    p += 2;
    space = memchr(p, ' ', (apr_size_t)(close - p));
    if (!strncmp(p, "http", 4)) {
        if (space) {
            docgen_buffer_printf(out, "[%.*s](%.*s)", (int)(close - space - 1), space + 1,
                                 (int)(space - p), p);
        } else {
            docgen_buffer_printf(out, "<%.*s>", (int)(close - p), p);
        }
    } else if (space) {
        docgen_buffer_append(out, space + 1, (apr_size_t)(close - space - 1));
    } else {
        docgen_doc_reference(out, p, (apr_size_t)(close - p));
    }
    return close + 2;
}

static const char *scala(docgen_buffer *out, const char *p, const char *end)
{
    const char *close;

    if (!strncmp(p, "{{{", 3)) {
        close = memmem(p, (apr_size_t)(end - p), "}}}", 3);
        docgen_doc_fence(out, p + 3, (apr_size_t)((close ? close : end) - p) - 3, "scala");
        return close ? close + 3 : end;
    }
    if (!strncmp(p, "'''", 3)) {
        docgen_buffer_puts(out, "**");
        return p + 3;
    }
    if (!strncmp(p, "''", 2)) {
        docgen_buffer_puts(out, "*");
        return p + 2;
    }
    if (!strncmp(p, "[[", 2)) {
        return wiki_link(out, p, end);
    }
    return NULL;
}

static const char *yard(docgen_buffer *out, const char *text, const char *p, const char *end)
{
    const char *close;

    if (*p == '{' && p + 1 < end && (isupper((unsigned char)p[1]) || p[1] == '#' || p[1] == ':') &&
        (close = memchr(p, '}', (apr_size_t)(end - p > 200 ? 200 : end - p)))) {
        const char *space = memchr(p, ' ', (apr_size_t)(close - p));

        if (space) {
            docgen_buffer_append(out, space + 1, (apr_size_t)(close - space - 1));
        } else {
            docgen_doc_code_span(out, p + 1, (apr_size_t)(close - p) - 1);
        }
        return close + 1;
    }
    if (*p == '+' && (p == text || isspace((unsigned char)p[-1]) || p[-1] == '(') &&
        (close = memchr(p + 1, '+', (apr_size_t)(end - p > 120 ? 120 : end - p) - 1)) &&
        close > p + 1 && !memchr(p, ' ', (apr_size_t)(close - p))) {
        docgen_doc_code_span(out, p + 1, (apr_size_t)(close - p) - 1);
        return close + 1;
    }
    if (*p == '=' && (p == text || p[-1] == '\n')) { /* RDoc's headings */
        apr_size_t n = strspn(p, "=");

        if (n < 7 && p[n] == ' ') {
            docgen_buffer_puts(out, "#");
            return p + n;
        }
    }
    return NULL;
}

const char *docgen_doc_inline_names(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *p = text, *end = text + strlen(text), *result;
    int code = 0, fence = 0, start = 1;

    while (p < end) {
        const char *next = NULL;

        if (start && !strncmp(p + strspn(p, " "), "```", 3)) {
            apr_size_t length = strcspn(p, "\n");

            fence = !fence;
            docgen_buffer_append(out, p, length);
            p += length;
            continue;
        }
        code = *p == '`' ? !code : *p == '\n' && p[1] == '\n' ? 0 : code;
        if (!fence && !code && *p != '`') {
            if ((style == DOCGEN_DOC_KDOC || style == DOCGEN_DOC_DART) && *p == '[') {
                next = bracket(out, p, end);
            } else if (style == DOCGEN_DOC_SCALA) {
                next = scala(out, p, end);
            } else if (style == DOCGEN_DOC_YARD) {
                next = yard(out, text, p, end);
            }
        }
        if (next) {
            start = 0;
            p = next;
            continue;
        }
        start = *p == '\n';
        docgen_buffer_append(out, p++, 1);
    }
    result = apr_pstrmemdup(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}
