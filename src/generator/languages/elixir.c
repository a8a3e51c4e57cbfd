/* Elixir: read line by line; the formatter of the language indents all code alike.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/builder.h"
#include "generator/languages/grammars.h"
#include "generator/languages/lines.h"

#define DEPTH_MAX     16
#define SIGNATURE_MAX 2000

typedef struct elixir {
    const docgen_source *source;
    docgen_unit *unit;
    docgen_symbol *modules[DEPTH_MAX];
    int columns[DEPTH_MAX];
    int depth; /**< modules that are open */
    int line;
    const char *doc;  /**< the text of a @doc or @typedoc that waits for its declaration, or NULL */
    const char *spec; /**< a @spec that waits, or NULL */
    const char *since, *deprecated;
    int hidden; /**< @doc false */
} elixir;

static const struct {
    const char *word, *kind;
    docgen_visibility visibility;
} words[] = {
    {"def", "function", DOCGEN_VISIBLE_PUBLIC},
    {"defmacro", "macro", DOCGEN_VISIBLE_PUBLIC},
    {"defguard", "macro", DOCGEN_VISIBLE_PUBLIC},
    {"defdelegate", "function", DOCGEN_VISIBLE_PUBLIC},
    {"defp", "function", DOCGEN_VISIBLE_PRIVATE},
    {"defmacrop", "macro", DOCGEN_VISIBLE_PRIVATE},
    {"defguardp", "macro", DOCGEN_VISIBLE_PRIVATE},
    {"@type", "type", DOCGEN_VISIBLE_PUBLIC},
    {"@opaque", "type", DOCGEN_VISIBLE_PUBLIC},
    {"@typep", "type", DOCGEN_VISIBLE_PRIVATE},
    {"@callback", "method", DOCGEN_VISIBLE_PUBLIC},
    {"@macrocallback", "method", DOCGEN_VISIBLE_PUBLIC},
};

static void forget(elixir *r)
{
    r->doc = r->spec = r->since = r->deprecated = NULL;
    r->hidden = 0;
}

static int is_fence(const char *p, const char *end)
{
    return end - p >= 3 && (!memcmp(p, "\"\"\"", 3) || !memcmp(p, "'''", 3));
}

/** The text of a string that begins at `p`: on the line, or a heredoc below. Moves to the last line of that. */
static const char *string_text(elixir *r, const char *p, const char *end)
{
    docgen_buffer *text;
    const char *result, *close;
    int indent = -1;

    p += end - p > 2 && *p == '~' ? 2 : 0; /* a sigil */
    if (!is_fence(p, end)) {
        if (p >= end || *p != '"' || !(close = memchr(p + 1, '"', (apr_size_t)(end - p) - 1))) {
            return NULL;
        }
        return apr_pstrmemdup(r->source->scratch, p + 1, (apr_size_t)(close - p) - 1);
    }
    text = docgen_buffer_create(r->source->scratch);
    for (r->line++; r->line <= r->source->lines; r->line++) {
        int column;
        const char *stop, *line = docgen_line_of(r->source, r->line, &column, &stop);

        if (is_fence(line, stop)) {
            break;
        }
        indent = indent < 0 && line < stop ? column : indent;
        for (int i = indent < 0 ? 0 : indent; i < column && line < stop; i++) {
            docgen_buffer_puts(text, " ");
        }
        docgen_buffer_append(text, line, (apr_size_t)(stop - line));
        docgen_buffer_puts(text, "\n");
    }
    result = apr_pstrdup(r->source->scratch, text->data ? text->data : "");
    docgen_buffer_free(text);
    return result;
}

/** A comment with a field that an attribute of its own gives. */
static const docgen_doc *with_field(const elixir *r, const docgen_doc *doc, const char *kind,
                                    const char *text)
{
    docgen_doc *copy;
    docgen_doc_field *field;

    if (!text) {
        return doc;
    }
    copy = apr_pcalloc(r->source->pool, sizeof(*copy));
    copy->summary = doc ? doc->summary : "";
    copy->body = doc ? doc->body : "";
    copy->fields = doc ? apr_array_copy(r->source->pool, doc->fields)
                       : apr_array_make(r->source->pool, 1, sizeof(docgen_doc_field));
    field = apr_array_push(copy->fields);
    *field = (docgen_doc_field){kind, NULL, NULL, apr_pstrdup(r->source->pool, text)};
    return copy;
}

/** Does a declaration's head end at `p`, outside brackets? */
static int head_ends(const char *from, const char *p, int whole)
{
    const char *next;

    if (!whole && ((!strncmp(p, " do", 3) && isspace((unsigned char)p[3])) ||
                   !strncmp(p, ", do:", 5) || !strncmp(p, " when ", 6))) {
        return 1;
    }
    if (*p != '\n') {
        return 0;
    }
    next = p + strspn(p, " \t\n");
    return !whole ||
           !(*next == '|' || !strncmp(next, "when", 4) || (p > from && strchr("|:=>", p[-1])));
}

/** A declaration's head as written, white space as single blanks. @param whole the head is all of it */
static const char *head_text(const elixir *r, const char *p, int whole)
{
    const char *limit = r->source->text + r->source->length, *from = p;
    char *out, *o;
    int depth = 0;

    limit = limit - p > SIGNATURE_MAX ? p + SIGNATURE_MAX : limit;
    for (; p < limit; p++) {
        depth += *p && strchr("([{", *p) != NULL;
        depth -= *p && strchr(")]}", *p) != NULL;
        if (depth <= 0 && head_ends(from, p, whole)) {
            break;
        }
    }
    o = out = apr_palloc(r->source->pool, (apr_size_t)(p - from) + 1);
    for (; from < p; from++) {
        if (!isspace((unsigned char)*from)) {
            *o++ = *from;
        } else if (o > out && o[-1] != ' ') {
            *o++ = ' ';
        }
    }
    while (o > out && o[-1] == ' ') {
        o--;
    }
    *o = '\0';
    return out;
}

static docgen_symbol *member_named(const docgen_symbol *module, const char *name, const char *kind)
{
    for (int i = 0; i < module->members->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(module->members, i, docgen_symbol *);

        if (!strcmp(symbol->name, name) && !strcmp(symbol->kind, kind)) {
            return symbol;
        }
    }
    return NULL;
}

/** Passes over the body of a function: what a macro quotes there is not the module's. */
static void body_skip(elixir *r, const char *line, int column)
{
    if (*line == 'd') {
        r->line = docgen_line_block_end(r->source, r->line, column);
    }
}

static void declare(elixir *r, const char *kind, docgen_visibility visibility, const char *line,
                    const char *p, int column)
{
    docgen_symbol *module = r->depth ? r->modules[r->depth - 1] : NULL, *symbol, *first;
    const char *stop = p, *name;

    while (docgen_line_is_word(*stop) || *stop == '?' || *stop == '!') {
        stop++;
    }
    if (stop == p || !module || !strncmp(p, "unquote(", 8)) {
        forget(r);
        body_skip(r, line, column);
        return;
    }
    name = apr_pstrmemdup(r->source->pool, p, (apr_size_t)(stop - p));
    first = member_named(module, name, kind);
    if (first && !r->doc && !r->spec && !r->hidden) { /* a further clause */
        body_skip(r, line, column);
        return;
    }
    symbol = docgen_symbol_add(r->source, NULL, module, kind, name, r->line,
                               docgen_line_block_end(r->source, r->line, column));
    symbol->signature = head_text(r, line, *line == '@');
    if (r->spec) {
        symbol->signature = apr_pstrcat(r->source->pool, r->spec, "\n", symbol->signature, NULL);
    }
    symbol->doc = docgen_doc_parse(r->source->pool, r->doc, DOCGEN_DOC_MARKDOWN);
    symbol->doc = with_field(r, symbol->doc, "since", r->since);
    symbol->doc = with_field(r, symbol->doc, "deprecated", r->deprecated);
    symbol->deprecated = r->deprecated != NULL;
    symbol->visibility =
        r->hidden && visibility == DOCGEN_VISIBLE_PUBLIC ? DOCGEN_VISIBLE_INTERNAL : visibility;
    if (module->visibility > symbol->visibility) {
        symbol->visibility = module->visibility;
    }
    if (first && first->visibility == symbol->visibility) {
        if (!first->overloads) {
            first->overloads = apr_array_make(r->source->pool, 2, sizeof(docgen_symbol *));
        }
        APR_ARRAY_PUSH(first->overloads, docgen_symbol *) = symbol;
    } else {
        APR_ARRAY_PUSH(module->members, docgen_symbol *) = symbol;
    }
    forget(r);
    body_skip(r, line, column);
}

static void module_open(elixir *r, const char *kind, const char *p, const char *end, int column)
{
    const char *stop = p, *name;
    docgen_symbol *module;

    while (stop < end && (docgen_line_is_word(*stop) || *stop == '.')) {
        stop++;
    }
    if (stop == p || !isupper((unsigned char)*p) || r->depth == DEPTH_MAX) {
        return;
    }
    name = apr_pstrmemdup(r->source->pool, p, (apr_size_t)(stop - p));
    if (r->depth) {
        name = apr_pstrcat(r->source->pool, r->modules[r->depth - 1]->name, ".", name, NULL);
    }
    module = docgen_symbol_add(r->source, r->unit->symbols, NULL, kind, name, r->line,
                               docgen_line_block_end(r->source, r->line, column));
    module->signature = apr_pstrcat(r->source->pool, "defmodule ", name, NULL);
    docgen_symbol_members(r->source, module);
    r->columns[r->depth] = column;
    r->modules[r->depth++] = module;
    forget(r);
}

/** @doc and @typedoc. */
static void doc_read(elixir *r, const char *p, const char *end)
{
    const char *text;

    if (docgen_line_word(p, end, "false")) {
        r->hidden = 1;
    } else if (end - p > 6 && !strncmp(p, "since:", 6)) {
        r->since = string_text(r, p + 6 + strspn(p + 6, " "), end);
    } else if (end - p > 11 && !strncmp(p, "deprecated:", 11)) {
        r->deprecated = string_text(r, p + 11 + strspn(p + 11, " "), end);
    } else if ((text = string_text(r, p, end))) {
        r->doc = text;
    }
}

/** Attributes that tell of a declaration. @return 0 = something else */
static int attribute(elixir *r, const char *p, const char *end)
{
    const char *next = docgen_line_word(p, end, "@moduledoc"), *text;
    docgen_symbol *module = r->depth ? r->modules[r->depth - 1] : NULL;

    if (next && module) {
        if (docgen_line_word(next, end, "false")) {
            module->visibility = DOCGEN_VISIBLE_INTERNAL;
            for (int i = 0; i < module->members->nelts; i++) { /* those before it, too */
                docgen_symbol *symbol = APR_ARRAY_IDX(module->members, i, docgen_symbol *);

                if (symbol->visibility == DOCGEN_VISIBLE_PUBLIC) {
                    symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
                }
            }
        } else if ((text = string_text(r, next, end))) {
            module->doc = docgen_doc_parse(r->source->pool, text, DOCGEN_DOC_MARKDOWN);
        }
        return 1;
    }
    if ((next = docgen_line_word(p, end, "@doc")) ||
        (next = docgen_line_word(p, end, "@typedoc"))) {
        doc_read(r, next, end);
        return 1;
    }
    if ((next = docgen_line_word(p, end, "@deprecated"))) {
        r->deprecated = string_text(r, next, end);
        return 1;
    }
    if (docgen_line_word(p, end, "@spec")) {
        r->spec = r->spec ? r->spec : head_text(r, p, 1);
        return 1;
    }
    return 0;
}

static void line_read(elixir *r, const char *p, const char *end, int column)
{
    const char *next;

    while (r->depth && column <= r->columns[r->depth - 1]) {
        r->depth--;
    }
    if (attribute(r, p, end)) {
        return;
    }
    if ((next = docgen_line_word(p, end, "defmodule"))) {
        module_open(r, "module", next, end, column);
        return;
    }
    if ((next = docgen_line_word(p, end, "defprotocol"))) {
        module_open(r, "protocol", next, end, column);
        return;
    }
    if (docgen_line_word(p, end, "defimpl")) { /* what a protocol asks for is said there */
        r->line = docgen_line_block_end(r->source, r->line, column);
        return;
    }
    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if ((next = docgen_line_word(p, end, words[i].word))) {
            declare(r, words[i].kind, words[i].visibility, p, next, column);
            return;
        }
    }
}

static docgen_unit *scan(const docgen_source *source)
{
    elixir r = {.source = source, .unit = docgen_unit_make(source)};

    for (r.line = 1; r.line <= source->lines; r.line++) {
        int column;
        const char *end, *p = docgen_line_of(source, r.line, &column, &end);

        if (p >= end || *p == '#') {
            continue;
        }
        if (r.depth && column == r.columns[r.depth - 1] && end - p == 3 && !memcmp(p, "end", 3)) {
            r.depth--;
        } else if (*p == 'd' || *p == '@') {
            line_read(&r, p, end, column);
        } else if (end - p >= 3 && is_fence(end - 3, end)) {
            string_text(&r, end - 3, end); /* a heredoc of code */
        }
    }
    return r.unit;
}

/** Users depend on an application: the folder that holds `lib`, by the `app:` of its mix.exs. */
static const char *application(void *context, const docgen_unit *unit)
{
    docgen_builder *b = context;
    const char *path = unit->file->path;
    const char *lib = !strncmp(path, "lib/", 4) ? path : strstr(path, "/lib/");
    const char *directory, *text, *app, *slash = strchr(path, '/');

    if (!lib) {
        return slash ? apr_pstrmemdup(b->scratch, path, (apr_size_t)(slash - path) + 1)
                     : "(top level)";
    }
    directory = apr_pstrmemdup(b->scratch, path, (apr_size_t)(lib - path));
    text = docgen_builder_text(
        b, apr_pstrcat(b->scratch, directory, *directory ? "/" : "", "mix.exs", NULL), NULL);
    app = text ? strstr(text, "app: :") : NULL;
    if (app) {
        return apr_pstrmemdup(b->scratch, app + 6, strcspn(app + 6, " ,\n]"));
    }
    slash = strrchr(directory, '/');
    return *directory ? slash ? slash + 1 : directory : "lib";
}

const docgen_grammar docgen_grammar_elixir = {
    .traits = {.marks = DOCGEN_MARK_HASH | DOCGEN_MARK_SINGLE | DOCGEN_MARK_TRIPLE},
    .scan = scan,
    .merges = 1,
    .only_in = "lib/",
    .separator = '.',
    .doc = DOCGEN_DOC_MARKDOWN,
    .module = application,
};
