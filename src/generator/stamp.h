/* Which build of the generator, and which ctags, this is: what they made is only good for the same two.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_STAMP_H
#define DOCGEN_GENERATOR_STAMP_H

#include <apr_pools.h>

/** One line that differs between two builds and between two ctags, the same inside and outside of the sandbox. From
 * `pool`; NULL when this program cannot be found. */
const char *docgen_stamp(apr_pool_t *pool);

#endif
