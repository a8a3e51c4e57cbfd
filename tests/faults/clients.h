/* The clients of a storm: threads that ask and read all the time, hold every answer to what the API promises, and
 * keep comparing the published documentation of one control repository with what it was.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_FAULTS_CLIENTS_H
#define DOCGEN_TESTS_FAULTS_CLIENTS_H

#include <stdatomic.h>
#include <jansson.h>

#define CLIENTS_THREADS 6
#define CLIENTS_SERVERS 4
#define CLIENTS_CONTROL "control" /**< the repository whose documentation must stay as it is */

typedef struct clients {
    int ports[CLIENTS_SERVERS];
    atomic_int servers; /**< of which so many are asked */
    int repositories;   /**< named r0, r1, … */
    unsigned seed;
    atomic_int is_posting; /**< 0: they only read */
    atomic_int may_refuse; /**< 503 is an honest answer now */
    atomic_int may_drop;   /**< connections may break off now */
    atomic_int is_over;
    /* what happened */
    atomic_long accepted, locked, reads, refused, dropped, compared, broken;
    struct clients_threads *threads;
} clients;

/** Remembers what the first server publishes of the control repository and starts the threads. */
void clients_start(clients *c);

/** Ends and joins them. */
void clients_stop(clients *c);

/** How many answers broke a promise since the last call, and the first of them, one a line. */
long clients_complaints(clients *c, char *text, size_t size);

#endif
