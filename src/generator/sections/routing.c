/* Prose routing: which passages of the repository's documents are about which module or symbol, by rules that a
 * reader can check: the heading names it, an item or a row begins with its name and says something of it, the README
 * stands in its folder, or the passage of a document for developers names files of one module only.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/routing.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/documents/html.h"
#include "generator/sections/described.h"
#include "generator/sections/guides.h"
#include "generator/sections/reference.h"
#include "generator/sections/site.h"

enum {
    DOCUMENTS_MAX = 800,
    DOCUMENT_BYTES = 512 * 1024,
    MODULE_ROUTES = 12, /* passages on one module's page */
    SYMBOL_ROUTES = 3,
    ROUTES_MAX = 5000, /* of the whole site */
    PASSAGE_BYTES = 4000,
    ITEM_WORDS = 3, /* an item that says less explains nothing */
    BODY_LEAST = 30,
    HEADER_BYTES = 1500,
    HEADER_LEAST = 20
};

enum {
    RANK_OBJECT, /* a description of this very name */
    RANK_HEADING,
    RANK_README,
    RANK_ITEM,
    RANK_FILES,
    RANK_HEADER
};

struct docgen_routes {
    /* docgen_module * or docgen_symbol * (the pointer's bytes) → array of docgen_route */
    apr_hash_t *of;
    int made; /* passages that were found */
};

/* A document while its passages are looked at. */
typedef struct reader {
    docgen_site *site;
    apr_pool_t *scratch;
    const docgen_file *document;
    const char *markdown;
    const apr_array_header_t *definitions; /* of links */
    const docgen_passage *passage;
    int internal;
    int index; /* of the passage */
} reader;

static apr_array_header_t *routes_get(docgen_site *site, const void *owner)
{
    return apr_hash_get(site->routes->of, &owner, sizeof(owner));
}

/* Keeps the best `max` of an owner, in order of rank, then of documents and lines. */
static void route_add(docgen_site *site, const void *owner, const docgen_route *route, int max)
{
    apr_array_header_t *routes = routes_get(site, owner);
    int at;

    if (!routes) {
        const void **key = apr_pmemdup(site->pool, &owner, sizeof(owner));

        routes = apr_array_make(site->pool, 2, sizeof(docgen_route));
        apr_hash_set(site->routes->of, key, sizeof(owner), routes);
    }
    for (int i = 0; i < routes->nelts; i++) {
        const docgen_route *known = &APR_ARRAY_IDX(routes, i, docgen_route);

        if (!strcmp(known->text, route->text))
            return;
    }
    if (routes->nelts == max) {
        if (APR_ARRAY_IDX(routes, max - 1, docgen_route).rank <= route->rank)
            return;
        routes->nelts--;
    }
    apr_array_push(routes);
    for (at = routes->nelts - 1;
         at > 0 && APR_ARRAY_IDX(routes, at - 1, docgen_route).rank > route->rank; at--)
        APR_ARRAY_IDX(routes, at, docgen_route) = APR_ARRAY_IDX(routes, at - 1, docgen_route);
    APR_ARRAY_IDX(routes, at, docgen_route) = *route;
}

/* The line of a place in the open passage. */
static int line_of(const reader *r, apr_size_t offset)
{
    int line = r->passage->first;

    for (apr_size_t i = r->passage->start; i < offset; i++)
        line += r->markdown[i] == '\n';
    return line;
}

/* Makes a route of bytes `start` to `end` of the document's Markdown; `text` is what is quoted of them. */
static docgen_route route_make(const reader *r, int rank, apr_size_t start, apr_size_t end,
                               const char *text)
{
    apr_pool_t *pool = r->site->pool;
    docgen_passage place = *r->passage;
    docgen_route route = {.document = r->document, .rank = rank};

    r->site->routes->made++;
    while (end > start && isspace((unsigned char)r->markdown[end - 1]))
        end--;
    place.first = line_of(r, start);
    route.heading = apr_pstrdup(pool, r->passage->title);
    route.source = docgen_passage_source(r->site, pool, r->document, &place,
                                         line_of(r, end > start ? end - 1 : start));
    route.text =
        apr_pstrcat(pool, text, docgen_definitions_used(r->scratch, r->definitions, text), NULL);
    return route;
}

/* HTML headings would take ids that the page's own entries were promised. */
static int has_html_heading(const char *body)
{
    for (const char *p = strchr(body, '<'); p; p = strchr(p + 1, '<')) {
        if ((p[1] == 'h' || p[1] == 'H') && p[2] >= '1' && p[2] <= '6')
            return 1;
    }
    return 0;
}

/* Letters in a text, up to `enough`. */
static int letters_of(const char *text, int enough)
{
    int letters = 0;

    for (; *text && letters < enough; text++)
        letters += isalpha((unsigned char)*text) != 0 || (unsigned char)*text >= 0x80;
    return letters;
}

/* The passage's body, bounded. @return 0 when there is too little of it */
static int body_route(const reader *r, int rank, docgen_route *route)
{
    const char *body = r->passage->body + strspn(r->passage->body, "\n");
    apr_size_t start = r->passage->text + (apr_size_t)(body - r->passage->body);
    apr_size_t length = strlen(body);
    apr_size_t keep = docgen_blocks_fit(body, length, PASSAGE_BYTES);

    if (keep == 0 || has_html_heading(body) || letters_of(body, BODY_LEAST) < BODY_LEAST)
        return 0;
    *route = route_make(r, rank, start, start + keep, apr_pstrndup(r->scratch, body, keep));
    route->cut = body[keep + strspn(body + keep, " \t\r\n")] != '\0';
    return 1;
}

/* What a name in prose means: a code span may name a symbol, another word only when it looks like one. */
static int name_find(const reader *r, const char *name, docgen_reference *found)
{
    apr_size_t length = strlen(name);
    int code = *name == '`' && length > 2 && name[length - 1] == '`';
    const char *plain = code ? apr_pstrndup(r->scratch, name + 1, length - 2) : name;
    const char *open = strchr(plain, '(');
    int marked = 0;

    if (docgen_reference_place(r->site, r->scratch, r->document, plain, found))
        return found->module != NULL;
    if (open && open > plain && plain[strlen(plain) - 1] == ')')
        plain = apr_pstrcat(r->scratch, apr_pstrndup(r->scratch, plain, (apr_size_t)(open - plain)),
                            "()", NULL);
    for (const char *p = plain; *p; p++)
        marked |= strchr("_.:(", *p) ||
                  (p > plain && isupper((unsigned char)*p) && islower((unsigned char)p[-1]));
    if (code || marked)
        found->symbol = docgen_reference_symbol(r->site, r->scratch, plain);
    return found->symbol != NULL;
}

static int is_owner(const apr_array_header_t *found, const docgen_module *module)
{
    for (int i = 0; found && i < found->nelts; i++) {
        if (APR_ARRAY_IDX(found, i, docgen_reference).module == module)
            return 1;
    }
    return 0;
}

/* What a heading that consists of names is about; NULL when one of them is unknown. */
static apr_array_header_t *heading_find(const reader *r)
{
    /* The title of the README is the project's, whatever else bears that name. */
    int is_title = r->passage->level == 1 && !strchr(r->document->path, '/') &&
                   !strncasecmp(r->document->path, "readme", 6) && r->index <= 1;
    const apr_array_header_t *names =
        r->passage->level && !is_title ? docgen_heading_names(r->scratch, r->passage->title) : NULL;
    apr_array_header_t *found = apr_array_make(r->scratch, 2, sizeof(docgen_reference));

    for (int i = 0; names && i < names->nelts; i++) {
        docgen_reference one;

        if (!name_find(r, APR_ARRAY_IDX(names, i, const char *), &one))
            return NULL;
        APR_ARRAY_PUSH(found, docgen_reference) = one;
    }
    return found->nelts ? found : NULL;
}

/* Does what follows the name say what it is: ": …", "– …", "is …", "handles …"? */
static int is_explained(const docgen_routed_item *item, const docgen_reference *found)
{
    static const char *const verbs[] = {"are",     "contain",  "implement", "define",
                                        "provide", "hold",     "have",      "do",
                                        "handle",  "describe", "expose",    NULL};
    static const char *const limits[] = {" never ", " not ", " only ", " no ", NULL};
    const char *rest = item->rest + strspn(item->rest, " \t\n");
    apr_size_t word = strspn(rest, "abcdefghijklmnopqrstuvwxyz");
    int called = 0;
    int words = 0;

    for (const char *p = rest; *p && words < ITEM_WORDS; p++)
        words += isalpha((unsigned char)*p) && (p == rest || isspace((unsigned char)p[-1]));
    if (words < ITEM_WORDS)
        return 0;
    for (int i = 0; i < item->names->nelts; i++)
        called |= strstr(APR_ARRAY_IDX(item->names, i, const char *), "()") != NULL;
    if (*rest == ':' ||
        (!item->row && (!strncmp(rest, "- ", 2) || !strncmp(rest, "\xe2\x80\x93", 3) ||
                        !strncmp(rest, "\xe2\x80\x94", 3))))
        return 1;
    if (item->row || word == 0 || (found->symbol && !called))
        return 0;
    for (int i = 0; limits[i]; i++) { /* "is never called": a condition, not what it is */
        if (!strncmp(rest + word, limits[i], strlen(limits[i])))
            return 0;
    }
    if (found->symbol)
        return 1;
    for (int i = 0; verbs[i]; i++) {
        if (strlen(verbs[i]) == word && !strncmp(rest, verbs[i], word))
            return 1;
    }
    return word > 1 && rest[word - 1] == 's' && rest[word] == ' ';
}

static int is_called(const docgen_symbol *symbol)
{
    static const char *const kinds[] = {"function", "macro",     "class",  "struct",
                                        "type",     "interface", "method", "trait"};

    for (apr_size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(symbol->kind, kinds[i]))
            return 1;
    }
    return 0;
}

/* Is this what the code's own comment says? A document that shows it, or was made from it, adds nothing. */
static int is_repeated(const docgen_routed_item *item, const docgen_reference *found)
{
    const docgen_doc *doc = found->symbol   ? found->symbol->doc
                            : found->module ? found->module->doc
                                            : NULL;

    return doc && doc->summary && *doc->summary && strstr(item->rest, doc->summary) != NULL;
}

static void items_route(const reader *r, const apr_array_header_t *heading)
{
    const apr_array_header_t *items = docgen_routed_items(r->scratch, r->passage->body);

    for (int i = 0; i < items->nelts && r->site->routes->made < ROUTES_MAX; i++) {
        const docgen_routed_item *item = &APR_ARRAY_IDX(items, i, docgen_routed_item);
        docgen_route route = {.text = NULL};

        for (int n = 0; n < item->names->nelts; n++) {
            docgen_reference found;
            const char *name = APR_ARRAY_IDX(item->names, n, const char *);

            if (!name_find(r, name, &found) || !is_explained(item, &found) ||
                is_repeated(item, &found) || (found.module && is_owner(heading, found.module)) ||
                (found.symbol && (*name != '`' || !is_called(found.symbol))))
                continue;
            if (!route.text)
                route = route_make(r, RANK_ITEM, r->passage->text + item->start,
                                   r->passage->text + item->end, item->text);
            if (found.symbol)
                route_add(r->site, found.symbol, &route, SYMBOL_ROUTES);
            else
                route_add(r->site, found.module, &route, MODULE_ROUTES);
        }
    }
}

/* The only module whose files a passage's code spans name, twice at least; NULL when it names others as well. */
static docgen_module *files_owner(const reader *r)
{
    docgen_module *owner = NULL;
    int count = 0;

    for (const char *at = strchr(r->passage->body, '`'); at;) {
        const char *end = strpbrk(at + 1, "`\n");
        docgen_reference found;

        if (end && *end == '`' && end > at + 1) {
            const char *span = apr_pstrndup(r->scratch, at + 1, (apr_size_t)(end - at - 1));

            if (strpbrk(span, "./") &&
                docgen_reference_place(r->site, r->scratch, r->document, span, &found)) {
                if (!found.module || (owner && found.module != owner))
                    return NULL;
                owner = found.module;
                count++;
            }
        }
        at = end ? strchr(end + 1, '`') : NULL;
    }
    return count > 1 ? owner : NULL;
}

/* The module whose folder a README stands in, when this is the README's first passage with text. */
static docgen_module *readme_owner(const reader *r)
{
    const char *folder = docgen_dirname(r->scratch, r->document->path);

    if (r->index > 1 || strncasecmp(docgen_basename(r->document->path), "readme", 6) || !*folder ||
        docgen_doc_root(r->scratch, r->document->path))
        return NULL;
    return docgen_reference_folder(r->site, r->scratch, folder);
}

static void passage_route(const reader *r)
{
    apr_array_header_t *heading = heading_find(r);
    docgen_module *owner = heading ? NULL : readme_owner(r);
    docgen_route route;

    if (heading && body_route(r, RANK_HEADING, &route)) {
        for (int i = 0; i < heading->nelts; i++) {
            const docgen_reference *found = &APR_ARRAY_IDX(heading, i, docgen_reference);

            if (found->symbol)
                route_add(r->site, found->symbol, &route, SYMBOL_ROUTES);
            else
                route_add(r->site, found->module, &route, MODULE_ROUTES);
        }
    } else if (owner && body_route(r, RANK_README, &route)) {
        route_add(r->site, owner, &route, MODULE_ROUTES);
    } else if (r->internal && (owner = files_owner(r)) && body_route(r, RANK_FILES, &route)) {
        route_add(r->site, owner, &route, MODULE_ROUTES);
    }
    items_route(r, heading);
}

static void document_route(docgen_site *site, const docgen_file *document)
{
    reader r = {.site = site, .document = document};
    const apr_array_header_t *passages;

    apr_pool_create(&r.scratch, site->pool);
    r.markdown = docgen_site_document(site, r.scratch, document);
    if (r.markdown) {
        r.internal = docgen_document_is_internal(document);
        r.definitions = docgen_definitions(r.scratch, r.markdown);
        passages = docgen_passages(r.scratch, r.markdown);
        for (int i = 0; i < passages->nelts && site->routes->made < ROUTES_MAX; i++) {
            r.passage = &APR_ARRAY_IDX(passages, i, docgen_passage);
            r.index = i;
            passage_route(&r);
        }
    }
    apr_pool_destroy(r.scratch);
}

/* Does a document tell what was, not what is? */
static int is_history(const char *path)
{
    static const char *const words[] = {"changelog", "changes",   "history",  "news",
                                        "releases",  "release",   "blog",     "posts",
                                        "rfcs",      "roadmap",   "todo",     "upgrading",
                                        "migration", "migrating", "security", "code_of_conduct",
                                        "license",   NULL};

    while (*path) {
        apr_size_t length = strcspn(path, "/.");

        for (int i = 0; words[i]; i++) {
            if (strlen(words[i]) == length && !strncasecmp(path, words[i], length))
                return 1;
        }
        path += length + (path[length] != '\0');
    }
    return 0;
}

/* Documents whose passages are routed: at the top, in folders of documents, READMEs, notes for developers. */
static int is_routed(apr_pool_t *pool, const docgen_file *file)
{
    static const char *const endings[] = {".md",   ".markdown", ".mdx", ".rst",
                                          ".adoc", ".asciidoc", NULL};
    const char *name = docgen_basename(file->path);
    const char *dot = strrchr(name, '.');
    int prose = !dot && !strcasecmp(name, "readme");

    for (int i = 0; dot && endings[i]; i++)
        prose |= !strcasecmp(dot, endings[i]);
    if (!prose || file->size == 0 || file->size > DOCUMENT_BYTES || is_history(file->path) ||
        (file->flags &
         (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_BINARY | DOCGEN_FILE_LFS |
          DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_GENERATED | DOCGEN_FILE_SKIPPED)))
        return 0;
    return !strchr(file->path, '/') || !strncasecmp(name, "readme", 6) ||
           docgen_document_is_internal(file) || docgen_doc_root(pool, file->path) != NULL;
}

/* Is a paragraph of a file's head words about the file: not a banner drawn with signs, not who wrote it and where to
 * reach them? */
static int is_telling(const char *text, apr_size_t length)
{
    apr_size_t letters = 0, signs = 0;

    for (apr_size_t i = 0; i < length; i++) {
        letters += isalnum((unsigned char)text[i]) || (unsigned char)text[i] >= 0x80;
        signs += isgraph((unsigned char)text[i]) != 0;
        if (text[i] == '@' && i > 0 && i + 1 < length && isalnum((unsigned char)text[i - 1]) &&
            isalnum((unsigned char)text[i + 1]))
            return 0;
    }
    return signs == 0 || letters * 10 >= signs * 7;
}

/* The paragraphs of a file's head that tell something of it. */
static const char *header_telling(apr_pool_t *pool, const char *text)
{
    docgen_buffer *out = docgen_buffer_create(pool);
    const char *result;

    while (*text) {
        const char *end = strstr(text, "\n\n");
        apr_size_t length = end ? (apr_size_t)(end + 2 - text) : strlen(text);

        if (is_telling(text, length))
            docgen_buffer_append(out, text, length);
        text += length;
    }
    result = apr_pstrmemdup(pool, out->length ? out->data : "", out->length);
    docgen_buffer_free(out);
    return result;
}

/* What a module's other files say of themselves. */
static void headers_route(docgen_site *site, const docgen_module *module)
{
    for (int i = 0; module->file_docs && i < module->file_docs->nelts; i++) {
        const docgen_file_doc *head = &APR_ARRAY_IDX(module->file_docs, i, docgen_file_doc);
        docgen_route route = {.document = head->file, .heading = "", .rank = RANK_HEADER};
        const char *text =
            apr_pstrcat(site->pool, head->doc->summary, "\n\n", head->doc->body, NULL);
        apr_size_t length;

        text = docgen_code_prose(site->pool, header_telling(site->pool, text), head->file->lang);
        length = docgen_blocks_fit(text, strlen(text), HEADER_BYTES);
        if (length == 0 || has_html_heading(text) ||
            letters_of(text, HEADER_LEAST) < HEADER_LEAST ||
            (module->doc && !strcmp(module->doc->summary, head->doc->summary)))
            continue;
        route.text = apr_pstrndup(site->pool, text, length);
        route.source = docgen_site_source(site, site->pool, head->file, 0, 0);
        route_add(site, module, &route, MODULE_ROUTES);
    }
}

/* The descriptions in the documents that were read, each at the name that it is about. */
static void descriptions_route(docgen_site *site)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, site->pool);
    for (int i = 0; i < site->descriptions->nelts; i++) {
        const docgen_description *description =
            &APR_ARRAY_IDX(site->descriptions, i, docgen_description);
        docgen_route route = {.document = description->document,
                              .heading = description->name,
                              .text = description->text,
                              .rank = RANK_OBJECT};
        docgen_symbol *symbol;

        apr_pool_clear(scratch);
        symbol = docgen_description_symbol(site, scratch, description);
        if (!symbol)
            continue;
        route.source = docgen_site_source(site, site->pool, description->document,
                                          description->line, description->line);
        route_add(site, symbol, &route, SYMBOL_ROUTES);
    }
    apr_pool_destroy(scratch);
}

static void routes_make(docgen_site *site)
{
    const apr_array_header_t *files = site->model->tree->files;
    int documents = 0;

    site->routes = apr_pcalloc(site->pool, sizeof(*site->routes));
    site->routes->of = apr_hash_make(site->pool);
    if (!site->model->modules || site->model->modules->nelts == 0)
        return;
    for (int i = 0; i < files->nelts && documents < DOCUMENTS_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        apr_pool_t *scratch;

        apr_pool_create(&scratch, site->pool);
        if (is_routed(scratch, file)) {
            document_route(site, file);
            documents++;
        }
        apr_pool_destroy(scratch);
    }
    descriptions_route(site);
    for (int i = 0; i < site->model->modules->nelts; i++)
        headers_route(site, APR_ARRAY_IDX(site->model->modules, i, docgen_module *));
}

const apr_array_header_t *docgen_routes_module(docgen_site *site, const docgen_module *module)
{
    if (!site->routes)
        routes_make(site);
    return routes_get(site, module);
}

const char *docgen_routes_summary(docgen_site *site, apr_pool_t *pool, const docgen_symbol *symbol)
{
    const apr_array_header_t *routes = docgen_routes_symbol(site, symbol);
    const docgen_route *first =
        routes && routes->nelts ? &APR_ARRAY_IDX(routes, 0, docgen_route) : NULL;
    const char *text, *end;

    if (!first || first->rank != RANK_OBJECT)
        return NULL;
    text = first->text + strspn(first->text, " \n");
    end = strstr(text, "\n\n");
    if (strchr("<`~|#>-*", *text)) /* no sentence */
        return NULL;
    return docgen_plain_text(
        pool, apr_pstrndup(pool, text, end ? (apr_size_t)(end - text) : strlen(text)));
}

const apr_array_header_t *docgen_routes_symbol(docgen_site *site, const docgen_symbol *symbol)
{
    if (!site->routes)
        routes_make(site);
    return routes_get(site, symbol);
}

/* ", in full under [heading](page)": where the documentation has the whole document. */
static const char *in_full(docgen_code_page *page, const docgen_route *route)
{
    const docgen_guide *guide = docgen_guide_of(page->site, route->document);
    const docgen_ids *ids;
    const char *title;
    const char *anchor = NULL;

    if (!guide)
        return "";
    title = docgen_plain_text(page->pool, route->heading);
    ids = apr_hash_get(page->site->anchors, guide->page, APR_HASH_KEY_STRING);
    if (*title && ids)
        anchor = docgen_ids_find(ids, page->pool, docgen_slug(page->pool, title));
    title = anchor ? title : guide->title;
    return apr_psprintf(page->pool, ", %s [%s](%s)", route->cut ? "continued in" : "in",
                        docgen_markdown_escape(page->pool, title),
                        docgen_site_href(page->pool, page->path, guide->page, anchor));
}

void docgen_routes_write(docgen_code_page *page, const apr_array_header_t *routes)
{
    for (int i = 0; routes && page->draft && i < routes->nelts; i++) {
        const docgen_route *route = &APR_ARRAY_IDX(routes, i, docgen_route);

        docgen_draft_text(page->draft, page->out->data);
        docgen_buffer_clear(page->out);
        docgen_draft_quote_plain(page->draft, route->document,
                                 route->rank == RANK_OBJECT
                                     ? route->text
                                     : apr_pstrcat(page->pool, "<blockquote>\n\n", route->text,
                                                   "\n\n</blockquote>\n", NULL),
                                 0);
        docgen_buffer_printf(page->out, "From %s%s.\n\n", route->source, in_full(page, route));
    }
}
