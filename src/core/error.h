/* Stable codes and titles of the errors that people meet.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_CORE_ERROR_H
#define DOCGEN_CORE_ERROR_H

typedef enum {
#define DOCGEN_ERROR(code, name, http, title) DOCGEN_E_##name,
#include "core/error.def"
#undef DOCGEN_ERROR
    DOCGEN_ERROR_COUNT
} docgen_error;

/** "DG0001" */
const char *docgen_error_code(docgen_error error);
/** A short title without a full stop. */
const char *docgen_error_title(docgen_error error);
/** The HTTP status it is answered with; 0 for errors of jobs. */
int docgen_error_http(docgen_error error);

#endif
