/* What stands in a Markdown source and is not its text: HTML comments, and the statements of MDX.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/source.h"

#include <ctype.h>
#include <string.h>
#include "core/buffer.h"

typedef struct source_reader {
    docgen_buffer *out;
    int is_mdx;
    char fence; /* the open fence's character, or 0 */
    int fence_length;
    const char *until; /* the end of the comment that is open, or NULL */
    int statement;     /* in an MDX statement, which ends with a blank line */
    int after_blank;
    int comments;
    int first; /* line of the first comment */
} source_reader;

/* Does a line open or close a fence? */
static int fence_read(source_reader *r, const char *line, apr_size_t length)
{
    const char *at = line, *end = line + length;
    int run = 0;

    while (at < end && strchr(" \t>", *at))
        at++;
    while (at + run < end && at[run] == *at && (*at == '`' || *at == '~'))
        run++;
    if (run < 3)
        return 0;
    if (!r->fence) {
        if (*at == '`' && memchr(at + run, '`', (apr_size_t)(end - at - run)))
            return 0;
        r->fence = *at;
        r->fence_length = run;
    } else if (*at == r->fence && run >= r->fence_length) {
        r->fence = 0;
    }
    return 1;
}

/* Is this the first line of an import or export of MDX? */
static int is_statement(const char *line, apr_size_t length)
{
    static const char *const words[] = {"import ", "export "};

    for (apr_size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (length > 7 && !strncmp(line, words[i], 7)) {
            const char *next = line + 7 + strspn(line + 7, " ");

            if (i == 0)
                return memmem(line, length, " from ", 6) || *next == '"' || *next == '\'' ||
                       *next == '{';
            return !strncmp(next, "const ", 6) || !strncmp(next, "default ", 8) ||
                   !strncmp(next, "function ", 9) || !strncmp(next, "let ", 4) || *next == '{' ||
                   *next == '*';
        }
    }
    return 0;
}

/* Copies a line outside code without its comments. */
static void text_read(source_reader *r, const char *line, apr_size_t length, int number)
{
    const char *at = line, *end = line + length;
    int ticks = 0;

    while (at < end) {
        apr_size_t left = (apr_size_t)(end - at);

        if (r->until) {
            const char *close = memmem(at, left, r->until, strlen(r->until));

            if (!close)
                return;
            at = close + strlen(r->until);
            r->until = NULL;
            continue;
        }
        if (*at == '`') {
            int run = 0;

            while (at + run < end && at[run] == '`')
                run++;
            ticks = ticks == run ? 0 : ticks ? ticks : run;
            docgen_buffer_append(r->out, at, (apr_size_t)run);
            at += run;
            continue;
        }
        if (!ticks && left >= 4 && !strncmp(at, "<!--", 4))
            r->until = "-->";
        else if (!ticks && r->is_mdx && left >= 3 && !strncmp(at, "{/*", 3))
            r->until = "*/}";
        if (r->until) {
            r->first = r->comments++ ? r->first : number;
            at += strlen(r->until) - (*at == '{' ? 0 : -1);
            continue;
        }
        docgen_buffer_append(r->out, at++, 1);
    }
}

static void line_read(source_reader *r, const char *line, apr_size_t length, int number)
{
    int is_blank = strspn(line, " \t\r") >= length;

    if (r->statement) {
        r->statement = !is_blank;
        return;
    }
    if (!r->until && (fence_read(r, line, length) || r->fence)) {
        docgen_buffer_append(r->out, line, length);
        return;
    }
    if (r->is_mdx && !r->until && r->after_blank && is_statement(line, length)) {
        r->statement = 1;
        return;
    }
    text_read(r, line, length, number);
    r->after_blank = is_blank || (length == 3 && !strncmp(line, "---", 3)); /* front matter's end */
}

const char *docgen_markdown_source(apr_pool_t *pool, const char *markdown, int is_mdx,
                                   int *comments, int *first)
{
    source_reader r = {.is_mdx = is_mdx, .after_blank = 1};
    int number = 1;

    *comments = *first = 0;
    if (!is_mdx && !strstr(markdown, "<!--"))
        return markdown;
    r.out = docgen_buffer_create(pool);
    for (const char *line = markdown; *line; number++) {
        apr_size_t length = strcspn(line, "\n");

        line_read(&r, line, length, number);
        line += length;
        if (*line) {
            docgen_buffer_append(r.out, "\n", 1);
            line++;
        }
    }
    if (r.until) /* never closed: it hides nothing */
        return markdown;
    *comments = r.comments;
    *first = r.first;
    return r.out->data;
}
