/* C: functions that no text spells out because a macro pastes their names. APR's hooks are the case that counts:
 * "AP_DECLARE_HOOK(int, handler, (request_rec *r))" declares ap_hook_handler, ap_run_handler and two more.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/languages/c/ctags.h"
#include "generator/analysis/doc.h"

enum {
    PARTS = 5,      /* namespace, linkage, return type, name, arguments */
    CALL_MAX = 2000 /* bytes of one declaration */
};

typedef struct hook {
    const char *parts[PARTS];
    int count;
    int line, end_line;
} hook;

/* The arguments of the call whose `(` is at `open`, white space squeezed. @return its `)`, or NULL */
static const char *read_parts(const docgen_source *source, const char *open, hook *h)
{
    const char *limit = source->text + source->length, *start = open + 1, *p = open;
    int depth = 0;

    limit = limit - open > CALL_MAX ? open + CALL_MAX : limit;
    for (; p < limit; p++) {
        int is_end = depth == 1 && (*p == ',' || *p == ')');

        depth += (*p == '(') - (*p == ')');
        if (is_end) {
            if (h->count == PARTS) {
                return NULL;
            }
            h->parts[h->count++] = docgen_source_squeeze(source, (apr_size_t)(start - source->text),
                                                         (apr_size_t)(p - source->text), CALL_MAX);
            start = p + 1;
        }
        if (depth == 0) {
            return p;
        }
    }
    return NULL;
}

static int is_name(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_') {
        return 0;
    }
    while (isalnum((unsigned char)*text) || *text == '_') {
        text++;
    }
    return !*text;
}

static void add(const docgen_source *source, docgen_unit *unit, const hook *h, const char *kind,
                const char *name, const char *signature, const docgen_doc *doc)
{
    docgen_symbol *symbol =
        docgen_symbol_add(source, unit->symbols, NULL, kind, name, h->line, h->end_line);

    symbol->visibility = DOCGEN_VISIBLE_PUBLIC;
    symbol->traits |= DOCGEN_SYMBOL_EXPORTED | DOCGEN_SYMBOL_DECLARATION | DOCGEN_SYMBOL_PASTED;
    symbol->signature = signature;
    symbol->doc = doc;
}

static const docgen_doc *doc_of(const docgen_source *source, const hook *h)
{
    const char *text = docgen_source_comment_above(source, h->line, NULL);

    return text && !docgen_comment_is_licence(text)
               ? docgen_doc_parse(source->pool, text, DOCGEN_DOC_TAGS)
               : NULL;
}

/* What other modules look up by name: its type is what the header gives them. */
static void declare_optional(const docgen_source *source, docgen_unit *unit, const hook *h)
{
    const char *type = h->parts[2], *name = h->parts[3], *args = h->parts[4];

    add(source, unit, h, "type", apr_pstrcat(source->pool, "apr_OFN_", name, "_t", NULL),
        apr_psprintf(source->pool, "typedef %s (apr_OFN_%s_t)%s", type, name, args),
        doc_of(source, h));
}

static void declare(const docgen_source *source, docgen_unit *unit, const hook *h)
{
    const char *space = h->parts[0], *type = h->parts[2], *name = h->parts[3], *args = h->parts[4];
    const docgen_doc *doc = doc_of(source, h);
    apr_pool_t *pool = source->pool;

    add(source, unit, h, "function", apr_pstrcat(pool, space, "_hook_", name, NULL),
        apr_psprintf(pool,
                     "void %s_hook_%s(%s_HOOK_%s_t *pf, const char *const *aszPre, "
                     "const char *const *aszSucc, int nOrder)",
                     space, name, space, name),
        doc);
    add(source, unit, h, "function", apr_pstrcat(pool, space, "_run_", name, NULL),
        apr_psprintf(pool, "%s %s_run_%s%s", type, space, name, args), doc);
    add(source, unit, h, "function", apr_pstrcat(pool, space, "_hook_get_", name, NULL),
        apr_psprintf(pool, "apr_array_header_t *%s_hook_get_%s(void)", space, name), NULL);
    add(source, unit, h, "type", apr_pstrcat(pool, space, "_HOOK_", name, "_t", NULL),
        apr_psprintf(pool, "typedef %s %s_HOOK_%s_t%s", type, space, name, args), doc);
}

void docgen_scan_c_hooks(const docgen_source *source, docgen_unit *unit)
{
    static const char *const marks[] = {"AP_DECLARE_HOOK(", "DECLARE_EXTERNAL_HOOK(",
                                        "DECLARE_OPTIONAL_HOOK(", "APR_DECLARE_OPTIONAL_FN("};
    enum {
        WHOLE = 0,
        OPTIONAL_FN = 3
    };

    for (int i = 0; i < 4; i++) {
        for (const char *p = source->text; (p = strstr(p, marks[i])) != NULL; p++) {
            const char *start = p, *end;
            hook h = {.count = 0};

            while (start > source->text &&
                   (isupper((unsigned char)start[-1]) || start[-1] == '_')) {
                start--;
            }
            if ((start > source->text && start[-1] != '\n') || (i == WHOLE && start != p)) {
                continue; /* its definition, or in a comment */
            }
            if (i == WHOLE || i == OPTIONAL_FN) { /* no namespace and linkage of its own */
                h.parts[h.count++] = "ap";
                h.parts[h.count++] = "AP";
            }
            end = read_parts(source, p + strlen(marks[i]) - 1, &h);
            if (!end || h.count != PARTS || !is_name(h.parts[0]) || !is_name(h.parts[3]) ||
                *h.parts[4] != '(') {
                continue;
            }
            h.line = docgen_source_line(source, (apr_size_t)(start - source->text));
            h.end_line = docgen_source_line(source, (apr_size_t)(end - source->text));
            if (i == OPTIONAL_FN) {
                declare_optional(source, unit, &h);
            } else {
                declare(source, unit, &h);
            }
        }
    }
}
