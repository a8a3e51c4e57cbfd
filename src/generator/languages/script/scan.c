/* JavaScript and TypeScript: statements at a file's top (and in namespaces) and what they define or assign to exports.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/script/script.h"

#define DEPTH_MAX 16
#define VALUE_MAX 240 /* bytes shown of a constant */

typedef docgen_script_place place;

static void statements(docgen_script *r, int i, int end, const place *outer);
static void object_members(docgen_script *r, docgen_symbol *owner, int open, int depth);

static int is(const docgen_script *r, int i, const char *text)
{
    return docgen_token_is(&r->t, i, text);
}

int docgen_script_is_name(const docgen_script *r, int i)
{
    return i < r->t.count && r->t.items[i].kind == DOCGEN_TOKEN_WORD;
}

static docgen_symbol *find(const apr_array_header_t *symbols, const char *name)
{
    for (int i = symbols->nelts - 1; i >= 0 && i > symbols->nelts - 400; i--) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        if (!strcmp(symbol->name, name)) {
            return symbol;
        }
    }
    return NULL;
}

/* What a namespace of the same name above only adds to. */
static docgen_symbol *take_over(docgen_symbol *namespace, const docgen_symbol *symbol)
{
    namespace->kind = symbol->kind;
    namespace->signature = symbol->signature;
    namespace->line = symbol->line;
    namespace->end_line = symbol->end_line;
    namespace->doc = symbol->doc ? symbol->doc : namespace->doc;
    namespace->traits |= symbol->traits;
    return namespace;
}

docgen_symbol *docgen_script_declare(docgen_script *r, const place *p, const char *kind, int name,
                                     int stop, int end)
{
    docgen_symbol *symbol = docgen_script_add(r, NULL, p->parent, kind, name, p->start, stop, end),
                  *first;

    /* `export` decides, not an underscore. */
    symbol->visibility = p->parent && !p->exported ? DOCGEN_VISIBLE_PRIVATE : DOCGEN_VISIBLE_PUBLIC;
    symbol->traits |=
        (p->exported ? DOCGEN_SYMBOL_EXPORTED : 0u) | (p->is_default ? DOCGEN_SYMBOL_DEFAULT : 0u);
    first = find(p->into, symbol->name);
    if (first && !strcmp(first->kind, kind) &&
        (!strcmp(kind, "function") || !strcmp(kind, "interface"))) {
        if (!first->overloads) {
            first->overloads = apr_array_make(r->source->pool, 2, sizeof(docgen_symbol *));
        }
        /* An implementation below its overload signatures is not one of them. */
        if (strcmp(kind, "function") || !is(r, stop, "{") ||
            r->source->file->lang != DOCGEN_LANG_TYPESCRIPT) {
            APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = symbol;
        }
        first->doc = first->doc ? first->doc : symbol->doc;
        first->traits |= symbol->traits;
        return symbol;
    }
    if (first && !strcmp(first->kind, "namespace") && strcmp(kind, "namespace") &&
        strcmp(kind, "interface") && strcmp(kind, "type")) {
        return take_over(first, symbol);
    }
    APR_ARRAY_PUSH(p->into, docgen_symbol *) = symbol;
    return symbol;
}

int docgen_script_function(docgen_script *r, int i, const place *p)
{
    int name, open, stop, end;
    docgen_symbol *symbol;

    for (name = i; !is(r, name, "function"); name++) {
    }
    name++;
    name += is(r, name, "*");
    open = docgen_script_is_name(r, name) ? name + 1 : name;
    stop = docgen_script_head(r, open);
    end = is(r, stop, "{") ? docgen_token_skip(&r->t, stop) : stop;
    if (docgen_script_is_name(r, name) || p->is_default) {
        symbol = docgen_script_declare(r, p, "function",
                                       docgen_script_is_name(r, name) ? name : name - 1, stop, end);
        if (!docgen_script_is_name(r, name)) {
            symbol->name = symbol->qualified = "default";
        }
        symbol->traits |= is(r, i, "async") ? DOCGEN_SYMBOL_ASYNC : 0u;
    }
    return end;
}

/* Where the body of the class or interface begins whose name or heritage is at `i`. */
static int class_open(const docgen_script *r, int i)
{
    while (i < r->t.count && !is(r, i, "{") && !is(r, i, ";")) {
        int after = docgen_token_skip_angles(&r->t, i);

        i = after > i ? after : docgen_token_skip(&r->t, i);
    }
    return i;
}

int docgen_script_class(docgen_script *r, int i, const place *p, const char *kind)
{
    int name = i + 1, open = class_open(r, name);
    docgen_symbol *symbol;

    if (!is(r, open, "{") || (!docgen_script_is_name(r, name) && !p->is_default)) {
        return open + 1;
    }
    symbol = docgen_script_declare(
        r, p, kind, docgen_script_is_name(r, name) && !is(r, name, "extends") ? name : i, open,
        docgen_token_skip(&r->t, open));
    if (!docgen_script_is_name(r, name) || is(r, name, "extends")) {
        symbol->name = symbol->qualified = "default";
    }
    docgen_script_bases(r, symbol, name, open);
    if (!strcmp(kind, "interface") && find(p->into, symbol->name) != symbol) {
        docgen_script_members(r, find(p->into, symbol->name), open, 0); /* declarations merge */
    } else {
        docgen_script_members(r, symbol, open, *kind == 'c');
    }
    return docgen_token_skip(&r->t, open);
}

static int type_alias(docgen_script *r, int i, const place *p)
{
    int name = i + 1, n = docgen_token_skip_angles(&r->t, name + 1), end;
    docgen_symbol *symbol;

    if (!is(r, n, "=")) {
        return i + 1;
    }
    end = docgen_script_expression(r, n + 1 + is(r, n + 1, "|"), r->t.count);
    symbol = docgen_script_declare(r, p, "type", name, end, end);
    if (is(r, n + 1, "{") && docgen_token_skip(&r->t, n + 1) == end) {
        docgen_script_members(r, symbol, n + 1, 0);
        symbol->signature =
            docgen_source_signature(r->source, r->t.items[p->start].start, r->t.items[n + 1].start);
        symbol->signature = apr_pstrcat(r->source->pool, symbol->signature, " { … }", NULL);
    }
    return end;
}

static int enumeration(docgen_script *r, int i, const place *p)
{
    int name = i + 1, open = i + 2;
    docgen_symbol *symbol;

    if (!docgen_script_is_name(r, name) || !is(r, open, "{")) {
        return i + 1;
    }
    symbol = docgen_script_declare(r, p, "enum", name, open, docgen_token_skip(&r->t, open));
    docgen_script_enum(r, symbol, open);
    return docgen_token_skip(&r->t, open);
}

/* Is the file one of declarations only ("x.d.ts", "x.d.mts")? */
static int is_declarations(const docgen_script *r)
{
    const char *dot = strrchr(r->source->file->path, '.');

    return dot && dot - r->source->file->path > 2 && !strncmp(dot - 2, ".d", 2);
}

/* Do the statements from `i` to `end` say themselves what is exported ("export { … }", "export *", "export =", "export
 * default x")? Else every declaration is, in a namespace or module that is only declared. */
static int says_exports(const docgen_script *r, int i, int end, int *has_exports)
{
    for (*has_exports = 0; i < end; i = docgen_token_skip(&r->t, i)) {
        int n = i + 1;

        if (!is(r, i, "export")) {
            *has_exports |= is(r, i, "import");
            continue;
        }
        *has_exports = 1;
        n += is(r, n, "type");
        if (is(r, n, "{") || is(r, n, "*") || is(r, n, "=") ||
            (is(r, n, "default") && docgen_script_is_name(r, n + 1) && is(r, n + 2, ";"))) {
            return 1;
        }
    }
    return 0;
}

/* A namespace with the name of one of these adds members to it. */
static int merges(const docgen_symbol *symbol)
{
    static const char *const kinds[] = {"function", "class", "enum", "namespace"};

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(symbol->kind, kinds[i])) {
            return 1;
        }
    }
    return 0;
}

/* export { a, b } in a namespace: which of its members its users see. */
static void namespace_exports(const docgen_script *r, const place *inner, int i, int end)
{
    for (; i < end; i = docgen_token_skip(&r->t, i)) {
        int n = i + 1 + is(r, i + 1, "type");

        for (int name = n + 1; is(r, i, "export") && is(r, n, "{") && name < r->t.items[n].match;
             name++) {
            docgen_symbol *member = docgen_script_is_name(r, name) && !is(r, name - 1, "as")
                                        ? find(inner->into, docgen_token_text(&r->t, name))
                                        : NULL;

            if (member) {
                member->visibility = DOCGEN_VISIBLE_PUBLIC;
                member->traits |= DOCGEN_SYMBOL_EXPORTED;
            }
        }
    }
}

static int namespace(docgen_script *r, int i, const place *p)
{
    int name = i + 1, open = name + 1;
    docgen_symbol *symbol;

    while (is(r, open, ".")) {
        open += 2;
    }
    if (!is(r, open, "{") || p->depth >= DEPTH_MAX) {
        return i + 1;
    }
    if (docgen_script_is_name(r, name)) {
        symbol = find(p->into, docgen_token_text(&r->t, name));
        if (!symbol || !merges(symbol)) {
            symbol = docgen_script_declare(r, p, "namespace", name, open,
                                           docgen_token_skip(&r->t, open));
        }
        int some;
        place inner = {.into = docgen_symbol_members(r->source, symbol),
                       .parent = symbol,
                       .depth = p->depth + 1,
                       .ambient = (p->ambient || is(r, p->start, "declare") ||
                                   is(r, p->start + 1, "declare") || is_declarations(r)) &&
                                  !says_exports(r, open + 1, r->t.items[open].match, &some)};

        statements(r, open + 1, r->t.items[open].match, &inner);
        namespace_exports(r, &inner, open + 1, r->t.items[open].match);
    } else if (is(r, i, "global")) {
        place inner = {.into = p->into, .parent = p->parent, .depth = p->depth + 1};

        statements(r, open + 1, r->t.items[open].match, &inner);
    }
    return docgen_token_skip(&r->t, open);
}

/* Is the expression at `i` a function? `*stop` receives where its head ends. */
int docgen_script_is_function(const docgen_script *r, int i, int *stop)
{
    int n = i + is(r, i, "async");

    if (is(r, n, "function")) {
        n += 1 + is(r, n + 1, "*");
        n += docgen_script_is_name(r, n);
        *stop = docgen_script_head(r, n);
        return 1;
    }
    if (docgen_script_is_name(r, n) && docgen_token_is_joined(&r->t, n + 1, "=>")) {
        *stop = n + 1;
        return 1;
    }
    n = docgen_token_skip_angles(&r->t, n);
    if (!is(r, n, "(")) {
        return 0;
    }
    n = docgen_token_skip(&r->t, n);
    if (is(r, n, ":")) { /* a return type up to the arrow */
        for (n++; n < r->t.count && !docgen_token_is_joined(&r->t, n, "=>") && !is(r, n, ";") &&
                  !is(r, n, ",");) {
            int after = docgen_token_skip_angles(&r->t, n);

            n = after > n ? after : docgen_token_skip(&r->t, n);
        }
    }
    *stop = n;
    return docgen_token_is_joined(&r->t, n, "=>");
}

/* The token behind a function whose head ends at `stop`. */
int docgen_script_function_end(const docgen_script *r, int stop, int end)
{
    int body = docgen_token_is_joined(&r->t, stop, "=>") ? stop + 2 : stop;

    return is(r, body, "{") ? docgen_token_skip(&r->t, body) : end;
}

/* A name at `name` for the value at `value`, which is written out here: a function, a class, an object, a literal. */
docgen_symbol *docgen_script_value(docgen_script *r, const place *p, int name, int value, int end)
{
    docgen_symbol *symbol;
    int stop;

    if (docgen_script_is_function(r, value, &stop)) {
        symbol = docgen_script_declare(r, p, "function", name, stop,
                                       docgen_script_function_end(r, stop, end));
        symbol->traits |= is(r, value, "async") ? DOCGEN_SYMBOL_ASYNC : 0u;
    } else if (is(r, value, "class")) {
        int open = class_open(r, value + 1);

        symbol = docgen_script_declare(r, p, "class", name, is(r, open, "{") ? open : end, end);
        if (is(r, open, "{")) {
            docgen_script_bases(r, symbol, value + 1, open);
            docgen_script_members(r, symbol, open, 1);
        }
    } else if (is(r, value, "{")) {
        symbol = docgen_script_declare(r, p, "variable", name, value, end);
        if (p->depth < DEPTH_MAX) {
            object_members(r, symbol, value, p->depth + 1);
        }
        symbol->signature = apr_pstrcat(r->source->pool, symbol->signature, " { … }", NULL);
    } else {
        symbol = docgen_script_declare(r, p, "variable", name, end, end);
        if (symbol->signature && strlen(symbol->signature) > VALUE_MAX) {
            symbol->signature = docgen_source_squeeze(r->source, r->t.items[p->start].start,
                                                      r->t.items[end - 1].end, VALUE_MAX);
        }
    }
    return symbol;
}

/* What an object literal's functions are called by: its members. */
static void object_members(docgen_script *r, docgen_symbol *owner, int open, int depth)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        place p = {.into = docgen_symbol_members(r->source, owner),
                   .parent = owner,
                   .depth = depth,
                   .start = i,
                   .exported = 1,
                   .ambient = 1};
        int name = i + (is(r, i, "async") && docgen_script_is_name(r, i + 1)), n = i, stop;
        docgen_symbol *symbol = NULL;

        name += (is(r, name, "get") || is(r, name, "set")) && docgen_script_is_name(r, name + 1);
        while (n < close && !is(r, n, ",")) {
            n = docgen_token_skip(&r->t, n);
        }
        if (docgen_script_is_name(r, name) && is(r, name + 1, "(")) {
            stop = docgen_script_head(r, name + 1);
            symbol = docgen_script_declare(r, &p, "function", name, stop, n);
        } else if (docgen_script_is_name(r, name) && is(r, name + 1, ":")) {
            symbol = docgen_script_value(r, &p, name, name + 2, n);
        }
        if (symbol) {
            symbol->kind = !strcmp(symbol->kind, "function")   ? "method"
                           : !strcmp(symbol->kind, "variable") ? "member"
                                                               : symbol->kind;
        }
        i = n + 1;
    }
}

/* const a = …, b = …; destructuring of require() is an import. */
static int variables(docgen_script *r, int i, const place *p)
{
    int constant = is(r, i, "const"), name = i + 1;
    place where = *p;

    if (is(r, name, "{") || is(r, name, "[")) {
        int value = docgen_token_skip(&r->t, name) + 1;
        const char *module = docgen_script_required(r, value);

        if (module) {
            docgen_import_add(r->source, r->unit, module, NULL, NULL, r->t.items[i].line, 0);
            docgen_script_names(r, name, module, 0);
        }
        return docgen_script_expression(r, value, r->t.count);
    }
    while (docgen_script_is_name(r, name)) {
        int n = name + 1 + is(r, name + 1, "!"), stop, end, value, is_fn;
        docgen_symbol *symbol;

        end = stop = docgen_script_expression(r, n, r->t.count);
        for (value = n; value < end && !is(r, value, "=");) {
            int after = docgen_token_skip_angles(&r->t, value);

            value = after > value ? after : docgen_token_skip(&r->t, value);
        }
        value = docgen_script_export_chain(r, value + 1, name);
        if (docgen_script_required(r, value)) {
            docgen_import_add(r->source, r->unit, docgen_script_required(r, value), NULL, NULL,
                              r->t.items[i].line, 0);
            docgen_import_add(r->source, r->unit, docgen_script_required(r, value),
                              is(r, value + 4, ".") ? docgen_token_text(&r->t, value + 5)
                                                    : "default",
                              docgen_token_text(&r->t, name), r->t.items[i].line, 0);
        }
        is_fn = docgen_script_is_function(r, value, &stop);
        if (is(r, value, "class")) {
            symbol = docgen_script_value(r, &where, name, value, end);
        } else {
            symbol = docgen_script_declare(r, &where,
                                           is_fn      ? "function"
                                           : constant ? "constant"
                                                      : "variable",
                                           name, is_fn ? stop : end, end);
        }
        if (is_fn) {
            int body = docgen_token_is_joined(&r->t, stop, "=>") ? stop + 2 : stop;

            symbol->end_line = docgen_source_line(
                r->source, r->t.items[is(r, body, "{") ? r->t.items[body].match : end - 1].end - 1);
            end = docgen_script_function_end(r, stop, end);
        } else if (symbol->signature && strlen(symbol->signature) > VALUE_MAX) {
            symbol->signature = docgen_source_squeeze(r->source, r->t.items[where.start].start,
                                                      r->t.items[end - 1].end, VALUE_MAX);
        }
        if (!is(r, end, ",")) {
            return end;
        }
        name = end + 1;
        where.start = name;
    }
    return name;
}

static docgen_impl *impl_of(docgen_script *r, const char *type)
{
    docgen_impl *impl;

    for (int i = 0; i < r->unit->impls->nelts; i++) {
        impl = &APR_ARRAY_IDX(r->unit->impls, i, docgen_impl);
        if (!strcmp(impl->type, type)) {
            return impl;
        }
    }
    impl = apr_array_push(r->unit->impls);
    *impl =
        (docgen_impl){type, NULL, "", apr_array_make(r->source->pool, 4, sizeof(docgen_symbol *))};
    return impl;
}

/* a.b = function …, A.prototype.b = … */
static int assignment(docgen_script *r, int i)
{
    int names[6], count = 0, n = i, value, stop, is_fn, end;

    if (docgen_script_is_export(r, i)) {
        return docgen_script_assignment(r, i);
    }
    while (docgen_script_is_name(r, n) && count < 6) {
        names[count++] = n;
        if (!is(r, n + 1, ".")) {
            break;
        }
        n += 2;
    }
    n++;
    if (!is(r, n, "=") || is(r, n + 1, "=") || count == 0) {
        return docgen_script_expression(r, i, r->t.count);
    }
    value = n + 1;
    end = docgen_script_expression(r, value, r->t.count);
    is_fn = docgen_script_is_function(r, value, &stop);
    end = is_fn ? docgen_script_function_end(r, stop, end) : end;
    if (count >= 2 && (is_fn || (count == 3 && is(r, names[1], "prototype")))) {
        docgen_script_add(r, impl_of(r, docgen_token_text(&r->t, names[0]))->members, NULL,
                          is_fn ? "method" : "member", names[count - 1], i, is_fn ? stop : end,
                          end);
    }
    return end;
}

/* One declaration at `i`; 0 when there is none. */
static int declaration(docgen_script *r, int i, const place *p)
{
    int n = i;

    while ((is(r, n, "declare") || is(r, n, "abstract") || is(r, n, "async")) &&
           docgen_script_is_name(r, n + 1)) {
        n++;
    }
    if (is(r, n, "function")) {
        return docgen_script_function(r, i, p);
    }
    if (is(r, n, "class")) {
        return docgen_script_class(r, n, p, "class");
    }
    if (is(r, n, "interface") && docgen_script_is_name(r, n + 1)) {
        return docgen_script_class(r, n, p, "interface");
    }
    if (is(r, n, "type") && docgen_script_is_name(r, n + 1)) {
        return type_alias(r, n, p);
    }
    if (is(r, n, "const") && is(r, n + 1, "enum")) {
        return enumeration(r, n + 1, p);
    }
    if (is(r, n, "enum") && docgen_script_is_name(r, n + 1)) {
        return enumeration(r, n, p);
    }
    if ((is(r, n, "namespace") || is(r, n, "module")) &&
        (docgen_script_is_name(r, n + 1) || r->t.items[n + 1].kind == DOCGEN_TOKEN_STRING)) {
        return namespace(r, n, p);
    }
    if (is(r, n, "const") || is(r, n, "let") || is(r, n, "var")) {
        return variables(r, n, p);
    }
    return 0;
}

/* export default NAME, or of what an expression gives. */
static int default_value(docgen_script *r, int value, const place *p)
{
    int end = docgen_script_expression(r, value, r->t.count), stop;

    if (docgen_script_is_name(r, value) && value + 1 == end) {
        docgen_script_export_value(r, value);
    } else if (end > value) {
        docgen_symbol *symbol = docgen_script_value(r, p, value - 1, value, end);

        end = docgen_script_is_function(r, value, &stop) ? docgen_script_function_end(r, stop, end)
                                                         : end;
        symbol->name = symbol->qualified = "default";
    }
    return end;
}

/* export import NAME = OTHER.NAME: a name for what another namespace or module has. */
static int export_alias(docgen_script *r, int i, const place *p)
{
    int name = i + 1, value = i + 3, end = docgen_script_expression(r, value, r->t.count);

    if (docgen_script_required(r, value)) {
        docgen_script_export_local(r, value, docgen_token_text(&r->t, name), r->t.items[i].line);
    } else if (end > value) {
        const char *text = docgen_token_text(&r->t, name);

        docgen_script_declare(r, p, *text >= 'a' && *text <= 'z' ? "variable" : "type", name, end,
                              end);
    }
    return end > value ? end : value;
}

static int export(docgen_script *r, int i, place *p)
{
    int n = i + 1, after;

    if (p->parent && is(r, n + is(r, n, "type"), "{")) {
        return docgen_token_skip(&r->t, n + is(r, n, "type")); /* namespace_exports */
    }
    after = docgen_script_export_list(r, i);
    if (after) {
        return after;
    }
    p->exported = 1;
    if (is(r, n, "=")) {
        docgen_script_export_value(r, n + 1);
        return n + 1;
    }
    if (is(r, n, "import") && docgen_script_is_name(r, n + 1) && is(r, n + 2, "=")) {
        return export_alias(r, n, p);
    }
    if (is(r, n, "default")) {
        p->is_default = 1;
        n++;
        after = declaration(r, n, p);
        return after ? after : default_value(r, n, p);
    }
    while (is(r, n, "@")) { /* decorators between export and class */
        n += 2;
        n = is(r, n, "(") ? docgen_token_skip(&r->t, n) : n;
    }
    return declaration(r, n, p);
}

/* The whole file in a function: (function () { … })(), and (function (root, factory) { … })(this, function () { … }).
 * What stands in the functions is read as if it stood at the top. */
static int wrapper(docgen_script *r, int i, const place *outer)
{
    int end = docgen_script_expression(r, i, r->t.count),
        factory = docgen_script_has_factory(r, i, end);

    for (int n = i; n < end; n++) {
        int body, stop;

        if (!docgen_script_is_function(r, n, &stop)) {
            continue;
        }
        body = docgen_token_is_joined(&r->t, stop, "=>") ? stop + 2 : stop;
        if (is(r, body, "{")) {
            place inner = {.into = outer->into, .depth = outer->depth + 1, .returns = factory};

            statements(r, body + 1, r->t.items[body].match, &inner);
            n = r->t.items[body].match;
        }
    }
    return end;
}

static void statements(docgen_script *r, int i, int end, const place *outer)
{
    end = end > r->t.count ? r->t.count : end;
    while (i < end) {
        place p = *outer;
        int next;

        p.start = i;
        p.exported = outer->ambient;
        while (is(r, i, "@")) {
            i += 2;
            i = is(r, i, "(") ? docgen_token_skip(&r->t, i) : i;
        }
        if (is(r, i, "import")) {
            next = docgen_script_import(r, i);
        } else if (is(r, i, "export")) {
            next = export(r, i, &p);
        } else if (!outer->parent && ((is(r, i, "if") && is(r, i + 1, "(")) || is(r, i, "else"))) {
            next = docgen_script_condition(r, i);
        } else if (!outer->parent && outer->depth < 2 &&
                   (is(r, i, "(") || (is(r, i, "!") && is(r, i + 1, "function")))) {
            next = wrapper(r, i, outer);
        } else if (outer->returns && is(r, i, "return")) {
            docgen_script_export_value(r, i + 1);
            next = docgen_script_expression(r, i + 1, r->t.count);
        } else {
            next = declaration(r, i, &p);
            next = next ? next : docgen_script_object_call(r, i);
            if (!next && docgen_script_is_name(r, i) &&
                (is(r, i + 1, ".") || (is(r, i, "exports") && is(r, i + 1, "=")))) {
                next = assignment(r, i);
            }
        }
        i = next > i ? next : docgen_token_skip(&r->t, i);
    }
}

docgen_unit *docgen_scan_script(const docgen_source *source)
{
    docgen_script r = {.source = source, .unit = docgen_unit_make(source)};
    place top = {.into = r.unit->symbols};
    const char *header = docgen_source_header(source);
    int is_module;

    docgen_tokens_read(&r.t, source, source->file->lang);
    top.ambient = is_declarations(&r) && !says_exports(&r, 0, r.t.count, &is_module) && is_module;
    statements(&r, 0, r.t.count, &top);
    if (source->file->lang == DOCGEN_LANG_JAVASCRIPT) {
        docgen_script_typedefs(&r);
    }
    if (header) {
        r.unit->doc = docgen_doc_parse(source->pool, header, DOCGEN_DOC_TAGS);
    }
    r.unit->entry_point = source->length > 2 && !strncmp(source->text, "#!", 2);
    return r.unit;
}
