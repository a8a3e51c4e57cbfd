/* Results as JSON lines, the protocol's version 1: one line for each fact, at most 4 MiB each.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/output_kind.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_base64.h>
#include "core/json.h"
#include "core/log.h"

#define LINE_MAX_BYTES (4 * 1024 * 1024)

static apr_status_t write_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t n = write(fd, data, length);

        if (n >= 0) {
            data += n;
            length -= (size_t)n;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};

            poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return APR_SUCCESS;
}

/** Sends one object as one line and gives it back. */
static apr_status_t send_line(docgen_output *output, json_t *line)
{
    int fd = *(int *)output->self;
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    apr_status_t rv = APR_EGENERAL;
    size_t length;

    if (text) {
        length = strlen(text);
        if (length + 1 > LINE_MAX_BYTES) {
            docgen_log(DOCGEN_LOG_ERROR, APR_SUCCESS,
                       "a result of %lu bytes is longer than a line of the protocol may be",
                       (unsigned long)length);
            rv = APR_ENOSPC;
        } else {
            text[length] = '\n'; /* one write for a line: the NUL's place is free to use */
            rv = write_all(fd, text, length + 1);
        }
    }
    free(text);
    json_decref(line);
    return rv;
}

static apr_status_t json_progress(docgen_output *output, int percent, const char *step)
{
    return send_line(
        output, json_pack("{s:s, s:i, s:s}", "type", "progress", "percent", percent, "step", step));
}

static apr_status_t json_source(docgen_output *output, const char *commit, const char *branch,
                                const char *committed_at)
{
    return send_line(output, json_pack("{s:s, s:s, s:s*, s:s*}", "type", "source", "commit", commit,
                                       "branch", branch, "committedAt", committed_at));
}

static apr_status_t json_page(docgen_output *output, apr_pool_t *scratch, const docgen_page *page)
{
    (void)scratch;
    return send_line(output, json_pack("{s:s, s:s, s:s, s:i, s:s, s:s}", "type", "page", "path",
                                       page->path, "title", page->title, "order", page->order,
                                       "markdown", page->markdown, "html", page->html));
}

static apr_status_t json_asset(docgen_output *output, apr_pool_t *scratch, const char *path,
                               const char *media_type, const char *data, apr_size_t length)
{
    char *base64 = apr_palloc(scratch, apr_base64_encode_len((int)length));

    apr_base64_encode_binary(base64, (const unsigned char *)data, (int)length);
    return send_line(output, json_pack("{s:s, s:s, s:s, s:s}", "type", "asset", "path", path,
                                       "mediaType", media_type, "base64", base64));
}

static apr_status_t json_symbol(docgen_output *output, const char *name, const char *kind,
                                const char *page, const char *anchor)
{
    return send_line(output, json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "symbol", "name", name,
                                       "kind", kind, "page", page, "anchor", anchor));
}

static apr_status_t json_unchanged(docgen_output *output, const char *commit)
{
    return send_line(output, json_pack("{s:s, s:s}", "type", "unchanged", "commit", commit));
}

static apr_status_t json_error(docgen_output *output, const char *message)
{
    return send_line(output, json_pack("{s:s, s:s}", "type", "error", "message", message));
}

static apr_status_t json_finish(docgen_output *output)
{
    (void)output; /* every line is written at once */
    return APR_SUCCESS;
}

docgen_output *docgen_output_json(apr_pool_t *pool, int fd)
{
    static const docgen_output_kind kind = {json_progress, json_source,    json_page,  json_asset,
                                            json_symbol,   json_unchanged, json_error, json_finish};
    int *self = apr_palloc(pool, sizeof(*self));

    *self = fd;
    return docgen_output_create(pool, &kind, self);
}
