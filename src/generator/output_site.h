/* What a static site is dressed in.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_GENERATOR_OUTPUT_SITE_H
#define DOCGEN_GENERATOR_OUTPUT_SITE_H

/** The style sheet of a static site: light and dark, narrow and wide, print. Constant. */
extern const char docgen_site_style[];

#endif
