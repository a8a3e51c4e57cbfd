/* Why no session could be opened. mod_dbd writes libpq's words into the log and tells its caller nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_EXPLAIN_H
#define DOCGEN_STORE_EXPLAIN_H

#include <apr_errno.h>
#include <apr_time.h>

/** Connects once more, to hear the reason. Any thread; takes at most `limit`.
 * @param params libpq's connection string
 * @param text libpq's words for it, which name the address and no password; "" = none
 * @return APR_SUCCESS when a session could be opened now; else DOCGEN_STORE_E…: of the server's SQLSTATE, or _EDOWN */
apr_status_t docgen_explain(const char *params, apr_interval_time_t limit, char *text,
                            apr_size_t size);

#endif
