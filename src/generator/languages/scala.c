/* Scala.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"case class", "class", DOCGEN_WORD_TYPE | DOCGEN_WORD_PRIMARY},
    {"case object", "object", DOCGEN_WORD_TYPE},
    {"package object", "", DOCGEN_WORD_PACKAGE},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"trait", "trait", DOCGEN_WORD_TYPE},
    {"object", "object", DOCGEN_WORD_TYPE},
    {"enum", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT},
    {"def", "function", DOCGEN_WORD_CALL},
    {"val", "property", DOCGEN_WORD_VALUE},
    {"var", "property", DOCGEN_WORD_VALUE},
    {"given", "property", DOCGEN_WORD_VALUE | DOCGEN_WORD_SOFT},
    {"type", "type", DOCGEN_WORD_ALIAS | DOCGEN_WORD_SOFT},
    {"case", "member", DOCGEN_WORD_CASE},
    {"extension", "", DOCGEN_WORD_THROUGH},
    {"package", "", DOCGEN_WORD_PACKAGE},
    {"import", "", DOCGEN_WORD_IMPORT},
    {"export", "", DOCGEN_WORD_SKIP},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"protected", DOCGEN_VISIBLE_PUBLIC},
    {"private", DOCGEN_VISIBLE_PRIVATE},
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

const docgen_grammar docgen_grammar_scala = {
    .lexical = {DOCGEN_LEXICAL_NESTED | DOCGEN_LEXICAL_TRIPLE | DOCGEN_LEXICAL_BACKTICK |
                    DOCGEN_LEXICAL_CHAR | DOCGEN_LEXICAL_PREFIX_HOLES,
                "${"},
    .traits = {.packages = "Maven", .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TRIPLE},
    .words = words,
    .modifiers =
        "sealed abstract final override implicit lazy inline open transparent opaque infix",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_PUBLIC, DOCGEN_VISIBLE_PUBLIC},
    .annotation = '@',
    .shown = "tailrec implicitNotFound experimental",
    .deprecated = "deprecated",
    .bases = "extends with derives",
    .joins = ". ? : , = { ) ] > & | - + * extends with derives else yield match",
    .by_column = 1,
    .nests = 1,
    .separator = '.',
    .doc = DOCGEN_DOC_SCALA,
};
