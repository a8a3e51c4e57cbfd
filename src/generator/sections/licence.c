/* Which licence a text is: the SPDX identifier, from sentences that only this licence has.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

enum {
    LICENCE_BYTES = 64 * 1024,
    LICENCE_TITLE = 1500, /* where the licence must begin: further down stands that of a part */
    SIGNS_MAX = 3
};

typedef struct licence {
    const char *id;
    const char *signs[SIGNS_MAX]; /**< all of them stand in the text, lower case, single spaces */
} licence;

/* The narrower one first: the first whose sentences all stand in the text is it. */
static const licence licences[] = {
    {"Apache-2.0", {"apache license version 2.0", "terms and conditions for use, reproduction"}},
    {"AGPL-3.0", {"gnu affero general public license version 3"}},
    {"LGPL-3.0", {"gnu lesser general public license version 3"}},
    {"LGPL-2.1", {"gnu lesser general public license version 2.1"}},
    {"LGPL-2.0", {"gnu library general public license version 2"}},
    {"GPL-3.0", {"gnu general public license version 3"}},
    {"GPL-2.0", {"gnu general public license version 2"}},
    {"MPL-2.0", {"mozilla public license version 2.0"}},
    {"EPL-2.0", {"eclipse public license - v 2.0"}},
    {"BSL-1.0", {"boost software license - version 1.0"}},
    {"CC0-1.0", {"cc0 1.0 universal"}},
    {"Unlicense", {"this is free and unencumbered software released into the public domain"}},
    {"BSD-3-Clause",
     {"redistribution and use in source and binary forms", "may be used to endorse or promote",
      "redistributions in binary form"}},
    {"BSD-2-Clause",
     {"redistribution and use in source and binary forms", "redistributions in binary form"}},
    {"ISC",
     {"permission to use, copy, modify, and/or distribute this software for any purpose",
      "copyright notice and this permission notice appear in all copies"}},
    {"ISC",
     {"permission to use, copy, modify, and distribute this software for any purpose",
      "copyright notice and this permission notice appear in all copies"}},
    {"Zlib", {"altered source versions must be plainly marked as such"}},
    {"MIT",
     {"permission is hereby granted, free of charge",
      "copies or substantial portions of the software"}},
};

/* Lower case, one space for every run of what is neither letter, digit nor plain punctuation. */
static char *normalise(apr_pool_t *pool, const char *text)
{
    char *plain = apr_palloc(pool, LICENCE_BYTES + 1);
    apr_size_t length = 0;

    for (; *text && length < LICENCE_BYTES; text++) {
        int keep = isalnum((unsigned char)*text) || strchr(".-/", *text) ||
                   (*text == ',' && length > 0 && isalpha((unsigned char)plain[length - 1]));

        if (keep) {
            plain[length++] = (char)tolower((unsigned char)*text);
        } else if (length > 0 && plain[length - 1] != ' ') {
            plain[length++] = ' ';
        }
    }
    plain[length] = '\0';
    return plain;
}

/* A choice between licences is no single one. */
static int is_choice(const char *text)
{
    static const char *const signs[] = {"dual-licens", "dual licens",    "your choice",
                                        "choice of",   "either license", "at your option"};
    char title[LICENCE_TITLE + 1];

    apr_cpystrn(title, text, sizeof(title));
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (strstr(title, signs[i])) {
            return 1;
        }
    }
    return 0;
}

static int has_all(const char *text, const char *const *signs)
{
    const char *first = strstr(text, signs[0]);

    if (!first || first - text > LICENCE_TITLE) {
        return 0;
    }
    for (int i = 1; i < SIGNS_MAX && signs[i]; i++) {
        if (!strstr(first, signs[i])) {
            return 0;
        }
    }
    return 1;
}

const char *docgen_licence_name(apr_pool_t *pool, const char *text)
{
    const char *plain = normalise(pool, text);

    for (size_t i = 0; !is_choice(plain) && i < sizeof(licences) / sizeof(*licences); i++) {
        if (has_all(plain, licences[i].signs)) {
            return licences[i].id;
        }
    }
    return NULL;
}
