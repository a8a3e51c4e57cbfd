/* Options that manual pages describe, and which of the source's own rows they make needless.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/interfaces.h"
#include "generator/sections/man_pages.h"

enum {
    DEFAULT_MAX = 60
};

const char *docgen_default_said(apr_pool_t *pool, const char *text)
{
    static const char *const ends[] = {". ", ", ", "; ", NULL};
    const char *at = strcasestr(text, "default");
    const char *from;
    apr_size_t length = 0;
    int bracket;

    if (!at)
        return NULL;
    bracket = at > text && at[-1] == '(';
    from = at + 7 + strspn(at + 7, " ");
    if (!strncmp(from, "is ", 3) || !strncmp(from, "value ", 6))
        from += strcspn(from, " ") + 1;
    else if (*from == ':' || *from == '=')
        from++;
    else if (!bracket)
        return NULL; /* "by default, there is no limit" */
    from += strspn(from, " `'\"");
    while (from[length] && !strchr("),%\n`\"", from[length])) {
        int stop = 0;

        for (int i = 0; ends[i]; i++)
            stop |= !strncmp(from + length, ends[i], 2);
        if (stop || (from[length] == '.' && !from[length + 1]))
            break;
        length++;
    }
    if (length == 0 || length > DEFAULT_MAX || from[length] == '%')
        return NULL;
    for (apr_size_t i = 0, words = 0; i < length; i++) { /* a sentence is no value */
        words += from[i] == ' ';
        if (words > 3)
            return NULL;
    }
    return apr_pstrmemdup(pool, from, length);
}

void docgen_search_man_page(docgen_search *search)
{
    const apr_array_header_t *options =
        docgen_man_options(search->scratch, search->file->path, search->text);

    for (int i = 0; i < options->nelts; i++) {
        const docgen_man_option *option = &APR_ARRAY_IDX(options, i, docgen_man_option);
        docgen_declared *declared =
            docgen_search_add(search, DOCGEN_DECLARED_OPTION, option->name,
                              docgen_default_said(search->scratch, option->text), option->text,
                              search->text, search->text);

        if (declared)
            declared->line = declared->end_line = option->line;
    }
}

typedef void spelling_use(void *baton, const char *spelling, docgen_declared *declared);

/* Calls `use` with each spelling of an option: "-w", "--warmup"; of "--[no]color" and "--[no-]color" both. */
static void spellings_each(apr_pool_t *pool, docgen_declared *declared, spelling_use *use,
                           void *baton)
{
    for (const char *p = strchr(declared->name, '-'); p; p = strchr(p, '-')) {
        apr_size_t length = strcspn(p, " ,=<|");
        const char *spelling = apr_pstrndup(pool, p, length);
        const char *open = strstr(spelling, "[no"), *close = open ? strchr(open, ']') : NULL;
        int begins = p == declared->name || strchr(" ,|[", p[-1]);

        if (begins && close) {
            const char *head = apr_pstrndup(pool, spelling, (apr_size_t)(open - spelling));
            const char *tail = apr_pstrndup(pool, close + 1, strcspn(close + 1, "[="));

            use(baton, apr_pstrcat(pool, head, tail, NULL), declared);
            use(baton, apr_pstrcat(pool, head, "no", tail, NULL), declared);
            use(baton, apr_pstrcat(pool, head, "no-", tail, NULL), declared);
        } else if (begins) {
            use(baton, apr_pstrndup(pool, spelling, strcspn(spelling, "[")), declared);
        }
        p += length ? length : 1;
    }
}

static void spelling_note(void *baton, const char *spelling, docgen_declared *declared)
{
    apr_hash_t *described = baton;

    if (!apr_hash_get(described, spelling, APR_HASH_KEY_STRING))
        apr_hash_set(described, spelling, APR_HASH_KEY_STRING, declared);
}

/* Is an option of the source one that is described? */
typedef struct looking {
    apr_hash_t *described;
    docgen_declared *found;
} looking;

static void spelling_look(void *baton, const char *spelling, docgen_declared *declared)
{
    looking *l = baton;

    (void)declared;
    if (!l->found)
        l->found = apr_hash_get(l->described, spelling, APR_HASH_KEY_STRING);
}

/* How many of a file's options there are, and how many of them are described. */
typedef struct coverage {
    int options;
    int described;
} coverage;

static int is_of_source(const docgen_declared *d)
{
    return d->kind == DOCGEN_DECLARED_OPTION && !docgen_man_is_named(d->file->path);
}

void docgen_options_settle(apr_array_header_t *found, apr_pool_t *pool)
{
    apr_pool_t *scratch;
    looking l = {NULL, NULL};
    apr_hash_t *files;
    docgen_declared **described;
    int kept = 0;

    apr_pool_create(&scratch, pool);
    l.described = apr_hash_make(scratch);
    files = apr_hash_make(scratch);
    described = apr_pcalloc(scratch, sizeof(*described) * (apr_size_t)(found->nelts + 1));
    for (int i = 0; i < found->nelts; i++) {
        docgen_declared *d = &APR_ARRAY_IDX(found, i, docgen_declared);

        if (d->kind == DOCGEN_DECLARED_OPTION && docgen_man_is_named(d->file->path))
            spellings_each(scratch, d, spelling_note, l.described);
    }
    for (int i = 0; i < found->nelts; i++) {
        docgen_declared *d = &APR_ARRAY_IDX(found, i, docgen_declared);
        coverage *c;

        if (!is_of_source(d))
            continue;
        l.found = NULL;
        spellings_each(scratch, d, spelling_look, &l);
        described[i] = l.found;
        c = apr_hash_get(files, &d->file, sizeof(d->file));
        if (!c) {
            c = apr_pcalloc(scratch, sizeof(*c));
            apr_hash_set(files, apr_pmemdup(scratch, &d->file, sizeof(d->file)), sizeof(d->file),
                         c);
        }
        c->options++;
        c->described += l.found != NULL;
    }
    for (int i = 0; i < found->nelts; i++) {
        const docgen_declared *d = &APR_ARRAY_IDX(found, i, docgen_declared);
        const coverage *c = apr_hash_get(files, &d->file, sizeof(d->file));

        /* Half of its options described: the manual page is about this program. */
        if (!c || c->described * 2 < c->options)
            described[i] = NULL;
        else if (described[i] && !described[i]->value && d->value &&
                 strcmp(d->value, "takes a value") != 0)
            described[i]->value = d->value;
    }
    for (int i = 0; i < found->nelts; i++) {
        if (!described[i])
            APR_ARRAY_IDX(found, kept++, docgen_declared) =
                APR_ARRAY_IDX(found, i, docgen_declared);
    }
    found->nelts = kept;
    apr_pool_destroy(scratch);
}
