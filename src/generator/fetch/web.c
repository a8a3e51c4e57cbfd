/* libcurl with the doors shut: http and https only, no redirects, no cookies, no netrc.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/web.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>
#include "core/buffer.h"

#define BODY_MAX        (1024 * 1024)
#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS   15L

/** What is used of libcurl. It is loaded by the first request and not before: it brings thirty libraries along, and
 * most processes of this program, the analysis above all, speak to nobody. */
typedef struct library {
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    CURLcode (*perform)(CURL *);
    const char *(*strerror)(CURLcode);
    void (*cleanup)(CURL *);
} library;

typedef struct body {
    const library *library;
    CURL *curl;
    docgen_buffer *text;
    int only_head;
} body;

/** @return 0 when it is not installed or not what it should be */
static int library_load(library *library)
{
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_NODELETE);
    const struct {
        const char *name;
        void *place; /* a function pointer's */
    } functions[] = {
        {"curl_easy_init", &library->init},         {"curl_easy_setopt", &library->setopt},
        {"curl_easy_getinfo", &library->getinfo},   {"curl_easy_perform", &library->perform},
        {"curl_easy_strerror", &library->strerror}, {"curl_easy_cleanup", &library->cleanup}};
    int whole = handle != NULL;

    for (size_t i = 0; whole && i < sizeof(functions) / sizeof(functions[0]); i++) {
        void *function = dlsym(handle, functions[i].name);

        memcpy(functions[i].place, &function, sizeof(function));
        whole = function != NULL;
    }
    return whole;
}

/** libcurl knows a redirect's target only once its body has ended. */
static int is_redirect(const library *library, CURL *curl)
{
    long status = 0;

    library->getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status / 100 == 3;
}

static size_t body_take(char *data, size_t size, size_t count, void *baton)
{
    body *body = baton;
    size_t length = size * count;

    if ((body->only_head && !is_redirect(body->library, body->curl)) ||
        body->text->length + length > BODY_MAX) {
        return 0; /* ends the transfer */
    }
    docgen_buffer_append(body->text, data, length);
    return length;
}

/** The program curl reads these variables, its library does not. */
static void authorities_set(const library *library, CURL *curl)
{
    const char *file = getenv("SSL_CERT_FILE"), *directory = getenv("SSL_CERT_DIR");

    if (file && *file) {
        library->setopt(curl, CURLOPT_CAINFO, file);
    }
    if (directory && *directory) {
        library->setopt(curl, CURLOPT_CAPATH, directory);
    }
}

static void options_set(CURL *curl, const char *url, const char *bearer, body *body, char *problem)
{
    const library *library = body->library;

    library->setopt(curl, CURLOPT_URL, url);
    library->setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    library->setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    library->setopt(curl, CURLOPT_NOSIGNAL, 1L);
    library->setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    library->setopt(curl, CURLOPT_TIMEOUT, TOTAL_SECONDS);
    library->setopt(curl, CURLOPT_USERAGENT, "docgen-generate");
    library->setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
    library->setopt(curl, CURLOPT_WRITEDATA, body);
    library->setopt(curl, CURLOPT_ERRORBUFFER, problem);
    authorities_set(library, curl);
    if (bearer) {
        library->setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        library->setopt(curl, CURLOPT_XOAUTH2_BEARER, bearer);
    }
}

apr_status_t docgen_web_get(apr_pool_t *pool, const char *url, const char *bearer, int only_head,
                            docgen_web_answer *answer)
{
    char problem[CURL_ERROR_SIZE] = "";
    library library;
    body body = {.library = &library, .only_head = only_head};
    CURL *curl;
    char *location = NULL, *type = NULL;
    CURLcode code;

    memset(answer, 0, sizeof(*answer));
    if (!library_load(&library)) {
        answer->problem = "libcurl.so.4 is not installed";
        return APR_EGENERAL;
    }
    curl = library.init();
    if (!curl) {
        return APR_EGENERAL;
    }
    body.curl = curl;
    body.text = docgen_buffer_create(pool);
    options_set(curl, url, bearer, &body, problem);
    code = library.perform(curl);
    library.getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    library.getinfo(curl, CURLINFO_REDIRECT_URL, &location);
    answer->location = location ? apr_pstrdup(pool, location) : NULL;
    library.getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    answer->type = type ? apr_pstrdup(pool, type) : NULL;
    answer->body = apr_pstrmemdup(pool, body.text->data, body.text->length);
    answer->length = body.text->length;
    answer->problem = apr_pstrdup(pool, *problem ? problem : library.strerror(code));
    docgen_buffer_free(body.text);
    library.cleanup(curl);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && answer->status)) {
        return APR_SUCCESS;
    }
    answer->status = 0;
    return APR_EGENERAL;
}
