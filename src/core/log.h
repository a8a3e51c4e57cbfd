/* The log as core and store see it; the module and the generator say where it goes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_LOG_H
#define DOCGEN_CORE_LOG_H

#include <apr_errno.h>

typedef enum {
    DOCGEN_LOG_ERROR,
    DOCGEN_LOG_WARNING,
    DOCGEN_LOG_INFO,
    DOCGEN_LOG_DEBUG
} docgen_log_level;

/** Receives one finished line (no newline at its end). Called from any thread. */
typedef void docgen_log_sink(void *baton, docgen_log_level level, apr_status_t rv,
                             const char *line);

/** Says where lines go; NULL discards them. Call before threads exist. */
void docgen_log_set(docgen_log_sink *sink, void *baton);

/** Logs one line; `rv` other than APR_SUCCESS is shown by its text. Any thread. */
void docgen_log(docgen_log_level level, apr_status_t rv, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
