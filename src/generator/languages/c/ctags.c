/* Driving ctags: requests and answers over pipes, a deadline for each file, a new start after a crash.
 * SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
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
        tag->roles = apr_pstrdup(pool, docgen_json_string(root, "roles"));
        tag->line = (int)docgen_json_integer(root, "line", 1);
        tag->end = (int)docgen_json_integer(root, "end", tag->line);
        tag->file_scope = json_is_true(json_object_get(root, "file"));
        result = 1;
    }
    json_decref(root);
    return result;
}

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Skips white space and comments. */
static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end) {
        if (isspace((unsigned char)*p)) {
            p++;
        } else if (end - p > 1 && p[0] == '/' && (p[1] == '*' || p[1] == '/')) {
            const char *stop = p[1] == '*' ? memmem(p + 2, (apr_size_t)(end - p) - 2, "*/", 2)
                                           : memchr(p, '\n', (apr_size_t)(end - p));

            p = stop ? stop + (p[1] == '*' ? 2 : 1) : end;
        } else {
            break;
        }
    }
    return p;
}

/* Does a declaration with a type of its own begin here ("int f", "T *f", "struct s")? Then what stands before it is not
 * its type. */
static int is_declaration(const char *p, const char *end)
{
    const char *start = p = skip_blanks(p, end);

    while (p < end && is_word(*p)) {
        p++;
    }
    if (p == start || isdigit((unsigned char)*start)) {
        return 0;
    }
    p = skip_blanks(p, end);
    return p < end && (is_word(*p) || *p == '*');
}

/* The end of a macro call "NAME(a, b, …)" that stands alone at a line's start without a semicolon; NULL when the line
 * is anything else. Without a comma it may be a declaration's beginning ("AP_DECLARE(int)"), unless one with its own
 * type follows. */
static const char *bare_call(const char *p, const char *end)
{
    const char *start = p;
    int depth = 0, commas = 0;

    while (p < end && (isupper((unsigned char)*p) || *p == '_' || isdigit((unsigned char)*p))) {
        p++;
    }
    if (p - start < 3 || p >= end || (is_word(*p))) {
        return NULL;
    }
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }
    if (p < end && *p == '\n') {
        return memchr(start, '_', (apr_size_t)(p - start)) && is_declaration(p, end) ? p : NULL;
    }
    if (p >= end || *p != '(') {
        return NULL;
    }
    for (; p < end && p - start < 2000; p++) {
        depth += (*p == '(') - (*p == ')');
        commas += *p == ',' && depth == 1;
        if (depth == 0) {
            break;
        }
        if (*p == ';' || *p == '{' || *p == '#') {
            return NULL;
        }
    }
    if (p >= end || depth != 0) {
        return NULL;
    }
    p++;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }
    return p < end && *p == '\n' && (commas > 0 || is_declaration(p, end)) ? p : NULL;
}

/* A copy for ctags in which such calls are blanks: it would take the declaration after them for their rest. A body
 * below ("TEST(a, b)" and "{") is left alone. */
static const char *without_bare_calls(const docgen_source *source)
{
    char *copy = apr_pstrmemdup(source->scratch, source->text, source->length);
    const char *end = copy + source->length;

    for (char *p = copy; p && p < end; p = memchr(p, '\n', (apr_size_t)(end - p)), p += p != NULL) {
        const char *stop = bare_call(p, end), *next;

        if (!stop) {
            continue;
        }
        for (next = stop; next < end && isspace((unsigned char)*next); next++) {
        }
        if (next < end && *next != '{') {
            for (; p < stop; p++) {
                *p = *p == '\n' ? '\n' : ' ';
            }
        }
    }
    return copy;
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
        rv = docgen_pipe_write(ctags->pipe, without_bare_calls(source), source->length);
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
