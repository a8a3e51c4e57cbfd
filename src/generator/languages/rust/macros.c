/* macro_rules!: arguments are matched against the arms' patterns, token by token, and the first that fits is written out.
 * Fragments are taken by their shape (a type ends at a comma, an item behind its block): enough for declarations.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/rust/macros.h"

#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/token.h"

enum {
    ARMS_MAX = 64,
    DEPTH_MAX = 24,              /* brackets and repetitions within each other */
    REPEATS_MAX = 2000,          /* of one repetition */
    ARGUMENTS_MAX = 64 * 1024,   /* bytes of one call's arguments */
    EXPANSION_MAX = 128 * 1024,  /* bytes of one call's result */
    EXPANSION_COST = 1024,       /* bytes that the least result counts for */
    EXPANSIONS_MAX = 1024 * 1024 /* bytes of a file's */
};

typedef struct definition {
    const char *text;
    apr_size_t length;
    docgen_tokens *tokens; /* once it was used */
} definition;

/* What a name of a pattern stands for: tokens of the arguments or, in a repetition, one binding for each round. */
typedef struct binding {
    const char *name;
    int from, to;               /* tokens of the arguments */
    apr_array_header_t *rounds; /* apr_array_header_t *, each of binding; NULL for plain ones */
    struct binding *next;
} binding;

typedef struct matcher {
    apr_pool_t *pool;
    const docgen_tokens *p; /* the macro */
    const docgen_tokens *a; /* the arguments */
    docgen_buffer *out;
    apr_size_t most;
    int steps; /* left */
} matcher;

docgen_rust_macros *docgen_rust_macros_make(const docgen_source *source)
{
    docgen_rust_macros *macros = apr_palloc(source->scratch, sizeof(*macros));

    macros->known = apr_hash_make(source->scratch);
    macros->left = EXPANSIONS_MAX;
    return macros;
}

void docgen_rust_macro_define(docgen_rust_macros *macros, const docgen_source *source,
                              const char *name, apr_size_t start, apr_size_t end)
{
    definition *d = apr_pcalloc(source->scratch, sizeof(*d));

    d->text = source->text + start;
    d->length = end - start;
    apr_hash_set(macros->known, apr_pstrdup(source->scratch, name), APR_HASH_KEY_STRING, d);
}

/* "/// text" as #[doc = r###"text"###], which is what the compiler's macros see. */
static const char *with_attributes(apr_pool_t *pool, const char *text, apr_size_t length)
{
    docgen_buffer *out;
    const char *end = text + length, *result, *line = text;

    if (!memmem(text, length, "///", 3)) {
        return apr_pstrmemdup(pool, text, length);
    }
    out = docgen_buffer_create(pool);
    while (line < end) {
        const char *stop = memchr(line, '\n', (apr_size_t)(end - line));
        const char *p = line + strspn(line, " \t");

        stop = stop ? stop : end;
        if (stop - p >= 3 && !strncmp(p, "///", 3) && (stop - p == 3 || p[3] != '/')) {
            p += 3;
            p += p < stop && *p == ' ';
            docgen_buffer_puts(out, "#[doc = r###\"");
            docgen_buffer_append(out, p, (apr_size_t)(stop - p));
            docgen_buffer_puts(out, "\"###]\n");
        } else {
            docgen_buffer_append(out, line, (apr_size_t)(stop - line));
            docgen_buffer_puts(out, "\n");
        }
        line = stop + 1;
    }
    result = apr_pstrmemdup(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

static docgen_tokens *tokens_of(const docgen_source *source, const char *text, apr_size_t length)
{
    docgen_tokens *tokens = apr_pcalloc(source->scratch, sizeof(*tokens));
    const char *whole = with_attributes(source->scratch, text, length);

    docgen_tokens_read(
        tokens,
        docgen_source_make(source->scratch, source->scratch, source->file, whole, strlen(whole)),
        DOCGEN_LANG_RUST);
    return tokens;
}

static int is_word(const docgen_tokens *t, int i)
{
    return i < t->count && t->items[i].kind == DOCGEN_TOKEN_WORD;
}

/* "$name" is one token. @return the name, or NULL */
static const char *variable(const docgen_tokens *t, int i)
{
    const docgen_token *token = &t->items[i];

    return is_word(t, i) && token->ch == '$' && token->end > token->start + 1
               ? docgen_token_text(t, i) + 1
               : NULL;
}

static int same(const matcher *m, int p, int a)
{
    const docgen_token *x = &m->p->items[p], *y = &m->a->items[a];
    apr_size_t length = x->end - x->start;

    return length == y->end - y->start &&
           !memcmp(m->p->source->text + x->start, m->a->source->text + y->start, length);
}

/* Behind a type, path, expression or pattern at `a`: it ends at what may follow such a fragment. */
static int behind(const matcher *m, int a, int end, const char *stops)
{
    while (a < end) {
        const docgen_token *t = &m->a->items[a];
        int after;

        if (t->kind == DOCGEN_TOKEN_PUNCT && strchr(stops, t->ch)) {
            return a;
        }
        if (docgen_token_is_joined(m->a, a, "->")) {
            a += 2;
            continue;
        }
        after = docgen_token_skip_angles(m->a, a);
        a = after > a ? after : docgen_token_skip(m->a, a);
    }
    return a;
}

/* Behind the item at `a`: its block or its semicolon. */
static int behind_item(const matcher *m, int a, int end)
{
    while (docgen_token_is(m->a, a, "#") && docgen_token_is(m->a, a + 1, "[")) {
        a = docgen_token_skip(m->a, a + 1);
    }
    while (a < end && !docgen_token_is(m->a, a, ";") && !docgen_token_is(m->a, a, "{")) {
        a = docgen_token_skip(m->a, a);
    }
    return a < end ? docgen_token_skip(m->a, a) : end;
}

/* Behind the fragment at `a`, or -1 when there is none. */
static int fragment(const matcher *m, const char *kind, int a, int end)
{
    int after;

    if (!strcmp(kind, "vis")) {
        if (!docgen_token_is(m->a, a, "pub") || a >= end) {
            return a;
        }
        return docgen_token_is(m->a, a + 1, "(") ? docgen_token_skip(m->a, a + 1) : a + 1;
    }
    if (a >= end) {
        return -1;
    }
    if (!strcmp(kind, "ident")) {
        return is_word(m->a, a) ? a + 1 : -1;
    }
    if (!strcmp(kind, "tt")) {
        return docgen_token_skip(m->a, a);
    }
    if (!strcmp(kind, "literal")) {
        a += docgen_token_is(m->a, a, "-");
        return m->a->items[a].kind == DOCGEN_TOKEN_STRING ||
                       m->a->items[a].kind == DOCGEN_TOKEN_NUMBER ||
                       docgen_token_is(m->a, a, "true") || docgen_token_is(m->a, a, "false")
                   ? a + 1
                   : -1;
    }
    if (!strcmp(kind, "lifetime")) {
        return docgen_token_is(m->a, a, "'") ? a + 2 : a + 1;
    }
    if (!strcmp(kind, "block")) {
        return docgen_token_is(m->a, a, "{") ? docgen_token_skip(m->a, a) : -1;
    }
    if (!strcmp(kind, "item")) {
        return behind_item(m, a, end);
    }
    after = behind(
        m, a, end,
        !strcmp(kind, "expr") || !strcmp(kind, "stmt") || !strcmp(kind, "meta") ? ",;" : ",;={|");
    return after > a ? after : -1;
}

static binding *bind_name(const matcher *m, binding **all, const char *name)
{
    binding *b = apr_pcalloc(m->pool, sizeof(*b));

    b->name = name;
    b->next = *all;
    *all = b;
    return b;
}

static int match(matcher *m, int p, int end, int a, int stop, binding **all, int depth);

/* The parts of "$( … ) SEPARATOR OPERATOR" whose "(" is token `open`. @return behind it */
static int repetition(const docgen_tokens *t, int open, int *separator, char *operator)
{
    int n = docgen_token_skip(t, open);

    *separator = -1;
    if (n < t->count && !strchr("*+?", t->items[n].ch)) {
        *separator = n++;
    } else if (n + 1 < t->count && strchr("*+?", t->items[n + 1].ch) &&
               t->items[n + 1].start == t->items[n].end && t->items[n].ch != '?') {
        *separator = n++; /* the operator's own sign between two rounds: "$( … )+*" */
    }
    *operator= n<t->count ? t->items[n].ch : '?';
    return n + 1;
}

/* Names that a repetition's pattern binds, each with all of its rounds. */
static void bind_rounds(const matcher *m, int p, int end, apr_array_header_t *rounds, binding **all)
{
    for (; p < end; p++) {
        const char *name = variable(m->p, p);

        if (name && docgen_token_is(m->p, p + 1, ":")) {
            bind_name(m, all, name)->rounds = rounds;
        }
    }
}

static int repeat(matcher *m, int open, int a, int stop, binding **all, int depth, int *after)
{
    apr_array_header_t *rounds = apr_array_make(m->pool, 4, sizeof(binding *));
    int close = m->p->items[open].match, separator;
    char operator;

    *after = repetition(m->p, open, &separator, &operator);
    while (rounds->nelts < (operator== '?' ? 1 : REPEATS_MAX)) {
        binding *inner = NULL;
        int from = a, next;

        if (separator >= 0 && rounds->nelts) {
            if (a >= stop || !same(m, separator, a)) {
                break;
            }
            from++;
        }
        next = from < stop ? match(m, open + 1, close, from, stop, &inner, depth + 1) : -1;
        if (next <= from) {
            break;
        }
        APR_ARRAY_PUSH(rounds, binding *) = inner;
        a = next;
    }
    bind_rounds(m, open + 1, close, rounds, all);
    return operator== '+' && !rounds->nelts ? -1 : a;
}

/* Matches the pattern's tokens from `p` to `end` with the arguments from `a`. @return behind what they took, or -1 */
static int match(matcher *m, int p, int end, int a, int stop, binding **all, int depth)
{
    while (p < end && a >= 0) {
        if (depth > DEPTH_MAX || m->steps-- <= 0) {
            return -1;
        }
        if (docgen_token_is(m->p, p, "$") && docgen_token_is(m->p, p + 1, "(")) {
            a = repeat(m, p + 1, a, stop, all, depth, &p);
        } else if (variable(m->p, p) && docgen_token_is(m->p, p + 1, ":") && is_word(m->p, p + 2)) {
            int after = fragment(m, docgen_token_text(m->p, p + 2), a, stop);
            binding *taken;

            if (after < 0) {
                return -1;
            }
            after = after > stop ? stop : after;
            taken = bind_name(m, all, variable(m->p, p));
            taken->from = a;
            taken->to = a = after;
            p += 3;
        } else if (a >= stop || !same(m, p, a)) {
            return -1;
        } else if (strchr("([{", m->p->items[p].ch) && m->p->items[p].kind == DOCGEN_TOKEN_PUNCT) {
            int close = m->a->items[a].match;

            if (match(m, p + 1, m->p->items[p].match, a + 1, close, all, depth + 1) != close) {
                return -1;
            }
            a = close + 1;
            p = m->p->items[p].match + 1;
        } else {
            a++;
            p++;
        }
    }
    return a;
}

static const binding *find(const binding *all, const char *name)
{
    for (; all; all = all->next) {
        if (!strcmp(all->name, name)) {
            return all;
        }
    }
    return NULL;
}

/* Tokens as they are written: apart where they were apart. */
static void put(matcher *m, const docgen_tokens *t, int from, int to)
{
    for (int i = from; i < to && m->out->length < m->most; i++) {
        const docgen_token *token = &t->items[i];

        if (i > from && t->items[i - 1].end < token->start) {
            docgen_buffer_puts(m->out, " ");
        }
        docgen_buffer_append(m->out, t->source->text + token->start, token->end - token->start);
    }
}

static void write_body(matcher *m, int p, int end, const binding *all, int depth);

/* "$( … )*" of a result: once for each round of the names in it. */
static int write_repetition(matcher *m, int open, const binding *all, int depth)
{
    int close = m->p->items[open].match, separator, after;
    const apr_array_header_t *rounds = NULL;
    char operator;

    after = repetition(m->p, open, &separator, &operator);
    for (int i = open + 1; i < close && !rounds; i++) {
        const char *name = variable(m->p, i);
        const binding *b = name ? find(all, name) : NULL;

        rounds = b ? b->rounds : NULL;
    }
    for (int i = 0; rounds && i < rounds->nelts && m->out->length < m->most; i++) {
        binding *inner = APR_ARRAY_IDX(rounds, i, binding *), *last = inner;

        if (separator >= 0 && i) {
            put(m, m->p, separator, separator + 1);
        }
        while (last && last->next) {
            last = last->next;
        }
        if (last) {
            last->next = (binding *)all; /* what is bound outside is known inside */
        }
        docgen_buffer_puts(m->out, " ");
        write_body(m, open + 1, close, inner ? inner : all, depth + 1);
        if (last) {
            last->next = NULL;
        }
    }
    return after;
}

static void write_body(matcher *m, int p, int end, const binding *all, int depth)
{
    int start = p;

    while (p < end && depth <= DEPTH_MAX && m->out->length < m->most && m->steps-- > 0) {
        const docgen_token *token = &m->p->items[p];
        const char *name;

        if (p > start && m->p->items[p - 1].end < token->start) {
            docgen_buffer_puts(m->out, " ");
        }
        if (docgen_token_is(m->p, p, "$") && docgen_token_is(m->p, p + 1, "(")) {
            p = write_repetition(m, p + 1, all, depth);
        } else if ((name = variable(m->p, p)) != NULL) {
            const binding *b = find(all, name);

            if (b && !b->rounds) {
                put(m, m->a, b->from, b->to);
            } else {
                docgen_buffer_puts(m->out, name); /* $crate */
            }
            p++;
        } else {
            put(m, m->p, p, p + 1);
            p++;
        }
    }
}

/* One arm, whose pattern opens at `arm`. @return the result, or NULL when it does not fit */
static const char *try_arm(matcher *m, int arm, int body)
{
    binding *all = NULL;
    const char *result;

    if (match(m, arm + 1, m->p->items[arm].match, 0, m->a->count, &all, 0) != m->a->count) {
        return NULL;
    }
    m->out = docgen_buffer_create(m->pool);
    write_body(m, body + 1, m->p->items[body].match, all, 0);
    result = m->out->length && m->out->length < m->most && m->steps > 0
                 ? apr_pstrmemdup(m->pool, m->out->data, m->out->length)
                 : "";
    docgen_buffer_free(m->out);
    return result;
}

const char *docgen_rust_macro_expand(docgen_rust_macros *macros, const docgen_source *source,
                                     const char *name, const char *arguments, apr_size_t length)
{
    definition *d = apr_hash_get(macros->known, name, APR_HASH_KEY_STRING);
    matcher m = {source->scratch, NULL, NULL, NULL, EXPANSION_MAX, 200000};
    const char *result = NULL;
    int arm = 0;

    if (!d || length > ARGUMENTS_MAX || !macros->left || !memmem(d->text, d->length, "pub", 3)) {
        return NULL;
    }
    d->tokens = d->tokens ? d->tokens : tokens_of(source, d->text, d->length);
    m.p = d->tokens;
    m.a = tokens_of(source, arguments, length);
    for (int arms = 0; arms < ARMS_MAX && arm < m.p->count && !result; arms++) {
        int arrow = docgen_token_skip(m.p, arm), body = arrow + 2;

        if (!docgen_token_is_joined(m.p, arrow, "=>") || body >= m.p->count ||
            !strchr("({[", m.p->items[body].ch)) {
            break;
        }
        result = try_arm(&m, arm, body);
        arm = docgen_token_skip(m.p, body);
        arm += docgen_token_is(m.p, arm, ";");
    }
    if (!result || !*result) {
        return NULL;
    }
    length = strlen(result) + EXPANSION_COST; /* many small ones are much, too */
    macros->left -= length < macros->left ? length : macros->left;
    return result;
}
