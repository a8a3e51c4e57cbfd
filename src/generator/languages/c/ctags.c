/* Driving ctags: requests and answers over pipes, a deadline for each file, a new start after a crash.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <apr_strings.h>
#include "core/json.h"
#include "core/log.h"
#include "generator/languages/c/ctags.h"
#include "generator/run.h"

#define FILE_DEADLINE  apr_time_from_sec(5)
#define LINE_MAX_BYTES (1024 * 1024)
#define TAGS_MAX       200000 /* of one file; the rest is dropped */
#define STARTS_MAX     200 /* a repository that crashes it more often than this goes on without */

struct docgen_ctags {
    apr_pool_t *pool;
    apr_pool_t *process_pool;
    docgen_pipe *pipe;
    int plain; /* the sandbox was refused: the process runs in the mode without its own seccomp filter */
    int starts;
};

docgen_ctags *docgen_ctags_make(apr_pool_t *pool)
{
    docgen_ctags *ctags = apr_pcalloc(pool, sizeof(*ctags));

    ctags->pool = pool;
    return ctags;
}

void docgen_ctags_close(docgen_ctags *ctags)
{
    if (ctags->pipe) {
        docgen_pipe_close(ctags->pipe);
        ctags->pipe = NULL;
        apr_pool_destroy(ctags->process_pool);
    }
}

/* Starts the process and reads its greeting. */
static apr_status_t start(docgen_ctags *ctags)
{
    const char *argv[] = {
        "ctags",
        "--quiet=yes",
        "--options=NONE",
        ctags->plain ? "--_interactive=default" : "--_interactive=sandbox",
        "--languages=C,C++",
        "--fields=+neSaiKlrst-P",
        "--extras=+r",
        "--kinds-C=+px",
        "--kinds-C++=+px",
        "--map-C=+.h",
        "--map-C++=-.h",
        NULL,
    };
    docgen_run run = {.argv = argv, .max_memory = (apr_size_t)1 << 30};
    const char *line;
    apr_size_t length;
    apr_status_t rv;

    if (ctags->starts++ >= STARTS_MAX) {
        return APR_ENOENT;
    }
    apr_pool_create(&ctags->process_pool, ctags->pool);
    rv = docgen_pipe_open(&ctags->pipe, ctags->process_pool, &run);
    if (rv == APR_SUCCESS) {
        rv = docgen_pipe_read_line(ctags->pipe, FILE_DEADLINE, LINE_MAX_BYTES, &line, &length);
        if (rv == APR_SUCCESS && !memmem(line, length, "\"program\"", 9)) {
            rv = APR_EGENERAL;
        }
        if (rv == APR_SUCCESS) {
            return rv;
        }
        docgen_pipe_close(ctags->pipe);
    }
    ctags->pipe = NULL;
    apr_pool_destroy(ctags->process_pool);
    return rv;
}

static apr_status_t ensure(docgen_ctags *ctags)
{
    apr_status_t rv;

    if (ctags->pipe) {
        return APR_SUCCESS;
    }
    rv = start(ctags);
    if (rv != APR_SUCCESS && !ctags->plain) {
        docgen_log(DOCGEN_LOG_INFO, rv,
                   "ctags: its sandbox mode does not start here; using the plain mode");
        ctags->plain = 1;
        rv = start(ctags);
    }
    return rv == APR_SUCCESS ? rv : APR_ENOENT;
}

int docgen_ctag_parse(apr_pool_t *pool, const char *line, apr_size_t length, docgen_ctag *tag)
{
    json_t *root = json_loadb(line, length, 0, NULL);
    const char *type = docgen_json_string(root, "_type");
    int result = -1;

    if (type && !strcmp(type, "completed")) {
        result = 0;
    } else if (type && !strcmp(type, "tag") && docgen_json_string(root, "name") &&
               docgen_json_string(root, "kind")) {
        tag->name = apr_pstrdup(pool, docgen_json_string(root, "name"));
        tag->kind = apr_pstrdup(pool, docgen_json_string(root, "kind"));
        tag->typeref = apr_pstrdup(pool, docgen_json_string(root, "typeref"));
        tag->scope = apr_pstrdup(pool, docgen_json_string(root, "scope"));
        tag->scope_kind = apr_pstrdup(pool, docgen_json_string(root, "scopeKind"));
        tag->signature = apr_pstrdup(pool, docgen_json_string(root, "signature"));
        tag->access = apr_pstrdup(pool, docgen_json_string(root, "access"));
        tag->inherits = apr_pstrdup(pool, docgen_json_string(root, "inherits"));
        tag->roles = apr_pstrdup(pool, docgen_json_string(root, "roles"));
        tag->line = (int)docgen_json_integer(root, "line", 1);
        tag->end = (int)docgen_json_integer(root, "end", tag->line);
        tag->file_scope = json_is_true(json_object_get(root, "file"));
        result = 1;
    }
    json_decref(root);
    return result;
}

/* Sends one file and reads lines until its end is reported. */
static apr_status_t exchange(docgen_ctags *ctags, const docgen_source *source, const char *name,
                             apr_array_header_t *tags)
{
    apr_time_t deadline = apr_time_now() + FILE_DEADLINE;
    char *request = apr_psprintf(
        source->scratch,
        "{\"command\":\"generate-tags\",\"filename\":\"%s\",\"size\":%" APR_SIZE_T_FMT "}\n", name,
        source->length);
    apr_status_t rv = docgen_pipe_write(ctags->pipe, request, strlen(request));

    if (rv == APR_SUCCESS) {
        rv = docgen_pipe_write(ctags->pipe, docgen_c_prepare(source, strstr(name, "pp") != NULL),
                               source->length);
    }
    while (rv == APR_SUCCESS) {
        const char *line;
        apr_size_t length;
        apr_time_t now = apr_time_now();
        docgen_ctag tag;
        int what;

        if (now >= deadline) {
            return APR_TIMEUP;
        }
        rv = docgen_pipe_read_line(ctags->pipe, deadline - now, LINE_MAX_BYTES, &line, &length);
        if (rv != APR_SUCCESS) {
            break;
        }
        what = docgen_ctag_parse(source->scratch, line, length, &tag);
        if (what == 0) {
            return APR_SUCCESS;
        }
        if (what == 1 && tags->nelts < TAGS_MAX) {
            APR_ARRAY_PUSH(tags, docgen_ctag) = tag;
        }
    }
    return APR_STATUS_IS_TIMEUP(rv) ? rv : APR_EGENERAL;
}

apr_status_t docgen_ctags_read(docgen_ctags *ctags, const docgen_source *source, const char *name,
                               apr_array_header_t **tags)
{
    apr_status_t rv = ensure(ctags);

    *tags = apr_array_make(source->scratch, 64, sizeof(docgen_ctag));
    if (rv != APR_SUCCESS || source->length == 0) {
        return rv; /* a request of size 0 would make ctags open a file of that name */
    }
    rv = exchange(ctags, source, name, *tags);
    if (rv != APR_SUCCESS) {
        docgen_ctags_close(ctags);
        apr_array_clear(*tags);
    }
    return rv;
}
