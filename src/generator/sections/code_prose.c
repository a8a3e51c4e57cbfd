/* Comment text on a page: what is markup in its dialect stays, everything else is shown as written.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/languages/language.h"
#include "generator/sections/code_sections.h"

/* HTML that comment writers use, and what Markdown says for it. */
static const struct {
    const char *tag, *open, *close;
} html[] = {
    {"p", "\n\n", "\n\n"}, {"br", "\n", "\n"},
    {"b", "**", "**"},     {"strong", "**", "**"},
    {"i", "*", "*"},       {"em", "*", "*"},
    {"code", "`", "`"},    {"tt", "`", "`"},
    {"kbd", "`", "`"},     {"pre", "\n```\n", "\n```\n"},
    {"li", "\n- ", ""},    {"ul", "\n", "\n\n"},
    {"ol", "\n", "\n\n"},  {"dl", "\n", "\n"},
    {"dt", "\n- ", ""},    {"dd", " ", ""},
    {"div", "\n", "\n"},   {"span", "", ""},
    {"sup", "", ""},       {"sub", "", ""},
};

/* The Markdown for a tag at `p` ('<'), or NULL; `*end` receives the byte behind it. */
static const char *translate(const char *p, const char **end)
{
    int closing = p[1] == '/';
    const char *name = p + 1 + closing;
    apr_size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const char *stop = name + length;

    if (*stop != '>' && *stop != '/' && *stop != ' ') {
        return NULL;
    }
    stop += strcspn(stop, "<>\n");
    if (*stop != '>') {
        return NULL;
    }
    for (unsigned i = 0; i < sizeof(html) / sizeof(*html); i++) {
        if (strlen(html[i].tag) == length && !strncasecmp(html[i].tag, name, length)) {
            *end = stop + 1;
            return closing ? html[i].close : html[i].open;
        }
    }
    return NULL;
}

static int is_underline(const char *line)
{
    apr_size_t n = strspn(line, *line == '=' ? "=" : "-");

    return n > 0 && (line[n] == '\n' || line[n] == '\0');
}

static int is_fence(const char *line)
{
    line += strspn(line, " ");
    return !strncmp(line, "```", 3) || !strncmp(line, "~~~", 3);
}

/* A star that opens no emphasis a writer meant: "char *name", "*args". */
static int is_literal_star(const char *text, const char *p, docgen_lang lang)
{
    unsigned prose = docgen_traits_of(lang)->prose;

    if (prose & DOCGEN_PROSE_STAR_ARGUMENTS) {
        return !strncmp(p + (p[1] == '*'), "*args", 5) || !strncmp(p + (p[1] == '*'), "*kw", 3) ||
               (p > text && p[-1] == '*' && !strncmp(p, "*kw", 3));
    }
    if (!(prose & DOCGEN_PROSE_STAR_POINTER)) {
        return 0;
    }
    return p[1] != '*' && !(p > text && p[-1] == '*') && p[1] != ' ';
}

static const char *inline_text(docgen_buffer *out, const char *text, const char *p,
                               docgen_lang lang, int *code)
{
    const char *end, *mark;

    if (!*code && p[0] == '[' && p[1] == '`' && (end = strchr(p + 2, '`')) && end[1] == ']' &&
        end[2] != '(' && end[2] != '[' && end[2] != ':' &&
        end - p < 120) { /* rustdoc's links by name */
        docgen_buffer_append(out, p + 1, (apr_size_t)(end - p));
        return end + 2;
    }
    if (*p == '`') {
        *code = !*code;
    } else if (*p == '\n' && p[1] == '\n') {
        *code = 0;
    }
    if (!*code && *p == '\\' && p[1] && strchr("<*_\\[]", p[1])) { /* escaped by the writer */
        docgen_buffer_puts(out, p[1] == '<' ? "&lt;" : "");
        docgen_buffer_append(out, p, p[1] == '<' ? 0 : 2);
        return p + 2;
    }
    if (!*code && *p == '<' && (mark = translate(p, &end)) != NULL) {
        docgen_buffer_puts(out, mark);
        return end;
    }
    if (!*code && *p == '<' && strncmp(p, "<http", 5)) {
        docgen_buffer_puts(out, "&lt;");
    } else if (!*code && *p == '*' && is_literal_star(text, p, lang)) {
        docgen_buffer_puts(out, "\\*");
    } else {
        docgen_buffer_append(out, p, 1);
    }
    return p + 1;
}

const char *docgen_code_prose(apr_pool_t *pool, const char *text, docgen_lang lang)
{
    docgen_buffer *out;
    const char *result, *p = text;
    int fenced = 0, mark = 0, code = 0, start = 1,
        blank = 1; /* mark: this line is a fence itself */

    if (!text || !*text) {
        return "";
    }
    out = docgen_buffer_create(pool);
    while (*p) {
        if (start) {
            mark = is_fence(p);
            if (mark) {
                fenced = !fenced;
                code = 0;
            } else if (!fenced && !blank && is_underline(p)) {
                p += strcspn(p, "\n");
                continue;
            }
            blank = *p == '\n';
        }
        start = *p == '\n';
        if (fenced || mark) {
            docgen_buffer_append(out, p++, 1);
        } else {
            p = inline_text(out, text, p, lang, &code);
        }
    }
    result = apr_pstrmemdup(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

const char *docgen_code_line(apr_pool_t *pool, const char *text, docgen_lang lang)
{
    char *line = apr_pstrdup(pool, docgen_code_prose(pool, text, lang)), *o = line;

    for (const char *p = line; *p; p++) {
        if (isspace((unsigned char)*p)) {
            if (o > line && o[-1] != ' ') {
                *o++ = ' ';
            }
        } else {
            *o++ = *p;
        }
    }
    while (o > line && o[-1] == ' ') {
        o--;
    }
    *o = '\0';
    return line;
}

void docgen_code_block(docgen_buffer *out, const char *text, const char *language)
{
    int longest = 2, run = 0;

    for (const char *p = text; *p; p++) {
        run = *p == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    docgen_buffer_puts(out, "\n");
    for (int i = 0; i <= longest; i++) {
        docgen_buffer_puts(out, "`");
    }
    docgen_buffer_printf(out, "%s\n%s\n", language, text);
    for (int i = 0; i <= longest; i++) {
        docgen_buffer_puts(out, "`");
    }
    docgen_buffer_puts(out, "\n\n");
}

const char *docgen_code_language(docgen_lang lang)
{
    return docgen_reader_of(lang)->fence;
}

const char *docgen_code_language_name(docgen_lang lang)
{
    return docgen_reader_of(lang)->name;
}
