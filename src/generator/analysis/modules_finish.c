/* The last step for all languages: order, inherited members, counts and the index of names.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/analysis/doc.h"
#include "generator/languages/traits.h"

#define BASES_MAX 24 /* classes followed upwards */

static int kind_rank(const char *kind)
{
    static const char *const order[] = {
        "function", "class",   "record",   "object",   "struct",     "interface", "protocol",
        "trait",    "concept", "module",   "table",    "annotation", "enum",      "union",
        "type",     "macro",   "constant", "property", "variable",   "extension",
    };

    for (int i = 0; i < (int)(sizeof(order) / sizeof(*order)); i++) {
        if (!strcmp(order[i], kind)) {
            return i;
        }
    }
    return 99;
}

static int by_place(const docgen_symbol *x, const docgen_symbol *y)
{
    int file = strcmp(x->file->path, y->file->path);

    return file                 ? file
           : x->line != y->line ? x->line - y->line
                                : strcmp(x->qualified, y->qualified);
}

static int by_visibility(const void *a, const void *b)
{
    const docgen_symbol *x = *(docgen_symbol *const *)a, *y = *(docgen_symbol *const *)b;
    int kind;

    if (x->visibility != y->visibility) {
        return (int)x->visibility - (int)y->visibility;
    }
    kind = kind_rank(x->kind) - kind_rank(y->kind);
    return kind ? kind : by_place(x, y);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const docgen_export *)a)->name, ((const docgen_export *)b)->name);
}

static int by_module_name(const void *a, const void *b)
{
    return strcmp((*(docgen_module *const *)a)->name, (*(docgen_module *const *)b)->name);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_module(const void *a, const void *b)
{
    const docgen_module *x = *(docgen_module *const *)a, *y = *(docgen_module *const *)b;

    if (x->visibility != y->visibility) {
        return (int)x->visibility - (int)y->visibility;
    }
    return x->lang != y->lang ? (int)x->lang - (int)y->lang : strcmp(x->name, y->name);
}

static int is_hidden(const docgen_symbol *symbol)
{
    return symbol->traits & DOCGEN_SYMBOL_HIDDEN;
}

static void count(docgen_module *module, const docgen_symbol *symbol, int depth)
{
    if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC) {
        return;
    }
    module->declared++;
    module->documented += symbol->doc != NULL;
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        count(module, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), depth + 1);
    }
}

/* Better entries win a name: public before internal, documented before bare, not a test or example. */
static int better(const docgen_symbol *x, const docgen_symbol *y)
{
    if (x->visibility != y->visibility) {
        return x->visibility < y->visibility;
    }
    if (x->module->visibility != y->module->visibility) {
        return x->module->visibility < y->module->visibility;
    }
    return x->doc && !y->doc;
}

static void index_name(docgen_model *model, const char *name, docgen_symbol *symbol)
{
    docgen_symbol *other = apr_hash_get(model->symbols, name, APR_HASH_KEY_STRING);

    if (!other || better(symbol, other)) {
        apr_hash_set(model->symbols, name, APR_HASH_KEY_STRING, symbol);
    }
}

static void index_symbol(docgen_model *model, docgen_symbol *symbol, int depth)
{
    if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC) {
        return;
    }
    if (!symbol->parent) {
        index_name(model, symbol->name, symbol);
    }
    index_name(model, symbol->qualified, symbol);
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        index_symbol(model, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), depth + 1);
    }
}

/* A base as written ("t.Generic[T]", "Box<T>", "scaffold.Scaffold") by its last plain name. */
static const char *base_name(apr_pool_t *pool, const char *written)
{
    const char *name = apr_pstrmemdup(pool, written, strcspn(written, "[<( "));
    const char *last = name;

    for (const char *p = name; *p; p++) {
        if (*p == '.' || *p == ':') {
            last = p + 1;
        }
    }
    return last;
}

static int has_member(const apr_array_header_t *members, const char *name)
{
    for (int i = 0; members && i < members->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(members, i, docgen_symbol *)->name, name)) {
            return 1;
        }
    }
    return 0;
}

static docgen_symbol *find_type(apr_hash_t *types, docgen_lang lang, const char *name,
                                const docgen_symbol * not )
{
    docgen_symbol *type = apr_hash_get(types, name, APR_HASH_KEY_STRING);

    return type && type != not &&type->module && type->module->lang == lang ? type : NULL;
}

/* Can users of a type name this member of one of its bases? Go promotes exported methods and fields of unexported types,
 * too. */
static int is_inherited(const docgen_symbol *symbol, const docgen_symbol *member)
{
    if (*member->name == '~') {
        return 0; /* nobody calls a base's destructor by name */
    }
    return member->visibility == DOCGEN_VISIBLE_PUBLIC ||
           (docgen_traits_of(symbol->module->lang)->promotes && symbol->module == member->module &&
            isupper((unsigned char)*member->name));
}

/* Members of the bases, nearest first; breadth is followed through a bounded queue, so cycles end. */
static void inherit(docgen_builder *b, apr_hash_t *types, docgen_symbol *symbol)
{
    docgen_symbol *queue[BASES_MAX];
    int head = 0, tail = 0;

    queue[tail++] = symbol;
    while (head < tail) {
        docgen_symbol *at = queue[head++];

        for (int i = 0; at->bases && i < at->bases->nelts; i++) {
            docgen_symbol *base =
                find_type(types, symbol->module->lang,
                          base_name(b->scratch, APR_ARRAY_IDX(at->bases, i, const char *)), symbol);
            int known = 0;

            for (int n = 0; n < tail; n++) {
                known |= queue[n] == base;
            }
            if (base && !known && tail < BASES_MAX) {
                queue[tail++] = base;
            }
        }
        for (int i = 0; at != symbol && at->members && i < at->members->nelts; i++) {
            docgen_symbol *member = APR_ARRAY_IDX(at->members, i, docgen_symbol *);

            if (is_inherited(symbol, member) && strcmp(member->name, at->name) &&
                !has_member(symbol->members, member->name) &&
                !has_member(symbol->inherited, member->name)) {
                if (!symbol->inherited) {
                    symbol->inherited = apr_array_make(b->pool, 8, sizeof(docgen_symbol *));
                }
                APR_ARRAY_PUSH(symbol->inherited, docgen_symbol *) = member;
            }
        }
    }
}

static int has_bases(const docgen_symbol *symbol)
{
    return symbol->bases && symbol->bases->nelts > 0 && strcmp(symbol->kind, "trait");
}

static void inherit_all(docgen_builder *b)
{
    apr_hash_t *types = apr_hash_make(b->scratch);
    const apr_array_header_t *modules = b->model->modules;

    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, n, docgen_symbol *);

            if (symbol->members && (!apr_hash_get(types, symbol->name, APR_HASH_KEY_STRING))) {
                apr_hash_set(types, symbol->name, APR_HASH_KEY_STRING, symbol);
            }
        }
    }
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, n, docgen_symbol *);

            if (has_bases(symbol)) {
                inherit(b, types, symbol);
            }
        }
    }
}

/* What its author hides is no member that users see. */
static void hide_members(docgen_symbol *symbol, int depth)
{
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (is_hidden(member) && member->visibility == DOCGEN_VISIBLE_PUBLIC) {
            member->visibility = DOCGEN_VISIBLE_INTERNAL;
        }
        hide_members(member, depth + 1);
    }
}

static void finish_module(docgen_builder *b, docgen_module *module)
{
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (is_hidden(symbol) && symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
            symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
        }
        if (module->visibility > symbol->visibility) {
            symbol->visibility = module->visibility;
        }
        hide_members(symbol, 0);
        symbol->deprecated |= docgen_doc_find(symbol->doc, "deprecated") != NULL;
        if (strcmp(symbol->name, "_")) {
            APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
        }
    }
    module->symbols->nelts = kept;
    qsort(module->symbols->elts, (size_t)kept, sizeof(docgen_symbol *), by_visibility);
    qsort(module->exports->elts, (size_t)module->exports->nelts, sizeof(docgen_export), by_name);
    qsort(module->uses->elts, (size_t)module->uses->nelts, sizeof(docgen_module *), by_module_name);
    qsort(module->used_by->elts, (size_t)module->used_by->nelts, sizeof(docgen_module *),
          by_module_name);
    qsort(module->external->elts, (size_t)module->external->nelts, sizeof(const char *), by_text);
    for (int i = 0; i < kept; i++) {
        count(module, APR_ARRAY_IDX(module->symbols, i, docgen_symbol *), 0);
    }
    module->flags = ~0u;
    for (int i = 0; i < module->files->nelts; i++) {
        module->flags &= APR_ARRAY_IDX(module->files, i, docgen_file *)->flags;
    }
    (void)b;
}

void docgen_modules_finish(docgen_builder *b)
{
    apr_array_header_t *modules = b->model->modules;

    for (int i = 0; i < modules->nelts; i++) {
        finish_module(b, APR_ARRAY_IDX(modules, i, docgen_module *));
    }
    qsort(modules->elts, (size_t)modules->nelts, sizeof(docgen_module *), by_module);
    inherit_all(b);
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            index_symbol(b->model, APR_ARRAY_IDX(module->symbols, n, docgen_symbol *), 0);
        }
    }
    /* A name that a public module passes on is found under that module, too: "flask.Flask". */
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        for (int n = 0; module->visibility == DOCGEN_VISIBLE_PUBLIC && n < module->exports->nelts;
             n++) {
            docgen_export *export = &APR_ARRAY_IDX(module->exports, n, docgen_export);

            if (export->symbol) {
                index_name(b->model, export->name, export->symbol);
            }
        }
    }
}
