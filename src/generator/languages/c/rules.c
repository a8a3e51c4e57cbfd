/* C++: rules that need the source's text beside ctags' tags.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/c/rules.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/languages/c/text.h"
#include "generator/analysis/doc.h"

enum {
    REGIONS_MAX = 256 /* hidden regions of one file */
};

typedef struct region {
    int first, last; /* lines */
} region;

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

const char *docgen_cpp_name(apr_pool_t *pool, const char *name)
{
    const char *rest = name + 8;

    if (strncmp(name, "operator", 8) || is_word(*rest)) {
        return name;
    }
    rest += strspn(rest, " ");
    return *rest && !is_word(*rest) ? apr_pstrcat(pool, "operator", rest, NULL)
                                    : apr_pstrcat(pool, "operator ", rest, NULL);
}

int docgen_cpp_is_deleted(const char *declaration)
{
    apr_size_t length = strlen(declaration);

    while (length > 0 &&
           (isspace((unsigned char)declaration[length - 1]) || declaration[length - 1] == ';')) {
        length--;
    }
    if (length < 8 || strncmp(declaration + length - 6, "delete", 6)) {
        return 0;
    }
    for (length -= 6; length > 0 && declaration[length - 1] == ' '; length--) {
    }
    return length > 0 && declaration[length - 1] == '=';
}

int docgen_cpp_is_specialisation(const char *declaration, const char *name)
{
    apr_size_t length = strlen(name);

    if (strncmp(declaration, "template", 8) || !strncmp(name, "operator", 8)) {
        return 0;
    }
    for (const char *p = strstr(declaration, name); p; p = strstr(p + 1, name)) {
        if (!is_word(p[-1]) && !is_word(p[length])) {
            const char *next = p + length + strspn(p + length, " \n\t");

            if (*next == '(' || *next == ':' || *next == '{' || !*next) {
                return 0;
            }
            if (*next == '<' && p[-1] != '~' && strchr(" :\n\t*&", p[-1])) {
                return 1;
            }
        }
    }
    return 0;
}

int docgen_cpp_is_guide(const char *declaration, const char *name)
{
    const char *arrow = strstr(declaration, "->");
    apr_size_t length = strlen(name);

    if (!arrow) {
        return 0;
    }
    arrow += 2 + strspn(arrow + 2, " ");
    return !strncmp(arrow, name, length) && !is_word(arrow[length]);
}

int docgen_c_is_internal_scope(const char *scope)
{
    static const char *const words[] = {"detail",   "details",   "impl",
                                        "internal", "internals", "implementation"};

    while (scope && *scope) {
        apr_size_t length = strcspn(scope, ":");

        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            apr_size_t n = strlen(words[i]);

            /* "detail", "detail_exp", "format_detail" */
            if (length >= n &&
                ((!strncmp(scope, words[i], n) && (length == n || scope[n] == '_')) ||
                 (length > n && scope[length - n - 1] == '_' &&
                  !strncmp(scope + length - n, words[i], n)))) {
                return 1;
            }
        }
        scope += length + strspn(scope + length, ":");
    }
    return 0;
}

/* The innermost namespace around a line: its full name, or NULL. */
static const char *namespace_at(const docgen_source *source, const apr_array_header_t *tags,
                                int line)
{
    const docgen_ctag *best = NULL;

    for (int i = 0; i < tags->nelts; i++) {
        const docgen_ctag *tag = &APR_ARRAY_IDX(tags, i, docgen_ctag);

        if (!strcmp(tag->kind, "namespace") && tag->line <= line && tag->end >= line &&
            (!best || tag->line >= best->line)) {
            best = tag;
        }
    }
    return !best         ? NULL
           : best->scope ? apr_pstrcat(source->scratch, best->scope, "::", best->name, NULL)
                         : best->name;
}

void docgen_cpp_concepts(const docgen_source *source, const apr_array_header_t *tags,
                         docgen_unit *unit)
{
    const char *end = source->text + source->length;

    for (const char *p = source->text; (p = memmem(p, (apr_size_t)(end - p), "concept", 7));) {
        const char *start = p, *name, *stop, *scope;
        int line, first;
        docgen_symbol *symbol;

        p += 7;
        if (start == source->text || is_word(start[-1]) || !isspace((unsigned char)*p)) {
            continue;
        }
        name = p + strspn(p, " \t\r\n");
        for (stop = name; stop < end && is_word(*stop); stop++) {
        }
        p = stop + strspn(stop, " \t\r\n");
        if (stop == name || *p != '=' || p[1] == '=') {
            continue;
        }
        line = docgen_source_line(source, (apr_size_t)(name - source->text));
        first = docgen_c_first_line(source, line);
        symbol = docgen_symbol_add(source, unit->symbols, NULL, "concept",
                                   apr_pstrmemdup(source->pool, name, (apr_size_t)(stop - name)),
                                   line, line);
        scope = namespace_at(source, tags, line);
        if (scope) {
            symbol->qualified = apr_pstrcat(source->pool, scope, "::", symbol->name, NULL);
        }
        symbol->visibility = docgen_c_is_internal_scope(scope) || *symbol->name == '_'
                                 ? DOCGEN_VISIBLE_INTERNAL
                                 : DOCGEN_VISIBLE_PUBLIC;
        symbol->traits |= DOCGEN_SYMBOL_EXPORTED;
        symbol->signature = docgen_c_declaration(source, first);
        symbol->doc = docgen_c_doc_above(source, first);
    }
}

/* The next "@word" or "\word" that begins in a comment's line; its offset behind the sign, or NULL. */
static const char *next_command(const char *p, const char *end, const char *word)
{
    apr_size_t length = strlen(word);

    for (; (p = memmem(p, (apr_size_t)(end - p), word, length)); p += length) {
        if ((p[-1] == '@' || p[-1] == '\\') && !is_word(p[length])) {
            return p;
        }
    }
    return NULL;
}

static int find_regions(const docgen_source *source, region *regions)
{
    const char *end = source->text + source->length, *p = source->text + 1;
    int count = 0;

    while (count < REGIONS_MAX && source->length > 1 && (p = next_command(p, end, "cond"))) {
        const char *stop = next_command(p, end, "endcond");

        regions[count].first = docgen_source_line(source, (apr_size_t)(p - source->text));
        if (!stop) {
            break;
        }
        regions[count++].last = docgen_source_line(source, (apr_size_t)(stop - source->text));
        p = stop;
    }
    return count;
}

static void hide(apr_array_header_t *symbols, const region *regions, int count, int depth)
{
    for (int i = 0; symbols && depth < 8 && i < symbols->nelts; i++) {
        docgen_symbol *symbol = APR_ARRAY_IDX(symbols, i, docgen_symbol *);

        for (int n = 0; n < count; n++) {
            if (symbol->line >= regions[n].first && symbol->line <= regions[n].last) {
                symbol->traits |= DOCGEN_SYMBOL_HIDDEN;
            }
        }
        hide(symbol->members, regions, count, depth + 1);
    }
}

void docgen_c_hide_regions(const docgen_source *source, apr_array_header_t *symbols)
{
    region regions[REGIONS_MAX];
    int count = find_regions(source, regions);

    if (count > 0) {
        hide(symbols, regions, count, 0);
    }
}

static int says(const char *text)
{
    static const char *const words[] = {
        "internal use only", "for internal use", "not part of the public api",
        "is private to ",    "are private to ",  "used internally only"};
    static const char *const beginnings[] = {"private to ", "internal api", "internal function"};

    for (unsigned i = 0; text && i < sizeof(words) / sizeof(*words); i++) {
        if (strcasestr(text, words[i])) {
            return 1;
        }
    }
    for (unsigned i = 0; text && i < sizeof(beginnings) / sizeof(*beginnings); i++) {
        if (!strncasecmp(text, beginnings[i], strlen(beginnings[i]))) {
            return 1;
        }
    }
    return 0;
}

int docgen_c_says_internal(const docgen_doc *doc)
{
    return doc && (docgen_doc_find(doc, "internal") || says(doc->summary));
}
