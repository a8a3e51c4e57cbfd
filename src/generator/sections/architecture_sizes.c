/* What lies where and how large it is: the tables of directories and languages of the Architecture page.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "core/text.h"
#include "generator/sections/graph.h"
#include "generator/sections/identity.h"
#include "generator/sections/prose.h"
#include "generator/languages/traits.h"

enum {
    DIRECTORIES = 60,
    DEPTH_MAX = 3
};

typedef struct directory {
    const char *path;
    int files, lines;
    const char *language; /* the one with most lines */
    int language_lines;
    apr_hash_t *languages; /* name → int * */
    int code;              /* files of code that is neither a test nor an example */
    int described;         /* it has a README */
    int *depth;            /* how deep its folder at the top is shown */
} directory;

static int *counter(apr_pool_t *pool, apr_hash_t *table, const char *name)
{
    int *count = apr_hash_get(table, name, APR_HASH_KEY_STRING);

    if (!count) {
        count = apr_pcalloc(pool, sizeof(*count));
        apr_hash_set(table, name, APR_HASH_KEY_STRING, count);
    }
    return count;
}

void docgen_architecture_languages(docgen_code_page *page)
{
    const apr_array_header_t *languages = docgen_languages_count(page->site, page->pool, 0);
    apr_uint64_t total = 0;

    for (int i = 0; i < languages->nelts; i++)
        total += (apr_uint64_t)APR_ARRAY_IDX(languages, i, docgen_page_language).lines;
    if (total == 0) {
        return;
    }
    docgen_buffer_puts(page->out,
                       "## Languages and sizes\n\nVendored and generated files are not counted.\n\n"
                       "| Language | Files | Code lines | Share |\n| --- | --: | --: | --: |\n");
    for (int i = 0; i < languages->nelts && i < 20; i++) {
        const docgen_page_language *s = &APR_ARRAY_IDX(languages, i, docgen_page_language);

        docgen_buffer_printf(page->out, "| %s | %d | %s | %d.%d %% |\n",
                             docgen_table_cell(page->pool, s->name), s->files,
                             docgen_number(page->pool, (apr_uint64_t)s->lines),
                             (int)(1000 * (apr_uint64_t)s->lines / total / 10),
                             (int)(1000 * (apr_uint64_t)s->lines / total % 10));
    }
    docgen_buffer_puts(page->out, "\n");
}

/* Is a file one of those that describe their folder? @param files between spaces; "*" = each; NULL = none */
static int describes_folder(const char *files, const char *base)
{
    apr_size_t length = strlen(base);

    if (!files || !strcmp(files, "*")) {
        return files != NULL;
    }
    for (const char *p = files; length && (p = strstr(p, base)) != NULL; p += length) {
        if ((p == files || p[-1] == ' ') && (p[length] == ' ' || !p[length])) {
            return 1;
        }
    }
    return 0;
}

/* The first words of a folder's README, or its package's own description. */
static const char *purpose(docgen_code_page *page, const char *path)
{
    const char *words = *path ? docgen_readme_words(page->site, page->pool, path) : NULL;

    if (words)
        return docgen_markdown_escape(page->pool, words);
    for (int i = 0; i < page->site->model->modules->nelts; i++) {
        const docgen_module *module = APR_ARRAY_IDX(page->site->model->modules, i, docgen_module *);
        const char *first =
            module->files->nelts ? APR_ARRAY_IDX(module->files, 0, docgen_file *)->path : "";
        const char *base = strrchr(first, '/');

        base = base ? base + 1 : first;
        if (!strcmp(module->directory, path) && module->doc &&
            describes_folder(docgen_traits_of(module->lang)->folder_file, base)) {
            return docgen_text_shorten(
                page->pool, docgen_code_line(page->pool, module->doc->summary, module->lang), 240);
        }
    }
    return "";
}

/* Tests, examples, data and what a generator copies are not where a project's code is. */
static int is_own_code(const docgen_file *file)
{
    return file->lang != DOCGEN_LANG_NONE && file->language && file->code_lines > 0 &&
           !docgen_language_is_data(file->language) && !strstr(file->path, "/template") &&
           !(file->flags & (DOCGEN_FILE_TEST | DOCGEN_FILE_EXAMPLE | DOCGEN_FILE_VENDORED |
                            DOCGEN_FILE_GENERATED | DOCGEN_FILE_DOCUMENT));
}

static void add_file(docgen_code_page *page, apr_hash_t *table, const docgen_file *file)
{
    const char *end = file->path;

    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        const char *slash = strchr(end, '/'), *path;
        directory *d;
        int *lines;

        if (!slash) {
            return;
        }
        path = apr_pstrmemdup(page->pool, file->path, (apr_size_t)(slash - file->path));
        d = apr_hash_get(table, path, APR_HASH_KEY_STRING);
        if (!d) {
            d = apr_pcalloc(page->pool, sizeof(*d));
            d->path = path;
            d->languages = apr_hash_make(page->pool);
            apr_hash_set(table, path, APR_HASH_KEY_STRING, d);
        }
        d->files++;
        d->code += is_own_code(file);
        d->described += !strncasecmp(slash + 1, "readme", 6) && !strchr(slash + 1, '/');
        if (file->language && file->code_lines) {
            d->lines += file->code_lines;
            lines = counter(page->pool, d->languages, file->language);
            *lines += file->code_lines;
            if (*lines > d->language_lines) {
                d->language_lines = *lines;
                d->language = file->language;
            }
        }
        end = slash + 1;
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp((*(directory *const *)a)->path, (*(directory *const *)b)->path);
}

static int depth_of(const char *path)
{
    int depth = 1;

    for (; *path; path++) {
        depth += *path == '/';
    }
    return depth;
}

/* Folders at the top are all shown; below them those with the project's own code, as deep as the table allows. Tests,
 * examples and documents have a row for all of them. */
static int is_shown(const directory *d)
{
    int depth = depth_of(d->path);

    return depth == 1 || (depth <= *d->depth && (d->code > 0 || (d->described && depth == 2)) &&
                          *d->path != '.' && !strstr(d->path, "/."));
}

/* Takes a level from the folder at the top that has most rows. @return 0 when there is none to take */
static int depth_cut(const apr_array_header_t *list)
{
    int *largest = NULL, most = 1;

    for (int i = 0; i < list->nelts; i++) {
        const directory *top = APR_ARRAY_IDX(list, i, directory *);
        int rows = 0;

        for (int n = 0; depth_of(top->path) == 1 && n < list->nelts; n++) {
            const directory *d = APR_ARRAY_IDX(list, n, directory *);

            rows += d->depth == top->depth && is_shown(d);
        }
        if (rows > most) {
            most = rows;
            largest = top->depth;
        }
    }
    if (largest) {
        (*largest)--;
    }
    return largest != NULL;
}

static apr_array_header_t *directories_find(docgen_code_page *page)
{
    const apr_array_header_t *files = page->site->model->tree->files;
    apr_hash_t *table = apr_hash_make(page->pool), *depths = apr_hash_make(page->pool);
    apr_array_header_t *list = apr_array_make(page->pool, 64, sizeof(directory *));

    for (int i = 0; i < files->nelts; i++) {
        add_file(page, table, APR_ARRAY_IDX(files, i, docgen_file *));
    }
    for (apr_hash_index_t *hi = apr_hash_first(page->pool, table); hi; hi = apr_hash_next(hi)) {
        directory *d = apr_hash_this_val(hi);

        d->depth =
            counter(page->pool, depths, apr_pstrmemdup(page->pool, d->path, strcspn(d->path, "/")));
        *d->depth = DEPTH_MAX;
        APR_ARRAY_PUSH(list, directory *) = d;
    }
    qsort(list->elts, (size_t)list->nelts, sizeof(directory *), by_path);
    return list;
}

void docgen_architecture_directories(docgen_code_page *page)
{
    const apr_array_header_t *list = directories_find(page);
    int shown;

    if (list->nelts == 0) {
        return;
    }
    do {
        shown = 0;
        for (int i = 0; i < list->nelts; i++) {
            shown += is_shown(APR_ARRAY_IDX(list, i, directory *));
        }
    } while (shown > DIRECTORIES && depth_cut(list));
    docgen_buffer_puts(page->out,
                       "## Directories\n\n| Directory | Purpose | Files | Code lines | Mainly |\n"
                       "| --- | --- | --: | --: | --- |\n");
    shown = 0;
    for (int i = 0; i < list->nelts && shown < DIRECTORIES * 2; i++) {
        const directory *d = APR_ARRAY_IDX(list, i, directory *);

        if (is_shown(d)) {
            docgen_buffer_printf(page->out, "| `%s/` | %s | %d | %s | %s |\n",
                                 docgen_table_cell(page->pool, d->path),
                                 docgen_table_cell(page->pool, purpose(page, d->path)), d->files,
                                 docgen_number(page->pool, (apr_uint64_t)d->lines),
                                 d->language ? d->language : "");
            shown++;
        }
    }
    docgen_buffer_puts(page->out, "\n");
}
