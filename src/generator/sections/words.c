/* Small texts that several sections need in the same form.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/repo/versions.h"
#include "generator/sections/prose.h"

const char *docgen_number(apr_pool_t *pool, apr_uint64_t number)
{
    char *digits = apr_psprintf(pool, "%" APR_UINT64_T_FMT, number);
    apr_size_t length = strlen(digits);
    char *out = apr_palloc(pool, length + length / 3 + 1);
    char *end = out;

    for (apr_size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *end++ = ',';
        *end++ = digits[i];
    }
    *end = '\0';
    return out;
}

const char *docgen_table_cell(apr_pool_t *pool, const char *markdown)
{
    char *cell = apr_palloc(pool, strlen(markdown) * 2 + 1);
    char *end = cell;

    for (const char *p = markdown; *p; p++) {
        if (*p == '\n' || *p == '\r' || *p == '\t') {
            if (end > cell && end[-1] != ' ')
                *end++ = ' ';
        } else if (*p == '\\' && p[1]) {
            *end++ = *p++;
            *end++ = *p;
        } else if (*p == '|') {
            *end++ = '\\';
            *end++ = '|';
        } else {
            *end++ = *p;
        }
    }
    *end = '\0';
    return cell;
}

const char *docgen_text_fence(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *result;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");

        if (text[strspn(text, " ")] == '~')
            docgen_buffer_puts(out, "\\");
        docgen_buffer_append(out, text, length + (text[length] == '\n'));
        text += length + (text[length] == '\n');
    }
    while (out->length > 0 && isspace((unsigned char)out->data[out->length - 1]))
        out->length--;
    result = apr_pstrmemdup(pool, out->data, out->length);
    docgen_buffer_free(out);
    return result;
}

enum {
    STALE_YEARS = 2 /* a release so much older than the commit is not its last one */
};

/* Is a tag a release of the project itself? A version has two parts and more. */
static int is_release(const docgen_facts *facts, const char *name)
{
    docgen_version version;

    return strchr(name + docgen_version_prefix(name), '.') &&
           docgen_version_read(facts->title, name, &version) && version.family < 2;
}

/* Years between two ISO dates, roughly; 0 when one is missing. */
static int years_between(const char *from, const char *to)
{
    return from && to ? atoi(to) - atoi(from) : 0;
}

const docgen_tag *docgen_latest_release(const docgen_facts *facts)
{
    const docgen_tag *dated = NULL, *undated = NULL, *later = NULL, *any = NULL;

    for (int i = 0; facts->tags && i < facts->tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(facts->tags, i, docgen_tag);

        any = any ? any : tag;
        if (!is_release(facts, tag->name))
            continue;
        if (!tag->date)
            undated = undated ? undated : tag;
        /* A release made after the documented commit is not what the documentation is about. */
        else if (facts->committed_at && strncmp(tag->date, facts->committed_at, 10) > 0)
            later = later ? later : tag;
        else
            dated = dated ? dated : tag;
    }
    /* Releases from branches of their own are not in this branch's history and have no date here. When its own last one
     * is long ago, they are what a reader means. */
    if (dated && undated && years_between(dated->date, facts->committed_at) > STALE_YEARS &&
        strverscmp(undated->name + (*undated->name == 'v'), dated->name + (*dated->name == 'v')) >
            0)
        return undated;
    return dated ? dated : undated ? undated : later ? later : any;
}

int docgen_language_is_data(const char *language)
{
    static const char *const names[] = {
        "JSON", "YAML", "TOML", "XML", "CSV", "INI", "Text", "JSON with Comments", "SVG", "Diff"};

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (!strcmp(language, names[i]))
            return 1;
    }
    return 0;
}
