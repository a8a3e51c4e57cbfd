/* A light tokeniser for brace languages: words, literals and punctuation with matched brackets.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_ANALYSIS_TOKEN_H
#define DOCGEN_GENERATOR_ANALYSIS_TOKEN_H

#include "generator/analysis/source.h"

typedef enum {
    DOCGEN_TOKEN_END,
    DOCGEN_TOKEN_WORD, /**< identifier or keyword */
    DOCGEN_TOKEN_NUMBER,
    DOCGEN_TOKEN_STRING, /**< any string, character, template or regular expression literal */
    DOCGEN_TOKEN_PUNCT   /**< one byte */
} docgen_token_kind;

typedef struct docgen_token {
    apr_uint32_t start, end; /**< offsets */
    int line;
    int match; /**< for ( [ { and their ends: the index of the other; else -1 */
    docgen_token_kind kind;
    char ch; /**< first byte */
} docgen_token;

typedef struct docgen_tokens {
    const docgen_source *source;
    docgen_token *items; /**< ended by one of kind DOCGEN_TOKEN_END */
    int count;           /**< without that end */
} docgen_tokens;

/** Splits a text; comments and white space are left out. An unmatched opening bracket matches the end.
 * Linear time, no recursion. In the source's scratch pool. */
void docgen_tokens_read(docgen_tokens *tokens, const docgen_source *source, docgen_lang lang);

/** Is token `i` exactly this word or punctuation character? Out of range is no. */
int docgen_token_is(const docgen_tokens *tokens, int i, const char *text);

/** Do the tokens from `i` spell this punctuation without space between ("=>", "::")? */
int docgen_token_is_joined(const docgen_tokens *tokens, int i, const char *text);

/** A token's text, from the result pool. */
const char *docgen_token_text(const docgen_tokens *tokens, int i);

/** A string literal's content without its quotes (escapes left as they are), from the result pool. */
const char *docgen_token_string(const docgen_tokens *tokens, int i);

/** The index after token `i` and, for an opening bracket, after its match. */
int docgen_token_skip(const docgen_tokens *tokens, int i);

/** The index after a generic argument list that starts at `<` of token `i` (`->` and `=>` are no ends);
 * `i` itself when it is not one or does not close within 4,000 tokens. */
int docgen_token_skip_angles(const docgen_tokens *tokens, int i);

#endif
