/* Ruby: read line by line. A class, module or method ends at the `end` in its own column, which holds for all code that
 * is indented; so what a body does needs no understanding.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/builder.h"
#include "generator/languages/grammars.h"
#include "generator/languages/lines.h"

#define DEPTH_MAX     32
#define HEREDOCS_MAX  4
#define SIGNATURE_MAX 2000
#define NAMES_MAX     200 /* of one `private :a, :b` */

/** A class, module or `class << self` that is open. */
typedef struct scope {
    int column;
    docgen_symbol *type; /**< NULL at the top of the file */
    docgen_visibility visibility;
    int singleton, module_function;
} scope;

typedef struct ruby {
    const docgen_source *source;
    docgen_unit *unit;
    scope open[DEPTH_MAX];
    int depth;
    int line;
} ruby;

/** The comment directly above a line, its marks removed, or NULL. */
static const docgen_doc *doc_above(ruby *r, int line, int *hidden)
{
    docgen_buffer *text = docgen_buffer_create(r->source->scratch);
    int first = line, column;
    const char *p, *end;
    const docgen_doc *doc;

    while (first > 1 && (p = docgen_line_of(r->source, first - 1, &column, &end)) < end &&
           *p == '#') {
        first--;
    }
    for (; first < line; first++) {
        p = docgen_line_of(r->source, first, &column, &end) + 1;
        if (first == 1 && p < end && *p == '!') {
            continue;
        }
        if (memmem(p, (apr_size_t)(end - p), ":nodoc:", 7) ||
            memmem(p, (apr_size_t)(end - p), "@!visibility private", 20)) {
            *hidden = 1;
            continue;
        }
        if (memmem(p, (apr_size_t)(end - p), "frozen_string_literal:", 22) ||
            memmem(p, (apr_size_t)(end - p), "rubocop:", 8) ||
            memmem(p, (apr_size_t)(end - p), "-*-", 3)) {
            continue;
        }
        while (p < end && *p == '#') {
            p++;
        }
        p += p < end && *p == ' ';
        docgen_buffer_append(text, p, (apr_size_t)(end - p));
        docgen_buffer_puts(text, "\n");
    }
    doc = text->length && !docgen_comment_is_licence(text->data)
              ? docgen_doc_parse(r->source->pool, text->data, DOCGEN_DOC_YARD)
              : NULL;
    docgen_buffer_free(text);
    if (docgen_doc_find(doc, "internal")) {
        *hidden = 1;
    }
    return doc;
}

static int behind_heredocs(const ruby *r, int line, const char *p, const char *end);

/** The `end` in the column of what begins at a line. What stands further left before it is the text of a heredoc or a
 * `rescue`; only a definition or another `end` there says that the own one is missing. */
static int end_line(const ruby *r, int line, int column)
{
    for (int n = line + 1; n <= r->source->lines; n++) {
        int at;
        const char *end, *p = docgen_line_of(r->source, n, &at, &end);

        if (at > column && p < end && *p != '#') {
            n = behind_heredocs(r, n, p, end) - 1;
        }
        if (p >= end || at > column) {
            continue;
        }
        if (docgen_line_word(p, end, "end")) {
            return at == column ? n : n - 1;
        }
        if (at == column && (docgen_line_word(p, end, "def") || docgen_line_word(p, end, "class") ||
                             docgen_line_word(p, end, "module"))) {
            return n - 1;
        }
    }
    return docgen_line_block_end(r->source, line, column);
}

static scope *top(ruby *r)
{
    return &r->open[r->depth];
}

static docgen_symbol *add(ruby *r, const char *kind, const char *name, const char *signature,
                          docgen_visibility visibility)
{
    scope *s = top(r);
    int hidden = 0;
    docgen_symbol *symbol = docgen_symbol_add(
        r->source, s->type ? docgen_symbol_members(r->source, s->type) : r->unit->symbols, s->type,
        kind, name, r->line, r->line);
    apr_size_t stop;
    const char *text = docgen_source_at(r->source, r->line, &stop);

    symbol->signature = signature;
    symbol->visibility = visibility;
    symbol->doc = doc_above(r, r->line, &hidden);
    if (memmem(text, (apr_size_t)(r->source->text + stop - text), ":nodoc:", 7)) {
        hidden = 1;
    }
    if (hidden && symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
        symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    if (s->type && s->type->visibility > symbol->visibility) {
        symbol->visibility = s->type->visibility;
    }
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
    return symbol;
}

static void bases_add(ruby *r, docgen_symbol *type, const char *p, const char *end)
{
    const char *stop = p;

    while (stop < end && (docgen_line_is_word(*stop) || *stop == ':' || *stop == '.')) {
        stop++;
    }
    if (stop > p && isupper((unsigned char)*p)) {
        if (!type->bases) {
            type->bases = apr_array_make(r->source->pool, 2, sizeof(const char *));
        }
        APR_ARRAY_PUSH(type->bases, const char *) =
            apr_pstrmemdup(r->source->pool, p, (apr_size_t)(stop - p));
    }
}

/** A class or module: a symbol of its own under its full name, whatever surrounds it. */
static void type_open(ruby *r, const char *kind, const char *p, const char *line_end, int column)
{
    const char *name = p, *stop = p, *base;
    const docgen_symbol *around = top(r)->type;
    docgen_symbol *type;
    scope file = {.column = -1};
    scope kept;

    while (stop < line_end && (docgen_line_is_word(*stop) || *stop == ':')) {
        stop++;
    }
    if (stop == name || !(isupper((unsigned char)*name) || *name == ':') ||
        r->depth + 1 >= DEPTH_MAX) {
        return;
    }
    name = apr_pstrmemdup(r->source->pool, name, (apr_size_t)(stop - name));
    if (!strncmp(name, "::", 2)) {
        name += 2;
    } else if (around) {
        name = apr_pstrcat(r->source->pool, around->name, "::", name, NULL);
    }
    kept = r->open[r->depth];
    r->open[r->depth] = file; /* its entry stands beside the others, not inside */
    type = add(r, kind, name, NULL, around ? around->visibility : DOCGEN_VISIBLE_PUBLIC);
    r->open[r->depth] = kept;
    base = stop + strspn(stop, " \t");
    type->signature = apr_pstrcat(r->source->pool, kind, " ", name, NULL);
    type->end_line = end_line(r, r->line, column);
    docgen_symbol_members(r->source, type);
    if (base < line_end && *base == '<') {
        base += 1 + strspn(base + 1, " \t");
        bases_add(r, type, base, line_end);
        if (type->bases) {
            type->signature = apr_pstrcat(r->source->pool, type->signature, " < ",
                                          APR_ARRAY_IDX(type->bases, 0, const char *), NULL);
        }
    }
    if (line_end - p < 4 || docgen_line_is_word(line_end[-4]) ||
        !docgen_line_word(line_end - 3, line_end, "end")) {
        r->open[++r->depth] = (scope){.column = column, .type = type};
    }
}

static docgen_symbol *member_named(docgen_symbol *type, const char *name, apr_size_t length)
{
    for (int i = type->members ? type->members->nelts - 1 : -1; i >= 0; i--) {
        docgen_symbol *member = APR_ARRAY_IDX(type->members, i, docgen_symbol *);

        if (strlen(member->name) == length && !memcmp(member->name, name, length)) {
            return member;
        }
    }
    return NULL;
}

/** The next `:name` or "name" of a list at `p`. @return 0 = there is none */
static int next_name(const char **p, const char *end, const char **name, apr_size_t *length)
{
    while (*p < end && **p && strchr(" ,(\t\r\n#", **p)) {
        int is_comment = **p == '#';

        while (is_comment && *p < end && **p != '\n') {
            (*p)++;
        }
        *p += *p < end;
    }
    if (*p >= end || (**p != ':' && **p != '"' && **p != '\'')) {
        return 0;
    }
    *name = ++*p;
    while (*p < end && (docgen_line_is_word(**p) || strchr("?!=<>+-*/[]~%&|^", **p))) {
        (*p)++;
    }
    *length = (apr_size_t)(*p - *name);
    *p += *p < end && strchr("\"'", **p) != NULL;
    return *length > 0;
}

/** `private` and its like: for what follows, or for the names behind it. */
static void visibility_word(ruby *r, docgen_visibility visibility, const char *p, const char *end)
{
    docgen_symbol *type = top(r)->type;
    const char *name;
    apr_size_t length;

    if (p >= end || *p == '#' || *p == ';') {
        top(r)->visibility = visibility;
        top(r)->module_function = 0;
        return;
    }
    for (int n = 0; type && n < NAMES_MAX && next_name(&p, end, &name, &length); n++) {
        docgen_symbol *member = member_named(type, name, length);

        if (member && member->visibility < visibility) {
            member->visibility = visibility;
        } else if (member && visibility == DOCGEN_VISIBLE_PUBLIC) {
            member->visibility = type->visibility;
        }
    }
}

/** The arguments of a method as written, white space as single blanks. @param behind receives what follows them */
static const char *arguments(const ruby *r, const char *p, const char *line_end,
                             const char **behind)
{
    const char *text = p, *end = line_end, *limit = r->source->text + r->source->length;
    char *out, *o;
    int depth = 0;

    if (p < line_end && *p == '(') {
        limit = limit - p > SIGNATURE_MAX ? p + SIGNATURE_MAX : limit;
        for (; p < limit; p++) {
            depth += strchr("([{", *p) != NULL && *p;
            depth -= strchr(")]}", *p) != NULL && *p;
            if (depth == 0) {
                p++;
                break;
            }
        }
        end = p;
    } else {
        for (p = text;
             p < line_end && *p != ';' && *p != '#' && !(*p == '=' && p > text && p[-1] == ' ');
             p++) {
        }
        end = p;
    }
    *behind = end;
    o = out = apr_palloc(r->source->pool, (apr_size_t)(end - text) + 2);
    for (p = text; p < end; p++) {
        if (!isspace((unsigned char)*p)) {
            *o++ = *p;
        } else if (o == out || o[-1] != ' ') {
            *o++ = ' ';
        }
    }
    while (o > out && o[-1] == ' ') {
        o--;
    }
    *o = '\0';
    return out;
}

/** Is it the last name of the type that is open: `def Basket.open` inside it? */
static int names_type(const docgen_symbol *type, const char *name, apr_size_t length)
{
    apr_size_t n = type ? strlen(type->name) : 0;

    return n >= length && !memcmp(type->name + n - length, name, length) &&
           (n == length || type->name[n - length - 1] == ':');
}

/** Does the line open a block that a later `end` closes: `… do`, `… do |a, b|`? */
static int opens_block(const char *p, const char *end)
{
    const char *bar = end;

    if (bar - p > 4 && bar[-1] == '|') {
        for (bar -= 2; bar > p && *bar != '|'; bar--) {
        }
        while (bar > p && bar[-1] == ' ') {
            bar--;
        }
    }
    return bar - p > 3 && !memcmp(bar - 3, " do", 3);
}

/** What a block defines is as visible as the block says: its `private` ends with it. */
static void block_open(ruby *r, int column)
{
    if (r->depth + 1 < DEPTH_MAX) {
        r->open[r->depth + 1] = *top(r);
        r->depth++;
        top(r)->column = column;
    }
}

/** A method whose name is at `p`. @return the line after its body */
static int method(ruby *r, const char *p, const char *end, int column, docgen_visibility forced,
                  int has_forced)
{
    scope *s = top(r);
    const char *name, *stop, *text, *behind;
    int is_static = s->singleton || s->module_function, last;
    docgen_symbol *symbol;

    if ((stop = docgen_line_word(p, end, "self")) && stop < end && *stop == '.') {
        p = stop + 1;
        is_static = 1;
        if (!has_forced) {
            forced = DOCGEN_VISIBLE_PUBLIC; /* `private` does not reach it */
            has_forced = 1;
        }
    }
    for (stop = p; stop < end && docgen_line_is_word(*stop); stop++) {
    }
    if (!is_static && stop > p && stop < end && *stop == '.') {
        if (!names_type(s->type, p, (apr_size_t)(stop - p))) { /* of one object */
            return end_line(r, r->line, column) + 1;
        }
        is_static = 1;
        if (!has_forced) { /* as for `self` */
            forced = DOCGEN_VISIBLE_PUBLIC;
            has_forced = 1;
        }
        for (p = ++stop; stop < end && docgen_line_is_word(*stop); stop++) {
        }
    }
    if (p < end && *p == '@') { /* of one object */
        return r->line + 1;
    }
    if (stop == p) { /* an operator */
        while (stop < end && strchr("+-*/%<>=!~^&|[]`@", *stop)) {
            stop++;
        }
    } else if (stop < end && strchr("?!", *stop)) {
        stop++;
    } else if (stop < end && *stop == '=' && stop + 1 < end && strchr("( ", stop[1]) &&
               stop[1] == '(') {
        stop++; /* a writer */
    }
    if (stop == p) {
        return r->line + 1;
    }
    name = apr_pstrmemdup(r->source->pool, p, (apr_size_t)(stop - p));
    text = arguments(r, stop, end, &behind);
    symbol = add(r, s->type ? "method" : "function", name,
                 apr_pstrcat(r->source->pool, "def ", is_static && s->type ? "self." : "", name,
                             *text && *text != '(' && *text != ' ' ? " " : "", text, NULL),
                 has_forced                    ? forced
                 : !strcmp(name, "initialize") ? DOCGEN_VISIBLE_PUBLIC
                                               : s->visibility);
    symbol->traits |= is_static ? DOCGEN_SYMBOL_STATIC : 0u;
    last = docgen_source_line(r->source, (apr_size_t)(behind - r->source->text));
    while (behind < end && (*behind == ' ' || *behind == '\t')) {
        behind++;
    }
    if (behind < end && (*behind == '=' || (*behind == ';' && !memcmp(end - 3, "end", 3)))) {
        symbol->end_line = last; /* all of it on a line */
        return last + 1;
    }
    symbol->end_line = end_line(r, last, column);
    return symbol->end_line + 1;
}

static void attributes(ruby *r, const char *word, const char *p, const char *end)
{
    const char *name;
    apr_size_t length;

    for (int n = 0; n < NAMES_MAX && next_name(&p, end, &name, &length); n++) {
        const char *text = apr_pstrmemdup(r->source->pool, name, length);
        docgen_symbol *symbol =
            add(r, "property", text, apr_pstrcat(r->source->pool, word, " :", text, NULL),
                top(r)->visibility);

        symbol->traits |= DOCGEN_SYMBOL_PROPERTY;
        symbol->line = docgen_source_line(r->source, (apr_size_t)(name - r->source->text));
        symbol->end_line = symbol->line; /* of a list that goes on below */
    }
}

/** NAME = value; Struct.new, Data.define and Class.new make types. */
static void constant(ruby *r, const char *p, const char *end, int column)
{
    const char *stop = p, *value;
    apr_size_t length;

    while (stop < end && docgen_line_is_word(*stop)) {
        stop++;
    }
    value = stop + strspn(stop, " \t");
    if (value + 1 >= end || *value != '=' || strchr("=~", value[1])) {
        return;
    }
    length = (apr_size_t)(stop - p);
    value += 1 + strspn(value + 1, " \t");
    if (!strncmp(value, "Struct.new", 10) || !strncmp(value, "Data.define", 11) ||
        !strncmp(value, "Class.new", 9)) {
        const char *list = value + strcspn(value, "(\n");
        int depth = r->depth;

        type_open(r, "class", p, stop, column);
        if (r->depth == depth) {
            return;
        }
        if (*value == 'C') {
            bases_add(r, top(r)->type, list + (*list == '('), end);
        } else {
            attributes(r, "attr_accessor", list, end);
            for (int i = 0; i < top(r)->type->members->nelts; i++) { /* the comment is the type's */
                APR_ARRAY_IDX(top(r)->type->members, i, docgen_symbol *)->doc = NULL;
            }
        }
        if (!(end - value > 3 && (!memcmp(end - 3, " do", 3) || end[-1] == '|'))) {
            top(r)->type->end_line = r->line;
            r->depth = depth;
        }
        return;
    }
    add(r, "constant", apr_pstrmemdup(r->source->pool, p, length),
        apr_pstrmemdup(r->source->pool, p,
                       (apr_size_t)(end - p) > 60 ? length : (apr_size_t)(end - p)),
        DOCGEN_VISIBLE_PUBLIC);
}

/** Ids of the heredocs that a line opens. */
static int heredocs(const char *p, const char *end, char ids[HEREDOCS_MAX][64])
{
    int count = 0;

    for (; p + 2 < end && count < HEREDOCS_MAX; p++) {
        const char *q = p + 2;
        apr_size_t n = 0;
        int marked;

        if (p[0] != '<' || p[1] != '<' || *p == '#') {
            continue;
        }
        marked = *q == '~' || *q == '-';
        q += marked;
        marked |= *q == '"' || *q == '\'';
        q += *q == '"' || *q == '\'';
        while (q + n < end && docgen_line_is_word(q[n]) && n < 63) {
            n++;
        }
        if (n && (isupper((unsigned char)*q) || marked)) {
            memcpy(ids[count], q, n);
            ids[count++][n] = '\0';
        }
    }
    return count;
}

/** The line behind the heredocs that `line` opens. */
static int behind_heredocs(const ruby *r, int line, const char *p, const char *end)
{
    char ids[HEREDOCS_MAX][64];
    int count = memmem(p, (apr_size_t)(end - p), "<<", 2) ? heredocs(p, end, ids) : 0;

    for (int i = 0; i < count; i++) {
        for (int n = line + 1; n <= r->source->lines && n < line + 2000; n++) {
            int column;
            const char *stop, *text = docgen_line_of(r->source, n, &column, &stop);

            if ((apr_size_t)(stop - text) == strlen(ids[i]) &&
                !memcmp(text, ids[i], strlen(ids[i]))) {
                line = n;
                break;
            }
        }
    }
    return line + 1;
}

/** Words that may stand before `def` on its line. @return `def`'s name, or NULL when there is none */
static const char *method_name(const char *p, const char *end, docgen_visibility *visibility,
                               int *forced, int *module_function)
{
    for (int n = 0; n < 4; n++) {
        const char *next = docgen_line_word(p, end, "def");

        if (next) {
            return next < end ? next : NULL;
        }
        if (docgen_line_word(p, end, "private") ||
            docgen_line_word(p, end, "private_class_method")) {
            *visibility = DOCGEN_VISIBLE_PRIVATE;
            *forced = 1;
        } else if (docgen_line_word(p, end, "protected")) {
            *visibility = DOCGEN_VISIBLE_INTERNAL;
            *forced = 1;
        } else if (docgen_line_word(p, end, "public")) {
            *visibility = DOCGEN_VISIBLE_PUBLIC;
            *forced = 1;
        } else if (docgen_line_word(p, end, "module_function")) {
            *module_function = 1;
        }
        if (p >= end || !islower((unsigned char)*p)) {
            return NULL;
        }
        while (p < end && docgen_line_is_word(*p)) {
            p++;
        }
        if (p >= end || *p != ' ') {
            return NULL;
        }
        p++;
    }
    return NULL;
}

/** The end of a line's code, a comment and the blanks before it left out. */
static const char *code_end(const char *p, const char *end)
{
    const char *mark = memmem(p, (apr_size_t)(end - p), " #", 2);

    end = mark ? mark : end;
    while (end > p && isspace((unsigned char)end[-1])) {
        end--;
    }
    return end;
}

/** The end of a list of names at `p` that goes on below, where its lines end with commas. */
static const char *list_end(const ruby *r, const char *p, const char *end)
{
    const char *limit = r->source->text + r->source->length, *code = code_end(p, end);

    for (int n = 0; n < NAMES_MAX && code > p && code[-1] == ',' && end < limit; n++) {
        const char *stop;

        p = memchr(end, '\n', (apr_size_t)(limit - end));
        if (!p || ++p >= limit) {
            break;
        }
        stop = memchr(p, '\n', (apr_size_t)(limit - p));
        end = stop ? stop : limit;
        code = code_end(p, end);
    }
    return code;
}

/** One line of code. @return the line to go on with */
static int line_read(ruby *r, const char *p, const char *end, int column)
{
    static const struct {
        const char *word;
        docgen_visibility visibility;
    } words[] = {{"private", DOCGEN_VISIBLE_PRIVATE},
                 {"private_constant", DOCGEN_VISIBLE_PRIVATE},
                 {"private_class_method", DOCGEN_VISIBLE_PRIVATE},
                 {"protected", DOCGEN_VISIBLE_INTERNAL},
                 {"public", DOCGEN_VISIBLE_PUBLIC}};
    docgen_visibility visibility = DOCGEN_VISIBLE_PUBLIC;
    int forced = 0, functions = top(r)->module_function;
    const char *next;

    while (r->depth > 0 && column <= top(r)->column) {
        r->depth--;
    }
    if ((next = docgen_line_word(p, end, "module"))) {
        type_open(r, "module", next, end, column);
    } else if ((next = docgen_line_word(p, end, "class"))) {
        if (next + 1 < end && next[0] == '<' && next[1] == '<') {
            if (r->depth + 1 < DEPTH_MAX) {
                r->open[r->depth + 1] =
                    (scope){.column = column, .type = top(r)->type, .singleton = 1};
                r->depth++;
            }
        } else {
            type_open(r, "class", next, end, column);
        }
    } else if ((next = method_name(p, end, &visibility, &forced, &functions))) {
        int kept = top(r)->module_function;

        top(r)->module_function = functions;
        r->line = method(r, next, end, column, visibility, forced);
        top(r)->module_function = kept;
        return r->line;
    } else if ((next = docgen_line_word(p, end, "attr_reader")) ||
               (next = docgen_line_word(p, end, "attr_writer")) ||
               (next = docgen_line_word(p, end, "attr_accessor"))) {
        attributes(r, apr_pstrmemdup(r->source->scratch, p, strcspn(p, " (:\n")), next,
                   list_end(r, next, end));
    } else if ((next = docgen_line_word(p, end, "include")) && top(r)->type && !top(r)->singleton) {
        bases_add(r, top(r)->type, next, end);
    } else if ((next = docgen_line_word(p, end, "alias_method")) && top(r)->type) {
        const char *name;
        apr_size_t length;

        if (next_name(&next, end, &name, &length)) {
            add(r, "method", apr_pstrmemdup(r->source->pool, name, length),
                apr_pstrmemdup(r->source->pool, p, (apr_size_t)(end - p)), top(r)->visibility);
        }
    } else if ((next = docgen_line_word(p, end, "module_function"))) {
        if (next >= end || *next == '#') {
            top(r)->module_function = 1;
            top(r)->visibility = DOCGEN_VISIBLE_PUBLIC;
        }
    } else if (isupper((unsigned char)*p)) {
        int depth = r->depth;

        constant(r, p, end, column);
        if (r->depth == depth && opens_block(p, end)) { /* its methods belong to what it makes */
            return end_line(r, r->line, column) + 1;
        }
    } else if (opens_block(p, end)) {
        block_open(r, column);
    } else {
        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            if ((next = docgen_line_word(p, end, words[i].word))) {
                visibility_word(r, words[i].visibility, next, list_end(r, next, end));
            }
        }
    }
    return behind_heredocs(r, r->line, p, end);
}

static docgen_unit *scan(const docgen_source *source)
{
    ruby r = {.source = source, .unit = docgen_unit_make(source), .line = 1};

    r.open[0].column = -1;
    while (r.line <= source->lines) {
        int column;
        const char *end, *p = docgen_line_of(source, r.line, &column, &end);

        if (column == 0 && docgen_line_word(p, end, "__END__")) {
            break;
        }
        if (column == 0 && end - p >= 6 && !memcmp(p, "=begin", 6)) {
            do {
                p = docgen_line_of(source, ++r.line, &column, &end);
            } while (r.line < source->lines && !(end - p >= 4 && !memcmp(p, "=end", 4)));
            r.line++;
        } else if (p >= end || *p == '#') {
            r.line++;
        } else {
            r.line = line_read(&r, p, end, column);
        }
    }
    return r.unit;
}

/** Users require a gem: the folder that holds `lib`, by its gemspec's name. */
static const char *gem(void *context, const docgen_unit *unit)
{
    docgen_builder *b = context;
    const char *path = unit->file->path,
               *lib = !strncmp(path, "lib/", 4) ? path : strstr(path, "/lib/");
    const char *directory, *base;
    const apr_array_header_t *files = b->model->tree->files;
    apr_size_t length;

    if (!lib) {
        const char *slash = strchr(path, '/');

        return slash ? apr_pstrmemdup(b->scratch, path, (apr_size_t)(slash - path) + 1)
                     : "(top level)";
    }
    directory = apr_pstrmemdup(b->scratch, path, (apr_size_t)(lib - path));
    length = strlen(directory);
    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *name = file->path + length + (length > 0);
        apr_size_t n = strlen(file->path);

        if (n > length + 8 && !strncmp(file->path, directory, length) && !strchr(name, '/') &&
            !strcmp(file->path + n - 8, ".gemspec")) {
            return apr_pstrmemdup(b->scratch, name, strlen(name) - 8);
        }
    }
    base = strrchr(directory, '/');
    return length ? base ? base + 1 : directory : "lib";
}

const docgen_grammar docgen_grammar_ruby = {
    .traits = {.packages = "gem",
               .fences = "rb",
               .marks = DOCGEN_MARK_HASH | DOCGEN_MARK_SINGLE,
               .declares = DOCGEN_DECLARES_OPTPARSE},
    .scan = scan,
    .merges = 1,
    .only_in = "lib/",
    .separator = ':',
    .doc = DOCGEN_DOC_YARD,
    .module = gem,
};
