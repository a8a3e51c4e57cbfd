/* What a JavaScript or TypeScript file takes from others and hands on: import, export … from, require().
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/languages/script/script.h"

#include <ctype.h>

/* export { x as 'module.exports' } tells Node what require() gives; a name to import is written like one. */
static int is_identifier(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '$' && !(*p & 0x80)) {
            return 0;
        }
    }
    return *text && !isdigit((unsigned char)*text);
}

void docgen_script_names(docgen_script *r, int open, const char *from, unsigned flags)
{
    int close = r->t.items[open].match;

    for (int i = open + 1; i < close; i++) {
        int name;

        i += docgen_token_is(&r->t, i, "type") && docgen_script_is_name(r, i + 1) &&
             !docgen_token_is(&r->t, i + 1, "as");
        name = i;
        if (r->t.items[name].kind != DOCGEN_TOKEN_WORD) {
            continue;
        }
        if (docgen_token_is(&r->t, i + 1, "as") && i + 2 < close) {
            const char *as = r->t.items[i + 2].kind == DOCGEN_TOKEN_STRING
                                 ? docgen_token_string(&r->t, i + 2)
                                 : docgen_token_text(&r->t, i + 2);

            if (is_identifier(as)) {
                docgen_import_add(r->source, r->unit, from, docgen_token_text(&r->t, name), as,
                                  r->t.items[name].line, flags);
            }
            i += 2;
        } else {
            docgen_import_add(r->source, r->unit, from, docgen_token_text(&r->t, name), NULL,
                              r->t.items[name].line, flags);
        }
        while (i < close && !docgen_token_is(&r->t, i + 1, ",") && i + 1 < close) {
            i++;
        }
    }
}

int docgen_script_import(docgen_script *r, int i)
{
    int end = docgen_script_expression(r, i + 1, r->t.count), from = -1, line = r->t.items[i].line;
    const char *module;

    if (docgen_token_is(&r->t, i + 1, "(") || docgen_token_is(&r->t, i + 1, ".")) {
        return end > i ? end : i + 1; /* docgen_script_import(…) and import.meta */
    }
    for (int n = i + 1; n < r->t.count && n < i + 4000; n = docgen_token_skip(&r->t, n)) {
        if (r->t.items[n].kind == DOCGEN_TOKEN_STRING) {
            from = n;
            break;
        }
        if (docgen_token_is(&r->t, n, ";")) {
            break;
        }
    }
    if (from < 0) {
        return i + 1;
    }
    module = docgen_token_string(&r->t, from);
    docgen_import_add(r->source, r->unit, module, NULL, NULL, line, 0);
    for (int n = i + 1; n < from; n = docgen_token_skip(&r->t, n)) {
        if (docgen_token_is(&r->t, n, "{")) {
            docgen_script_names(r, n, module, 0);
        } else if (docgen_token_is(&r->t, n, "*") && docgen_token_is(&r->t, n + 1, "as")) {
            docgen_import_add(r->source, r->unit, module, "*", docgen_token_text(&r->t, n + 2),
                              line, 0);
            n += 2;
        } else if (docgen_script_is_name(r, n) && !docgen_token_is(&r->t, n, "type") &&
                   !docgen_token_is(&r->t, n, "from") && !docgen_token_is(&r->t, n, "as")) {
            docgen_import_add(r->source, r->unit, module, "default", docgen_token_text(&r->t, n),
                              line, 0);
        }
    }
    return from + 1;
}

int docgen_script_export_list(docgen_script *r, int i)
{
    int n = i + 1, line = r->t.items[i].line;

    n += docgen_token_is(&r->t, n, "type") &&
         (docgen_token_is(&r->t, n + 1, "{") || docgen_token_is(&r->t, n + 1, "*"));
    if (docgen_token_is(&r->t, n, "{")) {
        int after = docgen_token_skip(&r->t, n);
        int from = docgen_token_is(&r->t, after, "from") ? after + 1 : -1;

        docgen_script_names(r, n, from > 0 ? docgen_token_string(&r->t, from) : "",
                            DOCGEN_IMPORT_EXPORTED | (from > 0 ? 0u : DOCGEN_IMPORT_LOCAL));
        return from > 0 ? from + 1 : after;
    }
    if (docgen_token_is(&r->t, n, "*")) {
        const char *as =
            docgen_token_is(&r->t, n + 1, "as") ? docgen_token_text(&r->t, n + 2) : NULL;
        int from = n + 1 + (as ? 2 : 0);

        if (docgen_token_is(&r->t, from, "from")) {
            docgen_import_add(r->source, r->unit, docgen_token_string(&r->t, from + 1), "*", as,
                              line, DOCGEN_IMPORT_EXPORTED);
            return from + 2;
        }
    }
    return 0;
}

const char *docgen_script_required(const docgen_script *r, int i)
{
    if (docgen_token_is(&r->t, i, "require") && docgen_token_is(&r->t, i + 1, "(") &&
        i + 2 < r->t.count && r->t.items[i + 2].kind == DOCGEN_TOKEN_STRING) {
        return docgen_token_string(&r->t, i + 2);
    }
    return NULL;
}

void docgen_script_export_local(docgen_script *r, int value, const char *as, int line)
{
    const char *module = docgen_script_required(r, value);

    if (module) {
        docgen_import_add(r->source, r->unit, module, "default", as, line, DOCGEN_IMPORT_EXPORTED);
    } else if (docgen_script_is_name(r, value) && !docgen_token_is(&r->t, value + 1, "(")) {
        const char *property =
            docgen_token_is(&r->t, value + 1, ".") && docgen_script_is_name(r, value + 2)
                ? docgen_token_text(&r->t, value + 2)
                : NULL;
        docgen_import *import =
            docgen_import_add(r->source, r->unit, "", docgen_token_text(&r->t, value), as, line,
                              DOCGEN_IMPORT_EXPORTED | DOCGEN_IMPORT_LOCAL);

        import->scope = property ? property : "";
    }
}
