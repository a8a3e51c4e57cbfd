/* Markdown cut at its headings, so that a section can quote the passage a reader looks for, with its lines.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

typedef struct cutter {
    apr_pool_t *pool;
    apr_array_header_t *passages;
    const char *document;
    const char *start; /* where the open passage's text begins */
    char fence_char;
    apr_size_t fence_length;
} cutter;

/* The level of "## Title", 0 when the line is none. */
static int heading_level(const char *line, apr_size_t length)
{
    apr_size_t indent = 0;
    int level = 0;

    while (indent < length && indent < 3 && line[indent] == ' ')
        indent++;
    while (indent + (apr_size_t)level < length && line[indent + (apr_size_t)level] == '#')
        level++;
    if (level == 0 || level > 6)
        return 0;
    indent += (apr_size_t)level;
    return indent == length || line[indent] == ' ' || line[indent] == '\t' ? level : 0;
}

/* "====" or "----" below a line of text. */
static int underline_level(const char *line, apr_size_t length)
{
    apr_size_t end = length;

    while (end > 0 && isspace((unsigned char)line[end - 1]))
        end--;
    if (end < 2 || (*line != '=' && *line != '-'))
        return 0;
    for (apr_size_t i = 0; i < end; i++) {
        if (line[i] != *line)
            return 0;
    }
    return *line == '=' ? 1 : 2;
}

static int is_blank(const char *line, apr_size_t length)
{
    for (apr_size_t i = 0; i < length; i++) {
        if (!isspace((unsigned char)line[i]))
            return 0;
    }
    return 1;
}

/* Can this line be the text above an underline? */
static int is_title_text(const char *line, apr_size_t length)
{
    return !is_blank(line, length) && !strchr("#>-*+|<=`~ \t", *line);
}

static int fence_step(cutter *c, const char *line, apr_size_t length)
{
    apr_size_t indent = 0;
    apr_size_t run;

    while (indent < length && (line[indent] == ' ' || line[indent] == '>'))
        indent++;
    run = indent;
    while (run < length && line[run] == line[indent])
        run++;
    run -= indent;
    if (indent == length || (line[indent] != '`' && line[indent] != '~') || run < 3)
        return c->fence_length > 0;
    if (c->fence_length == 0) {
        c->fence_length = run;
        c->fence_char = line[indent];
    } else if (line[indent] == c->fence_char && run >= c->fence_length) {
        c->fence_length = 0;
    }
    return 1;
}

/* Ends the open passage before `end`. */
static void passage_end(cutter *c, const char *end)
{
    docgen_passage *open = &APR_ARRAY_IDX(c->passages, c->passages->nelts - 1, docgen_passage);

    open->body = apr_pstrndup(c->pool, c->start, (apr_size_t)(end - c->start));
}

static void passage_begin(cutter *c, int level, const char *title, apr_size_t length, int line,
                          const char *start)
{
    docgen_passage *passage = apr_array_push(c->passages);
    char *text = apr_pstrndup(c->pool, title, length);
    apr_size_t end = length;

    while (end > 0 && (isspace((unsigned char)text[end - 1]) || text[end - 1] == '#'))
        text[--end] = '\0';
    while (*text && (isspace((unsigned char)*text) || *text == '#'))
        text++;
    passage->level = level;
    passage->title = text;
    passage->body = "";
    passage->first = passage->last = line;
    passage->start = level ? (apr_size_t)(title - c->document) : (apr_size_t)(start - c->document);
    passage->text = (apr_size_t)(start - c->document);
    c->start = start;
}

static const char *front_matter_skip(const char *markdown, int *line)
{
    const char *end = !strncmp(markdown, "---\n", 4) ? strstr(markdown + 3, "\n---") : NULL;

    if (!end || !strchr(end + 4, '\n'))
        return markdown;
    end = strchr(end + 4, '\n') + 1;
    for (const char *p = markdown; p < end; p++)
        *line += *p == '\n';
    return end;
}

apr_array_header_t *docgen_passages(apr_pool_t *pool, const char *markdown)
{
    cutter c = {pool, apr_array_make(pool, 16, sizeof(docgen_passage)), markdown, NULL, 0, 0};
    int number = 1;
    const char *line = front_matter_skip(markdown, &number);

    passage_begin(&c, 0, "", 0, number, line);
    while (*line) {
        apr_size_t length = strcspn(line, "\n");
        const char *next = line + length + (line[length] == '\n');
        apr_size_t below = strcspn(next, "\n");
        int fenced = fence_step(&c, line, length);
        int level = fenced ? 0 : heading_level(line, length);
        int under =
            fenced || level || !is_title_text(line, length) ? 0 : underline_level(next, below);

        if (level) {
            passage_end(&c, line);
            passage_begin(&c, level, line, length, number, next);
        } else if (under) {
            const char *title = line;

            passage_end(&c, line);
            line = next + below + (next[below] == '\n');
            passage_begin(&c, under, title, length, number, line);
            number += 2;
            continue;
        } else if (!is_blank(line, length)) {
            APR_ARRAY_IDX(c.passages, c.passages->nelts - 1, docgen_passage).last = number;
        }
        line = next;
        number++;
    }
    passage_end(&c, line);
    return c.passages;
}
