/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/clients.h"

#include <criterion/criterion.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DOCUMENTS      2
#define COMPLAINTS_MAX 4000
#define PATIENCE_S     20L /* no answer for so long is a hang */

static const char *const documents[DOCUMENTS] = {"/docgen/docs/" CLIENTS_CONTROL "/index.md",
                                                 "/docgen/docs/" CLIENTS_CONTROL "/llms.txt"};

typedef struct one {
    clients *all;
    unsigned random;
    pthread_t thread;
} one;

struct clients_threads {
    one threads[CLIENTS_THREADS + 1];
    char *published[DOCUMENTS];
    pthread_mutex_t lock;
    char complaints[COMPLAINTS_MAX];
    size_t length;
};

typedef struct answer {
    long status; /* 0 = none */
    int timed_out;
    char *body;
    size_t length;
} answer;

static void complain(clients *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(clients *c, const char *format, ...)
{
    struct clients_threads *t = c->threads;
    va_list args;
    int n;

    atomic_fetch_add(&c->broken, 1);
    pthread_mutex_lock(&t->lock);
    if (t->length < COMPLAINTS_MAX - 600) {
        va_start(args, format);
        n = vsnprintf(t->complaints + t->length, 500, format, args);
        va_end(args);
        t->length += (size_t)(n < 500 ? n : 499);
        t->complaints[t->length++] = '\n';
        t->complaints[t->length] = '\0';
    }
    pthread_mutex_unlock(&t->lock);
}

/* ---- asking ---- */

static size_t collect(char *data, size_t size, size_t count, void *to)
{
    answer *a = to;
    char *grown = realloc(a->body, a->length + size * count + 1);

    if (!grown) {
        return 0;
    }
    memcpy(grown + a->length, data, size * count);
    a->body = grown;
    a->length += size * count;
    grown[a->length] = '\0';
    return size * count;
}

static answer ask(int port, const char *path, const char *body)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    CURL *curl = curl_easy_init();
    answer a = {0};
    char url[300];
    CURLcode code;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, PATIENCE_S);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a);
    if (body) {
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    code = curl_easy_perform(curl);
    a.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    if (code == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &a.status);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return a;
}

/* Asks, and judges what needs no look into the body. @return is there a body to look into? */
static int ask_and_judge(clients *c, int port, const char *path, const char *body, answer *a)
{
    int may_refuse = c->may_refuse, may_drop = c->may_drop;

    *a = ask(port, path, body);
    may_refuse |= c->may_refuse;
    may_drop |= c->may_drop;
    if (a->timed_out) {
        complain(c, "%s on port %d: no answer for %ld s", path, port, PATIENCE_S);
    } else if (!a->status) {
        atomic_fetch_add(&c->dropped, 1);
        if (!may_drop) {
            complain(c, "%s on port %d: the connection broke off", path, port);
        }
    } else if (a->status == 503) {
        atomic_fetch_add(&c->refused, 1);
        if (!may_refuse) {
            complain(c, "%s on port %d: 503 although nothing is wrong: %.300s", path, port,
                     a->body);
        }
    } else {
        return 1;
    }
    return 0;
}

static int is_word(const char *word)
{
    return word && (!strcmp(word, "idle") || !strcmp(word, "generating") ||
                    !strcmp(word, "completed") || !strcmp(word, "failed"));
}

/* The status object must be consistent in itself, whenever it was read. */
static void judge_state(clients *c, const char *path, const answer *a)
{
    json_t *state = json_loadb(a->body ? a->body : "", a->length, 0, NULL);
    const char *word = json_string_value(json_object_get(state, "status"));
    int progress = (int)json_integer_value(json_object_get(state, "progress"));
    int has_error = json_is_string(json_object_get(state, "errorMessage"));

    if (!is_word(word) || (progress == 100) != !strcmp(word, "completed") ||
        has_error != !strcmp(word, "failed")) {
        complain(c, "%s: a state that cannot be: %.300s", path, a->body ? a->body : "");
    }
    json_decref(state);
}

static void post(one *self, int port)
{
    clients *c = self->all;
    int number = (int)(rand_r(&self->random) % (unsigned)(c->repositories + 1));
    char body[100];
    answer a;

    if (number == c->repositories) {
        strcpy(body, "{\"repositoryId\":\"" CLIENTS_CONTROL "\"}");
    } else {
        snprintf(body, sizeof(body), "{\"repositoryId\":\"r%d\"}", number);
    }
    if (ask_and_judge(c, port, "/docgen/api/generate-docs", body, &a)) {
        if (a.status == 202) {
            atomic_fetch_add(&c->accepted, 1);
        } else if (a.status == 409) {
            atomic_fetch_add(&c->locked, 1);
        } else {
            complain(c, "POST %s: %ld %.300s", body, a.status, a.body ? a.body : "");
        }
    }
    free(a.body);
}

static void read_state(one *self, int port)
{
    clients *c = self->all;
    char path[100];
    answer a;

    snprintf(path, sizeof(path), "/docgen/api/status/r%u",
             rand_r(&self->random) % (unsigned)c->repositories);
    if (ask_and_judge(c, port, path, NULL, &a)) {
        atomic_fetch_add(&c->reads, 1);
        if (a.status == 200) {
            judge_state(c, path, &a);
        } else {
            complain(c, "%s: %ld %.300s", path, a.status, a.body ? a.body : "");
        }
    }
    free(a.body);
}

static void rest(unsigned *random, int most_ms)
{
    nanosleep(
        &(struct timespec){.tv_nsec = (2 + (long)(rand_r(random) % (unsigned)most_ms)) * 1000000L},
        NULL);
}

static void *client_main(void *data)
{
    one *self = data;
    clients *c = self->all;

    while (!c->is_over) {
        int port = c->ports[rand_r(&self->random) % (unsigned)c->servers];

        if (c->is_posting && rand_r(&self->random) % 5 < 2) {
            post(self, port);
        } else {
            read_state(self, port);
        }
        rest(&self->random, 60);
    }
    return NULL;
}

/* The control repository is asked for like the others, and its jobs all fail: what it published stays. */
static void *watcher_main(void *data)
{
    one *self = data;
    clients *c = self->all;

    for (int i = 0; !c->is_over; i++) {
        int which = i % DOCUMENTS;
        answer a;

        if (ask_and_judge(c, c->ports[(i / DOCUMENTS) % c->servers], documents[which], NULL, &a)) {
            atomic_fetch_add(&c->compared, 1);
            if (a.status != 200 || !a.body || strcmp(a.body, c->threads->published[which]) != 0) {
                complain(c, "%s changed: %ld %.200s", documents[which], a.status,
                         a.body ? a.body : "");
            }
        }
        free(a.body);
        rest(&self->random, 20);
    }
    return NULL;
}

void clients_start(clients *c)
{
    struct clients_threads *t = calloc(1, sizeof(*t));

    cr_assert(t != NULL);
    c->threads = t;
    pthread_mutex_init(&t->lock, NULL);
    for (int i = 0; i < DOCUMENTS; i++) {
        answer a = ask(c->ports[0], documents[i], NULL);

        cr_assert(a.status == 200 && a.length > 20, "%s is not published: %ld", documents[i],
                  a.status);
        t->published[i] = a.body;
    }
    for (int i = 0; i <= CLIENTS_THREADS; i++) {
        t->threads[i] = (one){.all = c, .random = c->seed + (unsigned)i * 7919};
        cr_assert(pthread_create(&t->threads[i].thread, NULL, i ? client_main : watcher_main,
                                 &t->threads[i]) == 0);
    }
}

void clients_stop(clients *c)
{
    c->is_over = 1;
    for (int i = 0; i <= CLIENTS_THREADS; i++) {
        pthread_join(c->threads->threads[i].thread, NULL);
    }
}

long clients_complaints(clients *c, char *text, size_t size)
{
    struct clients_threads *t = c->threads;
    long count = atomic_exchange(&c->broken, 0);

    pthread_mutex_lock(&t->lock);
    snprintf(text, size, "%s", t->complaints);
    t->complaints[0] = '\0';
    t->length = 0;
    pthread_mutex_unlock(&t->lock);
    return count;
}
