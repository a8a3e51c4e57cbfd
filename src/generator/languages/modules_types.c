/* Types whose parts stand in several places: partial ones, extensions, what several platforms do; and the comments that
 * members inherit.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/modules_types.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/language.h"

#define OWNERS_MAX 12 /* bases looked through for a comment that a member inherits */

static docgen_symbol *member_named(const docgen_symbol *type, const char *name)
{
    for (int i = 0; type->members && i < type->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(type->members, i, docgen_symbol *);

        if (!strcmp(member->name, name)) {
            return member;
        }
    }
    return NULL;
}

static void requalify(apr_pool_t *pool, docgen_symbol *symbol, docgen_symbol *parent, int depth)
{
    symbol->parent = parent;
    symbol->qualified = apr_pstrcat(pool, parent->qualified, ".", symbol->name, NULL);
    symbol->module = parent->module;
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        requalify(pool, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), symbol, depth + 1);
    }
    for (int i = 0; symbol->overloads && i < symbol->overloads->nelts; i++) {
        docgen_symbol *overload = APR_ARRAY_IDX(symbol->overloads, i, docgen_symbol *);

        overload->parent = parent;
        overload->qualified = symbol->qualified;
        overload->module = parent->module;
    }
}

/** Puts what one part of a type says with what the first part says. */
static void type_join(docgen_builder *b, docgen_symbol *type, docgen_symbol *part)
{
    if (!type->members) {
        type->members = apr_array_make(b->pool, 8, sizeof(docgen_symbol *));
    }
    if (!type->bases) {
        type->bases = apr_array_make(b->pool, 2, sizeof(const char *));
    }
    for (int i = 0; part->members && i < part->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(part->members, i, docgen_symbol *);
        docgen_symbol *first = member_named(type, member->name);
        int callable = !strcmp(member->kind, "method");

        if (type->visibility > member->visibility && strcmp(type->kind, "extension")) {
            member->visibility = type->visibility;
        }
        requalify(b->pool, member, type, 0);
        if (first && callable && !strcmp(first->kind, member->kind) &&
            first->visibility == member->visibility) {
            if (!first->overloads) {
                first->overloads = apr_array_make(b->pool, 2, sizeof(docgen_symbol *));
            }
            APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = member;
            for (int n = 0; member->overloads && n < member->overloads->nelts; n++) {
                APR_ARRAY_PUSH(first->overloads, docgen_symbol *) =
                    APR_ARRAY_IDX(member->overloads, n, docgen_symbol *);
            }
            member->overloads = NULL;
        } else {
            APR_ARRAY_PUSH(type->members, docgen_symbol *) = member;
        }
    }
    for (int i = 0; part->bases && i < part->bases->nelts; i++) {
        const char *base = APR_ARRAY_IDX(part->bases, i, const char *);
        int known = 0;

        for (int n = 0; n < type->bases->nelts; n++) {
            known |= !strcmp(APR_ARRAY_IDX(type->bases, n, const char *), base);
        }
        if (!known) {
            APR_ARRAY_PUSH(type->bases, const char *) = base;
        }
    }
    type->doc = type->doc ? type->doc : part->doc;
    type->deprecated |= part->deprecated;
}

/** How many type arguments a declared type has, from its signature: Box<T> and Box are two types. */
static int arity(const docgen_symbol *type)
{
    const char *p = type->signature ? strstr(type->signature, type->name) : NULL;
    int count = 1;

    p = p ? p + strlen(type->name) : "";
    if (*p != '<') {
        return 0;
    }
    for (; *p && *p != '>'; p++) {
        count += *p == ',';
    }
    return count;
}

static int is_partial(const docgen_symbol *type)
{
    return type->signature && strstr(type->signature, "partial ") && type->members;
}

/** C#: the parts of partial types. */
void docgen_partials_join(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *first = apr_hash_make(b->scratch);
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *), *known = NULL;

        if (is_partial(symbol) ||
            (docgen_reader_of(module->lang)->grammar->merges && symbol->members)) {
            const char *key = apr_psprintf(b->scratch, "%s`%d", symbol->name, arity(symbol));

            known = apr_hash_get(first, key, APR_HASH_KEY_STRING);
            if (!known) {
                apr_hash_set(first, key, APR_HASH_KEY_STRING, symbol);
            }
        }
        if (known) {
            known->visibility =
                known->visibility < symbol->visibility ? known->visibility : symbol->visibility;
            if (symbol->doc ? !known->doc
                            : !known->doc && strlen(symbol->signature) > strlen(known->signature)) {
                known->signature = symbol->signature; /* the part that says most is shown */
                known->file = symbol->file;
                known->line = symbol->line;
                known->end_line = symbol->end_line;
            }
            type_join(b, known, symbol);
        } else {
            APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
        }
    }
    module->symbols->nelts = kept;
    for (int i = kept = 0; i < module->symbols->nelts;
         i++) { /* a name that only holds others has no entry */
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (!docgen_reader_of(module->lang)->grammar->merges || strcmp(symbol->kind, "module") ||
            symbol->doc || (symbol->members && symbol->members->nelts)) {
            APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
        }
    }
    module->symbols->nelts = kept;
}

/** The type that a dotted name means, among a module's symbols. */
static docgen_symbol *type_named(const apr_array_header_t *symbols, const char *name)
{
    apr_size_t length = strcspn(name, ".");

    for (int i = 0; symbols && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        if (symbol->members && strcmp(symbol->kind, "extension") &&
            strlen(symbol->name) == length && !memcmp(symbol->name, name, length)) {
            return name[length] ? type_named(symbol->members, name + length + 1) : symbol;
        }
    }
    return NULL;
}

static int least_visibility(const docgen_symbol *type)
{
    int least = DOCGEN_VISIBLE_PRIVATE;

    for (int i = 0; type->members && i < type->members->nelts; i++) {
        int member = (int)APR_ARRAY_IDX(type->members, i, docgen_symbol *)->visibility;

        least = member < least ? member : least;
    }
    return least;
}

/** Extensions: what they add stands with the type when the module declares it, else with the name of the type. */
void docgen_extensions_join(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *first = apr_hash_make(b->scratch);
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *), *type;

        if (strcmp(symbol->kind, "extension") ||
            !docgen_reader_of(module->lang)->grammar->joins_extensions) {
            APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
            continue;
        }
        type = type_named(module->symbols, symbol->name);
        if (type) {
            const docgen_doc *doc = type->doc;

            type_join(b, type, symbol);
            type->doc = doc;
            continue;
        }
        type = apr_hash_get(first, symbol->name, APR_HASH_KEY_STRING);
        if (type) {
            type_join(b, type, symbol);
        } else if (symbol->members && symbol->members->nelts) {
            apr_hash_set(first, symbol->name, APR_HASH_KEY_STRING, symbol);
            APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
        }
        if (type || (symbol->members && symbol->members->nelts)) {
            type = type ? type : symbol;
            type->visibility = (docgen_visibility)least_visibility(type);
        }
    }
    module->symbols->nelts = kept;
}

/** Kotlin: what a platform does for a name that is expected of all of them is said once. */
void docgen_actuals_drop(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *expected = apr_hash_make(b->scratch);
    int kept = 0;

    for (int pass = 0; pass < 2; pass++) {
        kept = 0;
        for (int i = 0; i < module->symbols->nelts; i++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);
            const char *text = symbol->signature ? symbol->signature : "";

            if (pass == 0 && strstr(text, "expect ")) {
                apr_hash_set(expected, symbol->name, APR_HASH_KEY_STRING, symbol);
            }
            if (pass == 0 || !strstr(text, "actual ") ||
                !apr_hash_get(expected, symbol->name, APR_HASH_KEY_STRING)) {
                APR_ARRAY_IDX(module->symbols, kept++, docgen_symbol *) = symbol;
            }
        }
    }
    module->symbols->nelts = kept;
}

/* --- comments that members inherit ------------------------------------------------------------------------- */

/** A base as written ("Map.Entry<K, V>", "\\Foo\\Bar") by its last plain name. */
static const char *base_name(apr_pool_t *pool, const char *written)
{
    const char *name = apr_pstrmemdup(pool, written, strcspn(written, "[<( "));
    const char *last = name;

    for (const char *p = name; *p; p++) {
        if (*p == '.' || *p == '\\' || *p == ':') {
            last = p + 1;
        }
    }
    return last;
}

void docgen_types_index(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
                        apr_pool_t *pool, int depth)
{
    for (int i = 0; symbols && depth < 8 && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);
        const char *key;

        if (!symbol->members) {
            continue;
        }
        key = apr_psprintf(pool, "%d:%s", (int)lang, symbol->name);
        if (!apr_hash_get(types, key, APR_HASH_KEY_STRING)) {
            apr_hash_set(types, key, APR_HASH_KEY_STRING, symbol);
        }
        docgen_types_index(types, symbol->members, lang, pool, depth + 1);
    }
}

/** The comment of the nearest base's member of that name. */
static const docgen_doc *doc_of_bases(apr_hash_t *types, const docgen_symbol *type,
                                      docgen_lang lang, const char *name, apr_pool_t *pool)
{
    const docgen_symbol *queue[OWNERS_MAX];
    int head = 0, tail = 0;

    queue[tail++] = type;
    while (head < tail) {
        const docgen_symbol *at = queue[head++];
        const docgen_symbol *member = at == type ? NULL : member_named(at, name);

        if (member && member->doc) {
            return member->doc;
        }
        for (int i = 0; at->bases && i < at->bases->nelts && tail < OWNERS_MAX; i++) {
            const char *key =
                apr_psprintf(pool, "%d:%s", (int)lang,
                             base_name(pool, APR_ARRAY_IDX(at->bases, i, const char *)));
            const docgen_symbol *base = apr_hash_get(types, key, APR_HASH_KEY_STRING);
            int known = base == type;

            for (int n = 0; n < tail; n++) {
                known |= queue[n] == base;
            }
            if (base && !known) {
                queue[tail++] = base;
            }
        }
    }
    return NULL;
}

void docgen_docs_inherit(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
                         apr_pool_t *pool, int depth)
{
    for (int i = 0; symbols && depth < 8 && i < symbols->nelts; i++) {
        docgen_symbol *type = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        for (int n = 0;
             type->bases && type->bases->nelts && type->members && n < type->members->nelts; n++) {
            docgen_symbol *member = APR_ARRAY_IDX(type->members, n, docgen_symbol *);

            if (!member->doc && member->visibility == DOCGEN_VISIBLE_PUBLIC &&
                (!strcmp(member->kind, "method") || !strcmp(member->kind, "property"))) {
                member->doc = doc_of_bases(types, type, lang, member->name, pool);
            }
        }
        docgen_docs_inherit(types, type->members, lang, pool, depth + 1);
    }
}
