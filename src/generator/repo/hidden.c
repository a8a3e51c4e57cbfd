/* SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/hidden.h"

#include <string.h>

enum {
    FOUND_MAX = 500 /* rows that anybody reads */
};

typedef enum hidden_kind {
    HIDDEN_TAG,
    HIDDEN_DIRECTION,
    HIDDEN_WIDTH,
    HIDDEN_JOINER,
    HIDDEN_NONE
} hidden_kind;

/* What the character of `size` bytes is. */
static hidden_kind kind_of(unsigned character)
{
    if (character >= 0xe0000 && character <= 0xe007f)
        return HIDDEN_TAG;
    if ((character >= 0x202a && character <= 0x202e) ||
        (character >= 0x2066 && character <= 0x2069) || character == 0x200e ||
        character == 0x200f || character == 0x061c)
        return HIDDEN_DIRECTION;
    if (character == 0x200b || (character >= 0x2060 && character <= 0x2064) ||
        character == 0xfeff || character == 0x180e || character == 0x00ad)
        return HIDDEN_WIDTH;
    return character == 0x200c || character == 0x200d ? HIDDEN_JOINER : HIDDEN_NONE;
}

/* The character at `at` of valid UTF-8. */
static unsigned character_at(const unsigned char *at, apr_size_t *size)
{
    if (*at < 0xe0) {
        *size = 2;
        return (*at & 0x1fu) << 6 | (at[1] & 0x3fu);
    }
    if (*at < 0xf0) {
        *size = 3;
        return (*at & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
    }
    *size = 4;
    return (*at & 0x07u) << 18 | (at[1] & 0x3fu) << 12 | (at[2] & 0x3fu) << 6 | (at[3] & 0x3fu);
}

static void found_note(apr_array_header_t *found, const char *path, hidden_kind kind, int line)
{
    static const char *const names[] = {"tag characters", "direction marks",
                                        "zero-width characters", "zero-width characters"};
    docgen_hidden *entry;

    for (int i = found->nelts; i > 0; i--) {
        entry = &APR_ARRAY_IDX(found, i - 1, docgen_hidden);
        if (entry->path != path)
            break;
        if (entry->kind == names[kind] || !strcmp(entry->kind, names[kind])) {
            entry->count++;
            return;
        }
    }
    if (found->nelts >= FOUND_MAX)
        return;
    entry = apr_array_push(found);
    entry->path = path;
    entry->kind = names[kind];
    entry->line = line;
    entry->count = 1;
}

/* Only these bytes begin a character that may be hidden. */
static int is_suspect(unsigned char byte)
{
    return byte == 0xc2 || byte == 0xd8 || byte == 0xe1 || byte == 0xe2 || byte == 0xef ||
           byte == 0xf3;
}

apr_size_t docgen_hidden_remove(char *text, apr_size_t length, apr_array_header_t *found,
                                const char *path)
{
    unsigned char *bytes = (unsigned char *)text;
    apr_size_t to = 0;
    int line = 1;

    for (apr_size_t i = 0; i < length;) {
        apr_size_t size = 1;
        hidden_kind kind = HIDDEN_NONE;

        if (is_suspect(bytes[i]))
            kind = kind_of(character_at(bytes + i, &size));
        line += bytes[i] == '\n';
        if (kind == HIDDEN_JOINER && to > 0 && bytes[to - 1] >= 0x80 && i + size < length &&
            bytes[i + size] >= 0x80)
            kind = HIDDEN_NONE;
        if (kind == HIDDEN_NONE) {
            if (to != i)
                memmove(bytes + to, bytes + i, size);
            to += size;
        } else if (found) {
            found_note(found, path, kind, line);
        }
        i += size;
    }
    bytes[to] = '\0';
    return to;
}
