/* Reading tags as releases. Packages of one repository have series of tags of their own: the series of the project's name
 * is its own one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/versions.h"

#include <string.h>
#include <strings.h>
#include <apr_lib.h>
#include <apr_strings.h>

enum {
    NAME_LONGEST = 100
};

/* What may stand before the version: nothing, "v", the repository's own name, with a scope or without, "release" and the
 * like: families 0 and 1. Anything else is 2: a part of the repository, perhaps. */
static int family_of(const char *title, const char *name, apr_size_t length)
{
    static const char *const words[] = {"release", "rel", "version", "ver", "r", "stable", NULL};
    const char *slash;

    if (length == 0 || (length == 1 && (*name == 'v' || *name == 'V')))
        return 0;
    if (length > 1 && (name[length - 1] == 'v' || name[length - 1] == 'V') &&
        strchr("-_/.@", name[length - 2]))
        length--;
    while (length > 1 && strchr("-_/.@", name[length - 1]))
        length--;
    slash = *name == '@' ? memrchr(name, '/', length) : NULL;
    if (slash) {
        length -= (apr_size_t)(slash + 1 - name);
        name = slash + 1;
    }
    if (title && strlen(title) == length && !strncasecmp(title, name, length))
        return 1;
    for (int i = 0; words[i]; i++) {
        if (strlen(words[i]) == length && !strncasecmp(words[i], name, length))
            return 1;
    }
    return 2;
}

int docgen_version_prefix(const char *tag)
{
    const char *at = strrchr(tag, '@');
    const char *p = strpbrk(at && at > tag ? at : tag, "0123456789");

    return p ? (int)(p - tag) : (int)strlen(tag);
}

int docgen_version_read(const char *title, const char *tag, docgen_version *version)
{
    const char *p = tag + docgen_version_prefix(tag);

    memset(version, 0, sizeof(*version));
    if (!*p || strlen(tag) > NAME_LONGEST || *tag == '-' || strstr(tag, "..") ||
        strstr(tag, "@{") ||
        strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@") !=
            strlen(tag))
        return 0;
    version->family = family_of(title, tag, (apr_size_t)(p - tag));
    for (int i = 0; i < DOCGEN_VERSION_PARTS && apr_isdigit(*p); i++) {
        apr_int64_t part = apr_strtoi64(p, (char **)&p, 10);

        version->part[i] = part < 100000000 ? (int)part : 100000000;
        p += *p && strchr("._-", *p) && apr_isdigit(p[1]);
    }
    return *p == '\0';
}

int docgen_version_compare(const docgen_version *a, const docgen_version *b)
{
    for (int i = 0; i < DOCGEN_VERSION_PARTS; i++) {
        if (a->part[i] != b->part[i])
            return a->part[i] < b->part[i] ? -1 : 1;
    }
    return 0;
}
