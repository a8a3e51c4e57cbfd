/* libcurl with the doors shut: http and https only, no redirects, no cookies, no netrc.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/web.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"

#define BODY_MAX        (1024 * 1024)
#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS   15L

typedef struct body {
    CURL *curl;
    docgen_buffer *text;
    int only_head;
} body;

/** libcurl knows a redirect's target only once its body has ended. */
static int is_redirect(CURL *curl)
{
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status / 100 == 3;
}

static size_t body_take(char *data, size_t size, size_t count, void *baton)
{
    body *body = baton;
    size_t length = size * count;

    if ((body->only_head && !is_redirect(body->curl)) || body->text->length + length > BODY_MAX) {
        return 0; /* ends the transfer */
    }
    docgen_buffer_append(body->text, data, length);
    return length;
}

/** The program curl reads these variables, its library does not. */
static void authorities_set(CURL *curl)
{
    const char *file = getenv("SSL_CERT_FILE"), *directory = getenv("SSL_CERT_DIR");

    if (file && *file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    }
    if (directory && *directory) {
        curl_easy_setopt(curl, CURLOPT_CAPATH, directory);
    }
}

static void options_set(CURL *curl, const char *url, const char *bearer, body *body, char *problem)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, TOTAL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "docgen-generate");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
    authorities_set(curl);
    if (bearer) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, bearer);
    }
}

apr_status_t docgen_web_get(apr_pool_t *pool, const char *url, const char *bearer, int only_head,
                            docgen_web_answer *answer)
{
    char problem[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    body body = {.curl = curl, .text = docgen_buffer_create(pool), .only_head = only_head};
    char *location = NULL, *type = NULL;
    CURLcode code;

    memset(answer, 0, sizeof(*answer));
    if (!curl) {
        return APR_EGENERAL;
    }
    options_set(curl, url, bearer, &body, problem);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
    answer->location = location ? apr_pstrdup(pool, location) : NULL;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    answer->type = type ? apr_pstrdup(pool, type) : NULL;
    answer->body = apr_pstrmemdup(pool, body.text->data, body.text->length);
    answer->length = body.text->length;
    answer->problem = apr_pstrdup(pool, *problem ? problem : curl_easy_strerror(code));
    docgen_buffer_free(body.text);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer->status)) {
        return APR_SUCCESS;
    }
    answer->status = 0;
    return APR_EGENERAL;
}
