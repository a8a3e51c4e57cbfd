/* The grammars of the declaration scanner, each in a file of its language's name.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_LANGUAGES_GRAMMARS_H
#define DOCGEN_GENERATOR_LANGUAGES_GRAMMARS_H

#include "generator/languages/language.h"

/* DOCGEN_LANGUAGE's fourth column declares the grammar that it names. */
#define OWN
#define DECLARED(x)                                       extern const docgen_grammar docgen_grammar_##x;
#define DOCGEN_LANGUAGE(id, name, fence, reading, unread) reading
#include "generator/languages/languages.def"
#undef DOCGEN_LANGUAGE
#undef DECLARED
#undef OWN

#endif
