/* Python: indentation, and the statements that define names.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/doc.h"
#include "generator/languages/python/lines.h"
#include "generator/languages/python/python.h"

#define DEPTH_MAX 64
#define CHAIN_MAX 16 /* names of one assignment */

typedef struct scope {
    int indent;            /* of the line that opened it */
    docgen_symbol *symbol; /* the class or function; NULL when it is of no interest */
    int is_class;
} scope;

typedef struct reader {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_python_lines lines;
    scope scopes[DEPTH_MAX];
    int depth;
    apr_array_header_t *decorators; /* const char *, of the next def or class */
    docgen_symbol *assigned;        /* the last assignment, whose docstring may follow */
    docgen_symbol *waiting;
    int at_start;  /* nothing but comments so far */
    int last_line; /* of the last statement */
} reader;

/* The content of a statement that is one string literal, or NULL. */
static const char *docstring(const reader *r, const docgen_python_statement *s)
{
    const char *p = s->start, *end = s->end;
    int marks;

    while (p < end && p - s->start < 2 && strchr("rRuU", *p)) {
        p++;
    }
    if (p >= end || (*p != '"' && *p != '\'') || end[-1] != *p) {
        return NULL;
    }
    marks = end - p >= 6 && p[1] == *p && p[2] == *p ? 3 : 1;
    if (end - p < 2 * marks) {
        return NULL;
    }
    return docgen_docstring_clean(r->source->scratch, p + marks,
                                  (apr_size_t)(end - p) - 2 * (apr_size_t)marks);
}

/* "#:" lines above, or for constants any comment directly above. */
static const char *comment_above(const reader *r, int line, int plain)
{
    apr_array_header_t *lines = apr_array_make(r->source->scratch, 4, sizeof(char *));
    int top = line;

    while (top > 1) {
        apr_size_t stop;
        const char *p = docgen_source_at(r->source, top - 1, &stop);

        p += strspn(p, " \t");
        if (*p != '#' || (!plain && p[1] != ':') || p[1] == '!') {
            break;
        }
        top--;
    }
    for (int i = top; i < line; i++) {
        apr_size_t stop;
        const char *p = docgen_source_at(r->source, i, &stop);

        p += strspn(p, " \t");
        p += strspn(p, "#:");
        p += *p == ' ';
        APR_ARRAY_PUSH(lines, char *) =
            apr_pstrmemdup(r->source->scratch, p, (apr_size_t)(r->source->text + stop - p));
    }
    return lines->nelts ? apr_array_pstrcat(r->source->scratch, lines, '\n') : NULL;
}

/* The comment behind a statement on its last line: "x = 1  #: why". */
static const char *comment_beside(const reader *r, const docgen_python_statement *s, int plain)
{
    apr_size_t stop;
    const char *end, *p;

    docgen_source_at(r->source, s->last_line, &stop);
    end = r->source->text + stop;
    p = docgen_python_blanks(s->end, end);
    if (p >= end || *p != '#' || (!plain && p[1] != ':') || strstr(p, "type:") == p + 2 ||
        !strncmp(p, "# noqa", 6) || !strncmp(p, "# pragma", 8) || !strncmp(p, "# pylint", 8)) {
        return NULL;
    }
    p += strspn(p, "#:");
    p += strspn(p, " ");
    return apr_pstrmemdup(r->source->scratch, p, (apr_size_t)(end - p));
}

static docgen_visibility visibility(const char *name)
{
    apr_size_t length = strlen(name);

    if (*name != '_') {
        return DOCGEN_VISIBLE_PUBLIC;
    }
    if (length > 4 && !strncmp(name, "__", 2) && !strcmp(name + length - 2, "__")) {
        return !strcmp(name, "__init__") || !strcmp(name, "__call__") ||
                       !strcmp(name, "__version__")
                   ? DOCGEN_VISIBLE_PUBLIC
                   : DOCGEN_VISIBLE_INTERNAL;
    }
    return DOCGEN_VISIBLE_PRIVATE;
}

/* An operator's method that its author describes is meant to be read of ("__getitem__"). */
static void show_documented(docgen_symbol *symbol)
{
    apr_size_t length = strlen(symbol->name);

    if (symbol->doc && symbol->parent && length > 4 && !strncmp(symbol->name, "__", 2) &&
        !strcmp(symbol->name + length - 2, "__")) {
        symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
    }
}

/* The class or module a statement stands in. Returns 0 inside a function. */
static int container(const reader *r, docgen_symbol **owner)
{
    const scope *top = r->depth ? &r->scopes[r->depth - 1] : NULL;

    *owner = top && top->is_class ? top->symbol : NULL;
    return !top || (top->is_class && top->symbol);
}

static apr_array_header_t *place(const reader *r, docgen_symbol *owner)
{
    return owner ? docgen_symbol_members(r->source, owner) : r->unit->symbols;
}

static int has_decorator(const reader *r, const char *name)
{
    for (int i = 0; i < r->decorators->nelts; i++) {
        const char *text = APR_ARRAY_IDX(r->decorators, i, const char *);
        const char *dot = text;

        for (const char *p = text; *p && *p != '('; p++) {
            dot = *p == '.' ? p + 1 : dot;
        }
        if (!strncmp(dot, name, strlen(name)) && !isalnum((unsigned char)dot[strlen(name)]) &&
            dot[strlen(name)] != '_') {
            return 1;
        }
    }
    return 0;
}

static void push(reader *r, int indent, docgen_symbol *symbol, int is_class)
{
    if (r->depth < DEPTH_MAX) {
        r->scopes[r->depth++] = (scope){indent, symbol, is_class};
    }
}

static void pop(reader *r, int indent)
{
    while (r->depth && r->scopes[r->depth - 1].indent >= indent) {
        r->depth--;
        if (r->scopes[r->depth].symbol) {
            r->scopes[r->depth].symbol->end_line = r->last_line;
        }
    }
}

static void apply_decorators(const reader *r, docgen_symbol *symbol)
{
    if (has_decorator(r, "property") || has_decorator(r, "cached_property") ||
        has_decorator(r, "getter")) {
        symbol->kind = "property";
        symbol->traits |= DOCGEN_SYMBOL_PROPERTY;
    }
    if (has_decorator(r, "staticmethod") || has_decorator(r, "classmethod")) {
        symbol->traits |= DOCGEN_SYMBOL_STATIC;
    }
    if (has_decorator(r, "abstractmethod")) {
        symbol->traits |= DOCGEN_SYMBOL_ABSTRACT;
    }
    if (has_decorator(r, "overload")) {
        symbol->traits |= DOCGEN_SYMBOL_OVERLOAD;
    }
    symbol->deprecated = has_decorator(r, "deprecated");
}

/* The decorators that say how a function is called stand in its signature. */
static const char *signature(const reader *r, const docgen_python_statement *s, const char *stop)
{
    const char *text = docgen_source_signature(r->source, (apr_size_t)(s->start - r->source->text),
                                               (apr_size_t)(stop - r->source->text));
    static const char *const shown[] = {"staticmethod",    "classmethod",    "property",
                                        "cached_property", "abstractmethod", "dataclass",
                                        "overload"};

    for (unsigned i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
        if (has_decorator(r, shown[i])) {
            text = apr_pstrcat(r->source->pool, "@", shown[i], "\n", text, NULL);
        }
    }
    return text;
}

/* def and class. */
static void definition(reader *r, const docgen_python_statement *s, const char *name_start,
                       int is_class, int async)
{
    const char *name_end = docgen_python_identifier(name_start, s->end);
    const char *colon = docgen_python_outside(name_end, s->end, ":");
    const char *name =
        apr_pstrmemdup(r->source->pool, name_start, (apr_size_t)(name_end - name_start));
    docgen_symbol *owner, *symbol = NULL;
    int wanted =
        container(r, &owner) && !has_decorator(r, "setter") && !has_decorator(r, "deleter");

    colon = colon ? colon : s->end;
    if (wanted && name_end > name_start) {
        symbol = docgen_symbol_add(r->source, place(r, owner), owner,
                                   is_class ? "class"
                                   : owner  ? "method"
                                            : "function",
                                   name, s->line, s->last_line);
        symbol->visibility = visibility(name);
        symbol->traits |= async ? DOCGEN_SYMBOL_ASYNC : 0;
        apply_decorators(r, symbol);
        symbol->signature = signature(r, s, colon);
    }
    if (symbol && is_class && name_end < s->end && *name_end == '(') {
        const char *p = name_end + 1, *close = colon;

        symbol->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
        while (close > p && *close != ')') {
            close--;
        }
        while (p < close) {
            const char *comma = docgen_python_outside(p, close, ",");
            const char *base =
                docgen_source_squeeze(r->source, (apr_size_t)(p - r->source->text),
                                      (apr_size_t)((comma ? comma : close) - r->source->text), 200);

            base += strspn(base, " ");
            if (*base && !strchr(base, '=')) {
                APR_ARRAY_PUSH(symbol->bases, const char *) = base;
            }
            p = comma ? comma + 1 : close;
        }
    }
    push(r, s->indent, symbol, is_class);
    r->waiting = symbol;
    if (colon + 1 < s->end) { /* the body on the same line: "class A: pass", or its docstring */
        docgen_python_statement body = *s;

        body.start = docgen_python_blanks(colon + 1, s->end);
        if (symbol) {
            symbol->doc = docgen_doc_parse(r->source->pool, docstring(r, &body), DOCGEN_DOC_PYTHON);
            show_documented(symbol);
        }
        r->waiting = NULL;
    }
}

static void add_all(reader *r, const char *p, const char *end)
{
    if (!r->unit->all) {
        r->unit->all = apr_array_make(r->source->pool, 16, sizeof(const char *));
    }
    while (p < end) {
        if (*p == '"' || *p == '\'') {
            const char *close = memchr(p + 1, *p, (apr_size_t)(end - p - 1));

            if (!close) {
                return;
            }
            APR_ARRAY_PUSH(r->unit->all, const char *) =
                apr_pstrmemdup(r->source->pool, p + 1, (apr_size_t)(close - p) - 1);
            p = close;
        } else if (*p == '#') {
            while (p < end && *p != '\n') {
                p++;
            }
        }
        p++;
    }
}

static int is_constant(const char *name)
{
    int upper = 0;

    for (; *name; name++) {
        if (islower((unsigned char)*name)) {
            return 0;
        }
        upper |= isupper((unsigned char)*name);
    }
    return upper;
}

static void add_variable(reader *r, const docgen_python_statement *s, docgen_symbol *owner,
                         const char *start, const char *end)
{
    const char *name = apr_pstrmemdup(r->source->pool, start, (apr_size_t)(end - start));
    int constant = is_constant(name);
    docgen_symbol *symbol;
    const char *text = NULL;

    if (owner) { /* a second assignment is no second member */
        for (int i = 0; owner->members && i < owner->members->nelts; i++) {
            if (!strcmp(APR_ARRAY_IDX(owner->members, i, docgen_symbol *)->name, name)) {
                return;
            }
        }
    }
    symbol = docgen_symbol_add(r->source, place(r, owner), owner,
                               owner      ? "member"
                               : constant ? "constant"
                                          : "variable",
                               name, s->line, s->last_line);
    symbol->visibility = visibility(name);
    symbol->signature = docgen_source_squeeze(r->source, (apr_size_t)(s->start - r->source->text),
                                              (apr_size_t)(s->end - r->source->text), 200);
    text = comment_above(r, s->line, constant);
    text = text ? text : comment_beside(r, s, constant || owner);
    symbol->doc = docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_PYTHON);
    r->assigned = symbol;
}

/* "a = …", "a: T = …", "a, b = …", "__all__ += …"; in a constructor "self.a = …" when it is documented. */
static void assignment(reader *r, const docgen_python_statement *s)
{
    const char *p = s->start, *end = docgen_python_identifier(p, s->end),
               *q = docgen_python_blanks(end, s->end);
    docgen_symbol *owner;

    if (end == p || isdigit((unsigned char)*p)) {
        return;
    }
    if (!container(r, &owner)) {
        const scope *top = &r->scopes[r->depth - 1];

        if (top->symbol && top->symbol->parent && !strcmp(top->symbol->name, "__init__") &&
            docgen_python_word(p, s->end, "self") && end < s->end && *end == '.') {
            const char *name = end + 1, *name_end = docgen_python_identifier(name, s->end);

            q = docgen_python_blanks(name_end, s->end);
            if (q < s->end && (*q == '=' || *q == ':') && comment_above(r, s->line, 0)) {
                add_variable(r, s, top->symbol->parent, name, name_end);
            }
        }
        return;
    }
    if (docgen_python_word(p, s->end, "__all__") && !owner) {
        if (q < s->end && strchr("=+:.", *q)) {
            add_all(r, q, s->end);
        }
        return;
    }
    if (docgen_python_word(p, s->end, "type") && q > end && q < s->end &&
        (isalpha((unsigned char)*q) || *q == '_')) {
        add_variable(r, s, owner, q, docgen_python_identifier(q, s->end)); /* type X = … */
        return;
    }
    if (q < s->end && *q == ':') {
        add_variable(r, s, owner, p, end);
        return;
    }
    while (q < s->end && *q == ',') {
        const char *next = docgen_python_blanks(q + 1, s->end),
                   *stop = docgen_python_identifier(next, s->end);

        if (stop == next) {
            return;
        }
        q = docgen_python_blanks(stop, s->end);
        if (q < s->end && *q == '=' && q[1] != '=') {
            int names = 0;

            for (const char *n = p; n < q && names++ < CHAIN_MAX * 4;) {
                const char *e = docgen_python_identifier(n, q);

                add_variable(r, s, owner, n, e);
                n = docgen_python_blanks(e, q);
                n = n < q ? docgen_python_blanks(n + 1, q) : q;
            }
            return;
        }
    }
    for (int names = 0; names < CHAIN_MAX && q + 1 < s->end && *q == '=' && q[1] != '=';
         names++) { /* a = b = … */
        add_variable(r, s, owner, p, end);
        p = docgen_python_blanks(q + 1, s->end);
        end = docgen_python_identifier(p, s->end);
        q = docgen_python_blanks(end, s->end);
        if (end == p || isdigit((unsigned char)*p)) {
            return;
        }
    }
}

/* "import a.b as c, d" and "from x import (y as z, w)". */
static void import(reader *r, const docgen_python_statement *s)
{
    unsigned flags = r->depth ? DOCGEN_IMPORT_NESTED : 0;
    const char *text = docgen_source_squeeze(r->source, (apr_size_t)(s->start - r->source->text),
                                             (apr_size_t)(s->end - r->source->text), 100000);
    char *copy = apr_pstrdup(r->source->scratch, text), *names, *state = NULL;
    const char *from = NULL;

    if (!strncmp(copy, "from ", 5)) {
        char *middle = strstr(copy, " import");

        if (!middle) {
            return;
        }
        *middle = '\0';
        from = copy + 5 + strspn(copy + 5, " ");
        names = middle + 7;
    } else {
        names = copy + 7;
    }
    for (char *item = apr_strtok(names, ",();", &state); item;
         item = apr_strtok(NULL, ",();", &state)) {
        char *as;

        item += strspn(item, " \\");
        as = strstr(item, " as ");
        if (as) {
            *as = '\0';
            as += 4;
            as[strcspn(as, " ")] = '\0';
        }
        item[strcspn(item, " ")] = '\0';
        if (*item) {
            docgen_import_add(r->source, r->unit, from ? from : item, from ? item : NULL, as,
                              s->line, flags);
        }
    }
}

static int is_statement_word(const char *p, const char *end)
{
    static const char *const words[] = {
        "if",      "else",   "elif",     "for",    "while", "try",   "except",
        "finally", "with",   "return",   "raise",  "del",   "pass",  "yield",
        "assert",  "global", "nonlocal", "lambda", "not",   "await", "async"};

    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (docgen_python_word(p, end, words[i])) {
            return 1;
        }
    }
    return 0;
}

static void decorator(reader *r, const docgen_python_statement *s)
{
    APR_ARRAY_PUSH(r->decorators, const char *) =
        docgen_source_squeeze(r->source, (apr_size_t)(s->start + 1 - r->source->text),
                              (apr_size_t)(s->end - r->source->text), 200);
}

/* A statement that is only a string documents what stands before it. */
static int take_docstring(reader *r, const docgen_python_statement *s)
{
    const char *text = docstring(r, s);

    if (!text) {
        return 0;
    }
    if (r->at_start) {
        r->unit->doc = docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_PYTHON);
    } else if (r->waiting) {
        r->waiting->doc = docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_PYTHON);
        show_documented(r->waiting);
    } else if (r->assigned && !r->assigned->doc) {
        r->assigned->doc = docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_PYTHON);
    }
    return 1;
}

static void handle(reader *r, const docgen_python_statement *s)
{
    const char *p = s->start, *q;

    if (*p == '@') {
        decorator(r, s);
        return;
    }
    if (take_docstring(r, s)) {
        r->waiting = r->assigned = NULL;
        r->at_start = 0;
        return;
    }
    r->waiting = r->assigned = NULL;
    r->at_start = 0;
    if (docgen_python_word(p, s->end, "class")) {
        definition(r, s, docgen_python_blanks(p + 5, s->end), 1, 0);
    } else if (docgen_python_word(p, s->end, "def")) {
        definition(r, s, docgen_python_blanks(p + 3, s->end), 0, 0);
    } else if (docgen_python_word(p, s->end, "async") &&
               (q = docgen_python_blanks(p + 5, s->end)) && docgen_python_word(q, s->end, "def")) {
        definition(r, s, docgen_python_blanks(q + 3, s->end), 0, 1);
    } else if (docgen_python_word(p, s->end, "from") || docgen_python_word(p, s->end, "import")) {
        import(r, s);
    } else if (!r->depth && docgen_python_word(p, s->end, "if") &&
               memmem(p, (apr_size_t)(s->end - p), "__main__", 8)) {
        r->unit->entry_point = 1;
        push(r, s->indent, NULL, 0); /* its assignments are no names of the module */
    } else if (!is_statement_word(p, s->end)) {
        assignment(r, s);
    }
    apr_array_clear(r->decorators);
}

docgen_unit *docgen_scan_python(const docgen_source *source)
{
    reader r = {
        .source = source, .lines = {source->text, source->text + source->length, 1}, .at_start = 1};
    docgen_python_statement s;

    r.unit = docgen_unit_make(source);
    r.decorators = apr_array_make(source->scratch, 4, sizeof(const char *));
    while (docgen_python_next(&r.lines, &s)) {
        pop(&r, s.indent);
        handle(&r, &s);
        r.last_line = s.last_line;
    }
    pop(&r, -1);
    return r.unit;
}
