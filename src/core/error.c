/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

static const struct {
    const char *code;
    int http;
    const char *title;
} errors[] = {
#define DOCGEN_ERROR(code, name, http, title) {code, http, title},
#include "core/error.def"
#undef DOCGEN_ERROR
};

const char *docgen_error_code(docgen_error error)
{
    return errors[error].code;
}

const char *docgen_error_title(docgen_error error)
{
    return errors[error].title;
}

int docgen_error_http(docgen_error error)
{
    return errors[error].http;
}
