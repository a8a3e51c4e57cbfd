/* Which licence a text is.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>
#include <criterion/criterion.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"

static apr_pool_t *pool;

static void set_up(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

TestSuite(licence, .init = set_up);

static void expect(const char *text, const char *id)
{
    const char *name = docgen_licence_name(pool, text);

    if (id)
        cr_expect(name && !strcmp(name, id), "%s, not %s: %.60s", id, name ? name : "none", text);
    else
        cr_expect_null(name, "%s for: %.60s", name, text);
}

static const char *file_text(const char *path)
{
    char *text = apr_palloc(pool, 100000);
    FILE *file = fopen(path, "r");

    cr_assert(file, "cannot read %s", path);
    text[fread(text, 1, 99999, file)] = '\0';
    fclose(file);
    return text;
}

Test(licence, whole_texts)
{
    static const char *const debian[][2] = {{"GPL-2", "GPL-2.0"},        {"GPL-3", "GPL-3.0"},
                                            {"LGPL-2.1", "LGPL-2.1"},    {"LGPL-3", "LGPL-3.0"},
                                            {"MPL-2.0", "MPL-2.0"},      {"CC0-1.0", "CC0-1.0"},
                                            {"Apache-2.0", "Apache-2.0"}};

    expect(file_text("LICENSE"), "Apache-2.0");
    for (size_t i = 0; i < sizeof(debian) / sizeof(*debian); i++) {
        const char *path = apr_pstrcat(pool, "/usr/share/common-licenses/", debian[i][0], NULL);

        if (access(path, R_OK) == 0)
            expect(file_text(path), debian[i][1]);
    }
}

Test(licence, by_their_sentences)
{
    static const char grant[] =
        "Copyright 2020 A\n\nPermission is hereby granted, free of charge,\n"
        "to any person … in all\n * copies or substantial portions of the "
        "Software.";
    static const char bsd[] = "Redistribution and use in source\nand binary forms, with or without "
                              "… Redistributions in binary form must …";

    expect(grant, "MIT");
    expect(bsd, "BSD-2-Clause");
    expect(apr_pstrcat(pool, bsd, " the names … may be used to endorse or promote products", NULL),
           "BSD-3-Clause");
    expect("Permission to use, copy, modify, and/or distribute this software for any purpose … "
           "copyright notice and this permission notice appear in all copies.",
           "ISC");
}

/* What is not certain has no name. */
Test(licence, nothing_is_guessed)
{
    const char *terms = "Our own terms: ";

    expect("", NULL);
    expect("All rights reserved. Ask us.", NULL);
    expect("This is dual-licensed: GNU General Public License version 3, or Mozilla Public License "
           "Version 2.0.",
           NULL);
    for (int i = 0; i < 400; i++)
        terms = apr_pstrcat(pool, terms, "Word ", NULL);
    expect(apr_pstrcat(pool, terms, "The parts below vendor/: Mozilla Public License Version 2.0",
                       NULL),
           NULL);
}
