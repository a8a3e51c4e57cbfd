/* The HTML elements that pages may hold.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_DOCUMENTS_ELEMENTS_H
#define DOCGEN_GENERATOR_DOCUMENTS_ELEMENTS_H

#include "generator/documents/node.h"

enum {
    DOCGEN_ELEMENT_KEEP = 1,  /**< allowed */
    DOCGEN_ELEMENT_VOID = 2,  /**< has no content and no end tag */
    DOCGEN_ELEMENT_DROP = 4,  /**< its content is not text for people */
    DOCGEN_ELEMENT_PRUNE = 8, /**< removed when it ends up empty */
    DOCGEN_ELEMENT_CELL = 16  /**< only means something inside a table */
};

typedef struct docgen_element {
    const char *name;
    int flags;
    const char *emit; /**< another element to write instead, or NULL */
    docgen_node_kind kind;
} docgen_element;

/** The rule for an element, in either case; NULL for one that is not known. Constant, any thread. */
const docgen_element *docgen_element_find(const char *name);

#endif
