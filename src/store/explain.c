/* SPDX-License-Identifier: Apache-2.0 */
#include "store/explain.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <libpq-fe.h>
#include <apr_strings.h>

#include "store/reason.h"

/* @return 0 when the time is over */
static int await_socket(PGconn *pg, PostgresPollingStatusType wanted, apr_time_t until)
{
    struct pollfd look = {.fd = PQsocket(pg),
                          .events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    int ready;

    do {
        apr_time_t left = until - apr_time_now();

        ready = left > 0 ? poll(&look, 1, (int)apr_time_as_msec(left) + 1) : 0;
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* Five digits or capitals, a digit among them: "FATAL" is none. */
static int is_state(const char *text)
{
    int digits = 0;

    for (int i = 0; i < 5; i++) {
        if (!isdigit((unsigned char)text[i]) && !isupper((unsigned char)text[i])) {
            return 0;
        }
        digits += isdigit((unsigned char)text[i]) != 0;
    }
    return digits > 0;
}

/* The SQLSTATE in "…: FATAL:  53300: sorry, too many clients already", which libpq tells in its verbose words only. */
static void find_state(const char *message, char *state)
{
    for (const char *p = strchr(message, ':'); p; p = strchr(p + 1, ':')) {
        if (p - message >= 6 && p[-6] == ' ' && is_state(p - 5)) {
            memcpy(state, p - 5, 5);
            return;
        }
    }
}

apr_status_t docgen_explain(const char *params, apr_interval_time_t limit, char *text,
                            apr_size_t size)
{
    PGconn *pg = params ? PQconnectStart(params) : NULL;
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    apr_time_t until = apr_time_now() + limit;
    char state[6] = "";
    apr_status_t rv = DOCGEN_STORE_EDOWN;

    *text = '\0';
    if (!pg) {
        return rv;
    }
    PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);
    while (PQstatus(pg) != CONNECTION_BAD &&
           (wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING) &&
           await_socket(pg, wanted, until)) {
        wanted = PQconnectPoll(pg);
    }
    if (PQstatus(pg) == CONNECTION_BAD) {
        apr_cpystrn(text, PQerrorMessage(pg), size);
        text[strcspn(text, "\n")] = '\0';
        find_state(text, state);
    }
    if (PQstatus(pg) == CONNECTION_OK) {
        rv = APR_SUCCESS;
    } else if (*state) {
        rv = docgen_reason_of_state(state);
    }
    PQfinish(pg);
    return rv;
}
