/* One symbol's entry: signature, prose, parameters, members, where it stands and how it is used.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/language.h"
#include "generator/sections/code_sections.h"
#include "generator/sections/prose.h"
#include "generator/sections/routing.h"
#include "generator/sections/signature.h"
#include "generator/sections/site.h"

#define INHERITED_MAX 80 /* names listed of each base */

int docgen_code_is_shown(const docgen_module *module, const docgen_symbol *symbol)
{
    return symbol->visibility == DOCGEN_VISIBLE_PUBLIC ||
           (module->visibility == DOCGEN_VISIBLE_INTERNAL &&
            symbol->visibility == DOCGEN_VISIBLE_INTERNAL);
}

int docgen_code_has_heading(const docgen_symbol *member)
{
    static const char *const kinds[] = {"method",    "property",  "class",  "function",
                                        "interface", "namespace", "record", "annotation",
                                        "protocol",  "object",    "trait",  "event"};

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(member->kind, kinds[i])) {
            return 1;
        }
    }
    /* A nested type is worth a heading when it has something to show below it. */
    return member->members && member->members->nelts > 0;
}

const char *docgen_code_title(const docgen_symbol *symbol)
{
    return symbol->parent ? symbol->qualified : symbol->name;
}

const char *docgen_code_kind_title(const char *kind)
{
    static const char *const titles[][2] = {
        {"function", "Functions"},   {"class", "Classes"},
        {"struct", "Structs"},       {"union", "Unions"},
        {"interface", "Interfaces"}, {"trait", "Traits"},
        {"enum", "Enums"},           {"type", "Types"},
        {"macro", "Macros"},         {"constant", "Constants"},
        {"variable", "Variables"},   {"namespace", "Namespaces"},
        {"method", "Methods"},       {"property", "Properties"},
        {"member", "Members"},       {"module", "Modules"},
        {"record", "Records"},       {"protocol", "Protocols"},
        {"object", "Objects"},       {"annotation", "Annotations"},
        {"extension", "Extensions"}, {"event", "Events"},
        {"table", "Tables"},         {"concept", "Concepts"},
    };

    for (unsigned i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
        if (!strcmp(titles[i][0], kind)) {
            return titles[i][1];
        }
    }
    return "Other";
}

const char *docgen_code_module_link(docgen_code_page *page, const docgen_module *module)
{
    const char *code = docgen_markdown_code(page->pool, module->name);

    return module->page ? apr_psprintf(page->pool, "[%s](%s)", code,
                                       docgen_site_href(page->pool, page->path, module->page, NULL))
                        : code;
}

const char *docgen_code_symbol_link(docgen_code_page *page, const docgen_symbol *symbol,
                                    const char *text)
{
    const char *code = docgen_markdown_code(page->pool, text ? text : docgen_code_title(symbol));

    return symbol->page ? apr_psprintf(page->pool, "[%s](%s)", code,
                                       docgen_site_href(page->pool, page->path, symbol->page,
                                                        symbol->anchor))
                        : code;
}

static const char *field_title(const char *kind)
{
    static const char *const titles[][2] = {
        {"param", "Parameters"},
        {"tparam", "Type parameters"},
        {"property", "Properties"},
        {"methods", "Method"},
        {"return", "Returns"},
        {"retval", "Return values"},
        {"yields", "Yields"},
        {"raises", "Raises"},
        {"throws", "Throws"},
        {"errors", "Errors"},
        {"panics", "Panics"},
        {"safety", "Safety"},
        {"example", "Example"},
        {"note", "Note"},
        {"warning", "Warning"},
        {"see", "See also"},
        {"default", "Default"},
        {"precondition", "Precondition"},
        {"postcondition", "Postcondition"},
        {"invariant", "Invariant"},
        {"since", "Since"},
        {"version", "Version"},
        {"changed", "Changed"},
        {"type", "Type"},
        {"experimental", "Experimental"},
    };

    for (unsigned i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
        if (!strcmp(titles[i][0], kind)) {
            return titles[i][1];
        }
    }
    return NULL;
}

/* Fields with names make a list, the others a paragraph each. */
static void one_field(docgen_code_page *page, const docgen_doc_field *field, docgen_lang lang)
{
    docgen_buffer *out = page->out;
    const char *title = field_title(field->kind);

    if (field->name) {
        docgen_buffer_printf(out, "- %s", docgen_markdown_code(page->pool, field->name));
        if (field->type) {
            docgen_buffer_printf(out, " (%s)", docgen_markdown_code(page->pool, field->type));
        }
        if (strstr(field->text, "```") || strstr(field->text, "\n- ") ||
            strstr(field->text, "\n* ")) {
            docgen_buffer_puts(out, "\n\n");
            for (const char *p = docgen_code_prose(page->pool, field->text, lang); *p;) {
                apr_size_t length = strcspn(p, "\n");

                docgen_buffer_puts(out, length ? "  " : "");
                docgen_buffer_append(out, p, length);
                docgen_buffer_puts(out, "\n");
                p += length + (p[length] == '\n');
            }
        } else {
            const char *line = docgen_code_line(page->pool, field->text, lang);

            docgen_buffer_printf(out, "%s%s\n", *line ? " — " : "", line);
        }
        return;
    }
    if (!strcmp(field->kind, "example")) {
        docgen_buffer_printf(out, field->type ? "\n**Example:** %s\n\n" : "\n**Example**\n\n",
                             field->type ? docgen_code_line(page->pool, field->type, lang) : "");
        if (strstr(field->text, "```") || strstr(field->text, ">>>") == NULL) {
            if (strstr(field->text, "```") ||
                docgen_traits_of(lang)->prose & DOCGEN_PROSE_EXAMPLES) {
                docgen_buffer_printf(out, "%s\n", docgen_code_prose(page->pool, field->text, lang));
            } else {
                docgen_code_block(out, field->text, docgen_code_language(lang));
            }
        } else {
            docgen_code_block(out, field->text, docgen_code_language(lang));
        }
        return;
    }
    docgen_buffer_printf(out, "\n**%s:** ", title);
    if (field->type) {
        docgen_buffer_printf(out, "%s%s", docgen_markdown_code(page->pool, field->type),
                             *field->text ? " — " : "");
    }
    docgen_buffer_printf(out, "%s\n", docgen_code_prose(page->pool, field->text, lang));
}

static void fields(docgen_code_page *page, const docgen_doc *doc, docgen_lang lang)
{
    static const char *const order[] = {
        "tparam",       "param",         "property",     "methods", "return",  "retval",  "yields",
        "raises",       "throws",        "errors",       "panics",  "safety",  "default", "type",
        "precondition", "postcondition", "invariant",    "note",    "warning", "example", "since",
        "version",      "changed",       "experimental", "see"};

    for (unsigned k = 0; k < sizeof(order) / sizeof(*order); k++) {
        int begun = 0;

        for (int i = 0; i < doc->fields->nelts; i++) {
            const docgen_doc_field *field = &APR_ARRAY_IDX(doc->fields, i, docgen_doc_field);

            if (strcmp(field->kind, order[k]) || (!field->name && !*field->text && !field->type)) {
                continue;
            }
            if (field->name && !begun) {
                docgen_buffer_printf(page->out, "\n**%s**\n\n", field_title(field->kind));
                begun = 1;
            }
            one_field(page, field, lang);
        }
        docgen_buffer_puts(page->out, begun ? "\n" : "");
    }
}

void docgen_code_doc(docgen_code_page *page, const docgen_doc *doc, docgen_lang lang)
{
    const docgen_doc_field *deprecated = docgen_doc_find(doc, "deprecated");

    if (!doc) {
        return;
    }
    if (deprecated) {
        const char *why = docgen_code_line(page->pool, deprecated->text, lang);

        docgen_buffer_printf(page->out, "> [!WARNING]\n> Deprecated%s%s\n\n", *why ? ": " : ".",
                             why);
    }
    if (doc->summary && *doc->summary) {
        docgen_buffer_printf(page->out, "%s\n\n",
                             docgen_code_prose(page->pool, doc->summary, lang));
    }
    if (doc->body && *doc->body) {
        docgen_buffer_printf(page->out, "%s\n\n", docgen_code_prose(page->pool, doc->body, lang));
    }
    fields(page, doc, lang);
}

static int is_row(const docgen_symbol *symbol, const docgen_symbol *member)
{
    return !docgen_code_has_heading(member) && member->visibility <= symbol->visibility;
}

/* Fields, enum values and attributes as a table. */
static void member_table(docgen_code_page *page, const docgen_symbol *symbol)
{
    docgen_lang lang = symbol->file->lang;
    int is_enum = !strcmp(symbol->kind, "enum"), begun = 0;

    for (int i = 0; symbol->members && i < symbol->members->nelts; i++) {
        const docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);
        const char *text = "";

        if (!is_row(symbol, member)) {
            continue;
        }
        if (!begun) {
            docgen_buffer_printf(page->out,
                                 "\n| %s | Declaration | Description |\n| --- | --- | --- |\n",
                                 is_enum ? "Value" : "Member");
            begun = 1;
        }
        if (member->doc) {
            text = apr_pstrcat(page->pool, member->doc->summary, *member->doc->body ? " " : "",
                               member->doc->body, NULL);
            text = docgen_table_cell(page->pool, docgen_code_line(page->pool, text, lang));
        }
        docgen_buffer_printf(
            page->out, "| %s | %s | %s |\n",
            docgen_table_cell(page->pool, docgen_markdown_code(page->pool, member->name)),
            member->signature && strcmp(member->signature, member->name)
                ? docgen_table_cell(page->pool, docgen_markdown_code(page->pool, member->signature))
                : "",
            text);
    }
    docgen_buffer_puts(page->out, begun ? "\n" : "");
}

/* A base as written; the one this site documents is a link. */
static const char *base_link(docgen_code_page *page, const docgen_symbol *symbol, const char *base)
{
    apr_size_t length = strcspn(base, "<[( ");
    const char *name = apr_pstrmemdup(page->pool, base, length), *last = name;
    const docgen_symbol *type;

    for (const char *p = name; *p; p++) {
        last = *p == '.' || *p == '\\' || *p == ':' ? p + 1 : last;
    }
    type = apr_hash_get(page->site->model->symbols, last, APR_HASH_KEY_STRING);
    return type && type != symbol && type->page && type->members &&
                   strcmp(type->kind, "extension") && type->file->lang == symbol->file->lang
               ? docgen_code_symbol_link(page, type, base)
               : docgen_markdown_code(page->pool, base);
}

static void relations(docgen_code_page *page, const docgen_symbol *symbol)
{
    const docgen_symbol *from = NULL;
    int listed = 0;

    if (symbol->bases && symbol->bases->nelts > 0) {
        const docgen_traits *traits = docgen_traits_of(symbol->file->lang);
        int plain =
            !traits->bases || (traits->bases_but_of && !strcmp(symbol->kind, traits->bases_but_of));

        docgen_buffer_printf(page->out, "\n**%s:** ", plain ? "Extends" : traits->bases);
        for (int i = 0; i < symbol->bases->nelts; i++) {
            docgen_buffer_printf(
                page->out, "%s%s", i ? ", " : "",
                base_link(page, symbol, APR_ARRAY_IDX(symbol->bases, i, const char *)));
        }
        docgen_buffer_puts(page->out, "\n");
    }
    for (int i = 0; symbol->inherited && i < symbol->inherited->nelts; i++) {
        const docgen_symbol *member = APR_ARRAY_IDX(symbol->inherited, i, docgen_symbol *);

        if (member->parent != from) {
            from = member->parent;
            listed = 0;
            docgen_buffer_printf(page->out, "\n**Inherited from %s:** ",
                                 docgen_code_symbol_link(page, from, NULL));
        }
        if (listed++ < INHERITED_MAX) {
            docgen_buffer_printf(page->out, "%s%s", listed > 1 ? ", " : "",
                                 docgen_code_symbol_link(page, member, member->name));
        }
    }
    docgen_buffer_puts(page->out, from ? "\n" : "");
}

static void source(docgen_code_page *page, const docgen_symbol *symbol)
{
    docgen_buffer_printf(
        page->out, "\n%s: %s",
        symbol->traits & DOCGEN_SYMBOL_PASTED    ? "A macro makes this name at"
        : symbol->traits & DOCGEN_SYMBOL_RENAMED ? "Exported under this name, defined at"
                                                 : "Source",
        docgen_site_source(page->site, page->pool, symbol->file, symbol->line, symbol->end_line));
    if (symbol->definition) {
        docgen_buffer_printf(page->out, ", defined at %s",
                             docgen_site_source(page->site, page->pool, symbol->definition,
                                                symbol->definition_line, symbol->definition_end));
    }
    docgen_buffer_puts(page->out, "\n");
}

static void usages(docgen_code_page *page, const docgen_symbol *symbol)
{
    if (!symbol->usages || symbol->usages->nelts == 0) {
        return;
    }
    docgen_buffer_puts(page->out, "\n<details><summary>Used in</summary>\n\n");
    for (int i = 0; i < symbol->usages->nelts; i++) {
        const docgen_usage *usage = &APR_ARRAY_IDX(symbol->usages, i, docgen_usage);

        docgen_buffer_printf(
            page->out, "%s\n",
            docgen_site_source(page->site, page->pool, usage->file, usage->line, usage->end_line));
        docgen_code_block(page->out, usage->excerpt,
                          docgen_code_language(usage->file->flags & DOCGEN_FILE_DOCUMENT
                                                   ? symbol->file->lang
                                                   : usage->file->lang));
    }
    docgen_buffer_puts(page->out, "</details>\n\n");
}

static void heading(docgen_code_page *page, const docgen_symbol *symbol, int level)
{
    for (int i = 0; i < level; i++) {
        docgen_buffer_puts(page->out, "#");
    }
    docgen_buffer_printf(page->out, " %s {#%s}\n",
                         docgen_markdown_escape(page->pool, docgen_code_title(symbol)),
                         symbol->anchor);
}

/* Signatures of one name whose comments say the same, or nothing, stand in one block. */
static const char *signatures(docgen_code_page *page, const docgen_symbol *symbol)
{
    const char *signature = docgen_signature_text(page->pool, symbol);

    for (int i = 0; symbol->overloads && i < symbol->overloads->nelts && i < 40; i++) {
        const docgen_symbol *overload = APR_ARRAY_IDX(symbol->overloads, i, docgen_symbol *);

        if (overload->signature && !overload->doc &&
            strcmp(overload->signature, symbol->signature ? symbol->signature : "")) {
            signature = apr_pstrcat(page->pool, signature, "\n",
                                    docgen_signature_text(page->pool, overload), NULL);
        }
    }
    return signature;
}

/* Overloads that have a comment of their own, each with its signature, below the first. */
static void overloads(docgen_code_page *page, const docgen_symbol *symbol)
{
    docgen_lang lang = symbol->file->lang;

    for (int i = 0; symbol->overloads && i < symbol->overloads->nelts; i++) {
        const docgen_symbol *overload = APR_ARRAY_IDX(symbol->overloads, i, docgen_symbol *);

        if (!overload->doc) {
            continue;
        }
        docgen_signature_write(page, overload, docgen_signature_text(page->pool, overload));
        if (overload->deprecated && !docgen_doc_find(overload->doc, "deprecated")) {
            docgen_buffer_puts(page->out, "> [!WARNING]\n> Deprecated.\n\n");
        }
        docgen_code_doc(page, overload->doc, lang);
        source(page, overload);
    }
}

void docgen_code_entry(docgen_code_page *page, const docgen_symbol *symbol, int level)
{
    docgen_lang lang = symbol->file->lang;

    heading(page, symbol, level);
    docgen_signature_write(page, symbol, signatures(page, symbol));
    if (symbol->deprecated && !docgen_doc_find(symbol->doc, "deprecated")) {
        docgen_buffer_puts(page->out, "> [!WARNING]\n> Deprecated.\n\n");
    }
    docgen_code_doc(page, symbol->doc, lang);
    docgen_routes_write(page, docgen_routes_symbol(page->site, symbol));
    member_table(page, symbol);
    relations(page, symbol);
    source(page, symbol);
    usages(page, symbol);
    overloads(page, symbol);
    for (int i = 0; symbol->members && i < symbol->members->nelts; i++) {
        const docgen_symbol *member = APR_ARRAY_IDX(symbol->members, i, docgen_symbol *);

        if (docgen_code_has_heading(member) && member->visibility <= symbol->visibility &&
            member->anchor) {
            docgen_buffer_puts(page->out, "\n");
            docgen_code_entry(page, member, level < 6 ? level + 1 : 6);
        }
    }
    docgen_buffer_puts(page->out, "\n");
}
