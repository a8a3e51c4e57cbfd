/* The files of a commit: listed once, looked into once, read one by one from then on.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/hidden.h"
#include "generator/repo/tree.h"

#include <stdlib.h>
#include <string.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/log.h"
#include "core/text.h"
#include "generator/repo/attributes.h"
#include "generator/repo/blobs.h"
#include "generator/repo/detect.h"
#include "generator/repo/encoding.h"
#include "generator/repo/language.h"
#include "generator/run.h"

#define LIST_MAX     ((apr_size_t)256 * 1024 * 1024)
#define LIST_TIMEOUT apr_time_from_sec(120)
#define PATH_LONGEST 4096
#define PATH_SHOWN   200 /* of a longer one */
#define DEFAULT_FILE ((apr_uint64_t)1024 * 1024)
#define BYTES_MAX    ((apr_size_t)64 * 1024 * 1024)
#define KEPT_MAX     ((apr_size_t)32 * 1024 * 1024)

/** Bytes that cannot be shown as text stand as \xNN. */
static const char *path_show(apr_pool_t *pool, const char *raw)
{
    apr_size_t length = strlen(raw);
    int plain = docgen_utf8_is_valid(raw, length);
    docgen_buffer *shown;
    const char *copy;

    for (apr_size_t i = 0; plain && i < length; i++) {
        plain = (unsigned char)raw[i] >= 0x20 && raw[i] != 0x7f;
    }
    if (plain) {
        return raw;
    }
    shown = docgen_buffer_create(pool);
    for (apr_size_t i = 0; i < length;) {
        apr_size_t n = 1;

        while (n < 4 && i + n < length && !docgen_utf8_is_valid(raw + i, n)) {
            n++;
        }
        if (docgen_utf8_is_valid(raw + i, n) && (unsigned char)raw[i] >= 0x20 && raw[i] != 0x7f) {
            docgen_buffer_append(shown, raw + i, n);
            i += n;
        } else {
            docgen_buffer_printf(shown, "\\x%02X", (unsigned char)raw[i++]);
        }
    }
    copy = apr_pstrdup(pool, shown->data);
    docgen_buffer_free(shown);
    return copy;
}

static void file_skip(docgen_file *file, const char *why)
{
    file->flags |= DOCGEN_FILE_SKIPPED;
    file->skipped = why;
}

/** One entry of ls-tree: "MODE TYPE OID SIZE\tPATH". @return NULL for one that cannot be read */
static docgen_file *entry_read(apr_pool_t *pool, char *entry, const docgen_languages *languages,
                               apr_uint64_t max_file)
{
    char *tab = strchr(entry, '\t');
    char *last = NULL;
    const char *mode, *type, *oid, *size;
    docgen_file *file;
    int is_long;

    if (!tab) {
        return NULL;
    }
    *tab = '\0';
    is_long = strlen(tab + 1) > PATH_LONGEST;
    if (is_long) {
        memcpy(tab + 1 + PATH_SHOWN, "...", 4);
    }
    mode = apr_strtok(entry, " ", &last);
    type = apr_strtok(NULL, " ", &last);
    oid = apr_strtok(NULL, " ", &last);
    size = apr_strtok(NULL, " ", &last);
    if (!mode || !type || !oid || !size) {
        return NULL;
    }
    file = apr_pcalloc(pool, sizeof(*file));
    file->raw_path = apr_pstrdup(pool, tab + 1);
    file->path = path_show(pool, file->raw_path);
    file->oid = apr_pstrdup(pool, oid);
    file->size = apr_isdigit(*size) ? (apr_uint64_t)apr_strtoi64(size, NULL, 10) : 0;
    file->flags = docgen_detect_path(languages, file->path);
    if (is_long) {
        file_skip(file, "its path is longer than 4096 bytes");
    } else if (!strcmp(mode, "160000") || strcmp(type, "blob") != 0) {
        file->flags = (file->flags & DOCGEN_FILE_VENDORED) | DOCGEN_FILE_SUBMODULE;
        file_skip(file, "a submodule: its content is in another repository");
    } else if (!strcmp(mode, "120000")) {
        file->flags =
            (file->flags & ~DOCGEN_FILE_DOCUMENT & ~DOCGEN_FILE_BINARY) | DOCGEN_FILE_LINK;
    } else if (file->size > max_file && !(file->flags & DOCGEN_FILE_BINARY)) {
        file_skip(file,
                  apr_psprintf(pool, "larger than %" APR_UINT64_T_FMT " KiB", max_file / 1024));
    }
    return file;
}

static int path_compare(const void *a, const void *b)
{
    return strcmp((*(docgen_file *const *)a)->path, (*(docgen_file *const *)b)->path);
}

/** Reads the listing into tree->files and tree->by_path. */
static apr_status_t tree_list(docgen_tree *tree, const docgen_languages *languages,
                              apr_uint64_t max_file)
{
    const char *args[] = {"ls-tree", "-r", "-z", "-l", "--full-tree", tree->commit, NULL};
    apr_pool_t *scratch;
    docgen_run_result result;
    docgen_run run = {.timeout = LIST_TIMEOUT, .max_output = LIST_MAX};
    apr_status_t rv;

    apr_pool_create(&scratch, tree->pool);
    run.argv = docgen_git_argv(scratch, tree->git_dir, args);
    run.env = docgen_git_environment(scratch);
    rv = docgen_run_program(scratch, &run, &result);
    if (rv == APR_SUCCESS) {
        char *end = (char *)result.output + result.length;

        for (char *at = (char *)result.output; at < end;) {
            char *next = at + strlen(at) + 1;
            docgen_file *file = entry_read(tree->pool, at, languages, max_file);

            if (file) {
                APR_ARRAY_PUSH(tree->files, docgen_file *) = file;
            }
            at = next;
        }
        qsort(tree->files->elts, (size_t)tree->files->nelts, sizeof(docgen_file *), path_compare);
        for (int i = 0; i < tree->files->nelts; i++) {
            docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

            apr_hash_set(tree->by_path, file->path, APR_HASH_KEY_STRING, file);
        }
    }
    apr_pool_destroy(scratch);
    return rv;
}

static const docgen_language *file_language(const docgen_languages *languages,
                                            const docgen_file *file)
{
    return file->language ? docgen_language_by_name(languages, file->language)
                          : docgen_language_by_path(languages, file->path);
}

/** What the first look into a file tells; counts its lines at the same time, for the bytes are
 * here. */
static void file_look(const docgen_languages *languages, docgen_file *file, const char *data,
                      apr_size_t length, int *cplusplus)
{
    const docgen_language *language = file_language(languages, file);

    if (!language) {
        language = docgen_language_by_shebang(languages, data, length);
    }
    file->flags |= docgen_detect_content(language, data, length);
    if (file->flags & DOCGEN_FILE_LFS) {
        file_skip(file, "a Git LFS pointer: its content is not in the repository");
        file->flags &= ~DOCGEN_FILE_DOCUMENT;
        return;
    }
    if (file->flags & DOCGEN_FILE_BINARY) {
        file->flags &= ~DOCGEN_FILE_DOCUMENT;
        return;
    }
    if (language) {
        file->lang = language->lang;
        file->language = language->name;
        if (file->lang == DOCGEN_LANG_C && strrchr(file->path, '.') &&
            !strcmp(strrchr(file->path, '.'), ".h")) {
            *cplusplus = docgen_detect_cplusplus(data, length);
        }
        docgen_language_count(language, data, length, &file->lines, &file->code_lines);
    }
}

/** Is there a reason to look into this file? A small one named like an image may be a Git LFS pointer. */
static int is_worth_a_look(const docgen_file *file)
{
    if (file->flags & DOCGEN_FILE_BINARY && file->size > DOCGEN_LFS_MAX) {
        return 0;
    }
    return !(file->flags & (DOCGEN_FILE_SKIPPED | DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE |
                            DOCGEN_FILE_VENDORED));
}

/** Files that nobody looks into still have the language that their name tells. */
static void language_from_name(const docgen_languages *languages, docgen_file *file)
{
    const docgen_language *language = file_language(languages, file);

    if (language && !(file->flags & (DOCGEN_FILE_LINK | DOCGEN_FILE_SUBMODULE))) {
        file->lang = language->lang;
        file->language = language->name;
    }
}

/** Takes over what another tree knows of the same file with the same content. @return 0 when it knows none */
static int file_is_known(const docgen_tree *known, docgen_file *file)
{
    const docgen_file *same = docgen_tree_find(known, file->path);

    if (!same || strcmp(same->oid, file->oid) != 0) {
        return 0;
    }
    file->lang = same->lang;
    file->language = same->language;
    file->flags = same->flags;
    file->skipped = same->skipped;
    file->lines = same->lines;
    file->code_lines = same->code_lines;
    return 1;
}

/** Texts that were read once: the sections read most files several times, and git would unpack them
 * each time. What is asked for first is kept and never forgotten: files are read in rounds, where
 * what was not used for the longest time is wanted next. */
struct docgen_kept {
    apr_hash_t *texts; /* object id → kept_text * */
    apr_size_t bytes;
};

typedef struct kept_text {
    const char *text;
    apr_size_t length;
} kept_text;

static void text_keep(const docgen_tree *tree, const docgen_file *file, const char *text,
                      apr_size_t length)
{
    kept_text *kept;

    if (length > KEPT_MAX - tree->kept->bytes) {
        return;
    }
    kept = apr_palloc(tree->pool, sizeof(*kept));
    *kept = (kept_text){apr_pmemdup(tree->pool, text, length + 1), length};
    apr_hash_set(tree->kept->texts, file->oid, APR_HASH_KEY_STRING, kept);
    tree->kept->bytes += length;
}

/** Looks into the files, asking ahead so that git never waits. Headers with C++ in them are
 * remembered. */
static apr_status_t tree_look(docgen_tree *tree, const docgen_tree *known,
                              const docgen_languages *languages, apr_uint64_t max_file,
                              apr_array_header_t *cplusplus)
{
    apr_array_header_t *wanted = apr_array_make(cplusplus->pool, 256, sizeof(docgen_file *));
    apr_pool_t *scratch;
    apr_status_t rv = APR_SUCCESS;
    int asked = 0;

    for (int i = 0; i < tree->files->nelts; i++) {
        docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

        if (known && file_is_known(known, file)) {
            continue;
        }
        if (is_worth_a_look(file)) {
            APR_ARRAY_PUSH(wanted, docgen_file *) = file;
        } else {
            language_from_name(languages, file);
        }
    }
    apr_pool_create(&scratch, tree->pool);
    for (int i = 0; i < wanted->nelts && rv == APR_SUCCESS; i++) {
        docgen_file *file = APR_ARRAY_IDX(wanted, i, docgen_file *);
        const char *data;
        apr_size_t length;
        int is_cplusplus = 0;

        while (asked < wanted->nelts && asked < i + DOCGEN_BLOBS_AHEAD && rv == APR_SUCCESS) {
            rv = docgen_blobs_ask(tree->blobs, APR_ARRAY_IDX(wanted, asked++, docgen_file *)->oid);
        }
        if (rv == APR_SUCCESS) {
            rv = docgen_blobs_take(tree->blobs, scratch, (apr_size_t)max_file, &data, &length);
        }
        if (rv == APR_ENOENT) {
            file_skip(file, "the repository lacks its content");
            rv = APR_SUCCESS;
        } else if (rv == APR_SUCCESS) {
            file_look(languages, file, data, length, &is_cplusplus);
            if (is_cplusplus) {
                APR_ARRAY_PUSH(cplusplus, docgen_file *) = file;
            }
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return rv;
}

static int has_extension(const char *path, const char *wanted)
{
    const char *dot = strrchr(path, '.');

    return dot && !strcmp(dot, wanted);
}

/** "x.h" is C unless the repository has C++ and the header shows it, or has no C at all. */
static void headers_settle(docgen_tree *tree, const apr_array_header_t *cplusplus)
{
    int c = 0, cpp = 0;

    for (int i = 0; i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

        if (!(file->flags & DOCGEN_FILE_VENDORED)) {
            c += file->lang == DOCGEN_LANG_C && has_extension(file->path, ".c");
            cpp += file->lang == DOCGEN_LANG_CPP;
        }
    }
    if (!c) {
        for (int i = 0; cpp && i < tree->files->nelts; i++) {
            docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

            if (file->lang == DOCGEN_LANG_C && has_extension(file->path, ".h")) {
                file->lang = DOCGEN_LANG_CPP;
                file->language = "C++";
            }
        }
        return;
    }
    for (int i = 0; i < cplusplus->nelts; i++) {
        docgen_file *file = APR_ARRAY_IDX(cplusplus, i, docgen_file *);

        file->lang = DOCGEN_LANG_CPP;
        file->language = "C++";
    }
}

static apr_status_t tree_open(docgen_tree **result, apr_pool_t *pool, const docgen_tree *known,
                              const char *git_dir, const char *commit, apr_uint64_t max_file)
{
    docgen_tree *tree = apr_pcalloc(pool, sizeof(*tree));
    docgen_languages *languages;
    apr_array_header_t *cplusplus;
    apr_pool_t *scratch;
    apr_status_t rv;

    for (const char *p = commit; *p; p++) {
        if (!apr_isxdigit(*p)) {
            return APR_EINVAL; /* nothing that git could take for an option */
        }
    }
    max_file = max_file ? max_file : DEFAULT_FILE;
    tree->pool = pool;
    tree->git_dir = apr_pstrdup(pool, git_dir);
    tree->commit = apr_pstrdup(pool, commit);
    tree->files = apr_array_make(pool, 1024, sizeof(docgen_file *));
    tree->by_path = apr_hash_make(pool);
    tree->hidden = apr_array_make(pool, 4, sizeof(docgen_hidden));
    tree->kept = apr_pcalloc(pool, sizeof(*tree->kept));
    tree->kept->texts = apr_hash_make(pool);
    apr_pool_create(&scratch, pool);
    languages = docgen_languages_create(scratch);
    cplusplus = apr_array_make(scratch, 16, sizeof(docgen_file *));
    rv = tree_list(tree, languages, max_file);
    if (rv == APR_SUCCESS) {
        rv = docgen_blobs_open(&tree->blobs, pool, git_dir);
    }
    if (rv == APR_SUCCESS) {
        docgen_attributes_apply(tree, languages);
        rv = tree_look(tree, known, languages, max_file, cplusplus);
    }
    if (rv == APR_SUCCESS) {
        headers_settle(tree, cplusplus);
        *result = tree;
    }
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t docgen_tree_open(docgen_tree **tree, apr_pool_t *pool, const char *git_dir,
                              const char *commit, apr_uint64_t max_file)
{
    return tree_open(tree, pool, NULL, git_dir, commit, max_file);
}

apr_status_t docgen_tree_open_beside(docgen_tree **tree, apr_pool_t *pool, const docgen_tree *known,
                                     const char *commit, apr_uint64_t max_file)
{
    return tree_open(tree, pool, known, known->git_dir, commit, max_file);
}

docgen_file *docgen_tree_find(const docgen_tree *tree, const char *path)
{
    return apr_hash_get(tree->by_path, path, APR_HASH_KEY_STRING);
}

/** One question, one answer. */
static apr_status_t blob_read(const docgen_tree *tree, const docgen_file *file, apr_pool_t *pool,
                              apr_size_t max, const char **data, apr_size_t *length)
{
    apr_status_t rv;

    if (file->size > max) {
        return APR_ENOSPC;
    }
    rv = docgen_blobs_ask(tree->blobs, file->oid);
    return rv == APR_SUCCESS ? docgen_blobs_take(tree->blobs, pool, max, data, length)
                             : APR_EGENERAL;
}

/* Was the file read before, and something found in it? */
static int hidden_is_known(const docgen_tree *tree, const docgen_file *file)
{
    for (int i = 0; i < tree->hidden->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(tree->hidden, i, docgen_hidden).path, file->path))
            return 1;
    }
    return 0;
}

apr_status_t docgen_tree_text(const docgen_tree *tree, const docgen_file *file, apr_pool_t *pool,
                              const char **text, apr_size_t *length)
{
    const kept_text *kept;
    const char *data;
    apr_size_t size;
    apr_pool_t *scratch;
    apr_status_t rv;

    if (file->flags & (DOCGEN_FILE_SKIPPED | DOCGEN_FILE_BINARY | DOCGEN_FILE_SUBMODULE)) {
        return APR_ENOENT;
    }
    kept = apr_hash_get(tree->kept->texts, file->oid, APR_HASH_KEY_STRING);
    if (kept) {
        *text = kept->text;
        *length = kept->length;
        return APR_SUCCESS;
    }
    apr_pool_create(&scratch, pool);
    rv = blob_read(tree, file, scratch, BYTES_MAX, &data, &size);
    if (rv == APR_SUCCESS && docgen_bytes_are_binary(data, size)) {
        rv = APR_ENOENT; /* a vendored one that was not looked into before */
    }
    if (rv == APR_SUCCESS) {
        *text = docgen_encoding_decode(pool, data, size, length);
        *length = docgen_hidden_remove(
            (char *)*text, *length, hidden_is_known(tree, file) ? NULL : tree->hidden, file->path);
        text_keep(tree, file, *text, *length);
    }
    apr_pool_destroy(scratch);
    return rv;
}

apr_status_t docgen_tree_bytes(const docgen_tree *tree, const docgen_file *file, apr_pool_t *pool,
                               apr_size_t max, const char **data, apr_size_t *length)
{
    if (file->flags & (DOCGEN_FILE_SUBMODULE | DOCGEN_FILE_LFS)) {
        return APR_ENOENT;
    }
    return blob_read(tree, file, pool, max < BYTES_MAX ? max : BYTES_MAX, data, length);
}

apr_status_t docgen_tree_count(docgen_tree *tree)
{
    docgen_languages *languages;
    apr_pool_t *scratch;

    /* Opening counted every file that it looked into; what is left are files whose language changed
     * since. */
    apr_pool_create(&scratch, tree->pool);
    languages = docgen_languages_create(scratch);
    for (int i = 0; i < tree->files->nelts; i++) {
        docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const docgen_language *language = file_language(languages, file);
        apr_pool_t *text_pool;
        const char *text;
        apr_size_t length;

        if (!language || file->lines || !file->size || !is_worth_a_look(file)) {
            continue;
        }
        apr_pool_create(&text_pool, scratch);
        if (docgen_tree_text(tree, file, text_pool, &text, &length) == APR_SUCCESS) {
            docgen_language_count(language, text, length, &file->lines, &file->code_lines);
        }
        apr_pool_destroy(text_pool);
    }
    apr_pool_destroy(scratch);
    return APR_SUCCESS;
}
