/* Shell: the functions of a file at its top, with the comments above them. One walk that knows quotes, comments,
 * expansions and here-documents.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/shell/shell.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/comments.h"
#include "generator/languages/grammars.h"

#define HEREDOCS_MAX 8
#define FAILURES_MAX                                                                               \
    32 /* here-documents without an end before no more are looked for: each costs a look at the rest */
#define MARK_MAX       128
#define NESTING_MAX    200
#define QUOTES_MAX     12 /* quotes in expansions in quotes */
#define NAME_MAX_      100
#define ARITHMETIC_MAX 2000

static const docgen_comment_marks marks = {
    .line = "#",
    .directives = "shellcheck \n!\nvim:\n-*-\nkcov\nbashsupport \nshfmt\n",
};

/** A brace that is open. */
typedef struct brace {
    docgen_symbol *function; /**< whose body it is, or NULL */
    int is_function;
    int line;
    int at_margin; /**< its line is not indented */
} brace;

/** One file in reading. */
typedef struct shell {
    const docgen_source *source;
    docgen_unit *unit;
    apr_hash_t *seen;
    const char *p, *end;
    int command;  /**< a command may begin here */
    int commands; /**< commands outside of functions that do something */
    brace open[NESTING_MAX];
    int depth;
    int inside; /**< functions around */
    struct {
        const char *mark;
        apr_size_t length;
    } heredocs[HEREDOCS_MAX];
    int pending;
    int failures;
} shell;

static int is_name(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("_-:.+@?!~/^", c)) || (unsigned char)c >= 0x80;
}

static const char *line_end(const shell *s, const char *p)
{
    const char *newline = memchr(p, '\n', (apr_size_t)(s->end - p));

    return newline ? newline : s->end;
}

static int line_of(const shell *s, const char *p)
{
    return docgen_source_line(s->source, (apr_size_t)(p - s->source->text));
}

static int is_at_margin(const shell *s, const char *p)
{
    while (p > s->source->text && p[-1] != '\n') {
        p--;
    }
    return p < s->end && !isspace((unsigned char)*p);
}

/* --- what is passed over whole ----------------------------------------------------------------------------- */

/** A here-document's mark at `p`, behind `<<`. It begins with the next line. @return behind the mark */
static const char *heredoc_note(shell *s, const char *p)
{
    const char *start;
    char quote = 0;

    p += p < s->end && *p == '-';
    while (p < s->end && *p == ' ') {
        p++;
    }
    if (p < s->end && (*p == '"' || *p == '\'' || *p == '\\')) {
        quote = *p++;
    }
    start = p;
    while (p < s->end && p - start < MARK_MAX &&
           (quote == '"' || quote == '\'' ? *p != quote && *p != '\n'
                                          : isalnum((unsigned char)*p) || strchr("_-!.%+", *p)) &&
           *p) {
        p++;
    }
    if (p == start || isdigit((unsigned char)*start)) { /* a shift */
        return p;
    }
    if (s->pending < HEREDOCS_MAX) {
        s->heredocs[s->pending].mark = start;
        s->heredocs[s->pending++].length = (apr_size_t)(p - start);
    }
    return p + ((quote == '"' || quote == '\'') && p < s->end && *p == quote);
}

/** Behind the here-documents that begin at `p`, the beginning of a line. One without an end is none. */
static const char *heredocs_skip(shell *s, const char *p)
{
    for (int i = 0; i < s->pending && s->failures < FAILURES_MAX; i++) {
        const char *q = p;
        int found = 0;

        while (q < s->end && !found) {
            const char *stop = line_end(s, q), *start = q;

            while (start < stop && *start == '\t') {
                start++;
            }
            q = stop + (stop < s->end);
            while (stop > start && isspace((unsigned char)stop[-1])) {
                stop--;
            }
            found = (apr_size_t)(stop - start) == s->heredocs[i].length &&
                    !memcmp(start, s->heredocs[i].mark, s->heredocs[i].length);
        }
        s->failures += !found;
        p = found ? q : p;
    }
    s->pending = 0;
    return p;
}

static const char *quotes_skip(shell *s, const char *p, int depth);

/** Behind `$(…)`, `${…}` or `(…)`, whose content begins at `p`. */
static const char *nested_skip(shell *s, const char *p, char open, char close, int in_quotes,
                               int depth)
{
    int nested = 1, is_arithmetic = open == '(' && p < s->end && *p == '(';

    while (p < s->end) {
        if (*p == '\\' && p + 1 < s->end) {
            p += 2;
        } else if ((*p == '"' || *p == '`' || (*p == '\'' && !(in_quotes && open == '{'))) &&
                   depth < QUOTES_MAX) {
            p = quotes_skip(s, p, depth + 1);
        } else if (*p == '$' && p + 1 < s->end && (p[1] == '{' || p[1] == '(') &&
                   depth < QUOTES_MAX) {
            p = nested_skip(s, p + 2, p[1], p[1] == '{' ? '}' : ')', in_quotes, depth + 1);
        } else if (*p == '#' && open == '(' && isspace((unsigned char)p[-1]) && !is_arithmetic) {
            p = line_end(s, p);
        } else if (*p == '<' && p + 2 < s->end && p[1] == '<' && open == '(' && !is_arithmetic) {
            p = p[2] == '<' ? p + 3 : heredoc_note(s, p + 2);
        } else if (*p == '\n') {
            p = s->pending ? heredocs_skip(s, p + 1) : p + 1;
        } else {
            nested += *p == open;
            nested -= *p == close;
            p++;
            if (nested == 0) {
                return p;
            }
        }
    }
    return s->end;
}

/** Behind the quoted text that begins at `p`. */
static const char *quotes_skip(shell *s, const char *p, int depth)
{
    char quote = *p++;

    if (quote == '\'') {
        const char *stop = memchr(p, '\'', (apr_size_t)(s->end - p));

        return stop ? stop + 1 : s->end;
    }
    while (p < s->end && *p != quote) {
        if (*p == '\\' && p + 1 < s->end) {
            p += 2;
        } else if (*p == '$' && p + 1 < s->end && (p[1] == '(' || p[1] == '{') &&
                   depth < QUOTES_MAX) {
            p = nested_skip(s, p + 2, p[1], p[1] == '(' ? ')' : '}', quote == '"', depth + 1);
        } else {
            p++;
        }
    }
    return p < s->end ? p + 1 : s->end;
}

/** `$'…'`: a backslash escapes the quote. */
static const char *escaped_quotes_skip(const shell *s, const char *p)
{
    while (p < s->end && *p != '\'') {
        p += *p == '\\' && p + 1 < s->end ? 2 : 1;
    }
    return p < s->end ? p + 1 : s->end;
}

/** Behind `((…))` at `p`, or behind its first bracket when it is none. */
static const char *arithmetic_skip(shell *s, const char *p)
{
    int nested = 0;

    for (const char *q = p; s->failures < FAILURES_MAX && q < s->end && q - p < ARITHMETIC_MAX;
         q++) {
        nested += *q == '(';
        nested -= *q == ')';
        if (nested == 0) {
            return q[-1] == ')' ? q + 1 : p + 1;
        }
    }
    s->failures++;
    return p + 1;
}

/* --- functions --------------------------------------------------------------------------------------------- */

/** Is a function the file's own by its name: `_name`, `lib::_name`? */
static int is_internal(const char *name)
{
    for (const char *p = name; *p; p++) {
        if (*p == '_' && (p == name || p[-1] == ':' || p[-1] == '.')) {
            return 1;
        }
    }
    return 0;
}

static docgen_symbol *function_add(shell *s, const char *name, apr_size_t length, const char *start)
{
    int line = line_of(s, start);
    const char *text = apr_pstrmemdup(s->source->pool, name, length);
    docgen_symbol *symbol;

    if (s->inside > 0 || apr_hash_get(s->seen, text, APR_HASH_KEY_STRING)) {
        return NULL;
    }
    symbol = docgen_symbol_add(s->source, s->unit->symbols, NULL, "function", text, line, line);
    apr_hash_set(s->seen, text, APR_HASH_KEY_STRING, symbol);
    symbol->signature = apr_pstrcat(s->source->pool, text, "()", NULL);
    symbol->doc = docgen_doc_parse(
        s->source->pool, docgen_comment_attached(s->source, line, &marks), DOCGEN_DOC_SHDOC);
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
    if (is_internal(text) || docgen_doc_find(symbol->doc, "internal")) {
        symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    return symbol;
}

static const char *behind_blanks(const shell *s, const char *p)
{
    while (p < s->end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return p;
}

/** Behind white space and comments. */
static const char *behind_space(const shell *s, const char *p)
{
    while (p < s->end && (isspace((unsigned char)*p) || *p == '#' ||
                          (*p == '\\' && p + 1 < s->end && p[1] == '\n'))) {
        p = *p == '#' ? line_end(s, p) : p + 1;
    }
    return p;
}

/** May a function's body begin here with a word or bracket? */
static int begins_body(const shell *s, const char *p)
{
    static const char *const words[] = {"{", "(", "[[", "if ", "case ", "for ", "while ", "until "};

    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        apr_size_t length = strlen(words[i]);

        if ((apr_size_t)(s->end - p) >= length && !memcmp(p, words[i], length)) {
            return 1;
        }
    }
    return 0;
}

/** `name() {`, `function name {` where a command may begin. @return behind the bracket, or NULL */
static const char *function_begin(shell *s)
{
    const char *p = s->p, *start = p, *name;
    apr_size_t length;
    int word = s->end - p > 9 && !memcmp(p, "function", 8) && (p[8] == ' ' || p[8] == '\t');
    docgen_symbol *symbol;

    p = word ? behind_blanks(s, p + 8) : p;
    name = p;
    while (p < s->end && is_name(*p) && p - name < NAME_MAX_) {
        p++;
    }
    if (p < s->end && *p == '=' && memchr(name, '.', (apr_size_t)(p - name))) {
        p++; /* "type.=" can be no array */
    }
    length = (apr_size_t)(p - name);
    p = behind_blanks(s, p);
    if (length == 0 || (!word && (p >= s->end || *p != '('))) {
        return NULL;
    }
    if (p < s->end && *p == '(') {
        p = behind_blanks(s, p + 1);
        if (p >= s->end || *p != ')') {
            return NULL;
        }
        p++;
    }
    p = behind_space(s, p);
    if (p >= s->end || !begins_body(s, p)) {
        return NULL;
    }
    symbol = function_add(s, name, length, start);
    if (*p == '(') {
        p = p + 1 < s->end && p[1] == '(' ? arithmetic_skip(s, p)
                                          : nested_skip(s, p + 1, '(', ')', 0, 0);
        if (symbol) {
            symbol->end_line = line_of(s, p - 1);
        }
        return p;
    }
    if (*p != '{' || s->depth >= NESTING_MAX) {
        return p;
    }
    s->open[s->depth++] = (brace){symbol, 1, line_of(s, start), is_at_margin(s, start)};
    s->inside++;
    return p + 1;
}

static void brace_pop(shell *s)
{
    brace *b = &s->open[--s->depth];

    s->inside -= b->is_function;
    if (b->function) {
        b->function->end_line = line_of(s, s->p);
    }
}

/** A closing brace. One that is not indented ends what began so, whatever was lost in between. */
static void brace_close(shell *s)
{
    int to = s->depth - 1;

    while (is_at_margin(s, s->p) && to > 0 && !s->open[to].at_margin) {
        to--;
    }
    if (to >= 0 && is_at_margin(s, s->p) && !s->open[to].at_margin) {
        to = s->depth - 1;
    }
    while (s->depth > to && s->depth > 0) {
        brace_pop(s);
    }
}

/* --- commands ---------------------------------------------------------------------------------------------- */

static int is_one_of(const char *p, apr_size_t length, const char *const *words)
{
    for (; *words; words++) {
        if (strlen(*words) == length && !memcmp(*words, p, length)) {
            return 1;
        }
    }
    return 0;
}

/** Does a command only prepare what the file's functions need when it is sourced? */
static int is_quiet(const char *p, apr_size_t length)
{
    static const char *const words[] = {
        "if",       "then",     "else",     "elif",     "fi",     "local",   "declare", "export",
        "set",      "shopt",    "readonly", "typeset",  "source", ".",       "alias",   "unset",
        "return",   "complete", "[",        "[[",       ":",      "true",    "case",    "esac",
        "for",      "done",     "do",       "autoload", "bind",   "test",    "type",    "command",
        "hash",     "trap",     "setopt",   "zmodload", "zstyle", "compdef", "unalias", "emulate",
        "unsetopt", "bindkey",  "builtin",  "integer",  "while",  "until",   "false",   "umask",
        "enable",   NULL};

    return memchr(p, '=', length) || is_one_of(p, length, words);
}

/** `source "${HERE}/lib/text.sh"` behind its word: the path without what is known only when it runs. */
static void source_read(shell *s, const char *p)
{
    const char *end, *start;

    p = behind_blanks(s, p);
    end = p;
    while (end < s->end && !isspace((unsigned char)*end) && *end != ';' && *end != '&') {
        if (*end == '$' && end + 1 < s->end && (end[1] == '(' || end[1] == '{')) {
            end = nested_skip(s, end + 2, end[1], end[1] == '(' ? ')' : '}', 0, QUOTES_MAX - 2);
        } else {
            end++;
        }
    }
    while (end > p && strchr("\"')", end[-1])) {
        end--;
    }
    start = end;
    while (start > p && (isalnum((unsigned char)start[-1]) || strchr("_.-/+", start[-1]))) {
        start--;
    }
    if (start > p && *start != '/') { /* the end of a variable's name, or a whole word in quotes */
        const char *slash = memchr(start, '/', (apr_size_t)(end - start));

        start = start[-1] == '"' || start[-1] == '\'' ? start : slash ? slash : end;
    }
    start += start < end && *start == '/';
    if (end > start) {
        docgen_import_add(s->source, s->unit,
                          apr_pstrmemdup(s->source->scratch, start, (apr_size_t)(end - start)),
                          NULL, NULL, line_of(s, p), 0);
    }
}

/** What stands where a command may begin. */
static void command_begin(shell *s)
{
    static const char *const again[] = {"then",  "do",    "else", "if",   "elif",
                                        "while", "until", "!",    "time", NULL};
    const char *next = is_name(*s->p) ? function_begin(s) : NULL, *start = s->p;
    apr_size_t length;

    if (next) {
        s->p = next;
        s->command = 1;
        return;
    }
    if (*s->p == '{' && (s->p + 1 >= s->end || isspace((unsigned char)s->p[1]))) {
        if (s->depth < NESTING_MAX) {
            s->open[s->depth++] = (brace){NULL, 0, line_of(s, s->p), is_at_margin(s, s->p)};
        }
        s->p++;
        return;
    }
    if (*s->p == '}') {
        brace_close(s);
        s->p++;
        s->command = 0;
        return;
    }
    while (s->p < s->end && (is_name(*s->p) || strchr("=[]{},%*", *s->p)) && *s->p) {
        s->p++;
    }
    length = (apr_size_t)(s->p - start);
    s->commands +=
        s->inside == 0 && length > 0 && isalpha((unsigned char)*start) && !is_quiet(start, length);
    s->command = is_one_of(start, length, again);
    if ((length == 6 && !memcmp(start, "source", 6)) || (length == 1 && *start == '.')) {
        source_read(s, s->p);
    }
    s->p += length == 0;
}

/** In zsh `{ echo a }` closes without a separator. */
static int closes_on_its_line(const shell *s)
{
    return s->depth > 0 && *s->p == '}' && isspace((unsigned char)s->p[-1]) &&
           behind_blanks(s, s->p + 1) == line_end(s, s->p) &&
           s->open[s->depth - 1].line == line_of(s, s->p);
}

static void step(shell *s)
{
    char c = *s->p, next = s->p + 1 < s->end ? s->p[1] : '\0';

    if (c == '\n') {
        s->p = heredocs_skip(s, s->p + 1);
        s->command = 1;
    } else if (isspace((unsigned char)c)) {
        s->p++;
    } else if (c == '#' && (s->p == s->source->text || isspace((unsigned char)s->p[-1]) ||
                            strchr(";(&|", s->p[-1]))) {
        s->p = line_end(s, s->p);
    } else if (c == '\\') {
        s->p += s->p + 1 < s->end ? 2 : 1;
    } else if (c == '"' || c == '\'' || c == '`') {
        s->p = quotes_skip(s, s->p, 0);
        s->command = 0;
    } else if (c == '$' && next == '\'') {
        s->p = escaped_quotes_skip(s, s->p + 2);
        s->command = 0;
    } else if (c == '$' && (next == '{' || next == '(')) {
        s->p = nested_skip(s, s->p + 2, next, next == '{' ? '}' : ')', 0, 0);
        s->command = 0;
    } else if (c == '<' && next == '<') {
        s->p = s->p + 2 < s->end && s->p[2] == '<' ? s->p + 3 : heredoc_note(s, s->p + 2);
    } else if (c == '(' && next == '(') {
        s->p = arithmetic_skip(s, s->p);
    } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
        s->p++;
        s->command = 1;
    } else if (s->command) {
        command_begin(s);
    } else {
        if (closes_on_its_line(s)) {
            brace_close(s);
        }
        s->p++;
    }
}

static docgen_unit *scan(const docgen_source *source)
{
    shell s = {.source = source,
               .unit = docgen_unit_make(source),
               .seen = apr_hash_make(source->scratch),
               .p = source->text,
               .end = source->text + source->length,
               .command = 1};

    while (s.p < s.end) {
        step(&s);
    }
    s.unit->doc = docgen_doc_parse(
        source->pool, docgen_comment_of_file(source, &marks, s.unit->symbols), DOCGEN_DOC_SHDOC);
    /* A script with an interpreter that does something by itself is run, not sourced. */
    s.unit->entry_point = source->length > 2 && !memcmp(source->text, "#!", 2) && s.commands > 0;
    return s.unit;
}

const docgen_grammar docgen_grammar_shell = {
    .traits = {.fences = "bash shell console", .marks = DOCGEN_MARK_HASH | DOCGEN_MARK_SINGLE},
    .scan = scan,
    .separator = '/',
    .doc = DOCGEN_DOC_SHDOC,
    .settle = docgen_shell_settle,
    .module = docgen_shell_module,
};
