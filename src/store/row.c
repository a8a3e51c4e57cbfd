/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row.h"

#include <stdlib.h>
#include <string.h>
#include <apr_strings.h>

const char *docgen_row_text(apr_pool_t *pool, const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column)) {
        return NULL;
    }
    return apr_pstrmemdup(pool, PQgetvalue(result, row, column), PQgetlength(result, row, column));
}

apr_int64_t docgen_row_number(const PGresult *result, int row, int column)
{
    return apr_atoi64(PQgetvalue(result, row, column));
}

apr_time_t docgen_row_time(const PGresult *result, int row, int column)
{
    return docgen_row_number(result, row, column) * 1000;
}

int docgen_row_bool(const PGresult *result, int row, int column)
{
    return *PQgetvalue(result, row, column) == 't';
}

apr_array_header_t *docgen_row_texts(apr_pool_t *pool, const PGresult *result, int row, int column)
{
    apr_array_header_t *texts = apr_array_make(pool, 4, sizeof(const char *));
    const char *p = PQgetvalue(result, row, column);

    if (*p != '{') {
        return texts;
    }
    for (p++; *p && *p != '}'; p += *p == ',') {
        int quoted = *p == '"';
        char *text = apr_palloc(pool, strlen(p) + 1);
        char *end = text;

        APR_ARRAY_PUSH(texts, const char *) = text;
        p += quoted;
        while (*p && (quoted ? *p != '"' : !strchr(",}", *p))) {
            p += *p == '\\' && p[1];
            *end++ = *p++;
        }
        *end = '\0';
        p += quoted && *p == '"';
    }
    return texts;
}

const char *docgen_parameter_number(apr_pool_t *pool, apr_int64_t number)
{
    return apr_psprintf(pool, "%" APR_INT64_T_FMT, number);
}

const char *docgen_parameter_interval(apr_pool_t *pool, apr_interval_time_t time)
{
    return apr_psprintf(pool, "%" APR_TIME_T_FMT " microseconds", time);
}

const char *docgen_parameter_texts(apr_pool_t *pool, const apr_array_header_t *texts)
{
    apr_size_t length = 3;
    int count = texts ? texts->nelts : 0;
    char *list, *end;

    for (int i = 0; i < count; i++) {
        length += 2 * strlen(APR_ARRAY_IDX(texts, i, const char *)) + 3;
    }
    list = end = apr_palloc(pool, length);
    *end++ = '{';
    for (int i = 0; i < count; i++) {
        if (i) {
            *end++ = ',';
        }
        *end++ = '"';
        for (const char *p = APR_ARRAY_IDX(texts, i, const char *); *p; p++) {
            if (*p == '"' || *p == '\\') {
                *end++ = '\\';
            }
            *end++ = *p;
        }
        *end++ = '"';
    }
    *end++ = '}';
    *end = '\0';
    return list;
}
