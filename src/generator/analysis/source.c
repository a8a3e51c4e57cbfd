/* Lines, neighbouring comments and signatures of one text.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/text.h"
#include "generator/analysis/source.h"
#include "generator/languages/traits.h"

#define SIGNATURE_MAX  4000 /* bytes of a signature that are shown */
#define SIGNATURE_WIDE 96   /* longer ones keep their line breaks */

docgen_source *docgen_source_make(apr_pool_t *pool, apr_pool_t *scratch, const docgen_file *file,
                                  const char *text, apr_size_t length)
{
    docgen_source *source = apr_pcalloc(scratch, sizeof(*source));
    apr_uint32_t *starts;
    int lines = 1;

    for (apr_size_t i = 0; i < length; i++) {
        lines += text[i] == '\n';
    }
    starts = apr_palloc(scratch, (apr_size_t)lines * sizeof(*starts));
    starts[0] = 0;
    lines = 1;
    for (apr_size_t i = 0; i < length; i++) {
        if (text[i] == '\n') {
            starts[lines++] = (apr_uint32_t)(i + 1);
        }
    }
    *source = (docgen_source){pool, scratch, file, text, length, starts, lines};
    return source;
}

int docgen_source_line(const docgen_source *source, apr_size_t offset)
{
    int low = 0, high = source->lines - 1;

    while (low < high) {
        int middle = (low + high + 1) / 2;

        if (source->starts[middle] <= offset) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low + 1;
}

const char *docgen_source_at(const docgen_source *source, int line, apr_size_t *end)
{
    if (line < 1 || line > source->lines) {
        *end = source->length;
        return source->text + source->length;
    }
    *end = line == source->lines ? source->length : source->starts[line] - 1;
    return source->text + source->starts[line - 1];
}

/* The bounds of a line without the white space around it. */
static const char *trimmed(const docgen_source *source, int line, const char **end)
{
    apr_size_t stop;
    const char *start = docgen_source_at(source, line, &stop);
    const char *last = source->text + stop;

    while (start < last && isspace((unsigned char)*start)) {
        start++;
    }
    while (last > start && isspace((unsigned char)last[-1])) {
        last--;
    }
    *end = last;
    return start;
}

static int starts_with(const char *text, const char *end, const char *prefix)
{
    apr_size_t length = strlen(prefix);

    return (apr_size_t)(end - text) >= length && memcmp(text, prefix, length) == 0;
}

/* Does the line that `p` stands in begin with it? */
static int is_first_of_line(const docgen_source *source, const char *p)
{
    while (p > source->text && p[-1] != '\n') {
        if (!isspace((unsigned char)*--p)) {
            return 0;
        }
    }
    return 1;
}

/* Where a block comment that ends at `end` starts, or NULL when code stands before it on its first line. What looks
 * like a start within a line ("text/" + "*" in prose) is only one when no line's own start comes before it. */
static const char *block_start(const docgen_source *source, const char *end)
{
    for (const char *p = end - 3; p >= source->text; p--) {
        if (p[0] == '*' && p[1] == '/') {
            return NULL; /* another comment's end */
        }
        if (p[0] == '/' && p[1] == '*' && is_first_of_line(source, p)) {
            return p;
        }
    }
    return NULL;
}

const char *docgen_source_comment_above(const docgen_source *source, int line, int *first)
{
    const char *end, *start = trimmed(source, line - 1, &end), *block;
    int top = line - 1;

    if (first) {
        *first = 0;
    }
    if (line < 2 || start == end) {
        return NULL;
    }
    if (end - start >= 2 && end[-2] == '*' && end[-1] == '/') {
        block = block_start(source, end);
        if (!block || (apr_size_t)(end - block) < 4) {
            return NULL;
        }
        if (first) {
            *first = docgen_source_line(source, (apr_size_t)(block - source->text));
        }
        return docgen_comment_strip(source->scratch, block, (apr_size_t)(end - block));
    }
    if (!starts_with(start, end, "//")) {
        return NULL;
    }
    while (top > 1) {
        const char *e, *s = trimmed(source, top - 1, &e);

        if (!starts_with(s, e, "//")) {
            break;
        }
        top--;
    }
    start = trimmed(source, top, &block);
    if (first) {
        *first = top;
    }
    return docgen_comment_strip(source->scratch, start, (apr_size_t)(end - start));
}

static int has_docstrings(const docgen_source *source)
{
    return (docgen_traits_of(source->file->lang)->marks & DOCGEN_MARK_DOCSTRING) != 0;
}

/* The first comment mark of a line outside strings, or NULL. */
static const char *find_comment(const docgen_source *source, const char *p, const char *end)
{
    int is_python = has_docstrings(source);
    char quote = 0;

    for (; p + 1 < end; p++) {
        if (quote) {
            if (*p == '\\') {
                p++;
            } else if (*p == quote) {
                quote = 0;
            }
        } else if (*p == '"' || *p == '`' || (is_python && *p == '\'')) {
            quote = *p;
        } else if (is_python ? *p == '#' : *p == '/' && (p[1] == '/' || p[1] == '*')) {
            return p;
        }
    }
    return NULL;
}

const char *docgen_source_comment_beside(const docgen_source *source, int line)
{
    apr_size_t stop;
    const char *start = docgen_source_at(source, line, &stop);
    const char *end = source->text + stop;
    const char *mark = find_comment(source, start, end), *close;
    int last = line;

    if (!mark || mark == start) {
        return NULL;
    }
    if (mark[1] == '*') {
        close = memmem(mark + 2, (apr_size_t)(source->text + source->length - mark) - 2, "*/", 2);
        if (!close) {
            return NULL;
        }
        for (const char *p = close + 2; p < end; p++) {
            if (!isspace((unsigned char)*p) && *p != '\\') {
                return NULL; /* code goes on behind it */
            }
        }
        return docgen_comment_strip(source->scratch, mark, (apr_size_t)(close + 2 - mark));
    }
    for (;; last++) { /* "///<" lines that go on below */
        const char *e, *s = trimmed(source, last + 1, &e);
        if (!starts_with(s, e, "///<") && !starts_with(s, e, "//!<")) {
            break;
        }
        end = e;
    }
    return docgen_comment_strip(source->scratch, mark, (apr_size_t)(end - mark));
}

/* Skips a line's comment marks. Returns the content's start. */
static const char *skip_marks(const char *p, const char *end, int block, int first, int decorated)
{
    const char *start = p;

    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    if (block && !first && !decorated) {
        return start;
    }
    if (block && !first) {
        const char *q = p;

        while (q < end && *q == '*') {
            q++;
        }
        /* "* text" and a bare "*" are decoration; "**bold**" and an undecorated line are content. */
        if (q > p && (q == end || *q == ' ' || *q == '\t' || *q == '/' || q - p == 1)) {
            return q;
        }
        return start;
    }
    if (p + 1 < end && p[0] == '/' && (p[1] == '/' || p[1] == '*')) {
        char mark = p[1];

        p += 2;
        while (p < end && (*p == mark || *p == '!' || *p == '<')) {
            p++;
        }
    }
    return p;
}

/* Does every line of a block after its first begin with a star? Else a star is a list's. */
static int is_decorated(const char *p, const char *end)
{
    for (p = memchr(p, '\n', (apr_size_t)(end - p)); p;
         p = memchr(p, '\n', (apr_size_t)(end - p))) {
        for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++) {
        }
        if (p < end && *p != '\n' && *p != '*') {
            return 0;
        }
    }
    return 1;
}

static int is_rule(const char *p, const char *end)
{
    int marks = 0;

    for (; p < end; p++) {
        if (strchr("-=*#/~_+", *p)) {
            marks++;
        } else if (*p != ' ') {
            return 0;
        }
    }
    return marks >= 4;
}

#define TAB_COLUMNS 8

/* Columns of the common indentation of a text's lines, blank lines aside. A tab is wide: behind the blank that follows
 * the comment mark on the other lines, it indents its line further. */
static int common_indent(const char *text)
{
    int common = -1;

    for (const char *p = text; *p;) {
        int width = 0;

        while (*p == ' ' || *p == '\t') {
            width += *p == '\t' ? TAB_COLUMNS : 1;
            p++;
        }
        if (*p && *p != '\n' && (common < 0 || width < common)) {
            common = width;
        }
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return common < 0 ? 0 : common;
}

/* Removes the common indentation, blank lines at both ends and blanks at line ends. */
static const char *dedent(apr_pool_t *pool, const char *text)
{
    int common = common_indent(text);
    char *out = apr_palloc(pool, strlen(text) + 2), *o = out;

    while (*text) {
        apr_size_t length = strcspn(text, "\n");
        const char *p = text, *end = text + length;

        for (int left = common; p < end && (*p == ' ' || *p == '\t'); p++) {
            left -= *p == '\t' ? TAB_COLUMNS : 1;
            if (left < 0) {
                break;
            }
        }
        while (end > p && isspace((unsigned char)end[-1])) {
            end--;
        }
        if (p < end || o > out) {
            memcpy(o, p, (apr_size_t)(end - p));
            o += end - p;
            *o++ = '\n';
        }
        text += length;
        text += *text == '\n';
    }
    while (o > out && o[-1] == '\n') {
        o--;
    }
    *o = '\0';
    return out;
}

/* A block's first line follows its opening mark: its indentation says nothing about the others. */
static const char *dedent_block(apr_pool_t *pool, char *text)
{
    char *rest = strchr(text, '\n');
    const char *below, *head;

    if (!rest) {
        return dedent(pool, text);
    }
    *rest++ = '\0';
    head = dedent(pool, text);
    below = dedent(pool, rest);
    if (!*head || !*below) {
        return *head ? head : below;
    }
    rest += strspn(rest, " \t");
    return apr_pstrcat(pool, head, *rest == '\n' ? "\n\n" : "\n", below, NULL);
}

const char *docgen_comment_strip(apr_pool_t *pool, const char *comment, apr_size_t length)
{
    const char *end = comment + length, *p = comment;
    int block, decorated, first = 1;
    char *out, *o;

    while (p < end && isspace((unsigned char)*p)) {
        p++;
    }
    block = end - p >= 2 && p[1] == '*';
    if (block && end - p >= 4 && end[-2] == '*' && end[-1] == '/') {
        end -= 2;
        while (end > p + 2 && end[-1] == '*') {
            end--;
        }
    }
    decorated = block && is_decorated(p, end);
    o = out = apr_palloc(pool, length + 2);
    while (p < end) {
        const char *stop = memchr(p, '\n', (apr_size_t)(end - p));
        const char *line;

        stop = stop ? stop : end;
        line = skip_marks(p, stop, block, first, decorated);
        if (!is_rule(line, stop)) {
            memcpy(o, line, (apr_size_t)(stop - line));
            o += stop - line;
        }
        *o++ = '\n';
        p = stop + 1;
        first = 0;
    }
    *o = '\0';
    for (char *q = out; q < o; q++) {
        if (*q == '\0') {
            *q = ' ';
        }
    }
    return block ? dedent_block(pool, out) : dedent(pool, out);
}

const char *docgen_source_squeeze(const docgen_source *source, apr_size_t start, apr_size_t end,
                                  apr_size_t max)
{
    const char *p, *stop;
    char *out, *o, quote = 0;
    int is_python = has_docstrings(source), broken = 0;

    if ((end - start) / 16 > max) {
        end = start + max * 16; /* what is cut off anyway need not be read */
    }
    p = source->text + start;
    stop = source->text + end;
    o = out = apr_palloc(source->scratch, end - start + 1);

    for (; p < stop; p++) {
        if (quote) {
            if (*p == '\\' && p + 1 < stop) {
                *o++ = *p++;
            } else if (*p == quote) {
                quote = 0;
            }
            *o++ = *p ? *p : ' ';
        } else if (is_python && *p == '#') {
            const char *close = memchr(p, '\n', (apr_size_t)(stop - p));

            p = close ? close - 1 : stop - 1;
        } else if (!is_python && *p == '/' && p + 1 < stop && (p[1] == '/' || p[1] == '*')) {
            const char *close = p[1] == '/' ? memchr(p, '\n', (apr_size_t)(stop - p))
                                            : memmem(p + 2, (apr_size_t)(stop - p) - 2, "*/", 2);
            p = !close ? stop - 1 : *close == '\n' ? close - 1 : close + 1;
            if (o > out && o[-1] != ' ') {
                *o++ = ' ';
            }
        } else if (isspace((unsigned char)*p) || *p == '\0' || (*p == '\\' && p[1] == '\n')) {
            broken |= *p == '\n';
            if (o > out && o[-1] != ' ' && o[-1] != '(') {
                *o++ = ' ';
            }
        } else {
            quote = *p == '"' || *p == '`' || (is_python && *p == '\'') ? *p : 0;
            if ((*p == ',' || *p == ')' || *p == ';') && o > out && o[-1] == ' ') {
                o--; /* where a comment or a line break was */
            }
            if (*p == ')' && broken && o > out && o[-1] == ',') {
                o--; /* a list with a line for each ends in a comma */
            }
            broken = 0;
            *o++ = *p;
        }
    }
    while (o > out && o[-1] == ' ') {
        o--;
    }
    *o = '\0';
    return apr_pstrdup(source->pool, docgen_text_shorten(source->scratch, out, max));
}

/* A line's code without its comments. @param within a block comment of a line before is open; left for the next line
 * @return whether the line holds anything else */
static int append_code(const docgen_source *source, docgen_buffer *out, const char *from,
                       const char *end, int *within)
{
    int some = 0;

    while (from < end) {
        const char *mark = *within ? from : find_comment(source, from, end), *close;

        for (const char *p = from; p < (mark ? mark : end); p++) {
            some |= !isspace((unsigned char)*p);
        }
        docgen_buffer_append(out, from, (apr_size_t)((mark ? mark : end) - from));
        if (!mark || (!*within && mark[0] == '/' && mark[1] == '/') || *mark == '#') {
            break;
        }
        close = memmem(mark, (apr_size_t)(end - mark), "*/", 2);
        *within = !close;
        from = close ? close + 2 : end;
    }
    return some;
}

const char *docgen_source_signature(const docgen_source *source, apr_size_t start, apr_size_t end)
{
    const char *flat = docgen_source_squeeze(source, start, end, SIGNATURE_MAX);
    docgen_buffer *wrapped;
    int first, last, within = 0;

    if (strlen(flat) <= SIGNATURE_WIDE || end - start > SIGNATURE_MAX) {
        return flat;
    }
    wrapped = docgen_buffer_create(source->scratch);
    first = docgen_source_line(source, start);
    last = docgen_source_line(source, end > start ? end - 1 : end);
    for (int line = first; line <= last; line++) {
        apr_size_t stop;
        const char *text = docgen_source_at(source, line, &stop);
        const char *from = line == first ? source->text + start : text;
        apr_size_t to = line == last ? end : stop, before = wrapped->length;

        /* The first line keeps its place, so that the others stay in line with it. */
        for (const char *p = text; line == first && p < from; p++) {
            docgen_buffer_append(wrapped, *p == '\t' ? "\t" : " ", 1);
        }
        if (append_code(source, wrapped, from, source->text + to, &within)) {
            docgen_buffer_puts(wrapped, "\n");
        } else {
            wrapped->length = before;
        }
    }
    docgen_buffer_puts(wrapped, "");
    for (apr_size_t i = 0; i < wrapped->length; i++) {
        if (wrapped->data[i] == '\0') {
            wrapped->data[i] = ' ';
        }
    }
    return apr_pstrdup(source->pool, dedent(source->scratch, wrapped->data));
}
