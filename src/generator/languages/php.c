/* PHP.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "generator/languages/declared.h"
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"class", "class", DOCGEN_WORD_TYPE},
    {"interface", "interface", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"trait", "trait", DOCGEN_WORD_TYPE},
    {"enum", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT},
    {"function", "function", DOCGEN_WORD_CALL},
    {"case", "member", DOCGEN_WORD_CASE},
    {"const", "constant", DOCGEN_WORD_VALUE},
    {"namespace", "", DOCGEN_WORD_PACKAGE},
    {"use", "", DOCGEN_WORD_IMPORT | DOCGEN_WORD_TRAIT},
    {"if", "", DOCGEN_WORD_THROUGH},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"public", DOCGEN_VISIBLE_PUBLIC},
    {"protected", DOCGEN_VISIBLE_PUBLIC},
    {"private", DOCGEN_VISIBLE_PRIVATE},
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

const docgen_grammar docgen_grammar_php = {
    .lexical = {DOCGEN_LEXICAL_HASH_COMMENT | DOCGEN_LEXICAL_HEREDOC | DOCGEN_LEXICAL_MULTILINE |
                    DOCGEN_LEXICAL_SINGLE | DOCGEN_LEXICAL_TAGS,
                "{$"},
    .traits = {.packages = "Composer",
               .marks = DOCGEN_MARK_HASH | DOCGEN_MARK_SLASH | DOCGEN_MARK_SINGLE,
               .uses = DOCGEN_USE_NEW},
    .words = words,
    .modifiers = "static abstract final readonly var",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_PUBLIC, DOCGEN_VISIBLE_PUBLIC},
    .annotation = '#',
    .shown = "Attribute",
    .deprecated = "Deprecated",
    .bases = "extends implements",
    .typed = 1,
    .promotes = "__construct",
    .separator = '\\',
    .doc = DOCGEN_DOC_PHPDOC,
};
