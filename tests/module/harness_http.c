/* The client of the module tests: libcurl for requests, a raw socket for what no client would send.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "module/harness_state.h"

#define REQUEST_SECONDS 30

/* What curl hands over, growing. */
typedef struct sink {
    char *data;
    size_t length;
} sink;

static size_t collect(char *data, size_t size, size_t count, void *to)
{
    sink *s = to;
    char *grown = realloc(s->data, s->length + size * count + 1);

    if (!grown) {
        return 0;
    }
    memcpy(grown + s->length, data, size * count);
    s->data = grown;
    s->length += size * count;
    grown[s->length] = '\0';
    return size * count;
}

static size_t discard(char *data, size_t size, size_t count, void *to)
{
    (void)data;
    (void)to;
    return size * count;
}

static struct curl_slist *header_list(harness *h, const harness_request *r)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    char *lines = apr_pstrdup(h->pool, r->headers ? r->headers : ""), *state;

    /* curl would say that a body is a form; a test says what it means. */
    if (r->body && (!r->headers || !strcasestr(r->headers, "content-type:"))) {
        list = curl_slist_append(list, "Content-Type:");
    }
    if (r->host) {
        list = curl_slist_append(list, apr_pstrcat(h->pool, "Host: ", r->host, NULL));
    }
    for (char *line = apr_strtok(lines, "\n", &state); line;
         line = apr_strtok(NULL, "\n", &state)) {
        list = curl_slist_append(list, line);
    }
    return list;
}

static CURL *make_handle(harness_server *s, const harness_request *r, struct curl_slist *headers)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_URL,
                     apr_psprintf(s->h->pool, "http://127.0.0.1:%d%s", s->port, r->path));
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)REQUEST_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (r->body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(r->length ? r->length : strlen(r->body)));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
    }
    if (r->method && strcmp(r->method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (r->method) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
    }
    if (r->user) {
        curl_easy_setopt(curl, CURLOPT_USERPWD, r->user);
    }
    return curl;
}

static apr_status_t free_json(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

static const char *take(harness *h, sink *s)
{
    const char *copy = apr_pstrmemdup(h->pool, s->data ? s->data : "", s->length);

    free(s->data);
    return copy;
}

const harness_reply *harness_ask_with(harness_server *s, harness_request r)
{
    harness *h = s->h;
    harness_reply *reply = apr_pcalloc(h->pool, sizeof(*reply));
    struct curl_slist *headers = header_list(h, &r);
    CURL *curl = make_handle(s, &r, headers);
    sink head = {0}, body = {0};
    const char *type;
    long status = 0;

    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    if (curl_easy_perform(curl) == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    reply->status = (int)status;
    reply->length = body.length;
    reply->headers = take(h, &head);
    reply->body = take(h, &body);
    type = harness_header(h, reply, "Content-Type");
    if (type && strstr(type, "json")) {
        reply->json = json_loadb(reply->body, reply->length, 0, NULL);
        apr_pool_cleanup_register(h->pool, reply->json, free_json, apr_pool_cleanup_null);
    }
    return reply;
}

const harness_reply *harness_get(harness_server *s, const char *path)
{
    return harness_ask(s, .path = path);
}

const harness_reply *harness_generate(harness_server *s, const char *id)
{
    return harness_ask(s, .path = "/docgen/api/generate-docs",
                       .headers = "Content-Type: application/json",
                       .body = apr_psprintf(s->h->pool, "{\"repositoryId\":\"%s\"}", id));
}

const char *harness_header(harness *h, const harness_reply *reply, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = reply->headers; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            line += length + 1;
            line += strspn(line, " ");
            return apr_pstrmemdup(h->pool, line, strcspn(line, "\r\n"));
        }
    }
    return NULL;
}

static json_t *find_member(harness *h, const harness_reply *reply, const char *path)
{
    char *names = apr_pstrdup(h->pool, path), *state;
    json_t *value = reply->json;

    for (char *name = apr_strtok(names, ".", &state); name && value;
         name = apr_strtok(NULL, ".", &state)) {
        value = json_object_get(value, name);
    }
    return value;
}

const char *harness_member(harness *h, const harness_reply *reply, const char *path)
{
    json_t *value = find_member(h, reply, path);
    char *text;
    const char *copy;

    if (!value) {
        return NULL;
    }
    if (json_is_string(value)) {
        return json_string_value(value);
    }
    text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    copy = apr_pstrdup(h->pool, text);
    free(text);
    return copy;
}

long long harness_number(harness *h, const harness_reply *reply, const char *path)
{
    json_t *value = find_member(h, reply, path);

    cr_assert(json_is_integer(value), "%s is no number in: %s", path, reply->body);
    return json_integer_value(value);
}

static int dial(harness_server *s)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0, "cannot connect: %s",
              strerror(errno));
    return fd;
}

const char *harness_raw(harness_server *s, const char *bytes, size_t length, int end)
{
    int fd = dial(s);
    sink all = {0};
    char buffer[8192];
    ssize_t got;

    cr_assert(send(fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length, "cannot send: %s",
              strerror(errno));
    if (end) {
        shutdown(fd, SHUT_WR);
    }
    while (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, REQUEST_SECONDS * 1000) == 1 &&
           (got = read(fd, buffer, sizeof(buffer))) > 0) {
        collect(buffer, 1, (size_t)got, &all);
    }
    close(fd);
    return take(s->h, &all);
}

/* ---- many at once ---- */

typedef struct shot {
    int index;
    int is_fresh; /* on a connection of its own */
    struct curl_slist *headers;
} shot;

static void fire(harness *h, CURLM *multi, harness_server **servers, int n,
                 const harness_request *requests, int i)
{
    shot *this = apr_pcalloc(h->pool, sizeof(*this));
    CURL *curl;

    this->index = i;
    this->headers = header_list(h, &requests[i]);
    curl = make_handle(servers[i % n], &requests[i], this->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, this);
    curl_multi_add_handle(multi, curl);
}

/* A busy httpd closes connections that are kept alive; curl gives up after five such in a row, none of which the
 * request was read from. */
static int fire_again(CURLM *multi, CURL *curl, CURLcode result, shot *this)
{
    if (result != CURLE_SEND_ERROR || this->is_fresh) {
        return 0;
    }
    this->is_fresh = 1;
    curl_multi_remove_handle(multi, curl);
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_multi_add_handle(multi, curl);
    return 1;
}

static int reap_shots(CURLM *multi, int *statuses)
{
    CURLMsg *message;
    int left, done = 0;

    while ((message = curl_multi_info_read(multi, &left))) {
        CURL *curl = message->easy_handle;
        shot *this;
        long status = 0;

        curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&this);
        if (fire_again(multi, curl, message->data.result, this)) {
            continue;
        }
        if (message->data.result == CURLE_OK) {
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        } else {
            cr_log_warn("request %d had no answer: %s", this->index,
                        curl_easy_strerror(message->data.result));
        }
        statuses[this->index] = (int)status;
        curl_multi_remove_handle(multi, curl);
        curl_easy_cleanup(curl);
        curl_slist_free_all(this->headers);
        done++;
    }
    return done;
}

void harness_burst(harness *h, harness_server **servers, int n, const harness_request *requests,
                   int count, int at_once, int *statuses)
{
    CURLM *multi = curl_multi_init();
    int next = 0, done = 0, running;

    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)at_once);
    while (done < count) {
        while (next < count && next - done < at_once) {
            fire(h, multi, servers, n, requests, next++);
        }
        curl_multi_perform(multi, &running);
        done += reap_shots(multi, statuses);
        if (done < next) {
            curl_multi_poll(multi, NULL, 0, 100, NULL);
        }
    }
    curl_multi_cleanup(multi);
}
