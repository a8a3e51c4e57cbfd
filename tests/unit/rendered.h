/* What the tests of the renderers share: assertions on the HTML that a text becomes, and bombs.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_RENDERED_H
#define DOCGEN_TESTS_UNIT_RENDERED_H

#include <criterion/criterion.h>
#include <string.h>
#include <apr_strings.h>
#include <apr_time.h>
#include "unit/pool.h"

/** The HTML of a text in the suite's markup, from the suite's pool; the suite defines it. */
static const char *html(const char *text);

/** The result has `part`; says both when it has not. */
static inline void has(const char *text, const char *part)
{
    const char *result = html(text);

    cr_assert(strstr(result, part), "\n%s\ngave\n%s\nwithout\n%s", text, result, part);
}

/** The result has no `part`, in whatever case. */
static inline void lacks(const char *text, const char *part)
{
    const char *result = html(text);

    cr_assert_not(strcasestr(result, part), "\n%s\ngave\n%s\nwith\n%s", text, result, part);
}

static inline const char *repeat(const char *piece, int times)
{
    apr_size_t length = strlen(piece);
    char *text = apr_palloc(pool, length * (apr_size_t)times + 1);

    for (int i = 0; i < times; i++) {
        memcpy(text + length * (apr_size_t)i, piece, length);
    }
    text[length * (apr_size_t)times] = '\0';
    return text;
}

/** Hostile texts end within `seconds`, and give at most `times` their size and `more` bytes. */
static inline void bombs_fizzle(const char *const *bombs, size_t count, int seconds,
                                apr_size_t times, apr_size_t more)
{
    for (size_t i = 0; i < count; i++) {
        apr_time_t start = apr_time_now();
        const char *result = html(bombs[i]);

        cr_assert_lt(apr_time_now() - start, apr_time_from_sec(seconds), "bomb %zu took %ld ms", i,
                     (long)apr_time_as_msec(apr_time_now() - start));
        cr_assert_lt(strlen(result), times * strlen(bombs[i]) + more, "bomb %zu made %zu bytes", i,
                     strlen(result));
    }
}

#endif
