/* What the project's own documents say about a setting stands with it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/sections/interfaces.h"
#include "generator/sections/man_pages.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    WORDS_MAX = 400,    /* bytes of one description */
    DOCUMENTS_MAX = 400 /* that are read for descriptions */
};

typedef struct describing {
    docgen_site *site;
    apr_pool_t *pool;   /* of the results */
    apr_hash_t *wanted; /* name → docgen_declared *, the first of that name */
    const docgen_guide *guide;
} describing;

/* Is a setting or variable without words? */
static int is_bare(const docgen_declared *d)
{
    return (d->kind == DOCGEN_DECLARED_SETTING || d->kind == DOCGEN_DECLARED_VARIABLE) && !d->text;
}

static const char *line_end(const char *line)
{
    return line + strcspn(line, "\n");
}

/* A line without surrounding space and backticks. */
static const char *bare_line(apr_pool_t *pool, const char *line, apr_size_t length)
{
    while (length > 0 && (isspace((unsigned char)*line) || *line == '`')) {
        line++;
        length--;
    }
    while (length > 0 && (isspace((unsigned char)line[length - 1]) || line[length - 1] == '`'))
        length--;
    return apr_pstrndup(pool, line, length);
}

/* The first paragraph of prose at or after `at`, as plain text; NULL when something else comes first. */
static const char *paragraph(apr_pool_t *pool, const char *at)
{
    const char *end;
    char *text;

    at += strspn(at, "\n \t");
    if (!strncmp(at, "</dt><dd>", 9))
        at += 9 + strspn(at + 9, "\n \t");
    if (!isalpha((unsigned char)*at) && *at != '`' && *at != '*' && *at != '[')
        return NULL;
    end = strstr(at, "\n\n");
    end = end ? end : at + strlen(at);
    text = apr_pstrndup(pool, at, (apr_size_t)(end - at));
    for (char *p = text; *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    return docgen_plain_text(pool, text);
}

static void describe(describing *d, const char *name, const char *words, const char *anchor)
{
    docgen_declared *declared = apr_hash_get(d->wanted, name, APR_HASH_KEY_STRING);

    if (!declared || declared->text || !words || !*words)
        return;
    declared->text = docgen_text_shorten(d->pool, apr_pstrdup(d->pool, words), WORDS_MAX);
    declared->page = d->guide->page;
    declared->anchor = anchor ? apr_pstrdup(d->pool, anchor) : NULL;
}

/* "- `NAME`: what it does", with any dash or colon. */
static void item_read(describing *d, apr_pool_t *scratch, const char *line, const char *end)
{
    const char *open = line + 1 + strspn(line + 1, " *"), *close, *words;

    if (*open != '`' || !(close = memchr(open + 1, '`', (apr_size_t)(end - open - 1))))
        return;
    words = close + 1 + strspn(close + 1, " *");
    if (*words == ':')
        words++;
    else if (*words == '-')
        words += strspn(words, "-");
    else if (!strncmp(words, "–", 3) || !strncmp(words, "—", 3))
        words += 3;
    else
        return;
    words += strspn(words, " ");
    if (words < end)
        describe(d, apr_pstrndup(scratch, open + 1, (apr_size_t)(close - open - 1)),
                 paragraph(scratch, words), NULL);
}

/* Entries ("<dt id=…>" as reStructuredText's are written), headings and list items whose name is wanted. */
static void document_read(describing *d, apr_pool_t *scratch, const char *markdown)
{
    int fence = 0;

    for (const char *line = markdown, *end; *line; line = end + (*end == '\n')) {
        const char *name, *id;

        end = line_end(line);
        fence ^= !strncmp(line, "```", 3) || !strncmp(line, "~~~", 3);
        if (fence)
            continue;
        if (!strncmp(line, "<dl><dt id=\"", 12) || !strncmp(line, "<dt id=\"", 8)) {
            const char *at = end + strspn(end, "\n");

            id = strchr(line, '"') + 1;
            name = bare_line(scratch, at, (apr_size_t)(line_end(at) - at));
            describe(
                d, name, paragraph(scratch, line_end(at)),
                apr_pstrcat(scratch, "u-", apr_pstrndup(scratch, id, strcspn(id, "\"")), NULL));
        } else if (*line == '#' && !docgen_man_is_named(d->guide->file->path)) {
            const char *at = line + strspn(line, "#");

            name = bare_line(scratch, at, strcspn(at, "{\n"));
            describe(d, name, paragraph(scratch, end), docgen_slug(scratch, name));
        } else if (*line == '-' || *line == '*') {
            item_read(d, scratch, line, end);
        }
    }
}

static void documents_read(describing *d)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, d->pool);
    for (int i = 0; i < d->site->guides->nelts && i < DOCUMENTS_MAX; i++) {
        const char *markdown;

        d->guide = &APR_ARRAY_IDX(d->site->guides, i, docgen_guide);
        if (!strncmp(d->guide->page, "changelog", 9))
            continue;
        markdown = docgen_site_document(d->site, scratch, d->guide->file);
        if (markdown)
            document_read(d, scratch, markdown);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}

void docgen_declared_describe(docgen_site *site, apr_array_header_t *found)
{
    describing d = {site, found->pool, NULL, NULL};
    apr_hash_t *told;
    apr_pool_t *pool;

    apr_pool_create(&pool, found->pool);
    told = apr_hash_make(pool);
    d.wanted = apr_hash_make(pool);
    for (int i = 0; i < found->nelts; i++) {
        docgen_declared *declared = &APR_ARRAY_IDX(found, i, docgen_declared);

        if (is_bare(declared) && !apr_hash_get(d.wanted, declared->name, APR_HASH_KEY_STRING))
            apr_hash_set(d.wanted, declared->name, APR_HASH_KEY_STRING, declared);
        else if (declared->kind == DOCGEN_DECLARED_SETTING && declared->text &&
                 !apr_hash_get(told, declared->name, APR_HASH_KEY_STRING))
            apr_hash_set(told, declared->name, APR_HASH_KEY_STRING, declared);
    }
    if (apr_hash_count(d.wanted) > 0)
        documents_read(&d);
    for (int i = 0; i < found->nelts; i++) {
        docgen_declared *declared = &APR_ARRAY_IDX(found, i, docgen_declared);
        const docgen_declared *other =
            is_bare(declared) ? apr_hash_get(told, declared->name, APR_HASH_KEY_STRING) : NULL;

        if (other && declared->kind == DOCGEN_DECLARED_SETTING)
            declared->text = other->text;
    }
    apr_pool_destroy(pool);
}
