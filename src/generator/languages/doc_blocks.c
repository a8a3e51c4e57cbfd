/* Doc comments whose lines may begin with an @block tag.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

/** What follows a block tag. */
typedef enum argument {
    TEXT,      /**< only text */
    NAME,      /**< a parameter's name (PHPDoc, YARD: and its type) */
    EXCEPTION, /**< a class */
    TYPE,      /**< PHPDoc, YARD: a type, then text */
    TITLE      /**< YARD: a title, then text below */
} argument;

typedef struct block {
    const char *name;
    const char *kind; /**< of the field; "" = its text joins the prose, NULL = dropped */
    argument argument;
} block;

static const block blocks[] = {
    {"param", "param", NAME},
    {"tparam", "tparam", NAME},
    {"option", "param", NAME},
    {"yieldparam", "param", NAME},
    {"property", "property", NAME},
    {"property-read", "property", NAME},
    {"property-write", "property", NAME},
    {"receiver", "note", TEXT},
    {"return", "return", TYPE},
    {"returns", "return", TYPE},
    {"yield", "yields", TYPE},
    {"yieldreturn", "yields", TYPE},
    {"var", "type", TYPE},
    {"type", "type", TYPE},
    {"throws", "throws", EXCEPTION},
    {"exception", "throws", EXCEPTION},
    {"raise", "throws", EXCEPTION},
    {"since", "since", TEXT},
    {"version", NULL, TEXT},
    {"deprecated", "deprecated", TEXT},
    {"see", "see", TEXT},
    {"link", "see", TEXT},
    {"sample", "see", TEXT},
    {"note", "note", TEXT},
    {"apiNote", "note", TEXT},
    {"implNote", "note", TEXT},
    {"implSpec", "note", TEXT},
    {"implementationNote", "note", TEXT},
    {"warning", "warning", TEXT},
    {"example", "example", TITLE},
    {"internal", "internal", TEXT},
    {"hide", "internal", TEXT},
    {"hidden", "internal", TEXT},
    {"suppress", "internal", TEXT},
    {"nodoc", "internal", TEXT},
    {"private", "internal", TEXT},
    {"api", "api", TEXT},
    {"constructor", "", TEXT},
    {"overload", NULL, TEXT},
    {"method", "methods", TEXT},
};

static const block *find_block(const char *name, apr_size_t length)
{
    for (unsigned i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
        if (strlen(blocks[i].name) == length && !memcmp(blocks[i].name, name, length)) {
            return &blocks[i];
        }
    }
    return NULL;
}

static const char *blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return p;
}

/** A type at `p`: words joined by | and &, brackets balanced. Moves past it. */
static const char *take_type(apr_pool_t *pool, const char **p, const char *end)
{
    const char *start = *p, *q = start;
    int depth = 0;

    for (; q < end; q++) {
        depth += strchr("<({[", *q) != NULL;
        depth -= strchr(">)}]", *q) != NULL;
        if (depth <= 0 && isspace((unsigned char)*q)) {
            const char *next = blanks(q, end);

            if (next < end &&
                (*next == '|' || (*next == '&' && next + 1 < end && next[1] != '$'))) {
                q = next;
                continue;
            }
            if (q > start && strchr("|&:", q[-1])) {
                continue;
            }
            break;
        }
    }
    *p = blanks(q, end);
    return q > start ? apr_pstrmemdup(pool, start, (apr_size_t)(q - start)) : NULL;
}

/** YARD's "[Type, Type]" at `p`, without the brackets. Moves past it; NULL = none. */
static const char *take_bracketed(apr_pool_t *pool, const char **p, const char *end)
{
    const char *close = *p < end && **p == '[' ? memchr(*p, ']', (apr_size_t)(end - *p)) : NULL;
    const char *type;

    if (!close) {
        return NULL;
    }
    type = apr_pstrmemdup(pool, *p + 1, (apr_size_t)(close - *p) - 1);
    *p = blanks(close + 1, end);
    return type;
}

static const char *take_word(apr_pool_t *pool, const char **p, const char *end)
{
    const char *q = *p;
    const char *word;

    while (q < end && !isspace((unsigned char)*q)) {
        q++;
    }
    word = apr_pstrmemdup(pool, *p, (apr_size_t)(q - *p));
    *p = blanks(q, end);
    return word;
}

/** The name of a parameter and, in PHPDoc and YARD, its type on either side. */
static void take_parameter(docgen_doc_builder *b, const block *block, const char **p,
                           const char *end, docgen_doc_style style)
{
    const char *type = NULL, *name = NULL, *kind = block->kind;

    if (style == DOCGEN_DOC_PHPDOC) {
        if (**p != '$' && **p != '.' && **p != '&') {
            type = take_type(b->pool, p, end);
        }
        if (**p == '$' || !strncmp(*p, "...$", 4) || !strncmp(*p, "&$", 2)) {
            name = take_word(b->pool, p, end);
        }
    } else if (style == DOCGEN_DOC_YARD) {
        type = take_bracketed(b->pool, p, end);
        name = take_word(b->pool, p, end);
        type = type ? type : take_bracketed(b->pool, p, end);
        if (!strcmp(block->name, "option")) {
            name = apr_pstrcat(b->pool, name, " ", take_word(b->pool, p, end), NULL);
        }
    } else {
        name = take_word(b->pool, p, end);
        if (*name == '<') {
            kind = "tparam";
        }
    }
    if (*p + 1 < end && (**p == '-' || **p == ':') && (*p)[1] == ' ') {
        *p = blanks(*p + 1, end);
    }
    docgen_doc_open(b, kind, name, type);
}

static void open_block(docgen_doc_builder *b, const block *block, const char *p, const char *end,
                       docgen_doc_style style)
{
    const char *type = NULL;

    p = blanks(p, end);
    if (style == DOCGEN_DOC_KDOC && p + 1 < end && *p == '`' && block->argument == NAME) {
        const char *close = memchr(p + 1, '`', (apr_size_t)(end - p) - 1); /* "@param[name]" */

        if (close) {
            docgen_doc_open(b, block->kind,
                            apr_pstrmemdup(b->pool, p + 1, (apr_size_t)(close - p) - 1), NULL);
            p = blanks(close + 1, end);
            docgen_doc_line(b, p, (apr_size_t)(end - p));
            return;
        }
    }
    if (!block->kind) {
        docgen_doc_prose(b);
        b->dropped = 1;
        return;
    }
    if (!*block->kind) {
        docgen_doc_prose(b);
    } else if (!strcmp(block->kind, "api")) { /* YARD: @api private */
        docgen_doc_open(b, !strncmp(p, "private", 7) ? "internal" : "api", NULL, NULL);
        return;
    } else if (block->argument == NAME) {
        take_parameter(b, block, &p, end, style);
    } else if (block->argument == EXCEPTION) {
        const char *name = style == DOCGEN_DOC_YARD ? take_bracketed(b->pool, &p, end) : NULL;

        name = name || style == DOCGEN_DOC_YARD ? name : take_word(b->pool, &p, end);
        if (name && *name == '`') {
            name = apr_pstrmemdup(b->pool, name + 1, strcspn(name + 1, "`"));
        }
        docgen_doc_open(b, block->kind, name, NULL);
    } else if (block->argument == TYPE) {
        if (style == DOCGEN_DOC_PHPDOC) {
            type = take_type(b->pool, &p, end);
            if (p < end && *p == '$') {
                take_word(b->pool, &p, end); /* "@var Type $name" */
            }
        } else if (style == DOCGEN_DOC_YARD) {
            type = take_bracketed(b->pool, &p, end);
        }
        docgen_doc_open(b, block->kind, NULL, type);
        if (!strcmp(block->name, "var")) {
            docgen_doc_prose(b); /* what it holds is what a reader wants first */
        }
    } else if (block->argument == TITLE && style == DOCGEN_DOC_YARD) {
        docgen_doc_open(b, block->kind, NULL, NULL);
        return;
    } else {
        docgen_doc_open(b, block->kind, NULL, NULL);
    }
    docgen_doc_line(b, p, (apr_size_t)(end - p));
}

static const char *inline_text(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    return style == DOCGEN_DOC_JAVADOC || style == DOCGEN_DOC_PHPDOC
               ? docgen_doc_inline_html(pool, text, style)
               : docgen_doc_inline_names(pool, text, style);
}

/** Javadoc's "@see Class#member label", "@see <a …>", "@see "book"" as a reader wants them. */
static void see_line(docgen_doc_builder *b, const char *p, const char *end)
{
    const char *stop = p, *paren;

    if (p >= end || *p == '<' || *p == '"' || *p == '[' || *p == '`' || strstr(p, "://") == p + 4 ||
        strstr(p, "://") == p + 5) {
        docgen_doc_line(b, p, (apr_size_t)(end - p));
        return;
    }
    while (stop < end && !isspace((unsigned char)*stop) && *stop != '(') {
        stop++;
    }
    if (stop < end && *stop == '(' && (paren = memchr(stop, ')', (apr_size_t)(end - stop)))) {
        stop = paren + 1;
    }
    docgen_doc_reference(b->text, p, (apr_size_t)(stop - p));
    docgen_doc_line(b, stop, (apr_size_t)(end - stop));
}

void docgen_doc_blocks(docgen_doc_builder *b, const char *text, docgen_doc_style style)
{
    const char *p = inline_text(b->pool, text, style);
    int fence = 0, has_tags = style != DOCGEN_DOC_DART;

    while (*p) {
        const char *end = p + strcspn(p, "\n"), *at = blanks(p, end), *word;
        const block *block;

        if (!strncmp(at, "```", 3) || !strncmp(at, "~~~", 3)) {
            fence = !fence;
        }
        for (word = at + 1; word < end && (isalpha((unsigned char)*word) || *word == '-'); word++) {
        }
        if (fence || !has_tags || at >= end || *at != '@' || word == at + 1) {
            docgen_doc_line(b, p, (apr_size_t)(end - p));
        } else if ((block = find_block(at + 1, (apr_size_t)(word - at - 1)))) {
            if (!strcmp(block->name, "see") && style != DOCGEN_DOC_YARD) {
                docgen_doc_open(b, "see", NULL, NULL);
                see_line(b, blanks(word, end), end);
            } else {
                open_block(b, block, word, end, style);
            }
        } else { /* @author, @psalm-…, a project's own: not for readers of the page */
            docgen_doc_prose(b);
            b->dropped = 1;
        }
        p = end + (*end == '\n');
    }
}
