/* What all languages share in making modules.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/traits.h"

#define RENAME_DEPTH_MAX 16

#define SLUG_MAX 120 /* bytes; page paths hold at most 255 */

static const char *slug(apr_pool_t *pool, const char *name)
{
    char *out = apr_palloc(pool, SLUG_MAX + 1), *o = out;

    for (const char *p = name; *p && o - out < SLUG_MAX; p++) {
        if (isalnum((unsigned char)*p)) {
            *o++ = (char)tolower((unsigned char)*p);
        } else if (*p == '_' && o > out) {
            *o++ = '_';
        } else if (o > out && o[-1] != '-') {
            *o++ = '-';
        }
    }
    while (o > out && o[-1] == '-') {
        o--;
    }
    *o = '\0';
    return *out ? out : "module";
}

static const char *key_of(apr_pool_t *pool, docgen_lang lang, const char *name)
{
    /* JavaScript and TypeScript import each other by one set of names, C and C++ include likewise. */
    return apr_psprintf(pool, "%d:%s", (int)docgen_lang_family(lang), name);
}

void docgen_module_rename(docgen_builder *builder, docgen_module *module, const char *name)
{
    const char *base = slug(builder->pool, name);

    if (module->slug) {
        apr_hash_set(builder->slugs, module->slug, APR_HASH_KEY_STRING, NULL);
    }
    module->name = apr_pstrdup(builder->pool, name);
    module->slug = base;
    for (int n = 2; apr_hash_get(builder->slugs, module->slug, APR_HASH_KEY_STRING); n++) {
        module->slug = apr_psprintf(builder->pool, "%s-%d", base, n);
    }
    apr_hash_set(builder->slugs, module->slug, APR_HASH_KEY_STRING, module);
}

docgen_module *docgen_module_add(docgen_builder *builder, docgen_lang lang, const char *name,
                                 const char *directory)
{
    docgen_module *module = apr_pcalloc(builder->pool, sizeof(*module));

    module->directory = apr_pstrdup(builder->pool, directory);
    module->lang = lang;
    docgen_module_rename(builder, module, name);
    module->files = apr_array_make(builder->pool, 1, sizeof(docgen_file *));
    module->symbols = apr_array_make(builder->pool, 8, sizeof(docgen_symbol *));
    module->exports = apr_array_make(builder->pool, 1, sizeof(docgen_export));
    module->uses = apr_array_make(builder->pool, 4, sizeof(docgen_module *));
    module->used_by = apr_array_make(builder->pool, 4, sizeof(docgen_module *));
    module->external = apr_array_make(builder->pool, 4, sizeof(const char *));
    APR_ARRAY_PUSH(builder->model->modules, docgen_module *) = module;
    apr_hash_set(builder->named, key_of(builder->scratch, lang, name), APR_HASH_KEY_STRING, module);
    return module;
}

docgen_module *docgen_module_find(const docgen_builder *builder, docgen_lang lang, const char *name)
{
    return apr_hash_get(builder->named, key_of(builder->scratch, lang, name), APR_HASH_KEY_STRING);
}

static void set_module(docgen_symbol *symbol, docgen_module *module, int depth)
{
    symbol->module = module;
    for (int i = 0; symbol->members && depth < 16 && i < symbol->members->nelts; i++) {
        set_module(APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), module, depth + 1);
    }
}

void docgen_module_take(docgen_builder *builder, docgen_module *module, docgen_unit *unit)
{
    APR_ARRAY_PUSH(module->files, const docgen_file *) = unit->file;
    module->code_lines += unit->file->code_lines;
    module->entry_point |= unit->entry_point;
    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        APR_ARRAY_PUSH(module->symbols, docgen_symbol *) = symbol;
        set_module(symbol, module, 0);
    }
    if (!module->doc && unit->doc) {
        module->doc = unit->doc;
        module->summary = unit->doc->summary;
    } else if (unit->doc) {
        if (!module->file_docs) {
            module->file_docs = apr_array_make(builder->pool, 2, sizeof(docgen_file_doc));
        }
        APR_ARRAY_PUSH(module->file_docs, docgen_file_doc) =
            (docgen_file_doc){unit->file, unit->doc};
    }
    apr_hash_set(builder->module_of, unit->file->path, APR_HASH_KEY_STRING, module);
}

void docgen_module_use(docgen_builder *builder, docgen_module *module, docgen_module *other)
{
    (void)builder;
    if (module == other) {
        return;
    }
    for (int i = 0; i < module->uses->nelts; i++) {
        if (APR_ARRAY_IDX(module->uses, i, docgen_module *) == other) {
            return;
        }
    }
    APR_ARRAY_PUSH(module->uses, docgen_module *) = other;
    APR_ARRAY_PUSH(other->used_by, docgen_module *) = module;
}

void docgen_module_external(docgen_builder *builder, docgen_module *module, const char *name)
{
    for (int i = 0; i < module->external->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(module->external, i, const char *), name)) {
            return;
        }
    }
    APR_ARRAY_PUSH(module->external, const char *) = apr_pstrdup(builder->pool, name);
}

void docgen_module_take_symbols(docgen_builder *builder, docgen_module *module,
                                const docgen_file *file, const apr_array_header_t *symbols)
{
    int files = module->files->nelts;

    if (!files || APR_ARRAY_IDX(module->files, files - 1, const docgen_file *) != file) {
        APR_ARRAY_PUSH(module->files, const docgen_file *) = file;
        module->code_lines += file->code_lines;
    }
    for (int i = 0; i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        APR_ARRAY_PUSH(module->symbols, docgen_symbol *) = symbol;
        set_module(symbol, module, 0);
    }
    if (!apr_hash_get(builder->module_of, file->path, APR_HASH_KEY_STRING)) {
        apr_hash_set(builder->module_of, file->path, APR_HASH_KEY_STRING, module);
    }
}

docgen_export *docgen_module_exported(const docgen_module *module, const char *name)
{
    for (int i = 0; i < module->exports->nelts; i++) {
        docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        if (!strcmp(export->name, name)) {
            return export;
        }
    }
    return NULL;
}

int docgen_module_export(docgen_builder *builder, docgen_module *module, const char *name,
                         docgen_symbol *symbol, docgen_module *target, const char *origin)
{
    docgen_export *export;

    if (docgen_module_exported(module, name)) {
        return 0;
    }
    export = apr_array_push(module->exports);
    *export = (docgen_export){apr_pstrdup(builder->pool, name), symbol, target,
                              apr_pstrdup(builder->pool, origin)};
    return 1;
}

docgen_symbol *docgen_module_symbol(const docgen_module *module, const char *name)
{
    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (!symbol->parent && !strcmp(symbol->name, name)) {
            return symbol;
        }
    }
    return NULL;
}

void docgen_symbol_move(docgen_builder *builder, docgen_symbol *symbol, docgen_module *to)
{
    apr_array_header_t *from = symbol->module ? symbol->module->symbols : NULL;
    int kept = 0;

    (void)builder;
    if (symbol->module == to) {
        return;
    }
    for (int i = 0; from && i < from->nelts; i++) {
        docgen_symbol *other = APR_ARRAY_IDX(from, i, docgen_symbol *);

        if (other != symbol) {
            APR_ARRAY_IDX(from, kept++, docgen_symbol *) = other;
        }
    }
    if (from) {
        from->nelts = kept;
    }
    APR_ARRAY_PUSH(to->symbols, docgen_symbol *) = symbol;
    set_module(symbol, to, 0);
}

void docgen_impl_attach(docgen_builder *builder, docgen_symbol *type, const docgen_impl *impl)
{
    if (impl->trait) {
        if (!type->bases) {
            type->bases = apr_array_make(builder->pool, 2, sizeof(const char *));
        }
        for (int i = 0; i < type->bases->nelts; i++) {
            if (!strcmp(APR_ARRAY_IDX(type->bases, i, const char *), impl->trait)) {
                return;
            }
        }
        APR_ARRAY_PUSH(type->bases, const char *) = impl->trait;
        return;
    }
    if (!type->members) {
        type->members = apr_array_make(builder->pool, 8, sizeof(docgen_symbol *));
    }
    for (int i = 0; i < impl->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(impl->members, i, docgen_symbol *);
        int known = 0;

        for (int n = 0; n < type->members->nelts && !known; n++) {
            const docgen_symbol *other = APR_ARRAY_IDX(type->members, n, docgen_symbol *);

            known = !strcmp(other->name, member->name) && !strcmp(other->kind, member->kind);
        }
        if (known) {
            continue; /* build tags and cfg give a method twice */
        }
        member->parent = type;
        member->qualified = apr_pstrcat(builder->pool, type->qualified, ".", member->name, NULL);
        if (type->visibility > member->visibility) {
            member->visibility = type->visibility;
        }
        set_module(member, type->module, 0);
        APR_ARRAY_PUSH(type->members, docgen_symbol *) = member;
    }
}

const char *docgen_path_directory(apr_pool_t *pool, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? apr_pstrmemdup(pool, path, (apr_size_t)(slash - path)) : "";
}

const char *docgen_repository_path(apr_pool_t *pool, const char *directory, const char *path)
{
    const char *whole = apr_pstrcat(pool, directory, *directory ? "/" : "", path, NULL);
    char *out = apr_palloc(pool, strlen(whole) + 2), *o = out, *start = out;

    for (const char *p = whole; *p;) {
        apr_size_t length = strcspn(p, "/");
        const char *next = p + length + (p[length] == '/');

        if (length == 0 || (length == 1 && *p == '.')) {
            /* nothing */
        } else if (length == 2 && p[0] == '.' && p[1] == '.') {
            if (o == start) {
                return NULL;
            }
            for (o--; o > start && o[-1] != '/'; o--) {
            }
        } else {
            memcpy(o, p, length);
            o += length;
            *o++ = '/';
        }
        p = next;
    }
    while (o > start && o[-1] == '/') {
        o--;
    }
    *o = '\0';
    return out;
}

const char *docgen_builder_text(docgen_builder *builder, const char *path, apr_size_t *length)
{
    docgen_file *file = docgen_tree_find(builder->model->tree, path);
    const char *text;
    apr_size_t size;

    if (!file || docgen_tree_text(builder->model->tree, file, builder->scratch, &text, &size) !=
                     APR_SUCCESS) {
        return NULL;
    }
    if (length) {
        *length = size;
    }
    return text;
}

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

/* The first place in a declaration where a word stands, or NULL. */
static const char *find_word(const char *text, const char *word)
{
    apr_size_t length = strlen(word);

    for (const char *at = text; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == text || !is_word(at[-1])) && !is_word(at[length])) {
            return at;
        }
    }
    return NULL;
}

/* Members are called by their owner's name, and theirs by them. @param owner bytes of the old name before theirs */
static void requalify(apr_pool_t *pool, docgen_symbol *symbol, const char *name, apr_size_t owner,
                      int depth)
{
    for (int i = 0; depth < RENAME_DEPTH_MAX && symbol->members && i < symbol->members->nelts;
         i++) {
        docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (strlen(member->qualified) > owner) {
            member->qualified = apr_pstrcat(pool, name, member->qualified + owner, NULL);
        }
        requalify(pool, member, name, owner, depth + 1);
    }
}

void docgen_symbol_rename(apr_pool_t *pool, docgen_symbol *symbol, const char *name)
{
    apr_size_t owner = strlen(symbol->qualified);
    const char *at = symbol->signature ? find_word(symbol->signature, symbol->name) : NULL;

    if (at) {
        symbol->signature = apr_pstrcat(
            pool, apr_pstrmemdup(pool, symbol->signature, (apr_size_t)(at - symbol->signature)),
            name, at + strlen(symbol->name), NULL);
    }
    symbol->name = symbol->qualified = apr_pstrdup(pool, name);
    symbol->traits |= DOCGEN_SYMBOL_RENAMED;
    requalify(pool, symbol, symbol->name, owner, 0);
}
