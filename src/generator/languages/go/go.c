/* Go: how its files are read and what its code looks like.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/go/go.h"

#include "generator/languages/grammars.h"

const docgen_grammar docgen_grammar_go = {
    .lexical = {DOCGEN_LEXICAL_PLAIN, NULL},
    .traits = {.packages = "Go module",
               .fences = "golang",
               .marks = DOCGEN_MARK_SLASH | DOCGEN_MARK_TICK,
               .uses = DOCGEN_USE_BRACES | DOCGEN_USE_FOLDER | DOCGEN_USE_PATHS |
                       DOCGEN_USE_RECEIVERS | DOCGEN_USE_NO_STATICS | DOCGEN_USE_UNCALLED,
               .declares = DOCGEN_DECLARES_FLAG | DOCGEN_DECLARES_METHODS,
               .promotes = 1,
               .bases = "Embeds",
               .folder_file = "*"},
    .scan = docgen_scan_go,
    .modules = docgen_modules_go,
};
