/* The comments of languages whose comments are lines: which belongs to a declaration, and what it says.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/comments.h"

#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "generator/analysis/doc.h"
#include "generator/languages/lines.h"

#define BLOCK_MAX  2000 /* lines of a block comment */
#define HEADER_MAX 400  /* lines looked through for the description of a file */

/** A line without the white space around it. */
typedef struct line {
    const char *start, *end;
    int column;
} line;

static line line_at(const docgen_source *source, int number)
{
    line l;

    l.start = docgen_line_of(source, number, &l.column, &l.end);
    return l;
}

static int begins(const char *p, const char *end, const char *with)
{
    apr_size_t length = strlen(with);

    return end > p && (apr_size_t)(end - p) >= length && !memcmp(p, with, length);
}

/** Is the line a comment (and no `#!`, which is the system's)? */
static int is_comment(const line *l, const docgen_comment_marks *marks)
{
    return begins(l->start, l->end, marks->line) && !begins(l->start, l->end, "#!");
}

/** Behind the `[[` or `[==[` of a line that opens a block, or NULL. */
static const char *block_opening(const line *l, const docgen_comment_marks *marks)
{
    const char *p = l->start + strlen(marks->line);

    if (!marks->brackets || !begins(l->start, l->end, marks->line) || p >= l->end || *p != '[') {
        return NULL;
    }
    for (p++; p < l->end && *p == '='; p++) {
    }
    return p < l->end && *p == '[' ? p + 1 : NULL;
}

/** May a block end where the line ends? */
static int closes_block(const line *l, const docgen_comment_marks *marks)
{
    const char *p = l->end - 1;

    if (!marks->brackets || l->end - l->start < 2 || *p != ']') {
        return 0;
    }
    while (p > l->start && p[-1] == '=') {
        p--;
    }
    return p > l->start && p[-1] == ']';
}

/** The `=` in the bracket that a line ends with. */
static int signs_of(const line *l)
{
    int signs = 0;

    for (const char *p = l->end - 2; p > l->start && *p == '='; p--) {
        signs++;
    }
    return signs;
}

/** Behind the bracket that closes the block whose opening ends at `p`: as many `=` stand in it. */
static const char *block_closing(const docgen_source *source, const char *p)
{
    const char *end = source->text + source->length;
    apr_size_t signs = 0;

    for (const char *q = p - 2; *q == '='; q--) {
        signs++;
    }
    while ((p = memchr(p, ']', (apr_size_t)(end - p)))) {
        apr_size_t n = 0;

        for (p++; p < end && *p == '='; p++) {
            n++;
        }
        if (n == signs && p < end && *p == ']') {
            return p + 1;
        }
    }
    return end;
}

/** Is a line's text for a tool, or only drawn? */
static int is_directive(const char *p, const char *end, const docgen_comment_marks *marks)
{
    const char *words = marks->directives, *q = p;

    while (q < end && strchr("#-=*~_/+", *q)) {
        q++;
    }
    if (q == end && end - p > 2) {
        return 1;
    }
    if (end - p > 2 && (!memcmp(end - 3, "{{{", 3) || !memcmp(p, "}}}", 3))) {
        return 1; /* an editor's fold */
    }
    while (*words) {
        apr_size_t n = strcspn(words, "\n");

        if (n && (apr_size_t)(end - p) >= n && !memcmp(p, words, n)) {
            return 1;
        }
        words += n + (words[n] == '\n');
    }
    return 0;
}

/** The text of a comment's line, behind its marks. Drawn edges ("##### text #####") go, too. */
static const char *line_text(const line *l, const docgen_comment_marks *marks, const char **end)
{
    const char *p = l->start + strlen(marks->line);

    *end = l->end;
    while (p < *end && *p == marks->line[0]) {
        p++;
    }
    while (*end - p > 3 && (*end)[-1] == marks->line[0] && (*end)[-2] == marks->line[0] &&
           (*end)[-3] == marks->line[0]) {
        do {
            (*end)--;
        } while (*end > p && ((*end)[-1] == marks->line[0] || isspace((unsigned char)(*end)[-1])));
    }
    return p;
}

static const char *behind_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    return p;
}

/** Is it a note of a developer to others, not about what stands below? */
static int is_note(const char *text)
{
    static const char *const words[] = {"TODO", "FIXME", "XXX", "HACK"};

    text += strspn(text, " \t\n");
    for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
        apr_size_t length = strlen(words[i]);

        if (!strncmp(text, words[i], length) && !isalnum((unsigned char)text[length])) {
            return 1;
        }
    }
    return 0;
}

/** Lines of comments without marks and common indentation. NULL when nothing is said. */
static const char *lines_text(const docgen_source *source, int first, int last,
                              const docgen_comment_marks *marks)
{
    docgen_buffer *out = docgen_buffer_create(source->scratch);
    apr_size_t common = 1000;
    const char *text;

    for (int pass = 0; pass < 2; pass++) {
        for (int n = first; n <= last; n++) {
            line l = line_at(source, n);
            const char *end, *p = line_text(&l, marks, &end), *word = behind_blanks(p, end);

            if (pass == 0) {
                apr_size_t width = (apr_size_t)(word - p);

                /* "---@param" stands close to its mark beside "--- text" */
                if (word < end && *word != '@' && !is_directive(word, end, marks)) {
                    common = width < common ? width : common;
                }
                continue;
            }
            if (word < end && is_directive(word, end, marks)) {
                continue;
            }
            for (apr_size_t i = 0; i < common && p < word; i++) {
                p++;
            }
            docgen_buffer_append(out, p, p < end ? (apr_size_t)(end - p) : 0);
            docgen_buffer_puts(out, "\n");
        }
    }
    text = out->length ? apr_pstrmemdup(source->scratch, out->data, out->length) : NULL;
    docgen_buffer_free(out);
    return text && text[strspn(text, " \t\n")] && !is_note(text) && !docgen_comment_is_licence(text)
               ? text
               : NULL;
}

/** The text of the block between two lines. NULL when nothing is said. */
static const char *block_text(const docgen_source *source, int first, int last)
{
    line top = line_at(source, first), bottom = line_at(source, last);
    const char *p = top.start, *end = bottom.end, *text;

    while (p < end && strchr("-[=*", *p)) {
        p++;
    }
    while (end > p && strchr("-]=", end[-1])) {
        end--;
    }
    text = docgen_docstring_clean(source->scratch, p, (apr_size_t)(end - p));
    return *text && !docgen_comment_is_licence(text) ? text : NULL;
}

/** The line on which the block that ends with line `last` begins, 0 when there is none. */
static int block_first(const docgen_source *source, int last, const docgen_comment_marks *marks)
{
    const line bottom = line_at(source, last);
    int signs = signs_of(&bottom);

    for (int n = last; n > 0 && last - n < BLOCK_MAX; n--) {
        line l = line_at(source, n);
        const char *text = block_opening(&l, marks);

        if (text) {
            return block_closing(source, text) == bottom.end ? n : 0;
        }
        if (n < last && closes_block(&l, marks) && signs_of(&l) == signs) {
            return 0; /* another block's end */
        }
    }
    return 0;
}

const char *docgen_comment_attached(const docgen_source *source, int number,
                                    const docgen_comment_marks *marks)
{
    int last = number - 1, first = last;
    line l;

    if (last < 1) {
        return NULL;
    }
    l = line_at(source, last);
    if (closes_block(&l, marks) && (first = block_first(source, last, marks)) > 0) {
        return block_text(source, first, last);
    }
    if (!is_comment(&l, marks)) {
        return NULL;
    }
    for (first = last; first > 1; first--) {
        l = line_at(source, first - 1);
        if (!is_comment(&l, marks) || closes_block(&l, marks)) {
            break;
        }
    }
    return lines_text(source, first, last, marks);
}

/** The last line of the comment that begins on a line. */
static int comment_last(const docgen_source *source, int first, const docgen_comment_marks *marks)
{
    line l = line_at(source, first);
    const char *text = block_opening(&l, marks);

    if (text) {
        return docgen_source_line(source,
                                  (apr_size_t)(block_closing(source, text) - source->text) - 1);
    }
    do {
        l = line_at(source, ++first);
    } while (first <= source->lines && is_comment(&l, marks) && !block_opening(&l, marks));
    return first - 1;
}

/** Are there words enough for a sentence? "Imports" over the first lines is no description. */
static int is_sentence(const char *text)
{
    int words = 0;

    for (const char *p = text; *p && words < 3; words++) {
        p += strspn(p, " \t\n");
        p += strcspn(p, " \t\n");
    }
    return words > 2;
}

/** Does a symbol stand on the line? */
static int is_declaration(const apr_array_header_t *symbols, int line)
{
    for (int i = 0; i < symbols->nelts; i++) {
        if (APR_ARRAY_IDX(symbols, i, docgen_symbol *)->line == line) {
            return 1;
        }
    }
    return 0;
}

const char *docgen_comment_of_file(const docgen_source *source, const docgen_comment_marks *marks,
                                   const apr_array_header_t *symbols)
{
    for (int first = 1; first <= source->lines && first < HEADER_MAX;) {
        line l = line_at(source, first);
        int last;

        if (is_comment(&l, marks)) {
            const char *text;

            last = comment_last(source, first, marks);
            text = block_opening(&l, marks) ? block_text(source, first, last)
                                            : lines_text(source, first, last, marks);
            l = line_at(source, last + 1);
            if (text && (l.start == l.end || last >= source->lines ||
                         (is_sentence(text) && !is_declaration(symbols, last + 1)))) {
                return text;
            }
            first = last + 1;
        } else if (l.start == l.end || begins(l.start, l.end, "#!")) {
            first++;
        } else {
            break;
        }
    }
    return NULL;
}
