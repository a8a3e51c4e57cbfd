/* Characters by their names and numbers in HTML.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/documents/entities.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ENTITY(name, text) {name, text},

static const struct {
    const char *name;
    const char *text;
} named[] = {
#include "generator/documents/entities.def"
};

/* "&#38;" and "&#x26;" as UTF-8; what is no character becomes the replacement character. @return its bytes */
static apr_size_t number_read(const char *digits, char text[4])
{
    int hex = *digits == 'x' || *digits == 'X';
    unsigned long code = strtoul(digits + hex, NULL, hex ? 16 : 10);

    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = 0xfffd;
    if (code < 0x80) {
        text[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        text[0] = (char)(0xc0 | (code >> 6));
        text[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        text[0] = (char)(0xe0 | (code >> 12));
        text[1] = (char)(0x80 | ((code >> 6) & 0x3f));
        text[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    text[0] = (char)(0xf0 | (code >> 18));
    text[1] = (char)(0x80 | ((code >> 12) & 0x3f));
    text[2] = (char)(0x80 | ((code >> 6) & 0x3f));
    text[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static const char *name_find(const char *name)
{
    int low = 0;
    int high = (int)(sizeof(named) / sizeof(*named)) - 1;

    while (low <= high) {
        int middle = (low + high) / 2;
        int order = strcmp(name, named[middle].name);

        if (order == 0)
            return named[middle].text;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return NULL;
}

void docgen_url_html(docgen_buffer *out, const char *text, apr_size_t length)
{
    for (apr_size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == '&')
            docgen_buffer_puts(out, "&amp;");
        else if (isalnum(byte) || (byte && byte < 0x80 && strchr("~-_.+!*(),%#@?=;:/$", byte)))
            docgen_buffer_append(out, text + i, 1);
        else
            docgen_buffer_printf(out, "%%%02X", byte);
    }
}

void docgen_entity_html(docgen_buffer *out, const char *entity, apr_size_t length, int url)
{
    char name[64];
    char number[4];
    const char *text = NULL;
    apr_size_t size = 0;

    if (length >= 3 && length < sizeof(name)) {
        memcpy(name, entity + 1, length - 2);
        name[length - 2] = '\0';
        if (*name == '#') {
            size = number_read(name + 1, number);
            text = number;
        } else if ((text = name_find(name)) != NULL) {
            size = strlen(text);
        }
    }
    if (!text) {
        text = entity;
        size = length;
    }
    if (url)
        docgen_url_html(out, text, size);
    else
        docgen_buffer_html_n(out, text, size);
}
