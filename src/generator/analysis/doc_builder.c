/* A doc comment's parts put together: the first sentence, the rest, the fields.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc_builder.h"

#define SUMMARY_MAX 500 /* a longer first paragraph is cut after its first sentence */

void docgen_doc_begin(docgen_doc_builder *builder, apr_pool_t *pool)
{
    builder->pool = pool;
    builder->doc = apr_pcalloc(pool, sizeof(docgen_doc));
    builder->doc->fields = apr_array_make(pool, 2, sizeof(docgen_doc_field));
    builder->text = docgen_buffer_create(pool);
    builder->prose = docgen_buffer_create(pool);
    builder->field = NULL;
    builder->dropped = 0;
}

/* The text without blank lines around it, from the pool. */
static const char *trim_lines(apr_pool_t *pool, const char *text, apr_size_t length)
{
    const char *end = text + length, *p;

    for (p = text; p < end && isspace((unsigned char)*p); p++) {
        if (*p == '\n') {
            text = p + 1;
        }
    }
    while (end > text && isspace((unsigned char)end[-1])) {
        end--;
    }
    return apr_pstrmemdup(pool, text, (apr_size_t)(end - text));
}

static void close_part(docgen_doc_builder *builder)
{
    const char *text = trim_lines(builder->pool, builder->text->data ? builder->text->data : "",
                                  builder->text->length);

    if (builder->field) {
        builder->field->text = text;
    } else if (!builder->dropped && *text) {
        docgen_buffer_puts(builder->prose, text);
        docgen_buffer_puts(builder->prose, "\n\n");
    }
    docgen_buffer_clear(builder->text);
    builder->field = NULL;
    builder->dropped = 0;
}

docgen_doc_field *docgen_doc_open(docgen_doc_builder *builder, const char *kind, const char *name,
                                  const char *type)
{
    close_part(builder);
    builder->field = apr_array_push(builder->doc->fields);
    *builder->field =
        (docgen_doc_field){kind, name && *name ? apr_pstrdup(builder->pool, name) : NULL,
                           type && *type ? apr_pstrdup(builder->pool, type) : NULL, ""};
    return builder->field;
}

void docgen_doc_prose(docgen_doc_builder *builder)
{
    close_part(builder);
}

void docgen_doc_line(docgen_doc_builder *builder, const char *line, apr_size_t length)
{
    docgen_buffer_append(builder->text, line, length);
    docgen_buffer_append(builder->text, "\n", 1);
}

/* Where the first sentence ends: a full stop before white space, not after "e.g", "i.e" or an initial. */
static apr_size_t sentence_end(const char *text, apr_size_t length)
{
    for (apr_size_t i = 1; i < length; i++) {
        if ((text[i] == '.' || text[i] == '!' || text[i] == '?') &&
            (i + 1 == length || isspace((unsigned char)text[i + 1])) &&
            !(i >= 2 && text[i - 2] == '.') && !(i >= 3 && !strncmp(text + i - 2, "vs", 2)) &&
            !(i >= 3 && !strncmp(text + i - 3, "etc", 3)) && text[i - 1] != '.') {
            return i + 1;
        }
    }
    return length;
}

/* Headings inside a doc comment would enter the page's outline: they become bold lines. Fences are left alone. */
static const char *flatten_headings(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    int fence = 0;
    const char *result;

    while (*text) {
        apr_size_t length = strcspn(text, "\n"), marks = 0;
        const char *p = text + strspn(text, " ");

        if (!strncmp(p, "```", 3) || !strncmp(p, "~~~", 3)) {
            fence = !fence;
        }
        if (!fence && length == 0 && *text && out->length > 1 &&
            !strcmp(out->data + out->length - 2, "\n\n")) {
            text++; /* one blank line is enough */
            continue;
        }
        while (p[marks] == '#') {
            marks++;
        }
        if (!fence && p - text < 4 && marks > 0 && marks < 7 && p[marks] == ' ') {
            const char *end = text + length;

            p += marks;
            p += strspn(p, " ");
            while (end > p && (end[-1] == '#' || end[-1] == ' ')) {
                end--;
            }
            if (end > p) {
                docgen_buffer_printf(
                    out, "%s**%.*s**%s",
                    out->length > 1 && out->data[out->length - 2] != '\n' ? "\n" : "",
                    (int)(end - p), p, text[length] && text[length + 1] != '\n' ? "\n" : "");
            }
        } else {
            docgen_buffer_append(out, text, length);
        }
        text += length;
        if (*text) {
            docgen_buffer_append(out, "\n", 1);
            text++;
        }
    }
    if (fence) {
        docgen_buffer_puts(out, "\n```"); /* never let an open fence swallow the page */
    }
    result = trim_lines(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

const docgen_doc *docgen_doc_end(docgen_doc_builder *builder)
{
    docgen_doc *doc = builder->doc;
    const char *prose, *stop;
    apr_size_t first, length;
    int titled;

    close_part(builder);
    titled = builder->prose->data && !strncmp(builder->prose->data, "# ", 2);
    prose = flatten_headings(builder->pool, builder->prose->data ? builder->prose->data : "");
    docgen_buffer_free(builder->prose);
    docgen_buffer_free(builder->text);
    for (int i = 0; i < doc->fields->nelts; i++) {
        docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        field->text = flatten_headings(builder->pool, field->text);
    }
    if (!*prose && doc->fields->nelts == 0) {
        return NULL;
    }
    stop = strstr(prose, "\n\n");
    if (titled && stop) { /* a title says no more than the name: the text below is the summary */
        prose = stop + 2;
        stop = strstr(prose, "\n\n");
    }
    first = stop ? (apr_size_t)(stop - prose) : strlen(prose);
    length = first;
    if (!strncmp(prose, "```", 3) || !strncmp(prose, "    ", 4)) {
        length = 0; /* code first: no summary to take */
    } else if (first > SUMMARY_MAX) {
        length = sentence_end(prose, first);
    }
    doc->summary = apr_pstrmemdup(builder->pool, prose, length);
    doc->body = trim_lines(builder->pool, prose + length, strlen(prose + length));
    return doc;
}

const docgen_doc_field *docgen_doc_find(const docgen_doc *doc, const char *kind)
{
    for (int i = 0; doc && i < doc->fields->nelts; i++) {
        const docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        if (!strcmp(field->kind, kind)) {
            return field;
        }
    }
    return NULL;
}
