/* The world of a module test: a database of its own, one or more real httpds with the module loaded, a client,
 * and the checks that hold at the end of every test (log, invariants, orphans).
 *
 * A test begins with harness_open() and ends with harness_close(). Everything is allocated from the test's pool.
 * Each function fails the test with a sentence when what it needs cannot be had; nothing here sleeps for a fixed time.
 * Should the test crash, a reaper process ends its servers (see harness.c).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_MODULE_HARNESS_H
#define DOCGEN_TESTS_MODULE_HARNESS_H

#include <apr_pools.h>
#include <jansson.h>
#include <libpq-fe.h>
#include <stddef.h>

typedef struct harness_server harness_server;

/** One test's world. */
typedef struct harness {
    apr_pool_t *pool;
    const char *dir;      /**< private directory that every user can enter */
    const char *control;  /**< directory of the fake generator: gates and its start log */
    const char *database; /**< name of this test's database, a copy of the migrated template */
    const char *owner;    /**< conninfo of the database's owner */
    const char *module;   /**< conninfo of the least-privileged role that the module uses */
    PGconn *db;           /**< the owner's connection */
    struct harness_state *state;
} harness;

/** Makes a world without any httpd yet. */
harness *harness_open(void);

/** Stops the servers and checks: docgen_check() is empty before and after, no unexpected line in any error log,
 * no process left. Call it last. */
void harness_close(harness *h);

/** From now on the test's database lives in a PostgreSQL of its own, so that it can be stopped or killed.
 * Call it before the first harness_serve. */
void harness_own_postgres(harness *h);

/** Says a verb (stop, restart, kill, start) to the test's own PostgreSQL. */
void harness_postgres(harness *h, const char *verb);

/** Writes a file of this name into the test's directory; its path. */
const char *harness_write(harness *h, const char *name, const char *text);

/** Is a warning or error in the log expected? `regex` is grep -E's. */
void harness_expect_log(harness *h, const char *regex);

/* ---- servers ---- */

typedef struct harness_options {
    const char *mpm;          /**< default: $HARNESS_MPM, else event */
    const char *mount;        /**< default /docgen; "" = none */
    const char *repositories; /**< one `ID URL [key=value]` a line; default "demo test:ok" */
    const char *generator;    /**< default: the fake generator with h->control */
    const char *database;     /**< conninfo; default h->module */
    const char *conf;         /**< read last, at server level */
    int plain;                /**< without mod_docgen */
    int single; /**< httpd -X: no parent, one process; a later "start" is a normal one */
} harness_options;

/** Starts an httpd and waits until it answers: harness_serve(h, .repositories = "a test:ok", .conf = "…"). */
#define harness_serve(h, ...) harness_serve_with((h), (harness_options){__VA_ARGS__})
harness_server *harness_serve_with(harness *h, harness_options options);

/** Says a verb of tests/tools/httpd (stop, restart, graceful, graceful-stop, kill, kill-child, start). Returns its
 * output. */
const char *harness_httpd(harness_server *s, const char *verb);

/** The whole error log so far. */
const char *harness_log(harness_server *s);
int harness_port(const harness_server *s);
const char *harness_dir(const harness_server *s);

/** Waits until no process of this server is left: after graceful-stop. */
void harness_await_end(harness_server *s, int seconds);

/* ---- the client ---- */

typedef struct harness_request {
    const char *method;  /**< default GET, or POST when there is a body */
    const char *path;    /**< sent as it is, from the server's root */
    const char *headers; /**< lines separated by \n */
    const char *body;
    const char *user; /**< name:password for basic authentication */
    const char *host; /**< another Host header */
    size_t length;    /**< of body, when it holds zero bytes */
} harness_request;

typedef struct harness_reply {
    int status;          /**< 0 = no reply */
    const char *headers; /**< the block as received */
    const char *body;
    size_t length;
    json_t *json; /**< the body when it is JSON, else NULL; the pool owns it */
} harness_reply;

/** One request on a new connection: harness_ask(s, .path = "/docgen/api/health"). */
#define harness_ask(s, ...) harness_ask_with((s), (harness_request){__VA_ARGS__})
const harness_reply *harness_ask_with(harness_server *s, harness_request request);
const harness_reply *harness_get(harness_server *s, const char *path);

/** POST of {"repositoryId":"ID"} to the default mount, as a program does it. */
const harness_reply *harness_generate(harness_server *s, const char *id);

/** The value of a header, or NULL. */
const char *harness_header(harness *h, const harness_reply *reply, const char *name);

/** A member of the reply's JSON object as text ("null" for null, NULL when absent). `docs.url` looks deeper. */
const char *harness_member(harness *h, const harness_reply *reply, const char *path);
long long harness_number(harness *h, const harness_reply *reply, const char *path);

/** Sends these bytes on a raw socket, ends the sending side when asked, and returns all that comes back. */
const char *harness_raw(harness_server *s, const char *bytes, size_t length, int end);

/** Sends each request once, `at_once` at a time; request i goes to servers[i % n]. `statuses[i]` gets its status. */
void harness_burst(harness *h, harness_server **servers, int n, const harness_request *requests,
                   int count, int at_once, int *statuses);

/* ---- state ---- */

/** Runs SQL as the owner; the first value of the first row as text, NULL when there is none. */
const char *harness_sql(harness *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
long long harness_sql_number(harness *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Polls until the SQL answers true. The seconds of every wait are those of an idle machine: see harness_deadline. */
void harness_await_sql(harness *h, int seconds, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Polls the status route until the repository is in this status; returns that reply. */
const harness_reply *harness_await_status(harness_server *s, const char *id, const char *status,
                                          int seconds);

/** What the next generators of this repository do: the words of tests/tools/fake-generator.c. */
void harness_script(harness *h, const char *id, const char *words);

/** Lets the generators that wait at this gate (`gate=NAME`) go on. */
void harness_open_gate(harness *h, const char *gate);

/** How often the fake generator was started for this repository (NULL = for any), by its own log. */
int harness_starts(harness *h, const char *id);

/** Polls until `condition(data)` is true; fails with `what` after the time. */
void harness_await(harness *h, int seconds, const char *what, int (*condition)(void *data),
                   void *data);

#endif
