/* The tokeniser of the brace languages.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/analysis/token.h"
#include "generator/languages/language.h"

#define ANGLES_MAX 4000

typedef struct lexer {
    docgen_tokens *tokens;
    unsigned flags;                /* DOCGEN_LEXICAL_* */
    const docgen_lexical *lexical; /* what docgen_lexical_read shall look for, or NULL */
    const char *text, *end, *p;
    int line;
    int capacity;
    int *open; /* indexes of unmatched opening brackets */
    int opened, open_capacity;
} lexer;

static docgen_token *add(lexer *lx, docgen_token_kind kind, const char *start, const char *end,
                         int line)
{
    docgen_tokens *tokens = lx->tokens;
    docgen_token *token;

    if (tokens->count + 1 >= lx->capacity) {
        int capacity = lx->capacity * 2;
        docgen_token *items =
            apr_palloc(tokens->source->scratch, (apr_size_t)capacity * sizeof(*items));

        memcpy(items, tokens->items, (apr_size_t)tokens->count * sizeof(*items));
        tokens->items = items;
        lx->capacity = capacity;
    }
    token = &tokens->items[tokens->count++];
    *token = (docgen_token){
        (apr_uint32_t)(start - lx->text), (apr_uint32_t)(end - lx->text), line, -1, kind, *start};
    return token;
}

static void open_bracket(lexer *lx)
{
    if (lx->opened == lx->open_capacity) {
        int capacity = lx->open_capacity * 2;
        int *open = apr_palloc(lx->tokens->source->scratch, (apr_size_t)capacity * sizeof(int));

        memcpy(open, lx->open, (apr_size_t)lx->opened * sizeof(int));
        lx->open = open;
        lx->open_capacity = capacity;
    }
    lx->open[lx->opened++] = lx->tokens->count - 1;
}

/* Closes the nearest bracket of the same kind; what was left open inside it closes too. */
static void close_bracket(lexer *lx, char ch)
{
    char wanted = ch == ')' ? '(' : ch == ']' ? '[' : '{';
    docgen_token *items = lx->tokens->items;
    int here = lx->tokens->count - 1, at = lx->opened;

    /* A stray ')' inside '{' must not close what is outside of that brace. */
    while (at > 0 && items[lx->open[at - 1]].ch != wanted &&
           (ch == '}' || items[lx->open[at - 1]].ch != '{')) {
        at--;
    }
    if (at == 0 || items[lx->open[at - 1]].ch != wanted) {
        return;
    }
    for (int i = at; i < lx->opened; i++) {
        items[lx->open[i]].match = here;
    }
    items[lx->open[at - 1]].match = here;
    items[here].match = lx->open[at - 1];
    lx->opened = at - 1;
}

/* A quoted literal; ends at the quote, or at the line's end when it may not go further. */
static const char *quoted(lexer *lx, const char *p, char quote, int escapes, int multiline)
{
    for (p++; p < lx->end; p++) {
        if (*p == '\n') {
            if (!multiline) {
                return p;
            }
            lx->line++;
        } else if (escapes && *p == '\\' && p + 1 < lx->end) {
            lx->line += p[1] == '\n';
            p++;
        } else if (*p == quote) {
            return p + 1;
        }
    }
    return lx->end;
}

/* A template literal with its ${…} parts, strings and templates inside them counted by depth only. */
static const char *template_literal(lexer *lx, const char *p)
{
    char stack[64]; /* '`' = in text, '{' = in an expression */
    int depth = 1;

    stack[0] = '`';
    for (p++; p < lx->end && depth > 0; p++) {
        lx->line += *p == '\n';
        if (*p == '\\' && p + 1 < lx->end) {
            lx->line += p[1] == '\n';
            p++;
        } else if (stack[depth - 1] == '`') {
            if (*p == '`') {
                depth--;
            } else if (*p == '$' && p + 1 < lx->end && p[1] == '{' && depth < 64) {
                stack[depth++] = '{';
                p++;
            }
        } else if (*p == '`' && depth < 64) {
            stack[depth++] = '`';
        } else if (*p == '{' && depth < 64) {
            stack[depth++] = '{';
        } else if (*p == '}') {
            depth--;
        } else if (*p == '"' || *p == '\'') {
            p = quoted(lx, p, *p, 1, 0) - 1;
        }
    }
    return p;
}

/* Does a '/' here start a regular expression? Decided by what stands before it. */
static int is_regex(const lexer *lx)
{
    static const char *const words[] = {"return", "typeof", "case", "in", "of",    "delete", "void",
                                        "throw",  "new",    "else", "do", "await", "yield"};
    const docgen_token *last;

    if (lx->tokens->count == 0) {
        return 1;
    }
    last = &lx->tokens->items[lx->tokens->count - 1];
    if (last->kind == DOCGEN_TOKEN_WORD) {
        for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
            if (strlen(words[i]) == last->end - last->start &&
                !memcmp(lx->text + last->start, words[i], strlen(words[i]))) {
                return 1;
            }
        }
        return 0;
    }
    return last->kind == DOCGEN_TOKEN_PUNCT && !strchr(")]}", last->ch);
}

static const char *regex(lexer *lx, const char *start)
{
    int set = 0;

    for (const char *p = start + 1; p < lx->end && *p != '\n'; p++) {
        if (*p == '\\') {
            p++;
        } else if (*p == '[') {
            set = 1;
        } else if (*p == ']') {
            set = 0;
        } else if (*p == '/' && !set) {
            p++;
            while (p < lx->end && isalpha((unsigned char)*p)) {
                p++;
            }
            return p;
        }
    }
    return NULL;
}

/* A comment; Rust's blocks nest. */
static const char *comment(lexer *lx, const char *p)
{
    int depth = 0;

    if (p[1] == '/') {
        const char *stop = memchr(p, '\n', (apr_size_t)(lx->end - p));

        return stop ? stop : lx->end;
    }
    for (; p < lx->end; p++) {
        if (*p == '\n') {
            lx->line++;
        } else if (p + 1 < lx->end && p[0] == '/' && p[1] == '*' &&
                   (depth == 0 || lx->flags & DOCGEN_LEXICAL_LIFETIMES)) {
            depth++;
            p++;
        } else if (p + 1 < lx->end && p[0] == '*' && p[1] == '/') {
            p++;
            if (--depth == 0) {
                return p + 1;
            }
        }
    }
    return lx->end;
}

/* Rust: r"…", r#"…"#, br"…", b"…", b'…'. NULL when it is a plain word. */
static const char *rust_string(lexer *lx, const char *p)
{
    int raw = 0;
    apr_size_t hashes = 0;

    if (*p == 'b' || *p == 'c') {
        p++;
    }
    if (p < lx->end && *p == 'r') {
        raw = 1;
        p++;
    }
    while (raw && p < lx->end && *p == '#') {
        hashes++;
        p++;
    }
    if (p >= lx->end || (*p != '"' && (raw || *p != '\''))) {
        return NULL;
    }
    if (!raw) {
        return quoted(lx, p, *p, 1, *p == '"');
    }
    for (p++; p < lx->end; p++) {
        lx->line += *p == '\n';
        if (*p == '"' && (apr_size_t)(lx->end - p) > hashes) {
            apr_size_t n = 0;

            while (n < hashes && p[1 + n] == '#') {
                n++;
            }
            if (n == hashes) {
                return p + 1 + hashes;
            }
        }
    }
    return lx->end;
}

/* Rust's ' is a character literal when it closes after one character, else a lifetime. */
static const char *rust_quote(lexer *lx, const char *p)
{
    const char *q = p + 1;

    if (q < lx->end && *q == '\\') {
        return quoted(lx, p, '\'', 1, 0);
    }
    if (q < lx->end) {
        q++;
        while (q < lx->end && ((unsigned char)*q & 0xC0) == 0x80) {
            q++;
        }
        if (q < lx->end && *q == '\'') {
            return q + 1;
        }
    }
    return p + 1;
}

static int word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$' || ((unsigned char)c & 0x80);
}

static void read_word(lexer *lx)
{
    const char *start = lx->p, *p = start;
    int line = lx->line;

    if (lx->flags & DOCGEN_LEXICAL_LIFETIMES && (*p == 'r' || *p == 'b' || *p == 'c')) {
        const char *end = rust_string(lx, p);

        if (end) {
            add(lx, DOCGEN_TOKEN_STRING, start, end, line);
            lx->p = end;
            return;
        }
    }
    while (p < lx->end && word_char(*p)) {
        p++;
    }
    add(lx, isdigit((unsigned char)*start) ? DOCGEN_TOKEN_NUMBER : DOCGEN_TOKEN_WORD, start, p,
        line);
    lx->p = p;
}

static void read_literal(lexer *lx)
{
    const char *start = lx->p, *end;
    int line = lx->line, script = (lx->flags & DOCGEN_LEXICAL_TEMPLATES) != 0;

    if (*start == '`') {
        end = script ? template_literal(lx, start) : quoted(lx, start, '`', 0, 1);
    } else if (*start == '\'' && lx->flags & DOCGEN_LEXICAL_LIFETIMES) {
        end = rust_quote(lx, start);
    } else {
        end = quoted(lx, start, *start, 1, (lx->flags & DOCGEN_LEXICAL_LIFETIMES) != 0);
    }
    add(lx, end == start + 1 ? DOCGEN_TOKEN_PUNCT : DOCGEN_TOKEN_STRING, start, end, line);
    lx->p = end;
}

static void read_slash(lexer *lx)
{
    const char *start = lx->p, *end;

    if (start + 1 < lx->end && (start[1] == '/' || start[1] == '*')) {
        lx->p = comment(lx, start);
        return;
    }
    if (lx->flags & DOCGEN_LEXICAL_TEMPLATES && is_regex(lx) && (end = regex(lx, start)) != NULL) {
        add(lx, DOCGEN_TOKEN_STRING, start, end, lx->line);
        lx->p = end;
        return;
    }
    add(lx, DOCGEN_TOKEN_PUNCT, start, start + 1, lx->line);
    lx->p++;
}

/* What a language's own habits decide. @return 0 = nothing here */
static int read_special(lexer *lx)
{
    const char *start = lx->p, *stop;
    docgen_lexical_kind kind = docgen_lexical_read(lx->lexical, lx->text, lx->end, start, &stop);

    if (kind == DOCGEN_LEXICAL_NOTHING) {
        return 0;
    }
    if (kind != DOCGEN_LEXICAL_SPACE) {
        add(lx, kind == DOCGEN_LEXICAL_NAME ? DOCGEN_TOKEN_WORD : DOCGEN_TOKEN_STRING, start, stop,
            lx->line);
    }
    for (const char *p = start; (p = memchr(p, '\n', (apr_size_t)(stop - p))); p++) {
        lx->line++;
    }
    lx->p = stop;
    return 1;
}

void docgen_tokens_read(docgen_tokens *tokens, const docgen_source *source, docgen_lang lang)
{
    const docgen_grammar *grammar = docgen_reader_of(lang)->grammar;
    unsigned flags = grammar ? grammar->lexical.flags : DOCGEN_LEXICAL_PLAIN;
    lexer lx = {.tokens = tokens,
                .flags = flags,
                .lexical = flags & DOCGEN_LEXICAL_PLAIN ? NULL : &grammar->lexical,
                .text = source->text,
                .end = source->text + source->length,
                .p = source->text,
                .line = 1,
                .capacity = 1024,
                .open_capacity = 64};

    tokens->source = source;
    tokens->count = 0;
    tokens->items = apr_palloc(source->scratch, (apr_size_t)lx.capacity * sizeof(docgen_token));
    lx.open = apr_palloc(source->scratch, (apr_size_t)lx.open_capacity * sizeof(int));
    while (lx.p < lx.end) {
        char c = *lx.p;

        if (c == '\n') {
            lx.line++;
            lx.p++;
        } else if (isspace((unsigned char)c) || c == '\0') {
            lx.p++;
        } else if (lx.lexical && read_special(&lx)) {
            continue;
        } else if (c == '/' && !(lx.lexical && lx.lexical->flags & DOCGEN_LEXICAL_DASHES)) {
            read_slash(&lx);
        } else if (c == '"' || c == '\'' || c == '`') {
            read_literal(&lx);
        } else if (word_char(c)) {
            read_word(&lx);
        } else {
            add(&lx, DOCGEN_TOKEN_PUNCT, lx.p, lx.p + 1, lx.line);
            lx.p++;
            if (strchr("([{", c)) {
                open_bracket(&lx);
            } else if (strchr(")]}", c)) {
                close_bracket(&lx, c);
            }
        }
    }
    for (int i = 0; i < lx.opened; i++) {
        tokens->items[lx.open[i]].match = tokens->count;
    }
    tokens->items[tokens->count] = (docgen_token){(apr_uint32_t)source->length,
                                                  (apr_uint32_t)source->length,
                                                  lx.line,
                                                  -1,
                                                  DOCGEN_TOKEN_END,
                                                  '\0'};
}

int docgen_token_is(const docgen_tokens *tokens, int i, const char *text)
{
    const docgen_token *token;
    apr_size_t length;

    if (i < 0 || i >= tokens->count) {
        return 0;
    }
    token = &tokens->items[i];
    length = strlen(text);
    return token->ch == *text && token->kind != DOCGEN_TOKEN_STRING &&
           token->end - token->start == length &&
           !memcmp(tokens->source->text + token->start, text, length);
}

int docgen_token_is_joined(const docgen_tokens *tokens, int i, const char *text)
{
    for (int n = 0; text[n]; n++) {
        if (i < 0 || i + n >= tokens->count || tokens->items[i + n].ch != text[n] ||
            tokens->items[i + n].kind != DOCGEN_TOKEN_PUNCT ||
            tokens->items[i + n].start != tokens->items[i].start + (apr_uint32_t)n) {
            return 0;
        }
    }
    return 1;
}

const char *docgen_token_text(const docgen_tokens *tokens, int i)
{
    const docgen_token *token = &tokens->items[i];

    return apr_pstrmemdup(tokens->source->pool, tokens->source->text + token->start,
                          token->end - token->start);
}

const char *docgen_token_string(const docgen_tokens *tokens, int i)
{
    const docgen_token *token = &tokens->items[i];
    const char *start = tokens->source->text + token->start;
    const char *end = tokens->source->text + token->end;

    while (start < end && *start != '"' && *start != '\'' && *start != '`') {
        start++;
    }
    if (end - start < 2) {
        return "";
    }
    while (end > start && end[-1] != *start) {
        end--;
    }
    return end - start < 2
               ? ""
               : apr_pstrmemdup(tokens->source->pool, start + 1, (apr_size_t)(end - start) - 2);
}

int docgen_token_skip(const docgen_tokens *tokens, int i)
{
    const docgen_token *token;

    if (i >= tokens->count) {
        return tokens->count;
    }
    token = &tokens->items[i];
    if (token->match > i) {
        return token->match < tokens->count ? token->match + 1 : tokens->count;
    }
    return i + 1;
}

int docgen_token_skip_angles(const docgen_tokens *tokens, int i)
{
    int depth = 0;

    if (!docgen_token_is(tokens, i, "<")) {
        return i;
    }
    for (int n = i; n < tokens->count && n - i < ANGLES_MAX;) {
        const docgen_token *token = &tokens->items[n];

        if (token->kind == DOCGEN_TOKEN_PUNCT) {
            if (token->ch == '<') {
                depth++;
            } else if (token->ch == '>' && !docgen_token_is_joined(tokens, n - 1, "->") &&
                       !docgen_token_is_joined(tokens, n - 1, "=>")) {
                if (--depth == 0) {
                    return n + 1;
                }
            } else if (token->ch == ';' || token->ch == ')' || token->ch == '}') {
                return i;
            }
        }
        n = docgen_token_skip(tokens, n);
    }
    return i;
}
