/* The fuzz targets' common part: memory that the sanitizer can watch, and what safe HTML means.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "generator/documents/html.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer calls functions without a baton: what they share stands here. */
static apr_pool_t *root;
static void **blocks;
static size_t block_count, block_room;

/* Takes the place of APR's, in APR itself too: a block of its own for each allocation, freed after
 * the input. */
#undef apr_palloc
__attribute__((visibility("default"))) void *apr_palloc(apr_pool_t *pool, apr_size_t size)
{
    void *block = malloc(size ? size : 1);

    (void)pool;
    if (!block)
        abort();
    if (block_count == block_room) {
        block_room = block_room ? block_room * 2 : 1024;
        blocks = realloc(blocks, block_room * sizeof(*blocks));
        if (!blocks)
            abort();
    }
    return blocks[block_count++] = block;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    apr_initialize();
    return apr_pool_create(&root, NULL) == APR_SUCCESS ? 0 : 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t kept = block_count; /* APR's own, made before */
    apr_pool_t *pool;
    char *text = malloc(size + 1);

    if (!text || apr_pool_create(&pool, root) != APR_SUCCESS)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    docgen_fuzz_one(pool, text, size);
    apr_pool_destroy(pool);
    while (block_count > kept)
        free(blocks[--block_count]);
    free(text);
    return 0;
}

void docgen_fuzz_expect(int holds, const char *what, const char *text)
{
    if (holds)
        return;
    fprintf(stderr, "Does not hold: %s\n%s\n", what, text);
    abort();
}

static const char *resolve(void *baton, apr_pool_t *pool, const char *target, int image)
{
    (void)baton;
    (void)image;
    return strncmp(target, "gone", 4) == 0 ? NULL : apr_pstrdup(pool, target);
}

static const char *symbol(void *baton, apr_pool_t *pool, const char *name)
{
    (void)baton;
    return strcmp(name, "open") == 0 ? apr_pstrdup(pool, "api/open") : NULL;
}

const docgen_links *docgen_fuzz_links(void)
{
    static const docgen_links links = {resolve, symbol, NULL};

    return &links;
}

static int is_name(const char *name, size_t length, const char *const *names)
{
    for (; *names; names++) {
        if (strlen(*names) == length && strncasecmp(name, *names, length) == 0)
            return 1;
    }
    return 0;
}

static void expect_safe_attribute(const char *name, size_t length, const char *value, size_t size,
                                  const char *html)
{
    static const char *const urls[] = {"href", "src", NULL};
    static const char *const refused[] = {"style", "srcdoc", "formaction", "srcset", "ping", NULL};
    char *copy;

    docgen_fuzz_expect(length > 0, "an attribute has a name", html);
    docgen_fuzz_expect(strncasecmp(name, "on", 2) != 0, "no event handlers", html);
    docgen_fuzz_expect(!is_name(name, length, refused), "no such attribute", html);
    if (!is_name(name, length, urls))
        return;
    copy = strndup(value, size);
    docgen_fuzz_expect(copy && docgen_target_is_safe(copy), "safe URLs only", html);
    free(copy);
}

/* The tag whose "<" is at `at`. @return the position after its ">" */
static const char *expect_safe_tag(const char *at, const char *html)
{
    static const char *const refused[] = {"script", "style", "iframe", "frame",  "object",
                                          "embed",  "link",  "meta",   "base",   "form",
                                          "svg",    "math",  "button", "select", "textarea",
                                          "video",  "audio", "source", NULL};
    const char *name = at + 1 + (at[1] == '/');
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

    docgen_fuzz_expect(length > 0, "every < begins a tag", html);
    docgen_fuzz_expect(!is_name(name, length, refused), "no such element", html);
    at = name + length;
    for (;;) {
        const char *value;
        const char *end;

        at += strspn(at, " \n");
        if (*at == '/' && at[1] == '>')
            return at + 2;
        if (*at == '>')
            return at + 1;
        name = at;
        length = strcspn(name, "= >\"'\n");
        at += length;
        value = at;
        end = at;
        if (*at == '=') {
            docgen_fuzz_expect(at[1] == '"', "values stand in quotes", html);
            value = at + 2;
            end = strchr(value, '"');
            docgen_fuzz_expect(end != NULL, "a value ends", html);
            at = end + 1;
        }
        expect_safe_attribute(name, length, value, (size_t)(end - value), html);
    }
}

void docgen_fuzz_expect_safe(const char *html)
{
    const char *at = html;

    docgen_fuzz_expect(html != NULL, "there is a result", "");
    while ((at = strchr(at, '<')))
        at = expect_safe_tag(at, html);
}
