/* JavaScript and TypeScript: statements at a file's top (and in namespaces) and what they define or assign to exports.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/script.h"

#define DEPTH_MAX 16
#define VALUE_MAX 240 /* bytes shown of a constant */

/* Where statements stand and what `export` before them said. */
typedef struct place {
    apr_array_header_t *into;
    docgen_symbol *parent;
    int depth;
    int start; /* the statement's first token, `export` included */
    int exported, is_default;
} place;

static void statements(docgen_script *r, int i, int end, const place *outer);

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

static docgen_symbol *add(docgen_script *r, const place *p, const char *kind, int name, int stop,
                          int end)
{
    docgen_symbol *symbol = docgen_script_add(r, NULL, p->parent, kind, name, p->start, stop, end),
                  *first;

    symbol->visibility = DOCGEN_VISIBLE_PUBLIC; /* `export` decides, not an underscore */
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
    APR_ARRAY_PUSH(p->into, docgen_symbol *) = symbol;
    return symbol;
}

static int function(docgen_script *r, int i, const place *p)
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
        symbol = add(r, p, "function", docgen_script_is_name(r, name) ? name : name - 1, stop, end);
        if (!docgen_script_is_name(r, name)) {
            symbol->name = symbol->qualified = "default";
        }
        symbol->traits |= is(r, i, "async") ? DOCGEN_SYMBOL_ASYNC : 0u;
    }
    return end;
}

static int class(docgen_script *r, int i, const place *p, const char *kind)
{
    int name = i + 1, open = name;
    docgen_symbol *symbol;

    while (open < r->t.count && !is(r, open, "{") && !is(r, open, ";")) {
        int after = docgen_token_skip_angles(&r->t, open);

        open = after > open ? after : docgen_token_skip(&r->t, open);
    }
    if (!is(r, open, "{") || (!docgen_script_is_name(r, name) && !p->is_default)) {
        return open + 1;
    }
    symbol = add(r, p, kind, docgen_script_is_name(r, name) && !is(r, name, "extends") ? name : i,
                 open, docgen_token_skip(&r->t, open));
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
    symbol = add(r, p, "type", name, end, end);
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
    symbol = add(r, p, "enum", name, open, docgen_token_skip(&r->t, open));
    docgen_script_enum(r, symbol, open);
    return docgen_token_skip(&r->t, open);
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
        symbol = add(r, p, "namespace", name, open, docgen_token_skip(&r->t, open));
        place inner = {docgen_symbol_members(r->source, symbol), symbol, p->depth + 1, 0, 0, 0};

        statements(r, open + 1, r->t.items[open].match, &inner);
    } else if (is(r, i, "global")) {
        place inner = {p->into, p->parent, p->depth + 1, 0, 0, 0};

        statements(r, open + 1, r->t.items[open].match, &inner);
    }
    return docgen_token_skip(&r->t, open);
}

/* Is the expression at `i` a function? `*stop` receives where its head ends. */
static int is_function(const docgen_script *r, int i, int *stop)
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

/* module.exports = { a, b: c, d() {} } */
static void export_object(docgen_script *r, int open)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        int n, stop = close;

        if (docgen_script_is_name(r, i) && (is(r, i + 1, ",") || i + 1 == close)) {
            docgen_script_export_local(r, i, docgen_token_text(&r->t, i), r->t.items[i].line);
        } else if (docgen_script_is_name(r, i) && is(r, i + 1, ":") &&
                   !is_function(r, i + 2, &stop)) {
            docgen_script_export_local(r, i + 2, docgen_token_text(&r->t, i), r->t.items[i].line);
        } else if (docgen_script_is_name(r, i) && (is(r, i + 1, "(") || is(r, i + 1, ":"))) {
            place p = {r->unit->symbols, NULL, 0, i, 1, 0};

            stop = is(r, i + 1, "(") ? docgen_script_head(r, i + 1) : stop;
            add(r, &p, "function", i, stop, docgen_token_skip(&r->t, stop));
        }
        for (n = i; n < close && !is(r, n, ",");) {
            n = docgen_token_skip(&r->t, n);
        }
        i = n + 1;
    }
}

/* What follows "module.exports =" (or "export =", "export default NAME"). */
static void export_value(docgen_script *r, int value)
{
    int stop;

    if (is(r, value, "{")) {
        export_object(r, value);
    } else if (is_function(r, value, &stop) || is(r, value, "class")) {
        return; /* the caller made a symbol of it */
    } else {
        docgen_script_export_local(r, value, "default",
                                   value < r->t.count ? r->t.items[value].line : 0);
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
        value++;
        while (is(r, value, "exports") && is(r, value + 1, "=")) {
            value += 2;
        }
        if (docgen_script_required(r, value)) {
            docgen_import_add(r->source, r->unit, docgen_script_required(r, value), NULL, NULL,
                              r->t.items[i].line, 0);
            docgen_import_add(r->source, r->unit, docgen_script_required(r, value),
                              is(r, value + 4, ".") ? docgen_token_text(&r->t, value + 5)
                                                    : "default",
                              docgen_token_text(&r->t, name), r->t.items[i].line, 0);
        }
        is_fn = is_function(r, value, &stop);
        symbol = add(r, &where,
                     is_fn                   ? "function"
                     : is(r, value, "class") ? "class"
                     : constant              ? "constant"
                                             : "variable",
                     name, is_fn ? stop : end, end);
        if (is_fn) {
            int body = docgen_token_is_joined(&r->t, stop, "=>") ? stop + 2 : stop;

            symbol->end_line = docgen_source_line(
                r->source, r->t.items[is(r, body, "{") ? r->t.items[body].match : end - 1].end - 1);
            end = is(r, body, "{") ? docgen_token_skip(&r->t, body) : end;
        } else if (symbol->signature && strlen(symbol->signature) > VALUE_MAX) {
            symbol->signature = docgen_source_squeeze(r->source, r->t.items[where.start].start,
                                                      r->t.items[end - 1].end, VALUE_MAX);
        }
        if (is(r, value, "module") && is(r, value + 1, ".") && is(r, value + 2, "exports")) {
            symbol->traits |= DOCGEN_SYMBOL_EXPORTED | DOCGEN_SYMBOL_DEFAULT;
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

/* a.b = function …, A.prototype.b = …, exports.b = …, module.exports = … */
static int assignment(docgen_script *r, int i)
{
    int names[6], count = 0, n, value, stop, is_fn, end;

    while (is(r, i, "exports") && is(r, i + 1, "=") && !is(r, i + 2, "=")) {
        i += 2; /* exports = module.exports = x */
    }
    n = i;
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
    is_fn = is_function(r, value, &stop);
    if (is_fn) {
        int body = docgen_token_is_joined(&r->t, stop, "=>") ? stop + 2 : stop;

        end = is(r, body, "{") ? docgen_token_skip(&r->t, body) : end;
    }
    if (is(r, names[0], "module") && count >= 2 && is(r, names[1], "exports")) {
        names[1] = names[0];
        if (count == 2) {
            place where = {r->unit->symbols, NULL, 0, value, 1, 1};

            if (is_fn && is(r, value + is(r, value, "async"), "function")) {
                where.start = i;
                function(r, value, &where);
            } else if (is(r, value, "class")) {
                class(r, value, &where, "class");
            }
            export_value(r, value);
            return end;
        }
    } else if (!is(r, names[0], "exports") && count >= 2) {
        const char *owner = docgen_token_text(&r->t, names[0]);

        if (is_fn || (count == 3 && is(r, names[1], "prototype"))) {
            docgen_script_add(r, impl_of(r, owner)->members, NULL, is_fn ? "method" : "member",
                              names[count - 1], i, is_fn ? stop : end, end);
        }
        return end;
    }
    if (count >= 2) {
        if (is_fn) {
            place where = {r->unit->symbols, NULL, 0, i, 1, 0};

            add(r, &where, "function", names[count - 1], stop, end);
        } else {
            docgen_script_export_local(r, value, docgen_token_text(&r->t, names[count - 1]),
                                       r->t.items[i].line);
        }
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
        return function(r, i, p);
    }
    if (is(r, n, "class")) {
        return class(r, n, p, "class");
    }
    if (is(r, n, "interface") && docgen_script_is_name(r, n + 1)) {
        return class(r, n, p, "interface");
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

static int export(docgen_script *r, int i, place *p)
{
    int after = docgen_script_export_list(r, i), n = i + 1;

    if (after) {
        return after;
    }
    p->exported = 1;
    if (is(r, n, "=")) {
        export_value(r, n + 1);
        return n + 1;
    }
    if (is(r, n, "default")) {
        p->is_default = 1;
        n++;
        after = declaration(r, n, p);
        if (!after) {
            export_value(r, n);
            after = docgen_script_expression(r, n, r->t.count);
        }
        return after;
    }
    while (is(r, n, "@")) { /* decorators between export and class */
        n += 2;
        n = is(r, n, "(") ? docgen_token_skip(&r->t, n) : n;
    }
    return declaration(r, n, p);
}

/* What a block of a condition at the file's top exports: if (…) { module.exports = require('./a') } else { … }.
 * Functions in it are passed over. */
static void exports_within(docgen_script *r, int open)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        int next = i + 1;

        if (is(r, i, "function")) {
            int name = i + 1 + is(r, i + 1, "*");
            int body = docgen_script_head(r, name + docgen_script_is_name(r, name));

            next = is(r, body, "{") ? docgen_token_skip(&r->t, body) : body;
        } else if ((is(r, i, "module") && is(r, i + 1, ".") && is(r, i + 2, "exports")) ||
                   (is(r, i, "exports") && is(r, i + 1, ".") && !is(r, i - 1, "."))) {
            next = assignment(r, i);
        }
        i = next > i ? next : i + 1;
    }
}

/* The condition at `i`: if (…) {…} else {…}. */
static int condition(docgen_script *r, int i)
{
    int n = is(r, i, "if") ? docgen_token_skip(&r->t, i + 1) : i + 1;

    if (is(r, n, "{")) {
        exports_within(r, n);
        return docgen_token_skip(&r->t, n);
    }
    return n; /* one statement, or the "if" behind an "else" */
}

static void statements(docgen_script *r, int i, int end, const place *outer)
{
    end = end > r->t.count ? r->t.count : end;
    while (i < end) {
        place p = *outer;
        int next;

        p.start = i;
        p.exported = outer->depth > 0 && r->source->file->lang == DOCGEN_LANG_TYPESCRIPT &&
                     outer->parent != NULL;
        while (is(r, i, "@")) {
            i += 2;
            i = is(r, i, "(") ? docgen_token_skip(&r->t, i) : i;
        }
        if (is(r, i, "import")) {
            next = docgen_script_import(r, i);
        } else if (is(r, i, "export")) {
            next = export(r, i, &p);
        } else if (outer->depth == 0 &&
                   ((is(r, i, "if") && is(r, i + 1, "(")) || is(r, i, "else"))) {
            next = condition(r, i);
        } else {
            next = declaration(r, i, &p);
            if (!next && docgen_script_is_name(r, i) && is(r, i + 1, ".")) {
                next = assignment(r, i);
            } else if (!next && is(r, i, "exports") && is(r, i + 1, "=")) {
                next = assignment(r, i);
            }
        }
        i = next > i ? next : docgen_token_skip(&r->t, i);
    }
}

docgen_unit *docgen_scan_script(const docgen_source *source)
{
    docgen_script r = {.source = source, .unit = docgen_unit_make(source)};
    place top = {r.unit->symbols, NULL, 0, 0, 0, 0};
    const char *header = docgen_source_header(source);

    docgen_tokens_read(&r.t, source, source->file->lang);
    statements(&r, 0, r.t.count, &top);
    if (header) {
        r.unit->doc = docgen_doc_parse(source->pool, header, DOCGEN_DOC_TAGS);
    }
    r.unit->entry_point = source->length > 2 && !strncmp(source->text, "#!", 2);
    return r.unit;
}
