/* What was left out of the documentation, file by file or, where there are many, folder by folder: nothing silently.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "generator/repo/detect.h"
#include "generator/sections/guides.h"
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    FILES_SHOWN = 100, /* of one reason; more are counted by folder */
    ROWS_SHOWN = 300   /* of one reason */
};

/** One row of the table. */
typedef struct row {
    const char *path;
    int files; /**< 0: the file itself */
} row;

/** Why files of a kind are not documented, the first that fits. */
static const struct {
    unsigned flag;
    const char *reason;
    const char *kind; /**< in the table of counts */
} kinds[] = {
    {DOCGEN_FILE_SUBMODULE, "a submodule: its content is in another repository", "submodules"},
    {DOCGEN_FILE_LFS, "a Git LFS pointer: its content is not in the repository",
     "Git LFS pointers"},
    {DOCGEN_FILE_LINK, "a symbolic link: links are not followed", "symbolic links"},
    {DOCGEN_FILE_VENDORED, "vendored: somebody else's code", "somebody else's code (vendored)"},
    {DOCGEN_FILE_GENERATED, "generated: made from other files", "generated"},
    {DOCGEN_FILE_BINARY, "binary: not text", "binary"},
};

enum {
    KIND_COUNT = sizeof(kinds) / sizeof(*kinds)
};

/* The kind whose reason a file is listed with; KIND_COUNT when it is documented or has a reason of its own. */
static int kind_of(const docgen_file *file)
{
    int kind = 0;

    if (file->skipped && !(file->flags & (DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS)))
        return KIND_COUNT;
    while (kind < KIND_COUNT && !(file->flags & kinds[kind].flag))
        kind++;
    return kind;
}

/* "vendor/" of "vendor/x/a.go": the folder that makes it somebody else's, else the one it is in. */
static const char *vendored_folder(apr_pool_t *pool, const docgen_languages *languages,
                                   const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *folder = apr_pstrndup(pool, path, (apr_size_t)(slash - path) + 1);

        if (docgen_detect_path(languages, apr_pstrcat(pool, folder, "x", NULL)) &
            DOCGEN_FILE_VENDORED)
            return folder;
    }
    return apr_pstrndup(pool, path, (apr_size_t)(docgen_basename(path) - path));
}

static void row_add(apr_array_header_t *rows, apr_hash_t *folders, const char *path)
{
    row *known = apr_hash_get(folders, path, APR_HASH_KEY_STRING);

    if (!known) {
        known = apr_palloc(rows->pool, sizeof(*known));
        *known = (row){path, 0};
        apr_hash_set(folders, path, APR_HASH_KEY_STRING, known);
        APR_ARRAY_PUSH(rows, row *) = known;
    }
    known->files++;
}

/* How a file is listed: itself, its folder, or the folder at the top that it is in. */
static const char *place(apr_pool_t *pool, const char *path, int level)
{
    const char *end = level == 1 ? docgen_basename(path) : strchr(path, '/') + 1;

    if (level == 0 || !strchr(path, '/'))
        return path;
    return apr_pstrndup(pool, path, (apr_size_t)(end - path));
}

/* The rows of one kind, by file, else by folder, else by the folders at the top. */
static apr_array_header_t *rows_of(const docgen_site *site, apr_pool_t *pool, int kind)
{
    const apr_array_header_t *files = site->model->tree->files;
    const docgen_languages *languages = docgen_languages_create(pool);
    apr_array_header_t *rows = NULL;

    for (int level = 0; level < 3; level++) {
        apr_hash_t *folders = apr_hash_make(pool);

        rows = apr_array_make(pool, 64, sizeof(row *));
        for (int i = 0; i < files->nelts; i++) {
            const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

            if (kind_of(file) != kind)
                continue;
            row_add(rows, folders,
                    kinds[kind].flag == DOCGEN_FILE_VENDORED
                        ? vendored_folder(pool, languages, file->path)
                        : place(pool, file->path, level));
        }
        if (rows->nelts <= (level == 0 ? FILES_SHOWN : ROWS_SHOWN))
            break;
    }
    return rows;
}

static void row_write(apr_pool_t *pool, docgen_draft *draft, const char *path, int files,
                      const char *reason)
{
    apr_size_t length = strlen(path);
    int is_folder = length == 0 || path[length - 1] == '/';

    docgen_draft_printf(draft, "| %s | %s%s |\n",
                        docgen_table_cell(pool, docgen_markdown_code(pool, length ? path : "./")),
                        is_folder ? apr_psprintf(pool, "%d file%s, ", files, files == 1 ? "" : "s")
                                  : "",
                        docgen_markdown_escape(pool, reason));
}

/* Files that have a reason of their own. */
static void own_reasons_write(const docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const apr_array_header_t *files = site->model->tree->files;
    int count = 0;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

        if (file->skipped && kind_of(file) == KIND_COUNT && count++ < ROWS_SHOWN)
            row_write(pool, draft, file->path, 1, file->skipped);
    }
    for (int i = 0; site->model->skipped && i < site->model->skipped->nelts; i++) {
        const docgen_skip *skip = &APR_ARRAY_IDX(site->model->skipped, i, docgen_skip);

        if (count++ < ROWS_SHOWN)
            row_write(pool, draft, skip->path, 1, skip->reason);
    }
    if (count > ROWS_SHOWN)
        docgen_draft_printf(draft, "| … | %d more, for reasons like these |\n", count - ROWS_SHOWN);
}

/* Documents in folders for documents that would have become pages if there were not so many of them. */
static apr_array_header_t *pageless_documents(const docgen_site *site, apr_pool_t *pool)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *rows = apr_array_make(pool, 64, sizeof(row *));
    apr_hash_t *guides = apr_hash_make(pool), *folders = apr_hash_make(pool);

    for (int i = 0; i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        apr_hash_set(guides, guide->file->path, APR_HASH_KEY_STRING, guide);
    }
    if (site->guides->nelts < DOCGEN_GUIDES_MAX)
        return rows;
    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

        if (file->flags & DOCGEN_FILE_DOCUMENT && kind_of(file) == KIND_COUNT && !file->skipped &&
            docgen_doc_root(pool, file->path) &&
            !apr_hash_get(guides, file->path, APR_HASH_KEY_STRING))
            row_add(rows, folders, place(pool, file->path, 1));
    }
    return rows;
}

static void rows_write(apr_pool_t *pool, docgen_draft *draft, const apr_array_header_t *rows,
                       const char *reason)
{
    for (int i = 0; i < rows->nelts && i < ROWS_SHOWN; i++) {
        const row *r = APR_ARRAY_IDX(rows, i, row *);

        row_write(pool, draft, r->path, r->files, reason);
    }
    if (rows->nelts > ROWS_SHOWN)
        docgen_draft_printf(draft, "| … | %d more rows: %s |\n", rows->nelts - ROWS_SHOWN, reason);
}

static int is_any_left_out(const docgen_site *site)
{
    const apr_array_header_t *files = site->model->tree->files;

    for (int i = 0; i < files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(files, i, docgen_file *);

        if (file->skipped || kind_of(file) < KIND_COUNT)
            return 1;
    }
    if (site->guides->nelts >= DOCGEN_GUIDES_MAX)
        return 1;
    return site->model->skipped && site->model->skipped->nelts > 0;
}

void docgen_quality_skipped(const docgen_site *site, docgen_draft *draft)
{
    const apr_array_header_t *files = site->model->tree->files;
    int counts[KIND_COUNT] = {0};
    apr_pool_t *pool;

    apr_pool_create(&pool, site->pool);
    if (is_any_left_out(site))
        docgen_draft_text(draft, "\n## Files that were left out\n\n| File | Why |\n|---|---|\n");
    own_reasons_write(site, pool, draft);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        rows_write(pool, draft, rows_of(site, pool, kind), kinds[kind].reason);
    }
    rows_write(pool, draft, pageless_documents(site, pool),
               apr_psprintf(pool, "no page: only %d documents become pages", DOCGEN_GUIDES_MAX));
    docgen_draft_text(draft, "\n## Files that are counted but not documented\n\n"
                             "| Kind | Files |\n|---|--:|\n");
    for (int i = 0; i < files->nelts; i++) {
        for (int kind = 0; kind < KIND_COUNT; kind++)
            counts[kind] += (APR_ARRAY_IDX(files, i, docgen_file *)->flags & kinds[kind].flag) != 0;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        docgen_draft_printf(draft, "| %s | %d |\n", kinds[kind].kind, counts[kind]);
    apr_pool_destroy(pool);
}
