/* Rust: each crate's tree of modules from its root file, and what `pub use` passes on.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/rust/rust.h"

#define DEPTH_MAX 32

/* One module of a crate while it is being put together. */
typedef struct node {
    docgen_module *module;
    docgen_unit *unit;
    const char *scope; /* the inline module within the unit, "" for the file itself */
    struct node *parent, *crate;
} node;

typedef struct context {
    docgen_builder *b;
    apr_hash_t *nodes;         /* "crate::a::b" → node * */
    apr_array_header_t *order; /* node * */
    apr_hash_t *visited;       /* files that have their place */
    apr_hash_t *expanded;      /* macros whose items have their place, by their body's address */
} context;

/* The value of `key = "…"` in a section of a TOML file; section "" is the top. Enough for Cargo.toml. */
static const char *toml_value(apr_pool_t *pool, const char *text, const char *section,
                              const char *key)
{
    int inside = !*section;

    for (const char *p = text; *p;) {
        apr_size_t length = strcspn(p, "\n"), n = strlen(key);

        p += strspn(p, " \t");
        if (*p == '[') {
            inside = !strncmp(p + 1, section, strlen(section)) && p[1 + strlen(section)] == ']' &&
                     *section;
        } else if (inside && !strncmp(p, key, n) && strchr(" \t=", p[n])) {
            const char *open = memchr(p, '"', length);
            const char *close = open ? strchr(open + 1, '"') : NULL;

            if (close) {
                return apr_pstrmemdup(pool, open + 1, (apr_size_t)(close - open) - 1);
            }
        }
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return NULL;
}

static const char *underscored(apr_pool_t *pool, const char *name)
{
    char *copy = apr_pstrdup(pool, name);

    for (char *p = copy; *p; p++) {
        *p = *p == '-' ? '_' : *p;
    }
    return copy;
}

static docgen_unit *unit_at(const context *c, const char *path)
{
    return path ? apr_hash_get(c->b->unit_of, path, APR_HASH_KEY_STRING) : NULL;
}

/* The directory where a file's child modules are looked for. */
static const char *child_directory(const context *c, const docgen_unit *unit, int is_root)
{
    const char *path = unit->file->path, *slash = strrchr(path, '/'),
               *base = slash ? slash + 1 : path;
    const char *directory = docgen_path_directory(c->b->scratch, path);

    if (is_root || !strcmp(base, "mod.rs")) {
        return directory;
    }
    return apr_pstrmemdup(c->b->scratch, path, strlen(path) - (strlen(path) > 3 ? 3 : 0));
}

static node *add_node(context *c, const char *name, docgen_unit *unit, const char *scope,
                      node *parent, docgen_visibility visibility)
{
    node *n = apr_pcalloc(c->b->scratch, sizeof(*n));

    n->module = docgen_module_add(c->b, DOCGEN_LANG_RUST, name,
                                  docgen_path_directory(c->b->scratch, unit->file->path));
    n->module->visibility =
        parent && parent->module->visibility > visibility ? parent->module->visibility : visibility;
    n->unit = unit;
    n->scope = scope;
    n->parent = parent;
    n->crate = parent ? parent->crate : n;
    apr_hash_set(c->nodes, n->module->name, APR_HASH_KEY_STRING, n);
    APR_ARRAY_PUSH(c->order, node *) = n;
    return n;
}

/* Inline modules leave their parent's list and become modules. */
static void split_inline(context *c, node *n, int depth)
{
    apr_array_header_t *symbols = n->module->symbols;
    int kept = 0;

    for (int i = 0; i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);
        node *child;

        if (strcmp(symbol->kind, "module") || depth > DEPTH_MAX) {
            APR_ARRAY_IDX(symbols, kept++, docgen_symbol *) = symbol;
            continue;
        }
        child = add_node(
            c, apr_pstrcat(c->b->scratch, n->module->name, "::", symbol->name, NULL), n->unit,
            apr_pstrcat(c->b->scratch, n->scope, *n->scope ? "::" : "", symbol->name, NULL), n,
            symbol->traits & DOCGEN_SYMBOL_HIDDEN         ? DOCGEN_VISIBLE_INTERNAL
            : symbol->visibility == DOCGEN_VISIBLE_PUBLIC ? DOCGEN_VISIBLE_PUBLIC
                                                          : DOCGEN_VISIBLE_INTERNAL);
        child->module->doc = symbol->doc;
        child->module->summary = symbol->doc ? symbol->doc->summary : NULL;
        APR_ARRAY_PUSH(child->module->files, const docgen_file *) = n->unit->file;
        for (int m = 0; m < symbol->members->nelts; m++) {
            docgen_symbol *member = APR_ARRAY_IDX(symbol->members, m, docgen_symbol *);

            member->module = NULL;
            docgen_symbol_move(c->b, member, child->module);
        }
        split_inline(c, child, depth + 1);
    }
    symbols->nelts = kept;
}

/* The body of a macro that is called in a module: its own file's, else one of its crate's files. */
static docgen_unit *template_of(const context *c, const node *n, const char *name)
{
    const char *root = docgen_path_directory(c->b->scratch, n->crate->unit->file->path);
    apr_size_t length = strlen(root);
    docgen_unit *found = NULL;

    for (int i = 0; i < c->b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(c->b->units, i, docgen_unit *);

        if (unit->templates->nelts == 0 || strncmp(unit->file->path, root, length) ||
            (length && unit->file->path[length] != '/')) {
            continue;
        }
        for (int t = 0; t < unit->templates->nelts; t++) {
            const docgen_template *one = &APR_ARRAY_IDX(unit->templates, t, docgen_template);

            if (!strcmp(one->name, name) && (!found || unit == n->unit)) {
                found = one->body;
            }
        }
    }
    return found;
}

/* Where a macro without arguments is called among a file's items, its items stand. */
static void expand(context *c, node *n)
{
    for (int i = 0; i < n->unit->invocations->nelts; i++) {
        docgen_unit *body = template_of(c, n, APR_ARRAY_IDX(n->unit->invocations, i, const char *));

        if (body && !apr_hash_get(c->expanded, &body, sizeof(body))) {
            apr_hash_set(c->expanded, apr_pmemdup(c->b->scratch, &body, sizeof(body)), sizeof(body),
                         body);
            apr_array_cat(n->unit->symbols, body->symbols);
            apr_array_cat(n->unit->imports, body->imports);
            apr_array_cat(n->unit->impls, body->impls);
            apr_array_cat(n->unit->children, body->children);
        }
    }
}

static void walk(context *c, node *n, int is_root, int depth)
{
    const char *directory = child_directory(c, n->unit, is_root);

    apr_hash_set(c->visited, n->unit->file->path, APR_HASH_KEY_STRING, n);
    expand(c, n);
    docgen_module_take(c->b, n->module, n->unit);
    split_inline(c, n, 0);
    for (int i = 0; depth < DEPTH_MAX && i < n->unit->children->nelts; i++) {
        const char *text = APR_ARRAY_IDX(n->unit->children, i, const char *);
        int public = !strncmp(text, "pub ", 4), hidden;
        char *path;
        docgen_unit *unit;
        node *parent = n, *child;
        const char *name;

        text += public ? 4 : 0;
        hidden = !strncmp(text, "hidden ", 7);
        text += hidden ? 7 : 0;
        name = apr_pstrcat(c->b->scratch, n->module->name, "::", text, NULL);
        path = apr_pstrdup(c->b->scratch, text);
        for (char *colon = strstr(path, "::"); colon; colon = strstr(path, "::")) {
            *colon = '/';
            memmove(colon + 1, colon + 2, strlen(colon + 2) + 1);
        }
        unit = unit_at(c, docgen_repository_path(c->b->scratch, directory,
                                                 apr_pstrcat(c->b->scratch, path, ".rs", NULL)));
        if (!unit) {
            unit = unit_at(
                c, docgen_repository_path(c->b->scratch, directory,
                                          apr_pstrcat(c->b->scratch, path, "/mod.rs", NULL)));
        }
        if (!unit || apr_hash_get(c->visited, unit->file->path, APR_HASH_KEY_STRING)) {
            continue;
        }
        if (strstr(text, "::")) { /* declared inside an inline module */
            const char *up =
                apr_pstrmemdup(c->b->scratch, name, (apr_size_t)(strrchr(name, ':') - name) - 1);
            node *inner = apr_hash_get(c->nodes, up, APR_HASH_KEY_STRING);

            parent = inner ? inner : n;
        }
        child = add_node(c, name, unit, "", parent,
                         public && !hidden ? DOCGEN_VISIBLE_PUBLIC : DOCGEN_VISIBLE_INTERNAL);
        walk(c, child, 0, depth + 1);
    }
}

static void add_crate(context *c, const char *directory, const char *text)
{
    docgen_builder *b = c->b;
    const char *package = toml_value(b->scratch, text, "package", "name");
    const char *lib_name = toml_value(b->scratch, text, "lib", "name"), *name;
    const char *lib_path = toml_value(b->scratch, text, "lib", "path");
    const char *bin_path = toml_value(b->scratch, text, "[bin]", "path");
    const char *bins[] = {bin_path ? bin_path : "src/main.rs", "src/main.rs"};
    docgen_unit *unit;

    if (!package) {
        return;
    }
    name = underscored(b->scratch, lib_name ? lib_name : package);
    unit = unit_at(
        c, docgen_repository_path(b->scratch, directory, lib_path ? lib_path : "src/lib.rs"));
    if (unit && !apr_hash_get(c->visited, unit->file->path, APR_HASH_KEY_STRING)) {
        walk(c,
             add_node(c, name, unit, "", NULL,
                      unit->file->flags & DOCGEN_FILE_EXAMPLE ? DOCGEN_VISIBLE_PRIVATE
                                                              : DOCGEN_VISIBLE_PUBLIC),
             1, 0);
    }
    for (int i = 0; i < 2; i++) {
        docgen_unit *bin = unit_at(c, docgen_repository_path(b->scratch, directory, bins[i]));

        if (bin && !apr_hash_get(c->visited, bin->file->path, APR_HASH_KEY_STRING)) {
            node *n = add_node(c,
                               unit ? apr_pstrcat(b->scratch, package, " (command)", NULL)
                                    : underscored(b->scratch, package),
                               bin, "", NULL, DOCGEN_VISIBLE_INTERNAL);

            n->module->entry_point = 1;
            walk(c, n, 1, 0);
        }
    }
}

/* Files that no crate's tree reaches stand for themselves (build scripts, examples, src/bin/…). */
static void add_strays(context *c)
{
    docgen_builder *b = c->b;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang == DOCGEN_LANG_RUST &&
            !apr_hash_get(c->visited, unit->file->path, APR_HASH_KEY_STRING)) {
            node *n = add_node(c, unit->file->path, unit, "", NULL,
                               unit->file->flags & DOCGEN_FILE_EXAMPLE ? DOCGEN_VISIBLE_PRIVATE
                                                                       : DOCGEN_VISIBLE_INTERNAL);

            walk(c, n, 1, DEPTH_MAX);
        }
    }
}

/* A path as seen from a module: crate::, self::, super::, a child, a crate of this repository. */
static node *resolve_module(context *c, node *from, const char *path)
{
    const char *rest = path;
    node *n = NULL, *found;

    if (!*path) {
        return from;
    }
    while (*rest) {
        apr_size_t length = strcspn(rest, ":");
        const char *next = rest[length] ? rest + length + 2 : rest + length;
        const char *word = apr_pstrmemdup(c->b->scratch, rest, length);

        if (!n && !strcmp(word, "crate")) {
            n = from->crate;
        } else if (!n && !strcmp(word, "self")) {
            n = from;
        } else if (!strcmp(word, "super")) {
            n = n ? n->parent : from->parent;
        } else {
            node *base = n ? n : from;

            found = apr_hash_get(c->nodes,
                                 apr_pstrcat(c->b->scratch, base->module->name, "::", word, NULL),
                                 APR_HASH_KEY_STRING);
            if (!found && !n) {
                found = apr_hash_get(c->nodes, word, APR_HASH_KEY_STRING);
            }
            n = found;
        }
        if (!n) {
            return NULL;
        }
        rest = next;
    }
    return n;
}

static node *node_of(const context *c, const docgen_module *module)
{
    return apr_hash_get(c->nodes, module->name, APR_HASH_KEY_STRING);
}

static int in_scope(const docgen_import *import, const node *n)
{
    return !strcmp(import->scope, n->scope);
}

/* A name offered by a module: defined there or taken with `use`. */
static docgen_symbol *resolve_name(context *c, node *n, const char *name, node **module, int depth)
{
    docgen_symbol *symbol = docgen_module_symbol(n->module, name);
    docgen_export *export = docgen_module_exported(n->module, name);

    *module = NULL;
    if (symbol) {
        return symbol;
    }
    if (export && export->symbol) {
        return export->symbol;
    }
    *module = apr_hash_get(c->nodes, apr_pstrcat(c->b->scratch, n->module->name, "::", name, NULL),
                           APR_HASH_KEY_STRING);
    if (*module || depth > 12) {
        return NULL;
    }
    for (int i = 0; i < n->unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(n->unit->imports, i, docgen_import);
        node *from;

        if (!in_scope(import, n) ||
            (strcmp(import->name, "*") && strcmp(import->as ? import->as : import->name, name))) {
            continue;
        }
        from = resolve_module(c, n, import->from);
        if (from && from != n) {
            symbol = resolve_name(c, from, strcmp(import->name, "*") ? import->name : name, module,
                                  depth + 1);
            if (symbol || *module) {
                return symbol;
            }
        }
    }
    return NULL;
}

static int export_glob(context *c, node *n, node *from, const char *origin)
{
    int added = 0;

    for (int i = 0; i < from->module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(from->module->symbols, i, docgen_symbol *);

        if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
            added |= docgen_module_export(c->b, n->module, symbol->name, symbol, NULL, origin);
        }
    }
    for (int i = 0; i < from->module->exports->nelts; i++) {
        docgen_export *export = &APR_ARRAY_IDX(from->module->exports, i, docgen_export);

        added |= docgen_module_export(c->b, n->module, export->name, export->symbol, export->module,
                                      origin);
    }
    return added;
}

/* One round of following `pub use`; chains of globs need as many rounds as they are long. */
static int export_round(context *c, node *n)
{
    int added = 0;

    for (int i = 0; i < n->unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(n->unit->imports, i, docgen_import);
        const char *local = import->as ? import->as : import->name;
        const char *origin =
            apr_pstrcat(c->b->scratch, import->from, *import->from ? "::" : "", import->name, NULL);
        node *from, *target = NULL;
        docgen_symbol *symbol = NULL;

        if (!(import->flags & DOCGEN_IMPORT_EXPORTED) || import->flags & DOCGEN_IMPORT_NESTED ||
            !in_scope(import, n)) {
            continue;
        }
        from = resolve_module(c, n, import->from);
        if (from && !strcmp(import->name, "*")) {
            added |= from != n ? export_glob(c, n, from, origin) : 0;
            continue;
        }
        if (from) {
            symbol = resolve_name(c, from, import->name, &target, 0);
        }
        if (!symbol && !target && !*import->from) {
            target = apr_hash_get(c->nodes, import->name, APR_HASH_KEY_STRING);
        }
        if (symbol   ? symbol->module != n->module || strcmp(local, symbol->name)
            : target ? target != n
                     : !from && *import->from) {
            added |= docgen_module_export(c->b, n->module, local, symbol,
                                          target ? target->module : NULL, origin);
        }
    }
    return added;
}

static void link_uses(context *c, node *n)
{
    for (int i = 0; i < n->unit->imports->nelts; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(n->unit->imports, i, docgen_import);
        const char *top = apr_pstrmemdup(c->b->scratch, *import->from ? import->from : import->name,
                                         strcspn(*import->from ? import->from : import->name, ":"));
        node *from, *child;

        if (!in_scope(import, n)) {
            continue;
        }
        from = resolve_module(c, n, import->from);
        child = from ? apr_hash_get(
                           c->nodes,
                           apr_pstrcat(c->b->scratch, from->module->name, "::", import->name, NULL),
                           APR_HASH_KEY_STRING)
                     : NULL;
        if (!from && !*import->from) {
            child = apr_hash_get(c->nodes, import->name, APR_HASH_KEY_STRING);
        }
        if (child || (from && *import->from)) {
            docgen_module_use(c->b, n->module, child ? child->module : from->module);
        } else if (!from && strcmp(top, "crate") && strcmp(top, "self") && strcmp(top, "super")) {
            docgen_module_external(c->b, n->module, top);
        }
    }
}

static void attach_impls(context *c, node *n, apr_hash_t *types)
{
    for (int i = 0; i < n->unit->impls->nelts; i++) {
        const docgen_impl *impl = &APR_ARRAY_IDX(n->unit->impls, i, docgen_impl);
        docgen_symbol *type;
        node *module;

        if (strcmp(impl->scope, n->scope)) {
            continue;
        }
        type = resolve_name(c, n, impl->type, &module, 0);
        if (!type) {
            type = apr_hash_get(
                types, apr_pstrcat(c->b->scratch, n->crate->module->name, "|", impl->type, NULL),
                APR_HASH_KEY_STRING);
        }
        if (type) {
            docgen_impl_attach(c->b, type, impl);
        }
    }
}

/* Types of each crate by name, for impl blocks that stand far from them. */
static apr_hash_t *types_of(context *c)
{
    apr_hash_t *types = apr_hash_make(c->b->scratch);

    for (int i = 0; i < c->order->nelts; i++) {
        node *n = APR_ARRAY_IDX(c->order, i, node *);

        for (int s = 0; s < n->module->symbols->nelts; s++) {
            docgen_symbol *symbol = APR_ARRAY_IDX(n->module->symbols, s, docgen_symbol *);
            const char *key =
                apr_pstrcat(c->b->scratch, n->crate->module->name, "|", symbol->name, NULL);

            if ((!strcmp(symbol->kind, "struct") || !strcmp(symbol->kind, "enum") ||
                 !strcmp(symbol->kind, "union")) &&
                !apr_hash_get(types, key, APR_HASH_KEY_STRING)) {
                apr_hash_set(types, key, APR_HASH_KEY_STRING, symbol);
            }
        }
    }
    return types;
}

/* Does a public module pass the symbol on under its own name? */
static int is_offered(const context *c, const docgen_symbol *symbol)
{
    for (int i = 0; i < c->order->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(c->order, i, node *)->module;
        const docgen_export *own = module->visibility == DOCGEN_VISIBLE_PUBLIC
                                       ? docgen_module_exported(module, symbol->name)
                                       : NULL;

        if (own && own->symbol == symbol) {
            return 1;
        }
    }
    return 0;
}

/* What a hidden module defines and a visible one passes on is documented where users find it, under the name that they
 * find it by. */
static void move_homes(context *c, node *n)
{
    for (int i = 0; n->module->visibility == DOCGEN_VISIBLE_PUBLIC && i < n->module->exports->nelts;
         i++) {
        docgen_export *export = &APR_ARRAY_IDX(n->module->exports, i, docgen_export);

        if (export->symbol && export->symbol->module &&
            export->symbol->visibility == DOCGEN_VISIBLE_PUBLIC &&
            export->symbol->module->visibility != DOCGEN_VISIBLE_PUBLIC &&
            node_of(c, export->symbol->module) != NULL) {
            docgen_symbol_move(c->b, export->symbol, n->module);
            if (strcmp(export->name, export->symbol->name) && strcmp(export->name, "_") &&
                !is_offered(c, export->symbol)) {
                docgen_symbol_rename(c->b->pool, export->symbol, export->name);
            }
        }
    }
}

/* #[macro_export] puts a macro at the crate's root. */
static void move_macros(context *c, node *n)
{
    for (int i = n->module->symbols->nelts - 1; i >= 0; i--) {
        docgen_symbol *symbol = APR_ARRAY_IDX(n->module->symbols, i, docgen_symbol *);

        if (!strcmp(symbol->kind, "macro") && symbol->visibility == DOCGEN_VISIBLE_PUBLIC &&
            n != n->crate) {
            docgen_symbol_move(c->b, symbol, n->crate->module);
        }
    }
}

void docgen_modules_rust(docgen_builder *b)
{
    context c = {b, apr_hash_make(b->scratch), apr_array_make(b->scratch, 64, sizeof(node *)),
                 apr_hash_make(b->scratch), apr_hash_make(b->scratch)};
    const docgen_tree *tree = b->model->tree;
    apr_hash_t *types;

    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (unit->file->lang == DOCGEN_LANG_RUST) {
            docgen_rust_includes(b, unit);
        }
    }
    for (int i = 0; i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const char *slash = strrchr(file->path, '/'), *text;

        if (!strcmp(slash ? slash + 1 : file->path, "Cargo.toml") &&
            !(file->flags & (DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST)) &&
            (text = docgen_builder_text(b, file->path, NULL)) != NULL) {
            add_crate(&c, docgen_path_directory(b->scratch, file->path), text);
        }
    }
    add_strays(&c);
    for (int i = 0; i < c.order->nelts; i++) {
        move_macros(&c, APR_ARRAY_IDX(c.order, i, node *));
    }
    for (int round = 0, added = 1; added && round < 12; round++) {
        added = 0;
        for (int i = 0; i < c.order->nelts; i++) {
            added |= export_round(&c, APR_ARRAY_IDX(c.order, i, node *));
        }
    }
    types = types_of(&c);
    for (int i = 0; i < c.order->nelts; i++) {
        attach_impls(&c, APR_ARRAY_IDX(c.order, i, node *), types);
        link_uses(&c, APR_ARRAY_IDX(c.order, i, node *));
    }
    for (int i = 0; i < c.order->nelts; i++) {
        move_homes(&c, APR_ARRAY_IDX(c.order, i, node *));
    }
}
