/* Values on their way into a statement and out of a result. Results are copied: nothing points into a PGresult.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_ROW_H
#define DOCGEN_STORE_ROW_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <libpq-fe.h>

/** A copy of a text from `pool`; NULL for null. */
const char *docgen_row_text(apr_pool_t *pool, const PGresult *result, int row, int column);

/** A whole number; 0 for null. */
apr_int64_t docgen_row_number(const PGresult *result, int row, int column);

/** A time from milliseconds since the epoch; 0 for null. */
apr_time_t docgen_row_time(const PGresult *result, int row, int column);

/** A boolean; 0 for null. */
int docgen_row_bool(const PGresult *result, int row, int column);

/** The texts of an array value without nulls, such as {a,"b c"}: array of const char *, all from `pool`. */
apr_array_header_t *docgen_row_texts(apr_pool_t *pool, const PGresult *result, int row, int column);

/** A number as a parameter. */
const char *docgen_parameter_number(apr_pool_t *pool, apr_int64_t number);

/** A duration as an interval parameter. */
const char *docgen_parameter_interval(apr_pool_t *pool, apr_interval_time_t time);

/** Texts (array of const char *, NULL = none) as an array parameter. */
const char *docgen_parameter_texts(apr_pool_t *pool, const apr_array_header_t *texts);

#endif
