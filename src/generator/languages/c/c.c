/* C and C++: ctags names the declarations of a file, the text gives the rest.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/c/c.h"

#include <string.h>
#include "core/log.h"
#include "generator/languages/c/ctags.h"
#include "generator/languages/grammars.h"

static int has_suffix(const char *path, const char *suffix)
{
    apr_size_t length = strlen(path), n = strlen(suffix);

    return length >= n && !strcmp(path + length - n, suffix);
}

static int is_header(const docgen_file *file)
{
    return has_suffix(file->path, ".h") || has_suffix(file->path, ".h.in") ||
           has_suffix(file->path, ".hpp") || has_suffix(file->path, ".hh") ||
           has_suffix(file->path, ".hxx");
}

/** A header is read by other rules than what includes it. */
static const char *variant(const docgen_file *file)
{
    return is_header(file) ? "h" : "";
}

static docgen_unit *read_by_ctags(docgen_scanning *scanning, const docgen_source *source)
{
    const docgen_file *file = source->file;
    int header = is_header(file);
    int cpp = file->lang == DOCGEN_LANG_CPP || (header && docgen_source_is_cpp(source));
    apr_array_header_t *tags;
    apr_status_t rv;

    if (scanning->ctags_missing) {
        scanning->failed = "ctags is not available";
        return NULL;
    }
    if (!scanning->ctags) {
        scanning->ctags = docgen_ctags_make(scanning->pool);
    }
    rv = docgen_ctags_read(scanning->ctags, source,
                           cpp      ? (header ? "f.hpp" : "f.cpp")
                           : header ? "f.h"
                                    : "f.c",
                           &tags);
    if (APR_STATUS_IS_ENOENT(rv)) {
        scanning->ctags_missing = 1;
        docgen_log(DOCGEN_LOG_WARNING, rv,
                   "ctags cannot be started: C and C++ files are not analysed; "
                   "install universal-ctags");
    }
    if (rv != APR_SUCCESS) {
        scanning->failed = APR_STATUS_IS_TIMEUP(rv)   ? "ctags took longer than 5 seconds"
                           : APR_STATUS_IS_ENOENT(rv) ? "ctags is not available"
                                                      : "ctags crashed on it";
        return NULL;
    }
    return docgen_scan_c(source, tags, cpp);
}

const docgen_grammar docgen_grammar_c = {
    .lexical = {DOCGEN_LEXICAL_PLAIN, NULL},
    .traits = {.marks = DOCGEN_MARK_SLASH,
               .uses = DOCGEN_USE_NEW | DOCGEN_USE_TYPE_FIRST | DOCGEN_USE_UNCALLED,
               .prose = DOCGEN_PROSE_STAR_POINTER,
               .declares = DOCGEN_DECLARES_GETOPT | DOCGEN_DECLARES_MACROS,
               .headers = 1},
    .read = read_by_ctags,
    .modules = docgen_modules_c,
    .variant = variant,
};

const docgen_grammar docgen_grammar_cpp = {
    .lexical = {DOCGEN_LEXICAL_PLAIN, NULL},
    .traits = {.family = DOCGEN_LANG_C,
               .fences = "c++",
               .marks = DOCGEN_MARK_SLASH,
               .uses = DOCGEN_USE_BRACES | DOCGEN_USE_TYPE_FIRST | DOCGEN_USE_SCOPED,
               .prose = DOCGEN_PROSE_STAR_POINTER,
               .declares = DOCGEN_DECLARES_GETOPT | DOCGEN_DECLARES_MACROS,
               .headers = 1},
    .read = read_by_ctags,
    .modules = docgen_modules_c,
    .variant = variant,
};
