/* Rust: how its files are read and what its code looks like.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/rust/rust.h"

#include "generator/languages/grammars.h"

const docgen_grammar docgen_grammar_rust = {
    .lexical = {DOCGEN_LEXICAL_PLAIN | DOCGEN_LEXICAL_LIFETIMES, NULL},
    .traits = {.packages = "crate",
               .fences = "rs",
               .marks = DOCGEN_MARK_SLASH,
               .uses = DOCGEN_USE_BRACES | DOCGEN_USE_UNCALLED,
               .prose = DOCGEN_PROSE_EXAMPLES,
               .declares = DOCGEN_DECLARES_CLAP | DOCGEN_DECLARES_HANDLERS | DOCGEN_DECLARES_TESTS,
               .bases = "Implements",
               .bases_but_of = "trait",
               .folder_file = "mod.rs lib.rs"},
    .scan = docgen_scan_rust,
    .modules = docgen_modules_rust,
};
