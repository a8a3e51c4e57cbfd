/* A storm: two httpds, one PostgreSQL behind a proxy, clients that never stop, and one class of faults after another.
 * storm.c runs the classes and judges what they leave; storm_faults.c is the list of classes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_FAULTS_STORM_H
#define DOCGEN_TESTS_FAULTS_STORM_H

#include "faults/clients.h"
#include "faults/kit.h"
#include "module/harness_state.h"

#define STORM_SERVERS      3 /* the third only with PgBouncer */
#define STORM_REPOSITORIES 10
#define STORM_GOOD         8 /* of them end well when nothing strikes */
#define STORM_STRUCK       16

typedef struct storm {
    harness *h;
    kit_proxy *proxy;
    harness_server *servers[STORM_SERVERS];
    clients clients;
    unsigned random;
    long log_read[STORM_SERVERS]; /* how far each error log was judged */
    pid_t pooler;
    pid_t struck[STORM_STRUCK]; /* the children that were struck last */
    int struck_next;
    int passed, failed;
    const char *class;  /* the one at work */
    const char *faults; /* what was found wrong in all of them, a line each */
} storm;

typedef struct storm_class {
    const char *name;
    int (*begin)(storm *s);   /* once; 0 = cannot be had here, `why` says why */
    void (*strike)(storm *s); /* again and again */
    void (*heal)(storm *s);   /* once, at the end */
    int may_refuse;           /* 503 is an honest answer meanwhile */
    int may_silence;          /* bytes are lost: who waits for an answer learns it by a deadline */
    int may_drop;             /* connections break off meanwhile */
    int is_mixed;             /* takes part when all come together */
    const char *log;          /* regex of the error-log lines that it explains */
    const char *why;
} storm_class;

extern const storm_class storm_classes[];
extern const int storm_class_count;

/** 0 … n-1, from the storm's seed. */
int storm_random(storm *s, int n);

/** Sleeps between 0 and `most` ms, by the storm's seed. */
void storm_rest(storm *s, int most);

#endif
