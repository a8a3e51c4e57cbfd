/* Shell: the functions of a file at its top, with the comments above them. One walk that knows quotes, comments,
 * expansions and here-documents.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/shell/shell.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/comments.h"
#include "generator/languages/grammars.h"

#define NAMES_MAX 64 /* of one definition */
#define NAME_MAX_ 100

static const docgen_comment_marks marks = {
    .line = "#",
    .directives = "shellcheck \n!\nvim:\n-*-\nkcov\nbashsupport \nshfmt\n",
};

static int is_name(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("_-:.+@?!~/^", c)) || (unsigned char)c >= 0x80;
}

static int line_of(const docgen_shell *s, const char *p)
{
    return docgen_source_line(s->source, (apr_size_t)(p - s->source->text));
}

static int is_at_margin(const docgen_shell *s, const char *p)
{
    while (p > s->source->text && p[-1] != '\n') {
        p--;
    }
    return p < s->end && !isspace((unsigned char)*p);
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

static docgen_symbol *function_add(docgen_shell *s, const char *name, apr_size_t length,
                                   const char *start)
{
    int line = line_of(s, name);
    const char *text = apr_pstrmemdup(s->source->pool, name, length);
    docgen_symbol *symbol;

    if (s->inside > 0 || apr_hash_get(s->seen, text, APR_HASH_KEY_STRING)) {
        return NULL;
    }
    symbol = docgen_symbol_add(s->source, s->unit->symbols, NULL, "function", text, line, line);
    apr_hash_set(s->seen, text, APR_HASH_KEY_STRING, symbol);
    symbol->signature = apr_pstrcat(s->source->pool, text, "()", NULL);
    symbol->doc = docgen_doc_parse(s->source->pool,
                                   docgen_comment_attached(s->source, line_of(s, start), &marks),
                                   DOCGEN_DOC_SHDOC);
    symbol->deprecated = docgen_doc_find(symbol->doc, "deprecated") != NULL;
    if (is_internal(text) || docgen_doc_find(symbol->doc, "internal")) {
        symbol->visibility = DOCGEN_VISIBLE_INTERNAL;
    }
    return symbol;
}

static const char *behind_blanks(const docgen_shell *s, const char *p)
{
    while (p < s->end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return p;
}

/** Behind white space and comments. */
static const char *behind_space(const docgen_shell *s, const char *p)
{
    while (p < s->end && (isspace((unsigned char)*p) || *p == '#' ||
                          (*p == '\\' && p + 1 < s->end && p[1] == '\n'))) {
        p = *p == '#' ? docgen_shell_line_end(s, p) : p + 1;
    }
    return p;
}

/** May a function's body begin here with a word or bracket? */
static int begins_body(const docgen_shell *s, const char *p)
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

/** zsh: `function first second {`. Notes each further name at `p` when `start` is given. @return behind them */
static const char *more_names(docgen_shell *s, const char *p, const char *start)
{
    for (int n = 0; n < NAMES_MAX && p < s->end; n++) {
        const char *name;

        while (p < s->end &&
               (*p == ' ' || *p == '\t' || (*p == '\\' && p + 1 < s->end && p[1] == '\n'))) {
            p += *p == '\\' ? 2 : 1;
        }
        for (name = p; p < s->end && is_name(*p) && p - name < NAME_MAX_; p++) {
        }
        if (p == name) {
            break;
        }
        if (start) {
            function_add(s, name, (apr_size_t)(p - name), start);
        }
    }
    return p;
}

/** `name() {`, `function name {` where a command may begin. @return behind the bracket, or NULL */
static const char *function_begin(docgen_shell *s)
{
    const char *p = s->p, *start = p, *name, *behind;
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
    behind = p;
    p = word ? more_names(s, p, NULL) : behind_blanks(s, p);
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
    if (word) {
        more_names(s, behind, start);
    }
    if (*p == '(') {
        p = p + 1 < s->end && p[1] == '(' ? docgen_shell_arithmetic(s, p)
                                          : docgen_shell_nested(s, p + 1, '(', ')', 0, 0);
        if (symbol) {
            symbol->end_line = line_of(s, p - 1);
        }
        return p;
    }
    if (*p != '{' || s->depth >= DOCGEN_SHELL_NESTING) {
        return p;
    }
    s->open[s->depth++] =
        (docgen_shell_brace){symbol, 1, line_of(s, start), is_at_margin(s, start)};
    s->inside++;
    return p + 1;
}

static void brace_pop(docgen_shell *s)
{
    docgen_shell_brace *b = &s->open[--s->depth];

    s->inside -= b->is_function;
    if (b->function) {
        b->function->end_line = line_of(s, s->p);
    }
}

/** A closing brace. One that is not indented ends what began so, whatever was lost in between. */
static void brace_close(docgen_shell *s)
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
static void source_read(docgen_shell *s, const char *p)
{
    const char *end, *start;

    p = behind_blanks(s, p);
    end = p;
    while (end < s->end && !isspace((unsigned char)*end) && *end != ';' && *end != '&') {
        if (*end == '$' && end + 1 < s->end && (end[1] == '(' || end[1] == '{')) {
            end = docgen_shell_nested(s, end + 2, end[1], end[1] == '(' ? ')' : '}', 0,
                                      DOCGEN_SHELL_QUOTES - 2);
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
static void command_begin(docgen_shell *s)
{
    static const char *const again[] = {"then",  "do",    "else", "if",   "elif",
                                        "while", "until", "!",    "time", NULL};
    static const char *const prompt[] = {"zle",          "bindkey", "bind",     "compdef",
                                         "add-zsh-hook", "compctl", "complete", NULL};
    const char *next = is_name(*s->p) ? function_begin(s) : NULL, *start = s->p;
    apr_size_t length;

    if (next) {
        s->p = next;
        s->command = 1;
        return;
    }
    if (*s->p == '{' && (s->p + 1 >= s->end || isspace((unsigned char)s->p[1]))) {
        if (s->depth < DOCGEN_SHELL_NESTING) {
            s->open[s->depth++] =
                (docgen_shell_brace){NULL, 0, line_of(s, s->p), is_at_margin(s, s->p)};
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
    s->is_for_prompt |= s->inside == 0 && is_one_of(start, length, prompt);
    if ((length == 6 && !memcmp(start, "source", 6)) || (length == 1 && *start == '.')) {
        source_read(s, s->p);
    }
    s->p += length == 0;
}

/** In zsh `{ echo a }` closes without a separator. */
static int closes_on_its_line(const docgen_shell *s)
{
    return s->depth > 0 && *s->p == '}' &&
           behind_blanks(s, s->p + 1) == docgen_shell_line_end(s, s->p) &&
           s->open[s->depth - 1].line == line_of(s, s->p);
}

static void step(docgen_shell *s)
{
    char c = *s->p, next = s->p + 1 < s->end ? s->p[1] : '\0';

    if (c == '\n') {
        s->p = docgen_shell_heredocs(s, s->p + 1);
        s->command = 1;
    } else if (isspace((unsigned char)c)) {
        s->p++;
    } else if (c == '#' && (s->p == s->source->text || isspace((unsigned char)s->p[-1]) ||
                            strchr(";(&|", s->p[-1]))) {
        s->p = docgen_shell_line_end(s, s->p);
    } else if (c == '\\') {
        s->p += s->p + 1 < s->end ? 2 : 1;
    } else if (c == '"' || c == '\'' || c == '`') {
        s->p = docgen_shell_quotes(s, s->p, 0);
        s->command = 0;
    } else if (c == '$' && next == '\'') {
        s->p = docgen_shell_escaped(s, s->p + 2);
        s->command = 0;
    } else if (c == '$' && (next == '{' || next == '(')) {
        s->p = docgen_shell_nested(s, s->p + 2, next, next == '{' ? '}' : ')', 0, 0);
        s->command = 0;
    } else if (c == '<' && next == '<') {
        s->p = s->p + 2 < s->end && s->p[2] == '<' ? s->p + 3 : docgen_shell_heredoc(s, s->p + 2);
    } else if (c == '(' && next == '(') {
        s->p = docgen_shell_arithmetic(s, s->p);
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
    docgen_shell s = {.source = source,
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
    s.unit->entry_point =
        source->length > 2 && !memcmp(source->text, "#!", 2) && s.commands > 0 && !s.is_for_prompt;
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
