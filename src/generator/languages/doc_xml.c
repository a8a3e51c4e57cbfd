/* C#'s doc comments: XML elements.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

#define TAG_MAX     2048  /* bytes of one tag */
#define ELEMENT_MAX 16384 /* bytes of an element inside a text: its end is sought no further */

/** An element's tag. */
typedef struct tag {
    const char *name;
    apr_size_t length;
    const char *start, *end; /* `<` and behind `>` */
    int closes, empty;
} tag;

static int tag_is(const tag *t, const char *name)
{
    return strlen(name) == t->length && !memcmp(t->name, name, t->length);
}

/** The next tag at or behind `p`. @return 0 = none */
static int tag_next(const char *p, const char *end, tag *t)
{
    while ((p = memchr(p, '<', (apr_size_t)(end - p)))) {
        const char *stop = memchr(p, '>', (apr_size_t)(end - p > TAG_MAX ? TAG_MAX : end - p));

        if (!stop) {
            p++;
            continue;
        }
        *t = (tag){.start = p, .end = stop + 1, .closes = p[1] == '/', .empty = stop[-1] == '/'};
        t->name = p + 1 + t->closes;
        while (t->name + t->length < stop && isalnum((unsigned char)t->name[t->length])) {
            t->length++;
        }
        if (t->length) {
            return 1;
        }
        p++;
    }
    return 0;
}

static const char *attribute(apr_pool_t *pool, const tag *t, const char *name)
{
    apr_size_t n = strlen(name);

    for (const char *p = t->name + t->length; p + n + 2 < t->end; p++) {
        if (!strncmp(p, name, n) && p[n] == '=' && (p[n + 1] == '"' || p[n + 1] == '\'')) {
            const char *from = p + n + 2;
            const char *to = memchr(from, p[n + 1], (apr_size_t)(t->end - from));

            return to ? apr_pstrmemdup(pool, from, (apr_size_t)(to - from)) : NULL;
        }
    }
    return NULL;
}

/** Text outside tags: line ends stay, the indentation of XML goes. */
static void text_put(docgen_doc_builder *b, const char *p, const char *end)
{
    const char *start = p;

    while (p < end) {
        const char *stop = memchr(p, '\n', (apr_size_t)(end - p));

        stop = stop ? stop + 1 : end;
        if (b->text->length && b->text->data[b->text->length - 1] == '\n') {
            while (p < stop && (*p == ' ' || *p == '\t')) {
                p++;
            }
        }
        for (; p < stop; p++) {
            if (*p == '*' || (*p == '_' && (p == start || p[-1] == ' ' || p[-1] == '\n'))) {
                docgen_buffer_puts(b->text, "\\");
            }
            docgen_buffer_append(b->text, p, 1);
        }
    }
}

/** A cref as a code span: "T:System.Collections.List{T}" is "List<T>". */
static void reference(docgen_doc_builder *b, const char *cref)
{
    char *copy = apr_pstrdup(b->pool, cref), *last = copy, *dot = NULL;

    if (copy[0] && copy[1] == ':') {
        copy += 2;
    }
    for (char *p = copy; *p && *p != '('; p++) { /* the last two names: Type.Member */
        if (*p == '.') {
            last = dot ? dot + 1 : copy;
            dot = p;
        }
    }
    last = dot && (cref[0] == 'T' || cref[0] == 'N') && cref[1] == ':' ? dot + 1
           : dot                                                       ? last
                                                                       : copy;
    for (char *p = last; *p; p++) {
        *p = *p == '{' ? '<' : *p == '}' ? '>' : *p;
    }
    docgen_doc_code_span(b->text, last, strlen(last));
}

/** Where the element that `t` opens closes: its closing tag in `close`. @return 0 = nowhere */
static int close_of(const tag *t, const char *end, tag *close)
{
    const char *p = t->end;

    end = end - p > ELEMENT_MAX ? p + ELEMENT_MAX : end;
    while (tag_next(p, end, close)) {
        if (close->closes && close->length == t->length &&
            !memcmp(close->name, t->name, t->length)) {
            return 1;
        }
        p = close->end;
    }
    return 0;
}

/** <c> and <code>: content as it is. @return behind the element */
static const char *code(docgen_doc_builder *b, const tag *t, const char *end)
{
    tag close;
    docgen_buffer *plain = docgen_buffer_create(b->pool);
    const char *stop = close_of(t, end, &close) ? close.start : end;
    const char *content = t->end;

    if (stop - content > 12 && !strncmp(content + strspn(content, " \n"), "<![CDATA[", 9)) {
        const char *inner = memmem(content, (apr_size_t)(stop - content), "<![CDATA[", 9) + 9;
        const char *inner_end = memmem(inner, (apr_size_t)(stop - inner), "]]>", 3);

        docgen_buffer_append(plain, inner, (apr_size_t)((inner_end ? inner_end : stop) - inner));
    } else {
        docgen_doc_entities(plain, content, (apr_size_t)(stop - content));
    }
    if (tag_is(t, "code")) {
        docgen_doc_fence(b->text, plain->data ? plain->data : "", plain->length, "csharp");
    } else {
        docgen_doc_code_span(b->text, plain->data ? plain->data : "", plain->length);
    }
    docgen_buffer_free(plain);
    return stop == end ? end : close.end;
}

/** A tag that opens a part of the comment. @return 0 = it stands inside a part */
static int part(docgen_doc_builder *b, const tag *t)
{
    static const char *const parts[][3] = {
        {"summary", "", NULL},
        {"remarks", "", NULL},
        {"param", "param", "name"},
        {"typeparam", "tparam", "name"},
        {"returns", "return", NULL},
        {"value", "", NULL},
        {"exception", "throws", "cref"},
        {"example", "example", NULL},
        {"permission", "note", NULL},
        {"seealso", "see", NULL},
        {"completionlist", "note", NULL},
    };

    for (unsigned i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if (!tag_is(t, parts[i][0])) {
            continue;
        }
        if (t->closes || !*parts[i][1]) {
            docgen_doc_prose(b);
        } else {
            const char *name = parts[i][2] ? attribute(b->pool, t, parts[i][2]) : NULL;

            if (name && parts[i][2][0] == 'c') {
                const char *dot = strrchr(name, '.');

                name = dot ? dot + 1 : name + (name[0] && name[1] == ':' ? 2 : 0);
            }
            docgen_doc_open(b, parts[i][1], name, NULL);
            if (t->empty || !strcmp(parts[i][1], "see")) {
                const char *cref = attribute(b->pool, t, "cref"),
                           *href = attribute(b->pool, t, "href");

                if (cref && !strcmp(parts[i][1], "see")) {
                    reference(b, cref);
                } else if (href) {
                    docgen_buffer_printf(b->text, "<%s>", href);
                }
                docgen_doc_prose(b);
            }
        }
        return 1;
    }
    return 0;
}

/** A tag inside running text. @return behind what was read */
static const char *inside(docgen_doc_builder *b, const tag *t, const char *end)
{
    tag close;
    const char *cref;

    if (!t->closes && (tag_is(t, "c") || tag_is(t, "code"))) {
        return code(b, t, end);
    }
    if (!t->closes && tag_is(t, "see")) {
        const char *word = attribute(b->pool, t, "langword"), *href = attribute(b->pool, t, "href");
        int labelled = !t->empty && close_of(t, end, &close) && close.start > t->end;

        cref = attribute(b->pool, t, "cref");
        if (href && labelled) {
            docgen_buffer_printf(b->text, "[%.*s](%s)", (int)(close.start - t->end), t->end, href);
        } else if (href) {
            docgen_buffer_printf(b->text, "<%s>", href);
        } else if (word) {
            docgen_doc_code_span(b->text, word, strlen(word));
        } else if (cref) {
            reference(b, cref);
        }
        return !t->empty && close_of(t, end, &close) ? close.end : t->end;
    }
    if (!t->closes && tag_is(t, "a") && (cref = attribute(b->pool, t, "href")) &&
        close_of(t, end, &close)) {
        docgen_buffer_printf(b->text, "[%.*s](%s)", (int)(close.start - t->end), t->end, cref);
        return close.end;
    }
    if (tag_is(t, "paramref") || tag_is(t, "typeparamref")) {
        const char *name = attribute(b->pool, t, "name");

        if (name) {
            docgen_doc_code_span(b->text, name, strlen(name));
        }
    } else if (tag_is(t, "para") || tag_is(t, "p") || tag_is(t, "br") || tag_is(t, "list") ||
               tag_is(t, "ul") || tag_is(t, "ol") || tag_is(t, "note")) {
        docgen_buffer_puts(b->text, "\n\n");
    } else if (tag_is(t, "item") || tag_is(t, "li") || tag_is(t, "listheader")) {
        docgen_buffer_puts(b->text, t->closes ? "\n" : "\n- ");
    } else if (tag_is(t, "term")) {
        docgen_buffer_puts(b->text, t->closes ? "**: " : "**");
    } else if (tag_is(t, "b") || tag_is(t, "strong")) {
        docgen_buffer_puts(b->text, "**");
    } else if (tag_is(t, "i") || tag_is(t, "em")) {
        docgen_buffer_puts(b->text, "*");
    } else if (!tag_is(t, "description") && !tag_is(t, "inheritdoc") && !tag_is(t, "include") &&
               !tag_is(t, "u")) {
        docgen_buffer_puts(b->text, "&lt;"); /* no element: what the writer typed */
        return t->start + 1;
    }
    return t->end;
}

void docgen_doc_xml(docgen_doc_builder *b, const char *text)
{
    const char *p = text, *end = text + strlen(text);
    tag t;

    while (tag_next(p, end, &t)) {
        text_put(b, p, t.start);
        if (part(b, &t)) {
            p = t.end;
            if (tag_is(&t, "seealso") && !t.closes && !t.empty) {
                tag close;

                p = close_of(&t, end, &close) ? close.end : t.end;
            }
        } else {
            p = inside(b, &t, end);
        }
    }
    text_put(b, p, end);
}
