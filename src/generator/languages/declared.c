/* The declaration scanner: one walk over the tokens of a file, led by its language's grammar.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/declared.h"

#include <string.h>
#include <apr_strings.h>

#define ANGLES_MAX   4000 /* tokens of a list of type arguments */
#define ANGLES_AGAIN 64   /* of one that does not close: shorter ones may hold another that does */
#define DEPTH_MAX    24   /* types within types; deeper ones are passed over */

int docgen_declared_in(const docgen_declared *r, int i, const char *words)
{
    const docgen_token *token = &r->t.items[i];
    apr_size_t length = token->end - token->start;
    const char *text = r->source->text + token->start;

    if (!words || i >= r->t.count || token->kind == DOCGEN_TOKEN_STRING) {
        return 0;
    }
    while (*words) {
        apr_size_t n = strcspn(words, " ");

        if (n == length && !memcmp(words, text, n)) {
            return 1;
        }
        words += n + (words[n] == ' ');
    }
    return 0;
}

int docgen_declared_angles(docgen_declared *r, int i)
{
    int depth = 0, n = i;

    if (!docgen_token_is(&r->t, i, "<") || i < r->no_angles) {
        return i;
    }
    while (n < r->t.count && n - i < ANGLES_MAX) {
        const docgen_token *token = &r->t.items[n];

        if (token->kind == DOCGEN_TOKEN_PUNCT) {
            if (token->ch == '<') {
                depth++;
            } else if (token->ch == '>' && !docgen_token_is_joined(&r->t, n - 1, "->") &&
                       !docgen_token_is_joined(&r->t, n - 1, "=>")) {
                if (--depth == 0) {
                    return n + 1;
                }
            } else if (token->ch == ';' || token->ch == ')' || token->ch == '}') {
                break;
            }
        }
        n = docgen_token_skip(&r->t, n);
    }
    if (n - i > ANGLES_AGAIN) {
        r->no_angles = n; /* else a row of `<` would be walked from each of them */
    }
    return i;
}

static int is_new_line(const docgen_declared *r, int i)
{
    const docgen_token *before = &r->t.items[i - 1];
    apr_uint32_t from = before->end;

    return r->t.items[i].line > before->line &&
           memchr(r->source->text + from, '\n', r->t.items[i].start - from) != NULL;
}

int docgen_declared_column(const docgen_declared *r, int i)
{
    return (int)(r->t.items[i].start - r->source->starts[r->t.items[i].line - 1]);
}

int docgen_declared_line_ends(const docgen_declared *r, int i)
{
    const char *joins = r->grammar->joins;
    const docgen_token *before;

    if (!joins || i < 1 || i >= r->t.count || !is_new_line(r, i)) {
        return 0;
    }
    before = &r->t.items[i - 1];
    if (r->grammar->by_column) {
        return docgen_declared_column(r, i) <= r->column && !docgen_declared_in(r, i, joins);
    }
    if (docgen_declared_in(r, i, joins)) {
        return 0;
    }
    return !(before->kind == DOCGEN_TOKEN_PUNCT && strchr("=,:.&|+-*/<([{", before->ch)) &&
           !docgen_token_is_joined(&r->t, i - 2, "->") &&
           !docgen_token_is_joined(&r->t, i - 2, "=>") &&
           !(before->kind == DOCGEN_TOKEN_WORD && docgen_declared_in(r, i - 1, joins));
}

int docgen_declared_skip(const docgen_declared *r, int i, int limit)
{
    int start = i;

    while (i < limit) {
        if (i > start && docgen_declared_line_ends(r, i)) {
            return i;
        }
        if (docgen_token_is(&r->t, i, ";")) {
            return i + 1;
        }
        if (docgen_token_is(&r->t, i, "{") && !r->grammar->joins) {
            i = docgen_token_skip(&r->t, i);
            if (!docgen_token_is(&r->t, i, ";") && !docgen_token_is(&r->t, i, ",") &&
                !docgen_token_is(&r->t, i, ")") && !docgen_token_is(&r->t, i, ".")) {
                return i;
            }
            continue;
        }
        i = docgen_token_skip(&r->t, i);
    }
    return limit > start ? limit : start + 1;
}

/** The annotation's own name: the last of its dotted words, at or behind token `i`. */
static int annotation_name(const docgen_declared *r, int i)
{
    while ((docgen_token_is(&r->t, i + 1, ".") || docgen_token_is(&r->t, i + 1, ":") ||
            docgen_token_is(&r->t, i + 1, "\\")) &&
           r->t.items[i + 2].kind == DOCGEN_TOKEN_WORD &&
           r->t.items[i + 2].start == r->t.items[i].end + 1) {
        i += 2;
    }
    return i;
}

/** The first string between two tokens, or NULL. */
static const char *first_string(const docgen_declared *r, int i, int limit)
{
    for (; i < limit && i < r->t.count; i++) {
        if (r->t.items[i].kind == DOCGEN_TOKEN_STRING) {
            return docgen_token_string(&r->t, i);
        }
    }
    return NULL;
}

static void annotation_show(docgen_declared *r, docgen_head *head, int from, int end)
{
    head->shown = apr_pstrcat(
        r->source->scratch, head->shown,
        docgen_source_squeeze(r->source, r->t.items[from].start, r->t.items[end - 1].end, 200),
        "\n", NULL);
}

/** Notes what an annotation whose name is token `name` and which ends before `end` says. */
static void annotation_note(docgen_declared *r, docgen_head *head, int from, int name, int end)
{
    const docgen_grammar *g = r->grammar;

    if (docgen_declared_in(r, name, g->hidden)) {
        head->hidden = 1;
    }
    if (docgen_declared_in(r, name, g->deprecated)) {
        const char *why = first_string(r, name, end);

        /* Swift's @available deprecates only when it says so. */
        if (docgen_token_is(&r->t, name, "available")) {
            int says = 0;

            for (int i = name; i < end; i++) {
                says |= docgen_declared_in(r, i, "deprecated unavailable obsoleted");
            }
            if (!says) {
                if (head->start < 0) {
                    annotation_show(r, head, from, end);
                }
                return;
            }
        }
        head->deprecated = 1;
        head->deprecation = why && strchr(why, ' ') ? why : head->deprecation;
    } else if (head->start < 0 && docgen_declared_in(r, name, g->shown)) {
        annotation_show(r, head, from, end);
    }
}

/** Reads one annotation at `i`. @return the token behind it, `i` = there is none */
static int annotation(docgen_declared *r, docgen_head *head, int i, int limit)
{
    int name, end;

    switch (r->grammar->annotation) {
    case '@':
        if (!docgen_token_is(&r->t, i, "@") || i + 1 >= limit ||
            docgen_token_is(&r->t, i + 1, "interface")) {
            return i;
        }
        if (docgen_token_is(&r->t, i + 1, "[")) { /* Kotlin: several in brackets */
            return docgen_token_skip(&r->t, i + 1);
        }
        name = annotation_name(r, i + 1);
        if (docgen_token_is(&r->t, name + 1, ":") && docgen_token_is(&r->t, name + 2, "[")) {
            return docgen_token_skip(&r->t, name + 2);
        }
        end = docgen_declared_angles(r, name + 1);
        if (docgen_token_is(&r->t, end, "(") && r->t.items[end].start == r->t.items[end - 1].end) {
            end = docgen_token_skip(&r->t, end);
        }
        break;
    case '[':
    case '#':
        if (r->grammar->annotation == '#' ? !docgen_token_is_joined(&r->t, i, "#[")
                                          : !docgen_token_is(&r->t, i, "[")) {
            return i;
        }
        name = i + (r->grammar->annotation == '#' ? 2 : 1);
        end = docgen_token_skip(&r->t, name - 1);
        name = annotation_name(r, docgen_token_is(&r->t, name, "\\") ? name + 1 : name);
        break;
    default:
        return i;
    }
    end = end > limit ? limit : end;
    annotation_note(r, head, i, name, end);
    return end;
}

static void access_note(docgen_declared *r, docgen_head *head, int i, docgen_visibility visibility)
{
    int is_protected = docgen_token_is(&r->t, i, "protected");

    if (head->accesses && (is_protected || head->is_protected)) {
        /* Two words: "protected internal" is open to subclasses, "private protected" is not. */
        int is_private =
            head->visibility == DOCGEN_VISIBLE_PRIVATE || visibility == DOCGEN_VISIBLE_PRIVATE;

        visibility = is_private ? DOCGEN_VISIBLE_INTERNAL : DOCGEN_VISIBLE_PUBLIC;
    }
    head->is_protected |= is_protected;
    head->accesses = 1;
    head->visibility = visibility;
}

/** What may stand between a modifier and the next: "private(set)", "private[this]". @return behind it */
static int modifier_argument(docgen_declared *r, docgen_head *head, int i, int is_access)
{
    (void)head;
    if (docgen_token_is(&r->t, i, "(") && r->grammar->annotation == '@' && r->grammar->joins &&
        r->t.items[i].match == i + 2) {
        return i + 3;
    }
    if (is_access && docgen_token_is(&r->t, i, "[") && r->t.items[i].match == i + 2) {
        return i + 3;
    }
    return i;
}

/** Is the word at `i` a modifier here, or the name of something? */
static int stands_before_more(const docgen_declared *r, int i)
{
    const docgen_token *next = &r->t.items[i + 1];

    if (i + 1 >= r->t.count) {
        return 0;
    }
    return next->kind == DOCGEN_TOKEN_WORD || next->ch == '@' || next->ch == '[' ||
           next->ch == '<' || next->ch == '#' || next->ch == '?' || next->ch == '\\' ||
           next->ch == '(' || next->ch == '{' || (next->ch == '-' && r->grammar->typed) ||
           next->ch == '~';
}

int docgen_declared_modifiers(docgen_declared *r, docgen_head *head, int i, int limit)
{
    const docgen_grammar *g = r->grammar;

    while (i < limit) {
        int after = annotation(r, head, i, limit), is_access = 0;

        if (after > i) {
            i = after;
            continue;
        }
        if (r->t.items[i].kind != DOCGEN_TOKEN_WORD) {
            break;
        }
        for (const docgen_access *a = g->access; a->word; a++) {
            if (docgen_token_is(&r->t, i, a->word) && stands_before_more(r, i)) {
                int next = modifier_argument(r, head, i + 1, 1);

                is_access = 1;
                if (next == i + 1) {
                    access_note(r, head, i, a->visibility);
                } else if (docgen_token_is(&r->t, i + 1, "[")) { /* for a package only */
                    access_note(r, head, i,
                                docgen_token_is(&r->t, i, "protected") ? a->visibility
                                                                       : DOCGEN_VISIBLE_INTERNAL);
                }
            }
        }
        if (!is_access && docgen_token_is(&r->t, i, "non") && docgen_token_is(&r->t, i + 1, "-")) {
            head->start = head->start < 0 ? i : head->start;
            i += 3;
            continue;
        }
        if (!is_access && !(docgen_declared_in(r, i, g->modifiers) && stands_before_more(r, i))) {
            break;
        }
        head->start = head->start < 0 ? i : head->start;
        head->traits |= docgen_token_is(&r->t, i, "static") ? DOCGEN_SYMBOL_STATIC : 0u;
        head->traits |= docgen_token_is(&r->t, i, "abstract") ? DOCGEN_SYMBOL_ABSTRACT : 0u;
        head->traits |= docgen_declared_in(r, i, "async suspend") ? DOCGEN_SYMBOL_ASYNC : 0u;
        head->is_constant |= docgen_declared_in(r, i, "const final readonly");
        i = modifier_argument(r, head, i + 1, is_access);
    }
    return i;
}

/** The word's entry of the grammar at `i`, or NULL. @param next receives the token behind it */
static const docgen_word *find_word(const docgen_declared *r, int i, int limit, int *next)
{
    for (const docgen_word *w = r->grammar->words; w->word; w++) {
        const char *space = strchr(w->word, ' ');
        apr_size_t length = space ? (apr_size_t)(space - w->word) : strlen(w->word);
        const docgen_token *token = &r->t.items[i];

        if (token->ch != *w->word || token->kind == DOCGEN_TOKEN_STRING ||
            token->end - token->start != length ||
            memcmp(r->source->text + token->start, w->word, length) ||
            (space && !docgen_token_is(&r->t, i + 1, space + 1))) {
            continue;
        }
        *next = i + 1 + (space != NULL);
        if (w->flags & DOCGEN_WORD_SOFT &&
            (*next >= limit || r->t.items[*next].kind != DOCGEN_TOKEN_WORD)) {
            continue;
        }
        return w;
    }
    return NULL;
}

static int declaration(docgen_declared *r, docgen_scope *scope, int i, int limit)
{
    docgen_head head = {.first = i, .start = -1, .visibility = scope->fallback, .shown = ""};
    const docgen_word *word;
    int outer = r->column;
    int at = docgen_declared_modifiers(r, &head, i, limit), next = at;

    if (at >= limit) {
        return limit;
    }
    r->column = docgen_declared_column(r, i);
    head.start = head.start < 0 ? at : head.start;
    head.traits |= scope->is_static ? DOCGEN_SYMBOL_STATIC : 0u;
    word = find_word(r, at, limit, &next);
    if (word) {
        next = docgen_declared_word(r, scope, &head, word, next, limit);
    } else if (r->grammar->typed) {
        next = docgen_declared_typed(r, scope, &head, at, limit);
    } else {
        next = docgen_declared_skip(r, at, limit);
    }
    r->column = outer;
    return next > i ? next : i + 1;
}

void docgen_declared_block(docgen_declared *r, docgen_scope *scope, int i, int limit)
{
    limit = limit > r->t.count ? r->t.count : limit;
    if (r->depth >= DEPTH_MAX) {
        return;
    }
    r->depth++;
    while (i < limit) {
        if (docgen_token_is(&r->t, i, ";") || docgen_token_is(&r->t, i, ",") ||
            docgen_token_is(&r->t, i, "}")) {
            i++;
        } else {
            i = declaration(r, scope, i, limit);
        }
    }
    r->depth--;
}

/** What builds or describes a project is no part of it. */
static int is_script(const char *path)
{
    static const char *const ends[] = {".kts", ".sbt",     ".csx",         ".cake",
                                       ".exs", ".gemspec", "Package.swift"};
    apr_size_t length = strlen(path);
    const char *base = strrchr(path, '/');

    for (unsigned i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        apr_size_t n = strlen(ends[i]);

        if (length >= n && !strcmp(path + length - n, ends[i])) {
            return 1;
        }
    }
    return !strncmp(base ? base + 1 : path, "Package@swift", 13);
}

docgen_unit *docgen_scan_declared(const docgen_source *source)
{
    docgen_declared r = {.source = source,
                         .unit = docgen_unit_make(source),
                         .grammar = docgen_reader_of(source->file->lang)->grammar};
    docgen_scope scope = {.into = r.unit->symbols};

    if (!r.grammar || r.grammar->read || is_script(source->file->path)) {
        return r.unit;
    }
    if (r.grammar->scan) {
        return r.grammar->scan(source);
    }
    scope.fallback = r.grammar->fallback.top;
    docgen_tokens_read(&r.t, source, source->file->lang);
    docgen_declared_block(&r, &scope, 0, r.t.count);
    return r.unit;
}
