/* Kotlin.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"enum class", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_CONSTANTS},
    {"annotation class", "annotation", DOCGEN_WORD_TYPE},
    {"fun interface", "interface", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"companion object", "", DOCGEN_WORD_COMPANION},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"interface", "interface", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"object", "object", DOCGEN_WORD_TYPE},
    {"fun", "function", DOCGEN_WORD_CALL},
    {"constructor", "method", DOCGEN_WORD_CALL | DOCGEN_WORD_NAMELESS},
    {"val", "property", DOCGEN_WORD_VALUE},
    {"var", "property", DOCGEN_WORD_VALUE},
    {"typealias", "type", DOCGEN_WORD_ALIAS},
    {"init", "", DOCGEN_WORD_SKIP},
    {"package", "", DOCGEN_WORD_PACKAGE},
    {"import", "", DOCGEN_WORD_IMPORT},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"public", DOCGEN_VISIBLE_PUBLIC},     {"protected", DOCGEN_VISIBLE_PUBLIC},
    {"internal", DOCGEN_VISIBLE_INTERNAL}, {"private", DOCGEN_VISIBLE_PRIVATE},
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

const docgen_grammar docgen_grammar_kotlin = {
    .lexical = {DOCGEN_LEXICAL_NESTED | DOCGEN_LEXICAL_TRIPLE | DOCGEN_LEXICAL_BACKTICK, "${"},
    .traits = {.packages = "Maven",
               .fences = "kt",
               .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TRIPLE,
               .uses = DOCGEN_USE_BLOCK},
    .words = words,
    .modifiers = "abstract final open sealed data inner inline value lateinit const override "
                 "suspend tailrec operator infix external expect actual vararg noinline "
                 "crossinline",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_PUBLIC, DOCGEN_VISIBLE_PUBLIC},
    .annotation = '@',
    .shown = "JvmStatic JvmName JvmOverloads JvmField Throws RequiresOptIn Composable DslMarker "
             "Target Retention ExperimentalStdlibApi",
    .deprecated = "Deprecated",
    .bases = ":",
    .no_bases = "where",
    .joins = ". ? : , = { ) ] > & | - + * where by else as is in",
    .promotes = "constructor",
    .separator = '.',
    .doc = DOCGEN_DOC_KDOC,
};
