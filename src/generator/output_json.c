/* Results as JSON lines, the protocol's version 2: one line for each fact, at most 4 MiB each.
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
#include "generator/outline.h"

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

/** Where the lines go, and which version of the protocol they are. */
typedef struct json_lines {
    int fd;
    int protocol;
} json_lines;

/** Sends one object as one line and gives it back. */
static apr_status_t send_line(docgen_output *output, json_t *line)
{
    const json_lines *self = output->self;
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
            rv = write_all(self->fd, text, length + 1);
        }
    }
    free(text);
    json_decref(line);
    return rv;
}

static int is_first_version(const docgen_output *output)
{
    const json_lines *self = output->self;

    return self->protocol == 1;
}

static apr_status_t json_begin(docgen_output *output)
{
    return is_first_version(output) ? APR_SUCCESS
                                    : send_line(output, json_pack("{s:s, s:i}", "type", "protocol",
                                                                  "version", DOCGEN_PROTOCOL));
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

static json_t *headings_json(const docgen_outline *outline)
{
    json_t *list = json_array();

    for (int i = 0; i < outline->headings->nelts; i++) {
        const docgen_outline_heading *heading =
            &APR_ARRAY_IDX(outline->headings, i, docgen_outline_heading);

        json_array_append_new(list, json_pack("{s:i, s:s, s:s}", "level", heading->level, "id",
                                              heading->id, "text", heading->text));
    }
    return list;
}

static json_t *texts_json(const apr_array_header_t *texts)
{
    json_t *list = json_array();

    for (int i = 0; i < texts->nelts; i++)
        json_array_append_new(list, json_string(APR_ARRAY_IDX(texts, i, const char *)));
    return list;
}

static json_t *sources_json(const apr_array_header_t *sources)
{
    json_t *list = json_array();

    for (int i = 0; sources && i < sources->nelts; i++) {
        const docgen_page_source *source = &APR_ARRAY_IDX(sources, i, docgen_page_source);

        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "path", source->path, "blob", source->blob));
    }
    return list;
}

static apr_status_t json_page(docgen_output *output, apr_pool_t *scratch, const docgen_page *page)
{
    docgen_outline *outline = docgen_outline_read(scratch, page->html);

    return send_line(output,
                     json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:o, s:o, s:o}", "type", "page",
                               "path", page->path, "title", page->title, "order", page->order,
                               "markdown", page->markdown, "html", page->html, "headings",
                               headings_json(outline), "text", texts_json(outline->texts),
                               "sources", sources_json(page->sources)));
}

static apr_status_t json_asset(docgen_output *output, apr_pool_t *scratch, const char *path,
                               const char *media_type, const char *data, apr_size_t length)
{
    char *base64 = apr_palloc(scratch, apr_base64_encode_len((int)length));

    apr_base64_encode_binary(base64, (const unsigned char *)data, (int)length);
    return send_line(output, json_pack("{s:s, s:s, s:s, s:s}", "type", "asset", "path", path,
                                       "mediaType", media_type, "base64", base64));
}

static apr_status_t json_symbol(docgen_output *output, const docgen_page_symbol *symbol)
{
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*}", "type", "symbol",
                  "name", symbol->name, "kind", symbol->kind, "page", symbol->page, "anchor",
                  symbol->anchor, "visibility", symbol->visibility, "signature", symbol->signature,
                  "summary", symbol->summary, "parent", symbol->parent, "file", symbol->file);

    if (line && symbol->file && symbol->line > 0) {
        json_object_set_new(line, "line", json_integer(symbol->line));
        json_object_set_new(
            line, "endLine",
            json_integer(symbol->end_line > symbol->line ? symbol->end_line : symbol->line));
    }
    return send_line(output, line);
}

static apr_status_t json_facts(docgen_output *output, const docgen_page_facts *facts)
{
    json_t *languages;

    if (is_first_version(output))
        return APR_SUCCESS;
    languages = json_array();
    for (int i = 0; facts->languages && i < facts->languages->nelts; i++) {
        const docgen_page_language *language =
            &APR_ARRAY_IDX(facts->languages, i, docgen_page_language);

        json_array_append_new(
            languages, json_pack("{s:s, s:i}", "name", language->name, "lines", language->lines));
    }
    return send_line(output,
                     json_pack("{s:s, s:s*, s:s*, s:s*, s:o, s:o}", "type", "facts", "description",
                               facts->description, "homepage", facts->homepage, "licence",
                               facts->licence, "languages", languages, "owners",
                               facts->owners ? texts_json(facts->owners) : json_array()));
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

docgen_output *docgen_output_json(apr_pool_t *pool, int fd, int protocol)
{
    static const docgen_output_kind kind = {.begin = json_begin,
                                            .progress = json_progress,
                                            .source = json_source,
                                            .page = json_page,
                                            .asset = json_asset,
                                            .symbol = json_symbol,
                                            .facts = json_facts,
                                            .unchanged = json_unchanged,
                                            .error = json_error,
                                            .finish = json_finish};
    json_lines *self = apr_palloc(pool, sizeof(*self));

    self->fd = fd;
    self->protocol = protocol;
    return docgen_output_create(pool, &kind, self);
}
