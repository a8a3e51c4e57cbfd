/* git's own matcher decides: a throw-away index of the commit and `git check-attr --cached`.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/attributes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/log.h"
#include "generator/repo/blobs.h"
#include "generator/run.h"

#define TIMEOUT    apr_time_from_sec(60)
#define ATTRS_READ (256 * 1024) /* of one .gitattributes file */

/** Do the repository's attribute files speak of anything that matters here? */
static int attributes_matter(docgen_tree *tree)
{
    static const char *const words[] = {"linguist-", "binary", "-diff"};
    apr_pool_t *scratch;
    int found = 0;

    apr_pool_create(&scratch, tree->pool);
    for (int i = 0; i < tree->files->nelts && !found; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);
        const char *slash = strrchr(file->path, '/');
        const char *text;
        apr_size_t length;

        if (strcmp(slash ? slash + 1 : file->path, ".gitattributes") != 0 ||
            docgen_tree_bytes(tree, file, scratch, ATTRS_READ, &text, &length) != APR_SUCCESS) {
            continue;
        }
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
            found |= strstr(text, words[w]) != NULL;
        }
    }
    apr_pool_destroy(scratch);
    return found;
}

static int is_set(const char *value)
{
    return !strcmp(value, "set") || !strcmp(value, "true");
}

static int is_unset(const char *value)
{
    return !strcmp(value, "unset") || !strcmp(value, "false");
}

static void flag_apply(docgen_file *file, const char *value, unsigned flag)
{
    if (is_set(value)) {
        file->flags |= flag;
    } else if (is_unset(value)) {
        file->flags &= ~flag;
    }
}

static void attribute_apply(docgen_file *file, const docgen_languages *languages, const char *name,
                            const char *value)
{
    if (!strcmp(name, "linguist-vendored")) {
        flag_apply(file, value, DOCGEN_FILE_VENDORED);
    } else if (!strcmp(name, "linguist-generated")) {
        flag_apply(file, value, DOCGEN_FILE_GENERATED);
    } else if (!strcmp(name, "binary") && is_set(value)) {
        file->flags |= DOCGEN_FILE_BINARY;
    } else if (!strcmp(name, "linguist-language")) {
        const docgen_language *language = docgen_language_by_name(languages, value);

        if (language) {
            file->lang = language->lang;
            file->language = language->name;
        }
    }
}

/** The answers of check-attr -z: path NUL attribute NUL value NUL, in the order of the questions.
 * */
static void answers_apply(docgen_tree *tree, const docgen_languages *languages, const char *at,
                          const char *end)
{
    int i = 0;

    while (at < end) {
        const char *path = at;
        const char *name = path + strlen(path) + 1;
        const char *value = name < end ? name + strlen(name) + 1 : end;

        if (value >= end) {
            return;
        }
        while (i < tree->files->nelts &&
               strcmp(APR_ARRAY_IDX(tree->files, i, docgen_file *)->raw_path, path) != 0) {
            i++;
        }
        if (i == tree->files->nelts) {
            return;
        }
        attribute_apply(APR_ARRAY_IDX(tree->files, i, docgen_file *), languages, name, value);
        at = value + strlen(value) + 1;
    }
}

static apr_status_t index_make(docgen_tree *tree, apr_pool_t *pool, const char *const *env)
{
    const char *args[] = {"read-tree", tree->commit, NULL};
    docgen_run run = {
        .argv = docgen_git_argv(pool, tree->git_dir, args), .env = env, .timeout = TIMEOUT};
    docgen_run_result result;

    return docgen_run_program(pool, &run, &result);
}

static apr_status_t attributes_ask(docgen_tree *tree, apr_pool_t *pool, const char *const *env,
                                   const docgen_languages *languages)
{
    static const char *const args[] = {
        "check-attr",         "--cached",          "--stdin", "-z", "linguist-vendored",
        "linguist-generated", "linguist-language", "binary",  NULL};
    docgen_buffer *paths = docgen_buffer_create(pool);
    docgen_run run = {.argv = docgen_git_argv(pool, tree->git_dir, args),
                      .env = env,
                      .timeout = TIMEOUT,
                      .max_output = (apr_size_t)512 * 1024 * 1024};
    docgen_run_result result;
    apr_status_t rv;

    for (int i = 0; i < tree->files->nelts; i++) {
        const docgen_file *file = APR_ARRAY_IDX(tree->files, i, docgen_file *);

        docgen_buffer_append(paths, file->raw_path, strlen(file->raw_path) + 1);
    }
    run.input = paths->data;
    run.input_length = paths->length;
    rv = docgen_run_program(pool, &run, &result);
    if (rv == APR_SUCCESS) {
        answers_apply(tree, languages, result.output, result.output + result.length);
    }
    return rv;
}

void docgen_attributes_apply(docgen_tree *tree, const docgen_languages *languages)
{
    const char *temporary = getenv("TMPDIR");
    const char *const *base;
    apr_array_header_t *env;
    apr_pool_t *scratch;
    apr_status_t rv;
    char *dir;

    if (!attributes_matter(tree)) {
        return;
    }
    apr_pool_create(&scratch, tree->pool);
    dir = apr_pstrcat(scratch, temporary ? temporary : "/tmp", "/docgen-index-XXXXXX", NULL);
    rv = mkdtemp(dir) ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
    if (rv == APR_SUCCESS) {
        const char *index = apr_pstrcat(scratch, dir, "/index", NULL);

        env = apr_array_make(scratch, 16, sizeof(const char *));
        for (base = docgen_git_environment(scratch); *base; base++) {
            APR_ARRAY_PUSH(env, const char *) = *base;
        }
        APR_ARRAY_PUSH(env, const char *) = apr_pstrcat(scratch, "GIT_INDEX_FILE=", index, NULL);
        APR_ARRAY_PUSH(env, const char *) = NULL;
        rv = index_make(tree, scratch, (const char *const *)env->elts);
        if (rv == APR_SUCCESS) {
            rv = attributes_ask(tree, scratch, (const char *const *)env->elts, languages);
        }
        unlink(index);
        unlink(apr_pstrcat(scratch, index, ".lock", NULL));
        rmdir(dir);
    }
    if (rv != APR_SUCCESS) {
        docgen_log(DOCGEN_LOG_WARNING, rv, "the .gitattributes of the repository are not applied");
    }
    apr_pool_destroy(scratch);
}
