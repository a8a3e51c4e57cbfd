/* SPDX-License-Identifier: Apache-2.0 */
#include "generator/outline.h"

#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/text.h"

#define HEADING_MAX 1000 /* bytes that the protocol allows */

typedef struct outline_reader {
    apr_pool_t *pool;
    docgen_outline *outline;
    docgen_buffer *text; /* of the heading or of the section that is being read */
    int blank;           /* white space is owed before the next character */
    int level;           /* of the heading that is being read, or 0 */
    const char *id;
} outline_reader;

/* Elements within a word or a sentence; every other one parts the text. */
static int is_inline(const char *name, apr_size_t length)
{
    static const char *const names[] = {"a",      "abbr", "b",   "bdi",  "bdo",   "cite", "code",
                                        "del",    "dfn",  "em",  "font", "i",     "ins",  "kbd",
                                        "mark",   "q",    "s",   "samp", "small", "span", "strike",
                                        "strong", "sub",  "sup", "tt",   "u",     "var",  "wbr"};

    for (apr_size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i]) == length && !strncmp(names[i], name, length))
            return 1;
    }
    return 0;
}

static void text_end(outline_reader *reader)
{
    docgen_buffer_clear(reader->text);
    reader->blank = 0;
}

static void section_end(outline_reader *reader)
{
    APR_ARRAY_PUSH(reader->outline->texts, const char *) =
        apr_pstrmemdup(reader->pool, reader->text->data, reader->text->length);
    text_end(reader);
}

static const char *attribute_id(apr_pool_t *pool, const char *tag, const char *end)
{
    static const char mark[] = " id=\"";

    for (const char *p = tag; p + sizeof(mark) - 1 < end; p++) {
        if (!strncmp(p, mark, sizeof(mark) - 1)) {
            p += sizeof(mark) - 1;
            return apr_pstrmemdup(pool, p, strcspn(p, "\""));
        }
    }
    return NULL;
}

static void heading_begin(outline_reader *reader, int level, const char *id)
{
    section_end(reader);
    reader->level = level;
    reader->id = id;
}

static void heading_end(outline_reader *reader)
{
    docgen_outline_heading *heading = apr_array_push(reader->outline->headings);

    heading->level = reader->level;
    heading->id = reader->id;
    heading->text = apr_pstrdup(reader->pool,
                                docgen_text_shorten(reader->pool, reader->text->data, HEADING_MAX));
    reader->level = 0;
    text_end(reader);
}

/* One tag, from behind its "<" to its ">". */
static void read_tag(outline_reader *reader, const char *tag, const char *end)
{
    int closes = *tag == '/';
    const char *name = tag + closes;
    apr_size_t length = strcspn(name, " />");
    int is_heading = length == 2 && *name == 'h' && name[1] >= '1' && name[1] <= '6';
    const char *id;

    if (is_heading && closes && reader->level) {
        heading_end(reader);
    } else if (is_heading && !closes && !reader->level &&
               reader->outline->headings->nelts < DOCGEN_OUTLINE_HEADINGS) {
        id = attribute_id(reader->pool, name + length, end);
        if (id && *id)
            heading_begin(reader, name[1] - '0', id);
    }
    if (!is_inline(name, length))
        reader->blank = 1;
}

static void put(outline_reader *reader, const char *data, apr_size_t length)
{
    if (reader->blank && reader->text->length)
        docgen_buffer_append(reader->text, " ", 1);
    reader->blank = 0;
    docgen_buffer_append(reader->text, data, length);
}

/* An entity, as the character that it stands for; other ampersands are themselves. @return its length */
static apr_size_t read_entity(outline_reader *reader, const char *at)
{
    static const struct {
        const char *name;
        char character;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

    for (apr_size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        apr_size_t length = strlen(entities[i].name);

        if (!strncmp(at, entities[i].name, length)) {
            put(reader, &entities[i].character, 1);
            return length;
        }
    }
    put(reader, "&", 1);
    return 1;
}

/* The end of a tag; a ">" in an attribute's value does not end it. */
static const char *tag_end(const char *at)
{
    while (*at && *at != '>') {
        if (*at == '"')
            at += 1 + strcspn(at + 1, "\"");
        if (*at)
            at++;
    }
    return at;
}

docgen_outline *docgen_outline_read(apr_pool_t *pool, const char *html)
{
    outline_reader reader = {.pool = pool};
    const char *at = html;

    reader.outline = apr_palloc(pool, sizeof(*reader.outline));
    reader.outline->headings = apr_array_make(pool, 16, sizeof(docgen_outline_heading));
    reader.outline->texts = apr_array_make(pool, 17, sizeof(const char *));
    reader.text = docgen_buffer_create(pool);
    while (*at) {
        apr_size_t plain = strcspn(at, "<& \t\r\n\f");

        if (plain) {
            put(&reader, at, plain);
            at += plain;
        } else if (*at == '<') {
            const char *end = tag_end(at + 1);

            read_tag(&reader, at + 1, end);
            at = *end ? end + 1 : end;
        } else if (*at == '&') {
            at += read_entity(&reader, at);
        } else {
            reader.blank = 1;
            at++;
        }
    }
    if (reader.level)
        heading_end(&reader);
    section_end(&reader);
    return reader.outline;
}
