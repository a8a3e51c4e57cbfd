/* A handler for the bench that answers with a constant: the ceiling of what any handler of this httpd can reach.
 * GET /constant?N answers N bytes with the headers that the status route sends.
 * SPDX-License-Identifier: Apache-2.0 */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <stdlib.h>
#include <string.h>

#define CONSTANT_MAX 65536

static char body[CONSTANT_MAX];

static int answer(request_rec *r)
{
    int length;

    if (!r->handler || strcmp(r->handler, "constant") != 0) {
        return DECLINED;
    }
    length = r->args ? atoi(r->args) : 0;
    if (length < 0 || length > CONSTANT_MAX) {
        return HTTP_BAD_REQUEST;
    }
    ap_set_content_type(r, "application/json");
    ap_set_content_length(r, length);
    apr_table_setn(r->headers_out, "Cache-Control", "no-cache");
    apr_table_setn(r->headers_out, "ETag", "W/\"00000000-0000-0000-0000-000000000000.1\"");
    ap_rwrite(body, length, r);
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    memset(body, 'x', sizeof(body));
    ap_hook_handler(answer, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA constant_module __attribute__((visibility("default"))) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks, AP_MODULE_FLAG_NONE,
};
