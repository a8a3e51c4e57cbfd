/* What the generator's tests are made of: a scratch directory, repositories written by `git fast-import`, and runs of
 * the real docgen-generate.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_MADE_H
#define DOCGEN_TESTS_UNIT_MADE_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "core/buffer.h"
#include "core/json.h"
#include "generator/fetch/fetch.h"
#include "generator/repo/blobs.h"
#include "generator/run.h"
#include "generator/spawn.h"

/** A test's own place. */
typedef struct made {
    apr_pool_t *pool;
    const char *dir;       /**< removed at the end */
    docgen_buffer *stream; /**< fast-import commands of the repository being written */
    int marks;
} made;

static made made_here;

static inline void made_setup(void)
{
    char dir[] = "/tmp/docgen-test-XXXXXX";

    apr_initialize();
    apr_pool_create(&made_here.pool, NULL);
    cr_assert(mkdtemp(dir));
    made_here.dir = apr_pstrdup(made_here.pool, dir);
    setenv("TMPDIR", made_here.dir, 1);
    setenv("HOME", made_here.dir, 1);
}

static inline void made_teardown(void)
{
    docgen_folder_remove(made_here.dir);
    apr_pool_destroy(made_here.pool);
    apr_terminate();
}

/** A path below the test's directory. */
static inline const char *made_path(const char *name)
{
    return apr_pstrcat(made_here.pool, made_here.dir, "/", name, NULL);
}

/** Runs git with up to seven words and returns its output; the test fails when git does. */
static inline const char *made_git(const char *git_dir, const char *input, apr_size_t length,
                                   const char *const *args)
{
    docgen_run run = {.input = input, .input_length = length};
    docgen_run_result result;

    run.argv = docgen_git_argv(made_here.pool, git_dir, args);
    run.env = docgen_git_environment(made_here.pool);
    cr_assert_eq(docgen_run_program(made_here.pool, &run, &result), APR_SUCCESS, "git %s: %s",
                 args[0], result.errors);
    return result.output;
}

/** Begins a commit on `main`; files follow, then made_end. */
static inline void made_begin(const char *message)
{
    if (!made_here.stream) {
        made_here.stream = docgen_buffer_create(made_here.pool);
    }
    made_here.marks++;
    docgen_buffer_printf(made_here.stream,
                         "commit refs/heads/main\nmark :%d\n"
                         "committer Ada Lovelace <ada@example.org> %d +0000\ndata %zu\n%s\n",
                         made_here.marks, 1700000000 + made_here.marks * 86400, strlen(message),
                         message);
}

/** A file of the commit begun; `path` as fast-import wants it (quoted when it holds odd bytes). */
static inline void made_bytes(const char *mode, const char *path, const char *data,
                              apr_size_t length)
{
    docgen_buffer_printf(made_here.stream, "M %s inline %s\ndata %zu\n", mode, path, length);
    docgen_buffer_append(made_here.stream, data, length);
    docgen_buffer_puts(made_here.stream, "\n");
}

static inline void made_file(const char *path, const char *text)
{
    made_bytes("100644", path, text, strlen(text));
}

/** Writes the repository NAME.git below the test's directory and returns its path. */
static inline const char *made_end(const char *name)
{
    const char *dir = made_path(name);
    const char *init[] = {"init", "--bare", "--quiet", "--initial-branch=main", NULL};
    const char *import[] = {"fast-import", "--quiet", "--force", NULL};

    made_git(dir, NULL, 0, init);
    if (made_here.stream) {
        made_git(dir, made_here.stream->data, made_here.stream->length, import);
        docgen_buffer_free(made_here.stream);
        made_here.stream = NULL;
    }
    return dir;
}

/** The commit that `main` names. */
static inline const char *made_commit(const char *dir)
{
    const char *args[] = {"rev-parse", "main", NULL};

    const char *id = made_git(dir, NULL, 0, args);

    return apr_pstrmemdup(made_here.pool, id, strcspn(id, "\n"));
}

/** The real program, beside the directory of the tests. */
static inline const char *made_generator(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

    cr_assert(n > 0);
    path[n] = '\0';
    *strrchr(path, '/') = '\0';
    *strrchr(path, '/') = '\0';
    return apr_pstrcat(made_here.pool, path, "/docgen-generate", NULL);
}

#endif
