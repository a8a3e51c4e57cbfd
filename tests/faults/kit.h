/* What the fault tests share: clocks, whom to strike, the proxy between the module and its database.
 * All of it may be called from the test's main thread only.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_FAULTS_KIT_H
#define DOCGEN_TESTS_FAULTS_KIT_H

#include <sys/types.h>
#include "module/harness.h"

/** Milliseconds of a clock that only rises. */
double kit_now(void);

/** The pause between two looks: short, because what is measured is not much longer. */
void kit_pause(void);

/** A number from the environment, or what stands for it when it is absent. */
int kit_setting(const char *name, int otherwise);

/** The child that runs this repository's job; 0 when none does. */
pid_t kit_owner(harness *h, const char *id);

/** The generator that was started last for this repository, by its own log. */
pid_t kit_generator(harness *h, const char *id);

/** The processes of a server that runs, parent first, ended by 0. */
const pid_t *kit_everyone(harness_server *s);

/** How many children a server has now. */
int kit_children(harness_server *s);

/** Waits until a server has at least this many children and answers its health route with 200. */
void kit_await_ready(harness_server *s, int children);

/** Asks for a generation until it is accepted; its job id. */
const char *kit_request(harness_server *s, const char *id);

/** The terminal kind of a job (failed, completed, expired…), NULL while it has none. */
const char *kit_verdict(harness *h, const char *job);

/** A TCP proxy in front of a PostgreSQL, and the conninfo that leads through it. */
typedef struct kit_proxy {
    harness *h;
    pid_t pid;
    int port;
    int out; /**< its standard output, where it confirms each mode */
    const char *control;
    const char *mode; /**< that was said last */
    const char *database;
} kit_proxy;

/** Starts one before the database that h->module names. It ends with the test's process. */
kit_proxy *kit_proxy_start(harness *h);

/** Sets its mode (see tests/tools/fault-proxy.c) and waits until it is in force. */
void kit_proxy_say(kit_proxy *proxy, const char *mode);

/** Ends it. */
void kit_proxy_stop(kit_proxy *proxy);

/** Servers that are started from now on run as if on another host, in a mount namespace with a boot id of its own
 * (1), or here again (0). Needs root. */
void kit_start_elsewhere(harness *h, int elsewhere);

#endif
