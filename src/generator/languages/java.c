/* Java.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"@ interface", "annotation", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"interface", "interface", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"enum", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_CONSTANTS},
    {"record", "record", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT | DOCGEN_WORD_PRIMARY},
    {"package", "", DOCGEN_WORD_PACKAGE},
    {"import", "", DOCGEN_WORD_IMPORT},
    {"module", "", DOCGEN_WORD_SKIP | DOCGEN_WORD_SOFT},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"public", DOCGEN_VISIBLE_PUBLIC},
    {"protected", DOCGEN_VISIBLE_PUBLIC},
    {"private", DOCGEN_VISIBLE_PRIVATE},
    {NULL, DOCGEN_VISIBLE_PUBLIC},
};

const docgen_grammar docgen_grammar_java = {
    .lexical = {DOCGEN_LEXICAL_TRIPLE | DOCGEN_LEXICAL_TRIPLE_ESCAPES, NULL},
    .traits = {.packages = "Maven",
               .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TRIPLE,
               .uses = DOCGEN_USE_NEW | DOCGEN_USE_TYPE_FIRST},
    .words = words,
    .modifiers = "static final abstract default synchronized native strictfp transient volatile "
                 "sealed open",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_INTERNAL, DOCGEN_VISIBLE_INTERNAL},
    .annotation = '@',
    .shown = "FunctionalInterface Nullable CheckForNull Beta Experimental Incubating SafeVarargs "
             "Target Retention Documented",
    .deprecated = "Deprecated",
    .bases = "extends implements",
    .no_bases = "permits",
    .typed = 1,
    .separator = '.',
    .doc = DOCGEN_DOC_JAVADOC,
};
