/* What the harness's own files share.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_MODULE_HARNESS_STATE_H
#define DOCGEN_TESTS_MODULE_HARNESS_STATE_H

#include <apr_tables.h>
#include <stdarg.h>
#include "module/harness.h"

struct harness_server {
    harness *h;
    const char *dir;
    int port;
    int running; /* as far as verbs were said */
};

struct harness_state {
    apr_array_header_t *servers;  /* harness_server * */
    apr_array_header_t *expected; /* const char *: regexes of expected log lines */
    const char *tools;            /* absolute path of tests/tools */
    const char *own_postgres;     /* directory of the test's own PostgreSQL, or NULL */
    int reaper_pipe;              /* its closing, by us or by our death, wakes the reaper */
    int reaper_pid;
};

/** Runs a program (argv[0] is its path) with more environment (NAME=value, NULL = none); its standard output. The
 * exit code goes to `code`; with `code` NULL any but 0 fails the test. */
const char *harness_run(harness *h, int *code, const char *const *environment,
                        const char *const *argv);

/** Opens the owner's connection anew. */
void harness_connect(harness *h);

/** Text by C's own printf (APR's does not know every length modifier). */
const char *harness_format(harness *h, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/** Milliseconds of a clock that only rises. */
long long harness_now(void);

/** When a wait of so many seconds is over: with room for a machine that is slower or busier than the one that the test
 * was written on. $HARNESS_PATIENCE multiplies it. */
long long harness_deadline(int seconds);

/** The pause between two looks of a poll. */
void harness_pause(void);

/** Fails the test with this sentence and the tails of the error logs. Does not return. */
void harness_fail(harness *h, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

#endif
