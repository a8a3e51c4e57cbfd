/* Progress for a person at a terminal.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/output_kind.h"

#include <stdio.h>

static apr_status_t console_progress(docgen_output *output, int percent, const char *step)
{
    (void)output;
    fprintf(stderr, "%3d %%  %s\n", percent, step);
    return APR_SUCCESS;
}

static apr_status_t console_source(docgen_output *output, const char *commit, const char *branch,
                                   const char *committed_at)
{
    (void)output;
    fprintf(stderr, "       commit %.12s%s%s, %s\n", commit, branch ? " on " : "",
            branch ? branch : "", committed_at ? committed_at : "date unknown");
    return APR_SUCCESS;
}

static apr_status_t console_page(docgen_output *output, apr_pool_t *scratch,
                                 const docgen_page *page)
{
    (void)output;
    (void)scratch;
    (void)page;
    return APR_ENOTIMPL;
}

static apr_status_t console_asset(docgen_output *output, apr_pool_t *scratch, const char *path,
                                  const char *media_type, const char *data, apr_size_t length)
{
    (void)output;
    (void)scratch;
    (void)path;
    (void)media_type;
    (void)data;
    (void)length;
    return APR_ENOTIMPL;
}

static apr_status_t console_error(docgen_output *output, const char *message)
{
    (void)output;
    (void)message; /* the log has said it on the same terminal */
    return APR_SUCCESS;
}

static apr_status_t console_finish(docgen_output *output)
{
    (void)output;
    return APR_SUCCESS;
}

docgen_output *docgen_output_console(apr_pool_t *pool)
{
    static const docgen_output_kind kind = {.progress = console_progress,
                                            .source = console_source,
                                            .page = console_page,
                                            .asset = console_asset,
                                            .error = console_error,
                                            .finish = console_finish};

    return docgen_output_create(pool, &kind, NULL);
}
