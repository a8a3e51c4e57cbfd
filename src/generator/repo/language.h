/* Which language a file is written in, and what its comments look like.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_LANGUAGE_H
#define DOCGEN_GENERATOR_REPO_LANGUAGE_H

#include <apr_pools.h>
#include "generator/repo/tree.h"

/** What a language is for. */
typedef enum {
    DOCGEN_KIND_CODE,
    DOCGEN_KIND_MARKUP, /**< HTML, templates, style sheets */
    DOCGEN_KIND_DATA,   /**< JSON, YAML, lists */
    DOCGEN_KIND_PROSE
} docgen_kind;

/** What else a language's files have of their own. */
enum {
    DOCGEN_LANGUAGE_0 = 0,
    DOCGEN_LANGUAGE_HUMPS = 1,     /**< names are written in humps, files named by their class */
    DOCGEN_LANGUAGE_LONG_LINES = 2 /**< a file of long lines was made by a program */
};

/** How comments are written: up to two markers for the rest of a line and one pair for blocks. */
typedef struct docgen_comment {
    const char *line;
    const char *line2;
    const char *open;
    const char *close;
} docgen_comment;

typedef struct docgen_language {
    const char *name;
    docgen_lang lang;
    docgen_kind kind;
    unsigned flags; /**< DOCGEN_LANGUAGE_* */
    const docgen_comment *comment;
    const char *extensions;   /**< space-separated, without the dot, lower case */
    const char *names;        /**< space-separated whole file names */
    const char *interpreters; /**< space-separated, as in "#!" lines, without version digits */
} docgen_language;

typedef struct docgen_languages docgen_languages;

/** Makes the look-up tables, in `pool`. */
docgen_languages *docgen_languages_create(apr_pool_t *pool);

/** The language of a file name, or NULL when the name does not tell. Any thread with its own
 * tables. */
const docgen_language *docgen_language_by_path(const docgen_languages *languages, const char *path);

/** The language of a first line "#!…", or of one that tells an editor the language (`vim: ft=sh`); or NULL. */
const docgen_language *docgen_language_by_shebang(const docgen_languages *languages,
                                                  const char *text, apr_size_t length);

/** The language with this display name in any case (for linguist-language), or NULL. */
const docgen_language *docgen_language_by_name(const docgen_languages *languages, const char *name);

/** Is this the name of a file whose content is never text (images, archives, fonts …)? */
int docgen_language_is_binary_name(const docgen_languages *languages, const char *path);

/** Counts lines, and those of them that are neither blank nor only comment. */
void docgen_language_count(const docgen_language *language, const char *text, apr_size_t length,
                           int *lines, int *code_lines);

#endif
