/* C and C++: from ctags' tags to symbols with signatures, comments and members.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "generator/languages/c/text.h"
#include "generator/languages/c/ctags.h"
#include "generator/analysis/doc.h"
#include "generator/languages/c/rules.h"

#define LOOKUPS_MAX 400 /* macro calls in enums that are looked up */

typedef struct reader {
    const docgen_source *source;
    docgen_unit *unit;
    apr_hash_t *scopes; /* ctags' scope name → docgen_symbol * */
    apr_hash_t
        *access; /* nameless scope → its access, for which ctags says "public" of what is in it */
    apr_hash_t *local;     /* scopes within functions */
    apr_hash_t *undefined; /* macro → docgen_ctag *: its last #undef */
    int is_cpp;
} reader;

int docgen_source_is_cpp(const docgen_source *source)
{
    static const char *const signs[] = {"\nnamespace ", "\nclass ", "\ntemplate<", "\ntemplate <",
                                        "\nusing namespace "};

    for (unsigned i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (memmem(source->text, source->length, signs[i], strlen(signs[i]))) {
            return 1;
        }
    }
    return 0;
}

static int is_anonymous(const char *name)
{
    return !strncmp(name, "__anon", 6);
}

/* The symbol a scope stands for: the innermost one that has a name of its own. */
static docgen_symbol *scope_symbol(const reader *r, const docgen_ctag *tag)
{
    char *scope;

    if (!tag->scope) {
        return NULL;
    }
    scope = apr_pstrdup(r->source->scratch, tag->scope);
    for (;;) {
        docgen_symbol *symbol = apr_hash_get(r->scopes, scope, APR_HASH_KEY_STRING);
        char *cut = NULL;

        if (symbol) {
            return symbol;
        }
        for (char *p = scope; *p; p++) {
            if (p[0] == ':' && p[1] == ':' && p > scope) {
                cut = p;
            }
        }
        if (!cut) {
            return NULL;
        }
        *cut = '\0';
    }
}

static docgen_visibility visibility(const reader *r, const docgen_ctag *tag,
                                    const docgen_symbol *parent)
{
    const char *access =
        tag->scope ? apr_hash_get(r->access, tag->scope, APR_HASH_KEY_STRING) : NULL;

    access = access ? access : tag->access;
    if (access && !strcmp(access, "private")) {
        return DOCGEN_VISIBLE_PRIVATE;
    }
    if (access && !strcmp(access, "protected")) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    if (r->is_cpp && !parent && tag->scope && strstr(tag->scope, "__anon")) {
        return DOCGEN_VISIBLE_PRIVATE; /* a namespace without a name is one file's own */
    }
    if ((*tag->name == '_' && !parent && !is_anonymous(tag->name)) ||
        (r->is_cpp && !parent && docgen_c_is_internal_scope(tag->scope))) {
        return DOCGEN_VISIBLE_INTERNAL;
    }
    return DOCGEN_VISIBLE_PUBLIC;
}

static docgen_symbol *add(reader *r, const docgen_ctag *tag, docgen_symbol *parent,
                          const char *kind)
{
    docgen_symbol *symbol = docgen_symbol_add(
        r->source, parent ? docgen_symbol_members(r->source, parent) : r->unit->symbols, parent,
        kind, docgen_cpp_name(r->source->scratch, tag->name), tag->line, tag->end);

    symbol->visibility = visibility(r, tag, parent);
    if (r->is_cpp && !parent && tag->scope && !is_anonymous(tag->scope)) {
        symbol->qualified = apr_pstrcat(r->source->pool, tag->scope, "::", symbol->name, NULL);
    } else if (r->is_cpp && parent) {
        symbol->qualified =
            apr_pstrcat(r->source->pool, parent->qualified, "::", symbol->name, NULL);
    }
    return symbol;
}

static int has_member(const docgen_symbol *owner, const char *name)
{
    for (int i = 0; owner->members && i < owner->members->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(owner->members, i, docgen_symbol *)->name, name)) {
            return 1;
        }
    }
    return 0;
}

static int starts_static(const char *signature)
{
    const char *at = strstr(signature, "static");

    return at && at - signature < 24;
}

/* Does a line stand inside "#ifdef …TEST…" or "#ifdef …MAIN…"? A main() there is no program of its own. */
static int is_conditional(const docgen_source *source, int line)
{
    int depth = 0, test_depth = 0;

    for (int i = 1; i < line; i++) {
        char last;
        const char *text = docgen_c_line(source, i, &last), *word;

        if (!last || *text != '#') {
            continue;
        }
        word = text + 1 + strspn(text + 1, " \t");
        if (!strncmp(word, "if", 2)) {
            apr_size_t length = strcspn(word, "\n");

            depth++;
            if (!test_depth &&
                (memmem(word, length, "TEST", 4) || memmem(word, length, "MAIN", 4) ||
                 memmem(word, length, "BENCH", 5) || !strncmp(word, "if 0", 4))) {
                test_depth = depth;
            }
        } else if (!strncmp(word, "endif", 5)) {
            test_depth = test_depth == depth ? 0 : test_depth;
            depth--;
        }
    }
    return test_depth > 0;
}

/* C++: is a function no name of its own: deleted, a guide, a specialisation, or a member that is defined below its class? */
static int is_other_form(const reader *r, const docgen_ctag *tag, const docgen_symbol *parent,
                         const char *signature)
{
    const char *scope =
        tag->scope ? apr_pstrcat(r->source->scratch, tag->scope, "::", tag->name, NULL) : tag->name;

    if (docgen_cpp_is_deleted(signature) || docgen_cpp_is_specialisation(signature, tag->name)) {
        return 1;
    }
    if (!parent) {
        return apr_hash_get(r->scopes, scope, APR_HASH_KEY_STRING) &&
               docgen_cpp_is_guide(signature, tag->name);
    }
    return (tag->line < parent->line || tag->line > parent->end_line) &&
           has_member(parent, docgen_cpp_name(r->source->scratch, tag->name));
}

/* What ctags says of a function that shares its line with what is around it. */
static const char *plain_signature(const reader *r, const docgen_ctag *tag)
{
    const char *type = tag->typeref ? strchr(tag->typeref, ':') : NULL;

    return apr_pstrcat(r->source->pool, type ? type + 1 : "", type ? " " : "",
                       docgen_cpp_name(r->source->scratch, tag->name),
                       tag->signature ? tag->signature : "()", NULL);
}

static void add_function(reader *r, const docgen_ctag *tag, docgen_symbol *parent)
{
    int first = r->is_cpp ? docgen_c_first_line(r->source, tag->line)
                          : docgen_c_list_line(r->source, tag->line);
    const char *signature = docgen_c_declaration(r->source, first);
    docgen_symbol *symbol;
    int inside = parent && tag->line == parent->line; /* "struct box { box(int); };" */

    if (!r->is_cpp) {
        signature = docgen_c_declarator(r->source->pool, signature, tag->name);
    } else if (inside || (strncmp(tag->name, "operator ", 9) && !strstr(signature, tag->name))) {
        signature = plain_signature(r, tag);
    }

    /* "AP_DECLARE_HOOK(…)" and "MODULE_INIT(…)" are macro calls that ctags takes for functions. */
    if (is_anonymous(tag->name) || /* a lambda */
        !strstr(signature, strncmp(tag->name, "operator ", 9) ? tag->name : "operator") ||
        (r->is_cpp && is_other_form(r, tag, parent, signature)) ||
        (!islower((unsigned char)*tag->name) && !strncmp(signature, tag->name, strlen(tag->name)) &&
         !r->is_cpp)) {
        return;
    }
    symbol = add(r, tag, parent, parent ? "method" : "function");
    symbol->signature = signature;
    symbol->doc = inside ? NULL : docgen_c_doc_above(r->source, first);
    if (!strcmp(tag->kind, "prototype")) {
        symbol->traits |= DOCGEN_SYMBOL_DECLARATION;
    }
    if (tag->file_scope || starts_static(signature)) {
        symbol->traits |= DOCGEN_SYMBOL_STATIC;
    } else {
        symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
    }
    if (!parent && !strcmp(tag->name, "main") && strcmp(tag->kind, "prototype") &&
        !is_conditional(r->source, tag->line)) {
        r->unit->entry_point = 1;
    }
}

static void set_access(reader *r, const docgen_ctag *tag, const char *scope)
{
    const char *outer =
        tag->scope ? apr_hash_get(r->access, tag->scope, APR_HASH_KEY_STRING) : NULL;
    const char *access = outer ? outer : tag->access;

    if (access && strcmp(access, "public")) {
        apr_hash_set(r->access, apr_pstrdup(r->source->scratch, scope), APR_HASH_KEY_STRING,
                     access);
    }
}

/* The bases that ctags found: commas within a template's arguments part none. */
static void add_bases(const reader *r, const docgen_ctag *tag, docgen_symbol *symbol)
{
    const char *start = tag->inherits;
    int depth = 0;

    for (const char *p = start; p; p++) {
        depth += (*p == '<') - (*p == '>');
        if ((*p == ',' && depth == 0) || !*p) {
            if (p > start) {
                if (!symbol->bases) {
                    symbol->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
                }
                APR_ARRAY_PUSH(symbol->bases, const char *) =
                    apr_pstrmemdup(r->source->pool, start, (apr_size_t)(p - start));
            }
            start = p + 1;
        }
        if (!*p) {
            break;
        }
    }
}

static void add_aggregate(reader *r, const docgen_ctag *tag, docgen_symbol *parent)
{
    docgen_symbol *symbol;
    const char *scope =
        tag->scope ? apr_pstrcat(r->source->scratch, tag->scope, "::", tag->name, NULL) : tag->name;

    if (is_anonymous(tag->name) && parent) {
        apr_hash_set(r->scopes, scope, APR_HASH_KEY_STRING,
                     parent); /* its members are the parent's */
        set_access(r, tag, scope);
        return;
    }
    if (r->is_cpp && docgen_cpp_is_specialisation(
                         docgen_c_declaration(r->source, docgen_c_first_line(r->source, tag->line)),
                         tag->name)) {
        /* Its members are nobody's: they must not join the template's. */
        apr_hash_set(
            r->scopes, scope, APR_HASH_KEY_STRING,
            docgen_symbol_add(r->source, NULL, NULL, tag->kind, tag->name, tag->line, tag->end));
        return;
    }
    symbol = add(r, tag, NULL, tag->kind);
    if (is_anonymous(tag->name)) {
        set_access(r, tag, scope);
    }
    add_bases(r, tag, symbol);
    if (parent) {
        symbol->qualified = apr_pstrcat(r->source->pool, parent->qualified, r->is_cpp ? "::" : ".",
                                        tag->name, NULL);
        symbol->visibility =
            parent->visibility > symbol->visibility ? parent->visibility : symbol->visibility;
    }
    symbol->doc = docgen_c_doc_above(r->source, docgen_c_first_line(r->source, tag->line));
    symbol->signature =
        r->is_cpp ? docgen_c_declaration(r->source, docgen_c_first_line(r->source, tag->line))
                  : apr_pstrcat(r->source->pool, tag->kind, " ", tag->name, NULL);
    symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
    apr_hash_set(r->scopes, scope, APR_HASH_KEY_STRING, symbol);
}

/* Members carry their owner's name. */
static void requalify(const reader *r, docgen_symbol *owner)
{
    for (int i = 0; owner->members && i < owner->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(owner->members, i, docgen_symbol *);

        member->qualified = apr_pstrcat(r->source->pool, owner->qualified, r->is_cpp ? "::" : ".",
                                        member->name, NULL);
    }
}

/* "typedef struct tag name;" joins the struct when it is defined in the same statement. */
static void add_typedef(reader *r, const docgen_ctag *tag)
{
    const char *target = tag->typeref ? strchr(tag->typeref, ':') : NULL;
    docgen_symbol *aggregate = target && strncmp(tag->typeref, "typename", 8)
                                   ? apr_hash_get(r->scopes, target + 1, APR_HASH_KEY_STRING)
                                   : NULL;
    docgen_symbol *symbol;
    int first;

    if (aggregate && aggregate->end_line >= tag->line - 1 && aggregate->line <= tag->line) {
        if (is_anonymous(aggregate->name)) {
            aggregate->signature =
                apr_psprintf(r->source->pool, "typedef %s { … } %s", aggregate->kind, tag->name);
        } else {
            aggregate->signature = apr_psprintf(r->source->pool, "typedef %s %s { … } %s",
                                                aggregate->kind, aggregate->name, tag->name);
        }
        aggregate->name = aggregate->qualified = apr_pstrdup(r->source->pool, tag->name);
        requalify(r, aggregate);
        aggregate->end_line = tag->line > aggregate->end_line ? tag->line : aggregate->end_line;
        aggregate->visibility = visibility(r, tag, NULL);
        if (!aggregate->doc) {
            aggregate->doc =
                docgen_c_doc(r->source, docgen_source_comment_beside(r->source, tag->line));
        }
        return;
    }
    if (aggregate && !strcmp(aggregate->name, tag->name)) {
        return;
    }
    symbol = add(r, tag, NULL, "type");
    first = docgen_c_first_line(r->source, tag->line);
    symbol->line = first; /* a function type's name may stand lines below "typedef" */
    symbol->signature = docgen_c_declaration(r->source, first);
    symbol->doc = docgen_c_doc_above(r->source, first);
    symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
}

/* Does a text hold a name as a whole word? */
static int names(const char *text, const char *name)
{
    apr_size_t length = strlen(name);

    for (const char *p = strstr(text, name); p; p = strstr(p + 1, name)) {
        if ((p == text || !(isalnum((unsigned char)p[-1]) || p[-1] == '_')) &&
            !(isalnum((unsigned char)p[length]) || p[length] == '_')) {
            return 1;
        }
    }
    return 0;
}

/* A comment above a line that holds the owner too is the owner's. */
static const docgen_doc *doc_of_member(const reader *r, const docgen_ctag *tag,
                                       const docgen_symbol *parent)
{
    return parent && parent->line == tag->line
               ? docgen_c_doc(r->source, docgen_source_comment_beside(r->source, tag->line))
               : docgen_c_doc_of_member(r->source, tag->line);
}

static void add_member(reader *r, const docgen_ctag *tag, docgen_symbol *parent)
{
    docgen_symbol *symbol = add(r, tag, parent, "member");

    symbol->signature = docgen_c_declaration(r->source, tag->line);
    if (!names(symbol->signature, tag->name)) { /* several on one line, or behind "} " */
        const char *colon = tag->typeref ? strchr(tag->typeref, ':') : NULL;
        const char *type = !colon ? ""
                           : !strncmp(tag->typeref, "typename", 8)
                               ? colon + 1
                               : apr_psprintf(r->source->pool, "%.*s { … }",
                                              (int)(colon - tag->typeref), tag->typeref);

        symbol->signature = apr_pstrcat(r->source->pool, type, *type ? " " : "", tag->name, NULL);
    }
    symbol->doc = doc_of_member(r, tag, parent);
}

static void add_enumerator(reader *r, const docgen_ctag *tag, docgen_symbol *parent)
{
    docgen_symbol *symbol = add(r, tag, parent, parent ? "member" : "constant");
    apr_size_t stop;
    const char *start = docgen_source_at(r->source, tag->line, &stop);
    const char *name =
        memmem(start, (apr_size_t)(r->source->text + stop - start), tag->name, strlen(tag->name));
    apr_size_t length = name ? strcspn(name, ",}\n/") : 0;

    symbol->signature =
        length ? docgen_source_squeeze(r->source, (apr_size_t)(name - r->source->text),
                                       (apr_size_t)(name - r->source->text) + length, 120)
               : symbol->name;
    symbol->doc = doc_of_member(r, tag, parent);
}

static void add_variable(reader *r, const docgen_ctag *tag, docgen_symbol *parent)
{
    docgen_symbol *symbol;
    const char *signature =
                   docgen_c_declaration(r->source, docgen_c_first_line(r->source, tag->line)),
               *equals;

    if (!r->is_cpp) {
        signature = docgen_c_declarator(r->source->pool, signature, tag->name);
    }
    if (!strstr(signature, tag->name)) {
        return;
    }
    symbol = add(r, tag, parent, parent ? "member" : "variable");
    equals = strchr(signature, '=');
    symbol->signature = equals ? apr_pstrmemdup(r->source->pool, signature,
                                                (apr_size_t)(equals - signature) -
                                                    (equals > signature && equals[-1] == ' '))
                               : signature;
    symbol->doc = docgen_c_doc_above(r->source, docgen_c_first_line(r->source, tag->line));
    if (!symbol->doc) {
        symbol->doc = docgen_c_doc_of_member(r->source, tag->line);
    }
    symbol->traits |=
        tag->file_scope || starts_static(signature) ? DOCGEN_SYMBOL_STATIC : DOCGEN_SYMBOL_EXPORTED;
    symbol->traits |= !strcmp(tag->kind, "externvar") ? DOCGEN_SYMBOL_DECLARATION : 0;
}

static void add_macro(reader *r, const docgen_ctag *tag)
{
    const docgen_ctag *undefined = apr_hash_get(r->undefined, tag->name, APR_HASH_KEY_STRING);
    docgen_symbol *symbol;
    const char *value;

    if (docgen_c_is_guard(r->source, tag) || (undefined && undefined->line > tag->line)) {
        return;
    }
    symbol = add(r, tag, NULL, "macro");
    symbol->signature = docgen_c_macro(r->source, tag);
    symbol->doc = docgen_c_doc_above(r->source, tag->line);
    if (!symbol->doc) {
        symbol->doc = docgen_c_doc(r->source, docgen_source_comment_beside(r->source, tag->line));
    }
    value = strstr(symbol->signature, tag->name);
    if (value && !value[strlen(tag->name)] && !symbol->doc) {
        symbol->visibility = DOCGEN_VISIBLE_INTERNAL; /* a switch of the file's own */
    }
}

/* Does a tag stand in a function, or in a type that does? The caller must ask for a type before its members. */
static int is_local(reader *r, const docgen_ctag *tag)
{
    const char *scope;

    if (!tag->scope || !tag->scope_kind ||
        (strcmp(tag->scope_kind, "function") &&
         !apr_hash_get(r->local, tag->scope, APR_HASH_KEY_STRING))) {
        return 0;
    }
    scope = apr_pstrcat(r->source->scratch, tag->scope, "::", tag->name, NULL);
    apr_hash_set(r->local, scope, APR_HASH_KEY_STRING, tag);
    return 1;
}

static void take(reader *r, const docgen_ctag *tag)
{
    docgen_symbol *parent = scope_symbol(r, tag);
    const char *kind = tag->kind;

    if (!strcmp(kind, "header")) {
        docgen_import_add(r->source, r->unit, tag->name, NULL, NULL, tag->line,
                          tag->roles && !strcmp(tag->roles, "system") ? DOCGEN_IMPORT_SYSTEM : 0);
    } else if (is_local(r, tag)) {
        /* a function's own */
    } else if (tag->roles && strcmp(tag->roles, "def")) {
        /* a reference, an #undef */
    } else if (!strcmp(kind, "macro")) {
        add_macro(r, tag);
    } else if (!strcmp(kind, "function") || !strcmp(kind, "prototype")) {
        add_function(r, tag, parent);
    } else if (!strcmp(kind, "struct") || !strcmp(kind, "union") || !strcmp(kind, "enum") ||
               !strcmp(kind, "class")) {
        add_aggregate(r, tag, parent);
    } else if (!strcmp(kind, "typedef")) {
        add_typedef(r, tag);
    } else if (!strcmp(kind, "member") && parent) {
        add_member(r, tag, parent);
    } else if (!strcmp(kind, "enumerator")) {
        add_enumerator(r, tag, parent);
    } else if ((!strcmp(kind, "variable") || !strcmp(kind, "externvar")) &&
               (!tag->scope || r->is_cpp)) {
        add_variable(r, tag, parent);
    }
}

/* C++: functions of one name are one entry. */
static void fold_overloads(const reader *r, apr_array_header_t *symbols, int depth)
{
    int kept = 0;

    for (int i = 0; symbols && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *), *first = NULL;

        for (int n = kept - 1; n >= 0 && n > kept - 200 && !first; n--) {
            docgen_symbol *other = APR_ARRAY_IDX(symbols, n, docgen_symbol *);

            first = !strcmp(other->qualified, symbol->qualified) &&
                            !strcmp(other->kind, symbol->kind) &&
                            (!strcmp(symbol->kind, "method") || !strcmp(symbol->kind, "function"))
                        ? other
                        : NULL;
        }
        if (!first) {
            APR_ARRAY_IDX(symbols, kept++, docgen_symbol *) = symbol;
            if (depth < 8) {
                fold_overloads(r, symbol->members, depth + 1);
            }
            continue;
        }
        if (!first->overloads) {
            first->overloads = apr_array_make(r->source->pool, 2, sizeof(docgen_symbol *));
        }
        APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = symbol;
        first->doc = first->doc ? first->doc : symbol->doc;
        first->visibility =
            symbol->visibility < first->visibility ? symbol->visibility : first->visibility;
    }
    if (symbols) {
        symbols->nelts = kept;
    }
}

static int by_line(const void *a, const void *b)
{
    const docgen_symbol *x = *(docgen_symbol *const *)a, *y = *(docgen_symbol *const *)b;

    return x->line != y->line ? x->line - y->line : strcmp(x->qualified, y->qualified);
}

/* The values of an enum without any name stand for themselves. */
static void promote(reader *r, const docgen_symbol *nameless)
{
    for (int i = 0; nameless->members && i < nameless->members->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(nameless->members, i, docgen_symbol *);

        const char *cut = r->is_cpp ? strstr(nameless->qualified, "::__anon") : NULL;

        symbol->parent = NULL;
        symbol->qualified =
            cut ? apr_psprintf(r->source->pool, "%.*s::%s", (int)(cut - nameless->qualified),
                               nameless->qualified, symbol->name)
                : symbol->name;
        symbol->visibility =
            symbol->visibility > nameless->visibility ? symbol->visibility : nameless->visibility;
        symbol->kind = strcmp(nameless->kind, "enum") ? "variable" : "constant";
        APR_ARRAY_PUSH(r->unit->symbols, docgen_symbol *) = symbol;
    }
}

/* Drops nameless leftovers and names that #if branches define twice; keeps the documented one. */
static void tidy(reader *r, apr_array_header_t *symbols)
{
    apr_hash_t *seen = apr_hash_make(r->source->scratch);
    int kept = 0;

    for (int i = 0; i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *), *other;
        const char *key = apr_pstrcat(r->source->scratch, r->is_cpp ? symbol->signature : "", "|",
                                      symbol->qualified, NULL);

        if (is_anonymous(symbol->name)) {
            continue; /* promote() has taken what it holds */
        }
        other = apr_hash_get(seen, key, APR_HASH_KEY_STRING);
        if (other) {
            int better =
                (!other->doc && symbol->doc) ||
                ((other->traits & DOCGEN_SYMBOL_DECLARATION) &&
                 !(symbol->traits & DOCGEN_SYMBOL_DECLARATION) && (symbol->doc || !other->doc));

            if (better) {
                docgen_symbol copy = *symbol;

                copy.visibility =
                    copy.visibility < other->visibility ? copy.visibility : other->visibility;

                copy.doc = copy.doc ? copy.doc : other->doc;
                *other = copy;
                for (int m = 0; other->members && m < other->members->nelts; m++) {
                    APR_ARRAY_IDX(other->members, m, docgen_symbol *)->parent = other;
                }
            } else if (symbol->visibility < other->visibility) {
                other->visibility = symbol->visibility;
                other->signature = symbol->signature;
            }
            continue;
        }
        apr_hash_set(seen, key, APR_HASH_KEY_STRING, symbol);
        APR_ARRAY_IDX(symbols, kept++, docgen_symbol *) = symbol;
    }
    symbols->nelts = kept;
    qsort(symbols->elts, (size_t)kept, sizeof(docgen_symbol *), by_line);
}

static void note_undefined(reader *r, const apr_array_header_t *tags)
{
    for (int i = 0; i < tags->nelts; i++) {
        const docgen_ctag *tag = &APR_ARRAY_IDX(tags, i, docgen_ctag);

        if (!strcmp(tag->kind, "macro") && tag->roles && !strcmp(tag->roles, "undef")) {
            const docgen_ctag *other = apr_hash_get(r->undefined, tag->name, APR_HASH_KEY_STRING);

            if (!other || other->line < tag->line) {
                apr_hash_set(r->undefined, tag->name, APR_HASH_KEY_STRING, tag);
            }
        }
    }
}

/* What its comment calls internal is not for users. */
static void hide_internal(apr_array_header_t *symbols, int depth)
{
    for (int i = 0; symbols && depth < 8 && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        if (docgen_c_says_internal(symbol->doc)) {
            symbol->traits |= DOCGEN_SYMBOL_HIDDEN;
        }
        hide_internal(symbol->members, depth + 1);
    }
}

docgen_unit *docgen_scan_c(const docgen_source *source, const apr_array_header_t *tags, int is_cpp)
{
    reader r = {source,
                docgen_unit_make(source),
                apr_hash_make(source->scratch),
                apr_hash_make(source->scratch),
                apr_hash_make(source->scratch),
                apr_hash_make(source->scratch),
                is_cpp};
    const char *header = docgen_source_header(source);
    int lookups = memmem(source->text, source->length, "##", 2) ? LOOKUPS_MAX : 0;

    note_undefined(&r, tags);
    for (int i = 0; i < tags->nelts; i++) {
        take(&r, &APR_ARRAY_IDX(tags, i, docgen_ctag));
    }
    if (is_cpp) {
        docgen_cpp_concepts(source, tags, r.unit);
    }
    docgen_scan_c_hooks(source, r.unit);
    for (int i = 0, count = r.unit->symbols->nelts; i < count; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(r.unit->symbols, i, docgen_symbol *);

        if (!strcmp(symbol->kind, "enum")) {
            docgen_scan_c_lists(source, symbol, &lookups);
        }
        if (is_anonymous(symbol->name) && !strcmp(symbol->kind, "enum")) {
            promote(&r, symbol);
        }
    }
    tidy(&r, r.unit->symbols);
    if (is_cpp) {
        fold_overloads(&r, r.unit->symbols, 0);
    }
    docgen_c_hide_regions(source, r.unit->symbols);
    hide_internal(r.unit->symbols, 0);
    if (header) {
        r.unit->doc = docgen_c_doc(r.source, header);
    }
    return r.unit;
}
