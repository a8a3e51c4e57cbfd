/* The grammars of all languages, each in a file or folder of its language's name.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_GRAMMARS_H
#define DOCGEN_GENERATOR_LANGUAGES_GRAMMARS_H

#include "generator/languages/language.h"

#define DOCGEN_LANGUAGE(id, name, fence, grammar, unread, files)                                   \
    extern const docgen_grammar docgen_grammar_##grammar;
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE

#endif
