/* What a word of the repository's prose names. Rules, no guesses: what could mean two things means none.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/reference.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/json.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"
#include "generator/languages/traits.h"

enum {
    DEPTH_MAX = 8,
    NAME_MAX_BYTES = 200,
    FOLDERS_MAX = 20000
};

/* Who has a name; the better rank wins, two of one rank nobody. */
typedef struct claim {
    void *owner;
    int rank;
    int shared;
} claim;

struct docgen_names {
    apr_hash_t *symbols;   /* name → claim of a docgen_symbol */
    apr_hash_t *members;   /* name of a member of a public type → its docgen_symbol */
    apr_hash_t *modules;   /* name → claim of a docgen_module */
    apr_hash_t *basenames; /* last part of a source file's path → claim of a docgen_file */
    apr_hash_t *module_of; /* path → docgen_module */
    apr_hash_t
        *folders; /* folder → docgen_module, or this table for none; those that were asked for */
};

static void claim_add(apr_pool_t *pool, apr_hash_t *names, const char *name, void *owner, int rank)
{
    claim *known = apr_hash_get(names, name, APR_HASH_KEY_STRING);

    if (!known) {
        known = apr_palloc(pool, sizeof(*known));
        *known = (claim){owner, rank, 0};
        apr_hash_set(names, name, APR_HASH_KEY_STRING, known);
    } else if (rank < known->rank) {
        *known = (claim){owner, rank, 0};
    } else if (rank == known->rank && owner != known->owner) {
        known->shared = 1;
    }
}

static void *claim_owner(apr_hash_t *names, const char *name)
{
    const claim *known = apr_hash_get(names, name, APR_HASH_KEY_STRING);

    return known && !known->shared ? known->owner : NULL;
}

/* A type and its typedef, an interface and its constant share a name and a place: that is one thing to a reader. */
static void symbol_claim(docgen_site *site, const char *name, docgen_symbol *symbol, int rank)
{
    apr_hash_t *names = site->names->symbols;
    const claim *known = apr_hash_get(names, name, APR_HASH_KEY_STRING);
    const docgen_symbol *other = known ? known->owner : NULL;

    if (other && known->rank == rank && other != symbol && other->module == symbol->module &&
        !strcmp(other->qualified, symbol->qualified))
        return;
    claim_add(site->pool, names, name, symbol, rank);
}

static int symbol_rank(const docgen_symbol *symbol, docgen_visibility visibility)
{
    unsigned aside = symbol->module
                         ? symbol->module->flags &
                               (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_GENERATED)
                         : 0;

    return (visibility == DOCGEN_VISIBLE_PUBLIC ? 1 : 3) + (aside != 0);
}

/* A plain word ("files", "include") is a symbol's name only when the symbol is something one calls or makes. */
static int is_plain_word(const char *name)
{
    for (; *name; name++) {
        if (!islower((unsigned char)*name))
            return 0;
    }
    return 1;
}

static void symbol_names(docgen_site *site, docgen_symbol *symbol, docgen_visibility least,
                         int depth)
{
    docgen_visibility visibility = symbol->visibility > least ? symbol->visibility : least;

    if (!docgen_code_is_shown(symbol->module, symbol))
        return;
    if (!symbol->parent)
        symbol_claim(site, symbol->name, symbol, symbol_rank(symbol, visibility));
    symbol_claim(site, symbol->qualified, symbol, symbol_rank(symbol, visibility));
    for (int i = 0; symbol->members && depth < DEPTH_MAX && i < symbol->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (member->module)
            symbol_names(site, member, visibility, depth + 1);
        if (visibility == DOCGEN_VISIBLE_PUBLIC && is_plain_word(member->name))
            apr_hash_set(site->names->members, member->name, APR_HASH_KEY_STRING, member);
    }
}

static void module_names(docgen_site *site, docgen_module *module)
{
    struct docgen_names *names = site->names;

    claim_add(site->pool, names->modules, module->name, module, 0);
    for (int i = 0; i < module->files->nelts; i++) {
        docgen_file *file = APR_ARRAY_IDX(module->files, i, docgen_file *);

        if (apr_hash_get(names->module_of, file->path, APR_HASH_KEY_STRING))
            continue;
        apr_hash_set(names->module_of, file->path, APR_HASH_KEY_STRING, module);
        claim_add(site->pool, names->basenames, docgen_basename(file->path), file, 0);
    }
    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *);

        if (symbol->module)
            symbol_names(site, symbol, module->visibility, 0);
    }
    for (int i = 0; module->visibility == DOCGEN_VISIBLE_PUBLIC && i < module->exports->nelts;
         i++) {
        const docgen_export *export = &APR_ARRAY_IDX(module->exports, i, docgen_export);

        /* What a module passes on is what its users import. */
        if (export->symbol && export->symbol->module)
            symbol_claim(site, export->name, export->symbol,
                         symbol_rank(export->symbol, DOCGEN_VISIBLE_PUBLIC) - 1);
    }
}

static struct docgen_names *names_of(docgen_site *site)
{
    const apr_array_header_t *modules = site->model->modules;

    if (site->names)
        return site->names;
    site->names = apr_pcalloc(site->pool, sizeof(*site->names));
    site->names->symbols = apr_hash_make(site->pool);
    site->names->members = apr_hash_make(site->pool);
    site->names->modules = apr_hash_make(site->pool);
    site->names->basenames = apr_hash_make(site->pool);
    site->names->module_of = apr_hash_make(site->pool);
    site->names->folders = apr_hash_make(site->pool);
    for (int i = 0; modules && i < modules->nelts; i++)
        module_names(site, APR_ARRAY_IDX(modules, i, docgen_module *));
    return site->names;
}

static int is_callable(const docgen_symbol *symbol)
{
    static const char *const kinds[] = {"function", "macro", "class", "struct", "type"};

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(symbol->kind, kinds[i]))
            return 1;
    }
    return 0;
}

/* A type of a language whose types are not called: "Context()" is something else there. */
static int is_uncalled(const docgen_symbol *symbol)
{
    return docgen_traits_of(symbol->file->lang)->uses & DOCGEN_USE_UNCALLED &&
           strcmp(symbol->kind, "function") && strcmp(symbol->kind, "method") &&
           strcmp(symbol->kind, "macro");
}

/* Is this how a module is written before a name of it: "flask", "cobra" for ".../cobra"? */
static int is_module_prefix(const docgen_module *module, const char *prefix)
{
    return module &&
           (!strcmp(module->name, prefix) || !strcmp(docgen_basename(module->name), prefix));
}

/* "flask.json.dumps", "ignore::WalkBuilder": the end of the name, when what stands before it is its module. */
static docgen_symbol *symbol_of_module(docgen_site *site, apr_pool_t *pool, const char *name)
{
    const char *last = NULL;

    for (const char *p = name; *p; p++) {
        if (p > name && ((*p == '.' && p[1]) || (*p == ':' && p[1] == ':' && p[2]))) {
            docgen_symbol *symbol;
            const docgen_export *export;
            const char *prefix = apr_pstrndup(pool, name, (apr_size_t)(p - name));
            docgen_module *module = claim_owner(site->names->modules, prefix);

            last = p + (*p == ':' ? 2 : 1);
            symbol = claim_owner(site->names->symbols, last);
            if (symbol && (is_module_prefix(symbol->module, prefix)))
                return symbol;
            for (int i = 0; module && i < module->exports->nelts; i++) {
                export = &APR_ARRAY_IDX(module->exports, i, docgen_export);
                if (!strcmp(export->name, last))
                    return export->symbol;
            }
        }
    }
    return NULL;
}

docgen_symbol *docgen_reference_symbol(docgen_site *site, apr_pool_t *pool, const char *name)
{
    struct docgen_names *names = names_of(site);
    apr_size_t length = strlen(name);
    int called = length > 2 && !strcmp(name + length - 2, "()");
    docgen_symbol *symbol;
    int plain;

    if (called)
        name = apr_pstrndup(pool, name, length - 2);
    if (strlen(name) < 3 || strlen(name) > NAME_MAX_BYTES)
        return NULL;
    plain = is_plain_word(name);
    symbol = claim_owner(names->symbols, name);
    if (!symbol && strstr(name, "::")) {
        char *dotted = apr_pstrdup(pool, name);
        char *end = dotted;

        for (const char *p = dotted; *p; p++) {
            *end++ = *p == ':' && p[1] == ':' ? '.' : *p;
            p += *p == ':' && p[1] == ':';
        }
        *end = '\0';
        symbol = claim_owner(names->symbols, dotted);
    }
    if (!symbol && strpbrk(name, ".:"))
        symbol = symbol_of_module(site, pool, name);
    if (!symbol || (plain && !is_callable(symbol)) || (called && is_uncalled(symbol)))
        return NULL;
    /* "request": a function, or what a client's method of that name does? */
    if (plain && !called && apr_hash_get(names->members, name, APR_HASH_KEY_STRING))
        return NULL;
    /* An internal name is only as good as its spelling. */
    return plain && !called && symbol->visibility != DOCGEN_VISIBLE_PUBLIC ? NULL : symbol;
}

int docgen_document_is_internal(const docgen_file *document)
{
    static const char *const names[] = {
        "architecture", "design",      "hacking",        "internals",    "internal",
        "development",  "developing",  "implementation", "contributing", "code-structure",
        "codebase",     "code_layout", "structure",      "developers",   NULL};
    const char *name = docgen_basename(document->path);
    apr_size_t length = strcspn(name, ".");

    for (int i = 0; names[i]; i++) {
        if (strlen(names[i]) == length && !strncasecmp(name, names[i], length))
            return 1;
    }
    return 0;
}

/* Names that stand for a file of the reader's own as often as for one of the project. */
static int is_common_name(const char *path)
{
    static const char *const stems[] = {
        "main",  "index",    "app",      "config", "test",   "tests", "util",    "utils",
        "setup", "mod",      "lib",      "hello",  "foo",    "bar",   "example", "cli",
        "conf",  "__init__", "conftest", "server", "client", "types", "demo",    NULL};
    const char *name = docgen_basename(path);
    apr_size_t length = strcspn(name, ".");

    for (int i = 0; stems[i]; i++) {
        if (strlen(stems[i]) == length && !strncmp(name, stems[i], length))
            return 1;
    }
    return 0;
}

static int ends_with_path(const char *path, const char *tail)
{
    apr_size_t length = strlen(path);
    apr_size_t size = strlen(tail);

    return length > size && path[length - size - 1] == '/' && !strcmp(path + length - size, tail);
}

/* Does the text look like a path of a file at all? */
static int is_file_name(const char *text)
{
    const char *dot = strrchr(docgen_basename(text), '.');

    return dot && dot[1] && strlen(dot) <= 5 && !strpbrk(text, " \t\"'()<>*?$={},;|\\") &&
           isalpha((unsigned char)dot[1]);
}

/* Is a file of this language called by its bare name, as headers are? */
static int is_named_alone(const docgen_file *file)
{
    return docgen_traits_of(file->lang)->headers;
}

/* May a document name this file by less than its path from the top? */
static int may_abbreviate(apr_pool_t *pool, const docgen_file *document, const docgen_file *file)
{
    const char *beside = docgen_dirname(pool, document->path);
    apr_size_t length = strlen(beside);

    if (is_named_alone(file))
        return !is_common_name(file->path) || docgen_document_is_internal(document) ||
               !strchr(document->path, '/');
    if (docgen_document_is_internal(document))
        return 1;
    return length > 0 && !is_common_name(file->path) && !docgen_doc_root(pool, document->path) &&
           !strncmp(file->path, beside, length) && file->path[length] == '/';
}

/* A file by its path from the document, from the top, or by its end. */
static const docgen_file *file_find(docgen_site *site, apr_pool_t *pool,
                                    const docgen_file *document, const char *text)
{
    const char *directory = docgen_dirname(pool, document->path);
    const char *path = docgen_path_join(pool, directory, text);
    const docgen_file *file =
        path && *text != '/' ? docgen_tree_find(site->model->tree, path) : NULL;
    int in_docs = docgen_doc_root(pool, document->path) != NULL;

    if (!file)
        file = docgen_tree_find(site->model->tree, text);
    if (file)
        return in_docs && is_common_name(file->path) ? NULL : file;
    file = claim_owner(names_of(site)->basenames, docgen_basename(text));
    if (!file || (strchr(text, '/') && !ends_with_path(file->path, text)))
        return NULL;
    return may_abbreviate(pool, document, file) ? file : NULL;
}

/* The file that stands for a package's or a crate's folder. */
static docgen_module *root_module(docgen_site *site, apr_pool_t *pool, const char *folder)
{
    static const char *const roots[] = {
        "__init__.py",  "src/lib.rs",   "lib.rs",   "mod.rs",   "src/main.rs", "main.rs",
        "src/index.ts", "src/index.js", "index.ts", "index.js", "index.mjs",   "src/index.tsx"};

    for (apr_size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
        docgen_module *module = apr_hash_get(
            site->names->module_of, docgen_path_join(pool, folder, roots[i]), APR_HASH_KEY_STRING);

        if (module)
            return module;
    }
    return NULL;
}

/* The module that bears the name of the package in a folder. */
static docgen_module *package_module(docgen_site *site, apr_pool_t *pool, const char *folder)
{
    const char *text = docgen_file_text(site, pool, docgen_path_join(pool, folder, "package.json"));
    const char *name;
    json_t *object;

    if (!text || docgen_json_parse(pool, text, strlen(text), &object, NULL) != APR_SUCCESS)
        return NULL;
    name = docgen_json_string(object, "name");
    return name ? claim_owner(site->names->modules, name) : NULL;
}

/* The only module that is directly in a folder. */
static docgen_module *only_module(const docgen_site *site, const char *folder)
{
    const apr_array_header_t *modules = site->model->modules;
    docgen_module *found = NULL;

    for (int i = 0; i < modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (module->visibility == DOCGEN_VISIBLE_PRIVATE || strcmp(module->directory, folder))
            continue;
        if (found)
            return NULL;
        found = module;
    }
    return found;
}

docgen_module *docgen_reference_folder(docgen_site *site, apr_pool_t *pool, const char *folder)
{
    struct docgen_names *names = names_of(site);
    void *known = apr_hash_get(names->folders, folder, APR_HASH_KEY_STRING);
    docgen_module *found;

    if (known)
        return known == names ? NULL : known;
    if (!*folder)
        return NULL;
    found = package_module(site, pool, folder);
    found = found ? found : root_module(site, pool, folder);
    found = found ? found : only_module(site, folder);
    if (apr_hash_count(names->folders) < FOLDERS_MAX)
        apr_hash_set(names->folders, apr_pstrdup(site->pool, folder), APR_HASH_KEY_STRING,
                     found ? (void *)found : (void *)names);
    return found;
}

/* "crates/ignore/", "src/json" */
static docgen_module *folder_find(docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                                  const char *text)
{
    const char *path = docgen_path_join(pool, docgen_dirname(pool, document->path), text);
    docgen_module *module;

    if (!strchr(text, '/') || *text == '/' || strpbrk(text, " \t\"'()<>*?$={},;|\\:@"))
        return NULL;
    module = path ? docgen_reference_folder(site, pool, path) : NULL;
    path = docgen_path_join(pool, "", text);
    return module || !path ? module : docgen_reference_folder(site, pool, path);
}

/* "./src/x.c" → "src/x.c"; ends of a sentence go. */
static const char *trimmed(apr_pool_t *pool, const char *text)
{
    apr_size_t length;

    while (isspace((unsigned char)*text))
        text++;
    text += !strncmp(text, "./", 2) ? 2 : 0;
    length = strlen(text);
    while (length > 0 && (isspace((unsigned char)text[length - 1]) || text[length - 1] == ':'))
        length--;
    return apr_pstrndup(pool, text, length);
}

int docgen_reference_place(docgen_site *site, apr_pool_t *pool, const docgen_file *document,
                           const char *text, docgen_reference *found)
{
    docgen_module *module;

    memset(found, 0, sizeof(*found));
    text = trimmed(pool, text);
    if (strlen(text) < 3 || strlen(text) > NAME_MAX_BYTES)
        return 0;
    names_of(site);
    if (is_file_name(text))
        found->file = file_find(site, pool, document, text);
    if (found->file) {
        found->module =
            apr_hash_get(site->names->module_of, found->file->path, APR_HASH_KEY_STRING);
        return 1;
    }
    module = strpbrk(text, "./:") ? claim_owner(site->names->modules, text) : NULL;
    /* A module that bears a bare file's name is found as a file, by the rules for those. */
    if (module && module->visibility != DOCGEN_VISIBLE_PRIVATE &&
        (!is_file_name(text) || strchr(text, '/')))
        found->module = module;
    else
        found->module = folder_find(site, pool, document, text);
    return found->module != NULL;
}
