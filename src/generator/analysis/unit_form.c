/* Writing and reading run side by side, member for member: numbers, texts, and lists with their count before them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/analysis/unit_form.h"

#include <string.h>
#include <apr_hash.h>
#include <apr_strings.h>

#define DEPTH_MAX     64 /* symbols within symbols */
#define TEMPLATES_MAX 4  /* units within units */
#define FIRST_ROOM    16 /* a count is only believed so far: what follows may not be there */

/* --- numbers and texts ------------------------------------------------------------------------------------- */

void docgen_form_number(docgen_buffer *to, apr_uint64_t number)
{
    char bytes[10];
    apr_size_t n = 0;

    do {
        bytes[n++] = (char)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
        number >>= 7;
    } while (number);
    docgen_buffer_append(to, bytes, n);
}

void docgen_form_text(docgen_buffer *to, const char *text)
{
    apr_size_t length = text ? strlen(text) : 0;

    docgen_form_number(to, text ? length + 1 : 0);
    if (text) {
        docgen_buffer_append(to, text, length + 1);
    }
}

apr_uint64_t docgen_form_number_read(docgen_form *form)
{
    apr_uint64_t number = 0;

    for (unsigned shift = 0; form->at < form->end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*form->at++;

        number |= (apr_uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            return form->broken ? 0 : number;
        }
    }
    form->broken = 1;
    return 0;
}

const char *docgen_form_text_read(docgen_form *form)
{
    apr_uint64_t size = docgen_form_number_read(form);
    const char *text = form->at;

    if (form->broken || !size) {
        return NULL;
    }
    if (size > (apr_uint64_t)(form->end - form->at) || text[size - 1] != '\0') {
        form->broken = 1;
        return NULL;
    }
    form->at += size;
    return text;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

typedef struct writer {
    docgen_buffer *to;
    apr_pool_t *scratch;
    apr_hash_t *seen; /* docgen_symbol * */
    const docgen_symbol *around[DEPTH_MAX];
    int depth;
    int units;
    int refused;
} writer;

static void unit_write(writer *w, const docgen_unit *unit);
static void symbols_write(writer *w, const apr_array_header_t *symbols);

static int count_write(writer *w, const apr_array_header_t *list)
{
    docgen_form_number(w->to, list ? (apr_uint64_t)list->nelts + 1 : 0);
    return list ? list->nelts : 0;
}

static void texts_write(writer *w, const apr_array_header_t *texts)
{
    int count = count_write(w, texts);

    for (int i = 0; i < count; i++) {
        docgen_form_text(w->to, APR_ARRAY_IDX(texts, i, const char *));
    }
}

static void doc_write(writer *w, const docgen_doc *doc)
{
    int count;

    docgen_form_number(w->to, doc != NULL);
    if (!doc) {
        return;
    }
    docgen_form_text(w->to, doc->summary);
    docgen_form_text(w->to, doc->body);
    count = count_write(w, doc->fields);
    for (int i = 0; i < count; i++) {
        const docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

        docgen_form_text(w->to, field->kind);
        docgen_form_text(w->to, field->name);
        docgen_form_text(w->to, field->type);
        docgen_form_text(w->to, field->text);
    }
}

/** A parent is one of the symbols around: how many steps out, from 1; 0 = none. */
static apr_uint64_t parent_distance(writer *w, const docgen_symbol *symbol)
{
    if (!symbol->parent) {
        return 0;
    }
    for (int i = w->depth - 1; i >= 0; i--) {
        if (w->around[i] == symbol->parent) {
            return (apr_uint64_t)(w->depth - i);
        }
    }
    w->refused = 1;
    return 0;
}

static void symbol_write(writer *w, const docgen_symbol *symbol)
{
    if (w->depth == DEPTH_MAX || apr_hash_get(w->seen, &symbol, sizeof(symbol)) ||
        symbol->definition || symbol->inherited || symbol->usages) {
        w->refused = 1;
        return;
    }
    apr_hash_set(w->seen, apr_pmemdup(w->scratch, &symbol, sizeof(symbol)), sizeof(symbol), symbol);
    docgen_form_number(w->to, parent_distance(w, symbol));
    docgen_form_text(w->to, symbol->name);
    docgen_form_text(w->to, symbol->qualified);
    docgen_form_text(w->to, symbol->kind);
    docgen_form_number(w->to, (apr_uint64_t)symbol->visibility);
    docgen_form_number(w->to, (apr_uint64_t)symbol->line);
    docgen_form_number(w->to, (apr_uint64_t)symbol->end_line);
    docgen_form_text(w->to, symbol->signature);
    doc_write(w, symbol->doc);
    docgen_form_text(w->to, symbol->inherited_from);
    docgen_form_number(w->to, (apr_uint64_t)symbol->deprecated);
    docgen_form_number(w->to, symbol->traits);
    texts_write(w, symbol->bases);
    w->around[w->depth++] = symbol;
    symbols_write(w, symbol->members);
    symbols_write(w, symbol->overloads);
    w->depth--;
}

static void symbols_write(writer *w, const apr_array_header_t *symbols)
{
    int count = count_write(w, symbols);

    for (int i = 0; i < count && !w->refused; i++) {
        symbol_write(w, APR_ARRAY_IDX(symbols, i, const docgen_symbol *));
    }
}

static void imports_write(writer *w, const apr_array_header_t *imports)
{
    int count = count_write(w, imports);

    for (int i = 0; i < count; i++) {
        const docgen_import *import = &APR_ARRAY_IDX(imports, i, docgen_import);

        docgen_form_text(w->to, import->from);
        docgen_form_text(w->to, import->name);
        docgen_form_text(w->to, import->as);
        docgen_form_text(w->to, import->scope);
        docgen_form_number(w->to, (apr_uint64_t)import->line);
        docgen_form_number(w->to, import->flags);
    }
}

static void impls_write(writer *w, const apr_array_header_t *impls)
{
    int count = count_write(w, impls);

    for (int i = 0; i < count; i++) {
        const docgen_impl *impl = &APR_ARRAY_IDX(impls, i, docgen_impl);

        docgen_form_text(w->to, impl->type);
        docgen_form_text(w->to, impl->trait);
        docgen_form_text(w->to, impl->scope);
        symbols_write(w, impl->members);
    }
}

static void templates_write(writer *w, const apr_array_header_t *templates)
{
    int count = count_write(w, templates);

    for (int i = 0; i < count && !w->refused; i++) {
        const docgen_template *one = &APR_ARRAY_IDX(templates, i, docgen_template);

        docgen_form_text(w->to, one->name);
        unit_write(w, one->body);
    }
}

static void unit_write(writer *w, const docgen_unit *unit)
{
    if (w->units == TEMPLATES_MAX) {
        w->refused = 1;
        return;
    }
    w->units++;
    docgen_form_text(w->to, unit->package);
    doc_write(w, unit->doc);
    symbols_write(w, unit->symbols);
    imports_write(w, unit->imports);
    impls_write(w, unit->impls);
    texts_write(w, unit->all);
    texts_write(w, unit->children);
    templates_write(w, unit->templates);
    texts_write(w, unit->invocations);
    docgen_form_number(w->to, (apr_uint64_t)unit->entry_point);
    w->units--;
}

int docgen_unit_write(docgen_buffer *to, const docgen_unit *unit)
{
    writer w = {.to = to};
    apr_size_t before = to->length;

    apr_pool_create(&w.scratch, to->pool);
    w.seen = apr_hash_make(w.scratch);
    unit_write(&w, unit);
    if (w.refused) {
        to->length = before;
        to->data[before] = '\0';
    }
    apr_pool_destroy(w.scratch);
    return !w.refused;
}

/* --- reading ----------------------------------------------------------------------------------------------- */

typedef struct reader {
    docgen_form form;
    apr_pool_t *pool;
    const docgen_file *file;
    docgen_symbol *around[DEPTH_MAX];
    int depth;
    int units;
} reader;

static docgen_unit *unit_read(reader *r);
static apr_array_header_t *symbols_read(reader *r);

static int integer_read(reader *r)
{
    apr_uint64_t number = docgen_form_number_read(&r->form);

    r->form.broken |= number > APR_INT32_MAX;
    return r->form.broken ? 0 : (int)number;
}

/** A text that must be there. */
static const char *word_read(reader *r)
{
    const char *text = docgen_form_text_read(&r->form);

    r->form.broken |= text == NULL;
    return text ? text : "";
}

/** A list and how many elements are to follow; NULL for a list that is not there. */
static apr_array_header_t *list_read(reader *r, int size, apr_uint64_t *count)
{
    apr_uint64_t told = docgen_form_number_read(&r->form);

    *count = 0;
    if (!told || r->form.broken) {
        return NULL;
    }
    *count = told - 1;
    return apr_array_make(r->pool, *count < FIRST_ROOM ? (int)*count : FIRST_ROOM, size);
}

/** Like list_read for a list that is always there. */
static apr_array_header_t *list_expect(reader *r, int size, apr_uint64_t *count)
{
    apr_array_header_t *list = list_read(r, size, count);

    r->form.broken |= list == NULL;
    return list;
}

static apr_array_header_t *texts_read(reader *r)
{
    apr_uint64_t count;
    apr_array_header_t *texts = list_read(r, sizeof(const char *), &count);

    for (; count && !r->form.broken; count--) {
        APR_ARRAY_PUSH(texts, const char *) = word_read(r);
    }
    return texts;
}

static const docgen_doc *doc_read(reader *r)
{
    apr_uint64_t count;
    docgen_doc *doc;

    if (!docgen_form_number_read(&r->form)) {
        return NULL;
    }
    doc = apr_pcalloc(r->pool, sizeof(*doc));
    doc->summary = word_read(r);
    doc->body = word_read(r);
    doc->fields = list_expect(r, sizeof(docgen_doc_field), &count);
    for (; count && !r->form.broken; count--) {
        docgen_doc_field *field = apr_array_push(doc->fields);

        field->kind = word_read(r);
        field->name = docgen_form_text_read(&r->form);
        field->type = docgen_form_text_read(&r->form);
        field->text = word_read(r);
    }
    return doc;
}

static docgen_symbol *parent_read(reader *r)
{
    apr_uint64_t distance = docgen_form_number_read(&r->form);

    r->form.broken |= distance > (apr_uint64_t)r->depth;
    return distance && !r->form.broken ? r->around[r->depth - (int)distance] : NULL;
}

static docgen_symbol *symbol_read(reader *r)
{
    docgen_symbol *symbol = apr_pcalloc(r->pool, sizeof(*symbol));
    int visibility;

    if (r->depth == DEPTH_MAX) {
        r->form.broken = 1;
        return symbol;
    }
    symbol->file = r->file;
    symbol->parent = parent_read(r);
    symbol->name = word_read(r);
    symbol->qualified = word_read(r);
    symbol->kind = word_read(r);
    visibility = integer_read(r);
    r->form.broken |= visibility > DOCGEN_VISIBLE_PRIVATE;
    symbol->visibility = (docgen_visibility)visibility;
    symbol->line = integer_read(r);
    symbol->end_line = integer_read(r);
    symbol->signature = docgen_form_text_read(&r->form);
    symbol->doc = doc_read(r);
    symbol->inherited_from = docgen_form_text_read(&r->form);
    symbol->deprecated = integer_read(r);
    symbol->traits = (unsigned)integer_read(r);
    symbol->bases = texts_read(r);
    r->around[r->depth++] = symbol;
    symbol->members = symbols_read(r);
    symbol->overloads = symbols_read(r);
    r->depth--;
    return symbol;
}

static apr_array_header_t *symbols_read(reader *r)
{
    apr_uint64_t count;
    apr_array_header_t *symbols = list_read(r, sizeof(docgen_symbol *), &count);

    for (; count && !r->form.broken; count--) {
        APR_ARRAY_PUSH(symbols, docgen_symbol *) = symbol_read(r);
    }
    return symbols;
}

static apr_array_header_t *imports_read(reader *r)
{
    apr_uint64_t count;
    apr_array_header_t *imports = list_expect(r, sizeof(docgen_import), &count);

    for (; count && !r->form.broken; count--) {
        docgen_import *import = apr_array_push(imports);

        import->from = word_read(r);
        import->name = docgen_form_text_read(&r->form);
        import->as = docgen_form_text_read(&r->form);
        import->scope = word_read(r);
        import->line = integer_read(r);
        import->flags = (unsigned)integer_read(r);
    }
    return imports;
}

static apr_array_header_t *impls_read(reader *r)
{
    apr_uint64_t count;
    apr_array_header_t *impls = list_expect(r, sizeof(docgen_impl), &count);

    for (; count && !r->form.broken; count--) {
        docgen_impl *impl = apr_array_push(impls);

        impl->type = word_read(r);
        impl->trait = docgen_form_text_read(&r->form);
        impl->scope = docgen_form_text_read(&r->form);
        impl->scope = impl->scope ? impl->scope : "";
        impl->members = symbols_read(r);
        r->form.broken |= impl->members == NULL;
    }
    return impls;
}

static apr_array_header_t *templates_read(reader *r)
{
    apr_uint64_t count;
    apr_array_header_t *templates = list_expect(r, sizeof(docgen_template), &count);

    for (; count && !r->form.broken; count--) {
        docgen_template *one = apr_array_push(templates);

        one->name = word_read(r);
        one->body = unit_read(r);
    }
    return templates;
}

static docgen_unit *unit_read(reader *r)
{
    docgen_unit *unit = apr_pcalloc(r->pool, sizeof(*unit));

    if (r->units == TEMPLATES_MAX) {
        r->form.broken = 1;
        return unit;
    }
    r->units++;
    unit->file = r->file;
    unit->package = docgen_form_text_read(&r->form);
    unit->doc = doc_read(r);
    unit->symbols = symbols_read(r);
    r->form.broken |= unit->symbols == NULL;
    unit->imports = imports_read(r);
    unit->impls = impls_read(r);
    unit->all = texts_read(r);
    unit->children = texts_read(r);
    unit->templates = templates_read(r);
    unit->invocations = texts_read(r);
    r->form.broken |= !unit->children || !unit->invocations;
    unit->entry_point = integer_read(r);
    r->units--;
    return unit;
}

docgen_unit *docgen_unit_read(apr_pool_t *pool, const docgen_file *file, const char *bytes,
                              apr_size_t length)
{
    reader r = {.form = {.at = bytes, .end = bytes + length}, .pool = pool, .file = file};
    docgen_unit *unit = unit_read(&r);

    return r.form.broken || r.form.at != r.form.end ? NULL : unit;
}
