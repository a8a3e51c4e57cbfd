/* The ids of a page. Every generator makes ids from headings in its own way, so a link's fragment is matched
 * by what is left of it when punctuation is forgotten; a fragment that matches nothing is no link.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/ids.h"

#include <ctype.h>
#include <string.h>
#include <apr_escape.h>
#include <apr_hash.h>

/* Around a fragment that waits for the page's ids to be known; sanitised text cannot contain these bytes. */
#define MARK_BEGIN '\x01'
#define MARK_END   '\x02'

struct docgen_ids {
    apr_pool_t *pool;
    apr_hash_t *taken;  /* every id on the page */
    apr_hash_t *keys;   /* docgen_fragment_key → id */
    apr_hash_t *counts; /* heading name → int: the last number given to a repeated one */
};

docgen_ids *docgen_ids_create(apr_pool_t *pool)
{
    docgen_ids *ids = apr_pcalloc(pool, sizeof(*ids));

    ids->pool = pool;
    ids->taken = apr_hash_make(pool);
    ids->keys = apr_hash_make(pool);
    ids->counts = apr_hash_make(pool);
    return ids;
}

/* Characters that an id keeps; the rest becomes '-'. */
static const char *id_clean(apr_pool_t *pool, const char *id)
{
    char *copy = apr_pstrndup(pool, id, 120);

    for (char *p = copy; *p; p++) {
        if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
            *p = '-';
    }
    return copy;
}

static void key_add(docgen_ids *ids, const char *text, const char *id)
{
    const char *key = docgen_fragment_key(ids->pool, text);

    if (*key && !apr_hash_get(ids->keys, key, APR_HASH_KEY_STRING))
        apr_hash_set(ids->keys, key, APR_HASH_KEY_STRING, id);
}

static int id_take(docgen_ids *ids, const char *id)
{
    if (apr_hash_get(ids->taken, id, APR_HASH_KEY_STRING))
        return 0;
    apr_hash_set(ids->taken, id, APR_HASH_KEY_STRING, id);
    return 1;
}

const char *docgen_ids_heading(docgen_ids *ids, const char *text, const char *wish)
{
    const char *base = docgen_anchor(ids->pool, wish && *wish ? wish : text);
    const char *id = base;
    int *count = apr_hash_get(ids->counts, base, APR_HASH_KEY_STRING);

    if (!count) {
        count = apr_pcalloc(ids->pool, sizeof(*count));
        apr_hash_set(ids->counts, base, APR_HASH_KEY_STRING, count);
    }
    while (!id_take(ids, id))
        id = apr_psprintf(ids->pool, "%s-%d", base, ++*count);
    key_add(ids, id, id);
    key_add(ids, text, id);
    return id;
}

const char *docgen_ids_anchor(docgen_ids *ids, const char *id)
{
    const char *own = apr_pstrcat(ids->pool, "u-", id_clean(ids->pool, id), NULL);

    if (!id_take(ids, own))
        return NULL;
    key_add(ids, id, own);
    return own;
}

void docgen_ids_mark(docgen_buffer *out, const char *fragment)
{
    docgen_buffer_append(out, (const char[]){MARK_BEGIN}, 1);
    for (const char *p = fragment; *p; p++) {
        if ((unsigned char)*p >= 0x20)
            docgen_buffer_append(out, p, 1);
    }
    docgen_buffer_append(out, (const char[]){MARK_END}, 1);
}

const char *docgen_ids_find(const docgen_ids *ids, apr_pool_t *pool, const char *fragment)
{
    char *decoded = apr_pstrdup(pool, fragment);
    const char *id;

    apr_unescape_url(decoded, fragment, -1, NULL, NULL, 0, NULL);
    if (!strcmp(decoded, "top")) /* browsers know where that is */
        return "top";
    id = apr_hash_get(ids->taken, decoded, APR_HASH_KEY_STRING);
    if (!id)
        id = apr_hash_get(ids->taken, apr_pstrcat(pool, "u-", id_clean(pool, decoded), NULL),
                          APR_HASH_KEY_STRING);
    if (!id)
        id = apr_hash_get(ids->keys, docgen_fragment_key(pool, decoded), APR_HASH_KEY_STRING);
    return id;
}

const char *docgen_ids_resolve(const docgen_ids *ids, apr_pool_t *pool, const char *html)
{
    docgen_buffer *final;
    const char *from = html;
    apr_pool_t *scratch;

    if (!strchr(html, MARK_BEGIN))
        return html;
    apr_pool_create(&scratch, pool);
    final = docgen_buffer_create(scratch);
    for (;;) {
        const char *begin = strchr(from, MARK_BEGIN);
        const char *end = begin ? strchr(begin, MARK_END) : NULL;
        const char *id;

        if (!end)
            break;
        docgen_buffer_append(final, from, (apr_size_t)(begin - from));
        id = apr_pstrndup(scratch, begin + 1, (apr_size_t)(end - begin - 1));
        if (ids)
            id = docgen_ids_find(ids, scratch, id);
        if (id) {
            docgen_buffer_puts(final, " href=\"#");
            docgen_buffer_html(final, id);
            docgen_buffer_puts(final, "\"");
        }
        from = end + 1;
    }
    docgen_buffer_puts(final, from);
    html = apr_pstrmemdup(pool, final->data, final->length);
    apr_pool_destroy(scratch);
    return html;
}
