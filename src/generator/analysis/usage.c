/* One pass over all texts: each word that is a public symbol's name is a possible use of it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/source.h"
#include "generator/analysis/usage.h"
#include "generator/analysis/usage_look.h"
#include "generator/languages/traits.h"

#define FILE_MAX  (512 * 1024)
#define TOTAL_MAX (256 * 1024 * 1024) /* bytes of text read for uses */
#define NOT_READ                                                                                   \
    (DOCGEN_FILE_VENDORED | DOCGEN_FILE_GENERATED | DOCGEN_FILE_BINARY | DOCGEN_FILE_LINK |        \
     DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS | DOCGEN_FILE_SKIPPED)

typedef struct collector {
    docgen_model *model;
    apr_hash_t *index; /* plain name → docgen_symbol *, or `ambiguous` */
    docgen_symbol ambiguous;
} collector;

static int word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void enter(collector *c, docgen_symbol *symbol, int depth)
{
    docgen_symbol *other;

    if (symbol->visibility != DOCGEN_VISIBLE_PUBLIC) {
        return;
    }
    other = apr_hash_get(c->index, symbol->name, APR_HASH_KEY_STRING);
    if (strlen(symbol->name) > 3 && !other &&
        (!symbol->parent || !strcmp(symbol->kind, "method"))) {
        apr_hash_set(c->index, symbol->name, APR_HASH_KEY_STRING, symbol);
    } else if (other && other != symbol) {
        /* A name that two things share proves nothing, but a type or function of its own wins over a method. */
        if (other->parent && !symbol->parent) {
            apr_hash_set(c->index, symbol->name, APR_HASH_KEY_STRING, symbol);
        } else if (!(symbol->parent && !other->parent)) {
            apr_hash_set(c->index, symbol->name, APR_HASH_KEY_STRING, &c->ambiguous);
        }
    }
    for (int i = 0; symbol->members && depth < 3 && i < symbol->members->nelts; i++) {
        enter(c, APR_ARRAY_IDX(symbol->members, i, docgen_symbol *), depth + 1);
    }
}

static int rank_of(const docgen_file *file)
{
    if (file->flags & DOCGEN_FILE_EXAMPLE) {
        return 0;
    }
    if (file->flags & DOCGEN_FILE_DOCUMENT) {
        return 10;
    }
    return file->flags & DOCGEN_FILE_TEST ? 20 : 30;
}

static int in_definition(const docgen_symbol *symbol, const docgen_file *file, int line)
{
    if (file == symbol->file && line >= symbol->line - 1 && line <= symbol->end_line) {
        return 1;
    }
    return file == symbol->definition && line >= symbol->definition_line - 1 &&
           line <= symbol->definition_end;
}

/* The line of the use, with what follows up to the end of its statement, at most four lines. */
static const char *excerpt(const docgen_source *source, int line, int *last)
{
    apr_size_t stop, from;
    const char *start = docgen_source_at(source, line, &stop);
    int depth = 0, end = line;

    from = (apr_size_t)(start - source->text);
    for (;;) {
        apr_size_t e;
        const char *p = docgen_source_at(source, end, &e);

        for (; p < source->text + e; p++) {
            depth += (*p == '(' || *p == '[' || *p == '{') - (*p == ')' || *p == ']' || *p == '}');
        }
        stop = e;
        if (depth <= 0 || end - line >= 3 || end >= source->lines) {
            break;
        }
        end++;
    }
    *last = end;
    return apr_pstrmemdup(source->scratch, source->text + from, stop - from);
}

/* Removes the first line's indentation from all lines. */
static const char *outdent(apr_pool_t *pool, const char *text)
{
    apr_size_t width = strspn(text, " \t");
    char *out = apr_palloc(pool, strlen(text) + 1), *o = out;

    while (*text) {
        apr_size_t skip = strspn(text, " \t"), length;

        text += skip < width ? skip : width;
        length = strcspn(text, "\n");
        memcpy(o, text, length);
        o += length;
        text += length;
        if (*text) {
            *o++ = *text++;
        }
    }
    *o = '\0';
    return out;
}

/* Keeps the best; equal ranks keep the earlier file, and one file gives one use. */
static void offer(collector *c, docgen_symbol *symbol, const docgen_source *source, int line,
                  int rank)
{
    apr_array_header_t *usages = symbol->usages;
    docgen_usage usage = {.file = source->file, .line = line, .rank = rank};
    int at;

    if (!usages) {
        usages = symbol->usages =
            apr_array_make(c->model->pool, DOCGEN_USAGES, sizeof(docgen_usage));
    }
    for (at = 0; at < usages->nelts; at++) {
        docgen_usage *other = &APR_ARRAY_IDX(usages, at, docgen_usage);

        if (other->file == source->file) {
            if (other->rank <= rank) {
                return;
            }
            memmove(other, other + 1, (size_t)(usages->nelts - at - 1) * sizeof(*other));
            usages->nelts--;
            at--;
        }
    }
    for (at = 0; at < usages->nelts && APR_ARRAY_IDX(usages, at, docgen_usage).rank <= rank; at++) {
    }
    if (at >= DOCGEN_USAGES) {
        return;
    }
    usage.excerpt = outdent(c->model->pool, excerpt(source, line, &usage.end_line));
    if (usages->nelts < DOCGEN_USAGES) {
        apr_array_push(usages);
    }
    memmove(&APR_ARRAY_IDX(usages, at + 1, docgen_usage), &APR_ARRAY_IDX(usages, at, docgen_usage),
            (size_t)(usages->nelts - at - 1) * sizeof(docgen_usage));
    APR_ARRAY_IDX(usages, at, docgen_usage) = usage;
}

/* The code of a document: what stands in a fence, and in reStructuredText what follows "::" or a directive of code. */
typedef struct document_code {
    int rst;
    char fence;  /* of the open block, 0 = none */
    int literal; /* an indented block of code may follow, or goes on */
    docgen_lang lang;
} document_code;

/* The language that the word behind a fence or a directive names; NONE when it is none that is read. */
static docgen_lang lang_named(const char *word, const char *end)
{
    apr_size_t length = 0;

    word += strspn(word, " {.");
    while (word + length < end &&
           (isalnum((unsigned char)word[length]) || strchr("+#-", word[length])))
        length++;
    return docgen_lang_of_fence(word, length);
}

static int is_code_line(document_code *d, const char *line, const char *end)
{
    apr_size_t indent = strspn(line, " \t>");
    const char *text = line + indent;

    if (!d->rst) {
        if ((!strncmp(text, "```", 3) || !strncmp(text, "~~~", 3)) &&
            (!d->fence || *text == d->fence)) {
            d->fence = d->fence ? 0 : *text;
            d->lang = d->fence ? lang_named(text + strspn(text, "`~"), end) : DOCGEN_LANG_NONE;
            return 0;
        }
        return d->fence != 0;
    }
    if (text >= end)
        return 0; /* an empty line ends nothing */
    if (indent > 0 && d->literal)
        return *text != ':';
    d->literal = !strncmp(text, ".. code", 7) || !strncmp(text, ".. sourcecode", 13) ||
                 (end - text > 1 && end[-1] == ':' && end[-2] == ':' && strncmp(text, ".. ", 3));
    d->lang = DOCGEN_LANG_NONE;
    return 0;
}

/* May code of one language use what another one offers? A document's example may be in any. */
static int is_same_language(docgen_lang code, docgen_lang offered)
{
    return code == DOCGEN_LANG_NONE || docgen_lang_family(code) == docgen_lang_family(offered);
}

static void read_line(collector *c, docgen_used_text *text, int line, const char *start,
                      const char *end, int base)
{
    const docgen_source *source = text->source;

    for (const char *p = start; p < end;) {
        const char *word = p;
        docgen_symbol *symbol;
        int looks;

        if (!word_char(*p)) {
            p++;
            continue;
        }
        while (p < end && word_char(*p))
            p++;
        if (p - word < 4 || p - word > 80)
            continue;
        symbol = apr_hash_get(c->index, word, (apr_ssize_t)(p - word));
        if (!symbol || symbol == &c->ambiguous || in_definition(symbol, source->file, line) ||
            !is_same_language(text->lang, symbol->file->lang))
            continue;
        looks = docgen_used_look(text, symbol, word, (apr_size_t)(p - word), start, end);
        if (looks >= 0)
            offer(c, symbol, source, line, base + looks);
    }
}

static void read_text(collector *c, const docgen_source *source)
{
    int base = rank_of(source->file);
    int document = (source->file->flags & DOCGEN_FILE_DOCUMENT) != 0;
    apr_size_t name = strlen(source->file->path);
    document_code d = {.rst = name > 4 && !strcmp(source->file->path + name - 4, ".rst")};
    docgen_used_text text = {.source = source, .lang = source->file->lang, .code = source->text};

    if (!document)
        text.code = docgen_used_code(source->scratch, text.lang, source->text, source->length);
    for (int line = 1; line <= source->lines; line++) {
        apr_size_t stop;
        const char *start = docgen_source_at(source, line, &stop), *end = source->text + stop;

        if (document && !is_code_line(&d, start, end))
            continue;
        if (document)
            text.lang = d.lang;
        if (!docgen_used_import(&text, start, end))
            read_line(c, &text, line, start, end, base);
    }
}

apr_status_t docgen_usage_collect(docgen_model *model)
{
    collector c = {.model = model};
    apr_pool_t *scratch, *texts;
    apr_uint64_t total = 0;
    apr_status_t rv = APR_SUCCESS;

    apr_pool_create(&scratch, model->pool);
    c.index = apr_hash_make(scratch);
    for (int i = 0; i < model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(model->modules, i, docgen_module *);

        for (int n = 0; n < module->symbols->nelts; n++) {
            enter(&c, APR_ARRAY_IDX(module->symbols, n, docgen_symbol *), 0);
        }
    }
    apr_pool_create(&texts, scratch);
    for (int i = 0; apr_hash_count(c.index) && i < model->tree->files->nelts && total < TOTAL_MAX;
         i++) {
        const docgen_file *file = APR_ARRAY_IDX(model->tree->files, i, docgen_file *);
        const char *text;
        apr_size_t length;

        if (file->flags & NOT_READ || file->size > FILE_MAX ||
            ((file->lang == DOCGEN_LANG_NONE || file->lang == DOCGEN_LANG_OTHER) &&
             !(file->flags & DOCGEN_FILE_DOCUMENT))) {
            continue;
        }
        apr_pool_clear(texts);
        rv = docgen_tree_text(model->tree, file, texts, &text, &length);
        if (rv == APR_SUCCESS) {
            read_text(&c, docgen_source_make(texts, texts, file, text, length));
            total += length;
        } else if (!APR_STATUS_IS_ENOENT(rv)) {
            break;
        }
        rv = APR_SUCCESS;
    }
    apr_pool_destroy(scratch);
    return rv;
}
