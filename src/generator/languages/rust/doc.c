/* Rust's doc comments: Markdown with links by path; its well-known sections become fields.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_hash.h>
#include <apr_strings.h>
#include "generator/languages/dialects.h"

#define LABEL_MAX  300 /* bytes of a link's text */
#define TARGET_MAX 500

typedef struct linker {
    apr_pool_t *pool;
    docgen_buffer *out;
    apr_hash_t *targets; /* label of "[label]: target" lines → target */
    int code;            /* inside <code>, which becomes a span without links */
} linker;

/* "struct.Name.html" of links to generated pages: the name in it. `*length` receives its bytes, 0 for none. */
static const char *page_name(const char *target, apr_size_t *length)
{
    static const char *const kinds[] = {"struct.", "enum.",     "trait.", "fn.",   "macro.",
                                        "type.",   "constant.", "union.", "attr.", "derive."};
    const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;

    *length = 0;
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *name = base + strlen(kinds[i]), *dot;

        if (!strncmp(base, kinds[i], strlen(kinds[i])) && (dot = strchr(name, '.')) != NULL &&
            !strncmp(dot, ".html", 5)) {
            *length = (apr_size_t)(dot - name);
            return name;
        }
    }
    return NULL;
}

/* The path of an item that a link's target says ("crate::Gear", "struct@Gear", "Gear::turn()", "name!", "Vec<T>",
 * "struct.Gear.html"), or NULL when it is an address. */
static const char *item_path(apr_pool_t *pool, const char *target)
{
    apr_size_t length;
    const char *name = page_name(target, &length), *p;

    if (length && !strstr(target, "://")) {
        return apr_pstrmemdup(pool, name, length);
    }
    name = strchr(target, '@') ? strchr(target, '@') + 1 : target;
    name += *name == '`';
    name += !strncmp(name, "::", 2) ? 2 : 0;
    for (p = name; isalnum((unsigned char)*p) || *p == '_' || (*p == ':' && p[1] == ':'); p++) {
        p += *p == ':';
    }
    if (p == name || isdigit((unsigned char)*name) || !(!*p || strchr("(!<`#", *p)) ||
        (*p == '#' && !strncmp(p, "#L", 2))) {
        return NULL;
    }
    return apr_pstrmemdup(pool, name, (apr_size_t)(p - name));
}

/* Is the path one of the project's, or does it at least not name Rust's own library? */
static const char *without_root(const char *path)
{
    static const char *const roots[] = {"crate::", "self::", "super::", "Self::"};

    for (unsigned i = 0; i < sizeof(roots) / sizeof(*roots);) {
        if (!strncmp(path, roots[i], strlen(roots[i]))) {
            path += strlen(roots[i]);
            i = 0;
        } else {
            i++;
        }
    }
    return path;
}

/* A link's text with its target, as Markdown that stands by itself. */
static void put_link(linker *l, const char *text, apr_size_t length, const char *target)
{
    const char *path = item_path(l->pool, target);

    if (l->code) {
        docgen_buffer_append(l->out, text, length);
    } else if (!path) {
        docgen_buffer_printf(l->out, "[%.*s](%s)", (int)length, text, target);
    } else if (!strncmp(path, "std::", 5) || !strncmp(path, "core::", 6) ||
               !strncmp(path, "alloc::", 7)) {
        docgen_buffer_append(l->out, text, length);
    } else {
        docgen_buffer_printf(l->out, "[%.*s](?symbol=%s)", (int)length, text, without_root(path));
    }
}

/* "[Gear]" and "[Gear::turn]" name items; "[optional]" and "[u8]" are plain text. */
static int is_item(const char *p, apr_size_t length)
{
    int marked = 0;

    if (length < 3 || isdigit((unsigned char)*p)) {
        return 0;
    }
    for (apr_size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)p[i]) && !strchr("_:!()@", p[i])) {
            return 0;
        }
        marked |= isupper((unsigned char)p[i]) ||
                  (p[i] == ':' && i + 1 < length && p[i + 1] == ':') || (p[i] == '(' && i) ||
                  (p[i] == '!' && i);
    }
    return marked;
}

/* The "]" of the "[" at `p`, or NULL; brackets nest, code spans are passed over. */
static const char *closing(const char *p, apr_size_t most)
{
    const char *end = p + strnlen(p, most);
    int depth = 0;

    for (; p < end; p++) {
        if (*p == '\\') {
            p++;
        } else if (*p == '`') {
            apr_size_t run = strspn(p, "`");
            const char *code = p + run;

            while (code < end && strspn(code, "`") != run) {
                code += *code == '`' ? strspn(code, "`") : 1;
            }
            p = code < end ? code + run - 1 : end;
        } else if (*p == '[') {
            depth++;
        } else if (*p == ']' && --depth == 0) {
            return p;
        } else if (*p == '\n' && p[1] == '\n') {
            return NULL;
        }
    }
    return NULL;
}

/* A label without the line breaks in it. */
static const char *label_of(const linker *l, const char *p, apr_size_t length)
{
    char *label = apr_pstrmemdup(l->pool, p, length);

    for (char *q = label; *q; q++) {
        *q = *q == '\n' ? ' ' : *q;
    }
    return label;
}

/* A link at `p` ("["). @return behind it, or NULL when it is plain text */
static const char *link_at(linker *l, const char *p)
{
    const char *close = closing(p, LABEL_MAX), *target, *end;
    apr_size_t length;

    if (!close || close == p + 1 || p[1] == '^') {
        return NULL;
    }
    length = (apr_size_t)(close - p) - 1;
    if (close[1] == '(') {
        target = close + 2 + (close[2] == '<');
        end = target + strcspn(target, " )>\n");
        if (end - target > TARGET_MAX || *end != ')' ||
            !item_path(l->pool, apr_pstrmemdup(l->pool, target, (apr_size_t)(end - target)))) {
            return NULL; /* Markdown's own */
        }
        end += end[1] == ')' && end[-1] == '('; /* "name()" */
        put_link(l, p + 1, length, apr_pstrmemdup(l->pool, target, (apr_size_t)(end - target)));
        return end + 1;
    }
    if (close[1] == '[' && (end = closing(close + 1, LABEL_MAX)) != NULL && end > close + 2) {
        const char *label = label_of(l, close + 2, (apr_size_t)(end - close) - 2);

        target = apr_hash_get(l->targets, label, APR_HASH_KEY_STRING);
        if (target || item_path(l->pool, label)) {
            put_link(l, p + 1, length, target ? target : label);
            return end + 1;
        }
        return NULL;
    }
    target = apr_hash_get(l->targets, label_of(l, p + 1, length), APR_HASH_KEY_STRING);
    if (target) {
        put_link(l, p + 1, length, target);
        return close + 1 + (close[1] == '[' && close[2] == ']' ? 2 : 0);
    }
    if (p[1] == '`' && p[length] == '`' && length > 2) {
        docgen_buffer_append(l->out, p + 1, length);
        return close + 1;
    }
    if (is_item(p + 1, length)) {
        docgen_doc_code_span(l->out, p + 1, length);
        return close + 1;
    }
    return NULL;
}

/* "[label]: target" at a line's start: notes it. @return behind the line, or NULL */
static const char *definition_at(const linker *l, const char *line, int note)
{
    const char *p = line + strspn(line, " "), *close, *target;
    apr_size_t length;

    if (p - line > 3 || *p != '[' || p[1] == '^' || !(close = closing(p, LABEL_MAX)) ||
        close[1] != ':' || memchr(p, '\n', (apr_size_t)(close - p))) {
        return NULL;
    }
    target = close + 2 + strspn(close + 2, " ");
    target += *target == '<';
    length = strcspn(target, " >\n");
    if (!length) {
        return NULL;
    }
    if (note) {
        apr_hash_set(l->targets, label_of(l, p + 1, (apr_size_t)(close - p) - 1),
                     APR_HASH_KEY_STRING, apr_pstrmemdup(l->pool, target, length));
    }
    target += strcspn(target, "\n");
    return target + (*target == '\n');
}

/* Behind the fence or code span at `p`. */
static const char *code_end(const char *text, const char *p)
{
    apr_size_t run = strspn(p, "`");
    const char *line = p, *q;

    while (line > text && line[-1] == ' ') {
        line--;
    }
    if (run >= 3 && (line == text || line[-1] == '\n')) {
        for (q = strchr(p, '\n'); q; q = strchr(q + 1, '\n')) {
            const char *mark = q + 1 + strspn(q + 1, " ");

            if (strspn(mark, "`") >= run) {
                return mark + strspn(mark, "`");
            }
        }
        return p + strlen(p);
    }
    for (q = p + run; *q && !(*q == '\n' && q[1] == '\n'); q++) {
        if (*q == '`') {
            apr_size_t n = strspn(q, "`");

            if (n == run) {
                return q + n;
            }
            q += n - 1;
        }
    }
    return p + run;
}

/* One walk over the text; the first one notes the definitions, the second one writes. */
static void walk(linker *l, const char *text, int note)
{
    for (const char *p = text; *p;) {
        int at_line = p == text || p[-1] == '\n';
        const char *next = at_line ? definition_at(l, p, note) : NULL, *start = p;

        if (next) {
            p = next;
            continue;
        }
        if (*p == '<') {
            l->code = !strncmp(p, "<code>", 6) || (l->code && strncmp(p, "</code>", 7));
            p++;
        } else if (*p == '`') {
            p = code_end(text, p);
        } else if (*p == '\\' && p[1]) {
            p += 2;
        } else if (!note && *p == '[' && (p == text || p[-1] != '!') && (next = link_at(l, p))) {
            p = next;
            continue;
        } else {
            p++;
        }
        if (!note) {
            docgen_buffer_append(l->out, start, (apr_size_t)(p - start));
        }
    }
}

/* Links by path and by label become links that stand by themselves; their text always stays. */
static const char *with_links(apr_pool_t *pool, const char *text)
{
    linker l = {pool, NULL, NULL, 0};
    const char *result;

    if (!strchr(text, '[')) {
        return text;
    }
    l.out = docgen_buffer_create(pool);
    l.targets = apr_hash_make(pool);
    walk(&l, text, 1);
    l.code = 0;
    walk(&l, text, 0);
    result = l.out->length ? apr_pstrmemdup(pool, l.out->data, l.out->length) : "";
    docgen_buffer_free(l.out);
    return result;
}

static const char *rust_section(const char *title, apr_size_t length)
{
    static const char *const names[][2] = {{"Example", "example"}, {"Examples", "example"},
                                           {"Errors", "errors"},   {"Panics", "panics"},
                                           {"Safety", "safety"},   {"Returns", "return"}};

    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strlen(names[i][0]) == length && !strncasecmp(names[i][0], title, length)) {
            return names[i][1];
        }
    }
    return NULL;
}

/* rustdoc: Markdown; its well-known sections become fields, hidden lines of examples go. */
void docgen_doc_rust(docgen_doc_builder *b, const char *text)
{
    int code = 0, rust = 0;

    text = with_links(b->pool, text);

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *p = text + strspn(text, " "), *title = p + strspn(p, "# ");
        const char *kind;

        if (!strncmp(p, "```", 3)) {
            code = !code;
            if (code) {
                apr_size_t tag_length = length - (apr_size_t)(p - text) - 3;

                rust = tag_length == 0 || !strncmp(p + 3, "rust", 4) ||
                       !strncmp(p + 3, "no_run", 6) || !strncmp(p + 3, "ignore", 6) ||
                       !strncmp(p + 3, "should_panic", 12) || !strncmp(p + 3, "compile_fail", 12);
            }
            docgen_doc_line(b, code && rust ? "```rust" : text, code && rust ? 7 : length);
        } else if (code && rust && p[0] == '#' && (p[1] == ' ' || p[1] == '\n' || !p[1])) {
            /* hidden in rustdoc's own output, too */
        } else if (!code && *p == '#' && title > p && title[-1] == ' ') {
            kind = rust_section(title, (apr_size_t)(text + length - title));
            if (kind) {
                docgen_doc_open(b, kind, NULL, NULL);
            } else {
                docgen_doc_prose(b);
                docgen_doc_line(b, text, length);
            }
        } else {
            docgen_doc_line(b, text, length);
        }
        text += length;
        text += *text == '\n';
    }
    if (code) {
        docgen_doc_line(b, "```", 3);
    }
}
