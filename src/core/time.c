/* SPDX-License-Identifier: Apache-2.0 */
#include "core/time.h"

#include <apr_strings.h>

const char *docgen_time_format(apr_pool_t *pool, apr_time_t when)
{
    apr_time_exp_t t;

    if (!when || apr_time_exp_gmt(&t, when) != APR_SUCCESS) {
        return NULL;
    }
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900, t.tm_mon + 1,
                        t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, t.tm_usec / 1000);
}

const char *docgen_duration_format(apr_pool_t *pool, apr_interval_time_t duration)
{
    apr_int64_t seconds = duration < 0 ? 0 : apr_time_sec(duration);

    if (seconds < 60) {
        return apr_psprintf(pool, "%" APR_INT64_T_FMT " s", seconds);
    }
    if (seconds < 3600) {
        return apr_psprintf(pool, "%" APR_INT64_T_FMT " min %" APR_INT64_T_FMT " s", seconds / 60,
                            seconds % 60);
    }
    return apr_psprintf(pool, "%" APR_INT64_T_FMT " h %" APR_INT64_T_FMT " min", seconds / 3600,
                        seconds % 3600 / 60);
}

const char *docgen_time_ago(apr_pool_t *pool, apr_interval_time_t age)
{
    static const struct {
        apr_int64_t seconds;
        const char *unit;
    } units[] = {
        {31557600, "year"}, {2629800, "month"}, {86400, "day"}, {3600, "hour"}, {60, "minute"}};
    apr_int64_t seconds = age < 0 ? 0 : apr_time_sec(age);

    for (int i = 0; i < 5; i++) {
        apr_int64_t n = seconds / units[i].seconds;

        if (n) {
            return apr_psprintf(pool, "%" APR_INT64_T_FMT " %s%s ago", n, units[i].unit,
                                n == 1 ? "" : "s");
        }
    }
    return "just now";
}
