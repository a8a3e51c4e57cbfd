/* universal-ctags as a helper process: it names the declarations of C and C++ files, the source text gives the rest.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_C_CTAGS_H
#define DOCGEN_GENERATOR_LANGUAGES_C_CTAGS_H

#include "generator/analysis/unit.h"

/** The running helper; started again after a crash or a hang. One thread. */
typedef struct docgen_ctags docgen_ctags;

/** One tag as ctags reports it. Texts live in the pool it was read into. */
typedef struct docgen_ctag {
    const char *name, *kind, *typeref, *scope, *scope_kind, *signature, *access, *roles,
        *inherits; /**< bases as written, with commas, or NULL */
    int line, end;
    int file_scope;
} docgen_ctag;

/** Prepares the helper; it starts with the first file and ends with `pool`. */
docgen_ctags *docgen_ctags_make(apr_pool_t *pool);

/** Reads one file's tags into an array of docgen_ctag, from the source's scratch pool.
 * @param name what ctags shall take the file for ("f.c", "f.h", "f.cpp")
 * @return APR_SUCCESS; APR_TIMEUP, APR_EGENERAL when the helper hung or died on this file (the next one gets a
 * new helper); APR_ENOENT when ctags cannot be started at all */
apr_status_t docgen_ctags_read(docgen_ctags *ctags, const docgen_source *source, const char *name,
                               apr_array_header_t **tags);

/** One line of ctags' JSON. @return 1 for a tag, 0 for the end of a file, -1 for anything else */
int docgen_ctag_parse(apr_pool_t *pool, const char *line, apr_size_t length, docgen_ctag *tag);

/** Ends the helper; the next read starts it again. */
void docgen_ctags_close(docgen_ctags *ctags);

/** The text that ctags is given in place of the source's: of the same length and lines, with blanks where macros would
 * mislead it. From the source's scratch pool. */
const char *docgen_c_prepare(const docgen_source *source, int is_cpp);

/** Turns tags of a C or C++ file into a unit: signatures, comments, members, includes. */
docgen_unit *docgen_scan_c(const docgen_source *source, const apr_array_header_t *tags, int is_cpp);

/** Adds the functions and types that APR's hook macros declare in a C file. */
void docgen_scan_c_hooks(const docgen_source *source, docgen_unit *unit);

/** Does this header hold C++ (a class, a namespace, a template), whatever its name says? */
int docgen_source_is_cpp(const docgen_source *source);

/** C: adds the values that lists of macro calls within the enum `owner` make ("LIST(X)").
 * @param budget how many calls of the file may still be looked up, so that time stays linear */
void docgen_scan_c_lists(const docgen_source *source, docgen_symbol *owner, int *budget);

#endif
