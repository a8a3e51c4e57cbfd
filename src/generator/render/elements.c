/* The HTML elements that pages may hold. What is not here loses its tags and keeps its text.
 * SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>
#include "generator/render/elements.h"

/* In order of the names: they are found by halving. */
static const docgen_element rules[] = {
    {"a", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"abbr", DOCGEN_ELEMENT_KEEP, NULL},
    {"audio", DOCGEN_ELEMENT_DROP, NULL},
    {"b", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, "strong"},
    {"blockquote", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"br", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_VOID, NULL},
    {"button", 0, NULL},
    {"canvas", DOCGEN_ELEMENT_DROP, NULL},
    {"caption", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"center", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, "div"},
    {"cite", DOCGEN_ELEMENT_KEEP, NULL},
    {"code", DOCGEN_ELEMENT_KEEP, NULL},
    {"dd", DOCGEN_ELEMENT_KEEP, NULL},
    {"del", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"details", DOCGEN_ELEMENT_KEEP, NULL},
    {"dfn", DOCGEN_ELEMENT_KEEP, NULL},
    {"div", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"dl", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"dt", DOCGEN_ELEMENT_KEEP, NULL},
    {"em", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"embed", DOCGEN_ELEMENT_DROP | DOCGEN_ELEMENT_VOID, NULL},
    {"figcaption", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"figure", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h1", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h2", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h3", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h4", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h5", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"h6", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"head", DOCGEN_ELEMENT_DROP, NULL},
    {"hr", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_VOID, NULL},
    {"i", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, "em"},
    {"iframe", DOCGEN_ELEMENT_DROP, NULL},
    {"img", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_VOID, NULL},
    {"input", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_VOID, NULL},
    {"ins", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"kbd", DOCGEN_ELEMENT_KEEP, NULL},
    {"li", DOCGEN_ELEMENT_KEEP, NULL},
    {"mark", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"math", DOCGEN_ELEMENT_DROP, NULL},
    {"noembed", DOCGEN_ELEMENT_DROP, NULL},
    {"noframes", DOCGEN_ELEMENT_DROP, NULL},
    {"noscript", DOCGEN_ELEMENT_DROP, NULL},
    {"object", DOCGEN_ELEMENT_DROP, NULL},
    {"ol", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"p", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"plaintext", DOCGEN_ELEMENT_DROP, NULL},
    {"pre", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"q", DOCGEN_ELEMENT_KEEP, NULL},
    {"rp", DOCGEN_ELEMENT_KEEP, NULL},
    {"rt", DOCGEN_ELEMENT_KEEP, NULL},
    {"ruby", DOCGEN_ELEMENT_KEEP, NULL},
    {"s", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, "del"},
    {"samp", DOCGEN_ELEMENT_KEEP, NULL},
    {"script", DOCGEN_ELEMENT_DROP, NULL},
    {"section", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"select", DOCGEN_ELEMENT_DROP, NULL},
    {"small", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"span", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"strike", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, "del"},
    {"strong", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"style", DOCGEN_ELEMENT_DROP, NULL},
    {"sub", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"summary", DOCGEN_ELEMENT_KEEP, NULL},
    {"sup", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"svg", DOCGEN_ELEMENT_DROP, NULL},
    {"table", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"tbody", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"td", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"template", DOCGEN_ELEMENT_DROP, NULL},
    {"textarea", DOCGEN_ELEMENT_DROP, NULL},
    {"tfoot", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"th", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"thead", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"title", DOCGEN_ELEMENT_DROP, NULL},
    {"tr", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_CELL, NULL},
    {"tt", DOCGEN_ELEMENT_KEEP, "code"},
    {"u", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"ul", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_PRUNE, NULL},
    {"var", DOCGEN_ELEMENT_KEEP, NULL},
    {"video", DOCGEN_ELEMENT_DROP, NULL},
    {"wbr", DOCGEN_ELEMENT_KEEP | DOCGEN_ELEMENT_VOID, NULL},
    {"xmp", DOCGEN_ELEMENT_DROP, NULL},
};

const docgen_element *docgen_element_find(const char *name)
{
    int low = 0;
    int high = (int)(sizeof(rules) / sizeof(*rules)) - 1;

    while (low <= high) {
        int middle = (low + high) / 2;
        int order = strcasecmp(name, rules[middle].name);

        if (order == 0)
            return &rules[middle];
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return NULL;
}
