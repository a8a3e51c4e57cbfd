/* A document of the repository as a page of its own.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/documents/html.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

/* "Version 3.2.0", "v1.0", "[2.1] - 2024-01-01", "2.0": a release, not what a document is called. */
static int is_release(const char *title)
{
    if (!strncasecmp(title, "version ", 8) || !strncasecmp(title, "release ", 8))
        title += 8;
    title += strspn(title, "[\\ ");
    title += *title == 'v' || *title == 'V';
    return isdigit((unsigned char)*title) && strchr(title, '.');
}

/* Is a document's first heading one of several releases, and not its title? */
static int begins_with_release(const apr_array_header_t *passages)
{
    int releases = 0;

    for (int i = 1; i < passages->nelts && releases < 2; i++) {
        const docgen_passage *passage = &APR_ARRAY_IDX(passages, i, docgen_passage);

        if (passage->level == 1 && is_release(passage->title))
            releases++;
        else if (i == 1)
            return 0;
    }
    return releases == 2;
}

const char *docgen_document_body(apr_pool_t *pool, const char *markdown)
{
    apr_array_header_t *passages = docgen_passages(pool, markdown);
    const docgen_passage *before = &APR_ARRAY_IDX(passages, 0, docgen_passage);
    const docgen_passage *title =
        passages->nelts > 1 ? &APR_ARRAY_IDX(passages, 1, docgen_passage) : NULL;

    if (!title || title->level != 1 || begins_with_release(passages))
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is always a first passage */
        return markdown + before->text;
    return apr_pstrcat(pool, before->body, "\n", markdown + title->text, NULL);
}

/* 1 when the body has further headings of the first level: only the page's title is an h1. */
static int body_shift(apr_pool_t *pool, const char *body)
{
    apr_array_header_t *passages = docgen_passages(pool, body);

    for (int i = 0; i < passages->nelts; i++) {
        if (APR_ARRAY_IDX(passages, i, docgen_passage).level == 1)
            return 1;
    }
    return 0;
}

void docgen_site_document_plan(docgen_site *site, const char *path, const char *title,
                               const docgen_file *file)
{
    docgen_ids *ids = docgen_ids_create(site->pool);
    apr_pool_t *scratch;
    const char *markdown;

    apr_pool_create(&scratch, site->pool);
    markdown = docgen_site_document(site, scratch, file);
    if (markdown) {
        const char *body = docgen_document_body(scratch, markdown);

        docgen_markdown_part(
            scratch, apr_pstrcat(scratch, "# ", docgen_markdown_escape(scratch, title), NULL), 0,
            NULL, NULL, ids);
        docgen_markdown_part(scratch, body, body_shift(scratch, body), NULL, NULL, ids);
        apr_hash_set(site->anchors, apr_pstrdup(site->pool, path), APR_HASH_KEY_STRING, ids);
    }
    apr_pool_destroy(scratch);
}

apr_status_t docgen_site_document_page(docgen_site *site, const char *path, const char *title,
                                       int order, const docgen_file *file)
{
    docgen_draft *draft;
    apr_pool_t *scratch;
    const char *markdown;
    apr_status_t rv = APR_SUCCESS;

    apr_pool_create(&scratch, site->pool);
    markdown = docgen_site_document(site, scratch, file);
    if (markdown) {
        const char *body = docgen_document_body(scratch, markdown);

        draft = docgen_draft_create(site, path, title, order);
        docgen_draft_quote(draft, file, body, body_shift(scratch, body));
        docgen_draft_printf(draft, "\n\n---\n\nSource: %s\n",
                            docgen_site_source(site, scratch, file, 0, 0));
        rv = docgen_draft_send(draft);
    }
    apr_pool_destroy(scratch);
    return rv;
}
