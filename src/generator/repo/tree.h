/* The files of one commit, read from a bare repository: no work tree, no checkout.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_TREE_H
#define DOCGEN_GENERATOR_REPO_TREE_H

#include <apr_errno.h>
#include <apr_hash.h>
#include <apr_pools.h>
#include <apr_tables.h>

/** The languages whose public surface is read; all others are counted only. */
typedef enum {
    DOCGEN_LANG_NONE,
#define DOCGEN_LANGUAGE(id, name, fence, grammar, unread, files) DOCGEN_LANG_##id,
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE
    DOCGEN_LANG_OTHER
} docgen_lang;

/** What is known of a file beside its content. */
enum {
    DOCGEN_FILE_TEST = 1,    /**< test code or data */
    DOCGEN_FILE_EXAMPLE = 2, /**< examples, demos, benchmarks */
    DOCGEN_FILE_VENDORED =
        4, /**< somebody else's code: vendor/, deps/, third_party/, node_modules/, linguist-vendored */
    DOCGEN_FILE_GENERATED = 8, /**< "DO NOT EDIT", minified, lock files, linguist-generated */
    DOCGEN_FILE_BINARY = 16,
    DOCGEN_FILE_LINK = 32, /**< symbolic link: never followed outside, its target is its content */
    DOCGEN_FILE_SUBMODULE = 64,
    DOCGEN_FILE_LFS = 128,      /**< a Git LFS pointer */
    DOCGEN_FILE_DOCUMENT = 256, /**< prose: Markdown, reStructuredText, AsciiDoc, plain text */
    DOCGEN_FILE_SKIPPED = 512   /**< not read at all; `skipped` says why */
};

typedef struct docgen_file {
    const char *path;     /**< UTF-8, '/'-separated; unprintable or invalid bytes shown as \xNN */
    const char *raw_path; /**< the bytes git has, for URLs */
    const char *oid;      /**< the blob's id */
    apr_uint64_t size;    /**< bytes */
    docgen_lang lang;
    const char *language; /**< its display name ("C", "Makefile", …) or NULL */
    unsigned flags;
    const char *skipped; /**< why it is not read, or NULL */
    int lines;           /**< lines, once counted (docgen_tree_count); else 0 */
    int code_lines;      /**< lines that are neither blank nor comment, once counted */
} docgen_file;

typedef struct docgen_tree {
    apr_pool_t *pool;
    const char *git_dir;
    const char *commit;         /**< 40 or 64 hex digits */
    apr_array_header_t *files;  /**< docgen_file *, in byte order of their path */
    apr_hash_t *by_path;        /**< path → docgen_file * */
    struct docgen_blobs *blobs; /**< the open `git cat-file --batch` */
    apr_array_header_t *hidden; /**< docgen_hidden: what nobody can see, of texts read so far */
    struct docgen_kept *kept;   /**< the texts that were read already */
} docgen_tree;

/** Lists the files of `commit` and opens a reader on them; flags, languages and skip reasons are
 * set
 * (`.gitattributes` linguist-* and git's own -text honoured). Contents are not read but for
 * detection.
 * @param max_file bytes; larger files are skipped with a reason */
apr_status_t docgen_tree_open(docgen_tree **tree, apr_pool_t *pool, const char *git_dir,
                              const char *commit, apr_uint64_t max_file);

/** The same for another commit of the repository that `known` (not NULL) is a tree of: what is known of a file with the
 * same path and content is taken from there, and only the others are looked into. */
apr_status_t docgen_tree_open_beside(docgen_tree **tree, apr_pool_t *pool, const docgen_tree *known,
                                     const char *commit, apr_uint64_t max_file);

/** The file at a path, or NULL. */
docgen_file *docgen_tree_find(const docgen_tree *tree, const char *path);

/** A text file's content as UTF-8 (a byte-order mark removed; latin-1 and other encodings
 * converted; CRLF as LF), NUL-terminated, from `pool`, or kept with the tree for the next who asks.
 * @return APR_SUCCESS; APR_ENOENT for a skipped, binary or submodule entry; APR_EGENERAL when git
 * failed. */
apr_status_t docgen_tree_text(const docgen_tree *tree, const docgen_file *file, apr_pool_t *pool,
                              const char **text, apr_size_t *length);

/** Any file's bytes as they are, from `pool` (images). @return as above; APR_ENOSPC above `max`
 * bytes. */
apr_status_t docgen_tree_bytes(const docgen_tree *tree, const docgen_file *file, apr_pool_t *pool,
                               apr_size_t max, const char **data, apr_size_t *length);

/** Fills `lines` and `code_lines` of every readable source file. */
apr_status_t docgen_tree_count(docgen_tree *tree);

#endif
