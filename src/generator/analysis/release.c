/* The public names of two trees of one repository, side by side. Both are read by the same extractor, so that what
 * differs is what the authors changed. A name that only moved within the language is the same name.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/analysis/release.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/log.h"
#include "generator/analysis/doc.h"
#include "generator/languages/traits.h"

enum {
    TREE_FILES_MAX = 30000, /* entries of the older tree */
    CHANGED_MAX = 2000,     /* source files of it that are read */
    CHANGED_BYTES = 32 << 20,
    DEPTH_MAX = 8,
    SIGNATURE_MAX = 2000
};

/* A public name of one of the trees. */
typedef struct entry {
    docgen_lang lang;
    const char *module; /* "" in C and C++, whose names are global */
    const char *name;
    const docgen_symbol *symbol;
    const char *signature;
    int paired;
} entry;

/* Both sides of the comparison. */
typedef struct comparison {
    apr_pool_t *pool;    /* the result's */
    apr_pool_t *scratch; /* lives as long as the older model */
    docgen_release *release;
    apr_array_header_t *now, *then; /* entry */
} comparison;

/* White space as one space, none beside brackets and commas: how a signature is wrapped changes nothing. */
static const char *signature_plain(apr_pool_t *pool, const char *text)
{
    char *copy = apr_palloc(pool, strlen(text) + 1);
    char *end = copy;

    for (const char *p = text; *p; p++) {
        if (!isspace((unsigned char)*p)) {
            *end++ = *p;
        } else if (end > copy && !strchr(" ([{,", end[-1])) {
            const char *next = p + strspn(p, " \t\r\n");

            if (*next && !strchr(")]},;", *next)) {
                *end++ = ' ';
            }
        }
    }
    while (end > copy && strchr("; ,", end[-1])) {
        end--;
    }
    *end = '\0';
    return copy;
}

/* All signatures of an entry. */
static const char *signature_of(apr_pool_t *pool, const docgen_symbol *symbol)
{
    const char *text = signature_plain(pool, symbol->signature ? symbol->signature : "");

    for (int i = 0; symbol->overloads && i < symbol->overloads->nelts && i < 40; i++) {
        const docgen_symbol *overload = APR_ARRAY_IDX(symbol->overloads, i, docgen_symbol *);

        text = apr_pstrcat(pool, text, "\n",
                           signature_plain(pool, overload->signature ? overload->signature : ""),
                           NULL);
    }
    return text;
}

static void entry_add(apr_pool_t *pool, apr_array_header_t *entries, const docgen_module *module,
                      const char *name, const docgen_symbol *symbol)
{
    entry *e = apr_array_push(entries);

    e->lang = docgen_lang_family(symbol->file->lang);
    e->module = docgen_traits_of(e->lang)->headers ? "" : module->name;
    e->name = name;
    e->symbol = symbol;
    e->signature = signature_of(pool, symbol);
    e->paired = 0;
}

static void symbol_collect(apr_pool_t *pool, apr_array_header_t *entries,
                           const docgen_module *module, const docgen_symbol *symbol, int depth)
{
    if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC || symbol->inherited_from ||
        symbol->traits & DOCGEN_SYMBOL_PASTED) {
        return;
    }
    entry_add(pool, entries, module, symbol->qualified, symbol);
    for (int i = 0; symbol->members && depth < DEPTH_MAX && i < symbol->members->nelts; i++) {
        symbol_collect(pool, entries, module, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *),
                       depth + 1);
    }
}

static int entry_compare(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int order = (int)x->lang - (int)y->lang;

    order = order ? order : strcmp(x->module, y->module);
    order = order ? order : strcmp(x->name, y->name);
    order = order ? order : strcmp(x->symbol->file->path, y->symbol->file->path);
    return order ? order : x->symbol->line - y->symbol->line;
}

static int is_same_name(const entry *x, const entry *y)
{
    return x->lang == y->lang && !strcmp(x->name, y->name) && !strcmp(x->module, y->module);
}

static apr_array_header_t *entries_collect(apr_pool_t *pool, const docgen_model *model)
{
    apr_array_header_t *entries = apr_array_make(pool, 1024, sizeof(entry));
    int kept = 0;

    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        if (module->visibility != DOCGEN_VISIBLE_PUBLIC ||
            module->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_GENERATED)) {
            continue;
        }
        for (int n = 0; n < module->symbols->nelts; n++) {
            symbol_collect(pool, entries, module,
                           APR_ARRAY_IDX(module->symbols, n, docgen_symbol *), 0);
        }
        for (int n = 0; n < module->exports->nelts; n++) {
            const docgen_export *export = &APR_ARRAY_IDX(module->exports, n, docgen_export);

            /* What is public where it is defined is compared there. */
            if (export->symbol &&
                (export->symbol->visibility != DOCGEN_VISIBLE_PUBLIC || !export->symbol->module ||
                 export->symbol->module->visibility != DOCGEN_VISIBLE_PUBLIC)) {
                entry_add(pool, entries, module, export->name, export->symbol);
            }
        }
    }
    qsort(entries->elts, (size_t)entries->nelts, sizeof(entry), entry_compare);
    for (int i = 0; i < entries->nelts; i++) { /* a type and its typedef are one name */
        entry *e = &APR_ARRAY_IDX(entries, i, entry);

        if (!kept || !is_same_name(&APR_ARRAY_IDX(entries, kept - 1, entry), e)) {
            APR_ARRAY_IDX(entries, kept++, entry) = *e;
        }
    }
    entries->nelts = kept;
    return entries;
}

static docgen_api_change *change_add(comparison *c, docgen_api_what what, const entry *e)
{
    docgen_api_change *change = apr_array_push(c->release->changes);
    const docgen_symbol *symbol = e->symbol;

    memset(change, 0, sizeof(*change));
    change->what = what;
    change->name = apr_pstrdup(c->pool, e->name);
    change->kind = apr_pstrdup(c->pool, symbol->kind);
    change->lang = symbol->file->lang;
    change->module = apr_pstrdup(c->pool, symbol->module ? symbol->module->name : e->module);
    if (what == DOCGEN_API_REMOVED) {
        change->path = apr_pstrdup(c->pool, symbol->file->path);
        change->raw_path = apr_pstrdup(c->pool, symbol->file->raw_path);
        change->line = symbol->line;
        change->end_line = symbol->end_line;
    } else {
        change->symbol = symbol;
    }
    return change;
}

static int is_deprecated(const docgen_symbol *symbol)
{
    return symbol->deprecated || docgen_doc_find(symbol->doc, "deprecated");
}

/* The same name in both trees: has its signature changed, is it deprecated now? */
static void pair_judge(comparison *c, entry *now, entry *then)
{
    now->paired = then->paired = 1;
    if (strcmp(now->signature, then->signature) != 0) {
        change_add(c, DOCGEN_API_CHANGED, now)->before = apr_pstrndup(
            c->pool, then->symbol->signature ? then->symbol->signature : "", SIGNATURE_MAX);
    }
    if (is_deprecated(now->symbol) && !is_deprecated(then->symbol)) {
        change_add(c, DOCGEN_API_DEPRECATED, now);
    }
}

static void names_pair(comparison *c)
{
    int n = 0;

    for (int i = 0; i < c->now->nelts; i++) {
        entry *now = &APR_ARRAY_IDX(c->now, i, entry);

        for (; n < c->then->nelts; n++) {
            entry *then = &APR_ARRAY_IDX(c->then, n, entry);
            int order = (int)then->lang - (int)now->lang;

            order = order ? order : strcmp(then->module, now->module);
            order = order ? order : strcmp(then->name, now->name);
            if (order >= 0) {
                if (order == 0) {
                    pair_judge(c, now, then);
                }
                break;
            }
        }
    }
}

/* What is left of one side by language, kind and name; a name that is left twice is nobody's. */
static apr_hash_t *rest_index(apr_pool_t *pool, apr_array_header_t *entries)
{
    entry *twice = apr_pcalloc(pool, sizeof(*twice)); /* without a name */
    apr_hash_t *index = apr_hash_make(pool);

    for (int i = 0; i < entries->nelts; i++) {
        entry *e = &APR_ARRAY_IDX(entries, i, entry);
        const char *key;

        if (!e->paired) {
            key = apr_psprintf(pool, "%d %s %s", (int)e->lang, e->symbol->kind, e->name);
            apr_hash_set(index, key, APR_HASH_KEY_STRING,
                         apr_hash_get(index, key, APR_HASH_KEY_STRING) ? twice : e);
        }
    }
    return index;
}

/* Names that stand in another module now. */
static void moves_pair(comparison *c)
{
    apr_hash_t *now = rest_index(c->scratch, c->now);
    apr_hash_t *then = rest_index(c->scratch, c->then);

    for (int i = 0; i < c->now->nelts; i++) {
        entry *e = &APR_ARRAY_IDX(c->now, i, entry);
        const char *key =
            apr_psprintf(c->scratch, "%d %s %s", (int)e->lang, e->symbol->kind, e->name);
        entry *old = apr_hash_get(then, key, APR_HASH_KEY_STRING);

        if (!e->paired && old && old->name && apr_hash_get(now, key, APR_HASH_KEY_STRING) == e) {
            pair_judge(c, e, old);
        }
    }
}

/* Whoever tells of a class has told of its members. */
static void rest_report(comparison *c, apr_array_header_t *entries, docgen_api_what what)
{
    apr_hash_t *alone = apr_hash_make(c->scratch);

    for (int i = 0; i < entries->nelts; i++) {
        const entry *e = &APR_ARRAY_IDX(entries, i, entry);

        if (!e->paired) {
            apr_hash_set(alone, &e->symbol, sizeof(e->symbol), e);
        }
    }
    for (int i = 0; i < entries->nelts; i++) {
        const entry *e = &APR_ARRAY_IDX(entries, i, entry);
        const docgen_symbol *parent = e->symbol->parent;

        if (!e->paired && !(parent && apr_hash_get(alone, &parent, sizeof(parent)))) {
            change_add(c, what, e);
        }
    }
}

static int change_compare(const void *a, const void *b)
{
    const docgen_api_change *x = a, *y = b;
    int order = (int)x->what - (int)y->what;

    order = order ? order : (int)docgen_lang_family(x->lang) - (int)docgen_lang_family(y->lang);
    order = order ? order : strcmp(x->module, y->module);
    return order ? order : strcmp(x->name, y->name);
}

static void models_compare(comparison *c, const docgen_model *now, const docgen_model *then)
{
    c->now = entries_collect(c->scratch, now);
    c->then = entries_collect(c->scratch, then);
    names_pair(c);
    moves_pair(c);
    rest_report(c, c->now, DOCGEN_API_ADDED);
    rest_report(c, c->then, DOCGEN_API_REMOVED);
    qsort(c->release->changes->elts, (size_t)c->release->changes->nelts, sizeof(docgen_api_change),
          change_compare);
}

/* How many source files differ; says so when they are too many to be read. */
static void difference_measure(docgen_release *release, apr_pool_t *pool, const docgen_tree *now,
                               const docgen_tree *then)
{
    apr_uint64_t bytes = 0;
    int read = 0;

    for (int i = 0; i < then->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(then->files, i, docgen_file *);
        const docgen_file *other = docgen_tree_find(now, file->path);

        if (docgen_model_reads(file)) {
            int same = other && !strcmp(other->oid, file->oid);

            release->files++;
            read += !same;
            bytes += same ? 0 : file->size;
        }
    }
    release->changed = read;
    for (int i = 0; i < now->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(now->files, i, docgen_file *);
        const docgen_file *other = docgen_tree_find(then, file->path);

        if (docgen_model_reads(file) && !(other && docgen_model_reads(other))) {
            release->files++;
            release->changed++;
        }
    }
    if (read > CHANGED_MAX) {
        release->skipped =
            apr_psprintf(pool,
                         "%d of its source files are different now, more than the %d that are "
                         "read for a comparison",
                         read, CHANGED_MAX);
    } else if (bytes > CHANGED_BYTES) {
        release->skipped = apr_psprintf(
            pool,
            "its source files that are different now have more than the %d MiB that are read "
            "for a comparison",
            CHANGED_BYTES >> 20);
    }
}

void docgen_release_compare(docgen_model *model, apr_pool_t *pool, struct docgen_parsed *parsed,
                            apr_uint64_t max_file)
{
    const docgen_facts *facts = model->facts;
    docgen_release *release = apr_pcalloc(pool, sizeof(*release));
    comparison c = {.pool = pool, .release = release};
    docgen_model *older;
    docgen_tree *tree;
    apr_status_t rv;

    release->tag = facts->release_tag;
    release->skipped = facts->release_skipped;
    release->changes = apr_array_make(pool, 16, sizeof(docgen_api_change));
    model->release = release;
    if (!facts->release_commit || release->skipped) {
        return;
    }
    apr_pool_create(&c.scratch, pool);
    rv = docgen_tree_open_beside(&tree, c.scratch, model->tree, facts->release_commit, max_file);
    if (rv == APR_SUCCESS && tree->files->nelts > TREE_FILES_MAX) {
        release->skipped = apr_psprintf(pool, "it has more than %d files", TREE_FILES_MAX);
    } else if (rv == APR_SUCCESS) {
        difference_measure(release, pool, model->tree, tree);
        if (!release->skipped) {
            rv = docgen_model_build_older(&older, c.scratch, facts, tree, parsed);
        }
        if (!release->skipped && rv == APR_SUCCESS) {
            models_compare(&c, model, older);
        }
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_WARNING, rv, "the files of %s cannot be compared",
                   facts->release_tag);
        release->skipped = "its files cannot be read";
    }
    apr_pool_destroy(c.scratch);
}
