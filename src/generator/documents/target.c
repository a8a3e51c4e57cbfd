/* What a link may point at: the schemes a browser would understand, read the way a browser reads them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include "generator/documents/html.h"

/* A scheme as a browser reads it: control characters and spaces are ignored. 0 = none. */
static apr_size_t scheme_read(const char *target, char *scheme, apr_size_t size)
{
    apr_size_t length = 0;

    for (const unsigned char *p = (const unsigned char *)target; *p; p++) {
        if (*p <= 0x20 || *p == 0x7f)
            continue;
        if (*p == ':') {
            scheme[length] = '\0';
            return length;
        }
        if (!(isalnum(*p) || *p == '+' || *p == '-' || *p == '.') || length + 1 >= size)
            /* A long or odd run before a colon is no scheme unless it could be one. */
            return 0;
        scheme[length++] = (char)tolower(*p);
    }
    return 0;
}

int docgen_target_is_safe(const char *target)
{
    char scheme[64];
    apr_size_t length = scheme_read(target, scheme, sizeof(scheme));

    if (length == 0) {
        /* "java\0script:" and friends: an unreadable run that still ends in a colon before any slash. */
        apr_size_t head = strcspn(target, "/?#");

        return memchr(target, ':', head) == NULL;
    }
    return !strcmp(scheme, "http") || !strcmp(scheme, "https") || !strcmp(scheme, "mailto");
}

int docgen_target_is_absolute(const char *target)
{
    char scheme[64];

    while (*target && (unsigned char)*target <= 0x20)
        target++;
    return scheme_read(target, scheme, sizeof(scheme)) > 0 || !strncmp(target, "//", 2);
}
