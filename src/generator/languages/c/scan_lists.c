/* C: lists of macro calls that make an enum's values. "#define LIST(X) X(A, "a") X(B, "b")" is expanded where an enum
 * holds "#define X(name, text) PREFIX_##name," and "LIST(X)".
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/c/text.h"
#include "generator/analysis/doc.h"

enum {
    PARAMETERS_MAX = 8,
    ENTRIES_MAX = 2000, /* of one list */
    BODY_MAX = 65536    /* bytes of one list or macro */
};

/* A macro with parameters, as its #define stands in the text. */
typedef struct macro {
    const char *parameters[PARAMETERS_MAX];
    int count;
    const char *body, *end; /* in the source's text, continuation lines included */
} macro;

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Skips blanks, continued lines and comments. */
static const char *skip(const char *p, const char *end)
{
    while (p < end) {
        if (isspace((unsigned char)*p) || (*p == '\\' && end - p > 1 && strchr("\r\n", p[1]))) {
            p++;
        } else if (end - p > 3 && p[0] == '/' && p[1] == '*') {
            const char *stop = memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2);

            p = stop ? stop + 2 : end;
        } else {
            break;
        }
    }
    return p;
}

/* The arguments of the call whose `(` is at `p`. @return what is behind its `)`, or NULL */
static const char *arguments(const docgen_source *source, const char *p, const char *end,
                             const char **into, int *count)
{
    const char *start = p + 1;
    int depth = 0;
    char quote = 0;

    for (*count = 0; p < end; p++) {
        if (quote) {
            p += *p == '\\' && end - p > 1;
            quote = *p == quote && p[-1] != '\\' ? 0 : quote;
            continue;
        }
        if (*p == '"' || *p == '\'') {
            quote = *p;
            continue;
        }
        if (depth == 1 && (*p == ',' || *p == ')')) {
            if (*count == PARAMETERS_MAX) {
                return NULL;
            }
            into[(*count)++] = docgen_source_squeeze(source, (apr_size_t)(start - source->text),
                                                     (apr_size_t)(p - source->text), 400);
            start = p + 1;
        }
        depth += (*p == '(') - (*p == ')');
        if (depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* The last "#define NAME(…)" that begins before `before`; 0 when there is none. */
static int find_macro(const docgen_source *source, const char *name, const char *before, macro *m)
{
    apr_size_t length = strlen(name);
    const char *end = source->text + source->length, *found = NULL;

    for (const char *p = source->text; (p = memmem(p, (apr_size_t)(before - p), "define", 6));
         p += 6) {
        const char *word = p + 6 + strspn(p + 6, " \t");

        if (word + length < before && !strncmp(word, name, length) && word[length] == '(' &&
            p > source->text && strchr("# \t", p[-1])) {
            found = word + length;
        }
    }
    if (!found || !(m->body = arguments(source, found, end, m->parameters, &m->count))) {
        return 0;
    }
    for (m->end = m->body; m->end < end && m->end - m->body < BODY_MAX; m->end++) {
        if (*m->end == '\n' && m->end[-1] != '\\' && !(m->end[-1] == '\r' && m->end[-2] == '\\')) {
            break;
        }
    }
    return 1;
}

/* The first name that a macro's body makes of its arguments: pasted parts joined, parameters replaced. */
static const char *expand_name(const docgen_source *source, const macro *m, const char **values,
                               int count)
{
    const char *p = skip(m->body, m->end), *name = "";

    while (p < m->end && (is_word(*p) || *p == '#')) {
        const char *start = p, *part;

        if (*p == '#') { /* ## pastes what follows */
            if (m->end - p < 2 || p[1] != '#') {
                return NULL;
            }
            p = skip(p + 2, m->end);
            start = p;
        } else if (*name) {
            break;
        }
        while (p < m->end && is_word(*p)) {
            p++;
        }
        part = apr_pstrmemdup(source->scratch, start, (apr_size_t)(p - start));
        for (int i = 0; i < m->count && i < count; i++) {
            part = !strcmp(part, m->parameters[i]) ? values[i] : part;
        }
        name = apr_pstrcat(source->pool, name, part, NULL);
        p = skip(p, m->end);
    }
    for (const char *c = name; *c; c++) {
        if (!is_word(*c)) {
            return NULL;
        }
    }
    return *name && !isdigit((unsigned char)*name) ? name : NULL;
}

/* What an entry's string says of it, or NULL. */
static const docgen_doc *text_of(const docgen_source *source, const char **values, int count)
{
    for (int i = 0; i < count; i++) {
        apr_size_t length = strlen(values[i]);

        if (length > 2 && values[i][0] == '"' && values[i][length - 1] == '"') {
            return docgen_c_doc(source, apr_pstrmemdup(source->scratch, values[i] + 1, length - 2));
        }
    }
    return NULL;
}

static int has_member(const docgen_symbol *owner, const char *name)
{
    for (int i = 0; owner->members && i < owner->members->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(owner->members, i, docgen_symbol *)->name, name)) {
            return 1;
        }
    }
    return 0;
}

/* Adds a value to the enum for each entry of the list. */
static void add_entries(const docgen_source *source, docgen_symbol *owner, const macro *list,
                        const macro *entry)
{
    const char *call = list->count == 1 ? list->parameters[0] : "";
    apr_size_t length = strlen(call);
    int added = 0;

    for (const char *p = skip(list->body, list->end);
         length && p < list->end && added < ENTRIES_MAX; p = skip(p, list->end)) {
        const char *values[PARAMETERS_MAX], *start = p, *name;
        int count, line = docgen_source_line(source, (apr_size_t)(p - source->text));

        if (strncmp(p, call, length) || p[length] != '(' ||
            !(p = arguments(source, start + length, list->end, values, &count))) {
            return; /* not a list of calls alone */
        }
        name = expand_name(source, entry, values, count);
        if (name && !has_member(owner, name)) {
            docgen_symbol *symbol = docgen_symbol_add(
                source, docgen_symbol_members(source, owner), owner, "member", name, line,
                docgen_source_line(source, (apr_size_t)(p - source->text) - 1));

            symbol->visibility = owner->visibility;
            symbol->signature = symbol->name;
            symbol->traits |= DOCGEN_SYMBOL_PASTED;
            symbol->doc = text_of(source, values, count);
            added++;
        }
    }
}

/* ctags takes the call of the list for a value. */
static void drop_call(docgen_symbol *owner, const char *name)
{
    int kept = 0;

    for (int i = 0; owner->members && i < owner->members->nelts; i++) {
        docgen_symbol *member = APR_ARRAY_IDX(owner->members, i, docgen_symbol *);

        if (strcmp(member->name, name)) {
            APR_ARRAY_IDX(owner->members, kept++, docgen_symbol *) = member;
        }
    }
    if (owner->members) {
        owner->members->nelts = kept;
    }
}

/* ctags takes the value behind the list's call for the rest of the call. */
static void add_next(const docgen_source *source, docgen_symbol *owner, const char *p,
                     const char *end)
{
    const char *start, *name;

    for (p = skip(p, end); p < end && *p == '#'; p = skip(p, end)) {
        p += strcspn(p, "\n");
    }
    for (start = p; p < end && is_word(*p); p++) {
    }
    name = apr_pstrmemdup(source->scratch, start, (apr_size_t)(p - start));
    p = skip(p, end);
    if (*name && !isdigit((unsigned char)*name) && p < end && strchr("=,}", *p) &&
        !has_member(owner, name)) {
        int line = docgen_source_line(source, (apr_size_t)(start - source->text));
        docgen_symbol *symbol = docgen_symbol_add(source, docgen_symbol_members(source, owner),
                                                  owner, "member", name, line, line);

        symbol->visibility = owner->visibility;
        symbol->signature = symbol->name;
        symbol->doc = docgen_c_doc_of_member(source, line);
    }
}

void docgen_scan_c_lists(const docgen_source *source, docgen_symbol *owner, int *budget)
{
    apr_size_t stop;
    const char *p = docgen_source_at(source, owner->line, &stop), *end;

    docgen_source_at(source, owner->end_line, &stop);
    end = source->text + stop;
    for (; p<end && * budget> 0; p++) {
        const char *start = p, *inner[PARAMETERS_MAX], *after, *name;
        macro list = {{NULL}, 0, NULL, NULL}, entry = {{NULL}, 0, NULL, NULL};
        int count;

        while (p < end && is_word(*p)) {
            p++;
        }
        if (p == start || p >= end || *p != '(') {
            continue;
        }
        after = arguments(source, p, end, inner, &count);
        name = apr_pstrmemdup(source->scratch, start, (apr_size_t)(p - start));
        if (!after || count != 1 || !*inner[0] || isdigit((unsigned char)*inner[0])) {
            p = after ? after - 1 : p;
            continue;
        }
        --*budget;
        if (find_macro(source, inner[0], start, &entry) &&
            memmem(entry.body, (apr_size_t)(entry.end - entry.body), "##", 2) &&
            find_macro(source, name, start, &list)) {
            drop_call(owner, name);
            add_entries(source, owner, &list, &entry);
            add_next(source, owner, after, end);
        }
        p = after - 1;
    }
}
