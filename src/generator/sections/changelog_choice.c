/* Which of several change logs is the project's: the one that knows the newest release. An old ChangeLog beside a kept
 * NEWS, the logs of earlier major versions and the like are linked from it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apr_strings.h>
#include "generator/sections/prose.h"
#include "generator/sections/site.h"

enum {
    PARTS = 4,
    READ_BYTES = 64 * 1024, /* of a log: its newest entries, wherever it begins */
    LINE_MAX_BYTES = 160,
    ORDER = 3580,
    PAGE_MAX_BYTES = 400 * 1024
};

static const char *const names[] = {
    "changelog",    "changes",       "history",         "news",     "releases", "release-notes",
    "releasenotes", "release_notes", "00-releasenotes", "whatsnew", "relnotes"};
static const char *const folders[] = {"", "docs", "doc", ".github"};

typedef struct log_file {
    const docgen_file *file;
    int rank;           /* among names and folders */
    int version[PARTS]; /* the newest that it has a heading of; all 0: none */
} log_file;

/* Reads "1.2", "v1.2.3" at `p`. @return 1 when it is a version of two parts and more */
static int version_read(const char *p, int *version)
{
    int parts = 0;

    memset(version, 0, sizeof(int) * PARTS);
    p += (*p == 'v' || *p == 'V') && isdigit((unsigned char)p[1]);
    while (parts < PARTS && isdigit((unsigned char)*p)) {
        char *end;
        long part = strtol(p, &end, 10);

        version[parts++] = part < 1000000 ? (int)part : 0;
        if (*end != '.' || !isdigit((unsigned char)end[1]))
            break;
        p = end + 1;
    }
    return parts >= 2;
}

static int versions_compare(const int *a, const int *b)
{
    for (int i = 0; i < PARTS; i++) {
        if (a[i] != b[i])
            return a[i] - b[i];
    }
    return 0;
}

/* Is a line the heading of a release: marked or underlined as a heading, or a version is nearly all that it says? */
static int is_release_line(const char *line, apr_size_t length, const char *next)
{
    static const char *const words[] = {"version", "release", "changes in", "changes for",
                                        "what's new"};

    if (length == 0 || length > LINE_MAX_BYTES || isspace((unsigned char)*line))
        return 0;
    if (*line == '#' || !strncmp(line, "==", 2) || !strncmp(next, "---", 3) ||
        !strncmp(next, "===", 3) || !strncmp(next, "~~~", 3) || !strncmp(next, "^^^", 3))
        return 1;
    line += strspn(line, "[*<");
    if ((*line == 'v' && isdigit((unsigned char)line[1])) || isdigit((unsigned char)*line))
        return 1;
    for (apr_size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (!strncasecmp(line, words[i], strlen(words[i])))
            return 1;
    }
    return 0;
}

/* The highest version that stands in a heading. */
static void newest_read(const char *text, int *newest)
{
    const char *start = text;

    memset(newest, 0, sizeof(int) * PARTS);
    while (*text && text - start < READ_BYTES) {
        apr_size_t length = strcspn(text, "\n");
        const char *next = text + length + (text[length] == '\n');
        int found[PARTS];

        for (const char *p = is_release_line(text, length, next) ? text : text + length;
             p < text + length; p++) {
            if (!isdigit((unsigned char)*p) ||
                (p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '.') && p[-1] != 'v'))
                continue;
            if (version_read(p, found) && versions_compare(found, newest) > 0)
                memcpy(newest, found, sizeof(found));
            break;
        }
        text = next;
    }
}

/* "CHANGELOG.md", "CHANGELOG-1.x.md", "NEWS", "docs/changes.rst". @return its rank, or -1 */
static int log_rank(const char *path)
{
    static const char *const endings[] = {"", ".md", ".markdown", ".mdx", ".rst", ".txt", ".adoc"};
    const char *name = docgen_basename(path);
    apr_size_t folder = (apr_size_t)(name - path);
    const char *dot = strrchr(name, '.');
    int known = 0;

    for (apr_size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
        known |= !strcasecmp(dot ? dot : "", endings[i]);
    for (apr_size_t f = 0; f < sizeof(folders) / sizeof(*folders); f++) {
        apr_size_t length = strlen(folders[f]);

        if (folder != (length ? length + 1 : 0) || strncmp(path, folders[f], length))
            continue;
        for (apr_size_t n = 0; n < sizeof(names) / sizeof(*names); n++) {
            apr_size_t stem = strlen(names[n]);

            if (strncasecmp(name, names[n], stem))
                continue;
            if ((known && (!name[stem] || name + stem == dot)) ||
                (name[stem] && strchr("-_.", name[stem]) && isdigit((unsigned char)name[stem + 1])))
                return (int)(f * 100 + n * 2 + (!name[stem] || name + stem == dot ? 0 : 1));
        }
    }
    return -1;
}

/* Newest version first; of those without one, by their names. */
static int logs_compare(const void *a, const void *b)
{
    const log_file *x = a, *y = b;
    int order = versions_compare(y->version, x->version);

    order = order ? order : x->rank - y->rank;
    return order ? order : strcmp(x->file->path, y->file->path);
}

static int is_found(const apr_array_header_t *found, const docgen_file *file)
{
    for (int i = 0; i < found->nelts; i++) {
        if (APR_ARRAY_IDX(found, i, log_file).file == file)
            return 1;
    }
    return 0;
}

apr_array_header_t *docgen_change_logs(docgen_site *site)
{
    const apr_array_header_t *files = site->model->tree->files;
    apr_array_header_t *found, *logs;
    apr_pool_t *pool;

    if (site->change_logs)
        return site->change_logs;
    apr_pool_create(&pool, site->pool);
    found = apr_array_make(pool, 4, sizeof(log_file));
    for (int i = 0; i < files->nelts; i++) {
        docgen_file *named = APR_ARRAY_IDX(files, i, docgen_file *);
        log_file log = {.rank = log_rank(named->path)};
        const docgen_file *file;
        const char *text;

        if (log.rank < 0)
            continue;
        file = log.file = docgen_link_followed(site, named);
        if (!file || file->size == 0 || is_found(found, file) ||
            (file->flags &
             (DOCGEN_FILE_BINARY | DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS | DOCGEN_FILE_SKIPPED)))
            continue;
        text = docgen_file_text(site, pool, file->path);
        if (!text)
            continue;
        newest_read(text, log.version);
        if (strchr(file->path, '/') && !log.version[0] && !log.version[1])
            continue; /* a document of the site that is named like one */
        APR_ARRAY_PUSH(found, log_file) = log;
    }
    qsort(found->elts, (size_t)found->nelts, sizeof(log_file), logs_compare);
    logs = apr_array_make(site->pool, found->nelts + 1, sizeof(const docgen_file *));
    for (int i = 0; i < found->nelts; i++)
        APR_ARRAY_PUSH(logs, const docgen_file *) = APR_ARRAY_IDX(found, i, log_file).file;
    apr_pool_destroy(pool);
    return site->change_logs = logs;
}

int docgen_is_change_log(docgen_site *site, const docgen_file *file)
{
    const apr_array_header_t *logs = docgen_change_logs(site);

    for (int i = 0; i < logs->nelts; i++) {
        if (APR_ARRAY_IDX(logs, i, const docgen_file *) == file)
            return 1;
    }
    return 0;
}

/* Pages for the other logs, below the Changelog's. */
void docgen_older_logs_plan(docgen_site *site)
{
    const apr_array_header_t *logs = docgen_change_logs(site);

    for (int i = 1; i < logs->nelts; i++) {
        docgen_guide log = {.file = APR_ARRAY_IDX(logs, i, const docgen_file *),
                            .order = ORDER + i};

        if (log.file->size > PAGE_MAX_BYTES)
            continue;
        log.page = apr_pstrcat(site->pool, "changelog/older-",
                               docgen_slug(site->pool, docgen_basename(log.file->path)), NULL);
        log.title = apr_pstrdup(site->pool, log.file->path);
        if (!docgen_site_reserve(site, log.page, log.title))
            continue;
        APR_ARRAY_PUSH(site->guides, docgen_guide) = log;
        docgen_site_document_plan(site, log.page, log.title, log.file);
    }
}

void docgen_older_logs_list(docgen_site *site, apr_pool_t *pool, docgen_draft *draft)
{
    const apr_array_header_t *logs = docgen_change_logs(site);

    if (logs->nelts > 1)
        docgen_draft_text(draft, "\n## Other change logs\n\n");
    for (int i = 1; i < logs->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(logs, i, const docgen_file *);
        const docgen_guide *guide = docgen_guide_of(site, file);

        if (guide)
            docgen_draft_printf(draft, "- [%s](%s)\n", docgen_markdown_escape(pool, file->path),
                                docgen_site_href(pool, "changelog", guide->page, NULL));
        else
            docgen_draft_printf(draft, "- %s\n", docgen_site_source(site, pool, file, 0, 0));
    }
}

apr_status_t docgen_older_logs_write(docgen_site *site)
{
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; rv == APR_SUCCESS && i < site->guides->nelts; i++) {
        const docgen_guide *guide = &APR_ARRAY_IDX(site->guides, i, docgen_guide);

        if (!strncmp(guide->page, "changelog/older-", 16))
            rv = docgen_site_document_page(site, guide->page, guide->title, guide->order,
                                           guide->file);
    }
    return rv;
}
