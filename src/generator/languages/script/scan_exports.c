/* CommonJS: what module.exports, exports.NAME and Object.assign(exports, …) hand on, also in conditions and wrappers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/script/script.h"

typedef docgen_script_place place;

static int is(const docgen_script *r, int i, const char *text)
{
    return docgen_token_is(&r->t, i, text);
}

/* Does a value name something that stands elsewhere: a, a.b, require("x")? */
static int is_reference(const docgen_script *r, int value, int end)
{
    if (docgen_script_required(r, value)) {
        return 1;
    }
    return docgen_script_is_name(r, value) && !is(r, value, "function") && !is(r, value, "class") &&
           !is(r, value, "async") && !is(r, value, "new") &&
           (value + 1 == end || (is(r, value + 1, ".") && value + 3 == end));
}

/* `name` is exported with the value at `value`. */
static void export_named(docgen_script *r, const place *p, int name, int value, int end)
{
    if (is_reference(r, value, end)) {
        docgen_script_export_local(r, value, docgen_token_text(&r->t, name), r->t.items[name].line);
    } else {
        docgen_script_value(r, p, name, value, end);
    }
}

/* Everything that a required module or an object offers is exported, too. */
static void export_all_of(docgen_script *r, int value)
{
    const char *module = docgen_script_required(r, value);

    if (module) {
        docgen_import_add(r->source, r->unit, module, "*", NULL, r->t.items[value].line,
                          DOCGEN_IMPORT_EXPORTED);
    }
}

/* A getter between `body` and `end` that gives a name or a required module. */
static void export_getter(docgen_script *r, int name, const char *as, int body, int end)
{
    for (int i = body; i < end; i++) {
        if (is(r, i, "return") || docgen_token_is_joined(&r->t, i, "=>")) {
            docgen_script_export_local(r, i + (is(r, i, "return") ? 1 : 2), as,
                                       r->t.items[name].line);
            return;
        }
    }
}

/* module.exports = { a, b: c, d() {}, e: 1 } */
static void export_object(docgen_script *r, int open)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close;) {
        place p = {.into = r->unit->symbols, .start = i, .exported = 1};
        int name = i + (is(r, i, "async") && docgen_script_is_name(r, i + 1)), n = i, stop;

        while (n < close && !is(r, n, ",")) {
            n = docgen_token_skip(&r->t, n);
        }
        if (is(r, i, ".") && is(r, i + 1, ".") && is(r, i + 2, ".")) {
            export_all_of(r, i + 3);
        } else if (is(r, name, "get") && docgen_script_is_name(r, name + 1)) {
            export_getter(r, name + 1, docgen_token_text(&r->t, name + 1),
                          docgen_script_head(r, name + 2), n);
        } else if (docgen_script_is_name(r, name) && (is(r, name + 1, ",") || name + 1 == close)) {
            docgen_script_export_local(r, name, docgen_token_text(&r->t, name), r->t.items[i].line);
        } else if (docgen_script_is_name(r, name) && is(r, name + 1, "(")) {
            stop = docgen_script_head(r, name + 1);
            docgen_script_declare(r, &p, "function", name, stop, docgen_token_skip(&r->t, stop));
        } else if (docgen_script_is_name(r, name) && is(r, name + 1, ":")) {
            export_named(r, &p, name, name + 2, n);
        }
        i = n + 1;
    }
}

/* What follows "module.exports =" (or "export =", "export default NAME"). */
void docgen_script_export_value(docgen_script *r, int value)
{
    int stop;

    if (is(r, value, "{")) {
        export_object(r, value);
    } else if (docgen_script_is_function(r, value, &stop) || is(r, value, "class")) {
        return; /* the caller made a symbol of it */
    } else {
        docgen_script_export_local(r, value, "default",
                                   value < r->t.count ? r->t.items[value].line : 0);
    }
}

/* What an assignment that begins at `i` hands its value to: exports.X, module.exports.X (the token of X, 0 for all of the
 * exports in `*name`). @return the token behind its "=", or 0 when it is none */
static int export_target(const docgen_script *r, int i, int *name)
{
    int n = i;

    if (is(r, n, "module") && is(r, n + 1, ".") && is(r, n + 2, "exports")) {
        n += 3;
    } else if (is(r, n, "exports")) {
        n++;
    } else {
        return 0;
    }
    *name = 0;
    if (is(r, n, ".") && docgen_script_is_name(r, n + 1)) {
        *name = n + 1;
        n += 2;
    }
    return is(r, n, "=") && !is(r, n + 1, "=") && !docgen_token_is_joined(&r->t, n, "=>") ? n + 1
                                                                                          : 0;
}

/* var local = exports.a = module.exports = …: exports what `local` names. @return the value's token */
int docgen_script_export_chain(docgen_script *r, int value, int local)
{
    int name, after;

    while ((after = export_target(r, value, &name)) != 0) {
        docgen_script_export_local(r, local, name ? docgen_token_text(&r->t, name) : "default",
                                   r->t.items[local].line);
        value = after;
    }
    return value;
}

/* module.exports = …, exports.a = exports.b = … */
int docgen_script_assignment(docgen_script *r, int i)
{
    int names[8], count = 0, whole = 0, value = i, after, name, stop, end;
    place where = {.into = r->unit->symbols, .start = i, .exported = 1};

    while ((after = export_target(r, value, &name)) != 0) {
        whole |= !name;
        if (name && count < 8) {
            names[count++] = name;
        }
        value = after;
    }
    end = docgen_script_expression(r, value, r->t.count);
    end =
        docgen_script_is_function(r, value, &stop) ? docgen_script_function_end(r, stop, end) : end;
    if (whole) {
        where.is_default = 1;
        if (is(r, value + is(r, value, "async"), "function")) {
            docgen_script_function(r, value, &where);
        } else if (is(r, value, "class")) {
            where.start = value;
            docgen_script_class(r, value, &where, "class");
        } else if (docgen_script_is_function(r, value, &stop)) {
            docgen_symbol *symbol = docgen_script_value(r, &where, i, value, end);

            symbol->name = symbol->qualified = "default";
        }
        docgen_script_export_value(r, value);
    }
    where.is_default = 0;
    for (int n = 0; n < count; n++) {
        if (n == 0 && !whole) {
            export_named(r, &where, names[0], value, end);
        } else if (is_reference(r, value, end)) {
            docgen_script_export_local(r, value, docgen_token_text(&r->t, names[n]),
                                       r->t.items[names[n]].line);
        } else if (count) {
            docgen_script_export_local(r, names[0], docgen_token_text(&r->t, names[n]),
                                       r->t.items[names[n]].line);
        }
    }
    return end;
}

int docgen_script_is_export(const docgen_script *r, int i)
{
    int name;

    return export_target(r, i, &name) != 0;
}

/* Is this "exports" or "module.exports"? */
static int is_exports(const docgen_script *r, int i)
{
    return is(r, i, "exports") ||
           (is(r, i, "module") && is(r, i + 1, ".") && is(r, i + 2, "exports"));
}

/* Object.assign(exports, …), Object.defineProperty(exports, "x", …); 0 when it is neither. */
int docgen_script_object_call(docgen_script *r, int i)
{
    int open = i + 3, close, n;

    if (!is(r, i, "Object") || !is(r, i + 1, ".") || !is(r, open, "(") ||
        !is_exports(r, open + 1)) {
        return 0;
    }
    close = r->t.items[open].match;
    n = open + (is(r, open + 1, "module") ? 4 : 2);
    if (is(r, i + 2, "assign")) {
        while (is(r, n, ",") && n < close) {
            if (is(r, n + 1, "{")) {
                export_object(r, n + 1);
            } else {
                export_all_of(r, n + 1);
            }
            for (n++; n < close && !is(r, n, ",");) {
                n = docgen_token_skip(&r->t, n);
            }
        }
    } else if (is(r, i + 2, "defineProperty") && is(r, n, ",") && n + 3 < close &&
               r->t.items[n + 1].kind == DOCGEN_TOKEN_STRING && is(r, n + 3, "{")) {
        const char *as = docgen_token_string(&r->t, n + 1);

        for (int at = n + 4; strcmp(as, "__esModule") && at < r->t.items[n + 3].match; at++) {
            if (is(r, at, "get")) {
                export_getter(r, n + 1, as, at + 1, r->t.items[n + 3].match);
                break;
            }
            if (is(r, at, "value") && is(r, at + 1, ":")) {
                docgen_script_export_local(r, at + 2, as, r->t.items[n + 1].line);
                break;
            }
        }
    }
    return close + 1;
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
            next = docgen_script_assignment(r, i);
        }
        i = next > i ? next : i + 1;
    }
}

/* The condition at `i`: if (…) {…} else {…}. */
int docgen_script_condition(docgen_script *r, int i)
{
    int n = is(r, i, "if") ? docgen_token_skip(&r->t, i + 1) : i + 1;

    if (is(r, n, "{")) {
        exports_within(r, n);
        return docgen_token_skip(&r->t, n);
    }
    return n; /* one statement, or the "if" behind an "else" */
}

/* Do the tokens from `i` to `end` hand a function's exports on, as wrappers for several module systems do: "exports =
 * factory(", "define(factory"? */
int docgen_script_has_factory(const docgen_script *r, int i, int end)
{
    for (; i < end; i++) {
        if ((is(r, i, "exports") && is(r, i + 1, "=") && docgen_script_is_name(r, i + 2) &&
             is(r, i + 3, "(")) ||
            (is(r, i, "define") && is(r, i + 1, "(") && docgen_script_is_name(r, i + 2) &&
             (is(r, i + 3, ")") || is(r, i + 3, ",")))) {
            return 1;
        }
    }
    return 0;
}
