/* Lua: words, blocks and paths in its tokens.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/lua/lua.h"

#include <string.h>
#include <apr_strings.h>

#define DEPTH_MAX 6 /* tables in tables that are followed */

int docgen_lua_is(const docgen_lua *r, int i, const char *text)
{
    return docgen_token_is(&r->t, i, text);
}

int docgen_lua_is_word(const docgen_lua *r, int i)
{
    return i >= 0 && i < r->t.count && r->t.items[i].kind == DOCGEN_TOKEN_WORD;
}

const char *docgen_lua_text(const docgen_lua *r, int i)
{
    return apr_pstrmemdup(r->source->scratch, r->source->text + r->t.items[i].start,
                          r->t.items[i].end - r->t.items[i].start);
}

static int is_one_of(const docgen_lua *r, int i, const char *const *words)
{
    for (; *words; words++) {
        if (docgen_lua_is_word(r, i) && docgen_lua_is(r, i, *words)) {
            return 1;
        }
    }
    return 0;
}

int docgen_lua_is_keyword(const docgen_lua *r, int i)
{
    static const char *const words[] = {
        "and", "break", "do",  "else", "elseif", "end",    "for",  "function", "goto",  "if",
        "in",  "local", "not", "or",   "repeat", "return", "then", "until",    "while", NULL};

    return is_one_of(r, i, words);
}

/** Luau writes `if a then b else c` where a value may stand. */
int docgen_lua_is_value_if(const docgen_lua *r, int i)
{
    return i > 0 && docgen_lua_is(r, i, "if") &&
           ((r->t.items[i - 1].kind == DOCGEN_TOKEN_PUNCT &&
             strchr("=(,{[+-*/%<>.#~", r->t.items[i - 1].ch)) ||
            docgen_lua_is(r, i - 1, "return") || docgen_lua_is(r, i - 1, "and") ||
            docgen_lua_is(r, i - 1, "or") || docgen_lua_is(r, i - 1, "not"));
}

/** Finds the end of each block; what has none ends with the file. */
void docgen_lua_blocks(docgen_lua *r)
{
    int *open = apr_palloc(r->source->scratch, ((apr_size_t)r->t.count + 1) * sizeof(int));
    int opened = 0;

    r->match = apr_palloc(r->source->scratch, ((apr_size_t)r->t.count + 1) * sizeof(int));
    for (int i = 0; i < r->t.count; i++) {
        static const char *const openers[] = {"function", "do", "repeat", "if", NULL};

        r->match[i] = r->t.count - 1;
        if (docgen_lua_is(r, i - 1, ".") && !docgen_lua_is(r, i - 2, ".")) {
            continue;
        }
        if (is_one_of(r, i, openers) && !docgen_lua_is_value_if(r, i)) {
            open[opened++] = i;
        } else if (opened && docgen_lua_is_word(r, i) &&
                   (docgen_lua_is(r, i, "end") || docgen_lua_is(r, i, "until"))) {
            r->match[open[--opened]] = i;
        }
    }
}

/** Behind token `i` and all that it opens. */
int docgen_lua_behind(const docgen_lua *r, int i)
{
    return docgen_lua_is_word(r, i) && docgen_lua_is(r, i, "function")
               ? r->match[i] + 1
               : docgen_token_skip(&r->t, i);
}

/** Does a value go on with token `i`? */
int docgen_lua_goes_on(const docgen_lua *r, int i)
{
    if (i >= r->t.count) {
        return 0;
    }
    if (r->t.items[i].kind == DOCGEN_TOKEN_PUNCT) {
        return !strchr(",;)}]", r->t.items[i].ch);
    }
    return docgen_lua_is(r, i, "and") || docgen_lua_is(r, i, "or") ||
           r->t.items[i].kind == DOCGEN_TOKEN_STRING;
}

/** "a.b:c" or "a['b']" at token `*i`; moves behind it. NULL when no name stands there. From scratch. */
const char *docgen_lua_path(const docgen_lua *r, int *i)
{
    const char *path;
    int depth = 0;

    if (!docgen_lua_is_word(r, *i) || docgen_lua_is_keyword(r, *i)) {
        return NULL;
    }
    for (path = docgen_lua_text(r, (*i)++); depth < 2 * DEPTH_MAX; depth++) {
        if ((docgen_lua_is(r, *i, ".") || docgen_lua_is(r, *i, ":")) &&
            docgen_lua_is_word(r, *i + 1) && !docgen_lua_is(r, *i + 1, "=")) {
            path = apr_pstrcat(r->source->scratch, path, docgen_lua_text(r, *i),
                               docgen_lua_text(r, *i + 1), NULL);
            *i += 2;
        } else if (docgen_lua_is(r, *i, "[") && *i + 2 < r->t.count &&
                   docgen_lua_is(r, *i + 2, "]") &&
                   r->t.items[*i + 1].kind == DOCGEN_TOKEN_STRING) {
            const char *name = docgen_token_string(&r->t, *i + 1);

            if (!*name || strpbrk(name, ".: \t\n-/")) {
                return NULL;
            }
            path = apr_pstrcat(r->source->scratch, path, ".", name, NULL);
            *i += 3;
        } else {
            break;
        }
    }
    return path;
}

/** Behind the parameters of the function whose word is token `i`, and what Luau says of its result. */
int docgen_lua_function_stop(const docgen_lua *r, int i)
{
    int end = r->match[i];

    while (i < end && !docgen_lua_is(r, i, "(")) {
        i++;
    }
    i = docgen_token_skip(&r->t, i);
    if (docgen_lua_is(r, i, ":") && i < end) {
        int line = r->t.items[i].line;

        for (i++; i < end && r->t.items[i].line == line && !docgen_lua_is_keyword(r, i);) {
            i = docgen_token_skip(&r->t, i);
        }
    }
    return i;
}
