/* Javadoc's and PHPDoc's running text: HTML elements, {@inline} tags and entities become Markdown.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

#define DEPTH_MAX 8 /* inline tags inside inline tags */
#define INLINE_MAX                                                                                 \
    16384 /* bytes of an inline tag: what does not close is looked through no further */
#define ELEMENT_MAX 2048 /* bytes of an element's opening tag */

static void convert(docgen_buffer *out, const char *p, const char *end, docgen_doc_style style,
                    int depth);

/** Where the brace at `p` closes, or NULL. */
static const char *brace_end(const char *p, const char *end)
{
    int depth = 0;

    end = end - p > INLINE_MAX ? p + INLINE_MAX : end;
    for (; p < end; p++) {
        depth += (*p == '{') - (*p == '}');
        if (depth == 0) {
            return p;
        }
    }
    return NULL;
}

static int tag_is(const char *tag, apr_size_t length, const char *name)
{
    return strlen(name) == length && !strncasecmp(tag, name, length);
}

/** "{@link Class#member label}": the label, or the name as people say it. */
static void link_tag(docgen_buffer *out, const char *p, const char *end, docgen_doc_style style,
                     int depth)
{
    const char *stop = p, *paren;

    while (stop < end && !isspace((unsigned char)*stop) && *stop != '(') {
        stop++;
    }
    if (stop < end && *stop == '(' && (paren = memchr(stop, ')', (apr_size_t)(end - stop)))) {
        stop = paren + 1;
    }
    while (end > stop && isspace((unsigned char)end[-1])) {
        end--;
    }
    if (!strncmp(p, "http://", 7) || !strncmp(p, "https://", 8)) {
        const char *label = stop + strspn(stop, " \n");

        if (label < end) {
            docgen_buffer_printf(out, "[%.*s](%.*s)", (int)(end - label), label, (int)(stop - p),
                                 p);
        } else {
            docgen_buffer_printf(out, "<%.*s>", (int)(stop - p), p);
        }
        return;
    }
    while (stop < end && isspace((unsigned char)*stop)) {
        stop++;
    }
    if (stop < end && style == DOCGEN_DOC_JAVADOC) {
        int is_name = 1; /* a label that is one name is set as code, as javadoc does */

        for (const char *q = stop; q < end; q++) {
            is_name &= isalnum((unsigned char)*q) || strchr("_.()#<>[]", *q) != NULL;
        }
        if (is_name) {
            docgen_doc_code_span(out, stop, (apr_size_t)(end - stop));
        } else {
            convert(out, stop, end, style, depth + 1);
        }
        return;
    }
    docgen_doc_reference(out, p, (apr_size_t)(end - p));
}

/** One inline tag: `p` behind its "{@", `end` at its brace. */
static void inline_tag(docgen_buffer *out, const char *p, const char *end, docgen_doc_style style,
                       int depth)
{
    const char *name = p, *text;
    apr_size_t length;

    while (p < end && (isalpha((unsigned char)*p) || *p == '-')) {
        p++;
    }
    length = (apr_size_t)(p - name);
    text = p + (p < end && isspace((unsigned char)*p));
    if (tag_is(name, length, "code")) {
        if (memchr(text, '\n', (apr_size_t)(end - text)) && end - text > 120) {
            docgen_doc_fence(out, text, (apr_size_t)(end - text), "java");
        } else {
            docgen_doc_code_span(out, text, (apr_size_t)(end - text));
        }
    } else if (tag_is(name, length, "link") || tag_is(name, length, "linkplain") ||
               tag_is(name, length, "see") || tag_is(name, length, "value")) {
        link_tag(out, text + strspn(text, " \n"), end, style, depth);
    } else if (tag_is(name, length, "snippet")) {
        const char *colon = memchr(text, ':', (apr_size_t)(end - text));

        colon = colon ? colon + 1 : text;
        docgen_doc_fence(out, colon, (apr_size_t)(end - colon), "java");
    } else if (tag_is(name, length, "literal")) {
        for (; text < end; text++) {
            docgen_buffer_puts(out, *text == '<'             ? "&lt;"
                                    : *text == '&'           ? "&amp;"
                                    : strchr("*_`\\", *text) ? "\\"
                                                             : "");
            docgen_buffer_append(out, text, *text != '<' && *text != '&');
        }
    } else if (tag_is(name, length, "inheritDoc") || tag_is(name, length, "docRoot") ||
               tag_is(name, length, "inheritdoc")) {
        /* the text of the base stands for it when nothing else is said */
    } else {
        convert(out, text, end, style, depth + 1); /* {@index x}, {@summary x}, {@return x} */
    }
}

/** The content of <pre> or <code>: elements and {@code } around it go, entities become what they are. */
static void plain_content(docgen_buffer *out, const char *p, const char *end)
{
    const char *first = p;

    while (p < end && isspace((unsigned char)*p)) {
        p++;
    }
    if (end - p > 6 && (!strncmp(p, "{@code", 6) || !strncmp(p, "{@liter", 7))) {
        const char *close = brace_end(p, end);
        const char *rest = close;

        while (rest && rest + 1 < end && isspace((unsigned char)rest[1])) {
            rest++;
        }
        if (close && rest + 1 >= end) {
            p += p[2] == 'c' ? 6 : 9;
            docgen_buffer_append(out, p, (apr_size_t)(close - p));
            return;
        }
    }
    for (p = first; p < end;) {
        const char *q = p;

        if (*p == '<' && (isalpha((unsigned char)p[1]) || p[1] == '/') &&
            (q = memchr(p, '>', (apr_size_t)(end - p)))) {
            p = q + 1;
        } else if (end - p > 3 && !strncmp(p, "{@", 2) && (q = brace_end(p, end))) {
            const char *space = p;

            while (space < q && !isspace((unsigned char)*space)) {
                space++;
            }
            space += space < q;
            docgen_buffer_append(out, space, (apr_size_t)(q - space));
            p = q + 1;
        } else {
            for (q = p + 1; q < end && *q != '<' && *q != '{'; q++) {
            }
            docgen_doc_entities(out, p, (apr_size_t)(q - p));
            p = q;
        }
    }
}

/** Finds "</NAME>" from `p` on, or NULL. */
static const char *closing(const char *p, const char *end, const char *name, apr_size_t length)
{
    while ((p = memchr(p, '<', (apr_size_t)(end - p)))) {
        if (end - p > (apr_ssize_t)length + 2 && p[1] == '/' && !strncasecmp(p + 2, name, length) &&
            p[2 + length] == '>') {
            return p;
        }
        p++;
    }
    return NULL;
}

/** The value of an attribute between `p` and the element's `>`. */
static const char *attribute(const char *p, const char *stop, const char *name, apr_size_t *length)
{
    apr_size_t n = strlen(name);

    for (; p + n + 2 < stop; p++) {
        if (!strncasecmp(p, name, n) && p[n] == '=' && (p[n + 1] == '"' || p[n + 1] == '\'')) {
            const char *from = p + n + 2, *to = memchr(from, p[n + 1], (apr_size_t)(stop - from));

            *length = to ? (apr_size_t)(to - from) : 0;
            return to ? from : NULL;
        }
    }
    return NULL;
}

/** What an element's opening and closing tags are in Markdown. */
static const struct {
    const char *name, *open, *close;
} elements[] = {
    {"p", "\n\n", "\n\n"},
    {"br", "\n\n", ""},
    {"b", "**", "**"},
    {"strong", "**", "**"},
    {"i", "*", "*"},
    {"em", "*", "*"},
    {"var", "*", "*"},
    {"cite", "*", "*"},
    {"ul", "\n\n", "\n\n"},
    {"ol", "\n\n", "\n\n"},
    {"li", "\n- ", "\n"},
    {"dl", "\n\n", "\n\n"},
    {"dt", "\n- **", "**"},
    {"dd", ": ", "\n"},
    {"h1", "\n\n# ", "\n\n"},
    {"h2", "\n\n# ", "\n\n"},
    {"h3", "\n\n# ", "\n\n"},
    {"h4", "\n\n# ", "\n\n"},
    {"h5", "\n\n# ", "\n\n"},
    {"h6", "\n\n# ", "\n\n"},
    {"blockquote", "\n\n> ", "\n\n"},
    {"div", "\n\n", "\n\n"},
    {"table", "\n\n", "\n\n"},
    {"tr", "\n- ", "\n"},
    {"td", "", " · "},
    {"th", "", " · "},
    {"caption", "", "\n"},
    {"thead", "", ""},
    {"tbody", "", ""},
    {"hr", "\n\n", ""},
    {"span", "", ""},
    {"sup", "^", ""},
    {"sub", "", ""},
    {"img", "", ""},
    {"a", "", ""},
    {"font", "", ""},
    {"small", "", ""},
    {"center", "", ""},
    {"section", "\n\n", "\n\n"},
    {"u", "", ""},
    {"s", "", ""},
    {"tfoot", "", ""},
    {"colgroup", "", ""},
    {"col", "", ""},
    {"details", "\n\n", "\n\n"},
    {"summary", "", "\n\n"},
};

/** Does the line so far hold only white space? Then what begins a line can be put there. */
static int at_line_start(const docgen_buffer *out)
{
    apr_size_t n = out->length;

    while (n && (out->data[n - 1] == ' ' || out->data[n - 1] == '\t')) {
        n--;
    }
    return n == 0 || out->data[n - 1] == '\n';
}

/** An element at `p` (its `<`). @return behind what was read of it, or NULL when it is none */
static const char *element(docgen_buffer *out, const char *p, const char *end,
                           docgen_doc_style style, int depth)
{
    int closes = p[1] == '/';
    const char *name = p + 1 + closes, *stop, *close, *value;
    apr_size_t length = 0, n = 0;

    if (end - p > 4 && !strncmp(p, "<!--", 4)) {
        stop = memmem(p, (apr_size_t)(end - p), "-->", 3);
        return stop ? stop + 3 : end;
    }
    while (name + length < end && isalnum((unsigned char)name[length])) {
        length++;
    }
    stop = memchr(p, '>', (apr_size_t)(end - p > ELEMENT_MAX ? ELEMENT_MAX : end - p));
    if (!length || !stop ||
        (name[length] != '>' && name[length] != '/' && !isspace((unsigned char)name[length]))) {
        return NULL;
    }
    if (!closes && (tag_is(name, length, "pre") || tag_is(name, length, "code") ||
                    tag_is(name, length, "tt") || tag_is(name, length, "kbd") ||
                    tag_is(name, length, "samp"))) {
        int block = tag_is(name, length, "pre");
        docgen_buffer *inner = docgen_buffer_create(out->pool);

        close = closing(stop, end, name, length);
        plain_content(inner, stop + 1, close ? close : end);
        if (block) {
            docgen_doc_fence(out, inner->data ? inner->data : "", inner->length,
                             style == DOCGEN_DOC_JAVADOC ? "java" : "");
        } else {
            docgen_doc_code_span(out, inner->data ? inner->data : "", inner->length);
        }
        docgen_buffer_free(inner);
        return close ? close + length + 3 : end;
    }
    if (!closes && tag_is(name, length, "a") && (close = closing(stop, end, name, length))) {
        docgen_buffer *inner = docgen_buffer_create(out->pool);

        convert(inner, stop + 1, close, style, depth + 1);
        value = attribute(name, stop, "href", &n);
        if (value && (!strncmp(value, "http://", 7) || !strncmp(value, "https://", 8))) {
            docgen_buffer_printf(out, "[%s](%.*s)", inner->data ? inner->data : "", (int)n, value);
        } else {
            docgen_buffer_puts(out, inner->data ? inner->data : "");
        }
        docgen_buffer_free(inner);
        return close + length + 3;
    }
    for (unsigned i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
        if (tag_is(name, length, elements[i].name)) {
            const char *mark = closes ? elements[i].close : elements[i].open;
            const char *next = stop + 1;

            docgen_buffer_puts(out, mark);
            if (*mark &&
                (strchr("#- >", mark[strlen(mark) - 1]) || mark[strlen(mark) - 1] == '\n')) {
                next += strspn(next, " \t");
                if (mark[strlen(mark) - 1] != '\n' && *next == '\n') {
                    next += 1 + strspn(next + 1, " \t"); /* "<li>" alone on its line */
                }
            }
            return next < end ? next : end;
        }
    }
    return NULL;
}

/** A star or underline that Markdown would take for emphasis where the writer meant itself. */
static int is_mark(const char *p, const char *start, const char *end, const docgen_buffer *out)
{
    if (*p != '*' && *p != '_') {
        return 0;
    }
    if (p + 1 < end && p[1] == ' ' && at_line_start(out)) {
        return 0; /* a list */
    }
    return *p == '*' || p == start || !isalnum((unsigned char)p[-1]);
}

static void convert(docgen_buffer *out, const char *p, const char *end, docgen_doc_style style,
                    int depth)
{
    const char *start = p;
    int code = 0;

    while (p < end) {
        const char *next = NULL;

        if (end - p > 3 && (!strncmp(p, "```", 3) || !strncmp(p, "~~~", 3)) && at_line_start(out)) {
            next = memmem(p + 3, (apr_size_t)(end - p) - 3, p[0] == '`' ? "\n```" : "\n~~~", 4);
            next = next ? next + 4 : end; /* Markdown's own fence */
            docgen_buffer_append(out, p, (apr_size_t)(next - p));
            p = next;
            continue;
        }
        if (!code && *p == '{' && p + 1 < end && p[1] == '@' && depth < DEPTH_MAX) {
            const char *close = brace_end(p, end);

            if (close) {
                inline_tag(out, p + 2, close, style, depth);
                next = close + 1;
            }
        } else if (!code && *p == '<' && depth < DEPTH_MAX) {
            next = element(out, p, end, style, depth);
        }
        if (next) {
            p = next;
            continue;
        }
        code = *p == '`' ? !code : *p == '\n' && p + 1 < end && p[1] == '\n' ? 0 : code;
        if (!code && style == DOCGEN_DOC_JAVADOC && is_mark(p, start, end, out)) {
            docgen_buffer_puts(out, "\\");
        }
        docgen_buffer_append(out, p++, 1);
    }
}

const char *docgen_doc_inline_html(apr_pool_t *pool, const char *text, docgen_doc_style style)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *result;

    convert(out, text, text + strlen(text), style, 0);
    result = apr_pstrmemdup(pool, out->data ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}
