/* reStructuredText within a paragraph: literals, roles, references, substitutions, emphasis.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "generator/documents/html.h"
#include "generator/documents/rst.h"

enum {
    REACH = 2000 /* bytes between the marks of one piece of inline markup */
};

const char *docgen_rst_name(apr_pool_t *pool, const char *name, apr_size_t length)
{
    char *copy = apr_palloc(pool, length + 1);
    char *end = copy;

    for (apr_size_t i = 0; i < length; i++) {
        if (isspace((unsigned char)name[i])) {
            if (end > copy && end[-1] != ' ')
                *end++ = ' ';
        } else if (name[i] != '\\' && name[i] != '`') {
            *end++ = (char)tolower((unsigned char)name[i]);
        }
    }
    while (end > copy && end[-1] == ' ')
        end--;
    *end = '\0';
    return copy;
}

/* One character of plain text; what Markdown would take for markup is escaped. */
static void plain_put(docgen_buffer *out, const char *text, const char *at)
{
    char byte = *at;

    if (byte == '_') {
        if (at == text || !isalnum((unsigned char)at[-1]) || !isalnum((unsigned char)at[1]))
            docgen_buffer_puts(out, "\\");
    } else if (strchr("\\`*[]<>|~&{", byte)) {
        docgen_buffer_puts(out, "\\");
    } else if ((byte == '#' || byte == '+' || byte == '-' || byte == '=') &&
               (at == text || at[-1] == '\n')) {
        docgen_buffer_puts(out, "\\");
    } else if (byte == ':' && isalnum((unsigned char)at[1])) {
        docgen_buffer_puts(out, "\\");
    }
    docgen_buffer_append(out, &byte, 1);
}

static void plain_puts(docgen_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++)
        plain_put(out, text, p);
}

/* A code span that survives backquotes. */
static void code_put(docgen_buffer *out, const char *text)
{
    if (!*text)
        return;
    if (strchr(text, '`'))
        docgen_buffer_printf(out, "```` %s ````", text);
    else
        docgen_buffer_printf(out, "`%s`", text);
}

/* A URL between < and >: nothing in it may end that. */
static void link_put(docgen_buffer *out, const char *markdown, const char *url)
{
    docgen_buffer_printf(out, "[%s](<", markdown);
    for (const char *p = url; *p; p++) {
        if (*p == '<' || *p == '>' || *p == '\n' || *p == ' ')
            docgen_buffer_printf(out, "%%%02X", (unsigned char)*p);
        else
            docgen_buffer_append(out, p, 1);
    }
    docgen_buffer_puts(out, ">)");
}

/* "Title <target>": both parts; else the same text twice. */
static void reference_split(apr_pool_t *pool, const char *text, const char **title,
                            const char **target)
{
    apr_size_t length = strlen(text);
    const char *open = length > 1 && text[length - 1] == '>' ? strrchr(text, '<') : NULL;

    *title = *target = text;
    if (!open)
        return;
    *target = apr_pstrndup(pool, open + 1, length - (apr_size_t)(open - text) - 2);
    while (open > text && isspace((unsigned char)open[-1]))
        open--;
    *title = open > text ? apr_pstrndup(pool, text, (apr_size_t)(open - text)) : *target;
}

/* The title of a document that :doc: or a toctree names. */
static const char *document_title(docgen_rst *rst, const char *path)
{
    static const char *const endings[] = {"", ".rst", ".md", "/index.rst", NULL};
    const char *text = NULL;
    const char *previous = NULL;

    for (int i = 0; rst->context && rst->context->include && !text && endings[i]; i++)
        text = rst->context->include(rst->context->baton, rst->pool,
                                     apr_pstrcat(rst->pool, path, endings[i], NULL));
    for (int n = 0; text && *text && n < 60; n++) {
        apr_size_t length = strcspn(text, "\n");

        if (!strncmp(text, "# ", 2))
            return apr_pstrndup(rst->pool, text + 2, length - 2);
        if (previous && length >= 3 && ispunct((unsigned char)*text) &&
            strspn(text, (const char[]){*text, '\0'}) == length &&
            isalnum((unsigned char)*previous))
            return apr_pstrndup(rst->pool, previous, strcspn(previous, "\n"));
        previous = length ? text : NULL;
        text += length + (text[length] == '\n');
    }
    return NULL;
}

static void doc_put(docgen_rst *rst, docgen_buffer *out, const char *text)
{
    const char *title;
    const char *target;

    reference_split(rst->pool, text, &title, &target);
    if (title == target) {
        const char *known = document_title(rst, target);

        title = known ? known : target;
    }
    link_put(out, docgen_markdown_escape(rst->pool, title), target);
}

static void ref_put(docgen_rst *rst, docgen_buffer *out, const char *text)
{
    const char *title;
    const char *target;
    const char *name;
    const char *url;
    const char *known = NULL;

    reference_split(rst->pool, text, &title, &target);
    name = docgen_rst_name(rst->pool, target, strlen(target));
    url = rst->context && rst->context->label
              ? rst->context->label(rst->context->baton, rst->pool, name, &known)
              : NULL;
    if (!url)
        url = apr_hash_get(rst->targets, name, APR_HASH_KEY_STRING);
    if (title == target)
        title = known ? known : target;
    if (url)
        link_put(out, docgen_markdown_escape(rst->pool, title), url);
    else
        plain_puts(out, title);
}

/* :func:`~a.b.c` shows "c" and means a.b.c; the site knows whether it has that symbol. */
static void symbol_put(docgen_rst *rst, docgen_buffer *out, const char *text)
{
    const char *title;
    const char *target;

    reference_split(rst->pool, text, &title, &target);
    if (*title == '!') {
        code_put(out, title + 1);
        return;
    }
    if (*target == '~') {
        target++;
        if (title + 1 == target || title == target - 1) {
            const char *dot = strrchr(target, '.');

            title = dot ? dot + 1 : target;
        }
    }
    if (*title == '.')
        title++;
    if (*target == '.')
        target++;
    {
        docgen_buffer *code = docgen_buffer_create(rst->pool);
        docgen_buffer *url = docgen_buffer_create(rst->pool);

        code_put(code, title);
        docgen_buffer_puts(url, "?symbol=");
        docgen_buffer_url(url, target);
        link_put(out, code->data, url->data);
        docgen_buffer_free(code);
        docgen_buffer_free(url);
    }
}

static int is_one_of(const char *name, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (!strcmp(name, names[i]))
            return 1;
    }
    return 0;
}

static void role_put(docgen_rst *rst, docgen_buffer *out, const char *role, const char *text)
{
    static const char *const symbols[] = {
        "func",       "function", "class", "meth",      "method", "attr",   "attribute",
        "mod",        "module",   "exc",   "data",      "obj",    "const",  "any",
        "macro",      "struct",   "union", "enum",      "type",   "member", "var",
        "enumerator", "property", "deco",  "decorator", NULL};
    static const char *const codes[] = {
        "option",   "envvar",  "command", "file",    "program", "samp",   "kbd",     "code",
        "literal",  "confval", "setting", "keyword", "token",   "regexp", "makevar", "mailheader",
        "mimetype", "math",    "djadmin", "ini",     "key",     "opt",    "flag",    NULL};
    static const char *const numbers[] = {"issue",  "pr",      "gh",     "bug", "pull",
                                          "ticket", "ghissue", "ghpull", NULL};
    const char *plain = strrchr(role, ':') ? strrchr(role, ':') + 1 : role;
    const char *title;
    const char *target;

    if (!strcmp(plain, "doc") || !strcmp(plain, "download")) {
        doc_put(rst, out, text);
    } else if (!strcmp(plain, "ref") || !strcmp(plain, "numref") || !strcmp(plain, "std-ref")) {
        ref_put(rst, out, text);
    } else if (is_one_of(plain, symbols)) {
        symbol_put(rst, out, text);
    } else if (is_one_of(plain, codes)) {
        reference_split(rst->pool, text, &title, &target);
        code_put(out, title);
    } else if (!strcmp(plain, "pep") || !strcmp(plain, "rfc")) {
        reference_split(rst->pool, text, &title, &target);
        link_put(
            out,
            title == target ? apr_psprintf(rst->pool, "%s %s", *plain == 'p' ? "PEP" : "RFC",
                                           docgen_markdown_escape(rst->pool, text))
                            : docgen_markdown_escape(rst->pool, title),
            *plain == 'p'
                ? apr_psprintf(rst->pool, "https://peps.python.org/pep-%04d/", atoi(target))
                : apr_psprintf(rst->pool, "https://www.rfc-editor.org/rfc/rfc%d", atoi(target)));
    } else if (is_one_of(plain, numbers) && strspn(text, "0123456789") == strlen(text)) {
        docgen_buffer_printf(out, "\\#%s", text);
    } else if (!strcmp(plain, "strong") || !strcmp(plain, "guilabel") ||
               !strcmp(plain, "menuselection")) {
        docgen_buffer_printf(out, "**%s**", docgen_markdown_escape(rst->pool, text));
    } else if (!strcmp(plain, "sup") || !strcmp(plain, "sub")) {
        docgen_buffer_printf(out, "<%s>%s</%s>", plain, docgen_markdown_escape(rst->pool, text),
                             plain);
    } else if (!strcmp(plain, "emphasis") || !strcmp(plain, "title-reference") ||
               !strcmp(plain, "dfn")) {
        docgen_buffer_printf(out, "*%s*", docgen_markdown_escape(rst->pool, text));
    } else {
        reference_split(rst->pool, text, &title, &target);
        plain_puts(out, title);
    }
}

/* The end of "…`" that begins after the mark; NULL when the paragraph has none. */
static const char *backquote_end(const char *at)
{
    for (const char *start = at; *at && at - start < REACH; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (*at == '`')
            return at;
    }
    return NULL;
}

static const char *one_line(apr_pool_t *pool, const char *text, apr_size_t length)
{
    char *copy = apr_pstrndup(pool, text, length);
    char *out = copy;

    for (const char *p = copy; *p; p++) {
        if (*p == '\n')
            *out++ = ' ';
        else if (*p == '\\' && p[1] && p[1] != '\\' && ispunct((unsigned char)p[1]))
            continue;
        else
            *out++ = *p;
    }
    *out = '\0';
    return copy;
}

/* "`text`_", "`text <url>`_", "`text`__": @return the position after it, NULL when it is none */
static const char *reference_read(docgen_rst *rst, docgen_buffer *out, const char *text,
                                  const char *after)
{
    const char *title;
    const char *target;
    const char *name;
    const char *url;
    int anonymous;

    if (*after != '_')
        return NULL;
    anonymous = after[1] == '_';
    reference_split(rst->pool, text, &title, &target);
    if (title != target || text[0] == '<') {
        apr_size_t length = strlen(target);

        name = docgen_rst_name(rst->pool, target, length);
        if (length > 0 && target[length - 1] == '_' && !strstr(target, "://")) {
            url = apr_hash_get(rst->targets, name, (apr_ssize_t)strlen(name) - 1);
        } else {
            url = target;
            if (!anonymous)
                apr_hash_set(rst->targets, docgen_rst_name(rst->pool, title, strlen(title)),
                             APR_HASH_KEY_STRING, url);
        }
    } else if (anonymous) {
        url = rst->anonymous_next < rst->anonymous->nelts
                  ? APR_ARRAY_IDX(rst->anonymous, rst->anonymous_next++, const char *)
                  : NULL;
    } else {
        name = docgen_rst_name(rst->pool, text, strlen(text));
        url = apr_hash_get(rst->targets, name, APR_HASH_KEY_STRING);
        if (!url) /* a heading's text is a target as well */
            url = apr_pstrcat(rst->pool, "#", docgen_slug(rst->pool, text), NULL);
    }
    if (url)
        link_put(out, docgen_markdown_escape(rst->pool, title), url);
    else
        plain_puts(out, title);
    return after + 1 + anonymous;
}

/* A role's name between colons at `at`: its end, or NULL. */
static const char *role_end(const char *at)
{
    const char *p = at + 1;

    while (isalnum((unsigned char)*p) || (*p && strchr("_-.+:", *p) && p[1] != '`'))
        p++;
    return p > at + 1 && p[0] == ':' && p[1] == '`' ? p : NULL;
}

/* "[1]_", "[#name]_", "[CIT2002]_" @return the position after it, or NULL */
static const char *note_read(docgen_rst *rst, docgen_buffer *out, const char *at)
{
    const char *end = strpbrk(at + 1, "]\n ");
    const char *name;

    if (!end || *end != ']' || end[1] != '_' || end == at + 1)
        return NULL;
    name = apr_pstrndup(rst->pool, at + 1, (apr_size_t)(end - at - 1));
    if (!strcmp(name, "#") || !strcmp(name, "*"))
        name = apr_psprintf(rst->pool, "auto-%d", ++rst->note_refs);
    else if (*name == '#')
        name++;
    docgen_buffer_printf(out, "[^%s]", docgen_slug(rst->pool, name));
    return end + 2;
}

/* "name_" with a known target. @return the position after it, or NULL */
static const char *word_read(docgen_rst *rst, docgen_buffer *out, const char *start,
                             const char *underscore)
{
    const char *name = docgen_rst_name(rst->pool, start, (apr_size_t)(underscore - start));
    const char *url = apr_hash_get(rst->targets, name, APR_HASH_KEY_STRING);

    if (!url)
        return NULL;
    link_put(out,
             docgen_markdown_escape(
                 rst->pool, apr_pstrndup(rst->pool, start, (apr_size_t)(underscore - start))),
             url);
    return underscore + 1;
}

/* The next `mark` within the reach of inline markup: a stray mark must not be looked for to the end each time. */
static const char *mark_find(const char *at, const char *limit, const char *mark)
{
    return at < limit ? memmem(at, (apr_size_t)(limit - at), mark, strlen(mark)) : NULL;
}

/* Is `at` where inline markup may begin? */
static int may_begin(const char *text, const char *at)
{
    return at == text || isspace((unsigned char)at[-1]) || strchr("-:/'\"<([{", at[-1]) ||
           (unsigned char)at[-1] >= 0x80 || (at - text > 1 && at[-2] == '\\' && at[-1] == ' ');
}

/* "*x*" and "**x**". @return the position after it, or NULL */
static const char *emphasis_read(docgen_rst *rst, docgen_buffer *out, const char *text,
                                 const char *at)
{
    int strong = at[1] == '*';
    const char *mark = strong ? "**" : "*";
    const char *inner = at + 1 + strong;
    const char *limit = inner + strnlen(inner, REACH);
    const char *end;

    if (!may_begin(text, at) || !*inner || isspace((unsigned char)*inner))
        return NULL;
    for (end = mark_find(inner, limit, mark); end; end = mark_find(end + 1, limit, mark)) {
        const char *after = end + 1 + strong;

        if (end > inner && !isspace((unsigned char)end[-1]) && end[-1] != '\\' &&
            (!*after || isspace((unsigned char)*after) || ispunct((unsigned char)*after)))
            break;
    }
    if (!end)
        return NULL;
    docgen_buffer_printf(
        out, "%s%s%s", mark,
        docgen_markdown_escape(rst->pool, one_line(rst->pool, inner, (apr_size_t)(end - inner))),
        mark);
    return end + 1 + strong;
}

/* "|name|" @return the position after it, or NULL */
static const char *substitution_read(docgen_rst *rst, docgen_buffer *out, const char *at)
{
    const char *end = strpbrk(at + 1, "|\n");
    const char *value;

    if (!end || *end != '|' || end == at + 1 || isspace((unsigned char)at[1]))
        return NULL;
    value = apr_hash_get(rst->substitutions, at + 1, end - at - 1);
    if (!value)
        return NULL;
    docgen_buffer_puts(out, value);
    return end + 1 + (end[1] == '_') + (end[1] == '_' && end[2] == '_');
}

/* What begins with a backquote. @return the position after it, or NULL */
static const char *backquoted_read(docgen_rst *rst, docgen_buffer *out, const char *at)
{
    const char *end;
    const char *inner;
    const char *next;

    if (at[1] == '`') {
        end = mark_find(at + 2, at + 2 + strnlen(at + 2, REACH), "``");
        while (end && end[2] == '`')
            end++;
        if (!end || end == at + 2)
            return NULL;
        inner = apr_pstrndup(rst->pool, at + 2, (apr_size_t)(end - at - 2));
        for (char *p = (char *)inner; *p; p++)
            *p = *p == '\n' ? ' ' : *p;
        code_put(out, inner);
        return end + 2;
    }
    end = backquote_end(at + 1);
    if (!end || end == at + 1)
        return NULL;
    inner = one_line(rst->pool, at + 1, (apr_size_t)(end - at - 1));
    next = reference_read(rst, out, inner, end + 1);
    if (next)
        return next;
    if (end[1] == ':') { /* `text`:role: */
        const char *close = strpbrk(end + 2, ": \n");

        if (close && *close == ':' && close > end + 2) {
            role_put(rst, out, apr_pstrndup(rst->pool, end + 2, (apr_size_t)(close - end - 2)),
                     inner);
            return close + 1;
        }
    }
    code_put(out, inner);
    return end + 1;
}

const char *docgen_rst_inline(docgen_rst *rst, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(rst->pool);
    const char *word = text;
    const char *result;

    for (const char *at = text; *at;) {
        const char *next = NULL, *plain = at;

        for (; isalnum((unsigned char)*at) || *at == ' '; at++) {
            if (*at == ' ')
                word = at + 1;
        }
        if (at > plain) {
            docgen_buffer_append(out, plain, (apr_size_t)(at - plain));
            continue;
        }
        if (*at == '\\' && at[1]) {
            if (!isspace((unsigned char)at[1]))
                plain_put(out, at + 1, at + 1);
            word = at += 2;
            continue;
        }
        if (*at == '`') {
            next = backquoted_read(rst, out, at);
        } else if (*at == ':' && (at == text || !isalnum((unsigned char)at[-1]))) {
            const char *end = role_end(at);
            const char *close = end ? backquote_end(end + 2) : NULL;

            if (close) {
                role_put(rst, out, apr_pstrndup(rst->pool, at + 1, (apr_size_t)(end - at - 1)),
                         one_line(rst->pool, end + 2, (apr_size_t)(close - end - 2)));
                next = close + 1;
            }
        } else if (*at == '*') {
            next = emphasis_read(rst, out, text, at);
        } else if (*at == '|') {
            next = substitution_read(rst, out, at);
        } else if (*at == '[') {
            next = note_read(rst, out, at);
        } else if (*at == '_' && at > word && at[1] != '_' && !isalnum((unsigned char)at[1])) {
            apr_size_t back = out->length;

            /* The word is written already: taken back when it was a reference. */
            if (out->length >= (apr_size_t)(at - word) &&
                !memcmp(out->data + out->length - (at - word), word, (apr_size_t)(at - word))) {
                out->length -= (apr_size_t)(at - word);
                next = word_read(rst, out, word, at);
                if (!next)
                    out->length = back;
            }
        }
        if (next) {
            word = at = next;
            continue;
        }
        if (!isalnum((unsigned char)*at) && !strchr("-_.", *at))
            word = at + 1;
        plain_put(out, text, at);
        at++;
    }
    result = apr_pstrmemdup(rst->pool, out->data, out->length);
    docgen_buffer_free(out);
    return result;
}

const char *docgen_rst_cell(docgen_rst *rst, const char *text)
{
    char *cell = apr_pstrdup(rst->pool, docgen_rst_inline(rst, text));

    for (char *p = cell; *p; p++)
        *p = *p == '\n' ? ' ' : *p;
    return cell;
}
