/* Manual pages: mandoc reads roff, its HTML is made a page of a manual as others are, and its lists of options rows.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/man_pages.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/documents/manual.h"
#include "generator/run.h"
#include "generator/sections/prose.h"

enum {
    HEAD_BYTES = 8 * 1024, /* a page's title line stands in them */
    NAME_BYTES = 120,
    TEXT_BYTES = 600,
    OPTIONS_MAX = 600
};

#define MANDOC_TIMEOUT apr_time_from_sec(10)
#define MANDOC_OUTPUT  ((apr_size_t)8 * 1024 * 1024)
#define MANDOC_MEMORY  ((apr_size_t)512 * 1024 * 1024)

int docgen_man_is_named(const char *path)
{
    const char *name = docgen_basename(path);
    apr_size_t length = strlen(name);
    const char *dot;

    if (length > 3 && !strcmp(name + length - 3, ".in"))
        length -= 3;
    dot = memrchr(name, '.', length);
    if (!dot || dot == name || dot[1] < '1' || dot[1] > '9')
        return 0;
    for (const char *p = dot + 2; p < name + length; p++) {
        if (!isalpha((unsigned char)*p) || p > dot + 5)
            return 0;
    }
    return 1;
}

int docgen_man_is_program(const char *path)
{
    const char *name = docgen_basename(path);
    apr_size_t length = strlen(name);

    if (!docgen_man_is_named(path))
        return 0;
    length -= length > 3 && !strcmp(name + length - 3, ".in") ? 3 : 0;
    return strchr("168", ((const char *)memrchr(name, '.', length))[1]) != NULL;
}

/* Does the text begin a manual page: .TH of man, .Dd of mdoc? */
static int is_man_text(const char *text)
{
    const char *line = text;

    while (*line && line - text < HEAD_BYTES) {
        if (!strncmp(line, ".TH ", 4) || !strncmp(line, ".Dd", 3))
            return 1;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return 0;
}

/* The text without the requests that read other files. */
static const char *without_includes(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *request = text + 1 + strspn(text + 1, " \t");

        if ((*text != '.' && *text != '\'') || strncmp(request, "so", 2) ||
            !strchr(" \t\n", request[2]))
            docgen_buffer_append(out, text, length);
        docgen_buffer_puts(out, "\n");
        text += length + (text[length] == '\n');
    }
    return out->length ? out->data : "";
}

/* "hyperfine(1)" of doc/hyperfine.1, "x(8)" of x.8.in. */
static const char *title_of(apr_pool_t *pool, const char *path)
{
    const char *name = docgen_basename(path);
    apr_size_t length = strlen(name);
    const char *dot;

    if (length > 3 && !strcmp(name + length - 3, ".in"))
        length -= 3;
    dot = memrchr(name, '.', length);
    return apr_psprintf(pool, "%.*s(%.*s)", (int)(dot - name), name, (int)(name + length - dot - 1),
                        dot + 1);
}

/* mandoc's HTML of a manual page; NULL when it is none or cannot be read. */
static const char *mandoc_html(apr_pool_t *pool, const char *path, const char *text)
{
    static const char *const argv[] = {"mandoc",   "-T", "html",  "-O",
                                       "fragment", "-K", "utf-8", NULL};
    docgen_run run = {.argv = argv,
                      .directory = "/",
                      .timeout = MANDOC_TIMEOUT,
                      .max_output = MANDOC_OUTPUT,
                      .max_memory = MANDOC_MEMORY};
    docgen_run_result result = {.exit_code = 0};
    apr_status_t rv;

    if (!is_man_text(text))
        return NULL;
    run.input = without_includes(pool, text);
    run.input_length = strlen(run.input);
    rv = docgen_run_program(pool, &run, &result);
    if (APR_STATUS_IS_ENOENT(rv)) {
        docgen_log(
            DOCGEN_LOG_WARNING, APR_SUCCESS,
            "mandoc is not installed: manual pages are not read; install the package mandoc");
        return NULL;
    }
    /* It exits with 2 and more for a page that has errors, and has written the page nevertheless. */
    if (result.timed_out || result.overflowed || result.signal || !result.output ||
        !strstr(result.output, "class=\"manual-text\"")) {
        docgen_log(DOCGEN_LOG_INFO, APR_SUCCESS, "mandoc cannot read %s", path);
        return NULL;
    }
    return result.output;
}

/* Behind the tag at `p`. */
static const char *tag_end(const char *p)
{
    const char *end = strchr(p, '>');

    return end ? end + 1 : p + strlen(p);
}

/* ".HP" puts a list's term before it: <p class="Pp HP">term</p> <dl…> <dt></dt>. @return behind the empty term, or NULL */
static const char *hanging_end(const char *p, const char **term, const char **close)
{
    const char *end = strstr(p, "</p>"), *list;

    *term = tag_end(p);
    *close = end;
    list = end ? end + 4 + strspn(end + 4, " \n") : "";
    if (strncmp(list, "<dl", 3))
        return NULL;
    list = tag_end(list);
    list += strspn(list, " \n");
    return strncmp(list, "<dt></dt>", 9) ? NULL : list + 9;
}

/* A paragraph that begins with a flag on a line of its own: <p class="Pp"><code class="Fl">-x</code> <br/> words</p>.
 * @return behind the line's end, or NULL; `flag_end` is behind the flag, `close` at the paragraph's end */
static const char *flag_paragraph(const char *p, const char **flag_end, const char **close)
{
    const char *code = tag_end(p), *next;

    if (strncmp(code, "<code class=\"Fl\"", 16))
        return NULL;
    *flag_end = strstr(code, "</code>");
    *close = strstr(code, "</p>");
    if (!*flag_end || !*close || *flag_end > *close)
        return NULL;
    *flag_end += 7;
    next = *flag_end + strspn(*flag_end, " \n");
    return strncmp(next, "<br/>", 5) ? NULL : next + 5;
}

/* mandoc's HTML as a page for readers: one title, headings below it, terms in their lists, no head and foot, no links of
 * headings to themselves. */
static const char *page_html(apr_pool_t *pool, const char *title, const char *html)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    int permalink = 0;

    docgen_buffer_printf(
        out, "<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1>", title, title);
    for (const char *p = html; *p;) {
        const char *end, *term, *close;

        if (!strncmp(p, "<table class=\"head\"", 19) || !strncmp(p, "<table class=\"foot\"", 19)) {
            end = strstr(p, "</table>");
            p = end ? end + 8 : p + strlen(p);
        } else if (!strncmp(p, "<a class=\"permalink\"", 20)) {
            permalink = 1;
            p = tag_end(p);
        } else if (permalink && !strncmp(p, "</a>", 4)) {
            permalink = 0;
            p += 4;
        } else if (!strncmp(p, "<p class=\"Pp HP\"", 16) &&
                   (end = hanging_end(p, &term, &close)) != NULL) {
            docgen_buffer_printf(out, "<dl><dt>%.*s</dt>", (int)(close - term), term);
            p = end;
        } else if (!strncmp(p, "<p class=\"Pp\">", 14) &&
                   (end = flag_paragraph(p, &term, &close)) != NULL) {
            docgen_buffer_printf(out, "<dl><dt>%.*s</dt><dd>%.*s</dd></dl>",
                                 (int)(term - tag_end(p)), tag_end(p), (int)(close - end), end);
            p = close + 4;
        } else if ((!strncmp(p, "<h", 2) || !strncmp(p, "</h", 3)) &&
                   isdigit((unsigned char)p[2 + (p[1] == '/')])) {
            apr_size_t slash = p[1] == '/';

            docgen_buffer_printf(out, "<%sh%d", slash ? "/" : "", p[2 + slash] - '0' + 1);
            p += 3 + slash;
        } else {
            docgen_buffer_append(out, p++, 1);
        }
    }
    docgen_buffer_puts(out, "</body></html>");
    return out->data;
}

const char *docgen_man_markdown(apr_pool_t *pool, const char *path, const char *text)
{
    static const docgen_manual_context alone = {NULL, NULL};
    const char *html = mandoc_html(pool, path, text);

    return html ? docgen_manual_markdown(pool, page_html(pool, title_of(pool, path), html), &alone)
                : NULL;
}

/* "&#x2019;" or "&#39;" as its character. @return its length, 0 when it is none */
static apr_size_t character_add(docgen_buffer *out, const char *entity)
{
    int hex = entity[2] == 'x' || entity[2] == 'X';
    char *end;
    unsigned long c = strtoul(entity + 2 + hex, &end, hex ? 16 : 10);

    if (*end != ';' || end - entity > 10 || c < 0x20 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0;
    if (c == 0xA0 || c == 0x2010) { /* blanks and dashes that only a typesetter tells apart */
        docgen_buffer_puts(out, c == 0xA0 ? " " : "-");
    } else if (c < 0x80) {
        docgen_buffer_printf(out, "%c", (int)c);
    } else if (c < 0x800) {
        docgen_buffer_printf(out, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        docgen_buffer_printf(out, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 0x3F)),
                             (int)(0x80 | (c & 0x3F)));
    } else {
        docgen_buffer_printf(out, "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 0x3F)),
                             (int)(0x80 | (c >> 6 & 0x3F)), (int)(0x80 | (c & 0x3F)));
    }
    return (apr_size_t)(end - entity) + 1;
}

/* The text of HTML between two places: no tags, its entities as characters, blanks as one. */
static const char *html_text(apr_pool_t *pool, const char *from, const char *to)
{
    static const char *const entities[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}};
    docgen_buffer *out = docgen_buffer_create(pool);

    while (from < to) {
        apr_size_t known = 0;

        if (*from == '<') {
            from = tag_end(from);
            continue;
        }
        for (apr_size_t i = 0; i < sizeof(entities) / sizeof(*entities) && !known; i++) {
            if (!strncmp(from, entities[i][0], strlen(entities[i][0]))) {
                docgen_buffer_puts(out, entities[i][1]);
                known = strlen(entities[i][0]);
            }
        }
        if (!known && from[0] == '&' && from[1] == '#')
            known = character_add(out, from);
        if (!known && isspace((unsigned char)*from)) {
            if (out->length > 0 && out->data[out->length - 1] != ' ')
                docgen_buffer_puts(out, " ");
        } else if (!known) {
            docgen_buffer_append(out, from, 1);
        }
        from += known ? known : 1;
    }
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->length--;
    return out->length ? apr_pstrmemdup(pool, out->data, out->length) : "";
}

/* Is a list's term an option with its spellings? */
static int is_option(const char *term)
{
    return term[0] == '-' && strlen(term) < NAME_BYTES &&
           (isalnum((unsigned char)term[1]) || strchr("?#@-[", term[1])) && term[1] &&
           !strstr(term, ". ");
}

/* A source line as it reads: "\-" is a dash, changes of the font are nothing. */
static const char *roff_plain(apr_pool_t *pool, const char *line, apr_size_t length)
{
    char *out = apr_palloc(pool, length + 1), *o = out;

    for (const char *p = line; p < line + length;) {
        if (*p == '\\' && p[1] == 'f') {
            p += p[2] == '[' ? strcspn(p, "]") + 1 : p[2] == '(' ? 5 : 3;
        } else if (*p == '\\' && p + 1 < line + length) {
            if (p[1] == '-')
                *o++ = '-';
            else if (!isalpha((unsigned char)p[1]) && p[1] != '&')
                *o++ = p[1];
            p += 2;
        } else {
            *o++ = *p++;
        }
    }
    *o = '\0';
    return out;
}

/* The line that describes an option: the first one, at or behind `from`, that has its first spelling as a whole word; only lines
 * that are requests or a paragraph's tag, when `heads`. mdoc
 * writes ".It Fl x". */
static int option_line(apr_pool_t *pool, const char *text, const char *name, int from, int heads)
{
    apr_size_t length = strcspn(name, " ,=<|");
    const char *spelling = apr_pstrndup(pool, name, length);
    int mdoc = strstr(text, ".Dd") != NULL && heads;
    int number = 0, tagged = 0; /* the line before it is .TP or .HP */

    while (*text) {
        apr_size_t bytes = strcspn(text, "\n");
        int is_head = *text == '.' || tagged;
        const char *line =
            ++number >= from && (is_head || !heads) ? roff_plain(pool, text, bytes) : "";
        const char *flag =
            !strncmp(line, ".It", 3) || !strncmp(line, ".Fl", 3) ? strstr(line, "Fl ") : NULL;

        for (const char *at = mdoc ? NULL : strstr(line, spelling); at;
             at = strstr(at + 1, spelling)) {
            if ((at == line || !(isalnum((unsigned char)at[-1]) || at[-1] == '-')) &&
                !isalnum((unsigned char)at[length]) && at[length] != '-')
                return number;
        }
        flag = flag ? flag + 3 + (flag[3] == '"') : NULL;
        if (flag && !strncmp(flag, spelling + 1, length - 1) &&
            !isalnum((unsigned char)flag[length - 1]))
            return number;
        tagged = !strncmp(text, ".TP", 3) || !strncmp(text, ".HP", 3);
        text += bytes + (text[bytes] == '\n');
    }
    return 0;
}

apr_array_header_t *docgen_man_options(apr_pool_t *pool, const char *path, const char *text)
{
    apr_array_header_t *options = apr_array_make(pool, 32, sizeof(docgen_man_option));
    const char *html = mandoc_html(pool, path, text);
    int line = 1;

    html = html ? page_html(pool, title_of(pool, path), html) : "";
    for (const char *p = html; (p = strstr(p, "<dt")) != NULL && options->nelts < OPTIONS_MAX;) {
        const char *start = tag_end(p), *end = strstr(start, "</dt>");
        const char *name = end ? html_text(pool, start, end) : "";
        const char *next = end ? end + 5 + strspn(end + 5, " \n") : "", *close;
        docgen_man_option *option;

        p = start;
        if (!is_option(name))
            continue;
        option = apr_array_push(options);
        option->name = name;
        option->text = "";
        if (!strncmp(next, "<dd", 3)) { /* its first paragraph */
            close = strstr(next, "</dd>");
            start = strstr(next + 3, "<p");
            start = start && (!close || start < close) && start > tag_end(next) + 1 ? start : close;
            option->text = docgen_text_shorten(
                pool, apr_pstrdup(pool, html_text(pool, next, start ? start : next)), TEXT_BYTES);
        }
        option->line = option_line(pool, text, name, line, 1);
        if (option->line)
            line = option->line;
        else
            option->line = option_line(pool, text, name, 1, 0);
    }
    return options;
}
