/* The reader of ctags' JSON lines, and the C scanner on whatever tags came out of them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <string.h>
#include <apr_strings.h>
#include "generator/languages/c/ctags.h"

/* Lines are tags; what follows an empty line is the source that they speak of. */
void docgen_fuzz_one(apr_pool_t *pool, const char *text, apr_size_t length)
{
    apr_array_header_t *tags = apr_array_make(pool, 8, sizeof(docgen_ctag));
    docgen_file *file = apr_pcalloc(pool, sizeof(*file));
    const char *end = text + length;
    const docgen_source *source;

    while (text < end && *text != '\n') {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        docgen_ctag tag;

        if (!line_end)
            line_end = end;
        memset(&tag, 0, sizeof(tag));
        if (docgen_ctag_parse(pool, text, (apr_size_t)(line_end - text), &tag) == 1) {
            docgen_fuzz_expect(tag.name && tag.kind, "a tag has a name and a kind", text);
            APR_ARRAY_PUSH(tags, docgen_ctag) = tag;
        }
        text = line_end < end ? line_end + 1 : end;
    }
    if (text < end)
        text++;
    file->path = file->raw_path = "f.c";
    file->lang = DOCGEN_LANG_C;
    source = docgen_source_make(pool, pool, file, text, (apr_size_t)(end - text));
    docgen_fuzz_expect(docgen_scan_c(source, tags, 0) != NULL, "there is a unit", text);
    docgen_fuzz_expect(docgen_scan_c(source, tags, docgen_source_is_cpp(source)) != NULL,
                       "there is a unit", text);
}
