/* GET assets/NAME-HASH.EXT: the module's own files, for ever the same under one name.
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/ui_assets.h"

#include <apr_strings.h>
#include "web/reply.h"
#include "web/context.h"

/* Does the Accept-Encoding header name a coding without forbidding it (q=0)? */
static int takes(const request_rec *r, const char *coding)
{
    const char *header = apr_table_get(r->headers_in, "Accept-Encoding");
    char *list, *state = NULL;

    if (!header)
        return 0;
    list = apr_pstrdup(r->pool, header);
    for (char *entry = apr_strtok(list, ",", &state); entry;
         entry = apr_strtok(NULL, ",", &state)) {
        apr_size_t length;
        const char *q;

        entry += strspn(entry, " \t");
        length = strcspn(entry, "; \t");
        if (length != strlen(coding) || strncasecmp(entry, coding, length))
            continue;
        q = strstr(entry + length, "q=");
        return !q || strtod(q + 2, NULL) > 0;
    }
    return 0;
}

int docgen_ui_asset_send(docgen_context *context)
{
    request_rec *r = context->r;
    const docgen_ui_asset *asset = docgen_ui_assets;
    docgen_ui_bytes bytes;
    const char *coding = NULL;
    docgen_reply reply = {.cache = "public, max-age=31536000, immutable", .constant = 1};

    while (asset->name && strcmp(asset->file, context->tail))
        asset++;
    if (!asset->name)
        return docgen_problem(context, DOCGEN_E_NOT_FOUND,
                              "This version has no such file; reload the page that names it.");
    bytes = asset->plain;
    if (asset->brotli.data && takes(r, "br")) {
        bytes = asset->brotli;
        coding = "br";
    } else if (takes(r, "gzip")) {
        bytes = asset->gzip;
        coding = "gzip";
    }
    apr_table_mergen(r->headers_out, "Vary", "Accept-Encoding");
    if (coding) {
        r->content_encoding = coding;
        apr_table_setn(r->headers_out, "Content-Encoding", coding);
    }
    /* Without this mod_deflate would compress small or plain variants a second way. */
    apr_table_setn(r->subprocess_env, "no-gzip", "1");
    apr_table_setn(r->subprocess_env, "no-brotli", "1");
    reply.type = asset->media_type;
    reply.body = (const char *)bytes.data;
    reply.length = bytes.length;
    reply.etag =
        apr_psprintf(r->pool, "\"%s%s%s\"", asset->hash, coding ? "-" : "", coding ? coding : "");
    return docgen_send(context, &reply);
}
