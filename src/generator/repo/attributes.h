/* What .gitattributes say about files: linguist-* and binary, asked of git itself.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_REPO_ATTRIBUTES_H
#define DOCGEN_GENERATOR_REPO_ATTRIBUTES_H

#include "generator/repo/language.h"

/** Applies the attributes of the tree's commit to its files, when a .gitattributes file mentions
 * any of ours.
 * Needs a writable TMPDIR for an index; without one, attributes are left out and logged. */
void docgen_attributes_apply(docgen_tree *tree, const docgen_languages *languages);

#endif
