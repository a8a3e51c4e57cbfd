/* C#.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/grammars.h"

static const docgen_word words[] = {
    {"record struct", "struct", DOCGEN_WORD_TYPE | DOCGEN_WORD_PRIMARY},
    {"record class", "record", DOCGEN_WORD_TYPE | DOCGEN_WORD_PRIMARY},
    {"record", "record", DOCGEN_WORD_TYPE | DOCGEN_WORD_SOFT | DOCGEN_WORD_PRIMARY},
    {"class", "class", DOCGEN_WORD_TYPE},
    {"struct", "struct", DOCGEN_WORD_TYPE},
    {"interface", "interface", DOCGEN_WORD_TYPE | DOCGEN_WORD_INTERFACE},
    {"enum", "enum", DOCGEN_WORD_TYPE | DOCGEN_WORD_CONSTANTS},
    {"delegate", "type", DOCGEN_WORD_TYPED},
    {"event", "event", DOCGEN_WORD_TYPED},
    {"namespace", "", DOCGEN_WORD_PACKAGE},
    {"using", "", DOCGEN_WORD_IMPORT},
    {"extern alias", "", DOCGEN_WORD_SKIP},
    {NULL, NULL, 0},
};

static const docgen_access accesses[] = {
    {"public", DOCGEN_VISIBLE_PUBLIC},     {"protected", DOCGEN_VISIBLE_PUBLIC},
    {"internal", DOCGEN_VISIBLE_INTERNAL}, {"private", DOCGEN_VISIBLE_PRIVATE},
    {"file", DOCGEN_VISIBLE_PRIVATE},      {NULL, DOCGEN_VISIBLE_PUBLIC},
};

const docgen_grammar docgen_grammar_csharp = {
    .lexical = {DOCGEN_LEXICAL_VERBATIM | DOCGEN_LEXICAL_CONDITIONS | DOCGEN_LEXICAL_DIRECTIVES,
                NULL},
    .traits = {.packages = "NuGet",
               .fences = "cs",
               .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TRIPLE,
               .uses = DOCGEN_USE_NEW | DOCGEN_USE_TYPE_FIRST},
    .words = words,
    .modifiers = "static readonly abstract sealed virtual override extern unsafe volatile const "
                 "async partial new required ref fixed implicit explicit scoped",
    .access = accesses,
    .fallback = {DOCGEN_VISIBLE_INTERNAL, DOCGEN_VISIBLE_PRIVATE},
    .annotation = '[',
    .shown = "Flags FlagsAttribute Experimental RequiresUnreferencedCode RequiresDynamicCode "
             "EditorBrowsable AttributeUsage",
    .deprecated = "Obsolete ObsoleteAttribute",
    .bases = ":",
    .no_bases = "where",
    .typed = 1,
    .accessors = 1,
    .nests = 1,
    .separator = '.',
    .doc = DOCGEN_DOC_XML,
};
