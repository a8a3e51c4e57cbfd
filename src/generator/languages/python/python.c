/* Python: how its files are read and what its code looks like.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/python/python.h"

#include "generator/languages/grammars.h"

const docgen_grammar docgen_grammar_python = {
    .lexical = {DOCGEN_LEXICAL_PLAIN, NULL},
    .traits = {.packages = "PyPI",
               .fences = "py",
               .marks = DOCGEN_MARK_HASH | DOCGEN_MARK_SINGLE | DOCGEN_MARK_TRIPLE |
                        DOCGEN_MARK_DOCSTRING,
               .uses = DOCGEN_USE_BASES,
               .prose = DOCGEN_PROSE_STAR_ARGUMENTS | DOCGEN_PROSE_EXAMPLES,
               .declares = DOCGEN_DECLARES_ARGPARSE | DOCGEN_DECLARES_ENVIRON,
               .folder_file = "__init__.py"},
    .scan = docgen_scan_python,
    .modules = docgen_modules_python,
};
