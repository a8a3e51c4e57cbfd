/* The repository's own documents as pages, in the order its own navigation gives them.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/sections/guides.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/id.h"
#include "generator/sections/man_pages.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    GUIDES_ORDER = 200,
    GUIDES_ORDER_LAST = 999,
    SAME_BYTES = 200 /* texts of guides that are shorter may be the same by chance */
};

/* Documents that are no reading: what has a section of its own is asked of that section. */
static const char *const elsewhere[] = {"license",
                                        "licence",
                                        "copying",
                                        "notice",
                                        "authors",
                                        "contributors",
                                        "maintainers",
                                        "codeowners",
                                        "summary",
                                        "_sidebar",
                                        "_navbar",
                                        "_footer",
                                        "pull_request_template",
                                        "issue_template",
                                        "third-party-licenses",
                                        "backers",
                                        "sponsors",
                                        "patents",
                                        "copyright",
                                        "requirements",
                                        "cmakelists",
                                        "robots",
                                        "humans",
                                        "llms",
                                        "install",
                                        NULL};

static int ends_with(const char *text, const char *ending)
{
    apr_size_t length = strlen(text);
    apr_size_t tail = strlen(ending);

    return length >= tail && !strcasecmp(text + length - tail, ending);
}

static int is_elsewhere(const char *path)
{
    const char *name = docgen_basename(path);
    apr_size_t length = strcspn(name, ".");

    for (int i = 0; elsewhere[i]; i++) {
        if (strlen(elsewhere[i]) == length && !strncasecmp(name, elsewhere[i], length))
            return 1;
    }
    return 0;
}

/* "README.zh-CN.md", "README_ja.md": the documentation is in one language. */
static int is_translation(const char *path)
{
    const char *name = docgen_basename(path);

    if (strncasecmp(name, "readme", 6) || !strchr("._-", name[6]) || !name[6])
        return 0;
    name += 7;
    if (strlen(name) < 3 || !isalpha((unsigned char)name[0]) || !isalpha((unsigned char)name[1]))
        return 0;
    return strchr("._-", name[2]) && strncasecmp(name, "en", 2) && strchr(name, '.');
}

/* "docs/zh/x.md" beside "docs/x.md", "docs/en/x.md" beside "docs/de/x.md": the documentation is in one language. */
static int is_translated(docgen_site *site, apr_pool_t *pool, const char *path, const char *root)
{
    const char *segment = root ? path + strlen(root) + 1 : path;

    for (const char *next; (next = strchr(segment, '/')) != NULL; segment = next + 1) {
        apr_size_t length = (apr_size_t)(next - segment);
        const char *without, *index;

        if (length < 2 || !islower((unsigned char)segment[0]) ||
            !islower((unsigned char)segment[1]) ||
            !(length == 2 || (length <= 7 && (segment[2] == '-' || segment[2] == '_'))) ||
            !strncmp(segment, "en", 2))
            continue;
        without = apr_pstrcat(pool, apr_pstrndup(pool, path, (apr_size_t)(segment - path)),
                              next + 1, NULL);
        index = apr_pstrndup(pool, path, (apr_size_t)(segment - path));
        if (docgen_tree_find(site->model->tree, without) ||
            (docgen_tree_find(site->model->tree, apr_pstrcat(pool, index, "index.md", NULL)) &&
             docgen_tree_find(site->model->tree,
                              apr_pstrcat(pool, index, apr_pstrndup(pool, segment, length),
                                          "/index.md", NULL))) ||
            docgen_tree_find(site->model->tree,
                             apr_pstrcat(pool,
                                         apr_pstrndup(pool, path, (apr_size_t)(segment - path)),
                                         "en/", next + 1, NULL)))
            return 1;
    }
    return 0;
}

/* Is a manual page made from a text beside it that is a page as well: x.1 from x.1.md? */
static int has_twin(docgen_site *site, apr_pool_t *pool, const char *path)
{
    static const char *const endings[] = {".md", ".rst", ".adoc", ".markdown"};
    const char *stem = apr_pstrndup(pool, path, (apr_size_t)(strrchr(path, '.') - path));

    for (apr_size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        if (docgen_tree_find(site->model->tree, apr_pstrcat(pool, path, endings[i], NULL)) ||
            (docgen_site_doc_root(site, pool, path) &&
             docgen_tree_find(site->model->tree, apr_pstrcat(pool, stem, endings[i], NULL))))
            return 1;
    }
    return 0;
}

/* Is this document for readers of the documentation? */
static int is_guide(docgen_site *site, apr_pool_t *pool, const docgen_file *file,
                    const docgen_place *place)
{
    static const char *const prose[] = {".md",       ".markdown", ".mdx", ".rst", ".adoc",
                                        ".asciidoc", ".org",      ".pod", NULL};
    static const char *const manual[] = {".html", ".htm", ".xml", NULL};
    const char *name = docgen_basename(file->path);
    const char *root = place ? place->root : docgen_site_doc_root(site, pool, file->path);
    int is_prose = 0;

    if (file->size == 0 || file->size > 2 * 1024 * 1024 ||
        (file->flags &
         (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_BINARY | DOCGEN_FILE_LFS |
          DOCGEN_FILE_VENDORED | DOCGEN_FILE_TEST | DOCGEN_FILE_GENERATED | DOCGEN_FILE_SKIPPED)))
        return 0;
    if (file->path[0] == '.' || strstr(file->path, "/.") || is_translation(file->path) ||
        is_translated(site, pool, file->path, root))
        return 0;
    for (int i = 0; prose[i]; i++)
        is_prose |= ends_with(name, prose[i]);
    if (!strchr(name, '.') && !strcasecmp(name, "readme"))
        is_prose = 1;
    for (int i = 0; root && manual[i]; i++) /* what they hold decides later */
        is_prose |= ends_with(name, manual[i]);
    if (root && ends_with(name, ".txt"))
        is_prose = 1;
    if (docgen_man_is_named(file->path))
        return !has_twin(site, pool,
                         file->path); /* wherever it stands; what it holds decides later */
    if (!is_prose || (is_elsewhere(file->path) &&
                      !(root && strchr(file->path, '/') && !strncasecmp(name, "install", 7))))
        return 0;
    if (docgen_is_change_log(site, file) || docgen_is_rule(site, file))
        return 0;
    return root || !strchr(file->path, '/') || !strncasecmp(name, "readme", 6);
}

typedef struct candidate {
    const docgen_file *file;
    const char *markdown_title;
    const char *root;  /* its docs folder, or NULL */
    const char *label; /* the part of the navigation that it stands in, or NULL */
    int group;         /* 0 README, 1 docs folder, 2 top, 3 README of a folder */
    int rank;          /* place in the navigation that the repository gives; INT_MAX = not in it */
    double position;   /* sidebar_position and the like */
} candidate;

/* The length of a folder that is named after a version, "2.x", "v1.4", with its slash; 0 when it is none. */
static apr_size_t version_folder(const char *path)
{
    apr_size_t length = *path == 'v' && isdigit((unsigned char)path[1]);

    if (!isdigit((unsigned char)path[length]))
        return 0;
    while (isdigit((unsigned char)path[length]) || path[length] == '.' ||
           (path[length] == 'x' && path[length - 1] == '.'))
        length++;
    return path[length] == '/' ? length + 1 : 0;
}

/* "10-x" after "9-x": digits compare as numbers, and folders of newer versions come first. */
static int path_compare(const char *a, const char *b)
{
    const char *start = a;

    while (*a && *b) {
        if ((a == start || a[-1] == '/') && version_folder(a) && version_folder(b)) {
            int order = strverscmp(a + (*a == 'v'), b + (*b == 'v'));

            if (strncmp(a, b, version_folder(a)))
                return -order;
        }
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            char *a_end, *b_end;
            unsigned long left = strtoul(a, &a_end, 10);
            unsigned long right = strtoul(b, &b_end, 10);

            if (left != right)
                return left < right ? -1 : 1;
            a = a_end;
            b = b_end;
            continue;
        }
        if (*a != *b)
            break;
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

static int is_index(const char *path)
{
    const char *name = docgen_basename(path);

    return !strncasecmp(name, "index.", 6) || !strncasecmp(name, "readme", 6) ||
           !strncasecmp(name, "_index.", 7);
}

static int candidate_compare(const void *a, const void *b)
{
    const candidate *left = a;
    const candidate *right = b;
    int order;

    if (left->group != right->group)
        return left->group - right->group;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    if (left->position < right->position || left->position > right->position)
        return left->position < right->position ? -1 : 1;
    if (is_index(left->file->path) != is_index(right->file->path))
        return is_index(left->file->path) ? -1 : 1;
    order = path_compare(left->file->path, right->file->path);
    return order ? order : strcmp(left->file->path, right->file->path);
}

static double position_read(apr_pool_t *pool, const char *markdown)
{
    static const char *const keys[] = {"sidebar_position", "nav_order", "weight", "order",
                                       "position"};

    for (apr_size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        const char *value = docgen_front_matter(pool, markdown, keys[i]);
        char *end;
        double position = value ? strtod(value, &end) : 0;

        if (value && end != value && position > -1e6 && position < 1e6)
            return position;
    }
    return 1e6;
}

/* The page path of a document: its own path below its docs folder, each segment a slug. */
static const char *page_path(docgen_site *site, apr_pool_t *pool, const candidate *c)
{
    const char *path = c->file->path;
    const char *name;
    docgen_buffer *page = docgen_buffer_create(pool);
    const char *base;

    if (c->root)
        path += strlen(c->root) + 1;
    docgen_buffer_puts(page, "guides");
    for (; strchr(path, '/'); path = strchr(path, '/') + 1) {
        docgen_buffer_printf(page, "/%s",
                             docgen_slug(pool, apr_pstrndup(pool, path, strcspn(path, "/"))));
    }
    name = apr_pstrndup(pool, path, strcspn(path, "."));
    if (!is_index(path) || !strcmp(page->data, "guides"))
        docgen_buffer_printf(page, "/%s",
                             docgen_slug(pool, is_index(path) && c->root ? c->root : name));
    base = page->length > 200 ? apr_psprintf(pool, "guides/%.20s", c->file->oid) : page->data;
    if (docgen_site_reserve(site, base, c->markdown_title))
        return base;
    for (int n = 2; n < 1000; n++) {
        const char *other = apr_psprintf(pool, "%s-%d", base, n);

        if (docgen_site_reserve(site, other, c->markdown_title))
            return other;
    }
    return NULL;
}

/* As the navigation calls it, else as its sidebar label or its title does. */
static const char *title_of(apr_pool_t *pool, const docgen_file *file, const char *markdown,
                            const docgen_place *place)
{
    const char *label = docgen_front_matter(pool, markdown, "sidebar_label");

    return place && place->title ? docgen_plain_text(pool, place->title)
           : label               ? label
                                 : docgen_document_title(pool, file, markdown);
}

/* Is a document, once what it includes is in it, one that has a page already? Notes it when
 * not, from `noted` bytes on. */
static int is_seen(apr_hash_t *seen, apr_pool_t *pool, const char *markdown, apr_size_t noted)
{
    const char *body = docgen_document_body(pool, markdown);
    apr_size_t length;

    body += strspn(body, " \t\r\n");
    for (length = strlen(body); length > 0 && isspace((unsigned char)body[length - 1]); length--) {
    }
    if (length == 0)
        return 0;
    body = apr_pstrmemdup(pool, body, length);
    if (apr_hash_get(seen, body, (apr_ssize_t)length))
        return 1;
    if (length >= noted) {
        body = apr_pstrmemdup(apr_hash_pool_get(seen), body, length);
        apr_hash_set(seen, body, (apr_ssize_t)length, body);
    }
    return 0;
}

/* What the rules for contributors and the change logs say: a document of the site often includes them. */
static apr_hash_t *elsewhere_read(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_hash_t *seen = apr_hash_make(pool);
    apr_pool_t *scratch;

    apr_pool_create(&scratch, pool);
    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        const char *markdown;

        if (!docgen_is_rule(site, file) && !docgen_is_change_log(site, file))
            continue;
        markdown = docgen_site_document(site, scratch, file);
        if (markdown)
            is_seen(seen, scratch, markdown, 0);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return seen;
}

static apr_array_header_t *candidates_find(docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *found = apr_array_make(pool, 64, sizeof(candidate));
    apr_hash_t *places = docgen_guide_places(site, pool);
    apr_hash_t *seen = elsewhere_read(site, pool);

    for (int i = 0; i < files->nelts && found->nelts < DOCGEN_GUIDES_MAX; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);
        apr_pool_t *scratch;
        const char *markdown;
        candidate *c;
        const docgen_place *place;

        place = apr_hash_get(places, file->path, APR_HASH_KEY_STRING);
        if (!is_guide(site, pool, file, place))
            continue;
        apr_pool_create(&scratch, pool);
        markdown = docgen_site_document(site, scratch, file);
        if (!markdown || !*markdown || is_seen(seen, scratch, markdown, SAME_BYTES)) {
            apr_pool_destroy(scratch);
            continue;
        }
        c = apr_array_push(found);
        c->file = file;
        c->markdown_title = apr_pstrdup(pool, title_of(scratch, file, markdown, place));
        c->position = position_read(scratch, markdown);
        c->root = docgen_site_doc_root(site, pool, file->path);
        if (place && !c->root && *place->root &&
            !strncmp(file->path, place->root, strlen(place->root)))
            c->root = place->root;
        c->rank = place ? place->rank : 1000000;
        c->label = place ? place->group : NULL;
        c->group = c->root ? 1 : !strchr(file->path, '/') ? (is_index(file->path) ? 0 : 2) : 3;
        apr_pool_destroy(scratch);
    }
    qsort(found->elts, (size_t)found->nelts, sizeof(candidate), candidate_compare);
    return found;
}

static apr_status_t guides_plan(docgen_site *site)
{
    apr_pool_t *pool;
    apr_array_header_t *found;

    apr_pool_create(&pool, site->pool);
    found = candidates_find(site, pool);
    if (found->nelts > 0)
        docgen_site_reserve(site, "guides", "Guides");
    for (int i = 0; i < found->nelts; i++) {
        candidate *c = &APR_ARRAY_IDX(found, i, candidate);
        const char *path;
        docgen_guide *guide;

        if (c->group == 0)
            c->markdown_title = "README";
        path = page_path(site, pool, c);
        if (!path)
            continue;
        guide = apr_array_push(site->guides);
        guide->file = c->file;
        guide->page = apr_pstrdup(site->pool, path);
        guide->title = apr_pstrdup(site->pool, c->markdown_title);
        guide->group = c->label ? apr_pstrdup(site->pool, c->label) : NULL;
        guide->order =
            GUIDES_ORDER + 1 + i < GUIDES_ORDER_LAST ? GUIDES_ORDER + 1 + i : GUIDES_ORDER_LAST;
        docgen_site_document_plan(site, guide->page, guide->title, guide->file);
    }
    apr_pool_destroy(pool);
    return APR_SUCCESS;
}

/* The nearest page that a guide's path continues. */
static const char *parent_of(const docgen_site *site, apr_pool_t *pool, const char *page)
{
    const char *up = docgen_dirname(pool, page);

    while (*up && !apr_hash_get(site->pages, up, APR_HASH_KEY_STRING))
        up = docgen_dirname(pool, up);
    return up;
}

/* The guides directly below a page, each followed by those below it. */
static void below_write(docgen_site *site, apr_pool_t *pool, docgen_draft *draft, apr_hash_t *below,
                        const char *parent, int depth)
{
    const apr_array_header_t *guides = apr_hash_get(below, parent, APR_HASH_KEY_STRING);
    const char *group = "";

    for (int i = 0; guides && depth < 12 && i < guides->nelts; i++) {
        const docgen_guide *guide = APR_ARRAY_IDX(guides, i, const docgen_guide *);

        if (depth == 0 && strcmp(guide->group ? guide->group : "", group)) {
            group = guide->group ? guide->group : "";
            docgen_draft_printf(draft, "\n## %s\n\n",
                                *group ? docgen_markdown_escape(pool, group) : "Others");
        }
        docgen_draft_printf(draft, "%*s- [%s](%s)\n", 2 * depth, "",
                            docgen_markdown_escape(pool, guide->title),
                            docgen_site_href(pool, "guides", guide->page, NULL));
        below_write(site, pool, draft, below, guide->page, depth + 1);
    }
}

static apr_status_t list_write(docgen_site *site)
{
    docgen_draft *draft = docgen_draft_create(site, "guides", "Guides", GUIDES_ORDER);
    apr_pool_t *pool;
    apr_hash_t *below;

    apr_pool_create(&pool, site->pool);
    below = apr_hash_make(pool);
    docgen_draft_text(draft, "# Guides\n\nThe project's own documents, as they are at the "
                             "documented commit.\n\n");
    for (int i = 0; i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);
        const char *parent = guide->group ? "guides" : parent_of(site, pool, guide->page);
        apr_array_header_t *list = apr_hash_get(below, parent, APR_HASH_KEY_STRING);

        if (strncmp(guide->page, "guides/", 7))
            continue;
        if (!list) {
            list = apr_array_make(pool, 8, sizeof(const docgen_guide *));
            apr_hash_set(below, parent, APR_HASH_KEY_STRING, list);
        }
        APR_ARRAY_PUSH(list, const docgen_guide *) = guide;
    }
    below_write(site, pool, draft, below, "guides", 0);
    apr_pool_destroy(pool);
    return docgen_draft_send(draft);
}

static apr_status_t guides_write(docgen_site *site)
{
    apr_status_t rv = APR_SUCCESS;

    if (apr_hash_get(site->pages, "guides", APR_HASH_KEY_STRING))
        rv = list_write(site);
    for (int i = 0; rv == APR_SUCCESS && i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (!strncmp(guide->page, "guides/", 7))
            rv = docgen_site_document_page(site, guide->page, guide->title, guide->order,
                                           guide->file);
    }
    return rv;
}

const docgen_section docgen_section_guides = {
    .name = "Guides",
    .plan = guides_plan,
    .write = guides_write,
    .looked_for = "documents in `docs/` and folders like it, and READMEs",
};
