/* Languages without a rule of their own: a module for each package, namespace or target that users import.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/builder.h"
#include "generator/languages/language.h"

#define OWNERS_MAX 12 /* bases looked through for a comment that a member inherits */

typedef struct putting {
    docgen_builder *b;
    apr_hash_t *exported; /* Java: directory of a module-info.java → its text */
} putting;

/** Of a language whose modules are made here; NULL for others. */
static const docgen_grammar *grammar_of(docgen_lang lang)
{
    const docgen_grammar *grammar = docgen_reader_of(lang)->grammar;

    return grammar && !grammar->modules ? grammar : NULL;
}

/** Is one of the package's segments a word that says that it is the project's own business? */
static int is_internal_name(const char *name)
{
    static const char *const words[] = {"internal", "impl", "implementation", "internals",
                                        "detail"};

    for (const char *p = name; *p;) {
        apr_size_t length = strcspn(p, ".\\/");

        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == length && !strncasecmp(p, words[i], length)) {
                return 1;
            }
        }
        p += length + (p[length] != '\0');
    }
    return 0;
}

/** Is a package below the first two names one of examples? "org.example.shop" is none. */
static int is_example_name(const char *name)
{
    static const char *const words[] = {"examples", "samples", "demos", "benchmarks", "benchmark"};
    int segment = 0;

    for (const char *p = name; *p; segment++) {
        apr_size_t length = strcspn(p, ".\\");

        for (unsigned i = 0; segment > 1 && i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == length && !strncasecmp(p, words[i], length)) {
                return 1;
            }
        }
        p += length + (p[length] != '\0');
    }
    return 0;
}

/** Does the file stand beside the folder that holds what the project offers? */
static int is_outside(const docgen_builder *b, const docgen_unit *unit)
{
    const char *folder = grammar_of(unit->file->lang)->only_in;

    if (!strncmp(unit->file->path, "buildSrc/", 9) ||
        !strncmp(unit->file->path, "build-logic/", 12)) {
        return 1; /* Gradle's own places for what builds the project */
    }
    if (unit->file->lang == DOCGEN_LANG_SCALA && !strncmp(unit->file->path, "project/", 8)) {
        return 1; /* sbt's */
    }
    return folder && strncmp(unit->file->path, folder, strlen(folder)) &&
           !strstr(unit->file->path, apr_pstrcat(b->scratch, "/", folder, NULL));
}

/** The module of a package; files that only show how to use the project have modules of their own. */
static docgen_module *module_for(docgen_builder *b, const docgen_unit *unit, const char *name)
{
    docgen_lang lang = unit->file->lang;
    int example = unit->file->flags & DOCGEN_FILE_EXAMPLE || is_example_name(name) ? 1 : 0;
    docgen_module *module;

    if (example) {
        name = apr_pstrcat(b->scratch, name, " (examples)", NULL);
    }
    module = docgen_module_find(b, lang, name);
    if (!module) {
        module =
            docgen_module_add(b, lang, name, docgen_path_directory(b->scratch, unit->file->path));
        module->visibility = example ? DOCGEN_VISIBLE_PRIVATE
                             : is_internal_name(name) || is_outside(b, unit)
                                 ? DOCGEN_VISIBLE_INTERNAL
                                 : DOCGEN_VISIBLE_PUBLIC;
    }
    return module;
}

/** The name users import a file's symbols by. */
static const char *module_name(docgen_builder *b, const docgen_unit *unit)
{
    const docgen_grammar *g = grammar_of(unit->file->lang);
    const char *directory;

    if (g->module) {
        return g->module(b, unit);
    }
    if (unit->package) {
        return unit->package;
    }
    if (g->separator == '\\') {
        return "(global namespace)";
    }
    directory = docgen_path_directory(b->scratch, unit->file->path);
    return *directory ? directory : "(default package)";
}

/** The symbols of a file's further packages go to those packages. */
static void spaces_split(docgen_builder *b, docgen_unit *unit)
{
    int kept = 0;

    for (int i = 0; i < unit->symbols->nelts; i++) {
        docgen_symbol *space = APR_ARRAY_IDX(unit->symbols, i, docgen_symbol *);

        if (strcmp(space->kind, "namespace")) {
            APR_ARRAY_IDX(unit->symbols, kept++, docgen_symbol *) = space;
        } else if (space->members && space->members->nelts) {
            docgen_module_take_symbols(
                b, module_for(b, unit, *space->name ? space->name : "(global namespace)"),
                unit->file, space->members);
        }
    }
    unit->symbols->nelts = kept;
}

/* --- types whose parts stand in several places ------------------------------------------------------------- */

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
static void partials_join(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *first = apr_hash_make(b->scratch);
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *), *known = NULL;

        if (is_partial(symbol) || (grammar_of(module->lang)->merges && symbol->members)) {
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

        if (!grammar_of(module->lang)->merges || strcmp(symbol->kind, "module") || symbol->doc ||
            (symbol->members && symbol->members->nelts)) {
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
static void extensions_join(docgen_builder *b, docgen_module *module)
{
    apr_hash_t *first = apr_hash_make(b->scratch);
    int kept = 0;

    for (int i = 0; i < module->symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->symbols, i, docgen_symbol *), *type;

        if (strcmp(symbol->kind, "extension") || !grammar_of(module->lang)->joins_extensions) {
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
static void actuals_drop(docgen_builder *b, docgen_module *module)
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

static void types_index(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
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
        types_index(types, symbol->members, lang, pool, depth + 1);
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

static void docs_inherit(apr_hash_t *types, const apr_array_header_t *symbols, docgen_lang lang,
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
        docs_inherit(types, type->members, lang, pool, depth + 1);
    }
}

/* --- putting it together ----------------------------------------------------------------------------------- */

static void imports_link(docgen_builder *b, docgen_module *module, const docgen_unit *unit)
{
    char separator = grammar_of(unit->file->lang)->separator;

    for (int i = 0; i < unit->imports->nelts; i++) {
        char *name = apr_pstrdup(b->scratch, APR_ARRAY_IDX(unit->imports, i, docgen_import).from);
        docgen_module *other = docgen_module_find(b, unit->file->lang, name);
        char *package = NULL;

        for (int n = 0; !other && n < 4; n++) {
            char *last = strrchr(name, separator);

            if (!last || last == name) {
                break;
            }
            *last = '\0';
            package =
                package || (last[1] >= 'A' && last[1] <= 'Z') || last[1] == '*' ? package : name;
            other = docgen_module_find(b, unit->file->lang, name);
        }
        if (other) {
            docgen_module_use(b, module, other);
        } else {
            const char *from = APR_ARRAY_IDX(unit->imports, i, docgen_import).from;
            char *outside = apr_pstrdup(b->scratch, from), *p = outside;

            while (separator == '.' && (p = strchr(p, '.'))) { /* the package, not its classes */
                if ((p[1] >= 'A' && p[1] <= 'Z' && p > outside && strchr(outside, '.') != p) ||
                    p[1] == '*') {
                    *p = '\0';
                    break;
                }
                p++;
            }
            docgen_module_external(b, module, outside);
        }
    }
}

/** Java: does a module-info.java say that the package is not for others? */
static int is_hidden_by_module_info(docgen_builder *b, const docgen_module *module)
{
    const docgen_file *file =
        module->files->nelts ? APR_ARRAY_IDX(module->files, 0, docgen_file *) : NULL;
    const char *text = NULL, *p;
    apr_size_t length = strlen(module->name), depth;
    const char *root;

    if (!file || module->lang != DOCGEN_LANG_JAVA) {
        return 0;
    }
    root = docgen_path_directory(b->scratch, file->path);
    depth = strlen(root);
    if (depth <= length) {
        return 0;
    }
    root = apr_pstrmemdup(b->scratch, root, depth - length - 1); /* the source root */
    text = docgen_builder_text(b, apr_pstrcat(b->scratch, root, "/module-info.java", NULL), NULL);
    if (!text || !strstr(text, "exports")) {
        return 0;
    }
    for (p = text; (p = strstr(p, module->name)); p += length) {
        const char *before = p;

        while (before > text && (before[-1] == ' ' || before[-1] == '\t' || before[-1] == '\n')) {
            before--;
        }
        if (before - text >= 7 && !strncmp(before - 7, "exports", 7) &&
            !strchr("._", p[length] ? p[length] : ' ')) {
            return 0;
        }
    }
    return 1;
}

/** A package in which nothing is public is the project's own. */
static void visibility_settle(docgen_builder *b, docgen_module *module)
{
    int seen = 0;

    if (module->visibility == DOCGEN_VISIBLE_PUBLIC && is_hidden_by_module_info(b, module)) {
        module->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    for (int i = 0; i < module->symbols->nelts; i++) {
        if (APR_ARRAY_IDX(module->symbols, i, docgen_symbol *)->visibility ==
            DOCGEN_VISIBLE_PUBLIC) {
            return;
        }
        seen = 1;
    }
    if (seen && module->visibility == DOCGEN_VISIBLE_PUBLIC) {
        module->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
}

/** Does a file say nothing, as the scripts that build a project do? */
static int is_empty(const docgen_unit *unit)
{
    return !unit->package && !unit->doc && unit->symbols->nelts == 0 && unit->imports->nelts == 0;
}

void docgen_modules_declared(docgen_builder *b)
{
    apr_hash_t *types = apr_hash_make(b->scratch);
    apr_array_header_t *modules = b->model->modules;

    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        if (grammar_of((docgen_lang)lang) && grammar_of((docgen_lang)lang)->settle) {
            grammar_of((docgen_lang)lang)->settle(b);
        }
    }
    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (grammar_of(unit->file->lang) && !is_empty(unit)) {
            docgen_module *module = module_for(b, unit, module_name(b, unit));

            unit->package = unit->package ? unit->package : ""; /* it is no empty one any more */
            spaces_split(b, unit);
            docgen_module_take(b, module, unit);
        }
    }
    for (int i = 0; i < b->units->nelts; i++) {
        docgen_unit *unit = APR_ARRAY_IDX(b->units, i, docgen_unit *);

        if (grammar_of(unit->file->lang) && !is_empty(unit)) {
            imports_link(b, apr_hash_get(b->module_of, unit->file->path, APR_HASH_KEY_STRING),
                         unit);
        }
    }
    for (int i = 0; i < modules->nelts; i++) {
        docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (grammar_of(module->lang)) {
            partials_join(b, module);
            extensions_join(b, module);
            if (module->lang == DOCGEN_LANG_KOTLIN) {
                actuals_drop(b, module);
            }
            visibility_settle(b, module);
            types_index(types, module->symbols, module->lang, b->scratch, 0);
        }
    }
    for (int lang = DOCGEN_LANG_NONE + 1; lang < DOCGEN_LANG_OTHER; lang++) {
        if (grammar_of((docgen_lang)lang) && grammar_of((docgen_lang)lang)->finish) {
            grammar_of((docgen_lang)lang)->finish(b);
        }
    }
    for (int i = 0; i < modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(modules, i, docgen_module *);

        if (grammar_of(module->lang)) {
            docs_inherit(types, module->symbols, module->lang, b->scratch, 0);
        }
    }
}
