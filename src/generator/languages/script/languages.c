/* JavaScript and TypeScript: how their files are read and what their code looks like.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/grammars.h"
#include "generator/languages/script/script.h"

#define MARKS (DOCGEN_MARK_SLASH | DOCGEN_MARK_SINGLE | DOCGEN_MARK_TICK)

const docgen_grammar docgen_grammar_javascript = {
    .lexical = {DOCGEN_LEXICAL_PLAIN | DOCGEN_LEXICAL_TEMPLATES, NULL},
    .traits = {.packages = "npm",
               .fences = "js jsx mjs",
               .marks = MARKS,
               .declares = DOCGEN_DECLARES_COMMANDER},
    .scan = docgen_scan_script,
    .modules = docgen_modules_script,
};

const docgen_grammar docgen_grammar_typescript = {
    .lexical = {DOCGEN_LEXICAL_PLAIN | DOCGEN_LEXICAL_TEMPLATES, NULL},
    .traits = {.packages = "npm",
               .family = DOCGEN_LANG_JAVASCRIPT,
               .fences = "ts tsx",
               .marks = MARKS,
               .declares = DOCGEN_DECLARES_COMMANDER},
    .scan = docgen_scan_script,
    .modules = docgen_modules_script,
};
