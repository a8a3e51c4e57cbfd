/* Lines, words and blocks of languages that are read line by line.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/lines.h"

#include <ctype.h>
#include <string.h>

int docgen_line_is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80);
}

const char *docgen_line_word(const char *p, const char *end, const char *word)
{
    apr_size_t n = strlen(word);

    if (end < p || (apr_size_t)(end - p) < n || memcmp(p, word, n) ||
        (p + n < end && docgen_line_is_word(p[n]))) {
        return NULL;
    }
    for (p += n; p < end && (*p == ' ' || *p == '\t'); p++) {
    }
    return p;
}

const char *docgen_line_of(const docgen_source *source, int line, int *column, const char **end)
{
    apr_size_t stop;
    const char *start = docgen_source_at(source, line, &stop), *p = start;

    *end = source->text + stop;
    while (*end > start && isspace((unsigned char)(*end)[-1])) {
        (*end)--;
    }
    while (p < *end && (*p == ' ' || *p == '\t')) {
        p++;
    }
    *column = (int)(p - start);
    return p;
}

int docgen_line_block_end(const docgen_source *source, int line, int column)
{
    for (int n = line + 1; n <= source->lines; n++) {
        int at;
        const char *end, *p = docgen_line_of(source, n, &at, &end);

        if (p < end && at <= column && *p != '#') {
            return at == column && docgen_line_word(p, end, "end") ? n : n - 1;
        }
    }
    return source->lines;
}
