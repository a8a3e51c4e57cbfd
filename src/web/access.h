/* Who may see which repository: Apache says it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_ACCESS_H
#define DOCGEN_WEB_ACCESS_H

#include "web/context.h"

/** May the caller GET projects/ID? Asked of Apache by a sub-request (its Require and other access rules),
 * once for each repository and request. A valid id only. */
int docgen_access_may(docgen_context *context, const char *id);

/** Does a repository exist for this caller: allowed, and named by the configuration or registered in the
 * database? @param title its title for people, never NULL when known; may be NULL
 * @return APR_SUCCESS with `*known` set, or the store's error */
apr_status_t docgen_access_find(docgen_context *context, const char *id, int *known,
                                const char **title);

/** The states of all repositories that exist for this caller, by id; those without a row read idle.
 * @param states array of docgen_state *, titles filled in */
apr_status_t docgen_access_list(docgen_context *context, apr_array_header_t **states);

/** The ids of all repositories that exist for this caller and have published documentation.
 * @param ids array of const char *, sorted */
apr_status_t docgen_access_published(docgen_context *context, apr_array_header_t **ids);

/** The state of a repository; NULL when it does not exist for this caller. */
apr_status_t docgen_access_state(docgen_context *context, const char *id, docgen_state **state);

/** May the caller POST api/generate-docs? Asked of Apache by running its access and authorization hooks for a POST, since
 * a sub-request in the same Location counts as allowed when it is only looked up. Once for each request. */
int docgen_access_may_post(docgen_context *context);

/** Is the context's store usable? @return APR_SUCCESS or DOCGEN_STORE_ECONFIG */
apr_status_t docgen_access_store(const docgen_context *context);

#endif
