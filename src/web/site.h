/* From which site a request comes, and by which name it reached this server: a page of another site must not change
 * anything here with the rights of its reader, nor read anything through a name that was rebound to this address.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_WEB_SITE_H
#define DOCGEN_WEB_SITE_H

#include "web/context.h"

/** Refuses a request of another site, or one by a name that is not this server's. For every route and method.
 * @param changes does it change state? Then both checks apply; else only DocGenCheckHost's
 * @param refused set to whether the problem was sent; then the handler returns what this returns */
int docgen_site_check(docgen_context *context, int changes, int *refused);

#endif
