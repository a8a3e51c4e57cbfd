/* A request's side: mounts, routes and what they answer.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_WEB_H
#define DOCGEN_WEB_WEB_H

#include <apr_pools.h>

/** Registers translate_name, map_to_storage, type_checker, handler and the status hook. */
void docgen_web_register_hooks(apr_pool_t *pool);

#endif
