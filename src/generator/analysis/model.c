/* Reading every file once, then handing the units to their languages.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/log.h"
#include "generator/analysis/builder.h"
#include "generator/analysis/parsed.h"
#include "generator/analysis/usage.h"
#include "generator/languages/language.h"

#define FILE_MAX        (1024 * 1024) /* bytes of a source file that is read */
#define LINE_LENGTH_MAX 2000          /* mean; longer lines are machine-made */
#define NOT_READ                                                                                   \
    (DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED | DOCGEN_FILE_BINARY | DOCGEN_FILE_LINK |        \
     DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS | DOCGEN_FILE_SKIPPED)

typedef struct reading {
    docgen_builder *builder;
    docgen_scanning scanning;
    docgen_parsed *parsed; /* may be NULL */
    int files, read;       /* source files, and how many of them had to be read */
} reading;

static void skip(docgen_model *model, const docgen_file *file, const char *reason)
{
    docgen_skip *skip = apr_array_push(model->skipped);

    *skip = (docgen_skip){file->path, reason};
}

int docgen_model_reads(const docgen_file *file)
{
    return file->lang != DOCGEN_LANG_NONE && file->lang != DOCGEN_LANG_OTHER &&
           !(file->flags & (NOT_READ | DOCGEN_FILE_TEST));
}

/** What decides how a file is read: its content and what its path says, but not where it stands. */
static const char *file_key(apr_pool_t *pool, const docgen_file *file)
{
    return apr_pstrcat(pool, file->oid, " ", docgen_language_variant(pool, file), NULL);
}

/** Reads a file's text. `what` stays empty when a helper failed: the next run may try again. */
static apr_status_t parse(reading *r, const docgen_file *file, apr_pool_t *scratch,
                          docgen_parsed_file *what)
{
    docgen_builder *b = r->builder;
    docgen_source *source;
    const char *text;
    apr_size_t length;
    apr_status_t rv = docgen_tree_text(b->model->tree, file, scratch, &text, &length);

    if (APR_STATUS_IS_ENOENT(rv)) {
        what->skipped = "not text";
        return APR_SUCCESS;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    source = docgen_source_make(b->pool, scratch, file, text, length);
    if (length / (apr_size_t)source->lines > LINE_LENGTH_MAX) {
        what->skipped = "its lines are too long to be written by hand";
    } else {
        what->unit = docgen_language_scan(&r->scanning, source);
        if (r->scanning.failed) {
            skip(b->model, file, r->scanning.failed);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t read_file(reading *r, const docgen_file *file, apr_pool_t *scratch)
{
    docgen_builder *b = r->builder;
    docgen_parsed_file what = {0};
    const char *key;
    apr_status_t rv = APR_SUCCESS;

    if (file->size > FILE_MAX) {
        skip(b->model, file, "larger than 1 MiB");
        return APR_SUCCESS;
    }
    r->files++;
    key = file_key(scratch, file);
    if (!r->parsed || !docgen_parsed_find(r->parsed, file, key, &what)) {
        r->read++;
        rv = parse(r, file, scratch, &what);
        if (r->parsed && (what.unit || what.skipped)) {
            docgen_parsed_note(r->parsed, key, &what);
        }
    }
    if (what.skipped) {
        skip(b->model, file, what.skipped);
    }
    if (what.unit) {
        APR_ARRAY_PUSH(b->units, docgen_unit *) = what.unit;
        apr_hash_set(b->unit_of, file->path, APR_HASH_KEY_STRING, what.unit);
    }
    return rv;
}

static apr_status_t read_files(reading *r, void (*progress)(void *, int), void *baton)
{
    docgen_tree *tree = r->builder->model->tree;
    apr_pool_t *scratch;
    apr_status_t rv = APR_SUCCESS;

    apr_pool_create(&scratch, r->builder->scratch);
    for (int i = 0; rv == APR_SUCCESS && i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

        if (docgen_model_reads(file)) {
            apr_pool_clear(scratch);
            rv = read_file(r, file, scratch);
        }
        if (progress && i % 64 == 0) {
            progress(baton, (int)((apr_int64_t)i * 75 / tree->files->nelts));
        }
    }
    apr_pool_destroy(scratch);
    return rv;
}

/** Everything but the usages. */
static apr_status_t model_make(docgen_model **model, apr_pool_t *pool, const docgen_facts *facts,
                               docgen_tree *tree, docgen_parsed *parsed,
                               void (*progress)(void *baton, int percent), void *baton)
{
    docgen_model *m = apr_pcalloc(pool, sizeof(*m));
    docgen_builder b = {.model = m, .pool = pool};
    reading r = {.builder = &b, .parsed = parsed};
    apr_status_t rv;

    m->pool = pool;
    m->facts = facts;
    m->tree = tree;
    m->modules = apr_array_make(pool, 32, sizeof(docgen_module *));
    m->symbols = apr_hash_make(pool);
    m->skipped = apr_array_make(pool, 8, sizeof(docgen_skip));
    apr_pool_create(&b.scratch, pool);
    b.units = apr_array_make(b.scratch, 256, sizeof(docgen_unit *));
    b.unit_of = apr_hash_make(b.scratch);
    b.module_of = apr_hash_make(b.scratch);
    b.named = apr_hash_make(b.scratch);
    b.slugs = apr_hash_make(b.scratch);
    r.scanning.pool = b.scratch;
    rv = read_files(&r, progress, baton);
    docgen_scanning_end(&r.scanning);
    docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "symbols: %d of %d files read, the others are known",
               r.read, r.files);
    if (rv == APR_SUCCESS) {
        docgen_modules_make(&b);
        docgen_modules_finish(&b);
    }
    apr_pool_destroy(b.scratch);
    *model = m;
    return rv;
}

apr_status_t docgen_model_build(docgen_model **model, apr_pool_t *pool, const docgen_facts *facts,
                                docgen_tree *tree, docgen_parsed *parsed,
                                void (*progress)(void *baton, int percent), void *baton)
{
    apr_status_t rv = model_make(model, pool, facts, tree, parsed, progress, baton);

    if (rv == APR_SUCCESS) {
        if (progress) {
            progress(baton, 80);
        }
        rv = docgen_usage_collect(*model);
    }
    if (progress) {
        progress(baton, 100);
    }
    return rv;
}

apr_status_t docgen_model_build_older(docgen_model **model, apr_pool_t *pool,
                                      const docgen_facts *facts, docgen_tree *tree,
                                      docgen_parsed *parsed)
{
    if (parsed) {
        docgen_parsed_again(parsed);
    }
    return model_make(model, pool, facts, tree, parsed, NULL, NULL);
}
