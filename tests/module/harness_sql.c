/* Looking at the state from outside the module: SQL as the database's owner, polls, the fake generator's files.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "module/harness_state.h"

static const char *query(harness *h, const char *format, va_list args)
{
    const char *sql = harness_format(h, format, args), *value = NULL;
    PGresult *result = PQexec(h->db, sql);

    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        harness_fail(h, "%s\n%s", sql, PQerrorMessage(h->db));
    }
    if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0)) {
        value = apr_pstrdup(h->pool, PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    return value;
}

const char *harness_sql(harness *h, const char *format, ...)
{
    va_list args;
    const char *value;

    va_start(args, format);
    value = query(h, format, args);
    va_end(args);
    return value;
}

long long harness_sql_number(harness *h, const char *format, ...)
{
    va_list args;
    const char *value;

    va_start(args, format);
    value = query(h, format, args);
    va_end(args);
    cr_assert(value != NULL, "no row from: %s", format);
    return atoll(value);
}

void harness_await_sql(harness *h, int seconds, const char *format, ...)
{
    long long deadline = harness_deadline(seconds);
    va_list args;
    const char *sql, *value = NULL;

    va_start(args, format);
    sql = harness_format(h, format, args);
    va_end(args);
    while (harness_now() < deadline) {
        value = harness_sql(h, "%s", sql);
        if (value && strcmp(value, "t") == 0) {
            return;
        }
        harness_pause();
    }
    harness_fail(h, "not true within %d s, with patience: %s", seconds, sql);
}

const harness_reply *harness_await_status(harness_server *s, const char *id, const char *status,
                                          int seconds)
{
    long long deadline = harness_deadline(seconds);
    const char *path = apr_pstrcat(s->h->pool, "/docgen/api/status/", id, NULL), *now;
    const harness_reply *reply = NULL;

    while (harness_now() < deadline) {
        reply = harness_get(s, path);
        now = harness_member(s->h, reply, "status");
        if (reply->status == 200 && now && strcmp(now, status) == 0) {
            return reply;
        }
        harness_pause();
    }
    harness_fail(s->h, "%s is not %s after %d s, with patience; the last reply was %d: %s", id,
                 status, seconds, reply ? reply->status : 0, reply ? reply->body : "");
}

void harness_await(harness *h, int seconds, const char *what, int (*condition)(void *data),
                   void *data)
{
    long long deadline = harness_deadline(seconds);

    while (!condition(data)) {
        if (harness_now() > deadline) {
            harness_fail(h, "%s did not happen within %d s, with patience", what, seconds);
        }
        harness_pause();
    }
}

/* ---- the fake generator ---- */

static const char *control_file(harness *h, const char *name, const char *suffix)
{
    return apr_pstrcat(h->pool, h->control, "/", name, suffix, NULL);
}

/* Appears with its content at once: a generator may be looking. */
static void put_file(harness *h, const char *path, const char *text)
{
    const char *draft = apr_pstrcat(h->pool, path, ".new", NULL);
    FILE *file = fopen(draft, "w");

    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0 && rename(draft, path) == 0,
              "cannot write %s", path);
}

void harness_script(harness *h, const char *id, const char *words)
{
    put_file(h, control_file(h, id, ".script"), apr_pstrcat(h->pool, words, "\n", NULL));
}

void harness_open_gate(harness *h, const char *gate)
{
    put_file(h, control_file(h, gate, ""), "open\n");
}

int harness_starts(harness *h, const char *id)
{
    FILE *file = fopen(control_file(h, "starts", ""), "r");
    char line[512];
    int count = 0;

    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, " ")] = '\0';
        count += !id || strcmp(line, id) == 0;
    }
    if (file) {
        fclose(file);
    }
    return count;
}
