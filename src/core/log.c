/* SPDX-License-Identifier: Apache-2.0 */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

/* Set once at start-up: the one bridge between code without httpd headers and httpd's log. */
static docgen_log_sink *log_sink;
static void *log_baton;

void docgen_log_set(docgen_log_sink *sink, void *baton)
{
    log_sink = sink;
    log_baton = baton;
}

void docgen_log(docgen_log_level level, apr_status_t rv, const char *format, ...)
{
    char line[2048];
    va_list args;

    if (!log_sink) {
        return;
    }
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    log_sink(log_baton, level, rv, line);
}
