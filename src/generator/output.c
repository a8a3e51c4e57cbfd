/* What every output checks before it writes: paths, order, percentages, UTF-8.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/output_kind.h"

#include <string.h>
#include <apr_strings.h>
#include "core/id.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/spawn.h"

#define REPEAT_AFTER apr_time_from_sec(2) /* a sign of life */
#define ASSET_MAX    (2 * 1024 * 1024)

docgen_output *docgen_output_create(apr_pool_t *pool, const docgen_output_kind *kind, void *self)
{
    docgen_output *output = apr_pcalloc(pool, sizeof(*output));

    output->pool = pool;
    output->kind = kind;
    output->self = self;
    output->paths = apr_hash_make(pool);
    return output;
}

/** The text itself when it is valid, else a repaired copy; NULL stays NULL. */
static const char *clean(apr_pool_t *pool, const char *text)
{
    apr_size_t length;

    if (!text) {
        return NULL;
    }
    length = strlen(text);
    return docgen_utf8_is_valid(text, length) ? text : docgen_utf8_repair(pool, text, length);
}

apr_status_t docgen_output_begin(docgen_output *output)
{
    return output->kind->begin ? output->kind->begin(output) : APR_SUCCESS;
}

apr_status_t docgen_output_progress(docgen_output *output, int percent, const char *step)
{
    apr_pool_t *scratch;
    apr_status_t rv;

    if (percent > 99) {
        percent = 99; /* 100 is the supervisor's word: it alone knows that everything is stored */
    }
    step = step ? step : "";
    if (percent <= output->percent) {
        percent = output->percent;
        if (output->step && !strcmp(step, output->step) &&
            docgen_monotonic_now() - output->sent_at < REPEAT_AFTER) {
            return APR_SUCCESS; /* every line costs the supervisor a statement */
        }
    }
    if (!output->step || strcmp(step, output->step) != 0) {
        output->step = apr_pstrdup(output->pool, step);
    }
    output->percent = percent;
    output->sent_at = docgen_monotonic_now();
    apr_pool_create(&scratch, output->pool);
    rv = output->kind->progress(output, percent, clean(scratch, step));
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t docgen_output_source(docgen_output *output, const char *commit, const char *branch,
                                  const char *committed_at)
{
    if (output->sourced) {
        return APR_SUCCESS; /* a second attempt at a fetch */
    }
    output->sourced = 1;
    return output->kind->source(output, commit, clean(output->pool, branch), committed_at);
}

/** Is the path free? Then it is taken. */
static apr_status_t path_take(docgen_output *output, const char *path)
{
    if (apr_hash_get(output->paths, path, APR_HASH_KEY_STRING)) {
        docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS, "the path %s was written twice", path);
        return APR_EEXIST;
    }
    path = apr_pstrdup(output->pool, path);
    apr_hash_set(output->paths, path, APR_HASH_KEY_STRING, path);
    return APR_SUCCESS;
}

apr_status_t docgen_output_page(docgen_output *output, const docgen_page *page)
{
    docgen_page copy = *page;
    apr_pool_t *scratch;
    apr_status_t rv;

    if (!docgen_path_is_page(page->path)) {
        docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS, "not a page path: %s",
                   page->path ? page->path : "(none)");
        return APR_EINVAL;
    }
    rv = path_take(output, page->path);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_create(&scratch, output->pool);
    copy.title = clean(scratch, page->title ? page->title : page->path);
    copy.markdown = clean(scratch, page->markdown ? page->markdown : "");
    copy.html = clean(scratch, page->html ? page->html : "");
    rv = output->kind->page(output, scratch, &copy);
    apr_pool_destroy(scratch);
    if (rv == APR_SUCCESS) {
        output->pages++;
    }
    return rv;
}

apr_status_t docgen_output_asset(docgen_output *output, const char *path, const char *media_type,
                                 const char *data, apr_size_t length)
{
    apr_pool_t *scratch;
    apr_status_t rv;

    if (!docgen_path_is_asset(path) || !media_type) {
        return APR_EINVAL;
    }
    if (length > ASSET_MAX) {
        return APR_ENOSPC;
    }
    rv = path_take(output, path);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_create(&scratch, output->pool);
    rv = output->kind->asset(output, scratch, path, media_type, data, length);
    apr_pool_destroy(scratch);
    return rv;
}

/** The text repaired and cut to `max` bytes; NULL stays NULL. */
static const char *label(apr_pool_t *pool, const char *text, apr_size_t max)
{
    text = clean(pool, text);
    return text && strlen(text) > max ? docgen_text_shorten(pool, text, max) : text;
}

apr_status_t docgen_output_symbol(docgen_output *output, const docgen_page_symbol *symbol)
{
    docgen_page_symbol copy = *symbol;
    apr_pool_t *scratch;
    apr_status_t rv;

    if (!docgen_path_is_page(symbol->page) || !symbol->name || !*symbol->name || !symbol->kind ||
        !symbol->anchor || !symbol->visibility) {
        return APR_EINVAL;
    }
    if (!output->kind->symbol)
        return APR_SUCCESS;
    apr_pool_create(&scratch, output->pool);
    copy.name = clean(scratch, symbol->name);
    copy.kind = clean(scratch, symbol->kind);
    copy.anchor = clean(scratch, symbol->anchor);
    copy.signature = label(scratch, symbol->signature, DOCGEN_SIGNATURE_MAX);
    copy.summary = label(scratch, symbol->summary, DOCGEN_SUMMARY_MAX);
    copy.parent = label(scratch, symbol->parent, DOCGEN_NAME_MAX);
    copy.file = clean(scratch, symbol->file);
    rv = output->kind->symbol(output, &copy);
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t docgen_output_facts(docgen_output *output, const docgen_page_facts *facts)
{
    docgen_page_facts copy = *facts;
    apr_pool_t *scratch;
    apr_status_t rv;

    if (!output->kind->facts)
        return APR_SUCCESS;
    apr_pool_create(&scratch, output->pool);
    copy.description = label(scratch, facts->description, DOCGEN_SUMMARY_MAX);
    copy.homepage = label(scratch, facts->homepage, DOCGEN_SUMMARY_MAX);
    copy.licence = label(scratch, facts->licence, DOCGEN_NAME_MAX);
    rv = output->kind->facts(output, &copy);
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t docgen_output_unchanged(docgen_output *output, const char *commit)
{
    return output->kind->unchanged ? output->kind->unchanged(output, commit) : APR_SUCCESS;
}

apr_status_t docgen_output_error(docgen_output *output, const char *message)
{
    return output->kind->error(output, clean(output->pool, message));
}

apr_status_t docgen_output_finish(docgen_output *output)
{
    return output->kind->finish(output);
}
